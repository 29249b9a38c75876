import { type Firing, firingsBetween, nextFiring } from '../engine/schedule.ts'
import type { Calendar } from '../engine/calendar.ts'
import type { Schedule } from '../regulations/profile.ts'
import { companyIn, machine, startLoop } from './by-itself.ts'
import type { App, Company } from './context.ts'
import { sql } from './db.ts'
import type { Worker } from './outbox.ts'
import { recomputeClocks } from './recompute.ts'
import { canonical, run } from './run.ts'
import { type Effective, calendarOf, effectiveSettings, readCompanyNow } from './settings.ts'

const minuteMs = 60_000
/** What was missed longer ago is not done any more, but said. */
const lateMost = 24 * 3_600_000
const firingsMost = 100

type Mark = { key: string; timetable: unknown; fired_until: string }

/** Fires the repeated duties of every company until stopped. Many nodes may do so at once: a period is one key. */
export function startSchedules(app: App): Worker {
  return startLoop(app, 'schedules', async () => {
    const next = await fireDue(app)
    return Math.max(Math.min((next ?? Infinity) - app.clock(), minuteMs), 0)
  })
}

/**
 * Fires what is due by now, in every company, and goes on with recomputations that were interrupted.
 *
 * @returns the next instant at which something will be due; null: nothing known
 */
export async function fireDue(app: App): Promise<number | null> {
  const companies = await app.db.door<{ company_id: number; recomputing: boolean }>(
    sql`select * from companies_at_work()`.named('companies_at_work'))
  let next: number | null = null
  for (const { company_id, recomputing } of companies) {
    try {
      if (recomputing) await recomputeClocks(app, { id: company_id }, { resume: true })
      const at = await fireCompany(app, company_id)
      if (at !== null && (next === null || at < next)) next = at
    } catch (error) {
      // One company's trouble must not keep the others waiting.
      app.log.warn({ company: company_id, error: (error as Error).message }, 'schedules of a company failed')
    }
  }
  return next
}

async function fireCompany(app: App, id: number): Promise<number | null> {
  const now = app.clock()
  const { company, settings, marks } = await app.db.read(id, async (reader) => {
    const [own, state, rows] = await Promise.all([companyIn(reader), readCompanyNow(reader), reader.query<Mark>(
      sql`select key, timetable, fired_until from schedule_mark`.named('schedule_marks'))])
    return { company: own, marks: rows,
      settings: await effectiveSettings(app, reader, id, state.profile, state.revision) }
  })
  let next: number | null = null
  for (const [key, schedule] of Object.entries(settings.schedules)) {
    const calendar = calendarFor(settings, schedule, company, now)
    const mark = marks.find((one) => one.key === key)
    // New, or with another timetable than before: it begins now, and owes nothing of the past.
    const known = mark !== undefined && canonical(mark.timetable) === canonical(schedule.at)
    try {
      if (!known) await setMark(app, company, key, schedule, now)
      else await fireSince(app, company, key, schedule, calendar, Date.parse(mark.fired_until), now)
    } catch (error) {
      app.log.error({ company: company.slug, schedule: key, error: (error as Error).message }, 'a schedule failed')
    }
    const at = nextFiring(schedule.at, company.time_zone, calendar, now)?.at ?? null
    if (at !== null && (next === null || at < next)) next = at
  }
  return next
}

function calendarFor(settings: Effective, schedule: Schedule, company: Company, now: number): Calendar | null {
  return schedule.at.calendar === undefined ? null : calendarOf(settings, schedule.at.calendar, company, now)
}

async function fireSince(app: App, company: Company, key: string, schedule: Schedule, calendar: Calendar | null,
  since: number, now: number): Promise<void> {
  const missed = firingsBetween(schedule.at, company.time_zone, calendar, since, now, firingsMost)
  if (missed.length === 0) return
  const late = missed.filter(({ at }) => at < now - lateMost)
  if (late.length > 0) {
    app.log.warn({ company: company.slug, schedule: key, periods: late.map(({ period }) => period) },
      'a schedule was missed for more than a day and is skipped')
  }
  for (const firing of missed.filter(({ at }) => at >= now - lateMost)) await fire(app, company, key, schedule, firing)
  await setMark(app, company, key, schedule, missed.at(-1)!.at)
}

/** An ordinary creation by the machine; the same period on another node, or again after a crash, is the same event. */
async function fire(app: App, company: Company, key: string, schedule: Schedule, { period }: Firing): Promise<void> {
  const outcome = await run(machine(app, company), { process: schedule.process, action: schedule.action, id: null,
    input: schedule.input, key: `schedule:${key}:${period}` })
  // key_reused: fired already, before its input was changed.
  if (!outcome.ok && outcome.refusal.code !== 'key_reused') {
    app.log.warn({ company: company.slug, schedule: key, period, refusal: outcome.refusal }, 'a schedule was refused')
  }
}

async function setMark(app: App, company: Company, key: string, schedule: Schedule, until: number): Promise<void> {
  await app.db.transaction(company.id, async (tx) => {
    void tx.query(sql`
      insert into schedule_mark as m (company_id, key, timetable, fired_until)
      values (current_company(), ${key}, ${JSON.stringify(schedule.at)}::jsonb, ${new Date(until)}::timestamptz)
      on conflict (company_id, key) do update set timetable = excluded.timetable,
        fired_until = case when m.timetable = excluded.timetable then greatest(m.fired_until, excluded.fired_until)
          else excluded.fired_until end`.named('set_schedule_mark'))
    await tx.commit()
  })
}
