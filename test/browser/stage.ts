import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { readConfig } from '../../src/server/config.ts'
import { demoCompanies } from '../../src/server/demo/companies.ts'
import { withClient } from '../../src/server/database-roles.ts'
import { readDemoLogins } from '../../src/server/demo/logins.ts'
import { type Embedded, startEmbedded } from '../../src/server/embedded.ts'
import { type RunningNode, startNode } from '../../src/server/node.ts'
import { withLock } from '../../src/server/process-lock.ts'
import { openChromium } from '../chromium.ts'
import { runFolder } from '../databases.ts'

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

const loadMs = 600_000

/**
 * A data folder with the demonstration, loaded once in a run for each instant at which it is loaded: a stage works in a
 * copy. Without workers, so that nothing has been printed or sent yet.
 *
 * @param at the instant, ms; null: now, whenever that is
 */
async function loadedDemonstration(at: number | null): Promise<string> {
  const folder = join(runFolder(), `demo-${at ?? 'now'}`)
  await withLock(`${folder}.lock`, { waitMs: loadMs }, async () => {
    if (existsSync(folder)) return
    const draft = mkdtempSync(`${folder}-`)
    // The database's own user has to pass.
    chmodSync(draft, 0o755)
    const embedded = await startEmbedded({ dataDir: draft })
    try {
      // Whoever is interrupted here begins anew: no commit of the loading need reach the disk by itself.
      await alter(embedded, 'set synchronous_commit = off')
      const node = await startNode(readConfig({ GONGDAN_DATA: draft, PORT: '0', LOG_LEVEL: 'error', GONGDAN_ONLY: 'http' }),
        { clock: () => at ?? Date.now(), say: () => {}, root })
      await node.end()
      await alter(embedded, 'reset synchronous_commit')
    } finally {
      await embedded.release()
    }
    renameSync(draft, folder)
  })
  return folder
}

const alter = ({ superuser }: Embedded, what: string) => withClient(superuser, async (client) => {
  await client.query(`alter system ${what}`)
  await client.query('select pg_reload_conf()')
})

/**
 * @param env what the operator sets besides
 * @param begins the instant at which the program believes to be started, ms; left out: the clock of the machine
 */
export async function openBrowserStage(env: Readonly<Record<string, string>> = {}, begins?: number): Promise<BrowserStage> {
  const dataDir = mkdtempSync(join(tmpdir(), 'gongdan-browser-'))
  chmodSync(dataDir, 0o755)
  // The files of the database belong to that user in the copy as well.
  execFileSync('cp', ['-a', `${await loadedDemonstration(begins ?? null)}/.`, dataDir])
  const config = readConfig({ GONGDAN_DATA: dataDir, PORT: '0', LOG_LEVEL: 'error', ...env })
  const ahead = begins === undefined ? 0 : begins - Date.now()
  const node = await startNode(config, { clock: () => Date.now() + ahead, say: () => {}, root })
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
