import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { own } from '../../engine/define.ts'
import { fail } from '../../engine/fields.ts'
import type { FieldProblem } from '../../engine/refusal.ts'
import { labelOf, sendRefusal } from '../answer.ts'
import { type BoardRow, boardStatement, boardView } from '../board.ts'
import type { App, Ctx } from '../context.ts'
import type { Reader, Row } from '../db.ts'
import { exportLines, exportWorkbook } from '../export.ts'
import { type ListQuery, type ParameterName, type Place, namesExtra, parseList } from '../list-language.ts'
import { type Narrow, countStatement, countView, narrowByExtra, pageStatement, pageView, tierOf } from '../lists.ts'
import { ctxOf, type Routes } from '../http.ts'
import { sightOf } from '../policy.ts'
import type { HeadRow } from '../rows.ts'
import { idsOfWords, search } from '../search/find.ts'
import { type Effective, effectiveSettings, readCompanyNow } from '../settings.ts'
import { disposition } from './files.ts'
import { type WorkRow, workStatement, workView } from '../work.ts'

type Parameters = Readonly<Record<string, unknown>>
type ProcessRequest = { Params: { process: string }; Querystring: Record<string, unknown> }

/** Reading many records: lists, counts, boards and exports of every process; my work; search. */
export const listRoutes: Routes = (server, app) => {
  server.get<ProcessRequest>('/api/:process', (request, reply) =>
    ask(app, request, reply, [], async (reader, place, query, narrow, settled) => {
      const rows = reader.query<HeadRow & Row>(pageStatement(place, query, narrow, tierOf(query.limit + 1)))
      return pageView(await settled(), query, await rows)
    }))

  server.get<ProcessRequest>('/api/:process/count', (request, reply) =>
    ask(app, request, reply, ['sort', 'limit', 'cursor', 'fields'], async (reader, place, query, narrow, settled) => {
      const counting = reader.query<{ count: number }>(countStatement(place, query, narrow))
      await settled()
      return countView((await counting)[0]!.count)
    }))

  server.get<ProcessRequest>('/api/:process/board', (request, reply) =>
    ask(app, request, reply, ['sort', 'limit', 'cursor', 'fields'], async (reader, place, query, narrow, settled) => {
      const rows = reader.query<BoardRow>(boardStatement(place, query, narrow))
      return boardView(await settled(), query, await rows)
    }))

  server.get<ProcessRequest>('/api/:process/export', (request, reply) => exported(app, request, reply))

  server.get('/api/my-work', async (request) => {
    const ctx = ctxOf(request)
    return app.db.read(ctx.company.id, async (reader) => {
      const { definitions } = await settingsNow(app, reader, ctx.company.id)
      return workView(ctx, definitions, await reader.query<WorkRow>(workStatement(ctx, definitions)))
    })
  })

  server.get<{ Querystring: Record<string, unknown> }>('/api/search', async (request, reply) => {
    const ctx = ctxOf(request)
    const { q = '', process: only, ...others } = request.query
    const bad = Object.keys(others)[0]
    if (bad !== undefined) return sendRefusal(request, reply, badField(bad, 'unknown_field'))
    if (typeof q !== 'string' || lengthOf(q) > searchMost) {
      return sendRefusal(request, reply, typeof q === 'string'
        ? { code: 'bad_input', fields: [fail('q', 'too_long', { max: searchMost, length: lengthOf(q) })] }
        : badField('q', 'wrong_type'))
    }
    // eslint-disable-next-line no-control-regex
    if (/[\u0000-\u001f]|\p{Cs}/u.test(q)) return sendRefusal(request, reply, badField('q', 'control_characters'))
    const found = await app.db.read(ctx.company.id, async (reader) => {
      const { definitions } = await settingsNow(app, reader, ctx.company.id)
      if (only !== undefined && (typeof only !== 'string' || !own(definitions, only))) return null
      return search(ctx, reader, definitions, q.trim(), only ?? null)
    })
    return found ?? sendRefusal(request, reply, badField('process', 'not_an_option'))
  })
}

const searchMost = 100
const lengthOf = (text: string): number => Array.from(text).length

const badField = (field: string, code: FieldProblem['code']) =>
  ({ code: 'bad_input' as const, fields: [fail(field, code)] })

async function settingsNow(app: App, reader: Reader, company: number): Promise<Effective> {
  const now = await readCompanyNow(reader)
  return effectiveSettings(app, reader, company, now.profile, now.revision)
}

/** Answers a question about a list. `settled` gives the place with the company's own words, or fails the request. */
type Answer = (reader: Reader, place: Place, query: ListQuery, narrow: Narrow, settled: () => Promise<Place>) =>
  Promise<unknown>

/** Thrown inside a read to leave it with a refusal. */
class ProcessOff extends Error {}

async function ask(app: App, request: FastifyRequest<ProcessRequest>, reply: FastifyReply,
  without: readonly ParameterName[], answer: Answer): Promise<unknown> {
  const ctx = ctxOf(request)
  const name = request.params.process
  const process = own(app.house.processes, name)
  const noun = own(app.house.nouns, name)
  if (!process || !noun || sightOf(name, ctx.actor) === 'none') {
    return sendRefusal(request, reply, { code: 'not_found' })
  }
  try {
    return await app.db.read(ctx.company.id, async (reader) => {
      // The settings travel in the same trip as the list; only the company's own fields have to wait for them.
      const settings = settingsNow(app, reader, ctx.company.id)
      settings.catch(() => {})
      const settled = async (): Promise<Place> => {
        const { definitions, processes } = await settings
        const effective = own(definitions, name)
        if (!effective) throw new ProcessOff()
        return { ctx, process: effective, noun, extra: processes[name]?.extra ?? {} }
      }
      const place = namesExtra(request.query) ? await settled() : { ctx, process, noun, extra: {} }
      const parsed = parseList(place, request.query, without)
      if ('problems' in parsed) {
        return sendRefusal(request, reply, { code: 'bad_input', fields: parsed.problems }, { process: place.process })
      }
      const narrow = await narrowOf(reader, place, parsed.query)
      return answer(reader, place, parsed.query, narrow, settled)
    })
  } catch (error) {
    if (error instanceof ProcessOff) return sendRefusal(request, reply, { code: 'process_off' })
    throw error
  }
}

/** Ids that words or a rare value of a company's own field narrow the list to. */
async function narrowOf(reader: Reader, place: Place, query: ListQuery): Promise<Narrow> {
  if (query.q !== null) return { ids: await idsOfWords(place.ctx, reader, place.process.name, query.q) }
  return { ids: await narrowByExtra(reader, place.process.name, query) }
}

async function exported(app: App, request: FastifyRequest<ProcessRequest>, reply: FastifyReply): Promise<unknown> {
  const { format = 'csv', ...parameters } = request.query as Parameters
  if (format !== 'csv' && format !== 'xlsx') return sendRefusal(request, reply, badField('format', 'not_an_option'))
  request.query = parameters as Record<string, unknown>
  const ctx = ctxOf(request)
  return ask(app, request, reply, ['limit', 'cursor', 'fields'], async (_reader, _place, query, narrow, settled) => {
    const place = await settled()
    const [make, type] = format === 'csv' ? [exportLines, 'text/csv; charset=utf-8'] as const
      : [exportWorkbook, 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'] as const
    const pages: AsyncIterable<string | Buffer> = make(place, query, narrow, (body) => app.db.read(ctx.company.id, body))
    const day = localDate(ctx)
    return reply.header('content-type', type).header('content-disposition',
      disposition('attachment', `${labelOf(ctx.words, place.process, place.process.name)} ${day}.${format}`))
      .send(Readable.from(pages))
  })
}

const localDate = (ctx: Ctx): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: ctx.company.time_zone, dateStyle: 'short' }).format(ctx.now)
