import type { Rule } from '../rule.ts'

/** 法医DNA试剂盒生产企业的技术支持制度：热线接听、实验室上门、疑难升级、寄送退换与投诉处理。 */
export const s0: readonly Rule[] = [
  // P02 — 热线与在线受理
  { id: 'S0-001', group: 'P02', kind: 'field', title: '服务阶段分售前与售后' },
  // P13 — 售前活动与项目交付
  { id: 'S0-002', group: 'P13', kind: 'state', title: '售前活动配合市场部开拓' },
  // P02 — 热线与在线受理
  { id: 'S0-003', group: 'P02', kind: 'clock', title: '使用演示与答疑限时响应' },
  // P13 — 售前活动与项目交付
  { id: 'S0-004', group: 'P13', kind: 'field', title: '产品展示单列为活动类型' },
  // P06 — 升级与缺陷
  { id: 'S0-005', group: 'P06', kind: 'report', title: '疑难问题汇总须附解决方案' },
  // P16 — 资料库与市场动态
  { id: 'S0-006', group: 'P16', kind: 'document', title: '技术资料库分类建立与维护' },
  { id: 'S0-007', group: 'P16', kind: 'notice', title: '市场动态分类收集并送研发市场' },
  { id: 'S0-008', group: 'P16', kind: 'document', title: '收集竞品情况并提交比较报告' },
  // P17 — 绩效、行为与能力
  { id: 'S0-009', group: 'P17', kind: 'setting', title: '工程师产品掌握程度评级' },
  // P02 — 热线与在线受理
  { id: 'S0-010', group: 'P02', kind: 'field', title: '来电人区分客户与代理商' },
  // P16 — 资料库与市场动态
  { id: 'S0-011', group: 'P16', kind: 'schedule', title: '定期向公众媒介发布技术信息' },
  // P04 — 实验室上门服务
  { id: 'S0-012', group: 'P04', kind: 'state', title: '现场支持单独建单编号' },
  // P01 — 制度与组织
  { id: 'S0-013', group: 'P01', kind: 'field', title: '流程以黑蓝红标明执行程度' },
  { id: 'S0-014', group: 'P01', kind: 'report', title: '总流程图显示各环节在办数' },
  { id: 'S0-015', group: 'P01', kind: 'setting', title: '信息传递去向按表配置' },
  // P02 — 热线与在线受理
  { id: 'S0-016', group: 'P02', kind: 'guard', title: '未作技术判断不得转派' },
  { id: 'S0-017', group: 'P02', kind: 'setting', title: '按客户与服务级别建议服务方式' },
  { id: 'S0-018', group: 'P02', kind: 'guard', title: '下派任务要素齐全方可派出' },
  { id: 'S0-019', group: 'P02', kind: 'role', title: '咨询请求始终有唯一责任人' },
  { id: 'S0-020', group: 'P02', kind: 'task', title: '上门工程师可请求热线支援' },
  { id: 'S0-021', group: 'P02', kind: 'link', title: '服务记录互相关联且只废不删' },
  // P06 — 升级与缺陷
  { id: 'S0-022', group: 'P06', kind: 'task', title: '热线当即上报疑难与质量问题' },
  // P15 — 调查、意见与质量信息
  { id: 'S0-023', group: 'P15', kind: 'field', title: '来电意见入册并汇总反馈',
    text: '客户说的意见当场登记，写明谁说的、关于什么；服务部两个工作日内筛选，每周汇总。' },
  // P16 — 资料库与市场动态
  { id: 'S0-024', group: 'P16', kind: 'link', title: '已结服务记录转为技术资料' },
  // P02 — 热线与在线受理
  { id: 'S0-025', group: 'P02', kind: 'clock', title: '信息传送15分钟内确认收到' },
  { id: 'S0-026', group: 'P02', kind: 'script', title: '通话全程尊重清晰和善' },
  { id: 'S0-027', group: 'P02', kind: 'field', title: '来电三声内接听' },
  { id: 'S0-028', group: 'P02', kind: 'script', title: '开场敬语报公司部门与姓名' },
  { id: 'S0-029', group: 'P02', kind: 'field', title: '过滤之前先记客户需求' },
  { id: 'S0-030', group: 'P02', kind: 'field', title: '引导说明客户产品问题现状' },
  { id: 'S0-031', group: 'P02', kind: 'field', title: '按客户情况确定服务级别' },
  { id: 'S0-032', group: 'P02', kind: 'state', title: '服务方式限四种并各开分支' },
  { id: 'S0-033', group: 'P02', kind: 'script', title: '通话中不得与客户争执' },
  { id: 'S0-034', group: 'P02', kind: 'guard', title: '对外文字拦截推诿用语' },
  { id: 'S0-035', group: 'P02', kind: 'guard', title: '拦截敷衍用语并改约回复' },
  { id: 'S0-036', group: 'P02', kind: 'field', title: '电话应答须列指导步骤' },
  { id: 'S0-037', group: 'P02', kind: 'guard', title: '结案须标明解答是否有效' },
  { id: 'S0-038', group: 'P02', kind: 'script', title: '结束时致谢并欢迎再来电' },
  { id: 'S0-039', group: 'P02', kind: 'field', title: '通话结束由客户先挂机' },
  { id: 'S0-040', group: 'P02', kind: 'guard', title: '热线记录不全不得移交或关闭' },
  { id: 'S0-041', group: 'P02', kind: 'field', title: '热线服务记录六块内容详记' },
  // P04 — 实验室上门服务
  { id: 'S0-042', group: 'P04', kind: 'report', title: '上门按时率与重复上门率' },
  { id: 'S0-043', group: 'P04', kind: 'task', title: '上门发现的问题须及时反馈' },
  // P14 — 客户档案与走访
  { id: 'S0-044', group: 'P14', kind: 'state', title: '上门结单前建好客户档案',
    text: '上门的工程师把客户档案建好或逐项核对，核对的日子记在档案上；离开现场前做完。' },
  { id: 'S0-045', group: 'P14', kind: 'schedule', title: '上门后一周一月三月跟踪拜访',
    text: '离开现场后一周、一月、三月各跟踪拜访一次，电话或书面都可以，写明方式和内容才算完成；当天提醒，过了列为逾期。' },
  { id: 'S0-046', group: 'P14', kind: 'field', title: '拜读客户发表的文章并留记',
    text: '客户发表的文章登记在档案里，由责任工程师限期拜读，写下可谈的话，下次拜访时用得上。' },
  { id: 'S0-047', group: 'P14', kind: 'field', title: '跟踪拜访时交流产品信息',
    text: '拜访时交流产品信息：我们介绍了什么、从客户那里听到什么，分两栏记下。' },
  // P04 — 实验室上门服务
  { id: 'S0-048', group: 'P04', kind: 'document', title: '实验方案与客户商定并留版本' },
  { id: 'S0-049', group: 'P04', kind: 'field', title: '实验材料逐项约定由谁准备' },
  { id: 'S0-050', group: 'P04', kind: 'field', title: '行前核实客户实验室条件' },
  { id: 'S0-051', group: 'P04', kind: 'field', title: '行前确认注明电话或书面' },
  { id: 'S0-052', group: 'P04', kind: 'checklist', title: '必带试剂盒并按需带Triton X-100' },
  { id: 'S0-053', group: 'P04', kind: 'checklist', title: '携带分析软件文件与Matrix样品' },
  { id: 'S0-054', group: 'P04', kind: 'checklist', title: '携带产品资料手册与实验记录' },
  { id: 'S0-055', group: 'P04', kind: 'checklist', title: '出发前熟悉目的方案与流程' },
  { id: 'S0-056', group: 'P04', kind: 'document', title: '行前单印客户负责人与介绍词' },
  { id: 'S0-057', group: 'P04', kind: 'checklist', title: '到场着装整洁得体' },
  { id: 'S0-058', group: 'P04', kind: 'script', title: '到场自我介绍并双手递名片' },
  { id: 'S0-059', group: 'P04', kind: 'field', title: '请客户指定一名协同技术人员' },
  { id: 'S0-060', group: 'P04', kind: 'checklist', title: '到场逐台核对仪器设备' },
  { id: 'S0-061', group: 'P04', kind: 'checklist', title: '到场核对样品与辅助试剂' },
  { id: 'S0-062', group: 'P04', kind: 'checklist', title: '了解客户实验室规范' },
  { id: 'S0-063', group: 'P04', kind: 'field', title: '实验前定好区域与时间' },
  { id: 'S0-064', group: 'P04', kind: 'checklist', title: '按产品类型的方案逐步实验' },
  { id: 'S0-065', group: 'P04', kind: 'checklist', title: '遵守实验室规定并恢复整洁' },
  { id: 'S0-066', group: 'P04', kind: 'field', title: '实验中展示产品优良性能' },
  { id: 'S0-067', group: 'P04', kind: 'field', title: '结果欠佳须分析原因并约再谈' },
  { id: 'S0-068', group: 'P04', kind: 'guard', title: '上门记录不得出现推责用语' },
  { id: 'S0-069', group: 'P04', kind: 'setting', title: '实验数据按可扩充的类别整理' },
  { id: 'S0-070', group: 'P04', kind: 'link', title: '整理后原始数据与Project对应' },
  { id: 'S0-071', group: 'P04', kind: 'guard', title: '三套实验数据齐全方可结单' },
  { id: 'S0-072', group: 'P04', kind: 'document', title: '实验数据与panel、bin同盘归档' },
  { id: 'S0-073', group: 'P04', kind: 'guard', title: '领用材料返回后归还并平账' },
  { id: 'S0-074', group: 'P04', kind: 'task', title: '返回后上交出差记录与数据' },
  { id: 'S0-075', group: 'P04', kind: 'guard', title: '带回换货产品须贴问题标签' },
  // P17 — 绩效、行为与能力
  { id: 'S0-076', group: 'P17', kind: 'guard', title: '上门人员须具分子生物学能力' },
  { id: 'S0-077', group: 'P17', kind: 'guard', title: '上门人员须懂法医DNA与相关设备' },
  // P06 — 升级与缺陷
  { id: 'S0-078', group: 'P06', kind: 'field', title: '升级须勾选至少一项条件' },
  { id: 'S0-079', group: 'P06', kind: 'state', title: '疑难问题先经部内讨论' },
  { id: 'S0-080', group: 'P06', kind: 'field', title: '问题提交单四项填全并定时限' },
  { id: 'S0-081', group: 'P06', kind: 'clock', title: '升级期间按期告知客户进展' },
  { id: 'S0-082', group: 'P06', kind: 'task', title: '质量问题交质检并会同生产' },
  { id: 'S0-083', group: 'P06', kind: 'task', title: '性能问题由研发与生产实验验证' },
  { id: 'S0-084', group: 'P06', kind: 'task', title: '其他问题由技术主管定去向' },
  // P07 — 寄送与退换
  { id: 'S0-085', group: 'P07', kind: 'field', title: '寄送退换登记物流与签收' },
  { id: 'S0-086', group: 'P07', kind: 'guard', title: '退换申请须先写原因与方案' },
  { id: 'S0-087', group: 'P07', kind: 'guard', title: '批准退换前须与客户沟通' },
  { id: 'S0-088', group: 'P07', kind: 'field', title: '按客户条件做重现实验' },
  { id: 'S0-089', group: 'P07', kind: 'field', title: '做解决实验并给出处置意见' },
  // P09 — 客户投诉
  { id: 'S0-090', group: 'P09', kind: 'field', title: '倾听投诉并记录客户原话' },
  { id: 'S0-091', group: 'P09', kind: 'script', title: '受理投诉先向客户致歉' },
  { id: 'S0-092', group: 'P09', kind: 'guard', title: '投诉客户信息须登记完整' },
  { id: 'S0-093', group: 'P09', kind: 'notice', title: '重要客户与重大投诉报上级' },
  { id: 'S0-094', group: 'P09', kind: 'checklist', title: '投诉处理各环节逐一落实' },
  { id: 'S0-095', group: 'P09', kind: 'task', title: '请生产研发给予技术协助' },
  { id: 'S0-096', group: 'P09', kind: 'task', title: '请销售等部门给予服务协助' },
  { id: 'S0-097', group: 'P09', kind: 'task', title: '产品投诉转生产部处理' },
  { id: 'S0-098', group: 'P09', kind: 'link', title: '服务投诉转热线或上门流程' },
  { id: 'S0-099', group: 'P09', kind: 'role', title: '人员投诉交其主管且本人回避' },
]
