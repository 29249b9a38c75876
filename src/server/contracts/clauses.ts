import { uuidv7 } from 'uuidv7'
import { fail } from '../../engine/fields.ts'
import type { FieldProblem } from '../../engine/refusal.ts'
import { includesOf } from '../../processes/contracts/contract-fields.ts'
import { type Tx, sql } from '../db.ts'
import { linesOf } from './lines.ts'

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
