import { typed } from '../../engine/ask.ts'
import { type BaseFacts, defineProcess } from '../../engine/define.ts'
import type { Field } from '../../engine/fields.ts'
import { staff } from '../../engine/roles.ts'
import { backup_engineer, drafting, engineer, papers, priceEyes, serviceClasses, services, stages }
  from './contract-fields.ts'
import { type Department, type Step, duties, dutiesOf, steps } from './duties.ts'

/**
 * 合同 — what was promised to a customer: for which machines, how fast, what is free, until when. While it is active its
 * lines answer «in contract?» (entitlement.ts) and set the limits of cases opened under it; its clocks say when to talk
 * about the next term, when a stage is due and when an inspection is. Source: S1-A, S1-B, S1-C, S1-I; S4-Z.
 */
type Facts = BaseFacts & { has_copy: boolean; inspection_months: number | null; acceptance_missing: number
  papers_missing: number; has_engineer: boolean; inspection_state: string; renews_itself: boolean; is_over: boolean
  is_behind: boolean
  talks_of_renewal: boolean; expected_days: number; departments: number; product_kinds: number; complex: boolean
  inquired: boolean; manager_state: string; duties: unknown }

/** Does this department assist in the step that the form names? Whoever leads it has the to-do. */
const assists = (department: Department) => ({ duties: own, input }: Facts): boolean =>
  dutiesOf(own).find(({ step }) => step === input.contract_step as Step)?.[department] === 'assist'

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
      'payment_terms', 'amount_fen', 'price_note', 'renewal', 'stages', 'services', 'covers', 'sites', 'covered',
      'spare_parts', 'expected_days', 'departments', 'product_kinds', 'complex', 'remark'] },
    submitted: { zh: '待审批', kind: 'active', next: 'approve', owed_by: 'manager' },
    approved: { zh: '待启用', kind: 'active', next: 'activate', owed_by: 'supervisor', edits: ['stages', 'remark'] },
    active: { zh: '执行中', kind: 'active', edits: ['contract_number', 'industry', 'signed_on', 'commitments',
      'software_standard', 'amount_fen', 'price_note', 'renewal', 'engineer', 'backup_engineer', 'remark'] },
    expired: { zh: '已到期', kind: 'done' },
    terminated: { zh: '已终止', kind: 'done' },
    abandoned: { zh: '已作废', kind: 'void' },
  },

  guards: {
    is_project: { zh: '集成项目', ...typed({ input: 'contract_kind', is: ['integration'] }) },
    only_sites: { zh: '只限指定地点的合同要列出地点', ...typed({ input: 'covers', is: ['sites'] }) },
    only_listed: { zh: '只限清单的合同要列出设备', ...typed({ input: 'covers', is: ['listed'] }) },
    is_large: { zh: '不算工期长、部门多、产品多又复杂的项目', rule: ['S1-036'], test: ({ limits, ...f }: Facts) => f.complex
      && f.expected_days >= (limits['project.days'] ?? Infinity)
      && f.departments >= (limits['project.departments'] ?? Infinity)
      && f.product_kinds >= (limits['project.products'] ?? Infinity) },
    sales_assists: { zh: '销售部门协助这一步', test: assists('sales') },
    tech_assists: { zh: '技术部门协助这一步', test: assists('tech') },
    commerce_assists: { zh: '商务部门协助这一步', test: assists('commerce') },
    price_inquired: { zh: '还没有询价', test: (f: Facts) => f.inquired, rule: ['S1-023'],
      or: { reason: true, by: ['manager'] } },
    is_nominated: { zh: '还没有提名项目经理', test: (f: Facts) => f.manager_state === 'nominated' },
    has_copy: { zh: '技术部还没有合同副本', test: (f: Facts) => f.has_copy, rule: ['S1-047'],
      or: { reason: true, by: ['supervisor', 'manager', 'coordinator'] } },
    lacks_copy: { zh: '没有合同副本', test: (f: Facts) => !f.has_copy },
    has_inspection_clause: { zh: '合同没有写明例检；作为赠送或另收费的，写明原因', rule: ['S1-171'],
      test: (f: Facts) => f.inspection_months !== null, or: { reason: true, by: ['supervisor', 'manager'] } },
    acceptance_papers: { zh: '安装文档、维护报告、测试验收报告、项目总结还没有齐', rule: ['S1-025'],
      test: (f: Facts) => f.acceptance_missing === 0, or: { reason: true, by: ['supervisor', 'manager'] } },
    renews_itself: { zh: '到期后不是自动续期', test: (f: Facts) => f.renews_itself },
    ends_by_agreement: { zh: '到期后自动续期', test: (f: Facts) => !f.renews_itself },
    is_behind: { zh: '下一期也已经过去', test: (f: Facts) => f.is_behind },
    talks_of_renewal: { zh: '不用商谈续签', test: (f: Facts) => f.talks_of_renewal },
    is_over: { zh: '还没有到期', test: (f: Facts) => f.is_over },
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
        team: { value: 'supervisor' } } }, { send: 'project_manager_needed', to: 'supervisor', when: 'is_large' }] },

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

    cover_sites: { zh: '加入地点', from: 'active', by: [...office, ...engineers], writes: 'cover_sites', needs: {
      sites_in: { kind: 'lines', zh: '加入的地点', required: true, max: 50, columns: {
        site: { kind: 'record', process: 'site', zh: '地点', required: true } } },
      since: { kind: 'date', zh: '从哪天起', hint: '不填从今天起' } } },
    uncover_site: { zh: '移出地点', from: 'active', by: [...office, 'lead_engineer'], writes: 'uncover_site', needs: {
      site_out: { kind: 'record', process: 'site', zh: '移出的地点', required: true }, reason } },

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
    open_inspection: { zh: '开例检单', from: 'active', by: ['system', 'supervisor', 'manager'],
      writes: 'open_inspection', rule: ['S1-063', 'S1-173'],
      then: [{ open: 'inspection', fill: { contract: { record: 'id' }, planned_on: { record: 'inspection_planned_on' } } },
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
    nominate: { zh: '提名项目经理', from: ['approved', 'active'], by: ['supervisor'], writes: 'nominate', rule: ['S1-037'], needs: {
      project_manager: { kind: 'person', zh: '项目经理', required: true } } },
    confirm_manager: { zh: '议定项目经理', from: ['approved', 'active'], by: technical, when: ['is_nominated'],
      writes: 'confirm_manager', rule: ['S1-038'], needs: {
        participants: { kind: 'lines', zh: '参与者', required: true, max: 30, columns: {
          person: { kind: 'person', zh: '谁', required: true },
          agrees: { kind: 'choice', zh: '意见', required: true, options: { yes: '同意', no: '不同意' } } } },
        decided_on: { kind: 'date', zh: '议定日期', required: true, usual: { today: true } } },
      then: [{ send: 'project_manager_confirmed', to: 'owner' }] },
    set_duties: { zh: '定职责分工', from: ['draft', 'approved', 'active'], by: ['supervisor', 'manager'],
      writes: 'set_duties', rule: ['S1-018'], needs: { duties } },
    begin_step: { zh: '步骤开始', from: ['approved', 'active'], by: [...office, 'lead_engineer'], writes: 'begin_step',
      rule: ['S1-018'], needs: { contract_step: { kind: 'choice', zh: '步骤', required: true, options: steps },
        step_title: { kind: 'text', zh: '要办什么', required: true, max: 120 } },
      then: [{ open: 'task', fill: { title: { input: 'step_title' }, team: { record: 'step_team' } } },
        { send: 'contract_step', to: 'salesperson', when: 'sales_assists' },
        { send: 'contract_step', to: 'supervisor', when: 'tech_assists' },
        { send: 'contract_step', to: 'purchaser', when: 'commerce_assists' }] },
    ask_support: { zh: '请技术经理支援', from: ['approved', 'active'], by: [...engineers, 'coordinator'], rule: ['S1-039'],
      needs: { support: { kind: 'text', zh: '需要什么', required: true, max: 120 } },
      then: [{ open: 'task', fill: { title: { input: 'support' }, team: { value: 'supervisor' } } }] },
    inquire: { zh: '询价', from: ['approved', 'active'], by: ['purchaser'], writes: 'inquire', rule: ['S1-023'], needs: {
      inquiry: { kind: 'long_text', zh: '向谁询价、什么价', required: true, max: 1000, seen_by: priceEyes } } },
    place_order: { zh: '商务下单', from: ['approved', 'active'], by: ['purchaser', 'manager'], when: ['price_inquired'],
      rule: ['S1-023'], needs: {
        supplier: { kind: 'text', zh: '供应商', required: true, max: 120 },
        order_number: { kind: 'text', zh: '订单号', required: true, max: 80 },
        order_checked: { kind: 'confirm', zh: '已与合同核对', required: true } },
      then: [{ send: 'contract_ordered', to: 'owner' }] },
    plan_work: { zh: '编实施方案', from: ['approved', 'active'], by: ['supervisor', 'lead_engineer', 'coordinator'],
      rule: ['S1-024'], needs: {
        implementation_plan: { kind: 'long_text', zh: '实施方案', required: true, max: 4000 } },
      then: [{ send: 'contract_planned', to: 'owner' }] },
    assign: { zh: '指定负责销售', from: ['draft', 'submitted', 'approved', 'active'], by: office, needs: {
      owner: { kind: 'person', zh: '负责销售', required: true } } },

    renew: { zh: '续签', from: ['active', 'expired'], to: 'active', by: office, writes: 'renew', needs: {
      renewed_until: { kind: 'date', zh: '续到哪天', required: true },
      renewed_fen: { kind: 'fen', zh: '续签金额', seen_by: priceEyes },
      note: { kind: 'text', zh: '说明' } }, then: [{ send: 'contract_renewed', to: 'supervisor' }] },
    announce_renewal: { zh: '预告自动续期', from: 'active', by: ['system'], when: ['renews_itself'],
      then: [{ send: 'contract_renews', to: 'owner' }, { send: 'contract_renews', to: 'supervisor' }] },
    renew_by_itself: { zh: '自动续期', from: 'active', by: ['system'], when: ['renews_itself', 'is_over'],
      writes: 'renew_by_itself', then: [{ tell: 'self', action: 'renew_by_itself', when: 'is_behind' },
        { send: 'contract_renewed', to: 'owner' }, { send: 'contract_renewed', to: 'supervisor' }] },
    decline_renewal: { zh: '不再续签', from: 'active', by: office, writes: 'decline_renewal', needs: { reason } },
    expire: { zh: '到期', from: 'active', to: 'expired', by: ['system'], when: ['is_over'],
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
    term: { zh: '合同期', runs_in: ['active'], when: 'ends_by_agreement', due: { at: 'ends_at' }, calendar: 'always',
      then: 'expire', kind: 'limit' },
    next_term: { zh: '本期', runs_in: ['active'], when: 'renews_itself', due: { at: 'ends_at' }, calendar: 'always',
      then: 'renew_by_itself', kind: 'minimum' },
    renewal: { zh: '商谈续签', runs_in: ['active'], when: 'talks_of_renewal', due: { at: 'renew_by_at' },
      calendar: 'office', kind: 'limit' },
    renewal_notice: { zh: '预告自动续期', runs_in: ['active'], when: 'renews_itself', due: { at: 'renew_by_at' },
      calendar: 'office', then: 'announce_renewal', kind: 'minimum' },
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
