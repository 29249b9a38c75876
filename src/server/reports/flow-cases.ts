import { type AnyProcess, own } from '../../engine/define.ts'
import { fail } from '../../engine/fields.ts'
import type { FieldProblem } from '../../engine/refusal.ts'
import { labelOf } from '../answer.ts'
import type { Ctx } from '../context.ts'
import { Fragment, type Reader, sql } from '../db.ts'
import { shaped } from '../list-language.ts'
import type { ReportCaseView } from '../views.ts'
import { type FlowQuery, parseFlow } from './flow.ts'
import { type Parameters, textOf } from './period.ts'

/** Which cases: behind a step, behind what was waived, late, refused or done again, or that went one way. */
type Behind = 'step' | 'again' | 'waived' | 'late' | 'refused' | 'way'
export type BehindQuery = FlowQuery & { behind: Behind; action: string | null; from_state: string | null
  to_state: string | null; code: string | null; what: string | null; path: string | null }

const behinds: readonly Behind[] = ['step', 'again', 'waived', 'late', 'refused', 'way']
export const behindNames = ['behind', 'action', 'from_state', 'to_state', 'code', 'what', 'path'] as const
const casesMost = 60
/** How far back events are read for the newest cases of a step that happens all the time. */
const eventsMost = 3_000

export function parseBehind(ctx: Ctx, parameters: Parameters): { query: BehindQuery } | { problems: FieldProblem[] } {
  const { path = '', ...rest } = parameters
  const parsed = parseFlow(ctx, rest, behindNames)
  const behind = textOf(parameters, 'behind')
  const problems = 'problems' in parsed ? parsed.problems : []
  if (!(behinds as readonly (string | null)[]).includes(behind)) problems.push(fail('behind', 'not_an_option'))
  if (typeof path !== 'string' || path.length > 4_000 || !/^[a-z0-9_>]*$/.test(path)) problems.push(fail('path', 'wrong_type'))
  if ('problems' in parsed || problems.length > 0) return { problems }
  return { query: { ...parsed.query, behind: behind as Behind, action: textOf(parameters, 'action'), path: path as string,
    // An empty state is a beginning.
    from_state: typeof parameters.from_state === 'string' ? parameters.from_state : null,
    to_state: textOf(parameters, 'to_state'), code: textOf(parameters, 'code'), what: textOf(parameters, 'what') } }
}

const raw = (text: string) => new Fragment(text, [])

/** Events that meet a condition, newest first, as far back as is read. */
const eventsWhere = (process: string, { period, person, product }: BehindQuery, condition: Fragment): Fragment => sql`
  select e.record_id, e.at, coalesce(e.on_behalf_of, e.actor_id) as who,
    (select string_agg(w->>'reason', '；') from jsonb_array_elements(e.waived) w) as said
  from event e where e.process = ${process} and ${condition}
    and e.at >= coalesce(${period.begins}::timestamptz, '-infinity') and e.at < coalesce(${period.ends}::timestamptz, 'infinity')
    and (${person}::uuid is null or coalesce(e.on_behalf_of, e.actor_id) = ${person}::uuid)
    and (${product}::text is null or exists (select from case_flow f where f.record_id = e.record_id
      and f.product = ${product}::text))
  order by e.at desc limit ${raw(String(eventsMost))}`

function hits(process: string, query: BehindQuery): Fragment {
  const { period, product } = query
  switch (query.behind) {
    case 'step': return eventsWhere(process, query, sql`e.action = ${query.action}::text
      and coalesce(e.from_state, '') = ${query.from_state ?? ''}::text and e.to_state = ${query.to_state}::text`)
    case 'late': return eventsWhere(process, query, sql`e.action = 'overdue'
      and (${query.from_state}::text is null or e.from_state = ${query.from_state}::text)`)
    case 'waived': return eventsWhere(process, query, sql`e.waived is not null
      and (${query.action}::text is null or e.action = ${query.action}::text)`)
    case 'refused': return sql`select f.record_id, f.at, f.actor_id as who, null::text as said from refused f
      where f.process = ${process} and f.record_id is not null and (${query.action}::text is null
          or f.action = ${query.action}::text)
        and (${query.from_state}::text is null or f.state = ${query.from_state}::text)
        and (${query.code}::text is null or f.code = ${query.code}::text)
        and (${query.what}::text is null or f.what = ${query.what}::text)
        and f.at >= coalesce(${period.begins}::timestamptz, '-infinity')
        and f.at < coalesce(${period.ends}::timestamptz, 'infinity')
      order by f.at desc limit ${raw(String(eventsMost))}`
    case 'again':
    case 'way': return sql`select f.record_id, f.opened_at as at, null::uuid as who, null::text as said from case_flow f
      where f.process = ${process} and ${query.behind === 'again' ? sql`f.again > 0` : sql`f.path = ${query.path}::text`}
        and f.opened_at >= coalesce(${period.begins}::timestamptz, '-infinity')
        and f.opened_at < coalesce(${period.ends}::timestamptz, 'infinity')
        and (${product}::text is null or f.product = ${product}::text)
      order by f.opened_at desc limit ${raw(String(casesMost + 1))}`
  }
}

type Row = Omit<ReportCaseView, 'state' | 'note'> & { state: string; kind: ReportCaseView['state']['kind']; times: number
  last_at: string; who: string | null; said: string | null }

/** The newest cases behind a figure, each with when it happened last, by whom, and what was said. */
export async function readBehind(ctx: Ctx, reader: Reader, process: AnyProcess, query: BehindQuery):
  Promise<{ cases: ReportCaseView[]; more: boolean }> {
  const rows = await reader.query<Row>(shaped('flow_behind', sql`
    with h as (${hits(process.name, query)}),
    c as (select record_id, max(at) as last_at, count(*)::int as times, (array_agg(who order by at desc))[1] as who,
      (array_agg(said order by at desc))[1] as said from h group by 1 order by 2 desc limit ${raw(String(casesMost + 1))})
    select r.id, r.process, r.number, r.title, r.state, r.kind, r.opened_at, r.closed_at, c.times, c.last_at,
      m.name as who, c.said
    from c join record r on r.id = c.record_id left join member m on m.company_id = r.company_id and m.id = c.who
    order by c.last_at desc, r.id`))
  return { more: rows.length > casesMost, cases: rows.slice(0, casesMost).map(({ state, kind, times, last_at, who, said,
    ...row }) => ({ ...row, state: { name: state, kind, label: own(process.states, state)
    ? labelOf(ctx.words, process, `state.${state}`) : state },
  note: noteOf(ctx, query, { times, last_at, who, said }) })) }
}

function noteOf(ctx: Ctx, query: BehindQuery, { times, last_at, who, said }: Pick<Row, 'times' | 'last_at' | 'who' | 'said'>):
  string {
  if (query.behind === 'again' || query.behind === 'way') return ''
  const when = new Intl.DateTimeFormat('sv-SE', { timeZone: ctx.company.time_zone, dateStyle: 'short', timeStyle: 'short' })
    .format(Date.parse(last_at))
  return [when, who, times > 1 ? ctx.words.say('report.times', { n: times }) : null, said].filter(Boolean).join(' · ')
}
