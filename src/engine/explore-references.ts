import { type Action, type AnyProcess, type Clock, type Effect, type Fill, fieldsOf, nextSteps, own, sourcesOf } from './define.ts'
import type { Say, Surroundings } from './explore.ts'

/** Whatever a process names exists: inside itself, in other processes, in its noun, in the profiles. */
export function exploreReferences(process: AnyProcess, around: Surroundings, say: Say): void {
  const check = inside(process, say)
  for (const [name, state] of Object.entries(process.states)) {
    for (const field of state.edits ?? []) check.field(`state.${name}.edits`, field)
    exploreEdits(process, around, name, state.edits ?? [], say)
    for (const { when } of nextSteps(state)) if (when !== undefined) check.guard(`state.${name}.next`, when)
  }
  for (const [name, action] of Object.entries(process.actions)) exploreActionNames(process, around, name, action, say)
  for (const [name, clock] of Object.entries(process.clocks)) exploreClock(process, around, name, clock, say)
  for (const other of process.begins ?? []) {
    const creates = Object.values(own(around.processes, other)?.actions ?? {}).some(({ from }) => from === null)
    if (!creates) say('begins', 'begins_nothing', other)
  }
  exploreNoun(process, around, say)
}

/** Checks of names inside one process. */
function inside(process: AnyProcess, say: Say) {
  const fields = fieldsOf(process)
  const missing = (code: string, things: Readonly<Record<string, unknown>>) => (path: string, name: string) => {
    if (own(things, name) === undefined) say(path, code, name)
  }
  return { state: missing('no_such_state', process.states), guard: missing('no_such_guard', process.guards),
    action: missing('no_such_action', process.actions), document: missing('no_such_document', process.documents),
    field: missing('no_such_field', fields) }
}

/** A field that can be edited has a place where its value is kept. */
function exploreEdits(process: AnyProcess, around: Surroundings, state: string, edits: readonly string[], say: Say):
  void {
  const kept = keptFields(process, around)
  for (const field of edits) if (!kept.has(field)) say(`state.${state}.edits`, 'edited_but_not_kept', field)
}

const keptFields = (process: AnyProcess, around: Surroundings): Set<string> =>
  new Set([...around.headFields, ...own(around.nouns, process.name)?.columns ?? []])

function exploreActionNames(process: AnyProcess, around: Surroundings, name: string, action: Action, say: Say): void {
  const path = `action.${name}`
  const check = inside(process, say)
  const sources = action.from === null || action.from === 'any' ? []
    : typeof action.from === 'string' ? [action.from] : action.from
  for (const state of sources) check.state(`${path}.from`, state)
  if (Array.isArray(action.from) && action.from.length === 0) say(`${path}.from`, 'from_nowhere')
  for (const branch of typeof action.to === 'string' ? [{ state: action.to }] : action.to ?? []) {
    check.state(`${path}.to`, branch.state)
    if ('when' in branch && branch.when !== undefined) check.guard(`${path}.to`, branch.when)
  }
  for (const guard of action.when ?? []) check.guard(`${path}.when`, guard)
  for (const [card, { at, when }] of Object.entries(action.cards ?? {})) {
    if (when !== undefined) check.guard(`${path}.cards.${card}`, when)
    if (at !== undefined && !own(action.needs ?? {}, at)) say(`${path}.cards.${card}`, 'no_such_field', at)
  }
  for (const [field, { required, asked_if, asked, usual, kind, ...rest }] of Object.entries(action.needs ?? {})) {
    if (typeof required === 'string') check.guard(`${path}.needs.${field}.required`, required)
    if (asked_if !== undefined) check.guard(`${path}.needs.${field}.asked_if`, asked_if)
    if (asked_if !== undefined && required === true) say(`${path}.needs.${field}`, 'required_yet_not_always_asked')
    if (asked !== undefined && (asked_if !== undefined || typeof required !== 'string')) {
      say(`${path}.needs.${field}`, 'asked_always_says_nothing')
    }
    if (usual && 'value' in usual && usual.when !== undefined) check.guard(`${path}.needs.${field}.usual`, usual.when)
    if (usual && 'days' in usual) {
      if (!around.limits.has(usual.days)) say(`${path}.needs.${field}.usual`, 'no_such_limit', usual.days)
      if (!around.calendars.has(usual.calendar)) say(`${path}.needs.${field}.usual`, 'no_such_calendar', usual.calendar)
    }
    if (kind === 'record' && 'process' in rest && !own(around.processes, rest.process)) {
      say(`${path}.needs.${field}`, 'no_such_process', rest.process)
    }
  }
  for (const [index, effect] of (action.then ?? []).entries()) {
    exploreEffect(process, around, action, effect, `${path}.then.${index}`, say)
  }
}

function exploreEffect(process: AnyProcess, around: Surroundings, action: Action, effect: Effect, path: string,
  say: Say): void {
  const check = inside(process, say)
  if (effect.when !== undefined) check.guard(path, effect.when)
  if ('print' in effect) return check.document(path, effect.print)
  if ('tell' in effect) return exploreTell(process, around, effect, path, say)
  if ('open' in effect) exploreOpen(process, around, action, effect, path, say)
}

/** An action that another record or the machine is to take: it exists, and the machine may. */
function exploreTell(process: AnyProcess, around: Surroundings, effect: Extract<Effect, { tell: string }>, path: string,
  say: Say): void {
  const heard = effect.tell === 'self' ? [process] : effect.tell === 'named'
    ? namedProcess(process, around, effect.field, path, say) : Object.values(around.processes)
  const actions = heard.flatMap((one) => own(one.actions, effect.action) ?? []).filter((one) => !one.retired)
  if (actions.length === 0) return say(path, 'told_action_missing', effect.action)
  if (!actions.some((one) => one.by.includes('system'))) say(path, 'told_action_not_by_system', effect.action)
}

/** The process of the record that a field names; the field is kept, so that it is known later. */
function namedProcess(process: AnyProcess, around: Surroundings, name: string, path: string, say: Say): AnyProcess[] {
  const field = own(fieldsOf(process), name)
  if (field?.kind !== 'record' || !keptFields(process, around).has(name)) say(path, 'no_such_field', name)
  return field?.kind === 'record' ? [own(around.processes, field.process) ?? []].flat() : []
}

function exploreOpen(process: AnyProcess, around: Surroundings, action: Action,
  effect: Extract<Effect, { open: string }>, path: string, say: Say): void {
  const target = own(around.processes, effect.open)
  if (!target) return say(path, 'no_such_process', effect.open)
  const creations = Object.values(target.actions).filter((one) =>
    one.from === null && !one.retired && one.by.includes('system'))
  if (creations.length === 0) return say(path, 'opened_not_by_system', effect.open)
  if (creations.length > 1) return say(path, 'opened_in_two_ways', effect.open)
  const needs = creations[0]!.needs ?? {}
  for (const [field, fill] of Object.entries(effect.fill)) {
    if (!own(needs, field)) say(`${path}.fill.${field}`, 'no_such_field', effect.open)
    exploreFill(process, around, action, fill, `${path}.fill.${field}`, say)
  }
  for (const [field, { required, retired }] of Object.entries(needs)) {
    if (required === true && !retired && !own(effect.fill, field)) say(`${path}.fill`, 'required_not_filled', field)
  }
}

function exploreFill(process: AnyProcess, around: Surroundings, action: Action, fill: Fill, path: string, say: Say):
  void {
  if ('input' in fill && !own(action.needs ?? {}, fill.input)) say(path, 'no_such_field', fill.input)
  const known = [...keptFields(process, around), 'id', 'number']
  if ('record' in fill && !known.includes(fill.record)) say(path, 'no_such_field', fill.record)
}

function exploreClock(process: AnyProcess, around: Surroundings, name: string, clock: Clock, say: Say): void {
  const path = `clock.${name}`
  const check = inside(process, say)
  if (clock.runs_in.length === 0) say(path, 'runs_nowhere')
  for (const state of clock.runs_in) {
    check.state(`${path}.runs_in`, state)
    const known = own(process.states, state)
    if (known && (known.kind === 'done' || known.kind === 'void')) say(`${path}.runs_in`, 'runs_after_end', state)
    if (known?.retired) say(`${path}.runs_in`, 'runs_in_retired', state)
  }
  for (const action of clock.stops_on ?? []) check.action(`${path}.stops_on`, action)
  if (clock.when !== undefined) check.guard(`${path}.when`, clock.when)
  if (!around.calendars.has(clock.calendar)) say(path, 'no_such_calendar', clock.calendar)
  exploreDue(process, around, clock, path, say)
  const keys = (clock.warn ?? []).map((step) => step.key)
  if (new Set(keys).size < keys.length || keys.includes('due')) say(`${path}.warn`, 'step_twice', keys.join())
  for (const step of clock.warn ?? []) {
    if ('share' in step && !(step.share > 0 && step.share < 1)) say(`${path}.warn`, 'share_out_of_range', step.key)
    if ('before_minutes' in step && !around.limits.has(step.before_minutes)) {
      say(`${path}.warn`, 'no_such_limit', step.before_minutes)
    }
  }
  if (clock.then !== undefined) exploreStrike(process, clock, clock.then, path, say)
}

function exploreDue(process: AnyProcess, around: Surroundings, { due }: Clock, path: string, say: Say): void {
  if ('minutes' in due && !around.limits.has(due.minutes)) say(`${path}.due`, 'no_such_limit', due.minutes)
  if ('working_days' in due && !around.limits.has(due.working_days)) {
    say(`${path}.due`, 'no_such_limit', due.working_days)
  }
  if ('end_of_day' in due && !(Number.isSafeInteger(due.end_of_day) && due.end_of_day >= 0)) {
    say(`${path}.due`, 'bad_days', String(due.end_of_day))
  }
  if (!('at' in due)) return
  const noun = own(around.nouns, process.name)
  if (!noun?.columns.includes(due.at)) say(`${path}.due`, 'due_not_kept', due.at)
  const field = own(fieldsOf(process), due.at)
  if (field && field.kind !== 'instant') say(`${path}.due`, 'due_not_an_instant', due.at)
}

/** What the machine does when a clock strikes is possible wherever the clock runs. */
function exploreStrike(process: AnyProcess, clock: Clock, name: string, path: string, say: Say): void {
  const action = own(process.actions, name)
  if (!action || action.retired) return say(`${path}.then`, 'no_such_action', name)
  if (!action.by.includes('system')) say(`${path}.then`, 'strike_not_by_system', name)
  const sources = sourcesOf(process, action)
  for (const state of clock.runs_in) {
    if (!sources.includes(state)) say(`${path}.then`, 'strike_not_from', `${name}, ${state}`)
  }
  const asked = Object.entries(action.needs ?? {}).filter(([, { required }]) => required === true)
  if (asked.length > 0) say(`${path}.then`, 'strike_with_a_form', name)
}

function exploreNoun(process: AnyProcess, around: Surroundings, say: Say): void {
  const noun = own(around.nouns, process.name)
  if (!noun) return say('', 'no_noun')
  const fields = fieldsOf(process)
  for (const column of noun.columns) {
    if (!own(fields, column) && !noun.sets.includes(column)) say(`noun.${column}`, 'column_never_filled')
  }
  for (const column of noun.sets) {
    if (!noun.columns.includes(column)) say(`noun.${column}`, 'no_such_column')
  }
  const named = Object.entries(process.actions).flatMap(([action, { writes }]) => (writes ? [{ action, writes }] : []))
  for (const { action, writes } of named) {
    if (!noun.writes.includes(writes)) say(`action.${action}.writes`, 'no_such_write', writes)
  }
  for (const writes of noun.writes) {
    if (!named.some((one) => one.writes === writes)) say(`noun.${writes}`, 'write_unused')
  }
}
