import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { monday } from '../company.ts'
import { type Contracts, done, openContracts } from '../contracts.ts'
import { storyDatabases } from '../databases.ts'

describe.each(storyDatabases())('a batch that goes out of date, on $name', (kind) => {
  let all: Contracts
  let product: string
  beforeAll(async () => {
    all = await openContracts(kind, 's0')
    product = done(await all.act(all.desk, 'product', 'register', null, { product_kind: 'reagent', brand: '鉴源',
      model: '21 位点', warranty_from: 'none' })).id
  })
  afterAll(() => all.at.close())
  afterEach(() => { all.at.app.now = monday })

  const batch = async (batch_number: string, expires_on: string) => done(await all.act(all.desk, 'batch', 'register', null,
    { product, batch_number, expires_on })).id
  const until = async (instant: string) => {
    all.at.app.now = Date.parse(instant)
    await all.later()
  }
  const state = async (id: string) => (await all.row('batch', id)).state

  test('is said to end two months before, and is out of date when its last day is over', async () => {
    const id = await batch('A1', '2027-02-28')
    expect(await all.row('batch', id)).toMatchObject({ next_due_at: '2027-02-28T16:00:00.000Z' })
    await until('2026-12-30T15:59:00Z')
    expect(await all.told(id, 'clock_warn')).toEqual([])
    await until('2026-12-30T16:00:00Z')
    expect(await all.told(id, 'clock_warn')).toEqual(['lead'])
    await until('2027-02-28T15:59:00Z')
    expect(await state(id)).toBe('released')
    await until('2027-02-28T16:00:00Z')
    expect(await state(id)).toBe('expired')
  })

  test('a day that is corrected moves its end; one that is held goes out of date as well', async () => {
    const id = await batch('A2', '2026-12-01')
    done(await all.act(all.desk, 'batch', 'edit', id, { expires_on: ['2026-12-01', '2026-12-20'] }))
    done(await all.act(all.desk, 'batch', 'hold', id, { reason: '一家反映偏弱' }))
    await until('2026-12-02T00:00:00Z')
    expect(await state(id)).toBe('held')
    await until('2026-12-20T16:00:00Z')
    expect(await state(id)).toBe('expired')
  })
})
