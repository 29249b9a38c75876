import { describe, expect, test } from 'vitest'
import { askedFields, beginsAt } from '../src/web/parts/form/asked.ts'
import { definitionView } from '../src/server/definitions.ts'
import type { OfferView } from '../src/server/views.ts'
import { repairOrder } from '../src/processes/repair/repair-order.ts'
import { wordsOf } from '../src/words/index.ts'
import { holds, typed } from '../src/engine/ask.ts'
import { type AnyProcess, defineProcess } from '../src/engine/define.ts'
import { explore } from '../src/engine/explore.ts'
import { formHolds } from '../src/engine/decide.ts'

test('one of some values, something given, all of several; a flag that says no is nothing given', () => {
  const lost = { input: 'copy', is: ['lost'] }
  expect(holds(lost, { copy: 'lost' })).toBe(true)
  expect(holds(lost, { copy: 'shown' })).toBe(false)
  expect(holds(lost, {})).toBe(false)
  for (const nothing of [undefined, '', false]) expect(holds({ input: 'note', given: true }, { note: nothing })).toBe(false)
  expect(holds({ input: 'note', given: true }, { note: 'x' })).toBe(true)
  const both = { all: [lost, { input: 'note', given: false }] }
  expect(holds(both, { copy: 'lost' })).toBe(true)
  expect(holds(both, { copy: 'lost', note: 'x' })).toBe(false)
})

type Facts = { is_printer: boolean; input: Readonly<Record<string, unknown>> }

const process = defineProcess({
  name: 'till', zh: '柜台',
  states: { open: { zh: '开', kind: 'active' } },
  guards: {
    was_lost: { zh: '没有客户联', ...typed({ input: 'copy', is: ['lost'] }) },
    not_explained: { zh: '没有说明', ...typed({ input: 'why', given: false }) },
    is_printer: { zh: '打印机', test: (f: Facts) => f.is_printer },
    costs_much: { zh: '价钱高', test: (f: Facts) => Number(f.input.price) > 100 },
  },
  actions: { hand_over: { zh: '交机', from: 'open', by: ['coordinator'], needs: {
    serial: { kind: 'text', zh: '序列号', required: 'not_explained' },
    why: { kind: 'text', zh: '说明' },
    copy: { kind: 'choice', zh: '客户联', required: true, options: { shown: '有', lost: '没有' } },
    identity: { kind: 'text', zh: '身份', required: 'was_lost' },
    remark: { kind: 'text', zh: '附记', asked_if: 'was_lost' },
    printer_test: { kind: 'text', zh: '测试', required: 'is_printer' },
    price: { kind: 'integer', zh: '价钱' },
    consent: { kind: 'text', zh: '同意', required: 'costs_much' } } } },
  clocks: {}, documents: {},
}) as unknown as AnyProcess

const situation = (is_printer: boolean) => ({ state: 'open', facts: { is_printer, input: {} } })

describe('a form asks only what applies', () => {
  const definition = definitionView(process, wordsOf('zh'), { kind: 'member' })
  const asked = (values: object, printer = false) => {
    const offer = { holds: formHolds(process, 'hand_over', situation(printer)) } as unknown as OfferView
    return askedFields(definition, 'hand_over', offer, values as Record<string, unknown>)
  }
  const names = (values: object, printer = false) => asked(values, printer).map(({ name }) => name)

  test('answering begins at what must be given, or at what stands above it and would take the need away', () => {
    const loans = definitionView(repairOrder as unknown as AnyProcess, wordsOf('zh'), { kind: 'member' })
    const fields = (values: object) => askedFields(loans, 'lend', null, values as Record<string, unknown>)
    expect(fields({}).find(({ name }) => name === 'loan_what')!.required).toBe(true)
    expect(beginsAt(fields({}), {})).toBe('loaner')
    expect(beginsAt(fields({ loaner: 'x' }), { loaner: 'x' })).toBe('loan_accessories')
    expect(beginsAt(asked({}), {})).toBe('serial')
    expect(beginsAt(asked({ why: 'x' }), { why: 'x' })).toBe('copy')
  })

  test('what hangs on an earlier answer comes with it, and must be given then', () => {
    expect(names({})).toEqual(['serial', 'why', 'copy', 'price', 'consent'])
    expect(names({ copy: 'lost' })).toEqual(['serial', 'why', 'copy', 'identity', 'remark', 'price', 'consent'])
    expect(asked({ copy: 'lost' }).find(({ name }) => name === 'identity')!.required).toBe(true)
    expect(asked({ copy: 'lost' }).find(({ name }) => name === 'remark')!.required).toBeUndefined()
  })

  test('a later answer lifts the need and leaves the field where it is', () => {
    const serial = (values: object) => asked(values).find(({ name }) => name === 'serial')!.required
    expect(serial({})).toBe(true)
    expect(serial({ why: '铭牌脱落' })).toBeUndefined()
  })

  test('what depends on the record comes answered; what needs both says when it must be given', () => {
    expect(formHolds(process, 'hand_over', situation(true))).toEqual({ is_printer: true })
    expect(names({}, true)).toContain('printer_test')
    expect(names({}, false)).not.toContain('printer_test')
    expect(asked({}).find(({ name }) => name === 'consent')).toMatchObject({ why: '价钱高' })
  })

  test('a condition about a field that nobody asks for is found', () => {
    const wrong = { ...process, guards: { ...process.guards,
      was_lost: { zh: '没有客户联', ...typed({ input: 'coppy', is: ['lost'] }) } } } as AnyProcess
    const codes = (one: AnyProcess) => explore(one, { processes: {}, nouns: {}, headFields: [], limits: new Set(),
      calendars: new Set() } as never).map(({ code, detail }) => `${code} ${detail}`)
    expect(codes(wrong)).toContain('asks_no_such_field coppy')
    expect(codes(process)).not.toContain('asks_no_such_field copy')
  })

  test('what is asked of everybody stays on the form; only who it is needed from must answer', () => {
    const { serial: _serial, ...needs } = process.actions.hand_over!.needs!
    const always = { ...process, actions: { hand_over: { ...process.actions.hand_over!,
      needs: { ...needs, identity: { ...needs.identity!, asked: 'always' } } } } } as AnyProcess
    const told = definitionView(always, wordsOf('zh'), { kind: 'member' })
    const identity = (values: Record<string, unknown>) => askedFields(told, 'hand_over', null, values)
      .find(({ name }) => name === 'identity')
    expect(identity({ copy: 'shown' })).toMatchObject({ name: 'identity' })
    expect(identity({ copy: 'shown' })!.required).toBeUndefined()
    expect(identity({ copy: 'lost' })!.required).toBe(true)
  })
})
