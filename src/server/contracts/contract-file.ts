import { type ServiceClass, papers as paperKinds, serviceClasses, stages as stageNames }
  from '../../processes/contracts/contract-fields.ts'
import { dutiesOf, steps } from '../../processes/contracts/duties.ts'
import type { Case } from '../case.ts'
import type { Ctx } from '../context.ts'
import { namedByText, visible } from '../customers/visible.ts'
import { type Fragment, type Reader, sql } from '../db.ts'
import { stateView } from '../record-view.ts'
import { seenFields } from '../seen.ts'
import type { ContractFileView } from '../views-contracts.ts'
import { todayIn } from './days.ts'
import { expectedPapers, inspectionDates } from './lines.ts'
import { figureText } from './said.ts'
import { readVisits, usedOfClause } from './visits.ts'

const clausesMost = 60
const machinesShown = 100
const countMost = 1000
const ordersShown = 12

type ClauseRow = { id: string; service_class: ServiceClass; valid_from: string; valid_until: string
  parts: 'free' | 'charged'; labour: 'free' | 'charged'; travel: 'free' | 'charged'; visits: number | null
  response_minutes: number | null; arrival_minutes: number | null; restore_minutes: number | null; calendar: string
  used: number }

const readClauses = (reader: Reader, contract: string) => reader.query<ClauseRow & Record<string, unknown>>(sql`
  select c.id, c.service_class, c.valid_from, c.valid_until, c.parts, c.labour, c.travel, c.visits, c.response_minutes,
    c.arrival_minutes, c.restore_minutes, c.calendar,
    ${usedOfClause} as used
  from contract_clause c where c.contract = ${contract}::uuid
  order by c.valid_from desc, c.line limit ${clausesMost}`.named('contract_clauses'))

type MachineRow = { id: string; number: string; title: string; place: string | null; site: string | null
  until: string | null }

/**
 * Machines that it covers by name or by their site, those taken out last; of a contract for everything, the machines of
 * the customer.
 */
const readMachines = (reader: Reader, { head, values }: Case) => reader.query<MachineRow & Record<string, unknown>>(
  values.covers === 'all' ? sql`
    select r.id, r.number, r.title, m.place, null::text as site, null::date as until from record r
    join machine m on m.company_id = r.company_id and m.id = r.id
    where r.process = 'machine' and r.customer = ${head.customer}::uuid and r.kind = 'active'
    order by r.opened_at desc, r.id desc limit ${machinesShown + 1}`.named('contract_machines_all') : sql`
    select r.id, r.number, r.title, m.place, s.title as site, f.until from (
      (select v.machine, v.until, null::uuid as site from contract_cover v where v.contract = ${head.id}::uuid
        limit ${countMost})
      union all
      (select m.id, null, v.site from contract_site v join machine m on m.company_id = v.company_id and m.site = v.site
        where v.contract = ${head.id}::uuid and v.until is null and not exists (select from contract_cover n
          where n.contract = v.contract and n.machine = m.id and n.until is null) limit ${countMost})) f
    join record r on r.id = f.machine join machine m on m.company_id = r.company_id and m.id = r.id
    left join record s on s.id = f.site
    where f.until is not null or r.kind = 'active'
    order by f.until is not null, r.number limit ${machinesShown + 1}`.named('contract_machines'))

/** Machines of the customer that a contract for some does not cover: seen when an engineer stands before them. */
const countOutside = (reader: Reader, { head }: Case) => reader.query<{ count: number }>(sql`
  select count(*)::int as count from (select 1 from record r
    join machine m on m.company_id = r.company_id and m.id = r.id
    where r.process = 'machine' and r.customer = ${head.customer}::uuid and r.kind = 'active'
      and not exists (select from contract_cover v where v.contract = ${head.id}::uuid and v.machine = r.id
        and v.until is null)
      and not exists (select from contract_site v where v.contract = ${head.id}::uuid and v.site = m.site
        and v.until is null)
    limit ${countMost + 1}) x`.named('contract_outside'))

type OrderRow = { id: string; number: string; state: string; planned_on: string; handler: string | null }

/** Inspection orders, the next one first, then those that are over. */
const readOrders = (reader: Reader, contract: string, seen: Fragment) =>
  reader.query<OrderRow & Record<string, unknown>>(namedByText(sql`
  select r.id, r.number, r.state, i.planned_on, m.name as handler from inspection i
  join record r on r.company_id = i.company_id and r.id = i.id
  left join member m on m.company_id = r.company_id and m.id = r.handler
  where i.contract = ${contract}::uuid and r.kind <> 'void' and ${seen}
  order by r.kind = 'done', case when r.kind = 'done' then null else i.planned_on end, i.planned_on desc
  limit ${ordersShown}`, 'contract_inspections'))

type Promised = { part: string; quantity: number; place?: string }

/** Parts that it promises, with what the store has of them today. Source: S1-010. */
async function readSpareParts(reader: Reader, { values }: Case): Promise<ContractFileView['spare_parts']> {
  const promised = Array.isArray(values.spare_parts) ? values.spare_parts as Promised[] : []
  if (promised.length === 0) return []
  const rows = await reader.query<{ id: string; title: string; on_hand: number }>(sql`
    select r.id, r.title, coalesce(b.quantity, 0) as on_hand from record r
    left join stock_balance b on b.company_id = r.company_id and b.part = r.id and b.place = 'store'
    where r.id = any(${promised.map(({ part }) => part)}::uuid[])`.named('contract_parts'))
  const known = new Map(rows.map((row) => [row.id, row]))
  return promised.map(({ part, quantity, place }) => ({ id: part, title: known.get(part)?.title ?? '', quantity,
    place: place ?? null, on_hand: Number(known.get(part)?.on_hand ?? 0) }))
}

type SiteRow = ContractFileView['sites'][number]

const readSites = (reader: Reader, contract: string) => reader.query<SiteRow & Record<string, unknown>>(sql`
  select s.id, s.title, v.since, v.until from contract_site v join record s on s.id = v.site
  where v.contract = ${contract}::uuid order by v.until is not null, s.number limit ${machinesShown}`.named('contract_sites'))

type Papers = Readonly<Record<string, { on: string | null; files: readonly string[]; kept_by: string | null }>>
type Stage = { stage: keyof typeof stageNames; planned_on: string; done_on?: string | null }

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

/** What the page of a contract shows beside its fields: promises with what is left of them, machines, papers, stages. */
export async function contractFile(ctx: Ctx, reader: Reader, one: Case): Promise<ContractFileView> {
  const { values } = one
  const seen = visible(ctx, one.settings, [])
  const covers = values.covers as ContractFileView['covers'] ?? 'all'
  const [spare_parts, visits, orders, clauses, machines, outside, sites] = await Promise.all([
    readSpareParts(reader, one), readVisits(reader, one.head.id, seen),
    readOrders(reader, one.head.id, seen),
    readClauses(reader, one.head.id),
    readMachines(reader, one), covers === 'all' ? [] : countOutside(reader, one), readSites(reader, one.head.id)])
  const filed = (values.papers ?? {}) as Papers
  const { expected } = expectedPapers(values, filed)
  const first = text(values.inspection_on)
  const today = todayIn(ctx)
  const label = (path: string, chinese: string) => ctx.words.label(`contract.option.${path}`, chinese)
  return {
    today, ends_on: text(values.ends_on), prices: seenFields(one.process, ctx.actor)('amount_fen'),
    clauses: clauses.map((row) => clauseView(ctx, row, label, today)),
    machines: machines.slice(0, machinesShown).map(({ id, number, title, place, site, until }) =>
      ({ id, number, title, place, site, until })),
    more_machines: machines.length > machinesShown, outside: outside[0]?.count ?? 0, covers,
    sites: sites.map(({ id, title, since, until }) => ({ id, title, since, until })),
    spare_parts, duties: values.contract_kind === 'integration' || values.duties ? dutiesView(ctx, values) : [],
    papers: [{ paper: 'copy', label: ctx.words.say('contract.copy'), filed: values.has_copy === true, on: null,
      kept_by: null }, ...[...new Set([...expected, ...Object.keys(filed) as (keyof typeof paperKinds)[]])].map((paper) =>
      ({ paper, label: label(`paper.${paper}`, paperKinds[paper]), filed: paper in filed, on: filed[paper]?.on ?? null,
        kept_by: filed[paper]?.kept_by ?? null }))],
    stages: ((values.stages ?? []) as Stage[]).map(({ stage, planned_on, done_on }) => ({ stage,
      label: label(`stage.${stage}`, stageNames[stage]), planned_on, done_on: done_on ?? null,
      late: !done_on && planned_on < today })),
    visits: visits.map(({ used_on, service_class, note, record, process, number, title }) => ({ on: used_on, note,
      label: label(`services.service_class.${service_class}`, serviceClasses[service_class as ServiceClass] ?? service_class),
      record: record !== null && process !== null ? { id: record, process, number: number ?? '', title: title ?? '' } : null })),
    inspections: { state: text(values.inspection_state) ?? 'none', opened: Number(values.inspections_opened ?? 0),
      orders: orders.flatMap((row) => orderView(ctx, one, row)),
      dates: first === null ? [] : inspectionDates(first, Number(values.inspection_months ?? 12), text(values.ends_on) ?? first) },
  }
}

/** Who leads and who assists, step by step. Source: S1-018. */
const dutiesView = (ctx: Ctx, values: Case['values']): ContractFileView['duties'] => dutiesOf(values.duties).map((duty) => ({
  step: duty.step, label: ctx.words.label(`contract.option.contract_step.${duty.step}`, steps[duty.step]),
  sales: duty.sales ?? null, tech: duty.tech ?? null, commerce: duty.commerce ?? null }))

/** In the company's words for its states; none where the company has switched the process off. */
function orderView(ctx: Ctx, { settings }: Case, { id, number, state, planned_on, handler }: OrderRow):
  ContractFileView['inspections']['orders'] {
  const process = settings.definitions.inspection
  return process ? [{ id, number, planned_on, handler, state: stateView(ctx, process, state) }] : []
}

function clauseView(ctx: Ctx, row: ClauseRow, label: (path: string, chinese: string) => string, today: string):
  ContractFileView['clauses'][number] {
  const figures = (['response', 'arrival', 'restore'] as const).flatMap((figure) => {
    const minutes = row[`${figure}_minutes`]
    return minutes === null ? [] : [figureText(ctx.words, figure, minutes, row.calendar)]
  })
  return { id: row.id, label: label(`services.service_class.${row.service_class}`, serviceClasses[row.service_class]),
    valid_from: row.valid_from, valid_until: row.valid_until,
    holds: row.valid_from <= today && today <= row.valid_until, figures,
    charging: (['parts', 'labour', 'travel'] as const).map((what) =>
      ctx.words.say(row[what] === 'free' ? 'cover.free' : 'cover.charged', { what: ctx.words.say(`cover.${what}`) })),
    visits: row.visits === null ? null : { quota: row.visits, used: row.used, left: Math.max(row.visits - row.used, 0) } }
}
