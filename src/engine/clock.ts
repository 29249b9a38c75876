import { covers, dueAfterMs, dueAfterWorkingDays, endOfDay, openMs, openMsBefore, workingDays, yearsWithoutDays }
  from './calendar.ts'
import type { Calendar } from './calendar.ts'
import { dayMs } from './time-zone.ts'

/** limit: must be left in time. minimum: must not be left before. */
export type ClockKind = 'limit' | 'minimum'

/** What a company allows, after its settings and the record's fields are read. */
export type Limit =
  | { unit: 'minutes'; amount: number }
  | { unit: 'working_days'; amount: number }
  | { unit: 'at'; at: number | null }
  | { unit: 'end_of_day'; days: number }

/** What the fold needs of one event. `strike` marks the engine's own warn and overdue events. */
export type Moment = {
  seq: number
  at: number
  action: string
  /** The state after the event: the same as before for a note, a reply, a strike. */
  to_state: string
  strike?: { clock: string; step: string }
}

/** A warning: at a share (0..1) of the limit, or some open minutes before it is due. The key 'due' is taken. */
export type WarnStep = { key: string; share?: number; before_minutes?: number }

export type ClockRule = {
  name: string
  runs_in: readonly string[]
  stops_on?: readonly string[]
  kind: ClockKind
  warn: readonly WarnStep[]
}

/** All that a fold depends on; nothing else is remembered anywhere. */
export type ClockInput = {
  rule: ClockRule
  limit: Limit | null
  /** Sorted by `at`, then `seq`. */
  history: readonly Moment[]
  calendar: Calendar
  now: number
  ended: boolean
}

/**
 * idle     has no limit, fails its guard, or never entered a running state
 * running  in a running state; the limit (minimum) is not used up
 * paused   started, now in another state; may come back
 * late     limit: was in a running state after the due instant, and is not stopped
 * met      minimum: the time is used, and it is not stopped: it may be left
 * kept     stopped or ended: a limit never ran past its due instant, a minimum was used up
 * missed   stopped or ended otherwise
 * unknown  its history lies outside the calendar's horizon: compile the calendar round `aroundFor`
 */
export type ClockState = 'idle' | 'running' | 'paused' | 'late' | 'met' | 'kept' | 'missed' | 'unknown'

export type StepView = {
  key: string
  /** When it is reached; null when it is not reached as things stand (paused, stopped before, beyond the horizon). */
  at: number | null
  /** withdrawn: it was told, but by today's calendar and history it had not been reached; it is armed again. */
  struck: 'no' | 'yes' | 'withdrawn'
}

export type ClockView = {
  clock: string
  kind: ClockKind
  state: ClockState
  /** In a running state and not stopped: time is being used whenever the calendar is open. */
  running: boolean
  started_at: number | null
  stopped_at: number | null
  /** Open time in running states until now or the stop; null beyond the horizon. */
  elapsed_ms: number | null
  limit_ms: number | null
  /** Negative: run over by so much open time. While a working-day clock is paused, as if it had gone on. */
  left_ms: number | null
  /** For working-day limits, in working days. */
  left_days: number | null
  /** Projected while running; the true instant once reached; of a stopped clock, what it was at the stop. */
  due_at: number | null
  /** The limit (minimum) has been reached. For 'at' and 'end_of_day', since the latest entry. */
  reached: boolean
  /** When it was first reached. A limit left at that very instant is still kept: ask `state` for the verdict. */
  crossed_at: number | null
  /** The warnings in order, then 'due'. */
  steps: StepView[]
  /** The step that strikes next if nothing happens; may lie in the past when it was not told yet. */
  next: { step: string; at: number } | null
  /** Years between start and due whose statutory days are not loaded. */
  unknown_years: number[]
  /** The due instant lies beyond what the calendar can answer. */
  beyond_horizon: boolean
}

/** One stay in running states; to is null while it lasts. */
export type Stay = { from: number; to: number | null }
export type Run = { stays: readonly Stay[]; stopped_at: number | null }

/** What a limit comes to, whatever its unit. */
type Outcome = {
  /** Of the limit as it stands: reached, or projected from the last stay as if it went on. */
  due: number | null
  reached: boolean
  /** A running state lasted beyond the due instant: since the latest entry, and ever. */
  exceeded: boolean
  ever_exceeded: boolean
  crossed_at: number | null
  limit_ms: number | null
  left_ms: number | null
  left_days: number | null
  /** When a step is reached if the run is taken as it is; null when it is not. */
  step: (step: WarnStep | 'due') => number | null
  /** Was a strike at `at` right when it was made? */
  justified: (step: WarnStep | 'due', at: number) => boolean
}

type Measure = {
  used: (calendar: Calendar, from: number, to: number) => number | null
  due: (left: number, calendar: Calendar, from: number) => number | null
}
const openTime: Measure = { used: openMs, due: dueAfterMs }
const daysWorked: Measure = { used: workingDays, due: dueAfterWorkingDays }

/**
 * A clock, folded from its record's history: nothing is paused, patched or kept between calls, so a late fact or a
 * corrected calendar needs no repair, only another fold.
 *
 * Elapsed = time in the `runs_in` states, from the first entry until the first `stops_on` action after it or the
 * record's end, while the calendar is open; several stays add up. An 'at' limit does not move; an 'end_of_day' limit
 * begins anew with each entry, and missing it once is a miss.
 *
 * @param limit    null: the company set no limit, the clock does not run
 * @param history  moments after `now` are not seen: with a past `now`, the clock as it stood then
 * @param ended    the record is in a state of kind done or void
 * @param passes   the clock's `when` guard
 * @throws Error when the history is not sorted: a fault of the caller
 * Source: docs/decisions/0002-service-time.md
 */
export function foldClock(rule: ClockRule, limit: Limit | null, history: readonly Moment[], calendar: Calendar,
  now: number, ended: boolean, passes = true): ClockView {
  const input: ClockInput = { rule, limit, history, calendar, now, ended }
  const run = passes ? runOf(input) : { stays: [], stopped_at: null }
  const first = run.stays[0]
  const noLimit = limit === null || (limit.unit === 'at' && !Number.isFinite(limit.at))
  if (noLimit || first === undefined) return idle(input)
  const seen = run.stays.every((stay) => covers(calendar, stay.from) && covers(calendar, stay.to ?? now))
  if (!seen) return { ...idle(input), ...partsOf(run), state: 'unknown', beyond_horizon: true }
  const outcome = limit.unit === 'minutes' || limit.unit === 'working_days'
    ? sumOutcome(limit, run, calendar, now) : roundOutcome(limit, run, calendar, now)
  const parts = partsOf(run)
  const stoppedWhileRunning = run.stopped_at !== null && run.stays.at(-1)?.to === run.stopped_at
  const fixed = limit.unit === 'at' || outcome.reached || outcome.exceeded
  const dueAt = parts.running || fixed || stoppedWhileRunning ? outcome.due : null
  const state = stateOf(rule.kind, parts, outcome)
  const steps = [...rule.warn, 'due' as const].map((step) => stepView(step, input, outcome))
  return {
    clock: rule.name, kind: rule.kind, state, ...parts,
    elapsed_ms: usedBy(openTime, run.stays, calendar, now),
    limit_ms: outcome.limit_ms, left_ms: outcome.left_ms, left_days: outcome.left_days,
    due_at: dueAt, reached: outcome.reached, crossed_at: outcome.crossed_at,
    steps, next: nextStep(steps, parts.running, state),
    unknown_years: yearsWithoutDays(calendar, first.from,
      run.stopped_at ?? dueAt ?? (outcome.due === null ? calendar.horizon_to : now)),
    beyond_horizon: outcome.due === null || !covers(calendar, outcome.due),
  }
}

/** The earliest step to strike over all clocks of a record: its one timer row. null: none is to come. */
export function nextStrike(views: readonly ClockView[]): { clock: string; step: string; at: number } | null {
  let first: { clock: string; step: string; at: number } | null = null
  for (const { clock, next } of views) {
    if (next !== null && (first === null || next.at < first.at)) first = { clock, ...next }
  }
  return first
}

/** Round which instant to compile the calendar that folds a record: now, or for an old record so that it is covered. */
export function aroundFor(opened: number, now: number): number {
  return Math.min(now, opened + 399 * dayMs)
}

/** The stays in running states up to `now`, and when the clock stopped for good. */
export function runOf(input: Pick<ClockInput, 'rule' | 'history' | 'now' | 'ended'>): Run {
  const { rule, history, now, ended } = input
  const stays: Stay[] = []
  let open: Stay | null = null
  let state: string | null = null
  let stateSince = -Infinity
  let before: Moment | null = null
  for (const moment of history) {
    if (before !== null && (moment.at < before.at || (moment.at === before.at && moment.seq < before.seq))) {
      throw new Error(`history is not sorted at seq ${moment.seq}`)
    }
    if (moment.at > now) break
    before = moment
    if (stays.length > 0 && rule.stops_on?.includes(moment.action)) {
      if (open !== null) open.to = moment.at
      return { stays, stopped_at: moment.at }
    }
    if (moment.to_state !== state) stateSince = moment.at
    state = moment.to_state
    const runs = rule.runs_in.includes(state)
    if (runs && open === null) stays.push(open = { from: moment.at, to: null })
    if (!runs && open !== null) {
      open.to = moment.at
      open = null
    }
  }
  if (!ended || stays.length === 0) return { stays, stopped_at: null }
  if (open !== null) open.to = Math.max(open.from, stateSince)
  return { stays, stopped_at: stateSince }
}

function partsOf(run: Run) {
  return {
    running: run.stopped_at === null && run.stays.at(-1)?.to === null,
    started_at: run.stays[0]?.from ?? null,
    stopped_at: run.stopped_at,
  }
}

function stateOf(kind: ClockKind, parts: { running: boolean; stopped_at: number | null }, outcome: Outcome):
ClockState {
  if (parts.stopped_at !== null) {
    const kept = kind === 'minimum' ? outcome.reached : !outcome.ever_exceeded
    return kept ? 'kept' : 'missed'
  }
  if (kind === 'minimum' && outcome.reached) return 'met'
  if (kind === 'limit' && outcome.exceeded) return 'late'
  return parts.running ? 'running' : 'paused'
}

function idle(input: ClockInput): ClockView {
  const steps = [...input.rule.warn, 'due' as const].map((step): StepView => {
    const key = keyOf(step)
    return { key, at: null, struck: strikesOf(input, key).length > 0 ? 'withdrawn' : 'no' }
  })
  return {
    clock: input.rule.name, kind: input.rule.kind, state: 'idle', running: false, started_at: null, stopped_at: null,
    elapsed_ms: null, limit_ms: null, left_ms: null, left_days: null, due_at: null, reached: false, crossed_at: null,
    steps, next: null, unknown_years: [], beyond_horizon: false,
  }
}

/** Limits that are used up: minutes and working days, added over all stays. */
function sumOutcome(limit: { unit: 'minutes' | 'working_days'; amount: number }, run: Run, calendar: Calendar,
  now: number): Outcome {
  const measure = limit.unit === 'minutes' ? openTime : daysWorked
  const amount = limit.unit === 'minutes' ? Math.round(limit.amount * 60_000) : limit.amount
  const last = run.stays.at(-1)!
  const endless = [...run.stays.slice(0, -1), { from: last.from, to: null }]
  const due = reach(endless, amount, measure, calendar)
  const end = last.to ?? now
  const reached = due !== null && due <= end
  const exceeded = due !== null && end > due
  const limitMs = limit.unit === 'minutes' ? amount
    : due === null ? null : usedBy(openTime, upTo(endless, due), calendar, due)
  const elapsed = usedBy(openTime, run.stays, calendar, now)
  const step = (one: WarnStep | 'due') => {
    if (one === 'due') return due
    if (one.share !== undefined) {
      const part = amount * one.share
      return reach(endless, limit.unit === 'minutes' ? Math.round(part) : part, measure, calendar)
    }
    if (limitMs === null) return null
    return reach(endless, limitMs - Math.round((one.before_minutes ?? 0) * 60_000), openTime, calendar)
  }
  const truly = (at: number | null) => (at !== null && last.to !== null && at > last.to ? null : at)
  const used = usedBy(measure, run.stays, calendar, now)
  return {
    due, reached, exceeded, ever_exceeded: exceeded, crossed_at: reached ? due : null, limit_ms: limitMs,
    left_ms: limitMs === null || elapsed === null ? null : limitMs - elapsed,
    left_days: limit.unit === 'minutes' || used === null ? null : amount - used,
    step: (one) => truly(step(one)),
    justified: (one, at) => at >= (truly(step(one)) ?? Infinity),
  }
}

/** Limits that name an instant: each entry is a round of its own with its due instant. */
function roundOutcome(limit: { unit: 'at'; at: number | null } | { unit: 'end_of_day'; days: number }, run: Run,
  calendar: Calendar, now: number): Outcome {
  const dueOf = (stay: Stay) => limit.unit === 'at' ? limit.at : endOfDay(calendar, stay.from, limit.days)
  const late = (stay: Stay) => (stay.to ?? now) > (dueOf(stay) ?? Infinity)
  const last = run.stays.at(-1)!
  const due = dueOf(last)
  const reached = due !== null && (last.to ?? now) >= due
  const missed = run.stays.find(late) ?? (reached ? last : undefined)
  const step = (one: WarnStep | 'due', stay: Stay) => {
    const at = instantOfStep(one, stay, dueOf(stay), calendar)
    return at !== null && stay.to !== null && at > stay.to ? null : at
  }
  return {
    due, reached, exceeded: late(last), ever_exceeded: run.stays.some(late),
    crossed_at: missed === undefined ? null : Math.max(missed.from, dueOf(missed)!),
    limit_ms: due === null ? null : openMs(calendar, last.from, due),
    left_ms: due === null ? null : signedOpenMs(calendar, run.stopped_at ?? now, due),
    left_days: null,
    step: (one) => step(one, last),
    justified: (one, at) => {
      const stay = run.stays.findLast((round) => round.from <= at)
      return stay !== undefined && at >= (step(one, stay) ?? Infinity)
    },
  }
}

function instantOfStep(step: WarnStep | 'due', stay: Stay, due: number | null, calendar: Calendar): number | null {
  if (step === 'due' || due === null) return due
  if (step.share === undefined) {
    const at = openMsBefore(Math.round((step.before_minutes ?? 0) * 60_000), calendar, due)
    return at === null ? null : Math.max(at, Math.min(stay.from, due))
  }
  const whole = openMs(calendar, stay.from, due)
  return whole === null ? null : Math.min(due, dueAfterMs(Math.round(whole * step.share), calendar, stay.from) ?? due)
}

/** When `amount` is used up over stays of which the last has no end; null when not inside the horizon. */
function reach(stays: readonly Stay[], amount: number, measure: Measure, calendar: Calendar): number | null {
  let used = 0
  for (const stay of stays) {
    const at = measure.due(amount - used, calendar, stay.from)
    if (stay.to === null || (at !== null && at <= stay.to)) return at
    used += measure.used(calendar, stay.from, stay.to) ?? 0
  }
  return null
}

function usedBy(measure: Measure, stays: readonly Stay[], calendar: Calendar, now: number): number | null {
  let used = 0
  for (const stay of stays) {
    const part = measure.used(calendar, stay.from, stay.to ?? now)
    if (part === null) return null
    used += part
  }
  return used
}

function upTo(stays: readonly Stay[], at: number): Stay[] {
  return stays.filter((stay) => stay.from < at).map((stay) => ({ from: stay.from, to: Math.min(stay.to ?? at, at) }))
}

function signedOpenMs(calendar: Calendar, from: number, to: number): number | null {
  const ms = openMs(calendar, Math.min(from, to), Math.max(from, to))
  return ms === null || to >= from || ms === 0 ? ms : -ms
}

function keyOf(step: WarnStep | 'due'): string {
  return step === 'due' ? 'due' : step.key
}

function strikesOf(input: ClockInput, key: string): number[] {
  return input.history
    .filter(({ at, strike }) => at <= input.now && strike?.clock === input.rule.name && strike.step === key)
    .map(({ at }) => at)
}

function stepView(step: WarnStep | 'due', input: ClockInput, outcome: Outcome): StepView {
  const key = keyOf(step)
  const at = outcome.step(step)
  const strikes = strikesOf(input, key)
  if (at !== null && strikes.some((strike) => strike >= at)) return { key, at, struck: 'yes' }
  const wrong = strikes.some((strike) => !outcome.justified(step, strike))
  return { key, at, struck: wrong ? 'withdrawn' : 'no' }
}

function nextStep(steps: readonly StepView[], running: boolean, state: ClockState): ClockView['next'] {
  // A breach that nobody was told yet is told even after the running state was left; a warning no longer helps then.
  const open = running ? steps : state === 'late' ? steps.slice(-1) : []
  let next: ClockView['next'] = null
  for (const { key, at, struck } of open) {
    if (at !== null && struck !== 'yes' && (next === null || at < next.at)) next = { step: key, at }
  }
  return next
}
