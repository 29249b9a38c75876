import type { WarrantyStart } from '../contracts/kinds.ts'

/**
 * What a machine's warranty follows from. Dates as 'YYYY-MM-DD' in company time; a date that nobody knows is null.
 * Nothing of it is an answer: the answer is computed whenever it is asked for.
 */
export type WarrantyGrounds = {
  purchase_date: string | null
  delivery_date?: string | null
  application_date?: string | null
  /** From which day the product's rule counts. */
  from?: WarrantyStart
  /** Term of the product, in months; null: neither the product nor the settings name one. */
  months: number | null
  /** The last day, where the maker said so; it goes before what is computed. */
  until_override: string | null
  /** The last day of an extension by the maker (a value-added service), where there is one. */
  extended_until?: string | null
  today: string
}

/**
 * `until` is the last day in warranty. `why`: what the answer rests on. `from`, `date`, `months`: the rule and the day
 * that it counted from, for the sentence that explains it; null where they had no part in it.
 */
export type Warranty = {
  state: 'in' | 'out' | 'unknown'
  until: string | null
  why: 'given' | 'purchase_date' | 'delivery_date' | 'application_date' | 'extension' | 'no_purchase_date'
    | 'no_delivery_date' | 'no_application_date' | 'no_term' | 'no_warranty'
  from: WarrantyStart | null
  date: string | null
  months: number | null
}

type Dated = Exclude<WarrantyStart, 'none'>

/**
 * Is a machine in warranty today? The last day is the day that the product's rule counts from, moved on by the term;
 * where the month has no such day, its last one (29 February plus 12 months is 28 February). That day itself is still in
 * warranty. An extension counts where it ends later. Pure.
 * Source: S4-077, S3-055, A55; 不详 is an answer (state unknown).
 */
export function warrantyOf(grounds: WarrantyGrounds): Warranty {
  const { until_override: given, extended_until: extended = null, today } = grounds
  const judged = (until: string, rest: Omit<Warranty, 'state' | 'until'>): Warranty =>
    ({ state: today <= until ? 'in' : 'out', until, ...rest })
  if (given !== null) {
    return judged(later(given, extended), { why: extended !== null && extended > given ? 'extension' : 'given',
      from: null, date: null, months: null })
  }
  const computed = byRule(grounds)
  if (extended === null || (computed.until !== null && computed.until >= extended)) return computed
  return judged(extended, { why: 'extension', from: computed.from, date: computed.date, months: computed.months })
}

const later = (one: string, other: string | null): string => (other !== null && other > one ? other : one)

/** By the rule of the product alone. */
function byRule(grounds: WarrantyGrounds): Warranty {
  const { from = 'purchase', months, today } = grounds
  const unknown = (why: Warranty['why'], date: string | null = null): Warranty =>
    ({ state: 'unknown', until: null, why, from: from === 'none' ? null : from, date, months })
  if (from === 'none') return { ...unknown('no_warranty'), state: 'out' }
  const date = grounds[`${from}_date` as `${Dated}_date`] ?? null
  if (date === null) return unknown(`no_${from}_date`)
  if (months === null) return unknown('no_term', date)
  const until = addMonths(date, months)
  return { state: today <= until ? 'in' : 'out', until, why: `${from}_date`, from, date, months }
}

const pad = (value: number, digits: number) => String(value).padStart(digits, '0')

/** The same day some months later, or the last day of that month. */
export function addMonths(date: string, months: number): string {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number]
  const moved = year * 12 + (month - 1) + months
  const lastDay = new Date(Date.UTC(Math.floor(moved / 12), (moved % 12) + 1, 0)).getUTCDate()
  return `${pad(Math.floor(moved / 12), 4)}-${pad((moved % 12) + 1, 2)}-${pad(Math.min(day, lastDay), 2)}`
}
