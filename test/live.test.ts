import { once } from 'node:events'
import { Agent, type IncomingMessage, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Actor, App } from '../src/server/context.ts'
import { withClient } from '../src/server/database-roles.ts'
import { openDatabase } from '../src/server/db.ts'
import { buildServer } from '../src/server/http.ts'
import { type Live, payloadsOf, startLive } from '../src/server/live.ts'
import { drainOutbox, startOutbox } from '../src/server/outbox.ts'
import { live as liveRoutes, stillThere } from '../src/server/routes/live.ts'
import { run } from '../src/server/run.ts'
import { fakePorts, outboxOf } from './after-commit.ts'
import { type TestCompany, openTestCompany } from './company.ts'
import { testDatabases } from './databases.ts'

const streamOf = (port: number, token: string) =>
  ({ port, path: '/api/live', agent: false as const, headers: { authorization: token } })

type Browser = { said: unknown[]; status: number; type: string; ended: boolean; close(): void }

describe.each(testDatabases())('live changes on $name', (kind) => {
  let at: TestCompany
  let wang: Actor
  let li: Actor
  let boss: Actor
  let apps: App[]
  let nodes: Live[]
  let servers: FastifyInstance[]
  /** Sessions by token: a test signs people out by taking theirs away. */
  const sessions = new Map<string, Actor>()
  const browsers: Browser[] = []

  beforeAll(async () => {
    at = await openTestCompany(kind)
    wang = await at.person('王协调', 'coordinator')
    li = await at.person('李工', 'bench_engineer')
    boss = await at.person('赵主管', 'supervisor')
    const node = () => {
      const db = openDatabase(at.database.app)
      const live = startLive(db, at.app.log)
      return { live, app: { ...at.app, db, clock: () => at.app.now, changed: live.changed } satisfies App }
    }
    const two = [node(), node()]
    nodes = two.map(({ live }) => live)
    apps = two.map(({ app }) => app)
    servers = await Promise.all(apps.map(async (app) => {
      const server = await buildServer(app, { routes: [liveRoutes], authenticate: async (_app, request) => {
        const actor = sessions.get(request.headers.authorization ?? '')
        return actor ? { ...at.ctx(actor), app } : null
      } })
      await server.listen({ port: 0, host: '127.0.0.1' })
      return server
    }))
  })
  afterAll(async () => {
    for (const browser of browsers) browser.close()
    for (const node of nodes) await node.stop()
    for (const server of servers) await server.close()
    for (const app of apps) await app.db.close()
    await at.close()
  })
  beforeEach(async () => {
    for (const [token, actor] of Object.entries({ wang, li, boss })) sessions.set(token, actor)
    for (const browser of browsers.splice(0)) browser.close()
    await expect.poll(connections).toBe(0)
  })

  const listen = (token: string, node = 0): Promise<Browser> => new Promise((settle) => {
    const { port } = servers[node]!.server.address() as AddressInfo
    const asked = httpRequest(streamOf(port, token), (answer) => {
      const browser: Browser = { said: [], ended: false, status: answer.statusCode!, close: () => asked.destroy(),
        type: answer.headers['content-type'] ?? '' }
      browsers.push(browser)
      answer.setEncoding('utf8')
      let rest = ''
      answer.on('data', (text: string) => {
        const messages = `${rest}${text}`.split('\n\n')
        rest = messages.pop()!
        for (const message of messages) {
          if (message.startsWith('data: ')) browser.said.push(JSON.parse(message.slice(6)))
        }
      })
      answer.on('error', () => { browser.ended = true })
      answer.on('close', () => { browser.ended = true })
      settle(browser)
    })
    asked.on('error', () => {})
    asked.end()
  })
  const connections = () => new Promise<number>((settle) => {
    servers[0]!.server.getConnections((_error, n) => settle(n))
  })
  const create = async (app: App, by: Actor, input: object = {}) => {
    const outcome = await run({ ...at.ctx(by), app }, { process: 'task', action: 'create', id: null,
      input: { title: '回电', ...input } })
    expect(outcome).toMatchObject({ ok: true })
    return (outcome as { id: string }).id
  }
  const ids = (browser: Browser) => browser.said.flatMap((view) => ((view as { id?: string }).id ?? []))
  const hears = (browser: Browser, id: string) => expect.poll(() => ids(browser), { timeout: 5_000 }).toContain(id)

  test('every node’s browsers hear what moved, as process, id and seq only', async () => {
    const [here, there] = [await listen('boss', 0), await listen('boss', 1)]
    expect(here).toMatchObject({ status: 200, type: 'text/event-stream; charset=utf-8' })
    // The nodes listen before long.
    const warm = await create(apps[0]!, wang)
    await Promise.all([hears(here, warm), hears(there, warm)])
    const id = await create(apps[0]!, wang, { title: '内容不随通知走' })
    await Promise.all([hears(here, id), hears(there, id)])
    expect(there.said.find((view) => (view as { id?: string }).id === id)).toEqual({ process: 'task', id, seq: 1 })
  })

  test('only of records that exist for this reader', async () => {
    const [mine, all] = [await listen('li'), await listen('boss')]
    const hidden = await create(apps[1]!, wang)
    const shown = await create(apps[1]!, wang, { handler: li.id })
    await Promise.all([hears(mine, shown), hears(all, shown), hears(all, hidden)])
    expect(ids(mine)).not.toContain(hidden)
  })

  test('a notice makes its reader’s browsers look, and nobody else’s', async () => {
    const [mine, all] = [await listen('li'), await listen('boss')]
    const id = await create(apps[0]!, wang, { handler: li.id })
    await drainOutbox(apps[0]!, fakePorts())
    await expect.poll(() => mine.said, { timeout: 5_000 }).toContainEqual({ notices: true })
    await hears(all, id)
    expect(all.said).not.toContainEqual({ notices: true })
  })

  test('another node’s workers are woken', async () => {
    const outbox = startOutbox(apps[1]!, fakePorts())
    const unfollow = nodes[1]!.follow((change) => { if (change.effects) outbox.wake() })
    await new Promise((settle) => { setTimeout(settle, 100) })
    const begun = Date.now()
    const id = await create(apps[0]!, wang, { handler: li.id })
    await expect.poll(async () => (await outboxOf(at, id))[0]!.state, { timeout: 3_000, interval: 20 }).toBe('done')
    expect(Date.now() - begun).toBeLessThan(3_000)
    unfollow()
    await outbox.stop()
  })

  test('the ninth stream of a person is refused; a closed one makes room', async () => {
    const open = await Promise.all(Array.from({ length: 8 }, () => listen('wang')))
    expect(open.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200))
    expect(await listen('wang')).toMatchObject({ status: 429 })
    for (const browser of open) browser.close()
    await expect.poll(async () => {
      const again = await listen('wang')
      again.close()
      return again.status
    }).toBe(200)
  })

  test('a stranger has no stream; one whose positions change is asked to come again', async () => {
    expect(await listen('nobody')).toMatchObject({ status: 401 })
    const browser = await listen('li')
    nodes[1]!.changed({ company: at.company.id, process: 'member', id: li.id!, seq: 2, effects: false, strike: null })
    await expect.poll(() => browser.ended, { timeout: 5_000 }).toBe(true)
  })

  test('a stream knows when its session has ended', async () => {
    const asking = { headers: { authorization: 'li' }, ip: '127.0.0.1' } as unknown as FastifyRequest
    expect(await stillThere(servers[0]!, asking)).toBe(true)
    sessions.delete('li')
    expect(await stillThere(servers[0]!, asking)).toBe(false)
  })

  test('a browser that does not read is given up, and the others go on', async () => {
    const { port } = servers[0]!.server.address() as AddressInfo
    const stuck = await new Promise<{ destroy(): void }>((settle) => {
      const asked = httpRequest(streamOf(port, 'boss'), (answer) => {
        answer.on('error', () => {})
        answer.pause()
        settle(asked)
      })
      asked.on('error', () => {})
      asked.end()
    })
    // Long ids, so that what the two systems keep between the sockets is soon full.
    const long = 'x'.repeat(7_000)
    for (let round = 0; round < 40 && await connections() > 0; round += 1) {
      for (let n = 0; n < 400; n += 1) {
        nodes[0]!.changed({ company: at.company.id, process: 'member', seq: 1, effects: false, strike: null,
          id: `${round}.${n}.${long}` })
      }
      await new Promise((settle) => { setTimeout(settle, 80) })
    }
    expect(await connections()).toBe(0)
    stuck.destroy()
    // What is left of the flood may still send a fresh browser away; it comes again, as browsers do.
    await expect.poll(async () => {
      const reading = await listen('boss')
      const id = await create(apps[0]!, wang)
      await new Promise((settle) => { setTimeout(settle, 300) })
      reading.close()
      return ids(reading).includes(id)
    }, { timeout: 20_000 }).toBe(true)
  }, 60_000)

  test('a node that ends does not wait for its streams: each is ended, also on a connection that is kept', async () => {
    const server = await buildServer(apps[0]!, { routes: [liveRoutes], authenticate: async () => ({ ...at.ctx(wang), app: apps[0]! }) })
    await server.listen({ port: 0, host: '127.0.0.1' })
    const agent = new Agent({ keepAlive: true })
    const { port } = server.server.address() as AddressInfo
    const stream = await new Promise<IncomingMessage>((open) => {
      httpRequest({ port, path: '/api/live', agent }, open).end()
    })
    stream.resume()
    await Promise.all([server.close(), once(stream, 'end')])
    agent.destroy()
    expect(nodes[0]!.listeners()).toBe(0)
  })

  test('a flood is not told piece by piece: the browser comes again and looks afresh', async () => {
    const browser = await listen('boss')
    for (let n = 0; n < 10_000; n += 1) {
      nodes[0]!.changed({ company: at.company.id, process: 'member', seq: 1, effects: false, strike: null, id: `${n}` })
    }
    await expect.poll(() => browser.ended, { timeout: 5_000 }).toBe(true)
    expect(browser.said.length).toBeLessThan(10_000)
  })

  test('notices are read in the reader’s words, by pages, and are marked', async () => {
    for (let n = 0; n < 55; n += 1) {
      at.app.now += 1_000
      await create(apps[0]!, wang, { title: `第${n}件`, handler: boss.id })
    }
    await drainOutbox(apps[0]!, fakePorts())
    const get = (url: string) => servers[0]!.inject({ url, headers: { authorization: 'boss' } })
    const first = (await get('/api/notices')).json()
    expect(first).toMatchObject({ unread: 55 })
    expect(first.notices).toHaveLength(50)
    expect(first.notices.map(({ text }: { text: string }) => text).join()).toMatch(/DB202611-\d{4} 「第\d+件」交给您处理/)
    const second = (await get(`/api/notices?cursor=${first.cursor}`)).json()
    expect(second.notices).toHaveLength(5)
    expect(second.cursor).toBeNull()
    expect((await get('/api/notices?cursor=x')).statusCode).toBe(400)
    const post = (payload: object, token = 'boss') => servers[0]!.inject({ method: 'POST', url: '/api/notices/read',
      payload, headers: { authorization: token } })
    const one = first.notices[0].id as string
    expect((await post({ ids: [one] }, 'wang')).statusCode).toBe(200)
    expect((await get('/api/notices')).json().unread).toBe(55)
    expect((await post({ ids: [one] })).json()).toEqual({ unread: 54 })
    expect((await post({ all: true })).json()).toEqual({ unread: 0 })
    expect((await post({ ids: 'all' })).statusCode).toBe(400)
  })

  test('when the connection that listens was cut, browsers are asked to come again', async () => {
    const browser = await listen('boss')
    await withClient(at.database.superuser, (client) => client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'gongdan-listen'
        and datname = current_database()`))
    await expect.poll(() => browser.ended, { timeout: 8_000 }).toBe(true)
    const again = await listen('boss')
    const id = await create(apps[1]!, wang)
    await hears(again, id)
  })
})

test('a notification is never longer than the database takes', () => {
  const messages = Array.from({ length: 1_000 }, (_none, n) =>
    ['c', 1, 'task', `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`, n, 1, null] as never)
  const payloads = payloadsOf(messages)
  expect(payloads.every((payload) => Buffer.byteLength(payload) < 8_000)).toBe(true)
  expect(payloads.flatMap((payload) => JSON.parse(payload) as unknown[])).toHaveLength(1_000)
  expect(payloads.length).toBeLessThan(15)
})
