import type { Field } from '../../engine/fields.ts'

/** What is wrong, in the classes by which a service manager counts; of any product. */
export const fault_class: Field = { kind: 'choice', zh: '故障类别', options: {
  power: '电源与接通', paper_feed: '进纸', paper_output: '出纸与卡纸', print_quality: '打印质量', print_head: '打印头',
  clogged_head: '打印头堵塞', ink: '墨盒与供墨', toner: '碳粉与硒鼓', drum: '成像鼓', waste_box: '废墨废粉盒', fuser: '定影',
  scanning: '扫描', mechanics: '机械内部', board: '主板与电路', storage: '硬盘与存储', memory: '内存', cooling: '散热', screen: '屏幕',
  keys: '按键与面板', port: '接口与线缆', card_reader: '读卡器', network: '无线与网络', software: '软件与驱动', setting: '设置与使用', lock_in: '厂家限制', housing: '外壳损坏',
  other: '其他', unknown: '未查明' } }

/** What it came to. Not known while nobody has said: neither of these. */
export const repair_outcome: Field = { kind: 'choice', zh: '维修结果',
  options: { repaired: '已修好', repairable: '能修，没有修', beyond_repair: '修不好或不值得修' } }
export const not_repaired_because: Field = { kind: 'choice', zh: '没有修的原因', options: { price: '价格', no_part: '没有备件',
  no_documents: '没有资料', no_tool: '没有工具', no_access: '拆不开', worn_out: '整机老化', customer: '客户不修了', other: '其他' } }
