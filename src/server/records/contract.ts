import { uuidv7 } from 'uuidv7'
import { fail } from '../../engine/fields.ts'
import type { FieldProblem, Refusal } from '../../engine/refusal.ts'
import { acceptancePapers } from '../../processes/contracts/contract-fields.ts'
import { addMonths } from '../../processes/customers/warranty.ts'
import { beginClauses, checkServices, coverMachines, endClauses, strangers, uncoverMachine }
  from '../contracts/clauses.ts'
import type { Ctx } from '../context.ts'
import { endOfDay, morningOf, plusDays, todayIn } from '../contracts/days.ts'
import { withDefaults, expectedPapers, firstUnfinished, shortestInspection } from '../contracts/lines.ts'
import { refuseUnlessActive } from '../customers/standing.ts'
import { serialKey } from '../customers/keys.ts'
import { type Tx, sql } from '../db.ts'
import { limitOf } from '../stock.ts'
import type { Act, Noun } from './noun.ts'

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
const bad = (...fields: FieldProblem[]): Refusal => ({ code: 'bad_input', fields })

type Papers = Readonly<Record<string, { on: string | null; files: readonly string[]; kept_by: string | null }>>
type Stage = { stage: string; planned_on: string; done_on?: string | null }

const papersOf = (values: Readonly<Record<string, unknown>>): Papers => (values.papers ?? {}) as Papers
const stagesOf = (values: Readonly<Record<string, unknown>>): Stage[] => (values.stages ?? []) as Stage[]

/** 合同 */
export const contract: Noun = {
  table: 'contract',
  columns: ['contract_number', 'contract_kind', 'industry', 'signed_on', 'starts_on', 'ends_on', 'ends_at',
    'renew_by_at', 'terminated_on', 'amount_fen', 'price_note', 'payment_terms', 'commitments', 'software_standard',
    'renewal', 'services', 'covers', 'covered', 'engineer', 'backup_engineer', 'project_manager', 'copy_files', 'masked',
    'papers', 'papers_missing', 'has_copy', 'stages', 'stage_by_at', 'inspection_state', 'inspection_months',
    'inspection_on', 'inspection_at', 'inspection_due_at', 'inspections_opened', 'remark', 'number_key'],
  json: ['services', 'covered', 'copy_files', 'papers', 'stages'],
  number: { prefix: 'HT', period: 'year', digits: 4 },
  derive: (_head, values) => ({
    has_copy: values.has_copy === true, inspection_state: text(values.inspection_state) ?? 'none',
    inspection_months: typeof values.inspection_months === 'number' ? values.inspection_months : null,
    acceptance_missing: acceptancePapers.filter((paper) => !(paper in papersOf(values))).length,
    papers_missing: Number(values.papers_missing ?? 0), has_engineer: text(values.engineer) !== null }),
  follows: (changes, ctx) => ({
    ...('contract_number' in changes && { number_key: serialKey(text(changes.contract_number) ?? '') || null }),
    ...(ctx && 'ends_on' in changes && { ends_at: endOfDay(ctx, text(changes.ends_on)) }),
  }),
  unique: { contract_number_once: 'contract_number' },
  search: ['contract_number', 'commitments', 'industry', 'remark'],
  writes: { draft, check, approve, activate, add_copy: addCopy, file_paper: filePaper, cover, uncover, amend,
    use_visit: useVisit, plan_inspections: planInspections, send_timetable: sendTimetable,
    confirm_timetable: confirmTimetable, open_inspection: openInspection, stage_done: stageDone, accept, renew,
    decline_renewal: declineRenewal, terminate },
}

async function draft(ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  const standing = await refuseUnlessActive(tx, act.input.customer, 'customer')
  if (standing) return standing
  const refusal = await check(ctx, tx, act)
  if (refusal) return refusal
  const [customer] = await tx.query<{ title: string; industry: string | null }>(sql`
    select r.title, c.industry from record r join customer c on c.company_id = r.company_id and c.id = r.id
    where r.id = ${act.input.customer}`.named('contract_customer'))
  const kinds: Readonly<Record<string, string>> = { product: '产品合同', maintenance: '维护合同', integration: '集成合同',
    software: '软件合同' }
  act.setHead('title', `${customer?.title ?? ''} ${kinds[String(act.values.contract_kind)] ?? ''}`.trim())
  if (act.values.industry === undefined && customer?.industry) act.set('industry', customer.industry)
  if (act.values.owner === undefined) act.setHead('owner', ctx.actor.id)
  act.set('has_copy', false)
  act.set('inspection_state', 'none')
  act.set('inspections_opened', 0)
  act.set('papers', {})
  return null
}

/** Days, classes and machines fit one another; what follows from the lines is kept beside them. */
async function check(_ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  const { values } = act
  const problems: FieldProblem[] = []
  if (String(values.ends_on) < String(values.starts_on)) problems.push(fail('ends_on', 'not_an_option'))
  problems.push(...checkServices(values.services))
  const customer = text(values.customer) ?? act.head?.customer ?? null
  if (values.covers === 'listed') problems.push(...await strangers(tx, 'covered', values.covered, customer))
  if (problems.length > 0) return bad(...problems)
  const services = withDefaults(values.services)
  act.set('services', services)
  act.set('inspection_months', shortestInspection(services))
  act.set('papers_missing', expectedPapers(values, papersOf(values)).missing.length)
  return null
}

async function approve(_ctx: Ctx, _tx: Tx, act: Act): Promise<Refusal | null> {
  act.setHead('team', 'supervisor')
  return null
}

/** From here on it answers «in contract?»: its lines become clauses, its list becomes covers. */
async function activate(ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  const { values } = act
  const from = String(values.starts_on)
  const until = String(values.ends_on)
  await beginClauses(tx, act.id, values.services, from, until)
  if (values.covers === 'listed') await coverMachines(tx, act.id, values.covered, from)
  await setTerm(ctx, tx, act, until)
  setStages(ctx, act, stagesOf(values))
  if (values.inspection_months !== null && values.inspection_months !== undefined) {
    await setInspection(ctx, tx, act, inspectionAfter(ctx, from, Number(values.inspection_months)))
  }
  return null
}

/** The last day, and by when we talk about the next term: the company's figure before it. */
async function setTerm(ctx: Ctx, tx: Tx, act: Act, until: string): Promise<void> {
  const days = await limitOf(ctx, tx, 'contract.renew_days')
  act.set('ends_on', until)
  act.set('ends_at', endOfDay(ctx, until))
  act.set('renew_by_at', days === null || act.values.renewal === 'none' ? null : morningOf(ctx, plusDays(until, -days)))
}

function setStages(ctx: Ctx, act: Act, stages: readonly Stage[]): void {
  act.set('stages', stages)
  act.set('stage_by_at', endOfDay(ctx, firstUnfinished(stages)))
}

const stepsMost = 1_200

/** The first inspection after a date that is not yet past: what nobody made in time is not made up for by a crowd. */
function inspectionAfter(ctx: Ctx, from: string, months: number): string {
  const today = todayIn(ctx)
  for (let step = 1; step < stepsMost; step += 1) {
    const on = addMonths(from, months * step)
    if (on >= today) return on
  }
  return '9999-12-31'
}

/** The next inspection; its order is made some days ahead, none after the contract's last day. */
async function setInspection(ctx: Ctx, tx: Tx, act: Act, on: string): Promise<void> {
  const lead = await limitOf(ctx, tx, 'contract.inspection_lead_days') ?? 0
  const within = on <= String(act.values.ends_on)
  act.set('inspection_on', within ? on : null)
  act.set('inspection_at', within ? morningOf(ctx, plusDays(on, -lead)) : null)
}

async function addCopy(_ctx: Ctx, _tx: Tx, act: Act): Promise<Refusal | null> {
  act.set('has_copy', true)
  if (act.input.masked === undefined) act.set('masked', false)
  return null
}

async function filePaper(_ctx: Ctx, _tx: Tx, act: Act): Promise<Refusal | null> {
  const before = papersOf(act.values)
  const files = [...before[String(act.input.paper)]?.files ?? [], ...(act.input.paper_files ?? []) as string[]]
  const papers: Papers = { ...before, [String(act.input.paper)]: { on: text(act.input.paper_on), files,
    kept_by: text(act.input.kept_by) } }
  act.set('papers', papers)
  act.set('papers_missing', expectedPapers(act.values, papers).missing.length)
  return null
}

async function cover(ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  const problems = await strangers(tx, 'machines', act.input.machines, act.head!.customer)
  if (problems.length > 0) return bad(...problems)
  await coverMachines(tx, act.id, act.input.machines, text(act.input.since) ?? todayIn(ctx))
  return null
}

async function uncover(ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  const gone = await uncoverMachine(tx, act.id, String(act.input.machine_out), plusDays(todayIn(ctx), -1))
  return gone ? null : bad(fail('machine_out', 'not_an_option'))
}

/** What held until the day before stays as it was; the new lines hold from that day to the end of the contract. */
async function amend(_ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  const from = String(act.input.amended_from)
  const until = String(act.values.ends_on)
  if (from < String(act.values.starts_on) || from > until) return bad(fail('amended_from', 'not_an_option'))
  const problems = checkServices(act.input.services)
  if (problems.length > 0) return bad(...problems)
  const services = withDefaults(act.input.services)
  await endClauses(tx, act.id, plusDays(from, -1))
  await beginClauses(tx, act.id, services, from, until)
  act.set('services', services)
  act.set('inspection_months', shortestInspection(services))
  return null
}

async function useVisit(_ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  const { used_class, used_on, visit_note } = act.input
  const [promised] = await tx.query(sql`
    select 1 from contract_clause where contract = ${act.id} and service_class = ${used_class}::text
      and ${used_on}::date between valid_from and valid_until limit 1`.named('visit_promised'))
  if (!promised) return bad(fail('used_class', 'not_an_option'))
  await tx.query(sql`
    insert into contract_visit (company_id, id, contract, service_class, used_on, note)
    values (current_company(), ${uuidv7()}::uuid, ${act.id}::uuid, ${used_class}::text, ${used_on}::date,
      ${text(visit_note)})`.named('use_visit'))
  return null
}

async function planInspections(ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  const on = String(act.input.inspection_on)
  if (on < String(act.values.starts_on) || on > String(act.values.ends_on)) {
    return bad(fail('inspection_on', 'not_an_option'))
  }
  const every = act.input.every_months ?? act.values.inspection_months
  if (typeof every !== 'number') return bad(fail('every_months', 'required'))
  act.set('inspection_months', every)
  act.set('inspection_state', 'drafted')
  await setInspection(ctx, tx, act, on)
  return null
}

async function sendTimetable(_ctx: Ctx, _tx: Tx, act: Act): Promise<Refusal | null> {
  act.set('inspection_state', 'sent')
  return null
}

/** A date that the customer moved has to be sent anew. */
async function confirmTimetable(ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  const moved = text(act.input.inspection_on)
  act.set('inspection_state', 'confirmed')
  if (moved !== null) await setInspection(ctx, tx, act, moved)
  return null
}

/** The order of this inspection is made; the next one is an interval later. */
async function openInspection(ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  const on = text(act.values.inspection_on)
  if (on === null) return null
  act.set('inspection_due_at', endOfDay(ctx, on))
  act.set('inspections_opened', Number(act.values.inspections_opened ?? 0) + 1)
  const months = Number(act.values.inspection_months ?? 0)
  await setInspection(ctx, tx, act, months > 0 ? inspectionAfter(ctx, on, months) : '9999-12-31')
  return null
}

async function stageDone(ctx: Ctx, _tx: Tx, act: Act): Promise<Refusal | null> {
  return finishStage(ctx, act, String(act.input.stage))
}

async function accept(ctx: Ctx, _tx: Tx, act: Act): Promise<Refusal | null> {
  return finishStage(ctx, act, 'acceptance')
}

async function finishStage(ctx: Ctx, act: Act, stage: string): Promise<Refusal | null> {
  const stages = stagesOf(act.values)
  const done_on = String(act.input.done_on)
  const known = stages.some((one) => one.stage === stage)
  // A stage that nobody planned is planned by being done.
  setStages(ctx, act, known ? stages.map((one) => (one.stage === stage ? { ...one, done_on } : one))
    : [...stages, { stage, planned_on: done_on, done_on }])
  return null
}

/** The same promises for another term. Those that ended with the last one go on; a gap between stays a gap. */
async function renew(ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  const until = String(act.input.renewed_until)
  const ended = String(act.values.ends_on)
  if (until <= ended) return bad(fail('renewed_until', 'not_an_option'))
  const today = todayIn(ctx)
  const from = today > ended ? today : plusDays(ended, 1)
  if (until < from) return bad(fail('renewed_until', 'not_an_option'))
  // A quota of visits is one term's: the new term begins with rows of its own.
  await beginClauses(tx, act.id, act.values.services, from, until)
  if (act.input.renewed_fen !== undefined) act.set('amount_fen', act.input.renewed_fen)
  await setTerm(ctx, tx, act, until)
  if (act.values.inspection_on === null && typeof act.values.inspection_months === 'number') {
    await setInspection(ctx, tx, act, addMonths(from, act.values.inspection_months))
  }
  return null
}

async function declineRenewal(_ctx: Ctx, _tx: Tx, act: Act): Promise<Refusal | null> {
  act.set('renewal', 'none')
  act.set('renew_by_at', null)
  return null
}

async function terminate(_ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  await endClauses(tx, act.id, String(act.input.terminated_on))
  return null
}
