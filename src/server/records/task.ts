import { agreeAtOpening } from '../contracts/entitled.ts'
import type { Noun } from './noun.ts'

/** 待办 */
export const task: Noun = {
  table: 'task',
  columns: ['detail', 'due_at', 'result', 'contact_name', 'contact_phone'],
  number: { prefix: 'DB', period: 'month', digits: 4 },
  derive: (_head, values) => ({ has_due: typeof values.due_at === 'string' }),
  search: ['detail', 'result'],
  writes: {
    async open(ctx, tx, act) {
      await agreeAtOpening(ctx, tx, act, null)
      return null
    },
    async take(ctx, _tx, act) {
      act.setHead('handler', ctx.actor.id)
      return null
    },
  },
}
