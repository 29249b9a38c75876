import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor, Ctx } from '../src/server/context.ts'
import { withClient } from '../src/server/database-roles.ts'
import { cell } from '../src/server/export.ts'
import { buildServer } from '../src/server/http.ts'
import { listRoutes } from '../src/server/routes/lists.ts'
import { readXlsx } from '../src/server/sheets/xlsx-read.ts'
import type { Done } from '../src/server/run.ts'
import type { BoardView, CountView, PageView, RowView, WorkView } from '../src/server/views.ts'
import { wordsOf } from '../src/words/index.ts'
import { type TestCompany, addCompany, monday, openTestCompany } from './company.ts'
import { testDatabases } from './databases.ts'

const hour = 3_600_000

describe.each(testDatabases())('lists on $name', (kind) => {
  let at: TestCompany
  let server: FastifyInstance
  let wang: Actor
  let li: Actor
  let zhou: Actor
  let asking: Ctx
  const numbers: Record<string, string> = {}

  const get = async <T>(who: Actor, url: string): Promise<{ status: number; body: T; text: string }> => {
    asking = at.ctx(who)
    const answer = await server.inject({ url })
    return { status: answer.statusCode, text: answer.body,
      body: String(answer.headers['content-type']).includes('json') ? answer.json() as T : null as T }
  }
  const page = async (who: Actor, url: string): Promise<PageView> => {
    const { status, body, text } = await get<PageView>(who, url)
    expect(status, text).toBe(200)
    return body
  }
  const titles = (rows: readonly RowView[]): string[] => rows.map(({ title }) => title)
  const create = async (who: Actor, input: { title: string } & Record<string, unknown>): Promise<Done> => {
    const done = await at.act(who, 'task', 'create', null, input) as Done
    expect(done).toMatchObject({ ok: true })
    numbers[input.title] = done.number
    return done
  }

  beforeAll(async () => {
    at = await openTestCompany(kind)
    server = await buildServer(at.app, { authenticate: async () => asking, routes: [listRoutes] })
    wang = await at.person('王协调', 'coordinator')
    li = await at.person('李工', 'bench_engineer')
    zhou = await at.person('周工', 'field_engineer')
    const inHours = (hours: number) => new Date(monday + hours * hour).toISOString()
    at.app.now = monday
    await create(wang, { title: '甲', handler: li.id, due_at: inHours(1) })
    at.app.now = monday + 60_000
    await create(wang, { title: '乙', handler: li.id, due_at: inHours(100) })
    const third = await create(wang, { title: '丙', handler: zhou.id, due_at: inHours(5) })
    await create(wang, { title: '丁', team: 'bench_engineer', due_at: inHours(3) })
    at.app.now = monday + 120_000
    await create(li, { title: '戊', handler: zhou.id, due_at: inHours(30) })
    expect(await at.act(zhou, 'task', 'finish', third.id, { result: '好了' })).toMatchObject({ ok: true })
    const fourth = await create(zhou, { title: '己', handler: zhou.id, due_at: inHours(9) })
    expect(await at.act(zhou, 'task', 'drop', fourth.id, { reason: '弄错了' })).toMatchObject({ ok: true })
    at.app.now = monday + 2 * hour
  })
  afterAll(async () => {
    await server.close()
    await at.close()
  })

  test('newest first, with names and what is due next, in the words of the company', async () => {
    const { rows, cursor } = await page(wang, '/api/task')
    expect(titles(rows)).toEqual(['己', '戊', '丁', '丙', '乙', '甲'])
    expect(cursor).toBeNull()
    expect(rows.at(-1)).toMatchObject({ number: numbers['甲'], process: 'task', state: { name: 'taken', label: '进行中',
      kind: 'active' }, handler: { id: li.id, name: '李工' }, author: { name: '王协调' }, owner: null,
      next: { action: 'finish', label: '完成', owed_by: 'handler', who: '李工' },
      next_due_at: new Date(monday + hour).toISOString() })
    expect(rows.find(({ title }) => title === '丁')!.next).toMatchObject({ owed_by: 'team', who: '维修工程师' })
    expect(rows[0]!.next).toBeNull()
  })

  test('the sights: a stranger’s rows never appear, in list, count and board', async () => {
    expect(titles((await page(li, '/api/task')).rows)).toEqual(['戊', '丁', '乙', '甲'])
    expect(titles((await page(zhou, '/api/task')).rows)).toEqual(['己', '戊', '丙'])
    expect((await get<CountView>(zhou, '/api/task/count')).body).toEqual({ count: 3, capped: false })
    expect(titles((await page(zhou, `/api/task?handler=${li.id}`)).rows)).toEqual([])
    expect(titles((await page(zhou, `/api/task?number=${numbers['甲']}`)).rows)).toEqual([])
    const board = (await get<BoardView>(zhou, '/api/task/board')).body
    expect(board.columns.map(({ rows }) => titles(rows))).toEqual([[], ['戊']])
    expect((await get(li, '/api/undelivered')).status).toBe(404)
    const other = await addCompany(at.database, 's4')
    asking = { ...at.ctx(wang), company: other }
    expect((await server.inject({ url: '/api/task' })).json()).toEqual({ rows: [], cursor: null })
  })

  test.each([
    ['state=open', ['丁']], ['state=open,taken', ['戊', '丁', '乙', '甲']], ['kind=done,void', ['己', '丙']],
    ['state=taken&kind=done', []], ['handler=none', ['丁']], ['author=me', ['丁', '丙', '乙', '甲']],
    ['due=late', ['甲']], ['due=today', ['甲', '丁']], ['due=week', ['甲', '丁', '戊', '乙']],
    ['due=today&sort=-opened', ['丁', '甲']], ['sort=opened', ['甲', '乙', '丙', '丁', '戊', '己']],
    ['sort=due&kind=active', ['甲', '丁', '戊', '乙']], ['sort=-due&kind=active', ['乙', '戊', '丁', '甲']],
    ['team=bench_engineer', ['丁']], ['opened_from=2026-11-23&opened_to=2026-11-23&kind=void', ['己']],
    ['opened_to=2026-11-22', []], ['opened_from=2026-11-23T02:02:00Z', ['己', '戊']],
  ])('%s', async (filter, expected) => {
    expect(titles((await page(wang, `/api/task?${filter}`)).rows)).toEqual(expected)
    const counted = filter.replace(/&?sort=[^&]*/, '')
    expect((await get<CountView>(wang, `/api/task/count?${counted}`)).body.count).toBe(expected.length)
  })

  test('filters by person, number and old number', async () => {
    expect(titles((await page(wang, `/api/task?handler=${li.id}&sort=due`)).rows)).toEqual(['甲', '乙'])
    expect(titles((await page(wang, `/api/task?number=${numbers['甲']!.toLowerCase()}`)).rows)).toEqual(['甲'])
    await withClient(at.database.owner, (client) => client.query(
      `update record set old_number = 'ALT-7' where number = $1`, [numbers['乙']]))
    expect(titles((await page(wang, '/api/task?number=alt-7')).rows)).toEqual(['乙'])
  })

  test.each(['-opened', 'opened', 'due', '-due'])('pages by %s meet every row once', async (sort) => {
    const whole = titles((await page(wang, `/api/task?sort=${sort}`)).rows)
    for (const who of [wang, li]) {
      const seen: string[] = []
      let cursor: string | null = ''
      for (let pages = 0; cursor !== null && pages < 9; pages += 1) {
        const one: PageView = await page(who, `/api/task?sort=${sort}&limit=2${cursor && `&cursor=${cursor}`}`)
        expect(one.rows.length).toBeLessThanOrEqual(2)
        seen.push(...titles(one.rows))
        cursor = one.cursor
      }
      expect(seen).toEqual(whole.filter((title) => who === wang || ['戊', '丁', '乙', '甲'].includes(title)))
    }
  })

  test('instants finer than a millisecond lose no row between pages', async () => {
    await withClient(at.database.owner, (client) => client.query(
      `update record set opened_at = opened_at + interval '1 microsecond' * (random() * 900)::int
       where process = 'task'`))
    const first = await page(wang, '/api/task?limit=3')
    const second = await page(wang, `/api/task?limit=3&cursor=${first.cursor}`)
    expect(new Set([...titles(first.rows), ...titles(second.rows)]).size).toBe(6)
  })

  test('values of own fields are shown when asked for', async () => {
    const { rows } = await page(wang, '/api/task?kind=done&fields=result,due_at')
    expect(rows[0]!.values).toEqual({ result: '好了', due_at: new Date(monday + 5 * hour).toISOString() })
  })

  test.each([
    ['colour=red', 'colour', 'unknown_field'], ['state=lost', 'state', 'not_an_option'],
    ['kind=x', 'kind', 'not_an_option'], ['sort=title', 'sort', 'not_an_option'], ['limit=0', 'limit', 'too_small'],
    ['limit=101', 'limit', 'too_large'], ['limit=ten', 'limit', 'wrong_type'], ['cursor=abc', 'cursor', 'bad_format'],
    ['handler=li', 'handler', 'unknown_person'], ['owner=none', 'owner', 'unknown_person'],
    ['customer=1', 'customer', 'unknown_record'], ['due=soon', 'due', 'not_an_option'],
    ['opened_from=2026-02-30', 'opened_from', 'not_a_date'], ['fields=nothing', 'fields.nothing', 'unknown_field'],
    ['x_region=east', 'x_region', 'unknown_field'], ['state=open&state=taken', 'state', 'wrong_type'],
    ['__proto__=1', '__proto__', 'unknown_field'], ['q=%00', 'q', 'control_characters'],
    [`cursor=${Buffer.from('["-opened","2026-02-31 00:00:00","01890000-0000-7000-8000-000000000000"]')
      .toString('base64url')}`, 'cursor', 'bad_format'],
    [`cursor=${Buffer.from('["due","2026-02-01 00:00:00","01890000-0000-7000-8000-000000000000"]')
      .toString('base64url')}`, 'cursor', 'bad_format'],
  ])('%s is refused by name', async (query, field, code) => {
    const { status, body } = await get<{ error: object }>(wang, `/api/task?${query}`)
    expect(status).toBe(422)
    expect(body.error).toMatchObject({ code: 'bad_input', fields: [{ field, code }] })
  })

  test('an unknown process is not found; one that the company has switched off says so', async () => {
    expect((await get(wang, '/api/unicorn')).status).toBe(404)
    expect((await get(wang, '/api/constructor')).status).toBe(404)
  })

  test('a company’s own field filters a list once it is marked for it', async () => {
    const other = await addCompany(at.database, 's4')
    await withClient(at.database.owner, (client) => client.query(
      `insert into settings_revision (company_id, revision, overrides, change, why, made_at)
       values ($1, 1, $2, '{}', '试', now())`, [other.id, JSON.stringify({ processes: { task: { extra: {
        x_region: { kind: 'text', zh: '区域', on: ['create'], indexed: true },
        x_floor: { kind: 'integer', zh: '楼层', on: ['create'], indexed: true },
        x_memo: { kind: 'text', zh: '备忘', on: ['create'] } } } } })]))
    const ctx = { ...at.ctx(wang), company: other }
    const { run } = await import('../src/server/run.ts')
    for (const [title, x_region, x_floor] of [['东', '华东', 3], ['西', '西北', 5], ['东二', '华东', 5]] as const) {
      expect(await run(ctx, { process: 'task', action: 'create', id: null, input: { title, x_region, x_floor } }))
        .toMatchObject({ ok: true })
    }
    const list = async (query: string) => {
      asking = ctx
      return (await server.inject({ url: `/api/task?${query}` })).json() as PageView
    }
    expect(titles((await list(`x_region=${encodeURIComponent('华东')}`)).rows)).toEqual(['东二', '东'])
    expect(titles((await list(`x_region=${encodeURIComponent('华东')}&x_floor=5`)).rows)).toEqual(['东二'])
    expect((await list('x_floor=3&fields=x_region')).rows[0]).toMatchObject({ values: { x_region: '华东' } })
    expect(await list('x_memo=1')).toMatchObject({ error: { fields: [{ field: 'x_memo', code: 'unknown_field' }] } })
    expect(await list('x_floor=low')).toMatchObject({ error: { fields: [{ field: 'x_floor', code: 'wrong_type' }] } })
  })

  test('a board has a column for each open state, its count, and where its list goes on', async () => {
    const { columns } = (await get<BoardView>(wang, '/api/task/board')).body
    expect(columns.map(({ state, count }) => [state.name, count.count])).toEqual([['open', 1], ['taken', 3]])
    expect(titles(columns[1]!.rows)).toEqual(['甲', '戊', '乙'])
    const closed = (await get<BoardView>(wang, '/api/task/board?kind=done')).body
    expect(closed.columns.map(({ state, rows }) => [state.label, titles(rows)])).toEqual([['已完成', ['丙']]])
    expect((await get(wang, '/api/task/board?sort=due')).status).toBe(422)
  })

  test('my work: what I owe by deadline, what others owe me', async () => {
    const work = async (who: Actor): Promise<WorkView> => (await get<WorkView>(who, '/api/my-work')).body
    const ofLi = await work(li)
    expect(titles(ofLi.now)).toEqual(['甲', '丁'])
    expect(titles(ofLi.later)).toEqual(['乙'])
    expect(titles(ofLi.waiting)).toEqual(['戊'])
    expect(ofLi.counts).toMatchObject({ now: { count: 2 }, later: { count: 1 }, waiting: { count: 1 },
      late: { count: 1, capped: false } })
    expect(ofLi.waiting[0]!.next).toMatchObject({ who: '周工' })
    const ofWang = await work(wang)
    expect(titles(ofWang.waiting)).toEqual(['甲', '丁', '乙'])
    expect([ofWang.now, ofWang.later]).toEqual([[], []])
    const ofNew = await work(await at.person('新人', 'storekeeper'))
    expect(ofNew).toEqual({ now: [], waiting: [], later: [], counts: { now: { count: 0, capped: false },
      waiting: { count: 0, capped: false }, later: { count: 0, capped: false }, late: { count: 0, capped: false } } })
  })

  test('today ends at midnight of the company, not of the server', async () => {
    const before = at.app.now
    at.app.now = Date.parse('2026-11-24T15:59:00Z')
    expect(titles((await page(wang, '/api/task?due=today')).rows)).toEqual(['戊'])
    at.app.now = Date.parse('2026-11-24T16:01:00Z')
    expect(titles((await page(wang, '/api/task?due=today')).rows)).toEqual([])
    at.app.now = before
  })

  test('an export opens in a spreadsheet and holds no formula', async () => {
    await create(wang, { title: '=HYPERLINK("http://x","点我")' })
    const { text } = await get(wang, '/api/task/export?format=csv&sort=-opened')
    expect(text.startsWith('\ufeff单号,事项,状态,客户,对客责任人,处理人,登记时间,期限,结束时间,')).toBe(true)
    const lines = text.trimEnd().split('\r\n')
    expect(lines).toHaveLength(8)
    expect(lines[1]).toContain(`"'=HYPERLINK(""http://x"",""点我"")",待领取`)
    expect(lines.find((line) => line.includes(',丙,'))).toContain(',已完成,,,周工,2026-11-23 10:01,')
    expect((await get(li, '/api/task/export')).text).not.toContain('丙')
    expect((await get(wang, '/api/task/export?format=pdf')).status).toBe(422)
    const book = await server.inject({ url: '/api/task/export?format=xlsx&sort=-opened' })
    expect(book.headers['content-disposition']).toContain(encodeURIComponent('待办 2026-11-23.xlsx'))
    const path = join(mkdtempSync(join(tmpdir(), 'gongdan-export-')), 'list.xlsx')
    writeFileSync(path, book.rawPayload)
    const rows: string[][] = []
    for await (const { cells } of readXlsx(path)) rows.push(cells)
    expect(rows).toHaveLength(8)
    expect(rows[0]!.slice(0, 4)).toEqual(['单号', '事项', '状态', '客户'])
    // Text is text, whatever it begins with; an instant is a date of the company's own day.
    expect(rows[1]![1]).toBe('=HYPERLINK("http://x","点我")')
    expect(rows.find((row) => row[1] === '丙')![6]).toBe('2026-11-23 10:01')
    expect(['+1', '-1', '@x', '\ta', 'a"b', 'a,b'].map(cell)).toEqual(["'+1", "'-1", "'@x", "'\ta", '"a""b"', '"a,b"'])
  })

  test('in English the labels are English, the words of people stay', async () => {
    asking = { ...at.ctx(wang), words: wordsOf('en') }
    const body = (await server.inject({ url: '/api/task?state=open&limit=1' })).json() as PageView
    expect(body.rows[0]!.state.label).toBe('Open')
  })
})
