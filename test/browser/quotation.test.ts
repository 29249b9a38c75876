import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RecordView } from '../../src/server/views.ts'
import { forms } from '../repair.ts'
import { givenBy } from './repair-given.ts'
import { seriousFindings } from './stage.ts'
import { type StoryStage, clockOf, formOn, openStoryStage, telephone } from './story-stage.ts'

/**
 * Three orders wait for a price. The coordinator makes it and sends it by mail, in the browser; three customers answer on
 * their telephones with the link out of the letter: one refuses, one takes a part, one asks first. Both sides are looked at.
 */
let stage: StoryStage
let desk: Page

type One = { name: string; email: string; serial: string; order: string; quotation: string }
const customers: One[] = []
const tail = String(Date.now()).slice(-4)
const [refusing, choosing, asking] = [0, 1, 2].map((n) => () => customers[n]!) as [() => One, () => One, () => One]

beforeAll(async () => {
  stage = await openStoryStage('2026-11-24T10:00+08:00')
  desk = await stage.as('wang')
  const sun = await stage.as('sun')
  const [given, bench] = [givenBy(desk.context().request), givenBy(sun.context().request)]
  for (const [index, name] of ['景泰律师楼', '天河图文快印', '东山口腔门诊部'].entries()) {
    const [serial, email] = [`CNQ${index}7${tail}`, `answer${index}@jingtai.example`]
    const customer = await given.customer({ name: `${name}${tail}`, phone: `0206666${tail}`, email,
      contact_phone: `139${index}234${tail}` })
    const order = await given.order(customer, await given.machine(customer, { serial_number: serial }), { warranty: 'out' })
    await bench.act(order, 'inspect', forms.inspection)
    await given.act(order, 'receive', given.intake)
    await bench.act(order, 'take_for_test')
    await bench.act(order, 'record_result', forms.result)
    const { relatives } = await stage.until(() => stage.record(desk, 'repair_order', order), (record) =>
      record.relatives.some(({ process }) => process === 'quotation'))
    customers.push({ name, email, serial, order, quotation: relatives.find(({ process }) => process === 'quotation')!.id })
  }
  await sun.context().close()
})
afterAll(() => stage?.close())

const read = (id: string, process = 'quotation'): Promise<RecordView> => stage.record(desk, process, id)
const isAt = (id: string, state: string, process = 'quotation') =>
  stage.until(() => read(id, process), (record) => record.state.name === state)
const open = async (id: string, action = '', process = 'quotation') => {
  await desk.goto(`/${process}/${id}${action && `?do=${action}`}`)
  await desk.getByRole('heading', { level: 1 }).waitFor()
  return formOn(desk)
}
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const steps = ({ events }: RecordView) => events.map(({ action }) => action).reverse()
/** Clocks that count now. */
const running = ({ clocks }: RecordView) => clocks.filter((clock) => clock.running).map(({ clock }) => clock)

/** Types the price, 480 元 as the engineer said, from the keyboard alone: a row, the next row, the sums, and away. */
async function price({ quotation }: One) {
  await open(quotation)
  // The price is what is due: its form is open, and the first thing that is missing has the focus.
  const cell = (at: string) => desk.locator(`[data-at="${at}"]`)
  await cell('0.name').waitFor()
  await cell('0.name').fill('定影膜')
  await cell('0.name').press('Enter')
  await cell('0.pieces').and(desk.locator(':focus')).press('Enter')
  await cell('0.unit_fen').and(desk.locator(':focus')).waitFor()
  await desk.keyboard.type('280')
  await desk.keyboard.press('Enter')
  await cell('1.name').and(desk.locator(':focus')).waitFor()
  await desk.keyboard.type('更换工时')
  await cell('1.unit_fen').fill('200')
  const form = formOn(desk)
  await form.fill('维修周期', '3 个工作日')
  await desk.keyboard.press('Control+Enter')
  await isAt(quotation, 'priced')
}

async function sendByMail({ quotation, email }: One) {
  const form = await open(quotation, 'send')
  await desk.getByRole('radio', { name: '邮件', exact: true }).check()
  expect(await form.form.getByLabel('邮箱').inputValue()).toBe(email)
  await form.send()
  await isAt(quotation, 'sent')
}

const lettersTo = async (email: string) => (await stage.letters()).filter(({ to }) => to === email)

/** Takes the link out of the letter that has come, and opens it on a telephone without an account. */
async function onPhone({ email, serial }: One): Promise<Page> {
  const [letter] = await stage.until(() => lettersTo(email), (all) => all.length > 0)
  expect(letter!.text).toContain(serial)
  expect(letter!.text).toContain('480.00')
  const page = await stage.stranger(telephone)
  await page.goto(/https?:\/\/\S+\/l\/\S+/.exec(letter!.text)![0])
  await page.getByRole('heading', { name: '费用明细' }).waitFor()
  return page
}

test('a quotation that is not complete is not kept, and the page says at the field what is missing', async () => {
  const { quotation } = refusing()
  const form = await open(quotation)
  // There is nothing yet that could be sent.
  expect((await read(quotation)).offers.find(({ action }) => action === 'send')).toMatchObject({ live: false })
  const before = await read(quotation)
  await desk.locator('[data-at="0.name"]').fill('定影膜')
  await desk.locator('[data-at="0.unit_fen"]').fill('')
  await form.send()
  await form.form.getByRole('alert').first().waitFor()
  await form.wrongAt('维修周期').waitFor()
  await form.form.locator('[data-field=lines] tbody').getByText('请填写单价').waitFor()
  // What was typed stands; nothing was written.
  expect(await desk.locator('[data-at="0.name"]').inputValue()).toBe('定影膜')
  const after = await read(quotation)
  expect([after.seq, after.state.name, after.values.lines]).toEqual([before.seq, 'drafting', null])
})

test('a price that the desk may not give alone is not sent: the page says why, and nothing is written', async () => {
  const one = refusing()
  await price(one)
  // A discount of a quarter: beyond what the coordinator may give.
  const again = await open(one.quotation, 'price')
  await again.fill('优惠', '120')
  await again.send()
  // It is not the engineer's price any more: with whom it was agreed is asked for, and nothing is written before.
  await again.wrongAt('和谁商定').waitFor()
  expect((await read(one.quotation)).values.discount_fen).toBe(0)
  await again.choose('和谁商定', '工程师')
  await again.send()
  await stage.until(() => read(one.quotation), ({ values }) => values.discount_fen === 12_000)
  const before = await read(one.quotation)
  const form = await open(one.quotation, 'send')
  await desk.getByRole('radio', { name: '邮件', exact: true }).check()
  await form.form.getByText('优惠超过协调员的权限，须主管或经理同意').first().waitFor()
  expect(await form.form.locator('button[type=submit]').isDisabled()).toBe(true)
  const past = await desk.context().request.post(`/api/quotation/${one.quotation}/send`,
    { data: { way: 'email', email: one.email } })
  expect([past.status(), await past.text()]).toEqual([422, expect.stringContaining('discount_allowed')])
  // Nor without a place to send it to.
  const back = await open(one.quotation, 'price')
  await back.fill('优惠', '0')
  await back.send()
  await stage.until(() => read(one.quotation), ({ values }) => values.discount_fen === 0)
  const sending = await open(one.quotation, 'send')
  await desk.getByRole('radio', { name: '邮件', exact: true }).check()
  await sending.form.getByLabel('邮箱').fill('')
  await sending.send()
  await sending.wrongAt('邮箱').waitFor()
  await sending.form.getByLabel('邮箱').fill(one.email)
  const after = await read(one.quotation)
  expect(after.state.name).toBe('priced')
  expect(steps(after).filter((action) => action === 'send')).toEqual([])
  expect(after.seq).toBe(before.seq + 1)
  expect(await lettersTo(one.email)).toEqual([])
})

test('one refuses: the clock by which we would ask again stops, nobody is reminded, the machine is put back', async () => {
  const one = refusing()
  await sendByMail(one)
  expect(running(await read(one.quotation))).toEqual(['receipt'])
  // The desk hears that the letter has come: from here on the customer is asked again when silent.
  await open(one.quotation)
  await desk.getByRole('button', { name: /客户已经回复/ }).click()
  const waiting = await isAt(one.quotation, 'confirmed')
  expect(running(waiting)).toEqual(['answer'])
  expect(clockOf(waiting, 'receipt')).toMatchObject({ running: false, crossed_at: null })
  const page = await onPhone(one)
  expect(await seriousFindings(page)).toEqual([])
  await button(page, '不同意').click()
  await button(page, '价格偏高').click()
  await page.getByLabel('原因').fill('价格偏高；准备自己换')
  await button(page, '确认不同意').click()
  await page.getByRole('heading', { name: '我们已收到您的答复' }).waitFor()
  const said = await page.locator('main').innerText()
  expect(said).toContain('我们会把机器装回原样，打电话和您约取机的时间。')
  expect(await page.getByRole('region', { name: '您的答复' }).count()).toBe(0)
  // The staff's side, without a reload: refused, with the customer's words, and what is due now.
  await desk.getByText('不同意', { exact: true }).first().waitFor()
  const refused = await isAt(one.quotation, 'refused')
  expect(refused.events[0]).toMatchObject({ action: 'refuse', via: 'link', input: { refusal: '价格偏高；准备自己换' } })
  expect(running(refused)).toEqual([])
  const order = await isAt(one.order, 'restoring', 'repair_order')
  expect(order.events.some(({ action }) => action === 'decline')).toBe(true)
  await open(one.order, '', 'repair_order')
  await desk.getByText('装回原样').first().waitFor()
  await page.context().close()
})

test('one takes a part: the sum follows the ticks, and order and quotation keep it', async () => {
  const one = choosing()
  await price(one)
  await sendByMail(one)
  const page = await onPhone(one)
  await button(page, '部分同意').click()
  await page.getByRole('checkbox', { name: /定影膜/ }).check()
  await page.getByLabel(/^想对我们说的/).fill('清洁以后再说')
  await button(page, '确认同意所选 ¥280.00').click()
  await page.getByRole('heading', { name: '谢谢！我们已收到您的选择' }).waitFor()
  expect(await page.locator('.lines .out').innerText()).toContain('更换工时')
  expect(await page.locator('.sums .total').innerText()).toContain('¥280.00')
  const accepted = await isAt(one.quotation, 'accepted')
  expect(accepted.values).toMatchObject({ accepted_fen: 28_000, accepted_lines: [{ line: 1 }] })
  expect(accepted.events[0]).toMatchObject({ action: 'accept_part', via: 'link', input: { customer_note: '清洁以后再说' } })
  expect(running(accepted)).toEqual([])
  expect((await isAt(one.order, 'approved', 'repair_order')).values.agreed_fen).toBe(28_000)
  // The desk reads both sums, and which row is not wanted; and what the customer said besides.
  await open(one.quotation)
  const sheet = desk.getByRole('region', { name: '报价' })
  expect(await sheet.innerText()).toMatch(/¥ 480\.00[\s\S]*¥ 280\.00/)
  expect(await sheet.locator('tr[data-out]').innerText()).toContain('更换工时')
  await desk.getByText('清洁以后再说').first().waitFor()
  await page.context().close()
})

test('one asks: the desk is told, answers on the page, and the customer reads it by letter and behind the link', async () => {
  const one = asking()
  await price(one)
  await sendByMail(one)
  const page = await onPhone(one)
  await button(page, '有疑问').click()
  await button(page, '提交问题').click()
  expect(await page.getByRole('alert').innerText()).toBe('请写下您的问题。')
  await page.getByLabel('问题').fill('换下来的旧件能还给我吗？')
  await button(page, '提交问题').click()
  await page.getByRole('heading', { name: '您的问题已送到' }).waitFor()
  const asked = await isAt(one.quotation, 'asked')
  // Nobody asks somebody who waits for an answer; ours is what is due now.
  expect(running(asked)).toEqual(['reply'])
  expect((await isAt(one.order, 'waiting_consent', 'repair_order')).events.some(({ action }) => action === 'quote_question'))
    .toBe(true)
  const form = await open(one.quotation)
  await desk.getByRole('listitem').filter({ hasText: '换下来的旧件能还给我吗？' }).first().waitFor()
  await form.send()
  await form.wrongAt('答复').waitFor()
  expect((await read(one.quotation)).seq).toBe(asked.seq)
  await form.fill('答复', '可以，取机时一起给您')
  await form.send()
  const answered = await isAt(one.quotation, 'confirmed')
  expect(running(answered)).toEqual(['answer'])
  expect(clockOf(answered, 'reply')).toMatchObject({ running: false, crossed_at: null })
  const letters = await stage.until(() => lettersTo(one.email), (all) => all.length === 2)
  expect(letters[1]!.text).toContain('可以，取机时一起给您')
  await page.reload()
  await page.getByText('可以，取机时一起给您').waitFor()
  expect(await page.locator('main').innerText()).toContain('换下来的旧件能还给我吗？')
  await page.context().close()
})

test('next day only the one who has not answered is asked again; then the customer agrees, and nothing runs any more', async () => {
  const one = asking()
  const due = clockOf(await read(one.quotation), 'answer').due_at!
  expect(new Date(due).getTime()).toBeGreaterThan(Date.parse('2026-11-24T12:00:00Z'))
  await stage.time(new Date(Date.parse(due) + 60_000).toISOString())
  // Overnight everybody was signed out.
  desk = await stage.as('wang')
  const chased = await isAt(one.quotation, 'chasing')
  expect(steps(chased)).toContain('remind')
  const letters = await stage.until(() => lettersTo(one.email), (all) => all.length === 3)
  expect(letters[2]!.text).toContain(chased.number)
  for (const other of [refusing(), choosing()]) {
    expect((await lettersTo(other.email)).length, other.name).toBe(1)
    expect(steps(await read(other.quotation))).not.toContain('remind')
  }
  await open(one.quotation)
  await desk.getByText(/催问/).first().waitFor()
  const page = await onPhone(one)
  await button(page, '同意维修').click()
  await button(page, '确认同意 ¥480.00').click()
  await page.getByRole('heading', { name: '谢谢！我们已收到您的同意' }).waitFor()
  const accepted = await isAt(one.quotation, 'accepted')
  expect(accepted.events[0]).toMatchObject({ action: 'accept', via: 'link' })
  expect(running(accepted)).toEqual([])
  expect((await isAt(one.order, 'approved', 'repair_order')).values.agreed_fen).toBe(48_000)
  // A second look with the same link says what was answered, and offers no second answer.
  await page.reload()
  await page.getByRole('heading', { level: 1 }).waitFor()
  expect(await button(page, '同意维修').count()).toBe(0)
  await page.context().close()
})
