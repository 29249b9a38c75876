import type { Agreed } from '../../engine/define.ts'
import type { Refusal } from '../../engine/refusal.ts'
import type { Ctx } from '../context.ts'
import type { Reader, Tx } from '../db.ts'

/** The head row of a case, as read. Instants are ISO strings. */
export type Head = {
  id: string; process: string; number: string; old_number: string | null; title: string; seq: number; state: string
  kind: 'active' | 'waiting' | 'done' | 'void'; parent: string | null; root: string; customer: string | null
  machine: string | null; owner: string | null; handler: string | null; author: string | null; team: string | null
  next_action: string | null; owed_by: string | null; next_due_at: string | null; next_strike: string | null
  opened_at: string; changed_at: string; closed_at: string | null; settings_revision: number
  extra: Record<string, unknown>
  agreed: Agreed | null
}

/** One act under way, as a write sees it. `set` adds to the noun's own columns, `head` to the head row. */
export type Act = {
  process: string; action: string; id: string; seq: number; at: string; head: Head | null
  values: Readonly<Record<string, unknown>>; input: Readonly<Record<string, unknown>>
  /** The record that this one is a child of. */
  parent: string | null
  set(column: string, value: unknown): void
  setHead(column: HeadField, value: unknown): void
  /** What holds for this case by an agreement with its customer, from here on. */
  agree(agreed: Agreed | null): void
}

/** Runs inside the transaction, after the guards; a refusal undoes everything. */
export type Write = (ctx: Ctx, tx: Tx, act: Act) => Promise<Refusal | null>

/** Fields of a form that go to the head row under their own name. */
export const headFields = ['title', 'owner', 'handler', 'team', 'customer', 'machine'] as const
export type HeadField = (typeof headFields)[number]

/** `by`: the index's own columns besides the company. */
export type Unique = { field: string; by: readonly string[] }

/** What the server knows of one noun: its table, its facts, its writes. One file each, in this folder. */
export type Noun = {
  table: string
  /** Own columns that take the value of the field of the same name. */
  columns: readonly string[]
  /** Of those, the ones whose column is jsonb. */
  json?: readonly string[]
  number: { prefix: string; period: 'month' | 'year' | 'day' | 'ever'; digits: number }
  /** Facts that follow from the record's own values; also asked for the state just reached. Pure. */
  derive(head: Partial<Head>, values: Readonly<Record<string, unknown>>, ctx: Ctx): object
  /** Facts from other tables, for many records at once: one statement, sent without waiting. */
  facts?(ctx: Ctx, reader: Reader, ids: readonly string[]): Promise<ReadonlyMap<string, object>>
  /** What `facts` would say of a record that does not exist yet. */
  blank?: object
  /** Own columns that take a value by themselves when the record reaches a state. */
  places?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** The head row's title, where it is not the field `title`. */
  title?(values: Readonly<Record<string, unknown>>): string
  /** Own columns that follow from the fields just changed, such as initials from a name. Pure. Without a context
   *  (a key that is only compared) what depends on the company's time is left out. */
  follows?(changes: Readonly<Record<string, unknown>>, ctx?: Ctx): Readonly<Record<string, unknown>>
  /** Unique indexes of its table that people can run into, with the field that is then told to be taken. */
  unique?: Readonly<Record<string, Unique>>
  /** Blanks personal data of the record that lies in other tables, inside the transaction that erases it. */
  erases?: Write
  writes: Readonly<Record<string, Write>>
  /** Text to be found by: more than number, title and the texts of the events. */
  search?: readonly string[]
}
