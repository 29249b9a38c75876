import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { screens, sizeOf } from '../../scripts/web-size.ts'
import { joinPerson, letPasswordsStand, makeSetupLink } from '../../src/server/auth/install.ts'
import { withClient } from '../../src/server/database-roles.ts'
import { paperCode } from '../../src/server/print/page.ts'
import { type PortalStage, openPortalStage } from './portal-stage.ts'
import { done, forms } from '../repair.ts'
import { seriousFindings } from './stage.ts'

let stage: PortalStage

beforeAll(async () => { stage = await openPortalStage() })
afterAll(() => stage?.close())

const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' })

async function opened(secret: string, options = {}): Promise<Page> {
  const page = await stage.phone(options)
  await page.goto(`/l/${secret}`)
  await page.getByRole('heading', { name: '费用明细' }).waitFor()
  return page
}

const events = (id: string) => stage.at.db.read(stage.at.company.id, (reader) =>
  reader.query<{ action: string; input: Record<string, unknown>; via: string }>({
    text: 'select action, input, via from event where record_id = $1 order by seq', values: [id] }))

/** The quotation is priced anew and sent again, behind the customer's back. */
async function reprice(id: string, unit_fen: number) {
  const act = async (action: string, input: object) =>
    done(await stage.at.does(stage.at.coordinator, action, id, input, 'quotation'))
  await act('revise', { reason: '配件涨价' })
  await act('price', { ...forms.price, price_agreed_with: 'engineer', deviation: '配件涨价',
    lines: [{ what: 'part', name: '定影膜', pieces: 1, unit_fen }] })
  await act('send', { way: 'qq', message_left: true })
}

test('what it costs is read and agreed to, with a signature; the secret is out of the address at once', async () => {
  const { id, secret } = await stage.quoted({ discount_fen: 2000, valid_until: '2026-12-05' })
  const page = await opened(secret)
  expect(page.url()).toBe(`${stage.address}/l`)
  expect(await page.content()).not.toContain(secret)
  const text = await page.locator('main').innerText()
  for (const shown of ['等您答复', 'HP LaserJet 1020', '定影膜破损', '¥280.00', '−¥20.00', '¥460.00', '3 个工作日',
    '2026年12月5日']) expect(text).toContain(shown)
  expect(await page.getByRole('link', { name: /打电话/ }).getAttribute('href')).toBe('tel:02087516688')
  await button(page, '同意维修').click()
  await page.locator('canvas').scrollIntoViewIfNeeded()
  const box = (await page.locator('canvas').boundingBox())!
  await page.mouse.move(box.x + 30, box.y + 40)
  await page.mouse.down()
  await page.mouse.move(box.x + 150, box.y + 90, { steps: 4 })
  await page.mouse.up()
  await button(page, '重签').waitFor()
  await button(page, '确认同意 ¥460.00').click()
  await page.getByRole('heading', { name: '谢谢！我们已收到您的同意' }).waitFor()
  expect(await page.locator('main').innerText()).toContain('修好后打电话请您来取')
  expect(await button(page, '同意维修').count()).toBe(0)
  expect((await events(id)).at(-1)).toMatchObject({ action: 'accept', via: 'link',
    input: { signature: { file: expect.any(String), signed_hash: expect.stringMatching(/^[0-9a-f]{64}$/) } } })
  await page.context().close()
})

test('of some lines the sum follows the ticks and is the sum that is kept', async () => {
  const { id, secret } = await stage.quoted({ discount_fen: 2000 })
  const page = await opened(secret)
  await button(page, '部分同意').click()
  await button(page, /^确认同意所选/).click()
  expect(await page.getByRole('alert').innerText()).toBe('请至少选一项。')
  await page.getByRole('checkbox', { name: /定影膜/ }).check()
  await button(page, '确认同意所选 ¥268.33').click()
  await page.getByRole('heading', { name: '谢谢！我们已收到您的选择' }).waitFor()
  expect(await page.locator('.sums .total').innerText()).toContain('¥268.33')
  expect(await page.locator('.lines .out').innerText()).toContain('工时')
  expect((await events(id)).at(-1)).toMatchObject({ action: 'accept_part', input: { accepted_lines: [{ line: 1 }] } })
  await page.context().close()
})

test('a price that has changed meanwhile is not agreed to but shown, with what it was', async () => {
  const { id, secret } = await stage.quoted()
  const page = await opened(secret)
  await button(page, '同意维修').click()
  await reprice(id, 52_000)
  await button(page, '确认同意 ¥480.00').click()
  await page.getByRole('heading', { name: '报价有更新，请再看一次' }).waitFor()
  expect(await page.locator('.outcome').innerText()).toContain('合计由 ¥480.00 变为 ¥520.00')
  expect((await events(id)).map(({ action }) => action)).not.toContain('accept')
  await button(page, '同意维修').click()
  await button(page, '确认同意 ¥520.00').click()
  await page.getByRole('heading', { name: '谢谢！我们已收到您的同意' }).waitFor()
  await page.context().close()
})

test('a question is asked, the answer read, and the repair refused with a reason', async () => {
  const { id, secret } = await stage.quoted()
  const page = await opened(secret)
  await button(page, '已收到，稍后答复').click()
  await page.getByRole('heading', { name: '谢谢，我们知道您收到了' }).waitFor()
  await button(page, '有疑问').click()
  await button(page, '提交问题').click()
  expect(await page.getByRole('alert').innerText()).toBe('请写下您的问题。')
  await page.getByLabel('问题').fill('周六能来取吗？')
  await button(page, '提交问题').click()
  await page.getByRole('heading', { name: '您的问题已送到' }).waitFor()
  done(await stage.at.does(stage.at.coordinator, 'answer_question', id, { reply: '周六上午可以' }, 'quotation'))
  await page.reload()
  await page.getByText('周六上午可以').waitFor()
  await button(page, '不同意').click()
  await button(page, '价格偏高').click()
  await button(page, '确认不同意').click()
  await page.getByRole('heading', { name: '我们已收到您的答复' }).waitFor()
  expect((await events(id)).at(-1)).toMatchObject({ action: 'refuse', input: { refusal: '价格偏高' } })
  await page.context().close()
})

test('an answer that is lost on the way is sent once by pressing again, and nothing typed is gone', async () => {
  const { id, secret } = await stage.quoted()
  const page = await opened(secret)
  await button(page, '有疑问').click()
  await page.getByLabel('问题').fill('保修多久？')
  // It arrives, but its answer does not come back.
  await page.route('**/api/link/record/ask', async (route) => {
    await route.fetch()
    await route.abort()
  }, { times: 1 })
  await button(page, '提交问题').click()
  expect(await page.getByRole('alert').innerText()).toContain('没有送到')
  expect(await page.getByLabel('问题').inputValue()).toBe('保修多久？')
  await button(page, '提交问题').click()
  await page.getByRole('heading', { name: '您的问题已送到' }).waitFor()
  expect((await events(id)).filter(({ action }) => action === 'ask')).toHaveLength(1)
  await page.context().close()
})

test('without a network it says so, and opens by itself when there is one', async () => {
  const { secret } = await stage.quoted()
  const page = await stage.phone()
  await page.route('**/api/link/**', (route) => route.abort())
  await page.goto(`/l/${secret}`)
  await page.getByRole('heading', { name: '连不上网络' }).waitFor()
  await page.unroute('**/api/link/**')
  await page.evaluate(() => window.dispatchEvent(new Event('online')))
  await page.getByRole('heading', { name: '费用明细' }).waitFor()
  await page.context().close()
})

test('two links in one browser: each page answers for its own record', async () => {
  const [one, two] = [await stage.quoted(), await stage.quoted()]
  const page = await opened(one.secret)
  const other = await page.context().newPage()
  await other.goto(`/l/${two.secret}`)
  await other.getByRole('heading', { name: '费用明细' }).waitFor()
  await button(page, '不同意').click()
  await button(page, '确认不同意').click()
  await page.getByRole('heading', { name: '我们已收到您的答复' }).waitFor()
  expect((await events(one.id)).at(-1)).toMatchObject({ action: 'refuse' })
  expect((await events(two.id)).map(({ action }) => action)).not.toContain('refuse')
  // A page that was reloaded has lost its secret, and looks where its answer would go.
  await other.reload()
  await other.getByText('您没有同意').waitFor()
  await other.context().close()
})

test('a link that has ended says so kindly and whom to call; one that is none says that', async () => {
  const { id, secret } = await stage.quoted()
  const page = await opened(secret)
  await button(page, '同意维修').click()
  await stage.revoke(id)
  await button(page, /^确认同意/).click()
  await page.getByRole('heading', { name: '这个链接已经失效' }).waitFor()
  expect(await page.locator('.notice a').getAttribute('href')).toBe('tel:02087516688')
  expect(await seriousFindings(page)).toEqual([])
  for (const torn of ['abcdefghijklmnopqrstuv', 'x']) {
    await page.goto(`/l/${torn}`)
    await page.getByRole('heading', { name: '链接打不开' }).waitFor()
  }
  await page.context().clearCookies()
  await page.goto('/l')
  await page.getByRole('heading', { name: '请重新点开链接' }).waitFor()
  await page.context().close()
})

test('every view is readable for everybody: both themes, both languages, narrow and enlarged', async () => {
  const lines = Array.from({ length: 20 }, (_none, n) => ({ what: 'part', pieces: n % 3 + 1, unit_fen: 98_765 * (n + 1),
    name: n === 0 ? '高速双面扫描输稿器主控电路板及连接排线总成（适用于大幅面彩色数码复合机工程版）' : `配件 ${n + 1}` }))
  const { secret } = await stage.quoted({ lines, discount_fen: 100,
    cause: 'HP1020ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789' })
  for (const look of [{ colorScheme: 'light' }, { colorScheme: 'dark' }, { locale: 'en-GB' },
    // 200 % on a narrow telephone.
    { viewport: { width: 195, height: 422 } }] as const) {
    const page = await stage.phone(look)
    await page.goto(`/l/${secret}`)
    await page.locator('.lines').waitFor()
    const found: string[] = []
    const check = async (what: string) => {
      found.push(...(await seriousFindings(page)).map((one) => `${what}: ${one}`))
      const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      if (over > 0) found.push(`${what}: ${over} px too wide`)
    }
    await check('open')
    for (const form of [0, 1, 2, 3]) {
      await page.locator('.choices button').nth(form).click()
      await check(`form ${form}`)
      await page.locator('.choices .quiet').click()
    }
    expect(found, JSON.stringify(look)).toEqual([])
    await page.context().close()
  }
})

test('a set-up link gives the account its password once, and leads in', async () => {
  const { at } = stage
  await joinPerson(at.app, at.company, { name: '钱管理', login: 'qian-admin', password: '不再有人知道的密码 1',
    positions: ['p_coordinator'] })
  const secret = await withClient(at.database.owner, (client) => makeSetupLink(client, 'qian-admin', at.app.now))
  const page = await stage.phone()
  await page.goto(`/setup#${secret}`)
  await page.getByRole('heading', { name: '设置登录密码' }).waitFor()
  expect(page.url()).toBe(`${stage.address}/setup`)
  expect(await seriousFindings(page)).toEqual([])
  const type = async (first: string, again: string) => {
    await page.getByLabel('新密码').fill(first)
    await page.getByLabel('再输一遍').fill(again)
    await button(page, '设好密码').click()
  }
  await type('橘子汽水在三楼 42', '橘子汽水在三楼 43')
  expect(await page.getByRole('alert').innerText()).toBe('两次输入的密码不一样。')
  await type('12345', '12345')
  await page.getByText('密码至少 10 位').waitFor()
  await type('橘子汽水在三楼 42', '橘子汽水在三楼 42')
  await page.getByRole('heading', { name: '密码已设好' }).waitFor()
  expect(await page.getByText('qian-admin').count()).toBe(1)
  await page.getByRole('link', { name: '进入工单' }).click()
  await page.getByRole('heading', { name: '员工界面' }).waitFor()
  await page.goto(`/setup#${secret}`)
  await page.getByLabel('新密码').waitFor()
  await type('橘子汽水在三楼 44', '橘子汽水在三楼 44')
  await page.getByRole('heading', { name: '这个链接已经用过或过期' }).waitFor()
  await page.context().close()
})

test('the code on paper: a stranger is shown the shop, the customer how far it is, staff the record', async () => {
  const { at } = stage
  const { order } = await stage.quoted()
  const code = await paperCode(at.ctx(at.coordinator), order)
  const page = await stage.phone()
  await page.goto(`/q/${code}`)
  await page.getByLabel('电话后四位').fill('9999')
  expect(await seriousFindings(page)).toEqual([])
  await button(page, '查询').click()
  await page.getByText('和我们登记的号码对不上').waitFor()
  await page.getByLabel('电话后四位').fill('0001')
  await button(page, '查询').click()
  await page.getByRole('heading', { name: '等您答复报价' }).waitFor()
  expect(await seriousFindings(page)).toEqual([])
  await page.goto('/q/0000000000000000')
  await page.getByRole('heading', { name: '没有找到这张单据' }).waitFor()
  await joinPerson(at.app, at.company, { name: '孙前台', login: 'sun-desk', password: '橘子汽水在三楼 42',
    positions: ['p_coordinator'] })
  await withClient(at.database.owner, (client) => letPasswordsStand(client, at.company))
  await page.request.post('/api/sign-in', { data: { login: 'sun-desk', password: '橘子汽水在三楼 42' } })
  await page.goto(`/q/${code}`)
  await page.waitForURL(`**/repair_order/${order}`)
  await page.context().close()
})

test('the pages stay small, and are written for the browsers of old phones', () => {
  const screen = screens.find(({ entry }) => entry === 'portal.html')!
  expect(sizeOf(stage.web, screen)).toBeLessThan(screen.ceiling)
  const folder = join(stage.web, 'assets')
  const scripts = readdirSync(folder).filter((name) => name.endsWith('.js'))
  expect(scripts.length).toBeGreaterThan(0)
  for (const name of scripts) {
    const script = readFileSync(join(folder, name), 'utf8')
    for (const modern of [/\?\?=?[\w($[]/, /[\w)\]]\?\.[A-Za-z_$([]/, /catch\{/, /\.replaceAll\(/, /\.at\(-/,
      /\bstructuredClone\(/, /Object\.fromEntries\(/, /\.flatMap\(/, /import\.meta/]) {
      expect(modern.exec(script)?.index, `${name} ${modern}`).toBeUndefined()
    }
  }
})
