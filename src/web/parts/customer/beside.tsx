import { IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { CaseView, MachineView } from '../../../server/views.ts'
import { useMe, useSay } from '../../site.tsx'
import { MachineWords } from '../counter/machines.tsx'
import { StateDot } from '../state.tsx'
import { DueChip } from '../time-chip.tsx'
import type { SetSearch } from './customer-data.ts'
import css from './customer.module.css'

const shownFirst = 6

/** 接下来: what is due with this customer, soonest first. */
export function DueNext({ due }: { due: readonly CaseView[] }) {
  const say = useSay()
  return (
    <section className={css.part} aria-label={say('customer.next')}>
      <h2>{say('customer.next')}</h2>
      {due.length === 0 && <p className={css.none}>{say('customer.next_none')}</p>}
      <ul>
        {due.map((one) => (
          <li key={one.id}>
            <Link to="/$process/$id" params={{ process: one.process, id: one.id }} className={css.due}>
              <span className="cut">{one.title}</span>
              <DueChip due={one.next_due_at} />
              <span className={css.quietLine}>{one.label} <span className={css.number}>{one.number}</span></span>
              <StateDot state={one.state} />
            </Link>
          </li>))}
      </ul>
    </section>
  )
}

/** 设备: each with its warranty as of today. */
export function CustomerMachines({ machines, count, set }: { machines: readonly MachineView[]; count: number
  set: SetSearch }) {
  const say = useSay()
  const { processes } = useMe()
  const [all, setAll] = useState(false)
  const shown = all ? machines : machines.slice(0, shownFirst)
  const may = processes.some(({ process, create }) => process === 'machine' && create !== null)
  return (
    <section className={css.part} aria-label={say('customer.machines')}>
      <h2>{say('customer.machines')}{count > 0 && <span className="hush">{count}</span>}
        {may && (
          <button type="button" className={css.plus} aria-label={say('customer.machine_add')}
            title={say('customer.machine_add')} onClick={() => set({ add: 'machine' })}>
            <IconPlus size={16} stroke={1.8} /></button>)}</h2>
      {machines.length === 0 && <p className={css.none}>{say('customer.machines_none')}</p>}
      <ul>
        {shown.map((one) => (
          <li key={one.id}><Link to="/$process/$id" params={{ process: 'machine', id: one.id }} className={css.machine}>
            <MachineWords machine={one} />
            {one.state.kind !== 'active' && <StateDot state={one.state} />}</Link></li>))}
      </ul>
      {machines.length > shown.length && (
        <button type="button" className={css.more} onClick={() => setAll(true)}>
          {say('customer.more', { n: machines.length - shown.length })}</button>)}
    </section>
  )
}
