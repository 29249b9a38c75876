import { expect, test } from 'vitest'
import { type BaseFacts, type Process, defineProcess } from './define.ts'

/**
 * A typo in a definition does not compile. The compiler itself is the judge: each @ts-expect-error below is an error
 * of its own once the line under it compiles (npm run check:types).
 */
type Facts = BaseFacts & { ready: boolean }

const sound = defineProcess({
  name: 'desk', zh: '前台',
  states: { open: { zh: '在办', kind: 'active', next: 'close', owed_by: 'owner', edits: ['title'] },
    closed: { zh: '已结', kind: 'done' } },
  guards: { ready: { zh: '没准备好', test: (f: Facts) => f.ready, or: { reason: true, by: ['manager'] } } },
  actions: {
    create: { zh: '登记', from: null, to: 'open', by: ['hotline'],
      needs: { title: { kind: 'text', zh: '事项', required: 'ready' } } },
    close: { zh: '结束', from: ['open'], to: [{ when: 'ready', state: 'open' }, { state: 'closed' }], by: ['manager'],
      when: ['ready'], then: [{ print: 'slip', when: 'ready' }, { tell: 'self', action: 'create' }] },
  },
  clocks: { limit: { zh: '时限', runs_in: ['open'], stops_on: ['close'], when: 'ready', due: { minutes: 'desk.limit' },
    calendar: 'office', then: 'close', kind: 'limit' } },
  documents: { slip: { zh: '单据', template: 'slip' } },
})

const part = {
  name: 'desk', zh: '前台', guards: sound.guards, documents: sound.documents, clocks: {},
  states: { open: { zh: '在办', kind: 'active' }, closed: { zh: '已结', kind: 'done' } },
} as const

test('a definition is its own value', () => {
  expect(sound.states.open.next).toBe('close')
  const typed: Process<'open' | 'closed', 'ready', 'create' | 'close', 'slip', Facts> = sound
  expect(typed).toBe(sound)
})

test('the part that the typos are put into compiles by itself', () => {
  const by = ['manager'] as const
  const clock = { zh: '时限', runs_in: ['open'], stops_on: ['a'], when: 'ready', then: 'a', due: { minutes: 'x' },
    calendar: 'office', kind: 'limit' } as const
  const whole = defineProcess({ ...part, clocks: { limit: clock }, actions: {
    a: { zh: '甲', from: 'open', to: [{ when: 'ready', state: 'open' }, { state: 'closed' }], by, when: ['ready'],
      needs: { t: { kind: 'text', zh: '题', required: 'ready' } },
      then: [{ print: 'slip', when: 'ready' }, { tell: 'self', action: 'a' }, { send: 'x', to: 'owner' }] } } })
  expect(whole.name).toBe('desk')
})

test('a misspelt state, guard, action or document does not compile', () => {
  const by = ['manager'] as const
  const text = { kind: 'text', zh: '题' } as const
  const made = [
    // @ts-expect-error a target state
    defineProcess({ ...part, actions: { a: { zh: '甲', from: null, to: 'opne', by } } }),
    // @ts-expect-error a source state
    defineProcess({ ...part, actions: { a: { zh: '甲', from: 'opne', by } } }),
    // @ts-expect-error one of several source states
    defineProcess({ ...part, actions: { a: { zh: '甲', from: ['open', 'closd'], by } } }),
    // @ts-expect-error a guard of an action
    defineProcess({ ...part, actions: { a: { zh: '甲', from: 'open', by, when: ['redy'] } } }),
    // @ts-expect-error the guard of a branch
    defineProcess({ ...part, actions: { a: { zh: '甲', from: 'open', by, to: [{ when: 'redy', state: 'open' }] } } }),
    // @ts-expect-error the state of a branch
    defineProcess({ ...part, actions: { a: { zh: '甲', from: 'open', by, to: [{ when: 'ready', state: 'opne' }] } } }),
    // @ts-expect-error a role
    defineProcess({ ...part, actions: { a: { zh: '甲', from: 'open', by: ['manger'] } } }),
    // @ts-expect-error the guard of a required field
    defineProcess({ ...part, actions: { a: { zh: '甲', from: 'open', by, needs: { t: { ...text, required: 'x' } } } } }),
    // @ts-expect-error the kind of a field
    defineProcess({ ...part, actions: { a: { zh: '甲', from: 'open', by, needs: { t: { kind: 'txet', zh: '题' } } } } }),
    // @ts-expect-error a document that is printed
    defineProcess({ ...part, actions: { a: { zh: '甲', from: 'open', by, then: [{ print: 'silp' }] } } }),
    // @ts-expect-error an action that the record tells itself
    defineProcess({ ...part, actions: { a: { zh: '甲', from: 'open', by, then: [{ tell: 'self', action: 'b' }] } } }),
    // @ts-expect-error the guard of an effect
    defineProcess({ ...part, actions: { a: { zh: '甲', from: 'open', by, then: [{ print: 'slip', when: 'redy' }] } } }),
    // @ts-expect-error the recipient of a message
    defineProcess({ ...part, actions: { a: { zh: '甲', from: 'open', by, then: [{ send: 'x', to: 'ownr' }] } } }),
  ]
  expect(made).toHaveLength(13)
})

test('a misspelt word in a state or a clock does not compile', () => {
  const actions = { a: { zh: '甲', from: null, to: 'open', by: ['manager'] } } as const
  const clock = { zh: '时限', runs_in: ['open'], due: { minutes: 'x' }, calendar: 'office', kind: 'limit' } as const
  const always = { zh: '庚', test: () => true } as const
  const made = [
    // @ts-expect-error the action that is due
    defineProcess({ ...part, actions, states: { ...part.states, open: { zh: '在办', kind: 'active', next: 'b' } } }),
    // @ts-expect-error the kind of a state
    defineProcess({ ...part, actions, states: { ...part.states, open: { zh: '在办', kind: 'actve' } } }),
    // @ts-expect-error whoever owes the step
    defineProcess({ ...part, actions, states: { ...part.states, open: { zh: '在办', kind: 'active', owed_by: 'x' } } }),
    // @ts-expect-error a key that no state has
    defineProcess({ ...part, actions, states: { ...part.states, open: { zh: '在办', kind: 'active', edit: ['a'] } } }),
    // @ts-expect-error a state in which a clock runs
    defineProcess({ ...part, actions, clocks: { limit: { ...clock, runs_in: ['opne'] } } }),
    // @ts-expect-error an action that stops a clock
    defineProcess({ ...part, actions, clocks: { limit: { ...clock, stops_on: ['b'] } } }),
    // @ts-expect-error the guard of a clock
    defineProcess({ ...part, actions, clocks: { limit: { ...clock, when: 'redy' } } }),
    // @ts-expect-error the action at the strike
    defineProcess({ ...part, actions, clocks: { limit: { ...clock, then: 'b' } } }),
    // @ts-expect-error the unit of a limit
    defineProcess({ ...part, actions, clocks: { limit: { ...clock, due: { hours: 'x' } } } }),
    // @ts-expect-error the kind of a clock
    defineProcess({ ...part, actions, clocks: { limit: { ...clock, kind: 'maximum' } } }),
    // @ts-expect-error a guard that asks for facts that are not there
    defineProcess({ ...part, actions, guards: { g: { zh: '庚', test: (f: Facts) => f.raedy } } }),
    // @ts-expect-error a role that may go past a guard
    defineProcess({ ...part, actions, guards: { g: { ...always, or: { reason: true, by: ['manger'] } } } }),
  ]
  expect(made).toHaveLength(12)
})
