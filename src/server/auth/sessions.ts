import type { FastifyReply, FastifyRequest } from 'fastify'
import { uuidv7 } from 'uuidv7'
import type { Doer } from '../../engine/roles.ts'
import { type Language, wordsOf } from '../../words/index.ts'
import type { App, Ctx } from '../context.ts'
import { sql } from '../db.ts'
import { looksLikeToken, newToken, sha256 } from './tokens.ts'

export const sessionCookie = 'gongdan_session'

/** A session ends after so long without a request, and so long after signing in whatever happens. */
const idle = '12 hours'
export const longestMs = 30 * 86_400_000
const perAccountMost = 50
const agentMost = 200

/** Who holds a token: one account, signed in to one company. */
export type Session = {
  hash: Buffer; session_id: string; account_id: string; login: string; must_change_password: boolean
  expires_at: string; member_id: string; member_name: string; language: Language; positions: readonly string[]
  roles: readonly Doer[]; company_id: number; slug: string; company_name: string; time_zone: string
}

const sessions = new WeakMap<Ctx, Session>()

/** The session behind a context; null for API keys and private links. */
export const sessionOf = (ctx: Ctx): Session | null => sessions.get(ctx) ?? null

/** Reads a session by its token: one prepared statement, nothing else. Null: unknown, ended, or the member has left. */
export async function readSession(app: App, token: string, now: number): Promise<Session | null> {
  if (!looksLikeToken(token)) return null
  const hash = sha256(token)
  const [row] = await app.db.door<Omit<Session, 'hash'>>(sql`
    select * from session_of(${hash}, ${new Date(now)}, ${idle})`.named('session_of'))
  return row ? { ...row, hash } : null
}

/** The context of a signed-in member. */
export function contextOf(app: App, session: Session, now: number): Ctx {
  const ctx: Ctx = {
    app, now, via: 'web', words: wordsOf(session.language),
    company: { id: session.company_id, slug: session.slug, name: session.company_name, time_zone: session.time_zone },
    actor: { kind: 'member', id: session.member_id, name: session.member_name, roles: session.roles },
    ...(session.must_change_password && { must_change_password: true as const }),
  }
  sessions.set(ctx, session)
  return ctx
}

/**
 * Opens a session and gives its token to the browser. Always a new token: one that was known before signing in is
 * worth nothing after it.
 *
 * @param ends ms since epoch; default 30 days from now. Switching the company keeps the end.
 * @returns the context, or null when the account is no active member of that company
 */
export async function openSession(app: App, request: FastifyRequest, reply: FastifyReply, account: string,
  company: number, now: number, ends = now + longestMs): Promise<Ctx | null> {
  const token = newToken(256)
  const agent = String(request.headers['user-agent'] ?? '').slice(0, agentMost)
  const [row] = await app.db.door<{ opened: boolean }>(sql`
    select open_session(${token.hash}, ${uuidv7()}, ${account}, ${company}, ${new Date(now)}, ${new Date(ends)},
      ${request.ip}, ${agent}, ${perAccountMost}) as opened`.named('open_session'))
  const session = row?.opened ? await readSession(app, token.secret, now) : null
  if (!session) return null
  void reply.setCookie(sessionCookie, token.secret,
    { ...cookieRules(app, request), maxAge: Math.floor((ends - now) / 1000) })
  return contextOf(app, session, now)
}

/** Not for scripts, not for other sites, and over https alone wherever https is used. */
export const cookieRules = (app: App, request: FastifyRequest) => ({ httpOnly: true, sameSite: 'lax', path: '/',
  secure: request.protocol === 'https' || (app.publicUrl?.startsWith('https:') ?? false) }) as const

export function dropCookie(app: App, request: FastifyRequest, reply: FastifyReply, name = sessionCookie): void {
  void reply.setCookie(name, '', { ...cookieRules(app, request), maxAge: 0 })
}

export async function closeSession(app: App, hash: Buffer): Promise<void> {
  await app.db.door(sql`select close_session(${hash})`.named('close_session'))
}

export async function closeSessions(app: App, account: string): Promise<void> {
  await app.db.door(sql`select close_sessions(${account})`.named('close_sessions'))
}

export type OpenSession = { session_id: string; company_name: string; created_at: string; last_seen_at: string
  address: string; user_agent: string }

/** Where an account is signed in, newest first. */
export const readSessions = (app: App, account: string, now: number): Promise<OpenSession[]> =>
  app.db.door<OpenSession>(sql`select * from sessions_of(${account}, ${new Date(now)}, ${idle})`.named('sessions_of'))

/** @returns false when the account has no such session */
export async function closeSessionById(app: App, account: string, id: string): Promise<boolean> {
  const [row] = await app.db.door<{ closed: boolean }>(sql`
    select close_session_by_id(${account}, ${id}) as closed`.named('close_session_by_id'))
  return row?.closed ?? false
}
