import type { AnyProcess } from '../engine/define.ts'
import { localDay } from '../engine/time-zone.ts'
import type { Actor, Ctx } from './context.ts'
import { Fragment, type Row, type Statement, join, sql } from './db.ts'
import { shaped, startOfDay } from './list-language.ts'
import { countView, seenAnywhere } from './lists.ts'
import { type HeadRow, peopleJoins, rowColumns, rowView } from './rows.ts'
import type { CountView, RowView, WorkView } from './views.ts'

/** Rows of each part of «my work». */
export const workRows = 50
/** Each way to somebody's work is read so far: who has more open is told «200+». */
const workMost = 200

const raw = (text: string) => new Fragment(text, [])
const open = raw(`r.kind in ('active', 'waiting')`)

/**
 * Does this person owe the step of `r`? Owed by its handler: who handles it, or, while nobody does, its team. Owed by a
 * role: everybody of the role. Nothing said: whoever handles it.
 */
const owesIt = ({ id, roles }: Actor): Fragment => sql`coalesce(case r.owed_by
  when 'customer' then false
  when 'owner' then r.owner = ${id}::uuid
  when 'handler' then coalesce(r.handler = ${id}::uuid, r.team = any(${roles}::text[]))
  when 'team' then coalesce(r.handler = ${id}::uuid, r.team = any(${roles}::text[]))
  else coalesce(r.owed_by = any(${roles}::text[]), r.handler = ${id}::uuid) end, false)`

/** The first rows by deadline of one index of «my work». */
const branch = (from: Fragment, conditions: readonly Fragment[]): Fragment => sql`(
  select x.id, x.due_order from (${from}) s cross join lateral (
    select r.id, r.due_order from record r where ${open} and ${join(conditions, ' and ')}
    order by r.due_order, r.id limit ${raw(String(workMost + 1))}) x)`

const once = raw('select 1')

/** What a person owes, each a beginning of an index of open cases by deadline. */
function owedBy(ctx: Ctx, seenOnes: Fragment): Fragment[] {
  const { id, roles } = ctx.actor
  const owes = owesIt(ctx.actor)
  const eachRole = sql`select role from unnest(${roles}::text[]) as e (role)`
  return [
    branch(once, [sql`r.handler = ${id}::uuid`, owes, seenOnes]),
    branch(once, [sql`r.owner = ${id}::uuid`, owes, seenOnes]),
    branch(eachRole, [sql`r.team = s.role and r.handler is null`, owes, seenOnes]),
    branch(eachRole, [sql`r.owed_by = s.role`, seenOnes]),
  ]
}

/** How many of the steps that this person owes are late: the number of the frame, the same as that of 我的工作. */
export function lateStatement(ctx: Ctx, definitions: Readonly<Record<string, AnyProcess>>): Statement {
  const mine = owedBy(ctx, seenAnywhere(ctx.app.house, ctx.actor, Object.keys(definitions)))
  return shaped('late', sql`
    select count(*)::int as late from (select distinct m.id, m.due_order from (${join(mine, ' union all ')}) m
      where m.due_order < ${new Date(ctx.now).toISOString()}::timestamptz) late`)
}

/**
 * 我的工作 of one person over all processes, in one statement: what they owe, what others owe them, and the counts.
 * Every part is the beginning of an index of open cases by deadline.
 */
export function workStatement(ctx: Ctx, definitions: Readonly<Record<string, AnyProcess>>): Statement {
  const { actor } = ctx
  const { id } = actor
  const owes = owesIt(actor)
  const seenOnes = seenAnywhere(ctx.app.house, actor, Object.keys(definitions))
  const mine = owedBy(ctx, seenOnes)
  const waiting = ['handler', 'owner', 'author'].map((column) => branch(once,
    [sql`r.${raw(column)} = ${id}::uuid`, sql`case when r.owed_by is null then false else not ${owes} end`, seenOnes]))
  const tomorrow = startOfDay(ctx.company.time_zone, localDay(ctx.company.time_zone, ctx.now) + 1)
  const today = sql`${new Date(tomorrow).toISOString()}::timestamptz`
  const most = raw(String(workRows))
  return shaped('work', sql`
    with mine as materialized (select distinct m.id, m.due_order from (${join(mine, ' union all ')}) m),
    others as materialized (select distinct o.id, o.due_order from (${join(waiting, ' union all ')}) o),
    counts as (select
      (select count(*)::int from mine where due_order < ${today}) as now_count,
      (select count(*)::int from mine where due_order >= ${today}) as later_count,
      (select count(*)::int from mine where due_order < ${new Date(ctx.now).toISOString()}::timestamptz) as late_count,
      (select count(*)::int from others) as waiting_count),
    picked as (
      (select 'now' as part, id, due_order from mine where due_order < ${today} order by due_order, id limit ${most})
      union all
      (select 'later', id, due_order from mine where due_order >= ${today} order by due_order, id limit ${most})
      union all (select 'waiting', id, due_order from others order by due_order, id limit ${most}))
    select c.*, k.part, ${rowColumns}
    from counts c left join picked k on true left join record r on r.id = k.id ${peopleJoins}
    order by k.due_order, k.id`)
}

export type WorkRow = HeadRow & Row & { part: 'now' | 'waiting' | 'later' | null } & Record<`${Part}_count`, number>
type Part = 'now' | 'waiting' | 'later' | 'late'

/** The rows of the statement as the page shows them. `definitions` are the effective ones. */
export function workView(ctx: Ctx, definitions: Readonly<Record<string, AnyProcess>>, rows: readonly WorkRow[]):
  WorkView {
  const part = (name: WorkRow['part']): RowView[] => rows.filter((row) => row.part === name && row.id !== null)
    .map((row) => rowView(ctx, definitions[row.process]!, row))
  const count = (name: Part): CountView => countView(rows[0]?.[`${name}_count`] ?? 0, workMost)
  return { now: part('now'), waiting: part('waiting'), later: part('later'),
    // Who has so much now that it was not read to its end may have anything later.
    counts: { now: count('now'), waiting: count('waiting'), late: count('late'),
      later: count('now').capped ? { ...count('later'), capped: true } : count('later') } }
}

