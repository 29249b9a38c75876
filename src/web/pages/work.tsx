import { useQuery } from '@tanstack/react-query'
import { Link, getRouteApi } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { CountView, RowView, WorkView } from '../../server/views.ts'
import type { WebKey } from '../../words/web.ts'
import { queries } from '../api.ts'
import { useKeys } from '../keys.ts'
import { Lost } from '../parts/lost.tsx'
import { GhostRows } from '../parts/rows-ghost.tsx'
import { DueChip, When } from '../parts/time-chip.tsx'
import { whoOwes } from '../parts/who.ts'
import { useMe, useNow, useSay, useSpeech } from '../site.tsx'
import { whenWords } from '../time.ts'
import css from './work.module.css'

const route = getRouteApi('/staff/')
const columns = ['now', 'waiting', 'later'] as const
type Column = (typeof columns)[number]

/** 我的工作: what is due now, what waits for others, what has time. */
export function WorkPage() {
  const say = useSay()
  const { data, error, refetch } = useQuery(queries.work())
  const { column = 'now', sel } = route.useSearch()
  const navigate = route.useNavigate()
  useEffect(() => { document.title = say('work.title') }, [say])
  useRowKeys(data, column, sel)
  if (error && !data) return <Lost error={error} again={() => void refetch()} />
  return (
    <div className={css.page}>
      <h1 className="only-read">{say('work.title')}</h1>
      <div className={css.tabs} role="group" aria-label={say('work.title')}>
        {columns.map((one) => (
          <button key={one} type="button" aria-pressed={one === column}
            onClick={() => void navigate({ search: { column: one }, replace: true })}>
            {say(`work.${one}`)} <Count count={data?.counts[one]} /></button>))}
      </div>
      <div className={css.columns} data-column={column}>
        {columns.map((one) => (
          <section key={one} className={css.column} data-name={one} aria-label={say(`work.${one}`)}>
            <h2>{say(`work.${one}`)} <Count count={data?.counts[one]} /></h2>
            {data ? <Rows rows={data[one]} column={one} work={data} sel={sel} /> : <GhostRows count={6} height={56} />}
          </section>))}
      </div>
    </div>
  )
}

function Count({ count }: { count: CountView | undefined }) {
  return <span className={css.count}>{count ? count.capped ? '1000+' : count.count : ''}</span>
}

function Rows({ rows, column, work, sel }: { rows: readonly RowView[]; column: Column; work: WorkView; sel?: string }) {
  const say = useSay()
  const now = useNow()
  if (rows.length === 0) return <Empty column={column} work={work} />
  const late = column === 'now' ? rows.filter((row) => row.next_due_at && Date.parse(row.next_due_at) <= now) : []
  const rest = rows.filter((row) => !late.includes(row))
  return (
    <>
      {late.length > 0 && <p className={css.part} data-late>{say('work.late')}</p>}
      {late.map((row) => <Row key={row.id} row={row} column={column} selected={row.id === sel} />)}
      {late.length > 0 && rest.length > 0 && <p className={css.part}>{say('work.today')}</p>}
      {rest.map((row) => <Row key={row.id} row={row} column={column} selected={row.id === sel} />)}
    </>
  )
}

/** 「都办完了。」 and what comes next. */
function Empty({ column, work }: { column: Column; work: WorkView }) {
  const speech = useSpeech()
  const now = useNow()
  const next = work.later.find((row) => row.next_due_at)
  if (column !== 'now') return <p className={css.none}>{speech.say(`work.none_${column}` as WebKey)}</p>
  return (
    <div className={css.done}>
      <p>{speech.say('work.all_done')}</p>
      {next?.next_due_at && (
        <Link to="/$process/$id" params={{ process: next.process, id: next.id }}>
          {speech.say('work.comes_next', { when: whenWords(Date.parse(next.next_due_at), now, speech),
            title: next.title })}
        </Link>)}
    </div>
  )
}

function Row({ row, column, selected }: { row: RowView; column: Column; selected: boolean }) {
  const say = useSay()
  const { member } = useMe()
  const owes = whoOwes(row.next) ?? row.handler?.name ?? null
  const who = row.handler?.id !== member.id ? owes : null
  return (
    <div className={css.row} data-selected={selected || undefined} id={`row-${row.id}`}>
      <Link to="/$process/$id" params={{ process: row.process, id: row.id }} className={css.open}>
        <span className={css.title}>{row.title}</span>
        <span className={css.small}>
          <DueChip due={row.next_due_at} />
          <span className={css.number} data-column={column}>{row.number}</span>
          {column === 'waiting' ? <span className="cut">
            {owes === null ? say('work.waits_for_anyone') : say('work.waits_for', { who: owes })}
            {' · '}<When at={row.changed_at} /></span>
            : <span className="cut">{[row.customer?.name, row.state.label, who].filter(Boolean).join(' · ')}</span>}
        </span>
      </Link>
      {row.next && column !== 'waiting' && (
        <Link to="/$process/$id" params={{ process: row.process, id: row.id }} search={{ do: row.next.action }}
          className={css.verb}>{row.next.label}</Link>)}
    </div>
  )
}

/** j k walk the rows, Enter opens, 1 begins what is due. */
function useRowKeys(work: WorkView | undefined, column: Column, sel: string | undefined): void {
  const navigate = route.useNavigate()
  const rows = work ? [...work.now, ...work.waiting, ...work.later] : []
  const at = rows.findIndex((row) => row.id === sel)
  const move = (by: number) => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, at + by))]
    if (!row) return
    void navigate({ search: { column, sel: row.id }, replace: true })
    document.getElementById(`row-${row.id}`)?.scrollIntoView({ block: 'nearest' })
  }
  const go = (action?: string) => {
    const row = rows[at]
    if (row) void navigate({ to: '/$process/$id', params: { process: row.process, id: row.id },
      search: { do: action } })
  }
  useKeys({ j: () => move(1), ArrowDown: () => move(1), k: () => move(-1), ArrowUp: () => move(-1),
    Enter: () => go(), 1: () => go(rows[at]?.next?.action) })
}
