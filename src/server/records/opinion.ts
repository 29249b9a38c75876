import { fail } from '../../engine/fields.ts'
import { sql } from '../db.ts'
import type { Noun } from './noun.ts'

const titleMost = 40

/** 意见建议 */
export const opinion: Noun = {
  table: 'opinion',
  columns: ['what', 'opinion_class', 'channel', 'from_department', 'judged', 'judged_because', 'department', 'answer',
    'adoption', 'told_how'],
  number: { prefix: 'YJ', period: 'month', digits: 4 },
  derive: (head) => ({ has_customer: head.customer !== null && head.customer !== undefined }),
  title: (values) => [...String(values.what ?? '—').split('\n')[0]!].slice(0, titleMost).join(''),
  search: ['what', 'answer'],
  writes: {
    async register(_ctx, tx, act) {
      const { customer } = act.input
      if (customer === undefined) return null
      const [row] = await tx.query<{ kind: string }>(sql`
        select kind from record where id = ${customer}::uuid and process = 'customer'`.named('customer_of_opinion'))
      return row && row.kind !== 'void' ? null : { code: 'bad_input', fields: [fail('customer', 'not_an_option')] }
    },
    async screen(_ctx, _tx, act) {
      if (act.input.judged !== 'good') act.set('department', null)
      return null
    },
  },
}
