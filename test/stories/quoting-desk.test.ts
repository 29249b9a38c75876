import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withClient } from '../../src/server/database-roles.ts'
import type { Statement } from '../../src/server/db.ts'
import { readQuoting } from '../../src/server/quoting.ts'
import { readStoreDay } from '../../src/server/store-day.ts'
import { storyDatabases } from '../databases.ts'
import { type RepairCompany, actsOf, done, forms, openRepairCompany, pieces } from '../repair.ts'

describe.each(storyDatabases())('beside a quotation, and the day of the store, on $name', (kind) => {
  let at: RepairCompany
  beforeAll(async () => { at = await openRepairCompany(kind) })
  afterAll(() => at.close())
  const { ok, child } = actsOf(() => at)

  const desk = async (id: string, who = at.coordinator) => readQuoting(at.ctx(who), id)
  const day = async (who = at.keeper) => at.db.read(at.company.id, (reader) => readStoreDay(at.ctx(who), reader))

  /** A case of a customer up to a priced quotation; `agreed` with them. */
  const quoted = async (who: { customer: string; machine: string }, unit_fen: number, agreed = true) => {
    at.app.now += 60_000
    const order = await at.open({}, who)
    await ok(at.engineer, 'inspect', order, forms.inspection)
    await ok(at.coordinator, 'receive', order, forms.intake(at.app.now))
    await ok(at.engineer, 'take_for_test', order)
    await ok(at.engineer, 'record_result', order, forms.result)
    const id = await child(order, 'quotation')
    await ok(at.coordinator, 'price', id, { ...forms.price, price_agreed_with: 'engineer', deviation: '涨价',
      lines: [{ what: 'part', name: '定影膜', pieces: 1, unit_fen }] }, 'quotation')
    if (agreed) await ok(at.coordinator, 'send', id, { ...forms.phoned, phone_answer: 'agree' }, 'quotation')
    return { order, id }
  }

  test('a yes on the phone is the order’s consent', async () => {
    const { order } = await quoted(await at.customer(), 30_000)
    expect(await at.state(order)).toBe('approved')
    expect((await at.values(order)).agreed_fen).toBe(30_000)
  })

  test('S4-108 what this customer and what others paid for such a machine stands beside the price, newest first',
    async () => {
      const one = await at.customer({}, { model: 'LaserJet 1020 Plus' })
      const other = await at.customer({}, { model: ' laserjet 1020 plus' })
      await quoted(one, 28_000)
      const second = await quoted(one, 31_000)
      const theirs = await quoted(other, 26_000)
      const now = await quoted(one, 31_000, false)
      const view = (await desk(now.id))!
      expect(view).toMatchObject({ new_customer: false, engineer_fen: 48_000, discount_thousandths: 100 })
      expect(view.earlier.customer.map(({ lines }) => lines[0]!.unit_fen)).toEqual([31_000, 28_000])
      expect(view.earlier.model.map(({ id, total_fen }) => [id, total_fen])).toEqual([[theirs.id, 26_000]])
      expect(view.order).toMatchObject({ fault_found: forms.result.fault_found,
        clocks: expect.arrayContaining([expect.objectContaining({ clock: 'quote' })]) })
      expect((await desk((await quoted(await at.customer(), 1, false)).id))!).toMatchObject({ new_customer: true,
        earlier: { customer: [] } })
      // A price that is not agreed to is no price paid.
      expect(view.earlier.customer.map(({ id }) => id)).toEqual([second.id, expect.any(String)])
    })

  test('parts that the engineer asked for lead to lines, with the price of the catalogue', async () => {
    const { order, id } = await quoted(await at.customer(), 20_000, false)
    const film = await at.part('RG9-1493', { name: '定影膜', price_fen: 4_500 }, 5)
    done(await at.act(at.engineer, 'part_request', 'request', null,
      { parent: order, lines: [{ part: film, quantity: pieces(2) }] }))
    await at.settled()
    expect((await desk(id))!.asked).toMatchObject([{ name: 'RG9-1493 定影膜', pieces: 2, price_fen: 4_500,
      state: { name: 'requested' } }])
  })

  test('who may not see prices sees nothing of it', async () => {
    const { id } = await quoted(await at.customer(), 20_000, false)
    expect(await desk(id, await at.person('质检', 'quality'))).toBeNull()
    expect(await desk(id, at.keeper)).toBeNull()
    expect((await desk(id, await at.person('财务', 'finance')))!.engineer_fen).toBeNull()
  })

  /** What was sent while something was read, without the frame of the transaction. */
  const sentBy = async (read: () => Promise<unknown>): Promise<Statement[]> => {
    const sent: Statement[] = []
    const stop = at.db.watch((statement) => { sent.push(statement) })
    await read()
    stop()
    return sent
  }

  test('however much was paid before, the same statements are sent, each over its index', async () => {
    const who = await at.customer({}, { model: 'LaserJet 5200' })
    const few = await quoted(who, 20_000, false)
    const before = await sentBy(() => desk(few.id))
    for (let n = 0; n < 3; n += 1) await quoted(who, 20_000)
    const after = await sentBy(() => desk(few.id))
    expect(after.map(({ name }) => name).sort()).toEqual(before.map(({ name }) => name).sort())
    const planOf = async (name: string) => withClient(at.database.app, async (client) => {
      const statement = after.find((one) => one.name === name)!
      await client.query('begin')
      await client.query(`select set_config('app.company', $1, true)`, [String(at.company.id)])
      await client.query('set local enable_seqscan = off')
      await client.query('set local enable_bitmapscan = off')
      const { rows } = await client.query(`explain ${statement.text}`, [...statement.values ?? []] as unknown[])
      await client.query('rollback')
      return rows.map((row) => Object.values(row).join('')).join('\n')
    })
    expect(await planOf('paid_by_customer')).toContain('record_quoted_customer')
    expect(await planOf('paid_for_model')).toContain('quotation_of_model')
  })

  test('the day of the store: what is asked for, to be handed out, on its way and to be checked, with its bin', async () => {
    const belt = await at.part('C7769-60390', { name: '皮带', bin: 'B-05', price_fen: 16_000 }, 1)
    const order = await at.at_state('dispatched')
    const ask = async (count: number) => done(await at.act(at.engineer, 'part_request', 'request', null,
      { parent: order, lines: [{ part: belt, quantity: pieces(count) }] })).id
    const [small, large] = [await ask(1), await ask(5)]
    await at.settled()
    const rowOf = async (id: string) => (await day())!.rows.find((row) => row.id === id)
    expect(await rowOf(small)).toMatchObject({ state: { name: 'requested' }, engineer: '李工', case: { id: order },
      lines: [{ part_number: 'C7769-60390', bin: 'B-05', quantity: 1000, in_store: 1000 }] })
    await ok(at.lead, 'consent', small, {}, 'part_request')
    await ok(at.keeper, 'issue', small, {}, 'part_request')
    expect(await rowOf(small)).toMatchObject({ state: { name: 'issued' }, lines: [{ in_store: 0 }] })
    await ok(at.lead, 'consent', large, {}, 'part_request')
    await ok(at.keeper, 'mark_out_of_stock', large, {}, 'part_request')
    await ok(at.coordinator, 'order', large, { supplier: '粤通备件', customer_consent: 'phone' }, 'part_request')
    const bought = await child(large, 'purchase')
    expect(await rowOf(bought)).toMatchObject({ process: 'purchase', supplier: '粤通备件', lines: [{ quantity: 5000 }] })
    expect(await day(at.engineer)).toBeNull()
    expect((await day(at.coordinator))!.rows.some(({ process }) => process === 'stock_count')).toBe(false)
    const sent = await sentBy(() => day())
    expect(sent.filter(({ name }) => name?.startsWith('store_')).map(({ name }) => name)).toEqual(['store_day', 'store_lines'])
  })
})
