import type { Refusal } from '../../engine/refusal.ts'
import type { Ctx } from '../context.ts'
import type { Tx } from '../db.ts'
import { type Move, balancesAt, linesOf, moveStock, partsIn } from '../stock.ts'
import type { Act, Noun } from './noun.ts'

/** What was counted of one part, and what the ledger said at that moment. Thousandths. */
type Counted = { part: string; part_name: string; quantity: number; book: number }

const countedOf = (value: unknown): readonly Counted[] => (Array.isArray(value) ? value as Counted[] : [])
const differs = ({ quantity, book }: Counted): boolean => quantity !== book

/** 盘点 */
export const stock_count: Noun = {
  table: 'stock_count',
  columns: ['place', 'counted', 'differences', 'reason'],
  json: ['counted', 'differences'],
  number: { prefix: 'PD', period: 'month', digits: 3 },
  derive: (_head, values) => ({ has_counted: countedOf(values.counted).length > 0,
    has_difference: countedOf(values.counted).some(differs) }),
  title: (values) => (values.place === 'used_store' ? '旧件库盘点' : '备件库房盘点'),
  writes: { count, close },
}

/** A part that is counted again takes the place of its first count. */
async function count(_ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  const lines = linesOf(act.input.lines)
  const [{ parts, problems }, books] = await Promise.all([partsIn(tx, 'lines', lines),
    balancesAt(tx, String(act.values.place), lines.map(({ part }) => part))])
  // Of a part that is no longer kept there may still be some on the shelf.
  const unknown = problems.filter(({ code }) => code === 'unknown_record')
  if (unknown.length > 0) return { code: 'bad_input', fields: unknown }
  const counted = new Map(countedOf(act.values.counted).map((row) => [row.part, row]))
  for (const { part, quantity } of lines) {
    const { part_number, name } = parts.get(part)!
    counted.set(part, { part, part_name: `${part_number} ${name}`, quantity, book: books.get(part) ?? 0 })
  }
  act.set('counted', [...counted.values()])
  return null
}

async function close(ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  const place = String(act.values.place)
  const found = countedOf(act.values.counted).filter(differs)
  act.set('differences', found)
  const { reason } = act.input
  return moveStock(ctx, tx, act, found.map(({ part, quantity, book }): Move => ({ part,
    ...(quantity > book ? { from: 'difference', to: place } : { from: place, to: 'difference' }),
    quantity: Math.abs(quantity - book), ...(typeof reason === 'string' && { note: reason }) })))
}
