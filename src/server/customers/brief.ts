import type { AnyProcess } from '../../engine/define.ts'
import { localDay } from '../../engine/time-zone.ts'
import type { Ctx } from '../context.ts'
import { entitlements } from '../contracts/entitled.ts'
import { coverView, warrantyView } from '../contracts/said.ts'
import { Fragment, type Reader, type Row } from '../db.ts'
import { stateView } from '../record-view.ts'
import type { Effective } from '../settings.ts'
import type { ContactView, CustomerView, MachineView, PersonView } from '../views.ts'

/** Customers, contacts and machines in one line each, as every page of this area shows them. */

/** With `r` the head and `c` the customer. */
export const customerColumns = new Fragment(`r.id, r.number, r.title, r.state, r.owner, c.customer_kind, c.short_name,
  c.phone, c.address, c.zone, c.online_id, c.settlement, c.contract, c.loyalty, c.remark, c.engineer, c.merged_into,
  c.grade, c.relation, c.agent, c.industry, c.tags, c.confirmed_on, po.name as owner_name, pe.name as engineer_name,
  ra.title as agent_name`, [])
export const customerJoins = new Fragment(`
  join customer c on c.company_id = r.company_id and c.id = r.id
  left join member po on po.company_id = r.company_id and po.id = r.owner
  left join member pe on pe.company_id = r.company_id and pe.id = c.engineer
  left join record ra on ra.company_id = r.company_id and ra.id = c.agent`, [])

type CustomerColumns = Omit<CustomerView, 'name' | 'state' | 'owner' | 'engineer' | 'agent'>
export type CustomerRow = Row & CustomerColumns & { title: string; state: string; owner: string | null
  engineer: string | null; agent: string | null; owner_name: string | null; engineer_name: string | null
  agent_name: string | null }

const person = (id: string | null, name: string | null): PersonView | null =>
  (id === null ? null : { id, name: name ?? '—' })

export function customerView(ctx: Ctx, process: AnyProcess, row: CustomerRow): CustomerView {
  const { title, state, owner, owner_name, engineer, engineer_name, agent, agent_name, ...rest } = row
  return { ...rest, name: title, state: stateView(ctx, process, state), owner: person(owner, owner_name),
    engineer: person(engineer, engineer_name), agent: person(agent, agent_name) }
}

export const contactColumns = new Fragment(
  'p.id, p.customer, p.name, p.phones, p.role, p.online_id, p.email, p.do_not_call, p.note, p.active', [])
export type ContactRow = Row & ContactView & { customer: string }

export const contactView = ({ customer: _customer, ...contact }: ContactRow): ContactView => contact

/** With `r` the head and `m` the machine. */
export const machineColumns = new Fragment(`r.id, r.number, r.title, r.state, r.customer, m.brand, m.model,
  m.product_kind, m.serial_number, m.serial_note, m.key_number, m.place, m.in_contract`, [])
export const machineJoin = new Fragment(
  ' join machine m on m.company_id = r.company_id and m.id = r.id', [])

export type MachineRow = Row & Omit<MachineView, 'state' | 'warranty' | 'cover' | 'in_contract'> & { state: string
  in_contract: boolean | null }

const machinesAtOnce = 200

/** Machines in one line each, with what holds for them today: the answers of all in one more round trip. */
export async function machineViews(ctx: Ctx, reader: Reader, settings: Effective, rows: readonly MachineRow[]):
  Promise<MachineView[]> {
  if (rows.length > machinesAtOnce) throw new Error(`${rows.length} machines at once`)
  if (rows.length === 0) return []
  const on = todayOf(ctx)
  const answers = await entitlements(reader, settings, rows.map(({ id, customer }) =>
    ({ machine: id, customer, service_class: null, on })))
  return rows.map((row, index) => {
    const { state, in_contract, ...rest } = row
    const answer = answers[index]!
    const cover = coverView(ctx.words, answer)
    return { ...rest, in_contract: in_contract === true || cover !== null, cover,
      state: stateView(ctx, settings.definitions.machine!, state), warranty: warrantyView(ctx.words, answer.warranty!) }
  })
}

const dayMs = 86_400_000

/** Today in company time. */
export const todayOf = (ctx: Ctx): string =>
  new Date(localDay(ctx.company.time_zone, ctx.now) * dayMs).toISOString().slice(0, 10)
