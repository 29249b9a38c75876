import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { readConfig } from '../../src/server/config.ts'
import { demoCompanies } from '../../src/server/demo/companies.ts'
import { readDemoLogins, writeDemoLogins } from '../../src/server/demo/logins.ts'
import { type RunningNode, startNode } from '../../src/server/node.ts'
import { openChromium } from '../chromium.ts'

/** The whole program on a data folder of its own, with the demonstration companies, and a real browser before it. */
export type BrowserStage = {
  node: RunningNode
  password: string
  browser: Browser
  /** A browser window in which somebody is signed in. */
  as(login: string, options?: BrowserContextOptions): Promise<Page>
  /** A window of a stranger. */
  stranger(options?: BrowserContextOptions): Promise<Page>
  close(): Promise<void>
}

const root = join(import.meta.dirname, '..', '..')

/** The repair centre among the demonstration companies. */
export const repairCentre = demoCompanies.find(({ profile }) => profile.startsWith('s4'))!.name

/**
 * @param env what the operator sets besides; @param clock the clock of the machine
 * @param only the demonstration companies that are wanted; the others are taken for loaded, and are not there
 */
export async function openBrowserStage(env: Readonly<Record<string, string>> = {}, clock: () => number = Date.now,
  ...only: readonly string[]): Promise<BrowserStage> {
  const dataDir = mkdtempSync(join(tmpdir(), 'gongdan-browser-'))
  if (only.length > 0) {
    writeDemoLogins(dataDir, { password: randomUUID(), people: demoCompanies.filter(({ name }) => !only.includes(name))
      .map(({ name }) => ({ company: name, name: '', login: '', positions: [] })) })
  }
  const config = readConfig({ GONGDAN_DATA: dataDir, PORT: '0', LOG_LEVEL: 'error', ...env })
  const node = await startNode(config, { clock, say: () => {}, root })
  const browser = await openChromium()
  const { password } = readDemoLogins(dataDir)!
  const usual: BrowserContextOptions = { viewport: { width: 1366, height: 768 }, locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai', baseURL: node.address }
  return {
    node, password, browser,
    async as(login, options) {
      const context = await browser.newContext({ ...usual, ...options })
      const answer = await context.request.post('/api/sign-in', { data: { login, password } })
      if (!answer.ok()) throw new Error(`${login}: ${await answer.text()}`)
      return context.newPage()
    },
    async stranger(options) {
      return (await browser.newContext({ ...usual, ...options })).newPage()
    },
    async close() {
      await browser.close()
      await node.end()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

type Violation = { id: string; impact: string; nodes: { html: string }[] }

/** Findings of axe on the page as it stands that are serious or worse; [] is what is wanted. */
export async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(axeSource)
  const violations = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(options: object): Promise<{ violations: Violation[] }> } }
    return (await axe.run({ resultTypes: ['violations'] })).violations
  })
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, impact, nodes }) =>
      `${impact} ${id}: ${nodes.slice(0, 3).map(({ html }) => html.slice(0, 120)).join(' | ')}`)
}

/**
 * Pages as somebody sees them on a desk in light colours and on a telephone in dark ones.
 *
 * @returns what is seriously wrong: findings of axe, and pages that scroll sideways; [] is what is wanted
 */
export async function findingsOf(stage: BrowserStage, login: string, paths: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for (const [width, height, colorScheme] of [[1366, 768, 'light'], [390, 844, 'dark']] as const) {
    const page = await stage.as(login, { viewport: { width, height }, colorScheme })
    for (const path of paths) {
      await page.goto(path)
      await page.waitForLoadState('networkidle')
      found.push(...(await seriousFindings(page)).map((one) => `${path} at ${width}: ${one}`))
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      if (wider > 0) found.push(`${path} at ${width}: ${wider} px too wide`)
    }
    await page.context().close()
  }
  return found
}
