import { languageOf, sendRefusal } from '../answer.ts'
import { wordsOf } from '../../words/index.ts'
import { attemptFrom, attemptToReport, countAttempts } from '../auth/attempts.ts'
import type { Ctx } from '../context.ts'
import type { Routes } from '../http.ts'
import { run } from '../run.ts'
import { paperOrRefusal } from './paper.ts'

const keyMost = 200

/**
 * A fault reported through the code on a machine, by whoever stands before it: an action of the machine, taken as a
 * contact who may do this one thing to this one record. Few a machine and few an address, in the database for all nodes.
 */
export const machineReportRoutes: Routes = (server, app) => {
  server.post<{ Params: { code: string } }>('/api/paper/:code/report', { config: { open: true } },
    async (request, reply) => {
      const paper = await paperOrRefusal(app, request)
      if ('refusal' in paper) return sendRefusal(request, reply, paper.refusal)
      if (paper.process !== 'machine') return sendRefusal(request, reply, { code: 'not_found' })
      const locked = await countAttempts(app, app.clock(), attemptFrom(request.ip, 'report'),
        attemptToReport(paper.record))
      if (locked) {
        void reply.header('retry-after', Number(locked.params?.minutes) * 60)
        return sendRefusal(request, reply, locked)
      }
      const body = (request.body ?? {}) as { reporter_name?: unknown }
      const name = typeof body.reporter_name === 'string' ? body.reporter_name.slice(0, 60) : ''
      const ctx: Ctx = { app, company: paper.company, now: app.clock(), via: 'link',
        words: wordsOf(languageOf(request)), actor: { kind: 'contact', id: null, name, roles: ['customer'],
          link: { record: paper.record, actions: ['report'] } } }
      const key = request.headers['idempotency-key']
      const outcome = await run(ctx, { process: 'machine', action: 'report', id: paper.record, input: body,
        ...(typeof key === 'string' && key.length >= 8 && key.length <= keyMost && { key: `${paper.record}:${key}` }) })
      if (!outcome.ok) return sendRefusal(request, reply, outcome.refusal, { process: app.house.processes.machine })
      return reply.status(201).send({ ok: true })
    })
}
