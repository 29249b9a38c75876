import type { Ctx } from '../context.ts'
import { type Reader, sql } from '../db.ts'
import { stateView } from '../record-view.ts'
import { type Effective } from '../settings.ts'
import type { CaseView, OwedView, SiteView } from '../views.ts'
import { type CaseRow, caseColumns, caseView, namedByText, notCases, visible } from './visible.ts'

/** What stands beside the timeline on the page of a customer: places, what is due next, what is not paid. */

const sitesMost = 50
const dueMost = 8
/** Open cases read at most for what is due, and heads read at most for what is owed. */
const openRead = 1000
const owedRead = 1000

type SiteRow = Omit<SiteView, 'state'> & { state: string }

export async function readSites(ctx: Ctx, reader: Reader, settings: Effective, customer: string): Promise<SiteView[]> {
  const process = settings.definitions.site
  if (!process) return []
  const rows = await reader.query<SiteRow>(sql`
    select r.id, r.number, r.state, s.name, s.address, s.zone, s.coordinates, s.latitude, s.longitude, s.person, s.phone,
      s.entry, s.remark
    from record r join site s on s.company_id = r.company_id and s.id = r.id
    where r.customer = ${customer}::uuid and r.process = 'site'
      and r.process in ('care_visit', 'visit_plan', 'call_back', 'complaint', 'opinion', 'publication', 'document',
        'contract', 'site')
    order by r.opened_at desc, r.id desc limit ${sitesMost}`.named('file_sites'))
  return rows.map(({ state, ...row }) => ({ ...row, state: stateView(ctx, process, state) }))
}

/** The open cases of these customers that are due first. */
export async function readDue(ctx: Ctx, reader: Reader, settings: Effective, ids: readonly string[]): Promise<CaseView[]> {
  const rows = await reader.query<CaseRow>(namedByText(sql`
    select ${caseColumns} from unnest(${ids}::uuid[]) as i (id)
    cross join lateral (select n.* from record n where n.customer = i.id and n.kind in ('active', 'waiting')
      and n.process <> 'machine' order by n.opened_at desc, n.id desc limit ${openRead}) r
    where r.next_due_at is not null and ${visible(ctx, settings, notCases)}
    order by r.next_due_at, r.id limit ${dueMost}`, 'file_due'))
  return rows.map((row) => caseView(ctx, settings.definitions, row))
}

/** What is on the monthly account and not paid, among the newest orders. Money in fen. Source: S4-172, G12. */
export async function readOwed(reader: Reader, ids: readonly string[]): Promise<OwedView> {
  const [row] = await reader.query<{ fen: number; orders: number }>(sql`
    select coalesce(sum(o.agreed_fen), 0)::bigint as fen, count(*)::int as orders
    from unnest(${ids}::uuid[]) as i (id)
    cross join lateral (select n.id, n.company_id from record n where n.customer = i.id and n.process = 'repair_order'
      and n.process <> 'machine'
      order by n.opened_at desc, n.id desc limit ${owedRead}) r
    join repair_order o on o.company_id = r.company_id and o.id = r.id and o.payment_way = 'monthly'
      and o.paid_fen is null and o.agreed_fen > 0`.named('file_owed'))
  return { fen: row?.fen ?? 0, orders: row?.orders ?? 0 }
}
