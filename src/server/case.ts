import type { AnyProcess, BaseFacts } from '../engine/define.ts'
import type { Moment } from '../engine/clock.ts'
import type { Situation } from '../engine/decide.ts'
import type { Actor, Ctx } from './context.ts'
import { Fragment, type Reader, type Row, sql } from './db.ts'
import { type ClocksOfCase, clocksOf } from './clocks.ts'
import { sightCondition, sightOf } from './policy.ts'
import type { Head, Noun } from './records/noun.ts'
import { type CompanyNow, type Effective, effectiveSettings, readCompanyNow } from './settings.ts'

/** Everything about one case that deciding and showing need. */
export type Case = {
  process: AnyProcess
  noun: Noun
  head: Head
  /** The fields of the record by name: head fields, own columns, the company's own. */
  values: Record<string, unknown>
  /** The settings of today: calendars, required-more and forbidden hold at once. */
  settings: Effective
  /** The settings the case was opened under: its limits. */
  frozen: Effective
  company: CompanyNow
  history: readonly Moment[]
  openChildren: number
  /** What the noun says of the record: from its own values and from other tables, and the latter alone. */
  otherFacts: object
  tableFacts: object
  clocks: ClocksOfCase
}

const headColumns = ['id', 'process', 'number', 'old_number', 'title', 'seq', 'state', 'kind', 'parent', 'root',
  'customer', 'machine', 'owner', 'handler', 'author', 'team', 'next_action', 'owed_by', 'next_due_at', 'next_strike',
  'opened_at', 'changed_at', 'closed_at', 'settings_revision', 'extra', 'agreed'] as const

export const headList = new Fragment(headColumns.map((column) => `r.${column}`).join(', '), [])

/** The most events of one case that a clock is folded from; a longer case is a fault of whoever wrote it. */
const historyMost = 20_000

const lockRoot = (id: string) => sql`
  select 1 from record where id = (select root from record where id = ${id}) for update`.named('lock_root')

const history = (id: string) => sql`
  select seq, at, action, to_state, case when action in ('warn', 'overdue') then input->>'clock' end as clock,
    case when action in ('warn', 'overdue') then input->>'step' end as step
  from event where record_id = ${id} order by seq limit ${historyMost}`.named('history')

const openChildren = (id: string) => sql`
  select count(*)::int as open from (select 1 from record where parent = ${id} and kind in ('active', 'waiting')
    limit 1000) c`.named('open_children')

/**
 * Sends everything that loading a case takes, without waiting: with `lock` the root of the case first, then the record
 * (the lock order that keeps parents, children and workers from each other's way), then what is read under the lock.
 *
 * @returns a promise of the case, or null when it does not exist or not for this actor
 */
export async function loadCase(ctx: Ctx, reader: Reader, processName: string, id: string, lock: boolean):
  Promise<Case | null> {
  const { house } = ctx.app
  const noun = house.nouns[processName]!
  if (lock) void reader.query(lockRoot(id))
  const heads = reader.query(headStatement(ctx.actor, processName, noun, id, lock))
  const past = reader.query<HistoryRow>(history(id))
  const children = reader.query<{ open: number }>(openChildren(id))
  const facts = noun.facts?.(ctx, reader, [id])
  const companyNow = readCompanyNow(reader)
  // All at once: when the database goes away, an answer that nobody waits for yet would end the program.
  const [[row], events, [{ open } = { open: 0 }], company, others] =
    await Promise.all([heads, past, children, companyNow, facts])
  if (!row) return null
  const head = headOf(row)
  const [settings, frozen] = await Promise.all([company.revision, head.settings_revision].map((revision) =>
    effectiveSettings(ctx.app, reader, ctx.company.id, company.profile, revision))) as [Effective, Effective]
  const process = settings.definitions[processName]
  if (!process) return null
  const values = valuesOf(head, noun, row)
  const moments = events.map(momentOf)
  const tableFacts = others?.get(id) ?? {}
  const otherFacts = { ...noun.derive(head, values, ctx), ...tableFacts }
  const clocks = clocksOf(ctx, { process, settings, frozen, values, kind: head.kind, agreed: head.agreed }, moments,
    otherFacts)
  return { process, noun, head, values, settings, frozen, company, history: moments, openChildren: open, otherFacts,
    tableFacts, clocks }
}

type HistoryRow = { seq: number; at: string; action: string; to_state: string; clock: string | null
  step: string | null }

const momentOf = (row: HistoryRow): Moment => ({
  seq: row.seq, at: Date.parse(row.at), action: row.action, to_state: row.to_state,
  ...(row.clock !== null && row.step !== null && { strike: { clock: row.clock, step: row.step } }),
})

function headStatement(actor: Actor, processName: string, noun: Noun, id: string, lock: boolean) {
  const sight = sightOf(processName, actor)
  const own = new Fragment(noun.columns.map((column) => `, n.${column} as v_${column}`).join(''), [])
  const statement = sql`
    select ${headList}${own} from record r left join ${new Fragment(noun.table, [])} n
      on n.company_id = r.company_id and n.id = r.id
    where r.id = ${id} and r.process = ${processName} and ${sightCondition(sight)}
    ${new Fragment(lock ? 'for update of r' : '', [])}`
  return statement.named(`head:${processName}:${lock ? 'l' : 'r'}:${sight === 'all' ? 'a' : sight.length}:${
    actor.link ? 'k' : ''}`)
}

export const headOf = (row: Row): Head =>
  Object.fromEntries(headColumns.map((column) => [column, row[column] ?? null])) as unknown as Head

/** The fields of a record by name, from its head, its own columns and the company's extra fields. */
export function valuesOf(head: Head, noun: Noun, row: Row): Record<string, unknown> {
  const values: Record<string, unknown> = { title: head.title, owner: head.owner, handler: head.handler,
    team: head.team, customer: head.customer, machine: head.machine, ...head.extra }
  for (const column of noun.columns) values[column] = row[`v_${column}`] ?? null
  return values
}

/** Facts for the guards of one case and one asker. */
export function factsOf(ctx: Ctx, one: Case): BaseFacts {
  const { actor } = ctx
  return {
    now: ctx.now,
    actor: { id: actor.id, kind: actor.kind, roles: actor.roles,
      is_owner: actor.id !== null && actor.id === one.head.owner,
      is_handler: actor.id !== null && actor.id === one.head.handler,
      is_author: actor.id !== null && actor.id === one.head.author },
    clocks: one.clocks.reached,
    open_children: one.openChildren,
    limits: one.frozen.limits,
    input: {},
    ...one.otherFacts,
  }
}

export const situationOf = (ctx: Ctx, one: Case): Situation =>
  ({ state: one.head.state, facts: factsOf(ctx, one), values: one.values })

/** Facts for an action that creates: nobody owns it yet and no clock runs. */
export function newFacts(ctx: Ctx, noun: Noun, limits: Readonly<Record<string, number>>): BaseFacts {
  const { actor } = ctx
  return { now: ctx.now, clocks: {}, open_children: 0, input: {}, limits,
    actor: { id: actor.id, kind: actor.kind, roles: actor.roles, is_owner: false, is_handler: false, is_author: true },
    ...noun.derive({}, {}, ctx), ...noun.blank }
}
