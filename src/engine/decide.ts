import { type Action, type ActorKind, type AnyProcess, type BaseFacts, type Effect, type State, builtIn, fieldsOf, mainStep,
  nextSteps, own, personalFields, sourcesOf } from './define.ts'
import { type AnyField, cleanField, cleanForm, fail, listsFor } from './fields.ts'
import { cleanShown } from './script-cards.ts'
import { type FieldProblem, type Refusal, refuse } from './refusal.ts'
import type { Doer } from './roles.ts'

/** Who asks: what `by` is compared with. */
export type Asker = { id: string | null; kind: ActorKind; roles: readonly Doer[] }

/** A guard passed by somebody who may, with the reason that is kept in the event. */
export type Waiver = { guard: string; reason: string }

export type Decision =
  | { ok: true; to: string; effects: readonly Effect[]; input: Record<string, unknown>; waived: readonly Waiver[]
    /** Script cards that the page showed while the form was filled. */
    shown: readonly string[] }
  | { ok: false; refusal: Refusal }

/** What the engine needs to know of a record. `state` null: it does not exist yet. `values`: its fields, for `edit`. */
export type Situation = { state: string | null; facts: object; values?: Readonly<Record<string, unknown>> }

/** Does the guard of this name hold? */
export const guardHolds = (process: AnyProcess, guard: string, facts: object): boolean =>
  (process.guards[guard]!.test as (facts: object) => boolean)(facts)

/** What is due in a state, and who owes it, for a case of which these facts hold. */
export function dueStep(process: AnyProcess, state: State, facts: object): ReturnType<typeof mainStep> {
  const due = nextSteps(state).find(({ when }) => when === undefined || guardHolds(process, when, facts))
  return due ? { action: due.action, owed_by: due.owed_by ?? null } : mainStep(state)
}

/** An action by name, the built-in ones included. */
export function actionOf(process: AnyProcess, name: string): Action | undefined {
  const action = own(process.actions, name)
  if (action) return action.retired ? undefined : action
  const base = own(builtIn as Record<string, Action>, name)
  if (base && name === 'edit') return { ...base, by: editors(process) }
  // Personal data is erased wherever a record stands, also when it was called off.
  return base && name === 'erased' ? { ...base, from: Object.keys(process.states), needs: erasure(process) } : base
}

/** Which of the personal fields, and why: both stay in the event. */
const erasure = (process: AnyProcess): Readonly<Record<string, AnyField>> => ({
  erased_fields: { kind: 'choices', zh: '抹去的内容', required: true, options: Object.fromEntries(
    personalFields(process).map(([name, field]) => [name, field.zh])) },
  erased_because: { kind: 'text', zh: '原因', required: true, max: 500 },
})

/** Whoever may do anything in this process by hand may correct its fields where the state allows. */
function editors(process: AnyProcess): readonly Doer[] {
  const by = Object.values(process.actions).flatMap((action) => action.by)
  return [...new Set(by)].filter((doer) => doer !== 'system' && doer !== 'customer')
}

export type Offer = { action: string; refusal: Refusal | null; waivable: boolean; unmet: readonly string[] }

/** Everything but the form: is this button live for this person, now? `unmet` names the guards that do not hold. */
export function offer(process: AnyProcess, name: string, asker: Asker, situation: Situation): Offer {
  const no = (refusal: Refusal): Offer => ({ action: name, refusal, waivable: false, unmet: [] })
  const action = actionOf(process, name)
  if (!action) return no({ code: 'no_such_action', params: { action: name } })
  if (!action.by.some((doer) => asker.roles.includes(doer))) {
    return no({ code: 'wrong_role', params: { action: name } })
  }
  const state = situation.state
  const fits = action.from === null ? state === null : state !== null && sourcesOf(process, action).includes(state)
  if (!fits) return no({ code: 'wrong_state', params: { action: name, state } })
  if (name === 'edit' && !process.states[state!]!.edits?.length) {
    return no({ code: 'wrong_state', params: { action: name, state } })
  }
  const unmet = (action.when ?? []).filter((guard) => !guardHolds(process, guard, situation.facts))
  if (unmet.length === 0) return { action: name, refusal: null, waivable: false, unmet }
  const waivable = unmet.every((guard) =>
    process.guards[guard]!.or?.by.some((role) => asker.roles.includes(role)) ?? false)
  return { action: name, refusal: { code: 'guard', guard: unmet[0]! }, waivable, unmet }
}

/** Every action of the process with its answer, in the order of the file; `edit` last. */
export function offers(process: AnyProcess, asker: Asker, situation: Situation): Offer[] {
  return [...Object.keys(process.actions), 'edit']
    .filter((name) => actionOf(process, name) !== undefined)
    .map((name) => offer(process, name, asker, situation))
}

/**
 * Of the guards that a form names (required, asked if) and that depend on the record alone: do they hold? Those that read
 * what is typed are left out: they are told as data, or shown in words.
 */
export function formHolds(process: AnyProcess, name: string, situation: Situation): Record<string, boolean> {
  const needs = Object.values(actionOf(process, name)?.needs ?? {})
  const named = new Set(needs.flatMap(({ required, asked_if }) =>
    [required, asked_if].filter((one) => typeof one === 'string')))
  const answers: Record<string, boolean> = {}
  for (const guard of named) {
    let read = false
    const input = new Proxy({}, { get: () => { read = true }, has: () => { read = true; return false } })
    const answer = guardHolds(process, guard, { ...situation.facts, input })
    if (!read) answers[guard] = answer
  }
  return answers
}

function waive(process: AnyProcess, offered: Offer, asker: Asker, given: readonly Waiver[]): Refusal | null {
  const stray = given.find((waiver) => !offered.unmet.includes(waiver.guard))
  if (stray) return { code: 'waiver_not_allowed', guard: stray.guard, params: { why: 'not_in_the_way' } }
  for (const guard of offered.unmet) {
    const waiver = given.find((one) => one.guard === guard)
    if (!waiver) return { code: 'guard', guard }
    const may = process.guards[guard]!.or?.by.some((role) => asker.roles.includes(role)) ?? false
    if (!may) return { code: 'waiver_not_allowed', guard, params: { why: 'role' } }
  }
  return null
}

/** Waivers as they come from outside: a list of {guard, reason}; the reason is a text of 2 to 500 characters. */
function cleanWaivers(raw: unknown): { waivers: Waiver[] } | { problems: FieldProblem[] } {
  if (raw === undefined) return { waivers: [] }
  if (!Array.isArray(raw) || raw.length > 20) return { problems: [fail('waive', 'wrong_type')] }
  const waivers: Waiver[] = []
  for (const [index, item] of raw.entries()) {
    const one = (typeof item === 'object' && item !== null ? item : {}) as Record<string, unknown>
    const reason = cleanField(`waive.${index}.reason`, { kind: 'text', zh: '原因', min: 2, max: 500 }, one.reason ?? '')
    if ('problem' in reason) return { problems: [reason.problem] }
    if (reason.value === '') return { problems: [fail(`waive.${index}.reason`, 'required')] }
    if (typeof one.guard !== 'string') return { problems: [fail(`waive.${index}.guard`, 'wrong_type')] }
    waivers.push({ guard: one.guard, reason: reason.value as string })
  }
  return { waivers }
}

/**
 * May this happen, and what follows? Pure: same arguments, same answer.
 *
 * @param process the effective process of the company (its settings applied)
 * @param raw the form as it came, with the reserved `waive` and `shown`
 * @returns yes with the state reached, the effects and the parsed input; or the refusal. Order: 404, 403, 409, 422.
 */
export function decide(process: AnyProcess, name: string, asker: Asker, situation: Situation, raw: unknown): Decision {
  const action = actionOf(process, name)
  const offered = offer(process, name, asker, situation)
  if (!action || (offered.refusal && offered.refusal.code !== 'guard')) return { ok: false, refusal: offered.refusal! }
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    return refuse('bad_input', { fields: [fail('', 'wrong_type')] })
  }
  const { waive: rawWaivers, shown: rawShown, ...form } = raw as Record<string, unknown>
  const given = cleanWaivers(rawWaivers)
  if ('problems' in given) return refuse('bad_input', { fields: given.problems })
  const stopped = waive(process, offered, asker, given.waivers)
  if (stopped) return { ok: false, refusal: stopped }
  if (name === 'edit') return decideEdit(process, situation, form)
  const seen = cleanShown(action, rawShown)
  if ('problems' in seen) return refuse('bad_input', { fields: seen.problems })
  const needs = listsFor(formOf(name, action), situation.facts)
  const withInput = (input: object) => ({ ...situation.facts, input })
  const cleaned = cleanForm(needs, form, (guard, parsed) => guardHolds(process, guard, withInput(parsed)))
  if (!cleaned.ok) return refuse('bad_input', { fields: cleaned.problems })
  const facts = withInput(cleaned.input)
  return { ok: true, to: target(process, action, situation.state, facts), input: cleaned.input, waived: given.waivers,
    shown: seen.shown,
    effects: (action.then ?? []).filter((effect) => !effect.when || guardHolds(process, effect.when, facts)) }
}

/** The form of an action; strikes of a clock say which clock and which step. */
function formOf(name: string, action: Action): Readonly<Record<string, AnyField>> {
  if (name !== 'warn' && name !== 'overdue') return action.needs ?? {}
  return { clock: { kind: 'text', zh: '时限', required: true }, step: { kind: 'text', zh: '阶段', required: true },
    due_at: { kind: 'instant', zh: '到期时间' } }
}

function target(process: AnyProcess, action: Action, state: string | null, facts: object): string {
  if (action.to === undefined) return state!
  if (typeof action.to === 'string') return action.to
  return action.to.find((branch) => !branch.when || guardHolds(process, branch.when, facts))!.state
}

/**
 * `edit`: input {field: [old, new]}. The old value is compared for each field, so that two people who change different
 * fields never disturb each other, and two who change the same one are told.
 */
function decideEdit(process: AnyProcess, situation: Situation, form: Record<string, unknown>): Decision {
  const fields = fieldsOf(process)
  const editable = process.states[situation.state!]!.edits ?? []
  const problems: FieldProblem[] = []
  const conflicts: FieldProblem[] = []
  const input: Record<string, unknown> = {}
  for (const [name, change] of Object.entries(form)) {
    const field = editable.includes(name) ? own(fields, name) : undefined
    if (!field) problems.push(fail(name, 'unknown_field'))
    else if (!Array.isArray(change) || change.length !== 2) problems.push(fail(name, 'wrong_type'))
    else {
      const outcome = blank(change[1]) ? { value: null } : cleanField(name, field, change[1])
      if ('problem' in outcome) problems.push(outcome.problem)
      else if (outcome.value === null && field.required === true) problems.push(fail(name, 'required'))
      else if (!same(change[0], situation.values?.[name])) conflicts.push(fail(name, 'old_value_differs'))
      else if (!same(outcome.value, situation.values?.[name])) input[name] = [change[0] ?? null, outcome.value]
    }
  }
  if (problems.length > 0) return refuse('bad_input', { fields: problems })
  if (conflicts.length > 0) return refuse('edit_conflict', { fields: conflicts })
  if (Object.keys(input).length === 0) return refuse('no_change')
  return { ok: true, to: situation.state!, effects: [], input, waived: [], shown: [] }
}

const blank = (value: unknown): boolean => value === null || value === undefined || value === ''

/** Two JSON values are the same, whatever the order of their keys; nothing, null and '' are one. */
export function same(a: unknown, b: unknown): boolean {
  if (blank(a) || blank(b)) return blank(a) && blank(b)
  if (typeof a !== 'object' || typeof b !== 'object') return a === b
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const keys = Object.keys(a as object)
  return keys.length === Object.keys(b as object).length
    && keys.every((key) => same((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]))
}

export type { BaseFacts }
