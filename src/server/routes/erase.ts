import { own } from '../../engine/define.ts'
import { fail, isUuid } from '../../engine/fields.ts'
import { sendRefusal } from '../answer.ts'
import { erase } from '../erase.ts'
import { type Routes, ctxOf } from '../http.ts'

const keyMost = 200

/** An administrator has the personal data of one record erased. */
export const eraseRoutes: Routes = (server, app) => {
  server.post<{ Params: { process: string; id: string } }>('/api/:process/:id/erase', async (request, reply) => {
    const { process, id } = request.params
    if (!isUuid(id)) return sendRefusal(request, reply, { code: 'not_found' })
    const key = request.headers['idempotency-key']
    if (Array.isArray(key) || (key !== undefined && (key.length < 8 || key.length > keyMost))) {
      return sendRefusal(request, reply, { code: 'bad_input', fields: [fail('Idempotency-Key', 'bad_format')] })
    }
    const { reason, ...more } = (request.body ?? {}) as { reason?: unknown }
    const outcome = await erase(ctxOf(request), { process, id, reason, more,
      ...(key !== undefined && { key }) })
    if (!outcome.ok) {
      return sendRefusal(request, reply, outcome.refusal, { process: own(app.house.processes, process) })
    }
    return { erased: outcome.erased, seq: outcome.seq }
  })
}
