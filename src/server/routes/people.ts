import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Field, fail, isUuid } from '../../engine/fields.ts'
import { roles } from '../../engine/roles.ts'
import { sendRefusal } from '../answer.ts'
import { keyDaysMost, keyProblems, makeKey, readKeys, revokeKey } from '../auth/keys.ts'
import type { Ctx } from '../context.ts'
import { sql } from '../db.ts'
import { type Routes, ctxOf } from '../http.ts'
import type { PeopleView, PositionView } from '../views.ts'
import { formOrRefusal, memberOrRefusal } from './accounts.ts'

const shownMost = 50
const queryMost = 60
const keyDays = 365

/** People and positions of the company, and the keys of its programs. */
export const peopleRoutes: Routes = (server) => {
  server.get<{ Querystring: { q?: unknown; first?: unknown; only?: unknown } }>('/api/people', async (request, reply) => {
    const { q = '', first = null, only = null } = request.query
    if (first !== null && !(typeof first === 'string' && Object.hasOwn(roles, first))) {
      return sendRefusal(request, reply, { code: 'bad_input', fields: [fail('first', 'not_an_option')] })
    }
    const wanted = typeof only === 'string' ? only.split(',') : null
    if (only !== null && !wanted?.every((role) => Object.hasOwn(roles, role))) {
      return sendRefusal(request, reply, { code: 'bad_input', fields: [fail('only', 'not_an_option')] })
    }
    if (typeof q !== 'string' || q.length > queryMost) {
      return sendRefusal(request, reply, { code: 'bad_input', fields: [fail('q', 'wrong_type')] })
    }
    return readPeople(ctxOf(request), q.normalize('NFC').trim(), first, wanted)
  })

  server.get('/api/positions', async (request) => ({ positions: await readPositions(ctxOf(request)) }))

  server.get('/api/keys', async (request, reply) => {
    const ctx = administratorOrRefusal(request, reply)
    return ctx ? { keys: await readKeys(ctx) } : reply
  })

  server.post('/api/keys', async (request, reply) => {
    const ctx = administratorOrRefusal(request, reply)
    const typed = ctx && formOrRefusal<{ name: string; roles: string[]; importer?: boolean; days?: number }>(request,
      reply, keyForm)
    if (!ctx || !typed) return reply
    const wanted = { importer: false, days: keyDays, ...typed }
    const problems = keyProblems(wanted)
    if (problems.length > 0) return sendRefusal(request, reply, { code: 'bad_input', fields: problems })
    return reply.status(201).send(await makeKey(ctx, wanted))
  })

  server.delete<{ Params: { id: string } }>('/api/keys/:id', async (request, reply) => {
    const ctx = administratorOrRefusal(request, reply)
    if (!ctx) return reply
    const revoked = isUuid(request.params.id) && await revokeKey(ctx, request.params.id)
    return revoked ? reply.status(204).send() : sendRefusal(request, reply, { code: 'not_found' })
  })
}

const keyForm: Readonly<Record<string, Field>> = {
  name: { kind: 'text', zh: '名称', required: true, max: 60 },
  // Any of the roles, by key; compared with the list of the code afterwards, so that each is named.
  roles: { kind: 'positions', zh: '职能', required: true },
  importer: { kind: 'flag', zh: '用于导入' },
  days: { kind: 'integer', zh: '有效天数', min: 1, max: keyDaysMost },
}

function administratorOrRefusal(request: FastifyRequest, reply: FastifyReply): Ctx | null {
  const ctx = memberOrRefusal(request, reply)
  if (!ctx || ctx.actor.roles.includes('administrator')) return ctx
  void sendRefusal(request, reply, { code: 'wrong_role', params: { action: ctx.words.say('label.api_keys') } })
  return null
}

/** Active people whose name or initials begin so; those of a role first, when one is named; `only` those of some roles. */
async function readPeople(ctx: Ctx, q: string, first: string | null, only: readonly string[] | null):
  Promise<PeopleView> {
  const letters = q.toLowerCase()
  // Everything that begins with a text lies between it and itself with the last character there is.
  const after = '\u{10ffff}'
  const people = await ctx.app.db.read(ctx.company.id, (reader) => reader.query<PeopleView['people'][number]>(sql`
    select m.id, m.name, array(select p.name from position p where p.key = any(m.positions) order by p.key) as positions
    from member m
    where m.active and ((m.name collate "C" >= ${q} and m.name collate "C" < ${q + after})
      or (m.initials collate "C" >= ${letters} and m.initials collate "C" < ${letters + after}))
      and (${only}::text[] is null or exists (select 1 from position p
        where p.key = any(m.positions) and ${only}::text[] && p.roles))
    order by (${first}::text is not null and exists (select 1 from position p
        where p.key = any(m.positions) and ${first}::text = any(p.roles))) desc, m.name collate "C", m.id
    limit ${shownMost}`.named('people')))
  return { people }
}

async function readPositions(ctx: Ctx): Promise<PositionView[]> {
  const rows = await ctx.app.db.read(ctx.company.id, (reader) =>
    reader.query<{ key: string; name: string; roles: (keyof typeof roles)[] }>(sql`
      select key, name, roles from position where merged_into is null order by key`.named('positions')))
  return rows.map((row) => ({ ...row,
    roles: row.roles.map((key) => ({ key, label: ctx.words.label(`role.${key}`, roles[key] ?? key) })) }))
}
