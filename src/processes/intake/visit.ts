import { type BaseFacts, defineProcess } from '../../engine/define.ts'
import { typed } from '../../engine/ask.ts'
import type { Field } from '../../engine/fields.ts'

/**
 * 来访 — somebody stands at the counter: what for, how long they wait, what was answered and promised, and how they were
 * seen off. A machine that stays or leaves is the repair order's own story. Source: S4-D.
 */
type Facts = BaseFacts & { for_manager: boolean; has_question: boolean }

const desk = ['coordinator', 'hotline', 'supervisor'] as const

const promising = {
  promise: { kind: 'text', zh: '答应客户的事', max: 200, hint: '没有就留空；答应了就一定办到' },
  promise_at: { kind: 'instant', zh: '答应的时间', required: 'has_promise', rule: ['S4-058'] },
  confirmed_by: { kind: 'person', zh: '向谁核实过', asked_if: 'has_promise', hint: '拿不准的先问经理再答应' },
} as const satisfies Record<string, Field<'has_promise'>>
const card_given: Field = { kind: 'flag', zh: '给了名片' }

export const visit = defineProcess({
  name: 'visit',
  zh: '来访',

  states: {
    waiting: { zh: '等候接待', kind: 'active', next: 'see_off', owed_by: 'coordinator',
      edits: ['visitor_name', 'visitor_phone', 'matter'] },
    asking: { zh: '请示经理', kind: 'waiting', next: 'manager_says', owed_by: 'manager' },
    for_manager: { zh: '等经理', kind: 'active', next: 'lead_in', owed_by: 'coordinator' },
    with_manager: { zh: '在经理处', kind: 'waiting', next: 'see_off', owed_by: 'coordinator' },
    done: { zh: '已送别', kind: 'done' },
    left: { zh: '没等到', kind: 'void' },
  },

  guards: {
    is_enquiry: { zh: '来咨询的', ...typed({ input: 'purpose', is: ['enquiry'] }) },
    wants_manager: { zh: '来找经理的', ...typed({ input: 'purpose', is: ['manager'] }) },
    was_answered: { zh: '当场答复了', ...typed({ input: 'answer', given: true }) },
    has_promise: { zh: '答应了客户什么', ...typed({ input: 'promise', given: true }) },
    asked_something: { zh: '咨询的还没有答复', test: (f: Facts) => f.has_question },
    waited_long: { zh: '让客户久等了', test: (f: Facts) => f.clocks.wait?.reached ?? false },
  },

  actions: {
    arrive: { zh: '接待来访', from: null, by: desk, writes: 'arrive', rule: ['S4-051', 'S4-056'],
      to: [{ when: 'was_answered', state: 'done' }, { when: 'wants_manager', state: 'for_manager' }, { state: 'waiting' }],
      needs: {
        purpose: { kind: 'choice', zh: '来访目的', required: true, options: { enquiry: '咨询', carry_in: '送修',
          pick_up: '取机', manager: '找经理' } },
        matter: { kind: 'long_text', zh: '问的事', required: 'is_enquiry', max: 1000 },
        answer: { kind: 'long_text', zh: '怎样答复', max: 1000 },
        ...promising,
        customer: { kind: 'record', process: 'customer', zh: '客户' },
        visitor_name: { kind: 'text', zh: '称呼', max: 60, personal: true, required: 'wants_manager', asked: 'always' },
        visitor_phone: { kind: 'phone', zh: '电话', personal: true },
        contact_told: { kind: 'confirm', zh: '告知了公司电话和传真', required: 'was_answered', rule: ['S4-059'] },
        card_given },
      cards: { greet: {}, ask_purpose: {}, wait_a_moment: { at: 'answer' }, promise_carefully: { at: 'promise' },
        goodbye: { at: 'contact_told' } },
      then: [{ send: 'visitor_for_manager', to: 'manager', when: 'wants_manager' },
        { open: 'task', when: 'has_promise', fill: { title: { input: 'promise' }, due_at: { input: 'promise_at' },
          team: { value: 'coordinator' } } }] },

    ask_manager: { zh: '请示经理', from: 'waiting', to: 'asking', by: desk, rule: ['S4-058'],
      needs: { question: { kind: 'long_text', zh: '拿不准的是什么', required: true, max: 1000 } },
      cards: { wait_a_moment: {} }, then: [{ send: 'visitor_question', to: 'manager' }] },
    manager_says: { zh: '经理答复', from: 'asking', to: 'waiting', by: ['manager', 'supervisor', 'coordinator'],
      needs: { told: { kind: 'long_text', zh: '经理的答复', required: true, max: 1000 } },
      then: [{ send: 'manager_answered', to: 'author' }] },

    lead_in: { zh: '引到经理室', from: 'for_manager', to: 'with_manager', by: desk, cards: { to_manager: {} },
      needs: { water: { kind: 'confirm', zh: '已请坐、倒水', required: true, rule: ['S4-056'] } } },

    see_off: { zh: '答复并送别', from: ['waiting', 'with_manager'], to: 'done', by: desk, needs: {
      apologised: { kind: 'confirm', zh: '久等了，先道歉', required: 'waited_long', rule: ['S4-057'] },
      answer: { kind: 'long_text', zh: '怎样答复', required: 'asked_something', max: 1000 },
      ...promising,
      contact_told: { kind: 'confirm', zh: '告知了公司电话和传真', required: true, rule: ['S4-059'] }, card_given },
      cards: { sorry_waited: { when: 'waited_long' }, promise_carefully: { at: 'promise' },
        goodbye: { at: 'contact_told' } },
      then: [{ open: 'task', when: 'has_promise', fill: { title: { input: 'promise' }, due_at: { input: 'promise_at' },
        team: { value: 'coordinator' } } }] },

    gone: { zh: '客户先走了', from: ['waiting', 'asking', 'for_manager'], to: 'left', by: desk,
      needs: { reason: { kind: 'text', zh: '原因', required: true } } },
    note: { zh: '记一笔', from: 'any', by: [...desk, 'manager'],
      needs: { note: { kind: 'long_text', zh: '备注', required: true, max: 1000 } } },
  },

  clocks: {
    wait: { zh: '让客户等候', runs_in: ['waiting', 'asking', 'for_manager'], due: { minutes: 'visit.wait_minutes' },
      calendar: 'office', warn: [{ key: 'soon', share: 0.6 }], kind: 'limit', rule: ['S4-057'] },
  },

  documents: {},
})
