import type { FastifyReply, FastifyRequest } from 'fastify'
import { aroundFor } from '../../engine/clock.ts'
import { explainClock } from '../../engine/clock-explain.ts'
import { actionOf } from '../../engine/decide.ts'
import { type AnyProcess, own } from '../../engine/define.ts'
import { fail, isUuid } from '../../engine/fields.ts'
import type { Role } from '../../engine/roles.ts'
import { labelOf, sendRefusal } from '../answer.ts'
import { loadCase, situationOf } from '../case.ts'
import { agreedLine } from '../contracts/said.ts'
import { agreedFigure, calendarKeyOf, ruleOf } from '../clocks.ts'
import type { App, Ctx } from '../context.ts'
import type { Routes } from '../http.ts'
import { ctxOf } from '../http.ts'
import { readOlderEvents, readRecord } from '../record-view.ts'
import { noteRefusal } from '../refused.ts'
import { type Outcome, type Wish, run } from '../run.ts'
import { calendarOf } from '../settings.ts'
import type { WhyView } from '../views.ts'
import { whySentence } from '../why.ts'

type ProcessParams = { process: string }
type RecordParams = ProcessParams & { id: string }

/** Creating, acting and looking at one record: one route each for every process of the house. */
export const recordRoutes: Routes = (server, app) => {
  server.post<{ Params: ProcessParams; Querystring: { action?: string } }>('/api/:process', async (request, reply) => {
    const process = own(app.house.processes, request.params.process)
    if (!process) return sendRefusal(request, reply, { code: 'not_found' })
    const action = creationOf(process, request.query.action, ctxOf(request))
    if (!action) return sendRefusal(request, reply, { code: 'no_such_action', params: { action: '' } }, { process })
    return act(app, request, reply, { process: process.name, action, id: null, input: request.body ?? {} })
  })

  server.post<{ Params: RecordParams & { action: string } }>('/api/:process/:id/:action', (request, reply) => {
    const { process, id, action } = request.params
    if (!isUuid(id)) return sendRefusal(request, reply, { code: 'not_found' })
    return act(app, request, reply, { process, action, id, input: request.body ?? {} })
  })

  server.get<{ Params: RecordParams }>('/api/:process/:id', async (request, reply) => {
    const { process, id } = request.params
    const view = !isUuid(id) || !own(app.house.processes, process) ? null
      : await app.db.read(ctxOf(request).company.id, (reader) => readRecord(ctxOf(request), reader, process, id))
    return view ?? sendRefusal(request, reply, { code: 'not_found' })
  })

  server.get<{ Params: RecordParams; Querystring: { before?: string } }>('/api/:process/:id/events',
    async (request, reply) => {
      const { process, id } = request.params
      const before = request.query.before ?? '2147483647'
      if (!/^\d{1,10}$/.test(before) || Number(before) > 2_147_483_647) {
        return sendRefusal(request, reply, { code: 'bad_input', fields: [fail('before', 'wrong_type')] })
      }
      const events = !isUuid(id) || !own(app.house.processes, process) ? null
        : await app.db.read(ctxOf(request).company.id, (reader) =>
          readOlderEvents(ctxOf(request), reader, process, id, Number(before)))
      return events ? { events } : sendRefusal(request, reply, { code: 'not_found' })
    })

  server.get<{ Params: RecordParams & { clock: string } }>('/api/:process/:id/clocks/:clock/why',
    async (request, reply) => {
      const view = await why(app, ctxOf(request), request.params)
      return view ?? sendRefusal(request, reply, { code: 'not_found' })
    })
}

/** The action that begins a record: the one asked for, else the only one that this person may do. */
function creationOf(process: AnyProcess, asked: string | undefined, ctx: Ctx): string | null {
  const creating = Object.keys(process.actions).filter((name) => actionOf(process, name)?.from === null)
  if (asked !== undefined) return creating.includes(asked) ? asked : null
  return creating.find((name) => process.actions[name]!.by.some((doer) => ctx.actor.roles.includes(doer as Role)))
    ?? creating[0] ?? null
}

const keyMost = 200

type Show = (ctx: Ctx, process: string, id: string) => Promise<object | null>

const showRecord: Show = (ctx, process, id) =>
  ctx.app.db.read(ctx.company.id, (reader) => readRecord(ctx, reader, process, id))

/** One wish through the one transaction; answers the record as it is now, with its offers. */
export async function act(app: App, request: FastifyRequest, reply: FastifyReply, wish: Wish, show = showRecord):
  Promise<FastifyReply> {
  const ctx = ctxOf(request)
  const key = request.headers['idempotency-key']
  const ifMatch = request.headers['if-match']
  if (Array.isArray(key) || (key !== undefined && (key.length < 8 || key.length > keyMost))) {
    return sendRefusal(request, reply, { code: 'bad_input', fields: [fail('Idempotency-Key', 'bad_format')] })
  }
  const expected = ifMatch === undefined ? null : /^"?(\d{1,9})"?$/.exec(ifMatch)
  if (ifMatch !== undefined && !expected) {
    return sendRefusal(request, reply, { code: 'bad_input', fields: [fail('If-Match', 'bad_format')] })
  }
  const outcome = await run(ctx, { ...wish, ...(key !== undefined && { key }),
    ...(expected && { expectSeq: Number(expected[1]) }) })
  if (!outcome.ok) {
    // Whoever saw an older one is shown what it is now, with the refusal.
    const record = outcome.refusal.code === 'stale' && wish.id !== null ? await show(ctx, wish.process, wish.id) : null
    return refused(app, request, reply, wish, outcome, record && { record })
  }
  void reply.status(wish.id === null && !outcome.replayed ? 201 : 200)
  void reply.header('etag', `"${outcome.seq}"`)
  if (outcome.replayed) void reply.header('idempotent-replayed', 'true')
  if (request.headers.prefer === 'return=minimal') return reply.send(outcome)
  const view = await show(ctx, wish.process, outcome.id)
  // Somebody may hand a record on to where they no longer see it: the act is done all the same.
  return reply.send(view ?? outcome)
}

function refused(app: App, request: FastifyRequest, reply: FastifyReply, wish: Wish,
  outcome: Extract<Outcome, { ok: false }>, beside: object | null): FastifyReply {
  const process = own(app.house.processes, wish.process)
  const { refusal } = outcome
  noteRefusal(ctxOf(request), wish, outcome)
  const or = process && refusal.guard ? own(process.guards as Record<string, { or?: { by: readonly string[] } }>,
    refusal.guard)?.or : undefined
  const waivable = or?.by.some((role) => ctxOf(request).actor.roles.includes(role as Role)) ?? false
  return sendRefusal(request, reply, refusal, { ...(process && { process }), last: outcome.last, waivable,
    ...(beside && { beside }) })
}

async function why(app: App, ctx: Ctx, params: RecordParams & { clock: string }): Promise<WhyView | null> {
  if (!isUuid(params.id) || !own(app.house.processes, params.process)) return null
  const one = await app.db.read(ctx.company.id, (reader) => loadCase(ctx, reader, params.process, params.id, false))
  const clock = one && own(one.process.clocks, params.clock)
  if (!one || !clock) return null
  const { rule, limit } = ruleOf(params.clock, clock, one.frozen.limits, one.values, one.head.agreed)
  const passes = !clock.when || (one.process.guards[clock.when]!.test as (facts: object) => boolean)(
    situationOf(ctx, one).facts)
  const ended = one.head.kind === 'done' || one.head.kind === 'void'
  const around = aroundFor(one.history[0]?.at ?? ctx.now, ctx.now)
  const lines = explainClock(rule, limit, one.history, calendarOf(one.settings,
    calendarKeyOf(clock, one.head.agreed, one.settings.calendars), ctx.company, around), ctx.now, ended, passes)
  return { clock: params.clock, label: labelOf(ctx.words, one.process, `clock.${params.clock}`),
    basis: agreedFigure(clock, one.head.agreed) && agreedLine(ctx.words, one.head.agreed!),
    lines: lines.map((line) => ({ ...line, text: whySentence(ctx, one.process, line) })) }
}

