import { fail } from '../../engine/fields.ts'
import type { FieldProblem, Refusal } from '../../engine/refusal.ts'
import { dayMs, offsetAt } from '../../engine/time-zone.ts'
import type { Ctx } from '../context.ts'
import { type Tx, sql } from '../db.ts'
import { linesOf, moveStock, partsIn, quantityText, summaryOf } from '../stock.ts'
import type { Act, Noun } from './noun.ts'

/** 备件订购 */
export const purchase: Noun = {
  table: 'purchase',
  columns: ['lines', 'summary', 'supplier', 'amount_fen', 'eta', 'eta_at', 'paid_on', 'paid_fen', 'customer_payment',
    'customer_paid_fen', 'customer_paid_on', 'accepted', 'enclosed'],
  json: ['lines', 'accepted'],
  number: { prefix: 'DG', period: 'month', digits: 4 },
  derive: (head, values) => ({ customer_has_paid: typeof values.customer_payment === 'string',
    eta: typeof values.eta === 'string' ? values.eta : null, for_a_case: (head.parent ?? null) !== null,
    supplier: typeof values.supplier === 'string' ? values.supplier : null,
    to_check: [...new Set(linesOf(values.lines).map(({ part }) => part))].map((part) => ({ part })) }),
  title: (values) => String(values.summary ?? ''),
  search: ['supplier'],
  writes: { request, set_eta: setEta, check_in: checkIn, ship },
}

const bad = (fields: readonly FieldProblem[]): Refusal => ({ code: 'bad_input', fields })

async function request(_ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  const lines = linesOf(act.input.lines)
  const { parts, problems } = await partsIn(tx, 'lines', lines)
  if (problems.length > 0) return bad(problems)
  act.set('summary', summaryOf(lines, parts))
  return null
}

/** A date is kept until its end: only then is the delivery late. The order is found with the customer of its case. */
async function setEta(ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  const end = Date.parse(`${String(act.input.eta)}T00:00:00Z`) + dayMs
  act.set('eta_at', new Date(end - offsetAt(ctx.company.time_zone, end)).toISOString())
  const [root] = await tx.query<{ customer: string | null }>(sql`
    select customer from record where id = ${act.head!.root}`.named('root_of_purchase'))
  if (root?.customer) act.setHead('customer', root.customer)
  return null
}

/** Every part ordered is looked at; no more comes in than was ordered. */
async function checkIn(ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  const checked = linesOf(act.input.checked).map((row) => ({ part: row.part, passed: Number(row.passed),
    failed: Number(row.failed ?? 0) }))
  const ordered = new Map<string, number>()
  for (const { part, quantity } of linesOf(act.values.lines)) ordered.set(part, (ordered.get(part) ?? 0) + quantity)
  const left = new Map(ordered)
  const problems = checked.flatMap(({ part, passed, failed }, index) => {
    const most = left.get(part)
    if (most === undefined) return [fail(`checked.${index}.part`, 'not_an_option')]
    left.set(part, most - passed - failed)
    return passed + failed > most ? [fail(`checked.${index}.passed`, 'too_large', { max: quantityText(most) })] : []
  })
  if ([...ordered.keys()].some((part) => !checked.some((row) => row.part === part))) {
    problems.push(fail('checked', 'not_answered'))
  }
  if (problems.length > 0) return bad(problems)
  const accepted = checked.filter(({ passed }) => passed > 0).map(({ part, passed }) => ({ part, quantity: passed }))
  act.set('accepted', accepted)
  return moveStock(ctx, tx, act, accepted.map((row) => ({ ...row, from: 'supplier', to: 'store' })))
}

function ship(ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  return moveStock(ctx, tx, act, linesOf(act.values.accepted).map(({ part, quantity }) =>
    ({ part, quantity, from: 'store', to: 'customer' })))
}
