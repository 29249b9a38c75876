/**
 * `npm run -s bench:clocks -- [pending] [--open=100000] [--database=name] [--json]`: how late clocks strike while very many
 * wait (a million by default) and people work, and how long it takes to fold the open cases of a company anew after its
 * calendar changed, with what those who work meanwhile notice of it.
 */
import { parseArgs } from 'node:util'
import { base } from '../src/regulations/base.ts'
import { createCompany } from '../src/server/auth/install.ts'
import type { Company } from '../src/server/context.ts'
import { withClient } from '../src/server/database-roles.ts'
import { companyIn } from '../src/server/by-itself.ts'
import { recomputeClocks } from '../src/server/recompute.ts'
import { run } from '../src/server/run.ts'
import { startTimers } from '../src/server/timers.ts'
import { testDatabases } from '../test/databases.ts'
import { analyse, loadOpenCases } from '../test/many-cases.ts'
import { type Http, openHttp } from './http.ts'
import { type Measured, summary } from './measure.ts'
import { pause } from './program.ts'
import { type Stage, house, openStage } from './stage.ts'

const { values: options, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean' },
  open: { type: 'string', default: '100000' }, database: { type: 'string' } } })
const pending = Number(positionals[0] ?? 1_000_000)
const open = Number(options.open)
const seconds = 30
const perSecond = 20
const burst = 1000
const workers = 4

const rows: object[] = []
const say = (row: object) => {
  rows.push(row)
  if (!options.json) process.stdout.write(`${JSON.stringify(row)}\n`)
}

/** People who work until they are told to stop. @returns how long each of their requests took, ms */
function workingPeople(http: Http): () => Promise<number[]> {
  let going = true
  const times: number[] = []
  const person = async () => {
    while (going) {
      const began = performance.now()
      await http.send('/api/task', { title: '给远景律所回电' })
      times.push(performance.now() - began)
    }
  }
  const all = Array.from({ length: workers }, person)
  return async () => {
    going = false
    await Promise.all(all)
    return times
  }
}

/** To-dos with a date each, as somebody makes them. @returns the last of the dates, ms */
async function datedTasks(stage: Stage, count: number, dueAt: (n: number) => number): Promise<number> {
  const numbers = Array.from({ length: count }, (_one, n) => n)
  for (let from = 0; from < count; from += 16) {
    await Promise.all(numbers.slice(from, from + 16).map(async (n) => {
      const outcome = await run(stage.ctx(), { process: 'task', action: 'create', id: null, input: { title: `按时 ${n}`,
        handler: stage.actor.id, due_at: new Date(dueAt(n)).toISOString() } })
      if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusal))
    }))
  }
  return dueAt(count - 1)
}

/** How late the strikes came that were due since then, ms: from the time written in the event, not from a measurement here. */
async function lateness({ database, company }: Stage, since: number): Promise<number[]> {
  return withClient(database.superuser, async (client) => (await client.query<{ late: number }>(`
    select extract(epoch from recorded_at - (input->>'due_at')::timestamptz)::float8 * 1000 as late from event
    where company_id = $1 and action in ('warn', 'overdue') and (input->>'due_at')::timestamptz >= $2`,
  [company.id, new Date(since).toISOString()])).rows.map(({ late }) => late))
}

async function strikes(stage: Stage, http: Http): Promise<void> {
  for (const [op, count, dueAt] of [
    ['strike, spread', seconds * perSecond, (now: number, n: number) => now + n * 1000 / perSecond],
    ['strike, all at once', burst, (now: number) => now]] as const) {
    for (const busy of [false, true]) {
      const from = Date.now() + count * 10 + 1000
      const last = await datedTasks(stage, count, (n) => dueAt(from, n))
      const stop = busy ? workingPeople(http) : null
      const timers = startTimers(stage.app)
      await pause(last - Date.now() + 15_000)
      await timers.stop()
      const work = await stop?.()
      const late = await lateness(stage, from)
      say({ op, database: stage.kind, pending, people_at_work: busy ? workers : 0, strikes: late.length,
        ...late.length > 0 && { late_p50_ms: summary(late).p50_ms, late_p95_ms: summary(late).p95_ms,
          late_most_ms: Math.round(Math.max(...late)) },
        ...work && { requests: work.length } })
    }
  }
}

/** A day off is put into the office calendar; then all open cases are folded anew, without and with people at work. */
async function recomputation(stage: Stage, http: Http, other: Company): Promise<void> {
  const measured = async (busy: boolean, exceptions: object, revision: number) => {
    await withClient(stage.database.superuser, (client) => client.query(`insert into settings_revision (company_id, revision, overrides,
      change, why, made_at) values ($1, $2, $3, '{}', '停电', now())`, [other.id, revision, JSON.stringify({ calendars: { ...base.calendars,
      office: { ...base.calendars.office, exceptions } } })]))
    const stop = busy ? workingPeople(http) : null
    const began = performance.now()
    const { seen, changed } = await recomputeClocks(stage.app, other)
    const took = (performance.now() - began) / 1000
    const work: Measured | null = stop ? summary(await stop()) : null
    say({ op: 'recomputation', database: stage.kind, pending, people_at_work: busy ? workers : 0, seen, changed,
      seconds: Math.round(took * 10) / 10, per_second: Math.round(seen / took),
      ...work && { act_p50_ms: work.p50_ms, act_p95_ms: work.p95_ms, act_p99_ms: work.p99_ms } })
  }
  // Three days that follow each other: one of them at least is a working day in any week. Then they are open again.
  const off = [1, 2, 3].map((days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10))
  await measured(false, Object.fromEntries(off.map((day) => [day, { close: 'all' }])), 1)
  await measured(true, {}, 2)
}

for (const kind of testDatabases().filter(({ name }) => !options.database || name === options.database)) {
  const stage = await openStage(kind)
  const { superuser, owner } = stage.database
  const crowd = await withClient(owner, (client) => createCompany(client, house, { slug: 'crowd', name: '万家公司', profile: 's4' }))
  const other = await withClient(owner, (client) => createCompany(client, house, { slug: 'other', name: '百川公司', profile: 's4' }))
  const people = [stage.actor.id!]
  await loadOpenCases(superuser, crowd.id, pending - open, people, '2031-05-01T00:00:00Z')
  await loadOpenCases(superuser, other.id, open, people, null)
  await analyse(superuser)
  const http = await openHttp(stage.database.app)
  const workless = workingPeople(http)
  await pause(3000)
  say({ op: 'work alone', database: stage.kind, pending, ...summary(await workless()) })
  await strikes(stage, http)
  await recomputation(stage, http, await stage.db.read(other.id, companyIn))
  http.close()
  await stage.close()
}
if (options.json) process.stdout.write(`${JSON.stringify(rows, null, 1)}\n`)
process.exit(0)
