import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { drive } from '../scripts/replay/drive.ts'
import { readLog, xesNames } from '../scripts/replay/event-log.ts'
import type { Mapping } from '../scripts/replay/mapping.ts'
import { root } from '../scripts/sources.ts'
import { readConfig } from '../src/server/config.ts'
import type { Actor } from '../src/server/context.ts'
import { apiRoutes } from '../src/server/routes/index.ts'
import type { RepairsView, ReportCaseView } from '../src/server/views.ts'
import { testDatabases } from './databases.ts'
import { apiOf, importKey, setImporting } from './import-key.ts'
import { realData } from './real-data.ts'
import { type Served, serve } from './serve.ts'

describe.each(testDatabases())('how repairs ended, on $name', (kind) => {
  let served: Served
  let boss: Actor
  let key: Actor
  let customer: string

  beforeAll(async () => {
    served = await serve(kind, apiRoutes(readConfig({})))
    boss = await served.at.person('陈经理', 'manager')
    key = importKey()
    await setImporting(served, true)
    customer = (await served.ask(key, 'POST', '/api/customer',
      { customer_kind: 'organisation', name: '远景律所', phone: '02087511234' })).json().id as string
    await old('HP', '2026-03-02', { repair_outcome: 'repaired', fault_class: 'paper_feed', age_years: 4 })
    await old('HP', '2026-03-03', { repair_outcome: 'beyond_repair', fault_class: 'board', age_years: 9 })
    await old('HP', '2026-04-03', { fault_class: 'unknown' })
    await old('Canon', '2026-03-04', { repair_outcome: 'repairable', fault_class: 'paper_feed',
      not_repaired_because: 'no_part' })
  })
  afterAll(() => served.close())

  async function old(brand: string, day: string, more: object, at: object = { at: `${day}T03:00:00Z` }, who = key) {
    const machine = (await served.ask(key, 'POST', '/api/machine', { customer, brand, model: 'M1', product_kind: 'laser_printer',
      serial_note: 'none', purchase_unknown: true })).json().id as string
    return served.ask(who, 'POST', '/api/repair_order?action=bring_in', { customer, machine, symptom: '不进纸', ...more, ...at })
  }
  const report = async (query: string): Promise<RepairsView> =>
    (await served.ask(boss, 'GET', `/api/reports/repairs?${query}`)).json() as RepairsView

  test('a share is of the cases whose outcome is known', async () => {
    const view = await report('by=brand')
    expect(view.total).toMatchObject({ cases: 4, known: 3, repaired: 1, repairable: 1, beyond_repair: 1, unknown: 1,
      repaired_share: 1 / 3 })
    expect(view.rows.map(({ label, cases, repaired_share }) => [label, cases, repaired_share])).toEqual([
      ['HP', 3, 0.5], ['Canon', 1, 0]])
  })

  test('it is asked by fault, age or reason, for a time, and each figure opens its cases', async () => {
    expect((await report('by=fault')).rows.map(({ key: name, label, cases }) => [name, label, cases])).toEqual([
      ['paper_feed', '进纸', 2], ['board', '主板与电路', 1], ['unknown', '未查明', 1]])
    expect((await report('by=age')).rows.map(({ key: name, cases }) => [name, cases])).toEqual([['-', 2], ['4', 1], ['9', 1]])
    expect((await report('by=brand&from=2026-04-01')).total.cases).toBe(1)
    expect((await report('by=fault&brand=HP&to=2026-03-31')).total.cases).toBe(2)
    const behind = (await served.ask(boss, 'GET', '/api/reports/repairs/cases?fault=paper_feed&outcome=repairable')).json() as
      { cases: ReportCaseView[] }
    expect(behind.cases.map(({ title, note }) => [title, note])).toEqual([['Canon M1 · 不进纸', '能修，没有修']])
    const reasons = await report('by=because&outcome=repairable')
    expect(reasons.rows.map(({ label }) => label)).toEqual(['没有备件'])
  })

  test('it goes to a spreadsheet, and a wrong question is told', async () => {
    const csv = await served.ask(boss, 'GET', '/api/reports/repairs?by=brand&format=csv')
    expect(csv.body).toContain('HP,3,1,0,1,1,50.00%')
    const wrong = await served.ask(boss, 'GET', '/api/reports/repairs?by=colour&from=tomorrow&shade=1')
    expect(wrong.json()).toMatchObject({ error: { code: 'bad_input' } })
    expect((wrong.json() as { error: { fields: { field: string }[] } }).error.fields.map(({ field }) => field).sort())
      .toEqual(['by', 'from', 'shade'])
  })

  test('an ended case is brought in only by an import key, and only while the company is brought in', async () => {
    const at = await served.at.person('王协调', 'coordinator')
    expect((await old('HP', '2026-03-05', {}, {}, at)).json()).toMatchObject({ error: { guard: 'being_brought_in' } })
    await setImporting(served, false)
    expect((await old('HP', '2026-03-05', {}, {})).json()).toMatchObject({ error: { guard: 'being_brought_in' } })
    await setImporting(served, true)
  })

  test('an engineer of another trade sees no report of repairs', async () => {
    const nobody = await served.at.person('审计', 'editor')
    expect((await report('by=brand')).total.cases).toBe(4)
    const seen = await served.ask(nobody, 'GET', '/api/reports/repairs?by=brand')
    expect((seen.json() as RepairsView).total.cases).toBe(0)
  })
})

test('real repairs of printers come out of our report as they were counted by others', async () => {
  const file = realData('openrepair', 'printcat.csv.gz')
  if (file === null) {
    console.log('real printer repairs: not looked at, the folder with public data is not here')
    return
  }
  const served = await serve(testDatabases()[0]!, apiRoutes(readConfig({})))
  try {
    await setImporting(served, true)
    const mapping = JSON.parse(readFileSync(join(root, 'scripts', 'replay', 'maps', 'open-repair.json'), 'utf8')) as Mapping
    const names = { ...xesNames, ...mapping.log }
    const driven = await drive(apiOf(served, importKey()), mapping, readLog(file, names), names)
    expect(driven).toMatchObject({ cases: 773, events: 773, untold: 0, refused: [], lost: [] })
    const boss = await served.at.person('陈经理', 'manager')
    const ask = async (by: string) => (await served.ask(boss, 'GET', `/api/reports/repairs?by=${by}`)).json() as RepairsView
    const brands = await ask('brand')
    expect(brands.total).toMatchObject({ cases: 773, known: 708 })
    expect((100 * brands.total.repaired_share!).toFixed(2)).toBe('39.41')
    const of = (name: string) => brands.rows.find(({ label }) => label === name)?.cases
    // One more HP than by letters: «HP » with a blank is the same brand here.
    expect([of('HP'), of('Canon'), of('Epson'), of('Brother')]).toEqual([222 + 1, 178, 82, 36])
    const faults = await ask('fault')
    expect(faults.rows.find(({ key }) => key === 'paper_feed')?.cases).toBe(136)
    // Of the 23 kinds that the data names, 22 occur.
    expect(faults.rows).toHaveLength(22)
  } finally {
    await served.close()
  }
}, 240_000)
