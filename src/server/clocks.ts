import { type ClockRule, type ClockView, type Limit, type Moment, type WarnStep, aroundFor, foldClock, nextStrike }
  from '../engine/clock.ts'
import type { Agreed, AnyProcess, Clock, StateKind } from '../engine/define.ts'
import type { Ctx } from './context.ts'
import { type Effective, calendarOf } from './settings.ts'

/** All clocks of one case, folded at one instant. Source: docs/decisions/0002-service-time.md. */
export type ClocksOfCase = {
  views: readonly ClockView[]
  /** The earliest due instant of the running limits: what people see and lists sort by. */
  due_at: number | null
  /** The next step that will strike: what the timer waits for. */
  next: { clock: string; step: string; at: number } | null
  reached: Readonly<Record<string, { reached: boolean }>>
}

export type ClockSituation = {
  process: AnyProcess
  settings: Effective
  frozen: Effective
  values: Readonly<Record<string, unknown>>
  kind: StateKind
  /** What holds for this case by an agreement with its customer; null: the company's own figures. */
  agreed: Agreed | null
}

/** The rule and the limit that the engine folds, from the authoring form and the settings of the case. */
export function ruleOf(name: string, clock: Clock, limits: Readonly<Record<string, number>>,
  values: Readonly<Record<string, unknown>>, agreed: Agreed | null): { rule: ClockRule; limit: Limit | null } {
  const warn = (clock.warn ?? []).flatMap((step): WarnStep[] => {
    if ('share' in step) return [{ key: step.key, share: step.share }]
    const before = limits[step.before_minutes]
    return before === undefined ? [] : [{ key: step.key, before_minutes: before }]
  })
  const rule: ClockRule = { name, runs_in: clock.runs_in, stops_on: clock.stops_on, kind: clock.kind, warn }
  const figure = agreedFigure(clock, agreed)
  return { rule, limit: figure === null ? limitOf(clock, limits, values) : { unit: 'minutes', amount: figure.minutes } }
}

/** What the agreement of a case promises for a clock; null: nothing. */
export function agreedFigure(clock: Clock, agreed: Agreed | null): { minutes: number; calendar: string } | null {
  const figure = 'agreed' in clock.due ? clock.due.agreed : clock.agreed
  return figure === undefined ? null : agreed?.figures[figure] ?? null
}

/** The calendar that a clock runs by: the agreement's own where its figure is the limit and the company has it still. */
export function calendarKeyOf(clock: Clock, agreed: Agreed | null, calendars: Effective['calendars']): string {
  const key = agreedFigure(clock, agreed)?.calendar
  return key !== undefined && Object.hasOwn(calendars, key) ? key : clock.calendar
}

function limitOf({ due }: Clock, limits: Readonly<Record<string, number>>, values: Readonly<Record<string, unknown>>):
  Limit | null {
  if ('at' in due) {
    const at = values[due.at]
    return { unit: 'at', at: typeof at === 'string' ? Date.parse(at) : null }
  }
  if ('agreed' in due) return null
  if ('end_of_day' in due) return { unit: 'end_of_day', days: due.end_of_day }
  const unit = 'minutes' in due ? 'minutes' : 'working_days'
  const amount = limits['minutes' in due ? due.minutes : due.working_days]
  return amount === undefined ? null : { unit, amount }
}

/**
 * Folds every clock of a case from its history, at the instant of `ctx`; where the machine's clock was set back, at that of the
 * last event, or what was written would not be seen. Pure but for the cached calendars.
 */
export function clocksOf(ctx: Ctx, situation: ClockSituation, history: readonly Moment[], facts: object): ClocksOfCase {
  const { process, settings, frozen, values, kind, agreed } = situation
  const ended = kind === 'done' || kind === 'void'
  const now = Math.max(ctx.now, history.at(-1)?.at ?? ctx.now)
  const around = aroundFor(history[0]?.at ?? now, now)
  const views = Object.entries(process.clocks).map(([name, clock]) => {
    const { rule, limit } = ruleOf(name, clock, frozen.limits, values, agreed)
    const passes = !clock.when || (process.guards[clock.when]!.test as (facts: object) => boolean)(facts)
    const calendar = calendarOf(settings, calendarKeyOf(clock, agreed, settings.calendars), ctx.company, around)
    return foldClock(rule, limit, history, calendar, now, ended, passes)
  })
  const limits = views.filter((view) => view.kind === 'limit' && view.running)
  const dues = limits.flatMap((view) => (view.due_at === null ? [] : [view.due_at]))
  return { views, due_at: dues.length > 0 ? Math.min(...dues) : null, next: nextStrike(views),
    reached: Object.fromEntries(views.map((view) => [view.clock, { reached: view.reached }])) }
}
