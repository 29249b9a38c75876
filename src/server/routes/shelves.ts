import { fail } from '../../engine/fields.ts'
import { sendRefusal } from '../answer.ts'
import { type Routes, ctxOf } from '../http.ts'
import { readShelves } from '../shelves.ts'

type Query = { by?: unknown; key?: unknown }
/** As long as a place may be called. */
const keyMost = 40

/** What stands where: shelves of machines, folders of paper. Moving is an action of the order. */
export const shelfRoutes: Routes = (server, app) => {
  server.get<{ Querystring: Query }>('/api/shelves', async (request, reply) => {
    const ctx = ctxOf(request)
    const { by = 'shelf', key = null } = request.query
    if (by !== 'shelf' && by !== 'folder') {
      return sendRefusal(request, reply, { code: 'bad_input', fields: [fail('by', 'not_an_option')] })
    }
    if (key !== null && (typeof key !== 'string' || key === '' || key.length > keyMost || key.includes('\u0000'))) {
      return sendRefusal(request, reply, { code: 'bad_input', fields: [fail('key', 'wrong_type')] })
    }
    const view = await app.db.read(ctx.company.id, (reader) => readShelves(ctx, reader, by, key))
    return view ?? sendRefusal(request, reply, { code: 'not_found' })
  })
}
