import { addMonths } from '../../processes/customers/warranty.ts'
import { endOfDay } from '../../engine/calendar.ts'
import { dateIn, instantIn } from '../company-time.ts'
import type { Ctx } from '../context.ts'
import { type Effective, calendarOf } from '../settings.ts'

const dayMs = 86_400_000

/** So much later: whole days or whole months. */
export type Later = { days: number } | { months: number }

/**
 * When a visit is due that is counted from a date: the end of that working day; where the month has no such day, of its
 * last one; a rest day gives way to the next working day. Source: S0-045, A11.
 *
 * @param from 'YYYY-MM-DD'
 * @returns an instant, ISO
 */
export function dueLater(ctx: Ctx, settings: Effective, from: string, later: Later): string {
  const zone = ctx.company.time_zone
  const date = 'months' in later ? addMonths(from, later.months)
    : new Date(Date.parse(`${from}T00:00:00Z`) + later.days * dayMs).toISOString().slice(0, 10)
  const morning = instantIn(zone, date, 0)
  const end = endOfDay(calendarOf(settings, 'office', ctx.company, ctx.now), morning, 0)
  return new Date(end ?? instantIn(zone, date, 18)).toISOString()
}

/** Today in company time. */
export const todayIn = (ctx: Ctx): string => dateIn(ctx.company.time_zone, ctx.now)
