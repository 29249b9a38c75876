import type { FastifyReply, FastifyRequest } from 'fastify'
import { fail, isUuid } from '../../engine/fields.ts'
import { sendRefusal } from '../answer.ts'
import type { Ctx } from '../context.ts'
import { readArchive } from '../customers/archive.ts'
import { readCustomerFile, readMachineStory, seesCustomers } from '../customers/customer-file.ts'
import { lookUp } from '../customers/look-up.ts'
import { scan, similarCustomers } from '../customers/scan.ts'
import { afterOf, readTimeline, timelineShows } from '../customers/timeline.ts'
import { typedMost } from '../customers/typed.ts'
import type { Reader } from '../db.ts'
import { type Routes, ctxOf } from '../http.ts'

type Query = Readonly<Record<string, unknown>>
/** An address on a printed code is longer than what people type. */
const codeMost = 500

/** Finding customers, machines and cases while somebody types or scans, and the page of each. */
export const customerRoutes: Routes = (server) => {
  server.get<{ Querystring: Query }>('/api/lookup', (request, reply) =>
    withTexts(request, reply, { q: typedMost }, (ctx, reader, { q }) => lookUp(ctx, reader, q!)))

  server.get<{ Querystring: Query }>('/api/scan', (request, reply) =>
    withTexts(request, reply, { code: codeMost }, (ctx, reader, { code }) => scan(ctx, reader, code!)))

  server.get<{ Querystring: Query }>('/api/customers/similar', (request, reply) =>
    withTexts(request, reply, { name: typedMost * 2, phone: typedMost }, (ctx, reader, { name, phone }) =>
      similarCustomers(ctx, reader, { name: name!, phone: phone! })))

  server.get<{ Params: { id: string } }>('/api/customers/:id/file', (request, reply) =>
    page(request, reply, request.params.id, readCustomerFile))

  server.get<{ Params: { id: string }; Querystring: Query }>('/api/customers/:id/timeline', (request, reply) => {
    const { show = 'all', cursor } = request.query
    const shown = timelineShows.find((one) => one === show)
    const after = typeof cursor === 'string' ? afterOf(cursor) : null
    if (!shown || (cursor !== undefined && after === null)) {
      return sendRefusal(request, reply, { code: 'bad_input', fields: [fail(shown ? 'cursor' : 'show', shown
        ? 'bad_format' : 'not_an_option')] })
    }
    return page(request, reply, request.params.id, (ctx, reader, id) => readTimeline(ctx, reader, id, shown, after))
  })

  server.get<{ Querystring: Query }>('/api/archive', async (request, reply) => {
    const ctx = ctxOf(request)
    const { industry, customer } = request.query
    const id = typeof customer === 'string' ? customer : null
    if (id !== null && !isUuid(id)) return sendRefusal(request, reply, { code: 'not_found' })
    const view = await ctx.app.db.read(ctx.company.id, (reader) => readArchive(ctx, reader, {
      industry: typeof industry === 'string' && industry !== '' ? industry.slice(0, typedMost) : null, customer: id }))
    return view ?? sendRefusal(request, reply, { code: 'not_found' })
  })

  server.get<{ Params: { id: string } }>('/api/machines/:id/story', (request, reply) =>
    page(request, reply, request.params.id, readMachineStory))
}

/** Answers a question made of texts in the address; a text that is not given is ''. */
async function withTexts<T>(request: FastifyRequest, reply: FastifyReply, most: Readonly<Record<string, number>>,
  answer: (ctx: Ctx, reader: Reader, texts: Readonly<Record<string, string>>) => Promise<T>): Promise<T | FastifyReply> {
  const ctx = ctxOf(request)
  if (!seesCustomers(ctx)) return sendRefusal(request, reply, { code: 'not_found' })
  const query = request.query as Query
  const texts: Record<string, string> = {}
  for (const [name, max] of Object.entries(most)) {
    const value = query[name] ?? ''
    if (typeof value !== 'string') {
      return sendRefusal(request, reply, { code: 'bad_input', fields: [fail(name, 'wrong_type')] })
    }
    if (value.length > max) {
      return sendRefusal(request, reply, { code: 'bad_input',
        fields: [fail(name, 'too_long', { max, length: value.length })] })
    }
    // eslint-disable-next-line no-control-regex
    texts[name] = value.replace(/[\u0000-\u001f\u007f]|\p{Cs}/gu, ' ')
  }
  return ctx.app.db.read(ctx.company.id, (reader) => answer(ctx, reader, texts))
}

async function page<T>(request: FastifyRequest, reply: FastifyReply, id: string,
  read: (ctx: Ctx, reader: Reader, id: string) => Promise<T | null>): Promise<T | FastifyReply> {
  const ctx = ctxOf(request)
  const view = !isUuid(id) || !seesCustomers(ctx) ? null
    : await ctx.app.db.read(ctx.company.id, (reader) => read(ctx, reader, id))
  return view ?? sendRefusal(request, reply, { code: 'not_found' })
}
