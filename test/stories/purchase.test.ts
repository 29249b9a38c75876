import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../../src/server/context.ts'
import { loadCase } from '../../src/server/case.ts'
import { readRecord } from '../../src/server/record-view.ts'
import { usualAnswers } from '../../src/server/usual.ts'
import { storyDatabases } from '../databases.ts'
import { type PartsCompany, done, openPartsCompany, pieces } from '../parts.ts'

describe.each(storyDatabases())('an order of parts on $name', (kind) => {
  let at: PartsCompany
  let fuser: string
  beforeAll(async () => {
    at = await openPartsCompany(kind)
    fuser = await at.part('RM1-2096')
  })
  afterAll(() => at.close())

  const line = (part: string, count = 1, more: object = {}) => ({ part, quantity: pieces(count), ...more })
  const buy = (action: string, id: string, input: object = {}, who = at.coordinator) =>
    at.act(who, 'purchase', action, id, input)
  const terms = { supplier: '金桥配件', eta: '2026-11-27', amount_fen: 36_000 }
  const cash = { customer_payment: 'cash', customer_paid_fen: 1, customer_paid_on: '2026-11-23' }
  const ordered = async (count = 2, more: object = {}) => {
    const { id } = done(await at.act(at.coordinator, 'purchase', 'request', null,
      { lines: [line(fuser, count)], ...more }))
    done(await buy('order', id, terms))
    return id
  }
  const arrived = async (count = 2, more: object = {}) => {
    const id = await ordered(count, more)
    done(await buy('arrive', id))
    return id
  }
  const inStock = async (count = 2) => {
    const id = await arrived(count)
    done(await buy('check_in', id, { checked: [{ part: fuser, passed: pieces(count) }] }, at.keeper))
    return id
  }
  /** A request of an engineer that waits for a part which nobody has. */
  const waiting = async (parent?: string) => {
    const rare = await at.part(`RARE-${Math.random()}`)
    const { id } = done(await at.act(at.engineer, 'part_request', 'request', null,
      { lines: [line(rare, 2)], ...(parent && { parent }) }))
    done(await at.act(at.lead, 'part_request', 'consent', id))
    done(await at.act(at.keeper, 'part_request', 'mark_out_of_stock', id))
    done(await at.act(at.coordinator, 'part_request', 'order', id, { supplier: '金桥配件', customer_consent: 'phone' }))
    await at.settled()
    return { id, rare, order: await at.child(id, 'purchase') }
  }

  test('S4-054 the form of the check names what was ordered and leaves the count to who looks; money is paid today', async () => {
    const id = await arrived(2)
    const ctx = at.ctx(at.coordinator)
    const usual = (action: string) => at.db.read(at.company.id, async (reader) =>
      usualAnswers(ctx, (await loadCase(ctx, reader, 'purchase', id, false))!, action))
    expect(await usual('check_in')).toEqual({ checked: [{ part: fuser }] })
    expect(await usual('take_payment')).toMatchObject({ customer_paid_on: '2026-11-23' })
    expect(await usual('pay_supplier')).toMatchObject({ paid_on: '2026-11-23' })
  })

  test('S4-054 parts are asked for, ordered, arrive, are checked and only then in stock', async () => {
    const before = await at.left(fuser)
    const { id, number } = done(await at.act(at.coordinator, 'purchase', 'request', null, { lines: [line(fuser, 3)] }))
    expect(number).toMatch(/^DG202611-\d{4}$/)
    done(await buy('order', id, terms))
    expect(await buy('check_in', id, { checked: [] })).toMatchObject({ refusal: { code: 'wrong_state' } })
    done(await buy('arrive', id))
    expect(await at.left(fuser)).toBe(before)
    const checked = done(await buy('check_in', id, { checked: [{ part: fuser, passed: pieces(3) }] }, at.keeper))
    expect([checked.state, await at.left(fuser)]).toEqual(['in_stock', before + 3])
  })

  test('S4-054 what arrived is checked piece by piece: the good ones come in, the bad ones go back', async () => {
    const before = await at.left(fuser)
    const id = await arrived(3)
    expect(await buy('check_in', id)).toMatchObject({ refusal: { fields: [{ field: 'checked', code: 'required' }] } })
    expect(await buy('check_in', id, { checked: [{ part: fuser, passed: pieces(3), failed: pieces(1) }] }))
      .toMatchObject({ refusal: { fields: [{ field: 'checked.0.passed', code: 'too_large', params: { max: '3' } }] } })
    const other = await at.part(`OTHER-${Math.random()}`)
    expect(await buy('check_in', id, { checked: [{ part: other, passed: pieces(1) }] })).toMatchObject({ refusal: {
      fields: [{ field: 'checked.0.part', code: 'not_an_option' }, { field: 'checked', code: 'not_answered' }] } })
    done(await buy('check_in', id, { checked: [{ part: fuser, passed: pieces(2), failed: pieces(1), note: '外壳裂' }] }))
    expect(await at.left(fuser)).toBe(before + 2)
    const none = await arrived(1)
    const rejected = done(await buy('check_in', none, { checked: [{ part: fuser, passed: 0, failed: pieces(1) }] }))
    expect([rejected.state, await at.left(fuser)]).toEqual(['returned', before + 2])
  })

  test('S4-054 the payment to the supplier is written down; who may not see money does not see the price', async () => {
    const id = await ordered()
    expect(await buy('pay_supplier', id, { paid_on: '2026-11-23' })).toMatchObject({ refusal: {
      fields: [{ field: 'paid_fen', code: 'required' }] } })
    done(await buy('pay_supplier', id, { paid_on: '2026-11-23', paid_fen: 36_000 }))
    expect(await buy('pay_supplier', id, { paid_on: '2026-11-23', paid_fen: 1 }, at.keeper))
      .toMatchObject({ refusal: { code: 'wrong_role' } })
    const shown = (who: Actor) => at.db.read(at.company.id, async (reader) =>
      (await readRecord(at.ctx(who), reader, 'purchase', id))!.values)
    expect(await shown(at.coordinator)).toMatchObject({ amount_fen: 36_000, paid_fen: 36_000, paid_on: '2026-11-23' })
    expect(Object.keys(await shown(at.keeper))).not.toEqual(expect.arrayContaining(['amount_fen']))
  })

  test('S4-135 an order names its price and the day of arrival; the day after it is late', async () => {
    const { id } = done(await at.act(at.coordinator, 'purchase', 'request', null, { lines: [line(fuser)] }))
    expect(await buy('order', id, { supplier: '金桥配件', amount_fen: 100 })).toMatchObject({ refusal: {
      fields: [{ field: 'eta', code: 'required' }] } })
    done(await buy('order', id, terms))
    const [row] = await at.db.read(at.company.id, (reader) => reader.query<{ next_due_at: string }>({
      text: 'select next_due_at from record where id = $1', values: [id] }))
    expect(row!.next_due_at).toBe('2026-11-27T16:00:00.000Z')
  })

  test('S4-135 when the day of arrival changes the coordinator is to tell the customer', async () => {
    const { order } = await waiting()
    done(await buy('order', order, terms))
    const same = done(await buy('confirm_eta', order, { eta: terms.eta }))
    expect(await at.followed(order, same.seq)).toEqual([])
    const moved = done(await buy('confirm_eta', order, { eta: '2026-12-03', note: '厂家缺货' }))
    expect(await at.followed(order, moved.seq)).toEqual(['open task'])
    await at.settled()
    const [task] = await at.db.read(at.company.id, (reader) => reader.query({
      text: `select title, team, state from record where parent = $1 and process = 'task'`, values: [order] }))
    expect(task).toMatchObject({ title: expect.stringContaining('到货日期有变'), team: 'coordinator', state: 'open' })
    const alone = await ordered()
    const nobody = done(await buy('confirm_eta', alone, { eta: '2026-12-03' }))
    expect(await at.followed(alone, nobody.seq)).toEqual([])
  })

  test('the request of the engineer learns that its part has come, and is issued', async () => {
    const { id, rare, order } = await waiting()
    done(await buy('order', order, terms))
    done(await buy('arrive', order))
    expect(await at.act(at.keeper, 'part_request', 'issue', id)).toMatchObject({ refusal: { code: 'wrong_state' } })
    done(await buy('check_in', order, { checked: [{ part: rare, passed: pieces(2) }] }, at.keeper))
    await at.settled()
    expect(await at.state(id)).toBe('arrived')
    expect(done(await at.act(at.keeper, 'part_request', 'issue', id)).state).toBe('issued')
    expect(await at.left(rare, `hands:${at.engineer.id}`)).toBe(2)
  })

  test('the request learns as well that nothing came of its order', async () => {
    const sentBack = await waiting()
    done(await buy('order', sentBack.order, terms))
    done(await buy('arrive', sentBack.order))
    done(await buy('return', sentBack.order, { reason: '型号不对' }, at.keeper))
    const rejected = await waiting()
    done(await buy('order', rejected.order, terms))
    done(await buy('arrive', rejected.order))
    done(await buy('check_in', rejected.order, { checked: [{ part: rejected.rare, passed: 0, failed: pieces(2) }] }))
    await at.settled()
    expect([await at.state(sentBack.id), await at.state(rejected.id)]).toEqual(['out_of_stock', 'out_of_stock'])
  })

  test('S4-136 goods are shipped when the money is there, or by the manager’s word with a reason', async () => {
    const before = await at.left(fuser)
    const id = await inStock()
    const parcel = { enclosed: 'invoice', carrier: '顺丰', waybill: 'SF1' }
    expect(await buy('ship', id, parcel)).toMatchObject({ refusal: { code: 'guard', guard: 'payment_arrived' } })
    const waive = [{ guard: 'payment_arrived', reason: '老客户，经理放行' }]
    expect(await buy('ship', id, { ...parcel, waive })).toMatchObject({ refusal: { code: 'waiver_not_allowed' } })
    expect(done(await buy('ship', id, { ...parcel, waive }, at.boss)).state).toBe('shipped')
    expect(await at.left(fuser)).toBe(before)
    const paid = await inStock()
    done(await buy('take_payment', paid, { ...cash, customer_payment: 'monthly' }))
    expect(done(await buy('ship', paid, parcel)).state).toBe('shipped')
  })

  test('S4-136 a receipt or an invoice lies in the parcel', async () => {
    const id = await inStock()
    done(await buy('take_payment', id, cash))
    expect(await buy('ship', id, { carrier: '顺丰' })).toMatchObject({ refusal: {
      fields: [{ field: 'enclosed', code: 'required' }] } })
    done(await buy('ship', id, { enclosed: 'receipt' }))
  })

  test('what was used meanwhile cannot be shipped', async () => {
    const rare = await at.part(`RARE-${Math.random()}`)
    const { id } = done(await at.act(at.coordinator, 'purchase', 'request', null, { lines: [line(rare)] }))
    done(await buy('order', id, terms))
    done(await buy('arrive', id))
    done(await buy('check_in', id, { checked: [{ part: rare, passed: pieces(1) }] }))
    done(await buy('take_payment', id, cash))
    const used = done(await at.act(at.engineer, 'part_request', 'request', null, { lines: [line(rare)] })).id
    done(await at.act(at.lead, 'part_request', 'consent', used))
    done(await at.act(at.keeper, 'part_request', 'issue', used))
    expect(await buy('ship', id, { enclosed: 'receipt' })).toMatchObject({ refusal: { code: 'not_enough',
      params: { left: '0', wanted: '1' } } })
  })

  test('an order is called off before it arrives, not afterwards', async () => {
    const early = await ordered()
    expect(done(await buy('cancel', early, { reason: '客户不修了' })).state).toBe('cancelled')
    const late = await arrived()
    expect(await buy('cancel', late, { reason: '客户不修了' })).toMatchObject({ refusal: { code: 'wrong_state' } })
  })

  test('the same check-in sent again moves nothing twice', async () => {
    const before = await at.left(fuser)
    const id = await arrived(2)
    const input = { checked: [{ part: fuser, passed: pieces(2) }] }
    const [first, second] = await Promise.all(['a', 'b'].map(() =>
      at.act(at.keeper, 'purchase', 'check_in', id, input, { key: `check ${id}` })))
    expect([done(first!).seq, done(second!).seq]).toEqual([4, 4])
    expect(await at.left(fuser)).toBe(before + 2)
  })

  test('the doctor finds nothing wrong', async () => expect(await at.wrong()).toEqual([]))
})
