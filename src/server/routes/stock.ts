import type { FastifyReply, FastifyRequest } from 'fastify'
import { fail, isUuid } from '../../engine/fields.ts'
import type { FieldProblem } from '../../engine/refusal.ts'
import { labelOf, sendRefusal } from '../answer.ts'
import type { Ctx } from '../context.ts'
import { type Fragment, type Reader, type Statement, join, sql } from '../db.ts'
import { type Routes, ctxOf } from '../http.ts'
import { sightOf } from '../policy.ts'
import { seenFields } from '../seen.ts'
import { limitOf, placeText } from '../stock.ts'
import { readStoreDay } from '../store-day.ts'
import type { MovePageView, MoveView, PlaceView, StockPageView, StockRowView } from '../views.ts'

const pageSize = 50
const queryMost = 24
const fewMost = 2000
/** After every text that begins with the query: keys are compared byte by byte. */
const beyond = '\u{10ffff}'
const placeKey = /^(store|used_store|peer|supplier|customer|scrap|difference|hands:[0-9a-f-]{36})$/

type StockQuery = { q?: string; place?: string; low?: string; after?: string }
type MoveQuery = { before?: string }

/** The parts store: what lies where, what is low, and every movement. */
export const stockRoutes: Routes = (server, app) => {
  server.get<{ Querystring: StockQuery }>('/api/stock', async (request, reply) => {
    const ctx = ctxOf(request)
    if (sightOf('part', ctx.actor) !== 'all') return sendRefusal(request, reply, { code: 'not_found' })
    const wish = wishOf(request.query)
    if ('problems' in wish) return badQuery(ctx, request, reply, wish.problems)
    return app.db.read(ctx.company.id, (reader) => stockPage(ctx, reader, wish))
  })

  server.get('/api/stock/day', async (request, reply) => {
    const ctx = ctxOf(request)
    const view = await app.db.read(ctx.company.id, (reader) => readStoreDay(ctx, reader))
    return view ?? sendRefusal(request, reply, { code: 'not_found' })
  })

  server.get<{ Querystring: MoveQuery }>('/api/stock/old-parts', (request, reply) =>
    moves(request, reply, sql`m.old`, 'old'))

  server.get<{ Params: { part: string }; Querystring: MoveQuery }>('/api/stock/:part/moves', (request, reply) => {
    const { part } = request.params
    return isUuid(part) ? moves(request, reply, sql`m.part = ${part}`, 'part')
      : sendRefusal(request, reply, { code: 'not_found' })
  })

  async function moves(request: FastifyRequest<{ Querystring: MoveQuery }>, reply: FastifyReply, which: Fragment,
    name: string): Promise<MovePageView | FastifyReply> {
    const ctx = ctxOf(request)
    if (sightOf('part', ctx.actor) !== 'all') return sendRefusal(request, reply, { code: 'not_found' })
    const { before } = request.query
    if (before !== undefined && !isUuid(before)) {
      return badQuery(ctx, request, reply, [fail('before', 'bad_format')])
    }
    return app.db.read(ctx.company.id, (reader) => movePage(ctx, reader, which, name, before ?? null))
  }
}

const badQuery = (ctx: Ctx, request: FastifyRequest, reply: FastifyReply, fields: readonly FieldProblem[]) =>
  sendRefusal(request, reply, { code: 'bad_input', fields }, { process: ctx.app.house.processes.part! })

type Wish = { key: string | null; place: string | null; low: boolean; after: { number: string; id: string } | null }

/** The question as it was asked, or what is wrong with it. A cursor is 'id.number' of the last row shown. */
function wishOf({ q = '', place, low, after }: StockQuery): Wish | { problems: FieldProblem[] } {
  const key = q.normalize('NFKC').trim().toLowerCase()
  const [id = '', ...number] = (after ?? '').split('.')
  const problems = [
    ...[...key].length > queryMost ? [fail('q', 'too_long', { max: queryMost, length: [...key].length })] : [],
    ...place !== undefined && !placeKey.test(place) ? [fail('place', 'not_an_option')] : [],
    ...low !== undefined && low !== '1' ? [fail('low', 'not_an_option')] : [],
    ...after !== undefined && (!isUuid(id) || number.length === 0) ? [fail('after', 'bad_format')] : [],
  ]
  return problems.length > 0 ? { problems } : { key: key || null, place: place ?? null, low: low === '1',
    after: after === undefined ? null : { id, number: number.join('.') } }
}

type PartOnList = Omit<StockRowView, 'balances' | 'costly' | 'low'> & { cost_fen: number | null; in_store: number }

async function stockPage(ctx: Ctx, reader: Reader, wish: Wish): Promise<StockPageView> {
  const few = await fewParts(reader, wish)
  const [found, costly] = await Promise.all([reader.query<PartOnList>(partsStatement(wish, few)),
    limitOf(ctx, reader, 'parts.costly_fen')])
  const rows = found.slice(0, pageSize)
  const balances = await balancesOf(ctx, reader, rows.map(({ id }) => id))
  const sees = seenFields(ctx.app.house.processes.part!, ctx.actor)
  const last = rows.at(-1)
  return {
    rows: rows.map(({ cost_fen, in_store, ...row }) => ({ ...row, ...(sees('cost_fen') && { cost_fen }),
      costly: costly !== null && row.price_fen !== null && row.price_fen >= costly,
      low: row.minimum !== null && in_store < row.minimum, balances: balances.get(row.id) ?? [] })),
    cursor: found.length > pageSize && last ? `${last.id}.${last.part_number}` : null,
  }
}

const keyed = (key: string) => sql`k.key >= ${key} collate "C" and k.key < ${key + beyond} collate "C"`

/** Parts that a word or a place leaves, where they are few enough to begin with them; of those that are many a page is full soon. */
async function fewParts(reader: Reader, { key, place }: Wish): Promise<{ key: string[] | null; place: string[] | null }> {
  const few = async (wanted: Statement | null) => {
    const rows = wanted === null ? [] : await reader.query<{ part: string }>(wanted)
    return wanted === null || rows.length > fewMost ? null : [...new Set(rows.map(({ part }) => part))]
  }
  const [byKey, byPlace] = await Promise.all([
    few(key === null ? null : sql`
      select k.part from part_key k where ${keyed(key)}
      order by k.key, k.part limit ${fewMost + 1}::int`.named('parts_keyed')),
    few(place === null ? null : sql`select b.part from stock_balance b where b.place = ${place} and b.quantity > 0
      order by b.part limit ${fewMost + 1}::int`.named('parts_placed'))])
  return { key: byKey, place: byPlace }
}

/**
 * One row more than a page, so that its end is known. Each condition is served by an index of its own; those of many parts
 * are asked part by part (`offset 0` keeps the planner from gathering them all first).
 */
function partsStatement({ key, place, low, after }: Wish, few: { key: string[] | null; place: string[] | null }): Statement {
  const among = (ids: readonly string[]) => sql`p.id = any(${ids}::uuid[])`
  const conditions = [sql`true`,
    ...key === null ? [] : [few.key ? among(few.key) : sql`exists (select from part_key k where k.part = p.id and ${keyed(key)} offset 0)`],
    ...place === null ? [] : [few.place ? among(few.place) : sql`exists (select from stock_balance b
      where b.part = p.id and b.place = ${place} and b.quantity > 0 offset 0)`],
    ...low ? [sql`p.minimum is not null and p.minimum > coalesce((select b.quantity from stock_balance b
      where b.part = p.id and b.place = 'store'), 0) and r.state = 'active'`] : [],
    ...after === null ? [] : [sql`
      (p.part_number collate "C", p.id) > (${after.number} collate "C", ${after.id}::uuid)`],
  ]
  const shape = [key !== null && (few.key ? 'k' : 'K'), place !== null && (few.place ? 'p' : 'P'), low && 'l',
    after !== null && 'a'].filter(Boolean).join('')
  return sql`
    select p.id, r.number, p.part_number, p.name, p.fits, p.part_kind, p.price_fen, p.cost_fen, p.bin, p.minimum,
      r.state, coalesce((select b.quantity from stock_balance b where b.part = p.id and b.place = 'store'), 0) as in_store
    from part p join record r on r.company_id = p.company_id and r.id = p.id
    where ${join(conditions, ' and ')}
    order by p.part_number collate "C", p.id limit ${pageSize + 1}`.named(`stock_page:${shape}`)
}

type PlacedRow = { part: string; place: string; member_name: string | null; quantity: number }

/** Where pieces of some parts lie, the store first; empty places are left out. */
async function balancesOf(ctx: Ctx, reader: Reader, parts: readonly string[]):
  Promise<ReadonlyMap<string, readonly StockRowView['balances'][number][]>> {
  const rows = parts.length === 0 ? [] : await reader.query<PlacedRow>(sql`
    select b.part, b.place, b.quantity, m.name as member_name from stock_balance b
    join place p on p.company_id = b.company_id and p.key = b.place
    left join member m on m.company_id = p.company_id and m.id = p.member
    where b.part = any(${parts}::uuid[]) and b.quantity > 0
    order by b.part, b.place = 'store' desc, b.place = 'used_store' desc, m.name, b.place`.named('balances_of'))
  const found = new Map<string, StockRowView['balances'][number][]>()
  for (const { part, place, member_name, quantity } of rows) {
    found.set(part, [...found.get(part) ?? [], { place: placeView(ctx, place, member_name), quantity }])
  }
  return found
}

const placeView = (ctx: Ctx, key: string, name: string | null): PlaceView =>
  ({ key, label: name ?? placeText(ctx, key) })

type MoveRow = Omit<MoveView, 'from' | 'to' | 'record' | 'who' | 'case'> & { from_place: string; to_place: string
  from_name: string | null; to_name: string | null; record_id: string; process: string; number: string
  action: string; who: string | null; root: string; root_process: string; root_number: string }

/** The ledger, newest first. `before`: the last movement of the page before. */
async function movePage(ctx: Ctx, reader: Reader, which: Fragment, name: string, before: string | null):
  Promise<MovePageView> {
  const found = await reader.query<MoveRow>(sql`
    select m.id, m.part, p.part_number, p.name as part_name, m.at, m.from_place, m.to_place, m.quantity, m.from_left,
      m.to_left, m.old, m.tag, m.note, m.record_id, e.process, r.number, e.action, w.name as who,
      o.id as root, o.process as root_process, o.number as root_number, fm.name as from_name, tm.name as to_name
    from stock_move m
    join part p on p.company_id = m.company_id and p.id = m.part
    join event e on e.company_id = m.company_id and e.record_id = m.record_id and e.seq = m.seq
    join record r on r.company_id = m.company_id and r.id = m.record_id
    join record o on o.company_id = r.company_id and o.id = r.root
    join place f on f.company_id = m.company_id and f.key = m.from_place
    join place t on t.company_id = m.company_id and t.key = m.to_place
    left join member fm on fm.company_id = f.company_id and fm.id = f.member
    left join member tm on tm.company_id = t.company_id and tm.id = t.member
    left join member w on w.company_id = e.company_id and w.id = coalesce(e.actor_id, e.on_behalf_of)
    where ${which} and (${before}::uuid is null or m.id < ${before}::uuid)
    order by m.id desc limit ${pageSize + 1}`.named(`moves:${name}`))
  const rows = found.slice(0, pageSize)
  return { rows: rows.map((row) => moveView(ctx, row)),
    cursor: found.length > pageSize ? rows.at(-1)!.id : null }
}

function moveView(ctx: Ctx, row: MoveRow): MoveView {
  const { from_place, to_place, from_name, to_name, record_id, process, number, action, who, root, root_process,
    root_number, ...move } = row
  const definition = ctx.app.house.processes[process]
  return { ...move, from: placeView(ctx, from_place, from_name), to: placeView(ctx, to_place, to_name),
    who: who ?? ctx.words.say('label.system'),
    record: { id: record_id, process, number,
      label: definition ? labelOf(ctx.words, definition, `action.${action}`) : action },
    case: root === record_id ? null : { id: root, process: root_process, number: root_number } }
}
