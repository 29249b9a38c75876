import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../src/server/config.ts'
import { buildServer } from '../src/server/http.ts'
import { drainOutbox } from '../src/server/outbox.ts'
import { recordRoutes } from '../src/server/routes/records.ts'
import { drainTimers } from '../src/server/timers.ts'
import { type NodeTracing, startTracing } from '../src/server/tracing.ts'
import { type TestCompany, monday, openTestCompany } from './company.ts'
import { testDatabases } from './databases.ts'

const [kind] = testDatabases()
type Span = { traceId: string; spanId: string; parentSpanId?: string; name: string; kind: number
  attributes: { key: string; value: { stringValue?: string; intValue?: number } }[]
  status?: { code: number; message?: string } }
type Sent = { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] }

/** A collector on loopback: what it was sent, as text and as spans. */
async function openCollector() {
  const texts: string[] = []
  const server: Server = createServer((request, response) => {
    let text = ''
    request.on('data', (part) => { text += part })
    request.on('end', () => {
      texts.push(text)
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  return { texts, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: () => texts.flatMap((text) => (JSON.parse(text) as Sent).resourceSpans
      .flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))),
    close: () => new Promise((resolve) => { server.close(resolve) }) }
}

const attributes = (span: Span) =>
  Object.fromEntries(span.attributes.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue)]))

describe('traces', () => {
  let at: TestCompany
  let tracing: NodeTracing
  let collector: Awaited<ReturnType<typeof openCollector>>
  let spans: Span[]
  let id: string
  /** What a person wrote, as PostgreSQL and the program repeat it when they fail over it. */
  const written = '客户在电话里说的话'
  const caller = { trace: '0af7651916cd43dd8448eb211c80319c', span: 'b7ad6b7169203331' }

  beforeAll(async () => {
    at = await openTestCompany(kind!)
    collector = await openCollector()
    process.env.OTEL_EXPORTER_OTLP_ENDPOINT = collector.url
    tracing = await startTracing()
    tracing.watchDatabase(at.db)
    at.app.tracing = tracing
    const wang = await at.person('王协调', 'coordinator')
    const server = await buildServer(at.app, { routes: [recordRoutes], watch: tracing.watch, authenticate: async () => at.ctx(wang) })
    const made = await server.inject({ method: 'POST', url: '/api/task', headers: { traceparent: `00-${caller.trace}-${caller.span}-01` },
      payload: { title: '只有处理人知道的事', handler: wang.id, due_at: new Date(monday + 3_600_000).toISOString() } })
    id = (made.json() as { id: string }).id
    await server.inject({ method: 'POST', url: `/api/task/${id}/finish`, payload: {} })
    await server.inject({ method: 'POST', url: '/api/secret-of-somebody/oh', payload: {} })
    at.app.now = monday + 3_600_000 + 700
    await drainTimers(at.app)
    await drainOutbox(at.app, { mail: null, printer: null, storePrint: null, publicUrl: null })
    await server.close()
    await expect(tracing.span('fails', {}, () => at.db.read(at.company.id, (reader) =>
      reader.query({ name: 'as_number', text: 'select $1::text::int', values: [written] })))).rejects.toThrow(written)
    await expect(tracing.span('breaks', {}, () => Promise.reject(new TypeError(written)))).rejects.toThrow(written)
    await tracing.end()
    spans = collector.spans()
  })
  afterAll(async () => {
    delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT
    await Promise.all([collector.close(), at.close()])
  })

  const one = (name: string) => spans.find((span) => span.name === name)!
  const below = (parent: Span) => spans.filter(({ parentSpanId }) => parentSpanId === parent.spanId)

  test('a request lies under its caller, the act under the request, the statements under the act', () => {
    const request = one('POST /api/:process')
    expect(request).toMatchObject({ traceId: caller.trace, parentSpanId: caller.span })
    expect(attributes(request)).toMatchObject({ 'http.response.status_code': 201, 'gongdan.company': at.company.id,
      'gongdan.request': expect.any(String) })
    const [act] = below(request)
    expect(act).toMatchObject({ name: 'task.create', traceId: caller.trace })
    expect(attributes(act!)).toMatchObject({ 'gongdan.case': id, 'gongdan.ending': 'ok', 'gongdan.seq': 1 })
    expect(below(act!).map(({ name }) => name)).toContain('commit')
  })

  test('a refusal is told by its code', () => {
    expect(attributes(one('task.finish'))).toMatchObject({ 'gongdan.ending': 'bad_input', 'gongdan.case': id })
  })

  test('strikes and effects are told with what they belong to', () => {
    expect(attributes(one('strike'))).toMatchObject({ 'gongdan.case': id, 'gongdan.clock': 'by_date' })
    expect(below(one('strike')).map(({ name }) => name)).toContainEqual(expect.stringMatching(/^task\.(warn|overdue)$/))
    expect(attributes(one('effect send'))).toMatchObject({ 'gongdan.company': at.company.id })
  })

  test('a failure is told by its code, else its kind: never by its words', () => {
    const failed = (name: string) => one(name).status
    expect([failed('fails'), failed('as_number'), failed('breaks')]).toEqual([{ code: 2, message: '22P02' },
      { code: 2, message: '22P02' }, { code: 2, message: 'TypeError' }])
    expect(collector.texts.join('')).not.toContain(written)
  })

  test('nothing that somebody typed leaves the house, nor a name that is not ours', () => {
    const sent = collector.texts.join('')
    expect(sent).not.toContain('只有处理人知道的事')
    expect(sent).not.toContain('secret-of-somebody')
  })
})

test('traces are asked for by the standard variables', () => {
  expect(readConfig({}).traces).toBe(false)
  expect(readConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }).traces).toBe(true)
})
