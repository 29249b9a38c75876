import type { FastifyReply, FastifyRequest } from 'fastify'
import { cleanField, fail, isUuid } from '../../engine/fields.ts'
import type { FieldProblem } from '../../engine/refusal.ts'
import { type ServiceClass, serviceClasses } from '../../processes/contracts/contract-fields.ts'
import { sendRefusal } from '../answer.ts'
import { loadCase } from '../case.ts'
import { contractFile } from '../contracts/contract-file.ts'
import { type Question, entitled } from '../contracts/entitled.ts'
import { todayIn } from '../contracts/days.ts'
import { type Place, placeOf, readLife, readParts } from '../contracts/life.ts'
import { entitlementView } from '../contracts/said.ts'
import type { Ctx } from '../context.ts'
import { seesCustomers } from '../customers/customer-file.ts'
import { type Reader, sql } from '../db.ts'
import { type Routes, ctxOf } from '../http.ts'
import type { ContractFileView, LifeView, MachineFileView } from '../views-contracts.ts'

type Query = Readonly<Record<string, unknown>>

/** What a customer may expect, and the file of a contract. */
export const contractRoutes: Routes = (server) => {
  server.get<{ Querystring: Query }>('/api/entitlement', async (request, reply) => {
    const ctx = ctxOf(request)
    if (!seesCustomers(ctx)) return sendRefusal(request, reply, { code: 'not_found' })
    const asked = questionOf(ctx, request.query)
    if ('problems' in asked) return refused(request, reply, asked.problems)
    const answer = await ctx.app.db.read(ctx.company.id, (reader) => entitled(ctx, reader, asked.question))
    return entitlementView(ctx.words, asked.question.on, answer)
  })

  server.get<{ Params: { id: string }; Querystring: Query }>('/api/machines/:id/life', async (request, reply) => {
    const ctx = ctxOf(request)
    const { id } = request.params
    if (!isUuid(id) || !seesCustomers(ctx)) return sendRefusal(request, reply, { code: 'not_found' })
    const { before } = request.query
    const place = before === undefined ? null : placeOf(String(before))
    if (before !== undefined && place === null) return refused(request, reply, [fail('before', 'bad_format')])
    const view = await ctx.app.db.read(ctx.company.id, (reader) => machineFile(ctx, reader, id, place))
    return view ?? sendRefusal(request, reply, { code: 'not_found' })
  })

  server.get<{ Params: { id: string } }>('/api/contracts/:id/file', async (request, reply) => {
    const view = isUuid(request.params.id) ? await contractOf(ctxOf(request), request.params.id) : null
    return view ?? sendRefusal(request, reply, { code: 'not_found' })
  })
}

/** A contract that this reader may see, or null. */
async function contractOf(ctx: Ctx, id: string): Promise<ContractFileView | null> {
  return ctx.app.db.read(ctx.company.id, async (reader) => {
    const one = await loadCase(ctx, reader, 'contract', id, false)
    return one && contractFile(ctx, reader, one)
  })
}

/** The first page comes with warranty, contract and parts; further ones are the life alone. */
async function machineFile(ctx: Ctx, reader: Reader, id: string, place: Place | null):
  Promise<MachineFileView | LifeView | null> {
  const [row] = await reader.query<{ customer: string | null }>(sql`
    select customer from record where id = ${id}::uuid and process = 'machine'`.named('machine_file'))
  if (!row) return null
  const life = await readLife(ctx, reader, id, place)
  if (place !== null) return life
  const on = todayIn(ctx)
  const answer = await entitled(ctx, reader, { machine: id, customer: row.customer, service_class: null, on })
  return { life, parts: await readParts(reader, id), entitlement: entitlementView(ctx.words, on, answer) }
}

const refused = (request: FastifyRequest, reply: FastifyReply, fields: readonly FieldProblem[]): FastifyReply =>
  sendRefusal(request, reply, { code: 'bad_input', fields })

/** `customer` or `machine`, or both; `on` is today where it is left out; `class`: whatever helps. */
function questionOf(ctx: Ctx, query: Query): { question: Question } | { problems: FieldProblem[] } {
  const problems: FieldProblem[] = []
  const id = (name: 'customer' | 'machine'): string | null => {
    const value = query[name]
    if (value === undefined || value === '') return null
    if (isUuid(value)) return value
    problems.push(fail(name, 'unknown_record'))
    return null
  }
  const customer = id('customer')
  const machine = id('machine')
  if (customer === null && machine === null && problems.length === 0) problems.push(fail('customer', 'required'))
  const on = query.on === undefined ? { value: todayIn(ctx) } : cleanField('on', { kind: 'date', zh: '日期' }, query.on)
  if ('problem' in on) problems.push(on.problem)
  const wanted = query.class ?? null
  if (wanted !== null && !(typeof wanted === 'string' && Object.hasOwn(serviceClasses, wanted))) {
    problems.push(fail('class', 'not_an_option'))
  }
  if (problems.length > 0 || 'problem' in on) return { problems }
  return { question: { customer, machine, on: on.value as string, service_class: wanted as ServiceClass | null } }
}
