import fc from 'fast-check'
import type { CalendarDoc, CalendarException, Hours } from '../src/engine/calendar.ts'
import { statutoryExceptions } from '../src/engine/statutory.ts'

/** Calendars for tests: the usual one of the examples, random ones, and a count minute by minute to compare with. */

export const minute = 60_000
export const hour = 60 * minute

/** An instant of Shanghai's wall clock: '2026-11-23 15:00' or with seconds. */
export function shanghai(text: string): number {
  return Date.parse(`${text.replace(' ', 'T')}+08:00`)
}

/** An instant as Shanghai's wall clock shows it, for readable failures. */
export function inShanghai(at: number | null): string | null {
  return at === null ? null : new Date(at + 8 * hour).toISOString().slice(0, 16).replace('T', ' ')
}

export const officeHours: readonly Hours[] = [['08:30', '12:00'], ['13:30', '18:00']]

/** Monday to Friday, lunch from 12:00 to 13:30, statutory days of 2026. Eight hours a day. */
export const office: CalendarDoc = {
  name: '工作日',
  week: Object.fromEntries(['1', '2', '3', '4', '5'].map((day) => [day, officeHours])),
  exceptions: statutoryExceptions(2026, officeHours) ?? {},
  known_years: [2026],
}

/** Open 8 to 18, seven days: a hotline. */
export const hotline: CalendarDoc = {
  name: '热线', exceptions: {}, known_years: null,
  week: Object.fromEntries(['1', '2', '3', '4', '5', '6', '7'].map((day) => [day, [['08:00', '18:00']] as Hours[]])),
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** Is this minute open, by the wall clock that the zone shows? Written without the engine, from the text alone. */
export function minuteIsOpen(doc: CalendarDoc, zone: string, at: number): boolean {
  const [date, time] = wallClock(zone, at)
  const within = (hours: readonly Hours[] | undefined) => (hours ?? []).some(([from, to]) => from <= time && time < to)
  const exception = doc.exceptions[date]
  if (within(exception?.open)) return true
  if (exception?.close === 'all' || (exception?.close && within(exception.close))) return false
  return within(doc.week[String(new Date(`${date}T00:00:00Z`).getUTCDay() || 7)])
}

/** Local date and time, ['2026-11-23', '15:00']. */
export function wallClock(zone: string, at: number): [date: string, time: string] {
  let format = formats.get(zone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' })
    formats.set(zone, format)
  }
  return format.format(at).split(' ') as [string, string]
}

/** Turning points that calendars are tried at: zone, and an instant near which something is odd. */
const places: readonly [zone: string, about: string][] = [
  ['Asia/Shanghai', '2026-02-13T08:00Z'], ['Asia/Shanghai', '2026-12-30T08:00Z'],
  ['Asia/Shanghai', '2028-02-28T08:00Z'],
  ['America/New_York', '2026-03-07T12:00Z'], ['America/New_York', '2026-10-31T12:00Z'],
  ['Europe/Berlin', '2026-03-28T12:00Z'], ['Europe/Berlin', '2026-10-24T12:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T00:00Z'], ['Australia/Lord_Howe', '2026-10-03T00:00Z'],
  ['Africa/Cairo', '2026-04-23T12:00Z'], ['Africa/Cairo', '2026-10-29T12:00Z'], ['America/Havana', '2026-10-31T12:00Z'],
  ['Asia/Kolkata', '2026-06-30T12:00Z'], ['Pacific/Apia', '2011-12-29T00:00Z'],
  ['America/St_Johns', '2010-11-06T12:00Z'],
]

const timeText = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

const someMinute = fc.oneof(
  fc.constantFrom(0, 60, 90, 120, 510, 720, 810, 1080, 1380, 1439, 1440), fc.integer({ min: 0, max: 1440 }))

const someHours: fc.Arbitrary<Hours> = fc.uniqueArray(someMinute, { minLength: 2, maxLength: 2 })
  .map((pair) => pair.toSorted((a, b) => a - b).map(timeText) as unknown as Hours)

const listOfHours = fc.oneof(
  fc.constant(officeHours), fc.constant([] as Hours[]), fc.constant([['00:00', '24:00']] as Hours[]),
  fc.array(someHours, { maxLength: 3 }))

const someException: fc.Arbitrary<CalendarException> = fc.record({
  close: fc.oneof(fc.constant('all' as const), fc.array(someHours, { maxLength: 2 })),
  open: fc.array(someHours, { maxLength: 2 }), note: fc.constant('临时'),
}, { requiredKeys: [] })

export type Situation = { doc: CalendarDoc; zone: string; about: number }

/** A random calendar at a random turning point, with exceptions on the dates near it. */
export const situations: fc.Arbitrary<Situation> = fc.constantFrom(...places).chain(([zone, text]) => {
  const about = Date.parse(text)
  const dates = [-1, 0, 1, 2, 3, 4].map((days) => new Date(about + days * 24 * hour).toISOString().slice(0, 10))
  return fc.record({
    doc: fc.record({
      name: fc.constant('随机'),
      week: fc.oneof(fc.constant(office.week), fc.dictionary(fc.constantFrom('1', '2', '3', '4', '5', '6', '7'),
        listOfHours)),
      exceptions: fc.oneof(fc.constant(office.exceptions),
        fc.dictionary(fc.constantFrom(...dates), someException, { maxKeys: 4 })),
      known_years: fc.constantFrom(null, [2026]),
    }),
    zone: fc.constant(zone), about: fc.constant(about),
  })
})
