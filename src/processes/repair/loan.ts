import { typed } from '../../engine/ask.ts'
import { defineProcess } from '../../engine/define.ts'

/** 备用机 — a machine of ours lent while the customer's is here. Source: S4-142, form G22. */
const desk = ['coordinator', 'hotline'] as const

export const loan = defineProcess({
  name: 'loan',
  zh: '备用机借用',

  states: {
    lent: { zh: '借出中', kind: 'waiting', next: 'take_back', owed_by: 'customer' },
    returned: { zh: '已归还', kind: 'done' },
  },

  guards: {
    none_named: { zh: '没有选登记在册的备用机', ...typed({ input: 'loaner', given: false }) },
    is_good: { zh: '完好', ...typed({ input: 'condition', is: ['good'] }) },
    is_damaged: { zh: '有损坏或缺件', ...typed({ input: 'condition', is: ['damaged'] }) },
  },

  actions: {
    lend: { zh: '借出', from: null, to: 'lent', by: ['system', ...desk], writes: 'lend', rule: ['S4-142'],
      needs: { title: { kind: 'text', zh: '事项', max: 120 }, loaner: { kind: 'record', process: 'loaner', zh: '在册备用机' },
        what: { kind: 'text', zh: '备用机', required: 'none_named', max: 120, hint: '没有登记在册的，写品牌型号' },
        accessories: { kind: 'text', zh: '随机附件', max: 200 }, condition_out: { kind: 'text', zh: '借出时的状况', max: 200 },
        until: { kind: 'date', zh: '约定归还' } },
      then: [{ print: 'loan_slip' }, { tell: 'named', field: 'loaner', action: 'went_out' }] },
    extend: { zh: '续借', from: 'lent', by: desk, writes: 'extend',
      needs: { until: { kind: 'date', zh: '约定归还', required: true }, reason: { kind: 'text', zh: '原因', required: true } } },
    take_back: { zh: '归还', from: 'lent', to: 'returned', by: [...desk, 'bench_engineer', 'lead_engineer'], rule: ['S4-142'],
      needs: { condition: { kind: 'choice', zh: '状况', required: true, options: { good: '完好', damaged: '有损坏或缺件' } },
        note: { kind: 'long_text', zh: '备注', required: 'is_damaged', max: 500 } },
      then: [{ tell: 'named', field: 'loaner', action: 'came_back', when: 'is_good' },
        { tell: 'named', field: 'loaner', action: 'came_back_damaged', when: 'is_damaged' },
        { send: 'loan_damaged', to: 'supervisor', when: 'is_damaged' }] },
    not_back: { zh: '到期未还', from: 'lent', by: ['system'],
      then: [{ open: 'task', fill: { title: { words: 'task.loan_back' }, team: { value: 'coordinator' } } }] },
    reprint: { zh: '重印借用单', from: ['lent', 'returned'], by: desk, then: [{ print: 'loan_slip' }] },
  },

  clocks: {
    give_back: { zh: '归还备用机', runs_in: ['lent'], due: { at: 'until_at' }, calendar: 'office', then: 'not_back',
      kind: 'limit', rule: ['S4-142'] },
  },
  documents: { loan_slip: { zh: '备用机借用单', template: 'loan-slip', rule: ['S4-142'] } },
})
