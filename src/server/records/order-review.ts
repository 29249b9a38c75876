import type { Refusal } from '../../engine/refusal.ts'
import { unexplained } from '../checklist-answers.ts'
import type { Ctx } from '../context.ts'
import { type Reader, sql } from '../db.ts'
import type { Act, Noun } from './noun.ts'

/** 审单 */
export const orderReview: Noun = {
  table: 'order_review',
  columns: ['defects', 'remark'],
  number: { prefix: 'SH', period: 'month', digits: 4 },
  derive: () => ({}),
  writes: {
    submit: towardsSupervisor, resubmit: towardsSupervisor, give_back: giveBack,
    async pass(_ctx, _tx, act) {
      const fields = unexplained(act.input, ['checks'])
      return fields.length > 0 ? { code: 'bad_input', fields } : null
    },
  },
}

async function towardsSupervisor(_ctx: Ctx, _tx: Reader, act: Act): Promise<Refusal | null> {
  act.setHead('handler', null)
  act.setHead('team', 'supervisor')
  return null
}

/** Whoever repaired the machine puts the order right. */
async function giveBack(_ctx: Ctx, tx: Reader, act: Act): Promise<Refusal | null> {
  const [order] = await tx.query<{ handler: string | null }>(sql`
    select handler from record where id = ${act.parent}`.named('reviewed_order'))
  act.setHead('handler', order?.handler ?? null)
  act.setHead('team', 'coordinator')
  return null
}
