import { minuteOf } from './calendar.ts'
import { dayNumber } from './time-zone.ts'

/** What can be wrong with a calendar; the words are in src/words. */
export type CalendarProblemCode =
  | 'not_an_object' | 'not_a_list' | 'not_a_text' | 'unknown_key' | 'empty' | 'too_long' | 'too_many'
  | 'bad_weekday' | 'bad_date' | 'bad_time' | 'from_not_before_to' | 'overlap' | 'bad_close' | 'bad_source'
  | 'bad_year' | 'repeated' | 'changes_nothing' | 'never_opens'

/** `path` names the field: 'week.1.0' is the first hours of Monday, 'exceptions.2026-10-01.open.0' those of a date. */
export type CalendarProblem = { path: string; code: CalendarProblemCode }

const nameLength = 60
const noteLength = 200
const hoursADay = 12
const exceptionCount = 3000
const yearCount = 200

/**
 * What is wrong with a calendar document from outside, field by field; [] when it may be compiled. Never throws.
 *
 * A calendar that never opens is a problem here (a mistake on a settings page), though it compiles.
 */
export function checkCalendar(doc: unknown): CalendarProblem[] {
  if (!isObject(doc)) return [{ path: '', code: 'not_an_object' }]
  const problems = [
    ...unknownKeys(doc, ['name', 'week', 'exceptions', 'known_years'], ''),
    ...textProblems(doc.name, 'name', nameLength),
    ...(typeof doc.name === 'string' && doc.name.trim() === '' ? [problem('name', 'empty')] : []),
    ...weekProblems(doc.week),
    ...exceptionsProblems(doc.exceptions),
    ...yearsProblems(doc.known_years),
  ]
  if (problems.length > 0) return problems
  const opens = [...Object.values(doc.week as object),
    ...Object.values(doc.exceptions as object).map((one: { open?: unknown[] }) => one.open ?? [])]
  return opens.some((hours: unknown[]) => hours.length > 0) ? [] : [problem('week', 'never_opens')]
}

function weekProblems(week: unknown): CalendarProblem[] {
  if (!isObject(week)) return [problem('week', 'not_an_object')]
  return Object.entries(week).flatMap(([day, hours]) => /^[1-7]$/.test(day)
    ? hoursProblems(hours, `week.${day}`) : [problem(`week.${day}`, 'bad_weekday')])
}

function exceptionsProblems(exceptions: unknown): CalendarProblem[] {
  if (!isObject(exceptions)) return [problem('exceptions', 'not_an_object')]
  const entries = Object.entries(exceptions)
  if (entries.length > exceptionCount) return [problem('exceptions', 'too_many')]
  return entries.flatMap(([date, exception]) => dayNumber(date) === null
    ? [problem(`exceptions.${date}`, 'bad_date')] : exceptionProblems(exception, `exceptions.${date}`))
}

function exceptionProblems(exception: unknown, path: string): CalendarProblem[] {
  if (!isObject(exception)) return [problem(path, 'not_an_object')]
  const { close, open, note, source } = exception
  const problems = unknownKeys(exception, ['close', 'open', 'note', 'source'], `${path}.`)
  if (typeof close === 'string' && close !== 'all') problems.push(problem(`${path}.close`, 'bad_close'))
  if (close !== undefined && typeof close !== 'string') problems.push(...hoursProblems(close, `${path}.close`))
  if (open !== undefined) problems.push(...hoursProblems(open, `${path}.open`))
  if (note !== undefined) problems.push(...textProblems(note, `${path}.note`, noteLength))
  if (source !== undefined && source !== 'statutory' && source !== 'company') {
    problems.push(problem(`${path}.source`, 'bad_source'))
  }
  if (close === undefined && open === undefined) problems.push(problem(path, 'changes_nothing'))
  return problems
}

function yearsProblems(years: unknown): CalendarProblem[] {
  if (years === null) return []
  if (!Array.isArray(years)) return [problem('known_years', 'not_a_list')]
  if (years.length > yearCount) return [problem('known_years', 'too_many')]
  return years.flatMap((year: unknown, index) => {
    const path = `known_years.${index}`
    if (!Number.isInteger(year) || Number(year) < 1970 || Number(year) > 9999) return [problem(path, 'bad_year')]
    return years.indexOf(year) === index ? [] : [problem(path, 'repeated')]
  })
}

function hoursProblems(hours: unknown, path: string): CalendarProblem[] {
  if (!Array.isArray(hours)) return [problem(path, 'not_a_list')]
  if (hours.length > hoursADay) return [problem(path, 'too_many')]
  const problems: CalendarProblem[] = []
  const seen: { from: number; to: number }[] = []
  for (const [index, pair] of hours.entries()) {
    const here = `${path}.${index}`
    const [from, to] = Array.isArray(pair) && pair.length === 2 ? pair.map(minuteIn) : [null, null]
    if (typeof from !== 'number' || typeof to !== 'number') problems.push(problem(here, 'bad_time'))
    else if (from >= to) problems.push(problem(here, 'from_not_before_to'))
    else {
      if (seen.some((one) => from < one.to && one.from < to)) problems.push(problem(here, 'overlap'))
      seen.push({ from, to })
    }
  }
  return problems
}

function minuteIn(time: unknown): number | null {
  return typeof time === 'string' ? minuteOf(time) : null
}

function textProblems(text: unknown, path: string, length: number): CalendarProblem[] {
  if (typeof text !== 'string') return [problem(path, 'not_a_text')]
  return text.length > length ? [problem(path, 'too_long')] : []
}

function unknownKeys(object: Record<string, unknown>, known: readonly string[], prefix: string): CalendarProblem[] {
  return Object.keys(object).filter((key) => !known.includes(key)).map((key) => problem(prefix + key, 'unknown_key'))
}

function problem(path: string, code: CalendarProblemCode): CalendarProblem {
  return { path, code }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
