import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CareCompany, day, openCareCompany } from '../care.ts'
import { monday } from '../company.ts'
import { storyDatabases } from '../databases.ts'

/** Monday 2026-11-23, 10:00 in Shanghai. */
const at10 = monday
const shanghai = (text: string) => Date.parse(`${text}+08:00`)
const held = { means: 'phone', met_whom: '钱科长', content: '新批号用下来稳定，扩增峰高正常' }

describe.each(storyDatabases())('重点客户与走访（S3）, on $name', (kind) => {
  let at: CareCompany
  beforeAll(async () => { at = await openCareCompany(kind, 's3') })
  afterAll(() => at.close())

  const keyUser = async () => {
    at.app.now = at10
    const customer = await at.customer({ grade: 'key' })
    const { id } = await at.ok(at.engineer, 'begin', 'visit_plan', null, { customer, plan_kind: 'key_user',
      base_on: '2026-11-16' })
    return { customer, id, visits: await at.children(id, 'care_visit') }
  }
  const reported = { findings: '盖章慢，反映两次', analysis: '中间件版本旧', advice: '随补丁升级', sent_to: '研发部' }
  const visited = async (id: string) => {
    await at.ok(at.engineer, 'hold', 'care_visit', id, held)
    await at.ok(at.engineer, 'report', 'care_visit', id, reported)
  }

  test('S3-068 重点用户投运后前三个月每月走访；不是重点的不列', async () => {
    const { visits } = await keyUser()
    const dues = await Promise.all(visits.map(async ({ id }) => (await at.values('care_visit', id)).planned_at))
    expect(dues.map((due) => String(due).slice(0, 7))).toEqual(['2026-12', '2027-01', '2027-02'])
    const ordinary = await at.customer()
    await at.refuses('plan_kind', at.engineer, 'begin', 'visit_plan', null, { customer: ordinary, plan_kind: 'key_user',
      base_on: '2026-11-16' })
    await at.until(shanghai('2026-12-10T09:00'))
    const clock = await at.clock('care_visit', visits[0]!.id, 'monthly') as unknown as { steps: { struck: string }[] }
    expect(clock.steps[0]).toMatchObject({ key: 'a_week', struck: 'yes' })
    await at.until(shanghai('2026-12-17T09:00'))
    expect(await at.clock('care_visit', visits[0]!.id, 'monthly')).toMatchObject({ state: 'late' })
  })

  test('S3-069 三次以后每年至少一次，从上次走访起滚动；提前六十天和三十天提醒', async () => {
    const { id, visits } = await keyUser()
    for (const one of visits) await visited(one.id)
    expect(await at.state(id)).toBe('running')
    const yearly = (await at.children(id, 'care_visit')).at(-1)!
    expect(yearly.title).toBe('年度走访')
    expect(String((await at.values('care_visit', yearly.id)).planned_at).slice(0, 10)).toBe('2027-11-23')
    await at.until(shanghai('2027-10-01T09:00'))
    const steps = async () => (await at.clock('care_visit', yearly.id, 'yearly') as unknown as
      { steps: { struck: string }[] }).steps.map(({ struck }) => struck)
    expect(await steps()).toEqual(['yes', 'no', 'no'])
    await at.until(shanghai('2027-11-01T09:00'))
    expect(await steps()).toEqual(['yes', 'yes', 'no'])
    await visited(yearly.id)
    expect((await at.children(id, 'care_visit')).filter(({ state }) => state === 'planned')).toHaveLength(1)
  })

  test('S3-070 走访以后写报告：意见和分析都要有，五个工作日内', async () => {
    const { visits: [first] } = await keyUser()
    await at.ok(at.engineer, 'hold', 'care_visit', first!.id, held)
    expect(await at.state(first!.id)).toBe('report_due')
    await at.refuses('findings', at.engineer, 'report', 'care_visit', first!.id, { analysis: '旧' })
    await at.refuses('analysis', at.engineer, 'report', 'care_visit', first!.id, { findings: '慢' })
    await at.until(at10 + 8 * day)
    expect(await at.clock('care_visit', first!.id, 'report')).toMatchObject({ state: 'late' })
    await at.ok(at.engineer, 'report', 'care_visit', first!.id, reported)
    expect(await at.state(first!.id)).toBe('done')
  })

  test('S3-005 服务办结后七天回访，问明需求', async () => {
    at.app.now = at10
    const customer = await at.customer()
    const { id } = await at.ok(at.desk, 'begin', 'visit_plan', null, { customer, plan_kind: 'return_visit',
      base_on: '2026-11-20' })
    const [visit] = await at.children(id, 'care_visit')
    expect(await at.values('care_visit', visit!.id)).toMatchObject({ planned_at: '2026-11-27T09:30:00.000Z' })
    await at.ok(at.desk, 'hold', 'care_visit', visit!.id, { ...held, wishes: '明年要接公文系统' })
    expect(await at.values('care_visit', visit!.id)).toMatchObject({ wishes: '明年要接公文系统' })
    expect(await at.state(id)).toBe('ended')
    await at.until(at10 + 10 * day)
    const other = await at.ok(at.desk, 'plan', 'care_visit', null, { customer, planned_at: '2026-12-10T18:00:00+08:00' })
    await at.until(at10 + 20 * day)
    expect(await at.clock('care_visit', other.id, 'by_day')).toMatchObject({ state: 'late' })
  })

  test('S3-011 关怀计划只为重点客户，逐项安排日期和人，前后满意度对照', async () => {
    at.app.now = at10
    const ordinary = await at.customer()
    const care = (customer: string) => ({ customer, plan_kind: 'care', satisfaction_before: 'neutral' })
    await at.refuses('plan_kind', at.desk, 'begin', 'visit_plan', null, care(ordinary))
    const customer = await at.customer({ grade: 'key' })
    const { id } = await at.ok(at.desk, 'begin', 'visit_plan', null, care(customer))
    await at.refuses('item_on', at.desk, 'add_item', 'visit_plan', id, { item: '年终座谈' })
    await at.ok(at.desk, 'add_item', 'visit_plan', id, { item: '年终座谈', item_on: '2026-12-18', item_by: at.sales.id })
    const [item] = await at.children(id, 'care_visit')
    expect(item).toMatchObject({ title: '年终座谈', customer })
    await at.ok(at.sales, 'hold', 'care_visit', item!.id, { ...held, satisfaction: 'satisfied', wishes: '想要移动签章' })
    await at.ok(at.desk, 'finish', 'visit_plan', id, { outcome: '续约三年', satisfaction_after: 'very_satisfied' })
    expect(await at.values('visit_plan', id)).toMatchObject({ satisfaction_before: 'neutral',
      satisfaction_after: 'very_satisfied' })
  })

  test('S3-012 对产品、对服务的看法分开问；发现的问题开一条待办，并记下谁先发现', async () => {
    at.app.now = at10
    const customer = await at.customer()
    const { id } = await at.ok(at.desk, 'plan', 'care_visit', null, { customer })
    await at.ok(at.desk, 'hold', 'care_visit', id, { ...held, product_view: '稳定', service_view: '回电慢',
      problem: '批量盖章偶尔漏页', found_first: 'us' })
    expect(await at.values('care_visit', id)).toMatchObject({ product_view: '稳定', service_view: '回电慢',
      found_first: 'us' })
    expect(await at.children(id, 'task')).toMatchObject([{ team: 'hotline', customer }])
  })

  test('S3-059 走访记问题、意见、投诉三栏：投诉立案，意见登记，问题当场答复', async () => {
    at.app.now = at10
    const customer = await at.customer()
    const { id } = await at.ok(at.engineer, 'plan', 'care_visit', null, { customer })
    await at.refuses('questions.0.question', at.engineer, 'hold', 'care_visit', id, { ...held,
      questions: [{ answer: '可以' }] })
    await at.ok(at.engineer, 'hold', 'care_visit', id, { ...held, questions: [{ question: '能否双证书', answer: '可以' }],
      suggestion: '增加批量验章', complaint: '上周三次打不通热线' })
    expect(await at.children(id, 'complaint')).toMatchObject([{ state: 'opened', customer }])
    const [opinion] = await at.children(id, 'opinion')
    expect(await at.values('opinion', opinion!.id)).toMatchObject({ what: '增加批量验章', channel: 'visit' })
    expect(await at.values('care_visit', id)).toMatchObject({ questions: [{ question: '能否双证书', answer: '可以' }] })
  })

  const opinion = async (more: object = {}) => {
    at.app.now = at10
    return (await at.ok(at.desk, 'register', 'opinion', null, { what: '希望手机上也能盖章', opinion_class: 'functional',
      channel: 'call', ...more })).id
  }

  test('S3-008 S3-010 S3-074 人人可以提交客户意见，写明类别、渠道、部门', async () => {
    const developer = await at.person('夏工', 'developer')
    const customer = await at.customer()
    await at.refuses('opinion_class', developer, 'register', 'opinion', null, { what: '好用' })
    await at.refuses('channel', developer, 'register', 'opinion', null, { what: '好用', opinion_class: 'market',
      channel: 'rumour' })
    const { id } = await at.ok(developer, 'register', 'opinion', null, { customer, what: '友商降价', opinion_class: 'market',
      channel: 'meeting', from_department: 'development' })
    expect(await at.values('opinion', id)).toMatchObject({ from_department: 'development', channel: 'meeting' })
  })

  test('S3-009 先筛选：好的两个工作日内转部门，一般的留作统计，无效的写明原因', async () => {
    const good = await opinion()
    await at.refuses('department', at.desk, 'screen', 'opinion', good, { judged: 'good' })
    await at.ok(at.desk, 'screen', 'opinion', good, { judged: 'good', department: 'development' })
    expect(await at.state(good)).toBe('forwarded')
    const bad = await opinion()
    await at.refuses('judged_because', at.desk, 'screen', 'opinion', bad, { judged: 'worthless' })
    await at.ok(at.desk, 'screen', 'opinion', bad, { judged: 'worthless', judged_because: '广告' })
    expect(await at.state(bad)).toBe('closed')
    const late = await opinion()
    await at.until(at10 + 3 * day)
    expect(await at.clock('opinion', late, 'screening')).toMatchObject({ state: 'late' })
    await at.ok(at.desk, 'screen', 'opinion', late, { judged: 'fair' })
    expect(await at.state(late)).toBe('closed')
  })

  test('S3-007 转到部门的要答复采不采纳，五个工作日内，再回告客户', async () => {
    const id = await opinion({ customer: await at.customer() })
    await at.ok(at.desk, 'screen', 'opinion', id, { judged: 'good', department: 'development' })
    await at.until(at10 + 8 * day)
    expect(await at.clock('opinion', id, 'answering')).toMatchObject({ state: 'late' })
    await at.refuses('adoption', at.boss, 'answer', 'opinion', id, { answer: '排进 5.5 版' })
    await at.ok(at.boss, 'answer', 'opinion', id, { answer: '排进 5.5 版', adoption: 'adopted' })
    await at.refuses('told_how', at.desk, 'tell_customer', 'opinion', id, {})
    await at.ok(at.desk, 'tell_customer', 'opinion', id, { told_how: '电话告知季科长' })
    const nobody = await opinion()
    await at.ok(at.desk, 'screen', 'opinion', nobody, { judged: 'good', department: 'sales' })
    await at.ok(at.boss, 'answer', 'opinion', nobody, { answer: '不做', adoption: 'declined' })
    await at.refuses('has_customer', at.desk, 'tell_customer', 'opinion', nobody, { told_how: '电话' })
    await at.ok(at.desk, 'close', 'opinion', nobody)
  })
})
