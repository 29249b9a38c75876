import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildServer } from '../src/server/http.ts'
import { type Metrics, nodeMetrics } from '../src/server/metrics.ts'
import { drainOutbox } from '../src/server/outbox.ts'
import { houseRoutes } from '../src/server/routes/house.ts'
import { drainTimers } from '../src/server/timers.ts'
import { readConfig } from '../src/server/config.ts'
import type { Done } from '../src/server/run.ts'
import { type TestCompany, monday, openTestCompany } from './company.ts'
import { testDatabases } from './databases.ts'

const [kind] = testDatabases()

describe('metrics', () => {
  let at: TestCompany
  let metrics: Metrics
  let shown: Awaited<ReturnType<Metrics['show']>>

  beforeAll(async () => {
    at = await openTestCompany(kind!)
    metrics = nodeMetrics(at.app.clock)
    at.app.meter = metrics
    shown = await metrics.show(at.app, 0, '127.0.0.1')
  })
  afterAll(async () => {
    await shown.end()
    await at.close()
  })

  const look = async () => (await fetch(`http://127.0.0.1:${shown.port}/metrics`)).text()
  /** The figure of one line, or undefined. */
  const figure = async (name: string): Promise<number | undefined> => {
    const line = (await look()).split('\n').find((one) => one.startsWith(`${name} `))
    return line === undefined ? undefined : Number(line.slice(name.length + 1))
  }

  test('count what was done, done again and refused, by the names of the house alone', async () => {
    const wang = await at.person('王协调', 'coordinator')
    const form = { title: '数一数' }
    const { id } = await at.act(wang, 'task', 'create', null, form, { key: 'k1' }) as Done
    await at.act(wang, 'task', 'create', null, form, { key: 'k1' })
    await at.act(wang, 'task', 'finish', id, { result: '还没领取' })
    await at.act(wang, 'no_such_process', 'whatever', null)
    const acts = (action: string, ending: string) =>
      figure(`gongdan_acts_total{process="task",action="${action}",ending="${ending}"}`)
    expect(await acts('create', 'ok')).toBe(1)
    expect(await acts('create', 'replayed')).toBe(1)
    expect(await acts('finish', 'wrong_state')).toBe(1)
    expect(await look()).not.toContain('no_such_process')
  })

  test('say how late clocks strike and how effects end', async () => {
    const li = await at.person('李工', 'bench_engineer')
    await at.act(li, 'task', 'create', null, { title: '有期限', handler: li.id, due_at: '2026-11-23T03:00:00Z' })
    at.app.now = monday + 3_600_000 + 700
    await drainTimers(at.app)
    await drainOutbox(at.app, { mail: null, printer: null, storePrint: null, publicUrl: null })
    expect(await figure('gongdan_strike_late_seconds_bucket{le="0.5"}')).toBe(0)
    expect(await figure('gongdan_strike_late_seconds_bucket{le="1"}')).toBeGreaterThan(0)
    expect(await figure('gongdan_effects_total{kind="send",ending="done"}')).toBeGreaterThan(0)
  })

  test('say how long the queues are when they are looked at', async () => {
    const zhou = await at.person('周工', 'bench_engineer')
    await at.act(zhou, 'task', 'create', null, { title: '通知', handler: zhou.id })
    expect(await figure('gongdan_queue{queue="outbox"}')).toBe(1)
    at.app.now += 5_000
    expect(await figure('gongdan_queue_oldest_seconds{queue="outbox"}')).toBe(5)
    await drainOutbox(at.app, { mail: null, printer: null, storePrint: null, publicUrl: null })
    expect(await figure('gongdan_queue{queue="outbox"}')).toBe(0)
  })

  test('time answers by route, never by address', async () => {
    const server = await buildServer(at.app, { authenticate: async () => null, watch: metrics.watch,
      routes: [houseRoutes(readConfig({}))] })
    await server.inject({ url: '/api/health' })
    await server.inject({ url: '/api/task/01900000-0000-7000-8000-000000000000' })
    await server.close()
    expect(await figure('gongdan_request_seconds_count{method="GET",route="/api/health",status="200"}')).toBe(1)
    expect(await look()).not.toContain('01900000')
  })

  test('are at one address only', async () => {
    expect((await fetch(`http://127.0.0.1:${shown.port}/`)).status).toBe(404)
    expect((await fetch(`http://127.0.0.1:${shown.port}/metrics`, { method: 'POST' })).status).toBe(404)
  })
})

test('metrics are shown where the operator says, and nowhere else', () => {
  expect(readConfig({}).metrics).toBeNull()
  expect(readConfig({ METRICS_PORT: '9464' }).metrics).toEqual({ port: 9464, host: '127.0.0.1' })
  expect(() => readConfig({ METRICS_PORT: 'x' })).toThrow(/METRICS_PORT/)
})
