import { type BaseFacts, defineProcess } from '../../engine/define.ts'
import type { Field } from '../../engine/fields.ts'
import { staff } from '../../engine/roles.ts'

/** 待办 — something that one person must do, with a due time. The smallest process; others open it. See the glossary. */
type Facts = BaseFacts & { has_due: boolean; under_contract: boolean }

const title: Field = { kind: 'text', zh: '事项', required: true, max: 120 }
const detail: Field = { kind: 'long_text', zh: '说明' }
const handler: Field = { kind: 'person', zh: '处理人' }
const due_at: Field = { kind: 'instant', zh: '期限' }
const photos: Field = { kind: 'files', zh: '附件' }

export const task = defineProcess({
  name: 'task',
  zh: '待办',

  states: {
    open: { zh: '待领取', kind: 'active', next: 'take', owed_by: 'team', edits: ['title', 'detail', 'due_at'] },
    taken: { zh: '进行中', kind: 'active', next: 'finish', owed_by: 'handler', edits: ['title', 'detail', 'due_at'] },
    done: { zh: '已完成', kind: 'done' },
    dropped: { zh: '已取消', kind: 'void' },
  },

  guards: {
    is_assigned: { zh: '已经指定了处理人', test: (f: Facts) => f.input.handler !== undefined },
    is_handler: { zh: '只有处理人本人才能完成；主管可以说明原因后代为完成',
      test: (f: Facts) => f.actor.is_handler, or: { reason: true, by: ['supervisor', 'manager', 'administrator'] } },
    may_drop: { zh: '只有提出人、处理人或主管才能取消',
      test: (f: Facts) => f.actor.is_author || f.actor.is_handler
        || f.actor.roles.some((role) => role === 'supervisor' || role === 'manager' || role === 'administrator') },
    no_open_children: { zh: '还有未完成的后续待办', test: (f: Facts) => f.open_children === 0,
      or: { reason: true, by: ['supervisor', 'manager'] } },
    wants_follow_up: { zh: '需要后续待办', test: (f: Facts) => f.input.follow_up !== undefined },
    has_due: { zh: '定了期限', test: (f: Facts) => f.has_due },
    under_contract: { zh: '在合同内', test: (f: Facts) => f.under_contract },
    has_no_due: { zh: '没有定期限', test: (f: Facts) => !f.has_due },
  },

  actions: {
    create: { zh: '新建待办', from: null, by: [...staff, 'system'], writes: 'open',
      to: [{ when: 'is_assigned', state: 'taken' }, { state: 'open' }],
      needs: { title, detail, handler, team: { kind: 'team', zh: '负责组' }, due_at, photos,
        customer: { kind: 'record', process: 'customer', zh: '客户' },
        machine: { kind: 'record', process: 'machine', zh: '机器' },
        contact_name: { kind: 'text', zh: '联系人', max: 60, personal: true },
        contact_phone: { kind: 'phone', zh: '联系电话', personal: true } },
      then: [{ send: 'task_assigned', to: 'handler', when: 'is_assigned' }] },

    take: { zh: '领取', from: 'open', to: 'taken', by: staff, needs: {}, writes: 'take' },

    hand_over: { zh: '转交', from: ['open', 'taken'], to: 'taken', by: staff,
      needs: { handler: { ...handler, required: true }, note: { kind: 'long_text', zh: '备注', max: 1000 } },
      then: [{ send: 'task_assigned', to: 'handler' }] },

    note: { zh: '记一笔', from: 'any', by: [...staff, 'system'],
      needs: { note: { kind: 'long_text', zh: '备注', max: 1000 }, photos } },

    finish: { zh: '完成', from: 'taken', to: 'done', by: staff, when: ['is_handler', 'no_open_children'],
      needs: { result: { kind: 'long_text', zh: '结果', required: true, max: 2000 }, photos,
        visited_on: { kind: 'date', zh: '上门日期', asked_if: 'under_contract', hint: '上门办的才填；计入合同的上门次数' },
        follow_up: { kind: 'text', zh: '后续待办', max: 120, hint: '填写后自动另开一条待办' } },
      then: [
        { tell: 'parent', action: 'child_done' },
        { open: 'task', fill: { title: { input: 'follow_up' }, handler: { record: 'handler' } },
          when: 'wants_follow_up' },
        { send: 'task_done', to: 'author' },
      ] },

    child_done: { zh: '下级待办完成', from: ['open', 'taken'], by: ['system'] },

    reopen: { zh: '重新打开', from: 'done', to: 'taken', by: staff,
      needs: { reason: { kind: 'text', zh: '原因', required: true } } },

    print_slip: { zh: '打印待办单', from: 'any', by: staff, then: [{ print: 'slip' }] },

    drop: { zh: '取消', from: ['open', 'taken'], to: 'dropped', by: staff, when: ['may_drop'],
      needs: { reason: { kind: 'text', zh: '原因', required: true } } },

    chase: { zh: '催办', from: ['open', 'taken'], by: ['system', 'supervisor', 'manager', 'coordinator'],
      then: [{ send: 'task_late', to: 'handler' }, { send: 'task_late', to: 'supervisor' }] },
  },

  clocks: {
    answer: { zh: '合同响应', runs_in: ['open'], due: { agreed: 'response' }, calendar: 'office',
      warn: [{ key: 'soon', share: 0.75 }], then: 'chase', kind: 'limit' },
    by_date: { zh: '约定期限', runs_in: ['open', 'taken'], when: 'has_due', due: { at: 'due_at' }, calendar: 'office',
      warn: [{ key: 'soon', before_minutes: 'task.warn_minutes' }], then: 'chase', kind: 'limit' },
    by_default: { zh: '办理时限', runs_in: ['open', 'taken'], when: 'has_no_due',
      due: { working_days: 'task.default_days' }, calendar: 'office', warn: [{ key: 'soon', share: 0.8 }],
      then: 'chase', kind: 'limit' },
  },

  documents: {
    slip: { zh: '待办单', template: 'task-slip', rule: ['S1-135'] },
  },
})
