import { refuseUnlessActive } from '../customers/standing.ts'
import type { Noun } from './noun.ts'

/** 客户文章 */
export const publication: Noun = {
  table: 'publication',
  columns: ['writer', 'published_on', 'where_published', 'link', 'summary', 'read_by', 'read_note'],
  number: { prefix: 'WZ', period: 'year', digits: 4 },
  derive: () => ({}),
  search: ['writer', 'where_published', 'summary', 'read_note'],
  writes: {
    async register(ctx, tx, act) {
      if (act.input.handler === undefined && ctx.actor.kind === 'member') act.setHead('handler', ctx.actor.id)
      return refuseUnlessActive(tx, act.input.customer, 'customer')
    },
    async read(ctx, _tx, act) {
      act.set('read_by', ctx.actor.id)
      return null
    },
  },
}
