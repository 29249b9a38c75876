import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { draw, type formOn } from './story-stage.ts'

/** What the people of the story type into their forms, key by key. */
type Form = ReturnType<typeof formOn>

const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64')

/** The counter takes the machine in: with a toner that stays, a picture, a signature; the first try lacks a tick. */
export async function takeIn(page: Page, form: Form): Promise<void> {
  await form.fill('外观', '左侧有划痕')
  await form.fill('配置', '标配 8MB')
  await form.form.locator('input[type=file]').first().setInputFiles({ name: '外观.png', mimeType: 'image/png', buffer: png })
  await form.form.getByText('外观.png').waitFor()
  expect(await form.form.getByText('留下的附件').count()).toBe(0)
  await form.choose('附件与耗材', '有附件留下')
  await form.form.getByText('留下的附件').waitFor()
  const cells = form.form.locator('table input')
  await cells.nth(0).fill('硒鼓')
  await cells.nth(1).fill('1')
  await cells.nth(2).fill('A12')
  await form.choose('客户签字', '在屏幕上签')
  await draw(page, form.form.locator('canvas'))
  await form.form.getByRole('button', { name: '撤一笔' }).waitFor()
  await form.passAll('收尾步骤')
  await page.waitForFunction(() => !document.querySelector<HTMLButtonElement>('main form button[type=submit]')!.disabled)
  await form.send()
  await form.wrongAt('每件附件都已贴标签').waitFor()
  await form.tick('每件附件都已贴标签')
  await form.send()
}

/** The price as it is typed on the page of the quotation, `discount` in 元; a row that stands there already is kept. */
export async function typePrice({ form, fill, send }: Form, discount: string): Promise<void> {
  const rows = { '0.name': '更换工时', '0.unit_fen': '200', '1.name': '定影组件', '1.pieces': '1', '1.unit_fen': '280' }
  for (const [at, text] of Object.entries(rows)) {
    const cell = form.locator(`[data-at="${at}"]`)
    if (await cell.inputValue() !== text) await cell.fill(text)
  }
  await fill('优惠', discount)
  // What the bench found stands there already.
  expect(await form.getByLabel('故障与原因').inputValue()).toBe('定影膜破损，进纸轮磨损')
  await fill('维修周期', '3 个工作日')
  await send()
}

/** The engineer asks for a part on the page of the order; the page of the request follows. */
export async function askForPart(page: Page): Promise<void> {
  await page.getByRole('link', { name: '领料单' }).last().click()
  const drawer = page.getByRole('dialog')
  await drawer.getByRole('combobox').first().click()
  await page.keyboard.type('RM1-4209')
  await page.getByRole('option', { name: /RM1-4209/ }).click()
  await drawer.locator('tbody td').nth(1).locator('input').fill('1')
  await drawer.getByRole('button', { name: '申请领料' }).click()
  await page.waitForURL(/\/part_request\/[0-9a-f-]{36}/)
}

/** The part was used, and the old one goes to its store under a mark. */
export async function usePart(form: Form): Promise<void> {
  const row = form.form.getByRole('group', { name: '第 1 行' })
  // What is in hand stands there already.
  expect(await row.getByRole('combobox').first().inputValue()).toContain('RM1-4209')
  expect(await row.getByLabel('数量').inputValue()).toBe('1')
  await row.getByRole('radio', { name: '交旧件库保管' }).check()
  await row.getByLabel('旧件标签').fill('旧件 7')
  await form.send()
}

/** At the counter: all is there, the agreed sum is paid, and the customer signs on the whole screen. */
export async function fetchAndSign(page: Page, form: Form): Promise<void> {
  await form.choose('客户联', '已出示并收回')
  await form.tick('从「等待取机」夹取单')
  await form.choose('附件与配置核对', '与收机时一致')
  await form.choose('客户是否满意', '满意')
  await form.fill('其他需要', '无')
  await form.tick('已告知热线并给名片')
  await form.choose('付款', '扫码')
  expect(await form.form.getByLabel('实收金额').inputValue()).toBe('460')
  await form.choose('客户签字', '在屏幕上签')
  await form.form.getByRole('button', { name: '大屏签' }).click()
  const glass = form.form.locator('canvas')
  await draw(page, glass)
  await draw(page, glass)
  await page.getByRole('button', { name: '撤一笔' }).click()
  await page.getByRole('button', { name: '签好了' }).click()
  // The first try lacks the tick of the piece that was left, and the piece is named.
  await page.waitForFunction(() => !document.querySelector<HTMLButtonElement>('main form button[type=submit]')!.disabled)
  await form.send()
  await form.form.getByText('「硒鼓（A12）」还没有核对').waitFor()
  await form.form.getByRole('checkbox', { name: /硒鼓/ }).check()
}

/** On the telephone: the machine runs, and the customer is not content. */
export async function tellBadly(form: Form): Promise<void> {
  await form.choose('结果', '接受回访')
  await form.tick('报了公司和姓名')
  await form.choose('机器现在运行正常吗', '正常')
  await form.choose('哪些方面做得不好', '维修周期')
  await form.fill('客户原话', '说好当天派修，等了很久')
  await form.choose('工程师修后沟通 3 分钟', '有')
  await form.choose('总体满意度', '不满意')
  await form.send()
}
