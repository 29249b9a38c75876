import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../src/server/config.ts'
import type { Actor } from '../src/server/context.ts'
import { withClient } from '../src/server/database-roles.ts'
import { openRefusedBook, sweepRefused } from '../src/server/refused.ts'
import { flowOfAll, rebuildFlow } from '../src/server/reports/flow-check.ts'
import { apiRoutes } from '../src/server/routes/index.ts'
import { startIndexer } from '../src/server/search/indexer.ts'
import { drainTimers } from '../src/server/timers.ts'
import type { FlowView, ReportCaseView } from '../src/server/views.ts'
import { monday } from './company.ts'
import { testDatabases } from './databases.ts'
import { type Served, serve } from './serve.ts'

const hour = 3_600_000

describe.each(testDatabases())('what really happens in a process, on $name', (kind) => {
  let served: Served
  let boss: Actor
  let li: Actor
  let sun: Actor
  const ids: string[] = []

  const fold = async () => {
    const indexer = startIndexer(served.at.app, { every: 60_000 })
    await indexer.drain()
    await indexer.stop()
  }
  const post = async (who: Actor, id: string | null, action: string, form: object = {}) => {
    const answer = await served.ask(who, 'POST', id === null ? '/api/task' : `/api/task/${id}/${action}`, form)
    return answer.json() as { id: string; error?: { code: string } }
  }
  const flow = async (query = '', who = boss) =>
    (await served.ask(who, 'GET', `/api/reports/flow/task?${query}`)).json() as FlowView
  const behind = async (query: string) => ((await served.ask(boss, 'GET', `/api/reports/flow/task/cases?${query}`)).json() as
    { cases: ReportCaseView[] }).cases
  const step = (view: FlowView, action: string) => view.steps.filter((one) => one.action === action)

  beforeAll(async () => {
    served = await serve(kind, apiRoutes(readConfig({})))
    const book = openRefusedBook(served.at.app)
    served.at.app.refused = book.note
    boss = await served.at.person('陈经理', 'manager')
    li = await served.at.person('李工', 'bench_engineer')
    sun = await served.at.person('孙工', 'coordinator')
    served.at.app.now = monday
    for (let n = 0; n < 3; n += 1) ids.push((await post(boss, null, 'create', { title: `回电 ${n}`, team: 'bench_engineer' })).id)
    served.at.app.now = monday + hour
    for (const id of ids) await post(li, id, 'take')
    served.at.app.now = monday + 3 * hour
    await post(li, ids[0]!, 'finish', { result: '好了' })
    // Somebody else's is refused; with a reason a supervisor may.
    expect((await post(sun, ids[1]!, 'finish', { result: '好了' })).error).toMatchObject({ code: 'guard' })
    expect((await post(boss, ids[0]!, 'drop', { reason: '不做了' })).error).toMatchObject({ code: 'wrong_state' })
    await served.ask(boss, 'POST', `/api/task/${ids[1]}/finish`, { result: '替他办完',
      waive: [{ guard: 'is_handler', reason: '李工出差' }] })
    served.at.app.now = monday + 5 * hour
    await post(boss, ids[0]!, 'reopen', { reason: '客户又来电' })
    served.at.app.now = monday + 6 * hour
    await post(li, ids[0]!, 'finish', { result: '真的好了' })
    await book.flush()
    await fold()
  })
  afterAll(() => served.close())

  test('steps are counted with the time that cases had stood before them', async () => {
    const view = await flow()
    expect(view.cases).toMatchObject({ begun: 3, ended: 2, open: 1 })
    expect(step(view, 'create')).toMatchObject([{ from: '', to: 'open', n: 3 }])
    expect(step(view, 'take')).toMatchObject([{ from: 'open', to: 'taken', n: 3, mean_ms: hour }])
    const [finish] = step(view, 'finish')
    expect(finish).toMatchObject({ n: 3, mean_ms: Math.round((2 + 2 + 1) * hour / 3), again: 1, waived: 1 })
    expect(Math.abs(finish!.median_ms - 2 * hour) / (2 * hour)).toBeLessThan(0.05)
    expect(view.states.find(({ name }) => name === 'taken')).toMatchObject({ entered: 4, again: 1, here: 1 })
  })

  test('what differs from the written way is counted and opens its cases', async () => {
    const view = await flow()
    expect([view.again, view.waived]).toEqual([2, 1])
    expect(view.refused.map(({ action, code, what, n }) => [action, code, what, n]).sort()).toEqual([
      ['drop', 'wrong_state', '', 1], ['finish', 'guard', 'is_handler', 1]])
    expect((await behind('behind=again')).map(({ id }) => id)).toEqual([ids[0]])
    expect(await behind('behind=waived')).toMatchObject([{ id: ids[1], note: expect.stringContaining('李工出差') }])
    expect(await behind('behind=refused&action=finish')).toMatchObject([{ id: ids[1],
      note: expect.stringContaining('孙工') }])
    expect(await behind('behind=step&action=take&from_state=open&to_state=taken')).toHaveLength(3)
    expect(view.ways.shown.map(({ path, n }) => [path, n])).toEqual([['open>taken', 1], ['open>taken>done', 1],
      ['open>taken>done>taken>done', 1]])
    expect((await behind('behind=way&path=open>taken>done')).map(({ id }) => id)).toEqual([ids[1]])
  })

  test('it is narrowed to a time and a person', async () => {
    expect(step(await flow(`person=${li.id}`), 'finish')).toMatchObject([{ n: 2 }])
    expect((await flow('from=2026-11-24')).steps).toEqual([])
    // By whole weeks and by days the same comes out.
    expect((await flow('from=2026-11-23&to=2026-11-29')).steps).toEqual((await flow('from=2026-11-23&to=2026-11-28')).steps)
    expect((await flow('to=2026-11-23')).cases.begun).toBe(3)
    // A person is summed by weeks: the whole week of the day that is asked for, and it says so.
    const week = await flow(`person=${li.id}&from=2026-11-25`)
    expect([week.from, step(week, 'finish')[0]?.n]).toEqual(['2026-11-23', 2])
  })

  test('a clock that runs out is late, and its case is named', async () => {
    served.at.app.now = monday + 60 * 24 * hour
    while (await drainTimers(served.at.app) > 0) { /* until nothing strikes */ }
    await fold()
    expect((await flow()).late).toBe(1)
    expect((await behind('behind=late')).map(({ id }) => id)).toEqual([ids[2]])
  })

  test('the sums equal the events, and can be made again from them', async () => {
    const examined = () => withClient(served.at.database.owner, (client) => flowOfAll(client, served.at.app))
    expect(await examined()).toMatchObject({ found: 0 })
    const before = await flow()
    await rebuildFlow(served.at.app, served.at.company.id)
    expect((await flow()).steps).toEqual([])
    await fold()
    expect(await flow()).toEqual(before)
    expect(await examined()).toMatchObject({ found: 0 })
  })

  test('a product is summed by itself, and can be picked where there is one', async () => {
    const desk = await served.at.person('王协调', 'coordinator')
    const ask = async (url: string, form: object) => (await served.ask(desk, 'POST', url, form)).json() as { id: string }
    const { id: customer } = await ask('/api/customer', { customer_kind: 'organisation', name: '远景律所', phone: '02087511234' })
    for (const product_kind of ['laser_printer', 'pc', 'pc']) {
      const { id: machine } = await ask('/api/machine', { customer, product_kind, model: 'M1', serial_note: 'none',
        purchase_unknown: true })
      await ask('/api/repair_order', { customer, machine, contact_name: '刘女士', contact_phone: '13800000001',
        arrived_as: 'carried_in', symptom: '不开机', warranty: 'out' })
    }
    await fold()
    const of = async (query: string) =>
      (await served.ask(boss, 'GET', `/api/reports/flow/repair_order?${query}`)).json() as FlowView
    const all = await of('')
    expect(all.products).toEqual([{ name: 'laser_printer', label: '激光打印机' }, { name: 'pc', label: '台式电脑' }])
    expect(all.people.map(({ name }) => name)).toEqual(['王协调'])
    expect([all, await of('product=pc')].map(({ cases }) => cases.begun)).toEqual([3, 2])
    const both = await served.ask(boss, 'GET', `/api/reports/flow/repair_order?product=pc&person=${li.id}`)
    expect(both.statusCode).toBe(422)
  })

  test('who sees only their own records sees no sums of everybody’s', async () => {
    expect((await served.ask(li, 'GET', '/api/reports/flow/task')).statusCode).toBe(404)
    expect((await served.ask(li, 'GET', '/api/reports/flow/task/cases?behind=again')).statusCode).toBe(404)
  })

  test('refusals go when they are old, and there are never too many', async () => {
    served.at.app.now = monday + 500 * 24 * hour
    await sweepRefused(served.at.app)
    expect((await flow()).refused).toEqual([])
  })
})
