import { actionOf, guardHolds } from '../engine/decide.ts'
import { endOfDay } from '../engine/calendar.ts'
import { aroundFor } from '../engine/clock.ts'
import { type AnyField, type Usual } from '../engine/fields.ts'
import { type Case, factsOf } from './case.ts'
import { dateIn } from './company-time.ts'
import type { Ctx } from './context.ts'
import { seenFields } from './seen.ts'
import { calendarOf } from './settings.ts'

/**
 * What the form of an action begins with, by field: what is usually answered. Nothing that this reader may not see; what
 * has no answer yet is left out.
 */
export function usualAnswers(ctx: Ctx, one: Case, action: string): Record<string, unknown> {
  const needs = Object.entries(actionOf(one.process, action)?.needs ?? {}) as [string, AnyField][]
  const sees = seenFields(one.process, ctx.actor)
  return Object.fromEntries(needs.flatMap(([name, { usual }]) => {
    const answer = usual ? answerOf(ctx, one, usual, sees) : null
    return answer === null || answer === undefined ? [] : [[name, answer]]
  }))
}

function answerOf(ctx: Ctx, one: Case, usual: Usual, sees: (field: string) => boolean): unknown {
  if ('value' in usual) {
    return usual.when === undefined || guardHolds(one.process, usual.when, factsOf(ctx, one)) ? usual.value : null
  }
  if ('record' in usual) return sees(usual.record) ? one.values[usual.record] : null
  if ('today' in usual) return dateIn(ctx.company.time_zone, ctx.now)
  const days = one.frozen.limits[usual.days]
  if (days === undefined) return null
  const calendar = calendarOf(one.settings, usual.calendar, ctx.company, aroundFor(ctx.now, ctx.now))
  const at = endOfDay(calendar, ctx.now, days)
  return at === null ? null : new Date(at).toISOString()
}
