import type { FastifyReply, FastifyRequest } from 'fastify'
import { uuidv7 } from 'uuidv7'
import { type Refusal, refuse } from '../../engine/refusal.ts'
import { wordsOf } from '../../words/index.ts'
import { languageOf } from '../answer.ts'
import type { App, Company, Ctx } from '../context.ts'
import { type Tx, sql } from '../db.ts'
import { attemptFrom, countAttempts, isLocked } from './attempts.ts'
import { cookieRules } from './sessions.ts'
import { looksLikeToken, newToken, sha256 } from './tokens.ts'

export const linkCookie = 'gongdan_link'

/** A link still opens so long after its record was closed. Source: decisions on the private link. */
const afterClose = '30 days'
const daysMost = 400
/** How long a link to a quotation opens. */
export const linkDays = 30

/** What may be done through a link, by the process of its record. Others are not given to customers. */
export const linkActions: Readonly<Record<string, readonly string[]>> = {
  quotation: ['accept', 'accept_part', 'refuse', 'ask', 'confirm_receipt'],
}
const dayMs = 86_400_000
const cookieSeconds = 86_400

type LinkRow = { link_id: string; record_id: string; process: string; contact_id: string | null; contact_name: string
  actions: readonly string[]; expires_at: string; ended: boolean; company_id: number; slug: string
  company_name: string; time_zone: string }

export type NewLink = {
  record: string
  /** Who is let in: the id of a contact where there is one, and the name that events and pages show. */
  contact: { id: string | null; name: string }
  /** What may be done through it; everything else is wrong_role, whatever the process allows customers. */
  actions: readonly string[]
  /** 1 to 400 */
  days: number
}

/**
 * Makes a private link inside the transaction of whoever sends it.
 *
 * @returns its id and the secret, which is shown once: the path for the customer is `/l/<secret>`
 */
export async function makeLink(ctx: Ctx, tx: Tx, wanted: NewLink): Promise<{ id: string; secret: string }> {
  if (!(wanted.days >= 1 && wanted.days <= daysMost)) throw new Error(`a link of ${wanted.days} days`)
  const token = newToken(128)
  const id = uuidv7()
  await tx.query(sql`
    insert into link (company_id, id, record_id, contact_id, contact_name, actions, token_hash, made_by, made_at,
      expires_at)
    values (current_company(), ${id}, ${wanted.record}, ${wanted.contact.id}::uuid, ${wanted.contact.name},
      ${wanted.actions}::text[], ${token.hash}, ${ctx.actor.kind === 'member' ? ctx.actor.id : null}::uuid,
      ${new Date(ctx.now)}, ${new Date(ctx.now + wanted.days * dayMs)})`.named('make_link'))
  return { id, secret: token.secret }
}

/** Withdraws every link to a record. */
export async function revokeLinks(ctx: Ctx, tx: Tx, record: string): Promise<void> {
  await tx.query(sql`
    update link set revoked_at = ${new Date(ctx.now)} where record_id = ${record} and revoked_at is null`
    .named('revoke_links'))
}

async function readLink(app: App, secret: string, now: number): Promise<LinkRow | null> {
  if (!looksLikeToken(secret)) return null
  const [row] = await app.db.door<LinkRow>(sql`
    select * from link_of(${sha256(secret)}, ${new Date(now)}, ${afterClose})`.named('link_of'))
  return row ?? null
}

const records = new WeakMap<Ctx, string>()

/** The process of the record that a link opens. */
export function linkedProcess(ctx: Ctx): string {
  const process = records.get(ctx)
  if (process === undefined) throw new Error('the context is not that of a link')
  return process
}

/** The context of a contact: one record, some actions, the fields that are open to customers. */
export async function linkContext(app: App, request: FastifyRequest, secret: string, now: number): Promise<Ctx | null> {
  const row = await readLink(app, secret, now)
  if (!row || row.ended) return null
  const ctx: Ctx = { app, now, via: 'link', words: wordsOf(languageOf(request)),
    company: { id: row.company_id, slug: row.slug, name: row.company_name, time_zone: row.time_zone },
    actor: { kind: 'contact', id: row.contact_id ?? row.link_id, name: row.contact_name, roles: ['customer'],
      link: { record: row.record_id, actions: row.actions } } }
  records.set(ctx, row.process)
  return ctx
}

/**
 * Turns the token of an address into a cookie, and changes nothing else. An address that guesses is locked out for
 * everybody's tokens for a while. Of a link that has ended the company is told, so that people know whom to ask.
 */
export async function exchangeLink(app: App, request: FastifyRequest, reply: FastifyReply, secret: string):
  Promise<{ ok: true } | { ok: false; refusal: Refusal; company?: Pick<Company, 'id' | 'name'> }> {
  const now = app.clock()
  const guesses = attemptFrom(request.ip, 'link')
  const locked = await isLocked(app, now, guesses)
  if (locked) return { ok: false, refusal: locked }
  const row = await readLink(app, secret, now)
  if (!row) return { ok: false, refusal: await countAttempts(app, now, guesses) ?? { code: 'not_found' } }
  if (row.ended) return { ...refuse('gone'), company: { id: row.company_id, name: row.company_name } }
  const left = Math.floor((Date.parse(row.expires_at) - now) / 1000)
  void reply.setCookie(linkCookie, secret,
    { ...cookieRules(app, request), path: '/api', maxAge: Math.min(cookieSeconds, left) })
  return { ok: true }
}
