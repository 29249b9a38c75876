import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { authenticate } from '../src/server/auth/authenticate.ts'
import { createCompany, joinPerson, letPasswordsStand } from '../src/server/auth/install.ts'
import type { App, Company, House } from '../src/server/context.ts'
import { withClient } from '../src/server/database-roles.ts'
import { type HttpOptions, buildServer } from '../src/server/http.ts'
import { accountRoutes } from '../src/server/routes/accounts.ts'
import { linkRoutes } from '../src/server/routes/links.ts'
import { peopleRoutes } from '../src/server/routes/people.ts'
import { recordRoutes } from '../src/server/routes/records.ts'
import { type TestCompany, openTestCompany } from './company.ts'
import type { DatabaseKind } from './databases.ts'

export const goodPassword = '橘子汽水在三楼 42'

type Joining = { name?: string; company?: Company; password?: string }

/** A server with accounts on a fresh database, and a company of the repair centre's regulation. */
export type TestHouse = TestCompany & {
  server: FastifyInstance
  home: Company
  /** A browser of its own, with its own cookies; an address of its own unless one is given. */
  browser(address?: string): Browser
  /** Joins with `goodPassword`, which need not be changed. @returns the member's id */
  joins(login: string, position: string, more?: Joining): Promise<string>
  /** A browser in which somebody is signed in. */
  signedIn(login: string, more?: Record<string, unknown>): Promise<Browser>
  /** Looks at what really lies there, as the owner of the tables. */
  rows<R extends object>(text: string, values?: unknown[]): Promise<R[]>
  /** Does something so many ms later. */
  later(ms: number, body: () => Promise<unknown>): Promise<void>
  addCompany(slug: string): Promise<Company>
  /** Another node on the same database. */
  otherServer(options?: Partial<HttpOptions>, app?: Partial<App>): Promise<FastifyInstance>
}

export async function openTestHouse(kind: DatabaseKind, options: { house?: House } = {}): Promise<TestHouse> {
  const at = await openTestCompany(kind, options)
  // A fault is never part of a test: it is shown.
  at.app.log = { ...at.app.log, error: (fields, message) => console.error(message, fields) }
  const make = (slug: string) => withClient(at.database.owner, (client) =>
    createCompany(client, at.app.house, { slug, name: `公司 ${slug}`, profile: 's4' }))
  const build = (more: Partial<HttpOptions> = {}, app: Partial<App> = {}) =>
    // The same object where nothing differs, so that the test's clock is the server's.
    buildServer(Object.keys(app).length === 0 ? at.app : { ...at.app, ...app },
      { authenticate, routes: [accountRoutes, peopleRoutes, linkRoutes, recordRoutes], ...more })
  const home = await make('huicheng')
  const server = await build()
  const others: FastifyInstance[] = []
  let addresses = 0
  const browser = (address = `10.0.${Math.floor(addresses / 250)}.${1 + (addresses++ % 250)}`) =>
    new Browser(server, address)
  return {
    ...at, app: at.app, server, home, addCompany: make,
    browser,
    async signedIn(login, more) {
      const here = browser()
      const answer = await here.signIn(login, more)
      if (answer.status !== 200) throw new Error(`${login} cannot sign in: ${JSON.stringify(answer.body)}`)
      return here
    },
    rows: (text, values = []) =>
      withClient(at.database.owner, async (client) => (await client.query(text, values)).rows),
    async later(ms, body) {
      at.app.now += ms
      try {
        await body()
      } finally {
        at.app.now -= ms
      }
    },
    async joins(login, position, more = {}) {
      const company = more.company ?? home
      const id = await joinPerson(at.app, company, { name: more.name ?? login, login, positions: [position],
        password: more.password ?? goodPassword })
      await withClient(at.database.owner, (client) => letPasswordsStand(client, company))
      return id
    },
    async otherServer(httpOptions, app) {
      const other = await build(httpOptions, app)
      others.push(other)
      return other
    },
    async close() {
      await Promise.all([server, ...others].map((one) => one.close()))
      await at.close()
    },
  }
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

/** Keeps cookies as a browser does; answers the status and the body. */
export class Browser {
  readonly cookies = new Map<string, string>()
  readonly address: string
  server: FastifyInstance
  last: LightMyRequestResponse | null = null

  constructor(server: FastifyInstance, address: string) {
    this.server = server
    this.address = address
  }

  async send(method: Method, url: string, body?: unknown, headers: Record<string, string> = {}):
    Promise<{ status: number; body: any }> {
    const answer = await this.server.inject({ method, url, remoteAddress: this.address,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      cookies: Object.fromEntries(this.cookies), ...(body !== undefined && { payload: JSON.stringify(body) }) })
    for (const { name, value, maxAge } of answer.cookies) {
      if (maxAge === 0) this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    this.last = answer
    return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() }
  }

  get = (url: string, headers?: Record<string, string>) => this.send('GET', url, undefined, headers)
  post = (url: string, body: unknown = {}, headers?: Record<string, string>) => this.send('POST', url, body, headers)
  delete = (url: string, body?: unknown) => this.send('DELETE', url, body)

  /** Signs in with `goodPassword` unless another is given. */
  signIn = (login: string, more: Record<string, unknown> = {}) =>
    this.post('/api/sign-in', { login, password: goodPassword, ...more })
}
