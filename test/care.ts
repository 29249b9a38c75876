import { expect } from 'vitest'
import type { Actor } from '../src/server/context.ts'
import { loadCase } from '../src/server/case.ts'
import { drainOutbox } from '../src/server/outbox.ts'
import type { Done, Outcome } from '../src/server/run.ts'
import { drainTimers } from '../src/server/timers.ts'
import { fakePorts } from './after-commit.ts'
import { type TestCompany, openTestCompany } from './company.ts'
import type { DatabaseKind } from './databases.ts'

/** The company that a story of the customer's file plays in: people, and time that passes. */
export type CareCompany = TestCompany & { desk: Actor; engineer: Actor; boss: Actor; sales: Actor; admin: Actor
  /** An act that must be done; what follows from it is done too. */
  ok(actor: Actor, action: string, process: string, id: string | null, input?: object): Promise<Done>
  /** An act that must be refused: for exactly this guard, code or field. */
  refuses(why: string, actor: Actor, action: string, process: string, id: string | null, input?: object): Promise<void>
  customer(more?: object): Promise<string>
  until(now: number): Promise<void>
  children(id: string, process: string): Promise<Child[]>
  /** Records of a process about a customer, oldest first. */
  about(customer: string, process: string): Promise<Child[]>
  values(process: string, id: string): Promise<Record<string, unknown>>
  state(id: string): Promise<string>
  clock(process: string, id: string, name: string): Promise<{ state: string; due_at: number | null }>
}
export type Child = { id: string; state: string; title: string; team: string | null; customer: string | null }

export const day = 86_400_000

export async function openCareCompany(kind: DatabaseKind, profile: string): Promise<CareCompany> {
  const at = await openTestCompany(kind, { profile }) as CareCompany
  const ports = fakePorts()
  const settle = async () => { while (await drainOutbox(at.app, ports) > 0); }
  const caseOf = (process: string, id: string) => at.db.read(at.company.id, (reader) =>
    loadCase(at.ctx(at.boss), reader, process, id, false))
  const rows = (where: string, ...values: unknown[]) => at.db.read(at.company.id, (reader) => reader.query<Child>({
    text: `select id, state, title, team, customer from record where ${where} order by opened_at, number`, values }))
  const acting = async (actor: Actor, action: string, process: string, id: string | null, input: object = {}) => {
    const outcome = await at.act(actor, process, action, id, input)
    await settle()
    return outcome
  }
  let count = 0
  return Object.assign(at, {
    desk: await at.person('王协调', 'coordinator', 'hotline'), engineer: await at.person('罗工', 'field_engineer'),
    boss: await at.person('许经理', 'supervisor', 'manager'), sales: await at.person('唐销售', 'salesperson'),
    admin: await at.person('林总', 'administrator'),
    async ok(...act: Parameters<CareCompany['ok']>) {
      const outcome = await acting(...act)
      expect(outcome).toMatchObject({ ok: true })
      return outcome as Done
    },
    async refuses(why: string, ...act: Parameters<CareCompany['ok']>) {
      const outcome: Outcome = await acting(...act)
      expect(outcome).toMatchObject({ ok: false })
      const { refusal } = outcome as Extract<Outcome, { ok: false }>
      expect([refusal.guard, refusal.code, ...(refusal.fields ?? []).map(({ field }) => field)]).toContain(why)
    },
    async customer(more: object = {}) {
      count += 1
      const made = await acting(at.desk, 'register', 'customer', null, { customer_kind: 'organisation',
        name: `第${count}鉴定中心`, phone: `0755-8700${String(count).padStart(4, '0')}`, ...more })
      expect(made).toMatchObject({ ok: true })
      return (made as Done).id
    },
    async until(now: number) {
      at.app.now = now
      for (let more = -1; more !== 0;) more = await drainTimers(at.app) + await drainOutbox(at.app, ports)
    },
    children: (id: string, process: string) => rows('parent = $1 and process = $2', id, process),
    about: (customer: string, process: string) => rows('customer = $1 and process = $2', customer, process),
    values: async (process: string, id: string) => (await caseOf(process, id))!.values,
    state: async (id: string) => (await rows('id = $1', id))[0]!.state,
    async clock(process: string, id: string, name: string) {
      return (await caseOf(process, id))!.clocks.views.find(({ clock }) => clock === name)!
    },
  })
}
