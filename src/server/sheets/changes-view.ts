import type { AnyProcess } from '../../engine/define.ts'
import type { AnyField } from '../../engine/fields.ts'
import type { Ctx } from '../context.ts'
import { type Reader, sql } from '../db.ts'
import { localField } from '../definitions.ts'
import { cellText, localTime, valueCell } from '../export.ts'
import { seenFields } from '../seen.ts'
import type { SheetChangeView } from '../views-sheets.ts'
import type { Job } from './job.ts'
import { columnLabel, sheetFields, sheetKinds } from './kinds.ts'

export const changesShown = 100

type ChangeRow = { n: number; input: Readonly<Record<string, unknown>>; was: Readonly<Record<string, unknown>>; id: string
  number: string; title: string }

/** Rows of a dry run that would change their record, in the order of the file. */
export const readChanges = (reader: Reader, job: string, after: number, most: number): Promise<ChangeRow[]> =>
  reader.query<ChangeRow>(sql`
    select s.n, s.input, s.was, r.id, r.number, r.title from sheet_row s
    join record r on r.company_id = s.company_id and r.id = s.record_id
    where s.job = ${job}::uuid and s.state = 'change' and s.n > ${after}::int order by s.n limit ${most}::int`
    .named('sheet_changes'))

/** What a field would say: of an edit the second of its pair, of a line of a table its column, else the field itself. */
function newValue(input: Readonly<Record<string, unknown>>, name: string, edits: boolean): unknown {
  const [owner = '', column] = name.split('.')
  const value = edits ? (input[owner] as [unknown, unknown])[1] : input[owner]
  return column === undefined ? value : (value as [Record<string, unknown>])[0][column]
}

/** Each change with the words of the reader: what it says now, what it would say. */
export async function changeViews(ctx: Ctx, reader: Reader, process: AnyProcess, job: Job, rows: readonly ChangeRow[]):
  Promise<SheetChangeView[]> {
  const kind = sheetKinds[job.kind]!
  const fields = sheetFields(kind, process)
  const sees = seenFields(process, ctx.actor)
  const pairs = rows.map((row) => Object.keys(row.was).filter((name) => name in fields && sees(name.split('.')[0]!)).map((name) =>
    ({ name, field: fields[name]!, from: row.was[name], to: newValue(row.input, name, kind.change === 'edit') })))
  const names = await namesOf(reader, pairs.flat())
  const time = localTime(ctx)
  const told = (name: string, field: AnyField, value: unknown): string => (field.kind === 'record'
    ? names.get(String(value)) ?? '' : cellText(valueCell(ctx, localField(ctx.words, process, name, field), value, names, time)))
  return rows.map(({ n, id, number, title }, index) => ({ line: n, id, number, title,
    changes: pairs[index]!.map(({ name, field, from, to }) => ({ field: name, label: columnLabel(ctx.words, process, name),
      from: told(name, field, from), to: told(name, field, to) })) }))
}

/** Names of the people and records that values name, in one statement. */
async function namesOf(reader: Reader, values: readonly { field: AnyField; from: unknown; to: unknown }[]):
  Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(values.filter(({ field }) => field.kind === 'person' || field.kind === 'record')
    .flatMap(({ from, to }) => [from, to]))].filter((id): id is string => typeof id === 'string')
  if (ids.length === 0) return new Map()
  const rows = await reader.query<{ id: string; name: string }>(sql`
    select id, name from member where id = any(${ids}::uuid[]) union all
    select id, title as name from record where id = any(${ids}::uuid[])`.named('sheet_named'))
  return new Map(rows.map(({ id, name }) => [id, name]))
}
