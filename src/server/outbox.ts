import { abreast, companyIn, idFrom, machine, startLoop } from './by-itself.ts'
import type { App, Company, Ctx } from './context.ts'
import { type Reader, isConnectionLost, sql } from './db.ts'
import { open } from './effects/open.ts'
import { print } from './effects/print.ts'
import { send } from './effects/send.ts'
import { tell } from './effects/tell.ts'
import type { Mail } from './ports/mail.ts'
import { run } from './run.ts'
import type { Printer } from './print/printer.ts'
import { traced } from './tracing.ts'

/** The world outside, as the effects see it. What is null is not there: its part is left out, and said. */
export type Ports = {
  mail: Mail | null
  printer: Printer | null
  /** Keeps a print as a file of its record, under the given id: kept already, the constraint file_pkey says so. */
  storePrint: ((ctx: Ctx, print: { id: string; name: string; type: string; bytes: Uint8Array; record: string
    seq: number; for_customer?: boolean }) => Promise<string>) | null
  /** Where people reach this installation, for addresses in mails and on paper. */
  publicUrl: string | null
}

/** A claimed row. `was`: 'sending' when an earlier worker died over it. */
export type Claimed = { company_id: number; record_id: string; seq: number; n: number
  kind: 'send' | 'print' | 'tell' | 'open'; effect: Record<string, unknown>; tries: number; was: 'waiting' | 'sending' }

export type Cause = { process: string; action: string; to_state: string; input: Record<string, unknown>
  actor_kind: string; actor_id: string | null; on_behalf_of: string | null; recorded_at: string; who: string | null }

/** One effect to be done now: the machine on behalf of whoever did the event, under a key that stays the same. */
export type Job = { ctx: Ctx; row: Claimed; cause: Cause; key: string; ports: Ports }

/** How it ended. `note`: something a person should be able to read beside it; `result`: what it made (an id). */
export type Answer = { state: 'done' | 'dead' | 'uncertain'; result?: string; note?: string }

const effects: Record<Claimed['kind'], (job: Job) => Promise<Answer>> = { send, print, tell, open }

const leaseMs = 120_000
const pollMs = 5_000
const claimMost = 32
const width = 4
/** Ten rests of 10 s, 30 s, 90 s … 6 h come to about a day. */
const triesMost = 11
const firstRestMs = 10_000
const restMost = 6 * 3_600_000

/** The rest before the next try, with a fifth of jitter so that a thousand failed sends do not come back at once. */
export function restAfter(tries: number, random: () => number = Math.random): number {
  return Math.round(Math.min(firstRestMs * 3 ** (tries - 1), restMost) * (0.9 + 0.2 * random()))
}

export type OutboxOptions = { leaseMs?: number }
export type Worker = { wake(at?: number): void; stop(): Promise<void> }

/** Works off the outbox until stopped. Many nodes may do so at once. */
export function startOutbox(app: App, ports: Ports, options: OutboxOptions = {}): Worker {
  return startLoop(app, 'outbox', async () => (await turn(app, ports, options) > 0 ? 0 : pollMs))
}

/** Works until nothing is due at the app's instant. @returns how many attempts were made */
export async function drainOutbox(app: App, ports: Ports, options: OutboxOptions = {}): Promise<number> {
  let made = 0
  for (let more = -1; more !== 0; made += more) more = await turn(app, ports, options)
  return made
}

async function turn(app: App, ports: Ports, options: OutboxOptions): Promise<number> {
  const rows = await app.db.door<Claimed>(sql`
    select * from claim_outbox(${new Date(app.clock())}::timestamptz,
      ${`${options.leaseMs ?? leaseMs} milliseconds`}::interval, ${claimMost}::int)`.named('claim_outbox'))
  await abreast(width, rows.toSorted((a, b) => a.seq - b.seq || a.n - b.n), (row) => attempt(app, ports, row))
  return rows.length
}

async function attempt(app: App, ports: Ports, row: Claimed): Promise<void> {
  try {
    await traced(app, `effect ${row.kind}`, { company: row.company_id, case: row.record_id, seq: row.seq, tries: row.tries },
      () => attemptOne(app, ports, row))
  } catch (error) {
    if (isConnectionLost(error)) throw error
    // A fault over one row must not hold up the others; its lease brings it back.
    app.log.error({ effect: `${row.record_id}:${row.seq}:${row.n}`, error: (error as Error).message }, 'fault')
  }
}

async function attemptOne(app: App, ports: Ports, row: Claimed): Promise<void> {
  const job = await jobOf(app, ports, row)
  if (row.tries > triesMost) return settle(job, { state: 'dead', note: 'given up after a worker died over it' })
  let answer: Answer
  try {
    answer = await effects[row.kind](job)
  } catch (error) {
    const note = (error instanceof Error ? error.message : String(error)).slice(0, noteMost)
    app.log.warn({ effect: job.key, tries: row.tries, error: note }, 'an effect failed')
    if (row.tries < triesMost && !(error as { permanent?: true })?.permanent) return later(job, note)
    answer = { state: 'dead', note }
  }
  await settle(job, answer)
}

const noteMost = 1_000

async function jobOf(app: App, ports: Ports, row: Claimed): Promise<Job> {
  const [company, cause] = await app.db.read(row.company_id, (reader) =>
    Promise.all([companyIn(reader), causeOf(reader, row)])) as [Company, Cause]
  const behalf = cause.actor_kind === 'member' || cause.actor_kind === 'contact' ? cause.actor_id : cause.on_behalf_of
  return { ctx: machine(app, company, behalf), row, cause, ports, key: `effect:${row.record_id}:${row.seq}:${row.n}` }
}

async function causeOf(reader: Reader, row: Claimed): Promise<Cause> {
  const [cause] = await reader.query<Cause>(sql`
    select e.process, e.action, e.to_state, e.input, e.actor_kind, e.actor_id, e.on_behalf_of, e.recorded_at,
      m.name as who
    from event e left join member m on m.company_id = e.company_id and m.id = coalesce(e.actor_id, e.on_behalf_of)
    where e.record_id = ${row.record_id} and e.seq = ${row.seq}::int`.named('cause_of'))
  if (!cause) throw new Error(`the outbox names an event that is not there: ${row.record_id} ${row.seq}`)
  return cause
}

/** Puts a row back for another try. Only the worker that claimed it last may say how it goes on. */
async function later({ ctx, row }: Job, note: string): Promise<void> {
  ctx.app.meter?.effect(row.kind, 'later')
  const next = new Date(ctx.app.clock() + restAfter(row.tries))
  await ctx.app.db.transaction(ctx.company.id, async (tx) => {
    void tx.query(sql`
      update outbox set state = 'waiting', next_at = ${next}::timestamptz, leased_until = null, last_error = ${note}
      where record_id = ${row.record_id} and seq = ${row.seq}::int and n = ${row.n}::int and state = 'sending'
        and tries = ${row.tries}::int`.named('outbox_later'))
    await tx.commit()
  })
}

/** Writes how it ended; what failed for good becomes work for an administrator first, so that it is never forgotten. */
async function settle(job: Job, answer: Answer): Promise<void> {
  const { ctx, row } = job
  ctx.app.meter?.effect(row.kind, answer.state)
  if (answer.state !== 'done') await openUndelivered(job, answer)
  const result = answer.result === undefined ? {} : { result: answer.result }
  await ctx.app.db.transaction(ctx.company.id, async (tx) => {
    void tx.query(sql`
      update outbox set state = ${answer.state}, leased_until = null, last_error = ${answer.note ?? null},
        done_at = ${answer.state === 'done' ? new Date(ctx.app.clock()) : null}::timestamptz,
        effect = case when ${answer.state === 'done'}::boolean then effect - 'link_secret' else effect end
          || ${JSON.stringify(result)}::jsonb
      where record_id = ${row.record_id} and seq = ${row.seq}::int and n = ${row.n}::int and state = 'sending'
        and tries = ${row.tries}::int`.named('outbox_settle'))
    await tx.commit()
  })
}

async function openUndelivered(job: Job, answer: Answer): Promise<void> {
  const { ctx, row, cause, key } = job
  const reason = answer.note ?? answer.state
  ctx.app.log.error({ effect: key, process: cause.process, kind: row.kind, state: answer.state, reason },
    'an effect has failed for good')
  // A failed message about a failed message would go on for ever.
  if (cause.process === 'undelivered') return
  const [found] = await ctx.app.db.read(ctx.company.id, (reader) => reader.query<{ number: string; ended: number }>(sql`
    select r.number, (select count(*)::int from undelivered u
        join record x on x.company_id = u.company_id and x.id = u.id
      where u.source_record = r.id and u.source_seq = ${row.seq}::int and u.source_n = ${row.n}::int
        and x.kind in ('done', 'void')) as ended
    from record r where r.id = ${row.record_id}`.named('undelivered_before')))
  const again = `undelivered:${key}:${found?.ended ?? 0}`
  const input = { title: ctx.words.say(`undelivered.${row.kind}`, { number: found?.number }), reason,
    source_record: row.record_id, source_seq: row.seq, source_n: row.n, team: 'administrator' }
  const outcome = await run(ctx, { process: 'undelivered', action: 'fail', id: null, input, key: again,
    newId: idFrom(`${ctx.company.id}:${again}`, ctx.now) })
  if (!outcome.ok && outcome.refusal.code !== 'key_reused') {
    ctx.app.log.error({ effect: key, refusal: outcome.refusal }, 'no record of the failed effect could be opened')
  }
}
