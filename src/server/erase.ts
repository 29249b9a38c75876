import { own, personalFields } from '../engine/define.ts'
import { type Field, cleanForm } from '../engine/fields.ts'
import { refuse } from '../engine/refusal.ts'
import { loadCase } from './case.ts'
import { type Ctx, system } from './context.ts'
import { type Outcome, run } from './run.ts'

/** What is to be erased, and why. `more`: whatever else the form brought; nothing else is taken. */
export type Erasure = { process: string; id: string; reason: unknown; key?: string; more?: object }

const form: Readonly<Record<string, Field>> =
  { reason: { kind: 'text', zh: '原因', required: true, min: 2, max: 500 } }

/**
 * Erases the personal fields of one record for good: in its own columns, in every event of its chain, in the files that
 * they name. The event `erased` says who asked, when, why and for which fields; the chain stays whole. Only an
 * administrator may ask; what they cannot see they cannot erase.
 *
 * @returns the event, with the names of the fields; or the refusal: `no_change` when the process has no such fields
 */
export async function erase(ctx: Ctx, { process: name, id, reason, key, more }: Erasure):
  Promise<Outcome & { erased?: readonly string[] }> {
  if (!own(ctx.app.house.processes, name)) return refuse('not_found')
  const one = await ctx.app.db.read(ctx.company.id, (reader) => loadCase(ctx, reader, name, id, false))
  if (!one) return refuse('not_found')
  if (!ctx.actor.roles.includes('administrator')) {
    return refuse('wrong_role', { params: { action: ctx.words.say('label.erase') } })
  }
  const cleaned = cleanForm(form, { ...more, reason }, () => false)
  if (!cleaned.ok) return refuse('bad_input', { fields: cleaned.problems })
  const erased = personalFields(one.process).map(([field]) => field)
  if (erased.length === 0) return refuse('no_change')
  const outcome = await run({ ...ctx, actor: system(ctx.actor.id) }, { process: name, action: 'erased', id,
    input: { erased_fields: erased, erased_because: cleaned.input.reason },
    // The machine acts, so the key is told apart by who asked.
    ...(key !== undefined && { key: `erase:${ctx.actor.id}:${key}` }) })
  return outcome.ok ? { ...outcome, erased } : outcome
}
