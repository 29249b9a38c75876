import { own } from '../../engine/define.ts'
import { type AnyField, fail } from '../../engine/fields.ts'
import type { FieldProblem } from '../../engine/refusal.ts'
import { Fragment, type Tx, sql } from '../db.ts'
import { type Converted, type DateOrder, convertCell } from './convert.ts'
import type { Place } from './job.ts'
import { calledBy, laterFields, numberColumn, putValue, recordColumn } from './kinds.ts'

/** What the cells of one field say themselves, whatever stands for empty ones; of a name, what is called so. */
export type Said = { text: string; told: Converted; found: readonly Named[] }

/**
 * One row under way: its form so far, and what is wrong with it. `number`: of its record, as our own lists give it out.
 * `said`: by field, only what stands in its cells.
 */
export type Draft = { n: number; cells: string[]; input: Record<string, unknown>; record: string | null; number: string | null
  problems: FieldProblem[]; named: { field: string; text: string; own: boolean }[]; said: Map<string, Said> }

export type Named = { id: string; kind: string }

export function draftOf(place: Place, { n, cells }: { n: number; cells: string[] }, orders: ReadonlyMap<number, DateOrder>):
  Draft {
  const { job, kind, fields, process, ctx } = place
  const draft: Draft = { n, cells, input: { ...kind.fixed }, record: null, number: null, problems: [], named: [], said: new Map() }
  const later = laterFields(kind, process)
  for (const [name, field] of Object.entries(fields)) {
    const columns = job.fields.flatMap((one, index) => (one === name ? [index] : []))
    const text = columns.map((index) => (cells[index] ?? '').trim()).filter((one) => one !== '').join(' ')
    const filler = job.fillers[name] ?? ''
    if (text === '' && filler === '') continue
    if (name === numberColumn) {
      draft.number = text === '' ? null : text.toUpperCase()
      continue
    }
    const reading = { process, time_zone: ctx.company.time_zone, order: orders.get(columns[0] ?? -1) ?? 'month_first' }
    const told = convertCell(name, field, text === '' ? filler : text, reading)
    if (text !== '') draft.said.set(name, { text, told, found: [] })
    // A choice that nobody knows takes what was said for the rest.
    const known = 'problem' in told && field.kind === 'choice' && filler !== '' ? convertCell(name, field, filler, reading) : told
    if ('named' in known) draft.named.push({ field: name, text: known.named, own: text !== '' })
    else if (later.includes(name)) continue
    else if ('problem' in known) draft.problems.push(fail(name, known.problem, known.params))
    else if (known.value !== '') putValue(draft.input, name, known.value)
  }
  return draft
}

type FoundRecord = { id: string; number: string; called: string | null; kind: string }

/** Looks up the people and records that cells name, once for a slice and field. */
export async function resolve(place: Place, tx: Tx, drafts: readonly Draft[]): Promise<void> {
  const names = [...new Set(drafts.flatMap(({ named }) => named.map(({ field }) => field)))]
  const later = laterFields(place.kind, place.process)
  for (const name of names) {
    const field = place.fields[name]!
    const texts = [...new Set(drafts.flatMap(({ named }) => named.filter((one) => one.field === name).map(({ text }) => text)))]
    const found = field.kind === 'record' ? await recordsNamed(place, tx, field.process, texts) : await peopleNamed(tx, texts)
    for (const draft of drafts) {
      const asked = draft.named.find((one) => one.field === name)
      if (!asked) continue
      const all = found(asked.text)
      const said = draft.said.get(name)
      if (said && asked.own) draft.said.set(name, { ...said, found: all })
      if (!later.includes(name)) settle(draft, name, field, all)
    }
  }
}

function settle(draft: Draft, name: string, field: AnyField, found: readonly Named[]): void {
  const one = chosen(name, field, found)
  if ('problem' in one) draft.problems.push(one.problem)
  else if (name === recordColumn) draft.record = one.id
  else draft.input[name] = one.id
}

/** The one that is meant: the only one that is open, or the only one at all. */
export function chosen(name: string, field: AnyField, found: readonly Named[]): { id: string } | { problem: FieldProblem } {
  const open = found.filter(({ kind }) => kind === 'active' || kind === 'waiting')
  const one = open.length === 1 ? open[0] : found.length === 1 ? found[0] : undefined
  if (one && (open.length === 1 || one.kind === 'done')) return { id: one.id }
  return { problem: open.length > 1 ? fail(name, 'ambiguous', { count: open.length })
    : fail(name, field.kind === 'person' ? 'unknown_person' : 'not_there') }
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
