import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { monday } from '../company.ts'
import { storyDatabases } from '../databases.ts'
import { type RepairCompany, actsOf, day, forms, hour, openRepairCompany, without } from '../repair.ts'

/** Monday 2026-11-23, 10:00 in Shanghai; that week's Friday ends at 18:00. */
const at10 = monday
const friday = at10 + 4 * day + 8 * hour

describe.each(storyDatabases())('入单之后：审单、回访、关闭，on $name', (kind) => {
  let at: RepairCompany
  beforeAll(async () => { at = await openRepairCompany(kind) })
  afterAll(() => at.close())

  const { ok, refuses, child } = actsOf(() => at)
  const entered = async () => {
    at.app.now = at10
    const id = await at.at_state('entered')
    return { id, review: await child(id, 'order_review'), back: await child(id, 'call_back') }
  }
  const call = (id: string, input: object) => ok(at.coordinator, 'call', id, input, 'call_back')

  test('S4-165 交机当日入单；过了当天记为没做到', async () => {
    at.app.now = at10
    const id = await at.at_state('handed_over')
    expect(await at.clock(id, 'enter')).toMatchObject({ state: 'running', due_at: at10 + 8 * hour })
    await at.until(at10 + 9 * hour)
    expect(await at.clock(id, 'enter')).toMatchObject({ state: 'late' })
    await ok(at.coordinator, 'enter', id)
    expect((await at.clock(id, 'enter')).running).toBe(false)
  })

  test('S4-052 S4-002 入单由协调员办；入单就送主管审、列入回访', async () => {
    at.app.now = at10
    const id = await at.at_state('handed_over')
    await refuses('wrong_role', at.engineer, 'enter', id)
    await ok(at.coordinator, 'enter', id)
    expect(await at.children(id, 'order_review')).toMatchObject([{ state: 'pending' }])
    expect(await at.children(id, 'call_back')).toMatchObject([{ state: 'due', team: 'coordinator' }])
  })

  test('回访表随时可打印：照着问、照着填', async () => {
    const { back } = await entered()
    await refuses('not_found', at.engineer, 'print_form', back, {}, 'call_back')
    await ok(at.coordinator, 'print_form', back, {}, 'call_back')
    expect(await at.followed(back)).toContain('print call_back_form')
    expect(await at.state(back)).toBe('due')
  })

  test('S4-009 审核通过并且回访过才关闭，先后不论', async () => {
    const one = await entered()
    await ok(at.supervisor, 'pass', one.review, forms.review, 'order_review')
    expect(await at.state(one.id)).toBe('entered')
    await call(one.back, forms.called)
    expect(await at.state(one.id)).toBe('closed')
    const two = await entered()
    await call(two.back, forms.called)
    expect(await at.state(two.id)).toBe('entered')
    await ok(at.supervisor, 'pass', two.review, forms.review, 'order_review')
    expect(await at.state(two.id)).toBe('closed')
  })

  test('S4-013 S4-014 S4-015 审单九查：备件对症、没有失误、签字齐全，一项不能空；不合格的写明', async () => {
    const { review } = await entered()
    for (const item of ['diagnosis', 'parts', 'signatures']) {
      await refuses(`checks.${item}`, at.supervisor, 'pass', review, { checks: without(forms.review.checks, item) },
        'order_review')
    }
    const failed = { checks: { ...forms.review.checks, signatures: { answer: 'fail' } } }
    await refuses('checks.signatures.note', at.supervisor, 'pass', review, failed, 'order_review')
    const noted = { checks: { ...forms.review.checks, signatures: { answer: 'fail', note: '客户已补签' } } }
    await ok(at.supervisor, 'pass', review, noted, 'order_review')
  })

  test('S4-017 S4-018 外观附件写明、用户签字也在九查之内', async () => {
    const { review } = await entered()
    for (const item of ['complete', 'signatures']) {
      await refuses(`checks.${item}`, at.supervisor, 'pass', review, { checks: without(forms.review.checks, item) },
        'order_review')
    }
  })

  test('S4-010 S4-011 S4-016 开单用时、维修周期系统算好，由主管逐项判断；用户意见也要看', async () => {
    at.app.now = at10
    const id = await at.at_state('waiting_pick_up')
    await at.until(at10 + 2 * hour)
    await ok(at.engineer, 'test_at_pick_up', id, forms.pickUp)
    await ok(at.coordinator, 'hand_over', id, forms.handOver)
    await ok(at.coordinator, 'enter', id)
    const review = await child(id, 'order_review')
    expect(await at.values(review, 'order_review')).toMatchObject({ cycle_minutes: 0, gaps: '没有缺项' })
    for (const item of ['opening_time', 'cycle', 'opinion']) {
      await refuses(`checks.${item}`, at.supervisor, 'pass', review, { checks: without(forms.review.checks, item) },
        'order_review')
    }
  })

  test('S4-175 S4-250 单上的缺项由系统查出；填写完整这一项不能空', async () => {
    const id = await at.at_state('waiting_pick_up')
    await ok(at.coordinator, 'skip_test', id, { not_tested_reason: '客户赶车' })
    await ok(at.coordinator, 'hand_over', id, forms.handOver)
    await ok(at.coordinator, 'enter', id)
    const review = await child(id, 'order_review')
    expect(await at.values(review, 'order_review')).toMatchObject({ gaps: '取机时没有验机：客户赶车' })
    await refuses('checks.complete', at.supervisor, 'pass', review, { checks: without(forms.review.checks, 'complete') },
      'order_review')
  })

  test('审单退回：补正后再送；次日没审完记为没做到', async () => {
    const { id, review, back } = await entered()
    expect(await at.clock(review, 'daily', 'order_review')).toMatchObject({ state: 'running' })
    await ok(at.supervisor, 'return', review, { defects: '没有写换下的旧件去向' }, 'order_review')
    expect(await at.followed(id)).toContain('send review_returned')
    await ok(at.engineer, 'resubmit', review, { correction: '旧件已交还客户' }, 'order_review')
    await at.until(at10 + 2 * day)
    expect(await at.clock(review, 'daily', 'order_review')).toMatchObject({ state: 'late' })
    await ok(at.supervisor, 'pass', review, forms.review, 'order_review')
    await call(back, forms.called)
    expect(await at.state(id)).toBe('closed')
  })

  test('S4-152 本周入单的都在周五前回访，逾期记为没做到', async () => {
    const { back } = await entered()
    expect(await at.clock(back, 'friday', 'call_back')).toMatchObject({ state: 'running', due_at: friday })
    await at.until(friday + hour)
    expect(await at.clock(back, 'friday', 'call_back')).toMatchObject({ state: 'late' })
  })

  test('S4-153 回访结果周一通报', async () => {
    const { back } = await entered()
    await call(back, forms.called)
    expect(await at.clock(back, 'monday', 'call_back')).toMatchObject({ state: 'running', due_at: friday + 3 * day })
    await ok(at.coordinator, 'report', back, { feedback: '孙工被客户点名表扬' }, 'call_back')
    expect(await at.state(back)).toBe('reported')
    const other = await entered()
    await call(other.back, forms.called)
    await at.until(friday + 3 * day + hour)
    expect(await at.clock(other.back, 'monday', 'call_back')).toMatchObject({ state: 'late' })
  })

  test('S4-155 客户不方便：另约时间，到时提醒', async () => {
    const { id, back } = await entered()
    await refuses('next_at', at.coordinator, 'call', back, { outcome: 'busy' }, 'call_back')
    await call(back, { outcome: 'busy', next_at: new Date(at10 + day).toISOString() })
    expect(await at.clock(back, 'agreed', 'call_back')).toMatchObject({ state: 'running', due_at: at10 + day })
    await at.until(at10 + day + hour)
    expect(await at.clock(back, 'agreed', 'call_back')).toMatchObject({ state: 'late' })
    await call(back, { outcome: 'unreached' })
    await call(back, forms.called)
    expect(await at.values(back, 'call_back')).toMatchObject({ attempts: 3 })
    expect(await at.state(id)).toBe('entered')
  })

  test('S4-154 S4-156 S4-158 S4-171 开场说明、三问缺一不可', async () => {
    const { back } = await entered()
    await refuses('outcome', at.coordinator, 'call', back, without(forms.called, 'outcome'), 'call_back')
    for (const name of ['opening_said', 'runs_normally', 'three_minutes', 'satisfaction']) {
      await refuses(name, at.coordinator, 'call', back, without(forms.called, name), 'call_back')
    }
  })

  test('S4-151 S4-157 不足之处分类记下；潜在需求转给销售', async () => {
    const { back } = await entered()
    await call(back, { ...forms.called, weak_points: ['cycle', 'quote'], potential_need: '想换彩色激光机' })
    expect(await at.values(back, 'call_back')).toMatchObject({ weak_points: ['cycle', 'quote'],
      potential_need: '想换彩色激光机' })
    expect(await at.children(back, 'task')).toMatchObject([{ title: '客户有潜在需求，请跟进', team: 'salesperson' }])
  })

  test('机器又不正常：开返修待办', async () => {
    const { back } = await entered()
    await call(back, { ...forms.called, runs_normally: 'no' })
    expect(await at.children(back, 'task')).toMatchObject([{ title: '回访得知机器运行不正常，请安排返修' }])
  })

  test('回访不满意：开投诉，维修单做记号；投诉有首次答复的时限', async () => {
    const { id, back } = await entered()
    await call(back, { ...forms.called, satisfaction: 'dissatisfied', weak_text: '报价等了一天' })
    expect(await at.values(id)).toMatchObject({ unhappy: true })
    const complaint = await child(back, 'complaint')
    expect(await at.values(complaint, 'complaint')).toMatchObject({ what: '报价等了一天' })
    expect(await at.clock(complaint, 'first_answer', 'complaint')).toMatchObject({ state: 'running' })
    await ok(at.supervisor, 'investigate', complaint, { handler: at.supervisor.id }, 'complaint')
    await ok(at.supervisor, 'propose', complaint, { cause: '漏报价', proposal: '登门致歉' }, 'complaint')
    expect((await at.clock(complaint, 'first_answer', 'complaint')).running).toBe(false)
    await ok(at.supervisor, 'close', complaint, { agreed: 'yes', outcome: '客户接受' }, 'complaint')
  })

  test('不再回访要主管决定，单据照样能关', async () => {
    const { id, review, back } = await entered()
    await refuses('wrong_role', at.coordinator, 'drop', back, { reason: '停机' }, 'call_back')
    await ok(at.supervisor, 'drop', back, { reason: '客户号码停机，三次不通' }, 'call_back')
    await ok(at.supervisor, 'pass', review, forms.review, 'order_review')
    expect(await at.state(id)).toBe('closed')
  })
})
