import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addMonths, warrantyOf } from '../../src/processes/customers/warranty.ts'
import type { Actor } from '../../src/server/context.ts'
import type { Done } from '../../src/server/run.ts'
import { type TestCompany, openTestCompany } from '../company.ts'
import { storyDatabases } from '../databases.ts'

describe.each(storyDatabases())('a machine on $name', (kind) => {
  let at: TestCompany
  let wang: Actor
  let li: Actor
  let owner: string
  let another: string

  beforeAll(async () => {
    at = await openTestCompany(kind)
    wang = await at.person('王协调', 'coordinator')
    li = await at.person('李工', 'bench_engineer')
    const made = ['远景律所', '惠诚会计'].map(async (name, index) => done(await at.act(wang, 'customer', 'register', null,
      { customer_kind: 'organisation', name, phone: `1390000111${index}` })).id)
    ;[owner, another] = await Promise.all(made) as [string, string]
  })
  afterAll(() => at.close())

  const done = (outcome: unknown): Done => {
    expect(outcome).toMatchObject({ ok: true })
    return outcome as Done
  }
  const act = (actor: Actor, action: string, id: string | null, input: object = {}) =>
    at.act(actor, 'machine', action, id, input)
  const form = (input: object = {}) => ({ customer: owner, product_kind: 'laser_printer', brand: 'HP', model: 'M1136',
    serial_note: 'none', purchase_unknown: true, ...input })
  const row = async (id: string) => (await at.db.read(at.company.id, (reader) => reader.query<Record<string, unknown>>({
    text: `select m.*, r.title, r.customer from machine m join record r on r.company_id = m.company_id and r.id = m.id
      where m.id = $1`, values: [id] })))[0]!

  test('it is known by brand, model and serial number, and carries a random code', async () => {
    const one = await row(done(await act(wang, 'register', null, form({ serial_number: 'cnb-1 001', serial_note: undefined }))).id)
    const two = await row(done(await act(li, 'register', null, form())).id)
    expect(one).toMatchObject({ title: 'HP M1136 cnb-1 001', serial_key: 'CNB1001', customer: owner })
    expect(one.qr_code).toMatch(/^[2-9A-HJKMNP-TV-Z]{14}$/)
    expect(two.qr_code).not.toBe(one.qr_code)
  })

  test('S4-077 when it was bought is asked, and may be unknown; so may the serial number', async () => {
    expect(await act(wang, 'register', null, { customer: owner, product_kind: 'pc', model: '不详' })).toMatchObject({
      refusal: { code: 'bad_input', fields: [{ field: 'serial_number', code: 'required' },
        { field: 'purchase_date', code: 'required' }] } })
    const { id } = done(await act(wang, 'register', null, form({ serial_note: 'unreadable' })))
    done(await act(wang, 'edit', id, { serial_number: [null, 'CNB00FOUND'], purchase_date: [null, '2026-01-31'] }))
    expect(await row(id)).toMatchObject({ serial_number: 'CNB00FOUND', serial_note: null, purchase_unknown: null,
      purchase_date: '2026-01-31' })
  })

  test('one serial number and model is one machine, also when edited, also when two register it at once', async () => {
    const twin = form({ serial_number: 'CNTWIN 01', serial_note: undefined })
    const raced = await Promise.all(Array.from({ length: 6 }, () => act(wang, 'register', null, twin)))
    expect(raced.filter((one) => one.ok)).toHaveLength(1)
    const first = raced.map((one) => (one.ok ? one : null)).find(Boolean)!
    const taken = { code: 'bad_input', fields: [{ field: 'serial_number', code: 'taken',
      record: { process: 'machine', id: first.id, number: first.number } }] }
    expect(raced.find((one) => !one.ok)).toMatchObject({ refusal: taken })
    expect(await act(wang, 'register', null, { ...twin, serial_number: 'cntwin-01', model: 'm 1136' }))
      .toMatchObject({ refusal: taken })
    done(await act(wang, 'register', null, { ...twin, model: 'M1005' }))
    const other = done(await act(wang, 'register', null, form()))
    expect(await act(wang, 'edit', other.id, { serial_number: [null, 'CNTWIN01'] })).toMatchObject({ refusal: taken })
    done(await act(wang, 'register', null, form()))
  })

  test('it moves to another customer, retires and comes back', async () => {
    const { id } = done(await act(wang, 'register', null, form({ place: '三楼' })))
    expect(await act(wang, 'move', id, { customer: '01900000-0000-7000-8000-000000000000' })).toMatchObject({
      refusal: { code: 'bad_input', fields: [{ field: 'customer', code: 'unknown_record' }] } })
    done(await act(wang, 'move', id, { customer: another, place: '前台' }))
    expect(await row(id)).toMatchObject({ customer: another, place: '前台' })
    expect(await act(wang, 'retire', id)).toMatchObject({ refusal: { code: 'bad_input' } })
    done(await act(wang, 'retire', id, { reason: '报废' }))
    expect(await act(wang, 'move', id, { customer: owner })).toMatchObject({ refusal: { code: 'wrong_state' } })
    done(await act(wang, 'restore', id))
    done(await act(li, 'note', id, { note: '客户说还在用' }))
  })

  test('an open case keeps it from retiring', async () => {
    const { id } = done(await act(wang, 'register', null, form()))
    const task = done(await at.act(wang, 'task', 'create', null, { title: '修这台机器' }))
    await at.db.transaction(at.company.id, async (tx) => {
      await tx.query({ text: 'update record set machine = $1 where id = $2', values: [id, task.id] })
      await tx.commit()
    })
    expect(await act(wang, 'retire', id, { reason: '报废' })).toMatchObject({
      refusal: { code: 'guard', guard: 'no_open_cases' } })
  })
})

describe('warranty', () => {
  const ask = (grounds: Partial<Parameters<typeof warrantyOf>[0]>) => warrantyOf({ purchase_date: '2025-11-22',
    months: 12, until_override: null, today: '2026-11-22', ...grounds })

  test('the last day is in, the next is out', () => {
    expect(ask({})).toEqual({ state: 'in', until: '2026-11-22', why: 'purchase_date', from: 'purchase',
      date: '2025-11-22', months: 12 })
    expect(ask({ today: '2026-11-23' })).toMatchObject({ state: 'out', until: '2026-11-22' })
  })
  test('what the maker says goes before what is computed', () => {
    expect(ask({ until_override: '2027-03-01' })).toMatchObject({ state: 'in', until: '2027-03-01', why: 'given' })
    expect(ask({ until_override: '2026-03-01', purchase_date: null })).toMatchObject({ state: 'out', why: 'given' })
  })
  test('不详 is an answer', () => {
    expect(ask({ purchase_date: null })).toMatchObject({ state: 'unknown', until: null, why: 'no_purchase_date' })
    expect(ask({ months: null })).toMatchObject({ state: 'unknown', until: null, why: 'no_term' })
  })
  test('the rule of the product says from which day it counts, and that day must be known', () => {
    const seal = { from: 'application' as const, months: 36, application_date: '2023-11-23', delivery_date: '2023-12-01' }
    expect(ask(seal)).toMatchObject({ state: 'in', until: '2026-11-23', why: 'application_date', date: '2023-11-23' })
    expect(ask({ ...seal, from: 'delivery' })).toMatchObject({ until: '2026-12-01', why: 'delivery_date' })
    expect(ask({ ...seal, application_date: null })).toMatchObject({ state: 'unknown', why: 'no_application_date' })
    expect(ask({ from: 'none' })).toMatchObject({ state: 'out', until: null, why: 'no_warranty' })
  })
  test('an extension counts where it ends later, also where nothing else is known', () => {
    expect(ask({ extended_until: '2028-01-31' })).toMatchObject({ state: 'in', until: '2028-01-31', why: 'extension' })
    expect(ask({ extended_until: '2026-01-31' })).toMatchObject({ until: '2026-11-22', why: 'purchase_date' })
    expect(ask({ purchase_date: null, extended_until: '2026-11-21' })).toMatchObject({ state: 'out', why: 'extension' })
    expect(ask({ until_override: '2027-01-01', extended_until: '2028-01-01' })).toMatchObject({ until: '2028-01-01',
      why: 'extension' })
  })
  test.each([['2024-02-29', 12, '2025-02-28'], ['2024-02-29', 48, '2028-02-29'], ['2025-12-31', 2, '2026-02-28'],
    ['2025-08-31', 1, '2025-09-30'], ['2025-12-15', 0, '2025-12-15'], ['2025-12-01', 1, '2026-01-01']])(
    '%s and %i months is %s', (date, months, until) => expect(addMonths(date, months)).toBe(until))
})
