/** What a machine's warranty follows from. Dates as 'YYYY-MM-DD' in company time. */
export type WarrantyGrounds = {
  purchase_date: string | null
  /** Term of the product, in months; null: the settings name none. */
  months: number | null
  /** The last day, where somebody knows it from the maker; it goes before what is computed. */
  until_override: string | null
  today: string
}

/** `until` is the last day in warranty. `why`: what the answer rests on. */
export type Warranty = {
  state: 'in' | 'out' | 'unknown'
  until: string | null
  why: 'given' | 'purchase_date' | 'no_purchase_date' | 'no_term'
}

/**
 * Is a machine in warranty today? The last day is the day of purchase moved on by the term; where the month has no such
 * day, its last one (29 February plus 12 months is 28 February). That day itself is still in warranty. Pure.
 * Source: S4-077; 不详 is an answer (state unknown).
 */
export function warrantyOf({ purchase_date, months, until_override, today }: WarrantyGrounds): Warranty {
  const judge = (until: string, why: Warranty['why']): Warranty =>
    ({ state: today <= until ? 'in' : 'out', until, why })
  if (until_override !== null) return judge(until_override, 'given')
  if (purchase_date === null) return { state: 'unknown', until: null, why: 'no_purchase_date' }
  if (months === null) return { state: 'unknown', until: null, why: 'no_term' }
  return judge(addMonths(purchase_date, months), 'purchase_date')
}

const pad = (value: number, digits: number) => String(value).padStart(digits, '0')

/** The same day some months later, or the last day of that month. */
export function addMonths(date: string, months: number): string {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number]
  const moved = year * 12 + (month - 1) + months
  const lastDay = new Date(Date.UTC(Math.floor(moved / 12), (moved % 12) + 1, 0)).getUTCDate()
  return `${pad(Math.floor(moved / 12), 4)}-${pad((moved % 12) + 1, 2)}-${pad(Math.min(day, lastDay), 2)}`
}
