import { typed } from '../../engine/ask.ts'
import { defineProcess } from '../../engine/define.ts'
import type { Field } from '../../engine/fields.ts'
import { staff } from '../../engine/roles.ts'
import { productKinds, warrantyStarts } from './kinds.ts'

/**
 * 产品 — a line of the catalogue: brand and model, from which day and how long it is in warranty, and the two prices of a
 * replacement. Machines are registered from it; what it says is asked whenever a warranty is computed.
 */
const keepers = ['coordinator', 'hotline', 'salesperson', 'purchaser', 'storekeeper', 'supervisor', 'manager',
  'administrator', 'developer'] as const
const priced = ['coordinator', 'hotline', 'salesperson', 'purchaser', 'finance', 'supervisor', 'manager',
  'administrator', 'field_engineer'] as const

const reason: Field = { kind: 'text', zh: '原因', required: true }

export const product = defineProcess({
  name: 'product',
  zh: '产品',

  states: {
    on_sale: { zh: '在售', kind: 'active', edits: ['brand', 'model', 'product_number', 'warranty_from', 'warranty_months',
      'list_price_fen', 'new_price_fen', 'remark'] },
    discontinued: { zh: '停售', kind: 'done', edits: ['warranty_from', 'warranty_months', 'list_price_fen',
      'new_price_fen', 'remark'] },
  },

  guards: {
    counts_warranty: { zh: '有保修期的产品要写月数', ...typed({ input: 'warranty_from',
      is: ['purchase', 'delivery', 'application'] }) },
  },

  actions: {
    register: { zh: '登记产品', from: null, to: 'on_sale', by: [...keepers, 'system'], writes: 'register', needs: {
      product_kind: { kind: 'choice', zh: '产品类别', required: true, options: productKinds },
      brand: { kind: 'text', zh: '品牌', required: true, max: 60 },
      model: { kind: 'text', zh: '型号', required: true, max: 120 },
      product_number: { kind: 'text', zh: '产品号', max: 60 },
      warranty_from: { kind: 'choice', zh: '保修起算', required: true, options: warrantyStarts },
      warranty_months: { kind: 'integer', zh: '保修月数', max: 240, required: 'counts_warranty' },
      list_price_fen: { kind: 'fen', zh: '原价', seen_by: priced, hint: '过保更换按此价；本台申领时付过的价优先' },
      new_price_fen: { kind: 'fen', zh: '新办理价格', seen_by: priced },
      remark: { kind: 'long_text', zh: '备注', max: 2000 } } },
    note: { zh: '记一笔', from: 'any', by: [...staff, 'system'],
      needs: { note: { kind: 'long_text', zh: '备忘', max: 1000, required: true } } },
    discontinue: { zh: '停售', from: 'on_sale', to: 'discontinued', by: keepers, needs: { reason } },
    resume: { zh: '恢复在售', from: 'discontinued', to: 'on_sale', by: keepers },
  },

  clocks: {},
  documents: {},
})
