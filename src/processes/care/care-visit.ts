import { typed } from '../../engine/ask.ts'
import { type BaseFacts, defineProcess } from '../../engine/define.ts'
import type { Field } from '../../engine/fields.ts'
import { degrees } from './visit-plan.ts'

/**
 * 客户拜访 — one contact with a customer without a fault: by telephone, in writing or in person; what was given and heard,
 * what they think, what followed. Of a key user a report is written. Source: P14; forms 跟踪拜访记录 and 走访报告.
 */
type Facts = BaseFacts & { visit_kind: string }

const callers = ['coordinator', 'hotline', 'field_engineer', 'lead_engineer', 'salesperson', 'quality'] as const
const heads = ['supervisor', 'manager'] as const

const planned_at: Field = { kind: 'instant', zh: '计划时间', required: true }
const text = (zh: string, more: object = {}): Field => ({ kind: 'long_text', zh, max: 2000, ...more })

export const careVisit = defineProcess({
  name: 'care_visit',
  zh: '客户拜访',

  states: {
    planned: { zh: '已计划', kind: 'active', next: 'hold', owed_by: 'handler', edits: ['handler'] },
    report_due: { zh: '待写报告', kind: 'active', next: 'report', owed_by: 'handler' },
    done: { zh: '已完成', kind: 'done' },
    dropped: { zh: '已取消', kind: 'void' },
  },

  guards: {
    needs_report: { zh: '要写走访报告', rule: ['S3-070'],
      test: (f: Facts) => f.visit_kind === 'key_user' || f.visit_kind === 'yearly' },
    needs_none: { zh: '不用写走访报告', test: (f: Facts) => f.visit_kind !== 'key_user' && f.visit_kind !== 'yearly' },
    is_monthly: { zh: '每月的走访', test: (f: Facts) => f.visit_kind === 'key_user' },
    is_yearly: { zh: '每年的走访', test: (f: Facts) => f.visit_kind === 'yearly' },
    is_other: { zh: '跟踪、回访与关怀', test: (f: Facts) => f.visit_kind !== 'key_user' && f.visit_kind !== 'yearly' },
    has_problem: { zh: '发现了问题', ...typed({ input: 'problem', given: true }) },
    has_complaint: { zh: '客户有投诉', ...typed({ input: 'complaint', given: true }) },
    has_suggestion: { zh: '客户有意见建议', ...typed({ input: 'suggestion', given: true }) },
    is_written: { zh: '书面的不必当面', ...typed({ input: 'means', is: ['phone', 'online', 'on_site'] }) },
  },

  actions: {
    plan: { zh: '安排拜访', from: null, to: 'planned', by: ['system', ...callers, ...heads], writes: 'plan', needs: {
      customer: { kind: 'record', process: 'customer', zh: '客户' },
      title: { kind: 'text', zh: '事项', max: 120 },
      visit_kind: { kind: 'choice', zh: '拜访类别', options: { follow_up: '服务后跟踪', return_visit: '服务后回访',
        key_user: '重点用户走访', yearly: '年度走访', care: '重点客户关怀', other: '临时拜访' } },
      planned_at: { ...planned_at, required: undefined },
      handler: { kind: 'person', zh: '由谁拜访', hint: '不填就是自己' } } },

    hold: { zh: '记录拜访', from: 'planned', by: [...callers, ...heads], writes: 'hold', rule: ['S0-045'],
      to: [{ when: 'needs_report', state: 'report_due' }, { state: 'done' }],
      needs: {
        means: { kind: 'choice', zh: '方式', required: true, rule: ['S0-045'],
          options: { phone: '电话', written: '书面', online: '在线', on_site: '上门' } },
        met_whom: { kind: 'text', zh: '联系到谁', required: 'is_written', max: 60, personal: true },
        content: text('谈了什么', { required: true, rule: ['S0-045'] }),
        product_view: text('对产品的看法', { rule: ['S3-012'] }),
        service_view: text('对服务的看法', { rule: ['S3-012'] }),
        wishes: text('需求', { rule: ['S3-005', 'S3-011'] }),
        product_given: text('介绍的产品信息', { rule: ['S0-047'] }),
        product_heard: text('得到的产品信息', { rule: ['S0-047'] }),
        questions: { kind: 'lines', zh: '客户的问题与答复', max: 20, rule: ['S3-059'], columns: {
          question: { kind: 'text', zh: '问题', required: true }, answer: { kind: 'text', zh: '当场答复' } } },
        suggestion: text('意见建议', { rule: ['S3-059'] }),
        problem: text('发现的问题', { rule: ['S3-012'] }),
        found_first: { kind: 'choice', zh: '问题由谁先发现', asked_if: 'has_problem', rule: ['S3-012'],
          options: { us: '我们主动发现', customer: '客户已经反映过' } },
        complaint: text('投诉', { rule: ['S3-059'] }),
        satisfaction: { kind: 'choice', zh: '满意度', options: degrees, rule: ['S3-011'] } },
      then: [
        { open: 'task', when: 'has_problem', fill: { title: { words: 'task.visit_problem' },
          detail: { input: 'problem' }, team: { value: 'hotline' } } },
        { open: 'complaint', when: 'has_complaint', fill: { what: { input: 'complaint' }, title: { record: 'title' } } },
        { open: 'opinion', when: 'has_suggestion', fill: { what: { input: 'suggestion' },
          opinion_class: { value: 'other' }, channel: { value: 'visit' } } },
        { tell: 'parent', action: 'visit_over', when: 'needs_none' },
      ] },

    report: { zh: '写走访报告', from: 'report_due', to: 'done', by: [...callers, ...heads], rule: ['S3-070'], needs: {
      findings: text('用户意见', { required: true }), analysis: text('整理分析', { required: true }),
      advice: text('建议'), sent_to: { kind: 'text', zh: '送达部门', max: 120 } },
      then: [{ print: 'report' }, { tell: 'parent', action: 'visit_over' }] },

    put_off: { zh: '改期', from: 'planned', by: [...callers, ...heads], writes: 'put_off',
      needs: { planned_at, reason: { kind: 'text', zh: '原因', required: true } } },
    note: { zh: '记一笔', from: 'any', by: [...callers, ...heads, 'system'],
      needs: { note: { kind: 'long_text', zh: '备忘', max: 1000, required: true }, photos: { kind: 'files', zh: '照片' } } },
    drop: { zh: '取消', from: 'planned', to: 'dropped', by: heads,
      needs: { reason: { kind: 'text', zh: '原因', required: true } },
      then: [{ tell: 'parent', action: 'visit_over' }] },
  },

  clocks: {
    by_day: { zh: '约定的拜访日', runs_in: ['planned'], when: 'is_other', due: { at: 'planned_at' }, calendar: 'always',
      warn: [{ key: 'that_day', before_minutes: 'visit.day_warn_minutes' }], kind: 'limit', rule: ['S0-045', 'S3-005'] },
    monthly: { zh: '每月的走访日', runs_in: ['planned'], when: 'is_monthly', due: { at: 'planned_at' }, calendar: 'always',
      warn: [{ key: 'a_week', before_minutes: 'visit.month_warn_minutes' }], kind: 'limit', rule: ['S3-068'] },
    yearly: { zh: '每年的走访日', runs_in: ['planned'], when: 'is_yearly', due: { at: 'planned_at' }, calendar: 'always',
      warn: [{ key: 'two_months', before_minutes: 'visit.year_first_warn_minutes' },
        { key: 'a_month', before_minutes: 'visit.year_warn_minutes' }], kind: 'limit', rule: ['S3-069'] },
    report: { zh: '走访报告', runs_in: ['report_due'], due: { working_days: 'visit.report_days' }, calendar: 'office',
      warn: [{ key: 'soon', share: 0.8 }], kind: 'limit', rule: ['S3-070'] },
  },

  documents: {
    report: { zh: '走访报告', template: 'general', rule: ['S3-070'] },
  },
})
