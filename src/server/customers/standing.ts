import { fail } from '../../engine/fields.ts'
import type { Refusal } from '../../engine/refusal.ts'
import type { Ctx } from '../context.ts'
import { type Reader, type Tx, sql } from '../db.ts'
import { limitsNow } from '../settings.ts'
import { addMonths } from '../../processes/customers/warranty.ts'
import { dateIn } from '../company-time.ts'

/**
 * Is the customer that a form names one to deal with? An archived or merged one is not. The row is held, so that it
 * cannot be merged away before this act is done.
 *
 * @param field the field of the form, for the refusal
 */
export async function refuseUnlessActive(tx: Tx, customer: unknown, field: string): Promise<Refusal | null> {
  const [row] = await tx.query<{ kind: string }>(sql`
    select id, kind from record where id = any(${[customer]}::uuid[]) and process = 'customer' for share`.named('customer_standing'))
  return row?.kind === 'active' ? null : { code: 'bad_input', fields: [fail(field, row ? 'not_an_option'
    : 'unknown_record')] }
}

/** Which of these customers have cases that are not done? Their machines and places do not count. */
export async function withOpenCases(reader: Reader, column: 'customer' | 'machine', ids: readonly string[]):
  Promise<ReadonlyMap<string, { has_open_cases: boolean }>> {
  const rows = await reader.query<{ id: string; open: boolean }>(column === 'customer' ? sql`
    select i.id, exists (select from record r where r.customer = i.id and r.kind in ('active', 'waiting')
      and r.process <> 'machine' and r.process <> 'site') as open from unnest(${ids}::uuid[]) as i (id)`.named('open_of_customer') : sql`
    select i.id, exists (select from record r where r.machine = i.id and r.kind in ('active', 'waiting')) as open
    from unnest(${ids}::uuid[]) as i (id)`.named('open_of_machine'))
  return new Map(rows.map(({ id, open }) => [id, { has_open_cases: open }]))
}

/** What belongs to the file of a customer and is no contact with them. */
const fileOnly = ['machine', 'site', 'document', 'publication', 'visit_plan', 'contract'] as const

/** When they were last dealt with, ms: the newest case of theirs; null when there is none. */
export async function lastContact(reader: Reader, customer: string): Promise<number | null> {
  const [row] = await reader.query<{ at: string }>(sql`
    select r.opened_at as at from record r where r.customer = ${customer}::uuid and r.process <> 'machine'
      and r.process <> all(${fileOnly}::text[])
    order by r.opened_at desc, r.id desc limit 1`.named('last_contact'))
  return row ? Date.parse(row.at) : null
}

/** Open cases of customers, and whether nothing was heard of them for as long as the company's setting says. */
export async function withCustomerFacts(ctx: Ctx, reader: Reader, ids: readonly string[]):
  Promise<ReadonlyMap<string, { has_open_cases: boolean; is_silent: boolean }>> {
  const [open, rows, limits] = await Promise.all([withOpenCases(reader, 'customer', ids),
    reader.query<{ id: string; at: string }>(sql`
      select i.id, coalesce((select r.opened_at from record r
          where r.customer = i.id and r.process <> 'machine'
            and r.process <> all(${fileOnly}::text[])
          order by r.opened_at desc, r.id desc limit 1), c.opened_at) as at
      from unnest(${ids}::uuid[]) as i (id) join record c on c.id = i.id`.named('last_contacts')),
    limitsNow(ctx, reader)])
  const months = limits['customer.lost_months']
  const zone = ctx.company.time_zone
  const today = dateIn(zone, ctx.now)
  const silent = (at: string) => months !== undefined && addMonths(dateIn(zone, Date.parse(at)), months) <= today
  return new Map(rows.map(({ id, at }) => [id, { is_silent: silent(at), has_open_cases: false, ...open.get(id) }]))
}
