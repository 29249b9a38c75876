import type { Ctx } from '../context.ts'
import { type Reader, type Row, sql } from '../db.ts'
import { type Effective, effectiveSettings, readCompanyNow } from '../settings.ts'
import type { CaseView, ContactView, CustomerView, HitView, LookupRowView, LookupView, MachineView } from '../views.ts'
import { type ContactRow, type CustomerRow, type MachineRow, contactColumns, contactView, customerColumns, customerJoins,
  customerView, machineColumns, machineJoin, machineViews, todayOf } from './brief.ts'
import { maskPhone, paperKey } from './keys.ts'
import { type KeyKind, type KeyRange, after, numberShapes, numbersMeant, rangesOf } from './typed.ts'
import { type CaseRow, caseColumns, caseView, namedByText, notCases, visible } from './visible.ts'

/** Rows shown, keys read of one range, and what stands beside a customer. */
const rowsMost = 12
const keysMost = 20
const besideMost = 5
/** Heads read before the reader's sight narrows them: by the beginning of a number, and of one customer. */
const numbersMost = 40
const casesRead = 30

/**
 * Everything that a typed part of a phone, name, initials, serial or case number leads to: for the phone at the ear.
 * Four round trips, each statement reads a bounded number of rows however many customers there are.
 */
export async function lookUp(ctx: Ctx, reader: Reader, typed: string): Promise<LookupView> {
  const q = typed.normalize('NFKC').trim()
  if (q === '') return { q, rows: [] }
  const keys = readKeys(reader, rangesOf(q))
  const company = await readCompanyNow(reader)
  const settings = await effectiveSettings(ctx.app, reader, ctx.company.id, company.profile, company.revision)
  const [byNumber, byKey] = await Promise.all([readNumbers(ctx, reader, settings, q), keys])
  const found = [...byNumber, ...byKey]
  return { q, rows: await readRows(ctx, reader, settings, rank(found)) }
}

/** One reason to show something: which customer, and through what. */
type Found = { customer: string | null; source: string; by: HitView['by']; text: string; whole: boolean; starts: boolean
  contact: string | null; machine: string | null; case: CaseRow | null; active: boolean }

type KeyHit = { kind: KeyKind; starts: boolean; key: string; source: string; customer: string | null
  contact: string | null; machine: string | null; active: boolean | null; text: string | null
  low: string; phones: string[] | null }

/** Keys of every range, each to a fixed depth, with whose they are. */
async function readKeys(reader: Reader, ranges: readonly KeyRange[]): Promise<Found[]> {
  if (ranges.length === 0) return []
  const of = <K extends keyof KeyRange>(key: K) => ranges.map((range) => range[key])
  const rows = await reader.query<KeyHit>(sql`
    select g.kind, g.starts, h.key, h.source, g.low, p.id as contact,
      case when r.process = 'machine' then r.id end as machine,
      case when r.process = 'machine' then r.customer when r.process = 'customer' then r.id else p.customer end as customer,
      coalesce(r.kind, o.kind) = 'active' as active, coalesce(p.name, r.title) as text, coalesce(p.phones, array[c.phone_digits]) as phones
    from unnest(${of('kind')}::text[], ${of('starts')}::boolean[], ${of('low')}::text[], ${of('high')}::text[])
      as g (kind, starts, low, high)
    cross join lateral (
      select k.key, k.source from lookup_key k
      where k.kind = g.kind and k.starts = g.starts and k.key >= g.low collate "C" and k.key < g.high collate "C"
      order by k.company_id, k.kind, k.starts, k.key, k.source limit ${keysMost}) h
    left join record r on r.id = h.source
    left join customer c on c.id = h.source
    left join contact p on p.id = h.source
    left join record o on o.id = p.customer`.named('lookup_keys'))
  return rows.map((row) => ({ customer: row.customer, source: row.source, by: byOf(row), whole: row.key === row.low,
    text: textOf(row), starts: row.starts, contact: row.contact,
    machine: row.machine, case: null, active: row.active === true }))
}

/** The whole number that was hit, masked; else the name of the person, customer or machine. */
const textOf = (row: KeyHit): string => (row.kind !== 'phone' ? row.text ?? ''
  : maskPhone(row.phones?.find((phone) => phone?.includes(row.key)) ?? row.key))

const byOf = ({ kind, contact }: KeyHit): HitView['by'] => (kind === 'name' && contact !== null ? 'contact' : kind)

/** Cases, customers and machines by their number (typed whole, its beginning, its last digits) or the code on their paper. */
async function readNumbers(ctx: Ctx, reader: Reader, settings: Effective, q: string): Promise<Found[]> {
  const typed = q.toUpperCase()
  const meant = numbersMeant(q, numberShapes(ctx.app.house, settings), todayOf(ctx))
  const begins = /^[^\d\s]{1,8}\d*-?\d*$/u.test(typed) && /\d/.test(typed)
  const paper = paperKey(q)
  if (!begins && meant.length === 0 && q.length < 3) return []
  const seen = visible(ctx, settings, ['member', 'undelivered'])
  const rows = await reader.query<CaseRow & { kind: string; old_number: string | null }>(namedByText(sql`
    select ${caseColumns}, r.kind, r.old_number from record r
    where r.id = any(array(
      (select n.id from record n where n.number collate "C" = any(${[typed, q, ...meant]}::text[]) limit ${numbersMost})
      union (select n.id from record n where n.old_number collate "C" = any(${[typed, q]}::text[]) limit ${numbersMost})
      union (select p.record_id from paper_code p where p.code = ${paper}::text)
      union (select n.id from record n where ${begins}::boolean and n.number collate "C" >= ${typed}::text
        and n.number collate "C" < ${typed + after}::text
        order by n.company_id desc, n.number collate "C" desc limit ${numbersMost})))
      and ${seen}
    order by r.opened_at desc, r.id desc limit ${keysMost}`, 'lookup_numbers'))
  return rows.map((row) => {
    const own = row.process === 'customer' || row.process === 'machine'
    return { customer: row.process === 'customer' ? row.id : row.customer, source: row.id, by: 'number', text: row.number,
      whole: paper !== null || row.number === typed || row.old_number === q || row.old_number === typed, starts: true, contact: null,
      machine: row.process === 'machine' ? row.id : row.machine, case: own ? null : row,
      active: row.kind === 'active' || row.kind === 'waiting' }
  })
}

const order: readonly HitView['by'][] = ['number', 'qr', 'phone', 'serial', 'name', 'contact', 'initials', 'pinyin']

/** The whole before its beginning, the beginning before the middle, what goes on before what is done. */
const weight = (found: Found): number =>
  (found.whole && found.starts ? 0 : found.whole ? 20 : found.starts ? 40 : 60)
    + (found.active ? 0 : 100) + order.indexOf(found.by)

/** One row a customer (a case without one is a row by itself), with every reason, the best first. */
function rank(found: readonly Found[]): Found[][] {
  const rows = new Map<string, Found[]>()
  for (const one of found.toSorted((a, b) => weight(a) - weight(b))) {
    const key = one.customer ?? one.source
    const row = rows.get(key)
    if (row) row.push(one)
    else if (rows.size < rowsMost) rows.set(key, [one])
  }
  return [...rows.values()]
}

type Beside = { customers: Map<string, CustomerView>; contacts: Map<string, ContactView>; machines: MachineView[]
  hitMachines: Map<string, MachineView>; open: CaseView[]; last: Map<string, CaseView> }

const hitsShown = 3

/** Why a row is here, best reason first, each once. */
function hitsOf(ctx: Ctx, found: readonly Found[]): HitView[] {
  const told = found.filter((one, index) => found.findIndex(({ by, text }) => by === one.by && text === one.text) === index)
  return told.slice(0, hitsShown).map(({ by, text }) => ({ by, label: ctx.words.say(`hit.${by}`), text }))
}

async function readRows(ctx: Ctx, reader: Reader, settings: Effective, rows: readonly Found[][]):
  Promise<LookupRowView[]> {
  if (rows.length === 0) return []
  const beside = await readBeside(ctx, reader, settings, rows)
  return rows.map((found) => {
    const best = found[0]!
    const id = best.customer
    const machine = found.find((one) => one.machine !== null && beside.hitMachines.has(one.machine))?.machine
    const contact = found.find((one) => one.contact !== null)?.contact
    return {
      hits: hitsOf(ctx, found),
      customer: id === null ? null : beside.customers.get(id) ?? null,
      contact: contact ? beside.contacts.get(contact) ?? null : null,
      machine: machine ? beside.hitMachines.get(machine)! : null,
      case: best.case && caseView(ctx, settings.definitions, best.case),
      machines: beside.machines.filter((one) => one.customer === id),
      open_cases: beside.open.filter((one) => one.customer === id),
      last_case: id === null ? null : beside.last.get(id) ?? null,
    }
  })
}

const present = (ids: readonly (string | null)[]): string[] =>
  [...new Set(ids.filter((id): id is string => id !== null))]

/** What stands beside the hits, for all rows at once, in one round trip. */
async function readBeside(ctx: Ctx, reader: Reader, settings: Effective, rows: readonly Found[][]): Promise<Beside> {
  const customers = present(rows.map(([best]) => best!.customer))
  const contacts = present(rows.flatMap((row) => row.map(({ contact }) => contact)))
  const machines = present(rows.flatMap((row) => row.map(({ machine }) => machine))).slice(0, keysMost)
  const seen = visible(ctx, settings, notCases)
  const reading = [
    reader.query<CustomerRow>(sql`select ${customerColumns} from record r ${customerJoins}
      where r.id = any(${customers}::uuid[])`.named('lookup_customers')),
    reader.query<ContactRow>(sql`select ${contactColumns} from contact p where p.id = any(${contacts}::uuid[])`
      .named('lookup_contacts')),
    reader.query<MachineRow>(sql`select ${machineColumns} from record r ${machineJoin}
      where r.id = any(${machines}::uuid[]) and r.process = 'machine'`.named('lookup_machines')),
    reader.query<MachineRow>(sql`
      select ${machineColumns} from unnest(${customers}::uuid[]) as i (id)
      cross join lateral (select h.* from record h where h.customer = i.id and h.process = 'machine'
        and h.kind = 'active' order by h.opened_at desc, h.id desc limit ${besideMost}) r ${machineJoin}
      order by r.opened_at desc, r.id desc`.named('lookup_machines_of')),
    reader.query<CaseRow>(namedByText(sql`
      select ${caseColumns} from unnest(${customers}::uuid[]) as i (id)
      cross join lateral (select r.* from (select n.* from record n where n.customer = i.id
          and n.kind in ('active', 'waiting') and n.process <> 'machine'
          order by n.opened_at desc, n.id desc limit ${casesRead}) r
        where ${seen} order by r.opened_at desc, r.id desc limit ${besideMost}) r`,
    'lookup_open_of')),
    reader.query<CaseRow>(namedByText(sql`
      select ${caseColumns} from unnest(${customers}::uuid[]) as i (id)
      cross join lateral (select r.* from (select n.* from record n where n.customer = i.id and n.process <> 'machine'
        order by n.opened_at desc, n.id desc limit ${casesRead}) r
        where ${seen} order by r.opened_at desc, r.id desc limit 1) r`, 'lookup_last_of')),
  ] as const
  const [customerRows, contactRows, hitMachines, machinesOf, open, last] = await Promise.all(reading)
  // A machine that was hit stands beside its customer as well: it is asked about once.
  const views = await machineViews(ctx, reader, settings, [...hitMachines, ...machinesOf.filter(({ id }) =>
    !hitMachines.some((hit) => hit.id === id))])
  const seenMachines = new Map(views.map((view) => [view.id, view]))
  const asMachine = (row: MachineRow) => seenMachines.get(row.id)!
  const asCase = (row: CaseRow) => caseView(ctx, settings.definitions, row)
  return {
    customers: new Map(customerRows.map((row) => [row.id, customerView(ctx, settings.definitions.customer!, row)])),
    contacts: new Map(contactRows.map((row) => [row.id, contactView(row)])),
    hitMachines: new Map(hitMachines.map((row) => [row.id, asMachine(row)])),
    machines: machinesOf.map(asMachine), open: open.map(asCase),
    last: new Map((last as (CaseRow & Row)[]).map((row) => [row.customer!, asCase(row)])),
  }
}
