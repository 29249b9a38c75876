import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Situation, hotline, hour, inShanghai, minute, minuteIsOpen, office, officeHours, shanghai, situations,
  wallClock } from '../../test/calendars.ts'
import { checkCalendar } from './calendar-check.ts'
import { type Calendar, type CalendarDoc, closesAt, compileCalendar, dateAt, dueAfterMs, dueAfterWorkingDays, endOfDay,
  isOpen, nextOpening, openMs, openMsBefore, workingDays, yearsWithoutDays } from './calendar.ts'
import { publishedYears, statutoryExceptions } from './statutory.ts'

const zone = 'Asia/Shanghai'
const compiled = (doc: CalendarDoc, around = shanghai('2026-06-15 12:00')) => compileCalendar(doc, zone, around)
const at2026 = compiled(office)

/** A calendar with two instants round its turning point, some days apart. */
const spans = (days: number) => fc.tuple(situations, fc.integer({ min: -24 * 60, max: 48 * 60 }),
  fc.integer({ min: 0, max: days * 24 * 60 }))
  .map(([situation, start, length]) => {
    const from = situation.about + start * minute
    return { ...situation, from, to: from + length * minute, calendar: compile(situation) }
  })

function compile({ doc, zone: place, about }: Situation): Calendar {
  return compileCalendar(doc, place, about)
}

function countMinutes({ doc, zone: place }: Situation, from: number, to: number): number {
  let open = 0
  for (let at = from; at < to; at += minute) if (minuteIsOpen(doc, place, at)) open += 1
  return open
}

describe('营业时间', () => {
  test('与逐分钟计数一致', () => {
    fc.assert(fc.property(spans(5), (one) => {
      expect(openMs(one.calendar, one.from, one.to)).toBe(countMinutes(one, one.from, one.to) * minute)
    }), { numRuns: 80 })
  })

  test('分两段相加等于整段', () => {
    fc.assert(fc.property(spans(300), fc.double({ min: 0, max: 1, noNaN: true }), ({ calendar, from, to }, part) => {
      const middle = Math.round(from + (to - from) * part)
      expect(openMs(calendar, from, middle)! + openMs(calendar, middle, to)!).toBe(openMs(calendar, from, to))
      expect(workingDays(calendar, from, middle)! + workingDays(calendar, middle, to)!)
        .toBeCloseTo(workingDays(calendar, from, to)!, 9)
    }))
  })

  test('开门、关门的时刻与逐分钟看到的一致', () => {
    fc.assert(fc.property(spans(1), ({ calendar, doc, zone: place, from }) => {
      const open = minuteIsOpen(doc, place, from)
      expect(isOpen(calendar, from)).toBe(open)
      const change = open ? closesAt(calendar, from) : nextOpening(calendar, from)
      const seen = Math.min(change ?? Infinity, from + 4 * 24 * hour)
      for (let at = from; at < seen; at += minute) expect(minuteIsOpen(doc, place, at)).toBe(open)
      if (change !== null) expect(minuteIsOpen(doc, place, change)).toBe(!open)
      expect(open ? nextOpening(calendar, from) : closesAt(calendar, from)).toBe(open ? from : null)
    }), { numRuns: 60 })
  })

  test('范围以外回答 null，不猜', () => {
    const now = shanghai('2026-06-15 12:00')
    const early = now - 402 * 24 * hour
    const far = now + 802 * 24 * hour
    for (const at of [early, far]) {
      expect(openMs(at2026, Math.min(at, now), Math.max(at, now))).toBeNull()
      expect([isOpen(at2026, at), nextOpening(at2026, at), endOfDay(at2026, at, 0), dueAfterMs(1, at2026, at),
        dueAfterWorkingDays(1, at2026, at)]).toEqual([null, null, null, null, null])
    }
    expect(dueAfterMs(10_000 * hour, at2026, now)).toBeNull()
    expect(dueAfterWorkingDays(1000, at2026, now)).toBeNull()
    expect(openMs(at2026, now - 399 * 24 * hour, now + 799 * 24 * hour)).toBeGreaterThan(0)
  })

  test('从不开门的日历：没有到期时刻，也不出错', () => {
    const never = compiled({ ...office, week: {}, exceptions: {} })
    const now = shanghai('2026-06-15 12:00')
    expect([openMs(never, now, now + hour), workingDays(never, now, now + hour)]).toEqual([0, 0])
    expect([dueAfterMs(1, never, now), dueAfterWorkingDays(0.5, never, now), endOfDay(never, now, 0),
      nextOpening(never, now), openMsBefore(1, never, now)]).toEqual([null, null, null, null, null])
    expect(dueAfterMs(0, never, now)).toBe(now)
  })
})

describe('到期时刻', () => {
  test('与逐分钟走表一致', () => {
    fc.assert(fc.property(spans(1), fc.integer({ min: 1, max: 1500 }), (one, minutes) => {
      const { calendar, doc, zone: place, from } = one
      let left = minutes
      let at = from
      const end = from + 6 * 24 * hour
      while (left > 0 && at < end) {
        if (minuteIsOpen(doc, place, at)) left -= 1
        at += minute
      }
      const due = dueAfterMs(minutes * minute, calendar, from)
      if (left === 0) expect(due).toBe(at)
      else expect(due ?? Infinity).toBeGreaterThan(end)
    }), { numRuns: 80 })
  })

  test('到期时恰好用完，早一毫秒还没有用完；倒推也回到同一余量', () => {
    fc.assert(fc.property(spans(1), fc.integer({ min: 1, max: 400 * hour }), ({ calendar, from }, left) => {
      const due = dueAfterMs(left, calendar, from)
      if (due === null) return
      expect(openMs(calendar, from, due)).toBe(left)
      expect(openMs(calendar, from, due - 1)).toBe(left - 1)
      const back = openMsBefore(left, calendar, due)!
      expect(openMs(calendar, back, due)).toBe(left)
      if (back > calendar.horizon_from) expect(openMs(calendar, back - 1, due)).toBe(left + 1)
    }), { numRuns: 300 })
  })

  test('起点越晚、期限越长，到期越晚', () => {
    fc.assert(fc.property(spans(20), fc.nat(200 * hour), fc.nat(200 * hour), fc.double({ min: 0, max: 9, noNaN: true }),
      fc.double({ min: 0, max: 9, noNaN: true }), ({ calendar, from, to }, a, b, m, n) => {
        const [short, long, few, many] = [Math.min(a, b), Math.max(a, b), Math.min(m, n), Math.max(m, n)]
        const late = (at: number | null) => at ?? Infinity
        expect(late(dueAfterMs(short, calendar, from))).toBeLessThanOrEqual(late(dueAfterMs(long, calendar, from)))
        expect(late(dueAfterMs(short, calendar, from))).toBeLessThanOrEqual(late(dueAfterMs(short, calendar, to)))
        const days = (count: number, at: number) => late(dueAfterWorkingDays(count, calendar, at))
        expect(days(few, from)).toBeLessThanOrEqual(days(many, from))
        expect(days(few, from)).toBeLessThanOrEqual(days(few, to))
        expect(late(endOfDay(calendar, from, 1))).toBeLessThanOrEqual(late(endOfDay(calendar, to, 1)))
      }))
  })
})

describe('工作日', () => {
  test('等于各日已用营业时间占当日营业时间的份额之和（逐分钟计数）', () => {
    const steady = spans(4).filter(({ zone: place }) => place !== 'America/St_Johns')
    fc.assert(fc.property(steady, (one) => {
      const used = new Map<string, number>()
      const all = new Map<string, number>()
      for (let at = one.from - 26 * hour; at < one.to + 26 * hour; at += minute) {
        if (!minuteIsOpen(one.doc, one.zone, at)) continue
        const [date] = wallClock(one.zone, at)
        all.set(date, (all.get(date) ?? 0) + 1)
        if (at >= one.from && at < one.to) used.set(date, (used.get(date) ?? 0) + 1)
      }
      let days = 0
      for (const [date, minutes] of used) days += minutes / all.get(date)!
      expect(workingDays(one.calendar, one.from, one.to)).toBeCloseTo(days, 9)
    }), { numRuns: 50 })
  })

  test('到期时恰好用完所给的工作日，早一毫秒还没有', () => {
    const counts = fc.oneof(fc.integer({ min: 1, max: 60 }), fc.constantFrom(0.5, 1 / 3, 2.4, 0.1 + 0.2))
    fc.assert(fc.property(spans(3), fc.nat(59_999), counts, ({ calendar, from }, ms, count) => {
      const due = dueAfterWorkingDays(count, calendar, from + ms)
      if (due === null) return
      // One ms of a short date is a large share of it: what a result rounded up to whole ms may be over.
      const shortest = Math.min(...calendar.day_before.slice(1).map((sum, index) => sum - calendar.day_before[index]!))
      expect(workingDays(calendar, from + ms, due)!).toBeGreaterThanOrEqual(count - 1e-9)
      expect(workingDays(calendar, from + ms, due)!).toBeLessThanOrEqual(count + 1 / shortest + 1e-9)
      expect(workingDays(calendar, from + ms, due - 1)!).toBeLessThan(count)
    }))
  })

  test('整数个工作日：同样长的日子，到期在同一钟点，分毫不差', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 8 * hour - 1 }), fc.integer({ min: 1, max: 200 }), (ms, days) => {
      const start = dueAfterMs(ms, at2026, shanghai('2026-03-02 08:30'))!
      const due = dueAfterWorkingDays(days, at2026, start)!
      expect(workingDays(at2026, start, due)).toBe(days)
      if (ms > 0) expect(wallClock(zone, due)[1]).toBe(wallClock(zone, start)[1])
      expect(due % 1000).toBe(start % 1000)
    }))
  })

  test('周一 15:00 起三个工作日，周四 15:00 到期', () => {
    const due = dueAfterWorkingDays(3, at2026, shanghai('2026-06-08 15:00'))
    expect(due).toBe(shanghai('2026-06-11 15:00'))
    expect(workingDays(at2026, shanghai('2026-06-08 15:00'), due!)).toBe(3)
  })

  test('三次三分之一等于一天', () => {
    let at = shanghai('2026-06-08 15:00')
    for (let part = 0; part < 3; part += 1) at = dueAfterWorkingDays(1 / 3, at2026, at)!
    expect(at).toBe(shanghai('2026-06-09 15:00'))
    // 0.1 + 0.2 is a little more than 0.3: not a millisecond more.
    expect(dueAfterWorkingDays(0.1 + 0.2, at2026, shanghai('2026-06-08 08:30'))).toBe(shanghai('2026-06-08 10:54'))
  })

  test('半天班算一整个工作日', () => {
    const half = compiled({ ...office, exceptions: { '2026-06-09': { close: [['12:00', '24:00']], note: '盘点' } } })
    // Monday 15:00 has used 5 of 8 hours: the same share of Tuesday's 3.5 hours, then of Wednesday's 8.
    expect(dueAfterWorkingDays(2, half, shanghai('2026-06-08 15:00'))).toBe(shanghai('2026-06-10 15:00'))
    expect(dueAfterWorkingDays(1, half, shanghai('2026-06-09 08:30'))).toBe(shanghai('2026-06-09 12:00'))
    expect(inShanghai(dueAfterWorkingDays(1, half, shanghai('2026-06-08 15:00')))).toBe('2026-06-09 10:41')
  })
})

describe('日历上的特殊日子', () => {
  test('春节前夜两小时的活，节后才到期；调休的周六照常计时', () => {
    // 2026-02-15 … 23 closed, Saturdays 14 and 28 worked.
    expect(dueAfterMs(2 * hour, at2026, shanghai('2026-02-14 17:00'))).toBe(shanghai('2026-02-24 09:30'))
    expect(openMs(at2026, shanghai('2026-02-15 00:00'), shanghai('2026-02-24 00:00'))).toBe(0)
    expect(openMs(at2026, shanghai('2026-02-28 00:00'), shanghai('2026-03-01 00:00'))).toBe(8 * hour)
    expect(dueAfterWorkingDays(1, at2026, shanghai('2026-02-27 15:00'))).toBe(shanghai('2026-02-28 15:00'))
  })

  test('闰日、除夕、一分钟的日子', () => {
    const year2028 = compileCalendar(hotline, zone, shanghai('2028-02-01 00:00'))
    expect(dueAfterWorkingDays(1, year2028, shanghai('2028-02-28 10:00'))).toBe(shanghai('2028-02-29 10:00'))
    expect(endOfDay(year2028, shanghai('2028-02-28 19:00'), 1)).toBe(shanghai('2028-02-29 18:00'))
    const lastMinute = compiled({ ...office, week: { 4: [['23:59', '24:00']] }, exceptions: {} })
    expect(dueAfterMs(minute, lastMinute, shanghai('2026-12-31 23:59'))).toBe(shanghai('2027-01-01 00:00'))
    expect(dateAt(lastMinute, shanghai('2026-12-31 23:59'))).toBe('2026-12-31')
    expect(dueAfterWorkingDays(1, lastMinute, shanghai('2026-12-31 23:59:30'))).toBe(shanghai('2027-01-07 23:59:30'))
  })

  test('用到下班为止的期限，到期就是下班，不是次日上班', () => {
    expect(dueAfterMs(4.5 * hour, at2026, shanghai('2026-06-08 13:30'))).toBe(shanghai('2026-06-08 18:00'))
    expect(dueAfterMs(3.5 * hour, at2026, shanghai('2026-06-08 08:30'))).toBe(shanghai('2026-06-08 12:00'))
    expect(dueAfterMs(3.5 * hour + 1, at2026, shanghai('2026-06-08 08:30'))).toBe(shanghai('2026-06-08 13:30') + 1)
  })

  test('当日下班与其后第几个营业日下班', () => {
    const close = (text: string, n: number) => inShanghai(endOfDay(at2026, shanghai(text), n))
    expect(close('2026-06-08 07:00', 0)).toBe('2026-06-08 18:00')
    expect(close('2026-06-08 12:30', 0)).toBe('2026-06-08 18:00')
    expect(close('2026-06-08 18:00', 0)).toBe('2026-06-09 18:00')
    expect(close('2026-06-08 20:00', 1)).toBe('2026-06-09 18:00')
    expect(close('2026-06-12 10:00', 1)).toBe('2026-06-15 18:00')
    expect(close('2026-06-13 10:00', 0)).toBe('2026-06-15 18:00')
    expect(close('2026-06-13 10:00', 2)).toBe('2026-06-16 18:00')
  })

  test('夏令时：跳过的一小时不计，重复的一小时计两次', () => {
    const night = compileCalendar({ ...hotline, week: { 7: [['00:00', '06:00']] } }, 'Europe/Berlin',
      Date.parse('2026-06-01T00:00Z'))
    const sunday = (date: string) =>
      openMs(night, Date.parse(`${date}T20:00Z`) - 24 * hour, Date.parse(`${date}T12:00Z`))
    expect(sunday('2026-03-29')).toBe(5 * hour)
    expect(sunday('2026-10-25')).toBe(7 * hour)
    expect(sunday('2026-11-01')).toBe(6 * hour)
  })

  test('从没开过门之前，提前量回到范围的开头', () => {
    const once = compiled({ ...hotline, week: {}, exceptions: { '2026-06-20': { open: [['09:00', '11:00']] } } })
    const back = (lead: number) => openMsBefore(lead, once, shanghai('2026-06-20 11:00'))
    expect([back(hour), back(2 * hour), back(3 * hour)])
      .toEqual([shanghai('2026-06-20 10:00'), once.horizon_from, null])
  })

  test('跨午夜相接的营业时间是一次营业', () => {
    const nights = compiled({ ...hotline, week: { 1: [['22:00', '24:00']], 2: [['00:00', '06:00']] } })
    expect(closesAt(nights, shanghai('2026-06-08 23:00'))).toBe(shanghai('2026-06-09 06:00'))
  })

  test('落在没有法定假日资料的年份，说得出来', () => {
    const years = (from: string, to: string) => yearsWithoutDays(at2026, shanghai(from), shanghai(to))
    expect(years('2026-12-30 15:00', '2027-01-05 15:00')).toEqual([2027])
    expect(years('2026-12-30 15:00', '2027-01-01 00:00')).toEqual([])
    expect(years('2025-12-31 23:59', '2027-01-01 00:01')).toEqual([2025, 2027])
    expect(yearsWithoutDays(compiled(hotline), shanghai('2026-12-30 15:00'), shanghai('2027-06-01 00:00'))).toEqual([])
  })
})

describe('法定假日资料', () => {
  test('只到已公布的年份，2027 年没有就说没有', () => {
    expect(statutoryExceptions(2027)).toBeNull()
    expect(statutoryExceptions(2003)).toBeNull()
    expect(publishedYears(2024, 2028)).toEqual([2024, 2025, 2026])
  })

  test('放假关门，调休的周末开门，平常的周末不提', () => {
    const days = statutoryExceptions(2026, officeHours)!
    expect(days['2026-10-01']).toEqual({ close: 'all', note: '国庆节', source: 'statutory' })
    expect(days['2026-10-10']).toEqual({ open: officeHours, note: '国庆节调休', source: 'statutory' })
    expect(days['2026-10-17']).toBeUndefined()
    expect(Object.values(days).filter((day) => day.close === 'all')).toHaveLength(33)
    expect(checkCalendar({ ...office, exceptions: days })).toEqual([])
  })
})

describe('检查日历', () => {
  const wrong = (change: object) => checkCalendar({ ...office, ...change })

  test('每处错误说出位置和缘由', () => {
    expect(wrong({ week: { 1: [['9:00', '12:00'], ['13:00', '13:00'], ['14:00', '16:00'], ['15:00', '24:00']] } }))
      .toEqual([{ path: 'week.1.0', code: 'bad_time' }, { path: 'week.1.1', code: 'from_not_before_to' },
        { path: 'week.1.3', code: 'overlap' }])
    expect(wrong({ week: { 8: [] } })).toEqual([{ path: 'week.8', code: 'bad_weekday' }])
    expect(wrong({ exceptions: { '2026-02-29': { close: 'all' } } }))
      .toEqual([{ path: 'exceptions.2026-02-29', code: 'bad_date' }])
    expect(wrong({ exceptions: { '2028-02-29': { close: 'no', open: [['22:00', '06:00']], hours: 1, source: 'x' } } })
      .map(({ path, code }) => `${path} ${code}`)).toEqual([
      'exceptions.2028-02-29.hours unknown_key', 'exceptions.2028-02-29.close bad_close',
      'exceptions.2028-02-29.open.0 from_not_before_to', 'exceptions.2028-02-29.source bad_source'])
    expect(wrong({ exceptions: { '2026-03-01': {} } })).toEqual([
      { path: 'exceptions.2026-03-01', code: 'changes_nothing' }])
    expect(wrong({ known_years: [2026, 2026, '2027'] }).map(({ code }) => code)).toEqual(['repeated', 'bad_year'])
    expect(wrong({ name: ' ' })).toEqual([{ path: 'name', code: 'empty' }])
    expect(wrong({ week: {}, exceptions: {} })).toEqual([{ path: 'week', code: 'never_opens' }])
    expect(checkCalendar(null)).toEqual([{ path: '', code: 'not_an_object' }])
  })

  test('无论送来什么都不出错；没有问题的都能编译', () => {
    const junk = fc.record({ name: fc.anything(), week: fc.anything(), exceptions: fc.anything(),
      known_years: fc.anything() }, { requiredKeys: [] })
    fc.assert(fc.property(fc.oneof(fc.anything(), junk, situations.map(({ doc }) => doc)), (doc) => {
      if (checkCalendar(doc).length === 0) compiled(doc as CalendarDoc)
    }), { numRuns: 300 })
    expect(checkCalendar(office)).toEqual([])
  })
})
