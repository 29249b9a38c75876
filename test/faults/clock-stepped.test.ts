import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { withClient } from '../../src/server/database-roles.ts'
import { examine } from '../../src/server/doctor.ts'
import { type NodeProcess, ask, faultDatabases, openFaultStage } from './stage.ts'

const hour = 3_600_000
const minute = 60_000

/**
 * The machine's clock is set, forwards and backwards, while people work; and two nodes disagree by minutes. All that the
 * program knows of the time comes through one clock, which GONGDAN_TEST_CLOCK lets a test set.
 */
describe.each(faultDatabases())('the clock of the machine is set on $name', (kind) => {
  test('every act is one event, no case goes back in time, every clock strikes once', async () => {
    const stage = await openFaultStage(kind)
    try {
      const wang = await stage.person('王协调', 'coordinator')
      const li = await stage.person('李工', 'bench_engineer')
      const nodes = await Promise.all([1, 2].map(() => stage.start({ GONGDAN_TEST_CLOCK: '1' })))
      const began = Date.now()
      const step = async (node: NodeProcess, ahead: number) => {
        expect((await ask(node, '', 'POST', '/api/test/clock', { now: new Date(Date.now() + ahead).toISOString() })).status).toBe(200)
      }
      const made: string[] = []
      let stop = false
      const lanes = nodes.map(async (node, lane) => {
        for (let n = 0; !stop; n += 1) {
          const answer = await ask(node, wang.secret, 'POST', '/api/task', { title: `对时 ${lane}-${n}`, handler: li.id,
            due_at: new Date(began + (1 + n % 4) * hour).toISOString() })
          expect(answer.status).toBe(201)
          const { id } = JSON.parse(answer.body) as { id: string }
          made.push(id)
          const other = nodes[1 - lane]!
          expect((await ask(other, wang.secret, 'POST', `/api/task/${id}/note`, { note: '已联系客户' })).status).toBe(200)
        }
      })
      // Forwards over deadlines, backwards behind what was written, apart from each other, and home again.
      for (const [one, two] of [[2 * hour, 2 * hour], [-hour, -hour], [3 * minute, -3 * minute], [5 * hour, 5 * hour], [0, 0]] as const) {
        await step(nodes[0]!, one)
        await step(nodes[1]!, two)
        await sleep(1500)
      }
      stop = true
      await Promise.all(lanes)
      expect(nodes.map(({ child }) => child.exitCode)).toEqual([null, null])
      // Five hours ahead all deadlines have passed; the loops look again within their poll, whatever the clock said before.
      await step(nodes[0]!, 6 * hour)
      await step(nodes[1]!, 6 * hour)
      const unstruck = async () =>
        (await stage.sql(`select 1 from timer where due_at is not null and record_id = any ($1::uuid[])`, [made])).length
      await expect.poll(unstruck, { timeout: 60_000, interval: 500 }).toBe(0)
      const strikes = await stage.sql<{ times: number }>(`
        select count(*)::int as times from event where record_id = any ($1::uuid[]) and action in ('warn', 'overdue')
        group by record_id, input->>'clock', input->>'step'`, [made])
      expect(strikes.length).toBeGreaterThan(0)
      // What was made after its date was late from the beginning: nothing strikes. Everything else has struck.
      expect(await stage.sql(`select t.id from task t join event e on e.company_id = t.company_id and e.record_id = t.id and e.seq = 1
        where t.due_at > e.at and not exists (select from event s where s.company_id = t.company_id and s.record_id = t.id
          and s.action = 'overdue')`)).toEqual([])
      expect(strikes.filter(({ times }) => times !== 1)).toEqual([])
      const findings = await withClient(stage.database.superuser, examine)
      expect(findings.filter(({ found }) => found > 0)).toEqual([])
    } finally {
      await stage.close()
    }
  }, 180_000)
})
