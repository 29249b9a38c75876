import type { ContractDeed, Given } from './contract-scenes.ts'

/** Inspections of the integrator's contracts in every stage of their way, and its service plan. */

const pass = (...ids: string[]) => Object.fromEntries(ids.map((id) => [id, { answer: 'pass' }]))
const everything = pass('power_cable', 'signal_cable', 'vents', 'heat_sinks', 'power_fan', 'boards', 'login', 'messages',
  'log_files', 'log_cleaned')

type Step = readonly [action: string, ago: number, input?: (given: Given) => object, by?: string]

/** Opened by the technical manager, then each step by the engineer unless said otherwise. */
const order = (on: string, contract: string, ago: number, planned: number, engineer: string, backup: string,
  steps: readonly Step[]): ContractDeed[] => [
  { by: 'cao', ago, process: 'inspection', action: 'open', on, creates: true, input: (given) => ({
    parent: given.id(contract), contract: given.id(contract), planned_on: given.day(planned) }) },
  { by: 'cao', ago, process: 'inspection', action: 'assign', on, input: (given) => ({ handler: given.person(engineer),
    backup: given.person(backup) }) },
  ...steps.map(([action, when, input, by = engineer]): ContractDeed => ({ by, ago: when, process: 'inspection', action, on,
    ...(input && { input }) })),
]

const noon = (given: Given, day: number) => `${given.day(day)}T06:00:00Z`

const done: readonly Step[] = [
  ['contact', 24, (given) => ({ agreed_at: noon(given, -22), agreed_place: '三楼机房', met_whom: '蔡主任', systems: 'problems',
    known_problem: '备份任务周三失败过一次', prepared: '带上备份软件补丁，到场重跑一次', downtime: true,
    window_from_at: noon(given, -22), window_to_at: `${given.day(-22)}T08:00:00Z`, window_agreed_by: '蔡主任' })],
  ['set_out', 22, () => ({ departure: pass('cleaning_tools', 'supplies', 'parts') })],
  ['arrive', 22], ['confirm_scope', 22, () => ({ scope_confirmed: true, outside: '阅览室一台旧工作站', outside_answer: 'noted' })],
  ['check', 22, () => ({ temperature: 27, voltage: 221, humidity: 52, placement: 'good', checks: everything })],
  ['find', 22, () => ({ finding: '存储一块硬盘预警', finding_kind: 'known', consent_by: '蔡主任', done_about: '热备盘顶替，旧盘带回' })],
  ['find', 22, (given) => ({ finding: '管理口偶尔断一下', finding_kind: 'unknown', explained: '日志里看不出原因，要看交换机记录',
    next_step: '调阅机房交换机日志', next_by_at: `${given.day(2)}T10:00:00Z` })],
  ['finish', 22, () => ({ test_result: 'open_problems', open_problems: '管理口间歇中断待查', work_done: '两台逐台清洁，补丁装好，备份重跑通过',
    signing: 'later', unsigned_because: '蔡主任开会', tools_back: true, parts_back: true, satisfaction: 'satisfied',
    potential_need: '明年数字化扩容，想先看看方案' })],
  ['hand_in', 21, () => ({ faulty_parts: [{ name: '8TB 硬盘', serial: 'ZC1-77120', labelled: true }] })],
  ['call_back', 20, () => ({ channel: 'phone', answers: '备份这两天都正常' })],
  ['debrief', 20, () => ({ course: '顺利，多花半小时处理硬盘', insights: '先装补丁再清洁省时间', customer_state: '对方打算明年扩容',
    tell_sales: true })],
]

export const integratorInspections: readonly ContractDeed[] = [
  ...order('inspection:done', 'contract:archive', 25, -22, 'dong', 'yuan', done),
  ...order('inspection:back', 'contract:clinic', 6, -1, 'yuan', 'dong', [
    ['contact', 4, (given) => ({ agreed_at: noon(given, -1), agreed_place: '门诊楼弱电间', met_whom: '邱工', systems: 'normal' })],
    ['set_out', 1, () => ({ departure: pass('cleaning_tools', 'supplies', 'parts') })], ['arrive', 1],
    ['confirm_scope', 1, () => ({ scope_confirmed: true })],
    ['check', 1, () => ({ temperature: 32, voltage: 219, humidity: 48, placement: 'good', checks: everything,
      environment_told: '已请邱工联系后勤修空调' })],
    ['finish', 1, () => ({ test_result: 'passed', work_done: '逐台清洁，日志正常', signing: 'later', unsigned_because: '邱工出诊断会',
      tools_back: true, parts_back: true, satisfaction: 'very_satisfied' })],
  ]),
  { by: 'cao', ago: 23, process: 'service_plan', action: 'draw_up', on: 'plan:quarter', creates: true, input: (given) => ({
    title: '本季服务计划', plan_from: given.day(-30), plan_until: given.day(60), goal: '例检不漏，报修当天有回音', items: [
      { item: '档案馆例检', contract: given.id('contract:archive'), person: given.person('dong'), on: given.day(3) },
      { item: '长河医院例检', contract: given.id('contract:clinic'), person: given.person('yuan'), on: given.day(-1) },
      { item: '备件清点', on: given.day(20) }] }) },
  { by: 'cao', ago: 22, process: 'service_plan', action: 'issue', on: 'plan:quarter' },
  { by: 'cao', ago: 3, process: 'service_plan', action: 'give_out', on: 'plan:quarter', input: (given) => ({ what: '备件清点',
    handler: given.person('dong'), due_at: `${given.day(20)}T09:00:00Z` }) },
]
