import { describe, expect, test } from 'vitest'
import { type Asker, type Situation, decide, offer, offers, same } from './decide.ts'
import { type BaseFacts, defineProcess } from './define.ts'

type Facts = BaseFacts & { parts: number; paid: boolean }

const desk = defineProcess({
  name: 'desk', zh: '前台',
  states: {
    open: { zh: '在办', kind: 'active', next: 'close', owed_by: 'owner', edits: ['title', 'pieces'] },
    held: { zh: '搁置', kind: 'waiting' },
    closed: { zh: '已结', kind: 'done' },
    gone: { zh: '作废', kind: 'void' },
  },
  guards: {
    parts_in: { zh: '配件未到', test: (f: Facts) => f.parts === 0, or: { reason: true, by: ['manager'] } },
    paid: { zh: '未付款', test: (f: Facts) => f.paid },
    wants_hold: { zh: '要搁置', test: (f: Facts) => f.input.hold === true },
  },
  actions: {
    create: { zh: '登记', from: null, to: 'open', by: ['hotline', 'system'],
      needs: { title: { kind: 'text', zh: '事项', required: true }, pieces: { kind: 'integer', zh: '件数' } } },
    close: { zh: '结束', from: 'open', by: ['manager', 'finance'], when: ['parts_in', 'paid'],
      to: [{ when: 'wants_hold', state: 'held' }, { state: 'closed' }],
      needs: { hold: { kind: 'flag', zh: '搁置' }, why: { kind: 'text', zh: '原因', required: 'wants_hold' } },
      then: [{ send: 'closed', to: 'customer' }, { send: 'held', to: 'owner', when: 'wants_hold' }] },
    note: { zh: '记一笔', from: 'any', by: ['hotline', 'customer'], needs: { note: { kind: 'text', zh: '备注' } } },
    burn: { zh: '作废', from: ['open', 'held'], to: 'gone', by: ['manager'] },
    archive: { zh: '归档', from: 'closed', by: ['manager'], retired: true },
  },
  clocks: {}, documents: {},
})

const manager: Asker = { id: 'zhao', kind: 'member', roles: ['manager'] }
const finance: Asker = { id: 'qian', kind: 'member', roles: ['finance'] }
const hotline: Asker = { id: 'sun', kind: 'member', roles: ['hotline'] }
const machine: Asker = { id: null, kind: 'system', roles: ['system'] }
const at = (state: string | null, facts: object = {}, values = {}): Situation =>
  ({ state, values, facts: { parts: 0, paid: true, input: {}, ...facts } })
const act = (name: string, asker: Asker, situation: Situation, raw: unknown = {}) =>
  decide(desk, name, asker, situation, raw)

describe('the order of answers is 404, 403, 409, 422', () => {
  test('an action that does not exist, or no longer', () => {
    for (const name of ['fly', 'archive', 'toString', '__proto__']) {
      expect(act(name, manager, at('closed'))).toMatchObject({ refusal: { code: 'no_such_action' } })
    }
  })
  test('the role before the state', () => {
    expect(act('close', hotline, at('closed'))).toMatchObject({ refusal: { code: 'wrong_role' } })
  })
  test('the state before the guards', () => {
    expect(act('close', manager, at('closed', { parts: 1 })))
      .toMatchObject({ refusal: { code: 'wrong_state', params: { state: 'closed' } } })
  })
  test('the guards before the form, in the order of the file', () => {
    expect(act('close', finance, at('open', { parts: 1, paid: false }), { hold: 'x' }))
      .toMatchObject({ refusal: { code: 'guard', guard: 'parts_in' } })
    expect(act('close', finance, at('open', { paid: false }), { hold: 'x' }))
      .toMatchObject({ refusal: { code: 'guard', guard: 'paid' } })
  })
  test('the form last', () => {
    expect(act('close', finance, at('open'), { hold: 'x' }))
      .toMatchObject({ refusal: { code: 'bad_input', fields: [{ field: 'hold', code: 'wrong_type' }] } })
  })
})

describe('a creation', () => {
  test('needs no record, and none that exists can be created again', () => {
    expect(act('create', hotline, at(null), { title: '来电' })).toMatchObject({ ok: true, to: 'open' })
    expect(act('create', hotline, at('open'), { title: '来电' })).toMatchObject({ refusal: { code: 'wrong_state' } })
    expect(act('note', hotline, at(null))).toMatchObject({ refusal: { code: 'wrong_state' } })
  })
  test.each([null, 'x', 1, [], undefined])('a form is an object, not %j', (raw) => {
    expect(decide(desk, 'create', hotline, at(null), raw))
      .toMatchObject({ refusal: { code: 'bad_input', fields: [{ field: '', code: 'wrong_type' }] } })
  })
})

describe('waivers', () => {
  const waive = (...guards: string[]) => ({ waive: guards.map((guard) => ({ guard, reason: '客户急用' })) })
  const late = at('open', { parts: 1 })

  test('a guard is passed with a reason by somebody who may', () => {
    expect(act('close', manager, late, waive('parts_in')))
      .toMatchObject({ ok: true, waived: [{ guard: 'parts_in', reason: '客户急用' }] })
  })
  test('not by somebody else, not a hard guard, not one that is not in the way', () => {
    const no = (why: string) => ({ refusal: { code: 'waiver_not_allowed', params: { why } } })
    expect(act('close', finance, late, waive('parts_in'))).toMatchObject(no('role'))
    expect(act('close', manager, at('open', { paid: false }), waive('paid'))).toMatchObject(no('role'))
    expect(act('close', manager, at('open'), waive('parts_in'))).toMatchObject(no('not_in_the_way'))
    expect(act('close', manager, at('open', { parts: 1, paid: false }), waive('parts_in')))
      .toMatchObject({ refusal: { code: 'guard', guard: 'paid' } })
  })
  test.each([
    [{}, 'waive'], [[{ guard: 'parts_in' }], 'waive.0.reason'],
    [[{ guard: 'parts_in', reason: '急' }], 'waive.0.reason'],
    [[{ guard: 1, reason: '客户急用' }], 'waive.0.guard'], [[null], 'waive.0.reason'],
    [[{ guard: 'parts_in', reason: '\u0000\u0000' }], 'waive.0.reason'],
  ])('%j is no waiver', (given, field) => {
    expect(act('close', manager, late, { waive: given }))
      .toMatchObject({ refusal: { code: 'bad_input', fields: [{ field }] } })
  })
})

describe('what follows', () => {
  test('a branch, a required field and an effect may hang on what was typed', () => {
    expect(act('close', finance, at('open'))).toMatchObject({ to: 'closed', effects: [{ send: 'closed' }] })
    expect(act('close', finance, at('open'), { hold: true }))
      .toMatchObject({ refusal: { fields: [{ field: 'why', code: 'required' }] } })
    const held = act('close', finance, at('open'), { hold: true, why: '等件' })
    expect(held).toMatchObject({ to: 'held' })
    expect(held.ok && held.effects).toHaveLength(2)
  })
  test('an action without a target leaves the state; «any» is every state but a void one', () => {
    expect(act('note', hotline, at('closed'))).toMatchObject({ ok: true, to: 'closed' })
    expect(act('note', hotline, at('gone'))).toMatchObject({ refusal: { code: 'wrong_state' } })
  })
  test('a clock strikes as the machine, and nobody else can', () => {
    const strike = { clock: 'limit', step: 'due', due_at: '2026-11-23T02:00:00Z' }
    expect(act('overdue', machine, at('open'), strike)).toMatchObject({ ok: true, to: 'open' })
    expect(act('overdue', manager, at('open'), strike)).toMatchObject({ refusal: { code: 'wrong_role' } })
  })
})

describe('offers', () => {
  test('each button says whether it is live and why not', () => {
    const seen = offers(desk, finance, at('open', { parts: 1 }))
    expect(seen.map(({ action, refusal }) => `${action} ${refusal?.code ?? 'live'}`)).toEqual(['create wrong_role',
      'close guard', 'note wrong_role', 'burn wrong_role', 'edit live'])
    expect(offer(desk, 'close', finance, at('open', { parts: 1 })).waivable).toBe(false)
    expect(offer(desk, 'close', manager, at('open', { parts: 1 })).waivable).toBe(true)
  })
  test('an offer never depends on what is typed', () => {
    const facts = new Proxy({ parts: 0, paid: true }, { get(target, key) {
      if (key === 'input') throw new Error('an offer reads input')
      return Reflect.get(target, key)
    } })
    expect(() => offers(desk, manager, { state: 'open', facts })).not.toThrow()
  })
})

describe('edit', () => {
  const open = at('open', {}, { title: '旧', pieces: 1 })
  const edit = (input: object, situation = open, asker = hotline) => act('edit', asker, situation, input)

  test('changes what the state names, old value against new', () => {
    expect(edit({ title: ['旧', ' 新 '] })).toMatchObject({ ok: true, to: 'open', input: { title: ['旧', '新'] } })
    expect(edit({ title: ['老', '新'] })).toMatchObject({
      refusal: { code: 'edit_conflict', fields: [{ field: 'title', code: 'old_value_differs' }] } })
    expect(edit({ title: ['旧', '旧'] })).toMatchObject({ refusal: { code: 'no_change' } })
    expect(edit({ pieces: [1, null] })).toMatchObject({ ok: true, input: { pieces: [1, null] } })
  })
  test.each([[{ note: ['', 'x'] }, 'unknown_field'], [{ title: 'x' }, 'wrong_type'], [{ title: ['旧', ''] }, 'required'],
    [{ pieces: [1, 'x'] }, 'wrong_type'], [{ __proto__x: [1, 2] }, 'unknown_field']])('%j: %s', (input, code) => {
    expect(edit(input)).toMatchObject({ refusal: { code: 'bad_input', fields: [{ code }] } })
  })
  test('only where the state names fields, only by people who may do something', () => {
    expect(edit({ title: ['旧', '新'] }, at('closed'))).toMatchObject({ refusal: { code: 'wrong_state' } })
    expect(edit({ title: ['旧', '新'] }, open, { id: 'x', kind: 'contact', roles: ['customer'] }))
      .toMatchObject({ refusal: { code: 'wrong_role' } })
    expect(edit({ title: ['旧', '新'] }, open, { id: 'x', kind: 'member', roles: ['editor'] }))
      .toMatchObject({ refusal: { code: 'wrong_role' } })
  })
})

test('two JSON values are the same whatever the order of their keys', () => {
  expect(same({ a: 1, b: [1, { c: 2 }] }, { b: [1, { c: 2 }], a: 1 })).toBe(true)
  expect(same([1, 2], [2, 1])).toBe(false)
  expect(same([], {})).toBe(false)
  expect(same(null, '')).toBe(true)
  expect(same(0, null)).toBe(false)
})
