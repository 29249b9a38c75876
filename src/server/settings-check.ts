import { minuteOf } from '../engine/calendar.ts'
import { checkCalendar } from '../engine/calendar-check.ts'
import { type AnyProcess, type Clock, own } from '../engine/define.ts'
import { cleanForm, cleanText } from '../engine/fields.ts'
import type { Profile, Schedule, Settings } from '../regulations/profile.ts'
import type { House } from './context.ts'
import { checkProcess, processShape } from './settings-check-process.ts'
import { cardProblems, checklistProblems } from './settings-check-words.ts'
import { type SettingsProblem, isPlain, listOf, say, textOf, unknownKeys } from './settings-shape.ts'
import { type Effective, layOver } from './settings.ts'

/** A sparse change as it comes from outside: by part and key the new value; null takes an override back. */
export type SettingsChange = Readonly<Record<string, unknown>>

export type Checked = { ok: true; overrides: Partial<Settings>; effective: Effective; calendars: boolean }
  | { ok: false; problems: SettingsProblem[] }

const parts = ['limits', 'texts', 'calendars', 'schedules', 'processes', 'cards', 'checklists'] as const
const limitMost = 1_000_000_000
const textMost = 2_000
const calendarsMost = 40
const schedulesMost = 200
const keyPattern = /^[a-z][a-z0-9_]{0,60}$/

/**
 * Would these overrides with this change be settings that the company can run on? Nothing may allow what a process
 * forbids, and everything that runs must still find its figure, calendar, role and field.
 *
 * @param before the overrides of the newest revision
 * @returns the overrides to be stored and what then holds; or every problem with the path of its field
 */
export function checkSettings(house: House, profile: Profile, before: Partial<Settings>, change: unknown): Checked {
  const shape = shapeProblems(house, change)
  if (shape.length > 0) return { ok: false, problems: shape }
  const asked = change as SettingsChange
  const overrides = applyChange(before, asked)
  const was = layOver(house, profile, before, 0)
  const effective = layOver(house, profile, overrides, 0)
  const problems = [
    ...limitProblems(house, profile, asked),
    ...textProblems(profile, asked),
    ...cardProblems(profile, asked.cards), ...checklistProblems(profile, asked.checklists),
    ...calendarProblems(house, effective, asked),
    ...Object.keys(asked.processes ?? {}).flatMap((name) =>
      checkProcess(house.processes[name]!, was.processes[name] ?? {}, effective.processes[name] ?? {})),
    ...scheduleProblems(effective, overrides, asked),
  ]
  return problems.length > 0 ? { ok: false, problems }
    : { ok: true, overrides, effective, calendars: Object.keys(asked.calendars ?? {}).length > 0 }
}

function shapeProblems(house: House, change: unknown): SettingsProblem[] {
  if (!isPlain(change)) return [say('', 'wrong_type')]
  const problems = unknownKeys(change, parts, '')
  for (const part of parts) {
    const given = change[part]
    if (given !== undefined && !isPlain(given)) problems.push(say(part, 'wrong_type'))
  }
  if (problems.length > 0) return problems
  for (const [name, settings] of Object.entries(change.processes ?? {})) {
    if (!own(house.processes, name)) problems.push(say(`processes.${name}`, 'no_such_process'))
    else if (settings !== null) problems.push(...processShape(settings, `processes.${name}`))
  }
  for (const [key, schedule] of Object.entries(change.schedules ?? {})) {
    if (schedule !== null) problems.push(...scheduleShape(schedule, `schedules.${key}`, key))
  }
  for (const [key, calendar] of Object.entries(change.calendars ?? {})) {
    const path = `calendars.${key}`
    if (calendar === null) continue
    if (!keyPattern.test(key)) problems.push(say(path, 'bad_key'))
    problems.push(...checkCalendar(calendar).map((one) =>
      say(one.path === '' ? path : `${path}.${one.path}`, one.code)))
  }
  return problems
}

/** The overrides with a change laid over; pure. */
export function applyChange(before: Partial<Settings>, change: SettingsChange): Partial<Settings> {
  const after: Record<string, unknown> = { ...before }
  for (const part of parts) {
    if (change[part] === undefined) continue
    const merged = laid(before[part], change[part] as object, mergeOf[part] ?? ((_old, next) => next))
    if (Object.keys(merged).length > 0) after[part] = merged
    else delete after[part]
  }
  return after as Partial<Settings>
}

/** Parts whose members are changed one by one themselves. */
const mergeOf: Readonly<Record<string, (old: unknown, next: object) => unknown>> = {
  processes: processLaid,
  cards: (old, next) => ({ ...old as object, ...next }),
  checklists: (old, next) => {
    const kinds = laid(old, next, (_before, items) => items)
    return Object.keys(kinds).length > 0 ? kinds : undefined
  },
}

/** Keys of the change over those before; null takes one away. */
function laid(before: unknown, change: object, merge: (old: unknown, next: object) => unknown):
  Record<string, unknown> {
  const merged: Record<string, unknown> = { ...before as object }
  for (const [key, next] of Object.entries(change)) {
    const value = next === null ? undefined : merge(merged[key], next as object)
    if (value === undefined) delete merged[key]
    else merged[key] = value
  }
  return merged
}

const nested = ['labels', 'require', 'forbid', 'extra', 'close']

/** Of a process labels, requirements, prohibitions and own fields are changed one by one. */
function processLaid(old: unknown, change: object): Record<string, unknown> | undefined {
  const merged = laid(old, change, (_before, next) => next)
  for (const key of nested) {
    const next = (change as Record<string, unknown>)[key]
    if (!isPlain(next)) continue
    const inner = laid((old as Record<string, unknown> | undefined)?.[key], next, (_before, value) => value)
    if (Object.keys(inner).length > 0) merged[key] = inner
    else delete merged[key]
  }
  return Object.keys(merged).length > 0 ? merged : undefined
}

/** Every figure that the company's regulation names, and every one that a clock of the house asks for. */
export function limitNames(house: House, profile: Settings): ReadonlySet<string> {
  const names = new Set(Object.keys(profile.limits))
  for (const process of Object.values(house.processes)) {
    for (const { due, warn } of Object.values(process.clocks as Record<string, Clock>)) {
      if ('minutes' in due) names.add(due.minutes)
      if ('working_days' in due) names.add(due.working_days)
      for (const step of warn ?? []) if ('before_minutes' in step) names.add(step.before_minutes)
    }
  }
  return names
}

function limitProblems(house: House, profile: Profile, { limits = {} }: SettingsChange): SettingsProblem[] {
  const known = limitNames(house, profile)
  return Object.entries(limits as object).flatMap(([name, value]: [string, unknown]) => {
    const path = `limits.${name}`
    if (!known.has(name)) return [say(path, 'no_such_limit')]
    if (value === null) return []
    if (typeof value !== 'number' || !Number.isFinite(value)) return [say(path, 'wrong_type')]
    if (value < 0) return [say(path, 'negative')]
    return value > limitMost ? [say(path, 'too_large')] : []
  })
}

/** Texts of paper and letters may have several lines, and may be empty: then they are left out. */
function textProblems(profile: Profile, { texts = {} }: SettingsChange): SettingsProblem[] {
  return Object.entries(texts as object).flatMap(([name, value]: [string, unknown]) => {
    const path = `texts.${name}`
    if (!Object.hasOwn(profile.texts, name)) return [say(path, 'no_such_text')]
    if (value === null) return []
    const outcome = cleanText(path, value, { max: textMost, lines: true })
    if ('problem' in outcome) return [say(path, outcome.problem.code === 'too_long' ? 'too_long' : 'not_a_text')]
    return []
  })
}

/** A calendar that something runs by cannot be taken away. */
function calendarProblems(house: House, effective: Effective, change: SettingsChange): SettingsProblem[] {
  const problems: SettingsProblem[] = []
  if (Object.keys(effective.calendars).length > calendarsMost) problems.push(say('calendars', 'too_many'))
  for (const [key, next] of Object.entries((change.calendars ?? {}) as object)) {
    const used = Object.values(house.processes).some((process: AnyProcess) =>
      Object.values(process.clocks as Record<string, Clock>).some((clock) => clock.calendar === key))
    if (next === null && used && !own(effective.calendars, key)) problems.push(say(`calendars.${key}`, 'in_use'))
  }
  return problems
}

function scheduleShape(schedule: unknown, path: string, key: string): SettingsProblem[] {
  if (!keyPattern.test(key)) return [say(path, 'bad_key')]
  if (!isPlain(schedule)) return [say(path, 'wrong_type')]
  const problems = [...unknownKeys(schedule, ['zh', 'process', 'action', 'at', 'input', 'rule', 'off'], path),
    ...textOf(schedule.zh, `${path}.zh`, 60)]
  for (const name of ['process', 'action'] as const) {
    if (typeof schedule[name] !== 'string') problems.push(say(`${path}.${name}`, 'wrong_type'))
  }
  if (!isPlain(schedule.input)) problems.push(say(`${path}.input`, 'wrong_type'))
  if (schedule.rule !== undefined) problems.push(...listOf(schedule.rule, `${path}.rule`))
  if (schedule.off !== undefined && schedule.off !== true) problems.push(say(`${path}.off`, 'wrong_type'))
  return [...problems, ...timetableShape(schedule.at, `${path}.at`)]
}

function timetableShape(at: unknown, path: string): SettingsProblem[] {
  if (!isPlain(at)) return [say(path, 'wrong_type')]
  const problems = unknownKeys(at, ['time', 'weekday', 'day', 'calendar'], path)
  const minute = typeof at.time === 'string' ? minuteOf(at.time) : null
  if (minute === null || minute >= 1440) problems.push(say(`${path}.time`, 'bad_time'))
  const between = (value: unknown, from: number, to: number) =>
    Number.isInteger(value) && Number(value) >= from && Number(value) <= to
  if (at.weekday !== undefined && !between(at.weekday, 1, 7)) problems.push(say(`${path}.weekday`, 'bad_weekday'))
  if (at.day !== undefined && (!between(at.day, -28, 31) || at.day === 0)) problems.push(say(`${path}.day`, 'bad_day'))
  if (at.weekday !== undefined && at.day !== undefined) problems.push(say(`${path}.day`, 'weekday_or_day'))
  if (at.calendar !== undefined && typeof at.calendar !== 'string') problems.push(say(`${path}.calendar`, 'wrong_type'))
  return problems
}

/** Every schedule that would fire: also one whose process, calendar or role this change takes away. */
function scheduleProblems(effective: Effective, overrides: Partial<Settings>, change: SettingsChange):
  SettingsProblem[] {
  const problems = Object.keys(overrides.schedules ?? {}).length > schedulesMost ? [say('schedules', 'too_many')] : []
  for (const [key, schedule] of Object.entries(effective.schedules)) {
    const asked = isPlain(change.schedules) && Object.hasOwn(change.schedules, key)
    const process = own(effective.definitions, schedule.process)
    // A process that is switched off rests its schedules; one that is asked for must be on.
    if (!process && !asked) continue
    problems.push(...oneSchedule(effective, schedule, `schedules.${key}`, process))
  }
  return problems
}

function oneSchedule(effective: Effective, schedule: Schedule, path: string, process: AnyProcess | undefined):
  SettingsProblem[] {
  if (!process) return [say(`${path}.process`, 'no_such_process')]
  const action = own(process.actions, schedule.action)
  if (!action || action.retired || action.from !== null) return [say(`${path}.action`, 'not_a_creation')]
  if (!action.by.includes('system')) return [say(`${path}.action`, 'not_by_system')]
  const problems: SettingsProblem[] = []
  if (schedule.at.calendar !== undefined && !own(effective.calendars, schedule.at.calendar)) {
    problems.push(say(`${path}.at.calendar`, 'no_such_calendar'))
  }
  const form = cleanForm(action.needs ?? {}, schedule.input, () => false)
  if (!form.ok) {
    problems.push(...form.problems.map(({ field, code }) =>
      say(field === '' ? `${path}.input` : `${path}.input.${field}`, `input_${code}`)))
  }
  return problems
}
