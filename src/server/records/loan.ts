import type { Refusal } from '../../engine/refusal.ts'
import { instantIn } from '../company-time.ts'
import type { Ctx } from '../context.ts'
import type { Act, Noun } from './noun.ts'

const closingHour = 18

/** 备用机借用 */
export const loan: Noun = {
  table: 'loan',
  columns: ['what', 'accessories', 'condition_out', 'until', 'until_at', 'condition', 'note'],
  number: { prefix: 'JY', period: 'month', digits: 4 },
  derive: () => ({}),
  search: ['what'],
  writes: { lend },
}

/** It is back by the evening of the agreed day. */
async function lend(ctx: Ctx, _tx: unknown, act: Act): Promise<Refusal | null> {
  const until = act.input.until
  act.set('until_at', typeof until !== 'string' ? null
    : new Date(instantIn(ctx.company.time_zone, until, closingHour)).toISOString())
  return null
}
