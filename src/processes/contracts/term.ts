import { addMonths } from '../customers/warranty.ts'

const dayMs = 86_400_000
const daysSince = (from: string, until: string): number => (Date.parse(until) - Date.parse(from)) / dayMs
const plusDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10)

const monthsMost = 1_200

/**
 * A term of whole months: how many, and whether its last day is the one before the day of the month that it began on
 * (1 March to 28 February) or that day itself (29 February to 28 February); null: it is a number of days.
 */
function wholeMonths(from: string, until: string): { months: number; itself: boolean } | null {
  const about = Math.round(daysSince(from, until) / 30.44)
  for (let months = Math.max(1, about - 1); months <= Math.min(about + 1, monthsMost); months += 1) {
    if (addMonths(from, months) === plusDays(until, 1)) return { months, itself: false }
    if (addMonths(from, months) === until) return { months, itself: true }
  }
  return null
}

/**
 * The last day of the nth of equal terms that follow one another, counted from the first one and not from the one before:
 * what a short month takes away is not lost for the terms after it (31 January, 28 February, 31 March). Pure.
 *
 * @param from  the first day of the first term, 'YYYY-MM-DD'
 * @param until its last day, included, not before `from`
 * @param nth   1 is the first term itself
 * Source: docs/decisions/0084-renewal-by-itself.md
 */
export function termEnd(from: string, until: string, nth: number): string {
  const whole = wholeMonths(from, until)
  if (whole === null) return plusDays(until, (daysSince(from, until) + 1) * (nth - 1))
  const day = addMonths(from, whole.months * nth)
  return whole.itself ? day : plusDays(day, -1)
}
