import { typed } from '../../engine/ask.ts'
import { type BaseFacts, defineProcess } from '../../engine/define.ts'
import type { Field } from '../../engine/fields.ts'

/**
 * 拜访计划 — when a customer is seen to after a service, after commissioning, or because they matter. It opens the visits;
 * a key user's goes on, year after year. Source: S0-045, S3-005, S3-011, S3-068, S3-069.
 */
type Facts = BaseFacts & { plan_kind: string }

const callers = ['coordinator', 'hotline', 'field_engineer', 'lead_engineer', 'salesperson'] as const
const heads = ['supervisor', 'manager'] as const

export const planKinds = { follow_up: '服务后跟踪', return_visit: '服务后回访', key_user: '重点用户走访', care: '重点客户关怀' }
export const degrees = { very_satisfied: '很满意', satisfied: '满意', neutral: '一般', dissatisfied: '不满意' } as const

const handler: Field = { kind: 'person', zh: '由谁拜访', hint: '不填就是自己' }

export const visitPlan = defineProcess({
  name: 'visit_plan',
  zh: '拜访计划',

  states: {
    running: { zh: '进行中', kind: 'active', edits: ['goal', 'handler'] },
    ended: { zh: '已结束', kind: 'done' },
    dropped: { zh: '已取消', kind: 'void' },
  },

  guards: {
    has_dates: { zh: '按日期安排的计划', ...typed({ input: 'plan_kind', is: ['follow_up', 'return_visit', 'key_user'] }) },
    sees_thrice: { zh: '分三次安排的计划', ...typed({ input: 'plan_kind', is: ['follow_up', 'key_user'] }) },
    is_care: { zh: '只有关怀计划逐项安排', test: (f: Facts) => f.plan_kind === 'care' },
    // The visit that tells of its end is closed by then.
    goes_on: { zh: '每年至少一次', rule: ['S3-069'],
      test: (f: Facts) => f.plan_kind === 'key_user' && f.open_children === 0 },
    is_through: { zh: '都拜访过了',
      test: (f: Facts) => (f.plan_kind === 'follow_up' || f.plan_kind === 'return_visit') && f.open_children === 0 },
  },

  actions: {
    begin: { zh: '制定计划', from: null, to: 'running', by: ['system', ...callers, ...heads], writes: 'begin',
      rule: ['S0-045', 'S3-005', 'S3-068'],
      needs: {
        customer: { kind: 'record', process: 'customer', zh: '客户', required: true },
        plan_kind: { kind: 'choice', zh: '计划类别', required: true, options: planKinds,
          hint: '重点用户走访和重点客户关怀，只为等级是「重点」的客户制定' },
        base_on: { kind: 'date', zh: '从哪天算起', required: 'has_dates', asked_if: 'has_dates',
          hint: '离开现场、办结或投运的那一天' },
        handler, contact: { kind: 'text', zh: '找谁', max: 60, personal: true },
        goal: { kind: 'long_text', zh: '要达到什么', max: 1000 },
        satisfaction_before: { kind: 'choice', zh: '目前的满意度', options: degrees, rule: ['S3-011'] } },
      then: [
        { open: 'care_visit', when: 'has_dates', fill: { visit_kind: { record: 'plan_kind' },
          planned_at: { record: 'first_due_at' }, handler: { record: 'handler' }, title: { words: 'visit.first' } } },
        { open: 'care_visit', when: 'sees_thrice', fill: { visit_kind: { record: 'plan_kind' },
          planned_at: { record: 'second_due_at' }, handler: { record: 'handler' }, title: { words: 'visit.second' } } },
        { open: 'care_visit', when: 'sees_thrice', fill: { visit_kind: { record: 'plan_kind' },
          planned_at: { record: 'third_due_at' }, handler: { record: 'handler' }, title: { words: 'visit.third' } } },
      ] },

    add_item: { zh: '加一项', from: 'running', by: [...callers, ...heads], when: ['is_care'], rule: ['S3-011'],
      writes: 'add_item', needs: { item: { kind: 'text', zh: '做什么', required: true, max: 120 },
        item_on: { kind: 'date', zh: '哪天', required: true }, item_by: { kind: 'person', zh: '谁去做' } },
      then: [{ open: 'care_visit', fill: { visit_kind: { value: 'care' }, title: { input: 'item' },
        planned_at: { record: 'next_due_at' }, handler: { input: 'item_by' } } }] },

    visit_over: { zh: '一次拜访结束', from: 'running', by: ['system'], writes: 'visit_over', rule: ['S3-069'],
      to: [{ when: 'is_through', state: 'ended' }, { state: 'running' }],
      then: [{ open: 'care_visit', when: 'goes_on', fill: { visit_kind: { value: 'yearly' },
        planned_at: { record: 'next_due_at' }, handler: { record: 'handler' }, title: { words: 'visit.yearly' } } }] },

    finish: { zh: '结束计划', from: 'running', to: 'ended', by: [...callers, ...heads], needs: {
      satisfaction_after: { kind: 'choice', zh: '现在的满意度', options: degrees, rule: ['S3-011'] },
      outcome: { kind: 'long_text', zh: '结果', required: true, max: 2000 } } },
    drop: { zh: '取消', from: 'running', to: 'dropped', by: heads,
      needs: { reason: { kind: 'text', zh: '原因', required: true } } },
  },

  clocks: {},
  documents: {},
})
