import { inputsOf } from './ask.ts'
import { type Action, type AnyProcess, type BaseFacts, type Guard, type Owed, builtIn, fieldsOf, nextSteps, own, reservedFields,
  sourcesOf } from './define.ts'
import { exploreReferences } from './explore-references.ts'
import type { AnyField } from './fields.ts'
import { elementsOf } from './elements.ts'
import { type Doer, roles } from './roles.ts'

/** Something that cannot be right in a process. `path` as in labels: 'state.open', 'action.take.needs.title'. */
export type Finding = { process: string; path: string; code: string; detail: string }

/** What a process leans on outside of itself. */
export type Surroundings = {
  processes: Readonly<Record<string, AnyProcess>>
  /** Of the process's own noun: its columns, the names of its writes, the columns that a write sets. */
  nouns: Readonly<Record<string, { columns: readonly string[]; writes: readonly string[]; sets: readonly string[] }>>
  /** Columns of the head row that take a field of the same name. */
  headFields: readonly string[]
  /** Names of the figures that at least one profile sets. */
  limits: ReadonlySet<string>
  calendars: ReadonlySet<string>
}

export type Say = (path: string, code: string, detail?: string) => void

const rulesMost = 4
const namePattern = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/

/**
 * Everything that can be known to be wrong in a process without running it. Pure; [] means sound.
 * Source: docs/decisions on checks; each code has a bad example in test/explore.test.ts.
 */
export function explore(process: AnyProcess, around: Surroundings): Finding[] {
  const findings: Finding[] = []
  const say: Say = (path, code, detail = '') => findings.push({ process: process.name, path, code, detail })
  exploreNames(process, say)
  exploreReferences(process, around, say)
  // What names things that are not there cannot be walked through.
  if (findings.some(({ code }) => code === 'no_such_state' || code === 'no_such_guard')) return findings
  exploreStates(process, say)
  for (const [name, action] of Object.entries(process.actions)) exploreAction(process, name, action, say)
  exploreGuards(process, say)
  exploreFields(process, say)
  return findings
}

const targetsOf = (action: Action): readonly string[] =>
  action.to === undefined ? [] : typeof action.to === 'string' ? [action.to] : action.to.map(({ state }) => state)

const isEnd = (kind: string) => kind === 'done' || kind === 'void'

/** Actions that are still there, with the states that they lead from and to. */
function steps(process: AnyProcess): { from: readonly string[]; to: readonly string[]; creates: boolean }[] {
  return Object.values(process.actions).filter((action) => !action.retired).map((action) =>
    ({ from: sourcesOf(process, action), to: targetsOf(action), creates: action.from === null }))
}

/** States that some chain of actions, begun by a creation, leads to. */
export function reachableStates(process: AnyProcess): Set<string> {
  const all = steps(process)
  const reached = new Set(all.filter(({ creates }) => creates).flatMap(({ to }) => to))
  for (let before = -1; before < reached.size;) {
    before = reached.size
    for (const { from, to } of all) if (from.some((state) => reached.has(state))) for (const one of to) reached.add(one)
  }
  return reached
}

/** States from which some chain of actions leads to an end. */
function endingStates(process: AnyProcess): Set<string> {
  const all = steps(process)
  const ending = new Set(Object.entries(process.states).filter(([, { kind }]) => isEnd(kind)).map(([name]) => name))
  for (let before = -1; before < ending.size;) {
    before = ending.size
    for (const { from, to } of all) if (to.some((one) => ending.has(one))) for (const one of from) ending.add(one)
  }
  return ending
}

function exploreStates(process: AnyProcess, say: Say): void {
  const reached = reachableStates(process)
  const ending = endingStates(process)
  const creations = Object.values(process.actions).filter((action) => action.from === null && !action.retired)
  if (creations.length === 0) say('', 'no_creation')
  for (const [name, state] of Object.entries(process.states)) {
    const path = `state.${name}`
    if (state.retired) {
      if (reached.has(name)) say(path, 'retired_reached')
      continue
    }
    if (!reached.has(name)) say(path, 'unreachable')
    else if (!ending.has(name)) say(path, 'no_way_out')
    if (isEnd(state.kind) && (state.next !== undefined || state.owed_by !== undefined)) say(path, 'end_with_next')
    if (state.kind === 'void' && (state.edits?.length ?? 0) > 0) say(path, 'void_edited')
    for (const step of nextSteps(state)) exploreNext(process, name, step, say)
    if (Array.isArray(state.next)) {
      exploreBranches(state.next, `${path}.next`, say)
      if (state.owed_by !== undefined) say(`${path}.owed_by`, 'owed_twice', state.owed_by)
    }
    if (state.next === undefined && state.owed_by !== undefined && !isTold(process, name)) say(path, 'owed_nothing')
  }
}

/** Another record's work is due here (a quotation, a review): it tells this one how it went. */
function isTold(process: AnyProcess, state: string): boolean {
  return Object.values(process.actions).some((action) => action.by.every((doer) => doer === 'system')
    && action.to !== undefined && sourcesOf(process, action).includes(state))
}

/** The step that is due can be taken, by whoever owes it. */
function exploreNext(process: AnyProcess, name: string, { action: next, owed_by: owed }: { action: string; owed_by?: Owed },
  say: Say): void {
  const path = `state.${name}.next`
  const action = process.actions[next]
  if (!action || action.retired) return say(path, 'next_missing', next)
  if (!sourcesOf(process, action).includes(name)) return say(path, 'next_not_from_here', next)
  if (owed === undefined) return say(path, 'owed_by_nobody', next)
  const byStaff = action.by.some((doer) => doer !== 'system' && doer !== 'customer')
  // What a customer owes (to come, to answer) is written down by whoever hears of it.
  const able = owed === 'customer' ? byStaff || action.by.includes('customer')
    : Object.hasOwn(roles, owed) ? action.by.includes(owed as Doer) : byStaff
  if (!able) say(path, 'next_not_by_whoever_owes', `${next}, ${owed}`)
}

function exploreAction(process: AnyProcess, name: string, action: Action, say: Say): void {
  const path = `action.${name}`
  if (Object.hasOwn(builtIn, name)) say(path, 'built_in_name')
  if (action.retired) return
  if (action.by.length === 0) say(path, 'by_nobody')
  if (new Set(action.by).size < action.by.length) say(path, 'doer_twice')
  if (action.from === null && action.to === undefined) say(path, 'creates_no_state')
  if (action.from !== null) {
    const reached = reachableStates(process)
    const sources = sourcesOf(process, action)
    if (!sources.some((state) => reached.has(state))) say(path, 'never_possible')
    for (const state of Array.isArray(action.from) ? action.from : []) {
      if (process.states[state]?.kind === 'void') say(path, 'from_void', state)
    }
  }
  if (Array.isArray(action.to)) exploreBranches(action.to, `${path}.to`, say)
  if (new Set(action.when ?? []).size < (action.when?.length ?? 0)) say(path, 'guard_twice')
}

function exploreBranches(branches: readonly { when?: string }[], path: string, say: Say): void {
  if (branches.length < 2) say(path, 'branch_alone')
  for (const [index, branch] of branches.entries()) {
    const last = index === branches.length - 1
    if (last && branch.when !== undefined) say(`${path}.${index}`, 'last_branch_conditional', branch.when)
    if (!last && branch.when === undefined) say(`${path}.${index}`, 'branch_shadows_rest')
  }
}

/** Where guards are named: `blocking` ones stop an action and may be waived, the others only choose. */
function guardUses(process: AnyProcess): { blocking: Set<string>; factsOnly: Set<string>; all: Set<string> } {
  const actions = Object.values(process.actions)
  const clocks = Object.values(process.clocks).flatMap(({ when }) => (when ? [when] : []))
  const cards = actions.flatMap((action) => Object.values(action.cards ?? {}).flatMap(({ when }) => (when ? [when] : [])))
  const begins = actions.flatMap((action) => Object.values(action.needs ?? {}).flatMap(({ usual }) =>
    (usual && 'value' in usual && usual.when !== undefined ? [usual.when] : [])))
  const blocking = actions.flatMap((action) => action.when ?? [])
  const due = Object.values(process.states).flatMap((state) => nextSteps(state).flatMap(({ when }) => when ?? []))
  const choosing = actions.flatMap((action) => [
    ...(Array.isArray(action.to) ? action.to.flatMap((branch: { when?: string }) => branch.when ?? []) : []),
    ...(action.then ?? []).flatMap((effect) => effect.when ?? []),
    ...Object.values(action.needs ?? {}).flatMap(({ required, asked_if }) => [required, asked_if])
      .filter((one) => typeof one === 'string'),
  ])
  return { blocking: new Set(blocking), factsOnly: new Set([...blocking, ...due, ...clocks, ...cards, ...begins]),
    all: new Set([...blocking, ...due, ...clocks, ...cards, ...begins, ...choosing]) }
}

function exploreGuards(process: AnyProcess, say: Say): void {
  const uses = guardUses(process)
  for (const [name, guard] of Object.entries(process.guards as Readonly<Record<string, Guard<BaseFacts>>>)) {
    const path = `guard.${name}`
    if (!uses.all.has(name)) say(path, 'guard_unused')
    if (uses.factsOnly.has(name) && readsInput(guard)) say(path, 'guard_reads_input')
    for (const input of guard.asks ? inputsOf(guard.asks) : []) {
      if (!own(fieldsOf(process), input)) say(path, 'asks_no_such_field', input)
    }
    if (!guard.or) continue
    if (guard.or.by.length === 0) say(path, 'waived_by_nobody')
    if (!uses.blocking.has(name)) say(path, 'waiver_of_a_choice')
    for (const [action, { when, by, retired }] of Object.entries(process.actions)) {
      if (retired || !when?.includes(name)) continue
      if (!guard.or.by.some((role) => by.includes(role))) say(path, 'waiver_without_action', action)
    }
  }
}

class InputRead extends Error {}

/** Does a guard ask for what is typed? Offers are computed before anything is. Asked of its text and by running it. */
function readsInput(guard: Guard<BaseFacts>): boolean {
  if (/\binput\b/.test(guard.test.toString())) return true
  return [0, 1].some((answer) => {
    try {
      guard.test(anyFacts(answer))
      return false
    } catch (error) {
      return error instanceof InputRead
    }
  })
}

/** Facts that answer whatever is asked, with 0 or 1 in the end, but for `input`, which throws. */
function anyFacts(answer: number): BaseFacts {
  const anything: unknown = new Proxy(() => answer, {
    get: (_target, key) => {
      if (key === Symbol.toPrimitive) return () => answer
      if (key === Symbol.iterator) return [][Symbol.iterator]
      return anything
    },
    apply: () => answer,
  })
  return new Proxy({}, { get: (_target, key) => {
    if (key === 'input') throw new InputRead()
    return anything
  } }) as BaseFacts
}

/** What must be equal wherever a name is used again: a record has one value of it, one door for it. */
function shapeOf(field: AnyField): string {
  const inner = field.kind === 'record' ? field.process
    : field.kind === 'choice' || field.kind === 'choices' ? Object.keys(field.options).join()
      : field.kind === 'checklist' ? field.items.map(({ id }) => id).join()
        : field.kind === 'lines' ? Object.entries(field.columns).map(([name, { kind }]) => `${name} ${kind}`).join()
          : ''
  return [field.kind, inner, field.personal ? 'personal' : '', [...field.seen_by ?? []].sort().join()].join('|')
}

function exploreFields(process: AnyProcess, say: Say): void {
  const shapes = new Map<string, { shape: string; action: string }>()
  for (const [action, { needs = {} }] of Object.entries(process.actions)) {
    for (const [name, field] of Object.entries(needs)) {
      const path = `action.${action}.needs.${name}`
      if ((reservedFields as readonly string[]).includes(name)) say(path, 'reserved_name')
      if (name.startsWith('x_')) say(path, 'company_name')
      const shape = shapeOf(field)
      const known = shapes.get(name)
      if (known && known.shape !== shape) say(path, 'field_differs', `from ${known.action}`)
      if (!known) shapes.set(name, { shape, action })
      if (field.kind === 'lines') exploreColumns(field.columns, path, say)
      if (field.kind === 'checklist') exploreItems(field.items.map(({ id }) => id), path, say)
      if ((field.kind === 'choice' || field.kind === 'choices') && Object.keys(field.options).length < 2) {
        say(path, 'no_choice')
      }
    }
  }
}

/** Nobody asks a guard about one row. */
function exploreColumns(columns: Readonly<Record<string, AnyField>>, path: string, say: Say): void {
  if (Object.keys(columns).length === 0) say(path, 'no_columns')
  for (const [name, column] of Object.entries(columns)) {
    if (!namePattern.test(name)) say(`${path}.columns.${name}`, 'bad_name')
    if (typeof column.required === 'string') say(`${path}.columns.${name}`, 'column_required_if', column.required)
  }
}

function exploreItems(ids: readonly string[], path: string, say: Say): void {
  if (ids.length === 0) say(path, 'empty_checklist')
  if (new Set(ids).size < ids.length) say(path, 'item_twice')
  for (const id of ids) if (!namePattern.test(id)) say(`${path}.items.${id}`, 'bad_name')
}

/** Names in English snake_case, words in Chinese, and not more than four rules on one thing. */
function exploreNames(process: AnyProcess, say: Say): void {
  const named: Readonly<Record<string, Readonly<Record<string, { zh: string }>>>> = { state: process.states,
    guard: process.guards, action: process.actions, clock: process.clocks, document: process.documents,
    field: fieldsOf(process) }
  if (!namePattern.test(process.name)) say('', 'bad_name')
  for (const [kind, things] of Object.entries(named)) {
    for (const [name, thing] of Object.entries(things)) {
      if (!namePattern.test(name)) say(`${kind}.${name}`, 'bad_name')
      if (!/\p{Script=Han}/u.test(thing.zh)) say(`${kind}.${name}`, 'no_chinese')
    }
  }
  for (const element of elementsOf(process)) {
    if (element.rules.length > rulesMost) say(element.path, 'too_many_rules', String(element.rules.length))
    if (new Set(element.rules).size < element.rules.length) say(element.path, 'rule_twice')
  }
}
