import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../src/server/context.ts'
import { withClient } from '../src/server/database-roles.ts'
import type { Statement } from '../src/server/db.ts'
import { buildServer } from '../src/server/http.ts'
import { customerRoutes } from '../src/server/routes/customers.ts'
import type { CustomerFileView, TimelineView } from '../src/server/views.ts'
import { type CareCompany, day, openCareCompany } from './care.ts'
import { monday } from './company.ts'
import { testDatabases } from './databases.ts'
import { analyse, loadManyCases } from './many-cases.ts'

const many = 10_000

/** The page of a customer with ten thousand cases: what it shows, and that it reads a page, not the customer. */
describe.each(testDatabases())('the page of a customer on $name', (kind) => {
  let at: CareCompany
  let server: FastifyInstance
  let asking: Actor
  let customer: string
  let visits: string[]

  beforeAll(async () => {
    at = await openCareCompany(kind, 's3')
    server = await buildServer(at.app, { authenticate: async () => at.ctx(asking), routes: [customerRoutes] })
    at.app.now = monday - 100 * day
    customer = await at.customer({ contact_name: '季科长', contact_phone: '13500000501' })
    await loadManyCases(at.database.superuser, at.company.id, many, [at.desk.id!, at.engineer.id!],
      { quick: true, unsearched: true })
    await withClient(at.database.superuser, (client) => client.query(
      `update record set customer = $1 where process = 'task'`, [customer]))
    visits = []
    for (let n = 0; n < 3; n += 1) {
      at.app.now = monday - (90 - n) * day
      const { id } = await at.ok(at.desk, 'plan', 'care_visit', null, { customer, title: `第${n}次` })
      await at.ok(at.desk, 'hold', 'care_visit', id, { means: 'phone', met_whom: '季科长', content: `谈了第${n}次` })
      visits.unshift(id)
    }
    at.app.now = monday
    await at.ok(at.desk, 'note', 'customer', customer, { note: '明年搬家' })
    await at.ok(at.desk, 'plan', 'care_visit', null, { customer, title: '约好的', planned_at: '2026-11-30T18:00:00+08:00' })
    await analyse(at.database.superuser)
  }, 120_000)
  afterAll(async () => {
    await server.close()
    await at.close()
  })

  const get = async <T>(url: string, who = at.boss): Promise<T> => {
    asking = who
    const answer = await server.inject({ url })
    expect(answer.statusCode, answer.body).toBe(200)
    return answer.json() as T
  }
  const timeline = (query = '', who = at.boss) => get<TimelineView>(`/api/customers/${customer}/timeline${query}`, who)

  test('one timeline, newest first, each thing once, page after page', async () => {
    const seen: string[] = []
    let last = '9999'
    let cursor: string | null = null
    for (let pages = 0; pages < 20; pages += 1) {
      const answer: TimelineView = await timeline(cursor ? `?cursor=${cursor}` : '')
      for (const { id, at: when, label } of answer.entries) {
        expect(when <= last).toBe(true)
        last = when
        seen.push(`${id} ${label} ${when}`)
      }
      cursor = answer.cursor
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.length).toBe(20 * 30)
    const newest = await at.db.read(at.company.id, (reader) => reader.query<{ id: string }>({
      text: `select id from record where customer = $1 order by opened_at desc, id desc limit 600`, values: [customer] }))
    const shown = seen.filter((one) => !one.includes('记一笔')).map((one) => one.split(' ')[0])
    expect(shown).toEqual(newest.slice(0, shown.length).map(({ id }) => id))
  })

  test('visits among ten thousand other cases are found at once, with what was said', async () => {
    const { entries, cursor } = await timeline('?show=visits')
    expect(entries.slice(1).map(({ id }) => id)).toEqual(visits)
    expect(entries[1]).toMatchObject({ text: '谈了第2次', who: '王协调', state: { name: 'done' } })
    expect(cursor).toBeNull()
  })

  test('what was done to the file itself is there by itself: notes, and who made it', async () => {
    const { entries, cursor } = await timeline('?show=notes')
    expect(entries.map(({ label, text }) => [label, text])).toEqual([['记一笔', '明年搬家'], ['新增客户', '季科长']])
    expect(cursor).toBeNull()
  })

  test('nobody reads cases that are not theirs', async () => {
    const stranger = await at.person('仓库', 'storekeeper')
    const { entries } = await timeline('', stranger)
    expect(entries.filter(({ process }) => process === 'task' || process === 'care_visit')).toEqual([])
  })

  test('wrong questions are told; another company’s customer is not there', async () => {
    asking = at.boss
    for (const query of ['?show=all&cursor=x', '?show=secrets']) {
      expect((await server.inject({ url: `/api/customers/${customer}/timeline${query}` })).statusCode).toBe(422)
    }
    expect((await server.inject({ url: `/api/customers/${visits[0]}/timeline` })).statusCode).toBe(404)
  })

  test('the head of the page: people, places, what is due next', async () => {
    await at.ok(at.desk, 'register', 'site', null, { customer, name: '机房', coordinates: '113.1,23.2' })
    const file = await get<CustomerFileView>(`/api/customers/${customer}/file`)
    expect(file.contacts).toMatchObject([{ name: '季科长' }])
    expect(file.sites).toMatchObject([{ name: '机房', latitude: 23.2, longitude: 113.1 }])
    const dues = file.due.map(({ next_due_at }) => next_due_at!)
    expect(dues).toEqual([...dues].sort())
    expect(dues.length).toBe(8)
    expect(file.owed).toEqual({ fen: 0, orders: 0 })
  })

  /** Rows of head rows that the statements of a page meet, as prepared statements run. */
  const rowsRead = async (url: string): Promise<number> => {
    const sent: Statement[] = []
    const stop = at.db.watch((statement) => { sent.push(statement) })
    await get(url)
    stop()
    return withClient(at.database.app, async (client) => {
      await client.query('begin')
      await client.query(`select set_config('app.company', $1, true)`, [String(at.company.id)])
      await client.query('set local plan_cache_mode = force_generic_plan')
      let read = 0
      for (const { text, values = [] } of sent.filter((one) => /\brecord\b/.test(one.text))) {
        await client.query(`prepare asked as ${text}`)
        const { rows } = await client.query(`explain (analyze, timing off, format json) execute asked${
          values.length > 0 ? `(${values.map((_v, index) => `$${index + 1}`).join(', ')})` : ''}`
          .replace(/\$(\d+)/g, (_m, index) => literal(values[Number(index) - 1])))
        await client.query('deallocate asked')
        read += headsIn(rows[0]['QUERY PLAN'][0].Plan)
      }
      await client.query('rollback')
      return read
    })
  }

  test.each([['?show=all', 1000], ['?show=visits', 100], ['?show=documents', 50], ['?show=notes', 50]])(
    'plans: %s reads at most %i heads', async (query, most) => {
      expect(await rowsRead(`/api/customers/${customer}/timeline${query}`)).toBeLessThanOrEqual(most)
    })
})

type Node = { 'Relation Name'?: string; 'Actual Rows': number; 'Actual Loops': number; 'Rows Removed by Filter'?: number
  Plans?: Node[] }
const headsIn = (node: Node): number => (node.Plans ?? []).reduce((sum, child) => sum + headsIn(child),
  node['Relation Name'] === 'record'
    ? (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'] : 0)

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  const text = Array.isArray(value) ? `{${value.map((one) => JSON.stringify(String(one))).join(',')}}` : String(value)
  return `'${text.replaceAll('\'', '\'\'')}'`
}
