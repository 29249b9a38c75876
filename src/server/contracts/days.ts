import { dateIn, instantIn } from '../company-time.ts'
import type { Ctx } from '../context.ts'

/** Days of contracts, batches and warranties: dates of the company's own time. */

const dayMs = 86_400_000

/** Today in company time, 'YYYY-MM-DD'. */
export const todayIn = (ctx: Ctx): string => dateIn(ctx.company.time_zone, ctx.now)

/** A date some days later (negative: earlier). */
export const plusDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10)

/** The end of a day in company time, ISO: the instant at which the next one begins. null for none. */
export const endOfDay = (ctx: Ctx, date: string | null): string | null =>
  (date === null ? null : new Date(instantIn(ctx.company.time_zone, plusDays(date, 1), 0)).toISOString())

/** Nine in the morning of a day, ISO: when people can begin with it. */
export const morningOf = (ctx: Ctx, date: string): string =>
  new Date(instantIn(ctx.company.time_zone, date, 9)).toISOString()
