import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, drive } from '../scripts/replay/drive.ts'
import { readLog, xesNames } from '../scripts/replay/event-log.ts'
import { type Mapping, formOf } from '../scripts/replay/mapping.ts'
import { readReports } from '../scripts/replay/read-back.ts'
import { readConfig } from '../src/server/config.ts'
import { apiRoutes } from '../src/server/routes/index.ts'
import type { Actor } from '../src/server/context.ts'
import { testDatabases } from './databases.ts'
import { apiOf, importKey, setImporting } from './import-key.ts'
import { type Served, serve } from './serve.ts'

/** A desk with three tickets: one straight, one reopened and done twice, one that is closed before it was ever taken. */
const xes = `<?xml version="1.0"?><log xmlns="http://www.xes-standard.org/">
<global scope="event"><string key="concept:name" value="__INVALID__"/></global>
${[['T&amp;1', [['Open', 'Ann', '09:00'], ['Work', 'Ann', '10:00', 'start'], ['Work', 'Ann', '10:30', 'complete'],
    ['Solve', 'Ann', '11:00']]],
  ['T2', [['Open', 'Ann', '09:00'], ['Work', 'Bob', '09:10', 'start'], ['Work', 'Bob', '09:30'], ['Solve', 'Bob', '09:30'],
    ['Again', 'Ann', '12:00'], ['Solve', 'Ann', '13:00']]],
  ['T3', [['Open', 'Ann', '09:00'], ['Close', 'Ann', '09:05'], ['Chat', 'Ann', '09:06']]],
].map(([name, events]) => `<trace><string key="concept:name" value="${name as string}"/>
${(events as string[][]).map(([activity, who, time, phase]) => `<event><string key="concept:name" value="${activity}"/>
<string key="org:resource" value="${who}"><string key="inner" value="not mine"/></string>
<date key="time:timestamp" value="2025-03-03T${time}:00.000+08:00"/>${phase
    ? `<string key="lifecycle:transition" value="${phase}"/>` : ''}</event>`).join('\n')}</trace>`).join('\n')}</log>`

const mapping: Mapping = {
  process: 'task', people: { position: 'p_coordinator' },
  create: { action: 'create', input: { title: '${concept:name}' } },
  activities: {
    Open: [{ action: 'create', in: [''], input: { title: '工单 ${concept:name}', team: 'hotline' } }],
    Work: [{ action: 'take', phase: 'start', in: ['open'] }],
    Solve: [{ action: 'finish', waive: '原系统里由别人办结', input: { result: '办好了' } }],
    Again: [{ action: 'reopen', in: ['done'], input: { reason: '客户又来电' } }],
    Close: [{ action: 'finish', input: { result: '关闭' } }],
  },
  keep: { action: 'note', input: { note: '原系统：${concept:name}' } },
}

describe.each(testDatabases())('a log of another system on $name', (kind) => {
  let served: Served
  let key: Actor
  let api: Api
  let folder: string

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gongdan-log-'))
    writeFileSync(join(folder, 'desk.xes.gz'), gzipSync(xes))
    served = await serve(kind, apiRoutes(readConfig({})))
    await served.at.person('老王', 'coordinator')
    key = importKey()
    api = apiOf(served, key)
    await setImporting(served, true)
  })
  afterAll(async () => {
    await served.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const tell = () => drive(api, mapping, readLog(join(folder, 'desk.xes.gz'), xesNames), xesNames)

  test('every event is told, kept as a note, or listed with the reason of its refusal; none is lost', async () => {
    const driven = await tell()
    expect(driven).toMatchObject({ cases: 3, events: 13, lost: [] })
    expect(driven.refused).toMatchObject([{ case: 'T3', activity: 'Close', action: 'finish', state: 'open',
      code: 'wrong_state', kept: true }])
    // The ends of Work and the Chat are told by no step.
    expect(driven.untold).toBe(3)
  })

  test('told again, it changes nothing', async () => {
    const before = await readReports(api, mapping)
    await tell()
    expect(await readReports(api, mapping)).toEqual(before)
  })

  test('the server’s own report has the figures of the log', async () => {
    const { activities: a } = await readReports(api, mapping)
    const minute = 60_000
    expect(a).toMatchObject({ cases: 3, events: 13, repeating_cases: 1, variants: { all: 3 },
      cycle: { median_ms: 120 * minute, mean_ms: (120 + 240 + 6) / 3 * minute } })
    expect(a.activities.find(({ activity }) => activity === 'Work')).toMatchObject({ starts: 2, completes: 2, cases: 2,
      service_minutes: 50, unfinished: 0 })
    expect(a.pairs).toContainEqual({ first: 'Work', second: 'Solve', n: 2 })
    expect(a.pairs.find(({ first }) => first === 'Solve')).toEqual({ first: 'Solve', second: 'Again', n: 1 })
    const { body } = await api('GET', '/api/reports/activities/task?times=Solve')
    expect(body.times).toMatchObject({ cases: [{ times: 0, cases: 1 }, { times: 1, cases: 1 }, { times: 2, cases: 1 }],
      cases_with_others_after: 1 })
  })

  test('each event says when it was, who did it, and which key wrote it', async () => {
    const list = (await api('GET', '/api/task?number=T2&kind=done')).body.rows as { id: string }[]
    const record = (await api('GET', `/api/task/${list[0]!.id}`)).body as { events: { action: string; at: string; via: string
      on_behalf_of: string | null; waived: unknown }[] }
    const done = record.events.filter(({ action }) => action === 'finish')
    expect(done.map(({ at }) => at).sort()).toEqual(['2025-03-03T01:30:00.000Z', '2025-03-03T05:00:00.000Z'])
    expect(done.map(({ on_behalf_of, via }) => [on_behalf_of, via]).sort()).toEqual([['Ann', 'import'], ['Bob', 'import']])
  })

  test('only an import key may say so, and only while the company is brought in', async () => {
    const boss = await served.at.person('陈经理', 'manager')
    const wish = { title: '试一试', brought: { activity: 'Open' } }
    const refusal = async (actor: Actor, body: object) => (await served.ask(actor, 'POST', '/api/task', body)).json()
    expect(await refusal(boss, wish)).toMatchObject({ error: { code: 'bad_input', fields: [{ field: 'brought',
      code: 'unknown_field' }] } })
    expect(await refusal(key, { ...wish, brought: { by: '01900000-0000-7000-8000-000000000000' } }))
      .toMatchObject({ error: { fields: [{ field: 'brought.by', code: 'unknown_person' }] } })
    await setImporting(served, false)
    expect(await refusal(key, wish)).toMatchObject({ error: { fields: [{ field: 'brought', code: 'unknown_field' }] } })
    await setImporting(served, true)
  })
})

test('a table with quotes, commas and line breaks in its cells is a log, too', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gongdan-log-'))
  const path = join(folder, 'cases.csv')
  writeFileSync(path, 'id,when,what\r\n1,2025-01-01,"jam, ""paper""\nagain"\r\n1,2025-01-02,fixed\r\n2,2025-01-03,\n')
  const cases = []
  for await (const one of readLog(path, { case: 'id', activity: 'what', time: 'when' })) cases.push(one)
  rmSync(folder, { recursive: true, force: true })
  expect(cases.map(({ name, events }) => [name, events.map(({ what }) => what)])).toEqual([
    ['1', ['jam, "paper"\nagain', 'fixed']], ['2', ['']]])
})

test('a form of the mapping is filled from the event, and what comes to nothing is left out', () => {
  const source = { attributes: { brand: 'HP' }, event: { year: '2015', status: 'Fixed' }, at: '2020-03-01T10:00:00.000Z',
    ids: { machine: 'm1' }, tables: { outcome: { Fixed: 'repaired' } }, checklists: { steps: ['a', 'b'] } }
  expect(formOf({ machine: '@machine', title: '${brand} 打印机', brand: '$brand', none: '$nothing', gone: '@nobody',
    outcome: { of: '$status', in: 'outcome' }, other: { of: '$brand', in: 'outcome', else: '$brand' },
    age: { years_since: '$year' }, promised: { time: '+3d' }, day: { date: '+0d' }, steps: { checklist: 'steps' }, flag: true,
  }, source)).toEqual({ machine: 'm1', title: 'HP 打印机', brand: 'HP', outcome: 'repaired', other: 'HP', age: 5,
    promised: '2020-03-04T10:00:00.000Z', day: '2020-03-01', flag: true,
    steps: { a: { answer: 'not_applicable' }, b: { answer: 'not_applicable' } } })
})
