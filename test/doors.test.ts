import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../src/server/config.ts'
import type { Actor } from '../src/server/context.ts'
import type { RouteLine } from '../src/server/route-table.ts'
import { apiRoutes } from '../src/server/routes/index.ts'
import { testDatabases } from './databases.ts'
import { type Served, serve } from './serve.ts'

/** Doors that are open to strangers, each with its reason. The list may only shrink. */
const open: Readonly<Record<string, string>> = {
  'GET /api/health': 'whoever watches over the machine is nobody',
  'GET /api/demo': 'names of demonstration logins, where there are any; never the password',
  'POST /api/sign-in': 'the door itself',
  'POST /api/sign-out': 'whoever has no session any more has signed out already',
  'POST /api/setup': 'a one-time link, from the operator',
  'GET /api/link/:token': 'exchanges a private link for its cookie',
  'GET /api/paper/:code': 'the code on a printed page: whose it is, and whom to call',
  'POST /api/paper/:code/report': 'a fault, from whoever stands before the machine; few a machine and few an address',
  'POST /api/paper/:code': 'how far it is, for the customer who knows the number that was left',
}

const filled = (url: string): string => url.replace(':process', 'task')
  .replace(/:(id|record|part|seq|n)\b/g, '01900000-0000-7000-8000-000000000000').replace(/:\w+/g, 'x')

describe('doors', () => {
  let served: Served
  let routes: readonly RouteLine[]
  let coordinator: Actor
  let engineer: Actor
  let storekeeper: Actor

  beforeAll(async () => {
    served = await serve(testDatabases()[0]!, apiRoutes(readConfig({})))
    routes = served.server.routeTable.filter(({ url }) => url.startsWith('/api/'))
    coordinator = await served.at.person('王协调', 'coordinator')
    engineer = await served.at.person('李工', 'bench_engineer')
    storekeeper = await served.at.person('郑库管', 'storekeeper')
  })
  afterAll(() => served.close())

  test('open ones are those that are written down, each with its reason', () => {
    const found = routes.filter((route) => route.open).map(({ method, url }) => `${method} ${url}`)
    expect(found.filter((door) => !(door in open)).sort()).toEqual([])
  })

  test('a stranger is told to sign in at every other door, and learns nothing else', async () => {
    const astray: string[] = []
    for (const route of routes.filter(({ open: isOpen }) => !isOpen)) {
      const answer = await served.server.inject({ method: route.method as 'GET', url: filled(route.url),
        ...(route.method === 'GET' ? {} : { payload: {} }) })
      if (answer.statusCode !== 401) astray.push(`${route.method} ${route.url}: ${answer.statusCode}`)
    }
    expect(routes.length).toBeGreaterThan(40)
    expect(astray).toEqual([])
  })

  test('what one person may not see is 404 by every way that looks at one record', async () => {
    const made = await served.at.act(coordinator, 'task', 'create', null, { title: '只给协调员看' })
    const { id } = made as { id: string }
    const ways = routes.filter(({ url }) => url.startsWith('/api/:process/:id'))
    expect(ways.length).toBeGreaterThan(3)
    for (const { method, url } of ways) {
      const answer = await served.ask(engineer, method as 'GET', url.replace(':process', 'task').replace(':id', id)
        .replace(':action', 'take').replace(':clock', 'by_default'), method === 'GET' ? undefined : {})
      expect(`${method} ${url} ${answer.statusCode}`).toBe(`${method} ${url} 404`)
    }
    for (const way of ['/api/task', '/api/task/board', '/api/my-work', '/api/search?q=%E5%8F%AA%E7%BB%99', '/api/task/export?format=csv']) {
      const answer = await served.ask(engineer, 'GET', way)
      expect(answer.statusCode, way).toBe(200)
      expect(answer.body, way).not.toContain('只给协调员看')
    }
  })

  test('a field that a role may not see is missing in record, list, export and events alike', async () => {
    const made = await served.at.act(storekeeper, 'part', 'register', null,
      { part_number: 'RM1-7577', name: '定影组件', part_kind: 'part', price_fen: 32_000, cost_fen: 20_123 })
    expect(made).toMatchObject({ ok: true })
    const { id } = made as { id: string }
    const boss = await served.at.person('陈经理', 'manager')
    const ways = [`/api/part/${id}`, '/api/part?fields=price_fen', '/api/part/export?format=csv',
      `/api/part/${id}/events`]
    for (const way of ways) {
      const hidden = await served.ask(engineer, 'GET', way)
      expect(hidden.body, way).not.toContain('20123')
    }
    const shown = await served.ask(boss, 'GET', `/api/part/${id}`)
    expect(shown.body).toContain('20123')
  })
})

const hostile: readonly unknown[] = ["'; drop table record; --", '<script>alert(1)</script>', '\u0000', '\u202egnp',
  'a'.repeat(100_000), -1, 1e308, true, [], [[]], {}, { $gt: '' }, ['x'], '../../etc/passwd', '%00', '中'.repeat(5000),
  '2026-13-45', '99999999999999999999', { toString: 1 }, [null], '\ud800']

describe('bad input', () => {
  let served: Served
  let boss: Actor

  beforeAll(async () => {
    served = await serve(testDatabases()[0]!, apiRoutes(readConfig({})))
    boss = await served.at.person('全能', 'administrator', 'manager', 'supervisor', 'coordinator', 'bench_engineer',
      'lead_engineer', 'storekeeper', 'purchaser', 'field_engineer', 'hotline')
  })
  afterAll(() => served.close())

  test('no value in any field of any form is a fault; each refusal is a 4xx with a sentence', async () => {
    const { processes } = served.at.app.house
    let asked = 0
    for (const [process, definition] of Object.entries(processes)) {
      for (const [action, { from, needs }] of Object.entries(definition.actions)) {
        if (from !== null) continue
        for (const field of [...Object.keys(needs ?? {}), 'waive', 'parent', 'at', '__proto__', 'constructor']) {
          const value = hostile[asked % hostile.length]
          asked += 1
          const answer = await served.ask(boss, 'POST', `/api/${process}?action=${action}`, { [field]: value })
          expect(answer.statusCode, `${process}.${action}.${field} = ${JSON.stringify(value)?.slice(0, 60)}`)
            .toBeGreaterThanOrEqual(200)
          expect(answer.statusCode, `${process}.${action}.${field} ${answer.body.slice(0, 300)}`).toBeLessThan(500)
          if (answer.statusCode >= 400) {
            expect(answer.json()).toMatchObject({ error: { message: expect.stringMatching(/\S/), code: expect.any(String) } })
          }
        }
      }
    }
    expect(asked).toBeGreaterThan(150)
  })

  test('a text is kept as it was typed: markup, quotes and SQL are words', async () => {
    const title = `<img src=x onerror=alert(1)> '); drop table task; -- "引号" & 𠮷`
    const answer = await served.ask(boss, 'POST', '/api/task', { title })
    expect(answer.statusCode).toBe(201)
    expect(answer.json()).toMatchObject({ title })
  })

  test.each([
    ['not JSON', { payload: '{', headers: { 'content-type': 'application/json' } }, 400],
    ['a prototype', { payload: '{"__proto__": {"x": 1}}', headers: { 'content-type': 'application/json' } }, 400],
    ['XML', { payload: '<a/>', headers: { 'content-type': 'text/xml' } }, 415],
    ['a form', { payload: 'title=x', headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415],
    ['two megabytes', { payload: JSON.stringify({ title: 'x'.repeat(2_000_000) }),
      headers: { 'content-type': 'application/json' } }, 413],
    ['a list', { payload: '[]', headers: { 'content-type': 'application/json' } }, 422],
    ['another site', { payload: '{}', headers: { 'content-type': 'application/json', origin: 'https://evil.example' } },
      403],
    ['a short key', { payload: '{"title":"x"}', headers: { 'content-type': 'application/json', 'idempotency-key': 'x' } },
      422],
    ['a strange If-Match', { payload: '{"title":"x"}', headers: { 'content-type': 'application/json', 'if-match': '*' } },
      422],
  ])('%s is refused', async (_name, { payload, headers }, status) => {
    const known = await served.ask(boss, 'GET', '/api/task')
    expect(known.statusCode).toBe(200)
    const actor = JSON.stringify([boss.kind, boss.id, null])
    const answer = await served.server.inject({ method: 'POST', url: '/api/task', payload,
      headers: { ...headers, 'x-test-actor': actor } })
    expect(answer.statusCode, answer.body).toBe(status)
    expect(answer.json()).toHaveProperty('error.message')
  })

  test('an unknown process, action or record is 404, whatever its name', async () => {
    for (const url of ['/api/constructor', '/api/toString', '/api/record', '/api/__proto__/x/y', '/api/task/not-an-id',
      '/api/task/01900000-0000-7000-8000-000000000000', '/api/nothing/01900000-0000-7000-8000-000000000000']) {
      const answer = await served.ask(boss, 'GET', url)
      expect(answer.statusCode, url).toBe(404)
    }
  })

  test('lists refuse what they do not know, and name it', async () => {
    for (const query of ['colour=red', 'sort=price', 'limit=9999', 'cursor=%25%25', 'state=nowhere', 'due=yesterday',
      'opened_from=never', 'handler=nobody']) {
      const answer = await served.ask(boss, 'GET', `/api/task?${query}`)
      expect(answer.statusCode, `${query} ${answer.body}`).toBe(422)
      expect(answer.json().error.fields[0].field, query).toBe(query.split('=')[0])
    }
  })
})
