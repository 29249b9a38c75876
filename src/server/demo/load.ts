import { randomBytes } from 'node:crypto'
import type { ClientConfig } from 'pg'
import { wordsOf } from '../../words/index.ts'
import { createCompany, installing, letPasswordsStand } from '../auth/install.ts'
import { dateIn, instantIn } from '../company-time.ts'
import { type App, type Company, type Ctx, system } from '../context.ts'
import { idFrom } from '../by-itself.ts'
import { withClient } from '../database-roles.ts'
import { sql } from '../db.ts'
import { type Ports, drainOutbox } from '../outbox.ts'
import { run } from '../run.ts'
import { changeSettings } from '../settings-write.ts'
import { drainTimers } from '../timers.ts'
import { type DemoCompany, type DemoTask, demoCompanies } from './companies.ts'
import { careScenes } from './care.ts'
import { contractScenes } from './contract-scenes.ts'
import { demoKnown } from './known.ts'
import { type DemoLogins, readDemoLogins, writeDemoLogins } from './logins.ts'
import { type Cast, type Scene, type Stage, registerScenes, repairScenes } from './repair-scenes.ts'
import { visitScenes } from './visits.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000
const scriptWritten = Date.UTC(2026, 0, 1)

/**
 * Loads the five demonstration companies once: people in their positions and cases in every state, all made through
 * run() with a clock of the script, relative to today. A company that is there already is left alone, so that a load
 * that was interrupted goes on where it stopped.
 */
export async function loadDemo(app: App, owner: ClientConfig, dataDir: string, say: (line: string) => void):
  Promise<void> {
  const logins: DemoLogins = readDemoLogins(dataDir) ?? { password: newPassword(), people: [] }
  const people = [...logins.people]
  const missing = demoCompanies.filter(({ name }) => !people.some(({ company }) => company === name))
  if (missing.length === 0) return
  writeDemoLogins(dataDir, { ...logins, people })
  for (const wanted of missing) {
    const company = await companyOf(app, owner, wanted)
    await fill(app, company, wanted, logins.password)
    await withClient(owner, (client) => letPasswordsStand(client, company))
    const positions = app.house.profiles[wanted.profile]!.positions
    people.push(...wanted.people.map(({ name, login, positions: held }) =>
      ({ company: wanted.name, name, login, positions: held.map((key) => positions[key]!.zh) })))
    writeDemoLogins(dataDir, { ...logins, people })
  }
  say(`Demonstration: ${missing.map(({ name }) => name).join('、')}`)
}

/** The company as an interrupted load left it, or a new one. */
async function companyOf(app: App, owner: ClientConfig, { slug, name, profile }: DemoCompany): Promise<Company> {
  return withClient(owner, async (client) => {
    const { rows } = await client.query<Company>(
      'select company_id as id, slug, name, time_zone from company where slug = $1', [slug])
    return rows[0] ?? createCompany(client, app.house, { slug, name, profile, demo: true })
  })
}

/** Easy to type from a screen, hard to guess: no letters that look alike. */
function newPassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789'
  return Array.from(randomBytes(12), (byte) => letters[byte % letters.length]).join('').replace(/(.{4})(?=.)/g, '$1-')
}

async function fill(app: App, company: Company, wanted: DemoCompany, password: string): Promise<void> {
  const { watched, due, meanwhile } = followUps(app, company, app.clock())
  const cast = await join(watched, company, wanted, password)
  await settle(watched, company, wanted, cast)
  const now = app.clock()
  const day = (days: number, hour: number) =>
    instantIn(company.time_zone, dateIn(company.time_zone, now + days * dayMs), hour)
  const stage: Stage = { app: watched, company, cast, now }
  const records = wanted.profile === 's4' ? [...repairScenes(stage), ...visitScenes(stage)]
    : knownScenes(stage)
  const tasks = wanted.tasks.flatMap((task, index) => scenesOf(watched, company, cast, { task, index, day }))
  const scenes = [...tasks, ...records, ...contractScenes(stage)]
    .filter(({ at }) => at < now).sort((a, b) => a.at - b.at)
  for (const scene of scenes) {
    await meanwhile(scene.at)
    await scene.play(scene.at)
  }
  due.at = 0
  await meanwhile(now)
  await app.db.transaction(company.id, async (tx) => {
    // What is older than a day has been seen: nobody begins with hundreds of notices.
    void tx.query(sql`update notice set read_at = created_at where read_at is null
      and created_at < ${new Date(now - dayMs)}::timestamptz`.named('demo_notices_seen'))
    // Nobody wants the paper of last week: what is older than a day is not printed.
    void tx.query(sql`update outbox o set state = 'discarded' from event e
      where o.kind = 'print' and o.state = 'waiting' and e.company_id = o.company_id and e.record_id = o.record_id
        and e.seq = o.seq and e.at < ${new Date(now - dayMs)}::timestamptz`.named('demo_old_prints'))
    await tx.commit()
  })
}

/** The words of the shop, once: a load that goes on finds a revision there. */
async function settle(app: App, company: Company, { texts, people }: DemoCompany, cast: Cast): Promise<void> {
  if (!texts) return
  const ctx: Ctx = { app, company, actor: cast[people[0]!.login]!, now: app.clock() - 30 * dayMs, via: 'web', words: wordsOf('zh') }
  const outcome = await changeSettings(ctx, 0, '店面资料', () => ({ change: { texts } }))
  if (!outcome.ok && outcome.refusal.code !== 'stale') throw new Error(`${company.slug}: ${JSON.stringify(outcome.refusal)}`)
}

function knownScenes(stage: Stage): Scene[] {
  const known = demoKnown[stage.company.slug]
  return known ? [...registerScenes(stage, known.customers, known.machines, [], known.registrars), ...careScenes(stage)]
    : []
}

const printRest = 60_000

/** Paper is printed after the start, by the workers: until then its rows wait. */
async function postponePrints(app: App, company: Company, now: number): Promise<void> {
  await app.db.transaction(company.id, async (tx) => {
    void tx.query(sql`update outbox set next_at = ${new Date(now + printRest)}::timestamptz
      where kind = 'print' and state = 'waiting' and next_at < ${new Date(now)}::timestamptz`.named('demo_print_later'))
    await tx.commit()
  })
}

const noPorts: Ports = { mail: null, printer: null, storePrint: null, publicUrl: null }

/**
 * What followed and what the clocks said meanwhile happens at its time, not on the morning after the installation. An
 * instant at which nothing can be due costs nothing. `due.at`: when the next thing may be.
 */
function followUps(app: App, company: Company, now: number):
  { watched: App; due: { at: number }; meanwhile: (until: number) => Promise<void> } {
  const due = { at: 0 }
  const watched: App = { ...app, changed: (change) => {
    if (change.effects) due.at = 0
    else if (change.strike !== null) due.at = Math.min(due.at, change.strike)
    app.changed(change)
  } }
  const meanwhile = async (until: number) => {
    if (due.at > until) return
    const then = { ...watched, clock: () => until }
    for (let more = -1; more !== 0;) {
      due.at = Infinity
      await postponePrints(app, company, now)
      more = await drainTimers(then) + await drainOutbox(then, noPorts)
    }
    const [row] = await app.db.door<{ next: string | null }>(sql`
      select next_timer(${new Date(until)}::timestamptz) as next`.named('next_timer'))
    if (row?.next) due.at = Math.min(due.at, Date.parse(row.next))
  }
  return { watched, due, meanwhile }
}

async function join(app: App, company: Company, wanted: DemoCompany, password: string): Promise<Cast> {
  const cast: Record<string, Ctx['actor']> = {}
  const positions = app.house.profiles[wanted.profile]!.positions
  for (const person of wanted.people) {
    const ctx = { ...installing(app, company), now: app.clock() - 30 * dayMs }
    const outcome = await run(ctx, { process: 'member', action: 'join', id: null, input: { ...person, password },
      key: `demo:${person.login}` })
    if (!outcome.ok) throw new Error(`${person.login} cannot join: ${JSON.stringify(outcome.refusal)}`)
    const { id } = outcome
    cast[person.login] = { kind: 'member', id, name: person.name,
      roles: [...new Set(person.positions.flatMap((key) => positions[key]!.roles))] }
  }
  return cast
}

type Told = { task: DemoTask; index: number; day: (days: number, hour: number) => number }

/** The steps of one task. Their ids and keys come from the script, so that a load that goes on repeats nothing. */
function scenesOf(app: App, company: Company, cast: Cast, { task, index, day }: Told): Scene[] {
  const key = `demo:${company.slug}:${index}`
  const id = idFrom(key, scriptWritten)
  const made = day(-task.made[0], task.made[1])
  const act = (by: string, action: string, step: number, input: object) => async (now: number) => {
    const ctx: Ctx = { app, company, actor: cast[by] ?? system(), now, via: 'web', words: wordsOf('zh') }
    const outcome = await run(ctx, { process: 'task', action, input, key: `${key}:${step}`,
      ...(action === 'create' ? { id: null, newId: id } : { id }) })
    // Under this key with another day in it: an interrupted load had come so far.
    if (outcome.ok || outcome.refusal.code === 'key_reused') return
    throw new Error(`${task.title}: ${action} by ${by}: ${JSON.stringify(outcome.refusal)}`)
  }
  const scenes: Scene[] = [{ at: made, play: act(task.by, 'create', 0, {
    title: task.title, ...(task.detail && { detail: task.detail }), ...(task.team && { team: task.team }),
    ...(task.for && { handler: cast[task.for]!.id }),
    ...(task.due && { due_at: new Date(day(task.due[0], task.due[1])).toISOString() }) }) }]
  let at = made
  for (const [number, step] of (task.then ?? []).entries()) {
    at += step.hours * hourMs
    scenes.push({ at, play: act(step.by, step.action, number + 1, step.input ?? {}) })
  }
  return scenes
}
