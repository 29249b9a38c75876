import { isUuid } from '../../engine/fields.ts'
import { sendRefusal } from '../answer.ts'
import { loadCase } from '../case.ts'
import { type Routes, ctxOf } from '../http.ts'
import { pageOf } from '../print/page.ts'
import { papers } from '../print/papers.ts'
import { openPrinter } from '../print/printer.ts'
import { readQuoting } from '../quoting.ts'
import { seenFields } from '../seen.ts'

type Asked = { Params: { id: string } }

/** The desk where a price is made: what one needs beside it, and how the paper will look. */
export const quotingRoutes: Routes = (server, app) => {
  // Where no worker prints on this node, one is opened with the first look.
  const printer = app.printer ?? openPrinter()
  if (!app.printer) server.addHook('onClose', () => printer.close())

  server.get<Asked>('/api/quotation/:id/desk', async (request, reply) => {
    const view = await readQuoting(ctxOf(request), request.params.id)
    return view ?? sendRefusal(request, reply, { code: 'not_found' })
  })

  server.get<Asked & { Querystring: { as?: string } }>('/api/quotation/:id/preview', async (request, reply) => {
    const ctx = ctxOf(request)
    const { id } = request.params
    const one = !isUuid(id) ? null
      : await app.db.read(ctx.company.id, (reader) => loadCase(ctx, reader, 'quotation', id, false))
    if (!one || !seenFields(one.process, ctx.actor)('lines')) return sendRefusal(request, reply, { code: 'not_found' })
    const page = await pageOf(ctx, one, 'quotation', ctx.actor.name, 0, app.publicUrl ?? null)
    const more = await papers.quotation!.build(ctx, one, { to_state: one.head.state, input: {}, who: ctx.actor.name })
    const picture = request.query.as === 'svg'
    const bytes = await printer.render('quotation', { ...page, ...more }, picture ? 'svg' : 'pdf')
    if (picture) return reply.type('image/svg+xml').send(Buffer.from(bytes))
    return reply.type('application/pdf').header('content-disposition', 'inline; filename="preview.pdf"')
      .send(Buffer.from(bytes))
  })
}
