import { createHash } from 'node:crypto'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RecordView } from '../../src/server/views.ts'
import { givenBy } from './repair-given.ts'
import { askForPart, fetchAndSign, takeIn, tellBadly, typePrice, usePart } from './story-acts.ts'
import { type StoryStage, clockOf, formOn, openStoryStage, pressAtOnce, readPaper, slipBeside, tablet, telephone } from './story-stage.ts'

/**
 * One order from the counter to the call-back, as its people see it: one test a phase, each going on where the last one
 * ended. Refusals on the way are tried once each; clocks are looked at while they run and when they end.
 */
let stage: StoryStage
let desk: Page
let bench: Page
let order: string
let quotation: string
let request: string

/** The last four digits of the phone: nobody of the demonstration has them. */
const tail = String(Date.now()).slice(-4)
const [name, serial] = [`景泰律师楼${tail}`, `CNB8K7${tail}`]

beforeAll(async () => {
  stage = await openStoryStage('2026-11-24T10:00+08:00')
  desk = await stage.as('wang')
  bench = await stage.as('sun', telephone)
  const given = givenBy(desk.context().request)
  const customer = await given.customer({ name, phone: `0206666${tail}`, contact_phone: `1391234${tail}`,
    email: 'zhang@jingtai.example' })
  await given.machine(customer, { serial_number: serial, purchase_date: '2024-03-01' })
})
afterAll(() => stage?.close())

const read = (process = 'repair_order', id = order, page = desk): Promise<RecordView> => stage.record(page, process, id)
const open = async (page: Page, action = '', id = order, process = 'repair_order') => {
  await page.goto(`/${process}/${id}${action && `?do=${action}`}`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  return formOn(page)
}
const isAt = (state: string) => stage.until(() => read(), (record) => record.state.name === state)
const childOf = async (process: string): Promise<string> => (await stage.until(() => read(), ({ relatives }) =>
  relatives.some((one) => one.process === process))).relatives.findLast((one) => one.process === process)!.id
const chip = (page: Page, label: string) => page.locator('header').getByRole('button', { name: new RegExp(`^${label}`) })

test('four digits of a phone, a press for the machine, and the order is open', async () => {
  await desk.goto('/')
  await desk.getByText('现在要办').locator('visible=true').first().waitFor()
  await desk.keyboard.press('r')
  await desk.getByRole('button', { name: /送修/ }).first().waitFor()
  await desk.keyboard.press('1')
  await desk.getByLabel('找客户、机器或单据').and(desk.locator(':focus')).waitFor()
  await desk.keyboard.type(tail, { delay: 60 })
  await desk.getByRole('option', { name: new RegExp(name) }).waitFor()
  await desk.keyboard.press('Enter')
  await desk.getByRole('button', { name: /LaserJet M1136/ }).click()
  await desk.getByText(/^保外/).first().waitFor()
  await desk.getByLabel('故障现象').fill('打印时卡纸，每页都卡')
  await desk.keyboard.press('Control+Enter')
  await desk.waitForURL(/\/repair_order\/[0-9a-f-]{36}/)
  order = /[0-9a-f-]{36}/.exec(desk.url())![0]
  // The counter clock runs, and nothing is taken in that nobody has looked at.
  await chip(desk, '柜台等候').waitFor()
  await desk.locator('b', { hasText: '请工程师验机' }).waitFor()
  expect(clockOf(await read(), 'counter')).toMatchObject({ state: 'running', running: true })
})

test('the engineer is called, reproduces the fault before the customer and says what may be wrong', async () => {
  await open(desk, 'call_engineer')
  const calling = formOn(desk)
  await calling.form.getByRole('combobox').fill('孙浩然')
  await desk.getByRole('option', { name: /孙浩然/ }).click()
  await calling.send()
  await stage.until(() => read(), ({ handler }) => handler?.name === '孙浩然')
  const form = await open(bench, 'inspect')
  await form.choose('故障复现', '当面复现')
  await form.choose('与客户描述', '一致')
  await form.choose('可能原因', '自然损耗')
  await form.tick('配置已与客户核对')
  await form.fill('其他故障', '无')
  await form.choose('能否当场修好', '不能，须收机')
  await form.send()
  // What is missing is said at its field, and nothing typed is lost.
  await form.wrongAt('故障分析').waitFor()
  await form.fill('故障分析', '定影膜破损')
  await form.fill('需要的备件', '定影膜')
  await form.send()
  await stage.until(() => read(), ({ values }) => values.inspected_at !== null)
  expect(clockOf(await read(), 'counter').state).toBe('kept')
})

test('the machine is taken in: what is left with it, photos, signature, and the usual answers are there already', async () => {
  const form = await open(desk, 'receive')
  await takeIn(desk, form)
  await isAt('waiting_test')
  const { values, events } = await read()
  expect(values).toMatchObject({ shelf: 'waiting_test', folder: 'waiting_test', sent_in_on: '2026-11-24',
    promised_at: '2026-11-27T10:00:00.000Z' })
  expect(events[0]!.input).toMatchObject({ photos: [expect.any(String)],
    signature: { file: expect.any(String), signed_hash: expect.stringMatching(/^[0-9a-f]{64}$/) } })
})

test('the order in three copies and a label for the toner; the code on each leads to the order', async () => {
  const printed = (record: RecordView) => record.events.flatMap(({ effects }) => effects)
    .filter(({ kind, state }) => kind === 'print' && state === 'done')
  const record = await stage.until(() => read(), (one) => printed(one).length >= 2)
  const paperOf = async (what: string) => {
    const { result } = printed(record).find((one) => one.what === what)!
    const answer = await desk.context().request.get(`/api/files/${result}`)
    return readPaper(await answer.body())
  }
  const form = await paperOf('维修服务记录单')
  expect(form.size).toEqual([595, 420])
  expect(form.pages).toHaveLength(3)
  for (const [index, own] of ['用户签收', '维修完毕', '凭本联取机'].entries()) {
    for (const said of [own, record.number, 'LaserJetM1136', serial, '打印时卡纸', '左侧有划痕', '硒鼓']) {
      expect(form.pages[index], own).toContain(said)
    }
  }
  const codes = new Set(form.codes)
  expect(codes.size).toBe(1)
  const [code] = codes
  expect(code).toMatch(new RegExp(`^${stage.node.address}/q/[0-9A-Z]{16}$`))
  expect((await paperOf('附件标签')).pages.join()).toContain('硒鼓')
  // The engineer scans it with his telephone and stands before the order.
  await bench.goto(code!)
  await bench.waitForURL(`**/repair_order/${order}`)
  await bench.getByText('等待检测').first().waitFor()
})

test('on the bench: a symptom that differs is settled first, then the result; the price is left open', async () => {
  const taking = await open(bench, 'take_for_test')
  await taking.send()
  await isAt('testing')
  const differs = await open(bench, 'report_mismatch')
  await differs.fill('不符之处', '只在第二纸盒卡纸')
  await differs.send()
  await stage.until(() => read('repair_order', order, bench), ({ offers }) =>
    offers.some(({ action, refusal }) => action === 'record_result' && refusal?.guard === 'mismatch_settled'))
  await bench.getByText('症状与送修记录不符，还没有联系主管工程师和客户').first().waitFor()
  // The form stands open on the bench while the desk settles it with the customer; then it can be sent.
  const form = await open(bench, 'record_result')
  await form.form.getByText('症状与送修记录不符').first().waitFor()
  expect(await form.form.locator('button[type=submit]').isDisabled()).toBe(true)
  const settle = await open(desk, 'settle_mismatch')
  await settle.fill('主管工程师和客户的意见', '客户确认只用第二纸盒，按此检测')
  const answered = pressAtOnce(bench, '还没有联系主管工程师和客户', 'main form input[name=cause_class]')
  const elsewhere = await slipBeside(stage, `/repair_order/${order}`, '不符已沟通')
  await settle.send()
  // The form that one is in takes every answer; another button that came under the finger takes none for a moment.
  expect(await answered).toBe(true)
  await elsewhere()
  await form.fill('查明的故障', '定影膜破损，进纸轮磨损')
  await form.choose('原因归类', '自然损耗')
  await form.fill('怎样修', '更换定影膜，清洁进纸轮')
  // What was said at the counter is there already.
  expect(await form.form.getByLabel(/^需要的备件/).inputValue()).toBe('定影膜')
  await form.send()
  await isAt('diagnosed')
  quotation = await childOf('quotation')
})

const price = async (discount: string) => {
  await typePrice(await open(desk, 'price', quotation, 'quotation'), discount)
  await stage.until(() => read('quotation', quotation), ({ values }) => values.discount_fen === Number(discount) * 100)
}
/** The form by which it goes out, at the way by mail. */
const sending = async () => {
  const form = await open(desk, 'send', quotation, 'quotation')
  await desk.getByRole('radio', { name: '邮件', exact: true }).check()
  return form
}
/** It cannot be sent now, and the page says why. */
const held = async (why: string) => {
  const { form } = await sending()
  await form.getByText(why).first().waitFor()
  expect(await form.locator('button[type=submit]').isDisabled()).toBe(true)
}

test('thirty minutes to the quotation count down and warn; it is sent in time, at a price that was agreed', async () => {
  await open(desk)
  await chip(desk, '30 分钟报价').waitFor()
  await desk.getByText('报价单 定价').waitFor()
  const started = Date.parse(clockOf(await read(), 'quote').started_at!)
  const minutes = (count: number) => stage.time(new Date(started + count * 60_000).toISOString())
  await minutes(21)
  await stage.until(() => read(), ({ events }) => events.some(({ action, input }) => action === 'warn'
    && input.clock === '30 分钟报价'))
  await desk.reload()
  await chip(desk, '30 分钟报价').waitFor()
  expect(await chip(desk, '30 分钟报价').getAttribute('data-tone')).toBe('soon')
  expect(await chip(desk, '30 分钟报价').innerText()).toMatch(/还剩 [89] 分/)
  await price('60')
  // Neither a firm price that the bench has not said goes out, nor a discount beyond the desk's own.
  await held('检测结果和价格须与工程师核定')
  // The engineer says his price in the facts of the order; here it is sent as his page sends it.
  const proposal = await bench.context().request.post(`/api/repair_order/${order}/edit`,
    { data: { price_proposal_fen: [null, 46_000] } })
  expect(proposal.status()).toBe(200)
  await held('优惠超过协调员的权限，须主管或经理同意')
  await price('20')
  await minutes(25)
  const form = await sending()
  expect(await form.form.getByLabel('邮箱').inputValue()).toBe('zhang@jingtai.example')
  await form.send()
  await isAt('waiting_consent')
  const record = await read()
  expect(clockOf(record, 'quote').state).toBe('kept')
  expect(record.values).toMatchObject({ shelf: 'waiting_part', folder: 'waiting_consent' })
})

test('the letter arrives; the customer opens its link on a phone, without an account, and agrees', async () => {
  const letters = await stage.until(() => stage.letters(), (all) => all.some(({ text }) => text.includes(serial)))
  const letter = letters.findLast(({ text }) => text.includes(serial))!
  expect(letter.to).toBe('zhang@jingtai.example')
  const link = /https?:\/\/\S+\/l\/\S+/.exec(letter.text)![0]
  const page = await stage.stranger(telephone)
  await page.goto(link)
  await page.getByRole('heading', { name: '费用明细' }).waitFor()
  const text = await page.locator('main').innerText()
  for (const said of ['LaserJet M1136', serial, '定影膜破损', '定影组件', '¥280.00', '¥460.00', '3 个工作日']) {
    expect(text).toContain(said)
  }
  await page.getByRole('button', { name: '同意维修', exact: true }).click()
  await page.getByRole('button', { name: '确认同意 ¥460.00' }).click()
  await page.getByRole('heading', { name: '谢谢！我们已收到您的同意' }).waitFor()
  await page.context().close()
  await isAt('approved')
  expect((await read()).values.agreed_fen).toBe(46_000)
})

test('a quarter of an hour passes before it is dispatched: the clock says late, and keeps it', async () => {
  const started = Date.parse(clockOf(await read(), 'dispatch').started_at!)
  await stage.time(new Date(started + 17 * 60_000).toISOString())
  await stage.until(() => read(), ({ events }) => events.some(({ action, input }) => action === 'overdue'
    && input.clock === '同意后派修'))
  const form = await open(desk, 'dispatch_repair')
  expect(await chip(desk, '同意后派修').getAttribute('data-tone')).toBe('late')
  // Who looked at the machine at the counter is proposed.
  expect(await form.form.getByRole('combobox').inputValue()).toBe('孙浩然')
  await form.send()
  await isAt('dispatched')
  expect(clockOf(await read(), 'dispatch')).toMatchObject({ state: 'late', running: false })
})

test('the engineer asks for a part from the order; the store waits for the lead engineer', async () => {
  const sun = await stage.as('sun')
  await open(sun)
  await askForPart(sun)
  request = /part_request\/([0-9a-f-]{36})/.exec(sun.url())![1]!
  const [store, lead] = [await stage.as('zheng'), await stage.as('li', telephone)]
  await open(store, '', request, 'part_request')
  await store.getByText('申请的备件还没有得到主管工程师或主管同意').first().waitFor({ state: 'attached' })
  expect((await store.context().request.post(`/api/part_request/${request}/issue`, { data: {} })).status()).toBe(422)
  expect(clockOf(await read('part_request', request), 'consent_wait').running).toBe(true)
  await (await open(lead, 'consent', request, 'part_request')).send()
  await stage.until(() => read('part_request', request), ({ state }) => state.name === 'consented')
  await (await open(store, 'issue', request, 'part_request')).send()
  const issued = await stage.until(() => read('part_request', request), ({ state }) => state.name === 'issued')
  expect(clockOf(issued, 'issue_wait')).toMatchObject({ running: false, crossed_at: null })
  await Promise.all([sun, store, lead].map((page) => page.context().close()))
})

test('nothing is finished while a part is out; the old one comes back with its tag; test, cleaning, OK shelf', async () => {
  const form = await open(bench, 'start_repair')
  await form.choose('维修内容', '硬件')
  await form.send()
  await form.wrongAt('在防静电室').waitFor()
  await form.tick('在防静电室')
  await form.send()
  await isAt('repairing')
  await open(bench)
  await bench.getByText('领出的备件还没有全部销账或归还').first().waitFor()
  const settle = await open(bench, 'settle', request, 'part_request')
  await usePart(settle)
  await stage.until(() => read('part_request', request), ({ state }) => state.name === 'settled')
  const finish = await open(bench, 'finish')
  expect(await finish.form.getByLabel('处理方法').inputValue()).toBe('更换定影膜，清洁进纸轮')
  await finish.passAll('功能测试')
  await finish.fill('连续打印页数', '8')
  await finish.passAll('整机清洁')
  await finish.passAll('完工五件事')
  await finish.send()
  await finish.wrongAt('连续打印页数').waitFor()
  await finish.fill('连续打印页数', '12')
  await finish.send()
  await isAt('waiting_close_out')
  const record = await read()
  expect(record.values).toMatchObject({ shelf: 'ok', folder: 'waiting_close_out' })
  for (const name of ['repair', 'bench']) expect(clockOf(record, name), name).toMatchObject({ running: false, crossed_at: null })
})

test('a message is left, and next day the customer is reached', async () => {
  const left = await open(desk, 'notify')
  await left.choose('结果', '请人转告')
  await left.send()
  await left.wrongAt('转告人姓名').waitFor()
  expect(await left.form.getByText('电话里说到').count()).toBe(0)
  await left.fill('转告人姓名', '前台小许')
  await left.send()
  const waiting = await stage.until(() => read(), ({ values }) => values.notify_attempts === 1)
  expect(clockOf(waiting, 'call_again')).toMatchObject({ running: true, due_at: waiting.values.call_again_at })
  await stage.time('2026-11-25T09:30+08:00')
  // Overnight everybody was signed out.
  desk = await stage.as('wang')
  bench = await stage.as('sun', telephone)
  const again = await open(desk, 'notify')
  await again.choose('结果', '通知到本人')
  await again.passAll('电话里说到')
  await again.send()
  await isAt('waiting_pick_up')
  const told = await read()
  expect(clockOf(told, 'tell_ready')).toMatchObject({ running: false, crossed_at: null })
  expect(told.values.folder).toBe('waiting_pick_up')
})

test('nothing leaves untested; the customer signs with a finger for what is on the screen, and pays', async () => {
  const counter = await stage.as('wang', tablet)
  await open(counter)
  await counter.getByText('交机前必须由工程师验机').first().waitFor()
  const tested = await open(bench, 'test_at_pick_up')
  await tested.passAll('取机验机')
  await tested.send()
  await stage.until(() => read(), ({ values }) => values.tested_at !== null)
  const before = await read('repair_order', order, counter)
  const form = await open(counter, 'hand_over')
  await fetchAndSign(counter, form)
  await counter.waitForFunction(() => !document.querySelector<HTMLButtonElement>('main form button[type=submit]')!.disabled)
  const sent = counter.waitForRequest((one) => one.url().endsWith('/hand_over'))
  await form.send()
  // The script cards that were shown are told beside the form.
  const { signature, shown, ...said } = (await sent).postDataJSON() as { signature: { file: string; signed_hash: string }
    shown?: string[] }
  await isAt('handed_over')
  expect(shown).toContain('pick_up_copy')
  // The hash is that of the order as it stood and of what was entered: it can be made again at any time.
  const signed = JSON.stringify({ record: order, seq: before.seq, values: before.values, form: said })
  expect(signature.signed_hash).toBe(createHash('sha256').update(signed).digest('hex'))
  const picture = await counter.context().request.get(`/api/files/${signature.file}`)
  expect((await picture.body()).length).toBeGreaterThan(1_000)
  expect((await read()).values).toMatchObject({ payment_way: 'code', paid_fen: 46_000, satisfied: 'yes', shelf: null })
  await counter.context().close()
})

test('entered the same day, reviewed by the supervisor, and on Friday’s list', async () => {
  await (await open(desk, 'enter')).send()
  await isAt('entered')
  expect(clockOf(await read(), 'enter')).toMatchObject({ running: false, crossed_at: null })
  const zhao = await stage.as('zhao')
  const review = await open(zhao, 'pass', await childOf('order_review'), 'order_review')
  await review.passAll('审核检查')
  await review.send()
  await stage.until(() => read(), ({ relatives }) => relatives.some(({ process, state }) => process === 'order_review'
    && state.name === 'passed'))
  expect((await read()).state.name).toBe('entered')
  await zhao.context().close()
  await stage.time('2026-11-27T09:05+08:00')
  desk = await stage.as('wang')
  // The duty of every Friday at nine comes by itself, within a minute.
  const duty = '整理本周维修回访名单'
  const duties = async () => await (await desk.context().request.get(`/api/task?q=${encodeURIComponent(duty)}`)).json() as
    { rows: { title: string; opened_at: string }[] }
  await stage.until(duties, ({ rows }) => rows.some(({ title, opened_at }) => title === duty
    && opened_at >= '2026-11-27T01:00:00.000Z'))
  await desk.goto(`/task?q=${duty}`)
  await desk.getByText(duty).locator('visible=true').first().waitFor()
  const due = await childOf('call_back')
  await desk.goto(`/call_back?q=${(await read('call_back', due)).title}`)
  await desk.locator(`a[href^="/call_back/${due}"]`).first().waitFor()
})

test('the call is made; a bad answer opens a complaint and marks the order; only now is it closed', async () => {
  const id = await childOf('call_back')
  expect(clockOf(await read('call_back', id), 'friday').running).toBe(true)
  const form = await open(desk, 'call', id, 'call_back')
  expect(await form.form.getByText('总体满意度').count()).toBe(0)
  await tellBadly(form)
  await isAt('closed')
  await stage.until(() => read(), ({ values }) => values.unhappy === true)
  const complaint = await childOf('complaint')
  expect((await read('complaint', complaint)).values.what).toBe('说好当天派修，等了很久')
  expect(clockOf(await read('call_back', id), 'friday')).toMatchObject({ running: false, crossed_at: null })
})

test('every step is an event, in its order, and stands in the history of the page', async () => {
  const record = await read()
  const steps = record.events.map(({ action }) => action).reverse()
  expect(steps.filter((action) => !['warn', 'overdue'].includes(action))).toEqual(['open', 'call_engineer', 'inspect',
    'receive', 'take_for_test', 'report_mismatch', 'settle_mismatch', 'record_result', 'edit', 'quoted', 'consent',
    'dispatch_repair', 'part_requested', 'parts_issued', 'start_repair', 'parts_settled', 'finish', 'notify', 'notify',
    'test_at_pick_up', 'hand_over', 'enter', 'review_passed', 'called_back', 'mark_unhappy'])
  const ended = (state: string) => record.clocks.filter((clock) => clock.state === state).map(({ clock }) => clock).sort()
  expect(ended('missed')).toEqual(['dispatch'])
  expect(ended('kept')).toEqual(expect.arrayContaining(['answer', 'bench', 'counter', 'enter', 'locate',
    'promise', 'quote', 'repair', 'tell_ready']))
  expect(record.clocks.filter(({ running }) => running).map(({ clock }) => clock)).toEqual([])
  await open(desk)
  const history = desk.getByRole('region', { name: '经过' })
  for (const { label } of record.events) await history.getByText(label, { exact: true }).first().waitFor()
})
