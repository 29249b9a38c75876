import { expect, test } from 'vitest'
import { elementsOf } from './elements.ts'
import { withoutRule } from './without-rule.ts'

const field = { kind: 'text', zh: '结论', required: true, rule: ['X-003'] }
const registry = {
  desk: {
    zh: '前台',
    guards: { paid: { zh: '未付款', test: () => false, rule: ['X-001', 'X-002'] } },
    actions: {
      close: { zh: '结束', by: ['finance'], when: ['paid'], needs: { finding: field,
        remark: { kind: 'text', zh: '备注', rule: ['X-004'] } },
      then: [{ send: 'closed', to: 'customer' }, { print: 'receipt' }], rule: ['X-005'] },
    },
    clocks: { answer: { zh: '答复', due: { minutes: 'desk.answer' }, rule: ['X-006'] } },
    documents: { receipt: { zh: '收据', template: 'receipt', rule: ['X-007'] } },
  },
}
const desk = (id: string, means = '') => withoutRule(registry, id, means).desk
type Then = { then: unknown[] }

test('every element that carries a rule is found, with what it is', () => {
  expect(elementsOf(registry).map(({ path, kind }) => `${kind} ${path}`)).toEqual([
    'guard desk.guards.paid', 'action desk.actions.close', 'field desk.actions.close.needs.finding',
    'field desk.actions.close.needs.remark', 'clock desk.clocks.answer', 'document desk.documents.receipt'])
})

test('a rule that nothing carries changes nothing', () => {
  expect(JSON.stringify(withoutRule(registry, 'X-099'))).toBe(JSON.stringify(registry))
})

test('a guard without its rule always holds; its other rules stay written on it', () => {
  const { guards } = desk('X-001')
  expect(guards.paid.test()).toBe(true)
  expect(guards.paid.rule).toEqual(['X-002'])
  expect(registry.desk.guards.paid.test()).toBe(false)
})

test('a required field may be left out; one that is only offered is gone', () => {
  expect(desk('X-003').actions.close.needs.finding.required).toBeUndefined()
  expect(desk('X-004').actions.close.needs).not.toHaveProperty('remark')
})

test('a clock has no limit, a document is neither there nor printed', () => {
  expect(desk('X-006').clocks.answer.due).toEqual({ minutes: '' })
  expect(desk('X-007').documents).toEqual({})
  expect(desk('X-007').actions.close.then).toEqual([{ send: 'closed', to: 'customer' }])
})

test('an action loses what its rule means, and is retired where it has nothing of the kind', () => {
  const close = (means: string) => desk('X-005', means).actions.close as typeof registry.desk.actions.close & Then
  expect(close('notice').then).toEqual([{ print: 'receipt' }])
  expect(close('document').then).toEqual([{ send: 'closed', to: 'customer' }])
  expect(close('guard').when).toEqual([])
  expect(close('role').by).toContain('customer')
  expect(close('field').needs.finding.required).toBeUndefined()
  expect(close('task')).toHaveProperty('retired', true)
  expect(close('state')).toHaveProperty('retired', true)
})
