import type { ClockState } from '../engine/clock.ts'
import type { ExplainLine } from '../engine/clock-explain.ts'
import type { Ask } from '../engine/ask.ts'
import type { AnyField, ChecklistItem } from '../engine/fields.ts'
import type { FieldProblem, RefusalCode } from '../engine/refusal.ts'
import type { Doer } from '../engine/roles.ts'
import type { StateKind } from '../engine/define.ts'
import type { Rule } from '../regulations/rule.ts'
import type { CoverView, WarrantyView } from './views-contracts.ts'
import type { QuotedView, ShopView } from './views-portal.ts'

/** The rows that the API sends: the web imports these types and nothing else from the server. Instants are ISO. */

/** Every answer that is not 2xx. `message` is a whole sentence in the reader's language. */
export type ErrorView = { error: {
  code: RefusalCode | 'fault'
  message: string
  guard?: string
  /** May this reader go past the guard with a reason? */
  waivable?: boolean
  fields?: readonly (FieldProblem & { message: string })[]
  /** For support: the request in the log. */
  request_id: string
} }

export type PersonView = { id: string; name: string }
/** A record by the name that people call it. */
export type NamedView = { id: string; name: string }
export type StateView = { name: string; label: string; kind: StateKind }

export type ClockView = { clock: string; label: string; kind: 'limit' | 'minimum'; state: ClockState
  started_at: string | null; due_at: string | null; stopped_at: string | null; crossed_at: string | null
  limit_ms: number | null; elapsed_ms: number | null; left_ms: number | null
  /** The clock uses time right now (its calendar may still be closed). */
  running: boolean
  /** From here on it is «due soon». */
  warn_at: string | null
  unknown_years: readonly number[]; beyond_horizon: boolean }

/** «Why this deadline?», as structured lines with their sentence. */
export type WhyView = { clock: string; label: string
  /** The agreement that the limit comes from; null: the company's own figure. */
  basis: string | null; lines: readonly (ExplainLine & { text: string })[] }

/** An action as offered to this reader, now. The form itself is in the definition. */
export type OfferView = { action: string; label: string
  /** It can be done. */
  live: boolean
  /** It is the one that is due. */
  next: boolean
  refusal: { code: RefusalCode; message: string; guard?: string } | null
  /** Of the guards that its form names, those that depend on the record alone: do they hold? */
  holds: Readonly<Record<string, boolean>>
  /** What its form begins with, by field. */
  usual: Readonly<Record<string, unknown>>
  /** Guards that this reader may go past with a reason. */
  waivers: readonly { guard: string; label: string }[]
  /** Names of the script cards that apply here; their words are in the definition. */
  cards: readonly string[] }

export type EventView = { seq: number; action: string; label: string; at: string; recorded_at: string
  at_note: 'clamped' | 'imported' | null; who: { kind: string; id: string | null; name: string }
  on_behalf_of: string | null; via: string; from_state: StateView | null; to_state: StateView
  /** The form as it was sent; of an edit {field: [old, new]}. Fields that this reader may not see are left out. */
  input: Readonly<Record<string, unknown>>
  waived: readonly { guard: string; label: string; reason: string }[]
  cards: readonly string[]
  effects: readonly { n: number; kind: string; what: string; to: string | null; state: string; done_at: string | null
    error: string | null; result: string | null }[] }

export type RelativeView = { id: string; process: string; label: string; number: string; title: string
  state: StateView; parent: string | null
  /** The label of the step that is due there. */
  next: string | null }

export type RecordView = { id: string; process: string; label: string; number: string; old_number: string | null
  title: string; seq: number; state: StateView; values: Readonly<Record<string, unknown>>
  owner: PersonView | null; handler: PersonView | null; author: PersonView | null
  team: { key: string; label: string } | null
  customer: NamedView | null; machine: NamedView | null
  /** What a contract promises for this case, in one line; null: the company's own figures hold. */
  agreed: string | null
  next: { action: string; label: string; owed_by: string; who: string; due_at: string | null } | null
  opened_at: string; changed_at: string; closed_at: string | null
  clocks: readonly ClockView[]; offers: readonly OfferView[]
  /** Fields that the reader may change in place here. */
  editable: readonly string[]
  /** Newest first, at most 50; older ones by /events?before=seq. */
  events: readonly EventView[]
  relatives: readonly RelativeView[]
  /** Names of the people and records that the values and events mention, by id. */
  names: Readonly<Record<string, string>>
  files: Readonly<Record<string, FileView>>
  /** Items of check lists that differ by kind of product, by field: those of this record's. */
  lists: Readonly<Record<string, readonly ChecklistItem[]>>
  /** Of the repair order that this record belongs to: what script cards speak of. */
  order: Readonly<Record<string, string | null>> | null }

export type FileView = { id: string; name: string; type: string; size: number; created_at: string }

/** A row of any list: the head of a case. */
export type RowView = { id: string; process: string; number: string; title: string; seq: number; state: StateView
  owner: PersonView | null; handler: PersonView | null; author: PersonView | null; team: string | null
  customer: NamedView | null; machine: NamedView | null
  next: { action: string; label: string; owed_by: string; who: string } | null
  next_due_at: string | null; opened_at: string; changed_at: string; closed_at: string | null
  /** Own columns that the list was asked to show, by field. */
  values?: Readonly<Record<string, unknown>> }

/** A page of a list. `cursor` null: there is no more. */
export type PageView = { rows: readonly RowView[]; cursor: string | null }
/** At most 1000 are counted: then `capped`, to be shown as «1000+». */
export type CountView = { count: number; capped: boolean }
export type BoardView = { columns: readonly { state: StateView; count: CountView; rows: readonly RowView[]
  cursor: string | null }[] }
/** 我的工作. now: late and due today; waiting: with others; later: mine without haste. */
export type WorkView = { now: readonly RowView[]; waiting: readonly RowView[]; later: readonly RowView[]
  counts: { now: CountView; waiting: CountView; later: CountView; late: CountView } }

export type FoundView = { groups: readonly { process: string; label: string
  rows: readonly (RowView & { hit: { field: string; text: string } | null })[] }[] }

export type FieldView = AnyField & { name: string; label: string }
/** The effective definition of a process in the reader's language. */
export type DefinitionView = { process: string; label: string
  states: readonly (StateView & { next: string | null; owed_by: string | null; edits: readonly string[] })[]
  actions: readonly { name: string; label: string; creates: boolean; from: readonly string[]; to: readonly string[]
    by: readonly Doer[]; guards: readonly string[]
    /** The form. `required` is true, or the name of a guard when it depends on the rest. */
    needs: readonly FieldView[]
    /** What is said while it is done, in the order of the talk; `at`: while this field has the focus. */
    cards: readonly CardView[]
    then: readonly string[] }[]
  guards: Readonly<Record<string, { label: string; waivable_by: readonly Doer[]
    /** What it asks of the form, where that is all it asks. */
    asks?: Ask }>>
  clocks: readonly { name: string; label: string; kind: string; runs_in: readonly string[] }[]
  documents: readonly { name: string; label: string }[]
  /** What people begin from such a record. */
  begins: readonly string[]
  fields: readonly FieldView[] }

/** A script card. `text` has gaps such as {客户}, which the page fills. */
export type CardView = { name: string; label: string; text: string; at: string | null }

/** Processes in use, with what this reader may begin. */
export type DefinitionsView = { definitions: readonly { process: string; label: string
  creates: readonly { action: string; label: string }[] }[] }

/** Who I am, and what the frame shows. */
export type MeView = { member: PersonView; login: string; language: 'zh' | 'en'; roles: readonly Doer[]
  positions: readonly string[]; company: { slug: string; name: string; time_zone: string; regulation: string
    demo: boolean }
  companies: readonly { slug: string; name: string }[]
  must_change_password: boolean
  /** Processes in use that I may see, with what I may create. */
  processes: readonly { process: string; label: string; create: string | null }[]
  now: string
  opening: { open: boolean; until: string | null } | null
  unread: number; late: number }

/** Where I am signed in. `current`: this browser. */
export type SessionView = { id: string; company: string; created_at: string; last_seen_at: string; address: string
  user_agent: string; current: boolean }
/** Somebody at work, for pickers; positions in the company's words. */
export type PeopleView = { people: readonly { id: string; name: string; positions: readonly string[] }[] }
export type PositionView = { key: string; name: string; roles: readonly { key: string; label: string }[] }
export type KeyView = { id: string; name: string; roles: readonly string[]; importer: boolean; made_by: PersonView
  made_at: string; expires_at: string; last_used_at: string | null; revoked_at: string | null }
/** What a customer sees through a private link: fields that are open to customers, and what may be done. */
export type LinkedRecordView = { company: string; shop: ShopView; process: string; label: string; number: string
  seq: number; state: StateView
  /** The state as the customer says it: «等您答复». */
  state_words: string
  /** Who is let in. */
  contact: string
  opened_at: string; changed_at: string
  order: { number: string; state_words: string } | null
  machine: { name: string; serial: string }
  /** null while the price is being made, and of other records. */
  quotation: QuotedView | null
  /** Questions and answers about it, oldest first. */
  talk: readonly { at: string; by: 'customer' | 'shop'; text: string }[]
  /** The newest print that the customer may open: /api/files/:id */
  paper: { id: string; name: string } | null
  fields: readonly { name: string; label: string; kind: AnyField['kind']; value: unknown }[]
  offers: readonly OfferView[] }

export type { PaperStatusView, PaperView, QuotedView, ShopView } from './views-portal.ts'

/** What was agreed to before. Money in fen; `total_fen` is what was accepted. */
export type EarlierQuoteView = { id: string; number: string; accepted_at: string; customer: string | null
  machine: string; total_fen: number | null
  lines: readonly { what: string; name: string; pieces: number; unit_fen: number; note?: string }[] }

/** What stands beside a quotation while it is made and followed. `message` has «{link}» where a link belongs. */
export type QuotingView = {
  order: { id: string; number: string; state: StateView; clocks: readonly ClockView[]; symptom: string | null
    fault_found: string | null; repair_method: string | null; parts_needed: string | null
    sent_in_on: string | null } | null
  customer: { name: string; phone: string; fax: string; address: string; online: string; email: string }
  machine: { name: string; serial: string; product: string }
  contact: { name: string; phone: string }
  /** Nothing was agreed with this customer before: the engineer's price counts. null: not for this reader, or none. */
  new_customer: boolean; engineer_fen: number | null
  /** Parts that the engineer asked for. */
  asked: readonly { part: string; name: string; pieces: number; price_fen: number | null
    request: { id: string; number: string }; state: StateView }[]
  earlier: { customer: readonly EarlierQuoteView[]; model: readonly EarlierQuoteView[] }
  /** How far the desk may go by itself, and the tax that is added, in thousandths. */
  discount_thousandths: number | null; tax_thousandths: number | null
  reminders_most: number | null
  message: string | null }

export type NoticeView = { id: string; text: string; record: { id: string; process: string } | null
  created_at: string; read_at: string | null }

/** What the event stream says: something moved; the reader fetches it again. */
export type LiveView = { process: string; id: string; seq: number } | { notices: true }

/** A place of the parts ledger: a store, somebody's hands, or the world outside. */
export type PlaceView = { key: string; label: string }
/** A part with what lies where. Quantities in thousandths; `low`: less in the store than the minimum. */
export type StockRowView = { id: string; number: string; part_number: string; name: string; fits: string | null
  part_kind: string; price_fen: number | null; cost_fen?: number | null; bin: string | null; minimum: number | null
  state: string; costly: boolean; low: boolean; balances: readonly { place: PlaceView; quantity: number }[] }
export type StockPageView = { rows: readonly StockRowView[]; cursor: string | null }
/** A movement of the ledger (配件收发登记): `from_left`, `to_left` are what lay there afterwards. */
export type MoveView = { id: string; part: string; part_number: string; part_name: string; at: string; from: PlaceView
  to: PlaceView; quantity: number; from_left: number | null; to_left: number | null
  /** A part taken out of a machine, with its tag; `note`: its condition, or why. */
  old: boolean; tag: string | null; note: string | null; who: string
  record: { id: string; process: string; number: string; label: string }
  case: { id: string; process: string; number: string } | null }
export type MovePageView = { rows: readonly MoveView[]; cursor: string | null }

/** What waits in the store. `lines` in thousandths, with what the store holds; at most `queueMost` rows of a state. */
export type StoreRowView = { id: string; process: string; number: string; seq: number; title: string; state: StateView
  next_due_at: string | null; opened_at: string; changed_at: string; engineer: string | null; supplier: string | null
  eta: string | null; place: string | null
  case: { id: string; process: string; number: string; title: string; customer: string | null } | null
  lines: readonly { part: string; part_number: string; name: string; bin: string | null; quantity: number
    in_store: number }[] }
export type StoreDayView = { queueMost: number; rows: readonly StoreRowView[] }

/** The company's own regulation, rule by rule. */
export type RegulationView = { regulation: string; key: string
  groups: readonly { group: string; title: string; rules: readonly Rule[] }[] }

export type { OwnPositionView, PreviewView, RevisionView, RevisionsView, ScheduleView, SettingsView }
  from './views-settings.ts'

export type ContactView = { id: string; name: string | null; phones: readonly string[]; role: string | null
  online_id: string | null; email: string | null; do_not_call: boolean; note: string | null; active: boolean }
/** A customer in one line. */
export type CustomerView = { id: string; number: string; name: string; short_name: string | null; state: StateView
  customer_kind: string | null; phone: string | null; address: string | null; zone: string | null
  online_id: string | null; settlement: string; contract: boolean; loyalty: string | null; remark: string | null
  owner: PersonView | null; engineer: PersonView | null; merged_into: string | null
  grade: string | null; relation: string | null; agent: NamedView | null; industry: string | null; tags: string | null
  /** When the file was last looked over, a date. */
  confirmed_on: string | null }
/** A machine in one line, with its warranty as of today. */
export type MachineView = { id: string; number: string; title: string; state: StateView; brand: string | null
  model: string | null; product_kind: string | null; serial_number: string | null; serial_note: string | null
  key_number: string | null; place: string | null; in_contract: boolean; customer: string | null; warranty: WarrantyView
  /** The contract that covers it today; null: none. `in_contract` is then true, as it is where somebody ticked it. */
  cover: CoverView | null }
/** A case in one line. */
export type CaseView = { id: string; process: string; label: string; number: string; title: string; state: StateView
  customer: string | null; machine: string | null; next_due_at: string | null; opened_at: string
  closed_at: string | null }

/** Why a row was found. `text` is what was hit, phones masked. */
export type HitView = { by: 'phone' | 'name' | 'contact' | 'initials' | 'pinyin' | 'serial' | 'number' | 'qr' | 'paper'
  label: string; text: string }
/** One customer with what is going on there; `machine` and `case` where the hit was one. */
export type LookupRowView = { hits: readonly HitView[]; customer: CustomerView | null; contact: ContactView | null
  machine: MachineView | null; case: CaseView | null
  /** At most five each. */
  machines: readonly MachineView[]; open_cases: readonly CaseView[]
  /** The newest case, open or not. */
  last_case: CaseView | null }
export type LookupView = { q: string; rows: readonly LookupRowView[] }

/** One of the places of a customer. Degrees where the coordinates could be read. */
export type SiteView = { id: string; number: string; state: StateView; name: string | null; address: string | null
  zone: string | null; coordinates: string | null; latitude: number | null; longitude: number | null
  person: string | null; phone: string | null; entry: string | null; remark: string | null }
/** On the monthly account and not paid. */
export type OwedView = { fen: number; orders: number }
/** One thing that happened with a customer: a case, or (`state` null) something done to the file itself. */
export type TimelineEntryView = { id: string; process: string; at: string; label: string; number: string | null
  title: string | null; state: StateView | null; who: string | null; text: string | null; fen: number | null
  next_due_at: string | null; closed_at: string | null }
/** Newest first; `cursor` null: there is no more. A page may be short though more follows. */
export type TimelineView = { entries: readonly TimelineEntryView[]; cursor: string | null }

/** The archive: industries, the customers of one, the papers of one by contract with what is missing. */
export type ArchiveView = { industries: readonly { industry: string; customers: number }[]
  customers: readonly { id: string; number: string; name: string; documents: number }[]
  contracts: readonly { number: string | null
    /** The contract itself, where it is registered. */
    id: string | null; missing: readonly string[]
    documents: readonly (CaseView & { kind: string; document_number: string | null; version: string | null
      filed_place: string | null; custodian: string | null; original_holder: string | null })[] }[] }

/** One page of a customer. Cases newest first. */
export type CustomerFileView = { customer: CustomerView; contacts: readonly ContactView[]; sites: readonly SiteView[]
  /** What is due next, soonest first. */
  due: readonly CaseView[]; owed: OwedView
  machines: readonly MachineView[]; open_cases: readonly CaseView[]; cases: readonly CaseView[]
  /** Customers that became part of this one; their cases stand among the others. */
  merged: readonly { id: string; number: string; name: string }[]
  counts: { machines: CountView; open_cases: CountView; cases: CountView } }
/** The life of one machine, newest first. `more`: there are older cases than these. */
export type MachineStoryView = { machine: MachineView; customer: CustomerView | null; cases: readonly CaseView[]
  more: boolean }
/** What a scanned or typed code is: one exact hit, or a short list. */
export type ScanView = { code: string; found: readonly { process: string; id: string; label: string; number: string
  title: string; state: StateView; hit: HitView }[] }
/** Customers that a new one may be: same phone, same or longer name. */
export type SimilarView = { customers: readonly { id: string; number: string; name: string; state: StateView
  address: string | null; hits: readonly HitView[] }[] }

/** A machine on a shelf, or its paper in a folder. `since`: the event that put it there. */
export type ShelfCardView = { id: string; number: string; title: string; seq: number; state: StateView
  customer: PersonView | null; machine: PersonView | null; serial_number: string | null; handler: PersonView | null
  /** The label of the step that is due. */
  next: string | null
  next_due_at: string | null; since: string }
/** Places in the order in which a machine passes them; `known` false: a place that people named themselves. */
export type ShelvesView = { by: 'shelf' | 'folder'; shelves: readonly { key: string; label: string; known: boolean
  aliases: readonly string[]
  count: CountView; cards: readonly ShelfCardView[] }[] }

/** A case behind a figure of a report. `note`: why it is in the list. */
export type ReportCaseView = { id: string; process: string; number: string; title: string; state: StateView
  opened_at: string; closed_at: string | null; note: string }
/** How repair orders ended. `repaired_share` is of those whose outcome is known; null where there is none. */
export type OutcomeCounts = { cases: number; known: number; repaired: number; repairable: number; beyond_repair: number
  unknown: number; repaired_share: number | null }
export type RepairsView = { by: string; from: string | null; to: string | null; total: OutcomeCounts
  /** `key` is what filters by it: '-' is what nobody wrote down. */
  rows: readonly (OutcomeCounts & { key: string; label: string })[]
  /** Rows that are not shown. */
  more: number
  outcomes: readonly { name: string; label: string }[]; choices: readonly { name: string; label: string }[] }
/** A former system's own names of what was brought in, with the figures of its log. Times in ms. */
export type ActivitiesView = { cases: number; events: number
  /** Cases in which some activity ended more than once. */
  repeating_cases: number
  cycle: { median_ms: number | null; mean_ms: number | null; p90_ms: number | null }
  /** `service_minutes`: from each start to its end; null where no start was told. `unfinished`: starts without an end. */
  activities: readonly { activity: string; starts: number; completes: number; cases: number; unfinished: number
    service_minutes: number | null }[]
  /** What directly followed what. */
  pairs: readonly { first: string; second: string; n: number }[]
  variants: { all: number; shown: readonly { path: readonly string[]; n: number }[] }
  /** How often the activities that were asked for ended in a case. */
  times: { of: readonly string[]; cases: readonly { times: number; cases: number }[]; cases_with_others_after: number } | null }
/** How long something took, of `n`. Means are exact, the others within five in a hundred. */
export type TimesView = { n: number; mean_ms: number; median_ms: number; p90_ms: number }
/** A step that was taken: from a state ('' begins) by an action to a state, after so long there. */
export type FlowStepView = TimesView & { from: string; action: string; label: string; to: string; again: number
  waived: number }
export type FlowRefusedView = { action: string; label: string; state: string; state_label: string; code: string
  what: string; why: string; n: number }
/** What really happened in a process. `here`: now, whatever the time that is asked for. */
export type FlowView = { process: string; label: string; from: string | null; to: string | null
  cases: { begun: number; ended: number; open: number; late: number }; cycle: TimesView | null
  states: readonly { name: string; label: string; kind: StateView['kind']; entered: number; again: number; late: number
    here: number; here_late: number; stay_mean_ms: number | null }[]
  steps: readonly FlowStepView[]; again: number; waived: number; late: number
  refused: readonly FlowRefusedView[]
  /** Actions of the definition that nobody took. */
  never: readonly { name: string; label: string }[]
  ways: { cases: number; all: number; again: number; shown: readonly { path: string; n: number; states: readonly string[] }[] }
  products: readonly { name: string; label: string }[]; people: readonly PersonView[] }
