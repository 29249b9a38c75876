import { fail } from '../../engine/fields.ts'
import type { FieldProblem } from '../../engine/refusal.ts'
import { dayNumber } from '../../engine/time-zone.ts'
import type { Ctx } from '../context.ts'
import { startOfDay } from '../list-language.ts'

/** A half-open stretch of company days, with the instants at which it begins and ends, ISO. null: no bound. */
export type Period = { from: string | null; to: string | null; begins: string | null; ends: string | null }

export type Parameters = Readonly<Record<string, unknown>>
export const textOf = (parameters: Parameters, name: string): string | null => {
  const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined
  return typeof value === 'string' && value !== '' ? value : null
}

/** `from` and `to` are dates of the company; the last one counts whole. */
export function readPeriod(ctx: Ctx, parameters: Parameters, problems: FieldProblem[]): Period {
  const zone = ctx.company.time_zone
  const bound = (name: 'from' | 'to', days: 0 | 1): string | null => {
    const text = textOf(parameters, name)
    if (text === null) return null
    const day = dayNumber(text)
    if (day === null) problems.push(fail(name, 'not_a_date'))
    return day === null ? null : new Date(startOfDay(zone, day + days)).toISOString()
  }
  return { from: textOf(parameters, 'from'), to: textOf(parameters, 'to'), begins: bound('from', 0), ends: bound('to', 1) }
}

/** Names that a door does not know, and values that are no text, are told. */
export function checkNames(parameters: Parameters, known: readonly string[], problems: FieldProblem[]): void {
  for (const [name, value] of Object.entries(parameters)) {
    if (!known.includes(name)) problems.push(fail(name.slice(0, 100), 'unknown_field'))
    // eslint-disable-next-line no-control-regex
    else if (typeof value !== 'string' || value.length > 200 || /[\u0000-\u001f]|\p{Cs}/u.test(value)) {
      problems.push(fail(name, 'wrong_type'))
    }
  }
}
