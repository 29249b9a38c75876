import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabases } from '../databases.ts'
import { type FaultStage, type NodeProcess, ask, openFaultStage } from './stage.ts'

/** How many requests; 10,000 by hand: GONGDAN_HOSTILE=10000. */
const requests = Number(process.env['GONGDAN_HOSTILE'] ?? 600)
const atOnce = 8
const metricsPort = 21_000 + process.pid % 20_000

type Operation = { path: string; method: string; fields: readonly string[] }
type Document = { paths: Record<string, Record<string, { requestBody?: { content: Record<string,
  { schema?: { properties?: object } }> } }>> }

/** The same row of numbers at each run, so that what was found can be found again. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

const values: readonly unknown[] = ["'; drop table record; --", '<script>', '\u0000', '\u202e', 'a'.repeat(50_000), -1,
  1e308, true, null, [], [[]], {}, { $gt: '' }, ['x', 1, null], '../../etc/passwd', '%00', '中'.repeat(3_000), '2026-13-45',
  '99999999999999999999', { toString: 1 }, '\ud800', { __proto__: { admin: true } }, 0, '', ' ', Number.MAX_SAFE_INTEGER,
  '2026-11-27T00:00:00Z', '01900000-0000-7000-8000-000000000000']
const segments = ['x', '01900000-0000-7000-8000-000000000000', '..%2f..%2fetc', '%00', '%F0%9F%98%80', 'task', '__proto__',
  'constructor', 'null', '-1', 'a'.repeat(190), '%E4%B8%AD%E6%96%87', "'%20or%201=1"]
const queries = ['', '?', '?q=%', '?q=%E4%B8%AD', '?cursor=x', '?cursor=W10', '?limit=-1', '?limit=1e9', '?sort=;drop', '?state=x',
  '?fields=__proto__', '?format=xlsx&format=csv', '?action=constructor', '?q=' + 'a'.repeat(4_000), '?%00=1', '?a[b]=1']

describe('hostile requests', () => {
  let stage: FaultStage
  let node: NodeProcess
  let boss: Awaited<ReturnType<FaultStage['person']>>
  let operations: Operation[]
  /** Ids that exist, by process. */
  const known = new Map<string, string[]>()

  beforeAll(async () => {
    stage = await openFaultStage(testDatabases().at(-1)!)
    boss = await stage.person('全能', 'administrator', 'manager', 'supervisor', 'coordinator', 'bench_engineer',
      'lead_engineer', 'storekeeper', 'purchaser', 'field_engineer', 'hotline', 'salesperson', 'finance')
    node = await stage.start({ METRICS_PORT: String(metricsPort) })
    const document = JSON.parse((await ask(node, boss.secret, 'GET', '/api/openapi.json')).body) as Document
    operations = Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods)
      .map(([method, { requestBody }]) => ({ path, method: method.toUpperCase(),
        fields: Object.keys(Object.values(requestBody?.content ?? {})[0]?.schema?.properties ?? {}) })))
      // Streams do not end, and a key that withdraws itself ends the test.
      .filter(({ path }) => path !== '/api/live' && !path.startsWith('/api/keys'))
    for (let n = 0; n < 12; n += 1) await ask(node, boss.secret, 'POST', '/api/task', { title: `有的 ${n}` })
    for (let n = 0; n < 6; n += 1) {
      await ask(node, boss.secret, 'POST', '/api/part', { part_number: `RM-${n}`, name: '定影', part_kind: 'part' })
    }
    for (const { process, id } of await stage.sql<{ process: string; id: string }>('select process, id from record')) {
      known.set(process, [...known.get(process) ?? [], id])
    }
  }, 120_000)
  afterAll(() => stage.close())

  const memory = async () => {
    const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
    return Number(/^process_resident_memory_bytes (\S+)/m.exec(text)?.[1]) / 1_048_576
  }

  test(`${requests} of them, made from the document: no fault, no hang, no growth`, async () => {
    expect(operations.length).toBeGreaterThan(80)
    const next = numbers(20_261_127)
    const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!
    const faults: string[] = []
    const statuses = new Map<number, number>()
    const one = async () => {
      // Half of them where something is there to be spoilt.
      const { method, path, fields } = next() < 0.5 ? pick(operations) : pick(operations.filter((operation) =>
        known.has(operation.path.split('/')[2]!)))
      const here = known.get(path.split('/')[2]!) ?? []
      const url = path.replaceAll(/\{\w+\}/g, () => (next() < 0.7 && here.length > 0 ? pick(here) : pick(segments)))
        + (next() < 0.4 ? pick(queries) : '')
      const body = method === 'GET' ? undefined : next() < 0.1 ? pick(values)
        : Object.fromEntries([...fields, 'waive', 'at', 'parent'].filter(() => next() < 0.5).map((name) => [name, pick(values)]))
      const headers = next() < 0.2 ? { 'idempotency-key': String(pick(['', 'x', 'a'.repeat(500), 'request-12345678'])) }
        : {} as Record<string, string>
      if (next() < 0.05 && body !== undefined) headers['content-type'] = pick(['text/plain', 'application/xml', 'multipart/form-data'])
      const answer = await ask(node, boss.secret, method, url, body, headers)
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
      if (answer.status === 0 || answer.status >= 500) {
        faults.push(`${method} ${url} ${JSON.stringify(body)?.slice(0, 200)}: ${answer.status} ${answer.body.slice(0, 200)}`)
      }
    }
    let made = 0
    const run = async (until: number) => {
      await Promise.all(Array.from({ length: atOnce }, async () => { while (made++ < until) await one() }))
      made = until
    }
    await run(Math.floor(requests / 2))
    const half = await memory()
    await run(requests)
    const whole = await memory()
    console.log(`hostile: ${JSON.stringify(Object.fromEntries([...statuses].sort()))}; ${Math.round(half)} MB at half, ${
      Math.round(whole)} MB at the end`)
    expect(faults).toEqual([])
    expect(node.child.exitCode).toBeNull()
    // In short the program is still warming up.
    if (requests >= 5_000) expect(whole).toBeLessThan(half * 1.3)
    expect((await ask(node, boss.secret, 'POST', '/api/task', { title: '之后' })).status).toBe(201)
  }, 60_000 + requests * 100)

  test('slow clients hold up nobody', async () => {
    const port = Number(new URL(node.url).port)
    const sockets = Array.from({ length: 200 }, (_one, n) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(n % 2 === 0 ? 'GET /api/health HTTP/1.1\r\nhost: x\r\n'
        : 'POST /api/task HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"tit'))
      socket.on('error', () => {})
      return socket
    })
    await sleep(500)
    for (let n = 0; n < 10; n += 1) expect((await ask(node, boss.secret, 'GET', '/api/my-work')).status).toBe(200)
    for (const socket of sockets) socket.destroy()
  })

  test('many open streams hear of an act, and one person has so many and no more', async () => {
    const people = Number(process.env['GONGDAN_STREAMS'] ?? 80) / 8
    const crowd: Awaited<ReturnType<FaultStage['person']>>[] = []
    for (let n = 0; n < people; n += 1) crowd.push(await stage.person(`听众${n}`, 'coordinator'))
    const ending = new AbortController()
    const before = await memory()
    const heard: { text: string }[] = []
    for (const { secret } of crowd) {
      await Promise.all(Array.from({ length: 8 }, async () => {
        const answer = await fetch(`${node.url}/api/live`, { headers: { authorization: `Bearer ${secret}` },
          signal: ending.signal })
        expect(answer.status).toBe(200)
        const one = { text: '' }
        heard.push(one)
        void (async () => { for await (const part of answer.body!) one.text += Buffer.from(part as Uint8Array).toString() })()
          .catch(() => {})
      }))
    }
    expect((await ask(node, crowd[0]!.secret, 'GET', '/api/live')).status).toBe(429)
    const { id } = JSON.parse((await ask(node, boss.secret, 'POST', '/api/task', { title: '都听得到', team: 'coordinator' })).body) as
      { id: string }
    await expect.poll(() => heard.filter(({ text }) => text.includes(id)).length, { timeout: 30_000 }).toBe(heard.length)
    console.log(`streams: ${heard.length}, ${Math.round(await memory() - before)} MB more`)
    ending.abort()
    await expect.poll(async () => (await ask(node, crowd[0]!.secret, 'GET', '/api/me')).status).toBeLessThan(500)
  }, 120_000)
})
