import { type Calendar, type CalendarDoc, compileCalendar } from '../engine/calendar.ts'
import type { AnyProcess } from '../engine/define.ts'
import { effectiveProcess } from '../engine/effective.ts'
import type { CardChange } from '../engine/script-cards.ts'
import type { Profile, Settings } from '../regulations/profile.ts'
import type { App, Ctx, House } from './context.ts'
import { type Database, type Reader, sql } from './db.ts'

/** What holds in a company by one revision of its settings. Immutable, so that it can be kept in memory. */
export type Effective = Settings & { revision: number; definitions: Readonly<Record<string, AnyProcess>> }

/** The company as it is inside a transaction: which revision is newest, and whether history is being brought in. */
export type CompanyNow = { revision: number; importing: boolean; profile: string }

const companyNow = sql`
  select c.profile, c.importing,
    coalesce((select max(s.revision) from settings_revision s where s.company_id = c.company_id), 0) as revision
  from company c`.named('company_now')

/** Asked in the same trip as everything else, so that no node ever works with settings of yesterday. */
export async function readCompanyNow(reader: Reader): Promise<CompanyNow> {
  const [row] = await reader.query<CompanyNow>(companyNow)
  if (!row) throw new Error('the transaction names no company')
  return row
}

const keptMost = 200
const kept = new WeakMap<Database, Map<string, Effective>>()

/**
 * The settings of a company at a revision: its profile with its overrides laid over. Cached, since a revision is
 * never touched again; per database, since companies of two databases bear the same numbers.
 */
export async function effectiveSettings({ db, house }: Pick<App, 'db' | 'house'>, reader: Reader, company: number,
  profile: string, revision: number): Promise<Effective> {
  const cache = kept.get(db) ?? new Map<string, Effective>()
  kept.set(db, cache)
  const key = `${company}:${revision}`
  const known = cache.get(key)
  if (known) return known
  const [row] = revision === 0 ? [] : await reader.query<{ overrides: Partial<Settings> }>(sql`
    select overrides from settings_revision where revision = ${revision}`.named('settings_at'))
  const made = layOver(house, profileOf(house, profile), row?.overrides ?? {}, revision)
  if (cache.size >= keptMost) cache.delete(cache.keys().next().value!)
  cache.set(key, made)
  return made
}

/** What holds now, for a write that needs a figure or a calendar of the company. */
export async function settingsNow(ctx: Ctx, reader: Reader): Promise<Effective> {
  const company = await readCompanyNow(reader)
  return effectiveSettings(ctx.app, reader, ctx.company.id, company.profile, company.revision)
}

export const limitsNow = async (ctx: Ctx, reader: Reader): Promise<Readonly<Record<string, number>>> =>
  (await settingsNow(ctx, reader)).limits

function profileOf(house: House, key: string): Profile {
  const profile = house.profiles[key]
  if (!profile) throw new Error(`the program has no regulation profile ${key}`)
  return profile
}

/** Profile and overrides as one. Pure. */
export function layOver(house: House, profile: Settings, overrides: Partial<Settings>, revision: number): Effective {
  const settings: Settings = {
    limits: { ...profile.limits, ...overrides.limits },
    texts: { ...profile.texts, ...overrides.texts },
    calendars: { ...profile.calendars, ...overrides.calendars },
    schedules: Object.fromEntries(Object.entries({ ...profile.schedules, ...overrides.schedules })
      .filter(([, schedule]) => !schedule.off)),
    processes: mergeProcesses(profile.processes, overrides.processes ?? {}),
    cards: mergeCards(profile.cards, overrides.cards ?? {}),
    checklists: Object.fromEntries([...new Set([...Object.keys(profile.checklists),
      ...Object.keys(overrides.checklists ?? {})])].map((list) =>
      [list, { ...profile.checklists[list], ...overrides.checklists?.[list] }])),
  }
  const definitions = Object.fromEntries(Object.entries(house.processes)
    .filter(([name]) => settings.processes[name]?.on !== false)
    .map(([name, process]) => [name, effectiveProcess(process, settings.processes[name] ?? {}, settings)]))
  return { ...settings, revision, definitions }
}

/** A changed card says what the company wrote, and is then not translated. */
function mergeCards(base: Settings['cards'], over: Readonly<Record<string, CardChange>>): Settings['cards'] {
  const changed = Object.entries(over).filter(([name]) => base[name])
    .map(([name, card]) => [name, { ...base[name]!, ...card, own: true as const }])
  return { ...base, ...Object.fromEntries(changed) as Settings['cards'] }
}

function mergeProcesses(base: Settings['processes'], over: Settings['processes']): Settings['processes'] {
  const merged: Record<string, Settings['processes'][string]> = { ...base }
  for (const [name, change] of Object.entries(over)) {
    const before = base[name] ?? {}
    merged[name] = { ...before, ...change,
      labels: { ...before.labels, ...change.labels },
      require: { ...before.require, ...change.require },
      forbid: { ...before.forbid, ...change.forbid },
      extra: { ...before.extra, ...change.extra },
      close: { ...before.close, ...change.close } }
  }
  return merged
}

const compiledMost = 400
const dayMs = 86_400_000
const compiled = new Map<string, Calendar>()
const numbered = new WeakMap<CalendarDoc, number>()
let numbers = 0

/** The number of a calendar in this process. What has been replaced takes its number with it. */
function numberOf(doc: CalendarDoc): number {
  const known = numbered.get(doc)
  if (known !== undefined) return known
  numbers += 1
  numbered.set(doc, numbers)
  return numbers
}

/**
 * A company's calendar, compiled round an instant (for a case: engine/clock.ts, aroundFor). Kept per day, so that a
 * server that runs for months moves its horizon along, and by the calendar itself: companies that go by their
 * profile's share one, and no company can be given another's.
 */
export function calendarOf(settings: Effective, key: string, { time_zone }: { time_zone: string }, around: number): Calendar {
  const doc = settings.calendars[key]
  if (!doc) throw new Error(`the settings name no calendar ${key}`)
  const day = Math.floor(around / dayMs)
  const id = `${numberOf(doc)}:${time_zone}:${day}`
  const known = compiled.get(id)
  if (known) return known
  const made = compileCalendar(doc, time_zone, day * dayMs)
  if (compiled.size >= compiledMost) compiled.delete(compiled.keys().next().value!)
  compiled.set(id, made)
  return made
}
