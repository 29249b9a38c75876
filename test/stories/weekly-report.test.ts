import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../../src/server/db.ts'
import { fireDue } from '../../src/server/schedules.ts'
import { type TestCompany, openTestCompany } from '../company.ts'
import { testDatabases } from '../databases.ts'

describe.each(testDatabases())('the week of an integrator on $name', (kind) => {
  let at: TestCompany

  beforeAll(async () => { at = await openTestCompany(kind, { profile: 's1' }) })
  afterAll(() => at.close())

  const reports = () => at.db.read(at.company.id, (reader) => reader.query<{ opened_at: string; team: string }>(sql`
    select opened_at, team from record where title = '提交本周工作周报' order by opened_at`))

  test('S1-206 every Friday at two the engineers are asked for their weekly report', async () => {
    at.app.now = Date.parse('2026-11-23T10:00+08:00')
    await fireDue(at.app)
    for (const day of ['2026-11-26T18:00', '2026-11-27T13:59', '2026-11-27T14:00', '2026-11-27T14:01']) {
      at.app.now = Date.parse(`${day}+08:00`)
      await fireDue(at.app)
      expect(await reports(), day).toHaveLength(day < '2026-11-27T14' ? 0 : 1)
    }
    expect(await reports()).toEqual([{ opened_at: '2026-11-27T06:00:00.000Z', team: 'field_engineer' }])
  })
})
