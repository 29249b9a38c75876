import { fail } from '../../engine/fields.ts'
import type { Refusal } from '../../engine/refusal.ts'
import type { Ctx } from '../context.ts'
import { type Later, dueLater, todayIn } from '../customers/dates.ts'
import { refuseUnlessActive } from '../customers/standing.ts'
import { type Tx, sql } from '../db.ts'
import { type Effective, settingsNow } from '../settings.ts'
import { planKinds } from '../../processes/care/visit-plan.ts'
import type { Act, Noun } from './noun.ts'

/** 拜访计划 */
export const visit_plan: Noun = {
  table: 'visit_plan',
  columns: ['plan_kind', 'base_on', 'goal', 'contact', 'first_due_at', 'second_due_at', 'third_due_at', 'next_due_at',
    'satisfaction_before', 'satisfaction_after', 'outcome'],
  number: { prefix: 'JH', period: 'month', digits: 4 },
  derive: (_head, values) => ({ plan_kind: String(values.plan_kind ?? '') }),
  title: (values) => planKinds[values.plan_kind as keyof typeof planKinds] ?? '—',
  search: ['goal', 'outcome'],
  writes: {
    begin,
    async add_item(ctx, tx, act) {
      act.set('next_due_at', dueLater(ctx, await settingsNow(ctx, tx), String(act.input.item_on), { days: 0 }))
      return null
    },
    /** The next yearly visit is counted from this one. Source: S3-069, A60. */
    async visit_over(ctx, tx, act) {
      const settings = await settingsNow(ctx, tx)
      act.set('next_due_at', dueLater(ctx, settings, todayIn(ctx), { months: settings.limits['visit.yearly_months'] ?? 12 }))
      return null
    },
  },
}

/** When the visits of a plan are, counted from its date. Source: S0-045, S3-005, S3-068. */
function rhythmOf(kind: string, limits: Effective['limits']): readonly Later[] {
  const months = (name: string, otherwise: number): Later => ({ months: limits[name] ?? otherwise })
  if (kind === 'follow_up') {
    return [{ days: limits['visit.follow_up_days'] ?? 7 }, months('visit.follow_up_months', 1),
      months('visit.follow_up_last_months', 3)]
  }
  if (kind === 'key_user') return [{ months: 1 }, { months: 2 }, { months: 3 }]
  return kind === 'return_visit' ? [{ days: limits['visit.return_days'] ?? 7 }] : []
}

async function begin(ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  const customer = act.input.customer ?? act.values.customer
  const refusal = await refuseUnlessActive(tx, customer, 'customer')
  if (refusal) return refusal
  const kind = String(act.input.plan_kind)
  const [row] = await tx.query<{ grade: string | null }>(sql`
    select grade from customer where id = ${customer}::uuid`.named('grade_of'))
  // Key customers only. Source: S3-011, S3-068.
  if ((kind === 'care' || kind === 'key_user') && row?.grade !== 'key') {
    return { code: 'bad_input', fields: [fail('plan_kind', 'not_an_option')] }
  }
  const settings = await settingsNow(ctx, tx)
  const dates = rhythmOf(kind, settings.limits).map((later) => dueLater(ctx, settings, String(act.input.base_on), later))
  act.set('first_due_at', dates[0] ?? null)
  act.set('second_due_at', dates[1] ?? null)
  act.set('third_due_at', dates[2] ?? null)
  if (act.input.handler === undefined && ctx.actor.kind === 'member') act.setHead('handler', ctx.actor.id)
  return null
}
