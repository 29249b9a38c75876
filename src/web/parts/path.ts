import type { DefinitionView, RecordView, StateView } from '../../server/views.ts'

/** One step of a record's way. `at`: when it was reached. */
export type Step = { name: string; label: string; kind: StateView['kind']; place: 'been' | 'here' | 'ahead'; at?: string }

/** So many states may come after the present one; a way that is longer goes in circles. */
const aheadMost = 30

/**
 * The states that led to the present one. Who goes back to a state (a price is made anew) stands there again: what came
 * after it is history, and in the history below.
 */
function been(record: RecordView): Step[] {
  const steps: Step[] = []
  for (const event of [...record.events].reverse()) {
    for (const state of steps.length === 0 && event.from_state ? [event.from_state, event.to_state] : [event.to_state]) {
      if (steps.at(-1)?.name === state.name) continue
      const again = steps.findIndex((step) => step.name === state.name)
      if (again >= 0) steps.splice(again)
      steps.push({ name: state.name, label: state.label, kind: state.kind, place: 'been', at: event.at })
    }
  }
  return steps
}

/** What needs a reason leads off the usual way. */
const needsReason = ({ needs }: DefinitionView['actions'][number]): boolean =>
  needs.some((field) => field.name === 'reason' && field.required === true)

/**
 * The usual way on from a state: by its due action, else by what the house or somebody else does next. Who waits for
 * something goes on where the wait began: an order that waited for a part is repaired.
 */
function nextState(definition: DefinitionView, name: string, been: ReadonlySet<string>): string | null {
  const index = definition.states.findIndex((state) => state.name === name)
  const place = (state: string) => definition.states.findIndex((one) => one.name === state)
  const due = definition.states[index]?.next
  const leaving = definition.actions.filter(({ from, creates }) => !creates && from.includes(name))
  const first = leaving.filter((action) => action.name === due)
  const byItself = leaving.filter(({ by }) => by.length === 1 && by[0] === 'system')
  const usual = leaving.filter((action) => !needsReason(action))
  for (const action of [...first, ...byItself, ...usual, ...leaving]) {
    const targets = action.to.filter((state) => state !== name && definition.states[place(state)]?.kind !== 'void')
    const later = targets.filter((state) => place(state) > index).sort((a, b) => place(a) - place(b))
    if (later[0] !== undefined) return later[0]
    const back = targets.find((state) => place(state) >= 0)
    if (definition.states[index]?.kind !== 'waiting' || back === undefined || !usual.includes(action)) continue
    return been.has(back) ? nextState(definition, back, new Set([...been].filter((state) => state !== back))) : back
  }
  return null
}

/** Been, here and ahead, the last as it usually goes. Pure. */
export function wayOf(record: RecordView, definition: DefinitionView): Step[] {
  const steps = been(record)
  const here = steps.at(-1)
  if (!here || here.name !== record.state.name) steps.push({ ...record.state, place: 'here' })
  else here.place = 'here'
  for (let name: string | null = record.state.name, count = 0; count < aheadMost; count += 1) {
    name = nextState(definition, name, new Set(steps.map((step) => step.name)))
    const state = definition.states.find((one) => one.name === name)
    if (name === null || !state || steps.some((step) => step.name === name)) break
    steps.push({ name: state.name, label: state.label, kind: state.kind, place: 'ahead' })
  }
  return steps
}
