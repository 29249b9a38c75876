import { own } from '../../engine/define.ts'
import { fail } from '../../engine/fields.ts'
import type { FieldProblem } from '../../engine/refusal.ts'
import { sendRefusal } from '../answer.ts'
import { type Routes, ctxOf } from '../http.ts'
import { sightOf } from '../policy.ts'
import { parseFlow, readFlow, seesFlow } from '../reports/flow.ts'
import { parseBehind, readBehind } from '../reports/flow-cases.ts'
import { readActivities } from '../reports/activities.ts'
import { parseCustomers, readCustomersCases, readCustomersReport, seesCustomersReport } from '../reports/customers.ts'
import { checkNames, textOf } from '../reports/period.ts'
import { parseRepairs, readRepairCases, readRepairs, repairsCsv } from '../reports/repairs.ts'

type Asked = { Querystring: Record<string, unknown> }

/** Reports: what the records say of themselves, and the cases behind each figure. */
export const reportRoutes: Routes = (server, app) => {
  server.get<Asked>('/api/reports/repairs', async (request, reply) => {
    const ctx = ctxOf(request)
    if (sightOf('repair_order', ctx.actor) === 'none') return sendRefusal(request, reply, { code: 'not_found' })
    const parsed = parseRepairs(ctx, request.query)
    if ('problems' in parsed) return sendRefusal(request, reply, { code: 'bad_input', fields: parsed.problems })
    const view = await app.db.read(ctx.company.id, (reader) => readRepairs(ctx, reader, parsed.query))
    if (request.query.format !== 'csv') return view
    return reply.type('text/csv; charset=utf-8').header('content-disposition', 'attachment; filename="repairs.csv"')
      .send(repairsCsv(ctx, view))
  })

  server.get<Asked>('/api/reports/repairs/cases', async (request, reply) => {
    const ctx = ctxOf(request)
    if (sightOf('repair_order', ctx.actor) === 'none') return sendRefusal(request, reply, { code: 'not_found' })
    const parsed = parseRepairs(ctx, request.query)
    if ('problems' in parsed) return sendRefusal(request, reply, { code: 'bad_input', fields: parsed.problems })
    return app.db.read(ctx.company.id, (reader) => readRepairCases(ctx, reader, parsed.query))
  })

  for (const [path, read] of [['/api/reports/customers', readCustomersReport],
    ['/api/reports/customers/cases', readCustomersCases]] as const) {
    server.get<Asked>(path, async (request, reply) => {
      const ctx = ctxOf(request)
      if (!seesCustomersReport(ctx)) return sendRefusal(request, reply, { code: 'not_found' })
      const parsed = parseCustomers(ctx, request.query)
      if ('problems' in parsed) return sendRefusal(request, reply, { code: 'bad_input', fields: parsed.problems })
      return app.db.read<object>(ctx.company.id, (reader) => read(ctx, reader, parsed.query))
    })
  }

  server.get<Asked & { Params: { process: string } }>('/api/reports/activities/:process', async (request, reply) => {
    const ctx = ctxOf(request)
    const { process } = request.params
    if (!own(app.house.processes, process) || sightOf(process, ctx.actor) === 'none') {
      return sendRefusal(request, reply, { code: 'not_found' })
    }
    const problems: FieldProblem[] = []
    checkNames(request.query, ['phases', 'times'], problems)
    const phases = textOf(request.query, 'phases') ?? 'complete'
    if (phases !== 'complete' && phases !== 'all') problems.push(fail('phases', 'not_an_option'))
    if (problems.length > 0) return sendRefusal(request, reply, { code: 'bad_input', fields: problems })
    // Names of activities hold anything but a line upright.
    const times = textOf(request.query, 'times')?.split('|') ?? []
    return app.db.read(ctx.company.id, (reader) => readActivities(ctx, reader,
      { process, phases: phases as 'complete', times }))
  })

  server.get<Asked & { Params: { process: string } }>('/api/reports/flow/:process', async (request, reply) => {
    const ctx = ctxOf(request)
    const process = own(app.house.processes, request.params.process)
    if (!process || !seesFlow(ctx, process.name)) return sendRefusal(request, reply, { code: 'not_found' })
    const parsed = parseFlow(ctx, request.query)
    if ('problems' in parsed) return sendRefusal(request, reply, { code: 'bad_input', fields: parsed.problems })
    return app.db.read(ctx.company.id, (reader) => readFlow(ctx, reader, process, parsed.query))
  })

  server.get<Asked & { Params: { process: string } }>('/api/reports/flow/:process/cases', async (request, reply) => {
    const ctx = ctxOf(request)
    const process = own(app.house.processes, request.params.process)
    if (!process || !seesFlow(ctx, process.name)) return sendRefusal(request, reply, { code: 'not_found' })
    const parsed = parseBehind(ctx, request.query)
    if ('problems' in parsed) return sendRefusal(request, reply, { code: 'bad_input', fields: parsed.problems })
    return app.db.read(ctx.company.id, (reader) => readBehind(ctx, reader, process, parsed.query))
  })
}
