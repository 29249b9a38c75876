import type { FastifyReply, FastifyRequest } from 'fastify'
import { fail } from '../../engine/fields.ts'
import { type Refusal, refuse } from '../../engine/refusal.ts'
import type { App, Ctx } from '../context.ts'
import { sql } from '../db.ts'
import { attemptAt, attemptFrom, countAttempts, forget, takeBack } from './attempts.ts'
import { hashPassword, loginOf, passwordFits, passwordProblem } from './passwords.ts'
import { closeSession, openSession, readSession, sessionCookie, sessionOf } from './sessions.ts'
import { totpStepOf } from './totp.ts'

type Account = { account_id: string; login: string; password_hash: string; totp_secret: string | null
  totp_offered: string | null }
export type Membership = { company_id: number; slug: string; name: string; is_last: boolean }

type No = { ok: false; refusal: Refusal }
type SignedIn = { ok: true; ctx: Ctx } | No

/** What somebody types to come in. `company`: its slug; absent means the one used last. */
export type SignIn = { login: string; password: string; code?: string; company?: string }

export async function accountById(app: App, id: string): Promise<Account> {
  const [row] = await app.db.door<Account>(sql`select * from account_by_id(${id})`.named('account_by_id'))
  if (!row) throw new Error('a session has no account')
  return row
}

export const companiesOf = (app: App, account: string): Promise<Membership[]> =>
  app.db.door<Membership>(sql`select * from companies_of(${account})`.named('companies_of'))

/**
 * Signs in: counts the attempt first, checks password, then second factor, then the company. What is wrong with the
 * first two is never told apart from an unknown login.
 */
export async function signIn(app: App, request: FastifyRequest, reply: FastifyReply, typed: SignIn): Promise<SignedIn> {
  const now = app.clock()
  const login = loginOf(typed.login)
  const attempts = [attemptFrom(request.ip), attemptAt(login)] as const
  const locked = await countAttempts(app, now, ...attempts)
  if (locked) return { ok: false, refusal: locked }
  const [account] = await app.db.door<Account>(sql`select * from account_by_login(${login})`.named('account_by_login'))
  const right = await passwordFits(typed.password, account?.password_hash ?? null)
  const companies = right ? await companiesOf(app, account!.account_id) : []
  // Somebody who has left every company is told what a stranger is told.
  if (companies.length === 0) return refuse('wrong_password')
  const code = await checkCode(app, account!, typed.code, now)
  if (code !== 'right') {
    if (code === 'missing') await takeBack(app, ...attempts)
    return refuse('second_factor', code === 'wrong' ? { fields: [fail('code', 'wrong_code')] } : {})
  }
  await Promise.all([takeBack(app, attempts[0]), forget(app, attempts[1])])
  const company = typed.company === undefined ? companies.find(({ is_last }) => is_last) ?? companies[0]!
    : companies.find(({ slug }) => slug === typed.company)
  if (!company) return refuse('bad_input', { fields: [fail('company', 'not_an_option')] })
  await closeCarried(app, request, now)
  const ctx = await openSession(app, request, reply, account!.account_id, company.company_id, now)
  return ctx ? { ok: true, ctx } : refuse('wrong_password')
}

/** A code is taken once: the database remembers the newest step that was used. */
async function checkCode(app: App, account: Account, code: string | undefined, now: number):
  Promise<'right' | 'missing' | 'wrong'> {
  if (account.totp_secret === null) return 'right'
  if (code === undefined) return 'missing'
  const step = totpStepOf(account.totp_secret, code, now)
  if (step === null) return 'wrong'
  const [row] = await app.db.door<{ fresh: boolean }>(sql`
    select use_second_factor(${account.account_id}, ${step}) as fresh`.named('use_second_factor'))
  return row?.fresh ? 'right' : 'wrong'
}

/** Whoever signs in again on the same browser leaves no session behind. */
async function closeCarried(app: App, request: FastifyRequest, now: number): Promise<void> {
  const carried = request.cookies[sessionCookie]
  const session = carried === undefined ? null : await readSession(app, carried, now)
  if (session) await closeSession(app, session.hash)
}

/**
 * Asks somebody who is signed in for the password again, before anything that an unattended screen must not do. Wrong
 * ones count like those at the door.
 *
 * @returns the account, or a refusal that names the field
 */
export async function askAgain(app: App, request: FastifyRequest, ctx: Ctx, field: string, password: string):
  Promise<{ ok: true; account: Account } | No> {
  const session = sessionOf(ctx)!
  const attempts = [attemptFrom(request.ip), attemptAt(session.login)] as const
  const locked = await countAttempts(app, ctx.now, ...attempts)
  if (locked) return { ok: false, refusal: locked }
  const account = await accountById(app, session.account_id)
  if (!await passwordFits(password, account.password_hash)) {
    return refuse('bad_input', { fields: [fail(field, 'wrong_password')] })
  }
  await Promise.all([takeBack(app, attempts[0]), forget(app, attempts[1])])
  return { ok: true, account }
}

/** A new password of one's own: every session ends, this browser gets a new one. */
export async function changePassword(app: App, request: FastifyRequest, reply: FastifyReply, ctx: Ctx,
  typed: { current: string; next: string }): Promise<SignedIn> {
  const session = sessionOf(ctx)!
  const asked = await askAgain(app, request, ctx, 'current', typed.current)
  if (!asked.ok) return asked
  const problem = passwordProblem('next', typed.next, session.login)
    ?? (await passwordFits(typed.next, asked.account.password_hash) ? fail('next', 'same_password') : null)
  if (problem) return refuse('bad_input', { fields: [problem] })
  await setPassword(app, session.account_id, typed.next, ctx.now)
  const fresh = await openSession(app, request, reply, session.account_id, session.company_id, ctx.now)
  return fresh ? { ok: true, ctx: fresh } : refuse('not_signed_in')
}

async function setPassword(app: App, account: string, password: string, now: number): Promise<void> {
  const hash = await hashPassword(password)
  await app.db.door(sql`select set_password(${account}, ${hash}, false, ${new Date(now)})`.named('set_password'))
}

/** Another company of the same account: a new token, the old one ends; the day on which it all ends stays. */
export async function switchCompany(app: App, request: FastifyRequest, reply: FastifyReply, ctx: Ctx, slug: string):
  Promise<SignedIn> {
  const session = sessionOf(ctx)!
  const company = (await companiesOf(app, session.account_id)).find((one) => one.slug === slug)
  const fresh = company && await openSession(app, request, reply, session.account_id, company.company_id, ctx.now,
    Date.parse(session.expires_at))
  if (!fresh) return refuse('not_found')
  await closeSession(app, session.hash)
  return { ok: true, ctx: fresh }
}
