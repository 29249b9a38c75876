import type { Noun } from './noun.ts'

/** 人员 */
export const member: Noun = {
  table: 'member',
  columns: ['name', 'positions', 'phone', 'email', 'active'],
  number: { prefix: 'RY', period: 'ever', digits: 4 },
  derive: (head, _values, ctx) => ({ is_self: head.id === ctx.actor.id, is_last_administrator: false }),
  title: (values) => String(values.name ?? ''),
  search: ['name', 'phone', 'email'],
  writes: {
    async join(_ctx, _tx, act) {
      act.set('active', true)
      return null
    },
  },
}
