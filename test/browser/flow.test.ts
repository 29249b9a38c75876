import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrowserStage, openBrowserStage, seriousFindings } from './stage.ts'

let stage: BrowserStage

beforeAll(async () => { stage = await openBrowserStage() })
afterAll(() => stage?.close())

test('a manager goes from the picture to a case: a state, a step, the case itself', async () => {
  const page = await stage.as('chen')
  await page.goto('/flow?span=all')
  // The sums are made in the background after the start.
  const waiting = page.getByRole('group', { name: /实际流程/ }).getByRole('button', { name: /^等待备件 [0-9]/ })
  await expect.poll(async () => {
    await page.reload()
    await page.waitForLoadState('networkidle')
    return waiting.count()
  }, { timeout: 60_000 }).toBe(1)
  await waiting.click()
  await page.getByRole('heading', { name: '等待备件' }).waitFor()
  await page.getByRole('button', { name: /告知客户缺件/ }).first().click()
  const cases = page.getByRole('complementary', { name: '背后的单据' })
  await cases.getByRole('link').first().click()
  await page.waitForURL(/\/repair_order\/[0-9a-f-]{36}/)
  await page.goBack()
  await cases.getByRole('link').first().waitFor()
  await page.context().close()
})

test('what was refused is told with its reason', async () => {
  const page = await stage.as('chen')
  await page.goto('/flow?span=all')
  await page.getByText('交机前必须由工程师验机').first().waitFor()
  await page.context().close()
})

test('a figure of the outcomes opens its cases, a row narrows to it', async () => {
  const page = await stage.as('chen')
  await page.goto('/outcomes?span=all')
  await page.getByRole('row', { name: /^HP/ }).getByRole('button').nth(1).click()
  await page.getByRole('complementary').getByRole('link').first().waitFor()
  await page.getByRole('button', { name: 'HP', exact: true }).click()
  await page.getByRole('button', { name: '不再只看这个品牌' }).waitFor()
  await page.getByRole('columnheader', { name: '故障类别' }).waitFor()
  await page.context().close()
})

test.each(['/flow?span=all', '/flow?span=all&pick=waiting_part', '/outcomes?span=all'])(
  '%s has no serious finding of axe, at the desk and on a telephone', async (path) => {
    for (const viewport of [{ width: 1366, height: 768 }, { width: 390, height: 844 }]) {
      const page = await stage.as('chen', { viewport })
      await page.goto(path)
      await page.waitForLoadState('networkidle')
      expect(await seriousFindings(page), `${path} at ${viewport.width}`).toEqual([])
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      expect(wider, `${path} at ${viewport.width} must not scroll sideways`).toBeLessThanOrEqual(0)
      await page.context().close()
    }
  })
