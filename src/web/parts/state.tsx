import { useState } from 'react'
import type { DefinitionView, RecordView, StateView } from '../../server/views.ts'
import { useSpeech } from '../site.tsx'
import { fullWords } from '../time.ts'
import { type Step, wayOf } from './path.ts'
import css from './state.module.css'

/** A state with its quiet dot: filled = work, ring = waiting, check = done, bar = void. */
export function StateDot({ state }: { state: StateView }) {
  return <span className={css.state} data-kind={state.kind}><i aria-hidden="true" /><span
    className="cut">{state.label}</span></span>
}

/** Of a long way so many steps behind and ahead are named; the rest is counted, and named when asked. */
const namedBehind = 3
const namedAhead = 3

/** Where a record comes from, where it stands and where it usually goes from here, as a line of named dots. */
export function StatePath({ record, definition }: { record: RecordView; definition: DefinitionView }) {
  const speech = useSpeech()
  const { say } = speech
  const [whole, setWhole] = useState(false)
  const steps = wayOf(record, definition)
  const here = steps.findIndex(({ place }) => place === 'here')
  const last = steps.length - 1
  const from = whole || here <= namedBehind + 1 ? 0 : here - namedBehind
  const to = whole || last - here <= namedAhead + 2 ? last : here + namedAhead
  const shown = steps.slice(from, to + 1)
  const dot = (step: Step) => (
    <li key={step.name} data-place={step.place} data-kind={step.kind} aria-current={step.place === 'here' ? 'step' : undefined}
      title={step.at && fullWords(Date.parse(step.at), speech)}>
      <i aria-hidden="true" /><span>{step.label}</span></li>)
  return (
    <ol className={css.path} aria-label={say('record.path')} data-whole={whole || undefined}>
      {from > 0 && <li data-place="been" className={css.fold}><button type="button" onClick={() => setWhole(true)}>
        {say('path.before', { n: from })}</button></li>}
      {shown.map(dot)}
      {to < last && <li data-place="ahead" className={css.fold}><button type="button" onClick={() => setWhole(true)}>
        {say('path.after', { n: last - to - 1 })}</button></li>}
      {to < last && dot(steps[last]!)}
    </ol>
  )
}
