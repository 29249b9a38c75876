import type { Rule } from '../rule.ts'

/** 软件公司的技术支持工作管理制度：售前立项、第一与第二售前、沟通报告、内部投诉与绩效级别（原文后部缺失）。 */
export const s2: readonly Rule[] = [
  // P01 — 制度与组织
  { id: 'S2-001', group: 'P01', kind: 'field', title: '制度修订四项记录写明具体' },
  { id: 'S2-002', group: 'P01', kind: 'report', title: '按月报告制度执行成效' },
  // P10 — 售前立项与责任人
  { id: 'S2-003', group: 'P10', kind: 'field', title: '支持类别区分交流测试与售后' },
  // P01 — 制度与组织
  { id: 'S2-004', group: 'P01', kind: 'role', title: '适用人员均须定岗位角色' },
  { id: 'S2-005', group: 'P01', kind: 'state', title: '行政办公会通过后即时生效' },
  // P10 — 售前立项与责任人
  { id: 'S2-006', group: 'P10', kind: 'guard', title: '项目支持限第一与第二售前' },
  { id: 'S2-007', group: 'P10', kind: 'state', title: '其他人支持须经三级审批' },
  { id: 'S2-008', group: 'P10', kind: 'role', title: '支持事项默认归第一售前' },
  { id: 'S2-009', group: 'P10', kind: 'state', title: '第一售前忙时向销售商请推迟' },
  { id: 'S2-010', group: 'P10', kind: 'clock', title: '销售同意推迟则按约定时间办' },
  { id: 'S2-011', group: 'P10', kind: 'task', title: '销售认定紧急则协调第二售前' },
  { id: 'S2-012', group: 'P10', kind: 'notice', title: '协调第二售前的结果告知销售' },
  { id: 'S2-013', group: 'P10', kind: 'state', title: '不便协调时改由销售直接协调' },
  { id: 'S2-014', group: 'P10', kind: 'state', title: '第二售前同样先商请推迟' },
  { id: 'S2-015', group: 'P10', kind: 'task', title: '两位售前都不能办时报售前经理' },
  { id: 'S2-016', group: 'P10', kind: 'script', title: '推迟或转交之前先致电客户' },
  { id: 'S2-017', group: 'P10', kind: 'link', title: '突发事件转交只限当次事件' },
  { id: 'S2-018', group: 'P10', kind: 'guard', title: '突发事件办结须告知第一售前' },
  { id: 'S2-019', group: 'P10', kind: 'notice', title: '邮件告知结果须抄送售前经理' },
  { id: 'S2-020', group: 'P10', kind: 'role', title: '突发事件过后仍由第一售前协调' },
  { id: 'S2-021', group: 'P10', kind: 'field', title: '转交须写明内容时间与范围' },
  { id: 'S2-022', group: 'P10', kind: 'role', title: '交接不清的责任归第一售前' },
  { id: 'S2-023', group: 'P10', kind: 'clock', title: '资源申请发出后持续跟催' },
  { id: 'S2-024', group: 'P10', kind: 'task', title: '紧急资源申请须电话催办' },
  // P06 — 升级与缺陷
  { id: 'S2-025', group: 'P06', kind: 'field', title: '产品问题与易用建议填反馈表' },
  { id: 'S2-026', group: 'P06', kind: 'notice', title: '反馈表发测试组并抄送全体售前' },
  // P10 — 售前立项与责任人
  { id: 'S2-027', group: 'P10', kind: 'guard', title: '技术支持须先填单立项' },
  { id: 'S2-028', group: 'P10', kind: 'field', title: '立项单写明具体支持要求' },
  { id: 'S2-029', group: 'P10', kind: 'document', title: '立项单由销售存档备查' },
  { id: 'S2-030', group: 'P10', kind: 'link', title: '立项后在跟踪表建首条记录' },
  { id: 'S2-031', group: 'P10', kind: 'task', title: '责任售前按立项要求做准备' },
  { id: 'S2-032', group: 'P10', kind: 'guard', title: '支持需求经销售与售前双方确认' },
  { id: 'S2-033', group: 'P10', kind: 'notice', title: '未立项先介入的须督促立项' },
  { id: 'S2-034', group: 'P10', kind: 'guard', title: '留有督促记录方可停止支持' },
  { id: 'S2-035', group: 'P10', kind: 'field', title: '停止支持后的延误归销售负责' },
  // P11 — 沟通报告与跟踪表
  { id: 'S2-036', group: 'P11', kind: 'clock', title: '销售不在场时须及时报告沟通' },
  { id: 'S2-037', group: 'P11', kind: 'document', title: '沟通报告邮件标题格式固定' },
  { id: 'S2-038', group: 'P11', kind: 'field', title: '说得清且无隐患可用电话报告' },
  // P12 — 内部投诉与绩效级别
  { id: 'S2-039', group: 'P12', kind: 'guard', title: '邮件电话均未报告方可投诉' },
  { id: 'S2-040', group: 'P12', kind: 'document', title: '沟通投诉邮件标题格式固定' },
  // P11 — 沟通报告与跟踪表
  { id: 'S2-041', group: 'P11', kind: 'task', title: '电话报告后销售可要求补邮件' },
  // P12 — 内部投诉与绩效级别
  { id: 'S2-042', group: 'P12', kind: 'report', title: '每两封投诉扣当月绩效一级' },
  { id: 'S2-043', group: 'P12', kind: 'report', title: '每四封投诉永久降绩效一级' },
  // P11 — 沟通报告与跟踪表
  { id: 'S2-044', group: 'P11', kind: 'field', title: '沟通报告正文六项须填全' },
  { id: 'S2-045', group: 'P11', kind: 'guard', title: '沟通报告不得用笼统措辞' },
  { id: 'S2-046', group: 'P11', kind: 'task', title: '发出报告同时登记项目跟踪表' },
  { id: 'S2-047', group: 'P11', kind: 'role', title: '跟踪表一人一份只记自己主责项目' },
  { id: 'S2-048', group: 'P11', kind: 'notice', title: '第二售前支持后邮件告知第一售前' },
  { id: 'S2-049', group: 'P11', kind: 'task', title: '第一售前收到告知后登记入表' },
  { id: 'S2-050', group: 'P11', kind: 'guard', title: '项目奖金凭已确认跟踪记录申领' },
  { id: 'S2-051', group: 'P11', kind: 'task', title: '有遗留问题即启动内部处理' },
  { id: 'S2-052', group: 'P11', kind: 'notice', title: '遗留问题部内解决即邮件告知销售' },
  { id: 'S2-053', group: 'P11', kind: 'task', title: '处理遗留时再沟通须再次报告' },
  { id: 'S2-054', group: 'P11', kind: 'state', title: '必要时可向部门经理提出申请' },
]
