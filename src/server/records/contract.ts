import { uuidv7 } from 'uuidv7'
import { fail } from '../../engine/fields.ts'
import type { FieldProblem, Refusal } from '../../engine/refusal.ts'
import { acceptancePapers } from '../../processes/contracts/contract-fields.ts'
import { type Duty, departments, dutiesOf, leadOf, rolesOf } from '../../processes/contracts/duties.ts'
import { beginClauses, checkServices, endClauses } from '../contracts/clauses.ts'
import { type Covered, cover, machines, sites, strangers, uncover } from '../contracts/covers.ts'
import type { Ctx } from '../context.ts'
import { endOfDay, plusDays, todayIn } from '../contracts/days.ts'
import { confirmTimetable, inspectionAfter, openInspection, planInspections, sendTimetable, setInspection }
  from '../contracts/inspections.ts'
import { withDefaults, expectedPapers, firstUnfinished, shortestInspection } from '../contracts/lines.ts'
import { beginTerm, declineRenewal, isBehind, renew, renewByItself } from '../contracts/terms.ts'
import { refuseUnlessActive } from '../customers/standing.ts'
import { serialKey } from '../customers/keys.ts'
import { type Tx, sql } from '../db.ts'
import type { Act, Noun, Write } from './noun.ts'

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
    'renew_by_at', 'term_from', 'term_until', 'term_nth', 'terminated_on', 'amount_fen',
    'price_note', 'payment_terms', 'commitments', 'software_standard',
    'renewal', 'services', 'covers', 'sites', 'covered', 'engineer', 'backup_engineer', 'project_manager',
    'copy_files', 'masked',
    'papers', 'papers_missing', 'has_copy', 'stages', 'stage_by_at', 'inspection_state', 'inspection_months',
    'expected_days', 'departments', 'product_kinds', 'complex', 'manager_state', 'participants', 'decided_on',
    'implementation_plan', 'inquiry', 'inquired', 'supplier', 'order_number', 'order_checked', 'spare_parts',
    'duties', 'step_team',
    'inspection_on', 'inspection_at', 'inspection_planned_on', 'inspection_due_at', 'inspections_opened', 'remark', 'number_key'],
  json: ['duties', 'participants', 'spare_parts', 'services', 'sites', 'covered', 'copy_files', 'papers', 'stages'],
  number: { prefix: 'HT', period: 'year', digits: 4 },
  derive: (_head, values, ctx) => ({
    has_copy: values.has_copy === true, inspection_state: text(values.inspection_state) ?? 'none',
    inspection_months: typeof values.inspection_months === 'number' ? values.inspection_months : null,
    acceptance_missing: acceptancePapers.filter((paper) => !(paper in papersOf(values))).length,
    renews_itself: values.renewal === 'automatic', talks_of_renewal: values.renewal === 'talk',
    is_over: typeof values.ends_at === 'string' && Date.parse(values.ends_at) <= ctx.now,
    expected_days: Number(values.expected_days ?? 0), departments: Number(values.departments ?? 0),
    product_kinds: Number(values.product_kinds ?? 0), complex: values.complex === true, inquired: values.inquired === true,
    manager_state: text(values.manager_state) ?? 'none', duties: values.duties,
    is_behind: isBehind(ctx, values),
    papers_missing: Number(values.papers_missing ?? 0), has_engineer: text(values.engineer) !== null }),
  follows: (changes, ctx) => ({
    ...('contract_number' in changes && { number_key: serialKey(text(changes.contract_number) ?? '') || null }),
    ...(ctx && 'ends_on' in changes && { ends_at: endOfDay(ctx, text(changes.ends_on)) }),
  }),
  unique: { contract_number_once: { field: 'contract_number', by: ['number_key'] } },
  search: ['contract_number', 'commitments', 'industry', 'remark'],
  writes: { draft, check, approve, activate, add_copy: addCopy, file_paper: filePaper,
    cover: covering(machines, 'machines'), uncover: uncovering(machines, 'machine_out'),
    cover_sites: covering(sites, 'sites_in'), uncover_site: uncovering(sites, 'site_out'), amend,
    set_duties: setDuties, begin_step: beginStep, use_visit: useVisit, nominate, confirm_manager: decideOnLeader, inquire,
    plan_inspections: planInspections,
    send_timetable: sendTimetable, confirm_timetable: confirmTimetable, open_inspection: openInspection,
    stage_done: stageDone, accept, renew, renew_by_itself: renewByItself, decline_renewal: declineRenewal, terminate },
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
  if (values.covers === 'listed') problems.push(...await strangers(tx, machines, 'covered', values.covered, customer))
  if (values.covers === 'sites') problems.push(...await strangers(tx, sites, 'sites', values.sites, customer))
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
  if (values.covers === 'listed') await cover(tx, machines, act.id, values.covered, from)
  if (values.covers === 'sites') await cover(tx, sites, act.id, values.sites, from)
  await beginTerm(ctx, tx, act, from, until)
  setStages(ctx, act, stagesOf(values))
  if (values.inspection_months !== null && values.inspection_months !== undefined) {
    await setInspection(ctx, tx, act, inspectionAfter(ctx, from, Number(values.inspection_months)))
  }
  return null
}

function setStages(ctx: Ctx, act: Act, stages: readonly Stage[]): void {
  act.set('stages', stages)
  act.set('stage_by_at', endOfDay(ctx, firstUnfinished(stages)))
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

/** What the lines of the field name is covered from the day that the form says, else from today. */
function covering(covered: Covered, field: 'machines' | 'sites_in'): Write {
  return async (ctx, tx, act) => {
    const problems = await strangers(tx, covered, field, act.input[field], act.head!.customer)
    if (problems.length > 0) return bad(...problems)
    await cover(tx, covered, act.id, act.input[field], text(act.input.since) ?? todayIn(ctx))
    return null
  }
}

function uncovering(covered: Covered, field: 'machine_out' | 'site_out'): Write {
  return async (ctx, tx, act) => {
    const gone = await uncover(tx, covered, act.id, String(act.input[field]), plusDays(todayIn(ctx), -1))
    return gone ? null : bad(fail(field, 'not_an_option'))
  }
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

/** Somebody who is nominated acts from then on; the decision is noted when it is made. Source: S1-037, S1-038; K03. */
async function nominate(_ctx: Ctx, _tx: Tx, act: Act): Promise<Refusal | null> {
  act.set('manager_state', 'nominated')
  return null
}

async function decideOnLeader(_ctx: Ctx, _tx: Tx, act: Act): Promise<Refusal | null> {
  const participants = act.input.participants as { agrees: string }[]
  if (!participants.some(({ agrees }) => agrees === 'yes')) return bad(fail('participants', 'not_an_option'))
  act.set('manager_state', 'confirmed')
  return null
}

/** One row a step, and in each one department that answers for it. Source: S1-018. */
async function setDuties(_ctx: Ctx, _tx: Tx, act: Act): Promise<Refusal | null> {
  const rows = act.input.duties as Duty[]
  const problems = rows.flatMap((row, index) => [
    ...rows.findIndex(({ step }) => step === row.step) < index ? [fail(`duties.${index}.step`, 'taken')] : [],
    ...departments.filter((one) => row[one] === 'lead').length === 1 ? [] : [fail(`duties.${index}.step`, 'not_an_option')]])
  return problems.length > 0 ? bad(...problems) : null
}

/** The to-do goes to whoever leads the step. */
async function beginStep(_ctx: Ctx, _tx: Tx, act: Act): Promise<Refusal | null> {
  const duty = dutiesOf(act.values.duties).find(({ step }) => step === act.input.contract_step)!
  act.set('step_team', rolesOf[leadOf(duty)])
  return null
}

async function inquire(_ctx: Ctx, _tx: Tx, act: Act): Promise<Refusal | null> {
  act.set('inquired', true)
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

async function terminate(_ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  await endClauses(tx, act.id, String(act.input.terminated_on))
  return null
}
