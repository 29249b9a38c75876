import { crc32, createDeflateRaw, deflateRawSync } from 'node:zlib'

/**
 * A workbook of one sheet, written row by row: nothing but the row at hand is held, however many there are.
 * Texts are texts, whatever they begin with: a workbook knows formulas by their place, not by their sign.
 */
export type SheetCell = null | { text: string } | { number: number } | { money: number }
  /** 'YYYY-MM-DD', or local 'YYYY-MM-DD HH:mm'. */
  | { date: string } | { time: string }

const style = { head: 1, date: 2, time: 3, money: 4 } as const
const widthMost = 60

// Characters that XML cannot hold.
// eslint-disable-next-line no-control-regex
const unfit = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu

const escaped = (text: string): string => text.replace(unfit, '').replace(/[&<>"]/g, (sign) =>
  ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign]!)

/** Excel's day number of a local date and time. */
function serialOf(text: string): number {
  const [date = '', time = '00:00'] = text.split(' ')
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return Date.parse(`${date}T00:00:00Z`) / 86_400_000 + 25_569 + (hours * 60 + minutes) / 1440
}

/** 0 → 'A', 27 → 'AB'. */
function columnName(index: number): string {
  return index < 26 ? String.fromCharCode(65 + index)
    : columnName(Math.floor(index / 26) - 1) + String.fromCharCode(65 + (index % 26))
}

const textMost = 32_767

function cellXml(cell: SheetCell, place: string, head: boolean): string {
  if (cell === null) return ''
  if ('text' in cell) {
    if (cell.text === '') return ''
    return `<c r="${place}" t="inlineStr"${head ? ` s="${style.head}"` : ''}><is><t xml:space="preserve">${
      escaped(cell.text.slice(0, textMost))}</t></is></c>`
  }
  if ('number' in cell) return `<c r="${place}"><v>${cell.number}</v></c>`
  if ('money' in cell) return `<c r="${place}" s="${style.money}"><v>${cell.money}</v></c>`
  const [kind, text] = 'date' in cell ? ['date', cell.date] as const : ['time', cell.time] as const
  const serial = serialOf(text)
  return Number.isFinite(serial) ? `<c r="${place}" s="${style[kind]}"><v>${serial}</v></c>` : ''
}

const rowXml = (cells: readonly SheetCell[], row: number): string => `<row r="${row}">${cells.map((cell, index) =>
  cellXml(cell, `${columnName(index)}${row}`, row === 1)).join('')}</row>`

const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packed = 'http://schemas.openxmlformats.org/package/2006'
const workbookType = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

const fixedParts = (sheet: string): Readonly<Record<string, string>> => ({
  '[Content_Types].xml': `<Types xmlns="${packed}/content-types"><Default Extension="rels"
    ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml"
    ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${workbookType}.sheet.main+xml"/>
    <Override PartName="/xl/worksheets/sheet1.xml" ContentType="${workbookType}.worksheet+xml"/>
    <Override PartName="/xl/styles.xml" ContentType="${workbookType}.styles+xml"/></Types>`,
  '_rels/.rels': `<Relationships xmlns="${packed}/relationships"><Relationship Id="rId1" Type="${office}/officeDocument"
    Target="xl/workbook.xml"/></Relationships>`,
  'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="${
    escaped(sheet.replace(/[[\]:*?/\\]/g, ' ').slice(0, 31))}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${packed}/relationships"><Relationship Id="rId1"
    Type="${office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${office}/styles"
    Target="styles.xml"/></Relationships>`,
  'xl/styles.xml': `<styleSheet xmlns="${main}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>
    <numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts><fonts count="2"><font><sz val="11"/>
    <name val="Microsoft YaHei"/></font><font><b/><sz val="11"/><name val="Microsoft YaHei"/></font></fonts>
    <fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>
    <borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="5"><xf/>
    <xf fontId="1" applyFont="1"/><xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="165" applyNumberFormat="1"/>
    <xf numFmtId="4" applyNumberFormat="1"/></cellXfs></styleSheet>`,
})

const sheetHead = (widths: readonly number[]): string => `${xml}<worksheet xmlns="${main}"><sheetViews><sheetView
  workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>
  <cols>${widths.map((width, index) => `<col min="${index + 1}" max="${index + 1}" width="${Math.min(width, widthMost)}"
  customWidth="1"/>`).join('')}</cols><sheetData>`

/** One file of the packed one, as its place in the directory at the end tells it. */
type Written = { name: string; crc: number; packed: number; size: number; offset: number; flags: number }

/** No date: the same rows make the same bytes. 1980-01-01. */
const dosDate = 0x0021
/** Names are UTF-8; bit 3: the sizes come behind the bytes. */
const utf8 = 0x0800
const sizesBehind = 0x0008

function localHead({ name, crc, packed: length, size, flags }: Written): Buffer {
  const head = Buffer.alloc(30)
  head.writeUInt32LE(0x04034b50, 0)
  head.writeUInt16LE(20, 4)
  head.writeUInt16LE(flags, 6)
  head.writeUInt16LE(8, 8)
  head.writeUInt16LE(dosDate, 12)
  const behind = (flags & sizesBehind) !== 0
  head.writeUInt32LE(behind ? 0 : crc, 14)
  head.writeUInt32LE(behind ? 0 : length, 18)
  head.writeUInt32LE(behind ? 0 : size, 22)
  head.writeUInt16LE(Buffer.byteLength(name), 26)
  return Buffer.concat([head, Buffer.from(name)])
}

function directory(files: readonly Written[], at: number): Buffer {
  const entries = files.map(({ name, crc, packed: length, size, offset, flags }) => {
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50, 0)
    entry.writeUInt16LE(20, 4)
    entry.writeUInt16LE(20, 6)
    entry.writeUInt16LE(flags, 8)
    entry.writeUInt16LE(8, 10)
    entry.writeUInt16LE(dosDate, 14)
    for (const [index, value] of [crc, length, size].entries()) entry.writeUInt32LE(value, 16 + index * 4)
    entry.writeUInt16LE(Buffer.byteLength(name), 28)
    entry.writeUInt32LE(offset, 42)
    return Buffer.concat([entry, Buffer.from(name)])
  })
  const whole = Buffer.concat(entries)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(files.length, 8)
  end.writeUInt16LE(files.length, 10)
  end.writeUInt32LE(whole.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([whole, end])
}

async function* sheetXml(widths: readonly number[], rows: AsyncIterable<readonly (readonly SheetCell[])[]>):
  AsyncGenerator<Buffer> {
  yield Buffer.from(sheetHead(widths))
  let row = 0
  for await (const batch of rows) yield Buffer.from(batch.map((cells) => rowXml(cells, row += 1)).join(''))
  yield Buffer.from('</sheetData></worksheet>')
}

/**
 * The bytes of a workbook.
 *
 * @param rows batches of rows, the first row is the heading; a slow reader makes them wait
 * @param widths of the columns, in characters
 */
export async function* xlsxBytes(sheet: string, widths: readonly number[],
  rows: AsyncIterable<readonly (readonly SheetCell[])[]>): AsyncGenerator<Buffer> {
  const files: Written[] = []
  let at = 0
  for (const [name, text] of Object.entries(fixedParts(sheet))) {
    const bytes = Buffer.from(xml + text.replace(/\n\s+/g, ' '))
    const small = deflateRawSync(bytes)
    const file = { name, crc: crc32(bytes), packed: small.length, size: bytes.length, offset: at, flags: utf8 }
    files.push(file)
    const head = localHead(file)
    at += head.length + small.length
    yield Buffer.concat([head, small])
  }
  const file: Written = { name: 'xl/worksheets/sheet1.xml', crc: 0, packed: 0, size: 0, offset: at,
    flags: utf8 | sizesBehind }
  const head = localHead(file)
  yield head
  const deflate = createDeflateRaw({ level: 6 })
  const source = sheetXml(widths, rows)
  const pump = (async () => {
    for await (const piece of source) {
      file.crc = crc32(piece, file.crc)
      file.size += piece.length
      if (!deflate.write(piece)) await new Promise((resolve) => deflate.once('drain', resolve))
    }
    deflate.end()
  })()
  pump.catch((error: unknown) => deflate.destroy(error as Error))
  try {
    for await (const piece of deflate as AsyncIterable<Buffer>) {
      file.packed += piece.length
      yield piece
    }
  } finally {
    // A reader that went away lets a waiting write go.
    deflate.emit('drain')
  }
  files.push(file)
  const behind = Buffer.alloc(16)
  behind.writeUInt32LE(0x08074b50, 0)
  for (const [index, value] of [file.crc, file.packed, file.size].entries()) behind.writeUInt32LE(value, 4 + index * 4)
  at += head.length + file.packed + behind.length
  yield Buffer.concat([behind, directory(files, at)])
}
