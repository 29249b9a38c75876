import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stockChecks } from '../../src/server/stock.ts'
import type { RecordView, StockPageView } from '../../src/server/views.ts'
import { forms } from '../repair.ts'
import { givenBy } from './repair-given.ts'
import { type BrowserStage, findingsOf, openBrowserStage } from './stage.ts'
import { formOn } from './story-stage.ts'

/** A day in the parts store, with the keys, the scanner and the drawers of its page; the ledger agrees at every step. */
let stage: BrowserStage
let page: Page
let order: string
let part: string
const number = `TST-${String(Date.now()).slice(-6)}`

const post = async (by: Page, path: string, data: object): Promise<RecordView> => {
  const answer = await by.context().request.post(`/api/${path}`, { data })
  if (!answer.ok()) throw new Error(`${path}: ${await answer.text()}`)
  return await answer.json() as RecordView
}
const people: Record<string, Page> = {}
const by = async (login: string): Promise<Page> => (people[login] ??= await stage.as(login))

beforeAll(async () => {
  stage = await openBrowserStage()
  page = await stage.as('zheng')
  page.setDefaultTimeout(15_000)
  const given = givenBy((await by('wang')).context().request)
  const customer = await given.customer({ name: '景泰图文', phone: '02038861000', contact_phone: '13900001000' })
  order = await given.order(customer, await given.machine(customer, { serial_number: 'JPDX200001' }))
  const bench = givenBy((await by('sun')).context().request)
  await bench.act(order, 'inspect', forms.inspection)
  await given.act(order, 'receive', given.intake)
  part = (await post(page, 'part?action=register', { part_number: number, name: '测试用搓纸轮', part_kind: 'part', fits: 'M1136',
    price_fen: 9_000, bin: 'T-01', minimum: 1_000 })).id
})
afterAll(() => stage?.close())

/** Pieces of the part by place, as the stock says; and the ledger agrees with it. */
async function lies(): Promise<Record<string, number>> {
  const answer = await page.context().request.get(`/api/stock?q=${number}`)
  const { rows } = await answer.json() as StockPageView
  const wrong = await stage.node.app.db.read(1, (reader) => reader.query({ text: stockChecks[0]!.sql, values: [] }))
  expect(wrong).toEqual([])
  return Object.fromEntries(rows[0]!.balances.filter(({ quantity }) => quantity !== 0)
    .map(({ place, quantity }) => [place.key.split(':')[0]!, quantity / 1000]))
}
/** Waits for what an act on the page leaves lying. */
const leaves = (what: Record<string, number>) => expect.poll(lies, { timeout: 15_000 }).toEqual(what)

/** An engineer asks, the lead engineer agrees. */
async function asked(pieces: number): Promise<string> {
  const request = await post(await by('sun'), 'part_request?action=request', { parent: order,
    lines: [{ part, quantity: pieces * 1000 }] })
  await expect.poll(async () => {
    const answer = await page.context().request.get(`/api/part_request/${request.id}`)
    const { state, offers } = await answer.json() as RecordView
    if (state.name === 'requested' && offers.length > 0) {
      await (await by('li')).context().request.post(`/api/part_request/${request.id}/consent`, { data: {} })
    }
    return state.name
  }, { timeout: 15_000 }).toBe('consented')
  return request.id
}
const queue = (title: string) => page.getByRole('region', { name: title })
const rowOf = (id: string) => page.locator(`#store-${id}`)
/** Presses the arrow until the row is the chosen one; a hand is slower than a scanner. */
async function choose(id: string) {
  await rowOf(id).waitFor()
  for (let tries = 0; tries < 60 && await rowOf(id).getAttribute('data-lit') === null; tries += 1) {
    await page.keyboard.press('ArrowDown', { delay: 60 })
  }
  expect(await rowOf(id).getAttribute('data-lit')).not.toBeNull()
}

test('a part is found by a piece of its number, and comes in; without a source nothing moves', async () => {
  await page.goto('/store')
  await page.getByRole('button', { name: '库存', exact: true }).click()
  await page.getByRole('searchbox', { name: '料号、品名、机型' }).fill(number.slice(2))
  await page.getByRole('button', { name: number }).click()
  const drawer = page.getByRole('dialog')
  await drawer.getByText('还没有收发').waitFor()
  await drawer.getByRole('link', { name: '其他入库' }).click()
  await page.waitForURL(`**/part/${part}?do=receive`)
  const form = formOn(page)
  await form.fill('数量', '5')
  await form.send()
  await form.wrongAt('来源').waitFor()
  expect(await lies()).toEqual({})
  await form.choose('来源', '期初')
  await form.send()
  await leaves({ store: 5 })
  await page.goto(`/store?tab=stock&q=${number}`)
  const row = page.getByRole('row', { name: new RegExp(number) })
  expect(await row.locator('td').nth(3).innerText()).toBe('5')
  await page.getByRole('button', { name: number }).click()
  await page.getByRole('dialog').getByText(/→ .*库房 5/).waitFor()
})

test('a request is handed out piece by piece with the scanner: a stranger is told, what is missing is said', async () => {
  const request = await asked(2)
  await page.goto('/store')
  await queue('待发料').waitFor()
  await choose(request)
  await page.keyboard.press('Enter')
  const drawer = page.getByRole('dialog')
  await drawer.getByText('还有 1 项没有扫齐').waitFor()
  const scan = drawer.getByRole('textbox', { name: /扫描/ })
  await scan.fill(number.toLowerCase())
  await scan.press('Enter')
  await drawer.getByText('测试用搓纸轮：1／2').waitFor()
  await scan.fill('RM1-4209')
  await scan.press('Enter')
  await drawer.getByText('RM1-4209 不在这张单上').waitFor()
  await scan.fill(number)
  await scan.press('Enter')
  await drawer.getByText('测试用搓纸轮：2／2').waitFor()
  expect(await drawer.getByText(/没有扫齐/).count()).toBe(0)
  expect(await lies()).toEqual({ store: 5 })
  await page.keyboard.press('Control+Enter')
  await drawer.waitFor({ state: 'hidden' })
  await leaves({ store: 3, hands: 2 })
  await queue('领出未结清').locator(`#store-${request}`).waitFor()
  // One of the two comes back.
  await rowOf(request).getByRole('button', { name: /退料入库/ }).click()
  await scan.fill(number)
  await scan.press('Enter')
  await drawer.getByText('测试用搓纸轮：1／2').waitFor()
  await drawer.getByRole('button', { name: '退料入库' }).click()
  await drawer.waitFor({ state: 'hidden' })
  await leaves({ store: 4, hands: 1 })
  // More cannot come back than is out: it is said in the drawer, which stays, and nothing moves.
  await rowOf(request).getByRole('button', { name: /退料入库/ }).click()
  await drawer.getByLabel(/测试用搓纸轮/).fill('2')
  await drawer.getByRole('button', { name: '退料入库' }).click()
  await drawer.getByRole('alert').waitFor()
  expect(await lies()).toEqual({ store: 4, hands: 1 })
  await page.keyboard.press('Escape')
})

test('one key hands out; what is short cannot be handed out and is marked with another', async () => {
  const [one, many] = [await asked(1), await asked(9)]
  await page.goto('/store')
  await choose(one)
  await page.keyboard.press('i')
  await queue('领出未结清').locator(`#store-${one}`).waitFor()
  await leaves({ store: 3, hands: 2 })
  await page.goto('/store')
  await choose(many)
  expect(await rowOf(many).getByRole('button', { name: /^I?\s*发料$/ }).count()).toBe(0)
  await page.keyboard.press('i')
  await page.getByText(/只剩 3，不够 9/).waitFor()
  await page.keyboard.press('m')
  await queue('缺货，等协调员订').locator(`#store-${many}`).waitFor()
  expect(await lies()).toEqual({ store: 3, hands: 2 })
  // The old part of what was used goes to the used-parts store and is found there by its mark.
  await post(await by('sun'), `part_request/${one}/settle`, { used: [{ part, quantity: 1000, destination: 'keeper', tag: '旧件 T77' }] })
  await leaves({ store: 3, hands: 1, used_store: 1 })
  await page.getByRole('button', { name: '旧件', exact: true }).click()
  const move = page.getByRole('listitem').filter({ hasText: '旧件 T77' })
  expect(await move.innerText()).toContain('测试用搓纸轮')
})

test('what was ordered arrives with one key and is checked: the good lie in the store, the bad go back', async () => {
  const wang = await by('wang')
  const { id } = await post(wang, 'purchase?action=request', { lines: [{ part, quantity: 4_000, price_fen: 5_000 }], supplier: '粤通备件' })
  await post(wang, `purchase/${id}/order`, { supplier: '粤通备件', eta: '2026-12-30', amount_fen: 20_000 })
  await page.goto('/store')
  await choose(id)
  await page.keyboard.press('a')
  await queue('到货待验').locator(`#store-${id}`).waitFor()
  await rowOf(id).getByRole('button', { name: /验收/ }).click()
  const drawer = page.getByRole('dialog')
  expect(await drawer.getByLabel('测试用搓纸轮 合格', { exact: true }).inputValue()).toBe('4')
  await drawer.getByLabel('测试用搓纸轮 合格', { exact: true }).fill('3')
  await drawer.getByLabel('测试用搓纸轮 不合格').fill('1')
  await drawer.getByRole('button', { name: '验收入库' }).click()
  await drawer.waitFor({ state: 'hidden' })
  await leaves({ store: 6, hands: 1, used_store: 1 })
  expect(await rowOf(id).count()).toBe(0)
})

test('a day is typed; what is none is refused at its field and stays there to be put right', async () => {
  const wang = await by('wang')
  const { id } = await post(wang, 'purchase?action=request', { lines: [{ part, quantity: 1_000, price_fen: 5_000 }], supplier: '粤通备件' })
  await wang.goto(`/purchase/${id}?do=order`)
  const form = formOn(wang)
  // Who was named when it was asked for is named already.
  expect(await form.form.getByLabel(/^供应商/).inputValue()).toBe('粤通备件')
  const day = form.form.getByLabel(/^预计到货/)
  await day.click()
  // On the way to the 31st stands the 3rd, which is a day.
  await wang.keyboard.type('11-31')
  await wang.keyboard.press('Tab')
  expect(await day.inputValue()).toBe('11-31')
  await form.fill('订购金额', '50')
  await form.send()
  await form.wrongAt('到货').waitFor()
  expect(await day.inputValue()).toBe('11-31')
  await day.fill('12-1')
  await wang.keyboard.press('Tab')
  expect(await day.inputValue()).toMatch(/^2026年12月1日/)
  // Pressing the day that is chosen does not take it away.
  await day.click()
  await wang.locator('[data-selected]').filter({ visible: true }).first().click()
  await form.send()
  const read = async () => await (await wang.context().request.get(`/api/purchase/${id}`)).json() as RecordView
  await expect.poll(async () => (await read()).state.name).toBe('ordered')
  expect((await read()).values.eta).toBe('2026-12-01')
})

test('a count shows all that the place holds, page after page', async () => {
  const listed = async () => {
    await page.goto('/store?tab=count')
    await page.getByRole('button', { name: '盘点备件库房' }).click()
    await page.waitForURL(/count=/)
    await page.getByRole('textbox', { name: `${number} 实有` }).waitFor()
    return page.getByRole('textbox', { name: /实有$/ }).count()
  }
  const all = await listed()
  // Pages of one row, as a store of a hundred times as many parts has pages of fifty.
  await page.route(/\/api\/stock\?/, async (route) => {
    const answer = await route.fetch()
    const { rows } = await answer.json() as { rows: { id: string; part_number: string }[] }
    const [first] = rows
    await route.fulfill({ response: answer, json: { rows: rows.slice(0, 1),
      cursor: first && rows.length > 1 ? `${first.id}.${first.part_number}` : null } })
  })
  expect(await listed()).toBe(all)
  await page.unroute(/\/api\/stock\?/)
})

test('a count: scans and figures are kept over a reload, a difference wants its reason, and the ledger follows', async () => {
  await page.goto('/store?tab=count')
  await page.getByRole('button', { name: '盘点备件库房' }).click()
  await page.waitForURL(/count=/)
  const figure = page.getByRole('textbox', { name: `${number} 实有` })
  await figure.waitFor()
  const scan = page.getByRole('textbox', { name: /扫描/ })
  await scan.fill(number)
  await scan.press('Enter')
  await page.getByRole('status').filter({ hasText: '测试用搓纸轮: 1' }).waitFor()
  // What the ledger says is not shown before it was counted.
  const row = page.getByRole('row').filter({ hasText: number })
  expect(await row.locator('td').nth(2).innerText()).toBe('')
  await figure.fill('5')
  await page.reload()
  await figure.waitFor()
  expect(await figure.inputValue()).toBe('5')
  expect(await page.getByRole('button', { name: '结束盘点' }).first().isDisabled()).toBe(true)
  // A figure in the wrong row is taken out again: that part was not counted, it is not gone.
  const other = page.getByRole('row').filter({ hasNotText: number }).locator('input').first()
  await other.fill('3')
  await page.getByRole('button', { name: '记入 2 种' }).waitFor()
  await other.fill('')
  // What is typed while it is being saved is there for the next saving.
  let goOn = () => {}
  const held = new Promise<void>((resolve) => { goOn = resolve })
  await page.route(/stock_count\/[^/]+\/count/, async (route) => { await held; await route.continue() })
  await page.getByRole('button', { name: '记入 1 种' }).click()
  await figure.fill('7')
  goOn()
  await row.getByText('−1').waitFor()
  expect(await figure.inputValue()).toBe('7')
  await page.unroute(/stock_count\/[^/]+\/count/)
  expect(await page.getByRole('button', { name: '结束盘点' }).first().isDisabled()).toBe(true)
  await figure.fill('')
  expect(await figure.inputValue()).toBe('5')
  // A scanner counts on from what was saved, also where it types into a figure.
  await other.focus()
  await page.keyboard.type(number)
  await page.keyboard.press('Enter')
  await page.getByRole('status').filter({ hasText: '测试用搓纸轮: 6' }).waitFor()
  expect([await figure.inputValue(), await other.inputValue()]).toEqual(['6', ''])
  await figure.fill('')
  expect(await row.locator('td').nth(2).innerText()).toBe('6')
  expect(await lies()).toMatchObject({ store: 6 })
  await page.getByRole('button', { name: '结束盘点' }).first().click()
  const form = page.locator('main form').filter({ has: page.locator('[data-field=reason]') })
  await form.waitFor()
  // Nothing is closed over a figure that is not saved.
  await figure.fill('8')
  await form.waitFor({ state: 'detached' })
  await figure.fill('')
  const send = () => form.getByRole('button', { name: '结束盘点' }).click()
  await send()
  await form.getByText('请填写原因').first().waitFor()
  expect(await lies()).toMatchObject({ store: 6 })
  await form.locator('[data-field=reason] input').fill('一件损坏未登记')
  await send()
  await leaves({ store: 5, hands: 1, used_store: 1 })
  await page.goto(`/store?tab=stock&q=${number}&part=${part}`)
  await page.getByRole('dialog').getByText(/库房 5/).first().waitFor()
})

test('the store in its four views has no serious finding of axe and does not scroll sideways', async () => {
  expect(await findingsOf(stage, 'zheng', ['/store', '/store?tab=stock', `/store?tab=stock&part=${part}`,
    '/store?tab=old', '/store?tab=count'])).toEqual([])
}, 120_000)
