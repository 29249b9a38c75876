import { uuidv7 } from 'uuidv7'
import { expect } from 'vitest'
import type { Role } from '../src/engine/roles.ts'
import { loadCase } from '../src/server/case.ts'
import { type Actor, system } from '../src/server/context.ts'
import { withClient } from '../src/server/database-roles.ts'
import { type Ports, drainOutbox } from '../src/server/outbox.ts'
import { contractPapers } from '../src/server/print/contract-papers.ts'
import { readRecord } from '../src/server/record-view.ts'
import type { Done } from '../src/server/run.ts'
import { drainTimers } from '../src/server/timers.ts'
import { type TestCompany, openTestCompany } from './company.ts'
import type { DatabaseKind } from './databases.ts'

const noPorts: Ports = { mail: null, printer: null, storePrint: null, publicUrl: null }

/** A company with a customer and machines of it, and somebody in each of the jobs that contracts need. */
export async function openContracts(kind: DatabaseKind, profile: string) {
  const at = await openTestCompany(kind, { profile })
  const people = {} as Record<'sales' | 'boss' | 'lead' | 'tech' | 'desk' | 'quality' | 'finance', Actor>
  const jobs: Record<keyof typeof people, Role[]> = { sales: ['salesperson'], boss: ['manager'], lead: ['supervisor'],
    tech: ['field_engineer', 'bench_engineer'], desk: ['coordinator', 'hotline'], quality: ['quality'],
    finance: ['finance'] }
  for (const [name, roles] of Object.entries(jobs)) {
    people[name as keyof typeof people] = await at.person(name, ...roles)
  }
  const customer = done(await at.act(people.desk, 'customer', 'register', null,
    { customer_kind: 'organisation', name: '滨江市档案馆', phone: '057185550301' })).id
  const machine = async (input: object = {}) => done(await at.act(people.desk, 'machine', 'register', null, { customer,
    product_kind: 'server', brand: '联想', model: 'SR650', serial_note: 'none', purchase_unknown: true, ...input })).id
  return { at, ...people, customer, machine, act: at.act.bind(at), later: later(at),
    /** What the clocks say, without what follows from it. */
    strike: () => drainTimers(at.app), ...readers(at) }
}

export function done(outcome: unknown): Done {
  expect(outcome).toMatchObject({ ok: true })
  return outcome as Done
}

/** What followed and what the clocks said until now. */
const later = (at: TestCompany) => async () => {
  for (let more = -1; more !== 0;) more = await drainTimers(at.app) + await drainOutbox(at.app, noPorts)
}

type Row = Record<string, unknown>

function readers(at: TestCompany) {
  const read = (text: string, ...values: unknown[]) => at.db.read(at.company.id, (reader) =>
    reader.query<Row>({ text, values }))
  return {
    read,
    row: async (table: string, id: string) => (await read(`select n.*, r.state, r.kind, r.title, r.customer, r.handler,
      r.next_due_at, r.agreed from ${table} n join record r on r.company_id = n.company_id and r.id = n.id
      where n.id = $1`, id))[0]!,
    /** What a reader sees of a contract. */
    seen: async (actor: Actor, id: string) => (await at.db.read(at.company.id, (reader) =>
      readRecord(at.ctx(actor), reader, 'contract', id)))!.values,
    /** What a template of a contract's paper is given. */
    async paper(template: keyof typeof contractPapers, id: string): Promise<object> {
      const ctx = at.ctx(system())
      const one = await at.db.read(at.company.id, (reader) => loadCase(ctx, reader, 'contract', id, false))
      return contractPapers[template].build(ctx, one!)
    },
    record: async (actor: Actor, process: string, id: string) => (await at.db.read(at.company.id, (reader) =>
      readRecord(at.ctx(actor), reader, process, id)))!,
    /** A picture that somebody has brought and nothing names yet. */
    async file(actor: Actor) {
      const id = uuidv7()
      await withClient(at.database.owner, (client) => client.query(`insert into file (company_id, id, sha256, name, type,
        size, uploaded_kind, uploaded_by, created_at) values ($1, $2, $3, '合同.pdf', 'application/pdf', 9, 'member', $4,
        now())`, [at.company.id, id, 'ab'.repeat(32), actor.id]))
      return id
    },
    tasks: (parent: string) => read(`select r.title, r.handler, r.team, t.detail, t.due_at, t.contact_phone, r.machine,
      r.customer, r.agreed from record r join task t on t.company_id = r.company_id and t.id = r.id
      where r.parent = $1 order by r.opened_at, r.id`, parent),
    /** Who has heard of it: of one record, by the name of the message. */
    told: async (record: string, template: string) => (await read(`select m.name from notice n join member m
      on m.company_id = n.company_id and m.id = n.member_id where n.record_id = $1 and n.template = $2
      order by m.name`, record, template)).map(({ name }) => name),
  }
}

export type Contracts = Awaited<ReturnType<typeof openContracts>>

/** A maintenance contract of a year, with one line; `more` changes the form. */
export const contractForm = (customer: string, more: object = {}, line: object = {}) => ({
  customer, contract_number: 'HT-8', contract_kind: 'maintenance', starts_on: '2026-01-01', ends_on: '2026-12-31',
  covers: 'all', commitments: '4 小时响应，次日恢复', payment_terms: '签约付半', renewal: 'talk',
  services: [serviceLine(line)], ...more })

export const serviceLine = (line: object = {}) => ({ service_class: 'maintenance', parts: 'charged', labour: 'free',
  travel: 'free', response_minutes: 240, ...line })

/** A contract in force, with its copy missing and said so. */
export async function contractInForce(all: Contracts, more: object = {}, line: object = {}): Promise<string> {
  const { id } = done(await all.act(all.sales, 'contract', 'draft', null, contractForm(all.customer, more, line)))
  done(await all.act(all.sales, 'contract', 'submit', id))
  done(await all.act(all.boss, 'contract', 'approve', id))
  done(await all.act(all.lead, 'contract', 'activate', id, { waive: [{ guard: 'has_copy', reason: '先服务，后补副本' }] }))
  return id
}
