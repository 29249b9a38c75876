import { isUuid } from '../engine/fields.ts'
import { wordsOf } from '../words/index.ts'
import { type Case, loadCase } from './case.ts'
import { type Ctx, system } from './context.ts'
import { type Reader, sql } from './db.ts'
import { orderOf, partiesOf } from './print/around.ts'
import { capitals, yuan } from './print/money.ts'
import { quotedLines, quotedSums } from './print/papers.ts'
import { shopOf } from './print/shop.ts'
import { clockViews, stateView } from './record-view.ts'
import { seenFields } from './seen.ts'
import type { EarlierQuoteView, QuotingView } from './views.ts'

/** Earlier quotations shown beside a new one, of each kind; parts that are asked for and lead to a line. */
const earlierMost = 12
const askedMost = 40

/**
 * What one looks at while making a price: the engineer's result, the parts asked for, what was paid before, how far
 * one may go, and the words to be sent. null where the quotation, or its prices, are not for this reader.
 */
export async function readQuoting(ctx: Ctx, id: string): Promise<QuotingView | null> {
  const one = !isUuid(id) ? null
    : await ctx.app.db.read(ctx.company.id, (reader) => loadCase(ctx, reader, 'quotation', id, false))
  if (!one || !seenFields(one.process, ctx.actor)('lines')) return null
  const sees = seenFields(one.process, ctx.actor)
  const house: Ctx = { ...ctx, actor: system() }
  const order = await orderOf(house, one)
  const values: Readonly<Record<string, unknown>> = order?.values ?? {}
  const text = (name: string) => (typeof values[name] === 'string' ? values[name] as string : null)
  const [parties, read] = await Promise.all([partiesOf(house, order ?? one), ctx.app.db.read(ctx.company.id, (reader) =>
    Promise.all([askedParts(ctx, reader, one), paidByCustomer(reader, one), paidForModel(reader, one),
      mailOf(reader, one.head.customer)]))])
  const [asked, customer, model, email] = read
  const facts = one.tableFacts as { new_customer?: boolean; engineer_fen?: number | null }
  const { limits } = one.settings
  return {
    order: order && { id: order.head.id, number: order.head.number, state: stateView(ctx, order.process, order.head.state),
      clocks: clockViews(ctx, order).filter(({ clock }) => clock === 'answer' || clock === 'quote'),
      symptom: text('symptom'), fault_found: text('fault_found'), repair_method: text('repair_method'),
      parts_needed: text('parts_needed'), sent_in_on: text('sent_in_on') },
    customer: { ...parties.customer, email }, machine: parties.machine,
    contact: { name: text('contact_name') ?? '', phone: text('contact_phone') ?? '' },
    new_customer: facts.new_customer ?? true,
    engineer_fen: sees('proposal_fen') ? facts.engineer_fen ?? null : null, asked,
    earlier: { customer, model: model.filter((row) => !customer.some((known) => known.id === row.id)) },
    discount_thousandths: limits['quotation.discount_thousandths'] ?? null,
    tax_thousandths: limits['quotation.tax_thousandths'] ?? null,
    reminders_most: limits['quotation.reminders_before_supervisor'] ?? null,
    message: one.head.kind === 'active' && one.values.total_fen === null ? null : messageOf(ctx, one, parties, order),
  }
}

type AskedRow = QuotingView['asked'][number] & { part_number: string; part_name: string; quantity: number
  request_state: string; request_id: string; request_number: string }

/** Parts that engineers asked for in this case, as lines of a quotation. Half a piece is charged as one. */
async function askedParts(ctx: Ctx, reader: Reader, { head }: Case): Promise<QuotingView['asked']> {
  const process = ctx.app.house.processes.part_request
  const rows = await reader.query<AskedRow>(sql`
    select k.id as request_id, k.number as request_number, k.state as request_state, p.id as part, p.part_number,
      p.name as part_name, (l->>'quantity')::bigint as quantity, p.price_fen
    from record k join part_request r on r.company_id = k.company_id and r.id = k.id,
      jsonb_array_elements(r.lines) l join part p on p.company_id = current_company() and p.id = (l->>'part')::uuid
    where k.root = ${head.root} and k.process = 'part_request' and k.kind <> 'void'
    order by k.opened_at, p.part_number limit ${askedMost}`.named('parts_asked_for'))
  return !process ? [] : rows.map(({ part, part_number, part_name, quantity, price_fen, ...request }) => ({ part,
    name: `${part_number} ${part_name}`, pieces: Math.ceil(quantity / 1000), price_fen,
    request: { id: request.request_id, number: request.request_number },
    state: stateView(ctx, process, request.request_state) }))
}

const columns = sql`k.id, k.number, q.accepted_at, q.lines, coalesce(q.accepted_fen, q.total_fen) as total_fen,
  c.name as customer, concat_ws(' ', m.brand, m.model) as machine`

/** What this customer agreed to, newest first. */
const paidByCustomer = async (reader: Reader, { head }: Case): Promise<EarlierQuoteView[]> =>
  (head.customer === null ? [] : reader.query<EarlierQuoteView>(sql`
    select ${columns}
    from (select r.company_id, r.id, r.number, r.customer, r.machine, r.closed_at from record r
        where r.customer = ${head.customer} and r.process = 'quotation' and r.state = 'accepted' and r.id <> ${head.id}
        order by r.closed_at desc limit ${earlierMost}) k
      join quotation q on q.company_id = k.company_id and q.id = k.id
      left join customer c on c.company_id = k.company_id and c.id = k.customer
      left join machine m on m.company_id = k.company_id and m.id = k.machine
    order by k.closed_at desc`.named('paid_by_customer')))

/** What others agreed to for a machine of this model, newest first. */
const paidForModel = async (reader: Reader, { head, values }: Case): Promise<EarlierQuoteView[]> =>
  (typeof values.model !== 'string' ? [] : reader.query<EarlierQuoteView>(sql`
    select ${columns}
    from (select * from quotation t where t.model = ${values.model} and t.accepted_at is not null and t.id <> ${head.id}
        order by t.accepted_at desc limit ${earlierMost}) q
      join record k on k.company_id = q.company_id and k.id = q.id
      left join customer c on c.company_id = k.company_id and c.id = k.customer
      left join machine m on m.company_id = k.company_id and m.id = k.machine
    order by q.accepted_at desc`.named('paid_for_model')))

async function mailOf(reader: Reader, customer: string | null): Promise<string> {
  const [row] = customer === null ? [] : await reader.query<{ email: string | null }>(sql`
    select email from customer where id = ${customer}`.named('mail_of_customer'))
  return row?.email ?? ''
}

/** What is sent by WeChat or short message, in the customer's language; «{link}» stands where the link belongs. */
function messageOf(ctx: Ctx, one: Case, { machine }: Awaited<ReturnType<typeof partiesOf>>, order: Case | null): string {
  const words = wordsOf('zh')
  const shop = shopOf(ctx, one)
  const { discount_fen, tax_fen, total_fen } = quotedSums(one)
  const text = (name: string) => (typeof one.values[name] === 'string' ? one.values[name] as string : '')
  const said = (key: 'cause' | 'period' | 'valid_until') =>
    (text(key) === '' ? [] : [words.say(`mail.quote_${key}`, { text: text(key) })])
  return [words.say('mail.quote_opening', { order: order?.head.number ?? '',
    machine: machine.serial === '' ? machine.name : `${machine.name}（${machine.serial}）` }),
  ...said('cause'),
  ...quotedLines(one).map(({ line, name, pieces, amount_fen }) =>
    `${line}. ${name}${pieces > 1 ? ` ×${pieces}` : ''}　¥${yuan(amount_fen)}`),
  ...discount_fen > 0 ? [words.say('mail.quote_discount', { sum: yuan(discount_fen) })] : [],
  ...tax_fen > 0 ? [words.say('mail.quote_tax', { sum: yuan(tax_fen) })] : [],
  words.say('mail.quote_total', { sum: yuan(total_fen), capitals: capitals(total_fen) }),
  ...one.values.final === 'estimate' ? [words.say('mail.quote_estimate')] : [],
  ...said('period'), ...said('valid_until'),
  words.say('message.quote_answer', { link: '{link}', phone: shop.phone })].join('\n')
}
