import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Actor } from '../src/server/context.ts'
import { sql } from '../src/server/db.ts'
import { drainOutbox, restAfter, startOutbox } from '../src/server/outbox.ts'
import type { Done, Outcome } from '../src/server/run.ts'
import { withClient } from '../src/server/database-roles.ts'
import { diskStore } from '../src/server/ports/file-store.ts'
import { storeFile } from '../src/server/files.ts'
import { eventsOf, fakePorts, noticesTo, outboxOf } from './after-commit.ts'
import { type TestCompany, monday, openTestCompany } from './company.ts'
import { testDatabases } from './databases.ts'

describe.each(testDatabases())('the outbox on $name', (kind) => {
  let at: TestCompany
  let wang: Actor
  let li: Actor
  let boss: Actor
  let admin: Actor
  let ports: ReturnType<typeof fakePorts>
  const folder = mkdtempSync(join(tmpdir(), 'gongdan-outbox-'))

  beforeAll(async () => {
    at = await openTestCompany(kind)
    wang = await at.person('王协调', 'coordinator')
    li = await at.person('李工', 'bench_engineer')
    boss = await at.person('赵主管', 'supervisor')
    admin = await at.person('周管理', 'administrator')
    await owner(`update member set email = 'li@shop.example' where id = $1`, [li.id])
  })
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true })
    await at.close()
  })
  beforeEach(async () => {
    at.app.now = monday
    await owner(`update outbox set state = 'discarded' where state in ('waiting', 'sending')`)
    ports = fakePorts()
  })

  const owner = (text: string, values: unknown[] = []) =>
    withClient(at.database.superuser, (client) => client.query(text, values))
  const done = (outcome: Outcome): Done => {
    expect(outcome).toMatchObject({ ok: true })
    return outcome as Done
  }
  const create = async (input: object = {}, by = wang) =>
    done(await at.act(by, 'task', 'create', null, { title: '回电给远景律所', ...input }))
  const drain = () => drainOutbox(at.app, ports)
  const undelivered = () => at.db.read(at.company.id, (reader) => reader.query<{ id: string; title: string
    state: string; reason: string; source_record: string }>(sql`
      select r.id, r.title, r.state, u.reason, u.source_record from undelivered u
      join record r on r.company_id = u.company_id and r.id = u.id order by r.opened_at, r.number`))
  /** As after kill -9: the row stays claimed, and the lease runs out. */
  const workerDiesOver = async (record: string, mark: object = {}) => {
    await owner(`update outbox set state = 'sending', tries = 1, leased_until = $2, done_at = null,
      effect = effect || $3 where record_id = $1`, [record, new Date(at.app.now + 120_000), JSON.stringify(mark)])
    expect(await drain()).toBe(0)
    at.app.now += 121_000
  }

  test('a task given to somebody tells them once, in the program and by mail, whoever tries how often', async () => {
    const { id, number } = await create({ handler: li.id })
    await Promise.all([drain(), drain(), drain()])
    const mine = (await noticesTo(at, li.id!)).filter(({ record_id }) => record_id === id)
    expect(mine).toMatchObject([{ template: 'task_assigned', params: { number, title: '回电给远景律所' } }])
    expect(ports.letters).toMatchObject([{ to: 'li@shop.example', subject: `${number} 「回电给远景律所」交给您处理`,
      id: `effect.${id}.1.1.${li.id}` }])
    expect(ports.letters[0]!.text).toContain(`https://desk.example/task/${id}`)
    expect(await outboxOf(at, id)).toMatchObject([{ state: 'done', tries: 1, last_error: null }])
  })

  test('nobody is told of what they did themselves', async () => {
    const { id } = await create({ handler: wang.id })
    await drain()
    expect((await noticesTo(at, wang.id!)).filter(({ record_id }) => record_id === id)).toEqual([])
    expect(await outboxOf(at, id)).toMatchObject([{ state: 'done', last_error: 'nobody' }])
  })

  test('a finished follow-up tells its parent and opens the next, on behalf of who finished it', async () => {
    const parent = await create({ handler: wang.id })
    const child = await create({ handler: li.id, parent: parent.id })
    done(await at.act(li, 'task', 'finish', child.id, { result: '已办', follow_up: '再确认一次' }))
    await drain()
    const told = (await eventsOf(at, parent.id)).at(-1)!
    expect(told).toMatchObject({ action: 'child_done', actor_kind: 'system', on_behalf_of: li.id })
    const opened = await at.db.read(at.company.id, (reader) => reader.query<{ id: string; title: string; parent: string
      handler: string; author: string }>(sql`
      select id, title, parent, handler, author from record where parent = ${child.id}`))
    expect(opened).toMatchObject([{ title: '再确认一次', parent: child.id, handler: li.id, author: li.id }])
    const rows = (await outboxOf(at, child.id)).filter(({ seq }) => seq === 2)
    expect(rows.map(({ state }) => state)).toEqual(['done', 'done', 'done'])
    expect(rows[1]!.effect.result).toBe(opened[0]!.id)
  })

  test('tells of one record arrive in the order of their events; a waiting one holds the later ones back', async () => {
    const parent = await create({ handler: wang.id })
    const child = await create({ handler: li.id, parent: parent.id })
    for (let round = 0; round < 4; round += 1) {
      done(await at.act(li, 'task', 'finish', child.id, { result: `第${round}次` }))
      done(await at.act(li, 'task', 'reopen', child.id, { reason: '还没完' }))
    }
    await owner(`update outbox set next_at = $2 where record_id = $1 and kind = 'tell' and seq = 2`,
      [child.id, new Date(at.app.now + 60_000)])
    await drain()
    expect((await eventsOf(at, parent.id)).filter(({ action }) => action === 'child_done')).toHaveLength(0)
    at.app.now += 60_000
    await drain()
    expect((await eventsOf(at, parent.id)).filter(({ action }) => action === 'child_done')).toHaveLength(4)
    const keyOf = (seq: number) => createHash('sha256')
      .update([at.company.id, 'system', '', `effect:${child.id}:${seq}:1`].join('\u0000')).digest('hex')
    const told = await at.db.read(at.company.id, (reader) => reader.query<{ key: string }>(sql`
      select encode(request_key, 'hex') as key from event where record_id = ${parent.id} and action = 'child_done'
      order by seq`))
    expect(told.map(({ key }) => key)).toEqual([2, 4, 6, 8].map(keyOf))
  })

  test('what the other record refuses is noted and not tried again', async () => {
    const parent = await create({ handler: wang.id })
    const child = await create({ handler: li.id, parent: parent.id })
    done(await at.act(boss, 'task', 'finish', parent.id, { result: '完', waive: [
      { guard: 'is_handler', reason: '代办' }, { guard: 'no_open_children', reason: '不等了' }] }))
    done(await at.act(li, 'task', 'finish', child.id, { result: '也完' }))
    await drain()
    expect((await outboxOf(at, child.id)).find(({ kind: what }) => what === 'tell'))
      .toMatchObject({ state: 'done', tries: 1, last_error: 'task.child_done: wrong_state' })
  })

  test('a mail server that is away is asked again, later and later, then it is an administrator’s task', async () => {
    const { id } = await create({ handler: li.id })
    const outage = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ESOCKET' })
    ports.fails.push(...Array.from({ length: 30 }, outage))
    let tries = 0
    for (; tries < 40 && (await outboxOf(at, id))[0]!.state !== 'dead'; tries += 1) {
      expect(await drain()).toBeGreaterThan(0)
      expect(await drain()).toBe(0)
      at.app.now = Math.max(at.app.now, Date.parse((await outboxOf(at, id))[0]!.next_at))
    }
    expect(at.app.now - monday).toBeGreaterThan(18 * 3_600_000)
    expect(at.app.now - monday).toBeLessThan(27 * 3_600_000)
    expect((await outboxOf(at, id))[0]).toMatchObject({ state: 'dead', tries: 11, last_error: 'connect ECONNREFUSED' })
    expect((await noticesTo(at, li.id!)).filter(({ record_id }) => record_id === id)).toHaveLength(1)
    const [failed, ...more] = (await undelivered()).filter(({ source_record }) => source_record === id)
    expect(more).toEqual([])
    expect(failed).toMatchObject({ state: 'failed', reason: 'connect ECONNREFUSED' })
    ports.fails.length = 0
    await drain()
    expect((await noticesTo(at, admin.id!)).some(({ record_id }) => record_id === failed!.id)).toBe(true)

    done(await at.act(admin, 'undelivered', 'retry', failed!.id))
    await drain()
    expect(ports.letters.filter(({ to }) => to === 'li@shop.example')).toHaveLength(1)
    expect((await outboxOf(at, id))[0]).toMatchObject({ state: 'done' })
  })

  test('an address that will never take it fails at once, and again after a retry as a task of its own', async () => {
    const { id } = await create({ handler: li.id })
    const gone = () => Object.assign(new Error('550 no such mailbox'), { permanent: true })
    ports.fails.push(gone())
    await drain()
    const own = async () => (await undelivered()).filter(({ source_record }) => source_record === id)
    expect(await own()).toMatchObject([{ state: 'failed', reason: '李工: 550 no such mailbox' }])
    done(await at.act(admin, 'undelivered', 'retry', (await own())[0]!.id))
    ports.fails.push(gone())
    await drain()
    expect((await own()).map(({ state }) => state).sort()).toEqual(['failed', 'retried'])
    done(await at.act(admin, 'undelivered', 'discard', (await own()).find(({ state }) => state === 'failed')!.id,
      { reason: '已当面告知' }))
    expect((await outboxOf(at, id))[0]!.state).toBe('discarded')
  })

  test('inside the database a crash is simply done again, and nothing happens twice', async () => {
    const parent = await create({ handler: wang.id })
    const child = await create({ handler: boss.id, parent: parent.id })
    done(await at.act(boss, 'task', 'finish', child.id, { result: '已办', follow_up: '再确认' }))
    await drain()
    await workerDiesOver(child.id)
    await drain()
    expect((await eventsOf(at, parent.id)).filter(({ action }) => action === 'child_done')).toHaveLength(1)
    const children = await at.db.read(at.company.id, (reader) => reader.query(sql`
      select id from record where parent = ${child.id}`))
    expect(children).toHaveLength(1)
    expect((await noticesTo(at, wang.id!)).filter(({ record_id }) => record_id === child.id)).toHaveLength(1)
    expect((await outboxOf(at, child.id)).map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done'])
  })

  test('a mail during which the program died is uncertain: a person decides', async () => {
    const { id } = await create({ handler: li.id })
    await workerDiesOver(id, { mailing: true })
    await drain()
    expect(ports.letters).toEqual([])
    expect((await outboxOf(at, id))[0]).toMatchObject({ state: 'uncertain' })
    const [failed] = (await undelivered()).filter(({ source_record }) => source_record === id)
    expect(failed!.reason).toContain('李工')
    done(await at.act(admin, 'undelivered', 'retry', failed!.id))
    await drain()
    expect(ports.letters.map((letter) => letter.id)).toEqual([`effect.${id}.1.1.${li.id}`])
  })

  test('a crash before the mail was begun sends it', async () => {
    const { id } = await create({ handler: li.id })
    await workerDiesOver(id)
    await drain()
    expect(ports.letters).toHaveLength(1)
    expect((await outboxOf(at, id))[0]).toMatchObject({ state: 'done' })
  })

  test('while a history is brought in nothing is sent; then it is', async () => {
    const { id } = await create({ handler: li.id })
    await owner('update company set importing = true where company_id = $1', [at.company.id])
    expect(await drain()).toBe(0)
    await owner('update company set importing = false where company_id = $1', [at.company.id])
    await drain()
    expect((await outboxOf(at, id))[0]).toMatchObject({ state: 'done' })
  })

  test('a customer has a letter with what the event printed, and no link into the house', async () => {
    const customer = done(await at.act(wang, 'customer', 'register', null, { customer_kind: 'person', name: '张律师',
      phone: '13800000000', email: 'zhang@law.example', settlement: 'cash', contract: false }))
    const { id } = await create()
    await owner('update record set customer = $2 where id = $1', [id, customer.id])
    const event = done(await at.act(wang, 'task', 'note', id, { note: '报价已备好' }))
    await owner(`insert into outbox (company_id, record_id, seq, n, kind, effect, next_at) values
      ($1, $2, $3, 1, 'print', '{"print": "slip"}', $4), ($1, $2, $3, 2, 'send', '{"send": "any", "to": "customer"}', $4)`,
      [at.company.id, id, event.seq, new Date(monday)])
    const bytes = Buffer.from('%PDF-1.7')
    at.app.files = diskStore(folder)
    ports.storePrint = async (ctx, print) => (await storeFile(at.app, ctx.company.id, { ...print, bytes })).id
    await drain()
    expect((await outboxOf(at, id)).map(({ state, last_error }) => [state, last_error]))
      .toEqual([['done', null], ['done', null]])
    expect(ports.letters).toMatchObject([{ to: 'zhang@law.example', attachments: [{ content: bytes }] }])
    expect(ports.letters[0]!.attachments![0]!.filename).toMatch(/^待办单-DB.*\.pdf$/)
    expect(ports.letters[0]!.text).not.toContain('desk.example')
    // A worker that died between keeping the file and saying so keeps no second one.
    await owner(`update outbox set state = 'sending', tries = 1, leased_until = $2 where record_id = $1
      and kind = 'print'`, [id, new Date(at.app.now)])
    await drain()
    expect((await owner('select id from file where record_id = $1', [id])).rows).toHaveLength(1)
  })

  test('a customer without an address is noted; where the form named one, a failure is a task', async () => {
    const { id } = await create()
    const insert = (seq: number) => owner(`insert into outbox (company_id, record_id, seq, n, kind, effect, next_at)
      values ($1, $2, $3, 9, 'send', '{"send": "any", "to": "customer"}', $4)`, [at.company.id, id, seq, new Date(monday)])
    await insert(1)
    await drain()
    expect(await outboxOf(at, id)).toMatchObject([{ state: 'done', last_error: '客户没有留邮箱' }])
    await owner(`update outbox set state = 'waiting' where record_id = $1`, [id])
    await owner(`update event set input = input || '{"email": "a@b.example"}' where record_id = $1`, [id])
    ports.mail = null
    await drain()
    expect(await outboxOf(at, id)).toMatchObject([{ state: 'dead', last_error: '没有设置发信服务器' }])
  })

  test('a running worker is woken, and ends when asked', async () => {
    const worker = startOutbox(at.app, ports)
    const { id } = await create({ handler: li.id })
    worker.wake()
    await expect.poll(async () => (await outboxOf(at, id))[0]!.state).toBe('done')
    await worker.stop()
    const later = await create({ handler: li.id })
    worker.wake()
    await new Promise((settle) => { setTimeout(settle, 50) })
    expect((await outboxOf(at, later.id))[0]!.state).toBe('waiting')
  })
})

test('rests grow from ten seconds to six hours, about a day in all', () => {
  const rests = Array.from({ length: 10 }, (_none, index) => restAfter(index + 1, () => 0.5))
  expect(rests[0]).toBe(10_000)
  expect(rests.at(-1)).toBe(6 * 3_600_000)
  expect(rests.reduce((sum, rest) => sum + rest, 0) / 3_600_000).toBeCloseTo(21, 0)
})
