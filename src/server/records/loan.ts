import { fail } from '../../engine/fields.ts'
import type { Refusal } from '../../engine/refusal.ts'
import { instantIn } from '../company-time.ts'
import type { Ctx } from '../context.ts'
import { type Reader, sql } from '../db.ts'
import type { Act, Noun } from './noun.ts'

const closingHour = 18

/** 备用机借用 */
export const loan: Noun = {
  table: 'loan',
  columns: ['loaner', 'what', 'accessories', 'condition_out', 'until', 'until_at', 'condition', 'note'],
  number: { prefix: 'JY', period: 'month', digits: 4 },
  derive: () => ({}),
  search: ['what'],
  writes: { lend, extend },
}

/** One of the house's own machines goes out once at a time; what it is called and what goes along, it knows itself. */
async function lend(ctx: Ctx, tx: Reader, act: Act): Promise<Refusal | null> {
  if (typeof act.input.loaner === 'string') {
    const [machine] = await tx.query<{ name: string; accessories: string | null; condition: string | null }>(sql`
      select n.name, n.accessories, n.condition from loaner n
        join record r on r.company_id = n.company_id and r.id = n.id and r.state = 'available'
      where n.id = ${act.input.loaner}::uuid and not exists (select 1 from loan l
        join record o on o.company_id = l.company_id and o.id = l.id and o.state = 'lent'
        where l.loaner = n.id and l.id <> ${act.id}::uuid)`.named('loaner_to_lend'))
    if (!machine) return { code: 'bad_input', fields: [fail('loaner', 'not_an_option')] }
    act.set('what', machine.name)
    act.set('accessories', act.input.accessories ?? machine.accessories)
    act.set('condition_out', act.input.condition_out ?? machine.condition)
  }
  return extend(ctx, tx, act)
}

/** It is back by the evening of the agreed day. */
async function extend(ctx: Ctx, _tx: unknown, act: Act): Promise<Refusal | null> {
  const until = act.input.until
  act.set('until_at', typeof until !== 'string' ? null
    : new Date(instantIn(ctx.company.time_zone, until, closingHour)).toISOString())
  return null
}
