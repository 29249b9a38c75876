/** The five demonstration companies: invented people, one in each position. Nobody here exists. */
export type DemoPerson = { name: string; login: string; positions: readonly string[] }

/** `days` and `hour` place the task relative to the day of installation, in company time. */
export type DemoTask = {
  title: string; detail?: string; by: string; for?: string; team?: string
  /** Made so many days before today, at this hour. */
  made: readonly [days: number, hour: number]
  /** Due so many days after today (negative: already past), at this hour. */
  due?: readonly [days: number, hour: number]
  /** What happened next, in order: who, what, and how many hours after the step before. */
  then?: readonly { by: string; action: 'take' | 'finish' | 'drop' | 'note' | 'hand_over'; hours: number
    input?: Readonly<Record<string, string>> }[]
}

export type DemoCompany = { slug: string; name: string; profile: string; people: readonly DemoPerson[]
  tasks: readonly DemoTask[]
  /** What its paper and its script cards say of the shop, settled by the first of its people. */
  texts?: Readonly<Record<string, string>> }

const repairCentre: DemoCompany = {
  slug: 'huicheng', name: '惠诚惠普维修中心', profile: 's4',
  texts: { 'shop.phone': '020-85550000', 'shop.fax': '020-85550001', 'shop.address': '广州市天河区云杉路 9 号首层' },
  people: [
    { name: '陈国栋', login: 'chen', positions: ['manager'] },
    { name: '赵敏芝', login: 'zhao', positions: ['supervisor'] },
    { name: '王晓燕', login: 'wang', positions: ['coordinator'] },
    { name: '周倩', login: 'zhou', positions: ['coordinator'] },
    { name: '李志强', login: 'li', positions: ['lead_engineer'] },
    { name: '孙浩然', login: 'sun', positions: ['engineer'] },
    { name: '吴俊杰', login: 'wu', positions: ['engineer'] },
    { name: '郑淑华', login: 'zheng', positions: ['storekeeper'] },
    { name: '冯磊', login: 'feng', positions: ['sales'] },
    { name: '何丽娟', login: 'he', positions: ['cashier'] },
  ],
  tasks: [
    { title: '给远景律所回电：M1136 报价是否同意', by: 'wang', for: 'wang', made: [1, 9], due: [0, 11],
      detail: '客户说下午要开庭，上午打。报价 480 元，含定影膜。' },
    { title: '催供应商：CE285A 硒鼓到货日期', by: 'li', for: 'zheng', made: [2, 10], due: [0, 16] },
    { title: '把 3 号架等待报价的机器核对一遍', by: 'zhao', team: 'bench_engineer', made: [1, 15], due: [1, 12] },
    { title: '整理上周五的回访名单', by: 'zhao', for: 'zhou', made: [5, 9], due: [-2, 17],
      then: [{ by: 'zhou', action: 'note', hours: 6, input: { note: '三位客户没接，明天再打。' } }] },
    { title: '补签 T1100 绘图仪的取机单', by: 'zhou', for: 'wang', made: [4, 14], due: [-1, 12] },
    { title: '防静电手环年检', by: 'zhao', team: 'lead_engineer', made: [3, 10] },
    { title: '给华彩印务送备用机 P2055', by: 'wang', for: 'sun', made: [6, 9], due: [-5, 16],
      then: [{ by: 'sun', action: 'finish', hours: 22, input: { result: '已送到前台，对方张经理签收。' } }] },
    { title: '登记新到的三块主板并贴标签', by: 'li', team: 'storekeeper', made: [7, 11],
      then: [{ by: 'zheng', action: 'take', hours: 1 },
        { by: 'zheng', action: 'finish', hours: 3, input: { result: '入库，货位 B-12。' } }] },
    { title: '询问德馨小学是否需要上门保养', by: 'feng', for: 'feng', made: [3, 16], due: [4, 10] },
    { title: '客户投诉等候太久，准备改进意见', by: 'chen', for: 'zhao', made: [2, 17], due: [1, 17] },
    { title: '重复登记的送修单，作废其中一张', by: 'zhou', for: 'zhou', made: [8, 10],
      then: [{ by: 'zhou', action: 'drop', hours: 1, input: { reason: '两张是同一台机器，已并到前一张。' } }] },
    { title: '核对本月应收：三家合同客户', by: 'chen', for: 'he', made: [1, 10], due: [3, 18] },
    { title: '检查 LaserJet 5200 换下的定影器是否返还客户', by: 'wang', for: 'wu', made: [1, 11], due: [0, 17] },
  ],
}

const reagentMaker: DemoCompany = {
  slug: 'jianyuan', name: '鉴源生物试剂', profile: 's0',
  people: [
    { name: '林建华', login: 'lin', positions: ['general_manager'] },
    { name: '许文静', login: 'xu', positions: ['service_lead'] },
    { name: '高洁', login: 'gao', positions: ['hotline_engineer'] },
    { name: '罗天翔', login: 'luo', positions: ['service_engineer'] },
    { name: '梁博', login: 'liang', positions: ['developer'] },
    { name: '宋雅琴', login: 'song', positions: ['quality_inspector'] },
    { name: '唐亮', login: 'tang', positions: ['sales'] },
    { name: '韩雪', login: 'han', positions: ['logistics'] },
  ],
  tasks: [
    { title: '回复市局实验室：扩增峰高偏低的排查步骤', by: 'gao', for: 'luo', made: [1, 10], due: [0, 15] },
    { title: '寄送 2 盒对照品给江北分局', by: 'xu', team: 'storekeeper', made: [2, 9], due: [-1, 16] },
    { title: '整理本周未结来电', by: 'xu', for: 'gao', made: [1, 15], due: [1, 17] },
    { title: '复现批号 20261003 的非特异峰', by: 'luo', for: 'liang', made: [4, 14] },
    { title: '回访上门培训满意度', by: 'song', for: 'song', made: [6, 10], due: [-4, 17],
      then: [{ by: 'song', action: 'finish', hours: 26, input: { result: '五家均满意，一家建议增加实操。' } }] },
  ],
}

const integrator: DemoCompany = {
  slug: 'hengtong', name: '恒通系统集成', profile: 's1',
  people: [
    { name: '马骏', login: 'ma', positions: ['director'] },
    { name: '曹立伟', login: 'cao', positions: ['technical_manager'] },
    { name: '彭宇', login: 'peng', positions: ['project_manager'] },
    { name: '董鹏飞', login: 'dong', positions: ['engineer'] },
    { name: '袁媛', login: 'yuan', positions: ['engineer'] },
    { name: '邓超群', login: 'deng', positions: ['sales'] },
    { name: '曾丽', login: 'zeng', positions: ['commerce'] },
  ],
  tasks: [
    { title: '给市档案馆发送例检时间表', by: 'peng', for: 'peng', made: [2, 9], due: [0, 17] },
    { title: '验货：两台机架服务器老化测试', by: 'cao', for: 'dong', made: [1, 14], due: [1, 10] },
    { title: '把故障硬盘寄原厂返修', by: 'dong', team: 'purchaser', made: [3, 11], due: [-1, 12] },
    { title: '提交上周工作周报', by: 'cao', for: 'yuan', made: [7, 14], due: [-6, 18],
      then: [{ by: 'yuan', action: 'finish', hours: 4, input: { result: '已提交，附安装现场照片。' } }] },
    { title: '安装完成后 1–2 天内回访长河医院', by: 'peng', for: 'yuan', made: [2, 16], due: [0, 12] },
  ],
}

const softwareVendor: DemoCompany = {
  slug: 'yunshu', name: '云枢软件', profile: 's2',
  people: [
    { name: '蒋涛', login: 'jiang', positions: ['director'] },
    { name: '沈岩', login: 'shen', positions: ['presales_director'] },
    { name: '姚思远', login: 'yao', positions: ['presales_engineer'] },
    { name: '卢婷', login: 'lu', positions: ['presales_engineer'] },
    { name: '钟磊', login: 'zhong', positions: ['account_owner'] },
    { name: '崔健明', login: 'cui', positions: ['developer'] },
  ],
  tasks: [
    { title: '补交与港务集团的沟通报告', by: 'shen', for: 'yao', made: [2, 10], due: [-1, 18] },
    { title: '准备电力公司演示环境', by: 'zhong', for: 'lu', made: [1, 9], due: [1, 9] },
    { title: '更新项目跟踪表', by: 'shen', team: 'presales', made: [1, 9], due: [0, 18] },
    { title: '确认接口文档版本', by: 'lu', for: 'cui', made: [5, 15], due: [-3, 12],
      then: [{ by: 'cui', action: 'finish', hours: 20, input: { result: '以 3.2 版为准，已放入资料库。' } }] },
  ],
}

const sealVendor: DemoCompany = {
  slug: 'xinyin', name: '信印电子签章', profile: 's3',
  people: [
    { name: '谢振华', login: 'xie', positions: ['director'] },
    { name: '余佩佩', login: 'yu', positions: ['service_manager'] },
    { name: '潘晓', login: 'pan', positions: ['online_support'] },
    { name: '戴维国', login: 'dai', positions: ['implementation'] },
    { name: '夏青', login: 'xia', positions: ['testing'] },
    { name: '方圆圆', login: 'fang', positions: ['sales'] },
  ],
  tasks: [
    { title: '远程处理：公文系统盖章后乱码', by: 'pan', for: 'dai', made: [1, 10], due: [0, 14] },
    { title: '判定 KEY 保修：申领日期未满三年', by: 'pan', for: 'yu', made: [2, 11], due: [0, 17] },
    { title: '月度走访：住建局、水务集团', by: 'yu', for: 'fang', made: [6, 9], due: [5, 17] },
    { title: '复测补丁 5.4.2 的签章验证', by: 'dai', for: 'xia', made: [4, 14], due: [-2, 18] },
    { title: '客户满意度调查表回收', by: 'yu', for: 'pan', made: [9, 9], due: [-6, 17],
      then: [{ by: 'pan', action: 'finish', hours: 30, input: { result: '发出 40 份，收回 31 份。' } }] },
  ],
}

export const demoCompanies: readonly DemoCompany[] = [repairCentre, reagentMaker, integrator, softwareVendor,
  sealVendor]
