import { type ServiceClass, papers as paperKinds, serviceClasses, stages as stageNames }
  from '../../processes/contracts/contract-fields.ts'
import type { Case } from '../case.ts'
import type { Ctx } from '../context.ts'
import { type Reader, sql } from '../db.ts'
import { seenFields } from '../seen.ts'
import type { ContractFileView } from '../views-contracts.ts'
import { todayIn } from './days.ts'
import { expectedPapers, inspectionDates } from './lines.ts'
import { figureText } from './said.ts'

const clausesMost = 60
const machinesShown = 100
const countMost = 1000

type ClauseRow = { id: string; service_class: ServiceClass; valid_from: string; valid_until: string
  parts: 'free' | 'charged'; labour: 'free' | 'charged'; travel: 'free' | 'charged'; visits: number | null
  response_minutes: number | null; arrival_minutes: number | null; restore_minutes: number | null; calendar: string
  used: number }

const readClauses = (reader: Reader, contract: string) => reader.query<ClauseRow & Record<string, unknown>>(sql`
  select c.id, c.service_class, c.valid_from, c.valid_until, c.parts, c.labour, c.travel, c.visits, c.response_minutes,
    c.arrival_minutes, c.restore_minutes, c.calendar,
    (select count(*)::int from contract_visit v where v.contract = c.contract and v.service_class = c.service_class
      and v.used_on between c.valid_from and c.valid_until) as used
  from contract_clause c where c.contract = ${contract}::uuid
  order by c.valid_from desc, c.line limit ${clausesMost}`.named('contract_clauses'))

type MachineRow = { id: string; number: string; title: string; place: string | null; until: string | null }

/** Machines that it names, those taken out last; of a contract for everything, the machines of the customer. */
const readMachines = (reader: Reader, { head, values }: Case) => reader.query<MachineRow & Record<string, unknown>>(
  values.covers === 'listed' ? sql`
    select r.id, r.number, r.title, m.place, v.until from contract_cover v
    join record r on r.company_id = v.company_id and r.id = v.machine
    join machine m on m.company_id = r.company_id and m.id = r.id
    where v.contract = ${head.id}::uuid
    order by v.until is not null, r.number limit ${machinesShown + 1}`.named('contract_machines') : sql`
    select r.id, r.number, r.title, m.place, null::date as until from record r
    join machine m on m.company_id = r.company_id and m.id = r.id
    where r.process = 'machine' and r.customer = ${head.customer}::uuid and r.kind = 'active'
    order by r.opened_at desc, r.id desc limit ${machinesShown + 1}`.named('contract_machines_all'))

/** Machines of the customer that a contract for listed ones does not name: seen when an engineer stands before them. */
const countOutside = (reader: Reader, { head }: Case) => reader.query<{ count: number }>(sql`
  select count(*)::int as count from (select 1 from record r
    where r.process = 'machine' and r.customer = ${head.customer}::uuid and r.kind = 'active'
      and not exists (select from contract_cover v where v.contract = ${head.id}::uuid and v.machine = r.id
        and v.until is null)
    limit ${countMost + 1}) x`.named('contract_outside'))

type Papers = Readonly<Record<string, { on: string | null; files: readonly string[]; kept_by: string | null }>>
type Stage = { stage: keyof typeof stageNames; planned_on: string; done_on?: string | null }

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

/** What the page of a contract shows beside its fields: promises with what is left of them, machines, papers, stages. */
export async function contractFile(ctx: Ctx, reader: Reader, one: Case): Promise<ContractFileView> {
  const { values } = one
  const listed = values.covers === 'listed'
  const [clauses, machines, outside] = await Promise.all([readClauses(reader, one.head.id), readMachines(reader, one),
    listed ? countOutside(reader, one) : []])
  const filed = (values.papers ?? {}) as Papers
  const { expected } = expectedPapers(values, filed)
  const first = text(values.inspection_on)
  const today = todayIn(ctx)
  const label = (path: string, chinese: string) => ctx.words.label(`contract.option.${path}`, chinese)
  return {
    today, ends_on: text(values.ends_on), prices: seenFields(one.process, ctx.actor)('amount_fen'),
    clauses: clauses.map((row) => clauseView(ctx, row, label, today)),
    machines: machines.slice(0, machinesShown).map(({ id, number, title, place, until }) =>
      ({ id, number, title, place, until })),
    more_machines: machines.length > machinesShown, outside: outside[0]?.count ?? 0, listed,
    papers: [{ paper: 'copy', label: ctx.words.say('contract.copy'), filed: values.has_copy === true, on: null,
      kept_by: null }, ...[...new Set([...expected, ...Object.keys(filed) as (keyof typeof paperKinds)[]])].map((paper) =>
      ({ paper, label: label(`paper.${paper}`, paperKinds[paper]), filed: paper in filed, on: filed[paper]?.on ?? null,
        kept_by: filed[paper]?.kept_by ?? null }))],
    stages: ((values.stages ?? []) as Stage[]).map(({ stage, planned_on, done_on }) => ({ stage,
      label: label(`stage.${stage}`, stageNames[stage]), planned_on, done_on: done_on ?? null,
      late: !done_on && planned_on < today })),
    inspections: { state: text(values.inspection_state) ?? 'none', opened: Number(values.inspections_opened ?? 0),
      dates: first === null ? [] : inspectionDates(first, Number(values.inspection_months ?? 12), text(values.ends_on) ?? first) },
  }
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
