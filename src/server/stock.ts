import { uuidv7 } from 'uuidv7'
import { fail } from '../engine/fields.ts'
import type { FieldProblem, Refusal } from '../engine/refusal.ts'
import type { WordKey } from '../words/zh.ts'
import type { Ctx } from './context.ts'
import { type Reader, type Tx, sql } from './db.ts'
import type { Act } from './records/noun.ts'
import { effectiveSettings, readCompanyNow } from './settings.ts'

/**
 * The ledger of spare parts (配件收发登记, S4-170). A piece is always somewhere; it moves by a row that is never touched
 * again, and what lies in a place changes only together with such a row. Quantities are thousandths of a piece.
 */

/** Places are known by key: store, used_store, peer, supplier, customer, scrap, difference, hands:<member id>. */
export const handsOf = (member: string): string => `hands:${member}`

/** Inside the company: these have a balance. Of the world outside only the flow is known. */
const holds = (place: string): boolean =>
  place === 'store' || place === 'used_store' || place === 'peer' || place.startsWith('hands:')

/** One movement. `old`: a part taken out of a machine, with its tag and condition. */
export type Move = { part: string; from: string; to: string; quantity: number; old?: boolean; tag?: string
  note?: string }

type Balance = { part: string; place: string; quantity: number }
type Place = Omit<Balance, 'quantity'>

const keyOf = ({ part, place }: Place): string => `${part} ${place}`

/** «1.5» for 1500 thousandths. */
export const quantityText = (thousandths: number): string => String(thousandths / 1000)

/** A place in the reader's language; whose hands they are is said by the caller. */
export const placeText = (ctx: Ctx, place: string): string =>
  ctx.words.say(`place.${place.split(':')[0]}` as WordKey)

/**
 * Moves pieces inside the transaction of an act. The rows of stock are locked by part and place, after the case, so
 * that two who want the last piece come one after the other.
 *
 * @returns null; or the refusal that names the part and what is left of it, then nothing must be written
 */
export async function moveStock(ctx: Ctx, tx: Tx, act: Act, moves: readonly Move[]): Promise<Refusal | null> {
  if (moves.length === 0) return null
  const touched = new Map<string, Place>()
  for (const { part, from, to } of moves) {
    for (const place of [from, to]) if (holds(place)) touched.set(keyOf({ part, place }), { part, place })
  }
  const left = await lockBalances(tx, [...touched.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)),
    [...new Set(moves.flatMap(({ from, to }) => [from, to]))].sort())
  const lacking = shortage(moves, left)
  if (lacking) return refusal(ctx, tx, lacking)
  const rows = moves.map((move, index) => ({ id: uuidv7(), part: move.part, from_place: move.from, to_place: move.to,
    quantity: move.quantity, from_left: changed(left, { part: move.part, place: move.from }, -move.quantity),
    to_left: changed(left, { part: move.part, place: move.to }, move.quantity), old: move.old ?? false,
    tag: move.tag ?? null, note: move.note ?? null, n: index + 1 }))
  const balances = [...touched.values()].map((place) => ({ ...place, quantity: left.get(keyOf(place))! }))
  await tx.query(sql`
    with moved as (
      insert into stock_move (company_id, id, part, from_place, to_place, quantity, from_left, to_left, old, tag, note,
        record_id, seq, n, at)
      select current_company(), m.id, m.part, m.from_place, m.to_place, m.quantity, m.from_left, m.to_left, m.old,
        m.tag, m.note, ${act.id}::uuid, ${act.seq}::int, m.n, ${act.at}::timestamptz
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as m (id uuid, part uuid, from_place text, to_place text,
        quantity bigint, from_left bigint, to_left bigint, old boolean, tag text, note text, n int))
    update stock_balance b set quantity = x.quantity
    from jsonb_to_recordset(${JSON.stringify(balances)}::jsonb) as x (part uuid, place text, quantity bigint)
    where b.part = x.part and b.place = x.place`.named('move_stock'))
  return null
}

/** What lies in each place, with its row locked; a place that nothing has touched yet holds nothing. */
async function lockBalances(tx: Tx, touched: readonly Place[], places: readonly string[]):
  Promise<Map<string, number>> {
  const parts = touched.map(({ part }) => part)
  const keys = touched.map(({ place }) => place)
  void tx.query(sql`
    insert into place (company_id, key, kind, member)
    select current_company(), p.key, split_part(p.key, ':', 1), nullif(split_part(p.key, ':', 2), '')::uuid
    from unnest(${places}::text[]) p (key) on conflict do nothing`.named('make_places'))
  void tx.query(sql`
    insert into stock_balance (company_id, part, place, quantity)
    select current_company(), b.part, b.place, 0 from unnest(${parts}::uuid[], ${keys}::text[]) b (part, place)
    on conflict do nothing`.named('make_balances'))
  const rows = await tx.query<Balance>(sql`
    select b.part, b.place, b.quantity from stock_balance b
    join unnest(${parts}::uuid[], ${keys}::text[]) t (part, place) on b.part = t.part and b.place = t.place
    order by b.part, b.place collate "C" for update of b`.named('lock_balances'))
  return new Map(rows.map((row) => [keyOf(row), row.quantity]))
}

type Shortage = Place & { left: number; wanted: number }

/** The first part of which more is taken from a place than lies there, all movements together. */
function shortage(moves: readonly Move[], left: ReadonlyMap<string, number>): Shortage | null {
  const wanted = new Map<string, Shortage>()
  for (const { part, from, quantity } of moves) {
    if (!holds(from)) continue
    const key = keyOf({ part, place: from })
    const sum = (wanted.get(key)?.wanted ?? 0) + quantity
    wanted.set(key, { part, place: from, left: left.get(key) ?? 0, wanted: sum })
  }
  return [...wanted.values()].find((one) => one.wanted > one.left) ?? null
}

async function refusal(ctx: Ctx, tx: Tx, { part, place, left, wanted }: Shortage): Promise<Refusal> {
  const [row] = await tx.query<{ title: string }>(sql`select title from record where id = ${part}`.named('part_title'))
  return { code: 'not_enough', params: { part: row?.title ?? part, place: placeText(ctx, place),
    left: quantityText(left), wanted: quantityText(wanted) } }
}

/** Changes what is left in a place that holds; null for the world outside. */
function changed(left: Map<string, number>, place: Place, by: number): number | null {
  const key = keyOf(place)
  if (!left.has(key)) return null
  left.set(key, left.get(key)! + by)
  return left.get(key)!
}

export type PartRow = { id: string; part_number: string; name: string; price_fen: number | null; state: string }

/** A row of a form that names a part and how many, in thousandths. */
export type PartLine = { part: string; quantity: number } & Readonly<Record<string, unknown>>

export const linesOf = (value: unknown): readonly PartLine[] => (Array.isArray(value) ? value as PartLine[] : [])

/**
 * The parts that the rows of a form name. A part that is not there, or is no longer kept, is named by its row.
 *
 * @param field name of the field of rows, for the problems
 */
export async function partsIn(tx: Tx, field: string, lines: readonly PartLine[]):
  Promise<{ parts: ReadonlyMap<string, PartRow>; problems: readonly FieldProblem[] }> {
  const ids = [...new Set(lines.map(({ part }) => part))]
  const rows = ids.length === 0 ? [] : await tx.query<PartRow>(sql`
    select p.id, p.part_number, p.name, p.price_fen, r.state from part p
    join record r on r.company_id = p.company_id and r.id = p.id where p.id = any(${ids}::uuid[])`.named('parts_in'))
  const parts = new Map(rows.map((row) => [row.id, row]))
  const problems = lines.flatMap(({ part }, index) => {
    const known = parts.get(part)
    if (!known) return [fail(`${field}.${index}.part`, 'unknown_record')]
    return known.state === 'withdrawn' ? [fail(`${field}.${index}.part`, 'not_an_option')] : []
  })
  return { parts, problems }
}

/** «RM1-2096 加热组件 等 3 项». */
export function summaryOf(lines: readonly PartLine[], parts: ReadonlyMap<string, PartRow>): string {
  const first = parts.get(lines[0]?.part ?? '')
  const name = first ? `${first.part_number} ${first.name}` : ''
  return lines.length > 1 ? `${name} 等 ${lines.length} 项` : name
}

/** A figure of the company's settings as it holds now, or null where the company has none. */
export async function limitOf(ctx: Ctx, reader: Reader, name: string): Promise<number | null> {
  const { profile, revision } = await readCompanyNow(reader)
  const { limits } = await effectiveSettings(ctx.app, reader, ctx.company.id, profile, revision)
  return limits[name] ?? null
}

/** What lies in a place of some parts, by part. Not locked: for showing, and for what is compared later. */
export async function balancesAt(reader: Reader, place: string, parts: readonly string[]):
  Promise<ReadonlyMap<string, number>> {
  const rows = await reader.query<Balance>(sql`
    select part, quantity from stock_balance where place = ${place} and part = any(${parts}::uuid[])`
    .named('balances_at'))
  return new Map(rows.map((row) => [row.part, row.quantity]))
}

export type Held = { part: string; quantity: number }

const net = sql`sum(case when m.to_place like 'hands:%' then m.quantity else 0 end)
  - sum(case when m.from_place like 'hands:%' then m.quantity else 0 end)`

/** By part request: what was issued and is neither used nor brought back. Requests that hold nothing are absent. */
export async function heldBy(reader: Reader, requests: readonly string[]):
  Promise<ReadonlyMap<string, readonly Held[]>> {
  const rows = await reader.query<Held & { request: string }>(sql`
    select m.record_id as request, m.part, (${net})::bigint as quantity from stock_move m
    where m.record_id = any(${requests}::uuid[]) group by m.record_id, m.part having ${net} <> 0
    order by m.record_id, m.part`.named('held_by'))
  const held = new Map<string, Held[]>()
  for (const { request, ...one } of rows) held.set(request, [...held.get(request) ?? [], one])
  return held
}

/** Spare parts of one case: what its repair order asks before it goes on. */
export type PartsOfCase = {
  /** Thousandths issued that are neither used nor brought back. */
  outstanding_quantity: number
  /** Requests that are still under way. */
  requests_open: number
  /** Orders from suppliers that were not called off: two without success escalate the case (S4-217). */
  orders_count: number
  /** Requests of which something is still in somebody's hands (S4-211). */
  unsettled: number
}

/**
 * Spare parts of many cases at once, one statement. A case without any is in the map with zeros.
 *
 * @param roots ids of the root records (repair orders)
 */
export async function partsOfCases(reader: Reader, roots: readonly string[]):
  Promise<ReadonlyMap<string, PartsOfCase>> {
  const rows = await reader.query<PartsOfCase & { root: string }>(sql`
    with kin as (
      select r.id, r.root, r.process, r.kind from record r
      where r.root = any(${roots}::uuid[]) and r.process in ('part_request', 'purchase')),
    held as (
      select k.root, k.id, ${net} as quantity from kin k join stock_move m on m.record_id = k.id
      where k.process = 'part_request' group by k.root, k.id)
    select k.root,
      count(*) filter (where k.process = 'part_request' and k.kind in ('active', 'waiting'))::int as requests_open,
      count(*) filter (where k.process = 'purchase' and k.kind <> 'void')::int as orders_count,
      coalesce((select sum(h.quantity) from held h where h.root = k.root), 0)::bigint as outstanding_quantity,
      (select count(*) from held h where h.root = k.root and h.quantity <> 0)::int as unsettled
    from kin k group by k.root`.named('parts_of_cases'))
  const none: PartsOfCase = { outstanding_quantity: 0, requests_open: 0, orders_count: 0, unsettled: 0 }
  const found = new Map(rows.map(({ root, ...parts }) => [root, parts]))
  return new Map(roots.map((root) => [root, found.get(root) ?? none]))
}

/** What should hold of the ledger, for the doctor: each query returns the rows that are wrong, with a column `what`. */
export const stockChecks: readonly { check: string; sql: string }[] = [
  { check: 'what lies in a place is the sum of its movements', sql: `
      with flow as (
        select company_id, part, to_place as place, quantity from stock_move
        union all select company_id, part, from_place, -quantity from stock_move),
      summed as (
        select f.company_id, f.part, f.place, sum(f.quantity) as quantity from flow f
        join place p on p.company_id = f.company_id and p.key = f.place
        where p.kind in ('store', 'used_store', 'peer', 'hands') group by f.company_id, f.part, f.place)
      select coalesce(s.company_id, b.company_id) || ':' || coalesce(s.part, b.part) || ' '
        || coalesce(s.place, b.place) as what
      from summed s full join stock_balance b
        on b.company_id = s.company_id and b.part = s.part and b.place = s.place
      where coalesce(s.quantity, 0) <> coalesce(b.quantity, 0)` },
]
