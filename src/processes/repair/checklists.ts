import type { ChecklistItem } from '../../engine/fields.ts'

/** 功能测试、清洁与交接的检查项, by product kind. Source: S4-U, S4-W, S4-T, S4-L of the repair centre's regulation. */
const item = (id: string, zh: string, more: Omit<ChecklistItem, 'id' | 'zh'> = {}): ChecklistItem =>
  ({ id, zh, required: true, ...more })

export const printerTest: readonly ChecklistItem[] = [
  item('self_test', '自检页正常', { rule: ['S4-222'] }),
  item('online_print', '联机打印正常', { rule: ['S4-223'] }),
  item('ten_pages', '连续打印 10 页以上无异常', { rule: ['S4-224'] }),
  item('trays', '每个纸槽和纸盒进纸正常'),
]

export const computerTest: readonly ChecklistItem[] = [
  item('power_on', '开机自检通过', { rule: ['S4-220'] }),
  item('same_parts', 'CPU、内存、硬盘等与收机时一致'),
  item('diagnostic', '用诊断软件做完整功能测试', { rule: ['S4-221'] }),
]

export const otherTest: readonly ChecklistItem[] = [
  item('by_manual', '按产品手册逐项测试通过（备注手册出处）', { rule: ['S4-225'] }),
]

export const printerCleaning: readonly ChecklistItem[] = [
  item('outside', '外壳清洁'), item('paper_path', '走纸通道清洁'), item('inside', '内部积粉、纸屑清除'),
]

export const computerCleaning: readonly ChecklistItem[] = [
  item('outside', '外壳清洁'), item('screen', '屏幕清洁'), item('fan', '风扇除尘'), item('keyboard', '键盘清洁'),
]

/** 收机检查 and 诊断提问 where a company has no list for the kind of product. */
export const intakeChecks: readonly ChecklistItem[] = [item('complete', '部件齐全', { required: false })]
export const diagnosisChecks: readonly ChecklistItem[] = [
  item('manual', '手册的排障步骤做过吗', { required: false })]

/** 收机的收尾步骤, in the order of the counter. */
export const intakeSteps: readonly ChecklistItem[] = [
  item('copy_on_machine', '随机联贴在机器上', { rule: ['S4-085'] }),
  item('copy_to_customer', '客户联交给客户，说明预计取机时间、凭单取机', { rule: ['S4-086'] }),
  item('other_needs', '问过客户还有没有别的需要'),
  item('contact_told', '告知公司电话和传真', { rule: ['S4-087'] }),
  item('stub_filed', '存根联放入「等待检测」文件夹', { rule: ['S4-088'] }),
]

/** 完工五件事: all five, or the order does not go to the folder 等待结单. */
export const finishSteps: readonly ChecklistItem[] = [
  item('ok_mark', '随机联写「OK」', { rule: ['S4-148'] }),
  item('label', '贴好维修记录标签'),
  item('shelf', '机器放到待取机架', { rule: ['S4-129'] }),
  item('parts_back', '所有备件已归还'),
  item('folder', '维修单放入「等待结单」文件夹'),
]

/** 取机验机八步: done by an engineer before the customer. */
export const pickUpTest: readonly ChecklistItem[] = [
  item('before_customer', '当着客户的面测试', { rule: ['S4-194'] }),
  item('fault_gone', '原故障已经排除', { rule: ['S4-195'] }),
  item('all_functions', '全部功能正常（打印机含联机测试）', { rule: ['S4-196'] }),
  item('cause_told', '向客户说明故障原因', { rule: ['S4-197'] }),
  item('care_told', '向客户说明使用和保养方法', { rule: ['S4-198'] }),
  item('configuration_same', '配置一致，附件齐全完好', { rule: ['S4-199'] }),
  item('other_requests', '问过客户还有没有别的要求', { rule: ['S4-200'] }),
  item('contact_given', '留下联系方式，转协调员办手续', { rule: ['S4-201'] }),
]

/** 电话报价要说到的六件事. */
export const phoneQuoteTold: readonly ChecklistItem[] = [
  item('fault', '故障'), item('cause', '原因'), item('part', '要修或要换的部件'), item('price', '价格'),
  item('period', '维修周期'), item('answer', '问客户是否同意'),
]

/** 取机电话要说到的. */
export const pickUpCall: readonly ChecklistItem[] = [
  item('who', '问候，确认对方是本人'), item('machine', '哪台机器、什么时候送来的'), item('repaired', '已经修好'),
  item('when', '什么时候方便来取'), item('bring_copy', '请带上客户联'),
]

/** 主管审单各查. */
export const reviewChecks: readonly ChecklistItem[] = [
  item('complete', '填写完整清楚，外观和附件写明', { rule: ['S4-017', 'S4-250', 'S4-175'] }), item('opening_time', '开单及时', { rule: ['S4-010'] }),
  item('cycle', '维修周期合理', { rule: ['S4-011'] }),
  item('response', '响应及时'), item('diagnosis', '故障分析正确，备件申请对症', { rule: ['S4-013'] }),
  item('parts', '备件使用与归还相符，没有技术失误', { rule: ['S4-014'] }),
  item('tests', '测试齐全'), item('signatures', '接机人、工程师和用户签字齐全', { rule: ['S4-015', 'S4-018'] }),
  item('charge', '收费与报价相符'), item('opinion', '看过用户意见和评价；不满意的已立案', { rule: ['S4-016'] }),
]
