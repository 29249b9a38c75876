import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { statutoryExceptions } from '../src/engine/statutory.ts'
import { processes } from '../src/processes/index.ts'
import { profiles } from '../src/regulations/index.ts'
import { type Actor, type Company, type Ctx, system } from '../src/server/context.ts'
import { withClient } from '../src/server/database-roles.ts'
import { recomputeClocks } from '../src/server/recompute.ts'
import { nouns } from '../src/server/records/index.ts'
import { settingsRoutes } from '../src/server/routes/settings.ts'
import { applyChange } from '../src/server/settings-check.ts'
import { settingsNow } from '../src/server/settings.ts'
import { aboutLimits, limitsInUse } from '../src/server/settings-about.ts'
import { withStatutoryDays } from '../src/server/settings-write.ts'
import type { RevisionsView, SettingsView } from '../src/server/views.ts'
import { wordsOf } from '../src/words/index.ts'
import { openTestCompany } from './company.ts'
import { testDatabases } from './databases.ts'
import { type Served, serve } from './serve.ts'

type Told = { field: string; params: { reason: string }; message: string }

const hours = [['09:00', '17:00']] as const
const short = { name: '半天', week: { 1: [['09:00', '12:00']], 2: [['09:00', '12:00']] }, exceptions: {},
  known_years: null }

test('null takes an override back, at any depth, and leaves no empty shell', () => {
  const before = { limits: { 'task.default_days': 3 }, processes: { task: { labels: { '': '工作', 'state.open': '新' },
    harden: ['is_handler'] } } }
  expect(applyChange(before, { limits: { 'task.default_days': null } })).toEqual({ processes: before.processes })
  expect(applyChange(before, { processes: { task: { labels: { '': null, 'action.take': '接' } } } }).processes)
    .toEqual({ task: { labels: { 'state.open': '新', 'action.take': '接' }, harden: ['is_handler'] } })
  expect(applyChange(before, { processes: { task: null } })).toEqual({ limits: before.limits })
  expect(applyChange(before,
    { processes: { task: { labels: null, harden: null } } })).toEqual({ limits: before.limits })
})

test('statutory days of a year are laid in under what the company wrote itself', () => {
  const own = { '2026-02-17': { open: [['10:00', '12:00']] as const, note: '值班', source: 'company' as const } }
  const doc = { name: '办公', week: { 1: hours }, known_years: [2025],
    exceptions: { ...own, '2026-03-03': { close: 'all' as const, source: 'statutory' as const } } }
  const laid = withStatutoryDays(doc, 2026)!
  expect(laid.known_years).toEqual([2025, 2026])
  expect(laid.exceptions['2026-02-17']).toEqual(own['2026-02-17'])
  expect(laid.exceptions['2026-03-03']).toBeUndefined()
  expect(laid.exceptions['2026-10-01']).toEqual(statutoryExceptions(2026, hours)!['2026-10-01'])
  expect(withStatutoryDays(doc, 2035)).toBeNull()
})

describe.each(testDatabases())('settings on $name', (kind) => {
  let served: Served
  let admin: Actor
  let clerk: Actor
  const folded: Company[] = []

  beforeAll(async () => {
    served = await serve(kind, [settingsRoutes])
    Object.assign(served.at.app, { calendarChanged: async (company: Company) => { folded.push(company) } })
    admin = await served.at.person('钱经理', 'administrator')
    clerk = await served.at.person('王协调', 'coordinator')
  })
  afterAll(() => served.close())

  const read = async (actor = admin) => (await served.ask(actor, 'GET', '/api/settings')).json<SettingsView>()
  const put = async (change: unknown, options: { revision?: number; why?: unknown; actor?: Actor } = {}) => {
    const revision = options.revision ?? (await read()).revision
    return served.ask(options.actor ?? admin, 'PUT', '/api/settings', { change, why: options.why ?? '试行新制度' },
      { 'if-match': `"${revision}"` })
  }
  const problems = async (change: unknown) => {
    const answer = await put(change)
    expect(answer.statusCode, answer.body).toBe(422)
    const { fields } = answer.json().error as { fields: readonly Told[] }
    for (const { message } of fields) expect(message).toMatch(/^[^{}]*（.*）：[^{}]+$/)
    return fields.map(({ field, params }) => [field, params.reason])
  }

  test('how far a recomputation of deadlines has come is told as long as it runs', async () => {
    const { at } = served
    for (let n = 0; n < 101; n += 1) await at.act(clerk, 'task', 'create', null, { title: `回电 ${n}` })
    expect(await read()).toMatchObject({ recomputation: null })
    await recomputeClocks(at.app, at.company, { batches: 1 })
    expect(await read()).toMatchObject({ recomputation: { seen: 100, changed: 0, started_at: expect.any(String) } })
    await recomputeClocks(at.app, at.company, { resume: true })
    expect(await read()).toMatchObject({ recomputation: null })
  })

  test('an administrator changes a figure: a new revision, kept with who, when, why and the exact change', async () => {
    const before = await read()
    expect(before).toMatchObject({ revision: 0, importing: false, regulation: { key: 's4' }, overrides: {} })
    const answer = await put({ limits: { 'task.default_days': 3 } }, { why: '人手不够' })
    expect(answer.statusCode, answer.body).toBe(200)
    expect(answer.headers.etag).toBe('"1"')
    expect(answer.json()).toMatchObject({ revision: 1, overrides: { limits: { 'task.default_days': 3 } },
      effective: { limits: { 'task.default_days': 3, 'task.warn_minutes': 60 } },
      defaults: { limits: { 'task.default_days': 2 } } })
    const history = (await served.ask(admin, 'GET', '/api/settings/revisions')).json<RevisionsView>()
    expect(history).toMatchObject({ cursor: null, revisions: [{ revision: 1, why: '人手不够',
      change: { limits: { 'task.default_days': 3 } }, made_by: { id: admin.id, name: '钱经理' } }] })
  })

  test('limits are frozen in what is open; the next record has the new one', async () => {
    const make = async () => {
      const made = await served.at.act(clerk, 'task', 'create', null, { title: '算期限' }) as { id: string }
      const [row] = await served.at.db.read(served.at.company.id, (reader) => reader.query<{ next_due_at: string }>(
        { text: 'select next_due_at from record where id = $1', values: [made.id] }))
      return row!.next_due_at
    }
    await put({ limits: { 'task.default_days': 1 } })
    expect(await make()).toBe('2026-11-24T02:00:00.000Z')
    await put({ limits: { 'task.default_days': null } })
    expect(await make()).toBe('2026-11-25T02:00:00.000Z')
  })

  test('only administrators change; the revision must be the one they saw; a reason is asked for', async () => {
    const stands = (await read()).revision
    expect((await put({ limits: { 'task.default_days': 9 } }, { actor: clerk })).statusCode).toBe(403)
    expect((await put({ limits: { 'task.default_days': 9 } },
      { revision: stands - 1 })).json().error.code).toBe('stale')
    expect((await put({ limits: { 'task.default_days': 9 } }, { why: ' ' })).json().error.fields[0])
      .toMatchObject({ field: 'why', code: 'required' })
    expect((await served.ask(admin, 'PUT', '/api/settings', { change: {}, why: '忘了' })).json().error.fields[0])
      .toMatchObject({ field: 'If-Match', code: 'required' })
    expect((await put({})).json().error.code).toBe('no_change')
    expect((await read()).revision).toBe(stands)
    expect((await served.ask(clerk, 'GET', '/api/settings')).statusCode).toBe(200)
    expect((await served.ask(clerk, 'GET', '/api/settings/revisions')).statusCode).toBe(403)
  })

  test('of five administrators who change at once, one does; the others are told', async () => {
    const stands = (await read()).revision
    const raced = await Promise.all([4, 5, 6, 7, 8].map((days) =>
      put({ limits: { 'task.default_days': days } }, { revision: stands })))
    expect(raced.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([200, 409, 409, 409, 409])
    expect((await read()).revision).toBe(stands + 1)
  })

  test('figures are known by name, finite and not negative', async () => {
    expect(await problems({ limits: { 'task.unknown': 1, 'task.default_days': -1, 'task.warn_minutes': '60' },
      colour: 1 }))
      .toEqual([['colour', 'unknown_key']])
    expect(await problems({ limits: { 'task.unknown': 1, 'task.default_days': -1,
      'task.warn_minutes': '60' } })).toEqual([
      ['limits.task.unknown', 'no_such_limit'], ['limits.task.default_days', 'negative'],
      ['limits.task.warn_minutes', 'wrong_type']])
    expect(await problems({ limits: { 'task.default_days': 1e12 } })).toEqual([['limits.task.default_days',
      'too_large']])
    expect(await problems(null)).toEqual([['', 'wrong_type']])
  })

  test('a process may be renamed, hardened and given fields; it can never be allowed anything', async () => {
    const x_colour = { kind: 'choice', zh: '颜色', options: { red: '红', blue: '蓝' }, on: ['create'], indexed: true }
    const answer = await put({ processes: { task: { labels: { '': '工作项', 'state.open': '新建' }, harden: ['is_handler'],
      require: { note: ['note'] }, forbid: { drop: ['storekeeper'] }, extra: { x_colour } } } })
    expect(answer.statusCode, answer.body).toBe(200)
    const refused = await served.at.act(clerk, 'task', 'create', null, { title: '甲', x_colour: 'green' })
    expect(refused).toMatchObject({ refusal: { fields: [{ field: 'x_colour', code: 'not_an_option' }] } })
    const made = await served.at.act(clerk, 'task', 'create', null, { title: '甲', x_colour: 'red' }) as { id: string }
    expect(await served.at.act(clerk, 'task', 'note', made.id, {}))
      .toMatchObject({ refusal: { fields: [{ field: 'note', code: 'required' }] } })
    // What the machine begins by itself must still have all that its form asks for.
    expect(await problems({ processes: { task: { require: { create: ['detail'] } } } }))
      .toContainEqual(['schedules.call_back_list.input.detail', 'input_required'])
    expect(await problems({ processes: { task: { allow: { drop: ['storekeeper'] } } } }))
      .toEqual([['processes.task.allow', 'unknown_key']])
    expect(await problems({ processes: { task: { forbid: { take: ['king'] }, on: 'yes' } } })).toEqual([
      ['processes.task.on', 'wrong_type'], ['processes.task.forbid.take.king', 'no_such_role']])
    expect(await problems({ processes: { task: { extra: { x_colour: null } } } }))
      .toEqual([['processes.task.extra.x_colour', 'retire_instead']])
    expect(await problems({ processes: { task: { extra: { x_colour: { ...x_colour, options: { red: '红' } } } } } }))
      .toEqual([['processes.task.extra.x_colour.options.blue', 'retire_instead']])
    expect(await problems({ processes: { task: { on: false } } })).toEqual([['processes.task.on', 'cannot_switch_off']])
    expect(await problems({ processes: { task: { labels: { 'state.nowhere': '无' }, require: { create: ['nothing'] },
      harden: ['nothing'], extra: { colour: { kind: 'secret', zh: '', on: 'create' } } }, nothing: {} } }))
      .toEqual([['processes.task.extra.colour.zh', 'empty'], ['processes.task.extra.colour.on', 'not_a_list'],
        ['processes.task.extra.colour.kind', 'bad_kind'], ['processes.nothing', 'no_such_process']])
    expect(await problems({ processes: { task: { labels: { 'state.nowhere': '无' }, require: { create: ['nothing'] },
      harden: ['nothing'], forbid: { child_done: [] } } } })).toEqual([['processes.task.require.create.nothing',
        'no_such_field'],
      ['processes.task.harden.nothing', 'no_such_guard'], ['processes.task.labels.state.nowhere', 'no_such_label']])
    await put({ processes: { task: { require: null } } })
  })

  test('a calendar is checked field by field; a change of one has the open clocks folded anew', async () => {
    expect(await problems({ calendars: { office: { ...short, week: { 1: [['12:00', '09:00']] } } } }))
      .toEqual([['calendars.office.week.1.0', 'from_not_before_to']])
    expect(await problems({ calendars: { 'Bad key': short } })).toEqual([['calendars.Bad key', 'bad_key']])
    const before = folded.length
    expect((await put({ calendars: { office: short } })).statusCode).toBe(200)
    expect((await put({ limits: { 'task.warn_minutes': 30 } })).statusCode).toBe(200)
    expect(folded.length - before).toBe(1)
    expect((await read()).effective.calendars.office).toEqual(short)
    expect((await put({ calendars: { office: null } })).statusCode).toBe(200)
    expect((await read()).effective.calendars.office?.name).toBe('营业时间')
  })

  test('the statutory days of a year are loaded by name', async () => {
    const load = async (calendar: string, year: unknown) => served.ask(admin, 'POST', '/api/settings/statutory-days',
      { calendar, year, why: '国务院通知' }, { 'if-match': String((await read()).revision) })
    expect((await load('always', 2026)).statusCode).toBe(200)
    expect((await read()).overrides.calendars?.always?.known_years).toEqual([2026])
    expect((await load('always', 2035)).json().error.fields).toMatchObject([{ field: 'year',
      params: { reason: 'year_not_published' } }])
    expect((await load('nowhere', 2026)).json().error.fields).toMatchObject([{ field: 'calendar' }])
    await put({ calendars: { always: null } })
  })

  test('a schedule must begin a record that the machine may begin, at a time that exists', async () => {
    const schedule = { zh: '晨会', process: 'task', action: 'create', at: { time: '08:45', weekday: 1,
      calendar: 'office' },
      input: { title: '准备晨会' } }
    expect((await put({ schedules: { morning: schedule } })).statusCode).toBe(200)
    expect(await problems({ schedules: { morning: { ...schedule, at: { time: '25:00', day: 0 } } } })).toEqual([
      ['schedules.morning.at.time', 'bad_time'], ['schedules.morning.at.day', 'bad_day']])
    expect(await problems({ schedules: { morning: { ...schedule, action: 'finish' } } }))
      .toEqual([['schedules.morning.action', 'not_a_creation']])
    expect(await problems({ schedules: { morning: { ...schedule, at: { time: '08:45', calendar: 'none' },
      input: { x: 1 } } } }))
      .toEqual([['schedules.morning.at.calendar', 'no_such_calendar'], ['schedules.morning.input.x',
        'input_unknown_field'],
        ['schedules.morning.input.title', 'input_required']])
    await put({ schedules: { call_back_list: { ...schedule, off: true } } })
    expect(Object.keys((await read()).effective.schedules)).not.toContain('call_back_list')
    expect(Object.keys((await read()).effective.schedules)).toContain('morning')
  })

  test('problems are told in the reader’s language', async () => {
    const answer = await served.ask(admin, 'PUT', '/api/settings', { change: { limits: { 'task.default_days': -1 } },
      why: 'try' }, { 'if-match': String((await read()).revision), 'accept-language': 'en' })
    expect(answer.json().error.fields[0].message)
      .toBe('Limits (limits.task.default_days): must not be less than zero')
  })

  test('import mode is switched by administrators; leaving it has all clocks armed once', async () => {
    const mode = (on: unknown, actor = admin) => served.ask(actor, 'POST', '/api/import-mode', { on, why: '导入旧系统' })
    const before = folded.length
    expect((await mode(true, clerk)).statusCode).toBe(403)
    expect((await mode(true)).json()).toMatchObject({ importing: true })
    expect((await mode(true)).json().error.code).toBe('no_change')
    expect(folded.length).toBe(before)
    expect((await mode(false)).json()).toMatchObject({ importing: false })
    expect(folded.length).toBe(before + 1)
    expect((await mode('no')).json().error.fields).toMatchObject([{ field: 'on', code: 'wrong_type' }])
  })
})

test('two databases in one program keep their settings apart, though their companies have the same number', async () => {
  const [kind] = testDatabases()
  const both = await Promise.all(['020-1', '020-2'].map(async (phone) => {
    const at = await openTestCompany(kind!)
    await withClient(at.database.owner, (client) => client.query(`insert into settings_revision (company_id, revision, overrides,
      change, why, made_at) values ($1, 1, $2, $2, '店面资料', now())`, [at.company.id, { texts: { 'shop.phone': phone } }]))
    return at
  }))
  const phones = await Promise.all(both.map(({ db, company, ctx }) => db.read(company.id, async (reader) =>
    (await settingsNow(ctx(system()), reader)).texts['shop.phone'])))
  expect(both[0]!.company.id).toBe(both[1]!.company.id)
  expect(phones).toEqual(['020-1', '020-2'])
  await Promise.all(both.map((at) => at.close()))
})

describe.each(testDatabases())('positions on $name', (kind) => {
  let served: Served
  let admin: Actor

  beforeAll(async () => {
    served = await serve(kind, [settingsRoutes])
    admin = await served.at.person('钱经理', 'administrator')
  })
  afterAll(() => served.close())

  const post = (url: string, body: object) => served.ask(admin, 'POST', url, { why: '调整组织', ...body })
  const patch = (key: string, body: object) => served.ask(admin, 'PATCH', `/api/positions/${key}`,
    { why: '调整组织', ...body })
  const position = async (key: string) => (await served.ask(admin, 'GET', '/api/settings')).json<SettingsView>()
    .positions.find((one) => one.key === key)

  test('a position is added, renamed and given roles; each is a revision', async () => {
    const added = await post('/api/positions', { name: '夜班热线', roles: ['hotline'] })
    expect(added.statusCode, added.body).toBe(201)
    const { key, revision } = added.json() as { key: string; revision: number }
    expect((await patch(key,
      { name: '晚班热线', roles: ['hotline', 'coordinator'] })).json()).toMatchObject({ revision: revision + 1 })
    expect(await position(key)).toMatchObject({ name: '晚班热线', roles: ['hotline', 'coordinator'], members: 0 })
    expect((await post('/api/positions',
      { name: '', roles: ['king'] })).json().error.fields[0]).toMatchObject({ field: 'name' })
    expect((await post('/api/positions',
      { name: '国王', roles: ['king'] })).json().error.fields[0]).toMatchObject({ field: 'roles' })
    expect((await post('/api/positions',
      { key, name: '又一个', roles: [] })).json().error.fields[0]).toMatchObject({ code: 'taken' })
    expect((await patch('nobody', { name: '无' })).statusCode).toBe(404)
    const { revisions } = (await served.ask(admin, 'GET', '/api/settings/revisions')).json<RevisionsView>()
    expect(revisions[0]?.change).toEqual({ positions: { [key]: { name: ['夜班热线', '晚班热线'],
      roles: [['hotline'], ['hotline', 'coordinator']] } } })
  })

  test('the last administrator’s position keeps the role', async () => {
    const { positions } = (await served.ask(admin, 'GET', '/api/settings')).json<SettingsView>()
    const held = positions.find(({ roles }) => roles.includes('administrator'))!
    expect((await patch(held.key, { roles: ['manager'] })).json().error.fields[0])
      .toMatchObject({ field: 'roles', params: { reason: 'no_administrator_left' } })
    expect(await position(held.key)).toMatchObject({ roles: ['administrator'] })
  })

  test('merging moves everybody by an event of their own, and the old position can be given to nobody', async () => {
    const zhou = await served.at.person('周工', 'bench_engineer')
    await served.at.person('吴工', 'field_engineer')
    const merged = await post('/api/positions/p_bench_engineer/merge', { into: 'p_field_engineer' })
    expect(merged.json()).toMatchObject({ moved: 1, left: [] })
    expect(await position('p_bench_engineer')).toMatchObject({ merged_into: 'p_field_engineer', roles: [], members: 0 })
    const rows = await served.at.db.read(served.at.company.id, (reader) => reader.query({ text:
      `select m.positions, e.action from member m join event e on e.record_id = m.id and e.seq = 2 where m.id = $1`,
    values: [zhou.id] }))
    expect(rows).toEqual([{ positions: ['p_field_engineer'], action: 'change_positions' }])
    expect(await served.at.act(admin, 'member', 'change_positions', zhou.id, { positions: ['p_bench_engineer'] }))
      .toMatchObject({ refusal: { fields: [{ field: 'positions', code: 'not_an_option' }] } })
    expect((await post('/api/positions/p_field_engineer/merge', { into: 'p_bench_engineer' })).statusCode).toBe(422)
    expect((await post('/api/positions/p_field_engineer/merge', { into: 'p_field_engineer' })).statusCode).toBe(422)
  })
})

describe('the figures of the settings page', () => {
  const names = [...new Set(Object.values(profiles).flatMap(({ limits }) => Object.keys(limits)))]

  test.each(['zh', 'en'] as const)('each has its words, and stands with a process (%s)', (language) => {
    const about = aboutLimits({ words: wordsOf(language) } as Ctx, processes, names)
    expect(names.filter((name) => about[name]!.label === name || about[name]!.process === null)).toEqual([])
  })

  test('those of processes that a company does not use are not shown', () => {
    const { contract: _contract, care_visit: _visit, ...on } = processes
    const shown = limitsInUse({ processes, nouns, profiles }, on, names)
    expect(shown).toContain('repair.quote_minutes')
    expect(shown.filter((name) => /^contract\.|^visit\.(yearly|follow_up)/.test(name))).toEqual([])
  })
})
