import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor, Company, Ctx } from '../src/server/context.ts'
import { withClient } from '../src/server/database-roles.ts'
import type { Statement } from '../src/server/db.ts'
import { buildServer } from '../src/server/http.ts'
import { contractRoutes } from '../src/server/routes/contracts.ts'
import { customerRoutes } from '../src/server/routes/customers.ts'
import { quotingRoutes } from '../src/server/routes/quoting.ts'
import { stockRoutes } from '../src/server/routes/stock.ts'
import { type TestCompany, addCompany, openTestCompany } from './company.ts'
import { testDatabases } from './databases.ts'
import { analyseCustomers, idSql, loadManyCustomers } from './many-customers.ts'
import { type RowsMet, rowsMet } from './plan-rows.ts'

const huge = 40_000
const tiny = 60
/** The giant among the customers has this many machines. */
const giants = huge / 4

/** Rows met by table, returned or not, in the statements that an answer really takes, under plans that know no values. */
describe.each(testDatabases())('plans of customers, machines, papers and parts on $name', (kind) => {
  let at: TestCompany
  let server: FastifyInstance
  let small: Company
  /** Has an archive. */
  let integrator: Company
  let boss: Actor
  let asking: Ctx

  beforeAll(async () => {
    at = await openTestCompany(kind)
    boss = await at.person('陈经理', 'manager', 'supervisor', 'coordinator', 'storekeeper')
    server = await buildServer(at.app, { authenticate: async () => asking,
      routes: [contractRoutes, customerRoutes, quotingRoutes, stockRoutes] })
    const people = [boss.id!, (await at.person('李工', 'bench_engineer')).id!]
    small = await addCompany(at.database, 's4')
    integrator = await addCompany(at.database, 's1')
    for (const [company, count] of [[at.company, huge], [integrator, huge / 4], [small, tiny]] as const) {
      await loadManyCustomers(at.database.superuser, company.id, count, people)
    }
    await analyseCustomers(at.database.superuser)
  }, 400_000)
  afterAll(async () => {
    await server.close()
    await at.close()
  })

  const idOf = (what: string, i: number, company = at.company): Promise<string> => withClient(at.database.owner, async (client) =>
    (await client.query<{ id: string }>(idSql(company.id, what, i))).rows[0]!.id)

  async function ask<T>(url: string, company = at.company): Promise<{ met: RowsMet; all: number; view: T }> {
    const sent: Statement[] = []
    asking = { ...at.ctx(boss), company }
    const stop = at.db.watch((statement) => { sent.push(statement) })
    const answer = await server.inject({ url: encodeURI(url) })
    stop()
    expect(answer.statusCode, answer.body).toBe(200)
    const met = await rowsMet(at.database.app, company.id, sent)
    return { met, view: answer.json<T>(), all: Object.values(met).reduce((sum, rows) => sum + rows, 0) }
  }

  test('an entitlement reads the contracts of its machine and customer', async () => {
    const [machine, customer] = [await idOf('m', 4), await idOf('c', 1)]
    // Of the giant's two thousand contracts the newest hundred are looked at, each with its two clauses.
    expect((await ask(`/api/entitlement?machine=${machine}&customer=${customer}`)).all).toBeLessThanOrEqual(1500)
    expect((await ask(`/api/entitlement?customer=${await idOf('c', 77)}`)).all).toBeLessThanOrEqual(100)
    const row = await ask<{ clauses: unknown[] }>(`/api/entitlement?machine=${await idOf('m', 5)}`)
    expect(row.all).toBeLessThanOrEqual(60)
  })

  test('the life of a machine reads a page of it', async () => {
    const machine = await idOf('m', 1)
    const first = await ask<{ life: { lines: unknown[]; cursor: string } }>(`/api/machines/${machine}/life`)
    expect(first.view.life.lines).toHaveLength(40)
    // Four hundred orders and as many requests for parts, each of which may have moved a piece.
    expect(first.all).toBeLessThanOrEqual(400 * 10)
    const next = await ask(`/api/machines/${machine}/life?before=${first.view.life.cursor}`)
    expect(next.all).toBeLessThanOrEqual(400 * 10)
    expect((await ask(`/api/machines/${await idOf('m', 9001)}/life`)).all).toBeLessThanOrEqual(100)
  })

  test('the page of a customer costs what is shown, however many machines they have', async () => {
    const { met } = await ask(`/api/customers/${await idOf('c', 1)}/file`)
    // Bounded heads: a thousand for each of the counts and of what is owed.
    expect(met.record).toBeLessThanOrEqual(12_000)
    expect(met.machine ?? 0).toBeLessThanOrEqual(300)
    expect((await ask(`/api/customers/${await idOf('c', 77)}/file`)).all).toBeLessThanOrEqual(200)
  })

  test.each(['all', 'cases', 'visits', 'complaints', 'opinions', 'documents', 'money', 'notes'])(
    'the timeline of a giant reads no further than its bound: %s', async (show) => {
      const customer = await idOf('c', 1)
      const first = await ask<{ cursor: string | null }>(`/api/customers/${customer}/timeline?show=${show}`)
      expect(first.met.record ?? 0).toBeLessThanOrEqual(1300)
      expect(first.met.event ?? 0).toBeLessThanOrEqual(200)
      if (first.view.cursor === null) return
      const next = await ask(`/api/customers/${customer}/timeline?show=${show}&cursor=${first.view.cursor}`)
      expect(next.met.record ?? 0).toBeLessThanOrEqual(1300)
    })

  test('a customer with machines alone is not read through for money or complaints', async () => {
    await withClient(at.database.superuser, async (client) => {
      await client.query(`set session_replication_role = replica`)
      await client.query(`update record set customer = md5($1::int || 'c77')::uuid where company_id = $1::int and process = 'machine'
        and customer = md5($1::int || 'c1')::uuid`, [at.company.id])
    })
    for (const show of ['money', 'cases', 'complaints']) {
      const { met } = await ask(`/api/customers/${await idOf('c', 77)}/timeline?show=${show}`)
      expect(met.record ?? 0, show).toBeLessThanOrEqual(1300)
    }
    const { met } = await ask(`/api/customers/${await idOf('c', 77)}/file`)
    expect(met.record).toBeLessThanOrEqual(6000)
    expect(giants).toBeGreaterThan(6000)
  })

  test('the desk of a quotation reads a dozen earlier prices of each kind', async () => {
    // The giant has a quarter of them, and of a model there are hundreds.
    const { met } = await ask<object>(`/api/quotation/${await idOf('q', 8)}/desk`)
    expect(met.quotation).toBeLessThanOrEqual(80)
    expect(met.record).toBeLessThanOrEqual(120)
  })

  test('the archive reads the customers and papers that it shows', async () => {
    const first = await ask('/api/archive', integrator)
    // Ten industries, each counted no further than a thousand.
    expect(first.met.customer).toBeLessThanOrEqual(11_000)
    const industry = await ask<{ customers: unknown[] }>('/api/archive?industry=银行', integrator)
    expect(industry.view.customers).toHaveLength(200)
    expect(industry.met.record ?? 0).toBeLessThanOrEqual(3000)
    const papers = await ask(`/api/archive?industry=学校&customer=${await idOf('c', 1, integrator)}`, integrator)
    expect(papers.met.document).toBeLessThanOrEqual(1000)
    const few = await ask(`/api/archive?industry=学校&customer=${await idOf('c', 77, integrator)}`, integrator)
    expect(few.met.record ?? 0).toBeLessThanOrEqual(1500)
  })

  test.each(['', '?q=rm00201', '?q=0', '?place=store', '?place=used_store', '?low=1', '?q=0&low=1',
    '?place=hands:00000000-0000-4000-8000-000000000000'])(
    'the store reads a page: /api/stock%s', async (query) => {
      const { met } = await ask(`/api/stock${query}`)
      const parts = (met.part ?? 0) + (met.part_key ?? 0) + (met.stock_balance ?? 0)
      // One in fifty parts has a minimum.
      expect(parts, JSON.stringify(met)).toBeLessThanOrEqual(query.includes('low') ? huge / 50 * 30
        : query === '?q=0' ? 6000 : 2500)
    })

  test('the day of the store reads its queues', async () => {
    const { met } = await ask<{ rows: unknown[] }>('/api/stock/day')
    expect(met.record).toBeLessThanOrEqual(200)
    expect(met.part_request).toBeLessThanOrEqual(150)
    expect((met.part ?? 0) + (met.stock_balance ?? 0)).toBeLessThanOrEqual(200)
  })

  test('a tiny company beside a huge one reads its own rows only', async () => {
    const [customer, machine] = [await idOf('c', 1, small), await idOf('m', 1, small)]
    for (const url of [`/api/entitlement?machine=${machine}`, `/api/machines/${machine}/life`, `/api/customers/${customer}/file`,
      `/api/customers/${customer}/timeline`, `/api/customers/${customer}/timeline?show=documents`,
      '/api/stock', '/api/stock?low=1', '/api/stock?place=store', '/api/stock/day']) {
      expect((await ask(url, small)).all, url).toBeLessThanOrEqual(tiny * 40)
    }
  })
})
