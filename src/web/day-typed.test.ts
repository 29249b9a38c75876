import { expect, test } from 'vitest'
import { dayTyped } from './day-typed.ts'

const today = '2026-11-28'
const day = (text: string) => dayTyped(text, today)

test('a day is typed as people write it; without a year it is the nearest', () => {
  for (const said of ['12-5', '12/5', '12.5', '12月5日', '1205', '2026-12-5', '2026/12/05',
    '26-12-5', '20261205', '2026年12月5日 周六', '5 Dec', 'Sat 5 Dec 2026',
    ' 12-05 ', '+7']) expect(day(said), said).toBe('2026-12-05')
  expect(day('今天')).toBe(today)
  expect(day('明天')).toBe('2026-11-29')
  expect(day('yesterday')).toBe('2026-11-27')
  expect(day('1-5')).toBe('2027-01-05')
  expect(dayTyped('12-30', '2027-01-03')).toBe('2026-12-30')
  expect(day('2-29')).toBeNull()
  expect(dayTyped('2-29', '2028-01-05')).toBe('2028-02-29')
})

test('what is no day, or not yet one, is none', () => {
  for (const said of ['', '1', '12', '12-', '13-1', '2026', '2026-', '2026-2-30', '32 Dec', '5 Foo', '五号']) {
    expect(day(said), said).toBeNull()
  }
})
