import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { monday } from '../company.ts'
import { type Contracts, contractForm, contractInForce, done, openContracts, serviceLine } from '../contracts.ts'
import { storyDatabases } from '../databases.ts'
import { forms } from '../repair.ts'
import { withClient } from '../../src/server/database-roles.ts'
import { type Question, entitled } from '../../src/server/contracts/entitled.ts'
import { coverView, warrantyView } from '../../src/server/contracts/said.ts'
import { wordsOf } from '../../src/words/index.ts'

const minute = 60_000
const zh = wordsOf('zh')

describe.each(storyDatabases())('what a customer may expect, on $name', (kind) => {
  let all: Contracts
  beforeAll(async () => { all = await openContracts(kind, 's4') })
  afterAll(() => all.at.close())

  let numbers = 0
  const inForce = (more: object = {}, line: object = {}) => contractInForce(all,
    { contract_number: `QY-${numbers += 1}`, ...more }, line)
  const listed = async (machine: string, line: object = {}, more: object = {}) =>
    inForce({ covers: 'listed', covered: [{ machine }], ...more }, line)
  const ask = (more: Partial<Question>) => all.at.db.read(all.at.company.id, (reader) => entitled(all.at.ctx(all.desk), reader,
    { customer: null, machine: null, service_class: null, on: '2026-11-23', ...more }))
  const order = async (machine: string, more: object = {}) => done(await all.act(all.desk, 'repair_order', 'open', null, { machine,
    customer: all.customer, contact_name: '蔡主任', contact_phone: '13500000301', arrived_as: 'carried_in', symptom: '不开机',
    fault_frequency: 'frequent', fault_history: '昨天开始', warranty: 'out', ...more })).id

  test('a contract answers from the day it is in force, for the machines that it lists and no others', async () => {
    const [covered, other] = [await all.machine(), await all.machine()]
    done(await all.act(all.sales, 'contract', 'draft', null, contractForm(all.customer, { contract_number: 'QY-DRAFT',
      covers: 'listed', covered: [{ machine: covered }] })))
    expect((await ask({ machine: covered })).clauses).toEqual([])
    await listed(covered)
    expect((await ask({ machine: covered })).clauses).toHaveLength(1)
    expect((await ask({ machine: other })).clauses).toEqual([])
    expect((await ask({ machine: covered, on: '2025-12-31' })).clauses).toEqual([])
    expect((await ask({ machine: covered, on: '2026-12-31' })).clauses).toHaveLength(1)
    expect((await ask({ machine: covered, on: '2027-01-01' })).clauses).toEqual([])
  })

  test('only machines of the customer can be listed', async () => {
    const stranger = done(await all.act(all.desk, 'customer', 'register', null, { customer_kind: 'organisation',
      name: '别家公司', phone: '020-88880001' })).id
    const machine = await all.machine({ customer: stranger })
    const form = contractForm(all.customer, { contract_number: undefined, covers: 'listed',
      covered: [{ machine }] })
    expect(await all.act(all.sales, 'contract', 'draft', null, form)).toMatchObject({
      refusal: { fields: [{ field: 'covered.0.machine', code: 'not_an_option' }] } })
    expect(await all.act(all.sales, 'contract', 'draft', null, { ...form, covered: undefined })).toMatchObject({
      refusal: { fields: [{ field: 'covered', code: 'required' }] } })
  })

  test('S4-255 合同内外的机器建册：加入、移出都记着从哪天到哪天', async () => {
    const [first, second] = [await all.machine(), await all.machine()]
    const id = await listed(first)
    done(await all.act(all.tech, 'contract', 'cover', id, { machines: [{ machine: second }], since: '2026-11-20' }))
    expect((await ask({ machine: second, on: '2026-11-19' })).clauses).toEqual([])
    expect((await ask({ machine: second, on: '2026-11-20' })).clauses).toHaveLength(1)
    done(await all.act(all.sales, 'contract', 'uncover', id, { machine_out: first, reason: '报废' }))
    expect((await ask({ machine: first })).clauses).toEqual([])
    expect((await ask({ machine: first, on: '2026-11-22' })).clauses).toHaveLength(1)
    expect(await all.act(all.sales, 'contract', 'uncover', id, { machine_out: first, reason: '报废' })).toMatchObject({
      refusal: { fields: [{ field: 'machine_out', code: 'not_an_option' }] } })
  })

  test('an amendment holds from its day; what held before is still known', async () => {
    const machine = await all.machine()
    const id = await listed(machine, { response_minutes: 240 })
    done(await all.act(all.sales, 'contract', 'amend', id, { amended_from: '2026-11-10', reason: '升级',
      services: [serviceLine({ response_minutes: 60, calendar: 'always' })] }))
    const response = async (on: string) => (await ask({ machine, on })).figures.response?.minutes
    expect([await response('2026-11-09'), await response('2026-11-10')]).toEqual([240, 60])
  })

  test('visits are counted down by term, and a class that is not promised is refused', async () => {
    const machine = await all.machine()
    const id = await listed(machine, { visits: 2 })
    const use = (input: object) => all.act(all.tech, 'contract', 'use_visit', id, { used_class: 'maintenance',
      used_on: '2026-11-20', ...input })
    done(await use({}))
    expect((await ask({ machine })).visits).toMatchObject({ quota: 2, used: 1, left: 1 })
    done(await use({}))
    expect((await ask({ machine })).charging.travel.is).toBe('charged')
    expect(await use({ used_class: 'consulting' })).toMatchObject({ refusal: { fields: [{ field: 'used_class' }] } })
    done(await all.act(all.sales, 'contract', 'renew', id, { renewed_until: '2027-12-31' }))
    expect((await ask({ machine, on: '2027-06-01' })).visits).toMatchObject({ used: 0, left: 2 })
  })

  test('a workshop order for which an engineer was there counts once it is over', async () => {
    const machine = await all.machine({ product_kind: 'laser_printer' })
    await listed(machine, { visits: 3 })
    const [fetched, carried] = [await order(machine, { arrived_as: 'brought_back' }), await order(machine)]
    expect((await ask({ machine })).visits).toMatchObject({ used: 0, left: 3 })
    // How an order comes to its end is told elsewhere.
    await withClient(all.at.database.owner, (client) => client.query(`update record set kind = 'done'
      where id = any($1::uuid[])`, [[fetched, carried]]))
    expect((await ask({ machine })).visits).toMatchObject({ used: 1, left: 2 })
  })

  test('a contract that ends early answers until its last day', async () => {
    const machine = await all.machine()
    const id = await listed(machine)
    done(await all.act(all.boss, 'contract', 'terminate', id, { terminated_on: '2026-11-22', reason: '客户撤场' }))
    expect((await ask({ machine, on: '2026-11-22' })).clauses).toHaveLength(1)
    expect((await ask({ machine })).clauses).toEqual([])
  })

  test('it is said in one line, and the warranty in one sentence', async () => {
    const machine = await all.machine({ purchase_date: '2026-01-05', purchase_unknown: undefined })
    await listed(machine, { visits: 4, response_minutes: 240, calendar: 'always' }, { contract_number: 'HT-一行' })
    const answer = await ask({ machine })
    expect(coverView(zh, answer)?.line).toBe('合同 HT-一行 至 2026-12-31 · 上门免费 · 4 小时响应（全天候） · 本期上门第 1 次，共 4 次')
    expect(warrantyView(zh, answer.warranty!)).toMatchObject({ line: '保内 至 2027-01-05',
      sentence: '按规定从购买日期起保修 12 个月：2026-01-05 起，保到 2027-01-05（含当天）。' })
  })

  describe('figures of the contract are the limits of cases opened under it', () => {
    const printer = () => all.machine({ product_kind: 'laser_printer', brand: 'HP', model: 'M404' })
    const clocks = async (id: string) => (await all.record(all.desk, 'repair_order', id)).clocks
    const dueOf = async (id: string, clock: string) => (await clocks(id)).find((one) => one.clock === clock)

    /** Received at 10.00 on Monday; the shop is open from 8 to 18. */
    const received = async (machine: string) => {
      const id = await order(machine)
      done(await all.act(all.desk, 'repair_order', 'receive', id, { ...forms.intake(monday),
        waive: [{ guard: 'inspected', reason: '先收下' }] }))
      return id
    }

    test('without a contract the answer is due in the 4 hours of the house; with one in its own, by its own calendar', async () => {
      const plain = await received(await printer())
      expect((await dueOf(plain, 'answer'))?.due_at).toBe(new Date(monday + 240 * minute).toISOString())
      const machine = await printer()
      await listed(machine, { response_minutes: 600, calendar: 'always' })
      const id = await received(machine)
      expect((await dueOf(id, 'answer'))?.due_at).toBe(new Date(monday + 600 * minute).toISOString())
      expect((await all.record(all.desk, 'repair_order', id)).agreed).toMatch(/^按合同 QY-\d+：10 小时响应（全天候）$/)
    })

    test('a later amendment does not move a promise that is running', async () => {
      const machine = await printer()
      const contract = await listed(machine, { response_minutes: 120 })
      const id = await received(machine)
      done(await all.act(all.sales, 'contract', 'amend', contract, { amended_from: '2026-11-01', reason: '加急',
        services: [serviceLine({ response_minutes: 30 })] }))
      expect((await dueOf(id, 'answer'))?.due_at).toBe(new Date(monday + 120 * minute).toISOString())
      const next = await received(machine)
      expect((await dueOf(next, 'answer'))?.due_at).toBe(new Date(monday + 30 * minute).toISOString())
    })

    test('a task about a machine under contract has a clock of its response, one without has none', async () => {
      const machine = await printer()
      await listed(machine, { response_minutes: 90, calendar: 'always' })
      const task = async (input: object) => {
        const { id } = done(await all.act(all.desk, 'task', 'create', null, { title: '客户来电', ...input }))
        return (await all.record(all.desk, 'task', id)).clocks.find(({ clock }) => clock === 'answer')?.due_at
      }
      expect(await task({ machine, customer: all.customer })).toBe(new Date(monday + 90 * minute).toISOString())
      expect(await task({})).toBeUndefined()
    })
  })
})
