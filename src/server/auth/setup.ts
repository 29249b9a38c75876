import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Refusal, refuse } from '../../engine/refusal.ts'
import type { App, Ctx } from '../context.ts'
import { sql } from '../db.ts'
import { attemptFrom, countAttempts, isLocked } from './attempts.ts'
import { hashPassword, passwordProblem } from './passwords.ts'
import { openSession } from './sessions.ts'
import { companiesOf } from './sign-in.ts'
import { looksLikeToken, sha256 } from './tokens.ts'

/** Takes a one-time set-up link: the first administrator gives the account its password and is signed in. */
export async function setUp(app: App, request: FastifyRequest, reply: FastifyReply,
  typed: { token: string; password: string }): Promise<{ ok: true; ctx: Ctx } | { ok: false; refusal: Refusal }> {
  const now = app.clock()
  const guesses = attemptFrom(request.ip, 'link')
  const locked = await isLocked(app, now, guesses)
  if (locked) return { ok: false, refusal: locked }
  const hash = looksLikeToken(typed.token) ? sha256(typed.token) : null
  const [account] = hash === null ? [] : await app.db.door<{ account_id: string; login: string }>(sql`
    select * from setup_of(${hash}, ${new Date(now)})`.named('setup_of'))
  if (!account) return { ok: false, refusal: await countAttempts(app, now, guesses) ?? { code: 'gone' } }
  const problem = passwordProblem('password', typed.password, account.login)
  if (problem) return refuse('bad_input', { fields: [problem] })
  const kept = await hashPassword(typed.password)
  const [used] = await app.db.door<{ account: string | null }>(sql`
    select use_setup_link(${hash}, ${kept}, ${new Date(now)}) as account`.named('use_setup_link'))
  const [company] = used?.account ? await companiesOf(app, used.account) : []
  const ctx = company && await openSession(app, request, reply, used!.account!, company.company_id, now)
  return ctx ? { ok: true, ctx } : refuse('gone')
}
