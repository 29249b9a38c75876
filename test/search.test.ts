import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor, Ctx } from '../src/server/context.ts'
import { withClient } from '../src/server/database-roles.ts'
import { openDatabase } from '../src/server/db.ts'
import { buildServer } from '../src/server/http.ts'
import { listRoutes } from '../src/server/routes/lists.ts'
import { type Done, run } from '../src/server/run.ts'
import { around, gramsOf, initialsOf, pinyinOf, searchWords } from '../src/server/search/grams.ts'
import { type Indexer, startIndexer } from '../src/server/search/indexer.ts'
import type { FoundView, PageView } from '../src/server/views.ts'
import { type TestCompany, addCompany, openTestCompany } from './company.ts'
import { testDatabases } from './databases.ts'

describe('the words of a search', () => {
  test('pairs ignore width, capitals and what lies between words', () => {
    expect(gramsOf('m113卡纸', 'row')).toEqual(['m11', 'm1', '113', '11', '13', '3卡', '卡纸'])
    expect(gramsOf('m113卡纸 hp', 'words')).toEqual(['m11', '113', '3卡', '卡纸', 'hp'])
    expect(searchWords('ＤＳ－2CD3T')).toMatchObject({ terms: ['ds-2cd3t'] })
    expect(gramsOf('𠮷野 家', 'row')).toEqual(['𠮷野'])
    expect(searchWords('   ')).toBeNull()
    expect(searchWords('王')).toEqual({ terms: ['王'], grams: "'=王'" })
    expect(searchWords("o'b\\&|")!.grams).toBeNull()
  })
  test('initials are made of names and titles that are Chinese', () => {
    expect(initialsOf('远景律所HP打印机')).toEqual(['yjlshpdyj'])
    expect(pinyinOf('单国强')).toEqual(['danguoqiang', 'shanguoqiang'])
    expect(initialsOf('LaserJet')).toEqual([])
    expect(searchWords('yjls')!.grams).toContain("'~yjl' & '~jls'")
    expect(searchWords('hp')!.grams).toBe("(('hp') | '~=hp')")
  })
  test('the text round a hit is short', () => {
    const line = `${'前'.repeat(100)}M1136 卡纸${'后'.repeat(100)}`
    expect(around(line, ['m1136'])).toBe(`…${'前'.repeat(16)}M1136 卡纸${'后'.repeat(40)}…`)
    expect(around('短', ['没有'])).toBe('短')
  })
})

describe.each(testDatabases())('search on $name', (kind) => {
  let at: TestCompany
  let server: FastifyInstance
  let indexer: Indexer
  let wang: Actor
  let li: Actor
  let asking: Ctx

  const found = async (who: Actor, q: string, more = ''): Promise<FoundView> => {
    asking = at.ctx(who)
    const answer = await server.inject({ url: `/api/search?q=${encodeURIComponent(q)}${more}` })
    expect(answer.statusCode, answer.body).toBe(200)
    return answer.json() as FoundView
  }
  const titles = async (who: Actor, q: string): Promise<string[]> =>
    (await found(who, q)).groups.flatMap(({ rows }) => rows.map(({ title }) => title))
  const create = async (who: Actor, input: object): Promise<Done> =>
    await at.act(who, 'task', 'create', null, input) as Done

  beforeAll(async () => {
    at = await openTestCompany(kind)
    server = await buildServer(at.app, { authenticate: async () => asking, routes: [listRoutes] })
    indexer = startIndexer(at.app, { every: 50 })
    wang = await at.person('王协调', 'coordinator')
    li = await at.person('李𠮷工', 'bench_engineer')
    await create(wang, { title: '远景律所 LaserJet M1136 卡纸', detail: '进纸轮打滑，序列号 DS-2CD3T47' })
    await create(wang, { title: '回电给海天公司', handler: li.id })
    await create(wang, { title: '100% 完成_校验', detail: "引号 ' 与反斜杠 \\ 也是字" })
    await indexer.drain()
  })
  afterAll(async () => {
    await indexer.stop()
    await server.close()
    await at.close()
  })

  test.each([
    ['卡纸', '远景'], ['纸轮', '远景'], ['1136', '远景'], ['m1136 卡纸', '远景'], ['2cd3t', '远景'], ['ds-2cd3t', '远景'],
    ['Ｍ１１３６', '远景'], ['yjls', '远景'], ['海天', '回电'], ['李𠮷', '回电'], ['100%', '100%'], ['成_校', '100%'],
    ["' 与", '100%'], ['\\', '100%'], ['景', '远景'],
  ])('%s is found', async (q, beginning) => {
    const all = await titles(wang, q)
    expect(all).toHaveLength(1)
    expect(all[0]!.startsWith(beginning)).toBe(true)
  })

  test.each(['纸卡', '远景 海天', '成%校', '50%', 'zzzz', "'", 'm1137'])('%s is not', async (q) => {
    expect(await titles(wang, q)).toEqual(q === "'" ? ['100% 完成_校验'] : [])
  })

  test('a hit names its field and shows the words in their place', async () => {
    const [group] = (await found(wang, '进纸轮')).groups
    expect(group).toMatchObject({ process: 'task', label: '待办', rows: [{ hit: { field: 'detail',
      text: '进纸轮打滑，序列号 DS-2CD3T47' } }] })
    expect((await found(wang, 'yjls')).groups[0]!.rows[0]!.hit).toMatchObject({ field: 'title' })
    expect((await found(wang, 'laserjet')).groups[0]!.rows[0]!.hit!.text).toContain('LaserJet M1136')
  })

  test('a number is found at once, before any index is made; and by its beginning', async () => {
    await indexer.stop()
    const made = await create(wang, { title: '刚刚登记' })
    expect(await titles(wang, made.number.toLowerCase())).toEqual(['刚刚登记'])
    expect((await titles(wang, made.number.slice(0, 6))).length).toBe(4)
    expect(await titles(wang, '刚刚')).toEqual([])
    indexer = startIndexer(at.app, { every: 50 })
    await indexer.drain()
    expect(await titles(wang, '刚刚')).toEqual(['刚刚登记'])
  })

  test('notes and results are found within two seconds of being written', async () => {
    const made = await create(wang, { title: '等一句话' })
    await at.act(wang, 'task', 'note', made.id, { note: '客户说墨粉盒漏粉' })
    const began = performance.now()
    while ((await titles(wang, '墨粉盒')).length === 0 && performance.now() - began < 2000) {
      await new Promise((resolve) => { setTimeout(resolve, 50) })
    }
    expect((await found(wang, '墨粉盒')).groups[0]!.rows[0]).toMatchObject({ title: '等一句话', hit: { field: 'note' } })
  })

  test('customers by pinyin, initials, parts of a phone and their people; machines by serial numbers without signs', async () => {
    const made = await at.act(wang, 'customer', 'register', null, { customer_kind: 'organisation', name: '单氏精密仪器',
      phone: '020-8758 3950', contact_name: '曾丽萍', contact_phone: '139 1234 5678' }) as Done
    await at.act(wang, 'machine', 'register', null, { customer: made.id, product_kind: 'scanner', model: 'N6310',
      serial_number: 'MX-4471/B9', purchase_unknown: true })
    await indexer.drain()
    for (const q of ['shanshi', 'danshi', 'ssjm', 'jingmi', '87583950', '13912345678', '1234567', '曾丽', 'zenglip', 'zlp',
      '精', '曾', '氏精密']) {
      expect(await titles(wang, q), q).toContain('单氏精密仪器')
    }
    // The machine is found by its own number, with and without its signs, and by whose it is.
    for (const q of ['mx4471b9', 'MX-4471', '4471b', '单氏', 'shanshi']) expect(await titles(wang, q), q).toContain('N6310 MX-4471/B9')
    // Two letters are the initials of short names alone, and nothing by chance.
    expect(await titles(wang, 'ss')).toEqual([])
  })

  test('what a person may not see is not found: by word, by number, by one character, in a list', async () => {
    expect(await titles(li, '海天')).toEqual(['回电给海天公司'])
    for (const q of ['卡纸', '景', 'yjls', 'DB2026', '远景律所']) {
      expect((await titles(li, q)).filter((title) => !title.includes('海天'))).toEqual([])
    }
    asking = at.ctx(li)
    const list = async (q: string) => (await server.inject({ url: `/api/task?q=${encodeURIComponent(q)}` })).json()
    expect((await list('卡纸') as PageView).rows).toEqual([])
    expect((await list('海天') as PageView).rows).toHaveLength(1)
  })

  test('sight follows the case: handed on, it is found by the new handler and no longer by the old', async () => {
    const zhou = await at.person('周工', 'field_engineer')
    const made = await create(wang, { title: '转交的显影组件', handler: li.id })
    await indexer.drain()
    expect(await titles(li, '显影组件')).toHaveLength(1)
    expect(await titles(zhou, '显影组件')).toHaveLength(0)
    await at.act(wang, 'task', 'hand_over', made.id, { handler: zhou.id })
    // Before the indexer has seen it, the policy on the head row already refuses the old handler.
    expect(await titles(li, '显影组件')).toHaveLength(0)
    await indexer.drain()
    expect(await titles(li, '显影组件')).toHaveLength(0)
    expect(await titles(zhou, '显影组件')).toHaveLength(1)
  })

  test('another company’s records are never found, whatever is asked of the door', async () => {
    const other = await addCompany(at.database, 's4')
    const ctx = { ...at.ctx(wang), company: other }
    await run(ctx, { process: 'task', action: 'create', id: null, input: { title: '别家的卡纸' } })
    await indexer.drain()
    expect(await titles(wang, '卡纸')).toEqual(['远景律所 LaserJet M1136 卡纸'])
    asking = ctx
    const theirs = (await server.inject({ url: `/api/search?q=${encodeURIComponent('卡纸')}` })).json() as FoundView
    expect(theirs.groups.flatMap(({ rows }) => rows.map(({ title }) => title))).toEqual(['别家的卡纸'])
    // Even marks of the other company, handed to the door by a mistake of ours, open nothing.
    const rows = await at.db.read(at.company.id, (reader) => reader.query({
      text: `select * from search_records(array['卡纸'], $1, array['task'], array[$2], 10, 10)`,
      values: [`'卡纸'`, `'c${other.id}.task'`] }))
    expect(rows).toEqual([])
  })

  test('the server’s role comes to the search table through its doors only', async () => {
    for (const statement of ['select * from search_row', 'delete from search_row', 'select * from search_dirty',
      'select * from search_lease', `update search_row set body = ''`]) {
      await expect(at.db.transaction(at.company.id, (tx) => tx.query({ text: statement })))
        .rejects.toThrow(/permission denied/)
    }
  })

  test('a list with words keeps its filters and its order', async () => {
    asking = at.ctx(wang)
    const list = async (query: string) => ((await server.inject({ url: `/api/task?${query}` })).json() as PageView).rows
    expect(await list(`q=${encodeURIComponent('卡纸')}&state=taken`)).toHaveLength(0)
    expect(await list(`q=${encodeURIComponent('卡纸')}&state=open`)).toHaveLength(1)
    const counted = await server.inject({ url: `/api/task/count?q=${encodeURIComponent('卡纸')}` })
    expect(counted.json()).toEqual({ count: 1, capped: false })
  })

  test('bad questions are refused by name', async () => {
    asking = at.ctx(wang)
    for (const [query, field] of [[`q=${'长'.repeat(101)}`, 'q'], ['q=a&q=b', 'q'], ['q=a&process=unicorn', 'process'],
      ['q=a&colour=red', 'colour'], ['q=%01', 'q']] as const) {
      const answer = await server.inject({ url: `/api/search?${encodeURI(query).replaceAll('%25', '%')}` })
      expect([answer.statusCode, answer.json().error.fields[0].field]).toEqual([422, field])
    }
    expect(await found(wang, '  ')).toEqual({ groups: [] })
  })

  test('of two nodes one works; when it is gone the other goes on; a lost database is waited for', async () => {
    const second = openDatabase(at.database.app)
    const warned: string[] = []
    const other = startIndexer({ ...at.app, db: second, log: { ...at.app.log, warn: (_f, m) => { warned.push(m) } } },
      { every: 20 })
    await create(wang, { title: '两个节点之一' })
    await indexer.drain()
    expect(await titles(wang, '两个节点')).toHaveLength(1)
    await indexer.stop()
    await withClient(at.database.superuser, (client) => client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'gongdan'
        and datname = current_database()`))
    await create(wang, { title: '第二个节点接着做' }).catch(() => create(wang, { title: '第二个节点接着做' }))
    const began = performance.now()
    while ((await titles(wang, '接着做')).length === 0 && performance.now() - began < 8000) {
      await new Promise((resolve) => { setTimeout(resolve, 50) })
    }
    expect(await titles(wang, '接着做')).toHaveLength(1)
    await other.stop()
    await second.close()
    indexer = startIndexer(at.app, { every: 50 })
  })
})
