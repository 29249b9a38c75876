import type { DefinitionView, RecordView, StateView } from '../../server/views.ts'
import { useSay } from '../site.tsx'
import css from './state.module.css'

/** A state with its quiet dot: filled = work, ring = waiting, check = done, bar = void. */
export function StateDot({ state }: { state: StateView }) {
  return <span className={css.state} data-kind={state.kind}><i aria-hidden="true" /><span
    className="cut">{state.label}</span></span>
}

type Step = { name: string; label: string; kind: StateView['kind']; place: 'been' | 'here' | 'ahead' }

/** The states that this record has been in, the one it is in, and what the process has beyond it. */
function stepsOf(record: RecordView, definition: DefinitionView): Step[] {
  const been = new Set(record.events.flatMap((event) => [event.from_state?.name, event.to_state.name]))
  return definition.states
    .filter((state) => state.kind !== 'void' || state.name === record.state.name)
    .map((state) => ({ name: state.name, label: state.label, kind: state.kind,
      place: state.name === record.state.name ? 'here' : been.has(state.name) ? 'been' : 'ahead' }))
}

/** Beyond this many states only the present one and the ends are named. */
const namedMost = 6

/** The path of a record as a line of dots. */
export function StatePath({ record, definition }: { record: RecordView; definition: DefinitionView }) {
  const say = useSay()
  const steps = stepsOf(record, definition)
  const here = steps.findIndex((step) => step.place === 'here')
  const all = steps.length <= namedMost
  return (
    <ol className={css.path} aria-label={say('record.path')}>
      {steps.map((step, index) => (
        <li key={step.name} data-place={step.place} data-kind={step.kind} title={step.label}
          aria-current={step.place === 'here' ? 'step' : undefined}>
          <i aria-hidden="true" />
          <span className={all || index === here ? undefined : css.unnamed}>{step.label}</span>
        </li>
      ))}
    </ol>
  )
}
