import type { AnyProcess } from '../../engine/define.ts'
import type { AnyField } from '../../engine/fields.ts'
import type { FieldProblemCode } from '../../engine/refusal.ts'
import { offsetAt } from '../../engine/time-zone.ts'
import { wordsOf } from '../../words/index.ts'

/**
 * What a cell says, as the value of a field. Forms are checked by the engine afterwards; here only what people write in
 * tables is understood: dates of several shapes, money with its sign, choices by their words, ticks.
 */
export type Converted = { value: unknown } | { problem: FieldProblemCode; params?: Record<string, string | number> }
  /** Somebody or something that is looked up by this name. */
  | { named: string }

/** Which of the first two figures of 8/24/22 is the month. */
export type DateOrder = 'month_first' | 'day_first'

export type Reading = { process: AnyProcess; time_zone: string; order: DateOrder }

const yes = new Set(['是', '有', '对', '真', 'yes', 'y', 'true', '1', '√', '✓', '✔', 'on', '需要', '已'])
const no = new Set(['否', '无', '没有', '不', '假', 'no', 'n', 'false', '0', '×', '✗', 'off', '不需要', '未'])

const plain = (text: string): string => text.normalize('NFKC').trim()

/** An apostrophe before a sign is how a table keeps text from becoming a formula. */
const unquoted = (text: string): string => text.replace(/^'(?=[=+\-@])/, '')

export function convertCell(name: string, field: AnyField, given: string, reading: Reading): Converted {
  const text = plain(given)
  switch (field.kind) {
    case 'text': return { value: unquoted(given.trim()).replace(/\s*[\r\n\t]+\s*/g, ' ') }
    case 'long_text': return { value: unquoted(given.trim()) }
    case 'phone': return { value: unquoted(text).replace(/[‐-―－]/g, '-').replace(/\s+/g, ' ') }
    case 'email': return { value: text.replace(/^mailto:/i, '') }
    case 'date': return dateOf(text, reading.order)
    case 'instant': return instantOf(text, reading)
    case 'flag': return yes.has(text.toLowerCase()) ? { value: true } : no.has(text.toLowerCase()) ? { value: false }
      : { problem: 'not_an_option' }
    case 'confirm': return yes.has(text.toLowerCase()) ? { value: true } : { problem: 'not_an_option' }
    case 'choice': return optionOf(name, field.options, text, reading.process)
    case 'choices': return optionsOf(name, field.options, text, reading.process)
    case 'integer':
    case 'minutes': return numberOf(text, 1)
    case 'fen': return numberOf(text, 100)
    case 'quantity': return numberOf(text, 1000)
    case 'person':
    case 'record': return { named: text }
    default: return { problem: 'wrong_type' }
  }
}

const pad = (value: string | number, digits = 2): string => String(value).padStart(digits, '0')
const fullYear = (year: string): string => (year.length === 4 ? year : Number(year) > 69 ? `19${year}` : `20${year}`)

/** 2026-11-27, 2026/11/7, 2026年11月7日, 20261107, 11/7/26 (by the order of the column), or Excel's day number. */
function dateOf(text: string, order: DateOrder): Converted {
  const bare = text.replace(/[T ]\d{1,2}:\d{2}(:\d{2})?.*$/, '')
  const year = /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$/.exec(bare) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(bare)
  if (year) return { value: `${year[1]}-${pad(year[2]!)}-${pad(year[3]!)}` }
  const short = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})$/.exec(bare)
  if (short) {
    const [first, second] = order === 'month_first' ? [short[1]!, short[2]!] : [short[2]!, short[1]!]
    return { value: `${fullYear(short[3]!)}-${pad(first)}-${pad(second)}` }
  }
  const serial = /^\d{5}(\.\d+)?$/.test(bare) ? Number(bare) : 0
  if (serial >= 20_000 && serial < 80_000) {
    return { value: new Date(Math.floor(serial - 25_569) * 86_400_000).toISOString().slice(0, 10) }
  }
  return { problem: 'not_a_date' }
}

function instantOf(text: string, { time_zone, order }: Reading): Converted {
  if (/^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/.test(text)) return { value: text }
  const [, day = text, hours = '0', minutes = '0'] = /^(.*?)[T ]+(\d{1,2}):(\d{2})(?::\d{2})?$/.exec(text) ?? []
  const date = dateOf(day, order)
  if (!('value' in date)) return { problem: 'not_an_instant' }
  const local = Date.parse(`${date.value as string}T${pad(hours)}:${minutes}:00Z`)
  if (Number.isNaN(local)) return { problem: 'not_an_instant' }
  return { value: new Date(local - offsetAt(time_zone, local)).toISOString() }
}

const languages = ['zh', 'en'] as const

/** By its key or its word in either language. */
function optionOf(name: string, options: Readonly<Record<string, string>>, text: string, process: AnyProcess): Converted {
  const word = text.toLowerCase()
  const key = Object.keys(options).find((one) => one === word || languages.some((language) =>
    plain(wordsOf(language).label(`${process.name}.option.${name}.${one}`, options[one]!)).toLowerCase() === word))
  return key === undefined ? { problem: 'not_an_option' } : { value: key }
}

function optionsOf(name: string, options: Readonly<Record<string, string>>, text: string, process: AnyProcess): Converted {
  const found = text.split(/[、,，;；/]/).filter((one) => one.trim() !== '')
    .map((one) => optionOf(name, options, one.trim(), process))
  return found.find((one) => 'problem' in one) ?? { value: found.map((one) => (one as { value: unknown }).value) }
}

/** ¥1,234.50 → 123450 of hundredths. More places than the field keeps are a mistake, not to be rounded in silence. */
function numberOf(text: string, times: number): Converted {
  const bare = text.replace(/^[¥￥$€£]|(元|台|件|个|只|套|月|个月|分钟)$/g, '').replace(/(?<=\d)[,，](?=\d{3}(\D|$))/g, '').trim()
  if (!/^-?\d+(\.\d+)?$/.test(bare)) return { problem: 'wrong_type' }
  const value = Number((Number(bare) * times).toPrecision(15))
  return Number.isInteger(value) ? { value } : { problem: 'wrong_type' }
}
