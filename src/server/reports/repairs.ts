import { type AnyProcess, fieldsOf, own } from '../../engine/define.ts'
import { fail } from '../../engine/fields.ts'
import type { FieldProblem } from '../../engine/refusal.ts'
import { repairOrder } from '../../processes/repair/repair-order.ts'
import { machine } from '../../processes/customers/machine.ts'
import type { Ctx } from '../context.ts'
import { Fragment, type Reader, join, sql } from '../db.ts'
import { cell } from '../export.ts'
import { shaped } from '../list-language.ts'
import { sightCondition, sightOf } from '../policy.ts'
import type { WordKey } from '../../words/zh.ts'
import type { ReportCaseView, RepairsView } from '../views.ts'
import { type Parameters, type Period, checkNames, readPeriod, textOf } from './period.ts'

/** What came of the repair orders, by one of these. Each is an expression over record `r`, order `n`, machine `m`. */
const dimensions = {
  brand: `coalesce(m.brand, '')`,
  model: `coalesce(m.model, '')`,
  product: `coalesce(m.product_kind, '')`,
  fault: `coalesce(n.fault_class, '')`,
  cause: `coalesce(n.cause_class, '')`,
  because: `coalesce(n.not_repaired_because, '')`,
  age: `coalesce(n.age_years, extract(year from age(r.opened_at, coalesce(n.purchase_date, m.purchase_date)))::int, -1)::text`,
} as const
export type Dimension = keyof typeof dimensions
export const dimensionNames = Object.keys(dimensions) as Dimension[]
const outcomes = ['repaired', 'repairable', 'beyond_repair', 'unknown'] as const
const outcomeIs = `coalesce(n.repair_outcome, 'unknown')`

export type RepairsQuery = { by: Dimension; period: Period; where: readonly [Dimension, string][]
  outcome: (typeof outcomes)[number] | null }

const rowsMost = 300
const casesMost = 100

export function parseRepairs(ctx: Ctx, parameters: Parameters): { query: RepairsQuery } | { problems: FieldProblem[] } {
  const problems: FieldProblem[] = []
  checkNames(parameters, ['by', 'from', 'to', 'format', 'outcome', ...dimensionNames], problems)
  const by = textOf(parameters, 'by') ?? 'brand'
  if (!Object.hasOwn(dimensions, by)) problems.push(fail('by', 'not_an_option'))
  const outcome = textOf(parameters, 'outcome')
  if (outcome !== null && !(outcomes as readonly string[]).includes(outcome)) problems.push(fail('outcome', 'not_an_option'))
  const period = readPeriod(ctx, parameters, problems)
  // An empty value is asked for by a lone minus: what nobody wrote down.
  const where = dimensionNames.flatMap((name): [Dimension, string][] => {
    const value = textOf(parameters, name)
    return value === null ? [] : [[name, value === '-' ? (name === 'age' ? '-1' : '') : value]]
  })
  return problems.length > 0 ? { problems }
    : { query: { by: by as Dimension, period, where, outcome: outcome as RepairsQuery['outcome'] } }
}

const raw = (text: string) => new Fragment(text, [])

/** Ended or not: a case counts by the day on which it was opened, those that were called off do not. */
function conditions(ctx: Ctx, { period, where, outcome }: RepairsQuery): Fragment {
  const all = [sql`r.process = 'repair_order' and r.kind <> 'void'`, sightCondition(sightOf('repair_order', ctx.actor))]
  if (period.begins) all.push(sql`r.opened_at >= ${period.begins}::timestamptz`)
  if (period.ends) all.push(sql`r.opened_at < ${period.ends}::timestamptz`)
  for (const [name, value] of where) all.push(sql`${raw(dimensions[name])} = ${value}::text`)
  if (outcome) all.push(sql`${raw(outcomeIs)} = ${outcome}::text`)
  return join(all, ' and ')
}

const tables = raw(`record r join repair_order n on n.company_id = r.company_id and n.id = r.id
  left join machine m on m.company_id = r.company_id and m.id = r.machine`)

type Counted = { key: string; outcome: (typeof outcomes)[number]; n: number }

/** How repair orders ended: counts by outcome, and the share that was repaired of those whose outcome is known. */
export async function readRepairs(ctx: Ctx, reader: Reader, query: RepairsQuery): Promise<RepairsView> {
  const rows = await reader.query<Counted>(shaped('repairs', sql`
    select ${raw(dimensions[query.by])} as key, ${raw(outcomeIs)} as outcome, count(*)::int as n
    from ${tables} where ${conditions(ctx, query)} group by 1, 2`))
  const byKey = new Map<string, Counted[]>()
  for (const row of rows) byKey.set(row.key, [...byKey.get(row.key) ?? [], row])
  const lines = [...byKey].map(([key, counted]) => ({ key: isEmpty(query.by, key) ? '-' : key,
    label: labelOfKey(ctx, query.by, key), ...tally(counted) }))
    .sort((a, b) => (query.by === 'age' ? Number(a.key) - Number(b.key) : b.cases - a.cases) || (a.key < b.key ? -1 : 1))
  return { by: query.by, from: query.period.from, to: query.period.to, total: tally(rows),
    rows: lines.slice(0, rowsMost), more: Math.max(0, lines.length - rowsMost),
    outcomes: outcomes.map((name) => ({ name, label: outcomeLabel(ctx, name) })),
    choices: dimensionNames.map((name) => ({ name, label: ctx.words.say(`report.by.${name}`) })) }
}

const isEmpty = (by: Dimension, key: string): boolean => key === '' || (by === 'age' && key === '-1')

function tally(rows: readonly Counted[]): RepairsView['total'] {
  const of = (name: string) => rows.filter(({ outcome }) => outcome === name).reduce((sum, { n }) => sum + n, 0)
  const [repaired, repairable, beyond_repair, unknown] = outcomes.map(of) as [number, number, number, number]
  const known = repaired + repairable + beyond_repair
  return { cases: known + unknown, known, repaired, repairable, beyond_repair, unknown,
    repaired_share: known === 0 ? null : repaired / known }
}

const optionOf = (ctx: Ctx, process: AnyProcess, field: string, key: string): string => {
  const found = own(fieldsOf(process), field)
  const zh = found?.kind === 'choice' ? own(found.options, key) : undefined
  return zh === undefined ? key : ctx.words.label(`${process.name}.option.${field}.${key}`, zh)
}

const outcomeLabel = (ctx: Ctx, name: (typeof outcomes)[number]): string =>
  (name === 'unknown' ? ctx.words.say('report.not_known') : optionOf(ctx, repairOrder as AnyProcess, 'repair_outcome', name))

function labelOfKey(ctx: Ctx, by: Dimension, key: string): string {
  if (isEmpty(by, key)) return ctx.words.say('report.not_written')
  if (by === 'product') return optionOf(ctx, machine as AnyProcess, 'product_kind', key)
  if (by === 'age') return ctx.words.say('report.years', { n: key })
  const field = { fault: 'fault_class', cause: 'cause_class', because: 'not_repaired_because', brand: '', model: '' }[by]
  return field === '' ? key : optionOf(ctx, repairOrder as AnyProcess, field, key)
}

/** The cases behind a figure, newest first. */
export async function readRepairCases(ctx: Ctx, reader: Reader, query: RepairsQuery): Promise<{ cases: ReportCaseView[]
  more: boolean }> {
  const rows = await reader.query<Omit<ReportCaseView, 'state' | 'note'> & { state: string; outcome: string
    kind: ReportCaseView['state']['kind'] }>(shaped('repair_cases', sql`
    select r.id, r.process, r.number, r.title, r.state, r.kind, r.opened_at, r.closed_at, ${raw(outcomeIs)} as outcome
    from ${tables} where ${conditions(ctx, query)} order by r.opened_at desc, r.id desc
    limit ${raw(String(casesMost + 1))}`))
  return { more: rows.length > casesMost, cases: rows.slice(0, casesMost).map(({ state, kind, outcome, ...row }) => ({
    ...row, note: outcomeLabel(ctx, outcome as 'unknown'), state: { name: state, kind,
      label: ctx.words.label(`repair_order.state.${state}`, repairOrder.states[state as 'closed'].zh) } })) }
}

/** The same as a spreadsheet opens it. */
export function repairsCsv(ctx: Ctx, view: RepairsView): string {
  const heads = [ctx.words.say(`report.by.${view.by}` as WordKey), ctx.words.say('report.cases'),
    ...view.outcomes.map(({ label }) => label), ctx.words.say('report.repaired_share')]
  const lineOf = (label: string, one: RepairsView['total']) => [cell(label), one.cases, one.repaired, one.repairable,
    one.beyond_repair, one.unknown, one.repaired_share === null ? '' : `${(one.repaired_share * 100).toFixed(2)}%`].join(',')
  return `\ufeff${[heads.map(cell).join(','), ...view.rows.map((row) => lineOf(row.label, row)),
    lineOf(ctx.words.say('report.total'), view.total)].join('\r\n')}\r\n`
}
