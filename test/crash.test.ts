import { type ChildProcess, spawn } from 'node:child_process'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { App } from '../src/server/context.ts'
import { withClient } from '../src/server/database-roles.ts'
import { examine } from '../src/server/doctor.ts'
import { drainOutbox } from '../src/server/outbox.ts'
import { smtpMail } from '../src/server/ports/mail.ts'
import { drainTimers } from '../src/server/timers.ts'
import { fakePorts } from './after-commit.ts'
import { type TestCompany, openTestCompany } from './company.ts'
import type { Life } from './crash/child.ts'
import { type MortalDatabase, openMortalDatabase } from './crash/cluster.ts'
import { testDatabases } from './databases.ts'

const enough = 12
/** An effect over which workers were killed again and again is given up and told to an administrator: not lost, but not done. */
const notGivenUp = (event: string) => `not exists (select from outbox o where o.record_id = ${event}.record_id
  and o.seq = ${event}.seq and o.state = 'dead' and o.last_error like 'given up%')`
const rounds = Number(process.env['GONGDAN_CRASH_ROUNDS'] ?? 5)

/**
 * The server is killed, the database is killed, both are killed, while this process and the mail server beside it live
 * on and remember. GONGDAN_CRASH_ROUNDS makes it longer.
 */
describe.each(testDatabases())('killed at any moment, on $name', (kind) => {
  let database: MortalDatabase
  let at: TestCompany
  let app: App
  let smtp: SMTPServer
  let smtpUrl: string
  let life: Omit<Life, 'name'>
  /** Letters by Message-ID. */
  const letters = new Map<string, number>()
  /** What was answered: «id seq action». */
  const acknowledged: string[] = []
  const children: ChildProcess[] = []

  beforeAll(async () => {
    database = await openMortalDatabase(kind)
    at = await openTestCompany(kind, { database })
    const wang = await at.person('王协调', 'coordinator')
    const li = await at.person('李工', 'bench_engineer')
    await at.person('周管理', 'administrator')
    await sql(`update member set email = 'li@shop.example' where id = $1`, [li.id])
    smtp = new SMTPServer({ authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'], onData(stream, _session, done) {
      let text = ''
      stream.on('data', (chunk: Buffer) => { text += chunk.toString() })
      stream.on('end', () => {
        const id = /^message-id: *(.*)$/im.exec(text.replace(/\r\n[ \t]+/g, ' '))?.[1]?.trim() ?? 'none'
        letters.set(id, (letters.get(id) ?? 0) + 1)
        done()
      })
    } })
    // A killed client takes its connection along.
    smtp.on('error', () => {})
    await new Promise<void>((settle) => { smtp.listen(0, '127.0.0.1', settle) })
    smtpUrl = `smtp://127.0.0.1:${(smtp.server.address() as AddressInfo).port}`
    life = { database: database.app, company: at.company, wang, li, smtp: smtpUrl }
    app = { ...at.app, clock: () => Date.now() }
  }, 120_000)
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL')
    await at.db.close()
    await new Promise<void>((settle) => { smtp.close(settle) })
    await database.close()
  })

  const sql = async <R = Record<string, unknown>>(text: string, values: unknown[] = []): Promise<R[]> =>
    (await withClient(database.superuser, (client) => client.query(text, values))).rows as R[]
  const start = (name: string): ChildProcess => {
    const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'crash', 'child.ts'),
      JSON.stringify({ ...life, name } satisfies Life)], { stdio: ['ignore', 'pipe', 'inherit'] })
    createInterface(child.stdout!).on('line', (line) => acknowledged.push(line))
    children.push(child)
    return child
  }
  const works = async (child: ChildProcess) => {
    const before = acknowledged.length
    await expect.poll(() => child.exitCode === null && acknowledged.length >= before + enough, { timeout: 60_000 })
      .toBe(true)
  }
  const kill = async (child: ChildProcess) => {
    const ended = new Promise((settle) => { child.once('close', settle) })
    child.kill('SIGKILL')
    await ended
  }

  test('every act that was answered is there, every effect happened once, and nothing is lost', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const child = start(`${round}`)
      await works(child)
      if (round % 2 === 1) {
        database.kill()
        await database.start()
        // The server outlives its database and goes on by itself.
        await works(child)
      }
      if (round % 3 === 2) database.kill()
      await kill(child)
      await database.start()
    }
    await finishUp()

    const events = new Set((await sql<{ line: string }>(
      `select record_id || ' ' || seq || ' ' || action as line from event`)).map(({ line }) => line))
    expect(acknowledged.filter((line) => !events.has(line))).toEqual([])
    expect(acknowledged.length).toBeGreaterThan(rounds * enough)
    expect(new Set(acknowledged).size).toBe(acknowledged.length)
    await everyEffectOnce()
    await lettersOnce()
    const findings = await withClient(database.superuser, examine)
    expect(findings.filter(({ found }) => found > 0)).toEqual([])
  }, 60_000 + rounds * 50_000)

  /** What the last of the killed left is claimed when its lease has run out. */
  async function finishUp() {
    const ports = { ...fakePorts(), mail: smtpMail(smtpUrl, 'desk@shop.example') }
    let ahead = 0
    app.clock = () => Date.now() + ahead
    for (let turn = 0; turn < 60; turn += 1) {
      await drainTimers(app)
      await drainOutbox(app, ports)
      const [left] = await sql<{ n: number }>(`select (select count(*)::int from outbox where state in ('waiting',
        'sending')) + (select count(*)::int from timer where leased_until is not null) as n`)
      if (left!.n === 0) return
      ahead += 60_000
    }
    expect(await sql(`select * from outbox where state in ('waiting', 'sending')`)).toEqual([])
  }

  async function everyEffectOnce() {
    expect(await sql(`select e.action, count(*)::int as n from event e left join lateral (select count(*) as rows
        from outbox o where o.record_id = e.record_id and o.seq = e.seq) o on true
      where o.rows <> case when e.action = 'finish' then 3 when e.action = 'create'
        and (e.input->>'handler') is not null then 1 when e.action = 'chase' then 2 when e.action = 'overdue' then 2
        when e.action in ('warn', 'fail') then 1 else 0 end group by e.action`)).toEqual([])
    expect(await sql(`select c.record_id from event c join record r on r.id = c.record_id
      where c.action = 'finish' and (select count(*) from event t where t.record_id = r.parent
        and t.action = 'child_done') <> 1 and ${notGivenUp('c')}`)).toEqual([])
    expect(await sql(`select c.record_id from event c where c.action = 'finish' and (select count(*) from record r
        where r.parent = c.record_id and r.title = c.input->>'follow_up') <> 1 and ${notGivenUp('c')}`)).toEqual([])
    expect(await sql(`select record_id, action, input, count(*) from event where action in ('warn', 'overdue')
      group by record_id, action, input having count(*) > 1`)).toEqual([])
    expect(await sql(`select e.record_id from event e where e.action = 'overdue' and (select count(*) from event c
      where c.record_id = e.record_id and c.action = 'chase') <> 1 and ${notGivenUp('e')}`)).toEqual([])
    const [strikes] = await sql<{ n: number }>(`select count(*)::int as n from event where action = 'overdue'`)
    expect(strikes!.n).toBeGreaterThan(0)
    // A notice for each send that reached somebody: one row for each of its readers.
    expect(await sql(`select o.record_id, o.seq, o.n, o.effect from outbox o where o.kind = 'send'
      and o.state = 'done' and o.last_error is null and (select count(*) from notice x
        where x.effect_key = 'effect:' || o.record_id || ':' || o.seq || ':' || o.n)
        <> split_part(o.effect->>'result', ' ', 1)::int`)).toEqual([])
  }

  async function lettersOnce() {
    expect([...letters].filter(([, times]) => times > 1)).toEqual([])
    const unsure = await sql<{ key: string }>(`select 'effect.' || record_id || '.' || seq || '.' || n as key
      from outbox where kind = 'send' and state = 'uncertain'`)
    const sent = await sql<{ key: string }>(`select 'effect.' || o.record_id || '.' || o.seq || '.' || o.n as key
      from outbox o where o.kind = 'send' and o.state = 'done' and o.effect->>'mailing' = 'true'`)
    const got = new Set([...letters.keys()].map((id) => /^<(effect\.[^.]+\.\d+\.\d+)\./.exec(id)?.[1]))
    expect(sent.filter(({ key }) => !got.has(key))).toEqual([])
    expect(sent.length).toBeGreaterThan(0)
    const tasks = await sql(`select source_record from undelivered`)
    const given = await sql(`select 1 from outbox where state = 'dead'`)
    expect(tasks).toHaveLength(unsure.length + given.length)
  }
})
