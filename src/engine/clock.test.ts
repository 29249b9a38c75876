import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hotline, hour, inShanghai, minute, minuteIsOpen, office, shanghai, situations } from '../../test/calendars.ts'
import { compileCalendar, openMs } from './calendar.ts'
import { type ExplainLine, explainClock } from './clock-explain.ts'
import { type ClockRule, type Limit, type Moment, aroundFor, foldClock, nextStrike } from './clock.ts'

const calendar = compileCalendar(office, 'Asia/Shanghai', shanghai('2026-06-15 12:00'))
const repairing: ClockRule = { name: 'repair', runs_in: ['repairing', 'testing'], stops_on: ['finish'], kind: 'limit',
  warn: [{ key: 'warn', share: 0.8 }, { key: 'last_hour', before_minutes: 60 }] }

/** A history of Shanghai's wall clock: [when, action, state after it]; a strike is 'warn!' or 'due!'. */
function told(...lines: [at: string, action: string, state: string][]): Moment[] {
  return lines.map(([at, action, to_state], index) => ({
    seq: index + 1, at: shanghai(at), action, to_state,
    ...(action.endsWith('!') ? { strike: { clock: 'repair', step: action.slice(0, -1) } } : {}),
  }))
}

function folded(limit: Limit | null, history: Moment[], now: string, rule: Partial<ClockRule> = {}, ended = false) {
  return foldClock({ ...repairing, ...rule }, limit, history, calendar, shanghai(now), ended)
}

const hours = (amount: number): Limit => ({ unit: 'minutes', amount: amount * 60 })
const days = (amount: number): Limit => ({ unit: 'working_days', amount })

describe('维修时限', () => {
  const start: [string, string, string] = ['2026-06-08 15:00', 'begin', 'repairing']

  test('八小时：等配件的时间不算，回来接着走', () => {
    const history = told(start, ['2026-06-08 17:00', 'ask_part', 'waiting_part'],
      ['2026-06-10 09:30', 'resume', 'testing'])
    const waiting = folded(hours(8), history, '2026-06-09 12:00')
    expect(waiting).toMatchObject({ state: 'paused', running: false, elapsed_ms: 2 * hour, left_ms: 6 * hour,
      due_at: null, next: null })
    const back = folded(hours(8), history, '2026-06-10 10:00')
    expect(back).toMatchObject({ state: 'running', elapsed_ms: 2.5 * hour, crossed_at: null })
    expect(inShanghai(back.due_at)).toBe('2026-06-10 17:00')
    expect(back.steps.map(({ key, at }) => [key, inShanghai(at)])).toEqual([
      ['warn', '2026-06-10 15:24'], ['last_hour', '2026-06-10 16:00'], ['due', '2026-06-10 17:00']])
    expect(back.next).toEqual({ step: 'warn', at: back.steps[0]!.at })
  })

  test('三个工作日：周一 15:00 起，周四 15:00 到期；提前一小时预警', () => {
    const view = folded(days(3), told(start), '2026-06-09 15:00')
    expect(inShanghai(view.due_at)).toBe('2026-06-11 15:00')
    expect(view).toMatchObject({ limit_ms: 24 * hour, left_ms: 16 * hour, left_days: 2, state: 'running' })
    expect(inShanghai(view.steps[1]!.at)).toBe('2026-06-11 14:00')
  })

  test('到期那一刻完成是按时，晚一毫秒是超时', () => {
    const at = (now: string) => folded(hours(2), told(start, [now, 'finish', 'finished']), now, {}, true)
    expect(at('2026-06-08 17:00')).toMatchObject({ state: 'kept', reached: true, left_ms: 0 })
    expect(at('2026-06-08 17:00:00.001')).toMatchObject({ state: 'missed', crossed_at: shanghai('2026-06-08 17:00') })
    expect(folded(hours(2), told(start), '2026-06-08 17:00')).toMatchObject({ state: 'running', reached: true })
    expect(folded(hours(2), told(start), '2026-06-08 17:30')).toMatchObject({ state: 'late', left_ms: -hour / 2 })
  })

  test('用到周五下班为止的期限，周六完成已经晚了', () => {
    const friday = told(['2026-06-12 16:00', 'begin', 'repairing'], ['2026-06-13 10:00', 'finish', 'finished'])
    expect(folded(hours(2), friday, '2026-06-13 10:00', {}, true)).toMatchObject({ state: 'missed', left_ms: 0 })
  })

  test('恰好用完时离开：离开着不算超时，再回来就是超时，到期仍是用完的那一刻', () => {
    const away = told(start, ['2026-06-08 17:00', 'ask_part', 'waiting_part'])
    expect(folded(hours(2), away, '2026-06-09 12:00')).toMatchObject({ state: 'paused', reached: true, left_ms: 0 })
    const back = told(start, ['2026-06-08 17:00', 'ask_part', 'waiting_part'],
      ['2026-06-09 09:00', 'resume', 'testing'])
    expect(folded(hours(2), back, '2026-06-09 09:01')).toMatchObject({ state: 'late', left_ms: -minute,
      due_at: shanghai('2026-06-08 17:00'), next: { step: 'last_hour', at: shanghai('2026-06-08 16:00') } })
  })
})

describe('停表与不走', () => {
  const start: [string, string, string] = ['2026-06-08 15:00', 'begin', 'repairing']

  test('停表动作之后不再走，再回到维修也不走', () => {
    const history = told(start, ['2026-06-08 16:00', 'finish', 'finished'], ['2026-06-09 09:00', 'reopen', 'repairing'])
    expect(folded(hours(2), history, '2026-06-10 09:00')).toMatchObject({
      state: 'kept', stopped_at: shanghai('2026-06-08 16:00'), elapsed_ms: hour, next: null })
  })

  test('开始以前的停表动作不算；开始的那个动作自己不停表', () => {
    const early = told(['2026-06-08 09:00', 'finish', 'quoted'], start, ['2026-06-08 16:00', 'note', 'repairing'])
    expect(folded(hours(2), early, '2026-06-08 16:00')).toMatchObject({ state: 'running', elapsed_ms: hour })
    const own = told(['2026-06-08 15:00', 'finish', 'testing'])
    expect(folded(hours(2), own, '2026-06-08 16:00')).toMatchObject({ state: 'running', elapsed_ms: hour })
  })

  test('没有设期限、条件不成立、从未开始：不走', () => {
    expect(folded(null, told(start), '2026-06-09 12:00')).toMatchObject({ state: 'idle', next: null, elapsed_ms: null })
    expect(folded({ unit: 'at', at: null }, told(start), '2026-06-09 12:00').state).toBe('idle')
    expect(folded(hours(2), told(['2026-06-08 15:00', 'create', 'received']), '2026-06-09 12:00').state).toBe('idle')
    expect(foldClock(repairing, hours(2), told(start), calendar, shanghai('2026-06-09 12:00'), false, false).state)
      .toBe('idle')
  })

  test('工单作废时停在进入终态的那一刻，之后的备注不影响', () => {
    const history = told(start, ['2026-06-08 16:30', 'cancel', 'void'], ['2026-06-09 10:00', 'note', 'void'])
    expect(folded(hours(2), history, '2026-06-10 09:00', {}, true)).toMatchObject({
      state: 'kept', stopped_at: shanghai('2026-06-08 16:30'), elapsed_ms: 1.5 * hour,
      due_at: shanghai('2026-06-08 17:00') })
  })
})

describe('预警与超时的通知', () => {
  const late = told(['2026-06-08 15:00', 'begin', 'repairing'], ['2026-06-08 16:36', 'warn!', 'repairing'],
    ['2026-06-08 17:00', 'due!', 'repairing'])
  const struck = (limit: Limit, history: Moment[], now: string) =>
    Object.fromEntries(folded(limit, history, now).steps.map((step) => [step.key, step.struck]))

  test('敲过的不再敲', () => {
    expect(struck(hours(2), late, '2026-06-08 17:10')).toEqual({ warn: 'yes', last_hour: 'no', due: 'yes' })
    expect(folded(hours(2), late, '2026-06-08 17:10', { warn: repairing.warn.slice(0, 1) }).next).toBeNull()
  })

  test('期限放宽以后，说早了的记为撤回，重新等待', () => {
    expect(struck(hours(4), late, '2026-06-08 17:10')).toEqual({ warn: 'withdrawn', last_hour: 'no', due: 'withdrawn' })
    expect(inShanghai(folded(hours(4), late, '2026-06-08 17:10').next!.at)).toBe('2026-06-08 18:00')
  })

  test('补记：其实早已完成，超时撤回', () => {
    const finish = { seq: 9, at: shanghai('2026-06-08 15:40'), action: 'finish', to_state: 'done' }
    const history = [...late.slice(0, 1), finish, ...late.slice(1)]
    const view = folded(hours(2), history, '2026-06-09 10:00', {}, true)
    expect(view).toMatchObject({ state: 'kept', elapsed_ms: 40 * minute, next: null })
    expect(view.steps.map(({ struck: was }) => was)).toEqual(['withdrawn', 'no', 'withdrawn'])
  })

  test('超时了还没说就离开的，仍要说一次；只是预警的不再说', () => {
    const history = told(['2026-06-08 15:00', 'begin', 'repairing'], ['2026-06-08 17:01', 'ask_part', 'waiting_part'])
    expect(folded(hours(2), history, '2026-06-09 10:00')).toMatchObject({
      state: 'late', running: false, next: { step: 'due', at: shanghai('2026-06-08 17:00') } })
    expect(folded(hours(2.1), history, '2026-06-09 10:00').next).toBeNull()
  })

  test('一条记录只等最早的一声', () => {
    const two = [folded(hours(4), told(['2026-06-08 15:00', 'begin', 'repairing']), '2026-06-08 15:10'),
      folded(hours(2), told(['2026-06-08 15:00', 'begin', 'repairing']), '2026-06-08 15:10', { name: 'other' })]
    expect(nextStrike(two)).toEqual({ clock: 'other', step: 'last_hour', at: shanghai('2026-06-08 16:00') })
    expect(nextStrike([])).toBeNull()
  })
})

describe('约定时刻与当日下班', () => {
  test('约定的时刻不因停走而推迟', () => {
    const limit: Limit = { unit: 'at', at: shanghai('2026-06-09 10:00') }
    const history = told(['2026-06-08 15:00', 'begin', 'repairing'], ['2026-06-08 17:00', 'wait', 'waiting_part'])
    expect(folded(limit, history, '2026-06-09 11:00')).toMatchObject({ state: 'paused', due_at: limit.at, next: null })
    const back = [...history, ...told(['2026-06-09 11:30', 'resume', 'testing']).map((one) => ({ ...one, seq: 9 }))]
    expect(folded(limit, back, '2026-06-09 11:31')).toMatchObject({ state: 'late', due_at: limit.at,
      crossed_at: shanghai('2026-06-09 11:30'), left_ms: -91 * minute })
    expect(inShanghai(folded(limit, history, '2026-06-08 16:00').steps[1]!.at)).toBe('2026-06-09 09:00')
  })

  test('当日下班前：每次进入重新起算，误过一次就算误', () => {
    const limit: Limit = { unit: 'end_of_day', days: 0 }
    const history = told(['2026-06-08 15:00', 'begin', 'repairing'], ['2026-06-08 18:00', 'due!', 'repairing'],
      ['2026-06-09 09:00', 'wait', 'waiting_part'], ['2026-06-10 09:00', 'resume', 'repairing'])
    const again = folded(limit, history, '2026-06-10 10:00')
    expect(again).toMatchObject({ state: 'running', due_at: shanghai('2026-06-10 18:00'),
      crossed_at: shanghai('2026-06-08 18:00'), left_ms: 6.5 * hour })
    expect(again.steps.at(-1)).toMatchObject({ struck: 'no' })
    const done = [...history, { seq: 9, at: shanghai('2026-06-10 11:00'), action: 'finish', to_state: 'finished' }]
    expect(folded(limit, done, '2026-06-10 11:00', {}, true).state).toBe('missed')
  })
})

describe('最短时间', () => {
  const burnIn: Partial<ClockRule> = { kind: 'minimum', runs_in: ['testing'], warn: [] }
  const always = compileCalendar({ ...hotline, week: Object.fromEntries(['1', '2', '3', '4', '5', '6', '7']
    .map((day) => [day, [['00:00', '24:00']]])) }, 'Asia/Shanghai', shanghai('2026-06-15 12:00'))
  const at = (now: string, finish?: string) => {
    const history = told(['2026-06-08 20:00', 'test', 'testing'],
      ...(finish === undefined ? [] : [[finish, 'finish', 'finished'] as [string, string, string]]))
    return foldClock({ ...repairing, ...burnIn }, hours(12), history, always, shanghai(now), finish !== undefined)
  }

  test('老化至少 12 小时：不到时候离开就是没做到', () => {
    expect(at('2026-06-09 07:59').state).toBe('running')
    expect(at('2026-06-09 08:00')).toMatchObject({ state: 'met', reached: true, next: { step: 'due' } })
    expect(at('2026-06-09 12:00', '2026-06-09 08:00').state).toBe('kept')
    expect(at('2026-06-09 12:00', '2026-06-09 07:59').state).toBe('missed')
  })
})

describe('日历的边界', () => {
  test('期限落到没有假日资料的年份、超出日历范围，都说出来', () => {
    const history = told(['2026-12-30 15:00', 'begin', 'repairing'])
    expect(folded(days(3), history, '2026-12-30 16:00').unknown_years).toEqual([2027])
    const far = folded(days(900), history, '2026-12-30 16:00')
    expect(far).toMatchObject({ state: 'running', due_at: null, beyond_horizon: true, next: null })
    const old = told(['2024-12-30 15:00', 'begin', 'repairing'])
    expect(folded(days(3), old, '2026-06-15 12:00')).toMatchObject({ state: 'unknown', beyond_horizon: true })
    const around = compileCalendar(office, 'Asia/Shanghai', aroundFor(old[0]!.at, shanghai('2026-06-15 12:00')))
    expect(foldClock(repairing, days(3), old, around, shanghai('2026-06-15 12:00'), false).state).toBe('late')
  })

  test('没有排好序的历史是程序的错', () => {
    const history = told(['2026-06-09 15:00', 'begin', 'repairing'], ['2026-06-08 15:00', 'note', 'repairing'])
    expect(() => folded(hours(2), history, '2026-06-10 12:00')).toThrow('not sorted')
  })
})

const cases = situations.chain((situation) => fc.record({
  situation: fc.constant(situation),
  moments: fc.array(fc.record({ minutes: fc.integer({ min: -24 * 60, max: 60 * 60 }),
    action: fc.constantFrom('go', 'go', 'go', 'stop'), to_state: fc.constantFrom('a', 'b', 'c', 'd') }),
  { minLength: 1, maxLength: 8 }),
  now: fc.integer({ min: 0, max: 72 * 60 }), amount: fc.integer({ min: 0, max: 1500 }),
  stops: fc.boolean(), kind: fc.constantFrom('limit' as const, 'minimum' as const),
  unit: fc.constantFrom('minutes' as const, 'working_days' as const, 'at' as const, 'end_of_day' as const),
})).map(({ situation, moments, now, amount, stops, kind, unit }) => {
  const { doc, zone, about } = situation
  const history: Moment[] = moments.toSorted((a, b) => a.minutes - b.minutes).map(({ minutes, ...rest }, index) =>
    ({ seq: index + 1, at: about + minutes * minute, ...rest }))
  const limits: Record<typeof unit, Limit> = { minutes: { unit: 'minutes', amount }, end_of_day: { unit: 'end_of_day',
    days: amount % 3 }, working_days: { unit: 'working_days', amount: amount / 500 },
  at: { unit: 'at', at: about + amount * minute } }
  const rule: ClockRule = { name: 'x', runs_in: ['a', 'b'], stops_on: stops ? ['stop'] : [], kind,
    warn: [{ key: 'half', share: 0.5 }, { key: 'soon', before_minutes: 45 }] }
  return { doc, zone, history, rule, limit: limits[unit], amount, now: about + now * minute,
    calendar: compileCalendar(doc, zone, about) }
})
type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never

/** The same clock, walked minute by minute. */
function walked({ doc, zone, history, rule, now }: Case, limitMinutes: number) {
  let used = 0
  let due: number | null = null
  let over = false
  const stop = history.find((moment, index) => rule.stops_on!.includes(moment.action)
    && history.slice(0, index).some((one) => rule.runs_in.includes(one.to_state)))
  for (let at = history[0]!.at; at < now; at += minute) {
    const state = history.findLast((moment) => moment.at <= at)!.to_state
    const runs = rule.runs_in.includes(state) && (stop === undefined || at < stop.at)
    if (!runs) continue
    if (due === null && limitMinutes === 0) due = at
    if (due !== null) over = true
    if (!minuteIsOpen(doc, zone, at)) continue
    used += 1
    if (used === limitMinutes) due = at + minute
  }
  return { elapsed: used * minute, due, over }
}

const fold = ({ rule, limit, history, calendar: one, now }: Case, change: { history?: Moment[]; now?: number } = {}) =>
  foldClock(rule, limit, change.history ?? history, one, change.now ?? now, false)

describe('定律：走表', () => {
  test('与逐分钟走表一致：已用、到期、是否超时', () => {
    fc.assert(fc.property(cases, (one) => {
      const seen = { ...one, history: one.history.filter(({ at }) => at <= one.now) }
      const limit: Limit = { unit: 'minutes', amount: one.amount }
      const view = foldClock(one.rule, limit, one.history, one.calendar, one.now, false)
      if (view.state === 'idle') return
      const walk = walked(seen, one.amount)
      expect(view.elapsed_ms).toBe(walk.elapsed)
      // Of a zero limit the walk sees only stays of a minute and more.
      if (one.amount > 0) expect(view.crossed_at).toBe(walk.due)
      if (one.rule.kind === 'limit') expect(['late', 'missed'].includes(view.state)).toBe(walk.over)
      else expect(view.reached).toBe(['met', 'kept'].includes(view.state))
    }), { numRuns: 120 })
  })

  test('关门时不走，离开时不走，走得不比营业时间快', () => {
    fc.assert(fc.property(cases, fc.nat(2000), (one, minutes) => {
      const later = one.now + minutes * minute
      const [a, b] = [fold(one), fold(one, { now: later })]
      const grown = (b.elapsed_ms ?? 0) - (a.elapsed_ms ?? 0)
      expect(grown).toBeGreaterThanOrEqual(0)
      expect(grown).toBeLessThanOrEqual(openMs(one.calendar, one.now, later)!)
    }), { numRuns: 300 })
  })

  test('把历史切开（插入不改变状态的事件），什么也不变', () => {
    fc.assert(fc.property(cases, fc.array(fc.nat(100 * 60), { maxLength: 6 }), (one, cuts) => {
      const notes = cuts.map((cut) => one.history[0]!.at + cut * minute).map((at): Moment => ({
        seq: 1000, at, action: 'note', to_state: one.history.findLast((moment) => moment.at <= at)!.to_state }))
      const history = [...one.history, ...notes].toSorted((a, b) => a.at - b.at || a.seq - b.seq)
      expect(fold(one, { history })).toEqual(fold(one))
    }), { numRuns: 300 })
  })

  test('分两段各走各的，加起来就是整段', () => {
    fc.assert(fc.property(cases, fc.nat(60 * 60), (one, cut) => {
      const at = one.history[0]!.at + cut * minute
      if (at > one.now) return
      const whole = { ...one, rule: { ...one.rule, stops_on: [] } }
      const state = one.history.findLast((moment) => moment.at <= at)!.to_state
      const rest = [{ seq: 0, at, action: 'note', to_state: state }, ...one.history.filter((moment) => moment.at > at)]
      expect((fold(whole, { now: at }).elapsed_ms ?? 0) + (fold(whole, { history: rest }).elapsed_ms ?? 0))
        .toBe(fold(whole).elapsed_ms ?? 0)
    }), { numRuns: 300 })
  })
})

describe('定律：预告与敲响', () => {
  test('看过去的某一刻，等于当时看到的', () => {
    fc.assert(fc.property(cases, fc.nat(100 * 60), (one, minutes) => {
      const now = one.history[0]!.at + minutes * minute
      const then = one.history.filter(({ at }) => at <= now)
      expect(fold(one, { now })).toEqual(fold(one, { now, history: then }))
    }), { numRuns: 300 })
  })

  test('预告的到期不漂移：到那一刻恰好用完，早一毫秒没有', () => {
    fc.assert(fc.property(cases, (one) => {
      const history = one.history.filter(({ at }) => at <= one.now)
      const view = fold(one)
      if (!view.running || view.due_at === null || view.due_at < one.now) return
      if (view.due_at > one.calendar.horizon_to) return
      const due = fold(one, { history, now: view.due_at })
      expect(due).toMatchObject({ due_at: view.due_at, reached: true })
      if (one.limit.unit === 'minutes') expect(due.elapsed_ms).toBe(due.limit_ms)
      expect(due.left_ms).toBe(0)
      if (view.due_at > one.now) {
        expect(fold(one, { history, now: view.due_at - 1 })).toMatchObject({ due_at: view.due_at, reached: false })
      }
    }), { numRuns: 400 })
  })

  test('依次敲响：每一步只敲一次，敲完就安静', () => {
    fc.assert(fc.property(cases, (one) => {
      const history = one.history.filter(({ at }) => at <= one.now)
      const state = history.at(-1)?.to_state
      let now = one.now
      for (let count = 0; count < 3; count += 1) {
        const { next } = fold(one, { history, now })
        if (next === null) break
        now = Math.max(now, next.at)
        if (now > one.calendar.horizon_to) return
        const strike = { clock: 'x', step: next.step }
        history.push({ seq: 100 + count, at: now, action: 'warn', to_state: state!, strike })
      }
      const end = fold(one, { history, now })
      expect(end.next).toBeNull()
      expect(end.steps.filter(({ struck }) => struck === 'withdrawn')).toEqual([])
    }), { numRuns: 400 })
  })
})

describe('为什么是这个期限', () => {
  const text = (lines: ExplainLine[]) => lines.map((line) => [line.code, 'from' in line ? inShanghai(line.from) : '',
    'reason' in line ? line.reason : '', 'note' in line ? line.note ?? '' : '',
    'ms' in line ? line.ms / minute : '', 'sum_ms' in line ? line.sum_ms / minute : '']
    .filter((part) => part !== '').join(' '))

  test('逐段说明：午休、夜里、周末、节日、调休、等配件', () => {
    const history = told(['2026-02-13 17:00', 'begin', 'repairing'], ['2026-02-14 09:30', 'ask_part', 'waiting_part'],
      ['2026-02-14 11:00', 'resume', 'repairing'])
    const lines = explainClock(repairing, hours(8), history, calendar, shanghai('2026-02-14 12:30'), false)
    expect(text(lines)).toEqual([
      'started', 'open 2026-02-13 17:00 60 60', 'closed 2026-02-13 18:00 night',
      'open 2026-02-14 08:30 春节调休 60 120', 'away 2026-02-14 09:30', 'open 2026-02-14 11:00 春节调休 60 180',
      'closed 2026-02-14 12:00 break', 'open 2026-02-14 13:30 春节调休 270 450',
      'closed 2026-02-14 18:00 holiday 春节', 'open 2026-02-24 08:30 30 480', 'due'])
    expect(lines.find((line) => line.code === 'away')).toMatchObject({ state: 'waiting_part' })
    expect(lines.at(-1)).toMatchObject({ at: shanghai('2026-02-24 09:00'), projected: true, state: 'running' })
  })

  test('很长的期限合并整天来说，节日仍然点名', () => {
    const history = told(['2026-06-01 15:00', 'begin', 'repairing'])
    const lines = explainClock(repairing, days(30), history, calendar, shanghai('2026-06-02 12:00'), false)
    expect(text(lines)).toEqual(['started', 'open 2026-06-01 15:00 180 180', 'closed 2026-06-01 18:00 night',
      'dates 2026-06-02 00:00 6240 6420', 'closed 2026-06-19 00:00 holiday 端午', 'dates 2026-06-22 00:00 7680 14100',
      'closed 2026-07-14 00:00 night', 'open 2026-07-14 08:30 210 14310', 'closed 2026-07-14 12:00 break',
      'open 2026-07-14 13:30 90 14400', 'due'])
    expect(lines[3]).toMatchObject({ open_days: 13, closed_days: 4 })
  })

  test('与时钟不会各说各话：段段相接，末项之和就是已用时间，行数有限', () => {
    fc.assert(fc.property(cases, (one) => {
      const view = fold(one)
      const lines = explainClock(one.rule, one.limit, one.history, one.calendar, one.now, false)
      expect(lines.length).toBeLessThan(95)
      if (view.state === 'idle' || view.started_at === null) return
      const spans = lines.filter((line) => 'from' in line)
      for (let index = 1; index < spans.length; index += 1) expect(spans[index]!.from).toBe(spans[index - 1]!.to)
      const sum = lines.findLast((line) => 'sum_ms' in line)?.sum_ms ?? 0
      if (one.limit.unit === 'minutes' && view.due_at !== null && (view.stopped_at ?? Infinity) >= view.due_at) {
        expect(sum).toBe(view.limit_ms)
      }
      const openEnd = view.due_at === null && !view.beyond_horizon
      if (one.limit.unit === 'minutes' && openEnd) expect(sum).toBe(view.elapsed_ms)
    }), { numRuns: 300 })
  })
})
