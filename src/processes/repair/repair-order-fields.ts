import type { Field } from '../../engine/fields.ts'
import { computerCleaning, computerTest, diagnosisChecks, finishSteps, intakeChecks, intakeSteps,
  otherTest, pickUpTest, printerCleaning, printerTest }
  from './checklists.ts'
import { fault_class } from './repair-outcome.ts'

/** Fields of the 维修服务记录单 (G1), in the order in which the counter and the bench fill them. */
export const handler = { kind: 'person', zh: '工程师', only: ['bench_engineer', 'lead_engineer'] } as const satisfies Field
export const note: Field = { kind: 'long_text', zh: '备注', max: 1000 }
export const reason: Field = { kind: 'text', zh: '原因', required: true }
export const photos: Field = { kind: 'files', zh: '照片' }

export const opening = {
  customer: { kind: 'record', process: 'customer', zh: '客户', required: true },
  contact_name: { kind: 'text', zh: '联系人', required: true, max: 60, personal: true, rule: ['S4-078'] },
  contact_phone: { kind: 'phone', zh: '联系电话', required: true, personal: true },
  machine: { kind: 'record', process: 'machine', zh: '机器', required: true },
  arrived_as: { kind: 'choice', zh: '来机方式', required: true,
    options: { carried_in: '客户送修', brought_back: '工程师带回' } },
  symptom: { kind: 'long_text', zh: '故障现象', required: true, max: 2000, rule: ['S4-077'] },
  fault_frequency: { kind: 'choice', zh: '出现频率', rule: ['S4-185'],
    options: { constant: '一直有', frequent: '经常', occasional: '偶尔' } },
  fault_history: { kind: 'long_text', zh: '发生经过', max: 1000 },
  warranty: { kind: 'choice', zh: '保修', required: true, options: { in: '保内', out: '保外', unknown: '待查' } },
  purchase_date: { kind: 'date', zh: '购买日期' },
  aas_opened_at: { kind: 'instant', past: true, zh: '厂家系统开单时间' },
  rework_of: { kind: 'record', process: 'repair_order', zh: '返修：原维修单', rule: ['S4-004'] },
  rework_reason: { kind: 'text', zh: '返修原因', required: 'is_rework', max: 200, rule: ['S4-004'] },
  filled_by: { kind: 'choice', zh: '填单人', options: { customer: '客户本人', staff: '协调员代填' }, rule: ['S4-078'] },
} as const satisfies Record<string, Field<'is_rework'>>

export const inspection = {
  fault_class,
  reproduced: { kind: 'choice', zh: '故障复现', required: true, rule: ['S4-186'],
    options: { yes: '当面复现', no: '没有复现', not_possible: '无法当场验证' } },
  same_as_reported: { kind: 'choice', zh: '与客户描述', options: { yes: '一致', no: '不一致' } },
  possible_cause: { kind: 'choice', zh: '可能原因', required: true, rule: ['S4-187'],
    options: { quality: '产品质量', use: '使用不当', wear: '自然损耗', unknown: '尚不清楚' } },
  configuration_confirmed: { kind: 'confirm', zh: '配置已与客户核对', rule: ['S4-188'] },
  other_faults: { kind: 'long_text', zh: '其他故障', max: 1000, rule: ['S4-189'], hint: '再问一次；没有就写「无」' },
  fixable_on_spot: { kind: 'choice', zh: '能否当场修好', required: true, options: { yes: '能', no: '不能，须收机' },
    rule: ['S4-190'] },
  fault_analysis: { kind: 'long_text', zh: '故障分析', required: true, max: 2000, rule: ['S4-192'] },
  parts_needed: { kind: 'long_text', zh: '需要的备件', max: 500 },
} as const satisfies Record<string, Field>

/** What is written down of a computer's insides, to be compared when it is repaired. */
const seen = { kind: 'text', max: 120, hint: '看不清就写「不详」', rule: ['S4-220'] } as const

/** `attachments_left`, `signed_on_glass` and `is_computer` are guards of the process. */
export const intake = {
  appearance: { kind: 'long_text', zh: '外观', required: true, max: 1000, rule: ['S4-083', 'S4-144'] },
  configuration: { kind: 'long_text', zh: '配置', required: true, max: 1000, hint: '看不清就写「不详」',
    rule: ['S4-083'] },
  photos,
  cpu: { ...seen, zh: '处理器', required: 'is_computer' },
  memory: { ...seen, zh: '内存', required: 'is_computer' },
  disk: { ...seen, zh: '硬盘', required: 'is_computer' },
  intake_checks: { kind: 'checklist', zh: '收机检查', items: intakeChecks, list: 'intake' },
  attachments_kept: { kind: 'choice', zh: '附件与耗材', required: true, usual: { value: 'taken_home' }, rule: ['S4-081'],
    options: { taken_home: '客户全部带回', left: '有附件留下' } },
  attachments: { kind: 'lines', zh: '留下的附件', required: 'attachments_left', max: 30, rule: ['S4-145'], columns: {
    name: { kind: 'text', zh: '名称', required: true, max: 60 },
    pieces: { kind: 'integer', zh: '数量', required: true, min: 1, max: 999, usual: { value: 1 } },
    mark: { kind: 'text', zh: '序列号或记号', max: 80 } } },
  labelled: { kind: 'confirm', zh: '每件附件都已贴标签', required: 'attachments_left', rule: ['S4-082'] },
  sent_in_on: { kind: 'date', zh: '送机日期', required: true, usual: { today: true }, rule: ['S4-084'] },
  signed_way: { kind: 'choice', zh: '客户签字', required: true, options: { glass: '在屏幕上签', paper: '在纸单上签' },
    rule: ['S4-084'] },
  signature: { kind: 'signature', zh: '您的签字', required: 'signed_on_glass', rule: ['S4-084'] },
  promised_at: { kind: 'instant', zh: '预计取机', hint: '空着就按公司定的天数', rule: ['S4-086'],
    usual: { days: 'repair.promise_days', calendar: 'office' } },
  intake_steps: { kind: 'checklist', zh: '收尾步骤', required: true, steps: true, items: intakeSteps },
  handler,
} as const satisfies Record<string, Field<'attachments_left' | 'signed_on_glass' | 'is_computer'>>

export const result = {
  diagnosis_checks: { kind: 'checklist', zh: '诊断提问', items: diagnosisChecks, questions: true, list: 'diagnosis' },
  fault_found: { kind: 'long_text', zh: '查明的故障', required: true, max: 2000, rule: ['S4-204'] },
  cause_class: { kind: 'choice', zh: '原因归类', required: true,
    options: { quality: '产品质量', use: '使用不当', wear: '自然损耗', consumable: '耗材', other: '其他' } },
  fault_class,
  model_defect: { kind: 'flag', zh: '同型号也有此问题', hint: '别的用户是否也这样' },
  repair_method: { kind: 'long_text', zh: '怎样修', required: true, max: 2000, rule: ['S4-205'] },
  manual_section: { kind: 'text', zh: '查阅的手册', max: 120, rule: ['S4-202'] },
  replaces: { kind: 'choice', zh: '要换的是', options: { part: '备件', consumable: '耗材', none: '不用换' }, rule: ['S4-205'] },
  prevention: { kind: 'long_text', zh: '怎样避免再坏', max: 1000, rule: ['S4-206'] },
  parts_needed: { kind: 'long_text', zh: '需要的备件', max: 500, usual: { record: 'parts_needed' } },
  price_proposal_fen: { kind: 'fen', zh: '建议价格', seen_by: ['bench_engineer', 'lead_engineer', 'coordinator',
    'supervisor', 'manager', 'finance', 'salesperson'], rule: ['S4-106'] },
} as const satisfies Record<string, Field>

/** `is_printer`, `prints_pages`, `is_computer` and `is_other_kind` are guards of the process. */
export const finishing = {
  work_done: { kind: 'long_text', zh: '处理方法', required: true, max: 2000, usual: { record: 'repair_method' },
    rule: ['S4-131'] },
  printer_test: { kind: 'checklist', zh: '功能测试', required: 'is_printer', items: printerTest, list: 'function_test' },
  computer_test: { kind: 'checklist', zh: '功能测试', required: 'is_computer', items: computerTest,
    list: 'function_test' },
  other_test: { kind: 'checklist', zh: '功能测试', required: 'is_other_kind', items: otherTest, list: 'function_test' },
  pages_printed: { kind: 'integer', zh: '连续打印页数', required: 'prints_pages', min: 10, max: 9999, rule: ['S4-224'] },
  cpu_now: { ...seen, zh: '现在的处理器', required: 'is_computer' },
  memory_now: { ...seen, zh: '现在的内存', required: 'is_computer' },
  disk_now: { ...seen, zh: '现在的硬盘', required: 'is_computer' },
  configuration_change: { kind: 'text', zh: '配置有变化的原因', max: 300, hint: '换了备件、客户要求升级等' },
  diagnostic_tool: { kind: 'text', zh: '诊断软件', required: 'is_computer', max: 120, rule: ['S4-221'] },
  test_files: { kind: 'files', zh: '测试记录' },
  manual_section: { ...result.manual_section, required: 'is_other_kind', rule: ['S4-225'] },
  printer_cleaning: { kind: 'checklist', zh: '整机清洁', required: 'is_printer', steps: true, items: printerCleaning,
    list: 'cleaning', rule: ['S4-128'] },
  computer_cleaning: { kind: 'checklist', zh: '整机清洁', required: 'is_computer', steps: true, items: computerCleaning,
    list: 'cleaning' },
  finish_steps: { kind: 'checklist', zh: '完工五件事', required: true, steps: true, items: finishSteps, rule: ['S4-211'] },
} as const satisfies Record<string, Field<'is_printer' | 'prints_pages' | 'is_computer' | 'is_other_kind'>>

export const pickUp = { pick_up_test: { kind: 'checklist', zh: '取机验机', required: true, items: pickUpTest } } as const

/**
 * `copy_was_lost`, `attachments_here`, `attachments_differ`, `signed_on_glass`, `is_dissatisfied`, `must_pay` and
 * `nothing_to_pay` are guards.
 */
export const handingOver = {
  copy_shown: { kind: 'choice', zh: '客户联', required: true, rule: ['S4-117'],
    options: { shown: '已出示并收回', lost: '没有带来或丢失' } },
  identity_check: { kind: 'text', zh: '身份核对', required: 'copy_was_lost', max: 200,
    hint: '证件、电话回拨或单位证明；写明核对方式' },
  identity_approved_by: { kind: 'person', zh: '同意的主管', only: ['supervisor', 'manager'], required: 'copy_was_lost' },
  fetched: { kind: 'confirm', zh: '从「等待取机」夹取单、从待取机架取机', required: true, rule: ['S4-118'] },
  attachments_returned: { kind: 'lines', zh: '逐件交还附件', required: 'attachments_here', max: 30, rule: ['S4-120', 'S4-149'],
    usual: { record: 'attachments' }, ticked: { by: 'returned', or: 'not_returned' },
    hint: '和客户一件一件点清，交还一件勾一件；没有交还的写明原因', columns: { ...intake.attachments.columns,
      returned: { kind: 'flag', zh: '已交还' }, not_returned: { kind: 'text', zh: '没有交还的原因', max: 200 } } },
  attachments_check: { kind: 'choice', zh: '附件与配置核对', required: true, rule: ['S4-120', 'S4-149'],
    options: { same: '与收机时一致', differs: '有差异，已说明', missing: '有缺失' } },
  difference: { kind: 'long_text', zh: '差异说明', required: 'attachments_differ', max: 500 },
  satisfied: { kind: 'choice', zh: '客户是否满意', required: true, options: { yes: '满意', no: '不满意' },
    rule: ['S4-116'] },
  complaint: { kind: 'long_text', zh: '不满意的地方', required: 'is_dissatisfied', max: 1000 },
  other_needs: { kind: 'text', zh: '其他需要', max: 200, rule: ['S4-122'] },
  opinion: { kind: 'long_text', zh: '用户意见', max: 500 },
  card_given: { kind: 'confirm', zh: '已告知热线并给名片', rule: ['S4-123'] },
  payment_way: { kind: 'choice', zh: '付款', required: true, usual: { value: 'none', when: 'nothing_to_pay' },
    options: { cash: '现金', transfer: '转账', code: '扫码', monthly: '月结', none: '无须付款' } },
  paid_fen: { kind: 'fen', zh: '实收金额', required: 'must_pay', usual: { record: 'agreed_fen' } },
  signed_way: { ...intake.signed_way, rule: ['S4-121'] },
  signature: { kind: 'signature', zh: '用户签收', required: 'signed_on_glass', rule: ['S4-121'] },
} as const satisfies Record<string, Field<'copy_was_lost' | 'attachments_here' | 'attachments_differ' | 'signed_on_glass'
  | 'is_dissatisfied' | 'must_pay' | 'nothing_to_pay'>>
