import { buffer } from 'node:stream/consumers'
import { own } from '../../engine/define.ts'
import { type Case, loadCase } from '../case.ts'
import type { Ctx } from '../context.ts'
import { sql } from '../db.ts'
import { readFile } from '../files.ts'
import { phoneText } from '../../words/phone.ts'
import { fieldTexts, namesOf, wallClock } from './page.ts'
import { type Shop, shopOf } from './shop.ts'

/** What a paper of the repair centre says beside its own record, as text: shop, customer, machine, order. */
export type Around = {
  shop: Shop
  customer: { name: string; phone: string; fax: string; address: string; online: string }
  machine: { name: string; serial: string; product: string }
  order: { number: string; opened: string; received: string; by: string; inspector: string; repairer: string
    handler: string; finished: string; handed_over: string; notified: string; prevention: string
    fields: Record<string, string>; attachments: Attachment[] }
}

export type Attachment = { name: string; pieces: number; mark: string }

type Row = { customer: string | null; phone: string | null; fax: string | null; address: string | null
  online_id: string | null; brand: string | null; model: string | null; serial_number: string | null
  serial_note: string | null; product_kind: string | null }

const serialNotes: Readonly<Record<string, string>> = { none: '无序列号', unreadable: '看不清' }

/** The repair order that a case hangs from; the case itself where it is one. */
export async function orderOf(ctx: Ctx, one: Case): Promise<Case | null> {
  if (one.head.process === 'repair_order') return one
  return ctx.app.db.read(ctx.company.id, (reader) => loadCase(ctx, reader, 'repair_order', one.head.root, false))
}

/** Customer and machine of a case in words, as they are now. */
export async function partiesOf(ctx: Ctx, { head }: Case): Promise<Pick<Around, 'customer' | 'machine'>> {
  const [row] = await ctx.app.db.read(ctx.company.id, (reader) => reader.query<Row>(sql`
    select c.name as customer, c.phone, c.fax, c.address, c.online_id, m.brand, m.model, m.serial_number, m.serial_note,
      m.product_kind
    from record r left join customer c on c.company_id = r.company_id and c.id = r.customer
      left join machine m on m.company_id = r.company_id and m.id = r.machine
    where r.id = ${head.id}`.named('parties_to_print')))
  const said = (text: string | null | undefined) => text ?? ''
  return {
    customer: { name: said(row?.customer), phone: phoneText(said(row?.phone)), fax: phoneText(said(row?.fax)), address: said(row?.address),
      online: said(row?.online_id) },
    machine: { name: [row?.brand, row?.model].filter(Boolean).join(' '), product: row?.product_kind ?? 'other',
      serial: row?.serial_number ?? own(serialNotes, row?.serial_note ?? '') ?? '' },
  }
}

/** Everything round a record of the repair centre that its papers name. */
export async function aroundOf(ctx: Ctx, one: Case): Promise<Around> {
  const order = await orderOf(ctx, one)
  const [parties, names] = await Promise.all([partiesOf(ctx, order ?? one), order ? namesOf(ctx, order) : new Map()])
  const values = order?.values ?? {}
  const at = (name: string) => wallClock(ctx, (values[name] as string | null | undefined) ?? null)
  const who = (id: unknown) => (typeof id === 'string' ? names.get(id) as string | undefined ?? '' : '')
  return {
    shop: shopOf(ctx, one), ...parties,
    order: { number: order?.head.number ?? '', opened: wallClock(ctx, order?.head.opened_at ?? null),
      received: at('received_at'), by: who(order?.head.owner), inspector: who(values.inspector),
      repairer: who(values.repairer), handler: who(order?.head.handler), finished: at('finished_at'),
      handed_over: at('handed_over_at'), notified: at('notified_at'), prevention: String(values.prevention ?? ''),
      fields: order ? fieldTexts(ctx, order, names as ReadonlyMap<string, string>) : {},
      attachments: (values.attachments as Partial<Attachment>[] | null | undefined ?? []).map((line) =>
        ({ name: line.name ?? '', pieces: line.pieces ?? 1, mark: line.mark ?? '' })) },
  }
}

/** More than a drawn signature ever weighs. */
const pictureMost = 100_000

/** A picture as typst takes it; null where there is none, or none that fits on a form. */
export type Picture = { type: 'png' | 'jpg'; bytes: number[] } | null

/** The signature that an action of a record brought, newest first. */
export async function signatureOf(ctx: Ctx, record: string, actions: readonly string[]): Promise<Picture> {
  const [row] = await ctx.app.db.read(ctx.company.id, (reader) => reader.query<{ file: string }>(sql`
    select input->'signature'->>'file' as file from event
    where record_id = ${record} and action = any(${actions}::text[]) and input->'signature'->>'file' is not null
    order by seq desc limit 1`.named('signature_to_print')))
  const file = row && ctx.app.files ? await readFile(ctx, row.file) : null
  const type = file ? own({ 'image/png': 'png', 'image/jpeg': 'jpg' } as const, file.type) : undefined
  const stream = file && type && file.size <= pictureMost ? await file.open() : null
  const bytes = stream && await buffer(stream)
  return bytes && type && isWhole(bytes) ? { type: type as 'png' | 'jpg', bytes: [...bytes] } : null
}

/** A picture that breaks off would keep the whole form from being printed. Ends of PNG (IEND) and JPEG (EOI). */
const isWhole = (bytes: Buffer): boolean =>
  ['ae426082', 'ffd9'].some((end) => bytes.subarray(-end.length / 2).toString('hex') === end)

/** New and old parts of a case, from the ledger: what was built in, and where what came out went. */
export async function partsUsed(ctx: Ctx, root: string): Promise<{ used: string; old: string }> {
  const rows = await ctx.app.db.read(ctx.company.id, (reader) => reader.query<{ name: string; old: boolean
    to_place: string; quantity: number }>(sql`
    select p.name, m.old, m.to_place, sum(m.quantity)::bigint as quantity
    from record k join stock_move m on m.company_id = k.company_id and m.record_id = k.id
      join part p on p.company_id = m.company_id and p.id = m.part
    where k.root = ${root} and k.process = 'part_request' and (m.old or m.to_place = 'customer')
    group by p.name, m.old, m.to_place order by p.name limit 40`.named('parts_to_print')))
  const say = (name: string, quantity: number) => `${name} ×${Number(quantity) / 1000}`
  return { used: rows.filter(({ old }) => !old).map(({ name, quantity }) => say(name, quantity)).join('、'),
    old: rows.filter(({ old }) => old).map(({ name, quantity, to_place }) =>
      `${say(name, quantity)}（${to_place === 'customer' ? '交还客户' : '本店保管'}）`).join('、') }
}
