import type { Noun } from './noun.ts'

/** 审单 */
export const orderReview: Noun = {
  table: 'order_review',
  columns: ['defects', 'remark'],
  number: { prefix: 'SH', period: 'month', digits: 4 },
  derive: () => ({}),
  writes: {},
}
