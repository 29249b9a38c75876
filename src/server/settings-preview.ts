import type { Clock } from '../engine/define.ts'
import type { Refusal } from '../engine/refusal.ts'
import type { Ctx } from './context.ts'
import { sql } from './db.ts'
import { checkSettings } from './settings-check.ts'
import { asFields, readOverrides } from './settings-write.ts'
import { readCompanyNow } from './settings.ts'
import type { PreviewView } from './views.ts'

const countedMost = 1000

/**
 * What a change would do, without doing it: its problems as a save would name them, and how many open records have a
 * clock by a calendar that it changes (their deadlines are computed anew). Figures hold for new cases alone.
 */
export async function previewSettings(ctx: Ctx, change: unknown): Promise<PreviewView | { refusal: Refusal }> {
  const { house } = ctx.app
  return ctx.app.db.read(ctx.company.id, async (reader) => {
    const company = await readCompanyNow(reader)
    const checked = checkSettings(house, house.profiles[company.profile]!,
      await readOverrides(reader, company.revision), change)
    if (!checked.ok) return { refusal: { code: 'bad_input', fields: asFields(ctx, checked.problems) } }
    const calendars = Object.keys((change as { calendars?: object }).calendars ?? {})
    if (calendars.length === 0) return { recomputes: null }
    const moved = Object.values(checked.effective.definitions).filter(({ clocks }) =>
      Object.values(clocks as Readonly<Record<string, Clock>>).some(({ calendar }) => calendars.includes(calendar)))
    const states = moved.flatMap((process) => Object.entries(process.states)
      .filter(([, { kind }]) => kind === 'active' || kind === 'waiting')
      .map(([state]) => ({ process: process.name, state })))
    const [row] = await reader.query<{ open: number }>(sql`
      select count(*)::int as open from (
        select 1 from jsonb_to_recordset(${JSON.stringify(states)}::jsonb) as s (process text, state text)
        cross join lateral (select 1 from record r where r.process = s.process and r.state = s.state
          limit ${countedMost + 1}) one limit ${countedMost + 1}) c`.named('open_by_calendar'))
    const open = row?.open ?? 0
    return { recomputes: { count: Math.min(open, countedMost), capped: open > countedMost } }
  })
}
