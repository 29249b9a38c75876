import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../../src/server/context.ts'
import { drainOutbox } from '../../src/server/outbox.ts'
import { drainTimers } from '../../src/server/timers.ts'
import { storyDatabases } from '../databases.ts'
import { type Quoting, done, lines, openQuoting, price, told } from '../quoting.ts'

const minute = 60_000

describe.each(storyDatabases())('a quotation on $name', (kind) => {
  let at: Quoting
  let feng: Actor
  beforeAll(async () => {
    at = await openQuoting(kind)
    feng = await at.person('冯磊', 'salesperson')
  })
  afterAll(() => at.close())

  const act = (action: string, id: string, input: object = {}, by = at.wang) =>
    at.act(by, 'quotation', action, id, input)
  const byPhone = { way: 'phone', told, heard: true, phone_answer: 'undecided' }
  const missing = (...fields: string[]) => ({ refusal: { code: 'bad_input',
    fields: fields.map((field) => ({ field, code: 'required' })) } })
  const query = <R>(text: string, ...values: unknown[]) =>
    at.db.read(at.company.id, (reader) => reader.query<R & Record<string, unknown>>({ text, values }))
  const effects = async (id: string, seq: number) => (await query<{ what: string }>(`
    select kind || ' ' || coalesce(effect->>'print', effect->>'action', effect->>'send', effect->>'open') as what
    from outbox where record_id = $1 and seq = $2 order by n`, id, seq)).map(({ what }) => what)
  const clock = async (id: string) => (await query<{ clock: string; due_at: string }>(
    'select clock, due_at from timer where record_id = $1', id))[0]
  const sent = async (input: object) => {
    const { id } = await at.priced()
    const outcome = done(await act('send', id, input))
    return { id, state: outcome.state, effects: await effects(id, outcome.seq) }
  }
  const fax = { way: 'fax', fax: '020-87001235' }

  test('S4-094 a firm price waits for the engineer’s result and price; an estimate goes out, so does one with a reason',
    async () => {
      const unseen = async (more: object, columns: object) =>
        (await at.priced(more, (await at.order({ fault_found: null, price_proposal_fen: null, ...columns })).id)).id
      const firm = await unseen({}, {})
      expect(await act('send', firm, byPhone))
        .toMatchObject({ refusal: { code: 'guard', guard: 'settled_with_engineer' } })
      const without_price = await unseen({}, { fault_found: '定影膜破损' })
      expect(await act('send', without_price, byPhone)).toMatchObject({ refusal: { guard: 'settled_with_engineer' } })
      done(await act('send', await unseen({ final: 'estimate' }, {}), byPhone))
      done(await act('send', firm, { ...byPhone, waive: [{ guard: 'settled_with_engineer', reason: '老问题，价格表有价' }] }))
      done(await act('send', (await at.priced()).id, byPhone))
    })

  test('S4-095 by phone six things are said, each ticked', async () => {
    const { id } = await at.priced()
    const { told: _told, ...rest } = byPhone
    expect(await act('send', id, rest)).toMatchObject(missing('told'))
    const { price: _price, ...five } = told
    expect(await act('send', id, { ...byPhone, told: five })).toMatchObject({ refusal: { code: 'bad_input',
      fields: [{ field: 'told.price', code: 'not_answered' }] } })
    const { phone_answer: _answer, ...unanswered } = byPhone
    expect(await act('send', id, unanswered)).toMatchObject(missing('phone_answer'))
    expect(done(await act('send', id, byPhone)).state).toBe('confirmed')
  })

  test('S4-095 who agrees or declines on the phone has answered, and the order hears of it', async () => {
    const answered = async (phone_answer: string) => {
      const outcome = await sent({ ...byPhone, phone_answer })
      return [outcome.state, outcome.effects.filter((what) => what.startsWith('tell'))]
    }
    expect(await answered('agree')).toEqual(['accepted', ['tell quoted', 'tell consent']])
    expect(await answered('refuse')).toEqual(['refused', ['tell quoted', 'tell decline']])
  })

  test('S4-096 the customer has heard it, and rang off first', async () => {
    const { id } = await at.priced()
    expect(await act('send', id, { way: 'phone', told, phone_answer: 'undecided' })).toMatchObject(missing('heard'))
    done(await act('send', id, byPhone))
  })

  test('S4-097 where a seal is wanted it is stamped before it is faxed', async () => {
    const { id } = await at.priced({ seal_wanted: 'yes' })
    expect(await act('send', id, fax)).toMatchObject(missing('stamped'))
    done(await act('send', id, { ...fax, stamped: true }))
    done(await act('send', (await at.priced({ seal_wanted: 'no' })).id, fax))
  })

  test('S4-098 after a fax somebody rings within a quarter of an hour', async () => {
    const faxed = await sent(fax)
    expect(faxed).toMatchObject({ state: 'sent', effects: expect.arrayContaining(['tell quoted']) })
    expect(await query('select next_action, owed_by from record where id = $1', faxed.id))
      .toEqual([{ next_action: 'confirm_receipt', owed_by: 'coordinator' }])
    expect(await clock(faxed.id)).toMatchObject({ clock: 'receipt' })
    expect(Date.parse((await clock(faxed.id))!.due_at) - at.app.now).toBe(15 * minute)
    expect((await clock((await sent(byPhone)).id))!.clock).toBe('answer')
  })

  test('S4-104 a mail is followed by a call as well', async () => {
    const mailed = await sent({ way: 'email', email: 'liu@yuanjing.example' })
    expect(mailed.effects).toEqual(expect.arrayContaining(['send quotation']))
    expect(await clock(mailed.id)).toMatchObject({ clock: 'receipt' })
  })

  test('S4-109 a faxed or mailed price counts as received only when somebody says how they know', async () => {
    const { id } = await sent(fax)
    expect(await act('confirm_receipt', id, {}, at.li)).toMatchObject({ refusal: { code: 'wrong_role' } })
    expect(await act('confirm_receipt', id)).toMatchObject(missing('receipt_way'))
    expect(done(await act('confirm_receipt', id, { receipt_way: 'reply' })).state).toBe('confirmed')
    expect(await clock(id)).toMatchObject({ clock: 'answer' })
  })

  test('S4-100 the call that confirms it ends well', async () => {
    const { id } = await sent(fax)
    expect(await act('confirm_receipt', id, { receipt_way: 'call' })).toMatchObject(missing('call_ended'))
    done(await act('confirm_receipt', id, { receipt_way: 'call', call_ended: true }))
  })

  test('S4-099 consent says how it came, and a signed answer comes with its paper', async () => {
    const { id } = await sent(byPhone)
    expect(await act('accept', id)).toMatchObject(missing('answer_way'))
    expect(await act('accept', id, { answer_way: 'signed_return' })).toMatchObject(missing('files'))
    expect(done(await act('accept', id, { answer_way: 'phone', answered_by: '刘女士' })).state).toBe('accepted')
  })

  test.each([['phone', byPhone], ['fax', fax], ['email', { way: 'email', email: 'liu@yuanjing.example' }],
    ['qq', { way: 'qq', message_left: true }], ['paper', { way: 'paper' }]])(
    'S4-101 S4-102 by %s: a paper is printed and kept, and the order waits for consent', async (_way, input) => {
      expect((await sent(input)).effects.slice(0, 2)).toEqual(['print quotation', 'tell quoted'])
    })

  test('S4-103 an offline file is announced by a message', async () => {
    const { id } = await at.priced()
    expect(await act('send', id, { way: 'qq' })).toMatchObject(missing('message_left'))
    done(await act('send', id, { way: 'qq', message_left: true }))
  })

  test('S4-106 for a new customer the engineer’s price counts; another one says with whom it was agreed', async () => {
    const customer = done(await at.act(at.wang, 'customer', 'register', null, { customer_kind: 'organisation',
      name: '初来科技', phone: '020-87009999', address: '广州市天河路 12 号' })).id
    const order = done(await at.act(at.wang, 'repair_order', 'open', null, { customer, machine: at.machine,
      contact_name: '何先生', contact_phone: '13912340000', arrived_as: 'carried_in', symptom: '卡纸', warranty: 'out' })).id
    await at.set('repair_order', order, { fault_found: '定影膜破损', price_proposal_fen: 48_000 })
    const { id } = await at.prepare(order)
    const { price_agreed_with: _with, ...alone } = price
    done(await act('price', id, alone))
    expect(await act('price', id, { ...alone, discount_fen: 0 })).toMatchObject(missing('price_agreed_with'))
    done(await act('price', id, { ...alone, discount_fen: 0, price_agreed_with: 'supervisor' }))
    // Whoever finds the price wrong asks the supervisor.
    done(await act('ask_review', id, { review_question: '客户嫌贵，能不能按 450？' }))
    expect(await act('review_price', id, { verdict: 'agreed' })).toMatchObject({ refusal: { code: 'wrong_role' } })
    expect(await act('review_price', id, { verdict: 'changed' }, at.boss)).toMatchObject(missing('advised_fen'))
    const reviewed = done(await act('review_price', id, { verdict: 'changed', advised_fen: 45_000 }, at.boss))
    expect([reviewed.state, await effects(id, reviewed.seq)]).toEqual(['priced', ['send price_reviewed']])
  })

  test('what has no lines yet is not priced by a look of the supervisor, and is sent to nobody', async () => {
    const { id } = await at.prepare((await at.order()).id)
    done(await act('ask_review', id, { review_question: '这台值不值得修？' }))
    expect(done(await act('review_price', id, { verdict: 'agreed' }, at.boss)).state).toBe('drafting')
    expect(await act('send', id, byPhone)).toMatchObject({ refusal: { code: 'wrong_state' } })
  })

  test('S4-107 goods that are no repair are passed to sales, as a to-do of theirs', async () => {
    const { id } = await at.priced()
    const { seq } = done(await act('pass_to_sales', id, { sales_request: '两台同型号打印机的价格' }))
    expect(await effects(id, seq)).toEqual(['open task'])
    expect(await act('pass_to_sales', id, { sales_request: '硒鼓' }, feng))
      .toMatchObject({ refusal: { code: 'wrong_role' } })
  })

  test('S4-108 who paid a price before is told why it differs now', async () => {
    const { id } = await at.priced()
    done(await act('send', id, byPhone))
    done(await act('accept', id, { answer_way: 'phone' }))
    const next = (await at.prepare((await at.order()).id)).id
    const dearer = { ...price, lines: [{ ...lines[0]!, unit_fen: 42_000 }, lines[1]!] }
    expect(await act('price', next, dearer)).toMatchObject(missing('deviation'))
    done(await act('price', next, { ...dearer, deviation: '厂家十一月涨价' }))
    done(await act('price', next, price))
    const unlike = { ...price, lines: [{ ...lines[0]!, name: '主板', unit_fen: 90_000 }] }
    done(await act('price', next, unlike))
  })

  test('a large discount takes the supervisor', async () => {
    const { id } = await at.priced({ discount_fen: 6_000 })
    const reason = [{ guard: 'discount_allowed', reason: '长期客户' }]
    expect(await act('send', id, byPhone)).toMatchObject({ refusal: { code: 'guard', guard: 'discount_allowed' } })
    expect(await act('send', id, { ...byPhone, waive: reason })).toMatchObject(
      { refusal: { code: 'waiver_not_allowed' } })
    done(await act('send', id, { ...byPhone, waive: reason }, at.boss))
  })

  test('a large discount to which the supervisor agreed is sent by the desk; a larger one is not', async () => {
    const { id } = await at.priced({ discount_fen: 6_000 })
    done(await act('ask_review', id, { review_question: '长期客户，优惠 60' }))
    done(await act('review_price', id, { verdict: 'agreed' }, at.boss))
    done(await act('price', id, { ...price, discount_fen: 7_000 }))
    expect(await act('send', id, byPhone)).toMatchObject({ refusal: { guard: 'discount_allowed' } })
    done(await act('price', id, { ...price, discount_fen: 6_000 }))
    done(await act('send', id, byPhone))
  })

  test('tax that comes on top is part of the total, and of a part in proportion', async () => {
    const { id } = await at.priced({ tax: 'added' })
    const sums = async () => (await query<{ tax_fen: number; total_fen: number; accepted_fen: number | null }>(
      'select tax_fen, total_fen, accepted_fen from quotation where id = $1', id))[0]
    expect(await sums()).toEqual({ tax_fen: 2_880, total_fen: 50_880, accepted_fen: null })
    done(await act('send', id, byPhone))
    done(await act('accept_part', id, { accepted_lines: [{ line: 1 }], answer_way: 'phone' }))
    expect(await sums()).toMatchObject({ accepted_fen: 38_000 - 1_520 + 2_189 })
    const included = (await at.priced({ tax: 'included' })).id
    expect(await query('select tax_fen, total_fen from quotation where id = $1', included))
      .toEqual([{ tax_fen: 0, total_fen: 48_000 }])
  })

  test('a silent customer is asked again and again; after three rounds the supervisor hears of it', async () => {
    const { id } = await sent({ way: 'email', email: 'liu@yuanjing.example' })
    done(await act('confirm_receipt', id, { receipt_way: 'reply' }))
    const before = at.app.now
    const strike = async () => {
      const due = Date.parse((await clock(id))!.due_at)
      at.app.now = due
      await drainTimers(at.app)
      await drainOutbox(at.app, { mail: null, printer: null, storePrint: null, publicUrl: null })
      const [row] = await query<{ state: string; seq: number; next_action: string }>(
        'select state, seq, next_action from record where id = $1', id)
      return [row!.state, row!.next_action, (due - before) / (24 * 60 * minute), await effects(id, row!.seq)]
    }
    expect(await strike()).toEqual(['chasing', 'chase', 1, ['send quote_reminder']])
    done(await act('chase', id, { outcome: 'undecided', answer_on: '2026-11-27' }))
    expect((await clock(id))!.due_at).toBe('2026-11-27T08:00:00.000Z')
    expect((await strike()).slice(0, 2)).toEqual(['chasing', 'chase'])
    done(await act('chase', id, { outcome: 'unreached' }))
    expect((await strike())[3]).toEqual(['send quote_reminder', 'send quote_silent'])
    done(await act('refuse', id, { answer_way: 'phone', refusal: '久不答复，经主管同意按不修处理' }, at.boss))
    at.app.now = before
  })

  test('what the customer asks is owed by the desk, with a clock, until it is answered', async () => {
    const { id } = await sent(byPhone)
    done(await act('ask', id, { question: '能不能只修墨车？' }))
    expect(await query('select state, next_action, owed_by from record where id = $1', id))
      .toEqual([{ state: 'asked', next_action: 'answer_question', owed_by: 'coordinator' }])
    expect(await clock(id)).toMatchObject({ clock: 'reply' })
    expect(done(await act('answer_question', id, { reply: '不单卖' })).state).toBe('confirmed')
    expect(await clock(id)).toMatchObject({ clock: 'answer' })
  })

  test('a discount is never more than the whole', async () => {
    const { id } = await at.prepare((await at.order()).id)
    expect(await act('price', id, { ...price, discount_fen: 50_001 })).toMatchObject({ refusal: { code: 'bad_input',
      fields: [{ field: 'discount_fen', code: 'too_large' }] } })
  })

  test('on its last day it can be accepted; the day after it must be made anew, or waived by the desk', async () => {
    const { id } = await sent(byPhone)
    const before = at.app.now
    at.app.now = Date.parse('2026-12-07T15:59:00Z')
    expect(await act('accept', id, { answer_way: 'phone', answered_by: '刘'.repeat(61) }))
      .toMatchObject({ refusal: { code: 'bad_input' } })
    at.app.now = Date.parse('2026-12-07T16:00:00Z')
    expect(await act('accept', id, { answer_way: 'phone' })).toMatchObject({ refusal: { guard: 'still_valid' } })
    done(await act('accept', id, { answer_way: 'phone', waive: [{ guard: 'still_valid', reason: '价格没有变' }] }))
    at.app.now = before
  })

  test('a price is made anew under the same number, and the order goes back to its step', async () => {
    const { id } = await sent(byPhone)
    const { seq, state, number } = done(await act('revise', id, { reason: '漏了搓纸轮' }))
    expect([state, await effects(id, seq)]).toEqual(['priced', ['tell requote']])
    expect(await act('accept', id, { answer_way: 'phone' })).toMatchObject({ refusal: { code: 'wrong_state' } })
    expect(done(await act('price', id, { ...price, discount_fen: 0 })).number).toBe(number)
  })

  test('an answer to a question is mailed where the address is known, and not else', async () => {
    const mailed = await sent({ way: 'email', email: 'liu@yuanjing.example' })
    const called = await sent(byPhone)
    const answered = async (id: string) =>
      effects(id, done(await act('answer_question', id, { reply: '可以' })).seq)
    expect([await answered(mailed.id), await answered(called.id)]).toEqual([['send quote_reply'], []])
  })
})
