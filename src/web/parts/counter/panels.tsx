import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { RecordView } from '../../../server/views.ts'
import { useSay } from '../../site.tsx'
import { CaseLines } from './case-lines.tsx'
import css from './counter.module.css'
import { counterQueries } from './counter-data.ts'
import { Warranty } from './warranty.tsx'

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

/** A machine's life above its facts: whose it is, its warranty, everything that was done to it. */
export function MachinePanel({ record }: { record: RecordView }) {
  const say = useSay()
  const { data } = useQuery(counterQueries.story(record.id))
  const cases = useSome(data?.cases ?? [])
  if (!data) return null
  return (
    <section className={css.panel} aria-label={say('panel.story')}>
      <p><Warranty warranty={data.machine.warranty} /></p>
      <h3>{say('panel.story_n', { n: data.more ? `${data.cases.length}+` : data.cases.length })}</h3>
      {data.cases.length === 0 && <p className={css.hushed}>{say('panel.no_story')}</p>}
      <CaseLines cases={cases.some} />{cases.more}
      {data.customer && <Link to="/counter" search={{ customer: data.customer.id, machine: record.id }} data-link
        className={css.more}>{say('panel.receive')}</Link>}
    </section>
  )
}
