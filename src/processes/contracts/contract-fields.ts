import type { Field, LineField } from '../../engine/fields.ts'

/** Fields of a contract, shared by its actions. */

/** 服务范畴: the six classes. A company closes those that it does not offer yet (settings, `close`). */
export const serviceClasses = { distribution: '产品标准分销服务', maintenance: '现场维护服务',
  value_added: '厂商标准增值服务', consulting: '技术顾问服务', outsourcing: '外包服务', spare_parts: '备品备件服务' } as const
export type ServiceClass = keyof typeof serviceClasses

/** What a class may contain. Source: S1-002, S1-005, S1-006, S1-008. */
export const includesOf: Readonly<Record<ServiceClass, readonly string[]>> = {
  distribution: ['goods_check', 'sign_for', 'basic_installation', 'phone_support'],
  maintenance: ['phone_support', 'emergency', 'installation', 'inspection'],
  value_added: ['phone_support', 'emergency', 'inspection'],
  consulting: ['consultation', 'solution_design', 'training'],
  outsourcing: [], spare_parts: [],
}

/** Documents that a contract's file should hold, by the stage that makes them. Source: S1-025, S1-050. */
export const papers = { solution_design: '方案设计书', bid_technical: '投标文件技术部分', delivery_note: '设备签收或送货单',
  installation_document: '安装文档', maintenance_report: '维护报告', test_report: '测试验收报告', project_summary: '项目总结',
  service_report: '客户服务报告' } as const
export type PaperKind = keyof typeof papers
/** Without these four a project is not accepted. */
export const acceptancePapers: readonly PaperKind[] = ['installation_document', 'maintenance_report', 'test_report',
  'project_summary']

export const stages = { installation: '安装', implementation: '实施', acceptance: '验收', warranty: '保修' } as const

/** Whoever makes prices or answers for them; engineers have no need to. Source: S1-048, product judgement K05. */
export const priceEyes = ['salesperson', 'finance', 'purchaser', 'manager', 'administrator', 'presales_lead'] as const

const charge = { free: '免费', charged: '收费' } as const
const minutes = (zh: string): LineField => ({ kind: 'minutes', zh, min: 1, max: 1_000_000 })
const machineColumn: Field & { kind: 'record' } = { kind: 'record', process: 'machine', zh: '机器', required: true }

export const services: Field = { kind: 'lines', zh: '服务条款', required: true, max: 20, rule: ['S1-022'], columns: {
  service_class: { kind: 'choice', zh: '服务范畴', required: true, options: serviceClasses, rule: ['S1-001'] },
  includes: { kind: 'choices', zh: '包含', rule: ['S1-002', 'S1-005', 'S1-008'],
    options: { goods_check: '验货', sign_for: '客户签收', basic_installation: '基本安装', phone_support: '远程电话支持',
      emergency: '突发响应现场修复', installation: '现场安装', inspection: '服务例检', consultation: '售前售后咨询',
      solution_design: '售前方案设计', training: '技术培训' } },
  parts: { kind: 'choice', zh: '备件', required: true, options: charge },
  labour: { kind: 'choice', zh: '人工', required: true, options: charge },
  travel: { kind: 'choice', zh: '上门交通', required: true, options: charge },
  onsite: { kind: 'flag', zh: '含上门', hint: '分销类不填就是不含', rule: ['S1-004'] },
  visits: { kind: 'integer', zh: '上门次数', max: 10_000, hint: '整个合同期；不填不限' },
  response_minutes: minutes('响应（分钟）'),
  arrival_minutes: minutes('到场（分钟）'),
  restore_minutes: minutes('恢复（分钟）'),
  calendar: { kind: 'choice', zh: '计时', options: { office: '工作时间', always: '全天候' }, hint: '不填按工作时间' },
  inspection_months: { kind: 'integer', zh: '例检间隔（月）', min: 1, max: 60, rule: ['S1-006'] },
  extended_until: { kind: 'date', zh: '厂商延保至', rule: ['S1-007'] },
  scope: { kind: 'text', zh: '服务范围', max: 200 },
  region: { kind: 'text', zh: '服务地区', max: 120 },
  vendor_number: { kind: 'text', zh: '厂商合同号', max: 80 },
  performed_by: { kind: 'choice', zh: '由谁承做', options: { us: '本公司', manufacturer: '厂商' },
    hint: '分销类不填就是厂商', rule: ['S1-003'] },
  provider: { kind: 'text', zh: '外包单位', max: 120, rule: ['S1-009'] },
} }

export const sites: Field<'only_sites'> = { kind: 'lines', zh: '指定地点', max: 50, required: 'only_sites',
  asked_if: 'only_sites', columns: { site: { kind: 'record', process: 'site', zh: '地点', required: true } } }

export const covered: Field<'only_listed'> = { kind: 'lines', zh: '设备清单', max: 100, required: 'only_listed',
  columns: { machine: machineColumn } }

/** 备件清单: what lies in the store for the customer. Source: S1-010. */
export const spare_parts: Field = { kind: 'lines', zh: '备件清单', max: 50, rule: ['S1-010'], columns: {
  part: { kind: 'record', process: 'part', zh: '备件', required: true },
  quantity: { kind: 'quantity', zh: '数量', required: true, min: 1 },
  place: { kind: 'text', zh: '放在哪里', max: 120 } } }

/** How large a project is; together they say whether somebody has to lead it. Source: S1-036. */
export const size = {
  expected_days: { kind: 'integer', zh: '预计工期（天）', max: 10_000, asked_if: 'is_project', rule: ['S1-036'] },
  departments: { kind: 'integer', zh: '涉及部门数', max: 100, asked_if: 'is_project', rule: ['S1-036'] },
  product_kinds: { kind: 'integer', zh: '产品种数', max: 1000, asked_if: 'is_project', rule: ['S1-036'] },
  complex: { kind: 'flag', zh: '较复杂', asked_if: 'is_project', rule: ['S1-036'] },
} as const satisfies Record<string, Field<'is_project'>>

export const engineer: Field = { kind: 'person', zh: '责任工程师', rule: ['S4-254'] }
export const backup_engineer: Field = { kind: 'person', zh: '后备工程师', hint: '建议指定；人少可以不填' }

export const drafting = {
  customer: { kind: 'record', process: 'customer', zh: '客户', required: true },
  contract_number: { kind: 'text', zh: '合同号', max: 60, hint: '纸面合同上的编号' },
  contract_kind: { kind: 'choice', zh: '合同类别', required: true, options: { product: '产品合同',
    maintenance: '维护服务合同', integration: '系统集成合同', software: '软件服务合同' } },
  industry: { kind: 'text', zh: '行业', max: 60 },
  signed_on: { kind: 'date', zh: '签订日期' },
  starts_on: { kind: 'date', zh: '服务开始', required: true },
  ends_on: { kind: 'date', zh: '服务截止', required: true },
  services,
  covers: { kind: 'choice', zh: '覆盖范围', required: true, options: { all: '客户的全部机器', sites: '只限指定地点的机器',
    listed: '只限设备清单' } },
  sites, covered, spare_parts,
  commitments: { kind: 'long_text', zh: '服务承诺', required: true, max: 4000, rule: ['S1-022'],
    hint: '响应、修复、备件、培训等答应客户的话' },
  software_standard: { kind: 'long_text', zh: '软件维护标准', max: 2000 },
  payment_terms: { kind: 'long_text', zh: '付款方式', required: true, max: 1000, seen_by: priceEyes, rule: ['S1-022'] },
  amount_fen: { kind: 'fen', zh: '合同金额', seen_by: priceEyes, rule: ['S1-048'] },
  price_note: { kind: 'long_text', zh: '价格说明', max: 1000, seen_by: priceEyes },
  renewal: { kind: 'choice', zh: '到期后', required: true, options: { talk: '商谈续签', automatic: '自动续一期',
    none: '不再续' } },
  stages: { kind: 'lines', zh: '阶段计划', max: 4, rule: ['S1-012'], columns: {
    stage: { kind: 'choice', zh: '阶段', required: true, options: stages },
    planned_on: { kind: 'date', zh: '计划日期', required: true }, done_on: { kind: 'date', zh: '完成日期' } } },
  ...size,
  owner: { kind: 'person', zh: '负责销售' },
  engineer, backup_engineer,
  remark: { kind: 'long_text', zh: '备注', max: 2000 },
} as const satisfies Record<string, Field<'only_listed' | 'only_sites' | 'is_project'>>
