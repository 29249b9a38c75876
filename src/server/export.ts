import { fieldsOf, own } from '../engine/define.ts'
import type { AnyField } from '../engine/fields.ts'
import { labelOf } from './answer.ts'
import type { Ctx } from './context.ts'
import { type Reader, type Row, sql } from './db.ts'
import { type ListQuery, type Place, listFields } from './list-language.ts'
import { type Narrow, pageStatement } from './lists.ts'
import type { HeadRow } from './rows.ts'

/** A list as a spreadsheet opens it: UTF-8 with its mark, one line a record, read page after page. */
export const exportBatch = 1000
const byteOrderMark = '\ufeff'

/** Values that a cell can hold; files, signatures and lists of answers stay in the record. */
const printable = (field: AnyField | undefined): boolean =>
  field !== undefined && !['files', 'signature', 'checklist', 'lines', 'secret', 'record'].includes(field.kind)

const fieldOf = (place: Place, name: string): AnyField | undefined =>
  own(fieldsOf(place.process), name) ?? own(place.extra, name)

/** A cell is text: what a spreadsheet would take for a formula gets an apostrophe before it. */
export function cell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

const headNames = ['number', 'title', 'state', 'owner', 'handler', 'opened_at', 'due_at', 'closed_at'] as const

/**
 * The lines of an export, a page at a time; each page is a transaction of its own, so that a slow reader holds nothing.
 *
 * @param read runs a body in a read-only transaction of the company
 */
export async function* exportLines(place: Place, query: ListQuery, narrow: Narrow,
  read: <T>(body: (reader: Reader) => Promise<T>) => Promise<T>): AsyncGenerator<string> {
  const { ctx, process } = place
  const fields = listFields(place).filter((name) => printable(fieldOf(place, name)))
  const heads = headNames.map((name) => ctx.words.say(`label.${name}`))
  const labels = fields.map((name) => own(place.extra, name)?.zh ?? labelOf(ctx.words, process, `field.${name}`))
  yield `${byteOrderMark}${[...heads, ...labels].map(cell).join(',')}\r\n`
  let page: ListQuery = { ...query, fields, limit: exportBatch }
  for (;;) {
    const { rows, names } = await read(async (reader) => {
      const found = await reader.query<HeadRow & Row>(pageStatement(place, page, narrow, exportBatch + 1))
      return { rows: found, names: await peopleOf(reader, place, fields, found) }
    })
    const shown = rows.slice(0, exportBatch)
    yield shown.map((row) => lineOf(place, fields, row, names)).join('')
    const last = shown.at(-1)
    if (rows.length <= exportBatch || !last) return
    page = { ...page, after: { key: String(last.place), id: last.id } }
  }
}

/** Names of the people that own fields mention, in one statement. */
async function peopleOf(reader: Reader, place: Place, fields: readonly string[], rows: readonly Row[]):
  Promise<ReadonlyMap<string, string>> {
  const people = fields.filter((name) => fieldOf(place, name)?.kind === 'person')
  const ids = [...new Set(rows.flatMap((row) => people.map((name) => valueOf(place, row, name))))]
    .filter((id): id is string => typeof id === 'string')
  if (ids.length === 0) return new Map()
  const found = await reader.query<{ id: string; name: string }>(sql`
    select id, name from member where id = any(${ids}::uuid[])`.named('names'))
  return new Map(found.map(({ id, name }) => [id, name]))
}

const valueOf = ({ noun }: Place, row: Row, name: string): unknown =>
  (noun.columns.includes(name) ? row[`v_${name}`] : (row.v_extra as Record<string, unknown> | undefined)?.[name])

function lineOf(place: Place, fields: readonly string[], row: HeadRow & Row, names: ReadonlyMap<string, string>):
  string {
  const { ctx, process } = place
  const cells = [row.number, row.title, labelOf(ctx.words, process, `state.${row.state}`), row.owner_name ?? '',
    row.handler_name ?? '', localTime(ctx, row.opened_at), localTime(ctx, row.next_due_at),
    localTime(ctx, row.closed_at)].map(cell)
  const values = fields.map((name) => valueCell(ctx, fieldOf(place, name)!, valueOf(place, row, name), names))
  return `${[...cells, ...values].join(',')}\r\n`
}

/** One value as it is read in a table: money in yuan, choices in words, people by name. Numbers stay numbers. */
function valueCell(ctx: Ctx, field: AnyField, value: unknown, names: ReadonlyMap<string, string>): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'boolean') return ctx.words.say(value ? 'label.yes' : 'label.no')
  if (typeof value === 'number') {
    return field.kind === 'fen' ? (value / 100).toFixed(2)
      : field.kind === 'quantity' ? String(value / 1000) : String(value)
  }
  if (field.kind === 'instant') return localTime(ctx, textOf(value))
  if (field.kind === 'person') return cell(names.get(textOf(value)) ?? '')
  if (field.kind === 'choice' || field.kind === 'choices') {
    return cell([value].flat().map((one) => own(field.options, textOf(one)) ?? textOf(one)).join('、'))
  }
  return cell([value].flat().map(textOf).join('、'))
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** 2026-11-23 14:20 in the company's own time. */
function localTime(ctx: Ctx, at: string | null): string {
  if (at === null) return ''
  return new Intl.DateTimeFormat('sv-SE', { timeZone: ctx.company.time_zone, dateStyle: 'short', timeStyle: 'short' })
    .format(Date.parse(at))
}
