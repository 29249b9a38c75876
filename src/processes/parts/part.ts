import { type BaseFacts, defineProcess } from '../../engine/define.ts'
import type { Field } from '../../engine/fields.ts'

/**
 * 备件 — one kind of spare part or consumable in the catalogue. Where its pieces lie is the ledger's; what leaves the
 * store for a repair goes through 领料单, what comes from a supplier through 备件订购.
 */
type Facts = BaseFacts

const quantity: Field = { kind: 'quantity', zh: '数量', required: true, min: 1 }
const note: Field = { kind: 'text', zh: '备注' }
const reason: Field = { kind: 'text', zh: '原因', required: true }
const part_number: Field = { kind: 'text', zh: '料号', required: true, max: 60 }

export const part = defineProcess<'active' | 'withdrawn', never, 'register' | 'correct_number' | 'receive'
  | 'dispose_used' | 'print_label' | 'withdraw' | 'restore', 'label', Facts>({
  name: 'part',
  zh: '备件',

  states: {
    active: { zh: '在用', kind: 'active',
      edits: ['name', 'fits', 'part_kind', 'price_fen', 'cost_fen', 'bin', 'minimum'] },
    withdrawn: { zh: '停用', kind: 'done' },
  },

  guards: {},

  actions: {
    register: { zh: '登记备件', from: null, to: 'active', writes: 'number_once',
      by: ['storekeeper', 'coordinator', 'purchaser', 'supervisor', 'administrator'],
      needs: {
        part_number, name: { kind: 'text', zh: '品名', required: true, max: 120 },
        part_kind: { kind: 'choice', zh: '类别', required: true, options: { part: '备件', consumable: '耗材' } },
        fits: { kind: 'text', zh: '适用机型', max: 200 },
        price_fen: { kind: 'fen', zh: '单价' },
        cost_fen: { kind: 'fen', zh: '进价', seen_by: ['purchaser', 'manager', 'finance', 'supervisor'] },
        bin: { kind: 'text', zh: '货位', max: 60 },
        minimum: { kind: 'quantity', zh: '最低库存' },
      } },

    correct_number: { zh: '更正料号', from: 'active', writes: 'number_once', by: ['storekeeper', 'supervisor'],
      needs: { part_number, reason } },

    receive: { zh: '其他入库', from: 'active', by: ['storekeeper', 'supervisor'], writes: 'receive', rule: ['S4-170'],
      needs: { quantity, note,
        source: { kind: 'choice', zh: '来源', required: true,
          options: { opening: '期初', bought: '零星购入', customer: '客户交来', peer: '同行' } } } },

    dispose_used: { zh: '处置旧件', from: ['active', 'withdrawn'], by: ['supervisor', 'manager'], rule: ['S4-007'],
      writes: 'dispose_used', needs: { quantity, reason,
        disposal: { kind: 'choice', zh: '去向', required: true,
          options: { scrap: '报废', reuse: '修好再用', customer: '交还客户', supplier: '退供应商' } },
        tag: { kind: 'text', zh: '旧件标签', max: 40 } } },

    print_label: { zh: '打印备件标签', from: 'active', by: ['storekeeper', 'coordinator', 'purchaser'],
      then: [{ print: 'label' }] },

    withdraw: { zh: '停用', from: 'active', to: 'withdrawn', by: ['storekeeper', 'supervisor'], needs: { reason } },
    restore: { zh: '恢复使用', from: 'withdrawn', to: 'active', by: ['storekeeper', 'supervisor'], needs: { note } },
  },

  clocks: {},
  documents: { label: { zh: '备件标签', template: 'part-label' } },
})
