import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { type Given, givenBy, inspected } from './repair-given.ts'
import { telephone } from './story-stage.ts'
import { type BrowserStage, openBrowserStage } from './stage.ts'

let stage: BrowserStage
let desk: Page
let given: Given
let customer: string
let order: string

beforeAll(async () => {
  stage = await openBrowserStage()
  desk = await stage.as('wang')
  given = givenBy(desk.context().request)
  customer = await given.customer({ name: '景泰律师楼', phone: '02066667777转12', contact_phone: '13912347788' })
  const machine = await given.machine(customer, { serial_number: 'CNB8K77001' })
  order = await given.order(customer, machine, { contact_phone: '13912347788' })
}, 400_000)
afterAll(() => stage?.close())

test('telephones are read in groups and dialled with one press, an extension after a pause', async () => {
  await desk.goto(`/customer/${customer}`)
  const own = desk.getByRole('link', { name: '020-6666 7777 转 12' }).first()
  expect(await own.getAttribute('href')).toBe('tel:02066667777,12')
  const contact = desk.getByRole('region', { name: '联系人' }).getByRole('link', { name: '139 1234 7788' })
  expect(await contact.getAttribute('href')).toBe('tel:13912347788')
  await desk.goto(`/repair_order/${order}`)
  await desk.getByRole('link', { name: '139 1234 7788' }).first().waitFor()
  await desk.goto(`/counter?customer=${customer}`)
  await desk.getByRole('button', { name: /139 1234 7788/ }).waitFor()
  await desk.getByRole('link', { name: '020-6666 7777 转 12' }).waitFor()
})

test('on paper a record is whole: without the frame, without buttons, in light colours', async () => {
  const page = await stage.as('wang', { colorScheme: 'dark' })
  await page.goto(`/repair_order/${order}`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
  await page.setViewportSize({ width: 794, height: 1123 })
  expect(await page.getByRole('navigation').count()).toBe(0)
  expect(await page.getByRole('region', { name: '搜索与状态' }).count()).toBe(0)
  expect(await page.getByRole('button', { name: '记一笔' }).count()).toBe(0)
  // Facts and history, one below the other; nothing is cut off at the end of the screen.
  await page.getByRole('region', { name: '内容' }).waitFor()
  await page.getByRole('region', { name: '经过' }).waitFor()
  const main = await page.locator('main').evaluate((one) => ({ cut: one.scrollHeight - one.clientHeight,
    ink: getComputedStyle(document.body).color }))
  expect(main).toEqual({ cut: 0, ink: 'rgb(20, 32, 31)' })
  await page.context().close()
})

test('in English, where words are longer, nothing in a row of my work lies over anything else', async () => {
  const page = await stage.as('wang', { locale: 'en-GB' })
  await page.context().request.patch('/api/me', { data: { language: 'en' } })
  await page.goto('/')
  await page.getByText('Waiting for others').locator('visible=true').first().waitFor()
  await page.locator('[id^=row-]').first().waitFor()
  const over = await page.locator('[id^=row-]').evaluateAll((rows) => rows.filter((row) => {
    const verb = row.querySelector(':scope > a + a')?.getBoundingClientRect()
    const small = [...row.querySelectorAll(':scope > a:first-child span')]
    return verb && small.some((one) => {
      const box = one.parentElement!.getBoundingClientRect()
      return Math.min(one.getBoundingClientRect().right, box.right) > verb.left
    })
  }).length)
  expect(over).toBe(0)
  const cut = () => page.locator('[id^=row-] > a + a').evaluateAll((verbs) => verbs
    .filter((one) => one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight).map((one) => one.textContent))
  expect(await cut()).toEqual([])
  await page.setViewportSize({ width: 390, height: 844 })
  expect(await cut()).toEqual([])
  await page.context().request.patch('/api/me', { data: { language: 'zh' } })
  await page.context().close()
})

test('on a telephone the head of an order leaves three quarters of the screen to what is to be done', async () => {
  const phone = await stage.as('li', telephone)
  await phone.goto(`/repair_order/${order}`)
  const title = phone.getByRole('heading', { level: 1 })
  await title.waitFor()
  const { height } = (await phone.locator('article header').boundingBox())!
  expect(height / phone.viewportSize()!.height).toBeLessThan(0.25)
  await phone.context().close()
})

test('no line of a title begins with the dot between machine and symptom', async () => {
  await desk.goto(`/repair_order/${order}`)
  const heading = desk.getByRole('heading', { level: 1 })
  await heading.waitFor()
  expect(await heading.textContent()).toContain('CNB8K77001\u00a0· 打印时卡纸')
})

test('what was refused is named, and one press leads to each; the place of the machine has the company\'s words', async () => {
  const bench = givenBy((await stage.as('li')).context().request)
  await bench.act(order, 'inspect', inspected)
  await desk.goto(`/repair_order/${order}?do=receive`)
  await desk.getByLabel('外观').fill('左侧有划痕')
  await desk.keyboard.press('Control+Enter')
  const alert = desk.getByRole('alert')
  await alert.getByRole('button', { name: '收尾步骤' }).click()
  expect(await desk.evaluate(() => document.activeElement?.closest<HTMLElement>('[data-field]')?.dataset['field'])).toBe('intake_steps')
  expect(await alert.getByRole('button').allInnerTexts()).toEqual(['配置', '客户签字', '收尾步骤'])
  await given.act(order, 'receive', given.intake)
  const facts = desk.getByRole('region', { name: '内容' })
  await facts.getByText('等待检测夹').waitFor()
  expect(await facts.innerText()).not.toContain('waiting_test')
})

test('a list says whose a record is, however long its title', async () => {
  const machine = await given.machine(customer, { model: 'Color LaserJet Enterprise Flow MFP M880z+ NFC/Wireless',
    serial_number: 'JPBCG2X07H' })
  await given.order(customer, machine, { symptom: '开机自检约四十秒后控制面板报错，双面打印时第二面整版偏色并伴有竖向条纹' })
  await desk.goto('/repair_order')
  const row = desk.getByRole('row', { name: /M880z/ })
  const whose = row.getByText('景泰律师楼')
  await whose.waitFor()
  expect(await whose.evaluate((one) => {
    const cell = one.closest('[role=cell]')!.getBoundingClientRect()
    return one.scrollWidth <= one.clientWidth && one.getBoundingClientRect().right <= cell.right + 1
  })).toBe(true)
})

test('what the customer asks stands above the answer to it', async () => {
  const request = desk.context().request
  const { rows } = await (await request.get('/api/quotation?state=confirmed&limit=1')).json() as { rows: { id: string }[] }
  const id = rows[0]!.id
  await request.post(`/api/quotation/${id}/ask`, { data: { question: '换的是原装件吗？' } })
  await desk.goto(`/quotation/${id}`)
  const question = await desk.getByText('换的是原装件吗？').first().boundingBox()
  const answer = await desk.getByLabel('答复', { exact: true }).first().boundingBox()
  expect(question!.y).toBeLessThan(answer!.y)
})
