import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FastifyInstance } from 'fastify'
import type { Actor } from '../src/server/context.ts'
import { buildServer } from '../src/server/http.ts'
import { reportRoutes } from '../src/server/routes/reports.ts'
import type { CustomersReportView } from '../src/server/views-reports.ts'
import type { ReportCaseView } from '../src/server/views.ts'
import { type CareCompany, day, openCareCompany } from './care.ts'
import { monday } from './company.ts'
import { testDatabases } from './databases.ts'

/** Who came, went and was merged by month; which planned visits were made, by whom and of which grade. */
describe.each(testDatabases())('the report of customers on $name', (kind) => {
  let at: CareCompany
  let server: FastifyInstance
  let asking: Actor
  let ids: string[]

  beforeAll(async () => {
    at = await openCareCompany(kind, 's3')
    asking = at.boss
    server = await buildServer(at.app, { authenticate: async () => at.ctx(asking), routes: [reportRoutes] })
    ids = []
    for (let n = 0; n < 5; n += 1) {
      at.app.now = monday - (n < 2 ? 70 : 20) * day
      ids.push(await at.customer({ name: `客户${n}`, phone: `0757-855060${n}` }))
    }
    at.app.now = monday - 15 * day
    await at.ok(at.boss, 'set_grade', 'customer', ids[0]!, { grade: 'key' })
    await at.ok(at.desk, 'mark_lost', 'customer', ids[1]!, { reason: '搬走了' })
    await at.ok(at.desk, 'merge_into', 'customer', ids[2]!, { into: ids[3] })
    const plan = async (customer: string, planned: number, held: number | null) => {
      at.app.now = monday - 14 * day
      const { id } = await at.ok(at.desk, 'plan', 'care_visit', null, { customer, title: '走访',
        planned_at: new Date(monday + planned * day).toISOString() })
      if (held === null) return id
      at.app.now = monday + held * day
      await at.ok(at.desk, 'hold', 'care_visit', id, { means: 'phone', met_whom: '某', content: '谈了' })
      return id
    }
    await plan(ids[0]!, -10, -10)
    await plan(ids[0]!, -10, -8)
    await plan(ids[0]!, -5, null)
    await plan(ids[3]!, 5, null)
    const off = await plan(ids[3]!, -4, null)
    at.app.now = monday - 6 * day
    await at.ok(at.boss, 'drop', 'care_visit', off, { reason: '客户停业' })
    at.app.now = monday
  }, 60_000)
  afterAll(async () => {
    await server.close()
    await at.close()
  })

  const get = async <T>(url: string, who = at.boss): Promise<T> => {
    asking = who
    const answer = await server.inject({ url })
    expect(answer.statusCode, answer.body).toBe(200)
    return answer.json() as T
  }
  const behind = async (query: string) => (await get<{ cases: ReportCaseView[] }>(`/api/reports/customers/cases?${query}`)).cases

  test('movements stand in their month, the newest first, and open the customers behind them', async () => {
    const { months } = await get<CustomersReportView>('/api/reports/customers')
    expect(months).toEqual([
      { month: '2026-11', made: 3, lost: 1, regained: 0, merged: 1, archived: 0 },
      { month: '2026-09', made: 2, lost: 0, regained: 0, merged: 0, archived: 0 }])
    expect(await behind('behind=movement&movement=lost')).toMatchObject([{ id: ids[1], note: '搬走了', state: { name: 'lost' } }])
    expect((await behind('behind=movement&movement=made&month=2026-09')).map(({ id }) => id).sort()).toEqual(
      [ids[0]!, ids[1]!].sort())
    const { months: recent } = await get<CustomersReportView>('/api/reports/customers?from=2026-11-01')
    expect(recent.map(({ month }) => month)).toEqual(['2026-11'])
  })

  test('visits by whom and grade: on the day, later, overdue, called off, ahead; what is ahead is not judged', async () => {
    const { visits, total, kept_share } = await get<CustomersReportView>('/api/reports/customers')
    expect(visits).toMatchObject([
      { grade: 'key', kept: 1, late: 1, missed: 1, dropped: 0, ahead: 0, kept_share: 2 / 3 },
      { grade: 'ordinary', kept: 0, late: 0, missed: 0, dropped: 1, ahead: 1, kept_share: 0 }])
    expect(total).toEqual({ kept: 1, late: 1, missed: 1, dropped: 1, ahead: 1 })
    expect(kept_share).toBe(0.5)
    const { handler } = visits[0]!
    expect(await behind(`behind=visit&handler=${handler!.id}&grade=key&outcome=missed`)).toMatchObject([{ note: '客户0',
      state: { name: 'planned' } }])
    expect(await behind('behind=visit&outcome=ahead')).toHaveLength(1)
    expect(await behind('behind=visit&handler=none')).toEqual([])
  })

  test('wrong questions are told by their field, and nothing is answered', async () => {
    asking = at.boss
    for (const [query, field] of [['month=2026-13', 'month'], ['movement=gone', 'movement'], ['outcome=good', 'outcome'],
      ['handler=me', 'handler'], ['grade=gold', 'grade'], ['colour=red', 'colour'], ['from=yesterday', 'from']]) {
      const answer = await server.inject({ url: `/api/reports/customers?${query}` })
      expect(answer.statusCode, query).toBe(422)
      expect(answer.json().error.fields[0].field).toBe(field)
    }
  })
})
