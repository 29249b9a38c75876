import type { Effective } from '../settings.ts'
import type { House } from '../context.ts'
import { nameKey, phoneKey, serialKey } from './keys.ts'

/** What somebody has typed so far, as ranges of keys. Pure. */

export const typedMost = 80
/** Keys are cut to so many characters in the database. */
const keyMost = 24
/** Above every character: the end of a range of texts that begin alike. */
export const after = '\u{10FFFF}'

export type KeyKind = 'phone' | 'name' | 'initials' | 'pinyin' | 'serial'
/** One range of the look-up: keys of a kind from `low` on, below `high`. */
export type KeyRange = { kind: KeyKind; starts: boolean; low: string; high: string }

const phoneLike = /^[+\d\s\-()（）#*转]+$/
const cut = (key: string): string => [...key].slice(0, keyMost).join('')

/** The ranges that a typed text is looked for in: at most nine, each read to a bounded depth. */
export function rangesOf(typed: string): KeyRange[] {
  const ranges: KeyRange[] = []
  const add = (kind: KeyKind, key: string, starts: readonly boolean[] = [true, false]) => {
    const low = cut(key)
    for (const one of starts) ranges.push({ kind, starts: one, low, high: low + after })
  }
  const digits = phoneLike.test(typed) ? phoneKey(typed) : ''
  if (digits.length >= 3) add('phone', digits)
  const serial = serialKey(typed)
  if (serial.length >= 3 && /^[\dA-Z]+$/.test(serial)) add('serial', serial)
  const name = nameKey(typed)
  // One character alone only begins a name: it is part of too many.
  if (name.length >= 2) add('name', name)
  else if (/\p{Script=Han}/u.test(name)) add('name', name, [true])
  if (/^[a-z]{2,}$/.test(name)) {
    add('initials', name)
    add('pinyin', name, [true])
  }
  return ranges
}

const monthsBack = 13
const yearsBack = 3
const daysBack = 31

type Period = 'month' | 'year' | 'day' | 'ever'

/** Stamps of the last periods, newest first: '202611', '202610', … */
function stampsOf(period: Period, today: string): string[] {
  const [year, month, day] = today.split('-').map(Number) as [number, number, number]
  const at = (date: Date, length: number) => date.toISOString().slice(0, 10).replaceAll('-', '').slice(0, length)
  switch (period) {
    case 'ever': return ['']
    case 'year': return Array.from({ length: yearsBack }, (_, back) => String(year - back))
    case 'month': return Array.from({ length: monthsBack }, (_, back) => at(new Date(Date.UTC(year, month - 1 - back)), 6))
    case 'day': return Array.from({ length: daysBack }, (_, back) => at(new Date(Date.UTC(year, month - 1, day - back)), 8))
  }
}

/** How the numbers of each process are made in this company. */
export type NumberShape = { prefix: string; period: Period; digits: number }

export const numberShapes = (house: House, settings: Effective): NumberShape[] => Object.keys(settings.definitions)
  .map((name) => ({ ...house.nouns[name]!.number, ...settings.processes[name]?.number }))

/**
 * Whole numbers of cases that a typed part can mean: '42', '0042' → WX202611-0042, WX202610-0042 …; '11-42' and
 * '20261142' name the period as well. [] when it is no part of a number.
 */
export function numbersMeant(typed: string, shapes: readonly NumberShape[], today: string): string[] {
  const parts = /^(?:(\d{1,8})-)?(\d{1,6})$/.exec(typed)
  const meant: { period: string; sequence: string }[] = []
  if (parts && (parts[1] !== undefined || parts[2]!.length >= 2)) {
    meant.push({ period: parts[1] ?? '', sequence: parts[2]! })
  }
  for (const length of [6, 8]) {
    if (/^\d+$/.test(typed) && typed.length >= length + 2 && typed.length <= length + 6) {
      meant.push({ period: typed.slice(0, length), sequence: typed.slice(length) })
    }
  }
  return [...new Set(meant.flatMap(({ period, sequence }) => shapes.flatMap((shape) =>
    stampsOf(shape.period, today).filter((stamp) => stamp.endsWith(period))
      .map((stamp) => `${shape.prefix}${stamp}-${sequence.replace(/^0+/, '').padStart(shape.digits, '0')}`))))]
}
