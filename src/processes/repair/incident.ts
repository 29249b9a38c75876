import { defineProcess } from '../../engine/define.ts'
import type { Field } from '../../engine/fields.ts'

/** 遗失损坏 — a machine or its parts lost or harmed in our keeping: the manager first, then the customer. Source: S4-N. */
const what: Field = { kind: 'long_text', zh: '经过', required: true, max: 2000 }

export const incident = defineProcess({
  name: 'incident',
  zh: '遗失损坏',

  states: {
    reported: { zh: '已上报', kind: 'active', next: 'decide', owed_by: 'manager' },
    decided: { zh: '已有方案', kind: 'active', next: 'tell_customer', owed_by: 'coordinator' },
    told: { zh: '已告知客户', kind: 'done' },
  },

  guards: {},

  actions: {
    report: { zh: '上报', from: null, to: 'reported', by: ['system', 'coordinator', 'bench_engineer', 'lead_engineer'],
      rule: ['S4-150'], needs: { title: { kind: 'text', zh: '事项', max: 120 }, what },
      then: [{ send: 'incident', to: 'manager' }] },
    decide: { zh: '定方案', from: 'reported', to: 'decided', by: ['manager', 'supervisor'],
      needs: { solution: { kind: 'long_text', zh: '解决方案', required: true, max: 2000 },
        cost_fen: { kind: 'fen', zh: '费用', seen_by: ['manager', 'supervisor', 'finance'] } },
      then: [{ send: 'incident_decided', to: 'coordinator' }] },
    tell_customer: { zh: '告知客户', from: 'decided', to: 'told', by: ['coordinator', 'manager', 'supervisor'],
      needs: { answer: { kind: 'long_text', zh: '客户意见', required: true, max: 1000 } } },
  },

  clocks: {
    decide: { zh: '经理定方案', runs_in: ['reported'], due: { minutes: 'incident.decide_minutes' }, calendar: 'office',
      kind: 'limit' },
    tell: { zh: '告知客户', runs_in: ['decided'], due: { minutes: 'incident.tell_minutes' }, calendar: 'office',
      kind: 'limit' },
  },

  documents: {},
})
