import { expect } from 'vitest'
import type { Actor } from '../src/server/context.ts'
import { withClient } from '../src/server/database-roles.ts'
import type { Done, Outcome } from '../src/server/run.ts'
import { type TestCompany, openTestCompany } from './company.ts'
import type { DatabaseKind } from './databases.ts'

/** A repair centre in which somebody has brought a printer: the people, the order, and quotations for it. */
export type Quoting = TestCompany & {
  wang: Actor; li: Actor; boss: Actor; customer: string; machine: string
  /** A repair order with what counter and bench would have filled in. */
  order(more?: Readonly<Record<string, unknown>>): Promise<Done>
  prepare(order: string): Promise<Done>
  /** A quotation with two lines, 480 yuan. */
  priced(more?: object, order?: string): Promise<Done>
  /** Columns of a record's own table, past the engine: what other stories bring about. */
  set(table: string, id: string, values: Readonly<Record<string, unknown>>): Promise<void>
  close(): Promise<void>
}

export const done = (outcome: Outcome): Done => {
  expect(outcome).toMatchObject({ ok: true })
  return outcome as Done
}

export const lines = [{ what: 'part', name: '定影组件 RM1-6920', pieces: 1, unit_fen: 38_000, note: '原装，三个月质保' },
  { what: 'labour', name: '更换定影组件与整机清洁', pieces: 1, unit_fen: 12_000 }]
export const price = { lines, discount_fen: 2_000, cause: '定影膜破损，属自然损耗', period: '同意后 3 个工作日',
  valid_until: '2026-12-07', final: 'final', price_agreed_with: 'engineer' }
/** 电话报价要说到的. */
export const told = Object.fromEntries(['fault', 'cause', 'part', 'price', 'period', 'answer']
  .map((id) => [id, { answer: 'pass' }]))

const fromCounter = { symptom: '打印十页左右就卡纸，定影处有焦味', fault_frequency: 'frequent', fault_history: '上周搬过办公室',
  warranty: 'out', purchase_date: '2024-03-18', reproduced: 'yes', possible_cause: 'wear',
  fault_analysis: '定影膜破损，压力辊表面起皮', appearance: '左侧盖有旧划痕', configuration: '原装硒鼓约剩四成',
  attachments_kept: 'left', sent_in_on: '2026-11-23', received_at: '2026-11-23T02:10:00Z',
  promised_at: '2026-11-26T09:00:00Z', fault_found: '定影膜破损', price_proposal_fen: 50_000,
  attachments: JSON.stringify([{ name: '电源线', pieces: 1 }, { name: 'USB 数据线', pieces: 2, mark: '黑色，3 米' }]) }

export async function openQuoting(kind: DatabaseKind): Promise<Quoting> {
  const at = await openTestCompany(kind)
  const [wang, li, boss] = [await at.person('王晓燕', 'coordinator'), await at.person('李志强', 'lead_engineer',
    'bench_engineer'), await at.person('赵敏芝', 'supervisor')]
  const customer = done(await at.act(wang, 'customer', 'register', null, { customer_kind: 'organisation',
    name: '远景律师事务所', phone: '020-87001234', address: '广州市天河路 385 号 2306' })).id
  const machine = done(await at.act(wang, 'machine', 'register', null, { customer, product_kind: 'laser_printer',
    brand: '惠普', model: 'LaserJet M1136', serial_number: 'CNB9K12345', purchase_date: '2024-03-18' })).id
  const set: Quoting['set'] = async (table, id, values) => {
    const columns = Object.keys(values).map((name, index) => `${name} = $${index + 2}`).join(', ')
    await withClient(at.database.superuser, (client) =>
      client.query(`update ${table} set ${columns} where id = $1`, [id, ...Object.values(values)]))
  }
  const order: Quoting['order'] = async (more = {}) => {
    const made = done(await at.act(wang, 'repair_order', 'open', null, { customer, machine, contact_name: '刘女士',
      contact_phone: '13912345678', arrived_as: 'carried_in', symptom: fromCounter.symptom, warranty: 'out' }))
    await set('repair_order', made.id, { ...fromCounter, ...more })
    return made
  }
  const prepare: Quoting['prepare'] = async (parent) =>
    done(await at.act(wang, 'quotation', 'prepare', null, { parent }))
  return { ...at, app: at.app, wang, li, boss, customer, machine, set, order, prepare,
    async priced(more = {}, parent) {
      const { id } = await prepare(parent ?? (await order()).id)
      return done(await at.act(wang, 'quotation', 'price', id, { ...price, ...more }))
    } }
}
