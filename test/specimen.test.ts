import { describe, expect, test } from 'vitest'
import { compileCalendar } from '../src/engine/calendar.ts'
import { foldClock } from '../src/engine/clock.ts'
import { type Asker, type Decision, type Situation, decide } from '../src/engine/decide.ts'
import type { AnyProcess, Clock } from '../src/engine/define.ts'
import type { Role } from '../src/engine/roles.ts'
import { ruleOf } from '../src/server/clocks.ts'
import { specimenProcesses, specimenProfiles } from './specimen.ts'

// Not from company.ts, which loads the whole house: mutation loads this file anew for each rule.
const monday = Date.parse('2026-11-23T02:00:00Z')
const process: AnyProcess = specimenProcesses.specimen
const profile = specimenProfiles.x!

const asker = (...roles: Role[]): Asker => ({ id: 'wang', kind: 'member', roles })
const customer: Asker = { id: 'mei', kind: 'contact', roles: ['customer'] }
const machine: Asker = { id: null, kind: 'system', roles: ['system'] }
const facts = { parts_outstanding: 0, stock: 1, cost_fen: 0, is_gift: false, has_promise: false, open_children: 0,
  clocks: {}, input: {}, actor: { is_owner: false } }
const at = (state: string, more: object = {}): Situation => ({ state, facts: { ...facts, ...more } })

const file = '01900000-0000-7000-8000-000000000001'
const pass = { answer: 'pass' }
const seen = { finding: '进水', outside: { screen: { ...pass, files: [file] }, hinge: pass } }
const codes = (decision: Decision) => (decision.ok ? [] : decision.refusal.fields?.map(({ field }) => field))

describe('the rules of the specimen', () => {
  test('X-001 open parts hold the repair open', () => {
    expect(decide(process, 'finish', asker('bench_engineer'), at('repairing', { parts_outstanding: 1 }), {}))
      .toMatchObject({ refusal: { code: 'guard', guard: 'no_parts_outstanding' } })
  })
  test('X-002 above the limit only with a reason of a supervisor', () => {
    const dear = at('repairing', { cost_fen: 60_000 })
    expect(decide(process, 'finish', asker('bench_engineer'), dear, {}))
      .toMatchObject({ refusal: { guard: 'below_limit' } })
    const waive = [{ guard: 'below_limit', reason: '客户已同意' }]
    expect(decide(process, 'finish', asker('supervisor'), dear, { waive })).toMatchObject({ ok: true, waived: waive })
  })
  test('X-003 an inspection says what was found', () => {
    expect(codes(decide(process, 'inspect', asker('bench_engineer'), at('received'), { outside: seen.outside })))
      .toEqual(['finding'])
  })
  test('a charge needs its price', { meta: { rules: ['X-004'] } }, () => {
    expect(codes(decide(process, 'inspect', asker('bench_engineer'), at('received'), { ...seen, charged: true })))
      .toEqual(['price_fen'])
    const charged = { ...seen, charged: true, price_fen: 5 }
    expect(decide(process, 'inspect', asker('bench_engineer'), at('received'), charged))
      .toMatchObject({ ok: true, to: 'quoted' })
  })
  test('X-005 the screen is photographed', () => {
    const outside = { screen: pass, hinge: pass }
    expect(codes(decide(process, 'inspect', asker('bench_engineer'), at('received'), { ...seen, outside })))
      .toEqual(['outside.screen.files'])
  })
  test('X-008 a receipt is printed', () => {
    const form = { title: '样机', channel: 'post', greeted: true }
    const made = decide(process, 'receive', asker('hotline'), { state: null, facts }, form)
    expect(made.ok && made.effects).toContainEqual({ print: 'receipt' })
  })
  test('X-009 X-013 a release tells the customer and opens what is left to do', () => {
    const done = decide(process, 'release', asker('supervisor'), at('testing'), { follow_up: '送回' })
    expect(done.ok && done.effects.map((effect) => Object.keys(effect)[0])).toEqual(['send', 'open', 'tell'])
  })
  test('X-011 only a supervisor scraps', () => {
    expect(decide(process, 'scrap', asker('coordinator'), at('received'), { reason: '烧毁' }))
      .toMatchObject({ refusal: { code: 'wrong_role' } })
  })
  test('X-012 the customer may decline', () => {
    expect(decide(process, 'decline', customer, at('quoted'), { reason: '太贵' })).toMatchObject({ to: 'declined' })
  })
  // Weak on purpose: the guard may go and it stays green, which mutation must notice.
  test('X-014 somebody else may scrap', () => {
    expect(decide(process, 'scrap', asker('supervisor'), at('received'), { reason: '烧毁' }).ok).toBe(true)
  })
  test('X-010 once a day there is a count, which the machine may begin', () => {
    const { count } = profile.schedules
    expect(count?.at).toEqual({ time: '17:30', calendar: 'office' })
    expect(decide(process, count!.action, machine, { state: null, facts }, count!.input).ok).toBe(true)
  })
})

describe('the clocks of the specimen', () => {
  const fold = (name: string, state: string, minutes: number) => {
    const clock = (process.clocks as Record<string, Clock>)[name]!
    const { rule, limit } = ruleOf(name, clock, profile.limits, {}, null)
    const calendar = compileCalendar(profile.calendars[clock.calendar]!, 'Asia/Shanghai', monday)
    const history = [{ seq: 1, at: monday, action: 'any', to_state: state }]
    return foldClock(rule, limit, history, calendar, monday + minutes * 60_000, false)
  }
  // Two and a half hours from 10:00 end at 14:00, since lunch is from 12:00 to 13:30.
  test.each([[150, 'running'], [240, 'running'], [241, 'late']])('X-006 %s minutes after: %s', (minutes, state) => {
    expect(fold('look', 'received', minutes).state).toBe(state)
  })
  test('X-007 a test run lasts an hour at least', () => {
    expect(fold('soak', 'testing', 59)).toMatchObject({ state: 'running', reached: false })
    expect(fold('soak', 'testing', 60)).toMatchObject({ state: 'met', reached: true })
  })
})
