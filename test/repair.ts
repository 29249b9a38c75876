import { expect } from 'vitest'
import type { ChecklistItem } from '../src/engine/fields.ts'
import { computerCleaning, computerTest, finishSteps, intakeSteps, phoneQuoteTold, pickUpCall, pickUpTest,
  printerCleaning, printerTest, reviewChecks }
  from '../src/processes/repair/checklists.ts'
import type { Actor } from '../src/server/context.ts'
import type { Outcome } from '../src/server/run.ts'
import { drainTimers } from '../src/server/timers.ts'
import { loadCase } from '../src/server/case.ts'
import type { RowView } from '../src/server/views.ts'
import { readRecord } from '../src/server/record-view.ts'
import { type WorkRow, workStatement, workView } from '../src/server/work.ts'
import type { DatabaseKind } from './databases.ts'
import { type PartsCompany, done, openPartsCompany } from './parts.ts'

export { done }
export { pieces } from './parts.ts'
export { computerCleaning, computerTest }

export const hour = 3_600_000
export const day = 24 * hour

/** Every point of a checklist ticked. */
export const passed = (items: readonly ChecklistItem[]) =>
  Object.fromEntries(items.map(({ id }) => [id, { answer: 'pass' }]))

/** The forms of the counter and the bench, filled in as people fill them. */
export const forms = {
  inspection: { reproduced: 'yes', same_as_reported: 'yes', possible_cause: 'wear', configuration_confirmed: true,
    other_faults: '无', fixable_on_spot: 'no', fault_analysis: '定影膜破损', parts_needed: '定影膜' },
  intake: (now: number) => ({ appearance: '左侧有划痕', configuration: '标配 8MB', attachments_kept: 'left',
    attachments: [{ name: '硒鼓', pieces: 1, mark: 'A12' }], labelled: true, sent_in_on: '2026-11-23',
    signed_way: 'paper', promised_at: new Date(now + 3 * day).toISOString(), intake_steps: passed(intakeSteps) }),
  /** What is written down of a computer's insides, besides. */
  insides: { cpu: 'i5-6500', memory: '8 GB', disk: '256 GB SSD' },
  result: { fault_found: '定影膜破损，进纸轮磨损', cause_class: 'wear', repair_method: '更换定影膜', prevention: '用干燥的纸',
    manual_section: '维修手册 6-12', price_proposal_fen: 48_000 },
  price: { lines: [{ what: 'part', name: '定影膜', pieces: 1, unit_fen: 28_000 },
    { what: 'labour', name: '工时', pieces: 1, unit_fen: 20_000 }], cause: '定影膜破损', period: '3 个工作日', final: 'final' },
  phoned: { way: 'phone', told: passed(phoneQuoteTold), heard: true, phone_answer: 'undecided' },
  start: { work_kind: 'hardware', esd: true },
  finish: { work_done: '更换定影膜并清洁', pages_printed: 12, printer_test: passed(printerTest), printer_cleaning: passed(printerCleaning),
    finish_steps: passed(finishSteps) },
  told: { outcome: 'told', pick_up_on: '2026-11-27', told_points: passed(pickUpCall) },
  pickUp: { pick_up_test: passed(pickUpTest) },
  handOver: { copy_shown: 'shown', fetched: true, attachments_check: 'same',
    attachments_returned: [{ name: '硒鼓', pieces: 1, mark: 'A12', returned: true }], satisfied: 'yes', card_given: true,
    other_needs: '无', payment_way: 'cash', paid_fen: 48_000, signed_way: 'paper' },
  review: { checks: passed(reviewChecks) },
  called: { outcome: 'talked', opening_said: true, runs_normally: 'yes', three_minutes: 'yes',
    satisfaction: 'very_satisfied' },
} as const

/** A repair centre with its store and its counter. */
export type RepairCompany = PartsCompany & {
  /** An act under the given order (or another record); what follows from it is done. */
  does(actor: Actor, action: string, id: string, input?: object, process?: string): Promise<Outcome>
  /** A customer with one machine. */
  customer(more?: object, machine?: object): Promise<{ customer: string; machine: string }>
  open(more?: object, who?: { customer: string; machine: string }): Promise<string>
  /** An order brought to a state along the main path. */
  order(): Promise<string>
  /** `intake`: what the counter wrote down otherwise than usual. */
  at_state(state: Stage, more?: object, intake?: object): Promise<string>
  children(id: string, process: string): Promise<{ id: string; state: string; title: string; team: string | null }[]>
  /** One clock of a record as it stands now. */
  clock(id: string, name: string, process?: string): Promise<{ state: string; running: boolean; due_at: number | null
    steps: readonly { key: string; struck: string }[] }>
  /** What is now or later in 我的工作 of a person. */
  work(actor: Actor): Promise<RowView[]>
  /** What is due in an order as its page says, and as 我的工作 of this person (now or later) does; null: not there. */
  due(id: string, actor?: Actor): Promise<{ page: string | undefined; live: boolean; row: string | null | undefined
    owed_by: string | undefined }>
  values(id: string, process?: string): Promise<Record<string, unknown>>
  /** Lets the time pass; everything that strikes and follows until then is done. */
  until(now: number): Promise<void>
}

export type Stage = 'intake' | 'inspected' | 'waiting_test' | 'testing' | 'diagnosed' | 'waiting_consent' | 'approved'
  | 'dispatched' | 'repairing' | 'waiting_close_out' | 'waiting_pick_up' | 'handed_over' | 'entered'

export const openRepairCompany = async (kind: DatabaseKind): Promise<RepairCompany> =>
  withRepairs(await openPartsCompany(kind))

/** A company with its store, and the short ways of its counter and bench. */
export function withRepairs(store: PartsCompany): RepairCompany {
  const at = store as RepairCompany
  let serial = 0
  const caseOf = (id: string, process = 'repair_order') => at.db.read(at.company.id, (reader) =>
    loadCase(at.ctx(at.boss), reader, process, id, false))
  return Object.assign(at, {
    async does(actor: Actor, action: string, id: string, input: object = {}, process = 'repair_order') {
      const outcome = await at.act(actor, process, action, id, input)
      await at.settled()
      return outcome
    },
    async customer(more: object = {}, machine: object = {}) {
      serial += 1
      const customer = done(await at.act(at.coordinator, 'customer', 'register', null, { customer_kind: 'organisation',
        name: `客户${serial}`, phone: `0208751${1000 + serial}`, settlement: 'cash', ...more })).id
      return { customer, machine: done(await at.act(at.coordinator, 'machine', 'register', null, { customer,
        product_kind: 'laser_printer', brand: 'HP', model: 'LaserJet 1020', serial_number: `CNC${10_000 + serial}`,
        purchase_unknown: true, ...machine })).id }
    },
    async open(more: object = {}, who?: { customer: string; machine: string }) {
      return done(await at.does(at.coordinator, 'open', null as unknown as string, { ...who ?? await at.customer(),
        contact_name: '刘女士', contact_phone: '13800000001', arrived_as: 'carried_in', symptom: '打印时卡纸',
        fault_frequency: 'frequent', fault_history: '上周开始', warranty: 'out', ...more })).id
    },
    at_state: (state: Stage, more: object = {}, intake: object = {}) => bring(at, state, more, intake),
    children: (id: string, process: string) => at.db.read(at.company.id, (reader) => reader.query({
      text: 'select id, state, title, team from record where parent = $1 and process = $2 order by opened_at, number',
      values: [id, process] })) as never,
    async clock(id: string, name: string, process = 'repair_order') {
      return (await caseOf(id, process))!.clocks.views.find(({ clock }) => clock === name)!
    },
    async work(actor: Actor) {
      const ctx = at.ctx(actor)
      const { processes } = ctx.app.house
      const rows = await at.db.read(at.company.id, (reader) => reader.query<WorkRow>(workStatement(ctx, processes)))
      const work = workView(ctx, processes, rows)
      return [...work.now, ...work.later]
    },
    async due(id: string, actor: Actor = at.coordinator) {
      const ctx = at.ctx(actor)
      const page = (await at.db.read(at.company.id, (reader) => readRecord(ctx, reader, 'repair_order', id)))!
      const row = (await at.work(actor)).find((one) => one.id === id)
      return { page: page.next?.action, live: page.offers.find((offer) => offer.next)?.live ?? false,
        row: row ? row.next?.action : null, owed_by: page.next?.owed_by }
    },
    values: async (id: string, process = 'repair_order') => (await caseOf(id, process))!.values,
    async until(now: number) {
      at.app.now = now
      for (let more = -1; more !== 0;) more = await drainTimers(at.app) + await at.settled()
    },
  })
}

/** A form without some of its fields. */
export const without = (form: object, ...names: string[]) =>
  Object.fromEntries(Object.entries(form).filter(([name]) => !names.includes(name)))

/** Short ways to act in a story. `refuses`: for exactly this guard, code or field. */
export function actsOf(at: () => RepairCompany) {
  const does: RepairCompany['does'] = (...act) => at().does(...act)
  return {
    does,
    ok: async (...act: Parameters<RepairCompany['does']>) => done(await does(...act)),
    async refuses(why: string, ...act: Parameters<RepairCompany['does']>) {
      const outcome = await does(...act)
      expect(outcome).toMatchObject({ ok: false })
      const { refusal } = outcome as Extract<Outcome, { ok: false }>
      expect([refusal.guard, refusal.code, ...(refusal.fields ?? []).map(({ field }) => field)]).toContain(why)
    },
    child: async (id: string, process: string) => (await at().children(id, process)).at(-1)!.id,
  }
}

/** The main path, step by step, up to a state. */
async function bring(at: RepairCompany, until: Stage, more: object, intake: object): Promise<string> {
  const id = await at.open(more)
  const child = async (process: string) => (await at.children(id, process)).at(-1)!.id
  const must = async (actor: Actor, action: string, input: object = {}) => done(await at.does(actor, action, id, input))
  const priced = async () => done(await at.does(
    at.coordinator, 'price', await child('quotation'), forms.price, 'quotation'))
  const path: [Stage, () => Promise<unknown>][] = [
    ['intake', async () => {}],
    ['inspected', () => must(at.engineer, 'inspect', forms.inspection)],
    ['waiting_test', () => must(at.coordinator, 'receive', { ...forms.intake(at.app.now), ...intake })],
    ['testing', () => must(at.engineer, 'take_for_test')],
    ['diagnosed', () => must(at.engineer, 'record_result', forms.result)],
    ['waiting_consent', async () => {
      await priced()
      done(await at.does(at.coordinator, 'send', await child('quotation'), forms.phoned, 'quotation'))
    }],
    ['approved', async () => done(await at.does(at.coordinator, 'accept', await child('quotation'),
      { answer_way: 'phone', answered_by: '刘女士' }, 'quotation'))],
    ['dispatched', () => must(at.coordinator, 'dispatch_repair', { handler: at.engineer.id })],
    ['repairing', () => must(at.engineer, 'start_repair', forms.start)],
    ['waiting_close_out', () => must(at.engineer, 'finish', forms.finish)],
    ['waiting_pick_up', () => must(at.coordinator, 'notify', forms.told)],
    ['handed_over', async () => {
      await must(at.engineer, 'test_at_pick_up', forms.pickUp)
      await must(at.coordinator, 'hand_over', forms.handOver)
    }],
    ['entered', () => must(at.coordinator, 'enter')],
  ]
  for (const [name, step] of path) {
    await step()
    if (name === until) break
  }
  return id
}
