import { typed } from '../../engine/ask.ts'
import { type BaseFacts, defineProcess } from '../../engine/define.ts'

/** 回访 — every finished order of the week, on Friday; reported on Monday. Source: S4-O, form G9. */
type Facts = BaseFacts & Record<never, never>

const desk = ['coordinator', 'hotline'] as const

export const callBack = defineProcess({
  name: 'call_back',
  zh: '回访',

  states: {
    due: { zh: '待回访', kind: 'active', next: 'call', owed_by: 'coordinator' },
    rescheduled: { zh: '另约时间', kind: 'waiting', next: 'call', owed_by: 'coordinator' },
    unreached: { zh: '未接通', kind: 'waiting', next: 'call', owed_by: 'coordinator' },
    talked: { zh: '已回访', kind: 'active', next: 'report', owed_by: 'coordinator' },
    reported: { zh: '已通报', kind: 'done' },
    dropped: { zh: '不再回访', kind: 'void' },
  },

  guards: {
    has_talked: { zh: '客户接受回访', ...typed({ input: 'outcome', is: ['talked'] }) },
    is_busy: { zh: '客户当时不方便', ...typed({ input: 'outcome', is: ['busy'] }) },
    not_normal: { zh: '机器运行不正常', ...typed({ input: 'runs_normally', is: ['no'] }) },
    is_unhappy: { zh: '客户不满意',
      ...typed({ input: 'satisfaction', is: ['dissatisfied', 'very_dissatisfied'] }) },
    has_need: { zh: '有潜在需求', test: (f: Facts) => f.input.potential_need !== undefined },
  },

  actions: {
    plan: { zh: '列入回访', from: null, to: 'due', by: ['system', ...desk], writes: 'plan',
      needs: { title: { kind: 'text', zh: '事项', max: 120 }, planned_at: { kind: 'instant', zh: '计划时间' } } },

    call: { zh: '回访', from: ['due', 'rescheduled', 'unreached'], by: [...desk, 'quality'], writes: 'call',
      to: [{ when: 'has_talked', state: 'talked' }, { when: 'is_busy', state: 'rescheduled' }, { state: 'unreached' }],
      rule: ['S4-171'], cards: { call_back_open: {}, call_back_busy: { at: 'next_at' } }, needs: {
        outcome: { kind: 'choice', zh: '结果', required: true,
          options: { talked: '接受回访', busy: '当时不方便', unreached: '没有接通' } },
        opening_said: { kind: 'confirm', zh: '报了公司和姓名，说明来意，只占一分钟', required: 'has_talked',
          rule: ['S4-154'] },
        next_at: { kind: 'instant', zh: '另约时间', required: 'is_busy' },
        runs_normally: { kind: 'choice', zh: '机器现在运行正常吗', required: 'has_talked', rule: ['S4-156'],
          options: { yes: '正常', no: '不正常' } },
        weak_points: { kind: 'choices', zh: '哪些方面做得不好', asked_if: 'has_talked', rule: ['S4-157'], options: { response: '响应时间',
          cycle: '维修周期', attitude: '服务态度', technique: '技术', quote: '报价及时性' } },
        weak_text: { kind: 'long_text', zh: '客户原话', asked_if: 'has_talked', max: 1000 },
        three_minutes: { kind: 'choice', zh: '工程师修后沟通 3 分钟', required: 'has_talked', rule: ['S4-158'],
          options: { yes: '有', no: '没有' } },
        satisfaction: { kind: 'choice', zh: '总体满意度', required: 'has_talked', options: { very_satisfied: '很满意',
          satisfied: '满意', neutral: '一般', dissatisfied: '不满意', very_dissatisfied: '很不满意' } },
        potential_need: { kind: 'text', zh: '潜在需求', asked_if: 'has_talked', max: 200, rule: ['S4-151'] } },
      then: [{ tell: 'parent', action: 'called_back', when: 'has_talked' },
        { tell: 'parent', action: 'mark_unhappy', when: 'is_unhappy' },
        { open: 'complaint', when: 'is_unhappy', fill: { what: { input: 'weak_text' }, title: { record: 'title' } } },
        { open: 'task', when: 'not_normal', fill: { title: { words: 'task.rework' }, team: { value: 'coordinator' } } },
        { open: 'task', when: 'has_need', fill: { title: { words: 'task.sales_lead' },
          detail: { input: 'potential_need' },
          team: { value: 'salesperson' } } }] },

    report: { zh: '周一通报', from: 'talked', to: 'reported', by: [...desk, 'supervisor'], rule: ['S4-153'],
      needs: { feedback: { kind: 'long_text', zh: '反馈给当事人', max: 500 } } },

    print_form: { zh: '打印回访表', from: ['due', 'rescheduled', 'unreached', 'talked', 'reported'], by: [...desk, 'quality', 'supervisor'],
      then: [{ print: 'call_back_form' }] },

    drop: { zh: '不再回访', from: ['due', 'rescheduled', 'unreached'], to: 'dropped', by: ['supervisor', 'manager'],
      needs: { reason: { kind: 'text', zh: '原因', required: true } },
      then: [{ tell: 'parent', action: 'called_back' }] },
  },

  clocks: {
    friday: { zh: '本周五前回访', runs_in: ['due', 'rescheduled', 'unreached'], due: { at: 'planned_at' },
      calendar: 'office', kind: 'limit', rule: ['S4-152'] },
    agreed: { zh: '另约的回访时间', runs_in: ['rescheduled'], due: { at: 'next_at' }, calendar: 'office', kind: 'limit',
      rule: ['S4-155'] },
    monday: { zh: '周一晨会通报', runs_in: ['talked'], due: { at: 'report_by_at' }, calendar: 'office', kind: 'limit',
      rule: ['S4-153'] },
  },

  documents: {
    call_back_form: { zh: '维修回访表', template: 'call-back-form' },
  },
})
