import type { Refusal } from '../../engine/refusal.ts'
import type { Ctx } from '../context.ts'
import { type Reader, sql } from '../db.ts'
import { partsOfCases } from '../stock.ts'
import type { Act, Noun } from './noun.ts'

/** Where machine and paper go by themselves when the order reaches a state. Source: section 2.1 of the regulation. */
const places: Readonly<Record<string, { shelf?: string | null; folder?: string | null }>> = {
  waiting_test: { shelf: 'waiting_test', folder: 'waiting_test' },
  testing: { shelf: 'in_hand' },
  waiting_consent: { shelf: 'waiting_part', folder: 'waiting_consent' },
  waiting_part: { shelf: 'waiting_part' },
  repairing: { shelf: 'in_hand' },
  at_peer: { shelf: 'at_peer' },
  restoring: { shelf: 'in_hand' },
  waiting_close_out: { shelf: 'ok', folder: 'waiting_close_out' },
  waiting_pick_up: { shelf: 'ok', folder: 'waiting_pick_up' },
  handed_over: { shelf: null, folder: null },
  cancelled: { shelf: null, folder: null },
}

type CaseRow = { id: string; product: string | null; identified: boolean; monthly: boolean; reviews_open: number
  call_backs_open: number; loans_open: number }

/** 维修单 */
export const repairOrder: Noun = {
  table: 'repair_order',
  columns: ['contact_name', 'contact_phone', 'arrived_as', 'symptom', 'fault_frequency', 'fault_history', 'warranty',
    'purchase_date', 'filled_by', 'inspected_at', 'inspector', 'reproduced', 'possible_cause', 'fixable_on_spot',
    'fault_analysis', 'parts_needed', 'appearance', 'configuration', 'attachments_kept', 'attachments', 'sent_in_on',
    'received_at', 'promised_at', 'fault_found', 'cause_class', 'model_defect', 'repair_method', 'manual_section',
    'prevention', 'price_proposal_fen', 'agreed_fen', 'mismatch', 'mismatch_open', 'work_kind', 'work_done', 'repairer',
    'finished_at', 'wait_reason', 'peer', 'escalation', 'notified_at', 'notify_attempts', 'pick_up_on', 'tested_at',
    'not_tested_reason', 'payment_way', 'paid_fen', 'satisfied', 'handed_over_at', 'unhappy', 'shelf', 'folder'],
  json: ['attachments'],
  number: { prefix: 'WX', period: 'month', digits: 4 },
  search: ['contact_name', 'contact_phone', 'symptom', 'fault_found', 'work_done', 'fault_analysis'],
  derive: (_head, values) => ({
    inspected: typeof values.inspected_at === 'string', fixable_on_spot: values.fixable_on_spot === 'yes',
    in_warranty: values.warranty === 'in', mismatch_open: values.mismatch_open === true,
    tested_at_pick_up: typeof values.tested_at === 'string', not_tested: typeof values.not_tested_reason === 'string',
    software_only: values.work_kind === 'software',
  }),
  blank: { machine_identified: false, product: 'other', monthly: false, reviews_open: 0, call_backs_open: 0,
    loans_open: 0, parts_unsettled: 0, parts_waiting: 0 },
  facts: readFacts,
  places,
  writes: {
    open, take, notify, escalate, consent: agree,
    async inspect(ctx, _tx, act) {
      act.set('inspected_at', act.at)
      act.set('inspector', ctx.actor.id)
      return null
    },
    async receive(_ctx, _tx, act) {
      act.set('received_at', act.at)
      return null
    },
    async finish(ctx, _tx, act) {
      act.set('finished_at', act.at)
      act.set('repairer', ctx.actor.id)
      return null
    },
    async pick_up_test(_ctx, _tx, act) {
      act.set('tested_at', act.at)
      return null
    },
    async hand_over(_ctx, _tx, act) {
      act.set('handed_over_at', act.at)
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
    async wait_for_part(_ctx, _tx, act) {
      act.set('wait_reason', 'part')
      return null
    },
  },
}

/** Set-based: the machine, the customer's settlement and what the children still owe. */
async function readFacts(_ctx: Ctx, reader: Reader, ids: readonly string[]): Promise<ReadonlyMap<string, object>> {
  const parts = partsOfCases(reader, ids)
  const rows = await reader.query<CaseRow>(sql`
    select r.id, m.product_kind as product,
      coalesce(m.model, '') <> '' and coalesce(m.serial_number, m.serial_note, '') <> '' as identified,
      coalesce(c.settlement = 'monthly', false) as monthly,
      (select count(*)::int from record k where k.parent = r.id and k.process = 'order_review'
        and k.kind in ('active', 'waiting')) as reviews_open,
      (select count(*)::int from record k where k.parent = r.id and k.process = 'call_back'
        and k.kind in ('active', 'waiting') and k.state <> 'talked') as call_backs_open,
      (select count(*)::int from record k where k.parent = r.id and k.process = 'loan'
        and k.kind in ('active', 'waiting')) as loans_open
    from record r
    left join machine m on m.company_id = r.company_id and m.id = r.machine
    left join customer c on c.company_id = r.company_id and c.id = r.customer
    where r.id = any(${ids}::uuid[])`.named('repair_order_facts'))
  const held = await parts
  return new Map(rows.map(({ id, product, identified, ...rest }) =>
    [id, { product: product ?? 'other', machine_identified: identified, ...rest,
      parts_unsettled: held.get(id)?.unsettled ?? 0, parts_waiting: held.get(id)?.requests_open ?? 0 }]))
}

async function take(ctx: Ctx, _tx: unknown, act: Act): Promise<Refusal | null> {
  act.setHead('handler', ctx.actor.id)
  return null
}

const symptomShown = 24

/** The title says what it is about: «LaserJet M1136 · 卡纸». The receiver owns it towards the customer. */
async function open(ctx: Ctx, tx: Reader, act: Act): Promise<Refusal | null> {
  const [machine] = await tx.query<{ title: string }>(sql`
    select title from record where id = ${act.values.machine}`.named('machine_title'))
  const symptom = String(act.values.symptom ?? '').split('\n')[0]!
  const short = [...symptom].length > symptomShown ? `${[...symptom].slice(0, symptomShown).join('')}…` : symptom
  act.setHead('title', `${machine?.title ?? ''} · ${short}`)
  act.setHead('owner', ctx.actor.id)
  act.setHead('team', 'bench_engineer')
  return null
}

async function notify(_ctx: Ctx, _tx: unknown, act: Act): Promise<Refusal | null> {
  act.set('notify_attempts', Number(act.values.notify_attempts ?? 0) + 1)
  if (act.input.outcome === 'told') act.set('notified_at', act.at)
  return null
}

async function escalate(_ctx: Ctx, _tx: unknown, act: Act): Promise<Refusal | null> {
  act.set('escalation', Number(act.values.escalation ?? 0) + 1)
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
