import type { App } from '../context.ts'
import { sql } from '../db.ts'
import type { Place } from './job.ts'

/**
 * Tells the database how full tables are that a sheet fills faster than its own statistics follow: a plan that was made
 * for an empty table reads all of it for every row. Writes nothing else.
 * Source: docs/decisions/0081-sheets-tell-the-planner.md.
 */
async function tellPlanner(app: App, tables: readonly string[]): Promise<void> {
  await app.db.door(sql`select tell_planner(${tables}::text[])`.named('tell_planner'))
}

/** After many rows of a sheet were put down or looked at. Few are no matter. */
export async function tellOfSheet({ app }: Place, rows: number): Promise<void> {
  if (rows >= first) await tellPlanner(app, ['sheet_row'])
}

const first = 500
const times = 4

/** Of a sheet that writes records: told after 500, 2000, 8000 … of them, so that it is told some ten times at most. */
export function tellingOfRecords({ app, noun }: Place): (written: number) => Promise<void> {
  let next = first
  return async (written) => {
    if (written < next) return
    while (next <= written) next *= times
    await tellPlanner(app, ['record', 'event', noun.table, 'lookup_key', 'search_dirty', 'search_row', 'case_flow', 'sheet_row'])
  }
}
