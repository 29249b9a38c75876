import { SaxesParser } from 'saxes'
import { SheetProblem } from './problem.ts'
import { type Zip, openZip } from './zip-read.ts'

/** Reads a sheet of a workbook (.xlsx), a row at a time: what people see in the cells, as text. */

const sharedMost = 2_000_000
const columnsMost = 200

/** Sheets of a workbook that are looked into at most. */
const sheetsMost = 50

type Sheet = { name: string; path: string }
type Book = { sheets: readonly Sheet[]; date1904: boolean; dates: readonly ('date' | 'time' | null)[]; shared: readonly string[] }

/**
 * Rows as texts by column, with the line of the sheet; empty ones are left out.
 *
 * @param wanted the name of the sheet; null, or one that is not there: the first that holds something
 * @param tell hears the names of the visible sheets that hold something, before the first row
 * @throws SheetProblem
 */
export async function* readXlsx(path: string, wanted: string | null = null, tell: (sheets: string[]) => void = () => {}):
  AsyncGenerator<{ n: number; cells: string[] }> {
  const zip = await openZip(path)
  try {
    const book = await readBook(zip)
    const filled = await filledSheets(zip, book)
    tell(filled.map(({ name }) => name))
    yield* rowsOf(zip, book, (filled.find(({ name }) => name === wanted) ?? filled[0] ?? book.sheets[0]!).path)
  } finally {
    await zip.close()
  }
}

/** Those with at least one cell that says something. Of a single one it does not matter. */
async function filledSheets(zip: Zip, book: Book): Promise<readonly Sheet[]> {
  if (book.sheets.length === 1) return book.sheets
  const filled: Sheet[] = []
  for (const sheet of book.sheets.slice(0, sheetsMost)) {
    const rows = rowsOf(zip, book, sheet.path)
    if (!(await rows.next()).done) filled.push(sheet)
    await rows.return(undefined)
  }
  return filled
}

type Attributes = Readonly<Record<string, string>>
type Hear = { open?(name: string, attributes: Attributes): void; text?(text: string): void; close?(name: string): void }

const localName = (name: string): string => name.slice(name.indexOf(':') + 1)

/** Tells every tag and text of a part; `turn` is called after each piece, so that rows can be handed on. */
async function* parsed(zip: Zip, name: string, hear: Hear): AsyncGenerator<void> {
  const parser = new SaxesParser({ xmlns: false })
  parser.on('opentag', (tag) => hear.open?.(localName(tag.name), tag.attributes as Attributes))
  parser.on('text', (text) => hear.text?.(text))
  parser.on('cdata', (text) => hear.text?.(text))
  parser.on('closetag', (tag) => hear.close?.(localName(tag.name)))
  const decoder = new TextDecoder()
  try {
    for await (const piece of zip.read(name)) {
      parser.write(decoder.decode(piece, { stream: true }))
      yield
    }
    parser.close()
  } catch (error) {
    throw error instanceof SheetProblem ? error : new SheetProblem('torn')
  }
  yield
}

async function whole(zip: Zip, name: string, hear: Hear): Promise<void> {
  if (!zip.names.includes(name)) return
  for await (const _ of parsed(zip, name, hear));
}

async function readBook(zip: Zip): Promise<Book> {
  if (zip.names.includes('EncryptedPackage')) throw new SheetProblem('encrypted')
  const sheets: { id: string; name: string; hidden: boolean }[] = []
  let date1904 = false
  await whole(zip, 'xl/workbook.xml', { open(name, attributes) {
    if (name === 'workbookPr') date1904 = ['1', 'true'].includes(attributes.date1904 ?? '')
    if (name === 'sheet') sheets.push({ id: attributes['r:id'] ?? '', name: attributes.name ?? '',
      hidden: (attributes.state ?? 'visible') !== 'visible' })
  } })
  const targets = new Map<string, string>()
  await whole(zip, 'xl/_rels/workbook.xml.rels', { open(name, attributes) {
    if (name === 'Relationship') targets.set(attributes.Id ?? '', attributes.Target ?? '')
  } })
  const placeOf = (id: string): string => {
    const target = targets.get(id)
    return target === undefined ? 'xl/worksheets/sheet1.xml' : target.startsWith('/') ? target.slice(1) : `xl/${target}`
  }
  const visible = sheets.filter(({ hidden }) => !hidden)
  const found = (visible.length > 0 ? visible : sheets.length > 0 ? sheets : [{ id: '', name: '' }])
    .map(({ id, name }) => ({ name, path: placeOf(id) }))
  // A chart on a page of its own is a sheet as well, and holds no cells.
  const tables = found.filter(({ path }) => zip.names.includes(path) && !path.includes('chartsheets/'))
  if (tables.length === 0) throw new SheetProblem('torn')
  return { sheets: tables, date1904, dates: await dateStyles(zip), shared: await sharedTexts(zip) }
}

async function sharedTexts(zip: Zip): Promise<string[]> {
  const texts: string[] = []
  let [now, inText, phonetic] = ['', false, false]
  await whole(zip, 'xl/sharedStrings.xml', {
    open(name) {
      if (name === 'si') now = ''
      if (name === 'rPh') phonetic = true
      if (name === 't') inText = true
    },
    text(text) { if (inText && !phonetic) now += text },
    close(name) {
      if (name === 't') inText = false
      if (name === 'rPh') phonetic = false
      if (name === 'si' && texts.push(now) > sharedMost) throw new SheetProblem('too_much')
    },
  })
  return texts
}

/** Built-in formats of dates, those of Chinese and Japanese programs among them. */
const isDateFormat = (id: number): boolean =>
  (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58)
const isTimeFormat = (id: number): boolean => (id >= 18 && id <= 22) || (id >= 32 && id <= 33) || (id >= 45 && id <= 47)
  || (id >= 55 && id <= 56)

/** Which cell styles show a number as a date, and which with the time of day. */
async function dateStyles(zip: Zip): Promise<('date' | 'time' | null)[]> {
  const codes = new Map<number, string>()
  const styles: ('date' | 'time' | null)[] = []
  let inCells = false
  await whole(zip, 'xl/styles.xml', {
    open(name, attributes) {
      if (name === 'numFmt') codes.set(Number(attributes.numFmtId), attributes.formatCode ?? '')
      if (name === 'cellXfs') inCells = true
      if (name === 'xf' && inCells) styles.push(styleOf(Number(attributes.numFmtId ?? 0), codes))
    },
    close(name) { if (name === 'cellXfs') inCells = false },
  })
  return styles
}

function styleOf(id: number, codes: ReadonlyMap<number, string>): 'date' | 'time' | null {
  const code = codes.get(id)
  if (code === undefined) return !isDateFormat(id) ? null : isTimeFormat(id) ? 'time' : 'date'
  const bare = code.replace(/"[^"]*"|\[(?!h|m|s)[^\]]*\]|\\./gi, '').split(';')[0]!
  if (!/[ymdhs]/i.test(bare) || /general/i.test(bare)) return null
  return /h/i.test(bare) ? 'time' : 'date'
}

const dayMs = 86_400_000
/** Serial numbers of days, from the first sensible one to the year 2200. */
const serialMost = 109_574

/** 45992.5 → '2025-12-01 12:00'. Excel counts days from 1899-12-30 (its year 1900 is a leap year), or from 1904. */
export function dateText(serial: number, kind: 'date' | 'time', date1904: boolean): string | null {
  const days = serial + (date1904 ? 1462 : 0)
  if (!(days >= 0 && days < serialMost)) return null
  const iso = new Date(Math.round((days - 25_569) * 1440) * 60_000).toISOString()
  if (days < 1) return iso.slice(11, 16)
  const whole = Math.abs(days - Math.round(days)) * dayMs < 30_000
  return kind === 'date' || whole ? new Date(Math.floor(days + 1e-6 - 25_569) * dayMs).toISOString().slice(0, 10)
    : `${iso.slice(0, 10)} ${iso.slice(11, 16)}`
}

/** A number as people see it: 0.1 + 0.2 is 0.3, and no powers of ten in an order number. */
const numberText = (raw: string): string => {
  const value = Number(raw)
  if (raw.trim() === '' || !Number.isFinite(value)) return raw
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return BigInt(value).toString()
  return String(Number(value.toPrecision(15)))
}

type CellNow = { column: number; type: string; style: number; value: string; inline: string }

function cellText({ type, style, value, inline }: CellNow, book: Book): string {
  if (type === 's') return book.shared[Number(value)] ?? ''
  if (type === 'inlineStr') return inline
  if (type === 'b') return value === '1' ? 'TRUE' : 'FALSE'
  if (type === 'str' || type === 'd') return value
  if (type === 'e' || value === '') return ''
  const kind = book.dates[style] ?? null
  return (kind && dateText(Number(value), kind, book.date1904)) ?? numberText(value)
}

/** 'AB12' → 27. */
const columnOf = (name: string): number =>
  [...name.replace(/\d+$/, '')].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1

async function* rowsOf(zip: Zip, book: Book, path: string): AsyncGenerator<{ n: number; cells: string[] }> {
  const ready: { n: number; cells: string[] }[] = []
  let [n, row, into]: [number, string[], 'value' | 'inline' | null] = [0, [], null]
  let cell: CellNow | null = null
  let phonetic = false
  const reading = parsed(zip, path, {
    open(name, attributes) {
      if (name === 'row') [n, row] = [Number(attributes.r ?? n + 1), []]
      else if (name === 'c') {
        const column = attributes.r === undefined ? row.length : columnOf(attributes.r)
        cell = { column, type: attributes.t ?? 'n', style: Number(attributes.s ?? 0), value: '', inline: '' }
      } else if (name === 'v') into = 'value'
      else if (name === 't' && !phonetic) into = 'inline'
      else if (name === 'rPh') phonetic = true
    },
    text(text) { if (cell && into) cell[into] += text },
    close(name) {
      if (name === 'v' || name === 't') into = null
      else if (name === 'rPh') phonetic = false
      else if (name === 'c' && cell) {
        if (cell.column < columnsMost) {
          while (row.length < cell.column) row.push('')
          row[cell.column] = cellText(cell, book)
        }
        cell = null
      } else if (name === 'row' && row.some((text) => text.trim() !== '')) ready.push({ n, cells: row })
    },
  })
  for await (const _ of reading) yield* ready.splice(0)
}
