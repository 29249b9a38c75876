import { crc32 } from 'node:zlib'

/** A packed file of texts, not squeezed. */
function zipOf(files: Readonly<Record<string, string>>): Buffer {
  const [bodies, directory]: [Buffer[], Buffer[]] = [[], []]
  let at = 0
  for (const [name, text] of Object.entries(files)) {
    const [bytes, title] = [Buffer.from(text), Buffer.from(name)]
    const sizes = (buffer: Buffer, from: number): Buffer => {
      buffer.writeUInt32LE(crc32(bytes), from)
      buffer.writeUInt32LE(bytes.length, from + 4)
      buffer.writeUInt32LE(bytes.length, from + 8)
      buffer.writeUInt16LE(title.length, from + 12)
      return buffer
    }
    const head = sizes(Buffer.alloc(30), 14)
    head.writeUInt32LE(0x04034b50, 0)
    const entry = sizes(Buffer.alloc(46), 16)
    entry.writeUInt32LE(0x02014b50, 0)
    entry.writeUInt32LE(at, 42)
    bodies.push(head, title, bytes)
    directory.push(entry, title)
    at += head.length + title.length + bytes.length
  }
  const whole = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(Object.keys(files).length, 8)
  end.writeUInt16LE(Object.keys(files).length, 10)
  end.writeUInt32LE(whole.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...bodies, whole, end])
}

export type TestSheet = { name: string; rows: readonly (readonly string[])[]; hidden?: true }

/** A workbook of several sheets, as other programs write it. */
export function manySheets(sheets: readonly TestSheet[]): Buffer {
  const row = (cells: readonly string[], n: number) => `<row r="${n + 1}">${cells.map((cell) =>
    `<c t="inlineStr"><is><t>${cell}</t></is></c>`).join('')}</row>`
  return zipOf({
    '[Content_Types].xml': '<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument'
      + '.spreadsheetml.sheet.main+xml"/></Types>',
    'xl/workbook.xml': `<workbook><sheets>${sheets.map(({ name, hidden }, index) =>
      `<sheet name="${name}" sheetId="${index + 1}" r:id="rId${index + 1}"${hidden ? ' state="hidden"' : ''}/>`).join('')
    }</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships>${sheets.map((_one, index) =>
      `<Relationship Id="rId${index + 1}" Target="worksheets/sheet${index + 1}.xml"/>`).join('')}</Relationships>`,
    ...Object.fromEntries(sheets.map(({ rows }, index) => [`xl/worksheets/sheet${index + 1}.xml`,
      `<worksheet><sheetData>${rows.map(row).join('')}</sheetData></worksheet>`])),
  })
}
