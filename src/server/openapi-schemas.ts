import { refusals } from '../engine/refusal.ts'
import { anything, id, instant, listOf, object, orNull, ref, type Schema, text, whole, yes } from './openapi-routes.ts'

const state = object({ name: text, label: text, kind: { enum: ['active', 'waiting', 'done', 'void'] } })
const person = orNull(object({ id, name: text }))
const count = object({ count: whole, capped: yes })

/** The schemas that more than one route answers with. The types are in views.ts; the web is compiled against those. */
export const schemas: Readonly<Record<string, Schema>> = {
  Error: object({ error: object({
    code: { enum: [...Object.keys(refusals), 'fault'] },
    message: { type: 'string', description: 'A whole sentence in the reader’s language.' },
    'guard?': text, 'waivable?': yes,
    'fields?': listOf(object({ field: text, code: text, message: text, 'params?': anything, 'record?': anything })),
    request_id: text }) }),
  State: state,
  File: object({ id, name: text, type: text, size: whole, created_at: instant }),
  Clock: object({ clock: text, label: text, kind: { enum: ['limit', 'minimum'] }, state: text, due_at: orNull(instant),
    left_ms: orNull({ type: 'number' }), running: yes }),
  Offer: object({ action: text, label: text, live: yes, next: yes,
    refusal: orNull(object({ code: text, message: text, 'guard?': text })),
    waivers: listOf(object({ guard: text, label: text })), cards: listOf(text) }),
  Event: object({ seq: whole, action: text, label: text, at: instant, recorded_at: instant, who: anything, via: text,
    from_state: orNull(ref('State')), to_state: ref('State'), input: anything, waived: listOf(anything), cards: listOf(text),
    effects: listOf(anything) }),
  Record: object({ id, process: text, label: text, number: text, old_number: orNull(text), title: text, seq: whole,
    state: ref('State'), values: anything, owner: person, handler: person, author: person, opened_at: instant,
    changed_at: instant, closed_at: orNull(instant), clocks: listOf(ref('Clock')), offers: listOf(ref('Offer')),
    editable: listOf(text), events: listOf(ref('Event')), relatives: listOf(anything), names: anything,
    files: { type: 'object', additionalProperties: ref('File') }, lists: anything,
    order: orNull(anything) }),
  Done: object({ ok: yes, id, number: text, process: text, action: text, seq: whole, state: text, replayed: yes }),
  Row: object({ id, process: text, number: text, title: text, seq: whole, state: ref('State'), owner: person,
    handler: person, author: person, next_due_at: orNull(instant), opened_at: instant, changed_at: instant,
    closed_at: orNull(instant), 'values?': anything }),
  Page: object({ rows: listOf(ref('Row')), cursor: orNull(text) }),
  Count: count,
  Board: object({ columns: listOf(object({ state: ref('State'), count, rows: listOf(ref('Row')),
    cursor: orNull(text) })) }),
  Me: object({ member: object({ id, name: text }), language: { enum: ['zh', 'en'] }, roles: listOf(text),
    company: anything, processes: listOf(anything) }),
  Definition: object({ process: text, label: text, states: listOf(anything), actions: listOf(anything),
    guards: anything,
    clocks: listOf(anything), documents: listOf(anything), begins: listOf(text), fields: listOf(anything) }),
  Waivers: listOf({ ...object({ guard: text, reason: { type: 'string', minLength: 2, maxLength: 500 } }),
    additionalProperties: false }),
  Settings: object({ revision: whole, importing: yes, regulation: anything, effective: anything, overrides: anything,
    defaults: anything, limit_names: listOf(text), positions: listOf(anything), about: anything, words: anything }),
  SettingsChange: { type: 'object', additionalProperties: false,
    description: 'Sparse: by part and key the new value; null takes an override back.',
    properties: { limits: { type: 'object', additionalProperties: orNull({ type: 'number', minimum: 0 }) },
      texts: { type: 'object', additionalProperties: orNull({ type: 'string', maxLength: 2_000 }) },
      calendars: anything, processes: anything, schedules: anything, cards: anything, checklists: anything } },
}
