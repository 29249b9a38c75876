import { type Agreed, agreedFigures } from '../../engine/define.ts'
import type { ServiceClass } from '../../processes/contracts/contract-fields.ts'
import type { WarrantyStart } from '../../processes/contracts/kinds.ts'
import { type Clause, type Entitlement, type EntitlementGrounds, entitlementOf }
  from '../../processes/contracts/entitlement.ts'
import { dateIn } from '../company-time.ts'
import type { Ctx } from '../context.ts'
import { type Reader, type Row, sql } from '../db.ts'
import type { Act } from '../records/noun.ts'
import { usedOfClause } from './visits.ts'
import { type Effective, effectiveSettings, readCompanyNow } from '../settings.ts'

/** Who asks for what: a customer, a machine, or both. */
export type Asked = { customer: string | null; machine: string | null }
export type Question = Asked & { service_class: ServiceClass | null
  /** 'YYYY-MM-DD' in company time. */
  on: string }

/** What a machine and its product say of its warranty. */
export type WarrantyRow = { purchase_date: string | null; delivery_date: string | null
  application_date: string | null; product_kind: string | null; warranty_from: WarrantyStart | null
  warranty_months: number | null; warranty_until: string | null; extended_until: string | null
  product_from: WarrantyStart | null; product_months: number | null }
type GroundRow = Row & WarrantyRow & { n: number; found: boolean; customer: string | null }
/** `of_machine`, `of_customer`: whose it is; a contract for everything names the customer alone. */
type ClauseRow = Row & Clause & { of_machine: string | null; of_customer: string | null; line: number }

/**
 * What a machine's warranty follows from, with the rule of its product or, where it has none, of its kind. A seal counts
 * from its application day by itself; everything else from the day of purchase. Source: S3-055.
 */
export function groundsOf(settings: Effective, row: WarrantyRow):
  NonNullable<EntitlementGrounds['warranty']> {
  const kind = row.product_kind ?? 'other'
  const from = row.warranty_from ?? row.product_from ?? (kind === 'seal' ? 'application' : kind === 'reagent' ? 'none'
    : 'purchase')
  return { purchase_date: row.purchase_date, delivery_date: row.delivery_date, application_date: row.application_date,
    from, months: row.warranty_months ?? row.product_months ?? settings.limits[`warranty.months.${kind}`] ?? null,
    until_override: row.warranty_until, extended_until: row.extended_until }
}

const askedMost = 200
/** Contracts of one customer, and clauses of one machine, that are looked at; of how many those for everything are taken. */
const contractsMost = 100
const contractsRead = 1000
const clausesMost = 50

/**
 * The answers to many questions in one round trip: warranty grounds by machine, clauses by machine and by customer, with
 * the visits that each has been used for. Two statements whatever the number of questions, each bounded for each machine
 * and, once for all machines of theirs, for each customer.
 */
export async function entitlements(reader: Reader, settings: Effective, questions: readonly Question[]):
  Promise<Entitlement[]> {
  const asked = questions.slice(0, askedMost)
  const machines = asked.map(({ machine }) => machine)
  const customers = asked.map(({ customer }) => customer)
  const [grounds, clauses] = await Promise.all([
    reader.query<GroundRow>(sql`
      select i.n::int as n, m.id is not null as found, coalesce(i.customer, w.customer) as customer,
        m.purchase_date, m.delivery_date, m.application_date,
        m.product_kind, m.warranty_from, m.warranty_months, m.warranty_until, m.extended_until,
        p.warranty_from as product_from, p.warranty_months as product_months
      from unnest(${customers}::uuid[], ${machines}::uuid[]) with ordinality as i (customer, id, n)
      left join machine m on m.id = i.id
      left join record w on i.customer is null and w.id = i.id and w.process = 'machine'
      left join product p on p.company_id = m.company_id and p.id = m.product`.named('entitlement_grounds')),
    readClauses(reader, customers, machines),
  ])
  const travel = settings.limits['warranty.travel_free'] === 1 ? 'free' : 'charged'
  return asked.map(({ service_class, on, machine }, index) => {
    const row = grounds.find(({ n }) => n === index + 1)
    const holds = ({ of_machine, of_customer }: ClauseRow) => (of_machine === null
      ? of_customer !== null && of_customer === row?.customer : of_machine === machine)
    return entitlementOf({ warranty: machine !== null && row?.found ? groundsOf(settings, row) : null, service_class, today: on,
      warranty_travel: travel, clauses: clauses.filter(holds) })
  })
}

/**
 * Clauses of contracts that name these machines, of those for a site at which one stands or stood, and of those of these
 * customers for everything. Of days that nobody names, greatest and least take the other one.
 */
const readClauses = (reader: Reader, customers: readonly (string | null)[], machines: readonly (string | null)[]) =>
  reader.query<ClauseRow>(sql`
    with asked as materialized (select i.machine, coalesce(i.customer, w.customer) as customer
      from unnest(${customers}::uuid[], ${machines}::uuid[]) as i (customer, machine)
      left join record w on i.customer is null and w.id = i.machine and w.process = 'machine')
    select f.machine as of_machine, f.customer as of_customer, c.id, c.contract,
      coalesce(nullif(k.contract_number, ''), r.number) as number, c.line,
      c.service_class, greatest(c.valid_from, f.since) as valid_from,
      least(c.valid_until, f.until) as valid_until, c.parts, c.labour, c.travel, c.onsite,
      c.visits, c.response_minutes, c.arrival_minutes, c.restore_minutes, c.calendar, c.extended_until, c.scope, c.region,
      f.covered_by as by, s.title as site, u.used as visits_used
    from (
      (select v.machine, null::uuid as customer, v.contract, v.since, v.until, 'machine' as covered_by, null::uuid as site
        from (select distinct machine from asked where machine is not null) d
        cross join lateral (select * from contract_cover x where x.machine = d.machine limit ${contractsMost}) v)
      union all
      (select d.machine, null::uuid, v.contract, v.since, v.until, 'site', v.site
        from (select distinct machine from asked where machine is not null) d
        cross join lateral (select y.contract, y.site, greatest(y.since, t.since) as since, least(y.until, t.until) as until
          from machine_stay t join contract_site y on y.company_id = t.company_id and y.site = t.site
          where t.machine = d.machine limit ${contractsMost}) v)
      union all
      (select null::uuid, d.customer, h.id, null::date, null::date, 'customer', null::uuid
        from (select distinct customer from asked where customer is not null) d
        cross join lateral (select n.id from (select m.* from record m
            where m.customer = d.customer and m.process = 'contract' and m.process <> 'machine'
            order by m.opened_at desc, m.id desc limit ${contractsRead}) n
          join contract a on a.company_id = n.company_id and a.id = n.id and a.covers = 'all'
          order by n.opened_at desc, n.id desc limit ${contractsMost}) h)) f
    left join record s on s.id = f.site
    join record r on r.id = f.contract
    join contract k on k.company_id = r.company_id and k.id = r.id
    cross join lateral (select x.* from contract_clause x where x.contract = f.contract
      order by x.line, x.valid_from limit ${clausesMost}) c
    cross join lateral (select ${usedOfClause} as used) u`.named('entitlement_clauses'))

/** The answer to one question, by the company's settings of now. */
export async function entitled(ctx: Ctx, reader: Reader, question: Question): Promise<Entitlement> {
  const company = await readCompanyNow(reader)
  const settings = await effectiveSettings(ctx.app, reader, ctx.company.id, company.profile, company.revision)
  const [answer] = await entitlements(reader, settings, [question])
  return answer!
}

/** The figures of an entitlement as the engine keeps them on a case; null when the company's own hold. */
export function agreedOf({ figures, clauses }: Entitlement): Agreed | null {
  const found = agreedFigures.flatMap((name) => (figures[name] ? [[name, figures[name]] as const] : []))
  const clause = clauses.find(({ id }) => id === found[0]?.[1].clause)
  if (!clause) return null
  return { contract: clause.contract, number: clause.number,
    figures: Object.fromEntries(found.map(([name, { minutes, calendar }]) => [name, { minutes, calendar }])) }
}

/** Under which contract a case stands, and under which of its classes a visit of the case is counted. */
export type Under = { contract: string; service_class: ServiceClass }

/** The clause that has visits left, or counts them at all, else the one that decides first. null: under no contract. */
export function underOf({ clauses, visits }: Entitlement): Under | null {
  const clause = clauses.find(({ id }) => id === visits?.clause) ?? clauses[0]
  return clause ? { contract: clause.contract, service_class: clause.service_class } : null
}

/**
 * A case that is opened for a customer or a machine takes over what the contract promises, as of the day on which it is
 * opened: later changes of the contract do not move it. Sends nothing when the case names neither.
 *
 * @returns what may be expected on that day; null when nobody can say
 */
export async function agreeAtOpening(ctx: Ctx, reader: Reader, act: Act, service_class: ServiceClass | null):
  Promise<Entitlement | null> {
  const customer = textOf(act.values.customer)
  const machine = textOf(act.values.machine)
  if (customer === null && machine === null) return null
  const on = dateIn(ctx.company.time_zone, Date.parse(act.at))
  const answer = await entitled(ctx, reader, { customer, machine, service_class, on })
  act.agree(agreedOf(answer))
  return answer
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
