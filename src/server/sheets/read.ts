import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { readCsv } from './csv-read.ts'
import { SheetProblem } from './problem.ts'
import { readXlsx } from './xlsx-read.ts'

export type SheetLine = { n: number; cells: string[] }

const xlsxType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const textTypes: readonly string[] = ['text/csv', 'text/plain']

/** Can a file of this type be a table? */
export const isSheet = (type: string): boolean => type === xlsxType || textTypes.includes(type)

/**
 * The lines of a table that lies in the store. It is copied aside first: a workbook is read from its end.
 *
 * @param sheet the sheet of the workbook that is wanted; null: the first that holds something
 * @param tell hears which sheets hold something, before the first line; of a text table never
 */
export async function* linesOf(bytes: Readable, type: string, sheet: string | null, tell: (sheets: string[]) => void):
  AsyncGenerator<SheetLine> {
  if (!isSheet(type)) throw new SheetProblem('not_a_sheet')
  const folder = await mkdtemp(join(tmpdir(), 'gongdan-sheet-'))
  try {
    const path = join(folder, 'sheet')
    await pipeline(bytes, createWriteStream(path))
    yield* type === xlsxType ? readXlsx(path, sheet, tell) : readCsv(path)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
