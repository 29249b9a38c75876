import { type Calendar, covers, minuteOf } from './calendar.ts'
import { dateText, dayMs, localDay, weekday, zoneSpans } from './time-zone.ts'

/**
 * When something repeated is due, in company time. `weekday` 1 Monday … 7 Sunday; `day` of the month, negative counted
 * from its end; neither: every day.
 */
export type Timetable = { time: string; weekday?: number; day?: number; calendar?: string }

/** One firing: its instant, ms, and the local date that it stands for ('YYYY-MM-DD'), the same however it moves. */
export type Firing = { at: number; period: string }

/** Further ahead nothing is looked for: a 53rd Friday that is open must be found, an empty calendar must end. */
const daysMost = 800

/**
 * The first firing after an instant.
 *
 * A day that a month does not have is its last one (31 in February: the 28th or 29th). With a calendar, only dates on
 * which it opens: daily and weekly firings on other dates fall out; monthly ones move to the next open date, those
 * counted from the month's end to the one before, and still stand for their own date. An hour that the zone skips fires
 * when it is over, one that it repeats fires once.
 *
 * @param calendar null: every date
 * @param after    instant, ms
 * @returns null when there is none within 800 days, or beyond what the calendar knows
 * Source: decisions on schedules and on the time zone
 */
export function nextFiring(timetable: Timetable, timeZone: string, calendar: Calendar | null, after: number):
  Firing | null {
  const minute = minuteOf(timetable.time)
  if (minute === null) return null
  const today = localDay(timeZone, after)
  let best: Firing | null = null
  // A firing moved by its calendar may come from an earlier date: begin a month back, and look on for a month.
  const reach = timetable.day === undefined || !calendar ? 1 : 31
  for (let day = today - reach; day <= today + daysMost; day += 1) {
    if (best !== null && day > localDay(timeZone, best.at) + reach) break
    if (!named(timetable, day)) continue
    const open = calendar ? openDate(timetable, calendar, day) : day
    if (open === null) continue
    const at = instantAt(timeZone, open, minute)
    if (at > after && (best === null || at < best.at) && (!calendar || covers(calendar, at))) {
      best = { at, period: dateText(day) }
    }
  }
  return best
}

/** All firings in (from, to], at most `most`, oldest first. */
export function firingsBetween(timetable: Timetable, timeZone: string, calendar: Calendar | null, from: number,
  to: number, most: number): Firing[] {
  const firings: Firing[] = []
  let next = nextFiring(timetable, timeZone, calendar, from)
  while (next !== null && next.at <= to && firings.length < most) {
    firings.push(next)
    next = nextFiring(timetable, timeZone, calendar, next.at)
  }
  return firings
}

/** Does the timetable name this date, whatever is open? */
function named(timetable: Timetable, day: number): boolean {
  if (timetable.weekday !== undefined && weekday(day) !== timetable.weekday) return false
  if (timetable.day === undefined) return true
  const date = new Date(day * dayMs)
  const length = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  const wanted = timetable.day < 0 ? Math.max(length + 1 + timetable.day, 1) : Math.min(timetable.day, length)
  return date.getUTCDate() === wanted
}

/** The date on which a firing of `day` takes place; null: not at all. */
function openDate(timetable: Timetable, calendar: Calendar, day: number): number | null {
  const { days } = calendar
  const open = (one: number) => days.includes(one)
  if (open(day)) return day
  if (timetable.day === undefined || timetable.weekday !== undefined) return null
  const step = timetable.day < 0 ? -1 : 1
  for (let one = day + step; Math.abs(one - day) <= 31; one += step) if (open(one)) return one
  return null
}

/** The first instant at which the local clock shows this date and minute, or has passed over it. */
function instantAt(timeZone: string, day: number, minute: number): number {
  const wall = day * dayMs + minute * 60_000
  for (const span of zoneSpans(timeZone, wall - 2 * dayMs, wall + 2 * dayMs)) {
    const at = Math.max(wall - span.offset, span.from)
    if (at < span.to) return at
  }
  throw new RangeError(`the zone ${timeZone} has no ${dateText(day)}`)
}
