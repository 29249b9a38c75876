import { type AnyProcess, fieldsOf } from '../../engine/define.ts'
import { fail, isUuid } from '../../engine/fields.ts'
import type { FieldProblem } from '../../engine/refusal.ts'
import { careVisit } from '../../processes/care/care-visit.ts'
import { customer } from '../../processes/customers/customer.ts'
import type { Ctx } from '../context.ts'
import { Fragment, type Reader, join, sql } from '../db.ts'
import { shaped } from '../list-language.ts'
import { sightCondition, sightOf } from '../policy.ts'
import type { CustomersReportView } from '../views-reports.ts'
import type { ReportCaseView } from '../views.ts'
import { type Parameters, type Period, checkNames, readPeriod, textOf } from './period.ts'

/** Customers who came, went and came back, by month, and visits planned and made, by who makes them and the grade of whom. */

/** Which steps of a customer's file are a movement. One counts where it leads into another state. */
const movements = { made: ['register'], lost: ['mark_lost', 'review_contact'], regained: ['win_back'], merged: ['merge_into'],
  archived: ['archive'] } as const
type Movement = keyof typeof movements
export const movementNames = Object.keys(movements) as Movement[]
const stepsThatMove = Object.values(movements).flat()

/** What came of a visit. On the day that was planned is kept; what lies ahead is not judged. */
export const visitOutcomes = ['kept', 'late', 'missed', 'dropped', 'ahead'] as const
export type VisitOutcome = (typeof visitOutcomes)[number]

const monthsMost = 120
const rowsMost = 300
const casesMost = 100

export type CustomersQuery = { period: Period; behind: 'movement' | 'visit' | null; movement: Movement | null; month: string | null
  handler: string | null; grade: string | null; outcome: VisitOutcome | null }

const oneOf = <T extends string>(parameters: Parameters, name: string, known: readonly T[], problems: FieldProblem[]): T | null => {
  const value = textOf(parameters, name)
  const found = known.find((one) => one === value) ?? null
  if (value !== null && found === null) problems.push(fail(name, 'not_an_option'))
  return found
}

export function parseCustomers(ctx: Ctx, parameters: Parameters): { query: CustomersQuery } | { problems: FieldProblem[] } {
  const problems: FieldProblem[] = []
  checkNames(parameters, ['from', 'to', 'behind', 'movement', 'month', 'handler', 'grade', 'outcome'], problems)
  const month = textOf(parameters, 'month')
  if (month !== null && !/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) problems.push(fail('month', 'bad_format'))
  const handler = textOf(parameters, 'handler')
  if (handler !== null && handler !== 'none' && !isUuid(handler)) problems.push(fail('handler', 'unknown_person'))
  const query = { period: readPeriod(ctx, parameters, problems), month, handler,
    behind: oneOf(parameters, 'behind', ['movement', 'visit'] as const, problems),
    movement: oneOf(parameters, 'movement', movementNames, problems),
    grade: oneOf(parameters, 'grade', Object.keys(grades()), problems),
    outcome: oneOf(parameters, 'outcome', visitOutcomes, problems) }
  return problems.length > 0 ? { problems } : { query }
}

const grades = (): Readonly<Record<string, string>> => {
  const field = fieldsOf(customer as unknown as AnyProcess).grade
  return field?.kind === 'choice' ? field.options : {}
}
const gradeLabel = (ctx: Ctx, grade: string): string => ctx.words.label(`customer.option.grade.${grade}`, grades()[grade] ?? grade)

const within = (column: string, { begins, ends }: Period): Fragment => join([
  ...(begins ? [sql`${new Fragment(column, [])} >= ${begins}::timestamptz`] : []),
  ...(ends ? [sql`${new Fragment(column, [])} < ${ends}::timestamptz`] : []), sql`true`], ' and ')

const moved = ({ period }: CustomersQuery) => sql`e.process = 'customer' and e.action = any(${stepsThatMove}::text[])
  and e.from_state is distinct from e.to_state and ${within('e.at', period)}`

const visitTables = new Fragment(`care_visit v join record r on r.company_id = v.company_id and r.id = v.id
  left join customer c on c.company_id = r.company_id and c.id = r.customer
  left join member m on m.company_id = r.company_id and m.id = r.handler`, [])
const outcomeIs = (ctx: Ctx): Fragment => sql`case when r.kind = 'void' then 'dropped'
  when v.held_at is not null then case when (v.held_at at time zone ${ctx.company.time_zone}::text)::date
    <= (v.planned_at at time zone ${ctx.company.time_zone}::text)::date then 'kept' else 'late' end
  when v.planned_at < ${new Date(ctx.now).toISOString()}::timestamptz then 'missed' else 'ahead' end`
const gradeIs = new Fragment(`coalesce(c.grade, 'ordinary')`, [])

/** May this reader see the customers at all? Visits are those that they may see. */
export const seesCustomersReport = (ctx: Ctx): boolean => sightOf('customer', ctx.actor) === 'all'
const seesVisits = (ctx: Ctx): boolean => sightOf('care_visit', ctx.actor) !== 'none'

type MovedRow = { month: string; action: string; n: number }
type VisitRow = { handler: string | null; name: string | null; grade: string; outcome: VisitOutcome; n: number }

export async function readCustomersReport(ctx: Ctx, reader: Reader, query: CustomersQuery): Promise<CustomersReportView> {
  const [steps, visits] = await Promise.all([
    reader.query<MovedRow>(shaped('customers_moved', sql`
      select to_char(e.at at time zone ${ctx.company.time_zone}::text, 'YYYY-MM') as month, e.action, count(*)::int as n
      from event e where ${moved(query)} group by 1, 2`)),
    !seesVisits(ctx) ? [] : reader.query<VisitRow>(shaped('customers_visited', sql`
      select r.handler, m.name, ${gradeIs} as grade, ${outcomeIs(ctx)} as outcome, count(*)::int as n
      from ${visitTables} where ${within('v.planned_at', query.period)} and ${sightCondition(sightOf('care_visit', ctx.actor))}
      group by 1, 2, 3, 4`))])
  const rows = visitLines(ctx, visits)
  const total = counted(visits)
  return { from: query.period.from, to: query.period.to, months: monthLines(steps), visits: rows.slice(0, rowsMost),
    more: Math.max(0, rows.length - rowsMost), total, kept_share: shareOf(total) }
}

function monthLines(rows: readonly MovedRow[]): CustomersReportView['months'] {
  const by = new Map<string, Record<Movement, number>>()
  for (const { month, action, n } of rows) {
    const line = by.get(month) ?? { made: 0, lost: 0, regained: 0, merged: 0, archived: 0 }
    const movement = movementNames.find((name) => (movements[name] as readonly string[]).includes(action))!
    line[movement] += n
    by.set(month, line)
  }
  return [...by].map(([month, line]) => ({ month, ...line })).sort((a, b) => (a.month < b.month ? 1 : -1)).slice(0, monthsMost)
}

type Counts = Record<VisitOutcome, number>
const counted = (rows: readonly VisitRow[]): Counts => Object.fromEntries(visitOutcomes.map((outcome) => [outcome,
  rows.filter((row) => row.outcome === outcome).reduce((sum, { n }) => sum + n, 0)])) as Counts

/** Of the visits whose day has come: made, be it late. null where there is none. */
const shareOf = ({ kept, late, missed, dropped }: Counts): number | null => {
  const due = kept + late + missed + dropped
  return due === 0 ? null : (kept + late) / due
}

function visitLines(ctx: Ctx, rows: readonly VisitRow[]): CustomersReportView['visits'] {
  const by = new Map<string, VisitRow[]>()
  for (const row of rows) {
    const key = `${row.handler ?? 'none'} ${row.grade}`
    by.set(key, [...by.get(key) ?? [], row])
  }
  const order = Object.keys(grades())
  return [...by.values()].map((of) => {
    const { handler, name, grade } = of[0]!
    const counts = counted(of)
    return { handler: handler === null ? null : { id: handler, name: name ?? '—' }, grade, grade_label: gradeLabel(ctx, grade),
      ...counts, kept_share: shareOf(counts) }
  }).sort((a, b) => (a.handler?.name ?? '\uffff').localeCompare(b.handler?.name ?? '\uffff', 'zh')
    || order.indexOf(b.grade) - order.indexOf(a.grade))
}

type CaseRow = Omit<ReportCaseView, 'state' | 'note'> & { state: string; kind: ReportCaseView['state']['kind']; note: string | null }

/** What is behind a figure, newest first. */
export async function readCustomersCases(ctx: Ctx, reader: Reader, query: CustomersQuery):
  Promise<{ cases: ReportCaseView[]; more: boolean }> {
  if (query.behind === 'visit' && !seesVisits(ctx)) return { cases: [], more: false }
  const rows = await reader.query<CaseRow>(query.behind === 'visit' ? visitsBehind(ctx, query) : movedBehind(ctx, query))
  const process = (query.behind === 'visit' ? careVisit : customer) as unknown as AnyProcess
  return { more: rows.length > casesMost, cases: rows.slice(0, casesMost).map(({ state, kind, note, ...row }) => ({ ...row,
    note: note ?? '', state: { name: state, kind,
      label: ctx.words.label(`${process.name}.state.${state}`, process.states[state]?.zh ?? state) } })) }
}

const heads = new Fragment('r.id, r.process, r.number, r.title, r.state, r.kind, r.opened_at, r.closed_at', [])

function movedBehind(ctx: Ctx, query: CustomersQuery) {
  const { month, movement } = query
  const actions = movement === null ? stepsThatMove : movements[movement]
  return shaped('customers_moved_cases', sql`
    select ${heads}, coalesce(e.input->>'reason', e.input->>'how') as note
    from event e join record r on r.company_id = e.company_id and r.id = e.record_id
    where ${moved(query)} and e.action = any(${actions}::text[])
      and (${month}::text is null or to_char(e.at at time zone ${ctx.company.time_zone}::text, 'YYYY-MM') = ${month}::text)
    order by e.at desc, r.id desc limit ${casesMost + 1}::int`)
}

function visitsBehind(ctx: Ctx, { period, handler, grade, outcome }: CustomersQuery) {
  const conditions = [within('v.planned_at', period), sightCondition(sightOf('care_visit', ctx.actor)),
    ...handler === 'none' ? [sql`r.handler is null`] : handler === null ? [] : [sql`r.handler = ${handler}::uuid`],
    ...grade === null ? [] : [sql`${gradeIs} = ${grade}::text`],
    ...outcome === null ? [] : [sql`${outcomeIs(ctx)} = ${outcome}::text`]]
  return shaped('customers_visits', sql`
    select ${heads}, c.name as note from ${visitTables} where ${join(conditions, ' and ')}
    order by v.planned_at desc, r.id desc limit ${casesMost + 1}::int`)
}
