import { typed } from '../../engine/ask.ts'
import { defineProcess } from '../../engine/define.ts'

/** 遗失损坏 — a machine or its parts lost or harmed in our keeping: the manager first, then the customer. Source: S4-N. */
const overseers = ['manager', 'supervisor', 'finance'] as const

export const incident = defineProcess({
  name: 'incident',
  zh: '遗失损坏',

  states: {
    reported: { zh: '已上报', kind: 'active', next: 'decide', owed_by: 'manager', edits: ['incident_kind', 'happened_on'] },
    decided: { zh: '已有方案', kind: 'active', next: 'tell_customer', owed_by: 'coordinator' },
    refused: { zh: '客户不接受', kind: 'active', next: 'decide', owed_by: 'manager' },
    told: { zh: '已告知客户', kind: 'done' },
  },

  guards: {
    is_refused: { zh: '客户不接受', ...typed({ input: 'customer_answer', is: ['refused'] }) },
  },

  actions: {
    report: { zh: '上报', from: null, to: 'reported', by: ['system', 'coordinator', 'bench_engineer', 'lead_engineer'],
      rule: ['S4-150'], needs: { title: { kind: 'text', zh: '事项', max: 120 },
        incident_kind: { kind: 'choice', zh: '情况', options: { lost: '遗失', damaged: '损坏', incomplete: '附件或配置缺失' } },
        what: { kind: 'long_text', zh: '经过', required: true, max: 2000 },
        happened_on: { kind: 'date', zh: '发生日期' }, responsible: { kind: 'person', zh: '经手人', seen_by: overseers },
        photos: { kind: 'files', zh: '照片' } },
      then: [{ send: 'incident', to: 'manager' }] },

    decide: { zh: '定方案', from: ['reported', 'refused'], to: 'decided', by: ['manager', 'supervisor'], writes: 'decide',
      rule: ['S4-150'], needs: {
        solution_kind: { kind: 'choice', zh: '处理方式', options: { repair: '免费修复', replace: '赔同类物品', money: '赔款',
          other: '其他' } },
        solution: { kind: 'long_text', zh: '解决方案', required: true, max: 2000 },
        compensation_fen: { kind: 'fen', zh: '赔付金额', hint: '超过主管权限的由经理定' },
        cost_fen: { kind: 'fen', zh: '内部费用', seen_by: overseers } },
      then: [{ send: 'incident_decided', to: 'coordinator' }, { print: 'incident_report' }] },

    tell_customer: { zh: '告知客户', from: 'decided', by: ['coordinator', 'manager', 'supervisor'], rule: ['S4-150'],
      to: [{ when: 'is_refused', state: 'refused' }, { state: 'told' }], needs: {
        tell_way: { kind: 'choice', zh: '方式', options: { phone: '电话', face: '当面', letter: '书面' } },
        customer_answer: { kind: 'choice', zh: '客户是否接受', required: true,
          options: { accepted: '接受', refused: '不接受，另定方案' } },
        answer: { kind: 'long_text', zh: '客户意见', required: true, max: 1000 } } },
    reprint: { zh: '重印报告', from: ['decided', 'refused', 'told'], by: ['coordinator', 'manager', 'supervisor'],
      then: [{ print: 'incident_report' }] },
  },

  clocks: {
    decide: { zh: '经理定方案', runs_in: ['reported', 'refused'], due: { minutes: 'incident.decide_minutes' },
      calendar: 'office', warn: [{ key: 'soon', share: 0.75 }], kind: 'limit', rule: ['S4-150'] },
    tell: { zh: '告知客户', runs_in: ['decided'], due: { minutes: 'incident.tell_minutes' }, calendar: 'office',
      kind: 'limit', rule: ['S4-150'] },
  },

  documents: {
    incident_report: { zh: '遗失损坏报告', template: 'incident-report', rule: ['S4-140'] },
  },
})
