import { typed } from '../../engine/ask.ts'
import { type BaseFacts, defineProcess } from '../../engine/define.ts'
import type { Field } from '../../engine/fields.ts'
import { staff } from '../../engine/roles.ts'
import { backup_engineer, drafting, engineer, papers, priceEyes, serviceClasses, services, stages }
  from './contract-fields.ts'

/**
 * 合同 — what was promised to a customer: for which machines, how fast, what is free, until when. While it is active its
 * lines answer «in contract?» (entitlement.ts) and set the limits of cases opened under it; its clocks say when to talk
 * about the next term, when a stage is due and when an inspection is. Source: S1-A, S1-B, S1-C, S1-I; S4-Z.
 */
type Facts = BaseFacts & { has_copy: boolean; inspection_months: number | null; acceptance_missing: number
  papers_missing: number; has_engineer: boolean; inspection_state: string }

const office = ['salesperson', 'coordinator', 'purchaser', 'supervisor', 'manager', 'administrator'] as const
const technical = ['supervisor', 'manager', 'coordinator', 'lead_engineer'] as const
const engineers = ['field_engineer', 'bench_engineer', 'lead_engineer', 'hotline'] as const

const reason: Field = { kind: 'text', zh: '原因', required: true }
const inspection_on: Field = { kind: 'date', zh: '例检日期', required: true }

export const contract = defineProcess({
  name: 'contract',
  zh: '合同',

  states: {
    draft: { zh: '起草中', kind: 'active', next: 'submit', owed_by: 'salesperson', edits: ['contract_number',
      'contract_kind', 'industry', 'signed_on', 'starts_on', 'ends_on', 'commitments', 'software_standard',
      'payment_terms', 'amount_fen', 'price_note', 'renewal', 'stages', 'services', 'covers', 'covered', 'remark'] },
    submitted: { zh: '待审批', kind: 'active', next: 'approve', owed_by: 'manager' },
    approved: { zh: '待启用', kind: 'active', next: 'activate', owed_by: 'supervisor', edits: ['stages', 'remark'] },
    active: { zh: '执行中', kind: 'active', edits: ['contract_number', 'industry', 'signed_on', 'commitments',
      'software_standard', 'amount_fen', 'price_note', 'renewal', 'engineer', 'backup_engineer', 'remark'] },
    expired: { zh: '已到期', kind: 'done' },
    terminated: { zh: '已终止', kind: 'done' },
    abandoned: { zh: '已作废', kind: 'void' },
  },

  guards: {
    only_listed: { zh: '只限清单的合同要列出设备', ...typed({ input: 'covers', is: ['listed'] }) },
    has_copy: { zh: '技术部还没有合同副本', test: (f: Facts) => f.has_copy, rule: ['S1-047'],
      or: { reason: true, by: ['supervisor', 'manager', 'coordinator'] } },
    lacks_copy: { zh: '没有合同副本', test: (f: Facts) => !f.has_copy },
    has_inspection_clause: { zh: '合同没有写明例检；作为赠送或另收费的，写明原因', rule: ['S1-171'],
      test: (f: Facts) => f.inspection_months !== null, or: { reason: true, by: ['supervisor', 'manager'] } },
    acceptance_papers: { zh: '安装文档、维护报告、测试验收报告、项目总结还没有齐', rule: ['S1-025'],
      test: (f: Facts) => f.acceptance_missing === 0, or: { reason: true, by: ['supervisor', 'manager'] } },
    timetable_drafted: { zh: '还没有例检时间表', test: (f: Facts) => f.inspection_state !== 'none' },
    timetable_sent: { zh: '例检时间表还没有发给客户', test: (f: Facts) => f.inspection_state === 'sent'
      || f.inspection_state === 'confirmed' },
  },

  actions: {
    draft: { zh: '起草合同', from: null, to: 'draft', by: [...office, 'system'], writes: 'draft', needs: drafting },

    submit: { zh: '提交审批', from: 'draft', to: 'submitted', by: office, writes: 'check',
      then: [{ send: 'contract_submitted', to: 'manager' }] },
    send_back: { zh: '退回修改', from: ['submitted', 'approved'], to: 'draft', by: ['manager', 'supervisor'],
      needs: { reason }, then: [{ send: 'contract_returned', to: 'author' }] },
    approve: { zh: '批准', from: 'submitted', to: 'approved', by: ['manager', 'supervisor'], writes: 'approve',
      rule: ['S1-015'], then: [{ open: 'task', fill: { title: { words: 'task.set_up_contract' },
        team: { value: 'supervisor' } } }] },

    add_copy: { zh: '交副本', from: ['draft', 'submitted', 'approved', 'active'], by: [...office, 'lead_engineer'],
      writes: 'add_copy', needs: {
        copy_files: { kind: 'files', zh: '合同副本', required: true, max: 20 },
        masked: { kind: 'flag', zh: '价格已遮盖', rule: ['S1-048'] } } },

    activate: { zh: '启用', from: 'approved', to: 'active', by: ['supervisor', 'manager', 'coordinator'],
      when: ['has_copy'], writes: 'activate', needs: { engineer, backup_engineer },
      then: [{ send: 'contract_active', to: 'owner' },
        { open: 'task', when: 'lacks_copy', fill: { title: { words: 'task.contract_copy' },
          team: { value: 'salesperson' } } }] },

    file_paper: { zh: '文件归入', from: ['approved', 'active', 'expired'], by: [...office, ...engineers],
      writes: 'file_paper', needs: {
        paper: { kind: 'choice', zh: '文件', required: true, options: papers, rule: ['S1-050'] },
        paper_files: { kind: 'files', zh: '扫描件', max: 20 },
        paper_on: { kind: 'date', zh: '文件日期' }, kept_by: { kind: 'text', zh: '原件在谁处', max: 60 } } },

    cover: { zh: '加入机器', from: 'active', by: [...office, ...engineers], writes: 'cover', rule: ['S4-255'], needs: {
      machines: { kind: 'lines', zh: '加入的机器', required: true, max: 100, columns: {
        machine: { kind: 'record', process: 'machine', zh: '机器', required: true } } },
      since: { kind: 'date', zh: '从哪天起', hint: '不填从今天起' } } },
    uncover: { zh: '移出机器', from: 'active', by: [...office, 'lead_engineer'], writes: 'uncover', rule: ['S4-255'],
      needs: { machine_out: { kind: 'record', process: 'machine', zh: '移出的机器', required: true }, reason } },

    amend: { zh: '补充协议', from: 'active', by: office, writes: 'amend', needs: {
      services, amended_from: { kind: 'date', zh: '从哪天起', required: true }, reason } },

    use_visit: { zh: '记一次上门', from: 'active', by: [...office, ...engineers, 'dispatcher', 'system'],
      writes: 'use_visit', needs: {
        used_class: { kind: 'choice', zh: '用在哪一类', required: true, options: serviceClasses },
        used_on: { kind: 'date', zh: '上门日期', required: true },
        visit_note: { kind: 'text', zh: '做了什么', max: 200 } } },

    plan_inspections: { zh: '拟例检时间表', from: 'active', by: technical, when: ['has_inspection_clause'],
      writes: 'plan_inspections', rule: ['S1-172'], needs: { inspection_on: { ...inspection_on, zh: '首次例检日期' },
        every_months: { kind: 'integer', zh: '间隔（月）', min: 1, max: 60, hint: '不填按合同条款' } },
      then: [{ print: 'inspection_timetable' }] },
    send_timetable: { zh: '时间表已发客户', from: 'active', by: technical, when: ['timetable_drafted'],
      writes: 'send_timetable', rule: ['S1-172'], needs: {
        way: { kind: 'choice', zh: '方式', required: true, options: { fax: '传真', mail: '邮件', online: '在线工具',
          paper: '当面交纸件' } } } },
    confirm_timetable: { zh: '客户已确认时间表', from: 'active', by: technical, when: ['timetable_sent'],
      writes: 'confirm_timetable', needs: {
        inspection_on: { ...inspection_on, required: undefined, hint: '客户改了日期才填' },
        answer: { kind: 'text', zh: '客户答复', max: 200 } } },
    open_inspection: { zh: '开例检任务', from: 'active', by: ['system', 'supervisor', 'manager'],
      writes: 'open_inspection', rule: ['S1-173'],
      then: [{ open: 'task', fill: { title: { words: 'task.inspection' }, handler: { record: 'engineer' },
        team: { value: 'supervisor' }, due_at: { record: 'inspection_due_at' } } },
      { send: 'inspection_handed', to: 'supervisor' }] },

    stage_done: { zh: '阶段完成', from: 'active', by: [...office, 'lead_engineer'], writes: 'stage_done', rule: ['S1-044'],
      needs: { stage: { kind: 'choice', zh: '阶段', required: true, options: stages },
        done_on: { kind: 'date', zh: '完成日期', required: true }, note: { kind: 'text', zh: '说明' } },
      then: [{ send: 'contract_stage', to: 'owner' }] },
    accept: { zh: '项目验收', from: 'active', by: technical, when: ['acceptance_papers'], writes: 'accept',
      rule: ['S1-026'], needs: { done_on: { kind: 'date', zh: '完成日期', required: true } },
      then: [{ open: 'task', fill: { title: { words: 'task.collect' }, team: { value: 'salesperson' },
        handler: { record: 'owner' } } }] },
    customer_need: { zh: '客户需求反馈', from: ['active', 'expired'], by: staff, rule: ['S1-027'], needs: {
      need: { kind: 'long_text', zh: '需求', required: true, max: 1000 } },
      then: [{ send: 'customer_need', to: 'owner' }] },
    nominate: { zh: '提名项目经理', from: ['approved', 'active'], by: ['supervisor'], rule: ['S1-037'], needs: {
      project_manager: { kind: 'person', zh: '项目经理', required: true } } },
    assign: { zh: '指定负责销售', from: ['draft', 'submitted', 'approved', 'active'], by: office, needs: {
      owner: { kind: 'person', zh: '负责销售', required: true } } },

    renew: { zh: '续签', from: ['active', 'expired'], to: 'active', by: office, writes: 'renew', needs: {
      renewed_until: { kind: 'date', zh: '续到哪天', required: true },
      renewed_fen: { kind: 'fen', zh: '续签金额', seen_by: priceEyes },
      note: { kind: 'text', zh: '说明' } }, then: [{ send: 'contract_renewed', to: 'supervisor' }] },
    decline_renewal: { zh: '不再续签', from: 'active', by: office, writes: 'decline_renewal', needs: { reason } },
    expire: { zh: '到期', from: 'active', to: 'expired', by: ['system'],
      then: [{ send: 'contract_expired', to: 'owner' }, { send: 'contract_expired', to: 'supervisor' }] },
    terminate: { zh: '终止', from: 'active', to: 'terminated', by: ['manager', 'supervisor'], writes: 'terminate',
      needs: { terminated_on: { kind: 'date', zh: '终止日期', required: true }, reason },
      then: [{ send: 'contract_expired', to: 'owner' }] },
    abandon: { zh: '作废', from: ['draft', 'submitted', 'approved'], to: 'abandoned', by: office, needs: { reason } },

    print_summary: { zh: '打印合同摘要', from: 'any', by: staff, rule: ['S1-139'], then: [{ print: 'summary' }] },
    note: { zh: '记一笔', from: 'any', by: [...staff, 'system'], needs: {
      note: { kind: 'text', zh: '说明' }, photos: { kind: 'files', zh: '附件' } } },
  },

  clocks: {
    term: { zh: '合同期', runs_in: ['active'], due: { at: 'ends_at' }, calendar: 'always', then: 'expire',
      kind: 'limit' },
    renewal: { zh: '商谈续签', runs_in: ['active'], due: { at: 'renew_by_at' }, calendar: 'office', kind: 'limit' },
    copy: { zh: '补交副本', runs_in: ['active'], when: 'lacks_copy', stops_on: ['add_copy'],
      due: { working_days: 'contract.copy_days' }, calendar: 'office', kind: 'limit', rule: ['S1-047'] },
    stage: { zh: '阶段计划', runs_in: ['active'], due: { at: 'stage_by_at' }, calendar: 'office', kind: 'limit',
      rule: ['S1-012'] },
    inspection: { zh: '例检', runs_in: ['active'], due: { at: 'inspection_at' }, calendar: 'office',
      then: 'open_inspection', kind: 'limit', rule: ['S1-006'] },
  },

  documents: {
    summary: { zh: '合同摘要', template: 'contract-summary' },
    inspection_timetable: { zh: '例行维护时间表', template: 'inspection-timetable', rule: ['S1-172', 'S1-178'] },
  },
})
