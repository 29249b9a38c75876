import type { Noun } from './noun.ts'

/** 遗失损坏 */
export const incident: Noun = {
  table: 'incident',
  columns: ['what', 'solution', 'cost_fen'],
  number: { prefix: 'YS', period: 'month', digits: 4 },
  derive: () => ({}),
  writes: {},
}
