import { fail } from '../../engine/fields.ts'
import type { Refusal } from '../../engine/refusal.ts'
import type { Ctx } from '../context.ts'
import { endOfDay } from '../contracts/days.ts'
import type { Tx } from '../db.ts'
import type { Act, Noun } from './noun.ts'

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

/** 服务计划 */
export const service_plan: Noun = {
  table: 'service_plan',
  columns: ['plan_from', 'plan_until', 'ends_at', 'goal', 'items', 'given', 'summary'],
  json: ['items'],
  number: { prefix: 'FJ', period: 'year', digits: 4 },
  derive: () => ({}),
  follows: (changes, ctx) => (ctx && 'plan_until' in changes ? { ends_at: endOfDay(ctx, text(changes.plan_until)) } : {}),
  search: ['goal', 'summary'],
  writes: {
    async draw_up(ctx, tx, act) {
      act.set('given', 0)
      return check(ctx, tx, act)
    },
    check,
    // What is handed out is somebody's from then on; the handler of the plan stays who they are.
    async give_out(_ctx, _tx, act) {
      act.setHead('handler', act.head?.handler ?? null)
      act.setHead('team', 'supervisor')
      act.set('given', Number(act.values.given ?? 0) + 1)
      return null
    },
  },
}

/** It ends after it begins, and each item lies within. */
async function check(_ctx: Ctx, _tx: Tx, act: Act): Promise<Refusal | null> {
  const [from, until] = [String(act.values.plan_from), String(act.values.plan_until)]
  if (until < from) return { code: 'bad_input', fields: [fail('plan_until', 'not_an_option')] }
  const items = Array.isArray(act.values.items) ? act.values.items as { on: string }[] : []
  const outside = items.flatMap(({ on }, index) => (on >= from && on <= until ? []
    : [fail(`items.${index}.on`, 'not_an_option')]))
  return outside.length > 0 ? { code: 'bad_input', fields: outside } : null
}
