import { type AnyProcess, fieldsOf, own } from '../engine/define.ts'
import { type AnyField, fail } from '../engine/fields.ts'
import type { FieldProblem } from '../engine/refusal.ts'
import type { Ctx } from './context.ts'
import { type Tx, sql } from './db.ts'

type Named = { path: string; id: string }

const texts = (value: unknown): string[] =>
  (Array.isArray(value) ? value : []).filter((one): one is string => typeof one === 'string')

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** [old, new] of an edit, told from a list of two. */
function isPair(field: AnyField, value: unknown): value is [unknown, unknown] {
  if (!Array.isArray(value) || value.length !== 2) return false
  const plain = field.kind === 'files' || field.kind === 'lines'
  return value.every((one) => one === null || (plain ? Array.isArray(one) : isObject(one)))
}

/**
 * The files that the value of a field names, with their paths: 'photos.0', 'signature.file', 'items.fuser.files.1',
 * 'attachments.0.scan.0'.
 *
 * @param asEdited the value may be the pair [old, new] of an edit: both are looked at
 */
export function namedFiles(name: string, field: AnyField, value: unknown, asEdited = false): Named[] {
  if (asEdited && isPair(field, value)) return value.flatMap((one) => namedFiles(name, field, one))
  if (field.kind === 'files') return texts(value).map((id, index) => ({ path: `${name}.${index}`, id }))
  if (field.kind === 'lines') {
    return (Array.isArray(value) ? value : []).flatMap((row: unknown, index) => (isObject(row)
      ? Object.entries(field.columns).flatMap(([key, column]) =>
        namedFiles(`${name}.${index}.${key}`, column as AnyField, row[key])) : []))
  }
  if (!isObject(value)) return []
  if (field.kind === 'signature') {
    return typeof value.file === 'string' ? [{ path: `${name}.file`, id: value.file }] : []
  }
  if (field.kind !== 'checklist') return []
  return Object.entries(value).flatMap(([item, answer]) => (isObject(answer)
    ? texts(answer.files).map((id, index) => ({ path: `${name}.${item}.files.${index}`, id })) : []))
}

/**
 * Claims the files that a form names into the event that is being written, in one statement; sends nothing when it
 * names none. Only what the actor brought (through the same private link, if any), or what this record has already, can
 * be named; the machine may pass on what some record of the company has.
 *
 * @param input parsed input; of an edit, the new values
 * @returns unknown_file at the path of each file that cannot be claimed
 */
export async function claimFiles(ctx: Ctx, tx: Tx, process: AnyProcess, input: Readonly<Record<string, unknown>>,
  event: { id: string; seq: number }): Promise<FieldProblem[]> {
  const fields = fieldsOf(process)
  const named = Object.entries(input).flatMap(([name, value]) => {
    const field = own(fields, name)
    return field ? namedFiles(name, field, value) : []
  })
  if (named.length === 0) return []
  const { actor } = ctx
  const rows = await tx.query<{ id: string }>(sql`
    with claimed as (
      update file f set record_id = ${event.id}::uuid, seq = ${event.seq}::int
      where f.id = any(${named.map(({ id }) => id)}::uuid[]) and f.record_id is null and f.erased_at is null
        and f.uploaded_kind = ${actor.kind} and f.uploaded_by is not distinct from ${actor.id}::uuid
        and f.uploaded_for is not distinct from ${actor.link?.record ?? null}::uuid
      returning f.id)
    select id from claimed union all
    select id from file where id = any(${named.map(({ id }) => id)}::uuid[]) and erased_at is null
      and (record_id = ${event.id}::uuid or (record_id is not null and ${actor.kind === 'system'}::boolean))`
    .named('claim_files'))
  const claimed = new Set(rows.map(({ id }) => id))
  return named.filter(({ id }) => !claimed.has(id)).map(({ path }) => fail(path, 'unknown_file'))
}
