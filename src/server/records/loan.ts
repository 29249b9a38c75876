import type { Noun } from './noun.ts'

/** 备用机借用 */
export const loan: Noun = {
  table: 'loan',
  columns: ['what', 'until', 'condition'],
  number: { prefix: 'JY', period: 'month', digits: 4 },
  derive: () => ({}),
  writes: {},
}
