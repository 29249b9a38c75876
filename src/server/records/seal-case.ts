import { fail } from '../../engine/fields.ts'
import type { Refusal } from '../../engine/refusal.ts'
import { computed } from '../../processes/contracts/seal-case.ts'
import { agreeAtOpening, entitled } from '../contracts/entitled.ts'
import { todayIn } from '../contracts/days.ts'
import type { Ctx } from '../context.ts'
import { type Tx, sql } from '../db.ts'
import type { Act, Noun } from './noun.ts'

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

/** 硬件处理单 */
export const sealCase: Noun = {
  table: 'seal_case',
  columns: ['reporter', 'reporter_phone', 'reported_on', 'symptom', 'signs', 'other_sign', 'chip_unusable', 'photos',
    'second_checker', 'verdict', 'overruled_because', 'warranty_until', 'price_kind', 'price_fen', 'agreed_by',
    'paid_fen', 'paid_on', 'goodwill_because', 'new_key_number', 'shipped_by', 'shipping_number'],
  json: ['signs', 'photos'],
  number: { prefix: 'YJ', period: 'month', digits: 4 },
  derive: (_head, values) => ({ price_kind: text(values.price_kind), paid: typeof values.paid_on === 'string',
    goodwill: values.paid_fen === 0,
    has_photos: Array.isArray(values.photos) && values.photos.length > 0 }),
  search: ['symptom', 'reporter', 'new_key_number'],
  writes: { open, judge, proceed, accept, pay, make_first: makeFirst },
}

/** The seal is in the register; it brings its customer along. */
async function open(ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  const [seal] = await tx.query<{ title: string; customer: string | null; product_kind: string | null }>(sql`
    select r.title, r.customer, m.product_kind from record r
    join machine m on m.company_id = r.company_id and m.id = r.id where r.id = ${act.input.machine}`.named('seal_of'))
  if (seal?.product_kind !== 'seal') return { code: 'bad_input', fields: [fail('machine', 'not_an_option')] }
  act.setHead('customer', seal.customer)
  act.setHead('title', seal.title)
  act.setHead('handler', ctx.actor.id)
  act.setHead('team', 'hotline')
  const on = text(act.input.reported_on) ?? todayIn(ctx)
  if (on > todayIn(ctx)) return { code: 'bad_input', fields: [fail('reported_on', 'not_an_option')] }
  act.set('reported_on', on)
  await agreeAtOpening(ctx, tx, act, null)
  return null
}

/**
 * The verdict, typed or computed, and from it and the warranty on the day of the report the price kind: man-made is a new
 * application whatever the warranty says; natural is free in warranty and costs the original price after it; unknown
 * warranty leaves it open. Source: S3-052 … S3-056, A52, A54, A58.
 */
async function judge(ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  const verdict = text(act.input.verdict) ?? computed(act.input)
  const { warranty } = await entitled(ctx, tx, { customer: null, machine: act.head!.machine, service_class: null,
    on: String(act.values.reported_on) })
  const kinds = { in: 'free', out: 'list', unknown: null } as const
  act.set('verdict', verdict)
  act.set('warranty_until', warranty?.until ?? null)
  act.set('price_kind', verdict === 'usable' ? null : verdict === 'man_made' ? 'new' : kinds[warranty?.state ?? 'unknown'])
  return null
}

/** What is free costs nothing, and nobody can type another sum into it. */
async function proceed(_ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  act.set('price_fen', act.values.price_kind === 'free' ? 0 : await usualPrice(tx, act))
  return null
}

/** 原价 is what was paid for this seal when it was applied for, else the list price; 新办理价格 is today's. Source: A56. */
async function usualPrice(tx: Tx, act: Act): Promise<number | null> {
  const [row] = await tx.query<{ paid_fen: number | null; list_price_fen: number | null; new_price_fen: number | null }>(
    sql`select m.paid_fen, p.list_price_fen, p.new_price_fen from machine m
      left join product p on p.company_id = m.company_id and p.id = m.product
      where m.id = ${act.head!.machine}`.named('seal_prices'))
  const fen = act.values.price_kind === 'new' ? row?.new_price_fen : row?.paid_fen ?? row?.list_price_fen
  return fen === null || fen === undefined ? null : Number(fen)
}

async function accept(_ctx: Ctx, _tx: Tx, act: Act): Promise<Refusal | null> {
  if (typeof act.values.price_fen !== 'number') return { code: 'bad_input', fields: [fail('price_fen', 'required')] }
  return null
}

async function pay(_ctx: Ctx, _tx: Tx, act: Act): Promise<Refusal | null> {
  const price = Number(act.values.price_fen ?? 0)
  return Number(act.input.paid_fen) < price ? { code: 'bad_input', fields: [fail('paid_fen', 'too_small', { min: price })] }
    : null
}

async function makeFirst(_ctx: Ctx, _tx: Tx, act: Act): Promise<Refusal | null> {
  act.set('paid_fen', 0)
  return null
}
