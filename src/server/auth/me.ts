import { closesAt, isOpen, nextOpening } from '../../engine/calendar.ts'
import type { AnyProcess } from '../../engine/define.ts'
import { labelOf } from '../answer.ts'
import type { Ctx } from '../context.ts'
import { type Reader, sql } from '../db.ts'
import { sightOf } from '../policy.ts'
import { type Effective, calendarOf, effectiveSettings, readCompanyNow } from '../settings.ts'
import type { MeView } from '../views.ts'
import { lateStatement } from '../work.ts'
import { sessionOf } from './sessions.ts'
import { companiesOf } from './sign-in.ts'

const countedMost = 1000

/** Who I am, what I may do here, and what the frame of every page shows. For members and API keys. */
export async function readMe(ctx: Ctx): Promise<MeView> {
  const { app, actor, company } = ctx
  const session = sessionOf(ctx)
  const joined = session ? companiesOf(app, session.account_id) : Promise.resolve([company])
  joined.catch(() => {})
  return app.db.read(company.id, async (reader) => {
    const counting = readUnread(ctx, reader)
    const naming = positionNames(reader, session?.positions ?? [])
    const [row] = await reader.query<{ demo: boolean }>(sql`select demo from company`.named('company_demo'))
    const now = await readCompanyNow(reader)
    const settings = await effectiveSettings(app, reader, company.id, now.profile, now.revision)
    const { slug, name, time_zone } = company
    return {
      member: { id: actor.id ?? '', name: actor.name }, login: session?.login ?? '', language: ctx.words.language,
      roles: actor.roles, positions: await naming,
      company: { slug, name, time_zone, regulation: now.profile, demo: row?.demo ?? false },
      companies: (await joined).map((one) => ({ slug: one.slug, name: one.name })),
      must_change_password: ctx.must_change_password ?? false,
      processes: Object.values(settings.definitions).filter(({ name: key }) => sightOf(key, actor) !== 'none')
        .map((process) => ({ process: process.name, label: labelOf(ctx.words, process, process.name),
          create: creating(process, ctx) })),
      now: new Date(ctx.now).toISOString(), opening: openingOf(ctx, settings), unread: await counting,
      late: await readLate(ctx, reader, settings),
    }
  })
}

/** The first action with which one of my roles begins such a record. */
function creating(process: AnyProcess, ctx: Ctx): string | null {
  const found = Object.entries(process.actions).find(([, action]) =>
    action.from === null && !action.retired && action.by.some((doer) => ctx.actor.roles.includes(doer)))
  return found?.[0] ?? null
}

function openingOf(ctx: Ctx, settings: Effective): MeView['opening'] {
  if (!settings.calendars.office) return null
  const calendar = calendarOf(settings, 'office', ctx.company, ctx.now)
  const open = isOpen(calendar, ctx.now)
  if (open === null) return null
  const until = open ? closesAt(calendar, ctx.now) : nextOpening(calendar, ctx.now)
  return { open, until: until === null ? null : new Date(until).toISOString() }
}

async function readUnread(ctx: Ctx, reader: Reader): Promise<number> {
  if (ctx.actor.kind !== 'member') return 0
  const [row] = await reader.query<{ unread: number }>(sql`
    select count(*)::int as unread from (select from notice where member_id = ${ctx.actor.id}::uuid and read_at is null
      limit ${countedMost}) n`.named('me_unread'))
  return row!.unread
}

async function readLate(ctx: Ctx, reader: Reader, settings: Effective): Promise<number> {
  if (ctx.actor.kind !== 'member') return 0
  const [row] = await reader.query<{ late: number }>(lateStatement(ctx, settings.definitions))
  return Math.min(row!.late, countedMost)
}

async function positionNames(reader: Reader, keys: readonly string[]): Promise<string[]> {
  if (keys.length === 0) return []
  const rows = await reader.query<{ key: string; name: string }>(sql`
    select key, name from position where key = any(${keys}::text[])`.named('position_names'))
  return keys.flatMap((key) => rows.find((row) => row.key === key)?.name ?? [])
}
