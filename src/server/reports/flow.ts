import { type AnyProcess, own } from '../../engine/define.ts'
import { fail, isUuid } from '../../engine/fields.ts'
import type { FieldProblem } from '../../engine/refusal.ts'
import { machine } from '../../processes/customers/machine.ts'
import { dayMs, dayNumber, weekday as weekdayOf } from '../../engine/time-zone.ts'
import { labelOf } from '../answer.ts'
import type { Ctx } from '../context.ts'
import { type Reader, sql } from '../db.ts'
import { sightOf } from '../policy.ts'
import type { FlowRefusedView, FlowStepView, FlowView, TimesView } from '../views.ts'
import { type Parameters, type Period, checkNames, readPeriod, textOf } from './period.ts'

/** What is asked of a process: when, of which product, by whom. */
export type FlowQuery = { period: Period; product: string | null; person: string | null }

export const flowNames = ['from', 'to', 'product', 'person'] as const

/** Sums of everybody's work are for whoever may see every record of the process. */
export const seesFlow = (ctx: Ctx, process: string): boolean => sightOf(process, ctx.actor) === 'all'

export function parseFlow(ctx: Ctx, parameters: Parameters, more: readonly string[] = []):
  { query: FlowQuery } | { problems: FieldProblem[] } {
  const problems: FieldProblem[] = []
  checkNames(parameters, [...flowNames, ...more], problems)
  const person = textOf(parameters, 'person')
  if (person !== null && !isUuid(person)) problems.push(fail('person', 'unknown_person'))
  const product = textOf(parameters, 'product')
  if (product !== null && !/^[a-z_]{1,60}$/.test(product)) problems.push(fail('product', 'not_an_option'))
  if (product !== null && person !== null) problems.push(fail('person', 'unknown_field'))
  const period = readPeriod(ctx, product === null && person === null ? parameters : wholeWeeks(parameters), problems)
  return problems.length > 0 ? { problems } : { query: { period, product, person } }
}

/** Sums of a product or a person are kept by weeks: a time that begins or ends within one is taken to its end. */
function wholeWeeks(parameters: Parameters): Parameters {
  const moved = (name: 'from' | 'to', weekday: 1 | 7): string | null => {
    const text = textOf(parameters, name)
    const day = text === null ? null : dayNumber(text)
    return day === null ? text : dayText(day + (name === 'from' ? 1 - weekdayOf(day) : weekday - weekdayOf(day)))
  }
  return { ...parameters, from: moved('from', 1) ?? undefined, to: moved('to', 7) ?? undefined }
}

const dayText = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10)

const falls = (text: string | null, weekday: 1 | 7): boolean => text === null || weekdayOf(dayNumber(text)!) === weekday

/** Everything is summed by days and, for whole weeks, by weeks: a sixth of the lines to be read. */
const sliceOf = ({ product, person, period }: FlowQuery): string =>
  (product !== null ? `p:${product}` : person !== null ? `w:${person}`
    : falls(period.from, 1) && falls(period.to, 7) ? '*' : '')

const minuteMs = 60_000
/** The middle of a bucket: the true value is within five in a hundred of it. */
const msOf = (bucket: number): number => Math.round((2 ** ((bucket + 0.5) / 8) - 1) * minuteMs)

type Step = { from_state: string; action: string; to_state: string; n: number; again: number; waived: number; ms: number
  median: number; p90: number }

const steps = (process: string, query: FlowQuery) => sql`
  with b as (select from_state, action, to_state, bucket, sum(n) as n, sum(again) as again, sum(waived) as waived,
      sum(ms) as ms
    from flow_day where process = ${process} and slice = ${sliceOf(query)}::text
      and day >= coalesce(${query.period.from}::date, '-infinity') and day <= coalesce(${query.period.to}::date, 'infinity')
    group by 1, 2, 3, 4),
  c as (select *, sum(n) over (partition by from_state, action, to_state order by bucket) as up,
    sum(n) over (partition by from_state, action, to_state) as whole from b)
  select from_state, action, to_state, sum(n)::int as n, sum(again)::int as again, sum(waived)::int as waived,
    sum(ms)::float8 as ms, (min(bucket) filter (where up >= whole * 0.5))::int as median,
    (min(bucket) filter (where up >= whole * 0.9))::int as p90
  from c group by 1, 2, 3 order by 4 desc`.named('flow_steps')

const timesOf = ({ n, ms, median, p90 }: Step): TimesView =>
  ({ n, mean_ms: Math.round(ms / n), median_ms: msOf(median), p90_ms: msOf(p90) })

/** Each open state is the beginning of an index that also knows the deadline. */
const hereNow = (process: string, open: readonly string[], now: number, { product, person }: FlowQuery) => sql`
  select r.state, count(*)::int as n, count(*) filter (where r.due_order < ${new Date(now)}::timestamptz)::int as late
  from record r where r.process = ${process} and r.state = any(${open}::text[])
    and (${product}::text is null or exists (select from machine m where m.id = r.machine
      and m.product_kind = ${product}::text))
    and (${person}::uuid is null or r.handler = ${person}::uuid)
  group by 1`.named('flow_here')

type Refused = { action: string; state: string; code: string; what: string; n: number }

const refusedOf = (process: string, { period, person }: FlowQuery) => sql`
  select action, state, code, what, count(*)::int as n from refused
  where process = ${process} and at >= coalesce(${period.begins}::timestamptz, '-infinity')
    and at < coalesce(${period.ends}::timestamptz, 'infinity')
    and (${person}::uuid is null or actor_id = ${person}::uuid)
  group by 1, 2, 3, 4 order by 5 desc limit 100`.named('flow_refused')

const waysMost = 8
const waysOf = (process: string, { period, product }: FlowQuery) => sql`
  select path, count(*)::int as n, (sum(count(*)) over ())::int as cases, (count(*) over ())::int as ways,
    (sum(count(*) filter (where again > 0)) over ())::int as again
  from case_flow where process = ${process} and opened_at >= coalesce(${period.begins}::timestamptz, '-infinity')
    and opened_at < coalesce(${period.ends}::timestamptz, 'infinity')
    and (${product}::text is null or product = ${product}::text)
  group by path order by 2 desc, 1 limit ${waysMost}::int`.named('flow_ways')

/** Slices that there are, one after the other along the index: there are few, of many lines. */
const slices = (process: string) => sql`
  with recursive s as (
    (select slice from flow_day where process = ${process} order by slice limit 1)
    union all
    select (select f.slice from flow_day f where f.process = ${process} and f.slice > s.slice order by f.slice limit 1)
    from s where s.slice is not null)
  select s.slice, m.name from s left join member m
    on m.id = case when s.slice like 'w:%' then substr(s.slice, 3)::uuid end
  where s.slice is not null and s.slice not in ('', '*') limit 500`.named('flow_slices')

/**
 * What really happened in a process: sums of its steps, with the time that cases had stood where each began. Counts and
 * means are exact; medians and nine-in-ten are within five in a hundred. A second or two behind what happens.
 */
export async function readFlow(ctx: Ctx, reader: Reader, process: AnyProcess, query: FlowQuery): Promise<FlowView> {
  const { name } = process
  const open = Object.entries(process.states).filter(([, { kind }]) => kind === 'active' || kind === 'waiting')
    .map(([state]) => state)
  const [all, here, refused, ways, choices] = await Promise.all([reader.query<Step>(steps(name, query)),
    reader.query<{ state: string; n: number; late: number }>(hereNow(name, open, ctx.now, query)),
    query.product === null ? reader.query<Refused>(refusedOf(name, query)) : [],
    query.person === null ? reader.query<{ path: string; n: number; cases: number; ways: number; again: number }>(
      waysOf(name, query)) : [],
    reader.query<{ slice: string; name: string | null }>(slices(name))])
  const ages = all.filter(({ from_state }) => from_state === '*')
  const taken = all.filter(({ from_state }) => from_state !== '*')
  const kindOf = (state: string) => own(process.states, state)?.kind
  const ends = ages.filter(({ to_state }) => kindOf(to_state) === 'done')
  const views = taken.map((step) => stepView(ctx, process, step))
  const product = machine.actions.register.needs!.product_kind as { options: Readonly<Record<string, string>> }
  return {
    process: name, label: labelOf(ctx.words, process, name), from: query.period.from, to: query.period.to,
    cases: { begun: sum(views.filter(({ from }) => from === ''), 'n'), ended: sum(ends, 'n'),
      open: sum(here, 'n'), late: sum(here, 'late') },
    cycle: ends.length === 1 ? timesOf(ends[0]!) : ends.length === 0 ? null
      : timesOf(ends.reduce((most, one) => (one.n > most.n ? one : most))),
    states: statesView(ctx, process, taken, here),
    steps: views, again: sum(taken, 'again'), waived: sum(taken, 'waived'),
    late: sum(taken.filter(({ action }) => action === 'overdue'), 'n'),
    refused: refused.map((one) => refusedView(ctx, process, one)),
    never: Object.keys(process.actions).filter((action) => !process.actions[action]!.retired
      && !taken.some((step) => step.action === action))
      .map((action) => ({ name: action, label: labelOf(ctx.words, process, `action.${action}`) })),
    ways: { cases: ways[0]?.cases ?? 0, all: ways[0]?.ways ?? 0, again: ways[0]?.again ?? 0, shown: ways.map(({ path, n }) => ({ path, n,
      states: path.split('>').map((state) => labelOf(ctx.words, process, `state.${state}`)) })) },
    products: choices.filter(({ slice }) => slice.startsWith('p:')).map(({ slice }) => {
      const key = slice.slice(2)
      return { name: key, label: ctx.words.label(`machine.option.product_kind.${key}`, own(product.options, key) ?? key) }
    }),
    people: choices.filter((one) => one.slice.startsWith('w:') && one.name !== null)
      .map(({ slice, name: label }) => ({ id: slice.slice(2), name: label! })),
  }
}

const sum = <K extends string>(rows: readonly Readonly<Record<K, number>>[], key: K): number =>
  rows.reduce((total, row) => total + row[key], 0)

function stepView(ctx: Ctx, process: AnyProcess, step: Step): FlowStepView {
  const { from_state, action, to_state, again, waived } = step
  return { from: from_state, action, label: labelOf(ctx.words, process, `action.${action}`), to: to_state, again, waived,
    ...timesOf(step) }
}

/** Each state with how often it was reached, how long cases stayed (from the steps that left it), who is there now. */
function statesView(ctx: Ctx, process: AnyProcess, taken: readonly Step[],
  here: readonly { state: string; n: number; late: number }[]): FlowView['states'] {
  return Object.entries(process.states).map(([name, state]) => {
    const out = taken.filter((step) => step.from_state === name && step.to_state !== name)
    const n = sum(out, 'n')
    const now = here.find((one) => one.state === name)
    return { name, label: labelOf(ctx.words, process, `state.${name}`), kind: state.kind,
      entered: sum(taken.filter((step) => step.to_state === name && step.from_state !== name), 'n'),
      again: sum(taken.filter((step) => step.to_state === name), 'again'),
      late: sum(taken.filter((step) => step.from_state === name && step.action === 'overdue'), 'n'),
      here: now?.n ?? 0, here_late: now?.late ?? 0, stay_mean_ms: n === 0 ? null : Math.round(sum(out, 'ms') / n) }
  })
}

function refusedView(ctx: Ctx, process: AnyProcess, { action, state, code, what, n }: Refused): FlowRefusedView {
  const { words } = ctx
  const fields = what.split(',').filter(Boolean).map((field) => labelOf(words, process, `field.${field}`)).join('、')
  const why = code === 'guard' || code === 'waiver_not_allowed' ? labelOf(words, process, `guard.${what}`)
    : code === 'wrong_state' ? words.say('report.not_from_here') : code === 'wrong_role' ? words.say('report.not_by_role')
      : words.say('report.not_filled', { fields: fields || code })
  return { action, label: labelOf(words, process, `action.${action}`), state, code, what, why, n,
    state_label: state === '' ? words.say('label.not_begun') : labelOf(words, process, `state.${state}`) }
}
