import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabases } from '../databases.ts'
import { type Contracts, contractForm, contractInForce, done, openContracts } from '../contracts.ts'

describe.each(testDatabases())('a contract on $name', (kind) => {
  let all: Contracts

  beforeAll(async () => { all = await openContracts(kind, 's1') })
  afterAll(() => all.at.close())

  const draft = (more: object = {}, line: object = {}) => all.act(all.sales, 'contract', 'draft', null,
    contractForm(all.customer, { contract_number: undefined, ...more }, line))

  test('it is drafted, submitted, approved and put in force; each step by its own people', async () => {
    const { id } = done(await draft())
    expect(await all.act(all.tech, 'contract', 'submit', id)).toMatchObject({ refusal: { code: 'wrong_role' } })
    expect(await all.act(all.boss, 'contract', 'approve', id)).toMatchObject({ refusal: { code: 'wrong_state' } })
    done(await all.act(all.sales, 'contract', 'submit', id))
    done(await all.act(all.boss, 'contract', 'send_back', id, { reason: '没写到场时间' }))
    done(await all.act(all.sales, 'contract', 'submit', id))
    expect(await all.act(all.sales, 'contract', 'approve', id)).toMatchObject({ refusal: { code: 'wrong_role' } })
    done(await all.act(all.boss, 'contract', 'approve', id))
    expect(await all.row('contract', id)).toMatchObject({ state: 'approved', title: '滨江市档案馆 维护合同' })
  })

  test('it ends after it begins, and a number on paper is one contract', async () => {
    expect(await draft({ starts_on: '2026-12-31', ends_on: '2026-12-30' })).toMatchObject({
      refusal: { code: 'bad_input', fields: [{ field: 'ends_on', code: 'not_an_option' }] } })
    done(await draft({ contract_number: 'FW-2026/01' }))
    expect(await draft({ contract_number: 'fw 2026 01' })).toMatchObject({
      refusal: { fields: [{ field: 'contract_number', code: 'taken' }] } })
  })

  test('on the day after its last it has expired; until then the next term is talked about', async () => {
    const before = all.at.app.now
    const id = await contractInForce(all, { contract_number: undefined, ends_on: '2027-02-28' })
    const row = await all.row('contract', id)
    expect(row.ends_at).toBe('2027-02-28T16:00:00.000Z')
    // 60 days before: from then on it is late, and says so.
    expect(row.renew_by_at).toBe('2026-12-30T01:00:00.000Z')
    all.at.app.now = Date.parse('2027-02-28T15:59:00Z')
    await all.later()
    expect(await all.row('contract', id)).toMatchObject({ state: 'active' })
    all.at.app.now = Date.parse('2027-02-28T16:00:00Z')
    await all.later()
    expect(await all.row('contract', id)).toMatchObject({ state: 'expired', kind: 'done' })
    expect((await all.notices('contract_expired')).map(({ who }) => who)).toEqual(expect.arrayContaining(['sales', 'lead']))
    done(await all.act(all.sales, 'contract', 'renew', id, { renewed_until: '2028-02-28' }))
    expect(await all.row('contract', id)).toMatchObject({ state: 'active', ends_on: '2028-02-28' })
    all.at.app.now = before
  })
})
