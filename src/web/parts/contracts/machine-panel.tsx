import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { RecordView } from '../../../server/views.ts'
import type { LifeView, MachinePartView } from '../../../server/views-contracts.ts'
import { useSay } from '../../site.tsx'
import { StateDot } from '../state.tsx'
import { When } from '../time-chip.tsx'
import { contractQueries } from './contract-queries.ts'
import css from './contracts.module.css'
import { Entitlement } from './entitlement.tsx'

/** A machine above its facts: what its customer may expect, what is built in, everything that was done to it. */
export function MachinePanel({ record }: { record: RecordView }) {
  const say = useSay()
  const { data } = useQuery(contractQueries.machine(record.id))
  if (!data) return null
  const { life, parts, entitlement } = data
  return (
    <section className={css.panel} aria-label={say('machine.life')}>
      <Entitlement entitlement={entitlement} />
      {parts.length > 0 && <><h3>{say('machine.parts')}</h3>
        <ul className={css.list}>{parts.map((one) => <Part key={one.id} part={one} />)}</ul></>}
      <h3>{say('machine.life')}</h3>
      {life.lines.length === 0 && <p className="hush">{say('machine.life_none')}</p>}
      <ul className={css.list}>{life.lines.map((line) => <Line key={line.key} line={line} />)}</ul>
      {life.cursor && <Older machine={record.id} from={life.cursor} />}
      {record.customer && <Link to="/counter" search={{ customer: record.customer.id, machine: record.id }} data-link
        className={css.more}>{say('panel.receive')}</Link>}
    </section>
  )
}

function Part({ part }: { part: MachinePartView }) {
  const say = useSay()
  const { removed_on, fitted_on } = part
  return (
    <li className={removed_on ? css.over : undefined}>
      <span className={css.name}>{[part.name, part.part_number, part.serial_number].filter(Boolean).join(' · ')}</span>
      <span className={css.end}>{removed_on ? say('machine.removed', { date: removed_on })
        : fitted_on ? say('machine.fitted', { date: fitted_on }) : say('machine.was_there')}</span>
    </li>
  )
}

const thousand = 1000

function Line({ line }: { line: LifeView['lines'][number] }) {
  const say = useSay()
  const { record, state, label, note, quantity, who } = line
  const words = line.what === 'case' ? record?.title : line.what === 'part' ? [record?.title, note].filter(Boolean).join(' ')
    : note
  const body = (
    <>
      <span className={css.name}><span className={css.tag}>{label}</span>{words}
        {quantity !== null && quantity !== thousand && ` × ${say('machine.pieces', { count: quantity / thousand })}`}</span>
      <span className={css.end}><When at={line.at} /></span>
      <span className={css.note}>{[record?.number, who].filter(Boolean).join(' · ')} {state && <StateDot state={state} />}</span>
    </>
  )
  return <li>{record ? <Link to="/$process/$id" params={{ process: record.process, id: record.id }}>{body}</Link> : body}</li>
}

/** What came before, a page at a time, when it is asked for. */
function Older({ machine, from }: { machine: string; from: string }) {
  const say = useSay()
  const { data, fetchNextPage, refetch, hasNextPage, isFetching } = useInfiniteQuery(contractQueries.life(machine, from))
  const pages = data?.pages ?? []
  const more = pages.length === 0 || hasNextPage
  return (
    <>
      <ul className={css.list}>{pages.flatMap(({ lines }) => lines).map((line) => <Line key={line.key} line={line} />)}</ul>
      {more && <button type="button" className={css.more} disabled={isFetching}
        onClick={() => void (pages.length === 0 ? refetch() : fetchNextPage())}>{say('machine.life_more')}</button>}
    </>
  )
}
