import type { Moment } from '../engine/clock.ts'
import { cleanField, fail } from '../engine/fields.ts'
import type { Refusal } from '../engine/refusal.ts'
import type { Ctx } from './context.ts'
import type { CompanyNow } from './settings.ts'

/** When an event happened, as it is written. `at_note` says what the door did to the claim. */
export type Moved = { at: string; at_note: 'clamped' | 'imported' | null }

const offlineDaysMost = 7
const dayMs = 86_400_000

/**
 * When did it happen? Now, but for two doors: an offline device may name the instant (moved between the last event and
 * now, at most seven days back, and flagged), and an import key may date back in a company that is being brought in.
 * Source: decisions on offline facts and on backdating.
 */
export function whenItHappened(ctx: Ctx, company: CompanyNow, input: unknown, history: readonly Moment[]):
  Moved | { refusal: Refusal } {
  const claimed = typeof input === 'object' && input !== null ? (input as { at?: unknown }).at : undefined
  const last = history.reduce((latest, moment) => Math.max(latest, moment.at), 0)
  const now = Math.max(ctx.now, last)
  if (claimed === undefined) return { at: new Date(now).toISOString(), at_note: null }
  const importing = ctx.actor.importer && company.importing
  if (!importing && ctx.via !== 'offline') return bad('unknown_field')
  const outcome = cleanField('at', { kind: 'instant', zh: '发生时间' }, claimed)
  if ('problem' in outcome) return bad('not_an_instant')
  const at = Date.parse(outcome.value as string)
  if (importing) {
    if (at < last) return bad('too_small')
    return at > ctx.now ? bad('too_large') : { at: new Date(at).toISOString(), at_note: 'imported' }
  }
  const kept = Math.min(Math.max(at, last, ctx.now - offlineDaysMost * dayMs), now)
  return { at: new Date(kept).toISOString(), at_note: kept === at ? null : 'clamped' }
}

const bad = (code: 'unknown_field' | 'not_an_instant' | 'too_small' | 'too_large') =>
  ({ refusal: { code: 'bad_input' as const, fields: [fail('at', code)] } })
