import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { monday } from '../company.ts'
import { storyDatabases } from '../databases.ts'
import { type Contracts, contractInForce, done, openContracts } from '../contracts.ts'
import { entitled } from '../../src/server/contracts/entitled.ts'

describe.each(storyDatabases())('a contract that goes on by itself, on $name', (kind) => {
  let all: Contracts
  beforeAll(async () => { all = await openContracts(kind, 's1') })
  afterAll(() => all.at.close())
  afterEach(() => { all.at.app.now = monday })

  const automatic = (more: object = {}, line: object = {}) => contractInForce(all, { contract_number: undefined,
    renewal: 'automatic', ...more }, line)
  const until = async (instant: string) => {
    all.at.app.now = Date.parse(instant)
    await all.later()
  }
  const happened = async (id: string, ...actions: string[]) => (await all.read(
    'select action from event where record_id = $1 and action = any($2::text[]) order by seq', id, actions))
    .map(({ action }) => action)
  const clauses = (id: string) => all.read(`select valid_from::text as from, valid_until::text as until from contract_clause
    where contract = $1 order by valid_from`, id)
  const ask = (machine: string, on: string) => all.at.db.read(all.at.company.id, (reader) =>
    entitled(all.at.ctx(all.desk), reader, { customer: null, machine, service_class: null, on }))

  test('sixty days before its end the salesperson is told; on the day after its last one the next term begins', async () => {
    const id = await automatic({ starts_on: '2026-03-01', ends_on: '2027-02-28' })
    await until('2026-12-30T00:59:00Z')
    expect(await all.told(id, 'contract_renews')).toEqual([])
    await until('2026-12-30T01:00:00Z')
    expect(await all.told(id, 'contract_renews')).toEqual(['lead', 'sales'])
    expect(await all.row('contract', id)).toMatchObject({ state: 'active', ends_on: '2027-02-28' })
    await until('2027-02-28T15:59:00Z')
    expect(await happened(id, 'renew_by_itself', 'expire')).toEqual([])
    await until('2027-02-28T16:00:00Z')
    expect(await happened(id, 'renew_by_itself', 'expire')).toEqual(['renew_by_itself'])
    expect(await all.row('contract', id)).toMatchObject({ state: 'active', ends_on: '2028-02-29',
      ends_at: '2028-02-29T16:00:00.000Z', renew_by_at: '2027-12-31T01:00:00.000Z', term_nth: 2 })
    expect(await clauses(id)).toEqual([{ from: '2026-03-01', until: '2027-02-28' }, { from: '2027-03-01', until: '2028-02-29' }])
    expect(await all.told(id, 'contract_renewed')).toEqual(['lead', 'sales'])
    // Told of each term anew, and nothing more happens until then.
    await until('2027-12-31T01:00:00Z')
    expect(await all.told(id, 'contract_renews')).toEqual(['lead', 'lead', 'sales', 'sales'])
    expect(await happened(id, 'renew_by_itself')).toHaveLength(1)
  })

  test('the clocks say so without calling it late', async () => {
    const id = await automatic({ starts_on: '2026-03-01', ends_on: '2027-02-28' })
    await until('2027-01-20T01:00:00Z')
    const { clocks } = await all.record(all.sales, 'contract', id)
    expect(clocks.map(({ clock }) => clock)).toEqual(expect.arrayContaining(['next_term', 'renewal_notice']))
    expect(clocks.filter(({ state }) => state === 'late').map(({ clock }) => clock)).not.toEqual(
      expect.arrayContaining(['next_term']))
    expect(await all.told(id, 'clock_overdue')).not.toContain('boss')
  })

  test('declined in time it ends as any other', async () => {
    const id = await automatic({ starts_on: '2026-03-01', ends_on: '2027-02-28' })
    await until('2026-12-30T01:00:00Z')
    done(await all.act(all.sales, 'contract', 'decline_renewal', id, { reason: '客户换了供应商' }))
    await until('2027-03-20T00:00:00Z')
    expect(await all.row('contract', id)).toMatchObject({ state: 'expired', ends_on: '2027-02-28', renewal: 'none' })
    expect(await happened(id, 'renew_by_itself')).toEqual([])
    expect(await all.act(all.sales, 'contract', 'decline_renewal', id, { reason: '再说一次' })).toMatchObject({
      refusal: { code: 'wrong_state' } })
  })

  test('one that is to be talked about, or ends, never goes on by itself', async () => {
    for (const renewal of ['talk', 'none']) {
      const id = await automatic({ starts_on: '2026-03-01', ends_on: '2027-02-28', renewal })
      await until('2027-03-20T00:00:00Z')
      expect(await all.row('contract', id)).toMatchObject({ state: 'expired' })
      expect(await happened(id, 'renew_by_itself', 'announce_renewal')).toEqual([])
      all.at.app.now = monday
    }
  })

  test('slept through: once for each term that ended meanwhile, without a gap', async () => {
    const id = await automatic({ starts_on: '2026-09-01', ends_on: '2026-11-30' })
    all.at.app.now = Date.parse('2027-07-15T03:00:00Z')
    await Promise.all([all.later(), all.later()])
    await all.later()
    expect(await happened(id, 'renew_by_itself')).toEqual(['renew_by_itself', 'renew_by_itself', 'renew_by_itself'])
    expect(await clauses(id)).toEqual([['2026-09-01', '2026-11-30'], ['2026-12-01', '2027-02-28'], ['2027-03-01', '2027-05-31'],
      ['2027-06-01', '2027-08-31']].map(([from, to]) => ({ from, until: to })))
    expect(await all.row('contract', id)).toMatchObject({ state: 'active', ends_on: '2027-08-31', term_nth: 4 })
  })

  test('an agreement between its end and the machine’s turn goes first', async () => {
    const id = await automatic({ starts_on: '2026-09-01', ends_on: '2026-11-30' })
    all.at.app.now = Date.parse('2026-12-02T03:00:00Z')
    // The clock has struck, its effect waits; meanwhile somebody renews.
    await all.strike()
    done(await all.act(all.sales, 'contract', 'renew', id, { renewed_until: '2027-11-30' }))
    await all.later()
    expect(await happened(id, 'renew_by_itself', 'renew')).toEqual(['renew'])
    expect(await all.row('contract', id)).toMatchObject({ ends_on: '2027-11-30', term_from: '2026-12-02', term_nth: 1 })
  })

  test('an expiry that waits gives way to a renewal as well', async () => {
    const id = await automatic({ starts_on: '2026-09-01', ends_on: '2026-11-30', renewal: 'talk' })
    all.at.app.now = Date.parse('2026-12-02T03:00:00Z')
    await all.strike()
    done(await all.act(all.sales, 'contract', 'renew', id, { renewed_until: '2027-11-30' }))
    await all.later()
    expect(await all.row('contract', id)).toMatchObject({ state: 'active', ends_on: '2027-11-30' })
  })

  test('after an agreed term of another length the next one is as long as that', async () => {
    const id = await automatic({ starts_on: '2026-01-01', ends_on: '2026-12-31' })
    done(await all.act(all.sales, 'contract', 'renew', id, { renewed_until: '2027-06-30' }))
    await until('2027-07-01T03:00:00Z')
    expect(await all.row('contract', id)).toMatchObject({ state: 'active', ends_on: '2027-12-31', term_from: '2027-01-01' })
  })

  test('the quota of visits begins anew; an open case keeps what it was opened under', async () => {
    const machine = await all.machine()
    const id = await automatic({ starts_on: '2026-01-01', ends_on: '2026-11-30', covers: 'listed', covered: [{ machine }] },
      { visits: 2, response_minutes: 60, calendar: 'always' })
    done(await all.act(all.tech, 'contract', 'use_visit', id, { used_class: 'maintenance', used_on: '2026-11-20' }))
    all.at.app.now = Date.parse('2026-11-30T12:00:00Z')
    const task = done(await all.act(all.desk, 'task', 'create', null, { title: '客户来电', machine, customer: all.customer })).id
    const before = (await all.record(all.desk, 'task', task)).clocks.find(({ clock }) => clock === 'answer')
    expect(before?.due_at).toBe('2026-11-30T13:00:00.000Z')
    await until('2026-11-30T16:00:00Z')
    const after = (await all.record(all.desk, 'task', task))
    expect(after.clocks.find(({ clock }) => clock === 'answer')?.due_at).toBe('2026-11-30T13:00:00.000Z')
    expect((await ask(machine, '2026-11-30')).visits).toMatchObject({ used: 1, left: 1 })
    expect((await ask(machine, '2026-12-01')).visits).toMatchObject({ used: 0, left: 2 })
    expect((await all.row('contract', id)).ends_on).toBe('2027-10-31')
  })

  test('inspections that had run out with the term go on', async () => {
    const id = await automatic({ starts_on: '2026-09-01', ends_on: '2026-11-30' }, { includes: ['inspection'], inspection_months: 3 })
    expect(await all.row('contract', id)).toMatchObject({ inspection_on: null })
    await until('2026-11-30T16:00:00Z')
    expect(await all.row('contract', id)).toMatchObject({ inspection_on: null, ends_on: '2027-02-28' })
    const yearly = await automatic({ starts_on: '2025-12-01', ends_on: '2026-11-30' }, { includes: ['inspection'], inspection_months: 6 })
    await until('2026-12-01T00:00:00Z')
    expect(await all.row('contract', yearly)).toMatchObject({ inspection_on: '2027-06-01' })
  })
})
