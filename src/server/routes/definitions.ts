import { own } from '../../engine/define.ts'
import { labelOf, sendRefusal } from '../answer.ts'
import { buildOf, definitionView, gapsOf, readDefinitions } from '../definitions.ts'
import { type Routes, ctxOf } from '../http.ts'
import { openApi } from '../openapi.ts'
import type { DefinitionsView } from '../views.ts'

/** What the company runs: its processes as data, for forms; and the whole API, for other programs. */
export const definitionRoutes: Routes = (server, app) => {
  server.get('/api/definitions', async (request): Promise<DefinitionsView> => {
    const ctx = ctxOf(request)
    const { definitions } = await app.db.read(ctx.company.id, (reader) => readDefinitions(ctx, reader))
    return { definitions: Object.values(definitions).map((process) => ({
      process: process.name, label: labelOf(ctx.words, process, process.name),
      creates: Object.entries(process.actions)
        .filter(([, action]) => action.from === null && !action.retired
          && action.by.some((doer) => ctx.actor.roles.includes(doer)))
        .map(([action]) => ({ action, label: labelOf(ctx.words, process, `action.${action}`) })),
    })) }
  })

  // The page behind a private link makes its forms from this, too.
  const customers = { config: { customers: true as const } }
  server.get<{ Params: { process: string } }>('/api/definitions/:process', customers, async (request, reply) => {
    const ctx = ctxOf(request)
    const { definitions, revision, texts, limits } = await app.db.read(ctx.company.id,
      (reader) => readDefinitions(ctx, reader))
    const process = own(definitions, request.params.process)
    if (!process) {
      const known = own(app.house.processes, request.params.process)
      return sendRefusal(request, reply, { code: known ? 'process_off' : 'not_found' })
    }
    const eye = ctx.actor.kind === 'contact' ? 'c' : 's'
    const tag = `"${buildOf(app.house)}-${ctx.company.id}-${revision}-${ctx.words.language}-${eye}"`
    void reply.header('etag', tag).header('cache-control', 'private, no-cache')
    if (request.headers['if-none-match']?.includes(tag)) return reply.status(304).send()
    return definitionView(process, ctx.words, ctx.actor, gapsOf(ctx.words, { texts, limits }))
  })

  server.get('/api/openapi.json', async (request, reply) => {
    const ctx = ctxOf(request)
    const { definitions, revision } = await app.db.read(ctx.company.id, (reader) => readDefinitions(ctx, reader))
    return reply.send(openApi({ definitions, revision, words: ctx.words, routes: server.routeTable,
      company: ctx.company.name }))
  })
}
