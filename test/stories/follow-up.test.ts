import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CareCompany, day, openCareCompany } from '../care.ts'
import { monday } from '../company.ts'
import { storyDatabases } from '../databases.ts'

/** Monday 2026-11-23, 10:00 in Shanghai. */
const at10 = monday
const shanghai = (text: string) => Date.parse(`${text}+08:00`)
const held = { means: 'phone', met_whom: '钱科长', content: '新批号用下来稳定，扩增峰高正常' }

describe.each(storyDatabases())('上门以后的跟踪拜访（S0）, on $name', (kind) => {
  let at: CareCompany
  beforeAll(async () => { at = await openCareCompany(kind, 's0') })
  afterAll(() => at.close())

  const plan = async (base_on = '2026-11-20', more: object = {}) => {
    at.app.now = at10
    const customer = await at.customer()
    const { id } = await at.ok(at.engineer, 'begin', 'visit_plan', null, { customer, plan_kind: 'follow_up', base_on,
      ...more })
    return { customer, id, visits: await at.children(id, 'care_visit') }
  }
  const dueOf = async (id: string) => (await at.values('care_visit', id)).planned_at

  test('S0-045 离开现场后一周、一月、三月各拜访一次；落在休息日的顺延到下个工作日', async () => {
    const { customer, visits } = await plan()
    expect(visits).toMatchObject([{ title: '服务后跟踪：第一次', state: 'planned', customer },
      { title: '服务后跟踪：第二次', customer }, { title: '服务后跟踪：第三次', customer }])
    // 2026-12-20 is a Sunday, 2027-02-20 a Saturday on which people work to make up for the Spring Festival, if published.
    expect(await dueOf(visits[0]!.id)).toBe('2026-11-27T10:00:00.000Z')
    expect(await dueOf(visits[1]!.id)).toBe('2026-12-21T10:00:00.000Z')
    const third = new Date(String(await dueOf(visits[2]!.id))).getTime()
    expect(third).toBeGreaterThanOrEqual(shanghai('2027-02-20T18:00'))
    expect(third).toBeLessThanOrEqual(shanghai('2027-02-22T18:00'))
  })

  test('S0-045 月份没有这一天的，取月底', async () => {
    const { visits } = await plan('2026-11-30')
    const third = new Date(String(await dueOf(visits[2]!.id))).getTime()
    expect(third).toBeGreaterThanOrEqual(shanghai('2027-02-28T18:00'))
    expect(third).toBeLessThanOrEqual(shanghai('2027-03-01T18:00'))
  })

  test('S0-045 没有写方式和内容不算拜访过；当天提醒，过了算逾期', async () => {
    const { visits: [first] } = await plan()
    await at.refuses('means', at.engineer, 'hold', 'care_visit', first!.id, { met_whom: held.met_whom,
      content: held.content })
    await at.refuses('content', at.engineer, 'hold', 'care_visit', first!.id, { means: 'written' })
    await at.refuses('met_whom', at.engineer, 'hold', 'care_visit', first!.id, { means: 'phone', content: '好' })
    await at.until(shanghai('2026-11-27T09:00'))
    const clock = await at.clock('care_visit', first!.id, 'by_day') as unknown as { steps: { key: string; struck: string }[] }
    expect(clock.steps).toMatchObject([{ key: 'that_day', struck: 'yes' }, { key: 'due', struck: 'no' }])
    await at.until(shanghai('2026-11-28T09:00'))
    expect(await at.clock('care_visit', first!.id, 'by_day')).toMatchObject({ state: 'late' })
    await at.ok(at.engineer, 'hold', 'care_visit', first!.id, { means: 'written', content: '寄了新版说明书' })
    expect(await at.state(first!.id)).toBe('done')
  })

  test('三次都拜访过，计划自己结束；取消一次要主管写原因', async () => {
    const { id, visits } = await plan()
    await at.ok(at.engineer, 'hold', 'care_visit', visits[0]!.id, held)
    await at.ok(at.engineer, 'hold', 'care_visit', visits[1]!.id, held)
    expect(await at.state(id)).toBe('running')
    await at.refuses('wrong_role', at.engineer, 'drop', 'care_visit', visits[2]!.id, { reason: '实验室搬迁' })
    await at.ok(at.boss, 'drop', 'care_visit', visits[2]!.id, { reason: '实验室搬迁' })
    expect(await at.state(id)).toBe('ended')
  })

  test('改期留下原因和次数', async () => {
    const { visits: [first] } = await plan()
    await at.refuses('reason', at.engineer, 'put_off', 'care_visit', first!.id, { planned_at: '2026-12-01T18:00:00+08:00' })
    await at.ok(at.engineer, 'put_off', 'care_visit', first!.id, { planned_at: '2026-12-01T18:00:00+08:00',
      reason: '对方开会' })
    expect(await at.values('care_visit', first!.id)).toMatchObject({ put_off_count: 1,
      planned_at: '2026-12-01T10:00:00.000Z' })
  })

  test('S0-047 拜访时给出和得到的产品信息各记一栏', async () => {
    const { visits: [first] } = await plan()
    await at.ok(at.engineer, 'hold', 'care_visit', first!.id, { ...held, product_given: '27 重试剂盒新版',
      product_heard: '友商在试用直扩试剂' })
    expect(await at.values('care_visit', first!.id)).toMatchObject({ product_given: '27 重试剂盒新版',
      product_heard: '友商在试用直扩试剂' })
  })

  test('S0-046 客户发表的文章登记、限期拜读、留下可谈的话', async () => {
    at.app.now = at10
    const customer = await at.customer()
    const article = { title: '微量检材的直扩方法', writer: '程老师', where_published: '法医学杂志' }
    await at.refuses('customer', at.engineer, 'register', 'publication', null, article)
    const { id } = await at.ok(at.engineer, 'register', 'publication', null, { ...article, customer })
    await at.until(at10 + 20 * day)
    expect(await at.clock('publication', id, 'reading')).toMatchObject({ state: 'late' })
    await at.ok(at.engineer, 'read', 'publication', id, { read_note: '请教 0.05 ng 的重复性' })
    expect(await at.values('publication', id)).toMatchObject({ read_by: at.engineer.id, read_note: '请教 0.05 ng 的重复性' })
  })

  test('S0-044 上门建好或核对客户档案，记下最近一次核对的日子', async () => {
    at.app.now = at10
    const customer = await at.customer()
    at.app.now = at10 + 40 * day
    await at.refuses('checked', at.engineer, 'confirm_file', 'customer', customer, {})
    await at.ok(at.engineer, 'confirm_file', 'customer', customer, { checked: true })
    expect(await at.values('customer', customer)).toMatchObject({ confirmed_on: '2027-01-02' })
  })

  test('S0-023 听到的客户意见当时登记，两个工作日内筛选', async () => {
    at.app.now = at10
    await at.refuses('what', at.desk, 'register', 'opinion', null, { opinion_class: 'product' })
    const { id } = await at.ok(at.desk, 'register', 'opinion', null, { what: '希望附中文操作卡', opinion_class: 'product' })
    expect(await at.state(id)).toBe('registered')
  })
})
