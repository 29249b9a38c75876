import { agreeAtOpening, underOf } from '../contracts/entitled.ts'
import { entitledLine } from '../contracts/said.ts'
import { wordsOf } from '../../words/index.ts'
import type { Noun } from './noun.ts'

/** 待办 */
export const task: Noun = {
  table: 'task',
  columns: ['detail', 'due_at', 'result', 'contact_name', 'contact_phone', 'contract', 'contract_class', 'entitled',
    'visited_on'],
  number: { prefix: 'DB', period: 'month', digits: 4 },
  derive: (_head, values) => ({ has_due: typeof values.due_at === 'string',
    under_contract: typeof values.contract === 'string' }),
  search: ['detail', 'result'],
  writes: {
    async open(ctx, tx, act) {
      const answer = await agreeAtOpening(ctx, tx, act, null)
      const under = answer && underOf(answer)
      act.set('contract', under?.contract ?? null)
      act.set('contract_class', under?.service_class ?? null)
      // Kept as it was said on that day: it goes out on paper, in the language of the house.
      act.set('entitled', answer && entitledLine(wordsOf('zh'), answer))
      return null
    },
    async take(ctx, _tx, act) {
      act.setHead('handler', ctx.actor.id)
      return null
    },
  },
}
