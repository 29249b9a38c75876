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
  /** What this customer paid last, by the name of the line, in fen. */
  earlier_prices: Readonly<Record<string, number>> }

const desk = ['coordinator', 'hotline'] as const
const overseers = ['supervisor', 'manager'] as const
const is = (name: string, ...values: unknown[]) => (f: Facts) => values.includes(f.input[name])
const eye = { seen_by: ['customer', 'coordinator', 'hotline', 'bench_engineer', 'lead_engineer', 'supervisor',
  'manager', 'finance', 'salesperson', 'administrator'] } as const

const lines: Field = { kind: 'lines', zh: '明细', required: true, max: 40, ...eye, columns: {
  what: { kind: 'choice', zh: '类别', required: true, options: { part: '备件', labour: '工时', visit: '上门费', other: '其他' } },
  name: { kind: 'text', zh: '名称', required: true, max: 80 },
  pieces: { kind: 'integer', zh: '数量', required: true, min: 1, max: 9999 },
  unit_fen: { kind: 'fen', zh: '单价', required: true },
  note: { kind: 'text', zh: '说明', max: 120 },
} }
type Line = { name?: string; unit_fen?: number }
const differs = (f: Facts): boolean => (f.input.lines as Line[] | undefined ?? []).some(({ name = '', unit_fen }) =>
  Object.hasOwn(f.earlier_prices, name) && f.earlier_prices[name] !== unit_fen)

const note: Field = { kind: 'long_text', zh: '备注', max: 1000 }
const answerWay: Field = { kind: 'choice', zh: '答复方式', ...eye,
  options: { phone: '电话', signed_return: '签字回传', message: '微信或短信', link: '网上确认' } }

export const quotation = defineProcess({
  name: 'quotation',
  zh: '报价单',

  states: {
    drafting: { zh: '待报价', kind: 'active', next: 'price', owed_by: 'coordinator' },
    priced: { zh: '已定价', kind: 'active', next: 'send', owed_by: 'coordinator' },
    sent: { zh: '已报价', kind: 'waiting', next: 'confirm_receipt', owed_by: 'coordinator' },
    confirmed: { zh: '已确认收到', kind: 'waiting', next: 'accept', owed_by: 'customer' },
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
    needs_stamp: { zh: '客户要求盖章，须先盖章', test: (f: Facts) => f.seal_wanted },
    discount_allowed: { zh: '优惠超过协调员的权限，须主管或经理同意',
      test: (f: Facts) => f.discount_share <= (f.limits['quotation.discount_thousandths'] ?? 0),
      or: { reason: true, by: ['supervisor', 'manager'] } },
    by_phone: { zh: '电话报价', test: is('way', 'phone') },
    by_mail: { zh: '邮件报价', test: is('way', 'email') },
    by_fax: { zh: '传真报价', test: is('way', 'fax') },
    by_qq_offline: { zh: 'QQ 离线文件', test: is('way', 'qq') },
    must_ring: { zh: '须再打电话确认', test: is('way', 'fax', 'email') },
    by_staff: { zh: '由协调员登记', test: (f: Facts) => f.actor.kind === 'member' || f.actor.kind === 'key' },
    by_call: { zh: '打电话确认的', test: is('receipt_way', 'call') },
    signed_return: { zh: '客户签字回传', test: is('answer_way', 'signed_return') },
    mail_known: { zh: '知道客户的邮箱', test: (f: Facts) => f.email_known },
  },

  actions: {
    prepare: { zh: '建报价单', from: null, to: 'drafting', by: [...desk, 'system'], writes: 'prepare', needs: {
      title: { kind: 'text', zh: '事项', max: 120 }, proposal_fen: { kind: 'fen', zh: '工程师建议价',
        seen_by: ['bench_engineer', 'lead_engineer', 'coordinator', 'supervisor', 'manager'] } } },

    price: { zh: '定价', from: ['drafting', 'priced'], to: 'priced', by: [...desk, 'lead_engineer', 'supervisor'],
      writes: 'price', needs: {
        lines, deviation: { kind: 'text', zh: '与以往价格不同的原因', max: 200, required: 'differs_from_before',
          rule: ['S4-108'] }, discount_fen: { kind: 'fen', zh: '优惠', ...eye },
        cause: { kind: 'long_text', zh: '故障与原因', required: true, max: 1000, ...eye },
        period: { kind: 'text', zh: '维修周期', required: true, max: 60, ...eye },
        valid_until: { kind: 'date', zh: '有效期至', ...eye },
        final: { kind: 'choice', zh: '价格性质', required: true, ...eye, options: { final: '正式报价', estimate: '预估' } },
        seal_wanted: { kind: 'choice', zh: '盖章', options: { yes: '客户要求盖章', no: '不需要' } }, note } },

    send: { zh: '报价给客户', from: 'priced', by: [...desk, ...overseers], writes: 'send',
      when: ['settled_with_engineer', 'discount_allowed'], rule: ['S4-098', 'S4-104'],
      to: [{ when: 'by_phone', state: 'confirmed' }, { state: 'sent' }], needs: {
        way: { kind: 'choice', zh: '方式', required: true,
          options: { phone: '电话', email: '邮件', fax: '传真', qq: 'QQ 或微信', paper: '当面' } },
        told: { kind: 'checklist', zh: '电话里说到', required: 'by_phone', items: phoneQuoteTold, rule: ['S4-095'] },
        heard: { kind: 'confirm', zh: '对方已听清记下，并先挂电话', required: 'by_phone', rule: ['S4-096'] },
        stamped: { kind: 'confirm', zh: '已盖章', required: 'needs_stamp', rule: ['S4-097'] },
        email: { kind: 'email', zh: '邮箱', required: 'by_mail', personal: true },
        fax: { kind: 'phone', zh: '传真号', required: 'by_fax' },
        message_left: { kind: 'confirm', zh: '离线文件已发，并已给客户留言', required: 'by_qq_offline', rule: ['S4-103'] } },
      cards: { quote_by_phone: {}, quote_heard: { at: 'heard' } },
      then: [{ print: 'quotation' }, { tell: 'parent', action: 'quoted' },
        { send: 'quotation', to: 'customer', when: 'by_mail' },
        { open: 'task', when: 'must_ring', fill: { title: { words: 'task.ring_quote' },
          team: { value: 'coordinator' } } }] },

    confirm_receipt: { zh: '确认收到', from: 'sent', to: 'confirmed', by: [...desk, 'customer', 'system'],
      rule: ['S4-109'], cards: { quote_faxed: {} }, needs: {
        receipt_way: { kind: 'choice', zh: '怎样确认的', required: 'by_staff',
          options: { call: '打电话', reply: '客户已回复' } },
        call_ended: { kind: 'confirm', zh: '对方已听清记下，道谢后先挂电话', required: 'by_call', rule: ['S4-100'] } } },

    accept: { zh: '同意', from: ['sent', 'confirmed'], to: 'accepted', by: [...desk, 'customer'],
      when: ['still_valid'], rule: ['S4-099'],
      needs: { answer_way: { ...answerWay, required: 'by_staff' },
        answered_by: { kind: 'text', zh: '答复人', max: 60, ...eye }, signature: { kind: 'signature', zh: '签字', ...eye },
        files: { kind: 'files', zh: '回传件', required: 'signed_return' } },
      then: [{ tell: 'parent', action: 'consent' }, { send: 'quote_accepted', to: 'coordinator' }] },

    accept_part: { zh: '部分同意', from: ['sent', 'confirmed'], to: 'accepted', by: [...desk, 'customer'],
      when: ['still_valid'], writes: 'accept_part', needs: {
        accepted_lines: { kind: 'lines', zh: '同意的项目', required: true, ...eye, columns: {
          line: { kind: 'integer', zh: '第几项', required: true, min: 1, max: 40 } } },
        answer_way: { ...answerWay, required: 'by_staff' }, customer_note: { ...note, ...eye } },
      then: [{ tell: 'parent', action: 'consent' }, { send: 'quote_accepted', to: 'coordinator' }] },

    refuse: { zh: '不同意', from: ['sent', 'confirmed'], to: 'refused', by: [...desk, 'customer'],
      needs: { refusal: { kind: 'text', zh: '原因', max: 200, ...eye },
        answer_way: { ...answerWay, required: 'by_staff' } },
      then: [{ tell: 'parent', action: 'decline' }, { send: 'quote_refused', to: 'coordinator' }] },

    ask: { zh: '询问', from: ['sent', 'confirmed'], to: 'confirmed', by: ['customer', ...desk],
      needs: { question: { kind: 'long_text', zh: '问题', required: true, max: 500, ...eye } },
      then: [{ tell: 'parent', action: 'quote_question' }] },

    answer_question: { zh: '答复询问', from: ['sent', 'confirmed'], by: desk,
      needs: { reply: { kind: 'long_text', zh: '答复', required: true, max: 500, ...eye } },
      then: [{ send: 'quote_reply', to: 'customer', when: 'mail_known' }] },

    // Prices of goods that are no repair: sales answer, and it stays a to-do until they have.
    pass_to_sales: { zh: '转销售报价', from: ['drafting', 'priced', 'sent', 'confirmed'], by: desk, rule: ['S4-107'],
      needs: { sales_request: { kind: 'long_text', zh: '客户要的商品', required: true, max: 500 } },
      then: [{ open: 'task', fill: { title: { words: 'task.sales_quote' }, detail: { input: 'sales_request' },
        team: { value: 'salesperson' } } }] },

    remind: { zh: '催问', from: ['sent', 'confirmed'], by: [...desk, 'system'],
      then: [{ open: 'task', fill: { title: { words: 'task.chase_quote' }, team: { value: 'coordinator' } } }] },

    revise: { zh: '改价重报', from: ['sent', 'confirmed'], to: 'priced', by: [...desk, 'supervisor'],
      needs: { reason: { kind: 'text', zh: '原因', required: true } }, then: [{ tell: 'parent', action: 'requote' }] },

    reprint: { zh: '打印报价单', from: ['priced', 'sent', 'confirmed', 'accepted', 'refused'], by: desk,
      then: [{ print: 'quotation' }] },

    withdraw: { zh: '作废', from: ['drafting', 'priced'], to: 'withdrawn', by: [...desk, 'supervisor'],
      needs: { reason: { kind: 'text', zh: '原因', required: true } } },
  },

  clocks: {
    receipt: { zh: '电话确认收到', runs_in: ['sent'], due: { minutes: 'quotation.receipt_minutes' }, calendar: 'office',
      kind: 'limit', rule: ['S4-098', 'S4-104', 'S4-109'] },
    answer: { zh: '等客户答复', runs_in: ['confirmed'], due: { working_days: 'quotation.answer_days' },
      calendar: 'office', then: 'remind', kind: 'limit' },
  },

  documents: {
    quotation: { zh: '维修报价单', template: 'quotation', rule: ['S4-101', 'S4-102'] },
  },
})
