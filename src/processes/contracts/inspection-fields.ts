import type { ChecklistItem, Field } from '../../engine/fields.ts'

/** Fields and check lists of an inspection order. Source: S1-I, its checklist I. */

const item = (id: string, zh: string, more: Omit<ChecklistItem, 'id' | 'zh'> = {}): ChecklistItem =>
  ({ id, zh, required: true, ...more })

export type InspectionGuard = 'has_problems' | 'needs_downtime' | 'names_outside' | 'environment_off' | 'keeps_software'
  | 'is_known' | 'is_small' | 'is_unknown' | 'has_open_problems' | 'is_signed' | 'is_unsigned'
type F = Field<InspectionGuard>

const required = true as const

export const contacting = {
  agreed_at: { kind: 'instant', zh: '约定时间', required, rule: ['S1-174'] },
  agreed_place: { kind: 'text', zh: '约定地点', required, max: 120, rule: ['S1-174'] },
  met_whom: { kind: 'text', zh: '找谁', max: 60, personal: true },
  systems: { kind: 'choice', zh: '系统运行情况', required, rule: ['S1-174'],
    options: { normal: '运行正常', problems: '有问题', unknown: '客户说不清' } },
  known_problem: { kind: 'long_text', zh: '有什么问题', required: 'has_problems', asked_if: 'has_problems', max: 1000,
    rule: ['S1-175'] },
  prepared: { kind: 'long_text', zh: '准备怎么处理', required: 'has_problems', asked_if: 'has_problems', max: 1000,
    hint: '先想好办法，例检时一起处理', rule: ['S1-175'] },
  downtime: { kind: 'flag', zh: '需要停机', rule: ['S1-176'] },
  window_from_at: { kind: 'instant', zh: '停机从', required: 'needs_downtime', asked_if: 'needs_downtime',
    rule: ['S1-176'] },
  window_to_at: { kind: 'instant', zh: '停机到', required: 'needs_downtime', asked_if: 'needs_downtime',
    rule: ['S1-176'] },
  window_agreed_by: { kind: 'text', zh: '客户方谁同意停机', required: 'needs_downtime', asked_if: 'needs_downtime', max: 60,
    personal: true, rule: ['S1-176'] },
} as const satisfies Record<string, F>

export const departure: F = { kind: 'checklist', zh: '出发前带齐', required, steps: true, rule: ['S1-177'], items: [
  item('cleaning_tools', '清洁工具'), item('supplies', '例检用品'), item('parts', '必要的备件')] }

export const scope = {
  scope_confirmed: { kind: 'confirm', zh: '已按合同设备清单逐台核对', required, rule: ['S1-178'] },
  outside: { kind: 'long_text', zh: '清单以外的设备', max: 1000, hint: '客户要一起看、却不在合同里的；没有就不填' },
  outside_answer: { kind: 'choice', zh: '清单外的怎么办', required: 'names_outside', asked_if: 'names_outside',
    rule: ['S1-178'], options: { quoted: '另行报价', noted: '只看一看，记下来', declined: '这次不看' } },
} as const satisfies Record<string, F>

export const environment = {
  temperature: { kind: 'integer', zh: '温度（℃）', required, min: 0, max: 80, rule: ['S1-179'] },
  voltage: { kind: 'integer', zh: '电压（伏）', required, min: 0, max: 500, rule: ['S1-179'] },
  humidity: { kind: 'integer', zh: '湿度（%）', required, min: 0, max: 100, rule: ['S1-179'] },
  placement: { kind: 'choice', zh: '设备摆放', required, rule: ['S1-179'],
    options: { good: '平稳、通风', poor: '有问题' } },
  environment_told: { kind: 'long_text', zh: '环境超限怎样告诉客户', required: 'environment_off', max: 500,
    hint: '温度、电压、湿度或摆放不合要求时填', rule: ['S1-179'] },
} as const satisfies Record<string, F>

/** Points 6 to 15 of the list; each has its own rule. */
export const checks: F = { kind: 'checklist', zh: '检查与清洁', required, items: [
  item('power_cable', '电源线牢固', { rule: ['S1-180'] }), item('signal_cable', '信号线牢固', { rule: ['S1-180'] }),
  item('vents', '通风口清洁', { rule: ['S1-181'] }), item('heat_sinks', '散热片清洁', { rule: ['S1-181'] }),
  item('power_fan', '电源风扇除尘', { rule: ['S1-182'] }), item('boards', '电路板等积尘处除尘', { rule: ['S1-182'] }),
  item('login', '请客户登录，照常操作', { rule: ['S1-183'] }),
  item('messages', '系统信息没有报错', { rule: ['S1-183'] }),
  item('log_files', '日志文件重点看过', { rule: ['S1-185'] }),
  item('log_cleaned', '系统日志已清理', { rule: ['S1-170'] })] }

export const software_tests: F = { kind: 'checklist', zh: '软件维护测试', required: 'keeps_software',
  asked_if: 'keeps_software', hint: '合同写有软件维护标准的，按标准测', rule: ['S1-189'], items: [
    item('by_standard', '按合同的软件维护标准测试通过'), item('updates', '补丁和版本符合标准')] }

export const finding = {
  finding: { kind: 'long_text', zh: '发现什么', required, max: 1000 },
  finding_kind: { kind: 'choice', zh: '这是哪一种', required, options: { known: '原因和办法都清楚',
    small_unclear: '小问题，原因不明', unknown: '原因或办法不清楚' } },
  message: { kind: 'long_text', zh: '报错信息', required: 'is_small', asked_if: 'is_small', max: 1000,
    hint: '照原文记，带回公司模拟', rule: ['S1-184'] },
  consent_by: { kind: 'text', zh: '客户方谁同意处理', required: 'is_known', asked_if: 'is_known', max: 60, personal: true,
    rule: ['S1-186'] },
  done_about: { kind: 'long_text', zh: '怎样处理的', required: 'is_known', asked_if: 'is_known', max: 1000 },
  explained: { kind: 'long_text', zh: '怎样向客户解释的', required: 'is_unknown', asked_if: 'is_unknown', max: 1000,
    rule: ['S1-187'] },
  next_step: { kind: 'text', zh: '下一步', required: 'is_unknown', asked_if: 'is_unknown', max: 120, rule: ['S1-187'] },
  next_by_at: { kind: 'instant', zh: '下一步何时之前', required: 'is_unknown', asked_if: 'is_unknown',
    rule: ['S1-187'] },
} as const satisfies Record<string, F>

export const finishing = {
  test_result: { kind: 'choice', zh: '系统测试', required, rule: ['S1-188'],
    options: { passed: '测试通过', open_problems: '有遗留问题' } },
  open_problems: { kind: 'long_text', zh: '遗留什么', required: 'has_open_problems', asked_if: 'has_open_problems',
    max: 1000, rule: ['S1-188'] },
  work_done: { kind: 'long_text', zh: '做了什么', required, max: 2000, hint: '写进客户服务报告' },
  signing: { kind: 'choice', zh: '客户签字', required, rule: ['S1-188'],
    options: { signed: '已签', absent: '客户不在', refused: '拒签', later: '待补签' } },
  signature: { kind: 'signature', zh: '签名', asked_if: 'is_signed' },
  unsigned_because: { kind: 'text', zh: '没有签的原因', required: 'is_unsigned', asked_if: 'is_unsigned', max: 200,
    rule: ['S1-188'] },
  tools_back: { kind: 'confirm', zh: '工具带齐', required, rule: ['S1-188'] },
  parts_back: { kind: 'confirm', zh: '备件带齐', required, rule: ['S1-188'] },
  satisfaction: { kind: 'choice', zh: '客户满意度', options: { very_satisfied: '很满意', satisfied: '满意', neutral: '一般',
    dissatisfied: '不满意' } },
  potential_need: { kind: 'long_text', zh: '潜在需求', max: 1000, hint: '客户流露的新需求，转给负责的销售',
    rule: ['S1-170'] },
} as const satisfies Record<string, F>

export const faulty_parts: F = { kind: 'lines', zh: '故障件', max: 20, rule: ['S1-191'], columns: {
  name: { kind: 'text', zh: '部件', required, max: 120 },
  serial: { kind: 'text', zh: '序列号', max: 60 },
  labelled: { kind: 'confirm', zh: '已贴标签', required } } }

export const debriefing = {
  course: { kind: 'long_text', zh: '经过', required, max: 2000, rule: ['S1-193'] },
  insights: { kind: 'long_text', zh: '体会', max: 1000, rule: ['S1-193'] },
  suggestions: { kind: 'long_text', zh: '建议', max: 1000 },
  customer_state: { kind: 'long_text', zh: '客户情况', required, max: 1000, rule: ['S1-193'] },
  tell_sales: { kind: 'flag', zh: '也告诉负责的销售' },
} as const satisfies Record<string, F>
