import type { Ctx } from '../context.ts'
import { type Fragment, type Reader, sql } from '../db.ts'
import { sightOf } from '../policy.ts'
import { settingsNow } from '../settings.ts'
import type { CountView, CustomerFileView, MachineStoryView } from '../views.ts'
import { type ContactRow, type CustomerRow, type MachineRow, contactColumns, contactView, customerColumns, customerJoins,
  customerView, machineColumns, machineJoin, machineViews } from './brief.ts'
import { readDue, readOwed, readSites } from './standing-now.ts'
import { type CaseRow, caseColumns, caseView, namedByText, notCases, visible } from './visible.ts'

const contactsMost = 200
const machinesMost = 100
const openMost = 100
const casesMost = 50
const storyMost = 200
const mergedMost = 50
/** Counts stop here, as everywhere. */
const countMost = 1000
/** Heads of one customer that are read at most before the reader's sight narrows them. */
const headsMost = 1000

/** May this person look at customers and machines at all? Those of a private link may not. */
export const seesCustomers = (ctx: Ctx): boolean =>
  sightOf('customer', ctx.actor) === 'all' && sightOf('machine', ctx.actor) === 'all'

const capped = (count: number): CountView => ({ count: Math.min(count, countMost), capped: count > countMost })

/**
 * One page of a customer: people, machines, open cases and the last ones. Of a customer that others were merged into,
 * their cases too.
 *
 * @returns null when there is no such customer in the company
 */
export async function readCustomerFile(ctx: Ctx, reader: Reader, id: string): Promise<CustomerFileView | null> {
  const settings = await settingsNow(ctx, reader)
  const process = settings.definitions.customer
  if (!process || !settings.definitions.machine) return null
  const own = reader.query<CustomerRow>(sql`select ${customerColumns} from record r ${customerJoins}
    where r.id = ${id}::uuid and r.process = 'customer'`.named('file_customer'))
  const merged = await reader.query<{ id: string; number: string; name: string }>(sql`
    with recursive part as (
      select c.id, 1 as depth from customer c where c.merged_into = ${id}::uuid
      union select c.id, p.depth + 1 from part p join customer c on c.merged_into = p.id where p.depth < 10)
    select r.id, r.number, r.title as name from record r where r.id in (select p.id from part p limit ${mergedMost})
    order by r.opened_at, r.id`.named('file_merged'))
  const [row] = await own
  if (!row) return null
  const seen = visible(ctx, settings, notCases)
  const ids = [id, ...merged.map((one) => one.id)]
  const [parts, sites, due, owed] = await Promise.all([readParts(reader, ids, seen),
    readSites(ctx, reader, settings, id), readDue(ctx, reader, settings, ids), readOwed(reader, ids)])
  return {
    customer: customerView(ctx, process, row), contacts: parts.contacts.map(contactView), sites, due, owed,
    machines: await machineViews(ctx, reader, settings, parts.machines),
    open_cases: parts.open.map((one) => caseView(ctx, settings.definitions, one)),
    cases: parts.cases.map((one) => caseView(ctx, settings.definitions, one)), merged,
    counts: { machines: capped(parts.counts.machines), open_cases: capped(parts.counts.open_cases),
      cases: capped(parts.counts.cases) },
  }
}

/** The newest heads of each id that are no machines, read to a depth, then narrowed to what the reader sees. */
const heads = (ids: readonly string[], narrowed: Fragment) => sql`unnest(${ids}::uuid[]) as i (id)
  cross join lateral (select n.* from record n where n.customer = i.id and n.process <> 'machine' ${narrowed}
    order by n.opened_at desc, n.id desc limit ${headsMost + 1}) r`

async function readParts(reader: Reader, ids: readonly string[], seen: Fragment) {
  const open = sql`and n.kind in ('active', 'waiting')`
  const [contacts, machines, openCases, cases, [counts]] = await Promise.all([
    reader.query<ContactRow>(sql`select ${contactColumns} from contact p where p.customer = ${ids[0]}::uuid
      order by p.active desc, p.id limit ${contactsMost}`.named('file_contacts')),
    reader.query<MachineRow>(sql`select ${machineColumns} from record r ${machineJoin}
      where r.customer = ${ids[0]}::uuid and r.process = 'machine'
      order by r.kind, r.opened_at desc, r.id desc limit ${machinesMost}`.named('file_machines')),
    reader.query<CaseRow>(namedByText(sql`select ${caseColumns} from ${heads(ids, open)} where ${seen}
      order by r.opened_at desc, r.id desc limit ${openMost}`, 'file_open')),
    reader.query<CaseRow>(namedByText(sql`select ${caseColumns} from ${heads(ids, sql``)} where ${seen}
      order by r.opened_at desc, r.id desc limit ${casesMost}`, 'file_cases')),
    reader.query<{ machines: number; open_cases: number; cases: number }>(namedByText(sql`select
      (select count(*)::int from (select 1 from record r where r.customer = ${ids[0]}::uuid and r.process = 'machine'
        limit ${countMost + 1}) x) as machines,
      (select count(*)::int from ${heads(ids, open)} where ${seen}) as open_cases,
      (select count(*)::int from ${heads(ids, sql``)} where ${seen}) as cases`, 'file_counts')),
  ])
  return { contacts, machines, open: openCases, cases, counts: counts! }
}

/** Everything that was ever done to one machine, newest first; null when there is no such machine. */
export async function readMachineStory(ctx: Ctx, reader: Reader, id: string): Promise<MachineStoryView | null> {
  const settings = await settingsNow(ctx, reader)
  if (!settings.definitions.customer || !settings.definitions.machine) return null
  const machines = reader.query<MachineRow>(sql`select ${machineColumns} from record r ${machineJoin}
    where r.id = ${id}::uuid and r.process = 'machine'`.named('story_machine'))
  const customers = reader.query<CustomerRow>(sql`select ${customerColumns} from record r ${customerJoins}
    where r.id = (select h.customer from record h where h.id = ${id}::uuid and h.process = 'machine')`
    .named('story_customer'))
  const cases = reader.query<CaseRow>(namedByText(sql`select ${caseColumns} from record r
    where r.machine = ${id}::uuid and ${visible(ctx, settings, notCases)}
    order by r.opened_at desc, r.id desc limit ${storyMost + 1}`, 'story_cases'))
  const [[machine], [customer], rows] = await Promise.all([machines, customers, cases])
  if (!machine) return null
  const [view] = await machineViews(ctx, reader, settings, [machine])
  return { machine: view!,
    customer: customer ? customerView(ctx, settings.definitions.customer, customer) : null,
    cases: rows.slice(0, storyMost).map((row) => caseView(ctx, settings.definitions, row)),
    more: rows.length > storyMost }
}
