import { abreast, companyIn, machine, startLoop } from './by-itself.ts'
import type { App, Company } from './context.ts'
import { isConnectionLost, sql } from './db.ts'
import type { Worker } from './outbox.ts'
import { refoldRecords } from './recompute.ts'
import { run } from './run.ts'
import { traced } from './tracing.ts'

/** A claimed strike: this clock of this record has reached this step. */
type Due = { company_id: number; record_id: string; due_at: string; clock: string; step: string; tries: number }

const leaseMs = 60_000
const claimMost = 100
const width = 8
/** Leases of workers that died are found by looking, not by being woken. */
const pollMs = 15_000
const restMost = 3_600_000

export type TimerOptions = { leaseMs?: number }

/** Lets clocks strike until stopped. Many nodes may do so at once. */
export function startTimers(app: App, options: TimerOptions = {}): Worker {
  return startLoop(app, 'timers', async () => {
    const now = app.clock()
    if (await strikeDue(app, options) > 0) return 0
    const [row] = await app.db.door<{ next: string | null }>(sql`
      select next_timer(${new Date(now)}::timestamptz) as next`.named('next_timer'))
    return row?.next ? Math.min(Math.max(Date.parse(row.next) - app.clock(), 0), pollMs) : pollMs
  })
}

/** Lets everything strike that is due, in batches. @returns how many were claimed */
export async function drainTimers(app: App, options: TimerOptions = {}): Promise<number> {
  let made = 0
  for (let more = -1; more !== 0; made += more) more = await strikeDue(app, options)
  return made
}

async function strikeDue(app: App, options: TimerOptions): Promise<number> {
  const due = await app.db.door<Due>(sql`
    select * from claim_timers(${new Date(app.clock())}::timestamptz,
      ${`${options.leaseMs ?? leaseMs} milliseconds`}::interval, ${claimMost}::int)`.named('claim_timers'))
  const known = await whatStrikes(app, due)
  await abreast(width, due.toSorted((a, b) => (a.due_at < b.due_at ? -1 : 1)), async (one) => {
    const struck = known.get(one.record_id)
    if (!struck) return
    try {
      await traced(app, 'strike', { company: one.company_id, case: one.record_id, clock: one.clock, step: one.step,
        late_ms: app.clock() - Date.parse(one.due_at) }, () => strike(app, one, struck))
    } catch (error) {
      if (isConnectionLost(error)) throw error
      // A fault over one record must not hold up the others; its lease brings it back.
      app.log.error({ record: one.record_id, clock: one.clock, error: (error as Error).message }, 'a strike failed')
    }
  })
  return due.length
}

type Struck = { company: Company; process: string }

/** Of each record that strikes its company and process: one question a company. */
async function whatStrikes(app: App, due: readonly Due[]): Promise<Map<string, Struck>> {
  const found = new Map<string, Struck>()
  const companies = [...new Set(due.map(({ company_id }) => company_id))]
  await abreast(width, companies, async (id) => {
    const ids = due.filter(({ company_id }) => company_id === id).map(({ record_id }) => record_id)
    try {
      const [company, rows] = await app.db.read(id, (reader) => Promise.all([companyIn(reader),
        reader.query<{ id: string; process: string }>(sql`select id, process from record where id = any(${ids}::uuid[])`
          .named('processes_of'))]))
      for (const row of rows) found.set(row.id, { company, process: row.process })
    } catch (error) {
      if (isConnectionLost(error)) throw error
      // One company's trouble must not hold up the others; its leases bring its strikes back.
      app.log.error({ company: id, error: (error as Error).message }, 'the strikes of a company were not read')
    }
  })
  return found
}

/**
 * One strike: an ordinary action of the machine, `overdue` at the end of a clock and `warn` at its other steps. The
 * action itself looks under its lock whether the step is due; what is refused there is folded anew and waits again.
 */
async function strike(app: App, { company_id, record_id, due_at, clock, step, tries }: Due, { company, process }: Struck):
  Promise<void> {
  const ctx = machine(app, company)
  const outcome = await run(ctx, { process, action: step === 'due' ? 'overdue' : 'warn', id: record_id,
    input: { clock, step, due_at }, key: `strike:${record_id}:${clock}:${step}:${due_at}` })
  if (outcome.ok && !outcome.replayed) {
    app.meter?.struck(Date.parse(due_at))
    return
  }
  const moved = await refoldRecords(ctx, process, [record_id])
  if (moved.length > 0) return
  const rest = Math.min(leaseMs * 2 ** Math.min(tries, 10), restMost)
  const resting = await app.db.transaction(company_id, async (tx) => {
    const rows = tx.query(sql`
      update timer set leased_until = ${new Date(app.clock() + rest)}::timestamptz
      where record_id = ${record_id} and due_at = ${due_at}::timestamptz and clock = ${clock} and step = ${step}
      returning 1 as one`.named('strike_rests'))
    await tx.commit()
    return rows
  })
  // By its history it is due, and yet it is refused: its process is switched off. It asks again, ever more rarely.
  if (resting.length > 0) {
    app.log.warn({ record: record_id, clock, step, outcome: outcome.ok ? 'replayed' : outcome.refusal.code },
      'a strike was refused')
  }
}
