import type { WarrantyView } from '../../../server/views.ts'
import { useSay } from '../../site.tsx'
import { ToneMark } from '../time-chip.tsx'
import css from './counter.module.css'

/** 保内 至 2027-03-01, as the server computed it, with what it rests on. */
export function Warranty({ warranty }: { warranty: WarrantyView }) {
  const say = useSay()
  const { state, until, why } = warranty
  const text = state === 'unknown' ? say(why === 'no_term' ? 'warranty.no_term' : 'warranty.no_date')
    : say(state === 'in' ? 'warranty.in' : 'warranty.out', { until: until ?? '' })
  return (
    <span className={css.warranty} data-state={state}>
      <ToneMark tone={state === 'in' ? 'kept' : 'quiet'} />{text}
      {why === 'given' && <span className="hush">{say('warranty.given')}</span>}
    </span>
  )
}
