import type { Refusal } from '../../engine/refusal.ts'
import type { Ctx } from '../context.ts'
import { type Tx, sql } from '../db.ts'
import type { Act, Noun } from './noun.ts'

/** 未送达: points to the effect that failed; its row in the outbox moves with this record's actions. */
export const undelivered: Noun = {
  table: 'undelivered',
  columns: ['source_record', 'source_seq', 'source_n', 'reason'],
  number: { prefix: 'WS', period: 'month', digits: 4 },
  derive: () => ({}),
  writes: {
    async fail() {
      return null
    },
    retry: (ctx, tx, act) => moveEffect(ctx, tx, act, 'waiting'),
    discard: (ctx, tx, act) => moveEffect(ctx, tx, act, 'discarded'),
  },
}

async function moveEffect(_ctx: Ctx, tx: Tx, act: Act, state: 'waiting' | 'discarded'): Promise<Refusal | null> {
  const { source_record, source_seq, source_n } = act.values
  const moved = await tx.query(sql`
    update outbox set state = ${state}, tries = 0, next_at = ${act.at}, leased_until = null
    where record_id = ${source_record} and seq = ${source_seq} and n = ${source_n} and state in ('dead', 'uncertain')
    returning n`.named('move_effect'))
  return moved.length === 1 ? null : { code: 'wrong_state', params: { action: act.action, state: 'moved' } }
}
