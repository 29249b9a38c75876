import { describe, expect, test } from 'vitest'
import { officeCalendar } from '../regulations/base.ts'
import { type Calendar, compileCalendar } from './calendar.ts'
import { type Timetable, firingsBetween, nextFiring } from './schedule.ts'

const shanghai = 'Asia/Shanghai'
const at = (local: string) => Date.parse(`${local}+08:00`)
const office = (around: string): Calendar => compileCalendar(officeCalendar('办公'), shanghai, at(around))
const local = (timetable: Timetable, after: string, calendar: Calendar | null = null) => {
  const firing = nextFiring(timetable, shanghai, calendar, at(after))
  return firing && `${new Date(firing.at + 8 * 3_600_000).toISOString().slice(0, 16)} for ${firing.period}`
}

describe('a schedule fires', () => {
  test('each day at its time, strictly after the instant', () => {
    expect(local({ time: '08:30' }, '2026-11-23T08:29:59')).toBe('2026-11-23T08:30 for 2026-11-23')
    expect(local({ time: '08:30' }, '2026-11-23T08:30:00')).toBe('2026-11-24T08:30 for 2026-11-24')
    expect(local({ time: '23:59' }, '2026-12-31T23:59:00')).toBe('2027-01-01T23:59 for 2027-01-01')
  })

  test('each Friday; a holiday falls out, a make-up Saturday is no Friday', () => {
    expect(local({ time: '15:00', weekday: 5 }, '2026-11-23T00:00:00')).toBe('2026-11-27T15:00 for 2026-11-27')
    // 2 October 2026 is a Friday inside the National Day holiday.
    const calendar = office('2026-09-30T00:00:00')
    expect(local({ time: '15:00', weekday: 5, calendar: 'office' }, '2026-09-30T00:00:00', calendar))
      .toBe('2026-10-09T15:00 for 2026-10-09')
  })

  test('each open morning: make-up days yes, holidays no', () => {
    const calendar = office('2026-10-01T00:00:00')
    // 10 October 2026, a Saturday, makes up for the holiday.
    expect(local({ time: '09:00', calendar: 'office' }, '2026-10-09T12:00:00', calendar))
      .toBe('2026-10-10T09:00 for 2026-10-10')
    expect(local({ time: '09:00', calendar: 'office' }, '2026-09-30T12:00:00', calendar))
      .toBe('2026-10-08T09:00 for 2026-10-08')
  })

  test('on a day of the month, also where the month is too short', () => {
    expect(local({ time: '10:00', day: 3 }, '2026-11-23T00:00:00')).toBe('2026-12-03T10:00 for 2026-12-03')
    expect(local({ time: '10:00', day: 31 }, '2026-02-01T00:00:00')).toBe('2026-02-28T10:00 for 2026-02-28')
    expect(local({ time: '10:00', day: 29 }, '2028-02-01T00:00:00')).toBe('2028-02-29T10:00 for 2028-02-29')
    expect(local({ time: '10:00', day: -1 }, '2028-02-10T00:00:00')).toBe('2028-02-29T10:00 for 2028-02-29')
    expect(local({ time: '10:00', day: -1 }, '2026-12-31T09:59:00')).toBe('2026-12-31T10:00 for 2026-12-31')
  })

  test('a monthly duty on a closed date moves to the next open one, from the end to the one before', () => {
    const calendar = office('2026-10-01T00:00:00')
    expect(local({ time: '10:00', day: 3, calendar: 'office' }, '2026-10-01T00:00:00', calendar))
      .toBe('2026-10-08T10:00 for 2026-10-03')
    expect(local({ time: '10:00', day: -1, calendar: 'office' }, '2026-10-12T00:00:00', calendar))
      .toBe('2026-10-30T10:00 for 2026-10-31')
    expect(local({ time: '10:00', day: 3, calendar: 'office' }, '2026-10-08T10:00:00', calendar))
      .toBe('2026-11-03T10:00 for 2026-11-03')
  })

  test('an hour that is skipped fires after it, one that is repeated fires once', () => {
    const newYork = (after: string) => {
      const firing = nextFiring({ time: '02:30' }, 'America/New_York', null, Date.parse(after))
      return new Date(firing!.at).toISOString()
    }
    expect(newYork('2026-03-08T05:00:00Z')).toBe('2026-03-08T07:00:00.000Z')
    expect(newYork('2026-03-08T07:00:00Z')).toBe('2026-03-09T06:30:00.000Z')
    const repeated = firingsBetween({ time: '01:30' }, 'America/New_York', null, Date.parse('2026-11-01T04:00:00Z'),
      Date.parse('2026-11-02T05:00:00Z'), 10)
    expect(repeated.map((one) => new Date(one.at).toISOString())).toEqual(['2026-11-01T05:30:00.000Z'])
  })

  test('never twice and never back, day after day for a year', () => {
    for (const timetable of [{ time: '00:00' }, { time: '23:59', weekday: 7 }, { time: '12:00', day: 30 },
      { time: '12:00', day: -2, calendar: 'office' }] as Timetable[]) {
      const calendar = timetable.calendar ? office('2026-06-01T00:00:00') : null
      const year = firingsBetween(timetable, shanghai, calendar, at('2026-01-01T00:00:00'),
        at('2027-01-01T00:00:00'), 500)
      expect(new Set(year.map(({ period }) => period)).size).toBe(year.length)
      expect(year.every((one, index) => index === 0 || one.at > year[index - 1]!.at)).toBe(true)
      expect(year.length).toBe(timetable.weekday ? 52 : timetable.day ? 12 : 365)
    }
  })

  test('never when its calendar never opens, and not for a time that is none', () => {
    const closed = compileCalendar({ name: '关', week: {}, exceptions: {}, known_years: null }, shanghai,
      at('2026-11-23T00:00:00'))
    expect(local({ time: '08:00', calendar: 'closed' }, '2026-11-23T00:00:00', closed)).toBeNull()
    expect(local({ time: '8 Uhr' }, '2026-11-23T00:00:00')).toBeNull()
  })
})
