import { describe, expect, test } from 'vitest'
import { termEnd } from './term.ts'

const ends = (from: string, until: string, terms: number) =>
  Array.from({ length: terms }, (_one, index) => termEnd(from, until, index + 1))

describe('equal terms one after the other', () => {
  test('the first one is as it was agreed', () => {
    for (const [from, until] of [['2026-01-01', '2026-12-31'], ['2024-02-29', '2025-02-27'], ['2026-05-04', '2026-05-04']]) {
      expect(termEnd(from!, until!, 1)).toBe(until)
    }
  })

  test('a year is a year, leap or not', () => {
    expect(ends('2026-01-01', '2026-12-31', 3)).toEqual(['2026-12-31', '2027-12-31', '2028-12-31'])
    expect(ends('2026-03-01', '2027-02-28', 3)).toEqual(['2027-02-28', '2028-02-29', '2029-02-28'])
  })

  test('begun on 29 February: the day before, or the day itself, and in a leap year the 29th again', () => {
    expect(ends('2024-02-29', '2025-02-27', 5)).toEqual(['2025-02-27', '2026-02-27', '2027-02-27', '2028-02-28', '2029-02-27'])
    expect(ends('2024-02-29', '2025-02-28', 4)).toEqual(['2025-02-28', '2026-02-28', '2027-02-28', '2028-02-29'])
  })

  test('ended on 29 February it ends with February', () => {
    expect(ends('2023-03-01', '2024-02-29', 3)).toEqual(['2024-02-29', '2025-02-28', '2026-02-28'])
  })

  test('from month end to month end nothing is lost after a short month', () => {
    expect(ends('2026-01-31', '2026-02-28', 4)).toEqual(['2026-02-28', '2026-03-31', '2026-04-30', '2026-05-31'])
    expect(ends('2026-01-31', '2026-02-27', 3)).toEqual(['2026-02-27', '2026-03-30', '2026-04-29'])
    expect(ends('2026-08-31', '2027-02-27', 3)).toEqual(['2027-02-27', '2027-08-30', '2028-02-28'])
  })

  test('quarters and half years, and a year that is written with the same day twice', () => {
    expect(ends('2025-11-15', '2026-02-14', 3)).toEqual(['2026-02-14', '2026-05-14', '2026-08-14'])
    expect(ends('2026-06-10', '2027-06-10', 2)).toEqual(['2027-06-10', '2028-06-10'])
  })

  test('any other stretch is so many days', () => {
    expect(ends('2026-01-01', '2026-01-10', 3)).toEqual(['2026-01-10', '2026-01-20', '2026-01-30'])
    expect(ends('2026-05-04', '2026-05-04', 3)).toEqual(['2026-05-04', '2026-05-05', '2026-05-06'])
  })

  test('one never ends before the one before it, whatever the first was', () => {
    for (const from of ['2023-12-30', '2024-01-31', '2024-02-29', '2025-12-31']) {
      for (let days = 0; days < 800; days += 1) {
        const until = new Date(Date.parse(from) + days * 86_400_000).toISOString().slice(0, 10)
        const all = ends(from, until, 4)
        expect([...all].sort()).toEqual(all)
        expect(new Set(all).size).toBe(4)
        expect(all[0]).toBe(until)
      }
    }
  })
})
