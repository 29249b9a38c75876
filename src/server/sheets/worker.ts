import { startLoop } from '../by-itself.ts'
import type { App } from '../context.ts'
import { isConnectionLost, sql } from '../db.ts'
import type { Worker } from '../outbox.ts'
import { StoreAway } from '../ports/file-store.ts'
import { checkSheet } from './checking.ts'
import { type Job, type Place, leaseSeconds, patchJob, placeOf, readJob } from './job.ts'
import { SheetProblem } from './problem.ts'
import { readSheet } from './reading.ts'
import { writeSheet } from './writing.ts'

const lookMs = 1_500

/**
 * Brings sheets in, one after the other, until stopped. Any number of nodes may do so: a job is held by a lease, and
 * one whose worker was killed goes on when the lease has ended.
 */
export function startSheets(app: App): Worker {
  return startLoop(app, 'sheets', async () => (await bringNext(app) ? 0 : lookMs))
}

/** The step that some job waits for. @returns false: none does */
export async function bringNext(app: App): Promise<boolean> {
  const [found] = await app.db.door<{ company_id: number; id: string }>(sql`
    select company_id, id from claim_sheet(${new Date(app.clock())}::timestamptz,
      make_interval(secs => ${leaseSeconds}::int))`.named('claim_sheet'))
  if (!found) return false
  const { company_id: company, id } = found
  const place = await placeOf(app, company, id)
  try {
    if (place) await step(place)
    else await end(app, company, id, { code: 'gone' })
  } catch (error) {
    // An outage: the job goes on when its lease has ended.
    if (isConnectionLost(error) || error instanceof StoreAway) throw error
    if (error instanceof SheetProblem) await end(app, company, id, { code: error.code })
    else {
      app.log.error({ job: id, error: (error as Error).message, stack: (error as Error).stack }, 'a sheet failed')
      await end(app, company, id, { code: 'fault' })
    }
  }
  return true
}

const steps: Readonly<Record<string, (place: Place) => Promise<boolean>>> =
  { reading: readSheet, checking: checkSheet, writing: writeSheet }

const step = (place: Place): Promise<boolean> => steps[place.job.state]?.(place) ?? Promise.resolve(false)

async function end(app: App, company: number, id: string, problem: NonNullable<Job['problem']>): Promise<void> {
  await app.db.transaction(company, async (tx) => {
    const job = await readJob(tx, id)
    if (job) await patchJob(tx, id, job.state, { state: 'failed', problem }, app.clock(), false)
    await tx.commit()
  })
}

const keptDays = 7
const dayMs = 86_400_000
const sweepMost = 20

/** Rows of jobs that ended a week ago: they hold what people typed, and nobody needs them any more. */
export async function sweepSheets(app: App): Promise<number> {
  const before = new Date(app.clock() - keptDays * dayMs)
  const stale = await app.db.door<{ company_id: number; id: string }>(sql`
    select company_id, id from stale_sheets(${before}::timestamptz, ${sweepMost}::int)`.named('stale_sheets'))
  for (const { company_id, id } of stale) {
    await app.db.transaction(company_id, async (tx) => {
      void tx.query(sql`delete from sheet_row where job = ${id}::uuid`.named('sweep_sheet'))
      await tx.commit()
    })
  }
  return stale.length
}
