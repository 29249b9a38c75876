import type { Refusal } from '../../engine/refusal.ts'
import type { Ctx } from '../context.ts'
import { takenBy } from '../taken.ts'
import { type Tx, sql } from '../db.ts'
import { type Move, moveStock } from '../stock.ts'
import type { Act, Noun } from './noun.ts'

/** 备件 */
export const part: Noun = {
  table: 'part',
  columns: ['part_number', 'name', 'fits', 'part_kind', 'price_fen', 'cost_fen', 'bin', 'minimum'],
  number: { prefix: 'PJ', period: 'ever', digits: 5 },
  derive: () => ({}),
  title: (values) => `${String(values.part_number ?? '')} ${String(values.name ?? '')}`.trim(),
  search: ['part_number', 'name', 'fits'],
  writes: { number_once: numberOnce, receive, dispose_used: disposeUsed },
}

/** One part a number. Whoever comes second waits for the first, and is told. */
async function numberOnce(ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  const number = String(act.input.part_number)
  void tx.query(sql`
    select pg_advisory_xact_lock(hashtextextended('part ' || current_company() || ' ' || upper(${number}), 0))`
    .named('lock_part_number'))
  const [taken] = await tx.query<{ id: string }>(sql`
    select id from part where upper(part_number) = upper(${number}) and id <> ${act.id}::uuid`
    .named('part_number_taken'))
  return taken ? { code: 'bad_input', fields: [await takenBy(ctx, tx, 'part_number', { process: 'part', id: taken.id })] } : null
}

const sources: Readonly<Record<string, string>> = { opening: 'difference', bought: 'supplier', customer: 'customer',
  peer: 'supplier' }

function receive(ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  const { quantity, source, note } = act.input
  return moveStock(ctx, tx, act, [move(act, sources[String(source)]!, 'store', Number(quantity), note)])
}

const disposals: Readonly<Record<string, string>> = { scrap: 'scrap', reuse: 'store', customer: 'customer',
  supplier: 'supplier' }

/** Old parts leave the used-parts store only here, by the supervisor's word (S4-007). */
function disposeUsed(ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  const { quantity, disposal, reason, tag } = act.input
  return moveStock(ctx, tx, act, [{ ...move(act, 'used_store', disposals[String(disposal)]!, Number(quantity), reason),
    old: true, ...(typeof tag === 'string' && { tag }) }])
}

const move = (act: Act, from: string, to: string, quantity: number, note: unknown): Move =>
  ({ part: act.id, from, to, quantity, ...(typeof note === 'string' && { note }) })
