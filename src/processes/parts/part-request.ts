import { type BaseFacts, defineProcess } from '../../engine/define.ts'
import type { Field } from '../../engine/fields.ts'

/**
 * 领料单 — an engineer asks the store for parts, the lead engineer agrees, the storekeeper hands them out, and in the end
 * every piece is used or brought back and every old part has its place. Child of the repair order it is for.
 * Sources: S4-U, S4-L, S4-M; ambiguities B19, B31; product judgement K42.
 */
type Line = { part: string; quantity: number }
type Facts = BaseFacts & {
  consent_required: boolean; consented: boolean
  lines: readonly (Line & { costly?: boolean; suggested_by_lead?: boolean })[]
  /** From other tables: absent while the request is being made. */
  held?: readonly Line[]; open_orders?: number; has_lead?: boolean; tagged?: number
}

type Used = Line & { unsure?: boolean; destination?: string }
const rows = <T = Line>(value: unknown): readonly T[] => (Array.isArray(value) ? value as T[] : [])
const sum = (lines: readonly Line[], part: string): number =>
  lines.reduce((total, line) => total + (line.part === part ? line.quantity : 0), 0)

const engineers = ['bench_engineer', 'field_engineer', 'lead_engineer'] as const

const partColumn: Field & { kind: 'record' } = { kind: 'record', zh: '备件', process: 'part', required: true }
const quantityColumn: Field & { kind: 'quantity' } = { kind: 'quantity', zh: '数量', required: true, min: 1, usual: { value: 1000 } }
const note: Field = { kind: 'text', zh: '备注' }
const reason: Field = { kind: 'text', zh: '原因', required: true }
const lines: Field = { kind: 'lines', zh: '领料明细', required: true, max: 30, columns: {
  part: partColumn, quantity: quantityColumn,
  reason: { kind: 'text', zh: '用途' },
  suggested_by_lead: { kind: 'flag', zh: '主管工程师建议' },
} }

export const part_request = defineProcess({
  name: 'part_request',
  zh: '领料单',

  states: {
    requested: { zh: '待同意', kind: 'active', next: 'consent', owed_by: 'lead_engineer', edits: ['note'] },
    consented: { zh: '待发料', kind: 'active', next: 'issue', owed_by: 'storekeeper', edits: ['note'] },
    out_of_stock: { zh: '缺货待订', kind: 'waiting', next: 'order', owed_by: 'coordinator', edits: ['note'] },
    ordered: { zh: '已订购', kind: 'waiting', next: 'tell_customer', owed_by: 'coordinator', edits: ['note'] },
    arrived: { zh: '到货待发', kind: 'active', next: 'issue', owed_by: 'storekeeper', edits: ['note'] },
    issued: { zh: '已领出', kind: 'active', next: 'settle', owed_by: 'handler' },
    settled: { zh: '已结清', kind: 'done' },
    refused: { zh: '未同意', kind: 'void' },
    cancelled: { zh: '已取消', kind: 'void' },
  },

  guards: {
    lead_consented: { zh: '申请的备件还没有得到主管工程师或主管同意', rule: ['S4-210'],
      test: (f: Facts) => !f.consent_required || f.consented },
    consent_needed: { zh: '需要同意', test: (f: Facts) => f.consent_required && !f.consented },
    consent_not_needed: { zh: '免同意', test: (f: Facts) => !f.consent_required || f.consented },
    no_lead_engineer: { zh: '没有主管工程师，由主管同意',
      test: (f: Facts) => f.consent_required && !f.consented && f.has_lead === false },
    no_open_order: { zh: '还有没有办结的订购，请先取消订购', test: (f: Facts) => (f.open_orders ?? 0) === 0 },
    all_accounted: { zh: '领出的备件已全部用去或归还', rule: ['S4-211'],
      test: (f: Facts) => (f.held ?? []).every(({ part, quantity }) =>
        sum(rows(f.input.used), part) + sum(rows(f.input.returned), part) >= quantity) },
    recheck_due: { zh: '贵重或存疑的备件须装回旧件复查', test: (f: Facts) => rows<Used>(f.input.used).some((used) =>
      used.unsure === true || f.lines.some((line) => line.part === used.part && line.costly === true)) },
    old_kept: { zh: '有旧件交旧件库', test: (f: Facts) => rows<Used>(f.input.used).some(({ destination }) =>
      destination === 'keeper') },
    old_tagged: { zh: '这张单没有交旧件库的旧件', test: (f: Facts) => (f.tagged ?? 0) > 0 },
    suggestion_used: { zh: '用了主管工程师建议的备件', test: (f: Facts) => rows<Used>(f.input.used).some((used) =>
      f.lines.some((line) => line.part === used.part && line.suggested_by_lead === true)) },
  },

  actions: {
    request: { zh: '申请领料', from: null, to: 'requested', by: [...engineers, 'system'], writes: 'request',
      rule: ['S4-126'],
      needs: { lines, engineer: { kind: 'person', zh: '领料工程师', hint: '不填就是本人' }, note },
      then: [{ tell: 'parent', action: 'part_requested' }, { tell: 'self', action: 'route' }] },

    route: { zh: '分送', from: 'requested', by: ['system'], writes: 'route',
      to: [{ when: 'consent_not_needed', state: 'consented' }, { state: 'requested' }],
      then: [{ send: 'part_request_consent', to: 'lead_engineer', when: 'consent_needed' },
        { send: 'part_request_consent', to: 'supervisor', when: 'no_lead_engineer' },
        { send: 'part_request_ready', to: 'storekeeper', when: 'consent_not_needed' }] },

    change: { zh: '改领料', from: ['requested', 'consented', 'out_of_stock', 'arrived'], to: 'requested', by: engineers,
      when: ['no_open_order'], writes: 'request', needs: { lines, note },
      then: [{ tell: 'self', action: 'route' }] },

    consent: { zh: '同意', from: 'requested', to: 'consented', by: ['lead_engineer', 'supervisor'], writes: 'consent',
      needs: { note }, then: [{ send: 'part_request_ready', to: 'storekeeper' }] },

    refuse: { zh: '不同意', from: 'requested', to: 'refused', by: ['lead_engineer', 'supervisor'], needs: { reason },
      then: [{ send: 'part_request_refused', to: 'handler' }, { tell: 'parent', action: 'parts_settled' }] },

    issue: { zh: '发料', from: ['requested', 'consented', 'out_of_stock', 'arrived'], to: 'issued',
      by: ['storekeeper'], when: ['lead_consented'], writes: 'issue', needs: { note }, rule: ['S4-053', 'S4-170'],
      then: [{ tell: 'parent', action: 'parts_issued' }, { send: 'parts_issued', to: 'handler' }] },

    mark_out_of_stock: { zh: '缺货登记', from: ['requested', 'consented', 'arrived'], to: 'out_of_stock',
      by: ['storekeeper'], when: ['lead_consented'], writes: 'mark_out_of_stock', rule: ['S4-127'],
      needs: { note, missing: { kind: 'lines', zh: '缺件', max: 30, hint: '不填时按库存算出',
        columns: { part: partColumn, quantity: quantityColumn } } },
      then: [{ tell: 'parent', action: 'part_out_of_stock' }, { send: 'part_out_of_stock', to: 'coordinator' },
        { send: 'part_out_of_stock', to: 'handler' }] },

    order: { zh: '订购', from: 'out_of_stock', to: 'ordered', by: ['coordinator', 'purchaser'], rule: ['S4-217'],
      needs: { supplier: { kind: 'text', zh: '供应商', max: 120 },
        customer_consent: { kind: 'choice', zh: '客户同意', required: true, rule: ['S4-135'],
          options: { phone: '电话同意', writing: '书面同意', in_person: '当面同意', warranty: '保修内，免费',
            contract: '合同内' } }, note },
      then: [{ open: 'purchase', fill: { lines: { record: 'missing' }, supplier: { input: 'supplier' } } }] },

    tell_customer: { zh: '告知客户等件', from: ['out_of_stock', 'ordered', 'arrived'], rule: ['S4-141'],
      by: ['coordinator', 'hotline'], needs: {
        channel: { kind: 'choice', zh: '方式', required: true,
          options: { phone: '电话', online: '在线工具', mail: '邮件', in_person: '当面' } },
        told_eta: { kind: 'date', zh: '告知的到货日期', required: true, hint: '诚恳说明缺货须订、大致哪天到；到货后马上维修，并会致电' },
        answer: { kind: 'text', zh: '客户答复' } } },

    order_failed: { zh: '没有订到', from: 'ordered', to: 'out_of_stock', by: ['system'],
      then: [{ send: 'part_order_failed', to: 'coordinator' }] },

    arrive: { zh: '到货', from: ['ordered', 'out_of_stock'], to: 'arrived', by: ['system', 'storekeeper'],
      rule: ['S4-127'],
      then: [{ tell: 'parent', action: 'part_arrived' }, { send: 'part_arrived', to: 'storekeeper' },
        { send: 'part_arrived', to: 'coordinator' }, { send: 'part_arrived', to: 'handler' }] },

    settle: { zh: '登记用件', from: 'issued', by: engineers, writes: 'settle',
      to: [{ when: 'all_accounted', state: 'settled' }, { state: 'issued' }],
      needs: {
        used: { kind: 'lines', zh: '已用备件', required: true, max: 60, rule: ['S4-131'], usual: { fact: 'held' }, columns: {
          part: partColumn, quantity: quantityColumn,
          destination: { kind: 'choice', zh: '旧件去向', required: true, rule: ['S4-130', 'S4-007'],
            options: { customer: '交还客户', keeper: '交旧件库保管', scrap: '报废', supplier: '退供应商',
              none: '没有换下旧件' } },
          tag: { kind: 'text', zh: '旧件标签', max: 40, hint: '不填由系统编号' },
          condition: { kind: 'text', zh: '旧件状况' },
          unsure: { kind: 'flag', zh: '存疑' } } },
        rechecks: { kind: 'lines', zh: '备件复查', required: 'recheck_due', max: 60, rule: ['S4-208'], columns: {
          part: partColumn,
          refitted: { kind: 'flag', zh: '已装回旧件', required: true },
          fault_reappeared: { kind: 'flag', zh: '故障重现', required: true }, note } },
        verdicts: { kind: 'lines', zh: '核实建议备件', required: 'suggestion_used', max: 60, rule: ['S4-209'],
          columns: { part: partColumn, right: { kind: 'flag', zh: '建议正确', required: true }, note } },
      },
      then: [{ tell: 'parent', action: 'parts_settled', when: 'all_accounted' },
        { print: 'old_part_tag', when: 'old_kept' }] },

    reprint_tag: { zh: '打印旧件标签', from: ['issued', 'settled'], by: [...engineers, 'storekeeper'], when: ['old_tagged'],
      then: [{ print: 'old_part_tag' }] },

    take_back: { zh: '退料入库', from: 'issued', by: ['storekeeper'], writes: 'take_back',
      rule: ['S4-053', 'S4-170'],
      to: [{ when: 'all_accounted', state: 'settled' }, { state: 'issued' }],
      needs: { note, returned: { kind: 'lines', zh: '退回备件', required: true, max: 30,
        columns: { part: partColumn, quantity: quantityColumn } } },
      then: [{ tell: 'parent', action: 'parts_settled', when: 'all_accounted' }] },

    cancel: { zh: '取消领料', from: ['requested', 'consented', 'out_of_stock', 'ordered', 'arrived'], to: 'cancelled',
      by: [...engineers, 'coordinator', 'supervisor'], when: ['no_open_order'], needs: { reason },
      then: [{ tell: 'parent', action: 'parts_settled' }] },
  },

  clocks: {
    consent_wait: { zh: '等待同意', runs_in: ['requested'], when: 'consent_needed',
      due: { minutes: 'parts.consent_minutes' }, calendar: 'office', kind: 'limit' },
    issue_wait: { zh: '等待发料', runs_in: ['consented', 'arrived'], due: { minutes: 'parts.issue_minutes' },
      calendar: 'office', kind: 'limit' },
    customer_told: { zh: '缺件告知客户', runs_in: ['out_of_stock', 'ordered'], stops_on: ['tell_customer'],
      due: { minutes: 'parts.tell_customer_minutes' }, calendar: 'office', kind: 'limit' },
    part_wait: { zh: '等件时限', runs_in: ['out_of_stock', 'ordered'], due: { minutes: 'parts.order_minutes' },
      calendar: 'always', warn: [{ key: 'soon', share: 0.7 }], kind: 'limit', rule: ['S4-141'] },
  },

  documents: { old_part_tag: { zh: '旧件标签', template: 'old-part-tag', rule: ['S4-007'] } },
})
