import { ordersBegun, quotationsBegun, requestsBegun } from './begun.ts'
import { describeButtons, switchedOn } from './buttons-suite.ts'
import { house } from './company.ts'
import { storyDatabases } from './databases.ts'
import { withClient } from '../src/server/database-roles.ts'
import type { Done } from '../src/server/run.ts'
import type { Walker } from './walk.ts'

/** A message that has failed for good, of a to-do: what an undelivered record stands for. */
async function failedMessage({ at, staff }: Walker): Promise<Record<string, unknown>> {
  const { coordinator } = staff
  const made = await at.act(coordinator!, 'task', 'create', null, { title: '寄出发票', handler: coordinator!.id }) as Done
  await withClient(at.database.owner, (client) =>
    client.query(`update outbox set state = 'dead' where record_id = $1`, [made.id]))
  return { source_record: made.id, source_seq: 1, source_n: 1 }
}

/** A part of which enough lies in the store: what a request asks for. */
async function partInStore({ at, staff, records }: Walker): Promise<Record<string, unknown>> {
  const { storekeeper } = staff
  const { id } = await at.act(storekeeper!, 'part', 'register', null,
    { part_number: `P-${records.part?.length ?? 0}-${at.app.changes.length}`, name: '搓纸轮', part_kind: 'part' }) as Done
  await at.act(storekeeper!, 'part', 'receive', id, { quantity: 100_000, source: 'opening' });
  (records.part ??= []).push(id)
  return { lines: [{ part: id, quantity: 1_000 }] }
}

/** A customer that no walk has lost or merged. */
const freshCustomer = async ({ at, staff }: Walker): Promise<string> => (await at.act(staff.coordinator!, 'customer', 'register',
  null, { customer_kind: 'organisation', name: `例检客户 ${at.app.changes.length}`,
    phone: `020${10_000_000 + at.app.changes.length}` }) as Done).id

/** What a contract may name besides: a customer with a site, and a part of the store. */
async function siteAndPart(walker: Walker): Promise<Record<string, unknown>> {
  const { at, staff, records } = walker
  if (records.site === undefined) {
    const customer = await freshCustomer(walker);
    (records.customer ??= []).push(customer)
    const { id } = await at.act(staff.coordinator!, 'site', 'register', null, { customer, name: '二期厂房' }) as Done
    records.site = [id]
  }
  if (records.part === undefined) await partInStore(walker)
  return {}
}

/** A contract in force: what an inspection is made under. */
async function contractInForce(walker: Walker): Promise<Record<string, unknown>> {
  const { at, staff, records } = walker
  const [sales, boss] = [staff.salesperson!, staff.manager!]
  const customer = await freshCustomer(walker)
  const { id } = await at.act(sales, 'contract', 'draft', null, { customer, contract_kind: 'maintenance',
    starts_on: '2026-01-01', ends_on: '2027-12-31', covers: 'all', commitments: '每季例检', payment_terms: '付清',
    renewal: 'talk', software_standard: '补丁按季更新', services: [{ service_class: 'maintenance', parts: 'charged',
      labour: 'free', travel: 'free', inspection_months: 3 }] }) as Done
  await at.act(sales, 'contract', 'submit', id)
  await at.act(boss, 'contract', 'approve', id)
  await at.act(boss, 'contract', 'activate', id, { waive: [{ guard: 'has_copy', reason: '在途' }] });
  (records.contract ??= []).push(id)
  return { contract: id }
}

describeButtons({ kinds: storyDatabases(), house, profile: 's4', names: switchedOn('s4'), effort: 3,
  given: { contract: siteAndPart, inspection: contractInForce,
    undelivered: failedMessage, part_request: partInStore, purchase: partInStore },
  begins: { repair_order: ordersBegun, quotation: quotationsBegun, part_request: requestsBegun },
  floors: { task: 92, member: 85, undelivered: 85, customer: 90, machine: 90, part: 90, part_request: 75, purchase: 70, contract: 50,
    inspection: 90,
    stock_count: 95, repair_order: 28, quotation: 88, order_review: 70, call_back: 90, complaint: 90, incident: 85,
    loan: 95 }, floorOfOthers: 30 })
