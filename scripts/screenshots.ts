/**
 * `npm run screenshots`: starts the program on a folder of its own, signs in as people of the demonstration companies
 * and takes the pictures of docs/screenshots/, for a person to look at. `--only word` narrows it, `--to folder` puts them
 * elsewhere.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { readConfig } from '../src/server/config.ts'
import { readDemoLogins } from '../src/server/demo/logins.ts'
import { startNode } from '../src/server/node.ts'
import { openChromium } from '../test/chromium.ts'

const { values: options } = parseArgs({ options: { only: { type: 'string' }, to: { type: 'string' } } })
const root = join(import.meta.dirname, '..')
const folder = options.to ?? join(root, 'docs', 'screenshots')
const sizes = { 1366: [1366, 768], 1920: [1920, 1080], 390: [390, 844] } as const

type Look = { size: keyof typeof sizes; colours: 'light' | 'dark'; language: 'zh' | 'en' }
type Shot = { name: string; login: string | null; path: string; looks: readonly Look[]
  before?: (page: Page) => Promise<unknown> }

const desk: Look = { size: 1366, colours: 'light', language: 'zh' }
const usual: readonly Look[] = [desk, { ...desk, colours: 'dark' }, { ...desk, size: 390 }]
const all: readonly Look[] = [...usual, { ...desk, size: 1920 }, { ...desk, language: 'en' }]

/** Opens the first record of a list, as somebody who clicks on it. */
const openFirst = (process: string) => async (page: Page) => {
  await page.locator(`a[href^="/${process}/"]`).first().click()
  await page.waitForLoadState('networkidle')
}

/** At the counter, with the first machine that is ready to be collected. */
async function openReady(page: Page): Promise<void> {
  const { rows } = await (await page.request.get('/api/repair_order?state=waiting_pick_up&limit=1')).json() as { rows: { id: string }[] }
  await page.goto(`/counter?for=pick_up&order=${rows[0]!.id}`)
  await page.waitForLoadState('networkidle')
}

/** The page that a customer opens: the first quotation of a list, by the private link that goes into a message. */
const openLink = (list: string) => async (page: Page) => {
  const { rows } = await (await page.request.get(`/api/quotation?${list}&limit=1`)).json() as { rows: { id: string }[] }
  const { url } = await (await page.request.post(`/api/quotation/${rows[0]!.id}/link`, { data: {} })).json() as { url: string }
  const { pathname, hash } = new URL(url)
  await page.context().clearCookies()
  await page.goto(pathname + hash)
  await page.waitForLoadState('networkidle')
}

const typeInto = (words: string) => async (page: Page) => {
  await page.locator('main input:focus').waitFor()
  await page.keyboard.type(words, { delay: 30 })
  await page.waitForTimeout(1200)
}

const shots: readonly Shot[] = [
  { name: 'sign-in', login: null, path: '/', looks: usual },
  { name: 'work', login: 'wang', path: '/', looks: all },
  { name: 'list', login: 'zhao', path: '/task', looks: all },
  { name: 'board', login: 'zhao', path: '/task?view=board', looks: usual },
  { name: 'record', login: 'wang', path: '/task', looks: all, before: openFirst('task') },
  { name: 'people', login: 'zhao', path: '/member', looks: [desk] },
  { name: 'reception', login: 'wang', path: '/counter', looks: [desk] },
  { name: 'counter', login: 'wang', path: '/counter?for=carry_in', looks: usual, before: typeInto('远景') },
  { name: 'shelves', login: 'wang', path: '/shelves', looks: usual },
  { name: 'repair-board', login: 'zhao', path: '/repair_order?view=board', looks: [desk, { ...desk, size: 1920 }] },
  { name: 'repair', login: 'wang', path: '/repair_order?state=waiting_pick_up', looks: usual,
    before: openFirst('repair_order') },
  { name: 'customer', login: 'wang', path: '/customer', looks: usual, before: openFirst('customer') },
  { name: 'quotation', login: 'wang', path: '/quotation?state=drafting', looks: usual, before: openFirst('quotation') },
  { name: 'quoted', login: 'wang', path: '/', looks: [{ ...desk, size: 390 }, { ...desk, size: 390, colours: 'dark' }],
    before: openLink('state=confirmed') },
  { name: 'pick-up', login: 'wang', path: '/counter?for=pick_up', looks: [desk, { ...desk, size: 390 }],
    before: openReady },
  { name: 'machine', login: 'wang', path: '/machine', looks: [desk], before: openFirst('machine') },
  { name: 'store', login: 'zheng', path: '/store', looks: usual },
  { name: 'flow', login: 'zhao', path: '/flow', looks: usual },
  { name: 'outcomes', login: 'zhao', path: '/outcomes', looks: [desk] },
  { name: 'movements', login: 'yu', path: '/movements', looks: [desk] },
  { name: 'sheets', login: 'zhao', path: '/sheets', looks: [desk] },
  { name: 'settings', login: 'zhao', path: '/settings', looks: [desk, { ...desk, size: 390 }] },
  { name: 'contract', login: 'cao', path: '/contract?state=active', looks: [desk, { ...desk, colours: 'dark' }],
    before: openFirst('contract') },
  { name: 'inspection', login: 'cao', path: '/inspection?kind=all', looks: [desk, { ...desk, size: 390 }],
    before: openFirst('inspection') },
  { name: 'archive', login: 'cao', path: '/archive', looks: [desk] },
  { name: 'rules', login: 'zhao', path: '/rules', looks: [desk, { ...desk, size: 390 }] },
]

const stillMs = 600

/** What is still being read is no picture of the program; what is read may ask for more. */
async function settled(page: Page): Promise<void> {
  const busy = page.locator('[aria-busy=true],.mantine-Skeleton-root')
  for (let still = false; !still;) {
    await page.waitForFunction(() => document.body.innerText.trim() !== ''
      && !document.querySelector('[aria-busy=true],.mantine-Skeleton-root'))
    await page.waitForTimeout(stillMs)
    still = await busy.count() === 0
  }
}

async function shoot(browser: Browser, base: string, password: string, shot: Shot, look: Look): Promise<void> {
  const [width, height] = sizes[look.size]
  const context = await browser.newContext({ baseURL: base, viewport: { width, height }, colorScheme: look.colours,
    locale: look.language === 'zh' ? 'zh-CN' : 'en-GB', timezoneId: 'Asia/Shanghai', hasTouch: look.size === 390,
    deviceScaleFactor: look.size === 390 ? 2 : 1 })
  const page = await context.newPage()
  if (shot.login !== null) {
    await context.request.post('/api/sign-in', { data: { login: shot.login, password } })
    await context.request.patch('/api/me', { data: { language: look.language } })
  }
  await page.goto(shot.path)
  await page.waitForLoadState('networkidle')
  await shot.before?.(page)
  await settled(page)
  await page.screenshot({ path: join(folder, `${shot.name}-${look.size}-${look.colours}-${look.language}.png`) })
  await context.close()
}

mkdirSync(folder, { recursive: true })
const dataDir = mkdtempSync(join(tmpdir(), 'gongdan-pictures-'))
const config = { ...readConfig({ GONGDAN_DATA: dataDir, PORT: '0', LOG_LEVEL: 'error' }) }
const node = await startNode(config, { clock: () => Date.now(), say: () => {}, root })
const browser = await openChromium()
try {
  const { password } = readDemoLogins(dataDir)!
  for (const shot of shots.filter(({ name }) => !options.only || name.includes(options.only))) {
    for (const look of shot.looks) await shoot(browser, node.address, password, shot, look)
    process.stdout.write(`${shot.name}: ${shot.looks.length}\n`)
  }
} finally {
  await browser.close()
  await node.end()
  rmSync(dataDir, { recursive: true, force: true })
}
