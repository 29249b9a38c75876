import { fail } from '../../engine/fields.ts'
import type { FieldProblem, Refusal } from '../../engine/refusal.ts'
import type { Ctx } from '../context.ts'
import { type Reader, type Tx, sql } from '../db.ts'
import { type Held, type Move, type PartLine, balancesAt, handsOf, heldBy, limitOf, linesOf, moveStock, partsIn,
  quantityText, summaryOf } from '../stock.ts'
import type { Act, Noun } from './noun.ts'

/** 领料单 */
export const part_request: Noun = {
  table: 'part_request',
  columns: ['lines', 'summary', 'engineer', 'note', 'value_fen', 'consent_required', 'consented', 'missing', 'supplier',
    'customer_consent', 'told_eta'],
  json: ['lines', 'missing'],
  number: { prefix: 'LL', period: 'month', digits: 4 },
  derive: (_head, values) => ({ consent_required: values.consent_required !== false,
    consented: values.consented === true, lines: linesOf(values.lines) }),
  facts,
  title: (values) => String(values.summary ?? ''),
  search: ['note', 'supplier'],
  writes: { request, route, consent, issue, mark_out_of_stock: markOutOfStock, settle, take_back: takeBack },
}

async function facts(_ctx: Ctx, reader: Reader, ids: readonly string[]): Promise<ReadonlyMap<string, object>> {
  const [held, rows] = await Promise.all([heldBy(reader, ids), reader.query<{ id: string; open_orders: number
    has_lead: boolean; tagged: number }>(sql`
    select i.id, (select count(*)::int from record c where c.parent = i.id and c.process = 'purchase'
        and c.kind in ('active', 'waiting')) as open_orders,
      (select count(*)::int from stock_move t where t.record_id = i.id and t.to_place = 'used_store') as tagged,
      exists (select from member m join position p on p.company_id = m.company_id and p.key = any(m.positions)
        where m.active and 'lead_engineer' = any(p.roles)) as has_lead
    from unnest(${ids}::uuid[]) i (id)`.named('part_request_facts'))])
  return new Map(rows.map(({ id, ...more }) => [id, { ...more, held: held.get(id) ?? [] }]))
}

const bad = (fields: readonly FieldProblem[]): Refusal => ({ code: 'bad_input', fields })

/** Prices as they are in the catalogue today, whether a part is costly, and whether all of it takes consent (K42). */
async function request(ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  const asked = linesOf(act.input.lines)
  const [{ parts, problems }, costly, free] = await Promise.all([partsIn(tx, 'lines', asked),
    limitOf(ctx, tx, 'parts.costly_fen'), limitOf(ctx, tx, 'parts.consent_free_fen')])
  if (problems.length > 0) return bad(problems)
  const priced = asked.map((line) => {
    const { price_fen } = parts.get(line.part)!
    return { ...line, price_fen, costly: costly !== null && price_fen !== null && price_fen >= costly }
  })
  const unpriced = priced.some(({ price_fen }) => price_fen === null)
  const value = priced.reduce((sum, { price_fen, quantity }) => sum + Math.round((price_fen ?? 0) * quantity / 1000), 0)
  act.set('lines', priced)
  act.set('summary', summaryOf(priced, parts))
  act.set('value_fen', value)
  // A part whose price nobody has entered may be dear: it takes consent.
  act.set('consent_required', unpriced || free === null || value >= free)
  act.set('consented', false)
  if (act.head === null) {
    const engineer = act.input.engineer ?? ctx.actor.id ?? ctx.actor.on_behalf_of ?? null
    act.set('engineer', engineer)
    act.setHead('handler', engineer)
  }
  return null
}

/** The request is found with the customer and the machine of its case. */
async function route(_ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  const [root] = await tx.query<{ customer: string | null; machine: string | null }>(sql`
    select customer, machine from record where id = ${act.head!.root}`.named('root_customer'))
  act.setHead('customer', root?.customer ?? null)
  act.setHead('machine', root?.machine ?? null)
  return null
}

async function consent(_ctx: Ctx, _tx: Tx, act: Act): Promise<Refusal | null> {
  act.set('consented', true)
  return null
}

const handsOfRequest = (act: Act): string => handsOf(String(act.values.engineer))

async function issue(ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  if (typeof act.values.engineer !== 'string') return bad([fail('engineer', 'required')])
  return moveStock(ctx, tx, act, linesOf(act.values.lines).map(({ part, quantity }) =>
    ({ part, quantity, from: 'store', to: handsOfRequest(act) })))
}

/** What is to be ordered: what the storekeeper says, else what the ledger lacks. */
async function markOutOfStock(_ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  const said = linesOf(act.input.missing)
  const wanted = totals(linesOf(act.values.lines))
  if (said.length > 0) {
    const problems = said.flatMap(({ part }, index) =>
      (wanted.has(part) ? [] : [fail(`missing.${index}.part`, 'not_an_option')]))
    return problems.length > 0 ? bad(problems) : null
  }
  const left = await balancesAt(tx, 'store', [...wanted.keys()])
  const missing = [...wanted].map(([part, quantity]) => ({ part, quantity: quantity - (left.get(part) ?? 0) }))
    .filter(({ quantity }) => quantity > 0)
  if (missing.length === 0) return bad([fail('missing', 'required')])
  act.set('missing', missing)
  return null
}

function totals(lines: readonly PartLine[]): Map<string, number> {
  const sums = new Map<string, number>()
  for (const { part, quantity } of lines) sums.set(part, (sums.get(part) ?? 0) + quantity)
  return sums
}

/** Rows that name a part which this request does not hold, or more of it than it holds. */
function beyondHeld(field: string, lines: readonly PartLine[], held: readonly Held[]): FieldProblem[] {
  const sums = new Map<string, number>()
  return lines.flatMap(({ part, quantity }, index) => {
    const most = held.find((one) => one.part === part)?.quantity
    if (most === undefined) return [fail(`${field}.${index}.part`, 'not_an_option')]
    const sum = (sums.get(part) ?? 0) + quantity
    sums.set(part, sum)
    return sum > most ? [fail(`${field}.${index}.quantity`, 'too_large', { max: quantityText(most) })] : []
  })
}

const oldPlaces: Readonly<Record<string, string>> = { customer: 'customer', keeper: 'used_store', scrap: 'scrap',
  supplier: 'supplier' }

/** A used part leaves the engineer's hands into the machine; the old one goes where the engineer says (S4-130). */
async function settle(ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  const used = linesOf(act.input.used)
  const held = (await heldBy(tx, [act.id])).get(act.id) ?? []
  const problems = [...beyondHeld('used', used, held), ...unanswered(act, used)]
  if (problems.length > 0) return bad(problems)
  // What lies in the used-parts store is found by its tag: the number of the request, the event, the row.
  const tags = used.map(({ destination, tag }, index) => (typeof tag === 'string' ? tag
    : destination === 'keeper' ? `${act.head!.number}-${act.seq}.${index + 1}` : undefined))
  const moves: Move[] = used.flatMap(({ part, quantity, destination, condition }, index) => {
    const tag = tags[index]
    const old = oldPlaces[String(destination)]
    const out: Move = { part, quantity, from: handsOfRequest(act), to: 'customer' }
    return old === undefined ? [out] : [out, { part, quantity, from: 'customer', to: old, old: true,
      ...(tag !== undefined && { tag }), ...(typeof condition === 'string' && { note: condition }) }]
  })
  return moveStock(ctx, tx, act, moves)
}

/** Each costly or unsure part has its recheck, each suggested one its verdict; none but those. */
function unanswered(act: Act, used: readonly PartLine[]): FieldProblem[] {
  const lines = linesOf(act.values.lines)
  const marked = (part: string, mark: string) => lines.some((line) => line.part === part && line[mark] === true)
  const lacks = (field: string, due: (row: PartLine) => boolean) => {
    const answered = new Set(linesOf(act.input[field]).map(({ part }) => part))
    const stray = linesOf(act.input[field]).flatMap(({ part }, index) =>
      (used.some((row) => row.part === part) ? [] : [fail(`${field}.${index}.part`, 'not_an_option')]))
    return [...stray, ...used.some((row) => due(row) && !answered.has(row.part)) ? [fail(field, 'not_answered')] : []]
  }
  return [...lacks('rechecks', (row) => row.unsure === true || marked(row.part, 'costly')),
    ...lacks('verdicts', (row) => marked(row.part, 'suggested_by_lead'))]
}

async function takeBack(ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  const returned = linesOf(act.input.returned)
  const problems = beyondHeld('returned', returned, (await heldBy(tx, [act.id])).get(act.id) ?? [])
  if (problems.length > 0) return bad(problems)
  return moveStock(ctx, tx, act, returned.map(({ part, quantity }) =>
    ({ part, quantity, from: handsOfRequest(act), to: 'store' })))
}
