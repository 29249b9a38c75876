import type { FastifyInstance } from 'fastify'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../src/server/context.ts'
import { withClient } from '../src/server/database-roles.ts'
import type { Statement } from '../src/server/db.ts'
import { buildServer } from '../src/server/http.ts'
import { reportRoutes } from '../src/server/routes/reports.ts'
import { type TestCompany, openTestCompany } from './company.ts'
import { testDatabases } from './databases.ts'
import { loadManyRepairs } from './many-repairs.ts'

type Node = { 'Node Type': string; 'Relation Name'?: string; 'Actual Rows': number; 'Actual Loops': number
  'Rows Removed by Filter'?: number; Plans?: Node[] }

const cases = 4_000
const batch = 500

/** Rows met by table, returned or not, in the statements that an answer really takes. */
describe.each(testDatabases())('plans of reports on $name', (kind) => {
  let at: TestCompany
  let server: FastifyInstance
  let boss: Actor

  beforeAll(async () => {
    at = await openTestCompany(kind)
    boss = await at.person('陈经理', 'manager')
    server = await buildServer(at.app, { authenticate: async () => at.ctx(boss), routes: [reportRoutes] })
    const people = [boss.id!, (await at.person('李工', 'bench_engineer')).id!]
    await loadManyRepairs(at.database.superuser, at.company.id, cases, people)
    for (let from = 0; from < cases; from += batch) {
      await at.db.transaction(at.company.id, async (tx) => {
        await tx.query({ text: `select fold_flow(array(select id from record where process = 'repair_order'
          order by id offset ${from} limit ${batch}))` })
        await tx.commit()
      })
    }
    await withClient(at.database.superuser, (client) =>
      client.query('vacuum analyze record, event, machine, repair_order, member, flow_day, case_flow'))
  }, 180_000)
  afterAll(async () => {
    await server.close()
    await at.close()
  })

  async function met(url: string): Promise<Record<string, number>> {
    const sent: Statement[] = []
    const stop = at.db.watch((statement) => { sent.push(statement) })
    const answer = await server.inject({ url })
    stop()
    expect(answer.statusCode, answer.body).toBe(200)
    const rows: Record<string, number> = {}
    await withClient(at.database.app, async (client) => {
      await client.query('begin')
      await client.query(`select set_config('app.company', $1, true)`, [String(at.company.id)])
      for (const { text, values = [] } of sent.filter((one) => /^\s*(select|with)/.test(one.text) && one.name !== 'set_company')) {
        await client.query(`prepare asked as ${text}`)
        const given = values.map((value) => (value === null || value === undefined ? 'null'
          : typeof value === 'number' ? String(value)
            : value instanceof Date ? pg.escapeLiteral(value.toISOString())
            : Array.isArray(value) ? pg.escapeLiteral(`{${value.join(',')}}`) : pg.escapeLiteral(String(value as string)))).join(', ')
        const { rows: [plan] } = await client.query(`explain (analyze, timing off, format json)
          execute asked${given && `(${given})`}`)
        await client.query('deallocate asked')
        add(rows, (plan['QUERY PLAN'] as { Plan: Node }[])[0]!.Plan)
      }
      await client.query('rollback')
    })
    return rows
  }

  test('the process report reads sums, no events', async () => {
    const rows = await met('/api/reports/flow/repair_order')
    expect(rows.event ?? 0).toBe(0)
    expect(rows.flow_day).toBeGreaterThan(0)
    // Open cases are counted by state: every tenth is open.
    expect(rows.record ?? 0).toBeLessThanOrEqual(cases / 5)
  })

  test('a week of it reads the sums of that week', async () => {
    const all = await met('/api/reports/flow/repair_order')
    const week = await met('/api/reports/flow/repair_order?from=2026-03-02&to=2026-03-08')
    expect(week.flow_day!).toBeLessThan(all.flow_day! / 10)
  })

  test('the cases behind a step are found along an index, as far back as is read', async () => {
    const rows = await met('/api/reports/flow/repair_order/cases?behind=step&action=decline&from_state=waiting_consent'
      + '&to_state=restoring')
    expect(rows.event).toBeLessThanOrEqual(cases / 10)
    const often = await met('/api/reports/flow/repair_order/cases?behind=step&action=open&to_state=intake')
    // Here the beginnings alone are more than are read back; of the fifteen events a case no others are met.
    expect(often.event).toBeLessThanOrEqual(cases)
    expect((await met('/api/reports/flow/repair_order/cases?behind=waived')).event).toBeLessThanOrEqual(cases / 50)
  })
})

function add(rows: Record<string, number>, node: Node): void {
  const table = node['Relation Name']
  if (table !== undefined) {
    rows[table] = (rows[table] ?? 0) + (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops']
  }
  for (const child of node.Plans ?? []) add(rows, child)
}
