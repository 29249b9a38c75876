import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../src/server/config.ts'
import type { Actor } from '../src/server/context.ts'
import { type Ports, drainOutbox } from '../src/server/outbox.ts'
import { paperCode } from '../src/server/print/page.ts'
import { apiRoutes } from '../src/server/routes/index.ts'
import type { Done } from '../src/server/run.ts'
import { testDatabases } from './databases.ts'
import { type Served, serve } from './serve.ts'

const noPorts: Ports = { mail: null, printer: null, storePrint: null, publicUrl: null }

describe.each(testDatabases())('the code on a machine on $name', (kind) => {
  let served: Served
  let desk: Actor
  let customer: string

  beforeAll(async () => {
    served = await serve(kind, apiRoutes(readConfig({})))
    desk = await served.at.person('王协调', 'coordinator')
    customer = (await served.at.act(desk, 'customer', 'register', null, { customer_kind: 'organisation', name: '远景律所',
      phone: '020-87511001' }) as Done).id
  })
  afterAll(() => served.close())

  let serial = 0
  const coded = async () => {
    const { id } = await served.at.act(desk, 'machine', 'register', null, { customer, product_kind: 'laser_printer',
      brand: 'HP', model: 'LaserJet 1020', serial_number: `CNR${serial += 1}`, place: '前台', purchase_unknown: true }) as Done
    return { id, code: await paperCode(served.at.ctx(desk), id) }
  }
  let address = 0
  const from = () => `10.2.0.${address += 1}`
  const said = { reported: '按了没有反应', reporter_name: '刘女士', reporter_phone: '13800004271' }
  const report = (code: string, payload: object = said, remoteAddress = from(), headers: Record<string, string> = {}) =>
    served.server.inject({ method: 'POST', url: `/api/paper/${code}/report`, remoteAddress, payload, headers })
  const read = <T extends Record<string, unknown>>(text: string, ...values: unknown[]) =>
    served.at.db.read(served.at.company.id, (reader) => reader.query<T>({ text, values }))

  test('leads staff to the machine, and tells a stranger which one it is, not whose', async () => {
    const { code } = await coded()
    const answer = await served.server.inject({ url: `/api/paper/${code}`, remoteAddress: from() })
    expect(answer.json()).toMatchObject({ record: null, machine: { name: 'HP LaserJet 1020', serial: `CNR${serial}`,
      place: '前台', open: true } })
    for (const secret of ['远景', customer, '87511001']) expect(answer.body).not.toContain(secret)
  })

  test('a report becomes a task of the desk that knows machine, customer and whom to ring', async () => {
    const { id, code } = await coded()
    expect((await report(code)).statusCode).toBe(201)
    await drainOutbox(served.at.app, noPorts)
    expect(await read(`select r.title, r.machine, r.customer, r.team, t.detail, t.contact_name, t.contact_phone
      from record r join task t on t.company_id = r.company_id and t.id = r.id where r.parent = $1`, id)).toEqual([
      { title: `扫码报修：HP LaserJet 1020 CNR${serial}`, machine: id, customer, team: 'coordinator', detail: '按了没有反应',
        contact_name: '刘女士', contact_phone: '13800004271' }])
    expect(await read(`select actor_kind, via from event where record_id = $1 and action = 'report'`, id)).toEqual([
      { actor_kind: 'contact', via: 'link' }])
  })

  test('what is missing is named; nothing else of the machine can be touched', async () => {
    const { code } = await coded()
    const answer = await report(code, { reporter_name: '刘女士' })
    expect(answer.statusCode).toBe(422)
    expect(answer.json().error.fields.map(({ field }: { field: string }) => field)).toEqual(['reported', 'reporter_phone'])
    expect((await report(code, { ...said, remark: '改写' })).statusCode).toBe(422)
  })

  test('the same report sent twice is one', async () => {
    const { id, code } = await coded()
    const key = { 'idempotency-key': 'report-key-0001' }
    const statuses = [await report(code, said, from(), key), await report(code, said, from(), key)]
    expect(statuses.map(({ statusCode }) => statusCode)).toEqual([201, 201])
    expect(await read(`select 1 as one from event where record_id = $1 and action = 'report'`, id)).toHaveLength(1)
  })

  test('after a few reports the code rests, whoever sends them; so does an address with many codes', async () => {
    const { code } = await coded()
    const statuses: number[] = []
    for (let n = 0; n < 5; n += 1) statuses.push((await report(code)).statusCode)
    expect(statuses).toEqual([201, 201, 201, 201, 429])
    const here = from()
    const codes = [await coded(), await coded(), await coded(), await coded(), await coded()]
    const many: number[] = []
    for (const one of codes) many.push((await report(one.code, said, here)).statusCode)
    expect(many.at(-1)).toBe(429)
  })

  test('a machine that is retired takes no report, and a code of another paper neither', async () => {
    const { id, code } = await coded()
    await served.at.act(desk, 'machine', 'retire', id, { reason: '报废' })
    expect((await served.server.inject({ url: `/api/paper/${code}`, remoteAddress: from() })).json().machine.open).toBe(false)
    expect((await report(code)).statusCode).toBe(409)
    const task = await served.at.act(desk, 'task', 'create', null, { title: '别的纸' }) as Done
    expect((await report(await paperCode(served.at.ctx(desk), task.id))).statusCode).toBe(404)
    expect((await report('0123456789ABCDEF')).statusCode).toBe(404)
  })
})
