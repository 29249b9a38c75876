import { fail } from '../../engine/fields.ts'
import type { Refusal } from '../../engine/refusal.ts'
import type { Ctx } from '../context.ts'
import type { Reader } from '../db.ts'
import { limitOf } from '../stock.ts'
import type { Act, Noun } from './noun.ts'

/** 遗失损坏 */
export const incident: Noun = {
  table: 'incident',
  columns: ['incident_kind', 'what', 'happened_on', 'responsible', 'solution_kind', 'solution', 'compensation_fen',
    'cost_fen', 'customer_answer', 'tell_way', 'answer', 'proposals'],
  number: { prefix: 'YS', period: 'month', digits: 4 },
  derive: () => ({}),
  search: ['what', 'solution'],
  writes: { decide },
}

/** What costs more than the company's figure is the manager's word. Every proposal is counted. */
async function decide(ctx: Ctx, tx: Reader, act: Act): Promise<Refusal | null> {
  const most = await limitOf(ctx, tx, 'incident.supervisor_fen')
  const fen = Number(act.input.compensation_fen ?? 0)
  if (most !== null && fen > most && !ctx.actor.roles.includes('manager')) {
    return { code: 'bad_input', fields: [fail('compensation_fen', 'too_large', { max: most })] }
  }
  act.set('proposals', Number(act.values.proposals ?? 0) + 1)
  return null
}
