import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Given, givenBy, inspected } from './repair-given.ts'
import { type BrowserStage, openBrowserStage } from './stage.ts'
import { telephone } from './story-stage.ts'

/** The bench with a telephone in one hand: paper that is scanned, and things that a finger can hit. */
let stage: BrowserStage
let given: Given
let order: string
let code: string

beforeAll(async () => {
  stage = await openBrowserStage()
  given = givenBy((await stage.as('wang')).context().request)
  const bench = givenBy((await stage.as('sun')).context().request)
  const customer = await given.customer({ name: '景泰律师楼', phone: '02066667777', contact_phone: '13912347788' })
  order = await given.order(customer, await given.machine(customer, { serial_number: 'CNB8K77009' }))
  await bench.act(order, 'inspect', inspected)
  await given.act(order, 'receive', given.intake)
  await vi.waitFor(async () => {
    const [row] = await stage.node.app.db.read(1, (reader) => reader.query<{ code: string }>({
      text: 'select code from paper_code where record_id = $1', values: [order] }))
    code = row?.code ?? ''
    expect(code).toMatch(/^[0-9A-Z]{16}$/)
  }, { timeout: 30_000, interval: 200 })
})
afterAll(() => stage?.close())

/** A hand scanner into the box that has the focus: the whole address of the square, and Enter. */
const scan = (page: Page) => page.keyboard.type(`${stage.node.address}/q/${code}\n`)
/** The same where nothing has the focus: at one go, for a busy machine would make a slow hand of it. */
const scanOpen = (page: Page) => page.evaluate((text) => {
  for (const key of [...text, 'Enter']) document.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
}, `${stage.node.address}/q/${code}`)

test('a telephone that is not signed in scans the label, signs in, and stands before the order', async () => {
  const phone = await stage.stranger(telephone)
  await phone.goto(`/q/${code}`)
  await phone.getByRole('link', { name: '本店员工登录' }).click()
  await phone.getByLabel('登录名').fill('sun')
  await phone.locator('input[type=password]').fill(stage.password)
  await phone.getByRole('button', { name: '登录', exact: true }).click()
  await phone.waitForURL(`**/repair_order/${order}`)
  await phone.context().close()
})

test('a hand scanner reads the square: the order opens, the card lights up, the customer copy is known', async () => {
  const page = await stage.as('wang')
  await page.goto('/')
  await page.getByText('现在要办').locator('visible=true').first().waitFor()
  await scanOpen(page)
  await page.waitForURL(`**/repair_order/${order}`)
  await page.goto('/')
  await page.getByText('现在要办').locator('visible=true').first().waitFor()
  await page.keyboard.press('/')
  await scan(page)
  await page.waitForURL(`**/repair_order/${order}`)
  await page.goto('/shelves')
  await page.locator(`#card-${order}`).waitFor()
  await scan(page)
  await page.getByRole('dialog').getByRole('link').last().waitFor()
  expect(new URL(page.url()).searchParams.get('card')).toBe(order)
  await page.goto('/counter?for=pick_up')
  await page.getByLabel('找客户、机器或单据').waitFor()
  await scan(page)
  await page.waitForURL((url) => url.searchParams.get('order') === order)
  await page.context().close()
})

test('a shelf is counted with a thumb: each machine that stands there is pressed, and what was pressed wrongly comes back', async () => {
  const phone = await stage.as('sun', telephone)
  await phone.goto('/shelves?count=waiting_test')
  const { number } = await (await phone.context().request.get(`/api/repair_order/${order}`)).json() as { number: string }
  await phone.getByRole('button', { name: `在 ${number}` }).click()
  await phone.getByText('已扫到 1 台').waitFor()
  await phone.getByRole('button', { name: `撤回 ${number}` }).click()
  await phone.getByText('已扫到 0 台').waitFor()
  // What the program believes to stand elsewhere is moved here with one press.
  await phone.goto('/shelves?count=ok')
  await phone.getByRole('textbox', { name: /扫描/ }).fill(number)
  await phone.keyboard.press('Enter')
  await phone.getByRole('button', { name: '移到这里' }).click()
  await phone.getByRole('button', { name: `撤回 ${number}` }).waitFor()
  const moved = await (await phone.context().request.get(`/api/repair_order/${order}`)).json() as { values: { shelf: string } }
  expect(moved.values.shelf).toBe('ok')
  await given.act(order, 'move', { shelf: 'waiting_test' })
  await phone.context().close()
})

test('a press that falls upon what has just come under the finger does nothing; a moment later it does', async () => {
  const phone = await stage.as('sun', telephone)
  await phone.goto(`/repair_order/${order}`)
  const box = phone.getByRole('region', { name: '办理' })
  await box.getByRole('button', { name: '记一笔' }).waitFor()
  const before = phone.url()
  // As soon as the page shows what somebody else has done, the button is pressed that stands there now.
  const pressed = phone.evaluate(() => new Promise<void>((resolve) => {
    const section = document.querySelector('main section[aria-label="办理"]')!
    const was = section.textContent
    new MutationObserver((_all, watch) => {
      if (section.textContent === was) return
      watch.disconnect()
      setTimeout(() => {
        [...section.querySelectorAll('button')].find((one) => one.textContent!.includes('记一笔'))!
          .dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, detail: 1 }))
        resolve()
      }, 50)
    }).observe(section, { subtree: true, childList: true, characterData: true })
  }))
  await givenBy((await stage.as('wu')).context().request).act(order, 'take_for_test', {})
  await pressed
  expect(phone.url()).toBe(before)
  await phone.waitForTimeout(500)
  await box.getByRole('button', { name: '记一笔' }).click()
  await phone.waitForURL(/do=note/)
  await phone.context().close()
})

/** What is pressed with a thumb and is lower than 44 points, with what reaches over its edge counted in. */
const smallTargets = (page: Page): Promise<string[]> => page.evaluate(() => {
  const least = 43.5
  const pressed = 'button,summary,select,textarea,input:not([type=hidden]):not([type=file]),[role=option],[role=menuitem]'
  return [...document.querySelectorAll<HTMLElement>(pressed)].flatMap((one) => {
    if (one.closest('[aria-hidden=true]')) return []
    const isTick = /^(radio|checkbox)$/.test((one as HTMLInputElement).type ?? '')
    const place = (isTick && (one.closest('label') ?? document.querySelector(`label[for="${one.id}"]`))) || one
    const { height, width, right, left } = place.getBoundingClientRect()
    if (height === 0 || width === 0 || right <= 0 || left >= innerWidth) return []
    const over = getComputedStyle(place, '::after')
    const reach = over.content !== 'none' && over.position === 'absolute'
      ? -(Number.parseFloat(over.top) || 0) - (Number.parseFloat(over.bottom) || 0) : 0
    return height + reach >= least ? [] : [`${one.tagName} ${(one.getAttribute('aria-label') ?? one.textContent ?? '').trim()
      .slice(0, 30)} ${Math.round(height + reach)}`]
  })
})

const places: readonly (readonly [login: string, path: () => string])[] = [
  ['sun', () => '/'], ['sun', () => `/repair_order/${order}`], ['sun', () => `/repair_order/${order}?do=note`],
  ['sun', () => `/repair_order/${order}?tab=history`], ['sun', () => '/shelves'],
  ['sun', () => `/shelves?card=${order}`], ['sun', () => '/repair_order'], ['zheng', () => '/store'],
  ['zheng', () => '/store?tab=stock'], ['wang', () => '/counter'], ['wang', () => `/repair_order/${order}?do=cancel`]]

test('whatever is pressed with a thumb is large enough, and no page is pushed sideways', async () => {
  const found: string[] = []
  for (const login of ['sun', 'zheng', 'wang']) {
    const phone = await stage.as(login, telephone)
    for (const [, path] of places.filter(([whose]) => whose === login)) {
      await phone.goto(path())
      await phone.waitForLoadState('networkidle')
      const wider = await phone.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      if (wider > 0) found.push(`${path()}: ${wider} too wide`)
      found.push(...(await smallTargets(phone)).map((one) => `${login} ${path().replace(order, '…')}: ${one}`))
    }
    await phone.context().close()
  }
  expect([...new Set(found)]).toEqual([])
})
