import { typed } from '../../engine/ask.ts'
import { defineProcess } from '../../engine/define.ts'

/**
 * 服务计划 — what the technical department means to do in a stretch of time, drawn up by its manager: item by item, each
 * handed to somebody when its time comes. Source: S1-029.
 */
const head = ['supervisor'] as const
const heads = ['supervisor', 'manager'] as const
const required = true as const

export const servicePlan = defineProcess({
  name: 'service_plan',
  zh: '服务计划',

  states: {
    drafted: { zh: '起草中', kind: 'active', next: 'issue', owed_by: 'supervisor', edits: ['title', 'plan_from', 'plan_until',
      'goal', 'items'] },
    issued: { zh: '执行中', kind: 'active', next: 'give_out', owed_by: 'supervisor', edits: ['goal'] },
    ended: { zh: '已结束', kind: 'done' },
    dropped: { zh: '已作废', kind: 'void' },
  },

  guards: {
    names_nobody: { zh: '没有指定谁来办', ...typed({ input: 'handler', given: false }) },
  },

  actions: {
    draw_up: { zh: '编制服务计划', from: null, to: 'drafted', by: head, writes: 'draw_up', rule: ['S1-029'], needs: {
      title: { kind: 'text', zh: '计划名称', required, max: 120, hint: '如：2026 年四季度服务计划' },
      plan_from: { kind: 'date', zh: '从哪天', required },
      plan_until: { kind: 'date', zh: '到哪天', required },
      goal: { kind: 'long_text', zh: '目标', max: 1000 },
      items: { kind: 'lines', zh: '事项', required, max: 50, rule: ['S1-029'], columns: {
        item: { kind: 'text', zh: '做什么', required, max: 120 },
        contract: { kind: 'record', process: 'contract', zh: '合同' },
        person: { kind: 'person', zh: '谁办' },
        on: { kind: 'date', zh: '哪天', required } } } } },
    issue: { zh: '下达', from: 'drafted', to: 'issued', by: head, writes: 'check',
      then: [{ send: 'service_plan_issued', to: 'field_engineer' }] },
    give_out: { zh: '交办一项', from: 'issued', by: head, writes: 'give_out', rule: ['S1-029'], needs: {
      what: { kind: 'text', zh: '做什么', required, max: 120 },
      handler: { kind: 'person', zh: '谁办', first: 'field_engineer' },
      due_at: { kind: 'instant', zh: '何时之前', required },
      team: { kind: 'team', zh: '哪个组', required: 'names_nobody', asked_if: 'names_nobody' } },
      then: [{ open: 'task', fill: { title: { input: 'what' }, handler: { input: 'handler' }, due_at: { input: 'due_at' },
        team: { input: 'team' } } }] },
    close: { zh: '结束计划', from: 'issued', to: 'ended', by: heads, needs: {
      summary: { kind: 'long_text', zh: '完成情况', required, max: 2000 } } },
    drop: { zh: '作废', from: ['drafted', 'issued'], to: 'dropped', by: heads,
      needs: { reason: { kind: 'text', zh: '原因', required } } },
    note: { zh: '记一笔', from: 'any', by: [...heads, 'coordinator', 'lead_engineer', 'field_engineer', 'system'],
      needs: { note: { kind: 'text', zh: '说明' } } },
    child_done: { zh: '一项办完', from: 'issued', by: ['system'] },
  },

  clocks: {
    period: { zh: '计划期', runs_in: ['issued'], due: { at: 'ends_at' }, calendar: 'office', kind: 'limit' },
  },

  documents: {},
})
