import { wordsOf } from '../../words/index.ts'
import { idFrom } from '../by-itself.ts'
import { dateIn, instantIn } from '../company-time.ts'
import type { App, Company, Ctx } from '../context.ts'
import { sql } from '../db.ts'
import { noteRefusal } from '../refused.ts'
import { type Wish, run } from '../run.ts'
import { openBefore } from './open-hours.ts'
import { type DemoCustomer, type DemoMachine, type DemoPart, demoCustomers, demoMachines, demoParts }
  from './repair-customers.ts'
import { demoFaults } from './repair-faults.ts'
import { type DemoOrder, demoOrders } from './repair-orders.ts'
import { type Step, type Times, stepsOf } from './repair-path.ts'
import { slipBefore } from './repair-slips.ts'

const dayMs = 86_400_000
const minuteMs = 60_000
const scriptWritten = Date.UTC(2026, 0, 1)

/** One thing that somebody does at an instant; the script plays them all in order. */
export type Scene = { at: number; play: (now: number) => Promise<void> }

export type Cast = Readonly<Record<string, Ctx['actor']>>
export type Stage = { app: App; company: Company; cast: Cast; now: number }

/** An id that is the same at every load of a company. */
export const idOf = ({ company }: Stage, name: string): string => idFrom(`demo:${company.slug}:${name}`, scriptWritten)

type Deed = { by: string; process: string; action: string; id: string | null; newId?: string; input: object
  key: string }

/** Plays one deed. Under its key with another day in it: an interrupted load had come so far. */
export async function deed({ app, company, cast }: Stage, { by, key, ...wish }: Deed, now: number): Promise<void> {
  const ctx: Ctx = { app, company, actor: cast[by]!, now, via: 'web', words: wordsOf('zh') }
  const outcome = await run(ctx, { ...wish, key: `demo:${company.slug}:${key}` })
  if (outcome.ok || outcome.refusal.code === 'key_reused') return
  throw new Error(`${key}: ${wish.process}.${wish.action} by ${by}: ${JSON.stringify(outcome.refusal)}`)
}

/** Machines of the house that are lent out. */
const loaners = [
  { name: 'LaserJet P2055（备用 2 号）', product_kind: 'laser_printer', accessories: '电源线、USB 线', place: '前台柜下',
    condition: '外壳有旧划痕，打印正常' },
  { name: 'LaserJet 1020（备用 3 号）', product_kind: 'laser_printer', accessories: '电源线', place: '库房 B2', condition: '完好' },
  { name: 'ProBook 440 G3（备用 5 号）', product_kind: 'notebook', accessories: '电源适配器', place: '库房 A1', condition: '键盘磨损' },
]

/** Customers, machines and parts that were there before the first order. */
export function registerScenes(stage: Stage, customers: readonly DemoCustomer[], machines: readonly DemoMachine[],
  parts: readonly DemoPart[], by: { desk: string; store: string }): Scene[] {
  const zone = stage.company.time_zone
  const start = instantIn(zone, dateIn(zone, stage.now - 29 * dayMs), 8)
  const day = (before: number) => dateIn(zone, stage.now - before * dayMs)
  let scene = 0
  const create = (who: string, process: string, action: string, name: string, input: object): Scene => {
    const at = start + (scene += 1) * 2 * minuteMs
    return { at, play: (now) => deed(stage, { by: who, process, action, id: null, newId: idOf(stage, name), input,
      key: name }, now) }
  }
  return [
    ...customers.map((one, index) => create(by.desk, 'customer', 'register', `customer:${index}`, customerForm(one))),
    ...machines.map((one, index) => create(by.desk, 'machine', 'register', `machine:${index}`,
      { customer: idOf(stage, `customer:${one.of}`), product_kind: one.kind, brand: one.brand, model: one.model,
        serial_number: one.serial, ...(one.bought === undefined ? { purchase_unknown: true }
          : { purchase_date: day(one.bought) }), ...(one.place && { place: one.place }),
        // A seal is in warranty from the day on which it was applied for.
        ...(one.kind === 'seal' && one.bought !== undefined && { application_date: day(one.bought),
          key_number: one.serial }),
        ...(one.configuration && { configuration: one.configuration }), ...(one.contract && { in_contract: true }) })),
    ...parts.flatMap((one) => [
      create(by.store, 'part', 'register', `part:${one.number}`, { part_number: one.number, name: one.name,
        part_kind: one.kind ?? 'part', fits: one.fits, price_fen: one.price * 100, bin: one.bin, minimum: 1_000 }),
      ...(one.stock > 0 ? [{ at: start + (scene += 1) * 2 * minuteMs, play: (now: number) => deed(stage, { by: by.store,
        process: 'part', action: 'receive', id: idOf(stage, `part:${one.number}`), key: `stock:${one.number}`,
        input: { quantity: one.stock * 1_000, source: 'opening' } }, now) }] : [])]),
  ]
}

const customerForm = ({ kind, name, short, phone, address, industry, settlement, contract, loyalty, contact, mobile }:
DemoCustomer) => ({ customer_kind: kind, name, phone, address, zone: 'city', contact_name: contact,
  contact_phone: mobile,
  ...(short && { short_name: short }), ...(industry && { industry }), ...(settlement && { settlement }),
  ...(contract && { contract }), ...(loyalty && { loyalty }) })

const organisations = demoCustomers.filter(({ kind }) => kind === 'organisation').length

/** Two open orders never share a machine: the second is for another one of the same model, at another customer. */
function machinesOf(orders: readonly DemoOrder[]): { machines: DemoMachine[]; of: number[] } {
  const machines = [...demoMachines]
  const taken = new Set<number>()
  const of = orders.map(({ machine, stage }) => {
    if (stage === 'closed' || stage === 'fixed_on_spot') return machine
    if (!taken.has(machine)) {
      taken.add(machine)
      return machine
    }
    const like = demoMachines[machine]!
    // Persons have small machines.
    const small = like.kind === 'notebook' || like.kind === 'inkjet_printer'
    const customer = (like.of + 5 + machines.length * 3) % (small ? demoCustomers.length : organisations)
    machines.push({ kind: like.kind, brand: like.brand, model: like.model, of: customer,
      serial: `CNDX10${400 + machines.length}`,
      ...(like.configuration && { configuration: like.configuration }), bought: 300 + machines.length * 11 })
    return machines.length - 1
  })
  return { machines, of }
}

/** The register of machines to lend, before the first order. */
function loanerScenes(stage: Stage): Scene[] {
  const zone = stage.company.time_zone
  const at = instantIn(zone, dateIn(zone, stage.now - 29 * dayMs), 8)
  return loaners.map((input, index) => ({ at, play: (now) => deed(stage, { by: 'wang', process: 'loaner',
    action: 'register', id: null, newId: idOf(stage, `loaner:${index}`), input, key: `loaner:${index}` }, now) }))
}

/** The whole repair centre: what it knows, and every order with all that has happened to it so far. */
export function repairScenes(stage: Stage): Scene[] {
  const { machines, of } = machinesOf(demoOrders)
  return [...registerScenes(stage, demoCustomers, machines, demoParts, { desk: 'wang', store: 'zheng' }),
    ...loanerScenes(stage),
    ...demoOrders.flatMap((order, index) => orderScenes(stage, order, index, machines[of[index]!]!, of[index]!))]
}

function orderScenes(stage: Stage, order: DemoOrder, index: number, machine: DemoMachine,
  machineIndex: number): Scene[] {
  const zone = stage.company.time_zone
  const steps = stepsOf({ order, index, machine, customer: demoCustomers[machine.of]!, fault: demoFaults[order.fault]!,
    ids: { customer: idOf(stage, `customer:${machine.of}`), machine: idOf(stage, `machine:${machineIndex}`) } })
  let at = openBefore(zone, stage.now, order.ago)
  const times = steps.map((_step, step) => {
    const mine = at
    at = openBefore(zone, at, steps.at(-1 - step)!.gap)
    return mine
  }).toReversed()
  return steps.map((step, number) => ({ at: times[number]!,
    play: (now) => playStep(stage, step, `wx:${index}`, number, now) }))
}

async function playStep(stage: Stage, step: Step, name: string, number: number, now: number): Promise<void> {
  const zone = stage.company.time_zone
  const date = (from: number, days = 0) => dateIn(zone, from + days * dayMs)
  const when: Times = { at: now, date: (days) => date(now, days),
    time: (days, hour) => new Date(instantIn(zone, date(stage.now, days), hour)).toISOString(),
    person: (login) => stage.cast[login]!.id!, part: (part) => idOf(stage, `part:${part}`),
    loaner: (index) => idOf(stage, `loaner:${index}`) }
  const input = step.input?.(when) ?? {}
  const order = idOf(stage, name)
  const deedOf = { by: step.by, action: step.action, key: `${name}:${number}` }
  if (step.on === 'new part_request') {
    return deed(stage, { ...deedOf, process: 'part_request', id: null, newId: idOf(stage, `${name}:parts`),
      input: { ...input, parent: order } }, now)
  }
  if (step.action === 'open') {
    return deed(stage, { ...deedOf, process: 'repair_order', id: null, newId: order, input }, now)
  }
  const id = step.on === 'repair_order' ? order : await newestOf(stage, order, step.on)
  const slip = step.on === 'repair_order' ? slipBefore(step.action, Number(name.split(':')[1])) : undefined
  if (slip) await tryInVain(stage, { process: 'repair_order', action: slip.action, id, input: {} }, slip.by, now)
  return deed(stage, { ...deedOf, process: step.on, id, input }, now)
}

/** Somebody tries what cannot be done yet: nothing is written but the refusal, for the process report. */
async function tryInVain({ app, company, cast }: Stage, wish: Wish, by: string, now: number): Promise<void> {
  const ctx: Ctx = { app: { ...app, clock: () => now }, company, actor: cast[by]!, now, via: 'web', words: wordsOf('zh') }
  const outcome = await run(ctx, wish)
  if (!outcome.ok) noteRefusal(ctx, wish, outcome)
}

/** The newest record of a process in the case of an order. */
async function newestOf({ app, company }: Stage, order: string, process: string): Promise<string> {
  const [row] = await app.db.read(company.id, (reader) => reader.query<{ id: string }>(sql`
    select id from record where root = ${order} and process = ${process} order by opened_at desc, number desc limit 1`
    .named('demo_newest')))
  if (!row) throw new Error(`the case has no ${process}`)
  return row.id
}
