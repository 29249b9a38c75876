import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, getRouteApi } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { Suspense, lazy, useEffect, useRef } from 'react'
import type { DefinitionView, FieldView, RowView } from '../../server/views.ts'
import { type Filter, listPage, queries } from '../api.ts'
import { useKeys } from '../keys.ts'
import { FilterBar, type ListSearch } from '../parts/filter-bar.tsx'
import { useKeyNames } from '../parts/key-names.ts'
import { Lost } from '../parts/lost.tsx'
import { GhostRows } from '../parts/rows-ghost.tsx'
import { StateDot } from '../parts/state.tsx'
import { DueChip, When } from '../parts/time-chip.tsx'
import { whoOwes } from '../parts/who.ts'
import { isTimed, ownFields } from '../parts/list-shape.ts'
import { valueWords } from '../parts/value.tsx'
import { useSay, useSpeech } from '../site.tsx'
import css from './list.module.css'

const Board = lazy(() => import('../parts/board.tsx').then((part) => ({ default: part.Board })))
const route = getRouteApi('/staff/$process')
const pageSize = 60
const narrow = matchMedia('(max-width: 700px)')

/** What the address asks of the API. Without a word about states the open ones are meant. */
function filterOf(search: ListSearch): Filter {
  return { state: search.state, kind: search.state || search.kind === 'all' ? undefined : 'active,waiting',
    handler: search.mine ? 'me' : undefined, due: search.due, q: search.q, sort: search.sort }
}

/** All records of a process, as rows or as a board. */
export function ListPage() {
  const { process } = route.useParams()
  const search = route.useSearch()
  const definition = useQuery(queries.definition(process))
  const label = definition.data?.label
  useEffect(() => { if (label) document.title = label }, [label])
  if (definition.error) return <Lost error={definition.error} again={() => void definition.refetch()} />
  const filter = filterOf(search)
  return (
    <div className={css.page}>
      <FilterBar process={process} definition={definition.data} search={search} filter={filter} />
      {!definition.data ? <GhostRows count={14} />
        : search.view === 'board' ? <Suspense fallback={<GhostRows count={10} />}>
          <Board process={process} filter={filter} /></Suspense>
          : <Rows process={process} filter={filter} search={search} definition={definition.data} />}
    </div>
  )
}

function useRows(process: string, filter: Filter, fields: string) {
  const query = useInfiniteQuery({ queryKey: ['list', process, 'rows', filter, fields],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => listPage(process, { ...filter, ...(fields && { fields }) }, pageSize,
      pageParam, signal),
    getNextPageParam: (page) => page.cursor ?? undefined, maxPages: 200 })
  return { ...query, rows: query.data?.pages.flatMap((page) => page.rows) ?? [] }
}

const nobody = {}

type RowsProps = { process: string; filter: Filter; search: ListSearch; definition: DefinitionView }

function Rows({ process, filter, search, definition }: RowsProps) {
  const say = useSay()
  const own = ownFields(definition)
  const names = useKeyNames(nobody)
  const timed = isTimed(definition)
  const { rows, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useRows(process, filter,
    own.map(({ name }) => name).join(','))
  const box = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({ count: rows.length + (hasNextPage ? 1 : 0), getScrollElement: () => box.current,
    estimateSize: () => (narrow.matches ? 64 : 36), overscan: 12 })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && last >= rows.length - 10) void fetchNextPage()
  }, [last, rows.length, hasNextPage, isFetchingNextPage, fetchNextPage])
  useRowKeys(process, rows, search.sel, (index) => virtual.scrollToIndex(index))
  if (error && rows.length === 0) return <Lost error={error} again={() => void refetch()} />
  if (isPending) return <GhostRows count={14} />
  if (rows.length === 0) return <Nothing search={search} />
  return (
    <div className={css.table} role="table" data-timed={timed || undefined} data-own={timed ? undefined : own.length}
      aria-label={say('list.rows')} aria-rowcount={hasNextPage ? -1 : rows.length + 1}>
      <Heads search={search} own={own} timed={timed} />
      <div className={css.scroll} ref={box} role="rowgroup">
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {items.map((item) => {
            const row = rows[item.index]
            const place = { transform: `translateY(${item.start}px)`, height: item.size }
            return row ? <Row key={row.id} row={row} place={place} index={item.index} selected={row.id === search.sel}
              own={own}
              timed={timed} names={names} />
              : <p key="more" className={css.more} style={place}>{say('loading')}</p>
          })}
        </div>
      </div>
    </div>
  )
}

const sortable = { due: ['due', '-due'], number: ['-opened', 'opened'], code: ['-opened', 'opened'] } as const

function Heads({ search, own, timed }: { search: ListSearch; own: readonly FieldView[]; timed: boolean }) {
  const say = useSay()
  const head = (name: keyof typeof sortable) => {
    const [first, second] = sortable[name]
    const now = search.sort === first ? 0 : search.sort === second ? 1 : null
    const next = now === 0 ? second : first
    const up = (now === null ? null : [first, second][now]!.startsWith('-') ? 'descending' : 'ascending')
    return (
      <span role="columnheader" aria-sort={up ?? 'none'}>
        <Link from="/$process" to="." search={(old) => ({ ...old, sort: next })} replace className={css.sort}>
          {say(`list.${name}`)}{up && <i aria-hidden="true">{up === 'ascending' ? '↑' : '↓'}</i>}</Link>
      </span>)
  }
  return (
    <div className={css.heads} role="row">
      {timed && head('due')}{head(timed ? 'number' : 'code')}
      <span role="columnheader">{say(timed ? 'list.title' : 'list.name')}</span>
      {own.map((field) => <span role="columnheader" key={field.name} className={css.own}>{field.label}</span>)}
      <span role="columnheader">{say('list.state')}</span>
      {timed && <><span role="columnheader">{say('list.handler')}</span>
        <span role="columnheader" className={css.next}>{say('list.next')}</span></>}
      <span role="columnheader">{say('list.changed')}</span>
    </div>
  )
}

type RowProps = { row: RowView; place: { transform: string; height: number }; index: number; selected: boolean
  own: readonly FieldView[]; timed: boolean; names: Readonly<Record<string, string>> }

function Row({ row, place, index, selected, own, timed, names }: RowProps) {
  const speech = useSpeech()
  const closed = row.state.kind === 'done' || row.state.kind === 'void'
  const who = row.handler?.name ?? whoOwes(row.next) ?? row.owner?.name
  return (
    <div className={css.row} style={place} role="row" aria-rowindex={index + 2} data-selected={selected || undefined}
      data-closed={closed || undefined}>
      {timed && <span role="cell" className={css.due}><DueChip due={row.next_due_at} closed={closed} /></span>}
      <span role="cell" className={css.number}>{row.number}</span>
      <span role="cell" className={css.title}>
        <Link to="/$process/$id" params={{ process: row.process, id: row.id }}
          className={css.link}>{row.title}</Link>
        {row.customer && <span className={css.customer}>{row.customer.name}</span>}</span>
      {own.map((field) => (
        <span role="cell" key={field.name} className={css.own}>
          {valueWords(field, row.values?.[field.name], names, speech)}</span>))}
      <span role="cell" className={css.state}><StateDot state={row.state} /></span>
      {timed && <><span role="cell" className={css.who}>{who ?? '—'}</span>
        <span role="cell" className={css.next}>{row.next?.label ?? ''}</span></>}
      <span role="cell" className={css.changed}><When at={row.changed_at} /></span>
    </div>
  )
}

function Nothing({ search }: { search: ListSearch }) {
  const say = useSay()
  const narrowed = search.state || search.mine || search.due || search.q
  return (
    <div className={css.nothing}>
      <p>{say(narrowed ? 'list.nothing_fits' : 'list.nothing')}</p>
      {narrowed && <Link from="/$process" to="." data-link
        search={(old) => ({ view: old.view, sort: old.sort })}>{say('list.show_all')}</Link>}
    </div>
  )
}

/** j k walk the rows, Enter opens. The chosen row is in the address. */
function useRowKeys(process: string, rows: readonly RowView[], sel: string | undefined, show: (index: number) => void) {
  const navigate = route.useNavigate()
  const at = rows.findIndex((row) => row.id === sel)
  const move = (by: number) => {
    const index = Math.max(0, Math.min(rows.length - 1, at + by))
    const row = rows[index]
    if (!row) return
    show(index)
    void navigate({ search: (old) => ({ ...old, sel: row.id }), replace: true })
  }
  useKeys({ j: () => move(1), ArrowDown: () => move(1), k: () => move(-1), ArrowUp: () => move(-1), Enter: () => {
    if (at >= 0) void navigate({ to: '/$process/$id', params: { process, id: rows[at]!.id } })
  } })
}
