import { defineProcess } from '../../engine/define.ts'

/** 备用机 — a machine of ours lent while the customer's is here. Source: S4-142, form G22. */
export const loan = defineProcess({
  name: 'loan',
  zh: '备用机借用',

  states: {
    lent: { zh: '借出中', kind: 'waiting', next: 'take_back', owed_by: 'customer' },
    returned: { zh: '已归还', kind: 'done' },
  },

  guards: {},

  actions: {
    lend: { zh: '借出', from: null, to: 'lent', by: ['system', 'coordinator', 'hotline'],
      needs: { title: { kind: 'text', zh: '事项', max: 120 }, what: { kind: 'text', zh: '备用机', required: true, max: 120 },
        until: { kind: 'date', zh: '约定归还' } }, then: [{ print: 'loan_slip' }] },
    take_back: { zh: '归还', from: 'lent', to: 'returned',
      by: ['coordinator', 'hotline', 'bench_engineer', 'lead_engineer'],
      needs: { condition: { kind: 'choice', zh: '状况', required: true, options: { good: '完好', damaged: '有损坏' } },
        note: { kind: 'long_text', zh: '备注', max: 500 } } },
  },

  clocks: {},
  documents: { loan_slip: { zh: '备用机借用单', template: 'loan-slip' } },
})
