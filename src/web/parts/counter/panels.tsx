import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { RecordView } from '../../../server/views.ts'
import { useSay } from '../../site.tsx'
import { CaseLines } from './case-lines.tsx'
import css from './counter.module.css'
import { counterQueries } from './counter-data.ts'
import { ContactWords, CustomerMarks } from './customer-card.tsx'
import { MachineWords } from './machines.tsx'

const shownFirst = 6

/** A list that shows its beginning, and the rest when it is asked for. */
function useSome<T>(all: readonly T[]): { some: readonly T[]; more: React.ReactNode } {
  const say = useSay()
  const [open, setOpen] = useState(false)
  const rest = all.length - shownFirst
  return { some: open ? all : all.slice(0, shownFirst), more: rest > 0 && !open
    && <button type="button" className={css.more} onClick={() => setOpen(true)}>
      {say('panel.more', { n: rest })}</button> }
}

/** A customer's file above its facts: what is open, whom one can call, what stands there. */
export function CustomerPanel({ record }: { record: RecordView }) {
  const say = useSay()
  const { data } = useQuery(counterQueries.file(record.id))
  const people = useSome(data?.contacts.filter(({ active, name }) => active && name) ?? [])
  const machines = useSome(data?.machines ?? [])
  const cases = useSome(data ? [...data.open_cases, ...data.cases.filter(({ closed_at }) => closed_at !== null)] : [])
  if (!data) return null
  return (
    <section className={css.panel} aria-label={say('panel.file')}>
      <CustomerMarks customer={data.customer} />
      <div className={css.panelGrid}>
        <div>
          <h3>{say('panel.contacts', { n: data.contacts.filter(({ active }) => active).length })}</h3>
          <ul className={css.people}>{people.some.map((one) => (
            <li key={one.id}><ContactWords contact={one} /></li>))}</ul>
          {people.more}
        </div>
        <div>
          <h3>{say('panel.machines', { n: data.counts.machines.count })}</h3>
          <ul className={css.machineList}>{machines.some.map((one) => (
            <li key={one.id}><Link to="/$process/$id" params={{ process: 'machine', id: one.id }}>
              <MachineWords machine={one} /></Link></li>))}</ul>
          {machines.more}
        </div>
      </div>
      {cases.some.length > 0 && (
        <h3>{say('panel.cases', { open: data.counts.open_cases.count, n: data.counts.cases.count })}</h3>)}
      <CaseLines cases={cases.some} />{cases.more}
      <Link to="/counter" search={{ customer: record.id }} data-link className={css.more}>{say('panel.receive')}</Link>
    </section>
  )
}
