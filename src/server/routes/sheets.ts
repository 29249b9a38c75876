import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { uuidv7 } from 'uuidv7'
import { fail, isUuid } from '../../engine/fields.ts'
import type { FieldProblem } from '../../engine/refusal.ts'
import { sendRefusal } from '../answer.ts'
import type { App, Ctx } from '../context.ts'
import type { Reader, Tx } from '../db.ts'
import { sql } from '../db.ts'
import { seesCustomers } from '../customers/customer-file.ts'
import { readFile } from '../files.ts'
import { type Routes, ctxOf } from '../http.ts'
import { type Effective, effectiveSettings, readCompanyNow } from '../settings.ts'
import { changeViews, changesShown, readChanges } from '../sheets/changes-view.ts'
import { contactLines, contactWorkbook } from '../sheets/contact-list.ts'
import { faultsFile, templateFile } from '../sheets/give-back.ts'
import { type Job, type JobState, insertJob, patchJob, readJob, readJobs } from '../sheets/job.ts'
import { hasFiller, mayBring, sheetFields, sheetKinds } from '../sheets/kinds.ts'
import { isSheet } from '../sheets/read.ts'
import { faultViews, faultsShown, jobView, kindViews, readFaults } from '../sheets/view.ts'
import { disposition } from './files.ts'

type OneRequest = { Params: { id: string } }
type Here = { ctx: Ctx; settings: Effective }

const bad = (field: string, code: FieldProblem['code']) => ({ code: 'bad_input' as const, fields: [fail(field, code)] })

/** Bringing sheets in: upload, match the columns, look at the dry run, write; or call it off. */
export const sheetRoutes: Routes = (server, app) => {
  server.get('/api/sheets', async (request) => {
    const ctx = ctxOf(request)
    return app.db.read(ctx.company.id, async (reader) => {
      const settings = await settingsNow(app, reader, ctx)
      const jobs = await readJobs(reader, seesAll(ctx) ? null : ctx.actor.id)
      const names = await namesOf(reader, jobs)
      return { kinds: kindViews(ctx, settings), jobs: jobs.map((job) => jobView(ctx, settings, job, names(job))) }
    })
  })
  server.post<{ Body: unknown }>('/api/sheets', (request, reply) => begin(app, request, reply))
  server.get<OneRequest>('/api/sheets/:id', (request, reply) => withJob(app, request, reply, async (reader, job, here) =>
    jobView(here.ctx, here.settings, job, (await namesOf(reader, [job]))(job))))
  server.post<OneRequest>('/api/sheets/:id/fields', (request, reply) => match(app, request, reply))
  server.post<OneRequest>('/api/sheets/:id/write', (request, reply) => {
    const { only_good, ...others } = (request.body ?? {}) as Record<string, unknown>
    const stray = Object.keys(others)[0]
    if (stray !== undefined) return sendRefusal(request, reply, bad(stray, 'unknown_field'))
    if (typeof only_good !== 'boolean') return sendRefusal(request, reply, bad('only_good', 'wrong_type'))
    return move(app, request, reply, ['checked'], (job) => {
      if (!only_good && (job.counts.bad ?? 0) > 0) return bad('only_good', 'required')
      return { state: 'writing', only_good, seen: 0, problem: null }
    })
  })
  server.post<OneRequest>('/api/sheets/:id/cancel', (request, reply) => move(app, request, reply,
    ['reading', 'mapping', 'checking', 'checked', 'writing'], () => ({ state: 'cancelled' })))
  server.get<OneRequest & { Querystring: { after?: string } }>('/api/sheets/:id/faults', (request, reply) => {
    const after = Number(request.query.after ?? 0)
    if (!Number.isSafeInteger(after) || after < 0) return sendRefusal(request, reply, bad('after', 'wrong_type'))
    return withJob(app, request, reply, async (reader, job, { ctx, settings }) => {
      const process = settings.definitions[sheetKinds[job.kind]?.process ?? '']
      const rows = await readFaults(reader, job.id, after, faultsShown + 1)
      return { faults: process ? faultViews(ctx, process, job, rows.slice(0, faultsShown)) : [],
        more: rows.length > faultsShown }
    })
  })
  server.post<OneRequest>('/api/sheets/:id/sheet', (request, reply) => chooseSheet(app, request, reply))
  server.get<OneRequest & { Querystring: { after?: string } }>('/api/sheets/:id/changes', (request, reply) => {
    const after = Number(request.query.after ?? 0)
    if (!Number.isSafeInteger(after) || after < 0) return sendRefusal(request, reply, bad('after', 'wrong_type'))
    return withJob(app, request, reply, async (reader, job, { ctx, settings }) => {
      const process = settings.definitions[sheetKinds[job.kind]?.process ?? '']
      const rows = await readChanges(reader, job.id, after, changesShown + 1)
      return { changes: process ? await changeViews(ctx, reader, process, job, rows.slice(0, changesShown)) : [],
        more: rows.length > changesShown }
    })
  })
  server.get<OneRequest>('/api/sheets/:id/faults-file', (request, reply) =>
    withJob(app, request, reply, async (_reader, job, { ctx, settings }) => {
      const process = settings.definitions[sheetKinds[job.kind]?.process ?? '']
      if (!process) return sendRefusal(request, reply, { code: 'process_off' })
      return sendSheet(reply, faultsFile(ctx, process, job), `${ctx.words.say('sheet.faults')}-${job.file_name}`)
    }))
  server.get<{ Params: { kind: string } }>('/api/sheet-template/:kind', async (request, reply) => {
    const ctx = ctxOf(request)
    const settings = await app.db.read(ctx.company.id, (reader) => settingsNow(app, reader, ctx))
    const view = kindViews(ctx, settings).find(({ kind }) => kind === request.params.kind)
    if (!view) return sendRefusal(request, reply, { code: 'not_found' })
    return sendSheet(reply, templateFile(ctx, settings.definitions[view.process]!, view.kind), view.label)
  })
  server.get<{ Params: { kind: string }; Querystring: { format?: string } }>('/api/sheet-list/:kind', (request, reply) =>
    sendContacts(app, request, reply))
}

/** People at customers are no records: what other kinds have as the list of their process, they have here. */
async function sendContacts(app: App, request: FastifyRequest<{ Params: { kind: string }; Querystring: { format?: string } }>,
  reply: FastifyReply): Promise<unknown> {
  const ctx = ctxOf(request)
  const settings = await app.db.read(ctx.company.id, (reader) => settingsNow(app, reader, ctx))
  const process = settings.definitions.customer
  if (request.params.kind !== 'contact' || !process || !seesCustomers(ctx)) return sendRefusal(request, reply, { code: 'not_found' })
  const { format = 'xlsx' } = request.query
  const name = ctx.words.say('sheet.contacts')
  if (format === 'xlsx') return sendSheet(reply, contactWorkbook(ctx, process), name)
  if (format !== 'csv') return sendRefusal(request, reply, bad('format', 'not_an_option'))
  return reply.header('content-type', 'text/csv; charset=utf-8').header('content-disposition', disposition('attachment', `${name}.csv`))
    .send(Readable.from(contactLines(ctx, process)))
}

/** Another sheet of the workbook is read instead. */
function chooseSheet(app: App, request: FastifyRequest<OneRequest>, reply: FastifyReply): Promise<unknown> {
  const { sheet, ...others } = (request.body ?? {}) as Record<string, unknown>
  return move(app, request, reply, ['mapping', 'checked'], (job) => {
    const stray = Object.keys(others)[0]
    if (stray !== undefined) return bad(stray, 'unknown_field')
    if (typeof sheet !== 'string') return bad('sheet', 'wrong_type')
    if (!job.sheets.includes(sheet)) return bad('sheet', 'not_an_option')
    return { state: 'reading', sheet, headings: [], samples: [], fields: [], fillers: {}, counts: {}, rows_total: 0, seen: 0,
      problem: null }
  })
}

const workbook = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

function sendSheet(reply: FastifyReply, bytes: AsyncIterable<Buffer>, name: string): FastifyReply {
  const file = `${name.replace(/\.(csv|txt|xlsx)$/i, '').replace(/[\\/:*?"<>|：]/g, ' ')}.xlsx`
  return reply.header('content-type', workbook).header('content-disposition', disposition('attachment', file))
    .send(Readable.from(bytes))
}

const seesAll = (ctx: Ctx): boolean => ctx.actor.roles.includes('administrator')

async function settingsNow(app: App, reader: Reader, ctx: Ctx): Promise<Effective> {
  const now = await readCompanyNow(reader)
  return effectiveSettings(app, reader, ctx.company.id, now.profile, now.revision)
}

/** Names of those who brought the sheets. */
async function namesOf(reader: Reader, jobs: readonly Job[]): Promise<(job: Job) => string> {
  const ids = [...new Set(jobs.map(({ by_id }) => by_id))]
  const rows = await reader.query<{ id: string; name: string }>(sql`
    select id, name from member where id = any(${ids}::uuid[]) union all
    select id, name from api_key where id = any(${ids}::uuid[])`.named('sheet_names'))
  const names = new Map(rows.map(({ id, name }) => [id, name]))
  return (job) => names.get(job.by_id) ?? '—'
}

async function begin(app: App, request: FastifyRequest<{ Body: unknown }>, reply: FastifyReply): Promise<unknown> {
  const ctx = ctxOf(request)
  const { kind: name, file: id, ...others } = (request.body ?? {}) as Record<string, unknown>
  const stray = Object.keys(others)[0]
  if (stray !== undefined) return sendRefusal(request, reply, bad(stray, 'unknown_field'))
  const settings = await app.db.read(ctx.company.id, (reader) => settingsNow(app, reader, ctx))
  const kind = typeof name === 'string' && Object.hasOwn(sheetKinds, name) ? sheetKinds[name]! : null
  const process = kind && settings.definitions[kind.process]
  if (!kind || !process) return sendRefusal(request, reply, bad('kind', 'not_an_option'))
  if (ctx.actor.link || !mayBring(kind, process, ctx.actor.roles)) {
    return sendRefusal(request, reply, { code: 'wrong_role', params: { action: kind.action } }, { process })
  }
  const file = isUuid(id) ? await readFile(ctx, id) : null
  if (!file) return sendRefusal(request, reply, bad('file', 'unknown_file'))
  if (!isSheet(file.type)) {
    return sendRefusal(request, reply, { code: 'bad_input', fields: [fail('file', 'file_not_allowed',
      { name: file.name, type: file.type })] })
  }
  const job = { id: uuidv7(), kind: name as string, file_id: file.id, file_name: file.name,
    by_kind: ctx.actor.kind as Job['by_kind'], by_id: ctx.actor.id! }
  const view = await app.db.transaction(ctx.company.id, async (tx) => {
    await insertJob(tx, job, ctx.now)
    const made = await readJob(tx, job.id)
    await tx.commit()
    return jobView(ctx, settings, made!, ctx.actor.name)
  })
  app.sheetWaits?.()
  return reply.status(201).send(view)
}

/** Runs `body` with a job that this person may see: their own, or any for an administrator. */
async function withJob(app: App, request: FastifyRequest<OneRequest>, reply: FastifyReply,
  body: (reader: Reader, job: Job, here: Here) => Promise<unknown>): Promise<unknown> {
  const ctx = ctxOf(request)
  const answer = await app.db.read(ctx.company.id, async (reader) => {
    const job = isUuid(request.params.id) ? await readJob(reader, request.params.id) : null
    if (!job || (job.by_id !== ctx.actor.id && !seesAll(ctx))) return null
    return { told: await body(reader, job, { ctx, settings: await settingsNow(app, reader, ctx) }) }
  })
  return answer ? answer.told : sendRefusal(request, reply, { code: 'not_found' })
}

type Patch = Parameters<typeof patchJob>[3]

/** Moves a job that waits for a person; somebody who is late is told. */
async function move(app: App, request: FastifyRequest<OneRequest>, reply: FastifyReply, from: readonly JobState[],
  next: (job: Job, settings: Effective) => Patch | ReturnType<typeof bad>): Promise<unknown> {
  const ctx = ctxOf(request)
  const outcome = await app.db.transaction(ctx.company.id, async (tx: Tx) => {
    const job = isUuid(request.params.id) ? await readJob(tx, request.params.id) : null
    if (!job || (job.by_id !== ctx.actor.id && !seesAll(ctx))) return { code: 'not_found' as const }
    if (!from.includes(job.state)) return { code: 'stale' as const }
    const settings = await settingsNow(app, tx, ctx)
    const patch = next(job, settings)
    if ('code' in patch) return patch
    if (!await patchJob(tx, job.id, job.state, patch, app.clock(), false)) return { code: 'stale' as const }
    const moved = await readJob(tx, job.id)
    const name = (await namesOf(tx, [job]))(job)
    await tx.commit()
    return { view: jobView(ctx, settings, moved!, name) }
  })
  if (!('view' in outcome)) return sendRefusal(request, reply, outcome)
  app.sheetWaits?.()
  return outcome.view
}

const fillerMost = 200

/** Which column is which field, and what stands for empty cells; the dry run follows. */
function match(app: App, request: FastifyRequest<OneRequest>, reply: FastifyReply): Promise<unknown> {
  const { fields, fillers = {}, updates = false, ...others } = (request.body ?? {}) as Record<string, unknown>
  return move(app, request, reply, ['mapping', 'checked'], (job, settings) => {
    const stray = Object.keys(others)[0]
    if (stray !== undefined) return bad(stray, 'unknown_field')
    const kind = sheetKinds[job.kind]
    const process = kind && settings.definitions[kind.process]
    if (!kind || !process) return bad('kind', 'not_an_option')
    if (typeof updates !== 'boolean') return bad('updates', 'wrong_type')
    if (updates && kind.change === undefined) return bad('updates', 'not_an_option')
    const known = sheetFields(kind, process)
    if (!Array.isArray(fields) || fields.length !== job.headings.length) return bad('fields', 'wrong_type')
    const wrong = fields.findIndex((name) => name !== null && !(typeof name === 'string' && Object.hasOwn(known, name)))
    if (wrong >= 0) return bad(`fields.${wrong}`, 'not_an_option')
    if (typeof fillers !== 'object' || fillers === null || Array.isArray(fillers)) return bad('fillers', 'wrong_type')
    for (const [name, text] of Object.entries(fillers)) {
      if (!Object.hasOwn(known, name) || !hasFiller(kind, process, name)) return bad(`fillers.${name}`, 'unknown_field')
      if (typeof text !== 'string' || text.length > fillerMost) return bad(`fillers.${name}`, 'wrong_type')
    }
    return { state: 'checking', fields: fields as (string | null)[], fillers: fillers as Record<string, string>, updates,
      seen: 0, counts: {}, problem: null }
  })
}
