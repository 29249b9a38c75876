import { fail } from '../../engine/fields.ts'
import type { FieldProblem, Refusal } from '../../engine/refusal.ts'
import { refusalSentence } from '../answer.ts'
import { sql } from '../db.ts'
import { type Wish, run } from '../run.ts'
import { runMany } from '../run-many.ts'
import { countRows } from './checking.ts'
import { type Place, patchJob } from './job.ts'
import { keySign } from './known.ts'
import { tellingOfRecords } from './planner.ts'

/** Rows of one transaction: others who create one meanwhile wait for it. */
const batch = 500
/** Rows of which all or none are written, in one transaction. */
export const wholeMost = 5000

type GoodRow = { n: number; state: 'good' | 'change'; input: Record<string, unknown>; record_id: string | null
  request_key: Buffer; natural_key: string | null; seq: number | null }

/**
 * The last step: every good row acts, as the person who brought it. Goes on where it was interrupted: a row that was
 * written and not yet marked is the same request again.
 *
 * @returns false when somebody called it off
 */
export async function writeSheet(place: Place): Promise<boolean> {
  const { app, ctx, job } = place
  const company = ctx.company.id
  const whole = !job.only_good && job.rows_total <= wholeMost
  const tell = tellingOfRecords(place)
  const acted = await actsBefore(place)
  let written = 0
  for (;;) {
    const rows = await app.db.read(company, (reader) => reader.query<GoodRow>(sql`
      select n, state, input, record_id, request_key, natural_key, seq from sheet_row
      where job = ${job.id}::uuid and state in ('good', 'change') order by n limit ${whole ? wholeMost : batch}`.named('sheet_good')))
    if (rows.length === 0) break
    const seen = job.seen + written + rows.length
    const { refused, kept } = await writeRows(place, rows, { whole, seen, acted })
    const stopped = refused !== null && !job.only_good
    written += rows.length
    const held = kept ?? await app.db.transaction(company, async (tx) => {
      const counts = stopped ? { counts: await countRows(tx, job.id) } : {}
      const moved = await patchJob(tx, job.id, 'writing', { seen, ...counts,
        ...(stopped && { problem: refused, state: refused.code === 'taken' ? 'checking' : 'stopped' }) }, app.clock(), !stopped)
      await tx.commit()
      return moved
    })
    if (!held || stopped) return held
    await tell(written)
  }
  return app.db.transaction(company, async (tx) => {
    const counts = await countRows(tx, job.id)
    const moved = await patchJob(tx, job.id, 'writing', { state: 'done', counts }, app.clock(), false)
    await tx.commit()
    return moved
  })
}

/** Rows of the same name, or on the same record, one after the other; all else together. */
function apart(rows: readonly GoodRow[]): GoodRow[][] {
  const times = new Map<string, number>()
  const parts: GoodRow[][] = []
  for (const row of rows) {
    const name = row.record_id ?? row.natural_key?.split(keySign)[0]
    const part = name === undefined ? 0 : times.get(name) ?? 0
    if (name !== undefined) times.set(name, part + 1)
    const into = parts[part] ?? []
    into.push(row)
    parts[part] = into
  }
  return parts
}

/** How often rows of this sheet have acted on a record that was there: it has moved on by so many events since. */
type Acts = Map<string, number>

async function actsBefore({ app, ctx, job, kind }: Place): Promise<Acts> {
  if (!kind.on || !job.updates) return new Map()
  const rows = await app.db.read(ctx.company.id, (reader) => reader.query<{ id: string; times: number }>(sql`
    select record_id as id, count(*)::int as times from sheet_row
    where job = ${job.id}::uuid and state in ('written', 'changed') and record_id is not null group by 1`.named('sheet_acts')))
  return new Map(rows.map(({ id, times }) => [id, times]))
}

const count = (acted: Acts, { record_id: id }: GoodRow): void => {
  if (id !== null) acted.set(id, (acted.get(id) ?? 0) + 1)
}

/** A change is of the record as it was looked at: whatever somebody else did to it since is not written over. */
function wishOf({ kind }: Place, row: GoodRow, acted: Acts): Wish {
  const wish: Wish = { process: kind.process, action: kind.action, id: row.record_id, input: row.input,
    requestKey: row.request_key }
  if (row.state !== 'change') return wish
  return { ...wish, action: kind.change!, expectSeq: row.seq! + (acted.get(row.record_id!) ?? 0) }
}

/** taken: the database found that something is there already; nobody knows which row before they are looked at again. */
type Stop = { code: 'refused'; line: number; text: string } | { code: 'taken' }

/** Thrown out of the transaction of a block whose sheet was called off meanwhile: nothing of the block is written. */
class CalledOff extends Error {}

/**
 * Together, with the mark on the rows in the same transaction; where that does not go, one after the other.
 *
 * @returns why the first refused row was refused; null: all were done. `kept`: whether the job is still ours, where that
 *   was asked with the rows
 */
async function writeRows(place: Place, rows: readonly GoodRow[],
  { whole, seen, acted }: { whole: boolean; seen: number; acted: Acts }): Promise<{ refused: Stop | null; kept?: boolean }> {
  const { ctx, job } = place
  const now = { ...ctx, now: ctx.app.clock() }
  const together = new Map(acted)
  const wishes = new Map(rows.map((row) => {
    const wish = wishOf(place, row, together)
    count(together, row)
    return [wish, row]
  }))
  const rowsOf = new Map([...wishes].map(([wish, row]) => [row, wish]))
  const parts = apart(rows).map((part) => part.map((row) => rowsOf.get(row)!))
  try {
    const outcomes = await runMany(now, parts, async (tx) => {
      void tx.query(markOf(job.id, rows.map(doneOf)))
      if (!await patchJob(tx, job.id, 'writing', { seen }, ctx.app.clock(), true)) throw new CalledOff()
    })
    if (outcomes.ok) {
      for (const row of rows) count(acted, row)
      return { refused: null, kept: true }
    }
    if (whole) return { refused: outcomes.wish === null ? { code: 'taken' }
      : await refuse(place, wishes.get(outcomes.wish)!, outcomes.refusal) }
  } catch (error) {
    if (error instanceof CalledOff) return { refused: null, kept: false }
    throw error
  }
  return { refused: await oneByOne(place, now, rows, acted) }
}

async function oneByOne(place: Place, now: Place['ctx'], rows: readonly GoodRow[], acted: Acts): Promise<Stop | null> {
  let first: Stop | null = null
  for (const row of rows) {
    const outcome = await run(now, wishOf(place, row, acted))
    if (outcome.ok) {
      count(acted, row)
      await mark(place, [doneOf(row)])
    } else {
      first ??= await refuse(place, row, outcome.refusal)
      if (!place.job.only_good) return first
    }
  }
  return first
}

async function refuse(place: Place, row: GoodRow, refusal: Refusal): Promise<Stop> {
  const late = row.state === 'change' && (refusal.code === 'stale' || refusal.code === 'edit_conflict')
  const text = late ? place.ctx.words.say('problem.changed_meanwhile') : refusalSentence(place.ctx, refusal, { process: place.process })
  const problems = late ? [fail('', 'changed_meanwhile')]
    : refusal.fields ?? [fail('', 'not_allowed', { why: text })]
  await mark(place, [{ n: row.n, state: 'refused', problems }])
  return { code: 'refused', line: row.n, text }
}

type Mark = { n: number; state: 'written' | 'changed' | 'refused'; problems: readonly FieldProblem[] | null }

const doneOf = ({ n, state }: GoodRow): Mark => ({ n, state: state === 'change' ? 'changed' : 'written', problems: null })

/** What was written lies in its event: the row keeps its line alone. */
async function mark({ app, ctx, job }: Place, marks: readonly Mark[]): Promise<void> {
  await app.db.transaction(ctx.company.id, async (tx) => {
    await tx.query(markOf(job.id, marks))
    await tx.commit()
  })
}

const markOf = (job: string, marks: readonly Mark[]) => sql`
  update sheet_row r set state = x.state, problems = x.problems, input = null, was = null,
    cells = case when x.state = 'refused' then r.cells end,
    natural_key = null, request_key = case when x.state = 'refused' then r.request_key end
  from jsonb_to_recordset(${JSON.stringify(marks)}::jsonb) as x (n int, state text, problems jsonb)
  where r.job = ${job}::uuid and r.n = x.n`.named('mark_sheet_rows')
