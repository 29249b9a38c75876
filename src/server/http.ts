import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { uuidv7 } from 'uuidv7'
import { wordsOf } from '../words/index.ts'
import { languageOf, sendRefusal } from './answer.ts'
import type { App, Ctx } from './context.ts'
import { isConnectionLost, isDiskFull } from './db.ts'
import { StoreAway } from './ports/file-store.ts'
import { keepRouteTable } from './route-table.ts'
import type { ErrorView } from './views.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, in which company; null on doors that are open to strangers. */
    ctx: Ctx | null
  }
  interface FastifyContextConfig {
    /** Nobody needs to be signed in. The doors test lists every such route. */
    open?: true
    /** Answers the contact of a private link, too. Every other route is not there for one. */
    customers?: true
    /** Answers also while the password must first be changed. */
    beforePasswordChange?: true
    /** Takes another body than JSON (files). */
    anyBody?: true
  }
}

/** One area of the API. `request.ctx` is set unless the route is open. */
export type Routes = (server: FastifyInstance, app: App) => void

/** Finds out who asks: a session cookie, an API key, a private link. Null: a stranger. Never throws on bad input. */
export type Authenticate = (app: App, request: FastifyRequest) => Promise<Ctx | null>

export type HttpOptions = {
  authenticate: Authenticate
  routes: readonly Routes[]
  /** Origins that may send changes besides the one of the request itself. */
  publicUrl?: string
  /** Hears of every request before anything else, and of its answer: traces and metrics. */
  watch?: (server: FastifyInstance) => void
  /** Absent in tests. */
  logger?: FastifyBaseLogger
  trustProxy?: boolean
}

const bodyMost = 1_048_576
const headersMs = 20_000
const requestMs = 60_000

/** The context of a signed-in request; a route that is not open always has one. */
export function ctxOf(request: FastifyRequest): Ctx {
  if (!request.ctx) throw new Error(`${request.method} ${request.url} is reached by a stranger`)
  return request.ctx
}

/** Builds the HTTP server: every route of the API, one error shape, safe headers. */
export async function buildServer(app: App, options: HttpOptions): Promise<FastifyInstance> {
  const server = fastify({
    ...(options.logger ? { loggerInstance: options.logger } : { logger: false }),
    trustProxy: options.trustProxy ?? false, bodyLimit: bodyMost,
    requestTimeout: requestMs, connectionTimeout: 0, genReqId: () => uuidv7(), return503OnClosing: true,
    http: { headersTimeout: headersMs }, ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
    routerOptions: { maxParamLength: 200 },
    // An address that cannot be read never reaches a route; it is told like everything else.
    frameworkErrors: (_error, request, reply) => {
      request.ctx = null
      void sendRefusal(request as FastifyRequest, reply as FastifyReply, { code: 'bad_request' })
    },
  })
  server.decorateRequest('ctx', null)
  keepRouteTable(server)
  await server.register(cookie)
  await server.register(helmet, { contentSecurityPolicy: { useDefaults: false, directives: contentPolicy },
    strictTransportSecurity: false, crossOriginEmbedderPolicy: false, originAgentCluster: false,
    crossOriginOpenerPolicy: false })
  takeOnlyJson(server)
  options.watch?.(server)
  server.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith('/api/')) return
    void reply.header('cache-control', 'no-store')
    if (!sameOrigin(request, options.publicUrl)) return sendRefusal(request, reply, { code: 'wrong_origin' })
    if (request.is404) return undefined
    request.ctx = await options.authenticate(app, request)
    if (!request.ctx && !request.routeOptions.config.open) {
      return sendRefusal(request, reply, { code: 'not_signed_in' })
    }
    const { open, customers, beforePasswordChange } = request.routeOptions.config
    if (request.ctx?.actor.link && !open && !customers) return sendRefusal(request, reply, { code: 'not_found' })
    if (request.ctx?.must_change_password && !open && !beforePasswordChange) {
      return sendRefusal(request, reply, { code: 'must_change_password' })
    }
    return undefined
  })
  server.setNotFoundHandler((request, reply) => sendRefusal(request, reply, { code: 'not_found' }))
  server.setErrorHandler((error, request, reply) => answerError(app, error as Error, request, reply))
  for (const routes of options.routes) await server.register(async (scope) => routes(scope, app))
  return server
}

const contentPolicy = {
  'default-src': ["'self'"], 'img-src': ["'self'", 'data:', 'blob:'], 'style-src': ["'self'", "'unsafe-inline'"],
  'object-src': ["'none'"], 'base-uri': ["'none'"], 'form-action': ["'self'"], 'frame-ancestors': ["'none'"],
  'connect-src': ["'self'"], 'worker-src': ["'self'"],
}

/** An empty body is an empty form; anything but JSON is refused by name, before it is read. */
function takeOnlyJson(server: FastifyInstance): void {
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    if (body === '') return done(null, {})
    try {
      done(null, JSON.parse(body as string, withoutPrototype))
    } catch {
      done(Object.assign(new Error('not JSON'), { statusCode: 400 }), undefined)
    }
  })
}

/** A key __proto__ in a body would change the object it is copied to. */
function withoutPrototype(this: unknown, key: string, value: unknown): unknown {
  if (key === '__proto__') throw new SyntaxError('__proto__')
  return value
}

/** A change must come from a page of ours: browsers send Origin, other programs send none. */
function sameOrigin(request: FastifyRequest, publicUrl: string | undefined): boolean {
  const origin = request.headers.origin
  if (origin === undefined || request.method === 'GET' || request.method === 'HEAD') return true
  const own = [`http://${request.headers.host}`, `https://${request.headers.host}`]
  return own.includes(origin) || (publicUrl !== undefined && new URL(publicUrl).origin === origin)
}

function answerError(app: App, error: Error & { statusCode?: number; code?: string }, request: FastifyRequest,
  reply: FastifyReply): FastifyReply {
  const status = error.statusCode ?? 500
  if (status === 413) return sendRefusal(request, reply, { code: 'too_large', params: { max: '1 MB' } })
  if (status === 415) return sendRefusal(request, reply, { code: 'wrong_content_type' })
  if (status === 429) return sendRefusal(request, reply, { code: 'too_many' })
  if (status >= 400 && status < 500) return sendRefusal(request, reply, { code: 'bad_request' })
  if (isConnectionLost(error)) {
    app.log.warn({ request_id: request.id, error: error.message }, 'the database is away')
    return sendRefusal(request, reply, { code: 'unavailable' })
  }
  if (error instanceof StoreAway) {
    app.log.error({ request_id: request.id, error: error.message }, 'the file store is away')
    return sendRefusal(request, reply.removeHeader('etag'), { code: 'files_away' })
  }
  if (isDiskFull(error)) {
    app.log.error({ request_id: request.id, error: error.message }, 'the disk is full')
    return sendRefusal(request, reply, { code: 'no_space' })
  }
  app.log.error({ request_id: request.id, url: request.url.split('?')[0], error: error.message, stack: error.stack },
    'fault')
  const words = request.ctx?.words ?? wordsOf(languageOf(request))
  const view: ErrorView = { error: { code: 'fault', message: words.say('fault', { id: request.id }),
    request_id: request.id } }
  return reply.status(500).send(view)
}
