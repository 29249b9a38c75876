import { type AnyProcess, own } from '../engine/define.ts'
import type { Actor, House } from './context.ts'
import { Fragment, type Reader, type Row, type Statement, join, sql } from './db.ts'
import { type ListQuery, type Place, shaped, writeCursor } from './list-language.ts'
import { Alternative, type Sight, sightCondition, sightOf } from './policy.ts'
import { type HeadRow, peopleJoins, rowColumns, rowView } from './rows.ts'
import type { CountView, PageView, RowView } from './views.ts'

/**
 * Lists over a million records. A list asks every alternative of the reader's sight, and within it every state, by
 * itself: each is the beginning of one index, however rare its rows are; the short answers are merged. A condition
 * with «or», or a filter behind an index in another order, would read past any number of rows.
 */
export const countMost = 1000

const raw = (text: string) => new Fragment(text, [])
const isOpen = (process: AnyProcess, state: string): boolean =>
  ['active', 'waiting'].includes(process.states[state]!.kind)

/** How many rows are asked for, as a number in the text: a limit the planner cannot see makes it plan for too many. */
const tiers = [21, 26, 51, 101, 1001] as const
export const tierOf = (rows: number): number => tiers.find((tier) => tier >= rows)!

/** What narrows a list so much that its states need not be asked one by one. */
export type Narrow = { ids: readonly string[] | null }

const isNarrow = (query: ListQuery, { ids }: Narrow): boolean =>
  ids !== null || query.number !== null || Object.keys(query.records).length > 0

/** Conditions on `r` of everything in a query but its states, its sight and its page. */
function filters(query: ListQuery, { ids }: Narrow): Fragment[] {
  const all: Fragment[] = []
  for (const [column, id] of [...Object.entries(query.people), ...Object.entries(query.records)]) {
    all.push(id === 'none' ? sql`r.${raw(column)} is null` : sql`r.${raw(column)} = ${id}::uuid`)
  }
  if (query.team !== null) all.push(sql`r.team = ${query.team}::text`)
  if (query.number !== null) all.push(numberIs(query.number))
  if (ids !== null) all.push(sql`r.id = any(${ids}::uuid[])`)
  if (query.due?.from) all.push(sql`r.due_order >= ${query.due.from}::timestamptz`)
  if (query.due?.to) all.push(sql`r.due_order < ${query.due.to}::timestamptz`)
  if (query.opened?.from) all.push(sql`r.opened_at >= ${query.opened.from}::timestamptz`)
  if (query.opened?.to) all.push(sql`r.opened_at < ${query.opened.to}::timestamptz`)
  for (const [name, value] of Object.entries(query.extra)) all.push(extraIs(name, value))
  return all
}

/** Our number or the one it had before an import; as typed, or in the capitals in which numbers are made. */
function numberIs(number: string): Fragment {
  const spellings = [...new Set([number, number.toUpperCase()])]
  return sql`r.id = any(array(
    select m.id from record m where m.number collate "C" = any(${spellings}::text[])
    union all select m.id from record m where m.old_number collate "C" = any(${spellings}::text[])))`
}

const extraIs = (name: string, value: string | number | boolean): Fragment => sql`exists (
  select from extra_index x where x.record_id = r.id and x.process = r.process and x.name = ${name}::text
    and ${extraValue(value)})`

/** As the engine copies it to the index: an instant as an instant, yes and no as 1 and 0. */
function extraValue(value: string | number | boolean): Fragment {
  if (typeof value !== 'string') return sql`x.number_value = ${Number(value)}::bigint`
  return /^\d{4}-\d{2}-\d{2}T/.test(value) ? sql`x.at_value = ${value}::timestamptz`
    : sql`x.text_value = ${value.slice(0, 200)}::text`
}

const keyOf = (query: ListQuery): 'opened_at' | 'due_order' =>
  (query.sort.endsWith('opened') ? 'opened_at' : 'due_order')

const orderOf = (query: ListQuery, alias: string): Fragment => {
  const way = query.sort.startsWith('-') ? ' desc' : ''
  return raw(`${alias}${way}, ${alias.split('.')[0]}.id${way}`)
}

function afterOf(query: ListQuery): Fragment[] {
  if (query.after === null) return []
  const { key, id } = query.after
  const place = key === 'infinity' ? key : `${key}+00`
  return [sql`(r.${raw(keyOf(query))}, r.id) ${raw(query.sort.startsWith('-') ? '<' : '>')} (${place}::timestamptz,
    ${id}::uuid)`]
}

/** Whose the rows of a list are: a team's and a handler's open ones have an index by deadline, those of others are sorted. */
type Whose = 'all' | 'team' | 'handler' | 'people'

const whoseOf = ({ people, team }: ListQuery): Whose => {
  const roles = Object.keys(people)
  if (roles.length === 0) return team === null ? 'all' : 'team'
  return roles.length === 1 && people.handler !== undefined && people.handler !== 'none' ? 'handler' : 'people'
}

/** One way to rows of a list: what must hold, in which states it can, and whose cases it is about. */
type Branch = { conditions: readonly Fragment[]; states: readonly string[] | null; of: Whose }

/** The alternatives of a sight as branches; none when the reader may see nothing. */
function branches(process: AnyProcess, query: ListQuery, sight: Sight, narrow: Narrow): Branch[] {
  if (sight === 'none') return []
  const states = query.due !== null && query.states === null ? Object.keys(process.states) : query.states
  const wanted = query.due === null ? states : states!.filter((state) => isOpen(process, state))
  const always = filters(query, narrow)
  if (sight === 'all') return [{ conditions: always, states: wanted, of: whoseOf(query) }]
  if (isNarrow(query, narrow)) return [{ conditions: [...always, sightCondition(sight)], states: wanted, of: 'people' }]
  return sight.map((one) => {
    const possible = one instanceof Alternative && one.open
      ? (wanted ?? Object.keys(process.states)).filter((state) => isOpen(process, state)) : wanted
    return { conditions: [...always, one], states: possible, of: 'people' }
  })
}

/** The first rows of one branch, as (id, place): each state by itself, unless one index gives all in order. */
export function firstRows(process: AnyProcess, query: ListQuery, branch: Branch, narrow: boolean, most: number):
  Fragment {
  const key = keyOf(query)
  const conditions = [sql`r.process = ${process.name}::text`, ...branch.conditions, ...afterOf(query)]
  const page = raw(`order by ${orderOf(query, `r.${key}`).text} limit ${most}`)
  const straight = narrow
    || (branch.states === null && key === 'opened_at' && branch.conditions.length === 0)
  if (straight) {
    if (branch.states !== null) conditions.push(sql`r.state = any(${branch.states}::text[])`)
    return sql`select r.id, r.${raw(key)} as place from record r where ${join(conditions, ' and ')} ${page}`
  }
  const states = branch.states ?? Object.keys(process.states)
  // Where open cases have an index by deadline, the words «where kind in» lead to it.
  const byDue = (branch.of === 'team' || branch.of === 'handler') && key === 'due_order'
    && states.every((state) => isOpen(process, state))
  if (byDue) conditions.push(raw(`r.kind in ('active', 'waiting')`))
  const rows = sql`select r.id, r.${raw(key)} as place from record r
    where r.state = s.state and ${join(conditions, ' and ')}`
  // What one person has by deadline is read and sorted; without the fence a walk by deadline would look past others.
  const first = key === 'due_order' && branch.of !== 'all' && !byDue
    ? sql`select r.id, r.place from (${rows} offset 0) r
      order by ${orderOf(query, 'r.place')} limit ${raw(String(most))}`
    : sql`${rows} ${page}`
  return sql`select x.id, x.place from unnest(${states}::text[]) as s (state) cross join lateral (${first}) x
    order by ${orderOf(query, 'x.place')} limit ${raw(String(most))}`
}

/** The keys of a page: the merged first rows of every branch. A record that two alternatives show comes once. */
export function pageKeys(process: AnyProcess, query: ListQuery, sight: Sight, narrow: Narrow, most: number): Fragment {
  const ways = branches(process, query, sight, narrow)
  const selects = ways.map((branch) => firstRows(process, query, branch, isNarrow(query, narrow), most))
  if (selects.length === 0) return sql`select r.id, r.opened_at as place from record r where false`
  if (selects.length === 1) return selects[0]!
  return sql`select u.id, u.place from (${join(selects.map((one) => sql`(${one})`), ' union ')}) u
    order by ${orderOf(query, 'u.place')} limit ${raw(String(most))}`
}

/** The columns that carry the values of asked-for fields. */
function valueColumns({ noun, extra }: Place, fields: readonly string[]): { columns: Fragment; joined: Fragment } {
  const ownOnes = fields.filter((name) => noun.columns.includes(name))
  const columns = ownOnes.map((name) => `, n.${name} as v_${name}`)
  if (fields.some((name) => own(extra, name))) columns.push(', r.extra as v_extra')
  const joined = ownOnes.length === 0 ? '' : `left join ${noun.table} n on n.company_id = r.company_id and n.id = r.id`
  return { columns: raw(columns.join('')), joined: raw(joined) }
}

/** A page as one statement: its keys, then the heads, names and values of just these. */
export function pageStatement(place: Place, query: ListQuery, narrow: Narrow, most: number): Statement {
  const keys = pageKeys(place.process, query, sightOf(place.process.name, place.ctx.actor), narrow, most)
  const { columns, joined } = valueColumns(place, query.fields)
  const statement = sql`
    with page as materialized (${keys})
    select ${rowColumns}, (p.place at time zone 'UTC')::text as place${columns}
    from page p join record r on r.id = p.id ${peopleJoins} ${joined}
    order by ${orderOf(query, 'p.place')}`
  return shaped('list', statement)
}

/** A page as rows, with the cursor after its last one. `process` is the effective definition. */
export function pageView(place: Place, query: ListQuery, rows: readonly (HeadRow & Row)[]): PageView {
  const shown = rows.slice(0, query.limit)
  const last = shown.at(-1)
  return {
    rows: shown.map((row): RowView => ({ ...rowView(place.ctx, place.process, row),
      ...(query.fields.length > 0 && { values: valuesOfRow(place, query.fields, row) }) })),
    cursor: rows.length > shown.length && last
      ? writeCursor(query.sort, { key: String(last.place), id: last.id }) : null,
  }
}

const valuesOfRow = (place: Place, fields: readonly string[], row: Row): Record<string, unknown> =>
  Object.fromEntries(fields.map((name) => [name, place.noun.columns.includes(name) ? row[`v_${name}`] ?? null
    : (row.v_extra as Record<string, unknown>)[name] ?? null]))

/** At most 1000 are counted, along the same indexes as a page: without an order the planner would take any other. */
export function countStatement(place: Place, query: ListQuery, narrow: Narrow): Statement {
  return shaped('count', sql`select count(*)::int as count from (${countedKeys(place, query, narrow)}) c`)
}

export const countedKeys = ({ process, ctx }: Place, query: ListQuery, narrow: Narrow): Fragment =>
  pageKeys(process, { ...query, sort: query.due === null ? '-opened' : 'due', after: null },
    sightOf(process.name, ctx.actor), narrow, countMost + 1)

export const countView = (count: number, most = countMost): CountView =>
  (count > most ? { count: most, capped: true } : { count, capped: false })

/**
 * The policy of several processes as one condition on `r`, to stand behind another index.
 *
 * @param processes absent: every one of the house
 */
export function seenAnywhere(house: House, actor: Actor, processes = Object.keys(house.processes)): Fragment {
  const all: string[] = []
  const parts: Fragment[] = []
  for (const process of processes) {
    const sight = sightOf(process, actor)
    if (sight === 'all') all.push(process)
    else if (sight !== 'none') parts.push(sql`(r.process = ${process}::text and ${sightCondition(sight)})`)
  }
  return sql`(${join([sql`r.process = any(${all}::text[])`, ...parts], ' or ')})`
}

/** The most rows that a value of a company's own field may have to be read from its own side. */
const extraProbeMost = 5000

/**
 * Ids that narrow a list beforehand. A value of a company's own field that few records have is read from its own index;
 * of one that many have the list meets enough on its way.
 */
export async function narrowByExtra(reader: Reader, process: string, query: ListQuery):
  Promise<readonly string[] | null> {
  for (const [name, value] of Object.entries(query.extra)) {
    const probe = sql`select x.record_id as id from extra_index x where x.process = ${process}::text
      and x.name = ${name}::text and ${extraValue(value)} limit ${raw(String(extraProbeMost + 1))}`
    const rows = await reader.query<{ id: string }>(shaped('extra', probe))
    if (rows.length <= extraProbeMost) return rows.map(({ id }) => id)
  }
  return null
}

