import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import type { App, Meter } from './context.ts'
import { type Database, sql } from './db.ts'
import { liveOf } from './live.ts'

/** What a node counts about itself, and the small server that shows it to the operator's Prometheus. */
export type Metrics = Meter & {
  /** Times every request of a web server by its route, never by its address: an address names cases. */
  watch(server: FastifyInstance): void
  /** Shows everything at /metrics; port 0 takes a free one. */
  show(app: App, port: number, host: string): Promise<{ port: number; end(): Promise<void> }>
}

const requestSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]
const lateSeconds = [0.1, 0.25, 0.5, 1, 2, 5, 15, 60, 300, 3600]

/** @param clock the program's instant, ms since epoch */
export function nodeMetrics(clock: () => number): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const requests = new Histogram({ name: 'gongdan_request_seconds', help: 'answers by route and status', registers,
    labelNames: ['method', 'route', 'status'], buckets: requestSeconds })
  const acts = new Counter({ name: 'gongdan_acts_total', help: 'actions by process and how they ended', registers,
    labelNames: ['process', 'action', 'ending'] })
  const late = new Histogram({ name: 'gongdan_strike_late_seconds', help: 'clocks: strike after due', registers,
    buckets: lateSeconds })
  const effects = new Counter({ name: 'gongdan_effects_total', help: 'attempts of the outbox', registers,
    labelNames: ['kind', 'ending'] })
  return {
    acted: (process, action, ending) => acts.inc({ process, action, ending }),
    struck: (dueAt) => late.observe(Math.max(clock() - dueAt, 0) / 1000),
    effect: (kind, ending) => effects.inc({ kind, ending }),
    watch(server) {
      server.addHook('onResponse', async (request, reply) => {
        const route = request.is404 ? 'none' : request.routeOptions.url ?? 'none'
        requests.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000)
      })
    },
    async show(app, port, host) {
      gauges(registry, app)
      const server = createServer((request, response) => {
        if (request.method !== 'GET' || request.url !== '/metrics') {
          response.writeHead(404).end()
          return
        }
        registry.metrics().then((text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
          (error: Error) => response.writeHead(503).end(error.message))
      })
      await listening(server, port, host)
      const end = () => new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
      return { port: (server.address() as AddressInfo).port, end }
    },
  }
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
}

type Queue = { queue: string; waiting: number; oldest: string | null }

/** Asked when somebody looks: connections, streams, and the queues of the whole database. */
function gauges(registry: Registry, app: App): void {
  const registers = [registry]
  const connections: Gauge<'state'> = new Gauge({ name: 'gongdan_connections', registers, labelNames: ['state'],
    help: 'connections of this node to the database', collect: () => {
      for (const [state, n] of Object.entries(app.db.load())) connections.set({ state }, n)
    } })
  const streams: Gauge = new Gauge({ name: 'gongdan_streams', help: 'browsers that listen to this node', registers,
    collect: () => streams.set(liveOf(app)?.listeners() ?? 0) })
  queueGauge('gongdan_queue', 'due and not done, of the whole database, up to 10,000', ({ waiting }) => waiting)
  queueGauge('gongdan_queue_oldest_seconds', 'how long the first of a queue has been due',
    ({ oldest }) => (oldest === null ? 0 : (app.clock() - Date.parse(oldest)) / 1000))

  function queueGauge(name: string, help: string, value: (queue: Queue) => number): void {
    const gauge: Gauge<'queue'> = new Gauge({ name, help, registers, labelNames: ['queue'],
      collect: async () => {
        for (const one of await queuesOf(app.db, app.clock())) gauge.set({ queue: one.queue }, value(one))
      } })
  }
}

/** Of all companies, each counted up to 10,000. @param now instant, ms since epoch */
const queuesOf = (db: Database, now: number): Promise<Queue[]> =>
  db.door<Queue>(sql`select * from queues(${new Date(now)}::timestamptz)`.named('queues'))
