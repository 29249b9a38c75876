import type { FastifyRequest } from 'fastify'
import { fail } from '../../engine/fields.ts'
import { type Refusal, refuse } from '../../engine/refusal.ts'
import type { App, Ctx } from '../context.ts'
import { sql } from '../db.ts'
import { attemptAt, countAttempts, forget } from './attempts.ts'
import { sessionOf } from './sessions.ts'
import { accountById, askAgain } from './sign-in.ts'
import { newTotpSecret, totpStepOf, totpUri } from './totp.ts'

type No = { ok: false; refusal: Refusal }

export async function hasSecondFactor(app: App, ctx: Ctx): Promise<boolean> {
  return (await accountById(app, sessionOf(ctx)!.account_id)).totp_secret !== null
}

/** Offers a secret to put into an app; nothing changes at sign-in until a code of it has come back. */
export async function offerSecondFactor(app: App, request: FastifyRequest, ctx: Ctx, password: string):
  Promise<{ ok: true; secret: string; uri: string } | No> {
  const asked = await askAgain(app, request, ctx, 'password', password)
  if (!asked.ok) return asked
  const { account } = asked
  if (account.totp_secret !== null) return refuse('taken')
  const secret = newTotpSecret()
  await app.db.door(sql`
    select offer_second_factor(${account.account_id}, ${secret})`.named('offer_second_factor'))
  return { ok: true, secret, uri: totpUri(secret, account.login, `工单 ${ctx.company.name}`) }
}

/** The first code of the app: from now on sign-in asks for one. That code itself is used up. */
export async function confirmSecondFactor(app: App, ctx: Ctx, code: string): Promise<{ ok: true } | No> {
  const session = sessionOf(ctx)!
  const attempt = attemptAt(session.login)
  const locked = await countAttempts(app, ctx.now, attempt)
  if (locked) return { ok: false, refusal: locked }
  const account = await accountById(app, session.account_id)
  const step = account.totp_offered === null ? null : totpStepOf(account.totp_offered, code, ctx.now)
  const [row] = step === null ? [] : await app.db.door<{ done: boolean }>(sql`
    select confirm_second_factor(${account.account_id}, ${step}) as done`.named('confirm_second_factor'))
  if (!row?.done) return refuse('bad_input', { fields: [fail('code', 'wrong_code')] })
  await forget(app, attempt)
  return { ok: true }
}

/** Takes the second factor off, with the password. */
export async function removeSecondFactor(app: App, request: FastifyRequest, ctx: Ctx, password: string):
  Promise<{ ok: true } | No> {
  const asked = await askAgain(app, request, ctx, 'password', password)
  if (!asked.ok) return asked
  await app.db.door(sql`select remove_second_factor(${asked.account.account_id})`.named('remove_second_factor'))
  return { ok: true }
}
