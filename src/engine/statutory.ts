import chineseDays from 'chinese-days'
import type { CalendarException, Hours } from './calendar.ts'
import { dateText, dayMs, weekday } from './time-zone.ts'

/** Hours of a make-up working day when a company names none. */
const usualHours: readonly Hours[] = [['09:00', '12:00'], ['13:00', '18:00']]

/**
 * The statutory days of mainland China in one year as exceptions of a calendar, by date: holidays close the whole day;
 * weekend days worked in exchange (调休) open.
 *
 * A seed for a company's own calendar, which it may edit; no clock asks this library.
 *
 * @param year         calendar year
 * @param makeUpHours  hours of a make-up day: those of the company's Monday
 * @returns null for a year that was not published when the library was made (2027, in its version 1.5.7): it answers
 *          «working day» without an error there
 */
export function statutoryExceptions(year: number, makeUpHours: readonly Hours[] = usualHours):
Record<string, CalendarException> | null {
  if (!isPublished(year)) return null
  const exceptions: Record<string, CalendarException> = {}
  for (let day = Date.UTC(year, 0, 1) / dayMs; day < Date.UTC(year + 1, 0, 1) / dayMs; day += 1) {
    const date = dateText(day)
    // Always the text: a Date would be read in the time zone of the server.
    const { work, name } = chineseDays.getDayDetail(date)
    const festival = festivalOf(name)
    if (festival === null) continue
    if (!work) exceptions[date] = { close: 'all', note: festival, source: 'statutory' }
    else if (weekday(day) >= 6) exceptions[date] = { open: makeUpHours, note: `${festival}调休`, source: 'statutory' }
  }
  return exceptions
}

/** The years in [from, to] whose statutory days are known: what `known_years` of a new calendar holds. */
export function publishedYears(from: number, to: number): number[] {
  const years: number[] = []
  for (let year = from; year <= to; year += 1) if (isPublished(year)) years.push(year)
  return years
}

/** Both ends of the year name their festival: one alone may be the edge of a neighbouring year's notice. */
function isPublished(year: number): boolean {
  if (!Number.isInteger(year) || year < 1970 || year > 9999) return false
  return ['01-01', '10-01'].every((date) => festivalOf(chineseDays.getDayDetail(`${year}-${date}`).name) !== null)
}

/** The Chinese name in «Spring Festival,春节,4»; null for «Friday», an ordinary day. */
function festivalOf(name: string): string | null {
  return name.split(',')[1] ?? null
}
