import { describe, expect, test } from 'vitest'
import { type Clause, type EntitlementGrounds, entitlementOf } from './entitlement.ts'

const clause = (more: Partial<Clause> = {}): Clause => ({ id: 'a', contract: 'k', number: 'HT-8',
  service_class: 'maintenance', valid_from: '2026-01-01', valid_until: '2026-12-31', parts: 'charged', labour: 'free',
  travel: 'free', onsite: true, visits: null, visits_used: 0, response_minutes: 240, arrival_minutes: null,
  restore_minutes: null, calendar: 'office', extended_until: null, scope: null, region: null, by: 'machine', site: null, ...more })

const ask = (more: Partial<EntitlementGrounds> = {}) => entitlementOf({ warranty: null, clauses: [clause()],
  service_class: null, today: '2026-06-01', warranty_travel: 'charged', ...more })
const bought = (purchase_date: string, months = 12) => ({ purchase_date, months, until_override: null })

describe('what a customer may expect', () => {
  test.each([['2025-12-31', 0], ['2026-01-01', 1], ['2026-12-31', 1], ['2027-01-01', 0]])(
    'a clause holds from its first day to its last: on %s %i', (today, count) => {
      expect(ask({ today }).clauses).toHaveLength(count)
    })

  test('parts, labour and travel are judged each by itself', () => {
    expect(ask().charging).toEqual({ parts: { is: 'charged', ground: { by: 'nothing' } },
      labour: { is: 'free', ground: { by: 'clause', clause: 'a' } },
      travel: { is: 'free', ground: { by: 'clause', clause: 'a' } } })
    expect(ask({ clauses: [] }).charging.labour).toEqual({ is: 'charged', ground: { by: 'nothing' } })
  })

  test('the warranty goes before the contract, and pays the way only where the company says so', () => {
    const warranty = bought('2025-06-01')
    const inside = ask({ warranty, today: '2026-06-01' })
    expect(inside.charging.parts).toEqual({ is: 'free', ground: { by: 'warranty' } })
    expect(inside.charging.travel).toEqual({ is: 'free', ground: { by: 'clause', clause: 'a' } })
    expect(ask({ warranty, clauses: [] }).charging.travel.is).toBe('charged')
    expect(ask({ warranty, clauses: [], warranty_travel: 'free' }).charging.travel.is).toBe('free')
    expect(ask({ warranty, today: '2026-06-02' }).charging.parts.is).toBe('charged')
  })

  test('S1-007 what the manufacturer adds prolongs the warranty by its own day', () => {
    const added = clause({ id: 'v', service_class: 'value_added', labour: 'charged', travel: 'charged',
      extended_until: '2026-09-30' })
    const answer = (today: string) => ask({ warranty: bought('2025-06-01'), clauses: [added], today })
    expect(answer('2026-09-30').warranty).toMatchObject({ state: 'in', until: '2026-09-30', why: 'extension' })
    expect(answer('2026-10-01').warranty).toMatchObject({ state: 'out', until: '2026-09-30' })
    expect(answer('2026-09-30').charging.parts.ground).toEqual({ by: 'warranty' })
  })

  test('the clause that names the machine decides, then the quicker one, then the one that lasts', () => {
    const whole = clause({ id: 'w', by: 'customer', response_minutes: 60 })
    const slow = clause({ id: 's', response_minutes: null })
    const long = clause({ id: 'l', valid_until: '2027-12-31' })
    expect(ask({ clauses: [whole, slow, clause(), long] }).clauses.map(({ id }) => id)).toEqual(['l', 'a', 's', 'w'])
  })

  test('what stands at a site of the contract is decided by that before a contract for everything', () => {
    const site = clause({ id: 's', by: 'site', site: '二期厂房', response_minutes: 480 })
    expect(ask({ clauses: [clause({ id: 'w', by: 'customer' }), site, clause()] }).clauses.map(({ id }) => id))
      .toEqual(['a', 's', 'w'])
    // The machine is named, and its site as well: one promise.
    expect(ask({ clauses: [clause({ by: 'site', site: '二期厂房' }), clause()] }).clauses).toMatchObject([{ by: 'machine' }])
  })

  test('a figure is the shortest that is promised, with the calendar of its own clause', () => {
    const night = clause({ id: 'n', by: 'customer', response_minutes: 120, restore_minutes: 1440, calendar: 'always' })
    const { figures } = ask({ clauses: [clause({ arrival_minutes: 300 }), night] })
    expect(figures).toEqual({ response: { minutes: 120, calendar: 'always', clause: 'n' },
      arrival: { minutes: 300, calendar: 'office', clause: 'a' },
      restore: { minutes: 1440, calendar: 'always', clause: 'n' } })
    expect(ask({ clauses: [] }).figures).toEqual({ response: null, arrival: null, restore: null })
  })

  test('only the class that is wanted counts; nothing wanted means whatever helps', () => {
    const advice = clause({ id: 'c', service_class: 'consulting', parts: 'free' })
    expect(ask({ clauses: [clause(), advice], service_class: 'consulting' }).clauses.map(({ id }) => id)).toEqual(['c'])
    expect(ask({ clauses: [clause(), advice] }).charging.parts.is).toBe('free')
    expect(ask({ clauses: [advice], service_class: 'maintenance' }).clauses).toEqual([])
  })

  test('visits are counted down; the one after the last is charged its way, and its labour stays free', () => {
    const left = (visits_used: number) => ask({ clauses: [clause({ visits: 4, visits_used })] })
    expect(left(3).visits).toEqual({ clause: 'a', quota: 4, used: 3, left: 1 })
    expect(left(3).charging.travel.is).toBe('free')
    expect(left(4)).toMatchObject({ visits: { left: 0 }, charging: { travel: { is: 'charged' }, labour: { is: 'free' } } })
    expect(left(5).visits?.left).toBe(0)
    expect(ask().visits).toBeNull()
  })

  test('a quota that is used up gives way to one that is not', () => {
    const clauses = [clause({ visits: 2, visits_used: 2 }), clause({ id: 'b', by: 'customer', visits: 6, visits_used: 1 })]
    expect(ask({ clauses }).visits).toEqual({ clause: 'b', quota: 6, used: 1, left: 5 })
    expect(ask({ clauses }).charging.travel).toEqual({ is: 'free', ground: { by: 'clause', clause: 'b' } })
  })

  test('without a machine there is no warranty to speak of; with one whose dates nobody knows it is unknown', () => {
    expect(ask().warranty).toBeNull()
    const unknown = { ...bought('2025-01-01'), purchase_date: null }
    expect(ask({ warranty: unknown }).warranty).toMatchObject({ state: 'unknown', why: 'no_purchase_date' })
    expect(ask({ warranty: unknown, clauses: [] }).charging.parts.is).toBe('charged')
  })
})
