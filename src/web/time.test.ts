import { expect, test } from 'vitest'
import { webWords } from '../words/web.ts'
import { dueWords, fromWall, spanWords, toWall, whenWords } from './time.ts'

const speech = { say: webWords('zh'), language: 'zh', zone: 'Asia/Shanghai' } as const
const at = (text: string): number => Date.parse(`${text}+08:00`)
const now = at('2026-11-21T12:00:00')

test('a due instant is said as people say it', () => {
  expect(dueWords(at('2026-11-21T14:20:00'), now, speech)).toEqual({ tone: 'running', text: '今天 14:20' })
  expect(dueWords(at('2026-11-21T13:12:00'), now, speech)).toEqual({ tone: 'soon', text: '还剩 1 小时 12 分' })
  expect(dueWords(at('2026-11-21T11:37:00'), now, speech)).toEqual({ tone: 'late', text: '超时 23 分' })
  expect(dueWords(at('2026-11-22T09:30:00'), now, speech).text).toBe('明天 09:30')
  expect(dueWords(at('2026-11-25T09:30:00'), now, speech).text).toBe('周三 09:30')
})

test('the warning of a clock decides what is soon, where it is known', () => {
  const due = at('2026-11-21T18:00:00')
  expect(dueWords(due, now, speech, at('2026-11-21T11:00:00')).tone).toBe('soon')
  expect(dueWords(due, now, speech, at('2026-11-21T17:00:00')).tone).toBe('running')
})

test('a date of another year says its year', () => {
  expect(whenWords(at('2027-01-03T08:00:00'), now, speech)).toBe('2027年1月3日 08:00')
  expect(whenWords(at('2026-12-31T23:59:00'), now, speech)).toBe('12月31日 23:59')
})

test('a span has two units at most', () => {
  expect(spanWords(59_000, speech)).toBe('不到 1 分')
  expect(spanWords(60 * 60_000, speech)).toBe('1 小时')
  expect(spanWords(((2 * 24 + 3) * 60 + 5) * 60_000, speech)).toBe('2 天 3 小时')
})

test('the wall of a zone and its instants are each other’s image, also where clocks are turned', () => {
  for (const zone of ['Asia/Shanghai', 'Europe/Berlin', 'America/New_York']) {
    for (const iso of ['2026-03-29T05:30:00.000Z', '2026-10-25T09:15:00.000Z', '2026-07-01T00:00:00.000Z']) {
      expect(fromWall(toWall(Date.parse(iso), zone), zone)).toBe(iso)
    }
  }
})
