import type { Rule } from '../rule.ts'

/** 电子印章企业的客户服务与售后支持制度：在线与远程支持、项目支持、保修判定、投诉、走访与调查。 */
export const s3: readonly Rule[] = [
  // P01 — 制度与组织
  { id: 'S3-001', group: 'P01', kind: 'state', title: '制度须经编制审核批准三签' },
  { id: 'S3-002', group: 'P01', kind: 'link', title: '售后分客户服务与技术支持两支' },
  // P02 — 热线与在线受理
  { id: 'S3-003', group: 'P02', kind: 'field', title: '咨询与意见按产品业务分类受理' },
  // P09 — 客户投诉
  { id: 'S3-004', group: 'P09', kind: 'clock', title: '客户与市场投诉尽快首次反馈' },
  // P14 — 客户档案与走访
  { id: 'S3-005', group: 'P14', kind: 'schedule', title: '按计划回访并关怀重点客户',
    text: '服务办结后七天回访，重点客户另有关怀计划；每次拜访都问明客户的需求。' },
  { id: 'S3-006', group: 'P14', kind: 'field', title: '客户基本资料分类并保持更新',
    text: '客户的基本资料按行业和等级分类，改动都有记录；每年至少核对一次，过期的列出来。' },
  // P15 — 调查、意见与质量信息
  { id: 'S3-007', group: 'P15', kind: 'clock', title: '客户意见建议转部门并须答复',
    text: '客户的意见建议转给有关部门，部门须答复采纳与否，五个工作日为限；知道是谁说的，要回告客户。' },
  { id: 'S3-008', group: 'P15', kind: 'field', title: '多渠道收集建议并按类登记',
    text: '从来电、拜访、在线、调查、会议各种渠道收集建议，登记时按功能需求、行业发展、市场需求等类别归类。' },
  { id: 'S3-009', group: 'P15', kind: 'state', title: '好建议经筛选送交部门采纳',
    text: '登记的建议两个工作日内筛选：好的转部门并跟踪采纳，一般的留作统计，无效的写明原因。' },
  { id: 'S3-010', group: 'P15', kind: 'role', title: '各部门人人可提交客户反馈',
    text: '公司里人人都可以提交听到的客户反馈，并写明来自哪个部门。' },
  // P14 — 客户档案与走访
  { id: 'S3-011', group: 'P14', kind: 'schedule', title: '重点客户逐户制定关怀计划',
    text: '为每一家重点客户制定关怀计划，逐项写明做什么、哪天、谁去；前后的满意度和需求对照着看。' },
  { id: 'S3-012', group: 'P14', kind: 'field', title: '回访问明对产品与服务的看法',
    text: '每次拜访分别问客户对产品、对服务的看法；发现问题当场立待办，并记下是不是我们先发现的。' },
  // P16 — 资料库与市场动态
  { id: 'S3-013', group: 'P16', kind: 'setting', title: '统一规范的客户服务标准' },
  // P09 — 客户投诉
  { id: 'S3-014', group: 'P09', kind: 'role', title: '投诉信息统一归集售后服务部' },
  { id: 'S3-015', group: 'P09', kind: 'state', title: '投诉依次整理过滤检查跟踪' },
  { id: 'S3-016', group: 'P09', kind: 'guard', title: '投诉妥善解决方可关闭' },
  { id: 'S3-017', group: 'P09', kind: 'guard', title: '投诉结案须查清原因并定预防' },
  // P15 — 调查、意见与质量信息
  { id: 'S3-018', group: 'P15', kind: 'schedule', title: '定期开展客户满意度调查' },
  { id: 'S3-019', group: 'P15', kind: 'report', title: '忠诚度调查并与满意度对照' },
  { id: 'S3-020', group: 'P15', kind: 'task', title: '不满意评价须开改进措施' },
  { id: 'S3-021', group: 'P15', kind: 'report', title: '调查结果落到决策与商机' },
  // P02 — 热线与在线受理
  { id: 'S3-022', group: 'P02', kind: 'state', title: '多渠道发现需求并跟到满足' },
  // P14 — 客户档案与走访
  { id: 'S3-023', group: 'P14', kind: 'state', title: '识别流失客户并跟进挽回',
    text: '一年没有往来的客户记为流失，由销售联系挽回；挽回的三个月后恢复为现有客户。人可以提前判断或更正。' },
  // P01 — 制度与组织
  { id: 'S3-024', group: 'P01', kind: 'field', title: '支持类别分在线与项目两种' },
  // P02 — 热线与在线受理
  { id: 'S3-025', group: 'P02', kind: 'link', title: '在线记录须关联印章台账' },
  // P06 — 升级与缺陷
  { id: 'S3-026', group: 'P06', kind: 'field', title: '登记客户反映的软硬件缺陷' },
  { id: 'S3-027', group: 'P06', kind: 'task', title: '缺陷交研发负责人并跟到解决' },
  // P01 — 制度与组织
  { id: 'S3-028', group: 'P01', kind: 'setting', title: '在线规则只管在线支持' },
  // P02 — 热线与在线受理
  { id: 'S3-029', group: 'P02', kind: 'script', title: '用户情绪不佳时微笑应对' },
  { id: 'S3-030', group: 'P02', kind: 'script', title: '耐心倾听不打断不争辩' },
  { id: 'S3-031', group: 'P02', kind: 'field', title: '先问来电人身份单位与电话' },
  { id: 'S3-032', group: 'P02', kind: 'script', title: '用户不满时提醒对事不对人' },
  { id: 'S3-033', group: 'P02', kind: 'guard', title: '用户需求确认后方可处理' },
  // P03 — 远程支持
  { id: 'S3-034', group: 'P03', kind: 'report', title: '统计远程支持省下的时间费用' },
  // P02 — 热线与在线受理
  { id: 'S3-035', group: 'P02', kind: 'guard', title: '处理过程须留书面记录' },
  // P03 — 远程支持
  { id: 'S3-036', group: 'P03', kind: 'report', title: '不能解决的问题记录并汇总' },
  // P02 — 热线与在线受理
  { id: 'S3-037', group: 'P02', kind: 'link', title: '按版本与环境列出已知问题' },
  { id: 'S3-038', group: 'P02', kind: 'state', title: '先判断原因再逐步指导' },
  { id: 'S3-039', group: 'P02', kind: 'field', title: '请用户做查询检测并记结果' },
  { id: 'S3-040', group: 'P02', kind: 'state', title: '电话不能解决转远程渠道' },
  { id: 'S3-041', group: 'P02', kind: 'task', title: '远程无望的转交系统工程部' },
  { id: 'S3-042', group: 'P02', kind: 'guard', title: '转交后原受理人跟到解决为止' },
  // P03 — 远程支持
  { id: 'S3-043', group: 'P03', kind: 'guard', title: '未得客户许可不得远程操作' },
  { id: 'S3-044', group: 'P03', kind: 'notice', title: '擅自远程遭投诉的全公司通报' },
  { id: 'S3-045', group: 'P03', kind: 'task', title: '擅自远程情节严重移交人事' },
  { id: 'S3-046', group: 'P03', kind: 'field', title: '远程前问明问题点与电脑环境' },
  { id: 'S3-047', group: 'P03', kind: 'field', title: '常见小缺陷随手登记并累计次数' },
  { id: 'S3-048', group: 'P03', kind: 'guard', title: '客户同意方可备份签章文档' },
  { id: 'S3-049', group: 'P03', kind: 'role', title: '备份文档只供系统工程部改进软件' },
  { id: 'S3-050', group: 'P03', kind: 'task', title: '远程未解决的详报研发组跟进' },
  { id: 'S3-051', group: 'P03', kind: 'task', title: '软件改进后逐户回访相关客户' },
  // P08 — 保修判定
  { id: 'S3-052', group: 'P08', kind: 'field', title: '外观迹象与芯片失效判人为损坏',
    text: '外壳变形或破裂、接头与电路板断开、内壳进水或有水雾等，并且芯片损坏不能用的，判为人为损坏；其他迹象写明，并由第二个人复核。' },
  { id: 'S3-053', group: 'P08', kind: 'field', title: '无人为迹象的判自然损坏',
    text: '没有这些迹象的都判自然损坏；与系统推算不同的，写明改判的原因。' },
  { id: 'S3-054', group: 'P08', kind: 'state', title: '人为损坏重制按新办理价收费',
    text: '人为损坏而客户要重做的，按新办理的价格收费，在不在保修期都一样；客户不要的，退还原件结案。' },
  { id: 'S3-055', group: 'P08', kind: 'guard', title: '自然损坏三年保修期内免费换',
    text: '自然损坏并在保修期内的免费更换；保修从申请日起三年，按报修那天判断，最后一天也算在内。' },
  { id: 'S3-056', group: 'P08', kind: 'state', title: '自然损坏过保后按原价更换',
    text: '自然损坏而过了保修期的，按原价更换，付款后制作；客户一周没有答复就提醒。' },
  // P13 — 售前活动与项目交付
  { id: 'S3-057', group: 'P13', kind: 'field', title: '现场安装分指导与直接两种' },
  { id: 'S3-058', group: 'P13', kind: 'checklist', title: '安装时讲解使用与维护知识' },
  // P14 — 客户档案与走访
  { id: 'S3-059', group: 'P14', kind: 'field', title: '走访分记反馈疑问与投诉',
    text: '走访用户时记下问题与答复、意见建议和投诉三栏；投诉当即立案，意见转入登记。' },
  // P15 — 调查、意见与质量信息
  { id: 'S3-060', group: 'P15', kind: 'state', title: '质量信息收集整理分析后利用' },
  // P13 — 售前活动与项目交付
  { id: 'S3-061', group: 'P13', kind: 'field', title: '售前阶段会同市场收集需求' },
  { id: 'S3-062', group: 'P13', kind: 'notice', title: '需求信息送研发负责人签收' },
  { id: 'S3-063', group: 'P13', kind: 'document', title: '与研发共同评估项目开发计划' },
  { id: 'S3-064', group: 'P13', kind: 'clock', title: '跟踪开发进度并按期告知客户' },
  { id: 'S3-065', group: 'P13', kind: 'link', title: '研发与客户的需求问答集中留存' },
  { id: 'S3-066', group: 'P13', kind: 'task', title: '开发完成即预约客户安装调试' },
  { id: 'S3-067', group: 'P13', kind: 'checklist', title: '调试完成后全面讲解使用维护' },
  // P14 — 客户档案与走访
  { id: 'S3-068', group: 'P14', kind: 'schedule', title: '重点用户前三个月每月走访',
    text: '重点用户投入使用后的头三个月，每月走访一次；到期前一周提醒，漏掉的标红。' },
  { id: 'S3-069', group: 'P14', kind: 'schedule', title: '重点用户此后每年至少走访一次',
    text: '头三个月之后每年至少走访一次，从上次走访的日子滚动计算；提前六十天和三十天各提醒一次。' },
  { id: 'S3-070', group: 'P14', kind: 'document', title: '走访所得须整理成走访报告',
    text: '走访中听到的意见要整理、分析，五个工作日内写成走访报告；写完报告这次走访才结束。' },
  // P02 — 热线与在线受理
  { id: 'S3-071', group: 'P02', kind: 'field', title: '用户反映的质量问题逐一记录' },
  { id: 'S3-072', group: 'P02', kind: 'task', title: '用户反映事项及时转相关部门' },
  { id: 'S3-073', group: 'P02', kind: 'clock', title: '需要现场服务时立即派人' },
  // P15 — 调查、意见与质量信息
  { id: 'S3-074', group: 'P15', kind: 'field', title: '员工接触用户所得送相关部门',
    text: '接触用户的人把听到的情况当面登记，指明转给哪个部门，有回执、有答复。' },
  // P05 — 故障上门维修
  { id: 'S3-075', group: 'P05', kind: 'guard', title: '用户满意方可结束现场服务' },
  { id: 'S3-076', group: 'P05', kind: 'guard', title: '服务记录须用户签字并写意见' },
  { id: 'S3-077', group: 'P05', kind: 'clock', title: '返回后五日内交存服务记录' },
  // P09 — 客户投诉
  { id: 'S3-078', group: 'P09', kind: 'script', title: '积极礼貌对待每一件投诉' },
  // P17 — 绩效、行为与能力
  { id: 'S3-079', group: 'P17', kind: 'task', title: '服务态度投诉按绩效细则考核' },
  // P09 — 客户投诉
  { id: 'S3-080', group: 'P09', kind: 'clock', title: '接到投诉第一时间联系客户' },
  { id: 'S3-081', group: 'P09', kind: 'state', title: '投诉经确认方可进入处理' },
  { id: 'S3-082', group: 'P09', kind: 'clock', title: '投诉有方案后第一时间答复' },
  { id: 'S3-083', group: 'P09', kind: 'role', title: '投诉争议由专人依合同协调' },
  // P05 — 故障上门维修
  { id: 'S3-084', group: 'P05', kind: 'state', title: '售后部门统一接收客户报障' },
  { id: 'S3-085', group: 'P05', kind: 'state', title: '报障由工程师先行分析' },
  { id: 'S3-086', group: 'P05', kind: 'state', title: '电话处理按是否解决分路' },
  { id: 'S3-087', group: 'P05', kind: 'field', title: '电话未解决须提出售后计划' },
  { id: 'S3-088', group: 'P05', kind: 'document', title: '领取售后服务单方可上门' },
  { id: 'S3-089', group: 'P05', kind: 'field', title: '现场处理登记到离场与经过' },
  { id: 'S3-090', group: 'P05', kind: 'state', title: '故障解决后录入系统档案' },
  { id: 'S3-091', group: 'P05', kind: 'state', title: '归档之后本次服务方告结束' },
  { id: 'S3-092', group: 'P05', kind: 'state', title: '未解决的带回确认并另派人' },
  { id: 'S3-093', group: 'P05', kind: 'link', title: '未解决服务事件升级分析' },
  { id: 'S3-094', group: 'P05', kind: 'state', title: '依升级分析定方案再次上门' },
  // P03 — 远程支持
  { id: 'S3-095', group: 'P03', kind: 'field', title: '明显且简单的问题建议远程' },
]
