import type { Refusal } from '../../engine/refusal.ts'
import type { Ctx } from '../context.ts'
import { endOfFriday } from '../company-time.ts'
import type { Act, Noun } from './noun.ts'

/** 回访 */
export const callBack: Noun = {
  table: 'call_back',
  columns: ['planned_at', 'attempts', 'next_at', 'runs_normally', 'weak_points', 'weak_text', 'three_minutes',
    'satisfaction', 'potential_need', 'feedback', 'report_by_at'],
  json: ['weak_points'],
  number: { prefix: 'HF', period: 'month', digits: 4 },
  search: ['weak_text', 'potential_need'],
  derive: () => ({}),
  writes: {
    plan,
    async call(_ctx, _tx, act) {
      act.set('attempts', Number(act.values.attempts ?? 0) + 1)
      return null
    },
  },
}

const fridayToMonday = 3 * 86_400_000

/** Due on the Friday of the week in which the order was entered (on Saturday or Sunday: the next one). */
async function plan(ctx: Ctx, _tx: unknown, act: Act): Promise<Refusal | null> {
  const friday = endOfFriday(ctx.company.time_zone, Date.parse(act.at))
  if (act.input.planned_at === undefined) act.set('planned_at', friday)
  act.set('report_by_at', new Date(Date.parse(friday) + fridayToMonday).toISOString())
  act.setHead('team', 'coordinator')
  return null
}
