import { createHash } from 'node:crypto'
import { decide } from '../../engine/decide.ts'
import { own, sourcesOf } from '../../engine/define.ts'
import { type AnyField, fail } from '../../engine/fields.ts'
import type { FieldProblem } from '../../engine/refusal.ts'
import { refusalSentence } from '../answer.ts'
import { newFacts } from '../case.ts'
import { Fragment, type Reader, type Tx, sql } from '../db.ts'
import { headFields } from '../records/noun.ts'
import { canonical, rowKey } from '../run.ts'
import { type DateOrder, convertCell } from './convert.ts'
import { type Place, patchJob } from './job.ts'
import { calledBy, columnOfProblem, putValue, recordColumn } from './kinds.ts'
import { tellOfSheet } from './planner.ts'

/** One row under way: what it says so far, and what is wrong with it. */
type Draft = { n: number; cells: string[]; input: Record<string, unknown>; record: string | null
  problems: FieldProblem[]; named: { field: string; text: string }[] }

type Checked = { n: number; state: 'good' | 'bad' | 'double' | 'empty'; input: Record<string, unknown> | null
  record_id: string | null; key: string | null; natural_key: string | null; problems: FieldProblem[] | null }

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
  const seenKeys = new Map<string, { n: number; says: string }>()
  let [after, seen] = [-1, 0]
  for (;;) {
    const held = await app.db.transaction(company, async (tx) => {
      const rows = await tx.query<{ n: number; cells: string[] }>(sql`select n, cells from sheet_row
        where job = ${job.id}::uuid and n > ${after}::int order by n limit ${slice}`.named('sheet_slice'))
      if (rows.length === 0) return null
      const drafts = rows.map((row) => draftOf(place, row, orders))
      await resolve(place, tx, drafts)
      await tx.query(writeChecked(job.id, drafts.map((draft) => judge(place, draft, seenKeys))))
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

function draftOf(place: Place, { n, cells }: { n: number; cells: string[] }, orders: ReadonlyMap<number, DateOrder>): Draft {
  const { job, kind, fields, process, ctx } = place
  const draft: Draft = { n, cells, input: { ...kind.fixed }, record: null, problems: [], named: [] }
  for (const [name, field] of Object.entries(fields)) {
    const columns = job.fields.flatMap((one, index) => (one === name ? [index] : []))
    const text = columns.map((index) => (cells[index] ?? '').trim()).filter((one) => one !== '').join(' ')
    const filler = job.fillers[name] ?? ''
    if (text === '' && filler === '') continue
    const reading = { process, time_zone: ctx.company.time_zone, order: orders.get(columns[0] ?? -1) ?? 'month_first' }
    const told = convertCell(name, field, text === '' ? filler : text, reading)
    // A choice that nobody knows takes what was said for the rest.
    const known = 'problem' in told && field.kind === 'choice' && filler !== '' ? convertCell(name, field, filler, reading) : told
    if ('problem' in known) draft.problems.push(fail(name, known.problem, known.params))
    else if ('named' in known) draft.named.push({ field: name, text: known.named })
    else if (known.value !== '') putValue(draft.input, name, known.value)
  }
  return draft
}

type FoundRecord = { id: string; number: string; called: string | null; kind: string }

/** Looks up the people and records that cells name, once for a slice and field. */
async function resolve(place: Place, tx: Tx, drafts: readonly Draft[]): Promise<void> {
  const names = [...new Set(drafts.flatMap(({ named }) => named.map(({ field }) => field)))]
  for (const name of names) {
    const field = place.fields[name]!
    const texts = [...new Set(drafts.flatMap(({ named }) => named.filter((one) => one.field === name).map(({ text }) => text)))]
    const found = field.kind === 'record' ? await recordsNamed(place, tx, field.process, texts) : await peopleNamed(tx, texts)
    for (const draft of drafts) {
      const asked = draft.named.find((one) => one.field === name)
      if (asked) settle(draft, name, field, found(asked.text))
    }
  }
}

function settle(draft: Draft, name: string, field: AnyField, found: readonly { id: string; kind: string }[]): void {
  const open = found.filter(({ kind }) => kind === 'active' || kind === 'waiting')
  const one = open.length === 1 ? open[0] : found.length === 1 ? found[0] : undefined
  if (one && (open.length === 1 || one.kind === 'done')) {
    if (name === recordColumn) draft.record = one.id
    else draft.input[name] = one.id
  } else if (open.length > 1) draft.problems.push(fail(name, 'ambiguous', { count: open.length }))
  else draft.problems.push(fail(name, field.kind === 'person' ? 'unknown_person' : 'not_there'))
}

async function peopleNamed(tx: Tx, texts: readonly string[]) {
  const rows = await tx.query<{ id: string; name: string }>(sql`
    select id, name from member where active and name = any(${texts}::text[])`.named('sheet_people'))
  return (text: string) => rows.filter(({ name }) => name === text).map(({ id }) => ({ id, kind: 'active' }))
}

async function recordsNamed({ app }: Place, tx: Tx, process: string, texts: readonly string[]) {
  const noun = app.house.nouns[process]!
  const called = own(calledBy, process)
  const follow = (given: string): string => {
    const text = called?.any_case ? given.toUpperCase() : given
    return String(called === undefined ? text
      : { [called.field]: text, ...noun.follows?.({ [called.field]: text }) }[called.column] ?? text)
  }
  const keys = texts.map(follow)
  const column = new Fragment(called === undefined ? 'null::text' : called.any_case ? `upper(n.${called.column})`
    : `n.${called.column}`, [])
  const table = new Fragment(noun.table, [])
  const rows = await tx.query<FoundRecord>(sql`
    select r.id, r.number, ${column} as called, r.kind from record r join ${table} n on n.company_id = r.company_id and n.id = r.id
    where r.process = ${process} and r.kind <> 'void'
      and (r.number = any(${[...texts, ...texts.map((text) => text.toUpperCase())]}::text[]) or r.old_number = any(${texts}::text[])
        or ${column} = any(${keys}::text[]))`.named(`sheet_records:${process}`))
  // What follows from a name may be dear (how it sounds): once a name, not once a name and row.
  const followed = new Map(texts.map((text, index) => [text, keys[index]!]))
  const [numbered, named] = [by(rows, ({ number }) => number), by(rows, (row) => row.called)]
  return (text: string) => numbered.get(text) ?? numbered.get(text.toUpperCase()) ?? named.get(followed.get(text)!) ?? []
}

function by(rows: readonly FoundRecord[], keyOf: (row: FoundRecord) => string | null): ReadonlyMap<string, FoundRecord[]> {
  const found = new Map<string, FoundRecord[]>()
  for (const row of rows) {
    const key = keyOf(row)
    const others = key === null ? undefined : found.get(key)
    if (others) others.push(row)
    else if (key !== null) found.set(key, [row])
  }
  return found
}

/** Between the parts of a key. */
export const keySign = '\u001f'

/** What tells the row's record from others; null: nothing does, then the whole row stands for it. */
function naturalKey({ kind, noun }: Place, draft: Draft): string | null {
  const values: Record<string, unknown> = { ...draft.input, ...(kind.on ? {} : noun.follows?.(draft.input)) }
  const parts = kind.key.map((name) => (typeof values[name] === 'string' ? values[name].toUpperCase() : ''))
  if (parts[0] === '' || parts.length === 0) return null
  return [...(kind.on ? [draft.record ?? ''] : []), ...parts].join(keySign)
}

function judge(place: Place, draft: Draft, seenKeys: Map<string, { n: number; says: string }>): Checked {
  const { kind, process, ctx, noun, settings, job } = place
  const { n, record } = draft
  const nothing = (state: 'bad' | 'double' | 'empty'): Checked => ({ n, state, input: null, record_id: null, key: null,
    natural_key: null, problems: state === 'bad' ? draft.problems : null })
  // A line with nothing in the columns that are taken: notes beside the table, a sum below it.
  if (job.fields.every((name, column) => name === null || (draft.cells[column] ?? '').trim() === '')) return nothing('empty')
  const state = kind.on ? sourcesOf(process, process.actions[kind.action]!)[0] ?? null : null
  const named = new Set(draft.problems.map(({ field }) => field))
  const decision = decide(process, kind.action, ctx.actor, { state, facts: newFacts(ctx, noun, settings.limits) }, draft.input)
  if (!decision.ok) {
    const why = () => refusalSentence(ctx, decision.refusal, { process })
    const { fields = [fail('', 'not_allowed', { why: why() })] } = decision.refusal
    draft.problems.push(...fields.filter(({ field }) => !named.has(columnOfProblem(kind, field))))
  }
  if (kind.on && record === null && !named.has(recordColumn)) draft.problems.push(fail(recordColumn, 'required'))
  if (draft.problems.length > 0) return nothing('bad')
  const natural = naturalKey(place, draft)
  const says = createHash('sha256').update(canonical([record, draft.input])).digest('base64')
  const first = seenKeys.get(natural ?? says)
  if (natural !== null && first !== undefined) {
    if (first.says === says) return nothing('double')
    draft.problems.push(fail(columnOfKey(place), 'same_as_line', { line: first.n }))
    return nothing('bad')
  }
  // Rows that nothing tells apart may be several things of a kind: the second one is the second one of any such file.
  const times = natural === null ? (first?.n ?? 0) + 1 : n
  seenKeys.set(natural ?? says, { n: times, says })
  const key = rowKey(ctx.company.id, [job.kind, natural ?? `${says}${keySign}${times}`].join(keySign))
  return { n, state: 'good', input: draft.input, record_id: record, key: key.toString('hex'), natural_key: natural, problems: null }
}

/** The column under which a doubled row is told. */
const columnOfKey = ({ kind, job, fields }: Place): string => (kind.on ? recordColumn
  : own(calledBy, kind.process)?.field ?? job.fields.find((name) => name !== null && name in fields) ?? '')

const writeChecked = (job: string, rows: readonly Checked[]) => sql`
  update sheet_row r set state = x.state, input = x.input, record_id = x.record_id, natural_key = x.natural_key,
    request_key = decode(x.key, 'hex'), problems = x.problems
  from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x (n int, state text, input jsonb, record_id uuid,
    key text, natural_key text, problems jsonb)
  where r.job = ${job}::uuid and r.n = x.n`.named('write_checked')

/** What is there already: by the request of its event, or by what tells it from others. */
async function finish({ app, ctx, job, kind, noun }: Place): Promise<boolean> {
  return app.db.transaction(ctx.company.id, async (tx) => {
    await tx.query(sql`update sheet_row r set state = 'there', record_id = e.record_id from event e
      where r.job = ${job.id}::uuid and r.state = 'good' and e.request_key = r.request_key`.named('sheet_done_before'))
    if (!kind.on) {
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
