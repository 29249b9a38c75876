import { readFile } from '../files.ts'
import { sql } from '../db.ts'
import { guessFields, headingScore } from './guess.ts'
import { type Place, patchJob } from './job.ts'
import { tellOfSheet } from './planner.ts'
import { SheetProblem } from './problem.ts'
import { type SheetLine, linesOf } from './read.ts'

/** Lines of a sheet that are taken at most; more belong into two files. */
export const linesMost = 200_000
const columnsMost = 100
const batch = 1000
/** Lines before the heading: the title of the table, a date, an empty line. */
const aboveMost = 10
const samplesKept = 5
const cellMost = 4000

const clean = (cells: readonly string[]): string[] => cells.slice(0, columnsMost).map((text) => text.slice(0, cellMost))

/**
 * The first step: the file becomes rows, its columns are guessed. Begins again from nothing when it was interrupted.
 *
 * @returns false when somebody called it off
 */
export async function readSheet(place: Place): Promise<boolean> {
  const { app, ctx, job, process, fields } = place
  const { id: company } = ctx.company
  const file = await readFile(ctx, job.file_id)
  const bytes = await file?.open()
  if (!file || !bytes) throw new SheetProblem('torn')
  await app.db.transaction(company, async (tx) => {
    await tx.query(sql`delete from sheet_row where job = ${job.id}::uuid`.named('clear_sheet'))
    await tx.commit()
  })
  let above: SheetLine[] | null = []
  let headings: string[] = []
  const samples: string[][] = []
  let [total, waiting]: [number, SheetLine[]] = [0, []]
  const keep = async (): Promise<boolean> => {
    const rows = waiting
    waiting = []
    return app.db.transaction(company, async (tx) => {
      await tx.query(sql`insert into sheet_row (company_id, job, n, cells)
        select current_company(), ${job.id}::uuid, x.n, x.cells
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x (n int, cells jsonb)`.named('insert_sheet_rows'))
      const held = await patchJob(tx, job.id, 'reading', { seen: total }, app.clock(), true)
      await tx.commit()
      return held
    })
  }
  const take = (line: SheetLine) => {
    total += 1
    if (total > linesMost) throw new SheetProblem('too_much')
    if (samples.length < samplesKept) samples.push(headings.map((_one, index) => line.cells[index] ?? ''))
    waiting.push({ n: line.n, cells: clean(line.cells) })
  }
  const begin = (lines: readonly SheetLine[]) => {
    const scores = lines.map(({ cells }) => headingScore(process, fields, cells))
    const best = Math.max(...scores)
    const filled = (line: SheetLine) => line.cells.filter((text) => text.trim() !== '').length
    const at = best > 0 ? scores.indexOf(best) : Math.max(0, lines.findIndex((line) => filled(line) >= 2))
    headings = clean(lines[at]!.cells).map((text) => text.replace(/\s+/g, ' ').trim().slice(0, 100))
    for (const line of lines.slice(at + 1)) take(line)
  }
  let sheets: string[] = []
  for await (const line of linesOf(bytes, file.type, job.sheet, (names) => { sheets = names })) {
    if (above !== null && above.push(line) < aboveMost) continue
    if (above !== null) {
      begin(above)
      above = null
    } else take(line)
    if (waiting.length >= batch && !await keep()) return false
  }
  if (above !== null && above.length > 0) begin(above)
  if (headings.length === 0) throw new SheetProblem('empty')
  if (!await keep()) return false
  await tellOfSheet(place, total)
  return app.db.transaction(company, async (tx) => {
    const moved = await patchJob(tx, job.id, 'reading', { state: 'mapping', headings, samples, sheets, rows_total: total, seen: 0,
      fields: guessFields(process, fields, headings) }, app.clock(), false)
    await tx.commit()
    return moved
  })
}
