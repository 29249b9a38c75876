import { uuidv7 } from 'uuidv7'
import { fail, isUuid } from '../../engine/fields.ts'
import type { FieldProblem } from '../../engine/refusal.ts'
import { includesOf } from '../../processes/contracts/contract-fields.ts'
import { type Reader, type Tx, sql } from '../db.ts'
import { linesOf } from './lines.ts'
import { sitesOf } from './stays.ts'

/** Rows of a contract in force. Written by actions of the contract only (records/contract.ts). */

/** Each line contains what its class can contain, and there is one line a class. */
export function checkServices(value: unknown): FieldProblem[] {
  const lines = linesOf(value)
  return lines.flatMap((line, index) => {
    const allowed = includesOf[line.service_class]
    const stray = line.includes?.some((one) => !allowed.includes(one)) ? [fail(`services.${index}.includes`, 'not_an_option')]
      : []
    const twice = lines.findIndex((one) => one.service_class === line.service_class) < index
      ? [fail(`services.${index}.service_class`, 'taken')] : []
    return [...stray, ...twice]
  })
}

const machinesIn = (value: unknown): string[] => (Array.isArray(value) ? value as { machine?: unknown }[] : [])
  .map(({ machine }) => machine).filter(isUuid)

/** Rows that name a machine which is not this customer's. */
export async function strangers(reader: Reader, field: string, value: unknown, customer: string | null):
  Promise<FieldProblem[]> {
  const machines = machinesIn(value)
  if (machines.length === 0) return [fail(field, 'required')]
  const rows = await reader.query<{ id: string }>(sql`
    select id from record where id = any(${machines}::uuid[]) and process = 'machine' and customer = ${customer}::uuid`
    .named('machines_of_contract'))
  const own = new Set(rows.map(({ id }) => id))
  return machines.flatMap((id, index) => (own.has(id) ? [] : [fail(`${field}.${index}.machine`, 'not_an_option')]))
}

const sitesIn = (value: unknown): string[] => (Array.isArray(value) ? value as { site?: unknown }[] : [])
  .map(({ site }) => site).filter(isUuid)

/** Rows that name a site which is closed or not this customer's. */
export async function strangeSites(reader: Reader, field: string, value: unknown, customer: string | null):
  Promise<FieldProblem[]> {
  const sites = sitesIn(value)
  if (sites.length === 0) return [fail(field, 'required')]
  const own = await sitesOf(reader, sites, customer)
  return sites.flatMap((id, index) => (own.has(id) ? [] : [fail(`${field}.${index}.site`, 'not_an_option')]))
}

/** The lines as promises for a stretch of days. */
export async function beginClauses(tx: Tx, contract: string, services: unknown, from: string, until: string):
  Promise<void> {
  const rows = linesOf(services).map((line, index) => ({ ...line, id: uuidv7(), line: index + 1,
    onsite: line.onsite ?? true, calendar: line.calendar ?? 'office' }))
  await tx.query(sql`
    insert into contract_clause (company_id, contract, id, line, service_class, valid_from, valid_until, parts, labour,
      travel, onsite, visits, response_minutes, arrival_minutes, restore_minutes, calendar, extended_until, scope, region)
    select current_company(), ${contract}::uuid, l.id, l.line, l.service_class, ${from}::date, ${until}::date, l.parts,
      l.labour, l.travel, l.onsite, l.visits, l.response_minutes, l.arrival_minutes, l.restore_minutes, l.calendar,
      l.extended_until, l.scope, l.region
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as l (id uuid, line int, service_class text, parts text,
      labour text, travel text, onsite boolean, visits int, response_minutes int, arrival_minutes int,
      restore_minutes int, calendar text, extended_until date, scope text, region text)`.named('begin_clauses'))
}

/** Promises that hold after a day hold to it only; those that would begin later never do. */
export async function endClauses(tx: Tx, contract: string, until: string): Promise<void> {
  await tx.query(sql`
    update contract_clause set valid_until = least(valid_until, ${until}::date)
    where contract = ${contract}::uuid and valid_until > ${until}::date`.named('end_clauses'))
}

/** A site that is covered already stays covered since it was. */
export async function coverSites(tx: Tx, contract: string, sites: unknown, since: string): Promise<void> {
  await tx.query(sql`
    insert into contract_site (company_id, contract, site, since)
    select current_company(), ${contract}::uuid, s.id, ${since}::date
    from (select distinct id from unnest(${sitesIn(sites)}::uuid[]) i (id)) s
    where not exists (select from contract_site c where c.contract = ${contract}::uuid and c.site = s.id
      and c.until is null)
    on conflict (company_id, contract, site, since) do update set until = null`.named('cover_sites'))
}

/** @returns false when the contract does not cover it */
export async function uncoverSite(tx: Tx, contract: string, site: string, until: string): Promise<boolean> {
  const rows = await tx.query(sql`
    update contract_site set until = ${until}::date
    where contract = ${contract}::uuid and site = ${site}::uuid and until is null
    returning site`.named('uncover_site'))
  return rows.length > 0
}

/** A machine that is covered already stays covered since it was. */
export async function coverMachines(tx: Tx, contract: string, machines: unknown, since: string): Promise<void> {
  await tx.query(sql`
    insert into contract_cover (company_id, contract, machine, since)
    select current_company(), ${contract}::uuid, m.id, ${since}::date
    from (select distinct id from unnest(${machinesIn(machines)}::uuid[]) i (id)) m
    where not exists (select from contract_cover c where c.contract = ${contract}::uuid and c.machine = m.id
      and c.until is null)
    on conflict (company_id, contract, machine, since) do update set until = null`.named('cover_machines'))
}

/** @returns false when the contract does not cover it */
export async function uncoverMachine(tx: Tx, contract: string, machine: string, until: string): Promise<boolean> {
  const rows = await tx.query(sql`
    update contract_cover set until = ${until}::date
    where contract = ${contract}::uuid and machine = ${machine}::uuid and until is null
    returning machine`.named('uncover_machine'))
  return rows.length > 0
}
