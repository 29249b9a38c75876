import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isUuid } from '../../engine/fields.ts'
import { sendRefusal } from '../answer.ts'
import type { App, Ctx } from '../context.ts'
import { type Reader, sql } from '../db.ts'
import { type Routes, ctxOf } from '../http.ts'
import { type Listener, liveOf } from '../live.ts'
import { type NoticeParams, noticeText } from '../notice-text.ts'
import { effectiveSettings, readCompanyNow } from '../settings.ts'
import type { LiveView, NoticeView } from '../views.ts'

/** The event stream of a browser, and the notices of a member. */
export const live: Routes = (server, app) => {
  // A stream has no end of its own: the server would wait for it in vain. Browsers come back to whoever is there.
  server.addHook('preClose', (done) => {
    liveOf(app)?.endStreams()
    done()
  })
  server.get('/api/live', (request, reply) => openStream(server, app, request, reply))
  // Asked by the stream itself: does the session that opened it still hold?
  server.get('/api/live/still', async (_request, reply) => reply.status(204).send())
  server.get('/api/notices', async (request, reply) => {
    const { cursor } = request.query as { cursor?: unknown }
    const after = cursor === undefined ? null : cursorFrom(cursor)
    if (after === undefined) return sendRefusal(request, reply, { code: 'bad_request' })
    return noticesOf(ctxOf(request), after)
  })
  server.post('/api/notices/read', async (request, reply) => {
    const body = (request.body ?? {}) as { ids?: unknown; all?: unknown }
    const ids = Array.isArray(body.ids) && body.ids.length <= readMost && body.ids.every(isUuid) ? body.ids : null
    if (!ids && body.all !== true) return sendRefusal(request, reply, { code: 'bad_request' })
    return { unread: await markRead(ctxOf(request), body.all === true ? null : ids) }
  })
}

const aliveMs = 20_000
/** Every third sign of life the session is asked about. */
const askEvery = 3
const bufferMost = 262_144
const againMs = 3_000

function openStream(server: FastifyInstance, app: App, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const ctx = ctxOf(request)
  const hub = liveOf(app)
  if (!hub) return sendRefusal(request, reply, { code: 'unavailable' })
  const { raw } = reply
  let beats = 0
  let leave: (() => void) | null = null
  const end = () => {
    clearInterval(beat)
    leave?.()
    raw.end()
  }
  const write = (text: string): boolean => {
    if (raw.writableLength > bufferMost) {
      raw.destroy()
      return false
    }
    raw.write(text)
    return true
  }
  const listener: Listener = { ctx, end,
    tell: (views: readonly LiveView[]) => write(views.map((view) => `data: ${JSON.stringify(view)}\n\n`).join('')) }
  leave = hub.join(app, listener)
  if (!leave) return sendRefusal(request, reply, { code: 'too_many' })
  reply.hijack()
  const headers = Object.fromEntries(Object.entries(reply.getHeaders()).filter(([, value]) => value !== undefined))
  // Its connection is of no use afterwards: kept, it would hold up a node that ends.
  raw.writeHead(200, { ...headers, 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store',
    connection: 'close', 'x-accel-buffering': 'no' } as Record<string, string>)
  write(`retry: ${againMs}\n\n`)
  const beat = setInterval(() => {
    if (!write(': alive\n\n')) return end()
    beats += 1
    if (beats % askEvery === 0) void stillThere(server, request).then((there) => { if (!there) end() }, end)
  }, aliveMs)
  raw.on('close', end)
  return reply
}

/** The same credentials, asked again by the way that every request takes. An outage is no sign-out. */
export async function stillThere(server: FastifyInstance, request: FastifyRequest): Promise<boolean> {
  const { cookie, authorization, host } = request.headers
  const answer = await server.inject({ method: 'GET', url: '/api/live/still', remoteAddress: request.ip,
    headers: { ...(cookie && { cookie }), ...(authorization && { authorization }), ...(host && { host }) } })
  return answer.statusCode === 204 || answer.statusCode >= 500 || answer.statusCode === 429
}

const pageMost = 50
const readMost = 200

type NoticeRow = { id: string; template: string; params: NoticeParams; created_at: string; read_at: string | null
  record_id: string | null; process: string | null; at: string }
type Cursor = { at: string; id: string }

/** What was told to this member, newest first. */
async function noticesOf(ctx: Ctx, after: Cursor | null): Promise<{ notices: readonly NoticeView[]
  cursor: string | null; unread: number }> {
  return ctx.app.db.read(ctx.company.id, async (reader) => {
    const [rows, unread, company] = await Promise.all([
      reader.query<NoticeRow>(sql`
        select n.id, n.template, n.params, n.created_at, n.read_at, n.record_id, r.process, n.created_at::text as at
        from notice n left join record r on r.company_id = n.company_id and r.id = n.record_id
        where n.member_id = ${ctx.actor.id}::uuid
          and (n.created_at, n.id) < (${after?.at ?? 'infinity'}::timestamptz, ${after?.id ?? lastId}::uuid)
        order by n.created_at desc, n.id desc limit ${pageMost + 1}`.named('notices_of')),
      unreadOf(reader, ctx), readCompanyNow(reader)])
    const settings = await effectiveSettings(ctx.app, reader, ctx.company.id, company.profile, company.revision)
    const page = rows.slice(0, pageMost)
    const last = rows.length > pageMost ? page.at(-1)! : null
    const notices = page.map((row): NoticeView => ({ id: row.id, created_at: row.created_at, read_at: row.read_at,
      text: noticeText(ctx.words, ctx.company.time_zone, settings.definitions[row.params.process], row.template,
        row.params),
      record: row.record_id && row.process ? { id: row.record_id, process: row.process } : null }))
    return { notices, unread, cursor: last && Buffer.from(`${last.at}|${last.id}`).toString('base64url') }
  })
}

const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

function cursorFrom(text: unknown): Cursor | undefined {
  if (typeof text !== 'string') return undefined
  const [at = '', id] = Buffer.from(text, 'base64url').toString().split('|')
  return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?[+-]\d\d(:\d\d)?$/.test(at) && isUuid(id) ? { at, id } : undefined
}

const unreadMost = 1_000

async function unreadOf(reader: Reader, ctx: Ctx): Promise<number> {
  const [row] = await reader.query<{ unread: number }>(sql`
    select count(*)::int as unread from (select from notice where member_id = ${ctx.actor.id}::uuid
      and read_at is null limit ${unreadMost}) n`.named('unread_notices'))
  return row?.unread ?? 0
}

/** Marks notices as read: those named, or all. @returns how many are left */
async function markRead(ctx: Ctx, ids: readonly string[] | null): Promise<number> {
  const unread = await ctx.app.db.transaction(ctx.company.id, async (tx) => {
    void tx.query(sql`
      update notice set read_at = ${new Date(ctx.now)}::timestamptz where member_id = ${ctx.actor.id}::uuid
        and read_at is null and (${ids === null} or id = any(${ids ?? []}::uuid[]))`.named('read_notices'))
    const left = unreadOf(tx, ctx)
    await tx.commit()
    return left
  })
  if (ctx.actor.id !== null) liveOf(ctx.app)?.noticed(ctx.company.id, [ctx.actor.id])
  return unread
}
