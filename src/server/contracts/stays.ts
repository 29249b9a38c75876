import { uuidv7 } from 'uuidv7'
import { fail } from '../../engine/fields.ts'
import type { Refusal } from '../../engine/refusal.ts'
import { type Reader, type Tx, sql } from '../db.ts'
import type { Act } from '../records/noun.ts'
import { plusDays } from './days.ts'

/** At which site of its customer a machine stands, and since when. Written by actions of the machine only. */

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

/** Of these sites, those that are in use and belong to this customer. */
export async function sitesOf(reader: Reader, sites: readonly string[], customer: string | null): Promise<Set<string>> {
  if (sites.length === 0) return new Set()
  const rows = await reader.query<{ id: string }>(sql`
    select id from record where id = any(${sites}::uuid[]) and process = 'site' and kind = 'active'
      and customer = ${customer}::uuid`.named('sites_of_customer'))
  return new Set(rows.map(({ id }) => id))
}

/**
 * From a day on it stands where the form says; a form that names no site leaves nothing behind.
 *
 * @param since 'YYYY-MM-DD'; null: as long as anybody knows
 */
export async function beginStay(tx: Tx, act: Act, since: string | null): Promise<Refusal | null> {
  const site = text(act.input.site)
  if (site === null) return null
  const own = await sitesOf(tx, [site], text(act.values.customer))
  if (!own.has(site)) return { code: 'bad_input', fields: [fail('site', 'not_an_option')] }
  await tx.query(sql`
    insert into machine_stay (company_id, id, machine, site, since)
    values (current_company(), ${uuidv7()}::uuid, ${act.id}::uuid, ${site}::uuid, ${since}::date)`.named('begin_stay'))
  return null
}

/**
 * It has been moved: the stay before it ends with the day before, a day at which it was moved on at once counts for the
 * last place alone. A machine whose place nobody had noted stands there as long as anybody knows, unless the form says
 * since when.
 */
export async function changeSite(tx: Tx, act: Act, on: string): Promise<Refusal | null> {
  const before = await tx.query(sql`
    update machine_stay set until = ${plusDays(on, -1)}::date
    where machine = ${act.id}::uuid and (until is null or until >= ${on}::date)
    returning id`.named('end_stays'))
  const known = before.length > 0 || act.action === 'move' || act.input.moved_on !== undefined
  return beginStay(tx, act, known ? on : null)
}
