import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { type Given, givenBy, inspected } from './repair-given.ts'
import { type BrowserStage, findingsOf, openBrowserStage } from './stage.ts'

let stage: BrowserStage
let desk: Page
let given: Given
let known: { customer: string; machine: string }

beforeAll(async () => {
  stage = await openBrowserStage()
  desk = await stage.as('wang')
  given = givenBy(desk.context().request)
  const customer = await given.customer({ name: '景泰律师楼', phone: '02066667777', contact_phone: '13912347788' })
  known = { customer, machine: await given.machine(customer, { serial_number: 'CNB8K77001' }) }
  await given.machine(customer, { model: 'OfficeJet 8710', serial_number: 'TH6A77210K', purchase_unknown: true,
    purchase_date: undefined })
})
afterAll(() => stage?.close())

/** Presses keys one after another and counts them. */
function counting(page: Page) {
  let pressed = 0
  return {
    get pressed() { return pressed },
    async press(...keys: string[]) {
      for (const key of keys) {
        // A hand is slower than a scanner.
        await page.keyboard.press(key, { delay: 60 })
        pressed += 1
      }
    },
  }
}

const pressesMost = 9

test('a known customer with a known machine: from any page to the order in a handful of keys', async () => {
  const page = await stage.as('wang')
  await page.goto('/')
  await page.getByText('现在要办').locator('visible=true').first().waitFor()
  const keys = counting(page)
  await keys.press('r')
  await page.getByRole('button', { name: /送修/ }).first().waitFor()
  await keys.press('1')
  await page.getByLabel('找客户、机器或单据').and(page.locator(':focus')).waitFor()
  await keys.press('7', '7', '8', '8')
  await page.getByRole('option', { name: /景泰律师楼/ }).waitFor()
  await keys.press('Enter')
  await page.getByRole('button', { name: /LaserJet M1136/ }).waitFor()
  await keys.press(await page.getByRole('button', { name: /LaserJet M1136/ }).locator('kbd').innerText())
  await page.getByText(/^保内 至 20/).first().waitFor()
  const symptom = page.getByLabel('故障现象')
  await symptom.waitFor()
  await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA')
  await page.keyboard.type('打印时卡纸，每页都卡')
  await keys.press('Control+Enter')
  await page.waitForURL(/\/repair_order\/[0-9a-f-]{36}/)
  await page.getByRole('heading', { name: /卡纸/ }).waitFor()
  process.stdout.write(`counter: ${keys.pressed} key presses besides the symptom, on one screen\n`)
  expect(keys.pressed).toBeLessThanOrEqual(pressesMost)
  await page.context().close()
})

test('a scanned serial number brings the customer and the machine; a case number opens the case', async () => {
  const page = await stage.as('wang')
  await page.goto('/counter?for=carry_in')
  const box = page.getByLabel('找客户、机器或单据')
  await box.waitFor()
  await page.keyboard.type('CNB8K77001')
  await page.keyboard.press('Enter')
  await page.waitForURL((url) => url.searchParams.get('machine') === known.machine)
  await page.getByLabel('故障现象').waitFor()
  const order = await given.order(known.customer, known.machine, { symptom: '扫描有竖线' })
  const { number } = await (await page.context().request.get(`/api/repair_order/${order}`)).json() as { number: string }
  await page.goto('/counter?for=carry_in')
  await box.waitFor()
  await page.keyboard.type(number)
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/repair_order/${order}`)
  await page.context().close()
})

test('a new customer with a new machine, without the mouse; a reload and a refusal lose nothing', async () => {
  const page = await stage.as('wang')
  await page.goto('/counter?for=carry_in')
  await page.getByLabel('找客户、机器或单据').waitFor()
  await page.keyboard.type('景泰印刷厂')
  await page.getByText('没有找到「景泰印刷厂」').waitFor()
  await page.keyboard.press('Enter')
  const phone = page.getByLabel(/^电话/)
  await phone.waitFor()
  await page.waitForFunction(() => document.activeElement?.tagName === 'INPUT')
  await phone.focus()
  await page.keyboard.press('Control+Enter')
  await page.getByRole('alert').waitFor()
  expect(await page.getByLabel('名称').inputValue()).toBe('景泰印刷厂')
  await phone.fill('0208123')
  await page.reload()
  await phone.waitFor()
  expect(await phone.inputValue()).toBe('0208123')
  await phone.fill('02081234567')
  await page.keyboard.press('Enter')
  await page.keyboard.type('何师傅')
  await page.keyboard.press('Control+Enter')
  await page.getByRole('heading', { name: '新机器' }).waitFor()
  await page.getByLabel(/^型号/).fill('T1100')
  await page.getByRole('combobox', { name: '产品类别' }).fill('绘图')
  await page.getByRole('option', { name: /绘图/ }).first().waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.getByLabel(/^序列号/).first().fill('MY4BK11001')
  await page.getByLabel(/^购买日期不详/).check()
  await page.keyboard.press('Control+Enter')
  await page.waitForURL((url) => url.searchParams.has('machine'))
  await page.getByText('保修待查').first().waitFor()
  await page.context().close()
})

test('who may be a customer already is named while the name is typed', async () => {
  const page = await stage.as('wang')
  await page.goto('/counter?for=carry_in&add=customer')
  const name = page.getByLabel('名称')
  await name.waitFor()
  await name.fill('景泰律师')
  await page.getByText('可能已经是我们的客户').waitFor()
  await page.getByRole('button', { name: /景泰律师楼/ }).click()
  await page.waitForURL((url) => url.searchParams.get('customer') === known.customer)
  await page.context().close()
})

test('a scanned machine lights up on its shelf, is moved with one press; a count tells what is missing', async () => {
  const bench = givenBy((await stage.as('li')).context().request)
  const customer = await given.customer({ name: '景泰图文', phone: '02038861000', contact_phone: '13900001000' })
  const machines = [await given.machine(customer, { serial_number: 'JPDX100001' }),
    await given.machine(customer, { serial_number: 'JPDX100002' })]
  for (const machine of machines) {
    const order = await given.order(customer, machine)
    await bench.act(order, 'inspect', inspected)
    await given.act(order, 'receive', given.intake)
  }
  const page = await stage.as('wang')
  await page.goto('/shelves')
  await page.getByRole('textbox', { name: /扫描/ }).fill('jpdx100001')
  await page.keyboard.press('Enter')
  const drawer = page.getByRole('dialog')
  await drawer.getByRole('group', { name: '移到' }).getByRole('button', { name: '工程师手上' }).click()
  await page.getByText('已移到「工程师手上」').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('region', { name: '工程师手上' }).getByRole('button', { name: /景泰图文/ }).waitFor()
  await page.goto('/shelves?count=waiting_test')
  const scan = page.getByRole('textbox', { name: /扫描/ })
  await scan.fill('JPDX100001')
  await page.keyboard.press('Enter')
  await page.getByText('系统里在「工程师手上」').waitFor()
  const missing = page.getByText('JPDX100002')
  await missing.waitFor()
  await scan.fill('JPDX100002')
  await page.keyboard.press('Enter')
  await page.getByText('已扫到 2 台').waitFor()
  await page.getByRole('heading', { name: /^在架/ }).waitFor()
  await page.context().close()
})

test('a visitor of the manager gives a name, and waits in the list of the counter until led in', async () => {
  const page = await stage.as('wang')
  await page.goto('/counter?for=manager')
  await page.getByLabel('称呼').fill('何总监')
  await page.getByRole('button', { name: '通知经理' }).click()
  await page.getByRole('region', { name: '正在等候' }).getByRole('link', { name: /何总监 · 找经理/ }).click()
  await page.getByRole('button', { name: '引到经理室' }).waitFor()
  await page.context().close()
})

test('an enquiry asks no name, and what was promised before it says good-bye', async () => {
  const page = await stage.as('wang')
  await page.goto('/counter?for=enquiry')
  await page.getByLabel('问的事').fill('硒鼓有没有现货')
  await page.getByLabel(/^怎样答复/).fill('有')
  await page.getByLabel(/^答应客户的事/).fill('发一份报价')
  const order = await page.locator('main form [data-field]').evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.field))
  expect(order).toEqual(['matter', 'answer', 'promise', 'promise_at', 'confirmed_by', 'visitor_name', 'visitor_phone', 'customer',
    'contact_told', 'card_given'])
  await page.getByRole('button', { name: '记下咨询' }).click()
  await page.getByText('请填写答应的时间').waitFor()
  await page.getByText('做到了请勾选「告知了公司电话和传真」').waitFor()
  expect(await page.getByText('来找经理的时必填').count()).toBe(0)
  await page.context().close()
})

test('when the field that has the focus goes away, for the bench has acted, the focus stays in the form', async () => {
  const bench = givenBy((await stage.as('li')).context().request)
  const order = await given.order(known.customer, known.machine, { symptom: '不开机' })
  const page = await stage.as('wang')
  await page.goto(`/repair_order/${order}?do=receive`)
  const field = () => page.evaluate(() => document.activeElement?.closest<HTMLElement>('[data-field]')?.dataset['field'])
  await expect.poll(field).toBe('waive.0')
  await bench.act(order, 'inspect', inspected)
  await expect.poll(field).toBe('appearance')
  await page.context().close()
})

test('counter, shelves, customer and machine have no serious finding of axe and do not scroll sideways', async () => {
  const paths = ['/counter', '/counter?for=carry_in', '/counter?for=enquiry', '/counter?for=pick_up', `/counter?customer=${known.customer}`,
    `/counter?customer=${known.customer}&machine=${known.machine}`, '/shelves', '/shelves?count=waiting_test',
    `/customer/${known.customer}`, `/machine/${known.machine}`]
  expect(await findingsOf(stage, 'wang', paths)).toEqual([])
}, 120_000)
