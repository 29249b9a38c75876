import type { FastifyRequest } from 'fastify'
import type { Doer } from '../../engine/roles.ts'
import { wordsOf } from '../../words/index.ts'
import { languageOf } from '../answer.ts'
import type { App, Ctx } from '../context.ts'
import { sql } from '../db.ts'
import type { Authenticate } from '../http.ts'
import { linkContext, linkCookie } from './links.ts'
import { contextOf, readSession, sessionCookie } from './sessions.ts'
import { looksLikeToken, sha256 } from './tokens.ts'

export const keyPrefix = 'gdk_'

/**
 * Who asks? An API key, where the request names one; else the member of a session; else the contact of a private link.
 * On the link's own pages the link comes first, so that somebody of the company sees there what the customer sees.
 */
export const authenticate: Authenticate = async (app, request) => {
  const now = app.clock()
  const { authorization } = request.headers
  if (authorization !== undefined) return keyContext(app, request, authorization, now)
  const link = request.cookies[linkCookie]
  if (link !== undefined && request.url.startsWith('/api/link/')) return linkContext(app, request, link, now)
  const token = request.cookies[sessionCookie]
  const session = token === undefined ? null : await readSession(app, token, now)
  if (session) return contextOf(app, session, now)
  return link === undefined ? null : linkContext(app, request, link, now)
}

type KeyRow = { key_id: string; name: string; roles: readonly Doer[]; importer: boolean; company_id: number
  slug: string; company_name: string; time_zone: string }

async function keyContext(app: App, request: FastifyRequest, authorization: string, now: number): Promise<Ctx | null> {
  const secret = /^Bearer (.+)$/i.exec(authorization)?.[1]
  if (!looksLikeToken(secret) || !secret.startsWith(keyPrefix)) return null
  const [row] = await app.db.door<KeyRow>(sql`
    select * from key_of(${sha256(secret)}, ${new Date(now)})`.named('key_of'))
  if (!row) return null
  return { app, now, via: 'api', words: wordsOf(languageOf(request)),
    company: { id: row.company_id, slug: row.slug, name: row.company_name, time_zone: row.time_zone },
    actor: { kind: 'key', id: row.key_id, name: row.name, roles: row.roles, ...(row.importer && { importer: true }) } }
}
