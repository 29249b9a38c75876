import type { Span, SpanStatusCode } from '@opentelemetry/api'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { App, TraceFacts, Tracing } from './context.ts'
import type { Database } from './db.ts'
import { version } from './version.ts'

/** Tracing of a node: pieces of work that belong together, sent to the operator's OpenTelemetry collector. */
export type NodeTracing = Tracing & {
  /** Every request becomes a span, under the caller's own where it sent a `traceparent`. Before all other hooks. */
  watch(server: FastifyInstance): void
  /** Every statement of this database becomes a span of the work that sent it; statements of nobody's work do not. */
  watchDatabase(db: Database): void
  /** Sends what is still here. */
  end(): Promise<void>
}

/** Does the environment ask for traces? The variables are OpenTelemetry's own. */
export const tracesWanted = (env: NodeJS.ProcessEnv): boolean =>
  Boolean(env.OTEL_EXPORTER_OTLP_ENDPOINT || env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT)

/**
 * Begins to trace. The library is loaded only here, since most installations never ask for it; it reads address, headers,
 * sampler and batch sizes from its standard variables (OTEL_…). What spans say: names of ours, ids and outcomes, never what
 * somebody typed.
 */
export async function startTracing(): Promise<NodeTracing> {
  const [api, { NodeTracerProvider, BatchSpanProcessor }, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/api'), import('@opentelemetry/sdk-trace-node'), import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources')])
  const { context, propagation, trace, SpanKind } = api
  const failed: SpanStatusCode = api.SpanStatusCode.ERROR
  const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
    resource: resourceFromAttributes({ 'service.name': process.env.OTEL_SERVICE_NAME || 'gongdan', 'service.version': version }) })
  provider.register()
  const tracer = provider.getTracer('gongdan', version)
  const requests = new WeakMap<FastifyRequest, { span: Span; around: ReturnType<typeof context.active> }>()
  return {
    span: (name, facts, body) => tracer.startActiveSpan(name, { attributes: named(facts) }, async (span) => {
      try {
        return await body((more) => { span.setAttributes(named(more)) })
      } catch (error) {
        span.setStatus({ code: failed, message: nameOf(error) })
        throw error
      } finally {
        span.end()
      }
    }),
    watch(server) {
      server.addHook('onRequest', (request, _reply, done) => {
        const caller = propagation.extract(context.active(), request.headers)
        const span = tracer.startSpan(request.method, { kind: SpanKind.SERVER }, caller)
        const around = trace.setSpan(caller, span)
        requests.set(request, { span, around })
        context.with(around, done)
      })
      // Reading a body leaves the context in which the request began.
      server.addHook('preValidation', (request, _reply, done) => context.with(requests.get(request)!.around, done))
      server.addHook('onResponse', async (request, reply) => {
        // An address that could not be read has met no hook.
        const span = requests.get(request)?.span
        if (!span) return
        const route = request.is404 ? 'none' : request.routeOptions.url ?? 'none'
        span.updateName(`${request.method} ${route}`)
        span.setAttributes({ 'http.request.method': request.method, 'http.route': route, 'http.response.status_code': reply.statusCode,
          ...named({ request: request.id, company: request.ctx?.company.id }) })
        if (reply.statusCode >= 500) span.setStatus({ code: failed })
        span.end()
      })
    },
    watchDatabase(db) {
      db.watch((statement) => {
        if (!trace.getActiveSpan()) return undefined
        const span = tracer.startSpan(statement.name ?? statement.text.split(/\s/, 1)[0]!, { kind: SpanKind.CLIENT,
          attributes: { 'db.system.name': 'postgresql' } })
        return (error) => {
          if (error) span.setStatus({ code: failed, message: nameOf(error) })
          span.end()
        }
      })
    },
    async end() {
      await provider.shutdown()
      for (const part of [trace, context, propagation]) part.disable()
    },
  }
}

/** The code of a failure, else its kind: its message may hold what somebody typed. */
const nameOf = (error: unknown): string => (error as { code?: string }).code ?? (error as Error).name

const named = (facts: TraceFacts): Record<string, string | number> =>
  Object.fromEntries(Object.entries(facts).flatMap(([name, value]) =>
    (value === undefined || value === null ? [] : [[`gongdan.${name}`, value]])))

/** A piece of work, told to the node's tracing where it has one. `tell` adds what is known only at its end. */
export const traced = <T>(app: App, name: string, facts: TraceFacts, body: (tell: (more: TraceFacts) => void) => Promise<T>): Promise<T> =>
  (app.tracing ? app.tracing.span(name, facts, body) : body(() => {}))
