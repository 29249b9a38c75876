import type { AnyProcess } from '../../engine/define.ts'
import type { AnyField } from '../../engine/fields.ts'
import type { Ctx } from '../context.ts'
import { localField } from '../definitions.ts'
import type { Job } from './job.ts'
import { columnLabel, hasFiller, kindLabel, sheetFields, sheetKinds } from './kinds.ts'
import { faultViews, readFaults } from './view.ts'
import { type SheetCell, xlsxBytes } from './xlsx-write.ts'

const batch = 500
const text = (value: string): SheetCell => ({ text: value })

/**
 * The rows that were at fault as a workbook to correct and load again: as they came, what is wrong in front. The two
 * columns in front fit no field and are passed over when the file comes back.
 */
export function faultsFile(ctx: Ctx, process: AnyProcess, job: Job): AsyncGenerator<Buffer> {
  async function* rows() {
    yield [[ctx.words.say('sheet.line'), ctx.words.say('sheet.faults'), ...job.headings].map(text)]
    let after = 0
    for (;;) {
      const from = after
      const found = await ctx.app.db.read(ctx.company.id, (reader) => readFaults(reader, job.id, from, batch))
      if (found.length === 0) return
      const views = faultViews(ctx, process, job, found)
      yield found.map((row, index): SheetCell[] => [{ number: row.n },
        text(views[index]!.problems.map(({ heading, message }) => `${heading}: ${message}`).join('\n')),
        ...job.headings.map((_heading, column) => text(row.cells?.[column] ?? ''))])
      after = found.at(-1)!.n
    }
  }
  return xlsxBytes(ctx.words.say('sheet.faults'), [8, 50, ...job.headings.map((heading) => heading.length * 2 + 8)], rows())
}

/** How a column is filled in: must it be, and with which words. */
function noteOf(ctx: Ctx, process: AnyProcess, name: string, field: AnyField): string {
  const view = localField(ctx.words, process, name, field)
  return [field.required === true ? ctx.words.say('sheet.required') : '', view.hint ?? '',
    'options' in view ? Object.values(view.options).join(' / ') : ''].filter((one) => one !== '').join('；')
}

/** An empty workbook with the headings of a kind. */
export function templateFile(ctx: Ctx, process: AnyProcess, kind: string): AsyncGenerator<Buffer> {
  const fields = Object.entries(sheetFields(sheetKinds[kind]!, process))
    .filter(([name]) => hasFiller(sheetKinds[kind]!, process, name))
  const labels = fields.map(([name]) => columnLabel(ctx.words, process, name))
  async function* rows() {
    yield [[...labels, ctx.words.say('sheet.template_notes')].map(text)]
    yield fields.filter(([name, field]) => noteOf(ctx, process, name, field) !== '').map(([name, field]): SheetCell[] => [
      ...labels.map(() => null), text(`${columnLabel(ctx.words, process, name)}：${noteOf(ctx, process, name, field)}`)])
  }
  return xlsxBytes(kindLabel(ctx.words, sheetKinds[kind]!, process), [...labels.map((label) => label.length * 2 + 6), 60], rows())
}
