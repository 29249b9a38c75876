import type { Ctx } from '../context.ts'
import { type Fragment, type Reader, sql } from '../db.ts'
import { sightCondition, sightOf } from '../policy.ts'
import type { ActivitiesView } from '../views.ts'

/**
 * What a former system called the events that were brought in: figures of its log, computed from what is stored here.
 * An order is the order of the chain; a pair and a variant are of ends (`complete`) unless starts are asked for too.
 */
export type ActivitiesQuery = { process: string; phases: 'complete' | 'all'; times: readonly string[] }

const variantsMost = 30
const pairsMost = 500

/** Events of the process that this reader may see, of the phases that count for order. */
const eventsOf = (ctx: Ctx, { process, phases }: ActivitiesQuery): Fragment => sql`
  select a.record_id, a.seq, a.at, a.phase, case when ${phases}::text = 'all' and exists (select from event_activity s
      where s.process = ${process} and s.phase = 'start') then a.activity || ' · ' || a.phase else a.activity end as name,
    a.activity
  from event_activity a join record r on r.company_id = a.company_id and r.id = a.record_id
  where a.process = ${process} and ${sightCondition(sightOf(process, ctx.actor))}`

const ofOrder = ({ phases }: ActivitiesQuery) => sql`(${phases}::text = 'all' or phase = 'complete')`

type Cases = { cases: number; events: number; median_ms: number | null; mean_ms: number | null; p90_ms: number | null
  repeating: number }

export async function readActivities(ctx: Ctx, reader: Reader, query: ActivitiesQuery): Promise<ActivitiesView> {
  const events = eventsOf(ctx, query)
  const cases = reader.query<Cases>(sql`
    with e as (${events}), c as (select record_id, count(*) as events, max(at) - min(at) as took from e group by record_id),
    t as (select extract(epoch from took) * 1000 as ms, events from c),
    again as (select distinct record_id from e where ${ofOrder(query)} group by record_id, name having count(*) > 1)
    select count(*)::int as cases, coalesce(sum(events), 0)::int as events, avg(ms)::float8 as mean_ms,
      percentile_cont(0.5) within group (order by ms) as median_ms,
      percentile_cont(0.9) within group (order by ms) as p90_ms, (select count(*) from again)::int as repeating from t`)
  const activities = reader.query<ActivitiesView['activities'][number]>(sql`
    with e as (${events}), n as (select *, row_number() over (partition by record_id, activity, phase order by seq) as k
      from e)
    select n.activity, count(*) filter (where n.phase = 'start')::int as starts,
      count(*) filter (where n.phase = 'complete')::int as completes, count(distinct n.record_id)::int as cases,
      count(*) filter (where n.phase = 'start' and f.seq is null)::int as unfinished,
      (sum(extract(epoch from f.at - n.at)) / 60)::float8 as service_minutes
    from n left join n f on n.phase = 'start' and f.phase = 'complete' and f.record_id = n.record_id
      and f.activity = n.activity and f.k = n.k
    group by n.activity order by count(*) desc, n.activity`)
  const pairs = reader.query<ActivitiesView['pairs'][number]>(sql`
    with e as (${events}), p as (select name as first, lead(name) over (partition by record_id order by seq) as second
      from e where ${ofOrder(query)})
    select first, second, count(*)::int as n from p where second is not null group by 1, 2 order by 3 desc, 1, 2
    limit ${pairsMost}`)
  const variants = reader.query<{ path: string[]; n: number; all: number }>(sql`
    with e as (${events}), v as (select array_agg(name order by seq) as path from e where ${ofOrder(query)}
      group by record_id)
    select path, count(*)::int as n, count(*) over ()::int as all from v group by path order by 2 desc, 1
    limit ${variantsMost}`)
  const times = query.times.length === 0 ? [] : reader.query<{ times: number; cases: number; after: number }>(sql`
    with e as (${events}), o as (select *, activity = any(${query.times}::text[]) and phase = 'complete' as one from e),
    c as (select record_id, count(*) filter (where one) as times, min(seq) filter (where one) as first,
      max(seq) filter (where not activity = any(${query.times}::text[])) as other from o group by record_id)
    select times::int, count(*)::int as cases, count(*) filter (where other > first)::int as after from c group by 1
    order by 1`)
  const [[all], named, follow, paths, often] = await Promise.all([cases, activities, pairs, variants, times])
  const { repeating, median_ms, mean_ms, p90_ms, ...counts } = all!
  return { ...counts, repeating_cases: repeating, cycle: { median_ms, mean_ms, p90_ms }, activities: named, pairs: follow,
    variants: { all: paths[0]?.all ?? 0, shown: paths.map(({ path, n }) => ({ path, n })) },
    times: query.times.length === 0 ? null : { of: query.times, cases: often.map(({ times: n, cases: of }) =>
      ({ times: n, cases: of })), cases_with_others_after: often.reduce((sum, { after }) => sum + after, 0) } }
}
