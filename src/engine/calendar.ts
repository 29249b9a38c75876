import { dateText, dayMs, dayNumber, weekday, zoneSpans } from './time-zone.ts'
import type { ZoneSpan } from './time-zone.ts'

/** Local wall-clock hours, '08:30'..'24:00'; [from, to), from < to. A night shift is written as two. */
export type Hours = readonly [from: string, to: string]

/** One date that differs from its week: hours taken away, then hours added. */
export type CalendarException = {
  close?: 'all' | readonly Hours[]
  open?: readonly Hours[]
  note?: string
  source?: 'statutory' | 'company'
}

/** A company's calendar as its settings store it. */
export type CalendarDoc = {
  name: string
  /** '1' Monday … '7' Sunday; an absent day is closed. */
  week: Readonly<Record<string, readonly Hours[]>>
  /** By date, 'YYYY-MM-DD'. */
  exceptions: Readonly<Record<string, CalendarException>>
  /** Years whose statutory days are loaded; null: the calendar does not follow them. */
  known_years: readonly number[] | null
}

/**
 * A calendar ready for questions: open intervals of one horizon as sorted UTC instants with sums.
 * Made by `compileCalendar`; plain arrays, so it may be shared and kept.
 */
export type Calendar = {
  readonly name: string
  readonly time_zone: string
  /** Questions about instants outside [horizon_from, horizon_to] are answered with null. */
  readonly horizon_from: number
  readonly horizon_to: number
  readonly known_years: readonly number[] | null
  /** Open interval i is [starts[i], ends[i]); an interval never spans two local dates. */
  readonly starts: Float64Array
  readonly ends: Float64Array
  /** Open ms before interval i; one more entry than there are intervals. */
  readonly before: Float64Array
  /** Local day numbers of the dates that open at all, ascending. */
  readonly days: Int32Array
  /** Open ms before the j-th open date; one more entry than there are open dates. */
  readonly day_before: Float64Array
  /** Closing instant of the j-th open date. */
  readonly day_closes: Float64Array
  readonly spans: readonly ZoneSpan[]
  readonly exceptions: ReadonlyMap<number, CalendarException>
}

export const horizonDaysBack = 400
export const horizonDaysAhead = 800
/** Days compiled beyond either end, so that the dates at the edge are whole. */
const spareDays = 2
/** Results nearer than this to a whole ms are that ms: what is left of sums of thirds of a day. */
const snapMs = 1e-3

type Minutes = readonly [from: number, to: number]

/**
 * Compiles a calendar to sorted UTC intervals with sums, for 400 days before `around` to 800 days after.
 *
 * An instant is open when its local wall-clock time lies in the hours of its local date: an hour that the zone skips
 * does not count, one that it repeats counts twice.
 *
 * @param doc       a document that `checkCalendar` found no problem in
 * @param timeZone  IANA name
 * @param around    instant, ms: the present; for the fold of an old record `aroundFor` of clock.ts
 * @throws RangeError for an unknown zone or a malformed document: both are checked before they are stored
 * Source: docs/decisions/0002-service-time.md
 */
export function compileCalendar(doc: CalendarDoc, timeZone: string, around: number): Calendar {
  const near = zoneSpans(timeZone, around, around + 1)[0]
  if (near === undefined) throw new RangeError(`no calendar round the instant ${around}`)
  const today = Math.floor((around + near.offset) / dayMs)
  const first = today - horizonDaysBack
  const end = today + horizonDaysAhead + 1
  const spans = zoneSpans(timeZone, (first - spareDays) * dayMs, (end + spareDays) * dayMs)
  const exceptions = new Map<number, CalendarException>()
  for (const [date, exception] of Object.entries(doc.exceptions)) {
    const day = dayNumber(date)
    if (day === null) throw new RangeError(`no such date: ${date}`)
    exceptions.set(day, exception)
  }
  return {
    name: doc.name,
    time_zone: timeZone,
    horizon_from: startOfDay(spans, first),
    horizon_to: startOfDay(spans, end),
    known_years: doc.known_years,
    ...openIntervals(doc, exceptions, spans),
    spans,
    exceptions,
  }
}

/**
 * Open time in [from, to), ms; 0 when `to` is not after `from`.
 *
 * @returns null when either end lies outside the calendar's horizon
 */
export function openMs(calendar: Calendar, from: number, to: number): number | null {
  if (!covers(calendar, from) || !covers(calendar, to)) return null
  return to <= from ? 0 : openBefore(calendar, to) - openBefore(calendar, from)
}

/**
 * Working days in [from, to): the sum, over the dates, of open time used / open time of that date. A half day counts
 * whole when all of it is used.
 *
 * @returns null when either end lies outside the calendar's horizon
 */
export function workingDays(calendar: Calendar, from: number, to: number): number | null {
  if (!covers(calendar, from) || !covers(calendar, to)) return null
  if (to <= from) return 0
  const a = dayPosition(calendar, openBefore(calendar, from))
  const b = dayPosition(calendar, openBefore(calendar, to))
  // Equal shares of dates of equal length cancel exactly: Monday 15:00 to Thursday 15:00 is 3, not 2.9999.
  return b.index - a.index + (b.used / b.open - a.used / a.open)
}

/**
 * The first instant at which `left` ms of open time have passed since `from`: a limit used up at closing time is due
 * at closing time, not at the next opening.
 *
 * @param left  open time, whole ms; `from` itself is the answer for 0 and less
 * @param from  instant, ms; need not be inside opening hours
 * @returns null when it is not reached inside the horizon, or `from` lies outside it
 * Source: docs/decisions/0002-service-time.md
 */
export function dueAfterMs(left: number, calendar: Calendar, from: number): number | null {
  if (!covers(calendar, from)) return null
  return left <= 0 ? from : instantOf(calendar, openBefore(calendar, from) + Math.ceil(left - snapMs))
}

/**
 * The first instant at which `count` working days have passed since `from`: 3 working days from Monday 15:00 end on
 * Thursday 15:00, whatever lunch breaks, half days and holidays lie between.
 *
 * @param count  working days, may be a fraction; `from` itself is the answer for 0 and less
 * @returns null when it is not reached inside the horizon, or `from` lies outside it
 * Source: docs/decisions/0002-service-time.md
 */
export function dueAfterWorkingDays(count: number, calendar: Calendar, from: number): number | null {
  if (!covers(calendar, from)) return null
  if (count <= 0) return from
  const sum = openBefore(calendar, from)
  const start = dayPosition(calendar, sum)
  const whole = Math.floor(count)
  // Everything in ms of the starting date: products of two such numbers stay below 2^53, so whole days are exact.
  const used = start.used + (count - whole) * start.open
  const carry = used >= start.open ? 1 : 0
  const rest = used - carry * start.open
  const index = start.index + whole + carry
  const closed = calendar.day_before[index]
  if (closed === undefined) return null
  const next = calendar.day_before[index + 1]
  if (next === undefined && rest > 0) return null
  const exact = next === undefined ? 0 : (rest * (next - closed)) / start.open
  const rounded = Math.round(exact)
  const target = closed + (Math.abs(exact - rounded) < snapMs ? rounded : Math.ceil(exact))
  return target <= sum ? from : instantOf(calendar, target)
}

/**
 * Closing instant of the n-th open date after the local date of `from`. For n = 0: of the same date if it is still open
 * or opens later, else of the next open date.
 *
 * @returns null when there is none inside the horizon
 */
export function endOfDay(calendar: Calendar, from: number, n: number): number | null {
  if (!covers(calendar, from)) return null
  const day = dayAt(calendar, from)
  const { days, day_closes } = calendar
  let index = n > 0 ? after(days, day) + n - 1 : after(days, day - 1)
  if (n <= 0 && (day_closes[index] ?? Infinity) <= from) index += 1
  return inside(calendar, day_closes[index])
}

/**
 * The first instant from which exactly `lead` ms of open time remain before `to`: «30 minutes before it is due».
 *
 * @param lead  open time, whole ms; `to` itself is the answer for 0 and less
 * @returns null when the horizon holds less open time before `to`, or `to` lies outside it
 */
export function openMsBefore(lead: number, calendar: Calendar, to: number): number | null {
  if (!covers(calendar, to)) return null
  if (lead <= 0) return to
  const target = openBefore(calendar, to) - Math.ceil(lead - snapMs)
  const first = openBefore(calendar, calendar.horizon_from)
  // Nothing was open before: every instant since the horizon began has the same lead.
  if (target <= first) return target < first ? null : calendar.horizon_from
  return instantOf(calendar, target)
}

/** Is it open at this instant? null outside the horizon. */
export function isOpen(calendar: Calendar, at: number): boolean | null {
  if (!covers(calendar, at)) return null
  const index = after(calendar.starts, at) - 1
  return index >= 0 && at < calendar.ends[index]!
}

/** The first open instant at or after `at` (`at` itself while open); null when there is none inside the horizon. */
export function nextOpening(calendar: Calendar, at: number): number | null {
  const open = isOpen(calendar, at)
  if (open === null || open) return open === null ? null : at
  return inside(calendar, calendar.starts[after(calendar.starts, at)])
}

/** When it closes if it is open at `at`; null when it is closed, or open without an end inside the horizon. */
export function closesAt(calendar: Calendar, at: number): number | null {
  if (isOpen(calendar, at) !== true) return null
  let index = after(calendar.starts, at) - 1
  // Hours that meet at midnight are one opening. Bounded by the number of intervals; a pass over all takes 20 µs.
  while (index + 1 < calendar.starts.length && calendar.starts[index + 1] === calendar.ends[index]) index += 1
  return inside(calendar, calendar.ends[index])
}

/** Local date of an instant inside the horizon, 'YYYY-MM-DD'. */
export function dateAt(calendar: Calendar, at: number): string {
  return dateText(dayAt(calendar, at))
}

/**
 * Years, by local date, that [from, to) touches and whose statutory days are not loaded: a due instant in them may
 * move when they are. [] for a calendar that does not follow statutory days. Looks no further than the horizon.
 */
export function yearsWithoutDays(calendar: Calendar, from: number, to: number): number[] {
  if (calendar.known_years === null) return []
  const yearAt = (at: number) => new Date(dayAt(calendar, at) * dayMs).getUTCFullYear()
  const unknown: number[] = []
  const first = Math.max(from, calendar.horizon_from)
  const last = yearAt(Math.max(first, Math.min(to - 1, calendar.horizon_to)))
  for (let year = yearAt(first); year <= last; year += 1) {
    if (!calendar.known_years.includes(year)) unknown.push(year)
  }
  return unknown
}

/** The local day number of an instant. */
export function dayAt(calendar: Calendar, at: number): number {
  const { spans } = calendar
  const span = spans.find((one) => at < one.to) ?? spans.at(-1)!
  return Math.floor((at + span.offset) / dayMs)
}

/** First instant whose local date is `day` or later. */
export function startOfDay(spans: readonly ZoneSpan[], day: number): number {
  for (const span of spans) {
    const at = Math.max(span.from, day * dayMs - span.offset)
    if (at < span.to) return at
  }
  return spans.at(-1)!.to
}

/** How many entries of a sorted list are not above `value`, by halving. */
export function after(sorted: Float64Array | Int32Array, value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! <= value) low = middle + 1
    else high = middle
  }
  return low
}

/** Can the calendar answer about this instant? */
export function covers(calendar: Calendar, at: number): boolean {
  return at >= calendar.horizon_from && at <= calendar.horizon_to
}

function inside(calendar: Calendar, at: number | undefined): number | null {
  return at === undefined || at > calendar.horizon_to ? null : at
}

/** Open ms from the first interval to `at`. */
function openBefore(calendar: Calendar, at: number): number {
  const index = after(calendar.starts, at) - 1
  if (index < 0) return 0
  return calendar.before[index]! + Math.min(at, calendar.ends[index]!) - calendar.starts[index]!
}

/** The first instant at which `open` ms (> 0, whole) have been open since the first interval. */
function instantOf(calendar: Calendar, open: number): number | null {
  const index = after(calendar.before, open - 1) - 1
  if (index < 0 || index >= calendar.starts.length) return null
  return inside(calendar, calendar.starts[index]! + open - calendar.before[index]!)
}

/** Where an amount of open time ends among the open dates: `used` of the `open` ms of the index-th, used < open. */
function dayPosition(calendar: Calendar, openSum: number): { index: number; used: number; open: number } {
  const index = after(calendar.day_before, openSum) - 1
  const closed = calendar.day_before[index]!
  const next = calendar.day_before[index + 1]
  return next === undefined ? { index, used: 0, open: 1 } : { index, used: openSum - closed, open: next - closed }
}

function openIntervals(doc: CalendarDoc, exceptions: ReadonlyMap<number, CalendarException>,
  spans: readonly ZoneSpan[]) {
  const week = [1, 2, 3, 4, 5, 6, 7].map((day) => merged(minutesOf(doc.week[String(day)])))
  const starts: number[] = []
  const ends: number[] = []
  const before = [0]
  const days: number[] = []
  const dayBefore: number[] = []
  const dayCloses: number[] = []
  let sum = 0
  for (const span of spans) {
    const last = Math.floor((span.to - 1 + span.offset) / dayMs)
    for (let day = Math.floor((span.from + span.offset) / dayMs); day <= last; day += 1) {
      for (const [a, b] of hoursOn(week[weekday(day) - 1]!, exceptions.get(day))) {
        const start = Math.max(span.from, day * dayMs + a * 60_000 - span.offset)
        const end = Math.min(span.to, day * dayMs + b * 60_000 - span.offset)
        if (start >= end) continue
        // A zone that goes back over midnight repeats the end of a date: that hour counts to the date it broke into.
        if (days.length === 0 || day > days.at(-1)!) {
          days.push(day)
          dayBefore.push(sum)
          dayCloses.push(end)
        }
        dayCloses[dayCloses.length - 1] = end
        starts.push(start)
        ends.push(end)
        sum += end - start
        before.push(sum)
      }
    }
  }
  dayBefore.push(sum)
  return {
    starts: Float64Array.from(starts), ends: Float64Array.from(ends), before: Float64Array.from(before),
    days: Int32Array.from(days), day_before: Float64Array.from(dayBefore), day_closes: Float64Array.from(dayCloses),
  }
}

/** Hours of one date, in minutes: those of its week, less what is closed, plus what is opened. */
function hoursOn(week: readonly Minutes[], exception: CalendarException | undefined): readonly Minutes[] {
  if (exception === undefined) return week
  let hours = exception.close === 'all' ? [] : week
  for (const [from, to] of exception.close === 'all' ? [] : minutesOf(exception.close)) {
    hours = hours.flatMap(([a, b]): Minutes[] => [[a, Math.min(b, from)], [Math.max(a, to), b]])
      .filter(([a, b]) => a < b)
  }
  return merged([...hours, ...minutesOf(exception.open)])
}

function merged(hours: readonly Minutes[]): Minutes[] {
  const out: [number, number][] = []
  for (const [from, to] of hours.toSorted((a, b) => a[0] - b[0])) {
    const last = out.at(-1)
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to)
    else out.push([from, to])
  }
  return out
}

function minutesOf(hours: readonly Hours[] | undefined): Minutes[] {
  return (hours ?? []).map(([from, to]): Minutes => {
    const minutes: Minutes = [minuteOf(from) ?? NaN, minuteOf(to) ?? NaN]
    if (!(minutes[0] < minutes[1])) throw new RangeError(`no opening hours: ${from} to ${to}`)
    return minutes
  })
}

/** Minutes since midnight of 'HH:MM' up to '24:00'; null when it is no time. */
export function minuteOf(time: string): number | null {
  return /^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/.test(time)
    ? Number(time.slice(0, 2)) * 60 + Number(time.slice(3)) : null
}
