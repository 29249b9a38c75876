import { type BaseFacts, defineProcess } from '../../engine/define.ts'
import type { Field } from '../../engine/fields.ts'

/**
 * 同型号故障排查 — each morning the orders of the last weeks are held against each other: many machines of one model with
 * the same fault are a matter of their own. A look that finds nothing ends at once and stays as a trace. Source: S4-219.
 */
type Facts = BaseFacts & { batches: number }

const overseers = ['supervisor', 'lead_engineer', 'manager'] as const

/** What the look found: one row a model and fault. */
const found: Field = { kind: 'lines', zh: '查到的', max: 50, columns: {
  model: { kind: 'text', zh: '型号', max: 120 }, fault: { kind: 'text', zh: '故障', max: 60 },
  machines: { kind: 'integer', zh: '台数' }, orders: { kind: 'text', zh: '维修单', max: 200 } } }

export const faultWatch = defineProcess({
  name: 'fault_watch',
  zh: '同型号故障排查',

  states: {
    looking: { zh: '排查中', kind: 'active', next: 'look', owed_by: 'supervisor' },
    clear: { zh: '没有发现', kind: 'done' },
    found: { zh: '发现批量故障', kind: 'active', next: 'take', owed_by: 'lead_engineer' },
    working: { zh: '处理中', kind: 'active', next: 'solve', owed_by: 'handler' },
    solved: { zh: '已解决', kind: 'done' },
  },

  guards: {
    found_batch: { zh: '同型号多台同样故障', test: (f: Facts) => f.batches > 0 },
  },

  actions: {
    scan: { zh: '开始排查', from: null, to: 'looking', by: ['system', ...overseers], writes: 'scan', needs: {},
      then: [{ tell: 'self', action: 'look' }] },
    look: { zh: '排查', from: 'looking', by: ['system', 'supervisor'], writes: 'look', rule: ['S4-219'],
      to: [{ when: 'found_batch', state: 'found' }, { state: 'clear' }], needs: { found },
      then: [{ send: 'batch_fault', to: 'supervisor', when: 'found_batch' },
        { send: 'batch_fault', to: 'lead_engineer', when: 'found_batch' }] },
    take: { zh: '着手处理', from: 'found', to: 'working', by: overseers, writes: 'take',
      needs: { note: { kind: 'long_text', zh: '备注', max: 1000 } } },
    solve: { zh: '查明并解决', from: 'working', to: 'solved', by: overseers, needs: {
      cause: { kind: 'long_text', zh: '共同的原因', required: true, max: 1000 },
      measure: { kind: 'long_text', zh: '办法', required: true, max: 1000, hint: '怎样修、备什么件、要不要联系厂家' } } },
    note: { zh: '记一笔', from: ['found', 'working'], by: [...overseers, 'bench_engineer', 'coordinator'],
      needs: { note: { kind: 'long_text', zh: '备注', required: true, max: 1000 } } },
  },

  clocks: {},
  documents: {},
})
