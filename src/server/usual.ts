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
  return Object.fromEntries(needs.flatMap(([name, field]) => {
    const { usual } = field
    const answer = usual ? asAsked(field, answerOf(ctx, one, usual, sees)) : null
    return answer === null || answer === undefined ? [] : [[name, answer]]
  }))
}

/** Rows that lie somewhere else have more columns than are asked here, or none at all. */
function asAsked(field: AnyField, answer: unknown): unknown {
  if (field.kind !== 'lines' || !Array.isArray(answer)) return answer
  const rows = answer.map((row: object) => Object.fromEntries(Object.entries(row).filter(([name]) => name in field.columns)))
  return rows.length === 0 ? null : rows
}

function answerOf(ctx: Ctx, one: Case, usual: Usual, sees: (field: string) => boolean): unknown {
  if ('value' in usual) {
    return usual.when === undefined || guardHolds(one.process, usual.when, factsOf(ctx, one)) ? usual.value : null
  }
  if ('record' in usual) return sees(usual.record) ? one.values[usual.record] : null
  if ('fact' in usual) return (factsOf(ctx, one) as Record<string, unknown>)[usual.fact]
  if ('today' in usual) return dateIn(ctx.company.time_zone, ctx.now)
  const days = one.frozen.limits[usual.days]
  if (days === undefined) return null
  const calendar = calendarOf(one.settings, usual.calendar, ctx.company, aroundFor(ctx.now, ctx.now))
  const at = endOfDay(calendar, ctx.now, days)
  return at === null ? null : new Date(at).toISOString()
}
