import { type AnyProcess, fieldsOf } from '../engine/define.ts'
import { type AnyField, fail } from '../engine/fields.ts'
import type { FieldProblem } from '../engine/refusal.ts'
import { type Tx, sql } from './db.ts'

/** An id that a form names: where, and what it must be. */
type Named = { kind: 'person' | 'positions' | 'record'; field: string; id: string; process?: string }

const ids = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string')

/** Every id of a form, those in rows of a table by their place: 'lines.0.part'. */
function referencesIn(fields: Readonly<Record<string, AnyField>>, input: Readonly<Record<string, unknown>>,
  path = ''): Named[] {
  return Object.entries(input).flatMap(([name, value]): Named[] => {
    const field = fields[name]
    const at = `${path}${name}`
    if (field?.kind === 'lines') {
      return ((value ?? []) as Record<string, unknown>[]).flatMap((row, index) =>
        referencesIn(field.columns, row, `${at}.${index}.`))
    }
    if (field?.kind === 'record') {
      return ids(value).map((id) => ({ kind: field.kind, field: at, id, process: field.process }))
    }
    if (field?.kind !== 'person' && field?.kind !== 'positions') return []
    const { kind } = field as { kind: 'person' | 'positions' }
    return ids(value).map((id) => ({ kind, field: at, id }))
  })
}

/**
 * Do the people, positions, teams and records that a form names exist in this company? Asked inside the transaction, in
 * one trip; nothing is sent when the form names none.
 *
 * @param input parsed input; of an edit, the new values
 */
export async function strayReferences(tx: Tx, process: AnyProcess, input: Readonly<Record<string, unknown>>):
  Promise<FieldProblem[]> {
  const named = referencesIn(fieldsOf(process), input)
  const people = named.filter(({ kind }) => kind === 'person')
  const positions = named.filter(({ kind }) => kind === 'positions')
  const records = named.filter(({ kind }) => kind === 'record')
  const [knownPeople, knownPositions, knownRecords] = await Promise.all([
    known(people, (all) => tx.query<{ id: string }>(sql`
      select id from member where id = any(${all}::uuid[]) and active`.named('known_people'))),
    known(positions, (all) => tx.query<{ id: string }>(sql`
      select key as id from position where key = any(${all}::text[]) and merged_into is null`
      .named('known_positions'))),
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
