import { type AnyProcess, fieldsOf } from '../engine/define.ts'
import type { Actor } from './context.ts'

/**
 * Which fields this reader sees: the one place where `seen_by` is applied, for records, events, lists, exports and
 * search alike. A customer sees only what is opened to customers; the machine sees all.
 */
export function seenFields(process: AnyProcess, actor: Actor): (name: string) => boolean {
  const fields = fieldsOf(process)
  if (actor.kind === 'system') return () => true
  const customer = actor.kind === 'contact'
  return (name) => {
    const field = fields[name]
    if (field?.kind === 'secret') return false
    if (!field?.seen_by) return !customer
    return field.seen_by.some((eye) => (eye === 'customer' ? customer : actor.roles.includes(eye)))
  }
}

/** The values that this reader may see. */
export function seenValues(process: AnyProcess, actor: Actor, values: Readonly<Record<string, unknown>>):
  Record<string, unknown> {
  const sees = seenFields(process, actor)
  return Object.fromEntries(Object.entries(values).filter(([name]) => sees(name)))
}
