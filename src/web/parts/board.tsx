import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { BoardView, PageView, RowView } from '../../server/views.ts'
import { type Filter, listPage, queries } from '../api.ts'
import { useSay } from '../site.tsx'
import css from './board.module.css'
import { Lost } from './lost.tsx'
import { GhostRows } from './rows-ghost.tsx'
import { StateDot } from './state.tsx'
import { DueChip } from './time-chip.tsx'
import { titleWords } from './title.ts'
import { whoOwes } from './who.ts'

/** The records by state, one column each. */
export function Board({ process, filter }: { process: string; filter: Filter }) {
  const say = useSay()
  const { data, error, refetch } = useQuery(queries.board(process, { ...filter, sort: undefined }))
  if (error && !data) return <Lost error={error} again={() => void refetch()} />
  if (!data) return <GhostRows count={8} />
  const wanted = filter.state?.split(',')
  const kinds = filter.kind?.split(',')
  const columns = data.columns.filter(({ state }) => (!wanted || wanted.includes(state.name))
    && (!kinds || kinds.includes(state.kind)))
  return (
    <div className={css.board} tabIndex={0} role="region" aria-label={say('view.board')}>
      {columns.map((column) => <Column key={column.state.name} column={column} process={process} filter={filter} />)}
    </div>
  )
}

type ColumnProps = { column: BoardView['columns'][number]; process: string; filter: Filter }

function Column({ column, process, filter }: ColumnProps) {
  const say = useSay()
  const { state, count } = column
  const more = useInfiniteQuery({ queryKey: ['list', process, 'column', state.name, filter, column.cursor],
    enabled: false,
    initialPageParam: column.cursor ?? undefined, getNextPageParam: (page: PageView) => page.cursor ?? undefined,
    queryFn: ({ pageParam, signal }) => listPage(process, { ...filter, kind: undefined, sort: undefined,
      state: state.name }, 50, pageParam, signal) })
  const rows = [...column.rows, ...more.data?.pages.flatMap((page) => page.rows) ?? []]
  const asked = more.data !== undefined
  return (
    <section className={css.column} aria-label={state.label}>
      <h2><StateDot state={state} /><span>{count.capped ? '1000+' : count.count}</span></h2>
      <div className={css.cards}>
        {rows.map((row) => <Card key={row.id} row={row} />)}
        {rows.length === 0 && <p className={css.none}>—</p>}
        {(asked ? more.hasNextPage : column.cursor !== null) && (
          <button type="button" className={css.more} disabled={more.isFetching}
            onClick={() => void (asked ? more.fetchNextPage() : more.refetch())}>{say('list.more')}</button>)}
      </div>
    </section>
  )
}

function Card({ row }: { row: RowView }) {
  const closed = row.state.kind === 'done' || row.state.kind === 'void'
  return (
    <Link to="/$process/$id" params={{ process: row.process, id: row.id }} className={css.card}>
      <span className={css.title}>{titleWords(row.title)}</span>
      {row.customer && <span className="cut">{row.customer.name}</span>}
      <span className={css.line}>
        <span className={css.number}>{row.number}</span>
        <span className="cut">{row.handler?.name ?? whoOwes(row.next) ?? ''}</span></span>
      {!closed && row.next_due_at && <span className={css.due}><DueChip due={row.next_due_at} /></span>}
    </Link>
  )
}
