import { fail } from '../../engine/fields.ts'
import type { Refusal } from '../../engine/refusal.ts'
import { type Reader, type Tx, sql } from '../db.ts'

/**
 * Is the customer that a form names one to deal with? An archived or merged one is not. The row is held, so that it
 * cannot be merged away before this act is done.
 *
 * @param field the field of the form, for the refusal
 */
export async function refuseUnlessActive(tx: Tx, customer: unknown, field: string): Promise<Refusal | null> {
  const [row] = await tx.query<{ kind: string }>(sql`
    select kind from record where id = ${customer}::uuid and process = 'customer' for share`.named('customer_standing'))
  return row?.kind === 'active' ? null : { code: 'bad_input', fields: [fail(field, row ? 'not_an_option'
    : 'unknown_record')] }
}

/** Which of these customers have cases that are not done? Their machines do not count. */
export async function withOpenCases(reader: Reader, column: 'customer' | 'machine', ids: readonly string[]):
  Promise<ReadonlyMap<string, { has_open_cases: boolean }>> {
  const rows = await reader.query<{ id: string; open: boolean }>(column === 'customer' ? sql`
    select i.id, exists (select from record r where r.customer = i.id and r.kind in ('active', 'waiting')
      and r.process <> 'machine') as open from unnest(${ids}::uuid[]) as i (id)`.named('open_of_customer') : sql`
    select i.id, exists (select from record r where r.machine = i.id and r.kind in ('active', 'waiting')) as open
    from unnest(${ids}::uuid[]) as i (id)`.named('open_of_machine'))
  return new Map(rows.map(({ id, open }) => [id, { has_open_cases: open }]))
}
