import { fieldsOf, own } from '../engine/define.ts'
import type { AnyField } from '../engine/fields.ts'
import { labelOf } from './answer.ts'
import type { Ctx } from './context.ts'
import { type Reader, type Row, sql } from './db.ts'
import { localField } from './definitions.ts'
import { type ListQuery, type Place, listFields } from './list-language.ts'
import { type Narrow, pageStatement } from './lists.ts'
import type { HeadRow } from './rows.ts'
import { type SheetCell, xlsxBytes } from './sheets/xlsx-write.ts'

/** A list as a table: one row a record, read page after page, as a workbook or as text. */
const exportBatch = 1000
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

const heads = [['number', 16], ['title', 40], ['state', 12], ['customer', 28], ['owner', 10], ['handler', 10],
  ['opened_at', 17], ['due_at', 17], ['closed_at', 17]] as const

type Read = <T>(body: (reader: Reader) => Promise<T>) => Promise<T>
type Column = { name: string; field: AnyField; label: string }

const columnsOf = (place: Place): Column[] => listFields(place).flatMap((name) => {
  const field = fieldOf(place, name)
  if (!field || !printable(field)) return []
  return [{ name, field: localField(place.ctx.words, place.process, name, field),
    label: own(place.extra, name)?.zh ?? labelOf(place.ctx.words, place.process, `field.${name}`) }]
})

/** The rows of a list with its heading, a page at a time; each page is a transaction of its own: a slow reader holds nothing. */
async function* rowsOf(place: Place, query: ListQuery, narrow: Narrow, columns: readonly Column[], read: Read):
  AsyncGenerator<SheetCell[][]> {
  const { ctx } = place
  yield [[...heads.map(([name]) => ctx.words.say(`label.${name}`)), ...columns.map(({ label }) => label)].map(textCell)]
  const time = localTime(ctx)
  let page: ListQuery = { ...query, fields: columns.map(({ name }) => name), limit: exportBatch }
  for (;;) {
    const now = page
    const { rows, names } = await read(async (reader) => {
      const found = await reader.query<HeadRow & Row>(pageStatement(place, now, narrow, exportBatch + 1))
      return { rows: found, names: await peopleOf(reader, place, columns, found) }
    })
    const shown = rows.slice(0, exportBatch)
    yield shown.map((row) => rowCells(place, columns, row, names, time))
    const last = shown.at(-1)
    if (rows.length <= exportBatch || !last) return
    page = { ...page, after: { key: String(last.place), id: last.id } }
  }
}

/** As a workbook: numbers, money and dates are what they are. */
export function exportWorkbook(place: Place, query: ListQuery, narrow: Narrow, read: Read): AsyncGenerator<Buffer> {
  const columns = columnsOf(place)
  const widths = [...heads.map(([, width]) => width), ...columns.map(({ label }) => Math.max(12, label.length * 2 + 4))]
  return xlsxBytes(labelOf(place.ctx.words, place.process, place.process.name), widths,
    rowsOf(place, query, narrow, columns, read))
}

/** As text that a spreadsheet opens: UTF-8 with its mark. */
export async function* exportLines(place: Place, query: ListQuery, narrow: Narrow, read: Read): AsyncGenerator<string> {
  yield byteOrderMark
  for await (const rows of rowsOf(place, query, narrow, columnsOf(place), read)) {
    yield rows.map((cells) => `${cells.map(lineCell).join(',')}\r\n`).join('')
  }
}

const lineCell = (value: SheetCell): string => (value !== null && 'text' in value ? cell(value.text) : cellText(value))

/** What a cell says, as text. */
export function cellText(value: SheetCell): string {
  if (value === null) return ''
  if ('text' in value) return value.text
  if ('money' in value) return value.money.toFixed(2)
  if ('number' in value) return String(value.number)
  return 'date' in value ? value.date : value.time
}

/** Names of the people that own fields mention, in one statement. */
async function peopleOf(reader: Reader, place: Place, columns: readonly Column[], rows: readonly Row[]):
  Promise<ReadonlyMap<string, string>> {
  const people = columns.filter(({ field }) => field.kind === 'person')
  const ids = [...new Set(rows.flatMap((row) => people.map(({ name }) => valueOf(place, row, name))))]
    .filter((id): id is string => typeof id === 'string')
  if (ids.length === 0) return new Map()
  const found = await reader.query<{ id: string; name: string }>(sql`
    select id, name from member where id = any(${ids}::uuid[])`.named('names'))
  return new Map(found.map(({ id, name }) => [id, name]))
}

const valueOf = ({ noun }: Place, row: Row, name: string): unknown =>
  (noun.columns.includes(name) ? row[`v_${name}`] : (row.v_extra as Record<string, unknown> | undefined)?.[name])

const textCell = (text: string): SheetCell => (text === '' ? null : { text })

type Clock = (at: string | null) => SheetCell

function rowCells(place: Place, columns: readonly Column[], row: HeadRow & Row, names: ReadonlyMap<string, string>,
  time: Clock): SheetCell[] {
  const { ctx, process } = place
  return [...[row.number, row.title, labelOf(ctx.words, process, `state.${row.state}`), row.customer_name ?? '',
    row.owner_name ?? '', row.handler_name ?? ''].map(textCell), time(row.opened_at), time(row.next_due_at),
  time(row.closed_at), ...columns.map(({ name, field }) => valueCell(ctx, field, valueOf(place, row, name), names, time))]
}

/** One value as it is read in a table: money in yuan, choices in words, people by name. Numbers stay numbers. */
export function valueCell(ctx: Ctx, field: AnyField, value: unknown, names: ReadonlyMap<string, string>, time: Clock): SheetCell {
  if (value === null || value === undefined) return null
  if (typeof value === 'boolean') return textCell(ctx.words.say(value ? 'label.yes' : 'label.no'))
  if (typeof value === 'number') {
    return field.kind === 'fen' ? { money: value / 100 } : { number: field.kind === 'quantity' ? value / 1000 : value }
  }
  if (field.kind === 'instant') return time(textOf(value))
  if (field.kind === 'date') return { date: textOf(value) }
  if (field.kind === 'person') return textCell(names.get(textOf(value)) ?? '')
  if (field.kind === 'choice' || field.kind === 'choices') {
    return textCell([value].flat().map((one) => own(field.options, textOf(one)) ?? textOf(one)).join('、'))
  }
  return textCell([value].flat().map(textOf).join('、'))
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** 2026-11-23 14:20 in the company's own time. The format is made once: it takes longer than all of its uses. */
export function localTime(ctx: Ctx): Clock {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: ctx.company.time_zone, dateStyle: 'short', timeStyle: 'short' })
  return (at) => (at === null ? null : { time: format.format(Date.parse(at)) })
}
