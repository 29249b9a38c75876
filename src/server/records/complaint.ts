import type { Noun } from './noun.ts'

/** 投诉 */
export const complaint: Noun = {
  table: 'complaint',
  columns: ['what', 'cause', 'proposal', 'outcome'],
  number: { prefix: 'TS', period: 'month', digits: 4 },
  derive: () => ({}),
  writes: {},
}
