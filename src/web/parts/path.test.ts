import { expect, test } from 'vitest'
import type { DefinitionView, RecordView } from '../../server/views.ts'
import { wayOf } from './path.ts'

const state = (name: string, kind: string, next: string | null = null) => ({ name, label: name, kind, next })
const action = (name: string, from: string, to: readonly string[], more: object = {}) =>
  ({ name, from: [from], to, by: ['coordinator'], needs: [], creates: false, ...more })
const reason = { needs: [{ name: 'reason', required: true }] }

/** An order that may wait for a part or be given to a peer, and may be given up at any time. */
const definition = { states: [state('agreed', 'active', 'dispatch'), state('dispatched', 'active', 'start'),
  state('waiting_part', 'waiting', 'tell'), state('repairing', 'active', 'finish'), state('at_peer', 'waiting', 'tell'),
  state('restoring', 'active', 'restored'), state('ready', 'done')],
actions: [action('dispatch', 'agreed', ['dispatched']), action('start', 'dispatched', ['repairing']),
  action('give_up', 'waiting_part', ['restoring'], reason), action('give_up', 'at_peer', ['restoring'], reason),
  action('tell', 'waiting_part', []), action('tell', 'at_peer', []),
  action('arrived', 'waiting_part', ['waiting_part', 'dispatched']), action('back', 'at_peer', ['repairing']),
  action('finish', 'repairing', ['ready']), action('restored', 'restoring', ['ready'])],
} as unknown as DefinitionView

const at = (...names: string[]): RecordView => ({ state: definition.states.find(({ name }) => name === names.at(-1)),
  events: names.map((name, index) => ({ at: '2026-11-27T01:00:00Z', to_state: state(name, 'active'),
    from_state: index === 0 ? null : state(names[index - 1]!, 'active') })).reverse() }) as unknown as RecordView

const ahead = (...names: string[]) =>
  wayOf(at(...names), definition).filter(({ place }) => place === 'ahead').map(({ name }) => name)

test('who waits for a part is repaired afterwards; giving up needs a reason, and is not the usual way', () => {
  expect(ahead('agreed', 'dispatched', 'waiting_part')).toEqual(['repairing', 'ready'])
})

test('what comes back from a peer goes on being repaired', () => {
  expect(ahead('agreed', 'dispatched', 'at_peer')).toEqual(['repairing', 'ready'])
})

test('the usual way of an order that waits for nothing', () => {
  expect(ahead('agreed')).toEqual(['dispatched', 'repairing', 'ready'])
})
