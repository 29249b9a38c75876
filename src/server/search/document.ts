import { type AnyProcess, fieldsOf, own } from '../../engine/define.ts'
import type { ExtraField } from '../../engine/effective.ts'
import type { AnyField } from '../../engine/fields.ts'
import type { Row } from '../db.ts'
import { type Noun, headFields } from '../records/noun.ts'
import { gramsOf, initialGramsOf, initialsOf, joinedOf, normalise, pinyinGramsOf, pinyinOf, singlesOf } from './grams.ts'

/** What the indexer reads of a record. `inputs` are the forms of its events, newest first. */
export type Source = { id: string; process: string; number: string; old_number: string | null; title: string
  seq: number; kind: string; owner: string | null; handler: string | null; author: string | null; team: string | null
  opened_at: string; extra: Record<string, unknown>; customer_name: string | null; owner_name: string | null; handler_name: string | null
  inputs: readonly { action: string; input: Record<string, unknown> }[] }

/** The row of the search table. */
export type SearchRow = { record_id: string; seq: number; process: string; opened_at: string; grams: string[]
  body: string; shown: string; fields: string[] }

const lineMost = 2000
const bodyMost = 10_000
const joinedMost = 60

/** The lines of one record, bounded: the newest words of a long history are kept. */
class Lines {
  readonly fields: string[] = []
  readonly shown: string[] = []
  readonly compared: string[] = []
  /** Groups of what is read otherwise than it is written: initials and pinyin. */
  readonly signed: string[] = []
  private left = bodyMost

  /** Lines as they are written: only their groups are looked for without a sign. */
  readonly written: string[] = []

  add(field: string, text: unknown, compared?: string, spoken = false): void {
    if (typeof text !== 'string' || text === '' || this.left <= 0) return
    const shown = text.replace(/\s+/g, ' ').slice(0, Math.min(lineMost, this.left))
    this.left -= shown.length
    this.fields.push(field)
    this.shown.push(shown)
    this.compared.push((compared ?? normalise(shown)).replace(/\s+/g, ' '))
    if (!spoken) this.written.push(this.compared.at(-1)!)
    if (compared !== undefined) return
    const joined = shown.length <= joinedMost ? joinedOf(shown) : null
    if (joined !== null) this.add(field, text, joined)
  }

  /** A name as it is spoken, beside the name. */
  spoken(field: string, text: unknown): void {
    if (typeof text !== 'string') return
    for (const initials of initialsOf(text)) {
      this.add(field, text, initials, true)
      this.signed.push(...initialGramsOf(initials, 'row'))
    }
    for (const syllables of pinyinOf(text)) {
      this.add(field, text, syllables, true)
      this.signed.push(...pinyinGramsOf(syllables, 'row'))
    }
  }
}

/** Fields that hold what people and places are called. */
const isName = (name: string): boolean => /(^|_)(name|person)$/.test(name)

/** Fields that only some readers see are found by nobody: the search table knows records, not fields. */
const isText = (field: AnyField | undefined): boolean =>
  field !== undefined && !field.seen_by && ['text', 'long_text', 'phone', 'email'].includes(field.kind)

/** A record as it is searched: numbers, title, people, its own texts, then what was written in its events. */
export function documentOf(source: Source, process: AnyProcess, noun: Noun,
  extra: Readonly<Record<string, ExtraField>>, ownValues: Row): SearchRow {
  const lines = new Lines()
  const fields = fieldsOf(process)
  lines.add('number', source.number)
  lines.add('old_number', source.old_number)
  lines.add('title', source.title)
  lines.spoken('title', source.title)
  if (source.process !== 'customer') lines.add('customer', source.customer_name)
  lines.spoken('customer', source.process === 'customer' ? null : source.customer_name)
  lines.add('owner', source.owner_name)
  lines.add('handler', source.handler_name)
  for (const name of noun.search ?? []) {
    if (own(fields, name)?.seen_by) continue
    lines.add(name, ownValues[name])
    if (isName(name) && ownValues[name] !== source.title) lines.spoken(name, ownValues[name])
  }
  for (const [name, value] of Object.entries(source.extra)) if (isText(own(extra, name))) lines.add(name, value)
  addEvents(lines, source, fields, noun)
  return { record_id: source.id, seq: source.seq, process: source.process, opened_at: source.opened_at,
    grams: [...new Set([...lines.written.flatMap((line) => gramsOf(line, 'row')),
      ...lines.written.flatMap(singlesOf), ...lines.signed, ...marksOf(source)])],
    body: lines.compared.join('\n'), shown: lines.shown.join('\n'), fields: lines.fields }
}

/** Notes, reasons, results: what was typed into a form and stands in no column. A corrected value is not found. */
function addEvents(lines: Lines, source: Source, fields: Readonly<Record<string, AnyField>>, noun: Noun): void {
  const kept = (name: string) => noun.columns.includes(name) || (headFields as readonly string[]).includes(name)
  for (const { action, input } of source.inputs) {
    if (action === 'edit') continue
    for (const [name, value] of Object.entries(input)) {
      if (kept(name) || !isText(own(fields, name))) continue
      lines.add(name, value)
      if (isName(name)) lines.spoken(name, value)
    }
  }
}

/** Who may see it, as marks: the same that the policy names for its alternatives. */
function marksOf({ kind, owner, handler, author, team }: Source): string[] {
  const open = kind === 'active' || kind === 'waiting'
  return [handler && `handler.${handler}`, owner && `owner.${owner}`, author && `author.${author}`,
    open && handler === null && team !== null && `waits.${team}`].filter((mark): mark is string => Boolean(mark))
}
