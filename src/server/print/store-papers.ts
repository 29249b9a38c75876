import { fieldsOf } from '../../engine/define.ts'
import type { Case } from '../case.ts'
import { dateIn } from '../company-time.ts'
import type { Ctx } from '../context.ts'
import { sql } from '../db.ts'
import { linesOf } from '../stock.ts'
import { aroundOf } from './around.ts'
import { capitals, yuan } from './money.ts'
import { qrSvg } from './page.ts'

/** Papers of the parts store. */
const text = (value: unknown): string => (typeof value === 'string' ? value : '')

const choiceText = ({ process, values }: Case, name: string): string => {
  const field = fieldsOf(process)[name]
  const key = text(values[name])
  return field?.kind === 'choice' ? field.options[key] ?? '' : key
}

export const partLabel = async (ctx: Ctx, one: Case): Promise<object> => ({ ...await aroundOf(ctx, one),
  date: dateIn(ctx.company.time_zone, ctx.now),
  part: { number: text(one.values.part_number), name: text(one.values.name), fits: text(one.values.fits),
    bin: text(one.values.bin), kind: choiceText(one, 'part_kind'), qr: qrSvg(text(one.values.part_number)) } })

/** One tag for each old part of the request that went to the used-parts store. */
export async function oldPartTag(ctx: Ctx, one: Case): Promise<object> {
  const [around, rows] = await Promise.all([aroundOf(ctx, one), ctx.app.db.read(ctx.company.id, (reader) =>
    reader.query<{ tag: string | null; note: string | null; quantity: number; at: string; part: string }>(sql`
      select m.tag, m.note, m.quantity, m.at, p.part_number || ' ' || p.name as part
      from stock_move m join part p on p.company_id = m.company_id and p.id = m.part
      where m.record_id = ${one.head.id} and m.to_place = 'used_store' order by m.seq, m.n limit 60`.named('old_tags')))])
  return { ...around, tags: rows.map(({ tag, note, quantity, at, part }) => ({ tag: tag ?? one.head.number, part,
    condition: note ?? '', pieces: String(quantity / 1000), date: dateIn(ctx.company.time_zone, Date.parse(at)),
    qr: qrSvg(tag ?? one.head.number) })) }
}

export async function partOrder(ctx: Ctx, one: Case, buyer: string): Promise<object> {
  const lines = linesOf(one.values.lines)
  const [around, rows] = await Promise.all([aroundOf(ctx, one), ctx.app.db.read(ctx.company.id, (reader) =>
    reader.query<{ id: string; part_number: string; name: string; fits: string | null }>(sql`
      select id, part_number, name, fits from part where id = any(${lines.map(({ part }) => part)}::uuid[])`
      .named('parts_to_order')))])
  const known = new Map(rows.map((row) => [row.id, row]))
  return { ...around, buyer, date: dateIn(ctx.company.time_zone, ctx.now), parts: lines.map(({ part, quantity }, index) => ({
    line: index + 1, number: known.get(part)?.part_number ?? '', name: known.get(part)?.name ?? '',
    fits: known.get(part)?.fits ?? '', pieces: String(quantity / 1000) })) }
}

/** Money that a customer paid for parts that are ordered for them, or sent to them. */
export async function partReceipt(ctx: Ctx, one: Case, taker: string): Promise<object> {
  const around = await aroundOf(ctx, one)
  const fen = Number(one.values.customer_paid_fen ?? 0)
  return { ...around, taker, sum: yuan(fen), capitals: capitals(fen), paid_on: text(one.values.customer_paid_on),
    payer: around.customer.name || around.order.fields.contact_name || '', way: choiceText(one, 'customer_payment'),
    for: [`备件款　${text(one.values.summary)}`, around.order.number && `维修单 ${around.order.number}`].filter(Boolean).join('　') }
}
