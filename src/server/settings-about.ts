import { type AnyProcess, type Clock, type Guard, fieldsOf, own } from '../engine/define.ts'
import { roles } from '../engine/roles.ts'
import type { Profile, Settings } from '../regulations/profile.ts'
import { limitWords, settingWords } from '../words/limits.ts'
import { labelOf } from './answer.ts'
import type { Ctx, House } from './context.ts'
import { localField } from './definitions.ts'
import { roleLabel } from './record-view.ts'
import type { SettingsView } from './views.ts'

type LimitAbout = SettingsView['about'][string]

const units = ['minutes', 'days', 'months', 'fen', 'thousandths'] as const

/** A figure's unit stands last in its name, or last but one («warranty.months.pc»); else it is a number of times. */
const unitOf = (name: string): LimitAbout['unit'] =>
  units.find((unit) => name.endsWith(`_${unit}`) || name.split('.').includes(unit)) ?? 'times'

/**
 * Every figure in words: what it binds, its unit, whether it is counted in working days, the rules that it belongs to
 * (those of the clocks and guards that ask for it) and the process it is of.
 */
export function aboutLimits(ctx: Ctx, processes: House['processes'], names: readonly string[]):
  Record<string, LimitAbout> {
  return Object.fromEntries(names.map((name) => [name, aboutLimit(ctx, processes, name)]))
}

/** Figures that mean something here: not those that only processes ask for which this company has switched off. */
export function limitsInUse(house: House, on: House['processes'], names: readonly string[]): string[] {
  const asks = (processes: House['processes'], name: string) =>
    Object.values(processes).some((process) => usesOf(process, name).length > 0)
  return names.filter((name) => asks(on, name) || (!asks(house.processes, name)
    && (familyOf(on, name) !== undefined || familyOf(house.processes, name) === undefined)))
}

function aboutLimit(ctx: Ctx, processes: House['processes'], name: string): LimitAbout {
  const uses = Object.values(processes).flatMap((process) => usesOf(process, name))
  const [first] = uses
  const label = limitWords(name, ctx.words.language)
    ?? (first ? labelOf(ctx.words, first.process, `${first.kind}.${first.name}`) : name)
  return { label, unit: unitOf(name), working_days: uses.some(({ working }) => working),
    process: familyLabel(ctx, processes, first?.process ?? null, name),
    rules: [...new Set(uses.flatMap(({ rule }) => rule))].sort() }
}

/** Figures that the server's own code asks for stand with the process that their name begins with. */
const families: Readonly<Record<string, string>> = { repair: 'repair_order', parts: 'part_request', warranty: 'machine',
  visit: 'care_visit' }

function familyOf(processes: House['processes'], name: string): AnyProcess | undefined {
  const prefix = name.split('.')[0]!
  return own(processes, own(families, prefix) ?? prefix)
}

function familyLabel(ctx: Ctx, processes: House['processes'], asking: AnyProcess | null, name: string): string | null {
  const process = asking ?? familyOf(processes, name)
  return process ? labelOf(ctx.words, process, process.name) : null
}

type Use = { process: AnyProcess; kind: 'clock' | 'guard'; name: string; rule: readonly string[]; working: boolean }

function usesOf(process: AnyProcess, limit: string): Use[] {
  const clocks = Object.entries(process.clocks as Readonly<Record<string, Clock>>).flatMap(([name, clock]): Use[] => {
    const { due } = clock
    const asks = ('minutes' in due && due.minutes === limit) || ('working_days' in due && due.working_days === limit)
      || (clock.warn ?? []).some((step) => 'before_minutes' in step && step.before_minutes === limit)
    return asks ? [{ process, kind: 'clock', name, rule: clock.rule ?? [], working: 'working_days' in due }] : []
  })
  // A guard asks for a figure by name in its test.
  const guards = Object.entries(process.guards as Readonly<Record<string, Guard>>).flatMap(([name, guard]): Use[] =>
    (String(guard.test).includes(`'${limit}'`) || String(guard.test).includes(`"${limit}"`)
      ? [{ process, kind: 'guard', name, rule: guard.rule ?? [], working: false }] : []))
  return [...clocks, ...guards]
}

/** Words that the settings page has no table of: parts, texts, roles, kinds of product, moments of script cards. */
export function aboutWords(ctx: Ctx, house: House, settings: Settings): Record<string, string> {
  const { words } = ctx
  const machine = house.processes.machine
  const kinds = machine ? localField(words, machine, 'product_kind', fieldsOf(machine).product_kind!) : null
  const named = (prefix: string, all: Readonly<Record<string, string>>) =>
    Object.entries(all).map(([key, word]) => [`${prefix}.${key}`, word])
  const moments: Record<string, string> = {}
  for (const process of Object.values(house.processes)) {
    for (const [name, { cards }] of Object.entries(process.actions)) {
      for (const card of Object.keys(cards ?? {})) {
        const here = labelOf(words, process, `action.${name}`)
        moments[card] = moments[card] === undefined ? here : `${moments[card]}${words.language === 'en' ? ', ' : '、'}${here}`
      }
    }
  }
  return Object.fromEntries([...Object.entries(settingWords(words.language)),
    ...Object.keys(roles).map((role) => [`roles.${role}`, roleLabel(ctx, role)]),
    ...named('kinds', kinds?.kind === 'choice' ? kinds.options : {}), ...named('cards', moments),
    ...Object.entries(settings.calendars).map(([key, { name }]) => [`calendars.${key}`, name]),
    ...Object.entries(settings.schedules).map(([key, { zh }]) => [`schedules.${key}`, zh])])
}

type ChangeLine = { path: string; from: unknown; to: unknown }

const linesMost = 200
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * A change as lines that people read: by path what held before and what holds since. `null` in the change takes an
 * override back: then the regulation's own value is what holds.
 *
 * @param before overrides of the revision before
 */
export function changeLines(profile: Profile, before: Partial<Settings>, change: unknown): ChangeLine[] {
  const lines: ChangeLine[] = []
  const walk = (path: readonly string[], held: unknown, base: unknown, next: unknown): void => {
    if (lines.length >= linesMost) return
    const now = next === null ? base : next
    if (isObject(now) && (isObject(held) || held === undefined) && next !== null) {
      for (const [key, item] of Object.entries(now)) {
        walk([...path, key], isObject(held) ? held[key] : undefined, isObject(base) ? base[key] : undefined, item)
      }
      return
    }
    if (JSON.stringify(held) === JSON.stringify(now)) return
    lines.push({ path: path.join('.'), from: held ?? null, to: now ?? null })
  }
  if (!isObject(change)) return lines
  for (const [part, next] of Object.entries(change)) {
    const base = (profile as unknown as Readonly<Record<string, unknown>>)[part]
    const over = (before as Readonly<Record<string, unknown>>)[part]
    // Positions and the import keep «[before, after]» themselves.
    if (part === 'positions' || part === 'importing') lines.push({ path: part, from: null, to: next })
    else walk([part], layered(base, over), base, next)
  }
  return lines
}

/** What held of one part: the regulation's with the company's own over it, as deep as objects go. */
function layered(base: unknown, over: unknown): unknown {
  if (over === undefined || over === null) return base
  if (!isObject(base) || !isObject(over)) return over
  return { ...base, ...Object.fromEntries(Object.entries(over).map(([key, item]) => [key, layered(base[key], item)])) }
}
