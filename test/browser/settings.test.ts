import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RecordView, SettingsView } from '../../src/server/views.ts'
import { forms } from '../repair.ts'
import { type Given, givenBy } from './repair-given.ts'
import { type BrowserStage, findingsOf, openBrowserStage } from './stage.ts'
import { clockOf } from './story-stage.ts'

/** The administrator changes the company's own figures, hours, positions and check lists on the page, and each acts. */
let stage: BrowserStage
let page: Page
let desk: Page
let given: Given
let machines: string[]
let customer: string

beforeAll(async () => {
  stage = await openBrowserStage()
  page = await stage.as('zhao')
  page.setDefaultTimeout(15_000)
  desk = await stage.as('wang')
  given = givenBy(desk.context().request)
  customer = await given.customer({ name: '景泰图文', phone: '02038861000', contact_phone: '13900001000' })
  machines = [await given.machine(customer, { serial_number: 'JPDX300001' }),
    await given.machine(customer, { serial_number: 'JPDX300002', product_kind: 'notebook', model: 'ProBook 440' })]
})
afterAll(() => stage?.close())

const ask = async <T>(path: string, by = page): Promise<T> => await (await by.context().request.get(path)).json() as T
const settings = () => ask<SettingsView>('/api/settings')
const go = async (part: string) => {
  await page.goto(`/settings?part=${part}`)
  await page.getByRole('tab', { selected: true }).waitFor()
}
const bar = () => page.locator('form').filter({ has: page.getByRole('button', { name: '放弃改动' }) })
const save = async (why: string) => {
  const { revision } = await settings()
  await bar().getByLabel('为什么改').fill(why)
  await bar().getByRole('button', { name: '保存', exact: true }).click()
  await page.getByText(`已保存为第 ${revision + 1} 版`).first().waitFor()
}
/** The server says no, at the place, and the revision is the one of before. */
const refused = async (revision: number, error: string | RegExp) => {
  await page.getByRole('tabpanel').getByRole('alert').filter({ hasText: error }).first().waitFor()
  expect((await settings()).revision).toBe(revision)
}
const opened = async (machine: string): Promise<string> => {
  const order = await given.order(customer, machine)
  const bench = givenBy((await stage.as('sun')).context().request)
  await bench.act(order, 'inspect', forms.inspection)
  return order
}

test('a figure: too large, and without a reason, it is not kept and the page says where; then it holds for new orders', async () => {
  const counter = async (order: string) => clockOf(await ask<RecordView>(`/api/repair_order/${order}`), 'counter').limit_ms
  const before = await opened(machines[0]!)
  const { revision } = await settings()
  const find = async () => {
    await page.getByLabel('在这里找').fill('repair.counter_minutes')
    return page.locator('#limit-repair\\.counter_minutes')
  }
  await go('figures')
  const figure = await find()
  await figure.fill('99999999999')
  await bar().getByLabel('为什么改').fill('试试')
  await bar().getByRole('button', { name: '保存', exact: true }).click()
  await refused(revision, /./)
  expect(await figure.getAttribute('aria-invalid')).toBe('true')
  await figure.fill('25')
  await bar().getByLabel('为什么改').fill('')
  await bar().getByRole('button', { name: '保存', exact: true }).click()
  await bar().getByRole('alert').waitFor()
  expect((await settings()).revision).toBe(revision)
  // What was typed survives a reload.
  await page.reload()
  expect(await (await find()).inputValue()).toBe('25')
  await save('柜台只有一个人')
  const after = await opened(machines[0]!)
  expect([await counter(before), await counter(after)]).toEqual([10, 25].map((minutes) => minutes * 60_000))
  await go('history')
  await page.getByText('原因：柜台只有一个人').waitFor()
  await page.getByText('10 → 25').waitFor()
})

test('a check for printers: an empty line is refused at its line; the new one stands in the form, of printers alone', async () => {
  await go('checks')
  await page.getByRole('group', { name: '哪份清单' }).getByRole('button', { name: '收机检查' }).click()
  await page.getByRole('group', { name: '产品类别' }).getByRole('button', { name: '激光打印机' }).click()
  const { revision } = await settings()
  await page.getByRole('button', { name: '加一项' }).click()
  // What is typed now is the new line.
  await page.locator('input:focus').and(page.getByLabel('检查什么')).waitFor()
  expect(await page.locator('input:focus').inputValue()).toBe('')
  await bar().getByLabel('为什么改').fill('试试')
  await bar().getByRole('button', { name: '保存', exact: true }).click()
  await refused(revision, /./)
  await page.getByLabel('检查什么').last().fill('电源线已拔下并单独登记')
  await page.getByRole('button', { name: '加一项' }).click()
  await page.keyboard.type('纸盒里没有客户的文件')
  await save('上月少还两根电源线')
  const [printer, notebook] = [await opened(machines[0]!), await opened(machines[1]!)]
  for (const [order, wanted] of [[printer, 1], [notebook, 0]] as const) {
    await desk.goto(`/repair_order/${order}?do=receive`)
    await desk.locator('main form').first().getByText('收尾步骤').first().waitFor()
    expect(await desk.locator('main form').first().getByText('电源线已拔下并单独登记').count(), String(wanted)).toBe(wanted)
  }
  // Answered like any other of the list; a notebook's form does not know it.
  const checks = { intake_checks: { own_5: { answer: 'pass' }, own_6: { answer: 'pass' } } }
  const answers = await Promise.all([printer, notebook].map((order) => desk.context().request.post(
    `/api/repair_order/${order}/receive`, { data: { ...given.intake, ...forms.insides, ...checks } })))
  expect(answers.map((answer) => answer.status())).toEqual([200, 422])
  expect(await answers[1]!.text()).toContain('intake_checks')
  // The list is the product's again; the old order says all the same what was asked of it.
  await go('checks')
  await page.getByRole('group', { name: '哪份清单' }).getByRole('button', { name: '收机检查' }).click()
  await page.getByRole('group', { name: '产品类别' }).getByRole('button', { name: '激光打印机' }).click()
  await page.getByRole('button', { name: '恢复制度原文' }).click()
  await save('换回原来的')
  await desk.goto(`/repair_order/${printer}`)
  await desk.getByText('2 项全部合格').first().click()
  await desk.getByText('纸盒里没有客户的文件').locator('visible=true').first().waitFor()
})

test('opening hours: a text that is none, or that ends before it begins, changes nothing; others are kept', async () => {
  await go('calendars')
  const { revision, effective } = await settings()
  const day = page.getByLabel('周六')
  await day.fill('九点到五点')
  await page.getByRole('alert').filter({ hasText: '时间应写成' }).waitFor()
  expect(await bar().count()).toBe(0)
  await day.fill('12:00-09:00')
  await bar().getByLabel('为什么改').fill('试试')
  await bar().getByRole('button', { name: '保存', exact: true }).click()
  await refused(revision, /./)
  await day.fill('09:00-12:00')
  await save('周六上午也开门')
  const after = await settings()
  expect(after.revision).toBe(revision + 1)
  const [key] = Object.keys(effective.calendars)
  expect(after.effective.calendars[key!]!.week['6']).toEqual([['09:00', '12:00']])
})

test('a position: without a name it is not kept; a new one is, with what its holders may do', async () => {
  await go('positions')
  const { positions, revision } = await settings()
  await page.getByRole('button', { name: '新职务' }).click()
  await page.getByRole('button', { name: '保存职务' }).click()
  await refused(revision, /./)
  expect((await settings()).positions.length).toBe(positions.length)
  await page.getByLabel('职务', { exact: true }).fill('夜班前台')
  await page.getByLabel('为什么改').fill('夜间收机')
  await page.getByRole('group', { name: '可以做什么' }).getByText('协调员', { exact: true }).click()
  await page.getByRole('button', { name: '保存职务' }).click()
  await page.getByText('夜班前台').waitFor()
  const made = (await settings()).positions.find(({ name }) => name === '夜班前台')!
  expect(made.roles).toEqual(['coordinator'])
})

test('others are told that settings are the administrator’s, and change none', async () => {
  const { revision } = await settings()
  await desk.goto('/settings')
  await desk.getByText('设置由系统管理员管理。').waitFor()
  const answer = await desk.context().request.put('/api/settings', { headers: { 'if-match': String(revision) },
    data: { change: { limits: { 'repair.counter_minutes': 99 } }, why: '试试' } })
  expect([answer.status(), (await settings()).revision]).toEqual([403, revision])
})

test('every part has no serious finding of axe and does not scroll sideways', async () => {
  expect(await findingsOf(stage, 'zhao', ['figures', 'calendars', 'positions', 'texts', 'cards', 'checks', 'schedules',
    'history'].map((part) => `/settings?part=${part}`))).toEqual([])
}, 120_000)
