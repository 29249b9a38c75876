import { type Calendar, after, dayAt, openMs, startOfDay, workingDays } from './calendar.ts'
import { foldClock, runOf } from './clock.ts'
import type { ClockInput, ClockRule, ClockState, Limit, Moment, Stay } from './clock.ts'

/** Time used since the line's beginning (`ms`) and since the clock started; `sum_days` for working-day limits. */
type Used = { ms: number; sum_ms: number; sum_days: number | null }
type Span = { from: number; to: number }

/** break: between two openings of a date; night: before the first or after the last; day_off: the week is closed. */
export type ClosedReason = 'break' | 'night' | 'day_off' | 'holiday' | 'exception'

/** One line of «why this deadline?». Codes and figures; the words are made in src/words. Instants in ms. */
export type ExplainLine =
  | { code: 'idle' } | { code: 'beyond_horizon' } | { code: 'unknown_year'; year: number }
  | { code: 'started'; at: number }
  /** Open and counted; `note` names the exception that opened it (调休). */
  | ({ code: 'open'; note: string | null } & Span & Used)
  | ({ code: 'closed'; reason: ClosedReason; note: string | null } & Span)
  /** Open or not, the record was in another state. */
  | ({ code: 'away'; state: string } & Span)
  /** A run of whole ordinary dates, weekends among them. */
  | ({ code: 'dates'; open_days: number; closed_days: number } & Span & Used)
  /** Lines left out in the middle of a long explanation, with what they used. */
  | ({ code: 'folded'; lines: number } & Span & Used)
  | { code: 'due'; at: number; state: ClockState; projected: boolean }
  | { code: 'stopped'; at: number; state: ClockState }

/** Dates in a row that are told one by one before they are folded to one line. */
const datesInFull = 4
/** Lines of an explanation before its middle is folded. */
const linesInFull = 80

/**
 * «Why this deadline?»: every opening used or skipped from the start to the due instant (to the stop or the present
 * where no due instant is known), with running sums. At most some 90 lines, however long the history.
 *
 * Takes what `foldClock` takes and cannot disagree with it: the last sum is the elapsed time at the due instant.
 */
export function explainClock(rule: ClockRule, limit: Limit | null, history: readonly Moment[], calendar: Calendar,
  now: number, ended: boolean, passes = true): ExplainLine[] {
  const view = foldClock(rule, limit, history, calendar, now, ended, passes)
  const input: ClockInput = { rule, limit, history, calendar, now, ended }
  if (view.state === 'unknown') return [{ code: 'beyond_horizon' }]
  if (view.started_at === null || limit === null) return [{ code: 'idle' }]
  const run = runOf(input)
  const byRound = limit.unit === 'at' || limit.unit === 'end_of_day'
  const stays = byRound ? run.stays.slice(-1) : run.stays
  const { due_at: due } = view
  const stop = view.stopped_at
  const wanted = due !== null && (stop === null || due <= stop) ? due : stop ?? now
  const end = Math.min(wanted, calendar.horizon_to)
  const lines = linesOf(stays, end, input, limit.unit === 'working_days')
  const out: ExplainLine[] = [{ code: 'started', at: stays[0]!.from }, ...middleFolded(lines)]
  if (due !== null) out.push({ code: 'due', at: due, state: view.state, projected: !view.reached })
  if (stop !== null) out.push({ code: 'stopped', at: stop, state: view.state })
  for (const year of view.unknown_years) out.push({ code: 'unknown_year', year })
  if (view.beyond_horizon) out.push({ code: 'beyond_horizon' })
  return out
}

function linesOf(stays: readonly Stay[], end: number, input: ClockInput, inDays: boolean): ExplainLine[] {
  const lines: ExplainLine[] = []
  const sums = { ms: 0, days: inDays ? 0 : null }
  let left: number | null = null
  for (const stay of stays) {
    if (stay.from >= end) break
    if (left !== null && left < stay.from) {
      lines.push({ code: 'away', from: left, to: stay.from, state: stateAt(input, left) })
    }
    lines.push(...linesOfStay(stay.from, Math.min(stay.to ?? end, end), input.calendar, sums))
    left = stay.to
  }
  if (left !== null && left < end) lines.push({ code: 'away', from: left, to: end, state: stateAt(input, left) })
  return lines
}

/** The state that the record was in right after `at`. */
function stateAt(input: ClockInput, at: number): string {
  return input.history.findLast((moment) => moment.at <= at)?.to_state ?? ''
}

type Sums = { ms: number; days: number | null }
type DatePart = Span & { day: number; open: boolean; ordinary: boolean }

function linesOfStay(from: number, to: number, calendar: Calendar, sums: Sums): ExplainLine[] {
  const lines: ExplainLine[] = []
  const parts = datesOf(from, to, calendar)
  for (let index = 0; index < parts.length; index += 1) {
    let next = index
    while (next < parts.length && parts[next]!.ordinary) next += 1
    if (next - index > datesInFull) {
      const run = parts.slice(index, next)
      const span = { from: run[0]!.from, to: run.at(-1)!.to }
      const openDays = run.filter((part) => part.open).length
      lines.push({ code: 'dates', ...span, open_days: openDays, closed_days: run.length - openDays,
        ...count(span, calendar, sums) })
      index = next - 1
      continue
    }
    for (const line of linesOfDate(parts[index]!, calendar, sums)) pushMerged(lines, line)
  }
  return lines
}

/** A stay cut at local midnights. Ordinary: the whole date, without an exception. */
function datesOf(from: number, to: number, calendar: Calendar): DatePart[] {
  const parts: DatePart[] = []
  for (let at = from; at < to;) {
    const day = dayAt(calendar, at)
    const begin = startOfDay(calendar.spans, day)
    const midnight = startOfDay(calendar.spans, day + 1)
    const end = Math.min(to, midnight > at ? midnight : to)
    const ordinary = at === begin && end === midnight && !calendar.exceptions.has(day)
    parts.push({ day, from: at, to: end, ordinary, open: openMs(calendar, begin, Math.max(begin, midnight)) !== 0 })
    at = end
  }
  return parts
}

function linesOfDate(part: DatePart, calendar: Calendar, sums: Sums): ExplainLine[] {
  const exception = calendar.exceptions.get(part.day)
  const lines: ExplainLine[] = []
  let at = part.from
  const closedUntil = (to: number, reason: ClosedReason) => {
    if (at >= to) return
    const special = exception?.close !== undefined && reason !== 'night'
    lines.push({ code: 'closed', from: at, to, note: special ? exception.note ?? null : null,
      reason: special ? (exception.source === 'statutory' ? 'holiday' : 'exception') : reason })
  }
  const first = Math.max(0, after(calendar.starts, part.from) - 1)
  for (let index = first; calendar.starts[index]! < part.to; index += 1) {
    const span = { from: Math.max(part.from, calendar.starts[index]!), to: Math.min(part.to, calendar.ends[index]!) }
    if (span.from >= span.to) continue
    const sameDate = index > 0 && dayAt(calendar, calendar.starts[index - 1]!) === part.day
    closedUntil(span.from, sameDate ? 'break' : 'night')
    const note = exception?.open === undefined ? null : exception.note ?? null
    lines.push({ code: 'open', ...span, note, ...count(span, calendar, sums) })
    at = span.to
  }
  const opensLater = dayAt(calendar, calendar.starts[after(calendar.starts, at)] ?? Infinity) === part.day
  closedUntil(part.to, part.open ? (opensLater ? 'break' : 'night') : 'day_off')
  return lines
}

function count(span: Span, calendar: Calendar, sums: Sums): Used {
  const ms = openMs(calendar, span.from, span.to) ?? 0
  sums.ms += ms
  if (sums.days !== null) sums.days += workingDays(calendar, span.from, span.to) ?? 0
  return { ms, sum_ms: sums.ms, sum_days: sums.days }
}

/** Closed stretches that touch become one line when they have one reason; a night goes with what it touches. */
function pushMerged(lines: ExplainLine[], line: ExplainLine): void {
  const last = lines.at(-1)
  if (last?.code !== 'closed' || line.code !== 'closed') {
    lines.push(line)
    return
  }
  const same = last.reason === line.reason && last.note === line.note
  if (!same && last.reason !== 'night' && line.reason !== 'night') {
    lines.push(line)
    return
  }
  const stronger = last.reason === 'night' ? line : last
  lines[lines.length - 1] = { ...stronger, from: last.from, to: line.to }
}

function middleFolded(lines: readonly ExplainLine[]): ExplainLine[] {
  if (lines.length <= linesInFull) return [...lines]
  const half = linesInFull / 2
  const folded = lines.slice(half, -half)
  const used = folded.filter((line) => 'sum_ms' in line)
  const last = used.at(-1) ?? lines.slice(0, half).findLast((line) => 'sum_ms' in line)
  const spans = folded.filter((line) => 'from' in line)
  return [...lines.slice(0, half), {
    code: 'folded', lines: folded.length, from: spans[0]!.from, to: spans.at(-1)!.to,
    ms: used.reduce((sum, line) => sum + line.ms, 0), sum_ms: last?.sum_ms ?? 0, sum_days: last?.sum_days ?? null,
  }, ...lines.slice(-half)]
}
