import type { CalendarDoc, CalendarException, Hours } from '../engine/calendar.ts'
import { type AnyProcess, own } from '../engine/define.ts'
import { cleanText, fail } from '../engine/fields.ts'
import { type FieldProblem, type Refusal, refuse } from '../engine/refusal.ts'
import { statutoryExceptions } from '../engine/statutory.ts'
import type { Profile, Settings } from '../regulations/profile.ts'
import { type WordKey, zh } from '../words/zh.ts'
import type { Ctx } from './context.ts'
import { type Reader, type Tx, brokenConstraint, sql } from './db.ts'
import { checkSettings } from './settings-check.ts'
import type { SettingsProblem } from './settings-shape.ts'
import { readCompanyNow } from './settings.ts'

export type Revised = { ok: true; revision: number } | { ok: false; refusal: Refusal }

/** The settings as they stand, under the lock. */
export type Standing = { revision: number; overrides: Partial<Settings>; profile: Profile; importing: boolean }

/** What a body of `revise` brings: the overrides that hold from now on, and the exact change for the history. */
export type Revision = { overrides: Partial<Settings>; change: object; calendars?: boolean }

/** Why a company changed its settings: 2 to 500 characters. */
export function cleanWhy(why: unknown): { why: string } | { refusal: Refusal } {
  const outcome = cleanText('why', why ?? '', { min: 2, max: 500, lines: true })
  if ('problem' in outcome) return { refusal: { code: 'bad_input', fields: [outcome.problem] } }
  if (outcome.value === '') return { refusal: { code: 'bad_input', fields: [fail('why', 'required')] } }
  return { why: outcome.value as string }
}

/** Settings are changed by administrators only; every revision keeps who, when, why and the exact change. */
export const mayRevise = (ctx: Ctx): Refusal | null => (ctx.actor.roles.includes('administrator') ? null
  : { code: 'wrong_role', params: { action: ctx.words.say('label.settings') } })

const lockCompany = sql`select 1 from company for no key update`.named('lock_company')

/**
 * The one way to a new revision: locks the company's settings, lets `body` check and write what goes with it, and adds
 * the revision in the same transaction. A revision is never touched again.
 *
 * @param expected the revision that the administrator saw; another one answers `stale`. null: whatever it is now
 */
export async function revise(ctx: Ctx, expected: number | null, why: string,
  body: (tx: Tx, standing: Standing) => Promise<Revision | { refusal: Refusal }>): Promise<Revised> {
  const refusal = mayRevise(ctx)
  if (refusal) return { ok: false, refusal }
  try {
    const outcome = await ctx.app.db.transaction(ctx.company.id, async (tx) => {
      void tx.query(lockCompany)
      const standing = await readStanding(ctx, tx)
      if (expected !== null && expected !== standing.revision) return refuse('stale')
      const made = await body(tx, standing)
      if ('refusal' in made) return { ok: false as const, refusal: made.refusal }
      void tx.query(sql`
        insert into settings_revision (company_id, revision, overrides, change, why, made_by, made_at)
        values (current_company(), ${standing.revision + 1}::int, ${JSON.stringify(made.overrides)}::jsonb,
          ${JSON.stringify(made.change)}::jsonb, ${why}, ${ctx.actor.id}::uuid,
          ${new Date(ctx.now).toISOString()}::timestamptz)`.named('insert_revision'))
      await tx.commit()
      return { ok: true as const, revision: standing.revision + 1, calendars: made.calendars ?? false }
    })
    if (!outcome.ok) return outcome
    if (outcome.calendars) foldAnew(ctx)
    return { ok: true, revision: outcome.revision }
  } catch (error) {
    if (brokenConstraint(error) === 'settings_revision_pkey') return refuse('stale')
    throw error
  }
}

/** In the background: the answer does not wait, and a failure is told to the log, not to the administrator. */
function foldAnew(ctx: Ctx): void {
  Promise.resolve().then(() => ctx.app.calendarChanged?.(ctx.company)).catch((error: unknown) =>
    ctx.app.log.error({ company: ctx.company.id, error: String(error) }, 'open clocks could not be folded anew'))
}

async function readStanding(ctx: Ctx, tx: Tx): Promise<Standing> {
  const company = await readCompanyNow(tx)
  return { revision: company.revision, overrides: await readOverrides(tx, company.revision),
    importing: company.importing, profile: own(ctx.app.house.profiles, company.profile)! }
}

/** The company's own changes as a revision holds them; none before the first. */
export async function readOverrides(reader: Reader, revision: number): Promise<Partial<Settings>> {
  if (revision === 0) return {}
  const [row] = await reader.query<{ overrides: Partial<Settings> }>(sql`
    select overrides from settings_revision where revision = ${revision}`.named('overrides_at'))
  return row!.overrides
}

/** The problems of settings as those of fields, each with its reason in the reader's words. */
export function asFields(ctx: Ctx, problems: readonly SettingsProblem[]): FieldProblem[] {
  return problems.map(({ path, code }) => {
    const word = code.startsWith('input_') ? 'setting.bad_input' : `setting.${code}`
    const key = (Object.hasOwn(zh, word) ? word : 'setting.wrong_type') as WordKey
    return fail(path, 'bad_setting', { reason: code, why: ctx.words.say(key) })
  })
}

/** A sparse change of the settings (`ask` says which), checked whole before anything is written. */
export function changeSettings(ctx: Ctx, expected: number, why: string,
  ask: (standing: Standing) => { change: unknown } | { refusal: Refusal }): Promise<Revised> {
  return revise(ctx, expected, why, async (tx, standing) => {
    const asked = ask(standing)
    if ('refusal' in asked) return asked
    const checked = checkSettings(ctx.app.house, standing.profile, standing.overrides, asked.change)
    if (!checked.ok) return { refusal: { code: 'bad_input', fields: asFields(ctx, checked.problems) } }
    if (JSON.stringify(checked.overrides) === JSON.stringify(standing.overrides)) {
      return { refusal: { code: 'no_change' } }
    }
    const open = await stillOpen(tx, checked.effective.definitions, asked.change)
    if (open.length > 0) return { refusal: { code: 'bad_input', fields: asFields(ctx, open) } }
    return { overrides: checked.overrides, change: asked.change as object, calendars: checked.calendars }
  })
}

/** A process is not switched off under records that are still open: nobody could end them. */
async function stillOpen(tx: Tx, definitions: Readonly<Record<string, AnyProcess>>, change: unknown):
  Promise<SettingsProblem[]> {
  const names = Object.keys((change as { processes?: object }).processes ?? {})
    .filter((name) => !Object.hasOwn(definitions, name))
  if (names.length === 0) return []
  const rows = await tx.query<{ process: string }>(sql`
    select p.process from unnest(${names}::text[]) p (process)
    where exists (select from record r where r.process = p.process and r.kind in ('active', 'waiting'))`)
  return rows.map(({ process }) => ({ path: `processes.${process}.on`, code: 'open_records' }))
}

const monday = '1'

/**
 * The statutory days of one year laid into a calendar: what the company itself wrote on a date stays; of the year's
 * earlier statutory days only what is still so remains. Make-up days open as the calendar's Monday does.
 */
export function withStatutoryDays(doc: CalendarDoc, year: number): CalendarDoc | null {
  const days = statutoryExceptions(year, (doc.week[monday]?.length ?? 0) > 0 ? doc.week[monday] as Hours[] : undefined)
  if (!days) return null
  const exceptions: Record<string, CalendarException> = {}
  for (const [date, exception] of Object.entries(doc.exceptions)) {
    if (!date.startsWith(`${year}-`) || exception.source !== 'statutory') exceptions[date] = exception
  }
  for (const [date, exception] of Object.entries(days)) exceptions[date] ??= exception
  return { ...doc, exceptions, known_years: [...new Set([...doc.known_years ?? [], year])].sort((a, b) => a - b) }
}

/** «Load the statutory days of a year» as an ordinary change of one calendar. */
export function loadStatutoryDays(ctx: Ctx, expected: number, why: string, wish: { calendar: unknown; year: unknown }):
  Promise<Revised> {
  const bad = (field: string, code: string) =>
    ({ refusal: { code: 'bad_input' as const, fields: asFields(ctx, [{ path: field, code }]) } })
  return changeSettings(ctx, expected, why, (standing: Standing) => {
    const key = String(wish.calendar)
    const doc = own({ ...standing.profile.calendars, ...standing.overrides.calendars }, key)
    if (!doc) return bad('calendar', 'no_such_calendar')
    const year = wish.year
    if (typeof year !== 'number' || !Number.isInteger(year)) return bad('year', 'bad_year')
    const changed = withStatutoryDays(doc, year)
    return changed ? { change: { calendars: { [key]: changed } } } : bad('year', 'year_not_published')
  })
}

/**
 * Bringing history in begins or ends. While it lasts nothing is sent, no clock strikes and an import key may date facts
 * back; leaving arms all clocks once.
 */
export function setImporting(ctx: Ctx, on: unknown, why: string): Promise<Revised> {
  return revise(ctx, null, why, async (tx, standing) => {
    if (typeof on !== 'boolean') return { refusal: { code: 'bad_input', fields: [fail('on', 'wrong_type')] } }
    if (on === standing.importing) return { refusal: { code: 'no_change' } }
    void tx.query(sql`update company set importing = ${on}`.named('set_importing'))
    return { overrides: standing.overrides, change: { importing: on }, calendars: !on }
  })
}
