import type { AgreedFigure } from '../../engine/define.ts'
import { type Warranty, type WarrantyGrounds, warrantyOf } from '../customers/warranty.ts'
import type { ServiceClass } from './contract-fields.ts'

/** The narrower one decides before the wider one. */
export const coveredBy = ['machine', 'site', 'customer'] as const
export type CoveredBy = (typeof coveredBy)[number]

/** What is free and what is charged, each by itself. */
export const charges = ['parts', 'labour', 'travel'] as const
export type Charge = (typeof charges)[number]
export type Charging = 'free' | 'charged'

/**
 * One promise of a contract that covers the machine. Days are 'YYYY-MM-DD' in company time, both included; minutes are
 * open minutes of `calendar`; null: not promised.
 */
export type Clause = {
  id: string; contract: string; number: string; service_class: ServiceClass
  valid_from: string; valid_until: string
  parts: Charging; labour: Charging; travel: Charging; onsite: boolean
  visits: number | null; visits_used: number
  response_minutes: number | null; arrival_minutes: number | null; restore_minutes: number | null
  calendar: string
  extended_until: string | null; scope: string | null; region: string | null
  /** By what it covers the machine: its own name, the site at which it stands, or everything that the customer has. */
  by: CoveredBy
  /** The name of that site; null otherwise. */
  site: string | null
}

/** What the question is about: a day, and the class of service that is wanted (null: whatever helps). */
export type EntitlementGrounds = {
  /** null: no machine is named, so that there is no warranty to speak of. */
  warranty: Omit<WarrantyGrounds, 'today' | 'extended_until'> & { extended_until?: string | null } | null
  clauses: readonly Clause[]
  service_class: ServiceClass | null
  today: string
  /** What the company's own warranty takes in beside parts and labour. */
  warranty_travel: Charging
}

/** Why something is free: the warranty, or the clause of a contract. */
export type Ground = { by: 'warranty' } | { by: 'clause'; clause: string } | { by: 'nothing' }

export type Entitlement = {
  warranty: Warranty | null
  /** Clauses that hold on that day for that class, the one that decides first. */
  clauses: readonly Clause[]
  charging: Readonly<Record<Charge, { is: Charging; ground: Ground }>>
  /** null: no contract, or one that counts no visits. */
  visits: { clause: string; quota: number; used: number; left: number } | null
  /** Figures of the contract; each names the clause that it stands in. null: the company's own hold. */
  figures: Readonly<Record<AgreedFigure, { minutes: number; calendar: string; clause: string } | null>>
  /** On-site work is part of it. */
  onsite: boolean
}

/**
 * What a customer may expect on a day: is the machine in warranty, is it under contract, what is free, how many visits are
 * left, how fast. Pure: the same grounds, the same answer.
 *
 * A clause holds from its first to its last day. Of several the one that names the machine goes before one for its site,
 * that before one for everything, then the one with the shorter response, then the one that ends later. What is free is
 * asked for parts, labour and travel by themselves: free if the warranty or any clause says so; a used-up quota makes the
 * travel of its clause charged, since a visit more is no longer promised. A figure is the shortest that any clause
 * promises, with that clause's calendar.
 * Source: S1-007, S1-135, S4-255; ambiguity A21; docs/decisions/0051-entitlement.md, 0083-cover-by-site.md
 */
export function entitlementOf(grounds: EntitlementGrounds): Entitlement {
  const { today, service_class } = grounds
  const clauses = grounds.clauses
    .filter((one) => one.valid_from <= today && today <= one.valid_until)
    .filter((one) => service_class === null || one.service_class === service_class)
    .toSorted(before)
    // A machine may be named and stand at a site that is named as well: the same promise, by the narrower reason.
    .filter((one, index, all) => all.findIndex(({ id }) => id === one.id) === index)
  const warranty = grounds.warranty === null ? null : warrantyOf({ ...grounds.warranty, today,
    extended_until: latest([grounds.warranty.extended_until ?? null, ...clauses.map((one) => one.extended_until)]) })
  const inWarranty = warranty?.state === 'in'
  const free = (charge: Charge): Ground => {
    if (inWarranty && (charge !== 'travel' || grounds.warranty_travel === 'free')) return { by: 'warranty' }
    const clause = clauses.find((one) => one[charge] === 'free' && !(charge === 'travel' && leftOf(one) === 0))
    return clause ? { by: 'clause', clause: clause.id } : { by: 'nothing' }
  }
  const judged = (charge: Charge) => {
    const ground = free(charge)
    return { is: ground.by === 'nothing' ? 'charged' as const : 'free' as const, ground }
  }
  return { warranty, clauses, charging: { parts: judged('parts'), labour: judged('labour'), travel: judged('travel') },
    visits: visitsOf(clauses), onsite: clauses.some((one) => one.onsite), figures: { response: shortest(clauses, 'response'),
      arrival: shortest(clauses, 'arrival'), restore: shortest(clauses, 'restore') } }
}

const latest = (dates: readonly (string | null)[]): string | null =>
  dates.reduce((best, one) => (one !== null && (best === null || one > best) ? one : best), null)

/** Visits left of a clause; null: it counts none. */
export const leftOf = ({ visits, visits_used }: Clause): number | null =>
  (visits === null ? null : Math.max(visits - visits_used, 0))

function before(a: Clause, b: Clause): number {
  if (a.by !== b.by) return coveredBy.indexOf(a.by) - coveredBy.indexOf(b.by)
  const faster = (a.response_minutes ?? Infinity) - (b.response_minutes ?? Infinity)
  // Two that promise no response are alike in this: Infinity less Infinity is no number.
  if (faster !== 0 && !Number.isNaN(faster)) return faster
  if (a.valid_until !== b.valid_until) return a.valid_until > b.valid_until ? -1 : 1
  return a.id < b.id ? -1 : 1
}

/** Of clauses that count visits, the first that has some left; else the first. */
function visitsOf(clauses: readonly Clause[]): Entitlement['visits'] {
  const counting = clauses.filter((one) => one.visits !== null)
  const one = counting.find((clause) => leftOf(clause)! > 0) ?? counting[0]
  return one ? { clause: one.id, quota: one.visits!, used: one.visits_used, left: leftOf(one)! } : null
}

function shortest(clauses: readonly Clause[], figure: AgreedFigure): Entitlement['figures'][AgreedFigure] {
  const found = clauses.filter((one) => one[`${figure}_minutes`] !== null)
    .toSorted((a, b) => a[`${figure}_minutes`]! - b[`${figure}_minutes`]!)[0]
  return found ? { minutes: found[`${figure}_minutes`]!, calendar: found.calendar, clause: found.id } : null
}
