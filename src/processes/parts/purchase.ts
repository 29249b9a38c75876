import { type BaseFacts, defineProcess } from '../../engine/define.ts'
import type { Field } from '../../engine/fields.ts'

/**
 * 备件订购 — parts ordered from a supplier: ordered, on the way, arrived, checked, in stock or sent back; or shipped on
 * to a customer once the money is there. Opened by a part request, or by itself to fill the store.
 * Sources: S4-054, S4-135, S4-136; product judgement K36.
 */
type Facts = BaseFacts & { customer_has_paid: boolean; eta: string | null; for_a_case: boolean; to_check: { part: string }[]
  supplier: string | null }

const line: Field = { kind: 'lines', zh: '订购明细', required: true, max: 30, columns: {
  part: { kind: 'record', zh: '备件', process: 'part', required: true },
  quantity: { kind: 'quantity', zh: '数量', required: true, min: 1 },
  price_fen: { kind: 'fen', zh: '单价' } } }
const supplier: Field = { kind: 'text', zh: '供应商', max: 120 }
const eta: Field = { kind: 'date', zh: '预计到货' }
const note: Field = { kind: 'text', zh: '备注' }
const reason: Field = { kind: 'text', zh: '原因', required: true }
const money = ['purchaser', 'coordinator', 'manager', 'finance', 'supervisor'] as const
const buyers = ['coordinator', 'purchaser'] as const

const accepted = (input: Readonly<Record<string, unknown>>): number =>
  (Array.isArray(input.checked) ? input.checked as { passed?: number }[] : [])
    .reduce((sum, { passed = 0 }) => sum + passed, 0)

export const purchase = defineProcess({
  name: 'purchase',
  zh: '备件订购',

  states: {
    requested: { zh: '待订购', kind: 'active', next: 'order', owed_by: 'coordinator', edits: ['supplier'] },
    ordered: { zh: '已订购', kind: 'waiting', next: 'arrive', owed_by: 'coordinator' },
    arrived: { zh: '到货待验', kind: 'active', next: 'check_in', owed_by: 'storekeeper' },
    in_stock: { zh: '已入库', kind: 'done' },
    returned: { zh: '已退供应商', kind: 'done' },
    shipped: { zh: '已发给客户', kind: 'done' },
    cancelled: { zh: '已取消', kind: 'void' },
  },

  guards: {
    payment_arrived: { zh: '客户的款还没有到，款到才能发货', rule: ['S4-136'],
      test: (f: Facts) => f.customer_has_paid, or: { reason: true, by: ['manager'] } },
    something_accepted: { zh: '有验收合格的', test: (f: Facts) => accepted(f.input) > 0 },
    nothing_accepted: { zh: '没有一件合格', test: (f: Facts) => accepted(f.input) === 0 },
    eta_moved: { zh: '到货日期变了', test: (f: Facts) => f.for_a_case && f.eta !== null && f.input.eta !== f.eta },
  },

  actions: {
    request: { zh: '提出订购', from: null, to: 'requested', by: [...buyers, 'storekeeper', 'supervisor', 'system'],
      writes: 'request', rule: ['S4-054'], needs: { lines: line, supplier, note },
      then: [{ send: 'purchase_requested', to: 'coordinator' }] },

    order: { zh: '下单', from: 'requested', to: 'ordered', by: buyers, writes: 'set_eta',
      needs: { supplier: { ...supplier, required: true, usual: { fact: 'supplier' } }, eta: { ...eta, required: true, rule: ['S4-135'] },
        amount_fen: { kind: 'fen', zh: '订购金额', required: true, seen_by: money }, note },
      then: [{ print: 'part_order' }] },

    print_order: { zh: '打印订购单', from: ['ordered', 'arrived'], by: buyers, then: [{ print: 'part_order' }] },

    confirm_eta: { zh: '更新到货日期', from: 'ordered', by: buyers, writes: 'set_eta', rule: ['S4-135'],
      needs: { eta: { ...eta, required: true }, note },
      then: [{ open: 'task', when: 'eta_moved', fill: { title: { words: 'task.eta_moved' },
        team: { value: 'coordinator' }, detail: { record: 'summary' } } }] },

    pay_supplier: { zh: '付款给供应商', from: ['ordered', 'arrived', 'in_stock', 'shipped'],
      by: ['finance', ...buyers], rule: ['S4-054'],
      needs: { paid_on: { kind: 'date', zh: '付款日期', required: true, usual: { today: true } },
        paid_fen: { kind: 'fen', zh: '付款金额', required: true, seen_by: money } } },

    take_payment: { zh: '客户付款', from: ['requested', 'ordered', 'arrived', 'in_stock'],
      by: ['coordinator', 'finance', 'manager'],
      needs: { customer_payment: { kind: 'choice', zh: '收款方式', required: true,
        options: { cash: '现金', transfer: '转账', monthly: '月结' } },
      customer_paid_fen: { kind: 'fen', zh: '收款金额', required: true },
      customer_paid_on: { kind: 'date', zh: '收款日期', required: true, usual: { today: true } } },
      then: [{ print: 'receipt' }] },

    arrive: { zh: '到货', from: 'ordered', to: 'arrived', by: [...buyers, 'storekeeper'], needs: { note },
      then: [{ send: 'purchase_arrived', to: 'storekeeper' }] },

    check_in: { zh: '验收入库', from: 'arrived', by: ['storekeeper', 'coordinator'], writes: 'check_in',
      to: [{ when: 'nothing_accepted', state: 'returned' }, { state: 'in_stock' }],
      needs: { note, checked: { kind: 'lines', zh: '验收结果', required: true, max: 30, rule: ['S4-054'],
        usual: { fact: 'to_check' }, columns: {
        part: { kind: 'record', zh: '备件', process: 'part', required: true },
        passed: { kind: 'quantity', zh: '合格数量', required: true },
        failed: { kind: 'quantity', zh: '不合格数量', hint: '退供应商' },
        note } } },
      then: [{ tell: 'parent', action: 'arrive', when: 'something_accepted' },
        { tell: 'parent', action: 'order_failed', when: 'nothing_accepted' }] },

    return: { zh: '退供应商', from: 'arrived', to: 'returned', by: ['storekeeper', 'coordinator'], needs: { reason },
      then: [{ tell: 'parent', action: 'order_failed' }] },

    ship: { zh: '发货给客户', from: 'in_stock', to: 'shipped', by: ['coordinator', 'storekeeper', 'manager'],
      when: ['payment_arrived'], writes: 'ship', needs: {
        enclosed: { kind: 'choice', zh: '随货票据', required: true, rule: ['S4-136'],
          options: { receipt: '收据', invoice: '发票' } },
        carrier: { kind: 'text', zh: '承运', max: 60 }, waybill: { kind: 'text', zh: '运单号', max: 60 }, note } },

    cancel: { zh: '取消订购', from: ['requested', 'ordered'], to: 'cancelled', by: [...buyers, 'supervisor'],
      needs: { reason }, then: [{ tell: 'parent', action: 'order_failed' }] },
  },

  clocks: {
    order_wait: { zh: '等待下单', runs_in: ['requested'], due: { minutes: 'parts.buy_minutes' }, calendar: 'office',
      kind: 'limit' },
    arrival: { zh: '预计到货', runs_in: ['ordered'], due: { at: 'eta_at' }, calendar: 'always',
      warn: [{ key: 'soon', before_minutes: 'parts.eta_warn_minutes' }], kind: 'limit', rule: ['S4-135'] },
    check_wait: { zh: '等待验收', runs_in: ['arrived'], due: { minutes: 'parts.check_minutes' }, calendar: 'office',
      kind: 'limit' },
  },

  documents: {
    part_order: { zh: '备件订购单', template: 'part-order' },
    receipt: { zh: '收据', template: 'part-receipt' },
  },
})
