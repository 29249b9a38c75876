import { typed } from '../../engine/ask.ts'
import { type BaseFacts, defineProcess } from '../../engine/define.ts'
import type { Field } from '../../engine/fields.ts'
import { staff } from '../../engine/roles.ts'

/**
 * 意见建议 — what a customer thinks and proposes: anybody hands it in, service sorts it, the good ones go to a department
 * that must answer, the customer is told. Source: S3-007 to S3-010, S3-074, S0-023.
 */
type Facts = BaseFacts & { has_customer: boolean }

const desk = ['coordinator', 'hotline', 'supervisor', 'manager', 'quality'] as const
const departments = { product: '产品部', development: '研发部', production: '生产部', sales: '市场销售部', service: '服务部',
  quality: '质检部' }
const required = true as const
const department: Field<'is_good'> = { kind: 'choice', zh: '转给哪个部门', required: 'is_good', asked_if: 'is_good',
  options: departments, rule: ['S3-007', 'S3-074'] }

export const opinion = defineProcess({
  name: 'opinion',
  zh: '意见建议',

  states: {
    registered: { zh: '已登记', kind: 'active', next: 'screen', owed_by: 'coordinator', edits: ['what', 'opinion_class'] },
    forwarded: { zh: '已转部门', kind: 'waiting', next: 'answer', owed_by: 'supervisor' },
    answered: { zh: '已答复', kind: 'active', next: 'close', owed_by: 'coordinator' },
    closed: { zh: '已关闭', kind: 'done' },
  },

  guards: {
    is_good: { zh: '值得转部门', ...typed({ input: 'judged', is: ['good'] }) },
    is_worthless: { zh: '无效的写明原因', ...typed({ input: 'judged', is: ['worthless'] }) },
    has_customer: { zh: '知道是哪位客户说的', test: (f: Facts) => f.has_customer },
  },

  actions: {
    register: { zh: '登记意见', from: null, to: 'registered', by: [...staff, 'system'], writes: 'register',
      rule: ['S3-010', 'S0-023', 'S3-074'], needs: {
        customer: { kind: 'record', process: 'customer', zh: '客户' },
        what: { kind: 'long_text', zh: '意见建议', required, max: 2000, rule: ['S0-023'] },
        opinion_class: { kind: 'choice', zh: '类别', required, rule: ['S3-008'], options: { functional: '功能需求',
          industry: '行业发展', market: '市场需求', product: '产品', service: '服务', other: '其他' } },
        channel: { kind: 'choice', zh: '从哪里听到', rule: ['S3-008'], options: { call: '来电', visit: '拜访', online: '在线',
          survey: '调查', meeting: '会议', other: '其他' } },
        from_department: { kind: 'choice', zh: '提交部门', options: departments, rule: ['S3-010'] } } },

    screen: { zh: '筛选', from: 'registered', by: desk, writes: 'screen', rule: ['S3-009'],
      to: [{ when: 'is_good', state: 'forwarded' }, { state: 'closed' }], needs: {
        judged: { kind: 'choice', zh: '判断', required, options: { good: '好，转部门', fair: '一般，留作统计',
          worthless: '无效' } },
        judged_because: { kind: 'text', zh: '原因', required: 'is_worthless', asked_if: 'is_worthless' },
        department },
      then: [{ send: 'opinion_forwarded', to: 'supervisor', when: 'is_good' }] },

    answer: { zh: '部门答复', from: 'forwarded', to: 'answered', rule: ['S3-007'],
      by: [...desk, 'developer', 'salesperson', 'presales', 'storekeeper', 'lead_engineer'], needs: {
        adoption: { kind: 'choice', zh: '采纳情况', required, rule: ['S3-009'],
          options: { adopted: '采纳', declined: '不采纳', realised: '已实现' } },
        answer: { kind: 'long_text', zh: '答复', required, max: 2000 } } },

    tell_customer: { zh: '回告客户', from: 'answered', to: 'closed', by: [...desk, 'salesperson', 'field_engineer'],
      when: ['has_customer'], rule: ['S3-007'], needs: {
        told_how: { kind: 'text', zh: '怎样告诉的', required, max: 200 } } },
    close: { zh: '关闭', from: 'answered', to: 'closed', by: desk },
    note: { zh: '记一笔', from: 'any', by: [...staff, 'system'],
      needs: { note: { kind: 'long_text', zh: '备忘', max: 1000, required } } },
  },

  clocks: {
    screening: { zh: '筛选', runs_in: ['registered'], due: { working_days: 'opinion.screen_days' }, calendar: 'office',
      warn: [{ key: 'soon', share: 0.8 }], kind: 'limit', rule: ['S3-009'] },
    answering: { zh: '部门答复', runs_in: ['forwarded'], due: { working_days: 'opinion.answer_days' }, calendar: 'office',
      warn: [{ key: 'soon', share: 0.8 }], kind: 'limit', rule: ['S3-007'] },
  },

  documents: {},
})
