import { dateIn, instantIn } from '../company-time.ts'
import { sql } from '../db.ts'
import { type Scene, type Stage, deed, idOf } from './repair-scenes.ts'

/** Visits, opinions, publications and papers of the companies that see to their customers; nobody here exists. */

const dayMs = 86_400_000

/** One thing that somebody does, so many days ago. `input` sees dates; `on`: the record it is done to. */
type Deed = { ago: number; hour: number; by: string; process: string; action: string
  /** Names a record that begins here. */
  name?: string
  /** A record by its name; with `child`, the n-th that it has opened. */
  on?: string; child?: number; input?: (when: When) => object }
type When = { date: (days: number) => string; at: (days: number, hour: number) => string; id: (name: string) => string
  person: (login: string) => string }

const talk = { means: 'phone' } as const

const reagents: readonly Deed[] = [
  { ago: 28, hour: 9, by: 'tang', process: 'customer', action: 'set_grade', on: 'customer:1', input: () => ({ grade: 'important' }) },
  { ago: 28, hour: 10, by: 'tang', process: 'customer', action: 'assign', on: 'customer:1',
    input: ({ person }) => ({ owner: person('tang') }) },
  { ago: 27, hour: 10, by: 'luo', process: 'site', action: 'register', name: 'site:1', input: ({ id }) => ({
    customer: id('customer:1'), name: '检验楼 5 层实验室', address: '中枢街 6 号院内', zone: 'other', person: '贾老师',
    phone: '13500000202', entry: '门卫换证，走北侧电梯', coordinates: '121.6147, 38.9140' }) },
  { ago: 27, hour: 14, by: 'luo', process: 'customer', action: 'add_contact', on: 'customer:1', input: () => ({
    contact_name: '孟主任', contact_phone: '13500000212', contact_role: '实验室主任', contact_online_id: 'mengdna' }) },
  { ago: 26, hour: 15, by: 'luo', process: 'visit_plan', action: 'begin', name: 'plan:1', input: ({ id, date }) => ({
    customer: id('customer:1'), plan_kind: 'follow_up', base_on: date(-36), goal: '看新批号换用以后峰高是否稳定' }) },
  { ago: 25, hour: 10, by: 'luo', process: 'care_visit', action: 'hold', on: 'plan:1', child: 1, input: () => ({ ...talk,
    met_whom: '贾老师', content: '换用 27 重新批号一周，案件样本全部出图，峰高比上一批略高。',
    product_given: '新版内标说明', product_heard: '隔壁支队在试用直扩试剂', product_view: '灵敏度够用', service_view: '培训有用',
    suggestion: '希望随盒附中文操作卡', satisfaction: 'satisfied' }) },
  { ago: 20, hour: 10, by: 'luo', process: 'visit_plan', action: 'begin', name: 'plan:2', input: ({ id, date }) => ({
    customer: id('customer:0'), plan_kind: 'follow_up', base_on: date(-21), goal: '跟踪新装扩增仪的温控' }) },
  { ago: 14, hour: 16, by: 'luo', process: 'care_visit', action: 'hold', on: 'plan:2', child: 1, input: () => ({ ...talk,
    met_whom: '钱科长', content: '温控正常；问离心机转速换算，当场答复。', product_view: '稳定', service_view: '回电快',
    questions: [{ question: '离心机转速怎样换算', answer: '按半径查表，已发' }], satisfaction: 'very_satisfied' }) },
  { ago: 10, hour: 9, by: 'luo', process: 'visit_plan', action: 'begin', name: 'plan:3', input: ({ id, date }) => ({
    customer: id('customer:2'), plan_kind: 'follow_up', base_on: date(-12) }) },
  { ago: 18, hour: 11, by: 'luo', process: 'publication', action: 'register', name: 'article:0', input: ({ id, date }) => ({
    customer: id('customer:3'), title: '微量接触检材的直接扩增方法', writer: '程老师', published_on: date(-60),
    where_published: '刑事技术杂志', summary: '0.05 ng 模板的重复性；与两种商品化试剂盒对照。' }) },
  { ago: 12, hour: 17, by: 'luo', process: 'publication', action: 'read', on: 'article:0', input: () => ({
    read_note: '下次请教 0.05 ng 的重复性，可谈我们的内标设计。' }) },
  { ago: 16, hour: 9, by: 'gao', process: 'publication', action: 'register', name: 'article:1', input: ({ id, date }) => ({
    customer: id('customer:2'), title: '陈旧骨骼样本的提取经验', writer: '施主任', published_on: date(-90),
    where_published: '司法鉴定通讯' }) },
  { ago: 9, hour: 10, by: 'gao', process: 'opinion', action: 'register', name: 'opinion:0', input: ({ id }) => ({
    customer: id('customer:0'), what: '对照品包装太小，开盖容易洒', opinion_class: 'product', channel: 'call',
    from_department: 'service' }) },
  { ago: 8, hour: 9, by: 'gao', process: 'opinion', action: 'screen', on: 'opinion:0', input: () => ({ judged: 'good',
    department: 'production' }) },
  { ago: 4, hour: 11, by: 'xu', process: 'opinion', action: 'answer', on: 'opinion:0', input: () => ({ adoption: 'adopted',
    answer: '下一批改用带螺帽的 0.5 mL 管。' }) },
  { ago: 6, hour: 15, by: 'luo', process: 'customer', action: 'confirm_file', on: 'customer:0', input: () => ({ checked: true }) },
  { ago: 5, hour: 9, by: 'song', process: 'opinion', action: 'register', name: 'opinion:1', input: ({ id }) => ({
    customer: id('customer:3'), what: '教学用的小包装能否按学期订', opinion_class: 'market', channel: 'meeting',
    from_department: 'quality' }) },
]

const seals: readonly Deed[] = [
  { ago: 28, hour: 9, by: 'yu', process: 'customer', action: 'set_grade', on: 'customer:0', input: () => ({ grade: 'key' }) },
  { ago: 28, hour: 10, by: 'yu', process: 'customer', action: 'set_grade', on: 'customer:1', input: () => ({ grade: 'key' }) },
  { ago: 28, hour: 11, by: 'fang', process: 'customer', action: 'assign', on: 'customer:0',
    input: ({ person }) => ({ owner: person('fang') }) },
  { ago: 27, hour: 9, by: 'dai', process: 'site', action: 'register', name: 'site:0', input: ({ id }) => ({
    customer: id('customer:0'), name: '政务中心 3 楼窗口', address: '政务路 2 号附楼', zone: 'city', person: '窗口组长',
    phone: '0757-8550511', entry: '工作日 9 点以后，凭预约短信进', coordinates: '113.1214, 23.0218' }) },
  { ago: 27, hour: 10, by: 'dai', process: 'site', action: 'register', name: 'site:1', input: ({ id }) => ({
    customer: id('customer:0'), name: '信息中心机房', address: '政务路 2 号地下一层', zone: 'city', person: '季科长' }) },
  { ago: 27, hour: 14, by: 'pan', process: 'customer', action: 'add_contact', on: 'customer:0', input: () => ({
    contact_name: '黎工', contact_phone: '13500000521', contact_phone_2: '0757-8550520', contact_role: '系统管理员',
    contact_online_id: 'QQ 8850521' }) },
  { ago: 27, hour: 15, by: 'pan', process: 'customer', action: 'add_contact', on: 'customer:0', input: () => ({
    contact_name: '办公室值班', contact_phone: '0757-8550500', contact_role: '办公室', contact_do_not_call: true,
    contact_note: '只在季科长不在时打' }) },
  { ago: 26, hour: 9, by: 'dai', process: 'visit_plan', action: 'begin', name: 'plan:0', input: ({ id, date }) => ({
    customer: id('customer:0'), plan_kind: 'key_user', base_on: date(-74), goal: '头三个月看盖章速度和管理员上手' }) },
  { ago: 25, hour: 10, by: 'dai', process: 'care_visit', action: 'hold', on: 'plan:0', child: 1, input: () => ({
    means: 'on_site', met_whom: '黎工', content: '现场看了三个窗口，盖章平均 4 秒；一台电脑驱动旧，当场更新。',
    product_view: '批量盖章偶尔漏页', service_view: '到场准时', wishes: '明年要接公文系统', problem: '批量盖章超过 50 页时漏最后一页',
    found_first: 'us', questions: [{ question: '能否双证书并行', answer: '可以，5.5 版支持' }],
    suggestion: '增加批量验章', satisfaction: 'satisfied' }) },
  { ago: 23, hour: 16, by: 'dai', process: 'care_visit', action: 'report', on: 'plan:0', child: 1, input: () => ({
    findings: '速度满意；批量漏页；想接公文系统。', analysis: '漏页与分页缓冲有关，三家客户反映过。',
    advice: '补丁 5.4.3 修复；公文接口排进 5.5。', sent_to: '研发部、市场部' }) },
  { ago: 12, hour: 10, by: 'dai', process: 'care_visit', action: 'hold', on: 'plan:0', child: 2, input: () => ({
    means: 'on_site', met_whom: '季科长', content: '补丁装好，漏页未再现；新来一位管理员，做了半小时讲解。',
    product_view: '稳定', service_view: '满意', satisfaction: 'very_satisfied' }) },
  { ago: 24, hour: 9, by: 'dai', process: 'visit_plan', action: 'begin', name: 'plan:1', input: ({ id, date }) => ({
    customer: id('customer:1'), plan_kind: 'key_user', base_on: date(-35) }) },
  { ago: 22, hour: 9, by: 'yu', process: 'visit_plan', action: 'begin', name: 'care:0', input: ({ id, person }) => ({
    customer: id('customer:0'), plan_kind: 'care', satisfaction_before: 'neutral', handler: person('yu'),
    goal: '年底前把满意度提到「很满意」，谈成公文接口' }) },
  { ago: 21, hour: 9, by: 'yu', process: 'visit_plan', action: 'add_item', on: 'care:0', input: ({ date, person }) => ({
    item: '送新版操作手册并讲解', item_on: date(-15), item_by: person('fang') }) },
  { ago: 21, hour: 10, by: 'yu', process: 'visit_plan', action: 'add_item', on: 'care:0', input: ({ date, person }) => ({
    item: '年终座谈，听取意见', item_on: date(20), item_by: person('yu') }) },
  { ago: 15, hour: 15, by: 'fang', process: 'care_visit', action: 'hold', on: 'care:0', child: 1, input: () => ({
    means: 'on_site', met_whom: '季科长', content: '手册送到，讲了新功能；对方希望明年继续维护。', wishes: '移动端盖章',
    satisfaction: 'satisfied' }) },
  { ago: 14, hour: 10, by: 'pan', process: 'visit_plan', action: 'begin', name: 'back:0', input: ({ id, date }) => ({
    customer: id('customer:2'), plan_kind: 'return_visit', base_on: date(-14) }) },
  { ago: 7, hour: 11, by: 'pan', process: 'care_visit', action: 'hold', on: 'back:0', child: 1, input: () => ({ ...talk,
    met_whom: '凌老师', content: '网关升级后正常。反映热线上午难打通。', service_view: '电话难打通',
    complaint: '上周三上午三次打不通热线', satisfaction: 'dissatisfied' }) },
  { ago: 3, hour: 10, by: 'pan', process: 'visit_plan', action: 'begin', name: 'back:1', input: ({ id, date }) => ({
    customer: id('customer:1'), plan_kind: 'return_visit', base_on: date(-10) }) },
  { ago: 11, hour: 9, by: 'xia', process: 'opinion', action: 'register', name: 'opinion:0', input: ({ id }) => ({
    customer: id('customer:1'), what: '希望手机上也能盖章', opinion_class: 'functional', channel: 'online',
    from_department: 'quality' }) },
  { ago: 10, hour: 9, by: 'yu', process: 'opinion', action: 'screen', on: 'opinion:0', input: () => ({ judged: 'good',
    department: 'development' }) },
  { ago: 5, hour: 16, by: 'fang', process: 'opinion', action: 'register', name: 'opinion:1', input: () => ({
    what: '几家单位都在问国密二代算法的时间表', opinion_class: 'industry', channel: 'meeting', from_department: 'sales' }) },
  { ago: 9, hour: 10, by: 'fang', process: 'customer', action: 'register', name: 'customer:lost', input: () => ({
    customer_kind: 'organisation', name: '远岸航运代理公司', short_name: '远岸航运', phone: '0757-8550504', industry: '物流',
    address: '港前路 7 号', contact_name: '卓经理', contact_phone: '13500000504', relation: 'end_customer' }) },
  { ago: 8, hour: 15, by: 'fang', process: 'customer', action: 'mark_lost', on: 'customer:lost', input: () => ({
    reason: '改用总部统一采购的签章' }) },
  { ago: 6, hour: 9, by: 'yu', process: 'customer', action: 'edit', on: 'customer:0', input: () => ({
    relation: [null, 'end_customer'], tags: [null, '电子政务，示范用户'], wishes: [null, '公文接口；移动端盖章'] }) },
]

const integration: readonly Deed[] = [
  { ago: 28, hour: 9, by: 'deng', process: 'customer', action: 'edit', on: 'customer:0', input: () => ({
    relation: [null, 'end_customer'], tags: [null, '档案行业'] }) },
  { ago: 28, hour: 10, by: 'deng', process: 'customer', action: 'set_grade', on: 'customer:1', input: () => ({ grade: 'key' }) },
  { ago: 28, hour: 11, by: 'deng', process: 'customer', action: 'register', name: 'customer:agent', input: () => ({
    customer_kind: 'organisation', name: '江畔数码科技公司', short_name: '江畔数码', phone: '0571-8550399', relation: 'agent',
    industry: '渠道', address: '数码城 A 座 1201', contact_name: '秦经理', contact_phone: '13500000399', settlement: 'monthly' }) },
  { ago: 27, hour: 9, by: 'deng', process: 'customer', action: 'edit', on: 'customer:3', input: ({ id }) => ({
    agent: [null, id('customer:agent')], relation: [null, 'end_customer'] }) },
  { ago: 27, hour: 10, by: 'dong', process: 'site', action: 'register', name: 'site:0', input: ({ id }) => ({
    customer: id('customer:1'), name: '门诊楼弱电间', address: '北麓路 200 号门诊楼 B1', zone: 'city', person: '邱工',
    phone: '13500000302', entry: '先到信息中心登记', coordinates: '120.2101, 30.2084' }) },
  ...(['solution_design', 'installation_report', 'acceptance_report', 'service_report'] as const).map((kind, index): Deed => ({
    ago: 24 - index, hour: 10, by: 'dong', process: 'document', action: 'draw_up', name: `paper:${index}`,
    input: ({ id, date }) => ({ customer: id('customer:1'), document_kind: kind,
      title: `长河医院${['存储扩容方案设计书', '存储安装报告', '存储项目验收报告', '首次服务报告'][index]}`,
      document_number: `CH-2026-${11 + index}`, version: index === 0 ? '1.2' : '1.0', contract_number: 'HT-2026-018',
      made_on: date(-25 + index), ...(index > 0 && { preceding: id(`paper:${index - 1}`) }) }) })),
  { ago: 20, hour: 9, by: 'dong', process: 'document', action: 'sign', on: 'paper:2', input: () => ({ signed_by: '邱工' }) },
  ...[0, 1, 2].map((index): Deed => ({ ago: 19 - index, hour: 9, by: 'dong', process: 'document', action: 'hand_in',
    on: `paper:${index}` })),
  ...[0, 2].map((index): Deed => ({ ago: 16, hour: 10 + index, by: 'cao', process: 'document', action: 'file',
    on: `paper:${index}`, input: ({ date }) => ({ filed_place: '3 柜 12 夹', custodian: '彭宇',
      ...(index === 2 && { copy_place: '扫描件目录 HT-2026-018' }), keep_until: date(3650) }) })),
  { ago: 13, hour: 14, by: 'cao', process: 'document', action: 'transfer', on: 'paper:2', input: ({ date }) => ({
    original_holder: '商务部曾丽', transferred_on: date(-13) }) },
  { ago: 7, hour: 9, by: 'cao', process: 'document', action: 'lend', on: 'paper:0', input: ({ at }) => ({ borrower: '袁媛',
    borrowed_until_at: at(-3, 18), note: '投标参考' }) },
  { ago: 9, hour: 11, by: 'yuan', process: 'document', action: 'draw_up', name: 'license:0', input: ({ id, date }) => ({
    customer: id('customer:0'), document_kind: 'license', title: '档案库数据库企业版许可', document_number: 'LIC-0931',
    contract_number: 'HT-2026-009', made_on: date(-10), license_text: '企业版 8 核，服务号 88-10-2207',
    medium: '3 柜光盘盒 7' }) },
  { ago: 6, hour: 15, by: 'peng', process: 'opinion', action: 'register', name: 'opinion:0', input: ({ id }) => ({
    customer: id('customer:2'), what: '希望巡检报告附端口流量图', opinion_class: 'service', channel: 'meeting' }) },
]

const software: readonly Deed[] = [
  { ago: 28, hour: 9, by: 'zhong', process: 'customer', action: 'set_grade', on: 'customer:0', input: () => ({ grade: 'key' }) },
  { ago: 26, hour: 10, by: 'zhong', process: 'customer', action: 'assign', on: 'customer:0',
    input: ({ person }) => ({ owner: person('zhong') }) },
  { ago: 12, hour: 16, by: 'yao', process: 'opinion', action: 'register', name: 'opinion:0', input: ({ id }) => ({
    customer: id('customer:1'), what: '报表能否按电压等级分组', opinion_class: 'functional', channel: 'meeting' }) },
]

const deeds: Readonly<Record<string, readonly Deed[]>> = { jianyuan: reagents, xinyin: seals, hengtong: integration,
  yunshu: software }

/** What the people of a company did for their customers lately, at its hours. */
export function careScenes(stage: Stage): Scene[] {
  const zone = stage.company.time_zone
  const at = (days: number, hour: number) => instantIn(zone, dateIn(zone, stage.now + days * dayMs), hour)
  const when: When = { date: (days) => dateIn(zone, stage.now + days * dayMs),
    at: (days, hour) => new Date(at(days, hour)).toISOString(), id: (name) => idOf(stage, name),
    person: (login) => stage.cast[login]!.id! }
  return (deeds[stage.company.slug] ?? []).map((one, index) => ({ at: at(-one.ago, one.hour) + index * 60_000,
    play: async (now) => deed(stage, { by: one.by, process: one.process, action: one.action, key: `care:${index}`,
      id: one.on === undefined ? null : one.child === undefined ? idOf(stage, one.on)
        : await childOf(stage, idOf(stage, one.on), one.child),
      ...(one.name && { newId: idOf(stage, one.name) }), input: one.input?.(when) ?? {} }, now) }))
}

/** The n-th visit that a plan has opened, counted from one. */
async function childOf({ app, company }: Stage, plan: string, nth: number): Promise<string> {
  const rows = await app.db.read(company.id, (reader) => reader.query<{ id: string }>(sql`
    select id from record where parent = ${plan} and process = 'care_visit' order by number`.named('demo_visits')))
  const row = rows[nth - 1]
  if (!row) throw new Error(`the plan has no visit ${nth}`)
  return row.id
}
