import { fieldsOf } from '../../engine/define.ts'
import { labelOf, sendRefusal } from '../answer.ts'
import { exchangeLink, linkedProcess } from '../auth/links.ts'
import { loadCase } from '../case.ts'
import type { Ctx } from '../context.ts'
import { type Routes, ctxOf } from '../http.ts'
import { offerViews, stateView } from '../record-view.ts'
import { act } from './records.ts'
import { seenFields } from '../seen.ts'
import type { LinkedRecordView } from '../views.ts'

/**
 * The customer's door: a private link becomes a cookie, shows its one record and takes its actions. No other route is
 * there for a contact, but for those that say so (`customers`).
 */
export const linkRoutes: Routes = (server, app) => {
  server.get<{ Params: { token: string } }>('/api/link/:token', { config: { open: true } }, async (request, reply) => {
    const exchanged = await exchangeLink(app, request, reply, request.params.token)
    return exchanged.ok ? { ok: true } : sendRefusal(request, reply, exchanged.refusal)
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
      if (!ctx.actor.link) return sendRefusal(request, reply, { code: 'not_found' })
      const wish = { process: linkedProcess(ctx), action: request.params.action, id: ctx.actor.link.record,
        input: request.body ?? {} }
      return act(app, request, reply, wish, (asker, _process, id) => readLinked(asker, id))
    })
}

/** The one record of a link, by the fields that are marked for customers. */
async function readLinked(ctx: Ctx, id: string): Promise<LinkedRecordView | null> {
  const one = await ctx.app.db.read(ctx.company.id, (reader) => loadCase(ctx, reader, linkedProcess(ctx), id, false))
  if (!one) return null
  const { process, head, values } = one
  const sees = seenFields(process, ctx.actor)
  const fields = Object.entries(fieldsOf(process)).filter(([name]) => sees(name))
  return {
    company: ctx.company.name, process: process.name, label: labelOf(ctx.words, process, process.name),
    number: head.number, seq: head.seq, state: stateView(ctx, process, head.state), opened_at: head.opened_at,
    changed_at: head.changed_at, offers: offerViews(ctx, one),
    fields: fields.map(([name, { kind }]) =>
      ({ name, label: labelOf(ctx.words, process, `field.${name}`), kind, value: values[name] ?? null })),
  }
}
