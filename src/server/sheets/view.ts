import type { Ctx } from '../context.ts'
import { type Reader, sql } from '../db.ts'
import { localField } from '../definitions.ts'
import type { FieldProblem } from '../../engine/refusal.ts'
import type { AnyProcess } from '../../engine/define.ts'
import type { SheetFaultView, SheetJobView, SheetKindView } from '../views-sheets.ts'
import type { Effective } from '../settings.ts'
import type { Job } from './job.ts'
import { type SheetKind, columnLabel, columnOfProblem, hasFiller, kindLabel, mayBring, sheetFields, sheetKinds } from './kinds.ts'
import type { SheetProblemCode } from './problem.ts'
import { wholeMost } from './writing.ts'

/** The kinds of sheets that this person may bring in here. */
export function kindViews(ctx: Ctx, settings: Effective): SheetKindView[] {
  return Object.entries(sheetKinds).flatMap(([name, kind]) => {
    const process = settings.definitions[kind.process]
    return process && mayBring(kind, process, ctx.actor.roles)
      ? [{ kind: name, label: kindLabel(ctx.words, kind, process), process: kind.process, updates: kind.change !== undefined,
        list: listOf(ctx, name, kind, process) }] : []
  })
}

/** Where what is there is given out: the list of its process, of people at customers one of their own. */
const listOf = (ctx: Ctx, name: string, kind: SheetKind, process: AnyProcess): SheetKindView['list'] =>
  (kind.change === undefined ? null
    : kind.on ? { path: `/api/sheet-list/${name}`, label: ctx.words.say('sheet.contacts') }
      : { path: `/api/${kind.process}/export`, label: kindLabel(ctx.words, kind, process) })

export function jobView(ctx: Ctx, settings: Effective, job: Job, by: string): SheetJobView {
  const kind = sheetKinds[job.kind]
  const process = kind && settings.definitions[kind.process]
  const fields = kind && process ? Object.entries(sheetFields(kind, process)).map(([name, field]) =>
    ({ ...localField(ctx.words, process, name, field), name, label: columnLabel(ctx.words, process, name) })) : []
  const count = (state: string) => job.counts[state] ?? 0
  return { id: job.id, kind: job.kind, process: kind?.process ?? '', state: job.state, file_name: job.file_name, by,
    label: kind && process ? kindLabel(ctx.words, kind, process) : job.kind,
    columns: job.headings.map((heading, index) => ({ heading, field: job.fields[index] ?? null,
      samples: job.samples.map((row) => row[index] ?? '').filter((text) => text !== '') })),
    fields, unfilled: kind && process ? fields.map(({ name }) => name).filter((name) => !hasFiller(kind, process, name)) : [],
    updates: job.updates, may_update: kind?.change !== undefined, sheets: job.sheets, sheet: job.sheet ?? job.sheets[0] ?? null,
    fillers: job.fillers, rows_total: job.rows_total, seen: job.seen, only_good: job.only_good,
    counts: { good: count('good'), bad: count('bad'), there: count('there'), double: count('double'),
      written: count('written'), refused: count('refused'),
      change: count('change'), changed: count('changed') },
    in_one: job.rows_total <= wholeMost,
    problem: job.problem && ctx.words.say(`sheet.problem.${job.problem.code as SheetProblemCode | 'taken'}`,
      { line: job.problem.line, text: job.problem.text }),
    created_at: job.created_at, ended_at: job.ended_at }
}

/** What is wrong with one row: each with the heading of its column and what stands in the cell. */
function faultView(ctx: Ctx, process: AnyProcess, job: Job, row: FaultRow): SheetFaultView {
  const kind = sheetKinds[job.kind]
  return { line: row.n, problems: (row.problems ?? []).map((problem) => {
    const name = kind ? columnOfProblem(kind, problem.field) : problem.field
    const columns = job.fields.flatMap((one, index) => (one === name ? [index] : []))
    const label = name === '' ? '' : columnLabel(ctx.words, process, name)
    const heading = columns.map((index) => job.headings[index] ?? '').join(' ') || label
    return { field: name, heading, column: columns[0] ?? null,
      value: columns.map((index) => row.cells?.[index] ?? '').join(' ').trim(),
      message: ctx.words.say(`problem.${problem.code}`, { field: name, label, ...problem.params }) }
  }) }
}

type FaultRow = { n: number; cells: string[] | null; problems: FieldProblem[] | null }

export const faultsShown = 100

export const readFaults = (reader: Reader, job: string, after: number, most: number): Promise<FaultRow[]> =>
  reader.query<FaultRow>(sql`
    select n, cells, problems from sheet_row where job = ${job}::uuid and state in ('bad', 'refused')
      and n > ${after}::int order by n limit ${most}::int`.named('sheet_faults'))

export const faultViews = (ctx: Ctx, process: AnyProcess, job: Job, rows: readonly FaultRow[]): SheetFaultView[] =>
  rows.map((row) => faultView(ctx, process, job, row))

