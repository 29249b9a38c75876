import { Link } from '@tanstack/react-router'
import type { CaseView } from '../../../server/views.ts'
import { StateDot } from '../state.tsx'
import { DueChip, When } from '../time-chip.tsx'
import css from './counter.module.css'

/** Cases one under another, each in two lines. `marked`: those of the machine that stands on the counter. */
export function CaseLines({ cases, marked }: { cases: readonly CaseView[]; marked?: string }) {
  return (
    <ul className={css.cases}>
      {cases.map((one) => (
        <li key={one.id} data-marked={marked !== undefined && one.machine === marked || undefined}>
          <Link to="/$process/$id" params={{ process: one.process, id: one.id }} className={css.case}>
            <span className={css.caseTitle}>{one.title}</span>
            <span className={css.caseLine}>
              <span className={css.number}>{one.number}</span>
              <StateDot state={one.state} />
              <span className={css.end}>{one.closed_at ? <When at={one.closed_at} />
                : one.next_due_at ? <DueChip due={one.next_due_at} /> : <When at={one.opened_at} />}</span>
            </span>
          </Link>
        </li>))}
    </ul>
  )
}
