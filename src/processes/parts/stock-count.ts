import { type BaseFacts, defineProcess } from '../../engine/define.ts'
import type { Field } from '../../engine/fields.ts'

/**
 * 盘点 — what lies on the shelf is counted and compared with the ledger; a difference is posted as a movement with its
 * reason. What moves between counting and closing stays right: the difference counts, not the figure. Source: S4-170.
 */
type Facts = BaseFacts & { has_difference: boolean; has_counted: boolean }

const reason: Field = { kind: 'text', zh: '原因', required: true }

export const stock_count = defineProcess({
  name: 'stock_count',
  zh: '盘点',

  states: {
    counting: { zh: '盘点中', kind: 'active', next: 'count', owed_by: 'storekeeper' },
    closed: { zh: '已结束', kind: 'done' },
    dropped: { zh: '已作废', kind: 'void' },
  },

  guards: {
    something_counted: { zh: '还没有盘点任何备件', test: (f: Facts) => f.has_counted },
    has_difference: { zh: '盘点有差异', test: (f: Facts) => f.has_difference },
  },

  actions: {
    open: { zh: '开始盘点', from: null, to: 'counting', by: ['storekeeper', 'supervisor'], needs: {
      place: { kind: 'choice', zh: '库房', required: true, options: { store: '备件库房', used_store: '旧件库' } } } },

    count: { zh: '录入盘点数', from: 'counting', by: ['storekeeper', 'supervisor'], writes: 'count', needs: {
      lines: { kind: 'lines', zh: '盘点明细', required: true, max: 100, columns: {
        part: { kind: 'record', zh: '备件', process: 'part', required: true },
        quantity: { kind: 'quantity', zh: '实有数量', required: true } } } } },

    close: { zh: '结束盘点', from: 'counting', to: 'closed', by: ['storekeeper', 'supervisor'],
      when: ['something_counted'], writes: 'close', rule: ['S4-170'],
      needs: { reason: { kind: 'text', zh: '原因', required: 'has_difference' } },
      then: [{ send: 'stock_count_closed', to: 'supervisor' }] },

    drop: { zh: '作废', from: 'counting', to: 'dropped', by: ['storekeeper', 'supervisor'],
      needs: { dropped_because: reason } },
  },

  clocks: {},
  documents: {},
})
