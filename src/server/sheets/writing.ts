import type { FieldProblem, Refusal } from '../../engine/refusal.ts'
import { refusalSentence } from '../answer.ts'
import { sql } from '../db.ts'
import { type Wish, run } from '../run.ts'
import { type Outcomes, runMany } from '../run-many.ts'
import { countRows, keySign } from './checking.ts'
import { type Place, patchJob } from './job.ts'
import { tellingOfRecords } from './planner.ts'

/** Rows of one transaction: others who create one meanwhile wait for it. */
const batch = 500
/** Rows of which all or none are written, in one transaction. */
export const wholeMost = 5000

type GoodRow = { n: number; input: Record<string, unknown>; record_id: string | null; request_key: Buffer
  natural_key: string | null }

/**
 * The last step: every good row acts, as the person who brought it. Goes on where it was interrupted: a row that was
 * written and not yet marked is the same request again.
 *
 * @returns false when somebody called it off
 */
export async function writeSheet(place: Place): Promise<boolean> {
  const { app, ctx, job, kind } = place
  const company = ctx.company.id
  const whole = !job.only_good && job.rows_total <= wholeMost
  const tell = tellingOfRecords(place)
  let [after, seen, names] = [-1, job.seen, new Set<string>()]
  let block = nothingBefore
  for (;;) {
    const rows = await app.db.read(company, (reader) => reader.query<GoodRow>(sql`
      select n, input, record_id, request_key, natural_key from sheet_row where job = ${job.id}::uuid and state = 'good'
      and n > ${after}::int order by n limit ${whole ? wholeMost : batch}`.named('sheet_good')))
    if (rows.length === 0) break
    // While one block is written the next is decided, unless it could see something of the first.
    const [known, before] = [names, block]
    names = new Set(rows.flatMap((row) => nameOf(row) ?? []))
    await (kind.on || [...names].some((name) => known.has(name)) ? before.done : before.decided)
    seen += rows.length
    after = rows.at(-1)!.n
    block = writeBlock(place, rows, { whole, seen, before })
    if (!await before.done) return block.done
    await tell(seen - job.seen - rows.length)
  }
  if (!await block.done) return false
  return app.db.transaction(company, async (tx) => {
    const counts = await countRows(tx, job.id)
    const moved = await patchJob(tx, job.id, 'writing', { state: 'done', counts }, app.clock(), false)
    await tx.commit()
    return moved
  })
}

/**
 * A block under way. `decided`: it needs no lock any more that the next could hold; `together`: whether it was written in
 * one transaction; `done`: all that can be done is, and the job is still ours.
 */
type Block = { decided: Promise<unknown>; together: Promise<boolean>; done: Promise<boolean> }
type Turn = { whole: boolean; seen: number; before: Block }

const yes = Promise.resolve(true)
const nothingBefore: Block = { decided: yes, together: yes, done: yes }

function writeBlock(place: Place, rows: readonly GoodRow[], turn: Turn): Block {
  let tell = () => {}
  const said = new Promise<void>((resolve) => { tell = resolve })
  const written = writeTogether(place, rows, turn, tell)
  const together = written.then((result) => result === 'written')
  const done = written.then((result) => settle(place, rows, turn, result))
  const decided = Promise.race([said, done])
  // Awaited by whoever comes next; the fault of an earlier block is told first.
  for (const promise of [decided, together, done]) promise.catch(() => {})
  return { decided, together, done }
}

/** @returns false: somebody called it off, or it ends here */
async function settle(place: Place, rows: readonly GoodRow[], turn: Turn, result: Together): Promise<boolean> {
  const { app, ctx, job } = place
  if (result === 'too_early') {
    if (!await turn.before.done) return false
    return settle(place, rows, turn, await writeTogether(place, rows, { ...turn, before: nothingBefore }, () => {}))
  }
  if (result === 'written' || result === 'called_off') return result === 'written'
  // What comes before is done with: a refusal may have been decided ahead of it.
  if (!await turn.before.done) return false
  const refused = turn.whole ? await stopOf(place, rows, result) : await oneByOne(place, rows)
  const stopped = refused !== null && !job.only_good
  const held = await app.db.transaction(ctx.company.id, async (tx) => {
    const counts = stopped ? { counts: await countRows(tx, job.id) } : {}
    const moved = await patchJob(tx, job.id, 'writing', { seen: turn.seen, ...counts,
      ...(stopped && { problem: refused, state: refused.code === 'taken' ? 'checking' : 'stopped' }) }, app.clock(), !stopped)
    await tx.commit()
    return moved
  })
  return held && !stopped
}

const nameOf = (row: GoodRow): string | undefined => row.record_id ?? row.natural_key?.split(keySign)[0]

/** Rows of the same name, or on the same record, one after the other; all else together. */
function apart(rows: readonly GoodRow[]): GoodRow[][] {
  const times = new Map<string, number>()
  const parts: GoodRow[][] = []
  for (const row of rows) {
    const name = nameOf(row)
    const part = name === undefined ? 0 : times.get(name) ?? 0
    if (name !== undefined) times.set(name, part + 1)
    const into = parts[part] ?? []
    into.push(row)
    parts[part] = into
  }
  return parts
}

const wishOf = ({ kind }: Place, row: GoodRow): Wish => ({ process: kind.process, action: kind.action, id: row.record_id,
  input: row.input, requestKey: row.request_key })

/** taken: the database found that something is there already; nobody knows which row before they are looked at again. */
type Stop = { code: 'refused'; line: number; text: string } | { code: 'taken' }

/** Thrown out of the transaction of a block, of which then nothing is written. */
class Left extends Error {
  readonly why: 'called_off' | 'too_early'
  constructor(why: Left['why']) {
    super(why)
    this.why = why
  }
}

/** too_early: the block before goes one by one, and must not meet locks of this one. */
type Together = 'written' | Left['why'] | Extract<Outcomes, { ok: false }>

/** All rows and their marks in one transaction, after those of the block before. */
async function writeTogether(place: Place, rows: readonly GoodRow[], { seen, before }: Turn, decided: () => void):
  Promise<Together> {
  const { ctx, job } = place
  const parts = apart(rows).map((part) => part.map((row) => wishOf(place, row)))
  const turn = async () => {
    if (parts.length === 1) decided()
    if (!await before.together) throw new Left('too_early')
  }
  try {
    const outcomes = await runMany({ ...ctx, now: ctx.app.clock() }, parts, { turn, beside: async (tx) => {
      void tx.query(markOf(job.id, rows.map(({ n }) => ({ n, state: 'written', problems: null }))))
      if (!await patchJob(tx, job.id, 'writing', { seen }, ctx.app.clock(), true)) throw new Left('called_off')
    } })
    return outcomes.ok ? 'written' : outcomes
  } catch (error) {
    if (error instanceof Left) return error.why
    throw error
  }
}

async function stopOf(place: Place, rows: readonly GoodRow[], { wish, refusal }: Extract<Outcomes, { ok: false }>): Promise<Stop> {
  const row = wish && rows.find(({ request_key }) => request_key === wish.requestKey)
  return row ? refuse(place, row, refusal) : { code: 'taken' }
}

/** @returns why the first refused row was refused; null: all were done */
async function oneByOne(place: Place, rows: readonly GoodRow[]): Promise<Stop | null> {
  const now = { ...place.ctx, now: place.app.clock() }
  let first: Stop | null = null
  for (const row of rows) {
    const outcome = await run(now, wishOf(place, row))
    if (outcome.ok) await mark(place, [{ n: row.n, state: 'written', problems: null }])
    else {
      first ??= await refuse(place, row, outcome.refusal)
      if (!place.job.only_good) return first
    }
  }
  return first
}

async function refuse(place: Place, row: GoodRow, refusal: Refusal): Promise<Stop> {
  const text = refusalSentence(place.ctx, refusal, { process: place.process })
  const problems = refusal.fields ?? [{ field: '', code: 'not_allowed' as const, params: { why: text } }]
  await mark(place, [{ n: row.n, state: 'refused', problems }])
  return { code: 'refused', line: row.n, text }
}

type Mark = { n: number; state: 'written' | 'refused'; problems: readonly FieldProblem[] | null }

/** What was written lies in its event: the row keeps its line alone. */
async function mark({ app, ctx, job }: Place, marks: readonly Mark[]): Promise<void> {
  await app.db.transaction(ctx.company.id, async (tx) => {
    await tx.query(markOf(job.id, marks))
    await tx.commit()
  })
}

const markOf = (job: string, marks: readonly Mark[]) => sql`
  update sheet_row r set state = x.state, problems = x.problems, input = null,
    cells = case when x.state = 'written' then null else r.cells end,
    natural_key = null, request_key = case when x.state = 'written' then null else r.request_key end
  from jsonb_to_recordset(${JSON.stringify(marks)}::jsonb) as x (n int, state text, problems jsonb)
  where r.job = ${job}::uuid and r.n = x.n`.named('mark_sheet_rows')
