import type { FastifyReply, FastifyRequest } from 'fastify'
import { fail, isUuid } from '../../engine/fields.ts'
import type { Role } from '../../engine/roles.ts'
import { sendRefusal } from '../answer.ts'
import { exchangeLink, linkActions, linkDays, linkedProcess, makeLink } from '../auth/links.ts'
import { loadCase } from '../case.ts'
import type { App, Ctx } from '../context.ts'
import { type Routes, ctxOf } from '../http.ts'
import { readLinked } from '../link-view.ts'
import { aroundOf } from '../print/around.ts'
import { readShop } from '../print/shop.ts'
import { act } from './records.ts'

/** Who gives a customer a link by hand, for WeChat or a short message. */
const makers: readonly Role[] = ['coordinator', 'hotline', 'supervisor']

/**
 * The customer's door: a private link becomes a cookie, shows its one record and takes its actions. No other route is
 * there for a contact, but for those that say so (`customers`).
 */
export const linkRoutes: Routes = (server, app) => {
  server.get<{ Params: { token: string } }>('/api/link/:token', { config: { open: true } }, async (request, reply) => {
    const exchanged = await exchangeLink(app, request, reply, request.params.token)
    if (exchanged.ok) return { ok: true }
    const { refusal, company } = exchanged
    const shop = company && await app.db.read(company.id, (reader) => readShop(app, reader, company))
    return sendRefusal(request, reply, refusal, shop && { beside: { shop } })
  })

  server.get('/api/link/record', { config: { customers: true } }, async (request, reply) => {
    const ctx = ctxOf(request)
    const view = ctx.actor.link ? await readLinked(ctx, ctx.actor.link.record) : null
    return view ?? sendRefusal(request, reply, { code: 'not_found' })
  })

  // If-Match carries the state that the customer saw: a price that has changed since is told, not accepted.
  server.post<{ Params: { action: string } }>('/api/link/record/:action', { config: { customers: true } },
    async (request, reply) => {
      const ctx = ctxOf(request)
      const { link } = ctx.actor
      if (!link) return sendRefusal(request, reply, { code: 'not_found' })
      const { action } = request.params
      if (request.headers['if-match'] === undefined && link.actions.includes(action)) {
        return sendRefusal(request, reply, { code: 'bad_input', fields: [fail('If-Match', 'required')] })
      }
      const wish = { process: linkedProcess(ctx), action, id: link.record, input: request.body ?? {} }
      return act(app, request, reply, wish, (asker, _process, id) => readLinked(asker, id))
    })

  server.post<{ Params: { id: string } }>('/api/quotation/:id/link', (request, reply) =>
    giveLink(app, request, reply, 'quotation', request.params.id))
}

/** A link of its own for each time that it is asked for; the address is shown once. */
async function giveLink(app: App, request: FastifyRequest, reply: FastifyReply, process: string, id: string):
  Promise<FastifyReply> {
  const ctx = ctxOf(request)
  const one = !isUuid(id) ? null
    : await app.db.read(ctx.company.id, (reader) => loadCase(ctx, reader, process, id, false))
  if (!one) return sendRefusal(request, reply, { code: 'not_found' })
  if (!makers.some((role) => ctx.actor.roles.includes(role))) {
    return sendRefusal(request, reply, { code: 'wrong_role', params: { action: ctx.words.say('label.link') } })
  }
  // No price yet, or nothing to answer any more. A link may be made just before the price is given away.
  const priced = one.head.kind === 'active' && typeof one.values.total_fen === 'number'
  if (one.head.kind !== 'waiting' && !priced) {
    return sendRefusal(request, reply, { code: 'wrong_state', params: { action: ctx.words.say('label.link'),
      state: one.head.state } }, { process: one.process })
  }
  const name = await contactName(ctx, one)
  const secret = await app.db.transaction(ctx.company.id, async (tx) => {
    const made = await makeLink(ctx, tx, { record: id, contact: { id: null, name }, actions: linkActions[process]!,
      days: linkDays })
    await tx.commit()
    return made.secret
  })
  const base = (app.publicUrl ?? `${request.protocol}://${request.headers.host}`).replace(/\/$/, '')
  return reply.status(201).send({ url: `${base}/l/${secret}`, days: linkDays })
}

async function contactName(ctx: Ctx, one: Parameters<typeof aroundOf>[1]): Promise<string> {
  const { order, customer } = await aroundOf(ctx, one)
  return order.fields.contact_name ?? customer.name
}
