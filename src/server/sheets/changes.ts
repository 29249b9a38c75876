import { decide, same } from '../../engine/decide.ts'
import { own } from '../../engine/define.ts'
import { type AnyField, fail } from '../../engine/fields.ts'
import type { FieldProblem } from '../../engine/refusal.ts'
import { refusalSentence } from '../answer.ts'
import { newFacts } from '../case.ts'
import { type Tx, sql } from '../db.ts'
import { nameKey, phoneKey } from '../customers/keys.ts'
import { headFields } from '../records/noun.ts'
import { seenFields } from '../seen.ts'
import { type Draft, type Said, chosen } from './draft.ts'
import type { Place } from './job.ts'
import { calledBy, recordColumn } from './kinds.ts'
import { type Known, withoutZeros } from './known.ts'

/** What a row would change in its record: the form of the action, and what its fields say now. */
export type Changes = { form: Record<string, unknown>; was: Record<string, unknown>; problems: readonly FieldProblem[] }

/** Names of the people whom fields of these records name: a cell says a name. */
export async function namesIn({ fields }: Place, tx: Tx, records: readonly Known[]): Promise<ReadonlyMap<string, string>> {
  const people = Object.keys(fields).filter((name) => fields[name]!.kind === 'person')
  const ids = [...new Set(records.flatMap(({ values }) => people.map((name) => values[name])))]
    .filter((id): id is string => typeof id === 'string')
  if (ids.length === 0) return new Map()
  const rows = await tx.query<{ id: string; name: string }>(sql`select id, name from member where id = any(${ids}::uuid[])`
    .named('names'))
  return new Map(rows.map(({ id, name }) => [id, name]))
}

/**
 * Compares the cells of a row with its record. An empty cell changes nothing; what the list itself gives out for a value is
 * no change, however it is spelled.
 */
export function changesOf(place: Place, draft: Draft, known: Known, names: ReadonlyMap<string, string>): Changes {
  const { kind, process, ctx, fields } = place
  const sees = seenFields(process, ctx.actor)
  const edits = known.contact ? null : process.states[known.state]?.edits ?? []
  const changes = { form: {} as Record<string, unknown>, was: {} as Record<string, unknown>, problems: [] as FieldProblem[] }
  for (const [name, said] of draft.said) {
    if (name === recordColumn || saysHowOnly(place, name)) continue
    const [field, [owner = '', column]] = [fields[name]!, name.split('.')]
    const line = column === undefined ? null : onlyLine(known.values[owner])
    const current = column === undefined ? known.values[name] : line?.[column]
    if (!sees(owner)) {
      changes.problems.push(fail(name, 'not_editable'))
      continue
    }
    if (isSame(name, field, said, current, known, names)) continue
    const value = valueOf(name, field, said)
    if ('problem' in value) changes.problems.push(value.problem)
    else if (edits && !edits.includes(owner)) {
      if (!callsTheSame(place, name, value.value, current)) changes.problems.push(fail(name, 'not_editable'))
    } else if (column !== undefined && line === null) changes.problems.push(fail(name, 'not_editable'))
    else {
      changes.was[name] = current ?? null
      if (known.contact) changes.form[name] = value.value
      else if (column === undefined) changes.form[name] = [current ?? null, value.value]
      else changes.form[owner] = [known.values[owner], [{ ...lineOf(changes.form[owner]) ?? line, [column]: value.value }]]
    }
  }
  if (known.contact) changes.form = { contact: known.contact, ...present(known.values), ...changes.form }
  return kind.change === undefined ? { form: {}, was: {}, problems: [] } : changes
}

/** Words to the creation alone (that it really is another customer): no record keeps them. */
const saysHowOnly = ({ kind, noun }: Place, name: string): boolean => !kind.on && !name.includes('.') && !name.startsWith('x_')
  && !name.startsWith('contact_') && !noun.columns.includes(name) && !(headFields as readonly string[]).includes(name)

const present = (values: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null))

type Line = Readonly<Record<string, unknown>>
const onlyLine = (value: unknown): Line | null => (Array.isArray(value) && value.length === 1 ? value[0] as Line : null)
const lineOf = (pair: unknown): Line | null => (Array.isArray(pair) ? onlyLine(pair[1]) : null)

const minuteMs = 60_000
const squeezed = (text: string): string => text.normalize('NFC').replace(/\s+/g, ' ').trim()
const digits = (phone: string): string => withoutZeros(phoneKey(phone))

function isSame(name: string, field: AnyField, { text, told, found }: Said, current: unknown, known: Known,
  names: ReadonlyMap<string, string>): boolean {
  if (field.kind === 'person') return names.get(String(current)) === text || found.some(({ id }) => id === current)
  if (field.kind === 'record') {
    return found.some(({ id }) => id === current) || (field.process === 'customer' && known.customer_title !== null
      && current === known.values.customer && squeezed(known.customer_title) === squeezed(text))
  }
  if (known.people && 'value' in told) {
    if (name === 'contact_name' && !known.contact) return known.people.names.has(nameKey(String(told.value)))
    // Which of somebody's numbers stands first is no change: put in its place it would drive another one out.
    if (name.startsWith('contact_phone') && known.people.phones.has(phoneKey(String(told.value)))) return true
  }
  if (current === null || current === undefined || !('value' in told)) return false
  const { value } = told
  switch (field.kind) {
    case 'text': case 'long_text': return squeezed(String(value)) === squeezed(String(current))
    case 'phone': return digits(String(value)) === digits(String(current))
    case 'instant': return Math.floor(Date.parse(String(value)) / minuteMs) === Math.floor(Date.parse(String(current)) / minuteMs)
    case 'choices': return same([...value as string[]].sort(), [...current as string[]].sort())
    default: return same(value, current)
  }
}

function valueOf(name: string, field: AnyField, { told, found }: Said): { value: unknown } | { problem: FieldProblem } {
  if ('problem' in told) return { problem: fail(name, told.problem, told.params) }
  if ('value' in told) return told
  const one = chosen(name, field, found)
  return 'problem' in one ? one : { value: one.id }
}

/** A part number in small letters is the same part number: how a record is called does not differ by its spelling. */
function callsTheSame({ process, noun }: Place, name: string, value: unknown, current: unknown): boolean {
  const called = own(calledBy, process.name)
  if (called?.field !== name) return false
  const key = (text: unknown) => String({ [name]: text, ...noun.follows?.({ [name]: text }) }[called.column]).toUpperCase()
  return key(value) === key(current)
}

/** Would the action be taken? It is decided as it will be, with what the record says now. */
export function refusedChange(place: Place, known: Known, form: Readonly<Record<string, unknown>>): FieldProblem[] {
  const { ctx, kind, process, noun, settings } = place
  const decision = decide(process, kind.change!, ctx.actor, { state: known.state, values: known.values,
    facts: { ...newFacts(ctx, noun, settings.limits), ...noun.derive({}, known.values, ctx) } }, form)
  if (decision.ok) return []
  const why = () => refusalSentence(ctx, decision.refusal, { process })
  return [...decision.refusal.fields ?? [fail('', 'not_allowed', { why: why() })]]
}
