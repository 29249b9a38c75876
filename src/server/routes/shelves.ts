import { fail } from '../../engine/fields.ts'
import type { Refusal } from '../../engine/refusal.ts'
import { sendRefusal } from '../answer.ts'
import { type Routes, ctxOf } from '../http.ts'
import { placeListPage } from '../print/place-list.ts'
import { openPrinter } from '../print/printer.ts'
import type { PlaceKind } from '../shelf-names.ts'
import { readShelves } from '../shelves.ts'

type Query = { by?: unknown; key?: unknown }
/** As long as a place may be called. */
const keyMost = 40

/** What stands where: shelves of machines, folders of paper. Moving is an action of the order. */
export const shelfRoutes: Routes = (server, app) => {
  // Where no worker prints on this node, one is opened with the first list.
  const printer = app.printer ?? openPrinter()
  if (!app.printer) server.addHook('onClose', () => printer.close())

  server.get<{ Querystring: Query }>('/api/shelves', async (request, reply) => {
    const ctx = ctxOf(request)
    const asked = askedOf(request.query)
    if ('refusal' in asked) return sendRefusal(request, reply, asked.refusal)
    const view = await app.db.read(ctx.company.id, (reader) => readShelves(ctx, reader, asked.by, asked.key))
    return view ?? sendRefusal(request, reply, { code: 'not_found' })
  })

  server.get<{ Querystring: Query }>('/api/shelves/paper', async (request, reply) => {
    const ctx = ctxOf(request)
    const asked = askedOf(request.query)
    if ('refusal' in asked) return sendRefusal(request, reply, asked.refusal)
    const page = await app.db.read(ctx.company.id, async (reader) => {
      const view = await readShelves(ctx, reader, asked.by, asked.key)
      return view && placeListPage(ctx, reader, view)
    })
    if (!page) return sendRefusal(request, reply, { code: 'not_found' })
    return reply.type('application/pdf').header('content-disposition', 'inline; filename="places.pdf"')
      .send(Buffer.from(await printer.render('place-list', page)))
  })
}

function askedOf({ by = 'shelf', key = null }: Query): { by: PlaceKind; key: string | null } | { refusal: Refusal } {
  if (by !== 'shelf' && by !== 'folder') return { refusal: { code: 'bad_input', fields: [fail('by', 'not_an_option')] } }
  if (key !== null && (typeof key !== 'string' || key === '' || key.length > keyMost || key.includes('\u0000'))) {
    return { refusal: { code: 'bad_input', fields: [fail('key', 'wrong_type')] } }
  }
  return { by, key }
}
