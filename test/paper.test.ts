import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readConfig } from '../src/server/config.ts'
import type { Actor } from '../src/server/context.ts'
import { paperCode } from '../src/server/print/page.ts'
import { apiRoutes } from '../src/server/routes/index.ts'
import type { Outcome } from '../src/server/run.ts'
import { testDatabases } from './databases.ts'
import { type Served, serve } from './serve.ts'

const minute = 60_000
const hour = 60 * minute

describe.each(testDatabases())('the code on a printed page on $name', (kind) => {
  let served: Served
  let coordinator: Actor
  let storekeeper: Actor
  let orders = 0
  let order: string
  let code: string

  const id = (outcome: Outcome): string => {
    expect(outcome).toMatchObject({ ok: true })
    return (outcome as { id: string }).id
  }
  const by = (process: string, action: string, input: object) =>
    served.at.act(coordinator, process, action, null, input).then(id)
  beforeAll(async () => {
    served = await serve(kind, apiRoutes(readConfig({})))
    coordinator = await served.at.person('王协调', 'coordinator')
    storekeeper = await served.at.person('郑库管', 'storekeeper')
  })
  afterAll(() => served.close())
  beforeEach(async () => {
    orders += 1
    const customer = await by('customer', 'register', { customer_kind: 'organisation', name: `远景律所${orders}`,
      phone: `020-8751${1000 + orders}`, settlement: 'cash' })
    const machine = await by('machine', 'register', { customer, product_kind: 'laser_printer', brand: 'HP',
      model: 'LaserJet 1020', serial_number: `CNC${20_000 + orders}`, purchase_unknown: true })
    order = await by('repair_order', 'open', { customer, machine, contact_name: '刘女士', contact_phone: '138 0000 4271',
      arrived_as: 'carried_in', symptom: '卡纸', fault_frequency: 'frequent', fault_history: '上周开始', warranty: 'out' })
    code = await paperCode(served.at.ctx(coordinator), order)
  })

  let address = 0
  const visitor = (from = `10.1.0.${address += 1}`) => ({
    look: (what = code) => served.server.inject({ method: 'GET', url: `/api/paper/${what}`, remoteAddress: from }),
    say: (digits: unknown, what = code) => served.server.inject({ method: 'POST', url: `/api/paper/${what}`,
      remoteAddress: from, payload: { digits } }),
  })

  test('tells a stranger whose page it is, and nothing of the case', async () => {
    const answer = await visitor().look()
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toEqual({ shop: expect.objectContaining({ name: served.at.company.name, phone: '' }),
      record: null })
    for (const secret of [order, '远景', '刘', '4271', 'LaserJet']) expect(answer.body).not.toContain(secret)
    const typed = await visitor().look(`${code.slice(0, 4).toLowerCase()}-${code.slice(4)}`)
    expect(typed.json()).toEqual(answer.json())
  })

  test('leads people of the company to the record, if it exists for them', async () => {
    const shown = await served.ask(coordinator, 'GET', `/api/paper/${code}`)
    expect(shown.json()).toMatchObject({ record: { process: 'repair_order', id: order } })
    const task = await by('task', 'create', { title: '只给协调员看' })
    const hidden = await paperCode(served.at.ctx(coordinator), task)
    expect((await served.ask(coordinator, 'GET', `/api/paper/${hidden}`)).json())
      .toMatchObject({ record: { process: 'task', id: task } })
    expect((await served.ask(storekeeper, 'GET', `/api/paper/${hidden}`)).json()).toMatchObject({ record: null })
    const contact: Actor = { kind: 'contact', id: null, name: '', roles: ['customer'],
      link: { record: order, actions: [] } }
    expect((await served.ask(contact, 'GET', `/api/paper/${code}`)).json()).toMatchObject({ record: null })
  })

  test.each([['of the order', () => '4271'], ['of the customer', () => String(1000 + orders)]])(
    'says how far it is for the last digits of the number %s', async (_whose, digits) => {
      const answer = await visitor().say(digits())
      expect(answer.statusCode, answer.body).toBe(200)
      expect(Object.keys(answer.json()).sort()).toEqual(['changed_at', 'label', 'state_words'])
      expect(answer.json().state_words).toMatch(/[一-鿿]/)
    })

  test('wrong digits are named, and what is no four digits is not counted', async () => {
    const guest = visitor()
    expect((await guest.say('0000')).json()).toMatchObject({ error: { code: 'bad_input',
      fields: [{ field: 'digits', code: 'wrong_code' }] } })
    for (const odd of ['42710', '427', '4271; --', '４２７１', 'abcd', '%%%%']) {
      expect((await guest.say(odd)).json()).toMatchObject({ error: { fields: [{ code: 'bad_format' }] } })
    }
    expect((await guest.say(4271)).statusCode).toBe(422)
    expect((await guest.say('4271')).statusCode).toBe(200)
  })

  test('guessing at one paper ends soon, from wherever it is tried, and only there', async () => {
    for (let n = 0; n < 5; n += 1) expect((await visitor().say(`000${n}`)).statusCode).toBe(422)
    const locked = await visitor().say('4271')
    expect(locked.statusCode).toBe(429)
    expect(locked.headers['retry-after']).toBe('60')
    expect(locked.json()).toMatchObject({ error: { code: 'locked_out' } })
    expect((await visitor().look()).statusCode).toBe(200)
    served.at.app.now += minute + 1
    expect((await visitor().say('4271')).statusCode).toBe(200)
  })

  test('a day of guessing at one paper is some thirty guesses', async () => {
    let guesses = 0
    const begun = served.at.app.now
    for (; served.at.app.now < begun + 24 * hour; served.at.app.now += 5 * minute) {
      while ((await visitor().say('0000')).statusCode === 422) guesses += 1
    }
    served.at.app.now = begun
    expect(guesses).toBeGreaterThan(20)
    expect(guesses).toBeLessThan(40)
  })

  test('codes that do not exist are counted for the address that tries them', async () => {
    const guest = visitor()
    for (let n = 0; n < 10; n += 1) expect((await guest.look(`XXXXXXXXXXXXXX${10 + n}`)).statusCode).toBe(404)
    for (let n = 0; n < 10; n += 1) expect((await guest.look(`不是号码${n}`)).statusCode).toBe(404)
    expect((await guest.look()).statusCode).toBe(429)
    expect((await visitor().look()).statusCode).toBe(200)
  })

  test('a record that no number belongs to opens for no digits', async () => {
    const task = await by('task', 'create', { title: '打电话 13800004271' })
    const paper = await paperCode(served.at.ctx(coordinator), task)
    expect((await visitor().look(paper)).statusCode).toBe(200)
    expect((await visitor().say('4271', paper)).statusCode).toBe(422)
  })
})
