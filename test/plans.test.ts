import type { FastifyInstance } from 'fastify'
import type { Client } from 'pg'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor, Company, Ctx } from '../src/server/context.ts'
import { withClient } from '../src/server/database-roles.ts'
import type { Statement } from '../src/server/db.ts'
import { buildServer } from '../src/server/http.ts'
import { listRoutes } from '../src/server/routes/lists.ts'
import { type TestCompany, addCompany, openTestCompany } from './company.ts'
import { testDatabases } from './databases.ts'
import { analyse, loadManyCases } from './many-cases.ts'

/**
 * The statements that lists really send, explained under the server's role with its policies and with generic plans,
 * as prepared statements get them. What is bounded is the rows read, not the time: a plan that reads past what it does
 * not return is slow at a million cases however fast it is here.
 */
type Node = { 'Node Type': string; 'Relation Name'?: string; 'Actual Rows': number; 'Actual Loops': number
  'Rows Removed by Filter'?: number; 'Rows Removed by Index Recheck'?: number; 'Shared Hit Blocks': number
  'Shared Read Blocks': number; Plans?: Node[] }
type Cost = { read: number; blocks: number; rows: number; text: string }

const huge = 40_000
const tiny = 60

describe.each(testDatabases())('plans on $name', (kind) => {
  let at: TestCompany
  let server: FastifyInstance
  let asking: Ctx
  let small: Company
  /** Sees all; sees little and has a few thousand cases; sees little and has none. */
  let boss: Actor
  let li: Actor
  let newcomer: Actor

  beforeAll(async () => {
    at = await openTestCompany(kind)
    server = await buildServer(at.app, { authenticate: async () => asking, routes: [listRoutes] })
    boss = await at.person('赵主管', 'supervisor')
    li = await at.person('李工', 'bench_engineer')
    newcomer = await at.person('新人', 'editor')
    const people = [li.id!]
    for (let n = 0; n < 11; n += 1) people.push((await at.person(`同事${n}`, 'bench_engineer')).id!)
    small = await addCompany(at.database, 's4')
    await loadManyCases(at.database.superuser, at.company.id, huge, people, { quick: true })
    await loadManyCases(at.database.superuser, small.id, tiny, people, { quick: true })
    await analyse(at.database.superuser)
  }, 120_000)
  afterAll(async () => {
    await server.close()
    await at.close()
  })

  /** Asks, catches the statements that were sent, and explains each as a prepared statement would run. */
  const costs = async (who: Actor, url: string, company = at.company): Promise<Cost[]> => {
    const sent: Statement[] = []
    asking = { ...at.ctx(who), company }
    const stop = at.db.watch((statement) => { sent.push(statement) })
    const answer = await server.inject({ url: encodeURI(url) })
    stop()
    expect(answer.statusCode, answer.body).toBe(200)
    const asked = sent.filter(({ name, text }) =>
      !/^(begin|commit|rollback)/.test(text) && !['set_company', 'company_now'].includes(name ?? ''))
    expect(asked.length).toBeGreaterThan(0)
    return withClient(at.database.app, async (client) => {
      await client.query('begin')
      await client.query(`select set_config('app.company', $1, true)`, [String(company.id)])
      await client.query('set local plan_cache_mode = force_generic_plan')
      const all: Cost[] = []
      for (const statement of asked) all.push(await explain(client, statement))
      await client.query('rollback')
      return all
    })
  }
  const readBy = async (who: Actor, url: string, company?: Company): Promise<number> =>
    (await costs(who, url, company)).reduce((sum, { read }) => sum + read, 0)

  const page = 51
  const states = 4
  /** Every state asked once, for each alternative of the sight, and the heads of the page. */
  const pages = (alternatives: number, each = states) => alternatives * each * page + page

  test.each([
    ['', page * 2], ['?state=done', page * 2], ['?state=open,taken', page * 3], ['?kind=void&sort=opened', page * 2],
    ['?sort=due', pages(1)], ['?sort=-due&kind=active', pages(1)], ['?due=late', pages(1, 2)], ['?due=late&team=hotline', pages(1, 2)],
    ['?team=hotline&kind=active&sort=due', pages(1, 2)],
    ['?due=week&sort=-opened', 3000], ['?handler=none', pages(1)], ['?team=hotline&state=taken', page * 2],
    ['?opened_from=2025-01-01&opened_to=2025-01-02', pages(1)], ['?number=DB202512-0020000', 5],
    ['?limit=100&state=done', 101 * 2],
  ])('who sees all: /api/task%s', async (query, most) => {
    expect(await readBy(boss, `/api/task${query}`)).toBeLessThanOrEqual(most)
  })

  test.each(['handler', 'owner', 'author'])('the cases of one person: %s', async (column) => {
    for (const more of ['', '&kind=active', '&state=dropped', '&sort=opened']) {
      expect(await readBy(boss, `/api/task?${column}=${li.id}${more}`), more).toBeLessThanOrEqual(pages(1))
      expect(await readBy(boss, `/api/task?${column}=${newcomer.id}${more}`)).toBeLessThanOrEqual(page)
    }
    // By deadline what one person opened or answers for is read and sorted; what he is at has its own index.
    const sorted = column === 'handler' ? pages(1, 2) : huge / 12 / 5
    expect(await readBy(boss, `/api/task?${column}=${li.id}&sort=due&kind=active`)).toBeLessThanOrEqual(sorted)
    expect(await readBy(boss, `/api/task?${column}=${newcomer.id}&sort=due&kind=active`)).toBeLessThanOrEqual(page)
  })

  test('a page deep in the list costs what the first one costs', async () => {
    asking = at.ctx(boss)
    for (const query of ['sort=-opened', 'sort=due&kind=active', 'state=done&sort=opened']) {
      let cursor: string | null = null
      for (let pages = 0; pages < 6; pages += 1) {
        const url = `/api/task?${query}&limit=100${cursor ? `&cursor=${cursor}` : ''}`
        asking = at.ctx(boss)
        cursor = (await server.inject({ url })).json().cursor as string
      }
      expect(await readBy(boss, `/api/task?${query}&limit=50&cursor=${cursor}`)).toBeLessThanOrEqual(pages(1))
    }
  })

  test.each(['', '?state=open', '?state=done', '?kind=active&sort=due', '?due=late', '?sort=opened'])(
    'who sees little pays for little: /api/task%s', async (query) => {
      const most = query.includes('due') ? 1200 : pages(4)
      expect(await readBy(li, `/api/task${query}`)).toBeLessThanOrEqual(most)
      expect(await readBy(newcomer, `/api/task${query}`)).toBeLessThanOrEqual(page)
    })

  test('counts stop at a thousand', async () => {
    for (const [who, most] of [[boss, 2 * 1001], [li, 4 * 3 * 1001], [newcomer, 0]] as const) {
      for (const query of ['', '?state=done', '?kind=active', '?author=me']) {
        expect(await readBy(who, `/api/task/count${query}`), query).toBeLessThanOrEqual(most)
      }
    }
  })

  test('a board reads its cards and counts no further than a thousand', async () => {
    expect(await readBy(boss, '/api/task/board')).toBeLessThanOrEqual(2 * (1001 + 21 * 2))
    expect(await readBy(boss, '/api/task/board?kind=done,void')).toBeLessThanOrEqual(2 * (1001 + 21 * 2))
    expect(await readBy(li, '/api/task/board')).toBeLessThanOrEqual(huge * 0.07 * 2)
    expect(await readBy(newcomer, '/api/task/board')).toBeLessThanOrEqual(5)
  })

  test('my work reads what is mine and open', async () => {
    // 1/12 of 7 % of the cases, met as handler, owner and author; a quarter of the unassigned ones by team.
    expect(await readBy(li, '/api/my-work')).toBeLessThanOrEqual(5 * huge * 0.07 / 12 + huge * 0.03 / 2 + 200)
    expect(await readBy(newcomer, '/api/my-work')).toBeLessThanOrEqual(20)
  })

  test('search: a rare word, a frequent one, one that only others may see, a number', async () => {
    const blocks = async (who: Actor, q: string) =>
      (await costs(who, `/api/search?q=${q}`)).reduce((sum, cost) => sum + cost.blocks, 0)
    // The walk over the newest 3,000 rows is the most of it; a whole table here has 5,000 blocks and more.
    expect(await blocks(boss, '显影组件')).toBeLessThan(4000)
    expect(await blocks(boss, '维修')).toBeLessThan(30_000)
    expect(await blocks(newcomer, '维修')).toBeLessThan(4000)
    expect(await blocks(boss, 'DB202512-0020000')).toBeLessThan(5000)
    expect(await readBy(boss, '/api/search?q=DB2025')).toBeLessThanOrEqual(60 * 2 + 120 + 100)
  })

  test('a list with words reads what was found', async () => {
    expect(await readBy(boss, '/api/task?q=显影组件')).toBeLessThanOrEqual(10)
    expect(await readBy(boss, '/api/task?q=卡纸&state=open')).toBeLessThanOrEqual(2500)
  })

  test('a tiny company beside a huge one reads its own rows only', async () => {
    for (const url of ['/api/task', '/api/task?sort=due', '/api/task?state=done', `/api/task?handler=${li.id}`,
      '/api/task/count', '/api/task/board', '/api/my-work']) {
      expect(await readBy(boss, url, small), url).toBeLessThanOrEqual(tiny * 6)
    }
    const [numbers, found] = await costs(boss, '/api/search?q=维修', small)
    expect((numbers?.blocks ?? 0) + (found?.blocks ?? 0)).toBeLessThan(4000)
  })
})

/** Runs a statement as PREPARE and EXECUTE, so that its plan knows no values, and adds up what it read of `record`. */
async function explain(client: Client, { text, values = [] }: Statement): Promise<Cost> {
  await client.query(`prepare asked as ${text}`)
  const given = values.map((value) => literal(value)).join(', ')
  const { rows } = await client.query(`explain (analyze, buffers, timing off, format json)
    execute asked${given && `(${given})`}`)
  await client.query('deallocate asked')
  const plan = (rows[0]['QUERY PLAN'] as { Plan: Node }[])[0]!.Plan
  return { read: readOf(plan), blocks: plan['Shared Hit Blocks'] + plan['Shared Read Blocks'],
    rows: plan['Actual Rows'], text }
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'number') return String(value)
  const list = Array.isArray(value) ? `{${value.map((one) => JSON.stringify(String(one))).join(',')}}` : value
  return pg.escapeLiteral(list as string)
}

/** Rows that the scans of head rows met, returned or not. */
function readOf(node: Node): number {
  const met = node['Relation Name'] !== 'record' ? 0
    : (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0))
      * node['Actual Loops']
  return (node.Plans ?? []).reduce((sum, child) => sum + readOf(child), met)
}
