import { type AnyProcess, fieldsOf } from '../engine/define.ts'
import { fail } from '../engine/fields.ts'
import type { FieldProblem } from '../engine/refusal.ts'
import { type Tx, sql } from './db.ts'

/** Ids that a form names, by what they must be. */
type Named = { field: string; id: string }

const ids = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string')

/**
 * Do the people, positions, teams and records that a form names exist in this company? Asked inside the transaction, in
 * one trip; nothing is sent when the form names none.
 *
 * @param input parsed input; of an edit, the new values
 */
export async function strayReferences(tx: Tx, process: AnyProcess, input: Readonly<Record<string, unknown>>):
  Promise<FieldProblem[]> {
  const fields = fieldsOf(process)
  const people: Named[] = []
  const positions: Named[] = []
  const records: (Named & { process: string })[] = []
  for (const [name, value] of Object.entries(input)) {
    const field = fields[name]
    if (field?.kind === 'person') people.push(...ids(value).map((id) => ({ field: name, id })))
    if (field?.kind === 'positions') positions.push(...ids(value).map((id) => ({ field: name, id })))
    if (field?.kind === 'record') {
      records.push(...ids(value).map((id) => ({ field: name, id, process: field.process })))
    }
  }
  const [knownPeople, knownPositions, knownRecords] = await Promise.all([
    known(people, (all) => tx.query<{ id: string }>(sql`
      select id from member where id = any(${all}::uuid[]) and active`.named('known_people'))),
    known(positions, (all) => tx.query<{ id: string }>(sql`
      select key as id from position where key = any(${all}::text[]) and merged_into is null`.named('known_positions'))),
    known(records, (all) => tx.query<{ id: string }>(sql`
      select process || ':' || id as id from record where id = any(${all}::uuid[])`.named('known_records'))),
  ])
  return [
    ...people.filter(({ id }) => !knownPeople.has(id)).map(({ field }) => fail(field, 'unknown_person')),
    ...positions.filter(({ id }) => !knownPositions.has(id)).map(({ field }) => fail(field, 'not_an_option')),
    ...records.filter((one) => !knownRecords.has(`${one.process}:${one.id}`))
      .map(({ field }) => fail(field, 'unknown_record')),
  ]
}

async function known(named: readonly Named[], ask: (ids: string[]) => Promise<{ id: string }[]>): Promise<Set<string>> {
  if (named.length === 0) return new Set()
  return new Set((await ask(named.map(({ id }) => id))).map(({ id }) => id))
}
