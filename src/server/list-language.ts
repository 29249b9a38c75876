import { createHash } from 'node:crypto'
import { type AnyProcess, fieldsOf, own } from '../engine/define.ts'
import type { ExtraField } from '../engine/effective.ts'
import { type AnyField, cleanField, fail, isUuid } from '../engine/fields.ts'
import type { FieldProblem } from '../engine/refusal.ts'
import { dayNumber, dayMs, localDay, offsetAt, weekday } from '../engine/time-zone.ts'
import type { Ctx } from './context.ts'
import type { Fragment, Statement } from './db.ts'
import type { Noun } from './records/noun.ts'
import { seenFields } from './seen.ts'

/** The one language in which every list, count, board and export is asked for. */
export type Sort = 'opened' | '-opened' | 'due' | '-due'
export const sorts: readonly Sort[] = ['opened', '-opened', 'due', '-due']

/** The place after which a page begins: the exact key of its last row, and that row's id. */
export type After = { key: string; id: string }

/** A half-open stretch of time, ISO. */
export type Span = { from: string | null; to: string | null }

export type PersonFilter = 'handler' | 'owner' | 'author'
export type RecordFilter = 'customer' | 'machine' | 'parent'

export type ListQuery = {
  /** null: every state. */
  states: readonly string[] | null
  /** 'none' only of a handler: nobody has it. */
  people: Partial<Record<PersonFilter, string>>
  team: string | null
  records: Partial<Record<RecordFilter, string>>
  number: string | null
  due: Span | null
  opened: Span | null
  /** Values of the company's own fields that can be filtered. */
  extra: Readonly<Record<string, string | number | boolean>>
  q: string | null
  sort: Sort
  limit: number
  after: After | null
  /** Fields whose values the rows shall carry. */
  fields: readonly string[]
}

export const defaultLimit = 50
export const limitMost = 100
const fieldsMost = 20
const textMost = 100

const names = ['state', 'kind', 'handler', 'owner', 'author', 'team', 'customer', 'machine', 'parent', 'number', 'due',
  'opened_from', 'opened_to', 'q', 'sort', 'limit', 'cursor', 'fields'] as const
export type ParameterName = (typeof names)[number]
type Parameters = Readonly<Record<string, unknown>>

/** Where a request is read from: whose it is, of which process, and the company's own fields of it. */
export type Place = { ctx: Ctx; process: AnyProcess; noun: Noun; extra: Readonly<Record<string, ExtraField>> }

/** Does a request name fields of the company's own? Only then must its settings be known before the list is asked. */
export const namesExtra = (parameters: Parameters): boolean =>
  Object.keys(parameters).some((name) => name.startsWith('x_'))
  || (typeof parameters.fields === 'string' && /(^|,)x_/.test(parameters.fields))

/**
 * A query string as a list, or every problem with it: unknown parameters, states, sorts and cursors are named.
 *
 * @param without parameters that this door does not take (a board has no cursor)
 */
export function parseList(place: Place, parameters: Parameters, without: readonly ParameterName[] = []):
  { query: ListQuery } | { problems: FieldProblem[] } {
  const problems: FieldProblem[] = []
  const read = new Reading(place, parameters, problems)
  for (const name of Object.keys(parameters)) {
    const known = (names as readonly string[]).includes(name) && !(without as readonly string[]).includes(name)
    if (!known && !name.startsWith('x_')) problems.push(fail(name, 'unknown_field'))
    else if (typeof parameters[name] !== 'string') problems.push(fail(name, 'wrong_type'))
  }
  const due = read.due()
  const sort = read.sort(due !== null)
  const query: ListQuery = {
    states: read.states(), people: read.people(), team: read.key('team'), records: read.records(),
    number: read.words('number'), due, opened: read.opened(), extra: read.extra(), q: read.words('q'), sort,
    limit: read.limit(), after: read.cursor(sort), fields: read.fields(),
  }
  return problems.length > 0 ? { problems } : { query }
}

/** Reads one parameter after the other and gathers what is wrong. */
class Reading {
  private readonly place: Place
  private readonly parameters: Parameters
  private readonly problems: FieldProblem[]

  constructor(place: Place, parameters: Parameters, problems: FieldProblem[]) {
    this.place = place
    this.parameters = parameters
    this.problems = problems
  }

  private text(name: string): string | null {
    const value = own(this.parameters as Record<string, unknown>, name)
    return typeof value === 'string' && value !== '' ? value : null
  }

  private bad(name: string, code: FieldProblem['code'], params?: FieldProblem['params']): null {
    this.problems.push(fail(name, code, params))
    return null
  }

  states(): readonly string[] | null {
    const { states } = this.place.process
    const asked = this.text('state')?.split(',')
    const kinds = this.text('kind')?.split(',')
    for (const name of asked ?? []) if (!own(states, name)) this.bad('state', 'not_an_option')
    for (const name of kinds ?? []) {
      if (!['active', 'waiting', 'done', 'void'].includes(name)) this.bad('kind', 'not_an_option')
    }
    if (!asked && !kinds) return null
    return Object.keys(states).filter((name) =>
      (!asked || asked.includes(name)) && (!kinds || kinds.includes(states[name]!.kind)))
  }

  people(): ListQuery['people'] {
    const people: ListQuery['people'] = {}
    for (const name of ['handler', 'owner', 'author'] as const) {
      const value = this.text(name)
      if (value === null) continue
      const id = value === 'me' ? this.place.ctx.actor.id : value
      if (isUuid(id) || (name === 'handler' && id === 'none')) people[name] = id
      else this.bad(name, 'unknown_person')
    }
    return people
  }

  records(): ListQuery['records'] {
    const records: ListQuery['records'] = {}
    for (const name of ['customer', 'machine', 'parent'] as const) {
      const value = this.text(name)
      if (isUuid(value)) records[name] = value
      else if (value !== null) this.bad(name, 'unknown_record')
    }
    return records
  }

  key(name: 'team'): string | null {
    const value = this.text(name)
    return value === null || /^[a-z][a-z0-9_]{0,60}$/.test(value) ? value : this.bad(name, 'not_an_option')
  }

  words(name: 'number' | 'q'): string | null {
    const value = this.text(name)?.normalize('NFC').trim() ?? ''
    const { length } = Array.from(value)
    if (length > textMost) return this.bad(name, 'too_long', { max: textMost, length })
    // eslint-disable-next-line no-control-regex
    if (/[\u0000-\u001f]|\p{Cs}/u.test(value)) return this.bad(name, 'control_characters')
    return value === '' ? null : value
  }

  due(): Span | null {
    const value = this.text('due')
    if (value === null) return null
    const { ctx } = this.place
    const today = localDay(ctx.company.time_zone, ctx.now)
    const day = (number: number) => new Date(startOfDay(ctx.company.time_zone, number)).toISOString()
    const monday = today - weekday(today) + 1
    if (value === 'late') return { from: null, to: new Date(ctx.now).toISOString() }
    if (value === 'today') return { from: day(today), to: day(today + 1) }
    if (value === 'week') return { from: day(monday), to: day(monday + 7) }
    return this.bad('due', 'not_an_option')
  }

  opened(): Span | null {
    const from = this.instant('opened_from', 0)
    const to = this.instant('opened_to', 1)
    return from === null && to === null ? null : { from, to }
  }

  /** A date of the company (the whole of it: `days` later it ends), or an instant. */
  private instant(name: 'opened_from' | 'opened_to', days: 0 | 1): string | null {
    const value = this.text(name)
    if (value === null) return null
    const day = dayNumber(value)
    if (day !== null) return new Date(startOfDay(this.place.ctx.company.time_zone, day + days)).toISOString()
    const outcome = cleanField(name, { kind: 'instant', zh: '' }, value)
    return 'value' in outcome ? outcome.value as string : this.bad(name, 'not_a_date')
  }

  extra(): ListQuery['extra'] {
    const sees = seenFields(this.place.process, this.place.ctx.actor)
    const values: Record<string, string | number | boolean> = {}
    for (const name of Object.keys(this.parameters).filter((key) => key.startsWith('x_'))) {
      const field = own(this.place.extra, name)
      const value = this.text(name)
      if (!field?.indexed || !sees(name)) this.bad(name, 'unknown_field')
      else if (value !== null) {
        const outcome = cleanField(name, field, typed(field, value))
        if ('problem' in outcome) this.problems.push(outcome.problem)
        else if (['string', 'number', 'boolean'].includes(typeof outcome.value)) values[name] = outcome.value as string
        else this.bad(name, 'unknown_field')
      }
    }
    return values
  }

  /** A list of what is due is read by deadline, any other from its newest row. */
  sort(byDue: boolean): Sort {
    const value = this.text('sort') ?? (byDue ? 'due' : '-opened')
    if ((sorts as readonly string[]).includes(value)) return value as Sort
    this.bad('sort', 'not_an_option')
    return '-opened'
  }

  limit(): number {
    const value = this.text('limit')
    if (value === null) return defaultLimit
    if (!/^\d{1,9}$/.test(value)) this.bad('limit', 'wrong_type')
    else if (Number(value) < 1) this.bad('limit', 'too_small', { min: 1 })
    else if (Number(value) > limitMost) this.bad('limit', 'too_large', { max: limitMost })
    return Number(value)
  }

  cursor(sort: Sort): After | null {
    const value = this.text('cursor')
    if (value === null) return null
    return readCursor(sort, value) ?? this.bad('cursor', 'bad_format')
  }

  fields(): readonly string[] {
    const asked = [...new Set(this.text('fields')?.split(',') ?? [])]
    if (asked.length > fieldsMost) this.bad('fields', 'too_many_items', { max: fieldsMost })
    const known = listFields(this.place)
    for (const name of asked) if (!known.includes(name)) this.bad(`fields.${name.slice(0, textMost)}`, 'unknown_field')
    return asked
  }
}

/** Fields whose values a list can show to this reader: own columns and the company's own. */
export function listFields({ ctx, process, noun, extra }: Place): string[] {
  const fields = fieldsOf(process)
  const sees = seenFields(process, ctx.actor)
  return [...noun.columns.filter((name) => own(fields, name)), ...Object.keys(extra)].filter(sees)
}

function typed(field: AnyField, value: string): unknown {
  if (field.kind === 'flag') return value === 'true' ? true : value === 'false' ? false : value
  const whole = ['integer', 'minutes', 'fen', 'quantity'].includes(field.kind) && /^-?\d{1,15}$/.test(value)
  return whole ? Number(value) : value
}

/** The instant at which a local date begins, ms. */
export function startOfDay(timeZone: string, day: number): number {
  const guess = day * dayMs - offsetAt(timeZone, day * dayMs)
  return day * dayMs - offsetAt(timeZone, guess)
}

/** A row's key as the database writes it, in UTC, to the microsecond: a JavaScript date would round it. */
const keyShape = /^(infinity|\d{4}-\d{2}-\d{2} ([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?)$/

/** An opaque cursor: it belongs to one sort and is checked when it comes back. */
export const writeCursor = (sort: Sort, { key, id }: After): string =>
  Buffer.from(JSON.stringify([sort, key, id])).toString('base64url')

function readCursor(sort: Sort, cursor: string): After | null {
  if (cursor.length > 200 || !/^[\w-]+$/.test(cursor)) return null
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (!Array.isArray(parts) || parts.length !== 3) return null
    const [of, key, id] = parts as unknown[]
    if (of !== sort || typeof key !== 'string' || !keyShape.test(key) || !isUuid(id)) return null
    return key === 'infinity' || dayNumber(key.slice(0, 10)) !== null ? { key, id } : null
  } catch {
    return null
  }
}

const shapesMost = 400
const shapes = new Map<string, string>()

/**
 * A statement under the name by which a connection keeps its plan: one for each shape of list. When there are more
 * shapes than a connection should keep, the rest are sent without a name.
 */
export function shaped(area: string, { text, values }: Fragment): Statement {
  const known = shapes.get(text)
  if (known === undefined && shapes.size >= shapesMost) return { text, values }
  const name = known ?? `${area}:${createHash('sha256').update(text).digest('hex').slice(0, 16)}`
  shapes.set(text, name)
  return { name, text, values }
}
