import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withClient } from '../../src/server/database-roles.ts'
import { loadCase } from '../../src/server/case.ts'
import { partsOfCases } from '../../src/server/stock.ts'
import { usualAnswers } from '../../src/server/usual.ts'
import { storyDatabases } from '../databases.ts'
import { type PartsCompany, done, openPartsCompany, pieces } from '../parts.ts'

describe.each(storyDatabases())('a part request on $name', (kind) => {
  let at: PartsCompany
  let fuser: string
  let roller: string
  let board: string
  beforeAll(async () => {
    at = await openPartsCompany(kind)
    fuser = await at.part('RM1-2096', { name: '加热组件', price_fen: 20_000 }, 20)
    roller = await at.part('RL1-0266', { name: '搓纸轮', price_fen: 1_500 }, 20)
    board = await at.part('Q2658-60', { name: '主板', price_fen: 80_000 }, 20)
  })
  afterAll(() => at.close())

  const line = (part: string, count = 1, more: object = {}) => ({ part, quantity: pieces(count), ...more })
  const request = async (lines: object[], more: object = {}) => {
    const made = done(await at.act(at.engineer, 'part_request', 'request', null, { lines, ...more }))
    await at.settled()
    return made.id
  }
  const consented = async (lines: object[], more: object = {}) => {
    const id = await request(lines, more)
    if (await at.state(id) === 'requested') done(await at.act(at.lead, 'part_request', 'consent', id))
    return id
  }
  const issued = async (lines: object[], more: object = {}) => {
    const id = await consented(lines, more)
    done(await at.act(at.keeper, 'part_request', 'issue', id))
    return id
  }
  const settle = (id: string, input: object) => at.act(at.engineer, 'part_request', 'settle', id, input)
  const hands = (part: string) => at.left(part, `hands:${at.engineer.id}`)

  test('S4-210 a part is issued only after the lead engineer agreed, and is then in the engineer’s hands', async () => {
    const before = await at.left(fuser)
    const id = await request([line(fuser)])
    expect(await at.state(id)).toBe('requested')
    expect(await at.act(at.keeper, 'part_request', 'issue', id))
      .toMatchObject({ refusal: { code: 'guard', guard: 'lead_consented' } })
    expect(await at.act(at.engineer, 'part_request', 'consent', id)).toMatchObject({ refusal: { code: 'wrong_role' } })
    expect(done(await at.act(at.lead, 'part_request', 'consent', id)).state).toBe('consented')
    expect(done(await at.act(at.keeper, 'part_request', 'issue', id)).state).toBe('issued')
    expect(await at.left(fuser)).toBe(before - 1)
    expect(await hands(fuser)).toBe(1)
    done(await at.act(at.keeper, 'part_request', 'take_back', id, { returned: [line(fuser)] }))
  })

  test('what is in hand stands in the form of what was used, less what came back', async () => {
    const begins = (id: string) => at.db.read(at.company.id, async (reader) => {
      const ctx = at.ctx(at.engineer)
      return usualAnswers(ctx, (await loadCase(ctx, reader, 'part_request', id, false))!, 'settle').used
    })
    const id = await issued([line(fuser, 2, { reason: '试换' }), line(roller)])
    const held = (await begins(id) as { part: string; quantity: number }[]).toSorted((a, b) => b.quantity - a.quantity)
    expect(held).toEqual([{ part: fuser, quantity: 2000 }, { part: roller, quantity: 1000 }])
    done(await at.act(at.keeper, 'part_request', 'take_back', id, { returned: [line(fuser)] }))
    expect(await begins(id)).toContainEqual({ part: fuser, quantity: 1000 })
    done(await at.act(at.keeper, 'part_request', 'take_back', id, { returned: [line(fuser), line(roller)] }))
    expect(await begins(id)).toBeUndefined()
  })

  test('a supervisor agrees as well, and is the one who is asked where there is no lead engineer', async () => {
    const asked = (id: string) => at.db.read(at.company.id, async (reader) => (await reader.query<{ to: string }>({
      text: `select effect->>'to' as to from outbox where record_id = $1 and kind = 'send' order by seq, n`,
      values: [id] })).map(({ to }) => to))
    const first = await request([line(fuser)])
    expect(await asked(first)).toEqual(['lead_engineer'])
    expect(done(await at.act(at.supervisor, 'part_request', 'consent', first)).state).toBe('consented')
    done(await at.act(at.engineer, 'part_request', 'cancel', first, { reason: '不用了' }))
    const lead = (active: boolean) => withClient(at.database.owner, (client) =>
      client.query('update member set active = $1 where id = $2', [active, at.lead.id]))
    await lead(false)
    const second = await request([line(fuser)])
    expect(await asked(second)).toEqual(['lead_engineer', 'supervisor'])
    const refused = done(await at.act(at.supervisor, 'part_request', 'refuse', second, { reason: '先查电源板' }))
    expect([refused.state, await at.followed(second, refused.seq)])
      .toEqual(['refused', ['send part_request_refused', 'tell parts_settled']])
    await lead(true)
  })

  test('cheap parts need no consent: the store is told at once', async () => {
    const id = await request([line(roller)])
    expect(await at.state(id)).toBe('consented')
    expect(await at.followed(id)).toContain('send part_request_ready')
    const many = await request([line(roller, 4)])
    expect(await at.state(many)).toBe('requested')
    const unpriced = await at.part('NO-PRICE', { price_fen: undefined })
    expect(await at.state(await request([line(unpriced)]))).toBe('requested')
  })

  test('S4-210 other parts than those agreed to must be agreed to again', async () => {
    const id = await consented([line(fuser)])
    done(await at.act(at.engineer, 'part_request', 'change', id, { lines: [line(board)] }))
    await at.settled()
    expect(await at.state(id)).toBe('requested')
    expect(await at.act(at.keeper, 'part_request', 'issue', id)).toMatchObject({ refusal: { guard: 'lead_consented' } })
    done(await at.act(at.lead, 'part_request', 'consent', id))
    done(await at.act(at.keeper, 'part_request', 'issue', id))
    done(await at.act(at.keeper, 'part_request', 'take_back', id, { returned: [line(board)] }))
  })

  test('S4-126 the repair order is told that parts are asked for and handed out; its engineer is told to fetch them',
    async () => {
      const parent = await at.order()
      const id = await request([line(roller)], { parent })
      expect(await at.followed(id, 1)).toEqual(['tell part_requested', 'tell route'])
      done(await at.act(at.keeper, 'part_request', 'issue', id))
      expect(await at.followed(id)).toEqual(expect.arrayContaining(['tell parts_issued', 'send parts_issued']))
      done(await at.act(at.keeper, 'part_request', 'take_back', id, { returned: [line(roller)] }))
    })

  test('S4-211 a request ends only when every piece is used or brought back', async () => {
    const before = await at.left(fuser)
    const id = await issued([line(fuser, 2)])
    expect(done(await settle(id, { used: [{ ...line(fuser), destination: 'none' }] })).state).toBe('issued')
    expect(await settle(id, { used: [{ ...line(fuser, 2), destination: 'none' }] })).toMatchObject({ refusal: {
      fields: [{ field: 'used.0.quantity', code: 'too_large', params: { max: '1' } }] } })
    expect(await settle(id, { used: [{ ...line(roller), destination: 'none' }] })).toMatchObject({ refusal: {
      fields: [{ field: 'used.0.part', code: 'not_an_option' }] } })
    const last = done(await at.act(at.keeper, 'part_request', 'take_back', id, { returned: [line(fuser)] }))
    expect(last.state).toBe('settled')
    expect(await at.followed(id, last.seq)).toEqual(['tell parts_settled'])
    expect([await at.left(fuser), await hands(fuser)]).toEqual([before - 1, 0])
  })

  test('S4-211 a half settled request does not tell the repair order that all is settled', async () => {
    const id = await issued([line(fuser, 2)])
    const half = done(await settle(id, { used: [{ ...line(fuser), destination: 'none' }] }))
    expect(await at.followed(id, half.seq)).toEqual([])
    done(await settle(id, { used: [{ ...line(fuser), destination: 'none' }] }))
    expect(await at.state(id)).toBe('settled')
  })

  test('S4-131 the engineer says which parts were used; they leave the hands into the machine', async () => {
    const id = await issued([line(roller)])
    expect(await settle(id, {})).toMatchObject({ refusal: { fields: [{ field: 'used', code: 'required' }] } })
    expect(done(await settle(id, { used: [{ ...line(roller), destination: 'none' }] })).state).toBe('settled')
    expect(await hands(roller)).toBe(0)
  })

  test('S4-130 S4-007 each replaced part has a destination; what is kept is in the used-parts store under its tag',
    async () => {
      const id = await issued([line(fuser, 2)])
      expect(await settle(id, { used: [line(fuser)] })).toMatchObject({ refusal: {
        fields: [{ field: 'used.0.destination', code: 'required' }] } })
      const before = await at.left(fuser, 'used_store')
      done(await settle(id, { used: [{ ...line(fuser), destination: 'keeper', tag: 'JJ-001', condition: '不加热' },
        { ...line(fuser), destination: 'customer' }] }))
      expect(await at.left(fuser, 'used_store')).toBe(before + 1)
      expect(await at.followed(id)).toContain('print old_part_tag')
      // Without a tag of their own, old parts get the number of the request, each another one.
      const other = await issued([line(fuser, 2)])
      done(await settle(other, { used: [{ ...line(fuser), destination: 'keeper' }, { ...line(fuser), destination: 'keeper' }] }))
      const tags = await at.db.read(at.company.id, (reader) => reader.query<{ tag: string }>(
        { text: 'select tag from stock_move where record_id = $1 and old order by n', values: [other] }))
      expect(tags.map(({ tag }) => tag.replace(/^LL\d{6}-\d{4}/, '')).toString()).toMatch(/^-\d+\.1,-\d+\.2$/)
    })

  test('S4-208 a costly or unsure part is refitted and tried again before it counts as used', async () => {
    const costly = await issued([line(board)])
    const used = [{ ...line(board), destination: 'none' }]
    expect(await settle(costly, { used })).toMatchObject({ refusal: {
      fields: [{ field: 'rechecks', code: 'required' }] } })
    expect(await settle(costly, { used, rechecks: [{ part: fuser, refitted: true, fault_reappeared: true }] }))
      .toMatchObject({ refusal: {
        fields: [{ field: 'rechecks.0.part' }, { field: 'rechecks', code: 'not_answered' }] } })
    expect(await settle(costly, { used, rechecks: [{ part: board, refitted: true }] }))
      .toMatchObject({ refusal: { fields: [{ field: 'rechecks.0.fault_reappeared', code: 'required' }] } })
    done(await settle(costly, { used, rechecks: [{ part: board, refitted: true, fault_reappeared: true }] }))
    const unsure = await issued([line(roller)])
    const doubted = [{ ...line(roller), destination: 'none', unsure: true }]
    expect(await settle(unsure, { used: doubted })).toMatchObject({ refusal: {
      fields: [{ field: 'rechecks', code: 'required' }] } })
    done(await settle(unsure, { used: doubted, rechecks: [{ part: roller, refitted: true, fault_reappeared: false }] }))
  })

  test('S4-209 a part that the lead engineer suggested is judged: was it the right one?', async () => {
    const id = await issued([line(fuser, 1, { suggested_by_lead: true })])
    const used = [{ ...line(fuser), destination: 'none' }]
    expect(await settle(id, { used })).toMatchObject({ refusal: { fields: [{ field: 'verdicts', code: 'required' }] } })
    expect(done(await settle(id, { used, verdicts: [{ part: fuser, right: false, note: '其实是电源板' }] })).state)
      .toBe('settled')
  })

  test('S4-127 what is not in stock holds the repair: the order is told when parts lack and when they are there',
    async () => {
      const parent = await at.order()
      const rare = await at.part(`RARE-${Math.random()}`, { name: '定影膜' }, 1)
      const id = await consented([line(rare, 3)], { parent })
      expect(await at.act(at.keeper, 'part_request', 'issue', id)).toMatchObject({ refusal: { code: 'not_enough',
        params: { part: expect.stringContaining('定影膜'), place: '备件库房', left: '1', wanted: '3' } } })
      const out = done(await at.act(at.keeper, 'part_request', 'mark_out_of_stock', id))
      expect(out.state).toBe('out_of_stock')
      expect(await at.followed(id, out.seq)).toContain('tell part_out_of_stock')
      done(await at.act(at.keeper, 'part', 'receive', rare, { quantity: pieces(2), source: 'bought' }))
      const here = done(await at.act(at.keeper, 'part_request', 'arrive', id))
      expect(await at.followed(id, here.seq)).toContain('tell part_arrived')
      expect(done(await at.act(at.keeper, 'part_request', 'issue', id)).state).toBe('issued')
    })

  test('what is there cannot be called out of stock without saying what lacks', async () => {
    const id = await consented([line(roller)])
    expect(await at.act(at.keeper, 'part_request', 'mark_out_of_stock', id)).toMatchObject({ refusal: {
      fields: [{ field: 'missing', code: 'required' }] } })
    expect(await at.act(at.keeper, 'part_request', 'mark_out_of_stock', id, { missing: [line(board)] }))
      .toMatchObject({ refusal: { fields: [{ field: 'missing.0.part', code: 'not_an_option' }] } })
    done(await at.act(at.keeper, 'part_request', 'mark_out_of_stock', id, { missing: [line(roller)], note: '货架上没有' }))
  })

  const waiting = async (parent?: string) => {
    const rare = await at.part(`RARE-${Math.random()}`, {})
    const id = await consented([line(rare)], parent ? { parent } : {})
    done(await at.act(at.keeper, 'part_request', 'mark_out_of_stock', id))
    return { id, rare }
  }

  test('S4-135 nothing is ordered for a customer who has not agreed', async () => {
    const { id } = await waiting()
    expect(await at.act(at.coordinator, 'part_request', 'order', id, { supplier: '金桥配件' })).toMatchObject({ refusal: {
      fields: [{ field: 'customer_consent', code: 'required' }] } })
    expect(done(await at.act(at.coordinator, 'part_request', 'order', id,
      { supplier: '金桥配件', customer_consent: 'phone' })).state).toBe('ordered')
  })

  test('S4-141 the customer is told that a part must be ordered and when it comes; ten days is the limit', async () => {
    const { id } = await waiting()
    const clocks = async () => at.db.read(at.company.id, (reader) => reader.query<{ next_due_at: string }>({
      text: 'select next_due_at from record where id = $1', values: [id] }))
    const [untold] = await clocks()
    expect(await at.act(at.coordinator, 'part_request', 'tell_customer', id, { channel: 'phone' }))
      .toMatchObject({ refusal: { fields: [{ field: 'told_eta', code: 'required' }] } })
    done(await at.act(at.coordinator, 'part_request', 'tell_customer', id,
      { channel: 'phone', told_eta: '2026-12-02', answer: '可以等' }))
    const [told] = await clocks()
    expect(Date.parse(told!.next_due_at) - at.app.now).toBe(10 * 24 * 3_600_000)
    expect(untold!.next_due_at < told!.next_due_at).toBe(true)
  })

  test('S4-217 the orders from suppliers of one case are counted, those called off are not', async () => {
    const parent = await at.order()
    const first = await waiting(parent)
    done(await at.act(at.coordinator, 'part_request', 'order', first.id, { customer_consent: 'warranty' }))
    await at.settled()
    const counts = () => at.db.read(at.company.id, async (reader) => (await partsOfCases(reader, [parent])).get(parent))
    expect(await counts()).toMatchObject({ orders_count: 1, requests_open: 1, unsettled: 0 })
    done(await at.act(at.coordinator, 'purchase', 'cancel', await at.child(first.id, 'purchase'), { reason: '停产' }))
    await at.settled()
    expect(await at.state(first.id)).toBe('out_of_stock')
    expect(await counts()).toMatchObject({ orders_count: 0 })
    done(await at.act(at.coordinator, 'part_request', 'order', first.id, { customer_consent: 'warranty' }))
    await at.settled()
    expect(await counts()).toMatchObject({ orders_count: 1 })
  })

  test('what a case still has in hands is told to whoever finishes it', async () => {
    const parent = await at.order()
    const id = await issued([line(fuser, 2), line(roller, 1)], { parent })
    const parts = () => at.db.read(at.company.id, async (reader) =>
      [...(await partsOfCases(reader, [parent, at.engineer.id!])).values()])
    expect(await parts()).toEqual([
      { outstanding_quantity: 3000, requests_open: 1, orders_count: 0, unsettled: 1 },
      { outstanding_quantity: 0, requests_open: 0, orders_count: 0, unsettled: 0 }])
    done(await settle(id, { used: [line(fuser, 2), line(roller)].map((used) => ({ ...used, destination: 'none' })) }))
    expect((await parts())[0]).toMatchObject({ outstanding_quantity: 0, unsettled: 0, requests_open: 0 })
  })

  test('a request with an order under way is not called off; parts that are not there are named', async () => {
    const { id } = await waiting()
    done(await at.act(at.coordinator, 'part_request', 'order', id, { customer_consent: 'phone' }))
    await at.settled()
    expect(await at.act(at.engineer, 'part_request', 'cancel', id, { reason: '换机' }))
      .toMatchObject({ refusal: { guard: 'no_open_order' } })
    const stranger = at.engineer.id!
    expect(await at.act(at.engineer, 'part_request', 'request', null, { lines: [line(fuser), line(stranger)] }))
      .toMatchObject({ refusal: { fields: [{ field: 'lines.1.part', code: 'unknown_record' }] } })
    const gone = await at.part(`OLD-${Math.random()}`)
    done(await at.act(at.keeper, 'part', 'withdraw', gone, { reason: '停产' }))
    expect(await at.act(at.engineer, 'part_request', 'request', null, { lines: [line(gone)] }))
      .toMatchObject({ refusal: { fields: [{ field: 'lines.0.part', code: 'not_an_option' }] } })
  })

  test('engineers see their own requests, the store sees all', async () => {
    const id = await request([line(roller)])
    const other = await at.person('吴工', 'bench_engineer')
    expect(await at.act(other, 'part_request', 'cancel', id, { reason: '不是我的' }))
      .toMatchObject({ refusal: { code: 'not_found' } })
    done(await at.act(at.keeper, 'part_request', 'issue', id))
  })

  test('the doctor finds nothing wrong', async () => expect(await at.wrong()).toEqual([]))
})
