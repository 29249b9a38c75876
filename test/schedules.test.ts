import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { App } from '../src/server/context.ts'
import { withClient } from '../src/server/database-roles.ts'
import { sql } from '../src/server/db.ts'
import { fireDue, startSchedules } from '../src/server/schedules.ts'
import type { Schedule } from '../src/regulations/profile.ts'
import { s4Profile } from '../src/regulations/s4/profile.ts'
import { type TestCompany, openTestCompany } from './company.ts'
import { testDatabases } from './databases.ts'

const at8 = (local: string) => Date.parse(`${local}+08:00`)

describe.each(testDatabases())('schedules on $name', (kind) => {
  let at: TestCompany
  let warnings: string[]
  let app: App
  let revision = 0

  beforeAll(async () => { at = await openTestCompany(kind) })
  afterAll(() => at.close())
  beforeEach(async () => {
    warnings = []
    app = { ...at.app, clock: () => at.app.now, log: { ...at.app.log,
      warn: (fields, message) => { warnings.push(`${message} ${JSON.stringify(fields)}`) } } }
    at.app.now = at8('2026-11-23T10:00')
    await owner('delete from schedule_mark')
  })

  const owner = (text: string, values: unknown[] = []) =>
    withClient(at.database.superuser, (client) => client.query(text, values))
  const made = async (title: string) => (await at.db.read(at.company.id, (reader) => reader.query<{ title: string
    opened_at: string; team: string }>(sql`select title, opened_at, team from record where title = ${title}
    order by opened_at`)))
  const resting = Object.fromEntries(Object.entries(s4Profile.schedules).map(([key, one]) => [key, { ...one, off: true }]))
  const schedules = (of: Record<string, Schedule>) => owner(`insert into settings_revision (company_id, revision,
    overrides, change, why, made_at) values ($1, $2, $3, '{}', '', now())`,
    // The regulation's own duties rest, so that the next one is the test's.
    [at.company.id, revision += 1, JSON.stringify({ schedules: { ...resting, ...of } })])
  const daily = (title: string, time = '08:30'): Schedule => ({ zh: title, process: 'task', action: 'create',
    at: { time }, input: { title, team: 'supervisor' } })

  test('a duty begins when it is set, fires once each day over three nodes, and survives a restart', async () => {
    await schedules({ sweep: daily('晨检一') })
    expect(await fireDue(app)).toBe(at8('2026-11-24T08:30'))
    expect(await made('晨检一')).toEqual([])
    at.app.now = at8('2026-11-24T08:30')
    await Promise.all([fireDue(app), fireDue({ ...app }), fireDue({ ...app })])
    await fireDue(app)
    expect(await made('晨检一')).toMatchObject([{ team: 'supervisor', opened_at: '2026-11-24T00:30:00.000Z' }])
  })

  test('two nodes that both died before the mark: still once', async () => {
    await schedules({ twice: daily('晨检二') })
    await fireDue(app)
    at.app.now = at8('2026-11-24T08:30')
    const { rows: [mark] } = await owner(`select fired_until from schedule_mark where key = 'twice'`)
    await fireDue(app)
    await owner(`update schedule_mark set fired_until = $1 where key = 'twice'`, [mark.fired_until])
    await fireDue(app)
    expect(await made('晨检二')).toHaveLength(1)
  })

  test('what was missed within a day is done at the start; what is older is said and skipped', async () => {
    await schedules({ missed: daily('晨检三') })
    await fireDue(app)
    at.app.now = at8('2026-11-27T08:00')
    await fireDue(app)
    expect((await made('晨检三')).map(({ opened_at }) => opened_at)).toEqual(['2026-11-27T00:00:00.000Z'])
    expect(warnings.filter((line) => line.includes('skipped')).join()).toContain('"2026-11-24","2026-11-25"')
    at.app.now = at8('2026-11-27T08:30')
    await fireDue(app)
    expect(await made('晨检三')).toHaveLength(2)
  })

  test('another time does not fire for hours that are past', async () => {
    await schedules({ moved: daily('晨检四', '15:00') })
    await fireDue(app)
    await schedules({ moved: daily('晨检四', '09:00') })
    await fireDue(app)
    expect(await made('晨检四')).toEqual([])
    at.app.now = at8('2026-11-24T09:00')
    await fireDue(app)
    expect(await made('晨检四')).toHaveLength(1)
  })

  test('a duty that is refused is said and does not hold up the others', async () => {
    await schedules({ a_bad: { ...daily('坏的'), input: { colour: 'red' } }, b_good: daily('好的') })
    await fireDue(app)
    at.app.now = at8('2026-11-24T08:30')
    await fireDue(app)
    expect(await made('好的')).toHaveLength(1)
    expect(warnings.join()).toContain('a schedule was refused')
  })

  test('nothing fires while a history is brought in', async () => {
    await schedules({ importing: daily('晨检五') })
    await fireDue(app)
    at.app.now = at8('2026-11-24T08:30')
    await owner('update company set importing = true where company_id = $1', [at.company.id])
    await fireDue(app)
    expect(await made('晨检五')).toEqual([])
    await owner('update company set importing = false where company_id = $1', [at.company.id])
    await fireDue(app)
    expect(await made('晨检五')).toHaveLength(1)
  })

  test('at the end of the year, of February, and on the last Friday', async () => {
    await schedules({ ends: { ...daily('月末盘点'), at: { time: '23:59', day: -1 } },
      friday: { ...daily('周五检查'), at: { time: '15:00', weekday: 5, calendar: 'office' } } })
    for (const day of ['2026-12-31T23:59', '2028-02-29T23:59', '2026-12-25T15:00']) {
      at.app.now = at8(day) - 60_000
      await owner('delete from schedule_mark')
      await fireDue(app)
      at.app.now = at8(day)
      await fireDue(app)
    }
    expect((await made('月末盘点')).map(({ opened_at }) => opened_at))
      .toEqual(['2026-12-31T15:59:00.000Z', '2028-02-29T15:59:00.000Z'])
    expect((await made('周五检查')).map(({ opened_at }) => opened_at)).toEqual(['2026-12-25T07:00:00.000Z'])
  })

  test('a running node sleeps until the next firing', async () => {
    const begun = Date.now()
    await schedules({ awake: daily('晨检六', '10:01') })
    const clock = () => at8('2026-11-23T10:00:59.500') + (Date.now() - begun)
    const worker = startSchedules({ ...app, clock })
    await expect.poll(() => made('晨检六'), { timeout: 5_000 }).toHaveLength(1)
    await worker.stop()
  })
})
