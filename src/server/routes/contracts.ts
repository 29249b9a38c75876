import type { FastifyReply, FastifyRequest } from 'fastify'
import { cleanField, fail, isUuid } from '../../engine/fields.ts'
import type { FieldProblem } from '../../engine/refusal.ts'
import { type ServiceClass, serviceClasses } from '../../processes/contracts/contract-fields.ts'
import { sendRefusal } from '../answer.ts'
import { type Question, entitled } from '../contracts/entitled.ts'
import { todayIn } from '../contracts/days.ts'
import { entitlementView } from '../contracts/said.ts'
import type { Ctx } from '../context.ts'
import { seesCustomers } from '../customers/customer-file.ts'
import { type Routes, ctxOf } from '../http.ts'

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
