import type { ActorKind, AnyProcess, Via } from '../engine/define.ts'
import type { Doer } from '../engine/roles.ts'
import type { Profile } from '../regulations/profile.ts'
import type { Words } from '../words/index.ts'
import type { Database } from './db.ts'
import type { Printer } from './print/printer.ts'
import type { FileStore } from './ports/file-store.ts'
import type { Scanner } from './ports/scanner.ts'
import type { Noun } from './records/noun.ts'
import type { Thumbnails } from './thumbnails.ts'

/** The processes and nouns that a server runs. Tests add a specimen of their own. */
export type House = {
  processes: Readonly<Record<string, AnyProcess>>
  nouns: Readonly<Record<string, Noun>>
  profiles: Readonly<Record<string, Profile>>
}

/** What the whole server shares. */
export type App = {
  db: Database
  house: House
  /** The instant, ms since epoch. Read once, at the door of each request. */
  clock: () => number
  /** The address that people type, where the operator has set one: PUBLIC_URL. */
  publicUrl?: string
  /** Tells this node's and other nodes' browsers and workers that a record has changed. Never throws. */
  changed: (change: Change) => void
  /** Makes papers, where this node prints. */
  printer?: Printer
  /** Where the bytes of files lie; absent only in tests that have none. */
  files?: FileStore
  /**
   * Calendars of a company have changed, or its import has ended: its open clocks are folded anew, in the background.
   */
  calendarChanged?: (company: Company) => void | Promise<unknown>
  /** A sheet waits for its next step: this node's worker looks at once. */
  sheetWaits?: () => void
  /** Looks at what people upload, where the operator has one. */
  scanner?: Scanner
  /** Small pictures; absent where there are no files. */
  thumbnails?: Thumbnails
  /** Counts for the operator; absent where nobody counts. */
  meter?: Meter
  /** Tells the operator what belonged together and how long it took; absent where nobody asks. */
  tracing?: Tracing
  /** Keeps what a process refused, for its report. Never waits and never throws; absent where nobody reads it. */
  refused?: (line: RefusedLine) => void
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void
    error(fields: object, message: string): void }
}

/** What a node counts about its work. Never throws. `ending`: ok, replayed, or the code of a refusal. */
export type Meter = {
  acted(process: string, action: string, ending: string): void
  /** A clock has struck that was due at this instant, ms. */
  struck(dueAt: number): void
  effect(kind: string, ending: string): void
}

/** What is said of a piece of work: names of ours, ids, outcomes. Never what somebody typed. */
export type TraceFacts = Readonly<Record<string, string | number | null | undefined>>

export type Tracing = {
  /** Does the work as one span; what it does in turn lies below it. */
  span<T>(name: string, facts: TraceFacts, body: (tell: (more: TraceFacts) => void) => Promise<T>): Promise<T>
}

/** `effects`: the outbox has new work. `strikes`: the record's next strike has moved. */
export type Change = { company: number; process: string; id: string; seq: number; effects: boolean
  strike: number | null }

/** `what`: the guard, or the fields that were in the way. */
export type RefusedLine = { company: number; process: string; action: string; record: string | null; state: string | null
  code: string; what: string; at: number; actor: string | null }

export type Company = { id: number; slug: string; name: string; time_zone: string }

/** Who acts. `link` narrows a contact to one record and some actions. */
export type Actor = {
  kind: ActorKind
  id: string | null
  name: string
  roles: readonly Doer[]
  on_behalf_of?: string | null
  link?: { record: string; actions: readonly string[] }
  /** An import key: may date facts back in a company in import mode. */
  importer?: true
}

/** First argument of everything that touches the world. */
export type Ctx = {
  app: App; company: Company; actor: Actor; now: number; via: Via; words: Words
  /** The password was given by somebody else: nothing but changing it is answered. */
  must_change_password?: true
}

/** The machine itself, on behalf of whoever caused it. */
export const system = (on_behalf_of: string | null = null): Actor =>
  ({ kind: 'system', id: null, name: 'system', roles: ['system'], on_behalf_of })
