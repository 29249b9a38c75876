import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { uuidv7 } from 'uuidv7'
import { type Field, cleanForm, isUuid } from '../../engine/fields.ts'
import type { Refusal } from '../../engine/refusal.ts'
import { sendRefusal } from '../answer.ts'
import { readMe } from '../auth/me.ts'
import { confirmSecondFactor, hasSecondFactor, offerSecondFactor, removeSecondFactor } from '../auth/second-factor.ts'
import { closeSession, closeSessionById, closeSessions, dropCookie, readSessions, sessionOf } from '../auth/sessions.ts'
import { setUp } from '../auth/setup.ts'
import { changePassword, signIn, switchCompany } from '../auth/sign-in.ts'
import type { App, Ctx } from '../context.ts'
import { sql } from '../db.ts'
import { type Routes, ctxOf } from '../http.ts'
import type { SessionView } from '../views.ts'

type Form = Readonly<Record<string, Field>>

const login: Field = { kind: 'text', zh: '登录名', required: true }
const password: Field = { kind: 'secret', zh: '密码', required: true }
const code: Field = { kind: 'text', zh: '动态验证码', max: 20 }
const company: Field = { kind: 'text', zh: '公司', max: 60 }
const token: Field = { kind: 'text', zh: '链接', required: true }

/** A body against its form: the parsed fields, or null with the refusal sent. */
export function formOrRefusal<T>(request: FastifyRequest, reply: FastifyReply, form: Form): T | null {
  const cleaned = cleanForm(form, request.body ?? {}, () => false)
  if (cleaned.ok) return cleaned.input as T
  void sendRefusal(request, reply, { code: 'bad_input', fields: cleaned.problems })
  return null
}

/** The context of somebody who signed in; an API key has no account of its own: null, refused. */
export function memberOrRefusal(request: FastifyRequest, reply: FastifyReply): Ctx | null {
  const ctx = ctxOf(request)
  if (sessionOf(ctx)) return ctx
  void sendRefusal(request, reply, { code: 'wrong_role', params: { action: ctx.words.say('label.own_account') } })
  return null
}

const early = { config: { beforePasswordChange: true as const } }
const open = { config: { open: true as const } }

/** Signing in and out, and what people do with their own account. */
export const accountRoutes: Routes = (server, app) => {
  signingIn(server, app)
  ownAccount(server, app)
  sessionRoutes(server, app)
  secondFactor(server, app)
}

type Answer = { ok: true; ctx: Ctx } | { ok: false; refusal: Refusal }

/** Who has come in is told who they are; a lock-out says in its header how long it lasts. */
async function welcome(request: FastifyRequest, reply: FastifyReply, answer: Answer) {
  if (answer.ok) {
    request.ctx = answer.ctx
    return readMe(answer.ctx)
  }
  return refused(request, reply, answer.refusal)
}

function refused(request: FastifyRequest, reply: FastifyReply, refusal: Refusal): FastifyReply {
  if (refusal.code === 'locked_out') void reply.header('retry-after', Number(refusal.params?.minutes) * 60)
  return sendRefusal(request, reply, refusal)
}

function signingIn(server: FastifyInstance, app: App): void {
  server.post('/api/sign-in', open, async (request, reply) => {
    const typed = formOrRefusal<{ login: string; password: string; code?: string; company?: string }>(request, reply,
      { login, password, code, company })
    return typed ? welcome(request, reply, await signIn(app, request, reply, typed)) : reply
  })

  server.post('/api/setup', open, async (request, reply) => {
    const typed = formOrRefusal<{ token: string; password: string }>(request, reply, { token, password })
    return typed ? welcome(request, reply, await setUp(app, request, reply, typed)) : reply
  })

  server.post('/api/sign-out', open, async (request, reply) => {
    const session = request.ctx && sessionOf(request.ctx)
    if (session) await closeSession(app, session.hash)
    dropCookie(app, request, reply)
    return reply.status(204).send()
  })

  server.post('/api/sign-out-everywhere', early, async (request, reply) => {
    const ctx = memberOrRefusal(request, reply)
    if (!ctx) return reply
    await closeSessions(app, sessionOf(ctx)!.account_id)
    dropCookie(app, request, reply)
    return reply.status(204).send()
  })
}

function ownAccount(server: FastifyInstance, app: App): void {
  server.get('/api/me', early, (request) => readMe(ctxOf(request)))

  server.post('/api/password', early, async (request, reply) => {
    const ctx = memberOrRefusal(request, reply)
    const typed = ctx && formOrRefusal<{ current: string; next: string }>(request, reply,
      { current: password, next: password })
    if (!ctx || !typed) return reply
    const answer = await changePassword(app, request, reply, ctx, typed)
    if (answer.ok) await tell(answer.ctx, 'password_changed')
    return welcome(request, reply, answer)
  })

  server.post('/api/company', async (request, reply) => {
    const ctx = memberOrRefusal(request, reply)
    const typed = ctx && formOrRefusal<{ slug: string }>(request, reply, { slug: { ...company, required: true } })
    return ctx && typed ? welcome(request, reply, await switchCompany(app, request, reply, ctx, typed.slug)) : reply
  })

  server.patch('/api/me', async (request, reply) => {
    const ctx = memberOrRefusal(request, reply)
    const typed = ctx && formOrRefusal<{ language: string }>(request, reply,
      { language: { kind: 'choice', zh: '语言', required: true, options: { zh: '中文', en: 'English' } } })
    if (!ctx || !typed) return reply
    await app.db.transaction(ctx.company.id, async (tx) => {
      await tx.query(sql`
        update member set language = ${typed.language} where id = ${ctx.actor.id}`.named('my_language'))
      await tx.commit()
    })
    return reply.status(204).send()
  })
}

function sessionRoutes(server: FastifyInstance, app: App): void {
  server.get('/api/sessions', async (request, reply) => {
    const ctx = memberOrRefusal(request, reply)
    if (!ctx) return reply
    const mine = sessionOf(ctx)!
    const rows = await readSessions(app, mine.account_id, ctx.now)
    return { sessions: rows.map(({ session_id, company_name, ...row }): SessionView =>
      ({ id: session_id, company: company_name, ...row, current: session_id === mine.session_id })) }
  })

  server.delete<{ Params: { id: string } }>('/api/sessions/:id', async (request, reply) => {
    const ctx = memberOrRefusal(request, reply)
    if (!ctx) return reply
    const { id } = request.params
    const closed = isUuid(id) && await closeSessionById(app, sessionOf(ctx)!.account_id, id)
    return closed ? reply.status(204).send() : sendRefusal(request, reply, { code: 'not_found' })
  })
}

function secondFactor(server: FastifyInstance, app: App): void {
  server.get('/api/second-factor', async (request, reply) => {
    const ctx = memberOrRefusal(request, reply)
    return ctx ? { on: await hasSecondFactor(app, ctx) } : reply
  })

  server.post('/api/second-factor', async (request, reply) => {
    const ctx = memberOrRefusal(request, reply)
    const typed = ctx && formOrRefusal<{ password: string }>(request, reply, { password })
    if (!ctx || !typed) return reply
    const offered = await offerSecondFactor(app, request, ctx, typed.password)
    return offered.ok ? { secret: offered.secret, uri: offered.uri } : refused(request, reply, offered.refusal)
  })

  server.post('/api/second-factor/confirm', async (request, reply) => {
    const ctx = memberOrRefusal(request, reply)
    const typed = ctx && formOrRefusal<{ code: string }>(request, reply, { code: { ...code, required: true } })
    if (!ctx || !typed) return reply
    const confirmed = await confirmSecondFactor(app, ctx, typed.code)
    if (!confirmed.ok) return refused(request, reply, confirmed.refusal)
    await tell(ctx, 'second_factor_on')
    return { on: true }
  })

  server.delete('/api/second-factor', async (request, reply) => {
    const ctx = memberOrRefusal(request, reply)
    const typed = ctx && formOrRefusal<{ password: string }>(request, reply, { password })
    if (!ctx || !typed) return reply
    const removed = await removeSecondFactor(app, request, ctx, typed.password)
    if (!removed.ok) return refused(request, reply, removed.refusal)
    await tell(ctx, 'second_factor_off')
    return { on: false }
  })
}

/** A change of how one signs in is told to the owner, who may not be the one who did it. */
async function tell(ctx: Ctx, template: 'password_changed' | 'second_factor_on' | 'second_factor_off'): Promise<void> {
  const id = uuidv7()
  await ctx.app.db.transaction(ctx.company.id, async (tx) => {
    await tx.query(sql`
      insert into notice (company_id, id, member_id, template, created_at, effect_key)
      values (current_company(), ${id}, ${ctx.actor.id}::uuid, ${template}, ${new Date(ctx.now)}, ${`account:${id}`})`
      .named('account_notice'))
    await tx.commit()
  })
}
