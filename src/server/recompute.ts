import type { Moment } from '../engine/clock.ts'
import type { AnyProcess } from '../engine/define.ts'
import { companyIn, machine } from './by-itself.ts'
import { headList, headOf, valuesOf } from './case.ts'
import { clocksOf } from './clocks.ts'
import type { App, Company, Ctx } from './context.ts'
import { Fragment, type Reader, type Row, type Tx, sql } from './db.ts'
import type { Head, Noun } from './records/noun.ts'
import { type CompanyNow, type Effective, effectiveSettings, readCompanyNow } from './settings.ts'

/**
 * Folding the clocks of open records anew: after a change of calendars or settings, when a company's import has ended,
 * and when a claimed strike turned out not to be due. Moves when things are due and what strikes next; it writes no
 * state and no event. A breach that was told and no longer holds is withdrawn by the fold itself.
 */

/** What of a record follows from its clocks. Instants are ISO. */
export type Strike = { next_due_at: string | null; next_strike: string | null
  timer: { due_at: string | null; clock: string | null; step: string | null } }

/** What is stored, the row that the timer waits for included, and what it should be. */
type Folded = { head: Head; timer: Strike['timer']; strike: Strike }

/** A place in the walk over all open records: goes on behind it. */
type Place = { process: string; state: string; opened_at: string; id: string }

const batchMost = 100
const beginning = '-infinity'
const lowestId = '00000000-0000-0000-0000-000000000000'

/** Open records with their own columns, their events and their other facts: three statements for a batch. */
async function foldAll(ctx: Ctx, reader: Reader, processName: string, ids: readonly string[], company: CompanyNow):
  Promise<Folded[]> {
  const { house } = ctx.app
  const noun = house.nouns[processName]!
  const columns = new Fragment(noun.columns.map((column) => `, n.${column} as v_${column}`).join(''), [])
  const heads = reader.query(sql`
    select ${headList}${columns}, t.due_at as t_due_at, t.clock as t_clock, t.step as t_step
    from record r left join ${new Fragment(noun.table, [])} n on n.company_id = r.company_id and n.id = r.id
      left join timer t on t.company_id = r.company_id and t.record_id = r.id
    where r.id = any(${ids}::uuid[]) and r.process = ${processName}`.named(`refold_heads:${processName}`))
  const pasts = reader.query<Past>(pastOf(ids))
  const facts = noun.facts?.(ctx, reader, ids)
  const [rows, events, others] = await Promise.all([heads, pasts, facts])
  const histories = byRecord(events)
  const folded: Folded[] = []
  for (const row of rows) {
    const head = headOf(row)
    const [settings, frozen] = await Promise.all([company.revision, head.settings_revision].map((revision) =>
      effectiveSettings(ctx.app, reader, ctx.company.id, company.profile, revision))) as [Effective, Effective]
    const process = settings.definitions[processName]
    if (!process) continue
    const timer = { due_at: row.t_due_at, clock: row.t_clock, step: row.t_step } as Strike['timer']
    folded.push({ head, timer, strike: refold(ctx, { head, noun, row, process, settings, frozen,
      importing: company.importing, history: histories.get(head.id) ?? [], otherFacts: others?.get(head.id) ?? {} }) })
  }
  return folded
}

type Past = { record_id: string; seq: number; at: string; action: string; to_state: string; clock: string | null
  step: string | null }

const pastOf = (ids: readonly string[]) => sql`
  select record_id, seq, at, action, to_state,
    case when action in ('warn', 'overdue') then input->>'clock' end as clock,
    case when action in ('warn', 'overdue') then input->>'step' end as step
  from event where record_id = any(${ids}::uuid[]) order by record_id, seq`.named('refold_events')

function byRecord(events: readonly Past[]): Map<string, Moment[]> {
  const histories = new Map<string, Moment[]>()
  for (const { record_id, at, clock, step, ...rest } of events) {
    const history = histories.get(record_id) ?? []
    histories.set(record_id, history)
    history.push({ ...rest, at: Date.parse(at), ...(clock !== null && step !== null && { strike: { clock, step } }) })
  }
  return histories
}

export type Stored = { head: Head; noun: Noun; row: Row; process: AnyProcess; settings: Effective; frozen: Effective
  importing: boolean; history: readonly Moment[]; otherFacts: object }

/**
 * What the clocks of a stored record come to by today's calendars. What the record says of itself should be the same.
 */
export function refold(ctx: Ctx, stored: Stored): Strike {
  const { head, noun, row, process, settings, frozen, importing, history, otherFacts } = stored
  const values = valuesOf(head, noun, row)
  const facts = { ...noun.derive(head, values, ctx), ...otherFacts }
  const clocks = clocksOf(ctx, { process, settings, frozen, values, kind: head.kind, agreed: head.agreed }, history,
    facts)
  const open = head.kind === 'active' || head.kind === 'waiting'
  const next = importing || !open ? null : clocks.next
  return {
    next_due_at: open && clocks.due_at !== null ? new Date(clocks.due_at).toISOString() : null,
    next_strike: next && `${next.clock}:${next.step}:${next.at}`,
    timer: { due_at: next && new Date(next.at).toISOString(), clock: next?.clock ?? null, step: next?.step ?? null },
  }
}

/**
 * Folds some records of one process anew and moves what has changed, under their locks: all roots first, in order, as
 * every act takes them.
 *
 * @returns the ids whose deadline or next strike moved
 */
export async function refoldRecords(ctx: Ctx, processName: string, ids: readonly string[]): Promise<string[]> {
  const changed = await ctx.app.db.transaction(ctx.company.id, async (tx) => {
    const found = await refoldLocked(ctx, tx, processName, ids)
    await tx.commit()
    return found
  })
  announce(ctx, processName, changed)
  return changed.map(({ head }) => head.id)
}

async function refoldLocked(ctx: Ctx, tx: Tx, processName: string, ids: readonly string[]): Promise<Folded[]> {
  void tx.query(sql`
    select 1 from record where id in (select root from record where id = any(${ids}::uuid[])) order by id for update`
    .named('refold_lock_roots'))
  void tx.query(sql`
    select 1 from record where id = any(${ids}::uuid[]) order by id for update`.named('refold_lock'))
  const company = await readCompanyNow(tx)
  const folded = await foldAll(ctx, tx, processName, ids, company)
  const changed = folded.filter(moved)
  if (changed.length > 0) await tx.query(moveStatement(changed))
  return changed
}

const moveStatement = (changed: readonly Folded[]) => sql`
  with wanted as (select * from jsonb_to_recordset(${JSON.stringify(changed.map(({ head, strike }) =>
    ({ id: head.id, next_due_at: strike.next_due_at, next_strike: strike.next_strike, ...strike.timer })))}::jsonb)
      as w (id uuid, next_due_at timestamptz, next_strike text, due_at timestamptz, clock text, step text)),
  timers as (insert into timer (company_id, record_id, due_at, clock, step)
    select current_company(), w.id, w.due_at, w.clock, w.step from wanted w
    on conflict (company_id, record_id) do update set due_at = excluded.due_at, clock = excluded.clock,
      step = excluded.step, leased_until = null, tries = 0)
  update record r set next_due_at = w.next_due_at, next_strike = w.next_strike from wanted w where r.id = w.id`
  .named('refold_move')

function announce(ctx: Ctx, process: string, changed: readonly Folded[]): void {
  for (const { head, strike } of changed) {
    ctx.app.changed({ company: ctx.company.id, process, id: head.id, seq: head.seq, effects: false,
      strike: strike.timer.due_at === null ? null : Date.parse(strike.timer.due_at) })
  }
}

/** Open records whose stored deadline or next strike is not what their history comes to: for the doctor. */
export async function clocksAstray(ctx: Ctx, processName: string, ids: readonly string[]): Promise<string[]> {
  return ctx.app.db.read(ctx.company.id, async (reader) =>
    (await foldAll(ctx, reader, processName, ids, await readCompanyNow(reader)))
      .filter(moved).map(({ head }) => head.id))
}

const moved = ({ head, timer, strike }: Folded): boolean =>
  head.next_due_at !== strike.next_due_at || head.next_strike !== strike.next_strike
  || timer.due_at !== strike.timer.due_at
  || (timer.due_at !== null && (timer.clock !== strike.timer.clock || timer.step !== strike.timer.step))

export type Progress = { seen: number; changed: number; ended: boolean }
type Job = Progress & { place: Place | null; revision: number }

/**
 * Folds all open records of a company anew, batch by batch; a batch and its place are one transaction, so that it goes
 * on where it stopped. Settings that change meanwhile begin it anew.
 *
 * @param options.resume go on with what was begun instead of beginning anew
 */
export async function recomputeClocks(app: App, company: { id: number },
  options: { resume?: boolean; onProgress?: (progress: Progress) => void; batches?: number } = {}): Promise<Progress> {
  const own = await app.db.read(company.id, companyIn)
  if (!options.resume) await begin(app, own)
  for (let left = options.batches ?? Infinity; ; left -= 1) {
    const progress = await step(machine(app, own))
    options.onProgress?.(progress)
    if (progress.ended || left <= 1) return progress
  }
}

async function begin(app: App, company: Company): Promise<void> {
  const now = new Date(app.clock())
  await app.db.transaction(company.id, async (tx) => {
    void tx.query(sql`
      insert into recomputation as c (company_id, started_at, revision)
      select current_company(), ${now}::timestamptz, coalesce(max(s.revision), 0) from settings_revision s
      on conflict (company_id) do update set place = null, seen = 0, changed = 0, started_at = excluded.started_at,
        ended_at = null, revision = excluded.revision`.named('begin_recomputation'))
    await tx.commit()
  })
}

/** One batch. The row of the recomputation is locked first: two nodes share the work instead of doing it twice. */
async function step(ctx: Ctx): Promise<Progress> {
  const { app, company } = ctx
  const done = await app.db.transaction(company.id, async (tx) => {
    const [jobs, now] = await Promise.all([tx.query<Job>(sql`
      select place, seen, changed, revision, ended_at is not null as ended from recomputation for update`
      .named('recomputation')), readCompanyNow(tx)])
    const job = jobs[0]
    if (!job || job.ended) return { progress: { seen: 0, changed: 0, ...job, ended: true }, found: [], process: '' }
    const place = job.revision === now.revision ? job.place : null
    const batch = await nextBatch(ctx, tx, place)
    const found = batch.ids.length === 0 ? [] : await refoldLocked(ctx, tx, batch.process, batch.ids)
    const progress = { seen: job.seen + batch.ids.length, changed: job.changed + found.length,
      ended: batch.place === null }
    void tx.query(sql`
      update recomputation set place = ${batch.place && JSON.stringify(batch.place)}::jsonb,
        seen = ${progress.seen}::int, changed = ${progress.changed}::int, revision = ${now.revision}::int,
        ended_at = ${progress.ended ? new Date(app.clock()) : null}::timestamptz`.named('recomputation_goes_on'))
    await tx.commit()
    return { progress, found, process: batch.process }
  })
  announce(ctx, done.process, done.found)
  return done.progress
}

/** The next open records behind a place, by process and state as the index has them. `place` null: that was all. */
async function nextBatch(ctx: Ctx, reader: Reader, place: Place | null):
  Promise<{ process: string; ids: string[]; place: Place | null }> {
  const walks = openStates(ctx)
  const from = place === null ? 0
    : walks.findIndex(({ process, state }) => process === place.process && state === place.state)
  for (const [index, { process, state }] of walks.slice(Math.max(from, 0)).entries()) {
    const behind = index === 0 ? place : null
    const rows = await reader.query<{ id: string; at: string }>(sql`
      select id, opened_at::text as at from record where process = ${process} and state = ${state}
        and (opened_at, id) > (${behind?.opened_at ?? beginning}::timestamptz, ${behind?.id ?? lowestId}::uuid)
      order by opened_at, id limit ${batchMost}`.named('refold_batch'))
    const last = rows.at(-1)
    if (last) {
      return { process, ids: rows.map(({ id }) => id), place: { process, state, opened_at: last.at, id: last.id } }
    }
  }
  return { process: '', ids: [], place: null }
}

function openStates(ctx: Ctx): { process: string; state: string }[] {
  return Object.entries(ctx.app.house.processes).flatMap(([process, { states, clocks }]) =>
    (Object.keys(clocks).length === 0 ? [] : Object.entries(states)
      .filter(([, { kind }]) => kind === 'active' || kind === 'waiting')
      .map(([state]) => ({ process, state }))))
}
