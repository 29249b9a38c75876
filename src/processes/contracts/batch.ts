import { type BaseFacts, defineProcess } from '../../engine/define.ts'
import type { Field } from '../../engine/fields.ts'
import { staff } from '../../engine/roles.ts'

/**
 * 批次 — goods that are known by their batch and go out of date: a reagent kit, a cartridge. The clock says in time that
 * a batch is about to expire; a batch with a doubt is held until somebody decides.
 */
type Facts = BaseFacts & { expires: boolean }

const keepers = ['storekeeper', 'purchaser', 'quality', 'coordinator', 'hotline', 'supervisor', 'manager',
  'administrator'] as const
const reason: Field = { kind: 'text', zh: '原因', required: true }

export const batch = defineProcess({
  name: 'batch',
  zh: '批次',

  states: {
    released: { zh: '可用', kind: 'active', edits: ['expires_on', 'quantity', 'storage', 'remark'] },
    held: { zh: '封存待查', kind: 'waiting', next: 'release', owed_by: 'quality', edits: ['remark'] },
    expired: { zh: '已过期', kind: 'done' },
    withdrawn: { zh: '已召回', kind: 'done' },
  },

  guards: {
    expires: { zh: '有有效期', test: (f: Facts) => f.expires },
  },

  actions: {
    register: { zh: '登记批次', from: null, to: 'released', by: [...keepers, 'system'], writes: 'register', needs: {
      product: { kind: 'record', process: 'product', zh: '产品', required: true },
      batch_number: { kind: 'text', zh: '批号', required: true, max: 60 },
      produced_on: { kind: 'date', zh: '生产日期' },
      expires_on: { kind: 'date', zh: '有效期至', required: true },
      quantity: { kind: 'integer', zh: '数量', max: 1_000_000 },
      storage: { kind: 'text', zh: '保存条件', max: 120, hint: '如：避光，2 至 8 度' },
      remark: { kind: 'long_text', zh: '备注', max: 2000 } } },
    hold: { zh: '封存', from: 'released', to: 'held', by: [...keepers, 'field_engineer'], needs: { reason },
      then: [{ send: 'batch_held', to: 'quality' }, { send: 'batch_held', to: 'supervisor' }] },
    release: { zh: '解除封存', from: 'held', to: 'released', by: ['quality', 'supervisor', 'manager'],
      needs: { reason } },
    withdraw: { zh: '召回', from: ['released', 'held'], to: 'withdrawn', by: ['quality', 'supervisor', 'manager'],
      needs: { reason }, then: [{ send: 'batch_withdrawn', to: 'salesperson' }] },
    expire: { zh: '过期', from: ['released', 'held'], to: 'expired', by: ['system'] },
    note: { zh: '记一笔', from: 'any', by: [...staff, 'system'],
      needs: { note: { kind: 'long_text', zh: '备忘', max: 1000, required: true },
        photos: { kind: 'files', zh: '照片' } } },
  },

  clocks: {
    expiry: { zh: '有效期', runs_in: ['released', 'held'], when: 'expires', due: { at: 'expires_at' },
      calendar: 'always', warn: [{ key: 'soon', before_minutes: 'batch.warn_minutes' }], then: 'expire',
      kind: 'limit' },
  },

  documents: {},
})
