import type { Refusal } from '../../engine/refusal.ts'
import { cutTo } from '../../words/cut.ts'
import type { Ctx } from '../context.ts'
import { type Reader, sql } from '../db.ts'
import type { Act, Noun } from './noun.ts'

/** 备用机 */
export const loaner: Noun = {
  table: 'loaner',
  columns: ['name', 'product_kind', 'serial_number', 'accessories', 'place', 'condition', 'lent_number', 'lent_to',
    'times_lent'],
  number: { prefix: 'BY', period: 'ever', digits: 3 },
  derive: () => ({}),
  title: (values) => String(values.name ?? ''),
  search: ['name', 'serial_number'],
  writes: { went_out: wentOut, came_back: cameBack, came_back_damaged: cameBackDamaged },
}

/** On which slip it is out, and with whom. */
async function wentOut(_ctx: Ctx, tx: Reader, act: Act): Promise<Refusal | null> {
  const [loan] = await tx.query<{ number: string; customer: string | null }>(sql`
    select r.number, c.title as customer from loan l
      join record r on r.company_id = l.company_id and r.id = l.id and r.state = 'lent'
      left join record c on c.company_id = r.company_id and c.id = r.customer
    where l.loaner = ${act.id} order by r.opened_at desc limit 1`.named('loan_out'))
  act.set('lent_number', loan?.number ?? null)
  act.set('lent_to', loan?.customer ?? null)
  act.set('times_lent', Number(act.values.times_lent ?? 0) + 1)
  return null
}

async function cameBack(_ctx: Ctx, _tx: Reader, act: Act): Promise<Refusal | null> {
  act.set('lent_number', null)
  act.set('lent_to', null)
  return null
}

/** What was found on its return is its condition now. */
async function cameBackDamaged(ctx: Ctx, tx: Reader, act: Act): Promise<Refusal | null> {
  const [loan] = await tx.query<{ note: string | null }>(sql`
    select l.note from loan l join record r on r.company_id = l.company_id and r.id = l.id and r.state = 'returned'
    where l.loaner = ${act.id} order by r.changed_at desc limit 1`.named('loan_damaged'))
  if (loan?.note) act.set('condition', cutTo(loan.note, conditionMost))
  return cameBack(ctx, tx, act)
}

/** As many letters as the field takes. */
const conditionMost = 200
