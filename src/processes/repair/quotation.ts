import { typed } from '../../engine/ask.ts'
import { type BaseFacts, defineProcess } from '../../engine/define.ts'
import type { Field } from '../../engine/fields.ts'
import { phoneQuoteTold } from './checklists.ts'

/** 报价单 — what a repair will cost: priced, sent, confirmed as received, answered. Source: S4-I. */
type Facts = BaseFacts & { priced: boolean; seal_wanted: boolean; total_fen: number; is_final: boolean
  /** Of the whole, in thousandths. */
  discount_share: number
  /** The order has a result of the test, and a price of an engineer's. */
  settled_with_engineer: boolean
  past_validity: boolean; email_known: boolean
  /** The supervisor has agreed to this total, or to a lower one. */
  total_reviewed: boolean
  /** How often the customer was asked in vain. */
  reminders: number
  /** What this customer paid last, by the name of the line, in fen. */
  earlier_prices: Readonly<Record<string, number>>
  /** Nothing was ever agreed with this customer: the engineer's price counts. In fen. */
  new_customer: boolean; engineer_fen: number | null }

const desk = ['coordinator', 'hotline'] as const
const overseers = ['supervisor', 'manager'] as const
const eye = { seen_by: ['customer', 'coordinator', 'hotline', 'bench_engineer', 'lead_engineer', 'supervisor',
  'manager', 'finance', 'salesperson', 'administrator'] } as const

const lines: Field = { kind: 'lines', zh: '明细', required: true, max: 40, ...eye, columns: {
  what: { kind: 'choice', zh: '类别', required: true, options: { part: '备件', labour: '工时', visit: '上门费', other: '其他' } },
  name: { kind: 'text', zh: '名称', required: true, max: 80 },
  pieces: { kind: 'integer', zh: '数量', required: true, min: 1, max: 9999 },
  unit_fen: { kind: 'fen', zh: '单价', required: true },
  note: { kind: 'text', zh: '说明', max: 120 },
} }
type Line = { name?: string; unit_fen?: number; pieces?: number }
const asked = (f: Facts): number => (f.input.lines as Line[] | undefined ?? []).reduce((sum, { pieces = 0, unit_fen = 0 }) =>
  sum + pieces * unit_fen, -Number(f.input.discount_fen ?? 0))
const differs = (f: Facts): boolean => (f.input.lines as Line[] | undefined ?? []).some(({ name = '', unit_fen }) =>
  Object.hasOwn(f.earlier_prices, name) && f.earlier_prices[name] !== unit_fen)

const note: Field = { kind: 'long_text', zh: '备注', max: 1000 }
const answeredBy: Field = { kind: 'text', zh: '答复人', max: 60, ...eye }
const refusal: Field = { kind: 'text', zh: '原因', max: 200, ...eye }
/** It lies with the customer, or with what the customer asked. */
const out = ['sent', 'confirmed', 'asked', 'chasing'] as const
const answerWay: Field = { kind: 'choice', zh: '答复方式', ...eye,
  options: { phone: '电话', signed_return: '签字回传', message: '微信或短信', link: '网上确认' } }

export const quotation = defineProcess({
  name: 'quotation',
  zh: '报价单',

  states: {
    drafting: { zh: '待报价', kind: 'active', next: 'price', owed_by: 'coordinator' },
    priced: { zh: '已定价', kind: 'active', next: 'send', owed_by: 'coordinator' },
    reviewing: { zh: '待主管审价', kind: 'active', next: 'review_price', owed_by: 'supervisor' },
    sent: { zh: '已报价', kind: 'waiting', next: 'confirm_receipt', owed_by: 'coordinator' },
    confirmed: { zh: '已确认收到', kind: 'waiting', next: 'accept', owed_by: 'customer' },
    asked: { zh: '待答复询问', kind: 'waiting', next: 'answer_question', owed_by: 'coordinator' },
    chasing: { zh: '待催问', kind: 'waiting', next: 'chase', owed_by: 'coordinator' },
    accepted: { zh: '已同意', kind: 'done' },
    refused: { zh: '不同意', kind: 'done' },
    withdrawn: { zh: '已作废', kind: 'void' },
  },

  guards: {
    settled_with_engineer: { zh: '正式报价前，检测结果和价格须与工程师核定（预估报价除外）', rule: ['S4-094'],
      test: (f: Facts) => !f.is_final || f.settled_with_engineer,
      or: { reason: true, by: ['coordinator', 'lead_engineer', 'supervisor', 'manager'] } },
    still_valid: { zh: '报价已过有效期，请重新报价', test: (f: Facts) => !f.past_validity,
      or: { reason: true, by: ['coordinator', 'supervisor', 'manager'] } },
    differs_from_before: { zh: '与这位客户以往的价格不同', test: differs },
    differs_from_engineer: { zh: '新客户的价格与工程师定的不同',
      test: (f: Facts) => f.new_customer && f.engineer_fen !== null && asked(f) !== f.engineer_fen },
    has_lines: { zh: '明细已填', test: (f: Facts) => f.priced },
    needs_stamp: { zh: '客户要求盖章，须先盖章', test: (f: Facts) => f.seal_wanted },
    discount_allowed: { zh: '优惠超过协调员的权限，须主管或经理同意',
      test: (f: Facts) => f.total_reviewed || f.discount_share <= (f.limits['quotation.discount_thousandths'] ?? 0),
      or: { reason: true, by: ['supervisor', 'manager'] } },
    by_phone: { zh: '电话报价', ...typed({ input: 'way', is: ['phone'] }) },
    agreed_at_once: { zh: '电话里就同意了',
      ...typed({ all: [{ input: 'way', is: ['phone'] }, { input: 'phone_answer', is: ['agree'] }] }) },
    refused_at_once: { zh: '电话里就不同意',
      ...typed({ all: [{ input: 'way', is: ['phone'] }, { input: 'phone_answer', is: ['refuse'] }] }) },
    known_at_once: { zh: '客户当场知道', ...typed({ input: 'way', is: ['phone', 'paper'] }) },
    by_mail: { zh: '邮件报价', ...typed({ input: 'way', is: ['email'] }) },
    by_fax: { zh: '传真报价', ...typed({ input: 'way', is: ['fax'] }) },
    by_qq_offline: { zh: 'QQ 离线文件', ...typed({ input: 'way', is: ['qq'] }) },
    by_staff: { zh: '由协调员登记', test: (f: Facts) => f.actor.kind === 'member' || f.actor.kind === 'key' },
    by_call: { zh: '打电话确认的', ...typed({ input: 'receipt_way', is: ['call'] }) },
    signed_return: { zh: '客户签字回传', ...typed({ input: 'answer_way', is: ['signed_return'] }) },
    mail_known: { zh: '知道客户的邮箱', test: (f: Facts) => f.email_known },
    silent_often: { zh: '多次催问没有答复',
      test: (f: Facts) => f.reminders + 1 >= (f.limits['quotation.reminders_before_supervisor'] ?? Infinity) },
    still_thinking: { zh: '客户还没决定', ...typed({ input: 'outcome', is: ['undecided'] }) },
    price_changed: { zh: '主管另定了价', ...typed({ input: 'verdict', is: ['changed'] }) },
  },

  actions: {
    prepare: { zh: '建报价单', from: null, to: 'drafting', by: [...desk, 'system'], writes: 'prepare', needs: {
      title: { kind: 'text', zh: '事项', max: 120 }, proposal_fen: { kind: 'fen', zh: '工程师建议价',
        seen_by: ['bench_engineer', 'lead_engineer', 'coordinator', 'supervisor', 'manager'] } } },

    price: { zh: '定价', from: ['drafting', 'priced'], to: 'priced', by: [...desk, 'lead_engineer', 'supervisor'],
      writes: 'price', needs: {
        lines, price_agreed_with: { kind: 'choice', zh: '与工程师建议价不同，和谁商定', required: 'differs_from_engineer',
          rule: ['S4-106'], options: { engineer: '工程师', supervisor: '主管' } },
        deviation: { kind: 'text', zh: '与以往价格不同的原因', max: 200, required: 'differs_from_before',
          rule: ['S4-108'] }, discount_fen: { kind: 'fen', zh: '优惠', ...eye },
        tax: { kind: 'choice', zh: '税', ...eye, options: { none: '不开票', included: '含税', added: '税另加' } },
        cause: { kind: 'long_text', zh: '故障与原因', required: true, max: 1000, ...eye },
        period: { kind: 'text', zh: '维修周期', required: true, max: 60, ...eye },
        valid_until: { kind: 'date', zh: '有效期至', ...eye },
        final: { kind: 'choice', zh: '价格性质', required: true, ...eye, options: { final: '正式报价', estimate: '预估' } },
        seal_wanted: { kind: 'choice', zh: '盖章', options: { yes: '客户要求盖章', no: '不需要' } }, note } },

    // A price beyond the desk's limits, or one that looks wrong: the supervisor says what it shall be.
    ask_review: { zh: '请主管审价', from: ['drafting', 'priced'], to: 'reviewing', rule: ['S4-106'],
      by: [...desk, 'bench_engineer', 'lead_engineer'],
      needs: { review_question: { kind: 'long_text', zh: '请主管定什么', required: true, max: 500 } },
      then: [{ send: 'price_review', to: 'supervisor' }] },

    review_price: { zh: '审价', from: 'reviewing', by: overseers, writes: 'review',
      to: [{ when: 'has_lines', state: 'priced' }, { state: 'drafting' }], needs: {
      verdict: { kind: 'choice', zh: '意见', required: true, options: { agreed: '同意这个价', changed: '另定价格' } },
      advised_fen: { kind: 'fen', zh: '应报总价', required: 'price_changed',
        seen_by: ['bench_engineer', 'lead_engineer', 'coordinator', 'supervisor', 'manager'] }, note },
      then: [{ send: 'price_reviewed', to: 'coordinator' }] },

    send: { zh: '报价给客户', from: 'priced', by: [...desk, ...overseers], writes: 'send',
      when: ['settled_with_engineer', 'discount_allowed'],
      to: [{ when: 'agreed_at_once', state: 'accepted' }, { when: 'refused_at_once', state: 'refused' },
        { when: 'known_at_once', state: 'confirmed' }, { state: 'sent' }], needs: {
        way: { kind: 'choice', zh: '方式', required: true,
          options: { phone: '电话', email: '邮件', fax: '传真', qq: 'QQ、微信或短信', paper: '当面' } },
        told: { kind: 'checklist', zh: '电话里说到', required: 'by_phone', steps: true, items: phoneQuoteTold, rule: ['S4-095'] },
        phone_answer: { kind: 'choice', zh: '客户怎么说', required: 'by_phone', rule: ['S4-095'],
          options: { agree: '同意', refuse: '不同意', undecided: '还要考虑' } },
        answered_by: { ...answeredBy, asked_if: 'agreed_at_once' }, refusal: { ...refusal, asked_if: 'refused_at_once' },
        heard: { kind: 'confirm', zh: '对方已听清记下，并先挂电话', required: 'by_phone', rule: ['S4-096'] },
        stamped: { kind: 'confirm', zh: '已盖章', required: 'needs_stamp', rule: ['S4-097'] },
        email: { kind: 'email', zh: '邮箱', required: 'by_mail', personal: true },
        fax: { kind: 'phone', zh: '传真号', required: 'by_fax' },
        message_left: { kind: 'confirm', zh: '离线文件已发，并已给客户留言', required: 'by_qq_offline', rule: ['S4-103'] } },
      cards: { quote_by_phone: {}, quote_heard: { at: 'heard' } },
      then: [{ print: 'quotation' }, { tell: 'parent', action: 'quoted' },
        { tell: 'parent', action: 'consent', when: 'agreed_at_once' },
        { tell: 'parent', action: 'decline', when: 'refused_at_once' },
        { send: 'quotation', to: 'customer', when: 'by_mail' }] },

    confirm_receipt: { zh: '确认收到', from: 'sent', to: 'confirmed', by: [...desk, 'customer', 'system'],
      writes: 'ask_again', rule: ['S4-109'], cards: { quote_faxed: {} }, needs: {
        receipt_way: { kind: 'choice', zh: '怎样确认的', required: 'by_staff',
          options: { call: '打电话', reply: '客户已回复' } },
        call_ended: { kind: 'confirm', zh: '对方已听清记下，道谢后先挂电话', required: 'by_call', rule: ['S4-100'] } } },

    accept: { zh: '同意', from: out, to: 'accepted', by: [...desk, 'customer'],
      when: ['still_valid'], rule: ['S4-099'], writes: 'accept',
      needs: { answer_way: { ...answerWay, required: 'by_staff' },
        answered_by: answeredBy, signature: { kind: 'signature', zh: '签字', ...eye },
        files: { kind: 'files', zh: '回传件', required: 'signed_return' } },
      then: [{ tell: 'parent', action: 'consent' }, { send: 'quote_accepted', to: 'coordinator' }] },

    accept_part: { zh: '部分同意', from: out, to: 'accepted', by: [...desk, 'customer'],
      when: ['still_valid'], writes: 'accept_part', needs: {
        accepted_lines: { kind: 'lines', zh: '同意的项目', required: true, ...eye, columns: {
          line: { kind: 'integer', zh: '第几项', required: true, min: 1, max: 40 } } },
        answer_way: { ...answerWay, required: 'by_staff' }, customer_note: { ...note, ...eye } },
      then: [{ tell: 'parent', action: 'consent' }, { send: 'quote_accepted', to: 'coordinator' }] },

    refuse: { zh: '不同意', from: out, to: 'refused', by: [...desk, ...overseers, 'customer'],
      needs: { refusal,
        answer_way: { ...answerWay, required: 'by_staff' } },
      then: [{ tell: 'parent', action: 'decline' }, { send: 'quote_refused', to: 'coordinator' }] },

    ask: { zh: '询问', from: out, to: 'asked', by: ['customer', ...desk],
      needs: { question: { kind: 'long_text', zh: '问题', required: true, max: 500, ...eye } },
      then: [{ tell: 'parent', action: 'quote_question' }] },

    answer_question: { zh: '答复询问', from: out, to: 'confirmed', by: desk, writes: 'ask_again',
      needs: { reply: { kind: 'long_text', zh: '答复', required: true, max: 500, ...eye } },
      then: [{ send: 'quote_reply', to: 'customer', when: 'mail_known' }] },

    // Prices of goods that are no repair: sales answer, and it stays a to-do until they have.
    pass_to_sales: { zh: '转销售报价', from: ['drafting', 'priced', ...out], by: desk, rule: ['S4-107'],
      needs: { sales_request: { kind: 'long_text', zh: '客户要的商品', required: true, max: 500 } },
      then: [{ open: 'task', fill: { title: { words: 'task.sales_quote' }, detail: { input: 'sales_request' },
        team: { value: 'salesperson' } } }] },

    // While the customer is silent: asked again and again, never off the list; after some rounds the supervisor knows.
    remind: { zh: '催问', from: ['confirmed', 'chasing'], to: 'chasing', by: [...desk, 'system'], writes: 'remind',
      then: [{ send: 'quote_reminder', to: 'customer', when: 'mail_known' },
        { send: 'quote_silent', to: 'supervisor', when: 'silent_often' }] },

    chase: { zh: '催问登记', from: ['confirmed', 'chasing'], to: 'confirmed', by: desk, writes: 'ask_again', needs: {
      outcome: { kind: 'choice', zh: '结果', required: true,
        options: { undecided: '还没决定', message_left: '请人转告', unreached: '没有联系上' } },
      answer_on: { kind: 'date', zh: '客户说哪天答复', hint: '不填就按规定的天数再问', asked_if: 'still_thinking' }, note } },

    revise: { zh: '改价重报', from: out, to: 'priced', by: [...desk, 'supervisor'],
      needs: { reason: { kind: 'text', zh: '原因', required: true } }, then: [{ tell: 'parent', action: 'requote' }] },

    reprint: { zh: '打印报价单', from: ['priced', 'reviewing', ...out, 'accepted', 'refused'], by: desk,
      then: [{ print: 'quotation' }] },

    withdraw: { zh: '作废', from: ['drafting', 'priced', 'reviewing'], to: 'withdrawn', by: [...desk, 'supervisor'],
      needs: { reason: { kind: 'text', zh: '原因', required: true } } },
  },

  clocks: {
    receipt: { zh: '电话确认收到', runs_in: ['sent'], due: { minutes: 'quotation.receipt_minutes' }, calendar: 'office',
      kind: 'limit', rule: ['S4-098', 'S4-104', 'S4-109'] },
    review: { zh: '主管审价', runs_in: ['reviewing'], due: { minutes: 'quotation.review_minutes' }, calendar: 'office',
      kind: 'limit' },
    answer: { zh: '等客户答复', runs_in: ['confirmed'], due: { at: 'remind_at' }, calendar: 'office', then: 'remind',
      kind: 'limit' },
    reply: { zh: '答复客户询问', runs_in: ['asked'], due: { minutes: 'quotation.reply_minutes' }, calendar: 'office',
      kind: 'limit' },
    chase: { zh: '催问客户', runs_in: ['chasing'], due: { minutes: 'quotation.chase_minutes' }, calendar: 'office',
      kind: 'limit' },
  },

  documents: {
    quotation: { zh: '维修报价单', template: 'quotation', rule: ['S4-101', 'S4-102'] },
  },

  begins: ['task'],
})
