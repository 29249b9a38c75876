import { defineProcess } from '../../engine/define.ts'
import type { Field } from '../../engine/fields.ts'

/**
 * 备用机 — a machine of ours that may be lent while a customer's is here: on the shelf, lent, or resting; one that came
 * back damaged rests until somebody puts it back on the shelf. Source: S4-142.
 */
const keepers = ['coordinator', 'storekeeper', 'supervisor', 'manager', 'administrator'] as const
const reason: Field = { kind: 'text', zh: '原因', required: true }

export const loaner = defineProcess({
  name: 'loaner',
  zh: '备用机',

  states: {
    available: { zh: '可借', kind: 'active', owed_by: 'coordinator',
      edits: ['name', 'product_kind', 'serial_number', 'accessories', 'place', 'condition'] },
    lent: { zh: '已借出', kind: 'waiting', owed_by: 'customer', edits: ['place'] },
    resting: { zh: '停用', kind: 'done', edits: ['accessories', 'place', 'condition'] },
  },

  guards: {},

  actions: {
    register: { zh: '登记备用机', from: null, to: 'available', by: keepers, rule: ['S4-142'], needs: {
      name: { kind: 'text', zh: '备用机', required: true, max: 120, hint: '品牌型号和本店编号' },
      product_kind: { kind: 'choice', zh: '类别', options: { laser_printer: '激光打印机', inkjet_printer: '喷墨打印机',
        pc: '台式机', notebook: '笔记本', other: '其他' } },
      serial_number: { kind: 'text', zh: '序列号', max: 60 }, accessories: { kind: 'text', zh: '随机附件', max: 200 },
      place: { kind: 'text', zh: '放在哪里', max: 60 }, condition: { kind: 'text', zh: '状况', max: 200 } } },
    went_out: { zh: '借出', from: 'available', to: 'lent', by: ['system'], writes: 'went_out', needs: {
      lent_number: { kind: 'text', zh: '借用单' }, lent_to: { kind: 'text', zh: '借给' },
      times_lent: { kind: 'integer', zh: '借出次数' } } },
    came_back: { zh: '还回', from: 'lent', to: 'available', by: ['system'], writes: 'came_back' },
    came_back_damaged: { zh: '损坏还回', from: 'lent', to: 'resting', by: ['system'], writes: 'came_back_damaged', rule: ['S4-142'] },
    rest: { zh: '停用', from: 'available', to: 'resting', by: keepers, needs: { reason } },
    restore: { zh: '恢复', from: 'resting', to: 'available', by: keepers, needs: {
      condition: { kind: 'text', zh: '状况', max: 200, required: true, hint: '现在的样子；借出时写在借用单上' } } },
  },

  clocks: {},
  documents: {},
})
