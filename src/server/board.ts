import type { AnyProcess } from '../engine/define.ts'
import { Fragment, type Row, type Statement, join, sql } from './db.ts'
import { type ListQuery, type Place, type Sort, shaped, writeCursor } from './list-language.ts'
import { type Narrow, countView, countedKeys, pageKeys } from './lists.ts'
import { type Sight, sightOf } from './policy.ts'
import { stateView } from './record-view.ts'
import { type HeadRow, peopleJoins, rowColumns, rowView } from './rows.ts'
import type { BoardView } from './views.ts'

/** The cards of a column; more of them are a list of its state, begun at the column's cursor. */
export const boardRows = 20

const raw = (text: string) => new Fragment(text, [])

/** The columns of a board: states in which something is still to come, or those that were asked for. */
export function boardStates(process: AnyProcess, query: ListQuery): readonly string[] {
  return query.states ?? Object.keys(process.states).filter((name) => {
    const state = process.states[name]!
    return !state.retired && (state.kind === 'active' || state.kind === 'waiting')
  })
}

/** Open columns are read by deadline, closed ones from their newest card. */
export const boardSort = (process: AnyProcess, state: string): Sort =>
  (['active', 'waiting'].includes(process.states[state]!.kind) ? 'due' : '-opened')

/** One column: its first keys and its capped count, as rows of the one statement. */
function column(place: Place, query: ListQuery, sight: Sight, narrow: Narrow, state: string, index: number): Fragment {
  const one: ListQuery = { ...query, states: [state], sort: boardSort(place.process, state), after: null }
  const keys = pageKeys(place.process, one, sight, narrow, boardRows + 1)
  const counted = countedKeys(place, one, narrow)
  const way = one.sort.startsWith('-') ? ' desc' : ''
  return sql`(select ${raw(String(index))} as nth, c.count, k.id, k.place,
      row_number() over (order by ${raw(`k.place${way}, k.id${way}`)}) as rank
    from (select count(*)::int as count from (${counted}) d) c left join (${keys}) k on true)`
}

/** Every column with its first cards and its count: one statement, which asks each state by itself. */
export function boardStatement(place: Place, query: ListQuery, narrow: Narrow): Statement {
  const sight = sightOf(place.process.name, place.ctx.actor)
  const columns = boardStates(place.process, query)
    .map((state, index) => column(place, query, sight, narrow, state, index))
  if (columns.length === 0) return { text: 'select where false' }
  return shaped('board', sql`
    with cards as materialized (${join(columns, ' union all ')})
    select k.nth, k.count, (k.place at time zone 'UTC')::text as place, ${rowColumns}
    from cards k left join record r on r.id = k.id ${peopleJoins}
    order by k.nth, k.rank`)
}

export type BoardRow = HeadRow & Row & { nth: number; count: number; place: string | null }

/** The board as columns, in the order of the process. `process` is the effective definition. */
export function boardView(place: Place, query: ListQuery, rows: readonly BoardRow[]): BoardView {
  const { ctx, process } = place
  const columns = boardStates(process, query).map((state, index) => {
    const cards = rows.filter((row) => row.nth === index && row.id !== null)
    const shown = cards.slice(0, boardRows)
    const last = cards.length > shown.length ? shown.at(-1) : undefined
    return { state: stateView(ctx, process, state), count: countView(rows.find((row) => row.nth === index)?.count ?? 0),
      rows: shown.map((row) => rowView(ctx, process, row)),
      cursor: last ? writeCursor(boardSort(process, state), { key: last.place!, id: last.id }) : null }
  })
  return { columns }
}
