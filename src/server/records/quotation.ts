import { fail } from '../../engine/fields.ts'
import type { Refusal } from '../../engine/refusal.ts'
import { dayMs, offsetAt } from '../../engine/time-zone.ts'
import { dateIn } from '../company-time.ts'
import type { Ctx } from '../context.ts'
import { type Reader, sql } from '../db.ts'
import { limitOf } from '../stock.ts'
import type { Act, Noun } from './noun.ts'

type Line = { what: string; name: string; pieces: number; unit_fen: number; note?: string }

const sum = (lines: readonly Line[]): number => lines.reduce((all, line) => all + line.pieces * line.unit_fen, 0)

/** 报价单. Money in fen. */
export const quotation: Noun = {
  table: 'quotation',
  columns: ['proposal_fen', 'lines', 'discount_fen', 'total_fen', 'cause', 'period', 'valid_until', 'final',
    'seal_wanted', 'way', 'email', 'fax', 'sent_at', 'accepted_lines', 'accepted_fen', 'tax', 'tax_fen', 'reviewed_fen',
    'remind_at', 'reminders', 'model', 'accepted_at'],
  json: ['lines', 'accepted_lines'],
  number: { prefix: 'BJ', period: 'month', digits: 4 },
  search: ['cause'],
  derive(_head, values, ctx) {
    const whole = sum((values.lines as Line[] | null) ?? [])
    const discount = Number(values.discount_fen ?? 0)
    return { priced: ((values.lines as Line[] | null) ?? []).length > 0,
      seal_wanted: values.seal_wanted === 'yes', total_fen: Number(values.total_fen ?? 0),
      past_validity: typeof values.valid_until === 'string'
        && dateIn(ctx.company.time_zone, ctx.now) > values.valid_until.slice(0, 10),
      email_known: typeof values.email === 'string', reminders: Number(values.reminders ?? 0),
      total_reviewed: typeof values.reviewed_fen === 'number' && Number(values.total_fen ?? 0) >= values.reviewed_fen,
      // In thousandths of the whole.
      discount_share: whole === 0 ? 0 : Math.ceil((discount * 1000) / whole), is_final: values.final === 'final' }
  },
  blank: { settled_with_engineer: false, earlier_prices: {}, new_customer: true, engineer_fen: null },
  facts: readFacts,
  writes: {
    prepare, price, send, accept, accept_part: acceptPart, ask_again: askAgain,
    async review(_ctx, _tx, act) {
      act.set('reviewed_fen', act.input.verdict === 'agreed' ? act.values.total_fen ?? null : act.input.advised_fen)
      return null
    },
    async remind(_ctx, _tx, act) {
      act.set('reminders', Number(act.values.reminders ?? 0) + 1)
      return null
    },
  },
}

type FactRow = { id: string; settled: boolean; earlier: Record<string, number> | null; engineer_fen: number | null }

/** Quotations of one customer that are looked through for earlier prices. */
const earlierMost = 50

/** What the engineer has said, from the order; and what this customer agreed to before, newest first. */
async function readFacts(_ctx: Ctx, reader: Reader, ids: readonly string[]): Promise<ReadonlyMap<string, object>> {
  const rows = await reader.query<FactRow>(sql`
    select r.id,
      o.fault_found is not null and coalesce(q.proposal_fen, o.price_proposal_fen) is not null as settled,
      coalesce(q.proposal_fen, o.price_proposal_fen) as engineer_fen,
      (select jsonb_object_agg(e.name, e.unit_fen) from (
        select distinct on (l->>'name') l->>'name' as name, (l->>'unit_fen')::bigint as unit_fen
        from (select k.company_id, k.id, k.closed_at from record k
            where k.customer = r.customer and k.process = 'quotation' and k.state = 'accepted' and k.id <> r.id
            order by k.closed_at desc limit ${earlierMost}) k
          join quotation b on b.company_id = k.company_id and b.id = k.id, jsonb_array_elements(b.lines) l
        order by l->>'name', k.closed_at desc) e) as earlier
    from record r join quotation q on q.company_id = r.company_id and q.id = r.id
      left join repair_order o on o.company_id = r.company_id and o.id = r.parent
    where r.id = any(${ids}::uuid[])`.named('quotation_facts'))
  return new Map(rows.map(({ id, settled, earlier, engineer_fen }) =>
    [id, { settled_with_engineer: settled, earlier_prices: earlier ?? {}, new_customer: earlier === null, engineer_fen }]))
}

/** Its words come from the order, unless given; the coordinator's desk owes it. The model is kept for price histories. */
async function prepare(_ctx: Ctx, tx: Reader, act: Act): Promise<Refusal | null> {
  const [order] = act.parent === null ? [] : await tx.query<{ title: string; model: string | null }>(sql`
    select r.title, m.model from record r left join machine m on m.company_id = r.company_id and m.id = r.machine
    where r.id = ${act.parent}`.named('quoted_order'))
  act.setHead('title', act.input.title ?? order?.title ?? '')
  act.setHead('team', 'coordinator')
  act.set('model', order?.model ? modelKey(order.model) : null)
  return null
}

/** A model as histories compare it: «LaserJet M1136 » and «laserjet m1136» are one. */
const modelKey = (model: string): string => model.normalize('NFKC').trim().toLowerCase()

async function price(ctx: Ctx, tx: Reader, act: Act): Promise<Refusal | null> {
  const lines = act.values.lines as Line[]
  const discount = Number(act.input.discount_fen ?? 0)
  const whole = sum(lines)
  if (discount > whole) return { code: 'bad_input', fields: [fail('discount_fen', 'too_large', { max: whole })] }
  const share = act.input.tax === 'added' ? await limitOf(ctx, tx, 'quotation.tax_thousandths') ?? 0 : 0
  const tax = Math.round(((whole - discount) * share) / 1000)
  act.set('discount_fen', discount)
  act.set('tax', act.input.tax ?? null)
  act.set('tax_fen', tax)
  act.set('total_fen', whole - discount + tax)
  return null
}

async function send(ctx: Ctx, tx: Reader, act: Act): Promise<Refusal | null> {
  act.set('sent_at', act.at)
  act.set('reminders', 0)
  if (act.input.phone_answer === 'agree') act.set('accepted_at', act.at)
  return askAgain(ctx, tx, act)
}

async function accept(_ctx: Ctx, _tx: Reader, act: Act): Promise<Refusal | null> {
  act.set('accepted_at', act.at)
  return null
}

/** Late enough on the day that the customer named. */
const askedAgainAt = 16 * 3_600_000

/** When the customer is asked again: the day that they named, else after the company's figure of days. */
async function askAgain(ctx: Ctx, tx: Reader, act: Act): Promise<Refusal | null> {
  const named = act.input.answer_on
  if (typeof named === 'string') {
    const on = Date.parse(`${named}T00:00:00Z`) + askedAgainAt
    const at = on - offsetAt(ctx.company.time_zone, on)
    // A day that is over is no promise any more.
    if (at > Date.parse(act.at)) {
      act.set('remind_at', new Date(at).toISOString())
      return null
    }
  }
  const days = await limitOf(ctx, tx, 'quotation.answer_days')
  act.set('remind_at', days === null ? null : new Date(Date.parse(act.at) + days * dayMs).toISOString())
  return null
}

/** A part of the lines: their sum, with discount and tax in proportion. */
async function acceptPart(_ctx: Ctx, _tx: Reader, act: Act): Promise<Refusal | null> {
  const lines = (act.values.lines as Line[] | null) ?? []
  const wanted = (act.input.accepted_lines as { line: number }[]).map(({ line }) => line)
  const stray = wanted.findIndex((line) => line > lines.length)
  if (stray >= 0) {
    return { code: 'bad_input', fields: [fail(`accepted_lines.${stray}.line`, 'too_large', { max: lines.length })] }
  }
  const chosen = sum(lines.filter((_line, index) => wanted.includes(index + 1)))
  const whole = sum(lines)
  act.set('accepted_at', act.at)
  const shareOf = (name: string) => (whole === 0 ? 0 : Math.round((Number(act.values[name] ?? 0) * chosen) / whole))
  act.set('accepted_fen', chosen - shareOf('discount_fen') + shareOf('tax_fen'))
  return null
}
