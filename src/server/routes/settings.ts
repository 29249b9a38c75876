import type { FastifyReply, FastifyRequest } from 'fastify'
import { fail } from '../../engine/fields.ts'
import type { Settings } from '../../regulations/profile.ts'
import type { Refusal } from '../../engine/refusal.ts'
import { sendRefusal } from '../answer.ts'
import type { App, Ctx } from '../context.ts'
import { sql } from '../db.ts'
import { type Routes, ctxOf } from '../http.ts'
import { addPosition, changePosition, mergePositions, readPositions } from '../positions.ts'
import { aboutLimits, aboutWords, changeLines, limitsInUse } from '../settings-about.ts'
import { limitNames } from '../settings-check.ts'
import { previewSettings } from '../settings-preview.ts'
import { isPlain } from '../settings-shape.ts'
import { changeSettings, cleanWhy, loadStatutoryDays, mayRevise, readOverrides, setImporting }
  from '../settings-write.ts'
import { effectiveSettings, readCompanyNow } from '../settings.ts'
import type { RevisionView, RevisionsView, SettingsView } from '../views.ts'

const pageMost = 50

/** A company's own settings: what holds, what was changed and why, positions, import. */
export const settingsRoutes: Routes = (server, app) => {
  server.get('/api/settings', async (request, reply) => {
    const ctx = ctxOf(request)
    if (ctx.actor.kind === 'contact') return sendRefusal(request, reply, { code: 'not_found' })
    return answer(ctx, app, reply)
  })

  server.put('/api/settings', (request, reply) =>
    change(app, request, reply, ['change'], true, (ctx, body, why, seen) =>
      changeSettings(ctx, seen!, why, () => ({ change: body.change ?? null }))))

  server.post('/api/settings/preview', async (request, reply) => {
    const ctx = ctxOf(request)
    const refusal = mayRevise(ctx)
    if (refusal) return sendRefusal(request, reply, refusal)
    if (!isPlain(request.body)) {
      return sendRefusal(request, reply, { code: 'bad_input', fields: [fail('', 'wrong_type')] })
    }
    const seen = await previewSettings(ctx, request.body.change ?? null)
    return 'refusal' in seen ? sendRefusal(request, reply, seen.refusal) : seen
  })

  server.post('/api/settings/statutory-days', (request, reply) =>
    change(app, request, reply, ['calendar', 'year'], true, (ctx, { calendar, year }, why, seen) =>
      loadStatutoryDays(ctx, seen!, why, { calendar, year })))

  server.get<{ Querystring: { before?: string } }>('/api/settings/revisions', async (request, reply) => {
    const ctx = ctxOf(request)
    const refusal = mayRevise(ctx)
    if (refusal) return sendRefusal(request, reply, refusal)
    const before = request.query.before ?? '2147483647'
    if (!/^\d{1,10}$/.test(before) || Number(before) > 2_147_483_647) {
      return sendRefusal(request, reply, { code: 'bad_input', fields: [fail('before', 'wrong_type')] })
    }
    return readRevisions(ctx, Number(before))
  })

  server.post('/api/import-mode', (request, reply) => change(app, request, reply, ['on'], false, (ctx, body, why) =>
    setImporting(ctx, body.on, why)))

  server.post('/api/positions', (request, reply) =>
    change(app, request, reply, ['key', 'name', 'roles'], false, (ctx, body, why) => addPosition(ctx, why, body), 201))

  server.patch<{ Params: { key: string } }>('/api/positions/:key', (request, reply) =>
    change(app, request, reply, ['name', 'roles'], false, (ctx, body, why) =>
      changePosition(ctx, request.params.key, why, body)))

  server.post<{ Params: { key: string } }>('/api/positions/:key/merge', (request, reply) =>
    change(app, request, reply, ['into'], false, (ctx, body, why) =>
      mergePositions(ctx, request.params.key, body.into, why)))
}

type Outcome = { ok: true; revision: number } | { ok: false; refusal: Refusal }

/** One change: who may, then the body, then the change itself; answers the settings as they are now. */
async function change(app: App, request: FastifyRequest, reply: FastifyReply, keys: readonly string[], seen: boolean,
  body: (ctx: Ctx, given: Record<string, unknown>, why: string, revision: number | null) => Promise<Outcome>,
  status = 200): Promise<FastifyReply> {
  const ctx = ctxOf(request)
  const no = (refusal: Refusal) => sendRefusal(request, reply, refusal)
  const refusal = mayRevise(ctx)
  if (refusal) return no(refusal)
  if (!isPlain(request.body)) return no({ code: 'bad_input', fields: [fail('', 'wrong_type')] })
  const stranger = Object.keys(request.body).find((key) => key !== 'why' && !keys.includes(key))
  if (stranger !== undefined) return no({ code: 'bad_input', fields: [fail(stranger, 'unknown_field')] })
  const match = /^"?(\d{1,9})"?$/.exec(request.headers['if-match'] ?? '')
  if (!match && (seen || request.headers['if-match'] !== undefined)) {
    const code = request.headers['if-match'] ? 'bad_format' : 'required'
    return no({ code: 'bad_input', fields: [fail('If-Match', code)] })
  }
  const why = cleanWhy(request.body.why)
  if ('refusal' in why) return no(why.refusal)
  const outcome = await body(ctx, request.body, why.why, match ? Number(match[1]) : null)
  if (!outcome.ok) return no(outcome.refusal)
  const { ok: _ok, revision: _revision, ...more } = outcome
  return answer(ctx, app, reply.status(status), more)
}

async function answer(ctx: Ctx, app: App, reply: FastifyReply, more: object = {}): Promise<FastifyReply> {
  const view = await readSettings(ctx, app)
  return reply.header('etag', `"${view.revision}"`).send({ ...view, ...more })
}

async function readSettings(ctx: Ctx, app: App): Promise<SettingsView> {
  return app.db.read(ctx.company.id, async (reader) => {
    const positions = readPositions(reader)
    const recomputing = reader.query<NonNullable<SettingsView['recomputation']>>(sql`
      select seen, changed, started_at from recomputation where ended_at is null`.named('recomputing'))
    const company = await readCompanyNow(reader)
    const { revision: _revision, definitions, ...effective } = await effectiveSettings(app, reader, ctx.company.id,
      company.profile, company.revision)
    const profile = app.house.profiles[company.profile]!
    const names = limitsInUse(app.house, definitions, [...limitNames(app.house, profile)]).sort()
    return { revision: company.revision, importing: company.importing, recomputation: (await recomputing)[0] ?? null,
      regulation: { key: profile.key, label: profile.zh },
      effective, overrides: await readOverrides(reader, company.revision),
      defaults: { limits: profile.limits, texts: profile.texts, calendars: profile.calendars,
        processes: profile.processes, schedules: profile.schedules, cards: profile.cards,
        checklists: profile.checklists },
      limit_names: names, positions: await positions, about: aboutLimits(ctx, definitions, names),
      words: aboutWords(ctx, app.house, effective) }
  })
}

async function readRevisions(ctx: Ctx, before: number): Promise<RevisionsView> {
  type Row = Omit<RevisionView, 'lines'> & { before: Partial<Settings> | null }
  const { rows, profile } = await ctx.app.db.read(ctx.company.id, async (reader) => {
    const found = reader.query<Row>(sql`
    select s.revision, s.change, s.why, s.made_at, p.overrides as before,
      case when s.made_by is not null then jsonb_build_object('id', s.made_by, 'name', coalesce(m.name, '—')) end
        as made_by
    from settings_revision s left join member m on m.company_id = s.company_id and m.id = s.made_by
    left join settings_revision p on p.company_id = s.company_id and p.revision = s.revision - 1
    where s.revision < ${before} order by s.revision desc limit ${pageMost}`.named('revisions'))
    const { profile: key } = await readCompanyNow(reader)
    return { rows: await found, profile: ctx.app.house.profiles[key]! }
  })
  return { cursor: rows.length === pageMost ? rows.at(-1)!.revision : null,
    revisions: rows.map(({ before: overrides, ...row }) =>
      ({ ...row, lines: changeLines(profile, overrides ?? {}, row.change) })) }
}
