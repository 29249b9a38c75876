import { cleanField, fail, isUuid } from '../engine/fields.ts'
import type { Refusal } from '../engine/refusal.ts'
import type { Ctx } from './context.ts'
import { type Tx, sql } from './db.ts'
import type { CompanyNow } from './settings.ts'

/** What an import key may say of an event beyond its form: by whom it was done, and what the former system called it. */
export type Brought = { person: string | null; activity: string | null; phase: 'start' | 'complete' }

const words = ['by', 'activity', 'phase']
const activityMost = 120

/**
 * `brought: {by?, activity?, phase?}` in the envelope, with which history is brought in. As with `at`: only with an
 * import key, only in a company in import mode; the event keeps the key as its writer and the person as the one it was
 * done for. Source: docs/decisions/0070-history-brought-in.md
 *
 * @returns null when nothing of the kind is said
 */
export async function readBrought(ctx: Ctx, tx: Tx, company: CompanyNow, input: unknown):
  Promise<Brought | null | { refusal: Refusal }> {
  const raw = typeof input === 'object' && input !== null ? (input as { brought?: unknown }).brought : undefined
  if (raw === undefined) return null
  if (!ctx.actor.importer || !company.importing) return bad('brought', 'unknown_field')
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return bad('brought', 'wrong_type')
  const said = raw as Record<string, unknown>
  const stray = Object.keys(said).find((word) => !words.includes(word))
  if (stray !== undefined) return bad(`brought.${stray.slice(0, activityMost)}`, 'unknown_field')
  const activity = said.activity === undefined ? { value: null }
    : cleanField('brought.activity', { kind: 'text', zh: '原系统的活动', max: activityMost }, said.activity)
  if ('problem' in activity) return { refusal: { code: 'bad_input', fields: [activity.problem] } }
  const phase = said.phase ?? 'complete'
  if (phase !== 'start' && phase !== 'complete') return bad('brought.phase', 'not_an_option')
  const brought = { person: null, activity: activity.value as string | null, phase } as const
  if (said.by === undefined) return brought
  const person = isUuid(said.by) ? said.by : null
  const [found] = person === null ? [] : await tx.query(sql`
    select id from member where id = ${person}::uuid`.named('brought_by'))
  return found ? { ...brought, person } : bad('brought.by', 'unknown_person')
}

/** Whoever did it decides and owns, as if they had done it here; the key stays the writer. */
export const actingFor = (ctx: Ctx, { person }: Brought): Ctx => (person === null ? ctx
  : { ...ctx, actor: { ...ctx.actor, id: person, on_behalf_of: person } })

const bad = (field: string, code: 'unknown_field' | 'wrong_type' | 'not_an_option' | 'unknown_person') =>
  ({ refusal: { code: 'bad_input' as const, fields: [fail(field, code)] } })
