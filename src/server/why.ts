import type { ExplainLine } from '../engine/clock-explain.ts'
import type { AnyProcess } from '../engine/define.ts'
import { labelOf } from './answer.ts'
import type { Ctx } from './context.ts'

const minuteMs = 60_000

/** One line of «why this deadline?» as a sentence in the reader's language, in the company's time. */
export function whySentence(ctx: Ctx, process: AnyProcess, line: ExplainLine): string {
  const { words } = ctx
  const span = 'from' in line ? { from: moment(ctx, line.from), to: end(ctx, line.from, line.to) } : {}
  const used = 'ms' in line ? { used: duration(ctx, line.ms), sum: duration(ctx, line.sum_ms) } : {}
  const note = 'note' in line && line.note ? `（${line.note}）` : ''
  switch (line.code) {
    case 'idle': return words.say('why.idle')
    case 'beyond_horizon': return words.say('why.beyond_horizon')
    case 'unknown_year': return words.say('why.unknown_year', { year: line.year })
    case 'started': return words.say('why.started', { at: moment(ctx, line.at) })
    case 'open': return words.say('why.open', { ...span, ...used, note })
    case 'closed': return words.say(`why.closed_${line.reason}`, { ...span, note })
    case 'away': return words.say('why.away', { ...span, state: labelOf(words, process, `state.${line.state}`) })
    case 'dates': return words.say('why.dates', { ...span, ...used, open: line.open_days, closed: line.closed_days })
    case 'folded': return words.say('why.folded', { ...span, ...used, lines: line.lines })
    case 'due': return words.say(line.projected ? 'why.due_projected' : 'why.due', { at: moment(ctx, line.at) })
    case 'stopped': return words.say(line.state === 'missed' ? 'why.stopped_missed' : 'why.stopped_kept',
      { at: moment(ctx, line.at) })
  }
}

function parts(ctx: Ctx, at: number, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(ctx.words.language === 'en' ? 'en-GB' : 'zh-CN',
    { timeZone: ctx.company.time_zone, hour12: false, ...options }).format(at)
}

const time = (ctx: Ctx, at: number) => parts(ctx, at, { hour: '2-digit', minute: '2-digit' })
const day = (ctx: Ctx, at: number) => parts(ctx, at, { month: 'numeric', day: 'numeric', weekday: 'short' })
const moment = (ctx: Ctx, at: number) => `${day(ctx, at)} ${time(ctx, at)}`

/** The end of a span: only the time when it lies on the same date. */
const end = (ctx: Ctx, from: number, to: number) =>
  (day(ctx, from) === day(ctx, to) ? time(ctx, to) : moment(ctx, to))

/** Minutes as people say them: 3 小时 30 分. */
export function duration(ctx: Ctx, ms: number): string {
  const minutes = Math.round(ms / minuteMs)
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  const { words } = ctx
  if (hours === 0) return words.say('duration.minutes', { minutes: rest })
  return rest === 0 ? words.say('duration.hours', { hours })
    : words.say('duration.hours_minutes', { hours, minutes: rest })
}
