import { fail } from '../../engine/fields.ts'
import type { FieldProblem, Refusal } from '../../engine/refusal.ts'
import { agreeAtOpening, underOf } from '../contracts/entitled.ts'
import type { Ctx } from '../context.ts'
import { type Reader, sql } from '../db.ts'
import { unexplained } from '../checklist-answers.ts'
import { placeCalled } from '../shelf-names.ts'
import { limitOf, partsOfCases } from '../stock.ts'
import type { Act, Noun } from './noun.ts'

/** Where machine and paper go by themselves when the order reaches a state. Source: section 2.1 of the regulation. */
const places: Readonly<Record<string, { shelf?: string | null; folder?: string | null; wait_reason?: string | null }>> = {
  waiting_test: { shelf: 'waiting_test', folder: 'waiting_test' },
  testing: { shelf: 'in_hand' },
  waiting_consent: { shelf: 'waiting_part', folder: 'waiting_consent', wait_reason: 'quote' },
  approved: { wait_reason: null },
  waiting_part: { shelf: 'waiting_part', wait_reason: 'part' },
  dispatched: { wait_reason: null },
  repairing: { shelf: 'in_hand' },
  at_peer: { shelf: 'at_peer' },
  restoring: { shelf: 'in_hand', wait_reason: null },
  waiting_close_out: { shelf: 'ok', folder: 'waiting_close_out' },
  waiting_pick_up: { shelf: 'ok', folder: 'waiting_pick_up' },
  delivering: { shelf: 'on_delivery' },
  handed_over: { shelf: null, folder: null },
  cancelled: { shelf: null, folder: null },
}

const finishing = ['printer_test', 'computer_test', 'other_test', 'printer_cleaning', 'computer_cleaning',
  'finish_steps'] as const

type CaseRow = { id: string; product: string | null; identified: boolean; reviews_open: number
  reviews_passed: number; call_backs_open: number; call_backs_done: number; loans_open: number; parts_missing: number
  quotations_open: number; escalations_open: number }

/** 维修单 */
export const repairOrder: Noun = {
  table: 'repair_order',
  columns: ['contract', 'contract_class', 'contact_name', 'contact_phone', 'arrived_as', 'symptom', 'fault_frequency',
    'fault_history', 'warranty',
    'purchase_date', 'filled_by', 'inspected_at', 'inspector', 'reproduced', 'possible_cause', 'fixable_on_spot',
    'fault_analysis', 'parts_needed', 'appearance', 'configuration', 'attachments_kept', 'attachments', 'sent_in_on',
    'received_at', 'promised_at', 'fault_found', 'cause_class', 'model_defect', 'repair_method', 'manual_section',
    'prevention', 'price_proposal_fen', 'agreed_fen', 'mismatch', 'mismatch_open', 'work_kind', 'work_done', 'repairer',
    'finished_at', 'wait_reason', 'peer', 'escalation', 'notified_at', 'notify_attempts', 'pick_up_on', 'tested_at',
    'not_tested_reason', 'payment_way', 'paid_fen', 'satisfied', 'handed_over_at', 'unhappy', 'shelf', 'folder',
    'call_again_at', 'contact_by_at', 'delivery_at', 'aas_opened_at', 'receiver', 'opinion', 'visits', 'escalated_because',
    'cpu', 'memory', 'disk', 'cpu_now', 'memory_now', 'disk_now', 'configuration_change', 'diagnostic_tool',
    'pages_printed', 'replaces', 'follow_peer_at', 'peer_price_fen', 'special_told', 'customer_chased',
    'promise_changes', 'identity_check', 'identity_approved_by', 'left_here_at',
    'fault_class', 'repair_outcome', 'not_repaired_because', 'age_years', 'rework_of', 'rework_reason', 'came_back'],
  json: ['attachments'],
  number: { prefix: 'WX', period: 'month', digits: 4 },
  search: ['contact_name', 'contact_phone', 'symptom', 'fault_found', 'work_done', 'fault_analysis'],
  derive: (head, values, ctx) => ({
    importer: ctx.actor.importer === true, visits: Number(values.visits ?? 0),
    inspected: typeof values.inspected_at === 'string', engineer_named: typeof head.handler === 'string',
    fixable_on_spot: values.fixable_on_spot === 'yes', in_warranty: values.warranty === 'in', mismatch_open: values.mismatch_open === true,
    tested_at_pick_up: typeof values.tested_at === 'string', not_tested: typeof values.not_tested_reason === 'string',
    notify_attempts: Number(values.notify_attempts ?? 0), delivered: typeof values.delivery_at === 'string',
    agreed: values.warranty === 'in' || typeof values.agreed_fen === 'number',
    agreed_nothing: values.agreed_fen === 0,
    told_already: head.state === 'waiting_pick_up',
    rework: typeof values.rework_of === 'string',
    attachments_here: Array.isArray(values.attachments) && values.attachments.length > 0,
    peer_case: typeof values.peer === 'string' || head.state === 'for_peer',
  }),
  blank: { machine_identified: false, product: 'other', reviews_open: 0, reviews_passed: 0, call_backs_open: 0,
    call_backs_done: 0, loans_open: 0, parts_missing: 0, quotations_open: 0, escalations_open: 0, parts_unsettled: 0, orders_count: 0 },
  facts: readFacts,
  places,
  writes: {
    open, take, receive, promise: changePromise, notify, escalate, consent: agree, hand_over: handOver, finish,
    follow_peer: followPeer, tell_special: tellSpecial,
    bring_in: bringIn,
    async inspect(ctx, _tx, act) {
      act.set('inspected_at', act.at)
      act.set('inspector', ctx.actor.id)
      return null
    },
    async pick_up_test(_ctx, _tx, act) {
      const fields = unexplained(act.input, ['pick_up_test'])
      if (fields.length > 0) return { code: 'bad_input', fields }
      act.set('tested_at', act.at)
      return null
    },
    async mismatch(_ctx, _tx, act) {
      act.set('mismatch_open', true)
      return null
    },
    async settle_mismatch(_ctx, _tx, act) {
      act.set('mismatch_open', false)
      return null
    },
    async unhappy(_ctx, _tx, act) {
      act.set('unhappy', true)
      return null
    },
    async move(ctx, tx, act) {
      for (const by of ['shelf', 'folder'] as const) {
        if (typeof act.input[by] === 'string') act.set(by, await placeCalled(ctx, tx, by, act.input[by]))
      }
      return null
    },
    async visited(_ctx, _tx, act) {
      act.set('visits', Number(act.values.visits ?? 0) + 1)
      return null
    },
    async in_warranty(_ctx, _tx, act) {
      act.set('warranty', 'in')
      return null
    },
    async back_for_rework(_ctx, _tx, act) {
      act.set('came_back', oneMore(act, 'came_back'))
      return null
    },
    async left_here(_ctx, _tx, act) {
      act.set('left_here_at', act.at)
      return null
    },
  },
}

/** Set-based: the machine, the customer's settlement and what the children still owe. */
async function readFacts(_ctx: Ctx, reader: Reader, ids: readonly string[]): Promise<ReadonlyMap<string, object>> {
  const parts = partsOfCases(reader, ids)
  const rows = await reader.query<CaseRow>(sql`
    select r.id, m.product_kind as product,
      coalesce(m.model, '') <> '' and coalesce(m.serial_number, m.serial_note, '') <> '' as identified, k.*
    from record r
    left join machine m on m.company_id = r.company_id and m.id = r.machine
    cross join lateral (select
      count(*) filter (where process = 'order_review' and open)::int as reviews_open,
      count(*) filter (where process = 'order_review' and state = 'passed')::int as reviews_passed,
      count(*) filter (where process = 'call_back' and open and state <> 'talked')::int as call_backs_open,
      count(*) filter (where process = 'call_back' and state in ('talked', 'reported', 'dropped'))::int
        as call_backs_done,
      count(*) filter (where process = 'loan' and open)::int as loans_open,
      count(*) filter (where process = 'part_request' and kind = 'waiting')::int as parts_missing,
      count(*) filter (where process = 'quotation' and open)::int as quotations_open,
      count(*) filter (where process = 'task' and open and team = 'lead_engineer' and exists (select 1 from event e
        where e.record_id = c.id and e.seq = 1 and e.actor_kind = 'system'))::int as escalations_open
      from (select c.id, c.team, c.process, c.state, c.kind, c.kind in ('active', 'waiting') as open from record c
        where c.parent = r.id) c) k
    where r.id = any(${ids}::uuid[])`.named('repair_order_facts'))
  const held = await parts
  return new Map(rows.map(({ id, product, identified, ...rest }) =>
    [id, { product: product ?? 'other', machine_identified: identified, ...rest,
      parts_unsettled: held.get(id)?.unsettled ?? 0, orders_count: held.get(id)?.orders_count ?? 0 }]))
}

/** Of a computer: what is in it now and was written down of it at intake, in that order. */
const insides = [['cpu', 'cpu_now'], ['memory', 'memory_now'], ['disk', 'disk_now']] as const
const unseen = /^(不详|看不清|无)?$/
const plain = (text: unknown): string => String(text ?? '').replace(/\s/g, '').toLowerCase()

/** What failed is explained, and so is a computer that is not what it was when it came (S4-220, K34). */
async function finish(ctx: Ctx, _tx: unknown, act: Act): Promise<Refusal | null> {
  const fields = unexplained(act.input, finishing)
  const changed = insides.some(([before, now]) => !unseen.test(plain(act.values[before]))
    && act.input[now] !== undefined && plain(act.values[before]) !== plain(act.input[now]))
  if (changed && act.input.configuration_change === undefined) fields.push(fail('configuration_change', 'required'))
  if (fields.length > 0) return { code: 'bad_input', fields }
  act.set('finished_at', act.at)
  act.set('repairer', ctx.actor.id)
  // What was put back as it came, is not repaired, whoever forgets to say so.
  act.set('repair_outcome', act.action === 'finish' ? 'repaired' : act.input.repair_outcome ?? 'repairable')
  return null
}

async function take(ctx: Ctx, _tx: unknown, act: Act): Promise<Refusal | null> {
  act.setHead('handler', ctx.actor.id)
  return null
}

const symptomShown = 24

/** The title says what it is about: «LaserJet M1136 · 卡纸». */
async function title(tx: Reader, act: Act): Promise<void> {
  const [machine] = await tx.query<{ title: string }>(sql`
    select title from record where id = ${act.values.machine}`.named('machine_title'))
  const symptom = String(act.values.symptom ?? '').split('\n')[0]!
  const short = [...symptom].length > symptomShown ? `${[...symptom].slice(0, symptomShown).join('')}…` : symptom
  act.setHead('title', `${act.input.rework_of === undefined ? '' : '返修 '}${machine?.title ?? ''} · ${short}`)
}

/** The receiver owns it towards the customer. */
async function open(ctx: Ctx, tx: Reader, act: Act): Promise<Refusal | null> {
  const stray = act.input.rework_of === undefined ? null : await strayRework(tx, act)
  if (stray) return stray
  await title(tx, act)
  act.setHead('owner', ctx.actor.id)
  act.setHead('team', 'bench_engineer')
  act.set('escalation', 0)
  // What an engineer brings back was visited once, and not mended there.
  act.set('visits', act.input.arrived_as === 'brought_back' ? 1 : 0)
  act.set('notify_attempts', 0)
  act.set('special_told', 0)
  act.set('customer_chased', 0)
  act.set('promise_changes', 0)
  act.set('unhappy', false)
  const answer = await agreeAtOpening(ctx, tx, act, null)
  const under = answer && underOf(answer)
  act.set('contract', under?.contract ?? null)
  act.set('contract_class', under?.service_class ?? null)
  return null
}

/** What comes back is the machine of that order, and that order had been handed over (S4-004). */
async function strayRework(tx: Reader, act: Act): Promise<Refusal | null> {
  const rows = await tx.query(sql`
    select 1 from record where id = ${String(act.input.rework_of)}::uuid and process = 'repair_order'
      and machine = ${String(act.values.machine)}::uuid and state = any('{handed_over,entered,closed}'::text[])`
    .named('order_to_rework'))
  return rows.length > 0 ? null : { code: 'bad_input', fields: [fail('rework_of', 'not_an_option')] }
}

/** An ended case of another system. An import key alone does not make a company one that is brought in. */
async function bringIn(_ctx: Ctx, tx: Reader, act: Act): Promise<Refusal | null> {
  const [company] = await tx.query<{ importing: boolean }>(sql`select importing from company`.named('is_importing'))
  if (!company?.importing) return { code: 'guard', guard: 'being_brought_in' }
  await title(tx, act)
  act.set('finished_at', act.at)
  return null
}

async function receive(ctx: Ctx, tx: Reader, act: Act): Promise<Refusal | null> {
  act.set('received_at', act.at)
  act.set('receiver', ctx.actor.id)
  const promised = act.input.promised_at ?? await daysLater(ctx, tx, act, 'repair.promise_days')
  if (!promised) return { code: 'bad_input', fields: [fail('promised_at', 'required')] }
  act.set('promised_at', promised)
  return warnBefore(ctx, tx, act, promised)
}

const minuteMs = 60_000

/** The customer is told before a promise passes: by when, follows from the company's figure. */
async function warnBefore(ctx: Ctx, tx: Reader, act: Act, promised: unknown): Promise<null> {
  const warn = await limitOf(ctx, tx, 'repair.promise_warn_minutes')
  act.set('contact_by_at', warn === null ? null
    : new Date(Date.parse(String(promised)) - warn * minuteMs).toISOString())
  return null
}

const oneMore = (act: Act, count: string): number => Number(act.values[count] ?? 0) + 1

/** How often a promise was changed, and how often the customer had to ask first, is counted (S4-134). */
async function changePromise(ctx: Ctx, tx: Reader, act: Act): Promise<Refusal | null> {
  act.set('promise_changes', oneMore(act, 'promise_changes'))
  if (act.input.who_called_first === 'customer') act.set('customer_chased', oneMore(act, 'customer_chased'))
  return warnBefore(ctx, tx, act, act.input.promised_at)
}

async function tellSpecial(_ctx: Ctx, _tx: unknown, act: Act): Promise<Refusal | null> {
  act.set('special_told', oneMore(act, 'special_told'))
  return null
}

/** A machine at a peer's is asked after again, as the company's figure says. */
async function followPeer(ctx: Ctx, tx: Reader, act: Act): Promise<Refusal | null> {
  act.set('follow_peer_at', await daysLater(ctx, tx, act, 'repair.follow_peer_days'))
  return null
}

/** Some days later at the same hour, as the company's figure says; null where it has none. */
async function daysLater(ctx: Ctx, tx: Reader, act: Act, figure: string): Promise<string | null> {
  const days = await limitOf(ctx, tx, figure)
  return days === null ? null : new Date(Date.parse(act.at) + days * 1_440 * minuteMs).toISOString()
}

/** Each attempt is counted; who was not reached is called again (S4-114, S4-115). */
async function notify(ctx: Ctx, tx: Reader, act: Act): Promise<Refusal | null> {
  const told = act.input.outcome === 'told'
  act.set('notify_attempts', oneMore(act, 'notify_attempts'))
  act.set('call_again_at', told ? null : await daysLater(ctx, tx, act, 'repair.call_again_days'))
  if (told) act.set('notified_at', act.at)
  return null
}

/** Money before the machine leaves, but for warranty and monthly settlement (B5); an unhappy customer is marked. */
async function handOver(ctx: Ctx, tx: Reader, act: Act): Promise<Refusal | null> {
  const { values } = act
  const [customer] = await tx.query<{ settlement: string | null }>(sql`
    select settlement from customer where id = ${act.head?.customer ?? null}`.named('settlement_of'))
  const owes = values.warranty !== 'in' && Number(values.agreed_fen ?? 0) > 0
  const way = act.input.payment_way
  if ((way === 'monthly' && customer?.settlement !== 'monthly') || (way === 'none' && owes)) {
    return { code: 'bad_input', fields: [fail('payment_way', 'not_an_option')] }
  }
  if (act.input.copy_shown === 'lost' && !await overseesRepairs(tx, act.input.identity_approved_by)) {
    return { code: 'bad_input', fields: [fail('identity_approved_by', 'not_an_option')] }
  }
  const fields = unreturned(act)
  if (fields.length > 0) return { code: 'bad_input', fields }
  const untested = typeof values.not_tested_reason === 'string' && typeof values.tested_at !== 'string'
  if (untested) act.set('call_again_at', await daysLater(ctx, tx, act, 'repair.untested_days'))
  act.set('handed_over_at', act.at)
  if (act.action === 'fix_on_spot') act.set('repair_outcome', 'repaired')
  if (act.input.satisfied === 'no') act.set('unhappy', true)
  return null
}

type Piece = { name: string; pieces: number; mark?: string; returned?: boolean; not_returned?: string }
const pieceCalled = ({ name, pieces, mark }: Piece): string =>
  `${name}${pieces > 1 ? ` ×${pieces}` : ''}${mark === undefined ? '' : `（${mark}）`}`

/**
 * What is wrong with the answers about the accessories that were left: each piece is given back, or it is said why not; then
 * the whole is not «as it came» (S4-120). A row that was not left is no answer about one that was.
 */
function unreturned(act: Act): FieldProblem[] {
  const left = (act.values.attachments ?? []) as Piece[]
  const rows = (act.input.attachments_returned ?? []) as Piece[]
  const problems: FieldProblem[] = []
  const spare = new Set(rows.keys())
  for (const piece of left) {
    const name = pieceCalled(piece)
    const at = [...spare].find((index) => pieceCalled(rows[index]!) === name)
    if (at !== undefined) spare.delete(at)
    const row = at === undefined ? undefined : rows[at]
    if (row?.returned === true) continue
    const why = row?.not_returned ?? ''
    if (why === '') problems.push(fail(`attachments_returned${at === undefined ? '' : `.${at}`}`, 'piece_open', { name }))
    else if (act.input.attachments_check === 'same') problems.push(fail('attachments_check', 'piece_kept', { name }))
  }
  return [...problems, ...[...spare].map((index) => fail(`attachments_returned.${index}`, 'not_an_option'))]
}

/** May this person let a machine go without its copy? (B6) */
async function overseesRepairs(tx: Reader, member: unknown): Promise<boolean> {
  const rows = await tx.query(sql`
    select 1 from member m join position p on p.company_id = m.company_id and p.key = any(m.positions)
    where m.id = ${String(member)}::uuid and m.active and p.roles && array['supervisor', 'manager']`
    .named('oversees_repairs'))
  return rows.length > 0
}

/** What the machine escalates by, by what happened just before. */
const causes: Readonly<Record<string, string>> = { visited_unsolved: 'visits', part_out_of_stock: 'part_orders',
  overdue: 'one_week' }

async function escalate(_ctx: Ctx, tx: Reader, act: Act): Promise<Refusal | null> {
  const [last] = act.input.trigger !== undefined ? [] : await tx.query<{ action: string }>(sql`
    select action from event where record_id = ${act.id} and action = any(${Object.keys(causes)}::text[])
    order by seq desc limit 1`.named('escalated_by'))
  act.set('escalated_because', act.input.trigger ?? (last ? causes[last.action] : null) ?? null)
  act.set('escalation', oneMore(act, 'escalation'))
  return null
}

/** The sum agreed with the customer comes from the quotation that was answered last. */
async function agree(_ctx: Ctx, tx: Reader, act: Act): Promise<Refusal | null> {
  const [row] = await tx.query<{ fen: number | null }>(sql`
    select coalesce(q.accepted_fen, q.total_fen) as fen from record r
    join quotation q on q.company_id = r.company_id and q.id = r.id
    where r.parent = ${act.id} and r.process = 'quotation' and r.state = 'accepted'
    order by r.closed_at desc limit 1`.named('agreed_sum'))
  act.set('agreed_fen', row?.fen ?? null)
  return null
}
