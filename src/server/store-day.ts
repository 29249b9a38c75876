import type { Ctx } from './context.ts'
import { type Reader, sql } from './db.ts'
import { sightOf } from './policy.ts'
import { stateView } from './record-view.ts'
import type { StoreDayView } from './views.ts'

/** What waits in the store, by process and state, in the order in which a day goes through it. */
const queues: readonly (readonly [string, string])[] = [
  ['part_request', 'requested'], ['part_request', 'consented'], ['part_request', 'arrived'],
  ['part_request', 'out_of_stock'], ['part_request', 'ordered'], ['part_request', 'issued'],
  ['purchase', 'requested'], ['purchase', 'ordered'], ['purchase', 'arrived'], ['stock_count', 'counting']]
/** Rows of one queue; the longest waiting come first. */
const queueMost = 50

type Row = { id: string; process: string; number: string; seq: number; title: string; state: string
  next_due_at: string | null; opened_at: string; changed_at: string; engineer: string | null; supplier: string | null
  eta: string | null; place: string | null; case_id: string | null; case_process: string | null
  case_number: string | null; case_title: string | null; customer: string | null }
type LineRow = { record: string; part: string; part_number: string; name: string; bin: string | null; quantity: number
  in_store: number }

/**
 * The storekeeper's day: what is asked for, to be handed out, on its way, to be checked and to be counted.
 *
 * @returns null when requests and orders of everybody are not for this reader
 */
export async function readStoreDay(ctx: Ctx, reader: Reader): Promise<StoreDayView | null> {
  if (sightOf('part_request', ctx.actor) !== 'all' || sightOf('purchase', ctx.actor) !== 'all') return null
  const { processes } = ctx.app.house
  const counts = sightOf('stock_count', ctx.actor) === 'all'
  const wanted = queues.filter(([process]) => processes[process] && (process !== 'stock_count' || counts))
  const rows = await reader.query<Row>(sql`
    select r.id, r.process, r.number, r.seq, r.title, r.state, r.next_due_at, r.opened_at, r.changed_at,
      m.name as engineer, b.supplier, b.eta, k.place, o.id as case_id, o.process as case_process,
      o.number as case_number, o.title as case_title, c.name as customer
    from unnest(${wanted.map(([process]) => process)}::text[], ${wanted.map(([, state]) => state)}::text[])
        w (process, state)
      cross join lateral (select * from record h where h.process = w.process and h.state = w.state
        order by h.opened_at, h.id limit ${queueMost}) r
      -- One by one: there are hundreds at most, whatever was asked for in all the years.
      left join lateral (select x.company_id, x.engineer from part_request x
        where x.company_id = r.company_id and x.id = r.id limit 1) q on true
      left join member m on m.company_id = q.company_id and m.id = q.engineer
      left join lateral (select x.supplier, x.eta from purchase x
        where x.company_id = r.company_id and x.id = r.id limit 1) b on true
      left join stock_count k on k.company_id = r.company_id and k.id = r.id
      left join record o on o.company_id = r.company_id and o.id = r.root and o.id <> r.id
      left join customer c on c.company_id = o.company_id and c.id = o.customer`.named('store_day'))
  const lines = await linesOf(reader, rows.filter(({ process }) => process !== 'stock_count').map(({ id }) => id))
  const byRecord = new Map<string, Omit<LineRow, 'record'>[]>()
  for (const { record, ...line } of lines) byRecord.set(record, [...byRecord.get(record) ?? [], line])
  return { queueMost, rows: rows.map(({ case_id, case_process, case_number, case_title, customer, state, ...row }) => ({
    ...row, state: stateView(ctx, processes[row.process]!, state),
    case: case_id === null ? null
      : { id: case_id, process: case_process!, number: case_number!, title: case_title!, customer },
    lines: byRecord.get(row.id) ?? [] })) }
}

/** The parts that requests and orders name, with their place on the shelf and what is left there. */
const linesOf = async (reader: Reader, ids: readonly string[]): Promise<LineRow[]> => (ids.length === 0 ? []
  : reader.query<LineRow>(sql`
    select l.record, p.id as part, p.part_number, p.name, p.bin, l.quantity, coalesce(b.quantity, 0) as in_store
    from (select q.id as record, (x->>'part')::uuid as part, (x->>'quantity')::bigint as quantity
          from unnest(${ids}::uuid[]) i (id) cross join lateral (select * from part_request o where o.id = i.id limit 1) q,
            jsonb_array_elements(q.lines) x
        union all select u.id, (x->>'part')::uuid, (x->>'quantity')::bigint
          from unnest(${ids}::uuid[]) i (id) cross join lateral (select * from purchase o where o.id = i.id limit 1) u,
            jsonb_array_elements(u.lines) x) l
      cross join lateral (select * from part o where o.company_id = current_company() and o.id = l.part limit 1) p
      left join stock_balance b on b.company_id = p.company_id and b.part = p.id and b.place = 'store'
    order by l.record, p.bin nulls last, p.part_number`.named('store_lines')))
