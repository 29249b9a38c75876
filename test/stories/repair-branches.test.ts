import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { storyDatabases } from '../databases.ts'
import { type RepairCompany, actsOf, forms, openRepairCompany, passed, pieces } from '../repair.ts'
import { printerTest } from '../../src/processes/repair/checklists.ts'

/** Ways beside the main one, each from the counter to the end: what follows them is the same as after any other. */
describe.each(storyDatabases())('branches of a repair on $name', (kind) => {
  let at: RepairCompany
  beforeAll(async () => { at = await openRepairCompany(kind) })
  afterAll(() => at?.close())
  const { ok, refuses, child } = actsOf(() => at)

  /** Entered, reviewed and called back: what every order ends with. */
  const ended = async (id: string) => {
    await ok(at.coordinator, 'enter', id)
    await refuses('wrong_state', at.coordinator, 'enter', id)
    await ok(at.supervisor, 'pass', await child(id, 'order_review'), forms.review, 'order_review')
    expect(await at.state(id), 'a review alone closes nothing').toBe('entered')
    await ok(at.coordinator, 'call', await child(id, 'call_back'), forms.called, 'call_back')
    expect(await at.state(id)).toBe('closed')
  }

  test('当场修好的：不收机不报价，一样入单、审核、回访', async () => {
    const id = await at.open()
    const spot = { work_done: '清理卡纸', printer_test: passed(printerTest), satisfied: 'yes', payment_way: 'none',
      signed_way: 'paper' }
    await refuses('can_fix_on_spot', at.engineer, 'fix_on_spot', id, spot)
    await ok(at.engineer, 'inspect', id, { ...forms.inspection, fixable_on_spot: 'yes' })
    await ok(at.engineer, 'fix_on_spot', id, spot)
    expect(await at.children(id, 'quotation')).toEqual([])
    await ended(id)
  })

  test('不同意报价的：装回原样，通知、验机、取走，不收钱', async () => {
    const id = await at.at_state('waiting_consent')
    await ok(at.coordinator, 'refuse', await child(id, 'quotation'), { answer_way: 'phone' }, 'quotation')
    expect(await at.state(id)).toBe('restoring')
    await refuses('wrong_state', at.engineer, 'finish', id, forms.finish)
    await ok(at.engineer, 'restored', id, { work_done: '按原样装回', repair_outcome: 'repairable',
      not_repaired_because: 'price' })
    await ok(at.coordinator, 'notify', id, forms.told)
    await refuses('tested_or_excused', at.coordinator, 'hand_over', id, { ...forms.handOver, payment_way: 'none' })
    await ok(at.engineer, 'test_at_pick_up', id, forms.pickUp)
    await ok(at.coordinator, 'hand_over', id, { ...forms.handOver, payment_way: 'none', paid_fen: undefined })
    await ended(id)
  })

  test('缺件的：订货，到货通知维修单，等件的日子不算在维修时限里', async () => {
    const id = await at.at_state('dispatched')
    const part = await at.part(`RM1-${id.slice(-6)}`)
    const lines = [{ part, quantity: pieces(1) }]
    const request = (await ok(at.engineer, 'request', null as unknown as string, { parent: id, lines }, 'part_request')).id
    await ok(at.lead, 'consent', request, {}, 'part_request')
    await ok(at.keeper, 'mark_out_of_stock', request, {}, 'part_request')
    expect(await at.state(id)).toBe('waiting_part')
    expect(await at.values(id)).toMatchObject({ shelf: 'waiting_part' })
    expect((await at.clock(id, 'bench')).running).toBe(false)
    await refuses('wrong_state', at.engineer, 'start_repair', id, forms.start)
    await ok(at.coordinator, 'order', request, { supplier: '粤通备件', customer_consent: 'phone' }, 'part_request')
    const purchase = await at.child(request, 'purchase')
    await ok(at.coordinator, 'order', purchase, { supplier: '粤通备件', eta: '2026-12-01', amount_fen: 30_000 },
      'purchase')
    await ok(at.keeper, 'arrive', purchase, {}, 'purchase')
    await ok(at.keeper, 'check_in', purchase, { checked: [{ part, passed: pieces(1) }] }, 'purchase')
    expect(await at.state(id), 'the arrival tells the order').toBe('dispatched')
    expect((await at.clock(id, 'bench')).running).toBe(true)
    await ok(at.keeper, 'issue', request, {}, 'part_request')
    await ok(at.engineer, 'start_repair', id, forms.start)
    await refuses('parts_settled', at.engineer, 'finish', id, forms.finish)
    await ok(at.engineer, 'settle', request, { used: [{ part, quantity: pieces(1), destination: 'keeper', tag: '旧件 1' }] },
      'part_request')
    await ok(at.engineer, 'finish', id, forms.finish)
    expect(await at.wrong()).toEqual([])
  })

  test('没有当场验机、又没带客户联的：登记原因、核对身份才交，之后致电', async () => {
    const id = await at.at_state('waiting_pick_up')
    const lost = { ...forms.handOver, copy_shown: 'lost' }
    await refuses('tested_or_excused', at.coordinator, 'hand_over', id, lost)
    await ok(at.coordinator, 'skip_test', id, { not_tested_reason: '客户赶车' })
    await refuses('identity_check', at.coordinator, 'hand_over', id, lost)
    await ok(at.coordinator, 'hand_over', id, { ...lost, identity_check: '核对身份证，并回拨登记手机',
      identity_approved_by: at.supervisor.id })
    expect((await at.children(id, 'task')).length, 'a call is to be made').toBeGreaterThan(0)
    await ended(id)
  })
})
