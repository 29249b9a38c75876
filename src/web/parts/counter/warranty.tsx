import type { CoverView, WarrantyView } from '../../../server/views-contracts.ts'
import { ToneMark } from '../time-chip.tsx'
import css from './counter.module.css'

/** 保内 至 2027-03-01, as the server computed it; the sentence that explains it lies under the finger. */
export function Warranty({ warranty }: { warranty: WarrantyView }) {
  return (
    <span className={css.warranty} data-state={warranty.state} title={warranty.sentence}>
      <ToneMark tone={warranty.state === 'in' ? 'kept' : 'quiet'} />{warranty.line}
    </span>
  )
}

/** 合同 HT-8 至 2027-03-01 · 备件、人工免费 · 4 小时响应（全天候） */
export function Cover({ cover }: { cover: CoverView | null }) {
  return cover && <span className={css.mark}>{cover.line}</span>
}
