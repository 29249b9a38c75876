import { sql } from '../src/server/db.ts'
import type { Ports } from '../src/server/outbox.ts'
import type { Letter } from '../src/server/ports/mail.ts'
import type { TestCompany } from './company.ts'

/** Ports that remember instead of reaching out; `fails` makes the next letters fail. */
export function fakePorts(): Ports & { letters: Letter[]; prints: { name: string; bytes: Uint8Array }[]
  fails: (Error & { permanent?: boolean })[] } {
  const letters: Letter[] = []
  const fails: Error[] = []
  const prints: { name: string; bytes: Uint8Array }[] = []
  return { letters, fails, prints, publicUrl: 'https://desk.example',
    mail: { close() {}, async send(letter) {
      const failure = fails.shift()
      if (failure) throw failure
      letters.push(letter)
    } },
    printer: { async render() { return new Uint8Array([37, 80, 68, 70]) }, async close() {} },
    async storePrint(_ctx, { id, name, bytes }) {
      prints.push({ name, bytes })
      return id
    } }
}

export type OutboxRow = { seq: number; n: number; kind: string; state: string; tries: number; last_error: string | null
  effect: Record<string, unknown>; next_at: string }

export const outboxOf = (at: TestCompany, record: string) => at.db.read(at.company.id, (reader) =>
  reader.query<OutboxRow>(sql`select seq, n, kind, state, tries, last_error, effect, next_at from outbox
    where record_id = ${record} order by seq, n`))

export const noticesTo = (at: TestCompany, member: string) => at.db.read(at.company.id, (reader) =>
  reader.query<{ template: string; params: Record<string, unknown>; record_id: string }>(sql`
    select template, params, record_id from notice where member_id = ${member} order by created_at, id`))

export const eventsOf = (at: TestCompany, record: string) => at.db.read(at.company.id, (reader) =>
  reader.query<{ seq: number; action: string; actor_kind: string; on_behalf_of: string | null; input: unknown
    at: string }>(sql`select seq, action, actor_kind, on_behalf_of, input, at from event where record_id = ${record}
    order by seq`))

export const timerOf = async (at: TestCompany, record: string) => (await at.db.read(at.company.id, (reader) =>
  reader.query<{ due_at: string | null; clock: string | null; step: string | null; leased_until: string | null }>(sql`
    select due_at, clock, step, leased_until from timer where record_id = ${record}`)))[0]

