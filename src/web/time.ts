import type { Say } from '../words/web.ts'

/** Times as people say them, in the company's time zone. Instants in ms since the epoch. */
export type Speech = { say: Say; language: 'zh' | 'en'; zone: string }

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

const formats = new Map<string, Intl.DateTimeFormat>()

function format(language: string, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${zone} ${JSON.stringify(options)}`
  const found = formats.get(key)
  if (found) return found
  const locale = language === 'en' ? 'en-GB' : 'zh-CN'
  const made = new Intl.DateTimeFormat(locale, { timeZone: zone, hourCycle: 'h23', ...options })
  formats.set(key, made)
  return made
}

/** '2026-11-21' of an instant. */
export const dayOf = (at: number, zone: string): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at)

/** 14:20 */
export const clockTime = (at: number, speech: Speech): string =>
  format(speech.language, speech.zone, { hour: '2-digit', minute: '2-digit' }).format(at)

const dayNumber = (at: number, zone: string): number => Date.parse(`${dayOf(at, zone)}T00:00:00Z`) / day

/** 今天, 昨天, 明天, 周五 (of the coming six days), 11月28日, 2027年1月3日 */
export function dayWords(at: number, now: number, speech: Speech): string {
  const apart = dayNumber(at, speech.zone) - dayNumber(now, speech.zone)
  if (apart === 0) return speech.say('time.today')
  if (apart === 1) return speech.say('time.tomorrow')
  if (apart === -1) return speech.say('time.yesterday')
  if (apart > 1 && apart < 7) return format(speech.language, speech.zone, { weekday: 'short' }).format(at)
  const sameYear = dayOf(at, speech.zone).slice(0, 4) === dayOf(now, speech.zone).slice(0, 4)
  const month = speech.language === 'en' ? 'short' : 'long'
  return format(speech.language, speech.zone, { month, day: 'numeric', ...(!sameYear && { year: 'numeric' }) })
    .format(at)
}

/** 今天 14:20 */
export const whenWords = (at: number, now: number, speech: Speech): string =>
  `${dayWords(at, now, speech)} ${clockTime(at, speech)}`

/** 2026年11月21日 星期六 14:20:05 */
export const fullWords = (at: number, speech: Speech): string =>
  format(speech.language, speech.zone, { year: 'numeric', month: 'long', day: 'numeric', weekday: 'long' }).format(at)
  + ` ${format(speech.language, speech.zone, { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(at)}`

/** 23 分, 1 小时 12 分, 2 天 3 小时: two units at most. */
export function spanWords(ms: number, { say }: Speech): string {
  const total = Math.max(0, Math.floor(ms / minute))
  if (total < 1) return say('time.under_a_minute')
  const days = Math.floor(total / 1440)
  const hours = Math.floor((total % 1440) / 60)
  const minutes = total % 60
  if (days > 0) return say('time.days', { n: days }) + (hours > 0 ? ` ${say('time.hours', { n: hours })}` : '')
  if (hours > 0) return say('time.hours', { n: hours }) + (minutes > 0 ? ` ${say('time.minutes', { n: minutes })}` : '')
  return say('time.minutes', { n: minutes })
}

export type Tone = 'running' | 'soon' | 'late' | 'kept' | 'quiet'

/** Below this a due instant is «soon» where the record's own warning is not known. */
const soonMs = 2 * hour

/** The short words of a due instant: 超时 23 分, 还剩 42 分, 今天 14:20, 周五 09:30. */
export function dueWords(at: number, now: number, speech: Speech,
  warnAt?: number | null): { tone: Tone; text: string } {
  const left = at - now
  if (left <= 0) return { tone: 'late', text: speech.say('time.late_by', { span: spanWords(-left, speech) }) }
  const soon = warnAt === undefined || warnAt === null ? left < soonMs : now >= warnAt
  if (soon && left < day) {
    return { tone: 'soon', text: speech.say('time.left', { span: spanWords(left, speech) }) }
  }
  return { tone: soon ? 'soon' : 'running', text: whenWords(at, now, speech) }
}

/** 'YYYY-MM-DD HH:mm:ss' on the wall of the zone → instant, ISO. */
export function fromWall(wall: string, zone: string): string {
  const wanted = Date.parse(`${wall.replace(' ', 'T')}Z`)
  let at = wanted
  for (let round = 0; round < 2; round += 1) at += wanted - Date.parse(`${toWall(at, zone).replace(' ', 'T')}Z`)
  return new Date(at).toISOString()
}

/** Instant → 'YYYY-MM-DD HH:mm:ss' on the wall of the zone. */
export function toWall(at: number, zone: string): string {
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit',
    second: '2-digit', hourCycle: 'h23' }).format(at)
  return `${dayOf(at, zone)} ${time}`
}
