import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { build } from 'vite'
import { authenticate } from '../../src/server/auth/authenticate.ts'
import { linkActions, makeLink, revokeLinks } from '../../src/server/auth/links.ts'
import { readConfig } from '../../src/server/config.ts'
import { withClient } from '../../src/server/database-roles.ts'
import { buildServer } from '../../src/server/http.ts'
import { diskStore } from '../../src/server/ports/file-store.ts'
import { apiRoutes } from '../../src/server/routes/index.ts'
import { webRoutes } from '../../src/server/routes/web.ts'
import { portal } from '../../src/web/vite.config.ts'
import { openChromium } from '../chromium.ts'
import { testDatabases } from '../databases.ts'
import { type RepairCompany, done, forms, openRepairCompany } from '../repair.ts'

/** A repair centre behind its real door, with the customers' pages built for it, and a telephone before it. */
export type PortalStage = {
  at: RepairCompany
  address: string
  /** Where the built pages lie. */
  web: string
  browser: Browser
  /** A quotation that has been sent, and the secret of a link to it. */
  quoted(price?: object, customer?: object): Promise<{ id: string; order: string; secret: string }>
  revoke(record: string): Promise<void>
  phone(options?: BrowserContextOptions): Promise<Page>
  close(): Promise<void>
}

/** As it is delivered: under test a bundler would take the libraries' own checks with it. */
async function buildPortal(folder: string): Promise<void> {
  const before = process.env.NODE_ENV
  process.env.NODE_ENV = 'production'
  try {
    await build({ ...portal(folder), logLevel: 'error' })
  } finally {
    process.env.NODE_ENV = before
  }
}

export async function openPortalStage(shop: Record<string, string> = { 'shop.phone': '020-8751 6688',
  'shop.address': '广州市天河区体育西路 103 号 2 楼' }): Promise<PortalStage> {
  const at = await openRepairCompany(testDatabases()[0]!)
  const folder = mkdtempSync(join(tmpdir(), 'gongdan-portal-'))
  await buildPortal(join(folder, 'web'))
  writeFileSync(join(folder, 'web', 'index.html'), '<!doctype html><title>staff</title><h1>员工界面</h1>')
  await withClient(at.database.owner, (client) => client.query(`insert into settings_revision
    (company_id, revision, overrides, change, why, made_at) values ($1, 1, $2, $2, '店面资料', now())`,
    [at.company.id, { texts: shop }]))
  await withClient(at.database.owner, (client) =>
    client.query('update company set name = $2 where company_id = $1', [at.company.id, '汇诚办公设备维修中心']))
  const app = Object.assign(at.app, { files: diskStore(join(folder, 'files')) })
  const server = await buildServer(app, { authenticate,
    routes: [...apiRoutes(readConfig({})), webRoutes(join(folder, 'web'))] })
  const address = await server.listen({ port: 0, host: '127.0.0.1' })
  const browser = await openChromium()
  const inCompany = <T>(body: Parameters<typeof at.db.transaction<T>>[1]) => at.db.transaction(at.company.id, body)
  return {
    at, address, browser, web: join(folder, 'web'),
    async quoted(price = {}, customer = {}) {
      const order = await at.at_state('diagnosed', customer)
      const id = (await at.children(order, 'quotation')).at(-1)!.id
      done(await at.does(at.coordinator, 'price', id, { ...forms.price, price_agreed_with: 'engineer', ...price }, 'quotation'))
      done(await at.does(at.coordinator, 'send', id, { way: 'qq', message_left: true }, 'quotation'))
      const secret = await inCompany(async (tx) => {
        const made = await makeLink(at.ctx(at.coordinator), tx, { record: id, contact: { id: null, name: '刘女士' },
          actions: linkActions.quotation!, days: 30 })
        await tx.commit()
        return made.secret
      })
      return { id, order, secret }
    },
    revoke: (record) => inCompany(async (tx) => {
      await revokeLinks(at.ctx(at.coordinator), tx, record)
      await tx.commit()
    }),
    async phone(options) {
      return (await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, locale: 'zh-CN',
        timezoneId: 'Asia/Shanghai', baseURL: address, ...options })).newPage()
    },
    async close() {
      await browser.close()
      await server.close()
      await at.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
