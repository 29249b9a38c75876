import { defineProcess } from '../../engine/define.ts'
import type { Field } from '../../engine/fields.ts'

/** 投诉 — heard, looked into, answered, agreed. A small process for now; the complaint regulations widen it. */
const handler: Field = { kind: 'person', zh: '处理人' }

export const complaint = defineProcess({
  name: 'complaint',
  zh: '投诉',

  states: {
    opened: { zh: '已受理', kind: 'active', next: 'investigate', owed_by: 'supervisor' },
    investigating: { zh: '调查中', kind: 'active', next: 'propose', owed_by: 'handler' },
    proposed: { zh: '已提方案', kind: 'waiting', next: 'close', owed_by: 'customer' },
    closed: { zh: '已了结', kind: 'done' },
    withdrawn: { zh: '客户撤回', kind: 'void' },
  },

  guards: {},

  actions: {
    open: { zh: '受理投诉', from: null, to: 'opened', by: ['system', 'coordinator', 'hotline', 'supervisor', 'manager',
      'salesperson'], needs: { title: { kind: 'text', zh: '事项', max: 120 },
      what: { kind: 'long_text', zh: '客户不满的内容', max: 2000 } },
    then: [{ send: 'complaint', to: 'supervisor' }] },
    investigate: { zh: '着手调查', from: 'opened', to: 'investigating', by: ['supervisor', 'manager', 'quality'],
      needs: { handler: { ...handler, required: true } } },
    propose: { zh: '提出方案', from: 'investigating', to: 'proposed', by: ['supervisor', 'manager', 'quality'],
      needs: { cause: { kind: 'long_text', zh: '原因', required: true, max: 1000 },
        proposal: { kind: 'long_text', zh: '方案', required: true, max: 1000 } } },
    close: { zh: '了结', from: 'proposed', to: 'closed', by: ['supervisor', 'manager', 'quality'],
      needs: { agreed: { kind: 'choice', zh: '客户意见', required: true, options: { yes: '接受', no: '不接受，另行处理' } },
        outcome: { kind: 'long_text', zh: '结果', required: true, max: 1000 } } },
    withdraw: { zh: '客户撤回', from: ['opened', 'investigating', 'proposed'], to: 'withdrawn',
      by: ['supervisor', 'manager'], needs: { reason: { kind: 'text', zh: '原因', required: true } } },
  },

  clocks: {
    first_answer: { zh: '首次答复', runs_in: ['opened', 'investigating'], due: { minutes: 'complaint.answer_minutes' },
      calendar: 'office', warn: [{ key: 'soon', share: 0.75 }], kind: 'limit' },
  },

  documents: {},
  begins: ['task'],
})
