import { fail } from '../../engine/fields.ts'
import type { Refusal } from '../../engine/refusal.ts'
import { termEnd } from '../../processes/contracts/term.ts'
import { addMonths } from '../../processes/customers/warranty.ts'
import type { Ctx } from '../context.ts'
import type { Tx } from '../db.ts'
import type { Act } from '../records/noun.ts'
import { limitOf } from '../stock.ts'
import { beginClauses } from './clauses.ts'
import { endOfDay, morningOf, plusDays, todayIn } from './days.ts'
import { setInspection } from './inspections.ts'

/** Terms of a contract: its first, the next by agreement, the next by itself. Written by actions of the contract only. */

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

/** A term that somebody agreed on: the first of as many equal ones as follow by themselves. */
export async function beginTerm(ctx: Ctx, tx: Tx, act: Act, from: string, until: string): Promise<void> {
  act.set('term_from', from)
  act.set('term_until', until)
  act.set('term_nth', 1)
  await setTerm(ctx, tx, act, until)
}

/** The last day, and by when we talk about the next term or say that it comes by itself: the company's figure before it. */
async function setTerm(ctx: Ctx, tx: Tx, act: Act, until: string): Promise<void> {
  const days = await limitOf(ctx, tx, 'contract.renew_days')
  act.set('ends_on', until)
  act.set('ends_at', endOfDay(ctx, until))
  act.set('renew_by_at', days === null ? null : morningOf(ctx, plusDays(until, -days)))
}

/** The same promises for another term by agreement. Those that ended with the last one go on; a gap stays a gap. */
export async function renew(ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  const bad = (): Refusal => ({ code: 'bad_input', fields: [fail('renewed_until', 'not_an_option')] })
  const until = String(act.input.renewed_until)
  const ended = String(act.values.ends_on)
  if (until <= ended) return bad()
  const today = todayIn(ctx)
  const from = today > ended ? today : plusDays(ended, 1)
  if (until < from) return bad()
  if (act.input.renewed_fen !== undefined) act.set('amount_fen', act.input.renewed_fen)
  await goOn(ctx, tx, act, from, until)
  await beginTerm(ctx, tx, act, from, until)
  return null
}

type Values = Readonly<Record<string, unknown>>

/** The last day of the term after the one that it is in. */
const nextEnd = (values: Values): string => termEnd(text(values.term_from) ?? String(values.starts_on),
  text(values.term_until) ?? String(values.ends_on), Number(values.term_nth ?? 1) + 1)

/** Is the term after the one that it is in over as well? Then the machine has slept through a whole one. */
export function isBehind(ctx: Ctx, values: Values): boolean {
  const { ends_at } = values
  if (values.renewal !== 'automatic' || typeof ends_at !== 'string' || Date.parse(ends_at) > ctx.now) return false
  return Date.parse(endOfDay(ctx, nextEnd(values))!) <= ctx.now
}

/**
 * One more term of the same length, from the day after the last, however late this is done: who slept through two terms
 * does it twice, the second time at its own word, since a clock that has struck late does not strike again. Its day is
 * the contract's own, so that no promise has a gap.
 */
export async function renewByItself(ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  const ended = String(act.values.ends_on)
  const until = nextEnd(act.values)
  await goOn(ctx, tx, act, plusDays(ended, 1), until)
  act.set('term_nth', Number(act.values.term_nth ?? 1) + 1)
  await setTerm(ctx, tx, act, until)
  return null
}

/** A quota of visits is one term's: the new term begins with rows of its own. Inspections that had run out go on. */
async function goOn(ctx: Ctx, tx: Tx, act: Act, from: string, until: string): Promise<void> {
  await beginClauses(tx, act.id, act.values.services, from, until)
  if (act.values.inspection_on === null && typeof act.values.inspection_months === 'number') {
    await setInspection(ctx, tx, act, addMonths(from, act.values.inspection_months), until)
  }
}

export async function declineRenewal(_ctx: Ctx, _tx: Tx, act: Act): Promise<Refusal | null> {
  act.set('renewal', 'none')
  return null
}
