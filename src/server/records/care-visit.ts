import { fail } from '../../engine/fields.ts'
import { refuseUnlessActive } from '../customers/standing.ts'
import type { Noun } from './noun.ts'

/** 客户拜访 */
export const care_visit: Noun = {
  table: 'care_visit',
  columns: ['visit_kind', 'planned_at', 'means', 'met_whom', 'held_at', 'content', 'product_given', 'product_heard',
    'product_view', 'service_view', 'wishes', 'questions', 'suggestion', 'problem', 'found_first', 'complaint',
    'satisfaction', 'put_off_count', 'findings', 'analysis', 'advice', 'sent_to'],
  json: ['questions'],
  number: { prefix: 'BF', period: 'month', digits: 4 },
  derive: (_head, values) => ({ visit_kind: String(values.visit_kind ?? 'other') }),
  search: ['content', 'product_view', 'service_view', 'wishes', 'problem', 'findings', 'analysis'],
  writes: {
    async plan(ctx, tx, act) {
      const { customer } = act.values
      if (!customer && act.parent === null) return { code: 'bad_input', fields: [fail('customer', 'required')] }
      if (act.input.visit_kind === undefined) act.set('visit_kind', 'other')
      if (act.input.planned_at === undefined) act.set('planned_at', act.at)
      if (act.input.title === undefined) act.setHead('title', '—')
      if (act.input.handler === undefined) {
        if (ctx.actor.kind === 'member') act.setHead('handler', ctx.actor.id)
        else act.setHead('team', 'coordinator')
      }
      return act.input.customer === undefined ? null : refuseUnlessActive(tx, customer, 'customer')
    },
    async hold(_ctx, _tx, act) {
      act.set('held_at', act.at)
      return null
    },
    async put_off(_ctx, _tx, act) {
      act.set('put_off_count', Number(act.values.put_off_count ?? 0) + 1)
      return null
    },
  },
}
