import { fail, isUuid } from '../../engine/fields.ts'
import type { FieldProblem } from '../../engine/refusal.ts'
import { type Reader, type Tx, identifier, sql } from '../db.ts'
import { sitesOf } from './stays.ts'

/**
 * What a contract covers beside its customer: machines by name, or all that stands at some sites. A row says since
 * when and until when; a contract in force alone has them. Written by actions of the contract only (records/contract.ts).
 */
export type Covered = {
  table: 'contract_cover' | 'contract_site'
  column: 'machine' | 'site'
  /** Of these, those that a contract of this customer may cover. */
  ownOf(reader: Reader, ids: readonly string[], customer: string | null): Promise<Set<string>>
}

export const machines: Covered = { table: 'contract_cover', column: 'machine', ownOf: machinesOf }
export const sites: Covered = { table: 'contract_site', column: 'site', ownOf: sitesOf }

async function machinesOf(reader: Reader, ids: readonly string[], customer: string | null): Promise<Set<string>> {
  const rows = await reader.query<{ id: string }>(sql`
    select id from record where id = any(${ids}::uuid[]) and process = 'machine' and customer = ${customer}::uuid`
    .named('machines_of_contract'))
  return new Set(rows.map(({ id }) => id))
}

const idsIn = ({ column }: Covered, lines: unknown): string[] =>
  (Array.isArray(lines) ? lines as Readonly<Record<string, unknown>>[] : []).map((line) => line[column]).filter(isUuid)

/** The field when nothing is named in it, else the lines that name what this customer's contract may not cover. */
export async function strangers(reader: Reader, covered: Covered, field: string, lines: unknown, customer: string | null):
  Promise<FieldProblem[]> {
  const ids = idsIn(covered, lines)
  if (ids.length === 0) return [fail(field, 'required')]
  const own = await covered.ownOf(reader, ids, customer)
  return ids.flatMap((id, index) => (own.has(id) ? [] : [fail(`${field}.${index}.${covered.column}`, 'not_an_option')]))
}

/** What is covered already stays covered since it was. `since`: 'YYYY-MM-DD' */
export async function cover(tx: Tx, covered: Covered, contract: string, lines: unknown, since: string): Promise<void> {
  const [table, column] = [identifier(covered.table), identifier(covered.column)]
  await tx.query(sql`
    insert into ${table} (company_id, contract, ${column}, since)
    select current_company(), ${contract}::uuid, i.id, ${since}::date
    from (select distinct id from unnest(${idsIn(covered, lines)}::uuid[]) n (id)) i
    where not exists (select from ${table} c where c.contract = ${contract}::uuid and c.${column} = i.id
      and c.until is null)
    on conflict (company_id, contract, ${column}, since) do update set until = null`.named(`cover_${covered.column}`))
}

/** @returns false when the contract does not cover it */
export async function uncover(tx: Tx, covered: Covered, contract: string, id: string, until: string): Promise<boolean> {
  const rows = await tx.query(sql`
    update ${identifier(covered.table)} set until = ${until}::date
    where contract = ${contract}::uuid and ${identifier(covered.column)} = ${id}::uuid and until is null
    returning since`.named(`uncover_${covered.column}`))
  return rows.length > 0
}
