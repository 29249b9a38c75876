import { defineProcess } from '../../engine/define.ts'
import type { Field } from '../../engine/fields.ts'

/** 未送达 — a message, print or follow-up that failed for good: the administrator sends it again or lets it go. */
const reason: Field = { kind: 'long_text', zh: '原因', required: true, max: 1000 }

export const undelivered = defineProcess({
  name: 'undelivered',
  zh: '未送达',

  states: {
    failed: { zh: '未送达', kind: 'active', next: 'retry', owed_by: 'administrator' },
    retried: { zh: '已重发', kind: 'done' },
    discarded: { zh: '已放弃', kind: 'void' },
  },

  guards: {},

  actions: {
    fail: { zh: '登记', from: null, to: 'failed', by: ['system'], writes: 'fail',
      needs: { title: { kind: 'text', zh: '事项', required: true }, reason,
        source_record: { kind: 'text', zh: '来源单据', required: true },
        source_seq: { kind: 'integer', zh: '来源事件', required: true },
        source_n: { kind: 'integer', zh: '第几项', required: true }, team: { kind: 'team', zh: '负责组' } },
      then: [{ send: 'undelivered', to: 'administrator' }] },
    retry: { zh: '重新发送', from: 'failed', to: 'retried', by: ['administrator'], writes: 'retry' },
    discard: { zh: '放弃', from: 'failed', to: 'discarded', by: ['administrator'], writes: 'discard',
      needs: { reason } },
  },

  clocks: {},
  documents: {},
})
