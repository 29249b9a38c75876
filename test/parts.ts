import { expect } from 'vitest'
import type { Actor } from '../src/server/context.ts'
import { examine } from '../src/server/doctor.ts'
import { withClient } from '../src/server/database-roles.ts'
import { type Ports, drainOutbox } from '../src/server/outbox.ts'
import type { Done, Outcome } from '../src/server/run.ts'
import { type TestCompany, openTestCompany } from './company.ts'
import type { DatabaseKind } from './databases.ts'

/** A repair centre with its store: the people of the stories about parts, and short ways to ask what lies where. */
export type PartsCompany = TestCompany & {
  engineer: Actor; lead: Actor; keeper: Actor; coordinator: Actor; supervisor: Actor; boss: Actor
  /** A part in the catalogue; `stock` pieces of it are received. Returns its id. */
  part(number: string, more?: object, stock?: number): Promise<string>
  /** A record that stands for the repair order. */
  order(): Promise<string>
  /** What lies in a place, in whole pieces. */
  left(part: string, place?: string): Promise<number>
  settled(): Promise<number>
  /** Follow-ups of a record: 'tell part_arrived', 'send part_arrived', 'open purchase'. */
  followed(id: string, seq?: number): Promise<string[]>
  state(id: string): Promise<string>
  child(id: string, process: string): Promise<string>
  /** What the doctor finds wrong with the ledger. */
  wrong(): Promise<string[]>
}

const noPorts: Ports = { mail: null, printer: null, storePrint: null, publicUrl: null }

export const pieces = (count: number): number => Math.round(count * 1000)

export function done(outcome: Outcome): Done {
  expect(outcome).toMatchObject({ ok: true })
  return outcome as Done
}

export async function openPartsCompany(kind: DatabaseKind): Promise<PartsCompany> {
  const at = await openTestCompany(kind)
  const keeper = await at.person('孙库管', 'storekeeper')
  const coordinator = await at.person('王协调', 'coordinator')
  return withParts(at, { keeper, coordinator, engineer: await at.person('李工', 'bench_engineer', 'field_engineer'),
    lead: await at.person('周主管工程师', 'lead_engineer', 'bench_engineer'),
    supervisor: await at.person('赵主管', 'supervisor'), boss: await at.person('钱经理', 'manager') })
}

type People = Pick<PartsCompany, 'engineer' | 'lead' | 'keeper' | 'coordinator' | 'supervisor' | 'boss'>

/** A company whose people are there already, with the short ways of its store. */
export function withParts(at: TestCompany, people: People): PartsCompany {
  const { keeper, coordinator } = people
  const rows = <R>(text: string, ...values: unknown[]) =>
    at.db.read(at.company.id, (reader) => reader.query<R & Record<string, unknown>>({ text, values }))
  return Object.assign(at, people, {
    async part(number: string, more: object = {}, stock = 0) {
      const { id } = done(await at.act(keeper, 'part', 'register', null,
        { part_number: number, name: '加热组件', part_kind: 'part', price_fen: 20_000, ...more }))
      if (stock > 0) done(await at.act(keeper, 'part', 'receive', id, { quantity: pieces(stock), source: 'opening' }))
      return id
    },
    order: async () => done(await at.act(coordinator, 'task', 'create', null, { title: '维修 HP1020' })).id,
    async left(part: string, place = 'store') {
      const [row] = await rows<{ quantity: number }>(
        'select quantity from stock_balance where part = $1 and place = $2', part, place)
      return (row?.quantity ?? 0) / 1000
    },
    settled: () => drainOutbox(at.app, noPorts),
    async followed(id: string, seq?: number) {
      const found = await rows<{ kind: string; what: string }>(`
        select kind, coalesce(effect->>'action', effect->>'send', effect->>'open', effect->>'print') as what
        from outbox where record_id = $1 and ($2::int is null or seq = $2) order by seq, n`,
        id, seq ?? null)
      return found.map(({ kind: how, what }) => `${how} ${what}`)
    },
    async state(id: string) {
      return (await rows<{ state: string }>('select state from record where id = $1', id))[0]!.state
    },
    async child(id: string, process: string) {
      const [row] = await rows<{ id: string }>('select id from record where parent = $1 and process = $2', id, process)
      return row!.id
    },
    wrong: () => withClient(at.database.superuser, async (client) =>
      (await examine(client)).filter(({ found }) => found > 0)
        .map(({ check, examples }) => `${check}: ${examples[0]}`)),
  })
}
