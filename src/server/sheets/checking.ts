import { createHash } from 'node:crypto'
import { decide } from '../../engine/decide.ts'
import { own, sourcesOf } from '../../engine/define.ts'
import { fail } from '../../engine/fields.ts'
import type { FieldProblem } from '../../engine/refusal.ts'
import { refusalSentence } from '../answer.ts'
import { newFacts } from '../case.ts'
import { Fragment, type Reader, type Tx, sql } from '../db.ts'
import { headFields } from '../records/noun.ts'
import { canonical, rowKey } from '../run.ts'
import { changesOf, namesIn, refusedChange } from './changes.ts'
import type { DateOrder } from './convert.ts'
import { type Draft, draftOf, resolve } from './draft.ts'
import { type Place, patchJob } from './job.ts'
import { calledBy, columnOfProblem, laterFields, numberColumn, recordColumn } from './kinds.ts'
import { type Key, type Match, findKnown, keyOf, keySign, requestOf } from './known.ts'
import { tellOfSheet } from './planner.ts'

/** What a row came to. `seq` and `was`: of a change, where its record stands and what its fields say. */
type Checked = { n: number; state: 'good' | 'bad' | 'double' | 'empty' | 'there' | 'change'
  input: Readonly<Record<string, unknown>> | null; record_id: string | null; key: string | null; natural_key: string | null
  problems: readonly FieldProblem[] | null; seq: number | null; was: Readonly<Record<string, unknown>> | null }

const slice = 1000

/**
 * The dry run: every row is made into a form and decided as if it were sent; nothing is written. Begins again from
 * nothing when it was interrupted, since it counts rows that say the same.
 *
 * @returns false when somebody called it off
 */
export async function checkSheet(place: Place): Promise<boolean> {
  const { app, ctx, job } = place
  const company = ctx.company.id
  const orders = await app.db.read(company, (reader) => dateOrders(reader, place))
  const before: Seen = new Map()
  let [after, seen] = [-1, 0]
  for (;;) {
    const held = await app.db.transaction(company, async (tx) => {
      const rows = await tx.query<{ n: number; cells: string[] }>(sql`select n, cells from sheet_row
        where job = ${job.id}::uuid and n > ${after}::int order by n limit ${slice}`.named('sheet_slice'))
      if (rows.length === 0) return null
      const drafts = rows.map((row) => draftOf(place, row, orders))
      await resolve(place, tx, drafts)
      await tx.query(writeChecked(job.id, await judgeAll(place, tx, drafts, before)))
      seen += rows.length
      after = rows.at(-1)!.n
      const kept = await patchJob(tx, job.id, 'checking', { seen }, app.clock(), true)
      await tx.commit()
      return kept
    })
    if (held === null) break
    if (!held) return false
  }
  await tellOfSheet(place, seen)
  return finish(place)
}

/** Columns with dates like 8/24/22: whichever figure goes beyond 12 is the day. The month first when none does. */
async function dateOrders(reader: Reader, { job, fields }: Place): Promise<ReadonlyMap<number, DateOrder>> {
  const columns = job.fields.flatMap((name, index) =>
    (name !== null && ['date', 'instant'].includes(fields[name]?.kind ?? '') ? [index] : []))
  const rows = await Promise.all(columns.map((column) => reader.query<{ first: number | null }>(sql`
    select max((m.parts)[1]::int) as first from sheet_row r
    cross join lateral (select regexp_match(r.cells->>${column}::int, '^\\s*(\\d{1,2})[-/.]\\d{1,2}[-/.]\\d{2,4}') as parts) m
    where r.job = ${job.id}::uuid`.named('sheet_dates'))))
  return new Map(columns.map((column, index) => [column, (rows[index]![0]?.first ?? 0) > 12 ? 'day_first' : 'month_first']))
}

/** Lines of the sheet by what they are about: which line said it first, and what it said. */
type Seen = Map<string, { n: number; says: string }>

async function judgeAll(place: Place, tx: Tx, drafts: readonly Draft[], before: Seen): Promise<Checked[]> {
  const keys = new Map(drafts.map((draft) => [draft, keyOf(place, draft)]))
  const matches = looksUp(place) ? await findKnown(place, tx, drafts, keys) : new Map<Draft, Match>()
  const names = await namesIn(place, tx, [...matches.values()].flatMap((match) => ('known' in match ? [match.known] : [])))
  return drafts.map((draft) => {
    // A line with nothing in the columns that are taken: notes beside the table, a sum below it.
    if (place.job.fields.every((name, column) => name === null || (draft.cells[column] ?? '').trim() === '')) {
      return nothing(draft, 'empty')
    }
    const match = matches.get(draft)
    return match ? judgeKnown(place, draft, match, before, names) : judgeNew(place, draft, keys.get(draft)!, before)
  })
}

/** Is each row looked up as it is looked at? Without, the known ones are marked at the end, all at once. */
const looksUp = ({ job }: Place): boolean => job.updates || job.fields.includes(numberColumn)

const nothing = ({ n, problems }: Draft, state: 'bad' | 'double' | 'empty' | 'there', record: string | null = null): Checked =>
  ({ n, state, input: null, record_id: record, key: null, natural_key: null, problems: state === 'bad' ? problems : null,
    seq: null, was: null })

/** A row whose record is there: left alone, or what it would change. */
function judgeKnown(place: Place, draft: Draft, match: Match, before: Seen, names: ReadonlyMap<string, string>): Checked {
  const { job, ctx } = place
  const bad = (...problems: readonly FieldProblem[]): Checked => nothing({ ...draft, problems: [...problems] }, 'bad')
  if ('several' in match) return bad(fail(columnOfKey(place), 'ambiguous', { count: match.several }))
  if ('taken' in match) return job.updates ? bad(fail(columnOfKey(place), 'taken')) : nothing(draft, 'there')
  if (!match.seen) return nothing(draft, 'there', match.id)
  const { known } = match
  const says = digest([...draft.said].map(([name, { text }]) => [name, text]))
  const first = before.get(known.contact ?? known.id)
  if (first) return first.says === says ? nothing(draft, 'double') : bad(fail(columnOfKey(place), 'same_as_line', { line: first.n }))
  before.set(known.contact ?? known.id, { n: draft.n, says })
  const { form, was, problems } = changesOf(place, draft, known, names)
  if (problems.length > 0) return bad(...problems)
  if (Object.keys(was).length === 0) return nothing(draft, 'there', known.id)
  const refused = refusedChange(place, known, form)
  if (refused.length > 0) return bad(...refused)
  const key = rowKey(ctx.company.id, [job.kind, 'change', known.contact ?? known.id, known.seq, digest(form)].join(keySign))
  return { n: draft.n, state: 'change', input: form, record_id: known.id, key: key.toString('hex'), natural_key: null,
    problems: null, seq: known.seq, was }
}

const digest = (value: unknown): string => createHash('sha256').update(canonical(value)).digest('base64')

function judgeNew(place: Place, draft: Draft, unique: Key | null, before: Seen): Checked {
  const { kind, process, ctx, noun, settings, job } = place
  const { n, record } = draft
  const state = kind.on ? sourcesOf(process, process.actions[kind.action]!)[0] ?? null : null
  const named = new Set(draft.problems.map(({ field }) => field))
  const decision = decide(process, kind.action, ctx.actor, { state, facts: newFacts(ctx, noun, settings.limits) }, draft.input)
  if (!decision.ok) {
    const why = () => refusalSentence(ctx, decision.refusal, { process })
    const { fields = [fail('', 'not_allowed', { why: why() })] } = decision.refusal
    draft.problems.push(...fields.filter(({ field }) => !named.has(columnOfProblem(kind, field))))
  }
  if (kind.on && record === null && !named.has(recordColumn)) draft.problems.push(fail(recordColumn, 'required'))
  if (job.updates) draft.problems.push(...onlyOfChanges(place, draft))
  if (draft.problems.length > 0) return nothing(draft, 'bad')
  const natural = unique && unique.parts.join(keySign)
  const says = digest([record, draft.input])
  const first = before.get(natural ?? says)
  if (natural !== null && first !== undefined) {
    if (first.says === says) return nothing(draft, 'double')
    draft.problems.push(fail(columnOfKey(place), 'same_as_line', { line: first.n }))
    return nothing(draft, 'bad')
  }
  // Rows that nothing tells apart may be several things of a kind: the second one is the second one of any such file.
  const times = natural === null ? (first?.n ?? 0) + 1 : n
  before.set(natural ?? says, { n: times, says })
  const key = unique ? requestOf(place, unique.parts) : rowKey(ctx.company.id, [job.kind, `${says}${keySign}${times}`].join(keySign))
  return { n, state: 'good', input: draft.input, record_id: record, key: key.toString('hex'), natural_key: natural, problems: null,
    seq: null, was: null }
}

/** What a sheet that changes may not say of a record that it would create: the number of one that is not there, later fields. */
function onlyOfChanges({ kind, process, noun, settings }: Place, draft: Draft): FieldProblem[] {
  const { prefix } = { ...noun.number, ...settings.processes[process.name]?.number }
  return [...(draft.number?.startsWith(prefix) ? [fail(numberColumn, 'not_there')] : []),
    ...laterFields(kind, process).filter((name) => draft.said.has(name)).map((name) => fail(name, 'only_later'))]
}

/** The column under which a doubled row is told. */
const columnOfKey = ({ kind, job, fields }: Place): string => (kind.on ? recordColumn
  : own(calledBy, kind.process)?.field ?? job.fields.find((name) => name !== null && name in fields) ?? '')

const writeChecked = (job: string, rows: readonly Checked[]) => sql`
  update sheet_row r set state = x.state, input = x.input, record_id = x.record_id, natural_key = x.natural_key,
    request_key = decode(x.key, 'hex'), problems = x.problems, seq = x.seq, was = x.was
  from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x (n int, state text, input jsonb, record_id uuid,
    key text, natural_key text, problems jsonb, seq int, was jsonb)
  where r.job = ${job}::uuid and r.n = x.n`.named('write_checked')

/** What is there already: by the request of its event, or by what tells it from others. */
async function finish(place: Place): Promise<boolean> {
  const { app, ctx, job, kind, noun } = place
  return app.db.transaction(ctx.company.id, async (tx) => {
    await tx.query(sql`update sheet_row r set state = 'there', record_id = e.record_id from event e
      where r.job = ${job.id}::uuid and r.state = 'good' and e.request_key = r.request_key`.named('sheet_done_before'))
    if (!kind.on && !looksUp(place)) {
      const columnOf = (name: string) => ((headFields as readonly string[]).includes(name) ? `h.${name}::text` : `n.${name}`)
      const columns = kind.key.map((name) => `upper(coalesce(${columnOf(name)}, ''))`).join(` || '${keySign}' || `)
      await tx.query(sql`update sheet_row r set state = 'there', record_id = n.id
        from ${new Fragment(noun.table, [])} n join record h on h.company_id = n.company_id and h.id = n.id
        where r.job = ${job.id}::uuid and r.state = 'good' and h.kind <> 'void'
          and r.natural_key = ${new Fragment(columns, [])}`.named(`sheet_there:${job.kind}`))
    }
    const counts = await countRows(tx, job.id)
    const moved = await patchJob(tx, job.id, 'checking', { state: 'checked', seen: job.rows_total, counts }, app.clock(), false)
    await tx.commit()
    return moved
  })
}

export async function countRows(reader: Reader, job: string): Promise<Record<string, number>> {
  const rows = await reader.query<{ state: string; count: number }>(sql`
    select state, count(*)::int as count from sheet_row where job = ${job}::uuid group by state`.named('count_sheet'))
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]))
}
