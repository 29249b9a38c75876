import { typed } from '../../engine/ask.ts'
import { type BaseFacts, defineProcess } from '../../engine/define.ts'
import type { Field } from '../../engine/fields.ts'
import { checks, contacting, debriefing, departure, environment, faulty_parts, finding, finishing, scope, software_tests }
  from './inspection-fields.ts'

/**
 * 例检单 — one preventive inspection under a contract: born of the plan some days before its day, handed to an engineer,
 * agreed with the customer, carried out by the list, signed, reported, called back and talked over. Once it is finished it
 * counts as a visit of its contract. Source: S1-I.
 */
type Facts = BaseFacts & { software_standard: string | null }

const heads = ['supervisor', 'manager', 'dispatcher'] as const
/** The project manager of a contract is one of these. */
const leads = ['coordinator', 'lead_engineer'] as const
const engineers = ['field_engineer', 'bench_engineer', 'lead_engineer', 'hotline', 'supervisor'] as const
/** Whoever has to do with it. */
const everybody = [...engineers, 'manager', 'dispatcher', 'coordinator', 'salesperson'] as const

const reason: Field = { kind: 'text', zh: '原因', required: true }
const handler: Field = { kind: 'person', zh: '主责工程师', required: true, first: 'field_engineer',
  usual: { record: 'handler' }, rule: ['S1-173'] }
const backup: Field = { kind: 'person', zh: '后备工程师', first: 'field_engineer', hint: '建议指定；人少可以不填',
  usual: { record: 'backup' }, rule: ['S1-173'] }

/** Is a figure outside of what the company's settings allow? One that nobody set bounds nothing. */
const off = (value: unknown, least: number | undefined, most: number | undefined): boolean =>
  typeof value === 'number' && ((least !== undefined && value < least) || (most !== undefined && value > most))

export const inspection = defineProcess({
  name: 'inspection',
  zh: '例检单',

  states: {
    generated: { zh: '待派工', kind: 'active', next: 'assign', owed_by: 'supervisor' },
    assigned: { zh: '待约客户', kind: 'active', next: 'contact', owed_by: 'handler' },
    scheduled: { zh: '已约定', kind: 'waiting', next: 'set_out', owed_by: 'handler' },
    under_way: { zh: '已出发', kind: 'active', next: 'arrive', owed_by: 'handler' },
    on_site: { zh: '已到场', kind: 'active', next: 'confirm_scope', owed_by: 'handler' },
    checking: { zh: '检查中', kind: 'active', next: 'check', owed_by: 'handler' },
    checked: { zh: '已查完', kind: 'active', next: 'finish', owed_by: 'handler' },
    finished: { zh: '待交报告', kind: 'active', next: 'hand_in', owed_by: 'handler' },
    returned: { zh: '待回访', kind: 'active', next: 'call_back', owed_by: 'handler' },
    called_back: { zh: '待汇报', kind: 'active', next: 'debrief', owed_by: 'handler' },
    closed: { zh: '已结案', kind: 'done' },
    dropped: { zh: '已取消', kind: 'void' },
  },

  guards: {
    has_problems: { zh: '系统有问题', ...typed({ input: 'systems', is: ['problems'] }) },
    needs_downtime: { zh: '需要停机', ...typed({ input: 'downtime', given: true }) },
    names_outside: { zh: '有清单以外的设备', ...typed({ input: 'outside', given: true }) },
    environment_off: { zh: '环境超出要求', test: ({ input, limits }: Facts) => input.placement === 'poor'
      || off(input.temperature, limits['inspection.temperature_least'], limits['inspection.temperature_most'])
      || off(input.voltage, limits['inspection.voltage_least'], limits['inspection.voltage_most'])
      || off(input.humidity, limits['inspection.humidity_least'], limits['inspection.humidity_most']) },
    keeps_software: { zh: '合同含软件维护', test: (f: Facts) => f.software_standard !== null },
    is_known: { zh: '原因和办法都清楚', ...typed({ input: 'finding_kind', is: ['known'] }) },
    is_small: { zh: '小问题，原因不明', ...typed({ input: 'finding_kind', is: ['small_unclear'] }) },
    is_unknown: { zh: '原因或办法不清楚', ...typed({ input: 'finding_kind', is: ['unknown'] }) },
    has_open_problems: { zh: '有遗留问题', ...typed({ input: 'test_result', is: ['open_problems'] }) },
    is_signed: { zh: '客户签了字', ...typed({ input: 'signing', is: ['signed'] }) },
    is_unsigned: { zh: '客户没有签字', ...typed({ input: 'signing', is: ['absent', 'refused', 'later'] }) },
    has_need: { zh: '有潜在需求', ...typed({ input: 'potential_need', given: true }) },
    has_faulty_parts: { zh: '有故障件', ...typed({ input: 'faulty_parts', given: true }) },
    tells_sales: { zh: '也告诉销售', ...typed({ input: 'tell_sales', given: true }) },
  },

  actions: {
    open: { zh: '开例检单', from: null, to: 'generated', by: ['system', ...heads, ...leads], writes: 'open', needs: {
      contract: { kind: 'record', process: 'contract', zh: '合同', required: true },
      planned_on: { kind: 'date', zh: '计划日期', required: true },
      note: { kind: 'text', zh: '说明' } } },

    assign: { zh: '派工', from: ['generated', 'assigned', 'scheduled'], to: 'assigned', by: [...heads, ...leads],
      rule: ['S1-173'], needs: { handler, backup, note: { kind: 'text', zh: '说明' } },
      then: [{ send: 'inspection_assigned', to: 'handler' }] },
    replan: { zh: '改期', from: ['generated', 'assigned', 'scheduled'], by: everybody,
      writes: 'replan', needs: { planned_on: { kind: 'date', zh: '计划日期', required: true }, reason } },

    contact: { zh: '约定例检', from: ['assigned', 'scheduled'], to: 'scheduled', by: engineers, rule: ['S1-174'],
      needs: contacting },
    set_out: { zh: '出发', from: 'scheduled', to: 'under_way', by: engineers, needs: { departure } },
    arrive: { zh: '到场', from: 'under_way', to: 'on_site', by: engineers, writes: 'arrive', needs: {
      arrived_at: { kind: 'instant', past: true, zh: '到场时间', hint: '不填就是现在' } } },
    confirm_scope: { zh: '核对设备', from: 'on_site', to: 'checking', by: engineers, needs: scope },
    check: { zh: '检查', from: 'checking', to: 'checked', by: engineers,
      needs: { ...environment, checks, software_tests } },
    find: { zh: '记发现的问题', from: ['checking', 'checked'], by: engineers, writes: 'find', needs: finding, then: [
      { open: 'task', when: 'is_small', fill: { title: { words: 'task.simulate' }, detail: { input: 'message' },
        handler: { record: 'handler' }, team: { value: 'field_engineer' } } },
      { open: 'task', when: 'is_unknown', fill: { title: { input: 'next_step' }, detail: { input: 'finding' },
        handler: { record: 'handler' }, team: { value: 'field_engineer' }, due_at: { input: 'next_by_at' } } }] },
    finish: { zh: '完成例检', from: 'checked', to: 'finished', by: engineers, writes: 'finish', needs: finishing,
      then: [{ send: 'inspection_need', to: 'owner', when: 'has_need' }, { print: 'report' }] },

    hand_in: { zh: '交报告', from: 'finished', to: 'returned', by: engineers, rule: ['S1-190'], writes: 'hand_in',
      needs: { report_files: { kind: 'files', zh: '签字的报告', max: 20 }, faulty_parts },
      then: [{ send: 'inspection_handed_in', to: 'supervisor' },
        { open: 'document', fill: { customer: { record: 'customer' }, document_kind: { value: 'service_report' },
          title: { words: 'document.inspection_report' }, contract: { record: 'contract' },
          handler: { record: 'handler' } } },
        { open: 'task', when: 'has_faulty_parts', fill: { title: { words: 'task.faulty_parts' },
          team: { value: 'purchaser' } } }] },
    call_back: { zh: '回访', from: 'returned', to: 'called_back', by: engineers, rule: ['S1-192'], needs: {
      channel: { kind: 'choice', zh: '方式', required: true, options: { phone: '电话', mail: '邮件' } },
      questions: { kind: 'long_text', zh: '客户问了什么', max: 1000 },
      answers: { kind: 'long_text', zh: '怎样答复的', required: true, max: 1000, hint: '没有问题就写「运行正常」' } } },
    debrief: { zh: '向经理汇报', from: 'called_back', to: 'closed', by: engineers, rule: ['S1-193'], needs: debriefing,
      then: [{ send: 'inspection_debrief', to: 'supervisor' },
        { send: 'inspection_debrief', to: 'owner', when: 'tells_sales' }] },

    drop: { zh: '取消', from: ['generated', 'assigned', 'scheduled'], to: 'dropped', by: heads, needs: { reason } },
    chase: { zh: '催办', from: ['generated', 'assigned', 'scheduled', 'under_way'], by: ['system'],
      then: [{ send: 'inspection_late', to: 'supervisor' }] },
    print_report: { zh: '打印服务报告', from: ['finished', 'returned', 'called_back', 'closed'], by: everybody,
      then: [{ print: 'report' }] },
    note: { zh: '记一笔', from: 'any', by: [...everybody, 'system'],
      needs: { note: { kind: 'text', zh: '说明' }, photos: { kind: 'files', zh: '照片' } } },
  },

  clocks: {
    by_date: { zh: '例检日', runs_in: ['generated', 'assigned', 'scheduled', 'under_way'], stops_on: ['arrive'],
      due: { at: 'due_at' }, calendar: 'office', then: 'chase', kind: 'limit' },
    assignment: { zh: '派工', runs_in: ['generated'], stops_on: ['assign'],
      due: { working_days: 'inspection.assign_days' }, calendar: 'office', kind: 'limit' },
    contacting: { zh: '约客户', runs_in: ['assigned'], stops_on: ['contact'],
      due: { working_days: 'inspection.contact_days' }, calendar: 'office', kind: 'limit', rule: ['S1-174'] },
    handing_in: { zh: '交报告', runs_in: ['finished'], stops_on: ['hand_in'],
      due: { working_days: 'inspection.hand_in_days' }, calendar: 'office', kind: 'limit', rule: ['S1-190'] },
    call_back: { zh: '回访', runs_in: ['returned'], stops_on: ['call_back'],
      due: { minutes: 'inspection.call_back_minutes' }, calendar: 'always',
      warn: [{ key: 'soon', before_minutes: 'inspection.call_back_warn_minutes' }], kind: 'limit', rule: ['S1-192'] },
  },

  documents: {
    report: { zh: '客户服务报告', template: 'inspection-report', rule: ['S1-187'] },
  },
})
