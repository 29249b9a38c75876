import type { Part } from '../processes/contracts/duties.ts'
import type { CoveredBy } from '../processes/contracts/entitlement.ts'
import type { Warranty } from '../processes/customers/warranty.ts'
import type { StateView } from './views.ts'

/** Rows of warranty, contracts and machines' lives, as the API sends them. Dates are 'YYYY-MM-DD' in company time. */

/** `line`: the answer in a few words; `sentence`: which rule, which day, until when. */
export type WarrantyView = Warranty & { line: string; sentence: string }

/**
 * What a customer may expect: in warranty, under contract, what is free, visits left, how fast. `line` says it in one line
 * (null: no contract and nothing special); the rest is for whoever unfolds it.
 */
export type EntitlementView = {
  on: string
  warranty: WarrantyView | null
  cover: CoverView | null
  line: string
  charging: readonly { what: 'parts' | 'labour' | 'travel'; label: string; is: 'free' | 'charged'; ground: string }[]
  visits: { quota: number; used: number; left: number } | null
  figures: readonly { figure: 'response' | 'arrival' | 'restore'; minutes: number; calendar: string; text: string }[]
  clauses: readonly { id: string; contract: string; number: string; service_class: string; label: string
    valid_from: string; valid_until: string; scope: string | null; region: string | null; onsite: boolean
    /** By what the machine is covered; of a site its name. */
    by: CoveredBy; site: string | null }[]
}
/** The life of one machine, newest first: cases, what was done to the machine itself, parts that went in or came out. */
export type LifeView = { cursor: string | null
  lines: readonly { key: string; at: string; what: 'case' | 'event' | 'part'; label: string; who: string | null
    note: string | null
    /** Of a part, in thousandths. */
    quantity: number | null
    record: { id: string; process: string; number: string; title: string } | null; state: StateView | null }[] }
/** 装机清单: `removed_on` null: it is built in. */
export type MachinePartView = { id: string; name: string; part_number: string | null; serial_number: string | null
  fitted_on: string | null; removed_on: string | null }
/** What the page of a contract shows beside its fields. `holds`: today; `late`: planned, past and not done. */
export type ContractFileView = { today: string; ends_on: string | null
  /** May this reader see what it costs? */
  prices: boolean
  clauses: readonly { id: string; label: string; valid_from: string; valid_until: string; holds: boolean
    figures: readonly string[]; charging: readonly string[]
    visits: { quota: number; used: number; left: number } | null }[]
  machines: readonly { id: string; number: string; title: string; place: string | null
    /** The site through which it is covered; null: by its own name, or with everything. */
    site: string | null; until: string | null }[]
  more_machines: boolean
  /** Machines of the customer that a contract for some does not cover. */
  outside: number; covers: 'all' | 'sites' | 'listed'
  sites: readonly { id: string; title: string; since: string; until: string | null }[]
  papers: readonly { paper: string; label: string; filed: boolean; on: string | null; kept_by: string | null }[]
  stages: readonly { stage: string; label: string; planned_on: string; done_on: string | null; late: boolean }[]
  /** Quantities in thousandths; `on_hand`: in the store today. */
  spare_parts: readonly { id: string; title: string; quantity: number; place: string | null; on_hand: number }[]
  /** Of a project: which department leads a step and which assist. */
  duties: readonly { step: string; label: string; sales: Part | null; tech: Part | null; commerce: Part | null }[]
  /** What was counted as a visit, the newest first; `record`: the case in which it was made. */
  visits: readonly { on: string; label: string; note: string | null
    record: { id: string; process: string; number: string; title: string } | null }[]
  inspections: { state: string; opened: number; dates: readonly string[]
    orders: readonly { id: string; number: string; planned_on: string; handler: string | null; state: StateView }[] } }
/** What a machine's page shows beside its fields. */
export type MachineFileView = { entitlement: EntitlementView; parts: readonly MachinePartView[]; life: LifeView }

/** The contract that decides, in one line. */
export type CoverView = { contract: string; number: string; until: string; line: string }
