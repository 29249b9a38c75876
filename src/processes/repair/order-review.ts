import { defineProcess } from '../../engine/define.ts'
import type { Field } from '../../engine/fields.ts'
import { reviewChecks } from './checklists.ts'

/** 审单 — the supervisor's checks of an entered order, with what can be computed beside them. Source: S4-A, form G16. */
const overseers = ['supervisor', 'manager'] as const
const checks: Field = { kind: 'checklist', zh: '审核检查', required: true, items: reviewChecks }

export const orderReview = defineProcess({
  name: 'order_review',
  zh: '审单',

  states: {
    pending: { zh: '待审核', kind: 'active', next: 'pass', owed_by: 'supervisor' },
    returned: { zh: '已退回', kind: 'waiting', next: 'resubmit', owed_by: 'coordinator' },
    passed: { zh: '审核通过', kind: 'done' },
  },

  guards: {},

  actions: {
    submit: { zh: '送审', from: null, to: 'pending', by: ['system', 'coordinator'], writes: 'submit',
      needs: { title: { kind: 'text', zh: '事项', max: 120 },
        opening_minutes: { kind: 'minutes', zh: '报修到厂家开单', hint: '系统计算' },
        cycle_minutes: { kind: 'minutes', zh: '送机到完工', hint: '系统计算' },
        gaps: { kind: 'long_text', zh: '单上的缺项', hint: '系统查出' } } },
    pass: { zh: '通过', from: ['pending', 'returned'], to: 'passed', by: overseers, writes: 'pass',
      needs: { checks, remark: { kind: 'text', zh: '评语', max: 200 } },
      then: [{ tell: 'parent', action: 'review_passed' }] },
    return: { zh: '退回', from: 'pending', to: 'returned', by: overseers, writes: 'give_back',
      needs: { defects: { kind: 'long_text', zh: '要补正的地方', required: true, max: 1000 } },
      then: [{ tell: 'parent', action: 'review_returned' }] },
    resubmit: { zh: '补正后再送', from: 'returned', to: 'pending', by: ['coordinator', 'bench_engineer', 'lead_engineer'],
      writes: 'resubmit',
      needs: { correction: { kind: 'long_text', zh: '补正说明', required: true, max: 1000 } } },
  },

  clocks: {
    daily: { zh: '次日审完', runs_in: ['pending'], due: { end_of_day: 1 }, calendar: 'office', kind: 'limit' },
  },

  documents: {},
})
