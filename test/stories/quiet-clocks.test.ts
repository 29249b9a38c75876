import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { monday } from '../company.ts'
import { storyDatabases } from '../databases.ts'
import { type RepairCompany, actsOf, done, forms, openRepairCompany, pieces } from '../repair.ts'

/** 10:00 in Shanghai on Monday 2026-11-23; the shop is open from 8:00 to 18:00 on every day. */
const at10 = monday
const minute = 60_000

describe.each(storyDatabases())('主路径上较少敲响的钟 on $name', (kind) => {
  let at: RepairCompany
  beforeAll(async () => { at = await openRepairCompany(kind) })
  afterAll(() => at.close())

  const { ok, refuses, child } = actsOf(() => at)
  const fresh = () => { at.app.now = at10 }
  const warned = async (id: string) => (await at.db.read(at.company.id, (reader) => reader.query<{ clock: string }>({
    text: `select input->>'clock' as clock from event where record_id = $1 and action = 'warn' order by seq`, values: [id] })))
    .map(({ clock }) => clock)

  test('主管审价：半小时内审了算按时，没审就超时', async () => {
    fresh()
    for (const [minutes, crossed_at] of [[20, null], [40, expect.any(Number)]] as const) {
      const quotation = await child(await at.at_state('diagnosed'), 'quotation')
      await ok(at.coordinator, 'price', quotation, forms.price, 'quotation')
      await ok(at.coordinator, 'ask_review', quotation, { review_question: '客户要求再优惠' }, 'quotation')
      const asked = at.app.now
      expect(await at.clock(quotation, 'review', 'quotation')).toMatchObject({ running: true, due_at: asked + 30 * minute })
      await at.until(asked + minutes * minute)
      await ok(at.boss, 'review_price', quotation, { verdict: 'agreed' }, 'quotation')
      expect(await at.clock(quotation, 'review', 'quotation')).toMatchObject({ running: false, crossed_at })
    }
  })

  const short = async (part: string) => {
    const id = await at.at_state('dispatched')
    const { id: request } = done(await at.act(at.engineer, 'part_request', 'request', null,
      { parent: id, lines: [{ part, quantity: pieces(1) }] }))
    await at.settled()
    if (await at.state(request) === 'requested') await ok(at.lead, 'consent', request, {}, 'part_request')
    await ok(at.keeper, 'mark_out_of_stock', request, {}, 'part_request')
    return request
  }

  test('S4-141 缺件：一小时内告知客户；等件到七成时提醒，十天没到就超时', async () => {
    fresh()
    const part = await at.part('RM1-0001', { price_fen: 3_000 }, 0)
    const request = await short(part)
    const since = at.app.now
    const clock = (name: string) => at.clock(request, name, 'part_request')
    expect(await clock('customer_told')).toMatchObject({ running: true, due_at: since + 60 * minute })
    expect(await clock('part_wait')).toMatchObject({ running: true, due_at: since + 14_400 * minute })
    await at.until(since + 30 * minute)
    await ok(at.coordinator, 'tell_customer', request, { channel: 'phone', told_eta: '2026-11-30' },
      'part_request')
    expect(await clock('customer_told')).toMatchObject({ state: 'kept', running: false })
    expect(await warned(request)).toEqual([])
    await at.until(since + 0.71 * 14_400 * minute)
    expect(await warned(request)).toEqual(['part_wait'])
    await at.until(since + 14_401 * minute)
    expect(await clock('part_wait')).toMatchObject({ state: 'late', running: true })
  })

  test('缺件没有告知客户，一小时后超时', async () => {
    fresh()
    const request = await short(await at.part('RM1-0002', { price_fen: 3_000 }, 0))
    await at.until(at.app.now + 61 * minute)
    expect(await at.clock(request, 'customer_told', 'part_request')).toMatchObject({ state: 'late' })
  })

  test('没有交旧件库的旧件，就没有旧件标签可补打', async () => {
    fresh()
    const part = await at.part('RM1-0003', { price_fen: 3_000 }, 5)
    const tagged = async (destination: 'customer' | 'keeper') => {
      const id = await at.at_state('repairing')
      const { id: request } = done(await at.act(at.engineer, 'part_request', 'request', null,
        { parent: id, lines: [{ part, quantity: pieces(1) }] }))
      await at.settled()
      if (await at.state(request) === 'requested') await ok(at.lead, 'consent', request, {}, 'part_request')
      await ok(at.keeper, 'issue', request, {}, 'part_request')
      await ok(at.engineer, 'settle', request, { used: [{ part, quantity: pieces(1), destination,
        ...(destination === 'keeper' && { tag: '旧件 1' }) }] }, 'part_request')
      return request
    }
    await refuses('old_tagged', at.keeper, 'reprint_tag', await tagged('customer'), {}, 'part_request')
    await ok(at.keeper, 'reprint_tag', await tagged('keeper'), {}, 'part_request')
  })
})
