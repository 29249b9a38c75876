import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrowserStage, openBrowserStage, seriousFindings } from './stage.ts'

let stage: BrowserStage

beforeAll(async () => { stage = await openBrowserStage() })
afterAll(() => stage?.close())

test('somebody signs in by typing and sees what is to be done', async () => {
  const page = await stage.stranger()
  await page.goto('/')
  await page.getByLabel('登录名').fill('wang')
  await page.locator('input[type=password]').fill('不是这个密码')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').waitFor()
  expect(await page.getByRole('alert').innerText()).toContain('登录名或密码不对')
  await page.locator('input[type=password]').fill(stage.password)
  await page.keyboard.press('Enter')
  await page.getByText('现在要办').locator('visible=true').first().waitFor()
  await page.getByText('给远景律所回电').first().waitFor()
  await page.context().close()
})

test('a to-do is made, taken and finished without the mouse, and is on the timeline', async () => {
  const page = await stage.as('wang')
  await page.goto('/task')
  await page.getByText('DB20').first().waitFor()
  await page.keyboard.press('n')
  const title = page.getByLabel('事项').last()
  await title.waitFor()
  await title.fill('打电话给德馨小学，确认取机时间')
  await page.keyboard.press('Control+Enter')
  await page.getByRole('heading', { name: '打电话给德馨小学，确认取机时间' }).waitFor()
  // Its own state, as its path says it; the word alone stands elsewhere too.
  const stands = (state: string) => page.getByRole('list', { name: '办理过程' })
    .locator('[aria-current=step]', { hasText: state }).waitFor()
  await stands('待领取')
  await page.keyboard.press('1')
  await page.keyboard.press('Control+Enter')
  await stands('进行中')
  const result = page.getByLabel('结果').first()
  await result.waitFor()
  await result.fill('张老师周三下午来取')
  await page.keyboard.press('Control+Enter')
  await stands('已完成')
  await page.getByText('张老师周三下午来取').first().waitFor()
  await page.context().close()
})

test('a refusal keeps what was typed and marks the field', async () => {
  const page = await stage.as('wang')
  await page.goto('/task')
  await page.getByText('DB20').first().waitFor()
  await page.keyboard.press('n')
  const detail = page.getByLabel('说明').last()
  await detail.waitFor()
  await detail.fill('写了很多说明，却忘了事项')
  await page.keyboard.press('Control+Enter')
  await page.getByText('请填写事项').first().waitFor()
  expect(await detail.inputValue()).toBe('写了很多说明，却忘了事项')
  await page.context().close()
})

test('the search box finds two characters inside a sentence', async () => {
  const page = await stage.as('zhao')
  await page.goto('/')
  await page.getByText('现在要办').locator('visible=true').first().waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('绘图')
  await page.getByText('T1100').first().waitFor()
  await page.context().close()
})

test('somebody else’s step shows on an open page without a reload', async () => {
  const page = await stage.as('zhao')
  await page.goto('/task')
  await page.getByText('DB20').first().waitFor()
  const made = await page.context().request.post('/api/task', { data: { title: '现场变化：新来的待办' } })
  expect(made.status()).toBe(201)
  await page.getByText('现场变化：新来的待办').first().waitFor({ timeout: 10_000 })
  await page.context().close()
})

const pages = ['/', '/task', '/task?view=board', '/member', '/rules', '/repair_order', '/customer'] as const

test.each(pages)('%s has no serious finding of axe, at the desk and on a telephone', async (path) => {
  for (const viewport of [{ width: 1366, height: 768 }, { width: 390, height: 844 }]) {
    const page = await stage.as('zhao', { viewport })
    await page.goto(path)
    await page.waitForLoadState('networkidle')
    expect(await seriousFindings(page), `${path} at ${viewport.width}`).toEqual([])
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    expect(wider, `${path} at ${viewport.width} must not scroll sideways`).toBeLessThanOrEqual(0)
    await page.context().close()
  }
})

test('a heading of the rail folds what is under it, and it stays so', async () => {
  const page = await stage.as('wang')
  await page.goto('/')
  const group = page.getByRole('navigation', { name: '主导航' }).getByRole('region', { name: '维修' })
  const link = group.getByRole('link', { name: '报价单' })
  await link.waitFor()
  await group.getByRole('button', { name: '维修' }).click()
  await link.waitFor({ state: 'detached' })
  await page.reload()
  await group.getByRole('button', { name: '维修', expanded: false }).click()
  await link.click()
  await page.waitForURL('**/quotation')
  await page.context().close()
})

test('the sign-in page has no serious finding, in both languages and both colours', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const locale of ['zh-CN', 'en-GB']) {
      const page = await stage.stranger({ colorScheme, locale })
      await page.goto('/sign-in')
      await page.waitForLoadState('networkidle')
      expect(await seriousFindings(page), `${colorScheme} ${locale}`).toEqual([])
      await page.context().close()
    }
  }
})

test('in English no Chinese word of the program is left on the page', async () => {
  const page = await stage.as('shen', { locale: 'en-GB' })
  await page.context().request.patch('/api/me', { data: { language: 'en' } })
  await page.goto('/task?state=open,taken')
  await page.waitForLoadState('networkidle')
  const rail = await page.locator('nav').first().innerText()
  // The company's own name is Chinese and stays so.
  expect(rail.replace('云枢软件', '')).not.toMatch(/[\u4e00-\u9fff]/)
  await page.context().request.patch('/api/me', { data: { language: 'zh' } })
  await page.context().close()
})
