import type { FieldProblem, FieldProblemCode } from './refusal.ts'
import type { Role } from './roles.ts'

/** One line of a checklist. `photo`: a picture must be given with the answer. */
export type ChecklistItem = { id: string; zh: string; required?: boolean; photo?: boolean; rule?: readonly string[] }

/**
 * What is usually answered, so that the form begins with it: a value; today; the close of the open day so many days (a
 * setting) from now; what another field of the record, or a fact of it, says (of rows, the columns that the form asks for).
 * `when`: a guard about the record alone; where it does not hold nothing is usual.
 */
export type Usual<G extends string = string> = { value: string | number | boolean; when?: G } | { today: true }
  | { days: string; calendar: string } | { record: string } | { fact: string }

type EveryField<G extends string> = {
  zh: string
  /** true, or the name of a guard that is asked about facts and the parsed input. */
  required?: true | G
  /** The name of a guard: where it does not hold, a form does not ask. Given all the same, the value is taken. */
  asked_if?: G
  /** Asked of everybody, though `required` names who must answer: the others may leave it out. */
  asked?: 'always'
  /** The form begins with it; only what a person then sends counts. */
  usual?: Usual<G>
  hint?: string
  /** Personal data: can be erased from history. */
  personal?: true
  /** Who sees the value; absent means everybody who sees the record. 'customer' opens it to the private link. */
  seen_by?: readonly (Role | 'customer')[]
  rule?: readonly string[]
  retired?: true
}

/**
 * A field of a form, as data: the validator, the form on the screen and the API's schema are all made from it.
 * Values: text, long_text, phone, email, secret, date ('2026-11-21'), instant (ISO 8601 with zone), person (member id),
 * record (record id), team (role key): string; flag: boolean; confirm: true, a tick that says that something was done;
 * integer, minutes, fen, quantity (thousandths): whole number; choices, positions, files (file ids): string[];
 * checklist: item id → {answer, note?, files?};
 * signature: {file, signed_hash}; lines: rows, each an object by column (docs/decisions/0004-lines.md).
 */
export type Field<G extends string = never> = EveryField<G> & (
  | { kind: 'text' | 'long_text'; max?: number; min?: number }
  /** `past`: something that was, so that «just now» is the usual answer. */
  | { kind: 'instant'; past?: true }
  | { kind: 'phone' | 'email' | 'secret' | 'date' | 'team' | 'flag' | 'confirm' | 'signature' }
  /** `first`: people of this role are offered before the others. Source: docs/decisions/0036-people-a-form-proposes.md */
  | { kind: 'person'; first?: Role
    /** Only people of one of these roles are offered; whether they may, the write says. */
    only?: readonly Role[] }
  | { kind: 'record'; process: string }
  | { kind: 'choice' | 'choices'; options: Readonly<Record<string, string>>
    /** Options that the company does not use (its settings): old records still name them, nobody chooses them. */
    closed?: readonly string[] }
  | { kind: 'positions' }
  | { kind: 'integer' | 'minutes' | 'fen' | 'quantity'; min?: number; max?: number }
  | { kind: 'files'; max?: number }
  /** `steps`: things to be done, not to be tested: «done» instead of «passes». `questions`: answered by yes and no. */
  | { kind: 'checklist'; items: readonly ChecklistItem[]; steps?: true; questions?: true
    /** Key of a check list of the company; its items by kind of product then go before `items`. */
    list?: string; by_kind?: Readonly<Record<string, readonly ChecklistItem[]>> }
  /**
   * `ticked`: the rows are those that the form begins with, none more or less. Each is answered by the tick of one column
   * or by the words of another; the rest is read, not typed. Source: docs/decisions/0004-lines.md
   */
  | { kind: 'lines'; columns: Readonly<Record<string, LineField>>; max?: number; ticked?: { by: string; or: string } }
)

/** A column of a field of kind `lines`: any field but another table. */
export type LineField = Exclude<AnyField, { kind: 'lines' | 'checklist' | 'signature' }>

/** A field whose guard names are left open: what the engine works on. */
export type AnyField = Field<string>

export type FieldKind = Field['kind']

const textMax = { text: 200, long_text: 4000 } as const
const filesMax = 20
const linesMost = 100
const largestInteger = 1_000_000_000_000

export const fail = (field: string, code: FieldProblemCode, params?: FieldProblem['params']): FieldProblem =>
  params ? { field, code, params } : { field, code }

type Outcome = { value: unknown } | { problem: FieldProblem }

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
export const isUuid = (value: unknown): value is string => typeof value === 'string' && uuid.test(value)

// C0 (without tab and line ends), DEL, C1, the characters that turn reading direction round, and lone surrogates.
// eslint-disable-next-line no-control-regex
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff]|\p{Cs}/u
const lineEnd = /[\n\t]/

/**
 * A text as it is stored: normalised (NFC), line ends as \n, no space at either end.
 * Angle brackets and quotes are text like any other; nothing is taken out in silence.
 */
export function cleanText(field: string, value: unknown, rule: { min?: number; max: number; lines: boolean }): Outcome {
  if (typeof value !== 'string') return { problem: fail(field, 'wrong_type') }
  const text = value.replace(/\r\n?/g, '\n').normalize('NFC').trim()
  if (forbidden.test(text) || (!rule.lines && lineEnd.test(text))) {
    return { problem: fail(field, 'control_characters') }
  }
  const length = [...text].length
  if (length > rule.max) return { problem: fail(field, 'too_long', { max: rule.max, length }) }
  if (rule.min !== undefined && length > 0 && length < rule.min) {
    return { problem: fail(field, 'too_short', { min: rule.min }) }
  }
  return { value: text }
}

function cleanPattern(field: string, value: unknown, pattern: RegExp, max: number, code: FieldProblemCode): Outcome {
  const cleaned = cleanText(field, value, { max, lines: false })
  if ('problem' in cleaned) return cleaned
  return cleaned.value === '' || pattern.test(cleaned.value as string) ? cleaned : { problem: fail(field, code) }
}

function cleanDate(field: string, value: unknown): Outcome {
  if (typeof value !== 'string') return { problem: fail(field, 'wrong_type') }
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value)
  const date = match ? new Date(`${value}T00:00:00Z`) : null
  const real = date && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value) && value >= '1900-01-01'
  return real ? { value } : { problem: fail(field, 'not_a_date') }
}

function cleanInstant(field: string, value: unknown): Outcome {
  if (typeof value !== 'string') return { problem: fail(field, 'wrong_type') }
  const shaped = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/.test(value)
  const instant = shaped ? Date.parse(value) : Number.NaN
  const sensible = instant >= Date.UTC(1900, 0, 1) && instant < Date.UTC(2200, 0, 1)
  const dated = shaped && !('problem' in cleanDate(field, value.slice(0, 10)))
  return sensible && dated ? { value: new Date(instant).toISOString() } : { problem: fail(field, 'not_an_instant') }
}

function cleanNumber(field: string, value: unknown, rule: { min?: number; max?: number }): Outcome {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) return { problem: fail(field, 'wrong_type') }
  const min = rule.min ?? 0
  const max = rule.max ?? largestInteger
  if (value < min) return { problem: fail(field, 'too_small', { min }) }
  if (value > max) return { problem: fail(field, 'too_large', { max }) }
  // JSON knows -0; nothing else should.
  return { value: value + 0 }
}

function cleanList(field: string, value: unknown, max: number, accepts: (item: string) => FieldProblemCode | null) {
  if (!Array.isArray(value) || value.some((item) => typeof item !== 'string')) {
    return { problem: fail(field, 'wrong_type') }
  }
  const items = [...new Set(value as string[])]
  if (items.length > max) return { problem: fail(field, 'too_many_items', { max }) }
  for (const [index, item] of items.entries()) {
    const code = accepts(item)
    if (code) return { problem: fail(`${field}.${index}`, code) }
  }
  return { value: items }
}

const isOpenOption = ({ options, closed }: { options: object; closed?: readonly string[] }, key: string): boolean =>
  Object.hasOwn(options, key) && !(closed?.includes(key) ?? false)

/** Options that can be chosen. */
const openOptions = (field: { options: object; closed?: readonly string[] }): string[] =>
  Object.keys(field.options).filter((key) => isOpenOption(field, key))

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * A form with the company's own check lists for the kind of product that the case is about (the fact `product`).
 * An answer to one keeps the words of its item, so that an old record still says what was asked.
 */
export function listsFor(needs: Readonly<Record<string, AnyField>>, facts: object): Readonly<Record<string, AnyField>> {
  const product = (facts as { product?: unknown }).product
  const changed = Object.entries(needs).flatMap(([name, field]) => {
    const items = field.kind === 'checklist' && typeof product === 'string' ? field.by_kind?.[product] : undefined
    return items ? [[name, { ...field, items }] as const] : []
  })
  return changed.length === 0 ? needs : { ...needs, ...Object.fromEntries(changed) }
}

const answers = ['pass', 'fail', 'not_applicable']

function cleanAnswer(path: string, item: ChecklistItem, given: unknown): Outcome {
  if (!isPlain(given)) return { problem: fail(path, 'wrong_type') }
  const extra = Object.keys(given).find((key) => !['answer', 'note', 'files'].includes(key))
  if (extra) return { problem: fail(`${path}.${extra}`, 'unknown_field') }
  if (!answers.includes(given.answer as string)) return { problem: fail(`${path}.answer`, 'not_an_option') }
  const note = given.note === undefined ? null : cleanText(`${path}.note`, given.note, { max: 500, lines: true })
  if (note && 'problem' in note) return note
  const files = given.files === undefined ? null
    : cleanList(`${path}.files`, given.files, filesMax, (id) => (isUuid(id) ? null : 'unknown_file'))
  if (files && 'problem' in files) return files
  const pictures = files ? (files.value as string[]).length : 0
  if (item.photo && given.answer !== 'not_applicable' && pictures === 0) {
    return { problem: fail(`${path}.files`, 'photo_missing') }
  }
  return { value: { answer: given.answer, ...(note && { note: note.value }), ...(files && { files: files.value }) } }
}

function cleanChecklist(field: string, value: unknown, items: readonly ChecklistItem[],
  keepsWords: boolean): Outcome {
  if (!isPlain(value)) return { problem: fail(field, 'wrong_type') }
  const stranger = Object.keys(value).find((id) => !items.some((item) => item.id === id))
  if (stranger !== undefined) return { problem: fail(`${field}.${stranger}`, 'unknown_field') }
  const cleaned: Record<string, unknown> = {}
  for (const item of items) {
    if (!Object.hasOwn(value, item.id)) {
      if (item.required) return { problem: fail(`${field}.${item.id}`, 'not_answered') }
      continue
    }
    const answer = cleanAnswer(`${field}.${item.id}`, item, value[item.id])
    if ('problem' in answer) return answer
    cleaned[item.id] = keepsWords ? { ...answer.value as object, zh: item.zh } : answer.value
  }
  return { value: cleaned }
}

function cleanSignature(field: string, value: unknown): Outcome {
  if (!isPlain(value) || Object.keys(value).some((key) => key !== 'file' && key !== 'signed_hash')) {
    return { problem: fail(field, 'wrong_type') }
  }
  if (!isUuid(value.file)) return { problem: fail(`${field}.file`, 'unknown_file') }
  const hashed = typeof value.signed_hash === 'string' && /^[0-9a-f]{64}$/.test(value.signed_hash)
  return hashed ? { value } : { problem: fail(`${field}.signed_hash`, 'bad_format') }
}

const phonePattern = /^\+?[0-9][0-9 \-()#*转]{2,30}$/
const emailPattern = /^[^\s@<>"',;]+@[^\s@<>"',;]+\.[^\s@<>"',;.]{2,}$/
const keyPattern = /^[a-z][a-z0-9_]{0,60}$/

/**
 * One value against its field.
 *
 * @returns the value as it is stored, or what is wrong with it. An empty text or list counts as not given.
 * Whether a person, record or file exists is asked later, inside the transaction.
 */
export function cleanField(name: string, field: AnyField, value: unknown): Outcome {
  switch (field.kind) {
    case 'text':
    case 'long_text':
      return cleanText(name, value, { min: field.min, max: field.max ?? textMax[field.kind],
        lines: field.kind === 'long_text' })
    case 'secret': return cleanText(name, value, { max: 200, lines: false })
    case 'phone': return cleanPattern(name, value, phonePattern, 32, 'not_a_phone')
    case 'email': return cleanPattern(name, value, emailPattern, 254, 'not_an_email')
    case 'team': return cleanPattern(name, value, keyPattern, 60, 'not_an_option')
    case 'date': return cleanDate(name, value)
    case 'instant': return cleanInstant(name, value)
    case 'flag': return typeof value === 'boolean' ? { value } : { problem: fail(name, 'wrong_type') }
    case 'confirm':
      return value === true ? { value } : { problem: fail(name, value === false ? 'required' : 'wrong_type') }
    case 'person': return isUuid(value) ? { value } : { problem: fail(name, 'unknown_person') }
    case 'record': return isUuid(value) ? { value } : { problem: fail(name, 'unknown_record') }
    case 'choice':
      return typeof value === 'string' && isOpenOption(field, value)
        ? { value } : { problem: fail(name, 'not_an_option') }
    case 'choices':
      return cleanList(name, value, 50, (item) => (isOpenOption(field, item) ? null : 'not_an_option'))
    case 'positions': return cleanList(name, value, 20, (item) => (keyPattern.test(item) ? null : 'not_an_option'))
    case 'integer':
    case 'minutes':
    case 'fen':
    case 'quantity': return cleanNumber(name, value, field)
    case 'files':
      return cleanList(name, value, field.max ?? filesMax, (id) => (isUuid(id) ? null : 'unknown_file'))
    case 'checklist': return cleanChecklist(name, value, field.items, field.by_kind !== undefined)
    case 'signature': return cleanSignature(name, value)
    case 'lines': return cleanLines(name, field.columns, value, field.max ?? linesMost)
  }
}

/** Rows of a small table; a problem names its row and column: 'attachments.1.name'. */
function cleanLines(name: string, columns: Readonly<Record<string, LineField>>, value: unknown, max: number): Outcome {
  if (!Array.isArray(value)) return { problem: fail(name, 'wrong_type') }
  if (value.length > max) return { problem: fail(name, 'too_many_items', { max }) }
  const rows: Record<string, unknown>[] = []
  for (const [index, row] of value.entries()) {
    const cleaned = cleanForm(columns, row, () => false)
    if (!cleaned.ok) {
      const { field, ...problem } = cleaned.problems[0]!
      return { problem: { field: field === '' ? `${name}.${index}` : `${name}.${index}.${field}`, ...problem } }
    }
    rows.push(cleaned.input)
  }
  return { value: rows }
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)

/**
 * A whole form against its fields: every problem at once, unknown fields named, empty values left out.
 *
 * @param requires answers a required-if guard about the input parsed so far
 */
export function cleanForm(needs: Readonly<Record<string, AnyField>>, input: unknown,
  requires: (guard: string, parsed: Record<string, unknown>) => boolean,
): { ok: true; input: Record<string, unknown> } | { ok: false; problems: FieldProblem[] } {
  if (!isPlain(input)) return { ok: false, problems: [fail('', 'wrong_type')] }
  const problems: FieldProblem[] = []
  const parsed: Record<string, unknown> = {}
  for (const name of Object.keys(input)) {
    const field = Object.hasOwn(needs, name) ? needs[name] : undefined
    if (!field || field.retired) {
      problems.push(fail(name, 'unknown_field'))
      continue
    }
    if (isEmpty(input[name])) continue
    const outcome = cleanField(name, field, input[name])
    if ('problem' in outcome) problems.push(outcome.problem)
    else if (!isEmpty(outcome.value)) parsed[name] = outcome.value
  }
  for (const [name, field] of Object.entries(needs)) {
    if (field.retired || Object.hasOwn(parsed, name) || problems.some(({ field: at }) => at.split('.')[0] === name)) {
      continue
    }
    const must = field.required === true || (field.required !== undefined && requires(field.required, parsed))
    if (must) problems.push(fail(name, 'required'))
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, input: parsed }
}

const string = (more: Record<string, unknown> = {}) => ({ type: 'string', ...more })
const whole = (field: { min?: number; max?: number }) =>
  ({ type: 'integer', minimum: field.min ?? 0, maximum: field.max ?? largestInteger })

/** The JSON Schema (2020-12) of one field's value, for the OpenAPI document. */
export function schemaOf(field: AnyField): Record<string, unknown> {
  switch (field.kind) {
    case 'text':
    case 'long_text': return string({ maxLength: field.max ?? textMax[field.kind] })
    case 'secret': return string({ maxLength: 200, writeOnly: true })
    case 'phone': return string({ maxLength: 32 })
    case 'email': return string({ format: 'email', maxLength: 254 })
    case 'team': return string({ pattern: keyPattern.source })
    case 'date': return string({ format: 'date' })
    case 'instant': return string({ format: 'date-time' })
    case 'person':
    case 'record': return string({ format: 'uuid' })
    case 'flag': return { type: 'boolean' }
    case 'confirm': return { type: 'boolean', const: true }
    case 'choice': return string({ enum: openOptions(field) })
    case 'choices': return { type: 'array', uniqueItems: true, items: string({ enum: openOptions(field) }) }
    case 'positions': return { type: 'array', uniqueItems: true, items: string() }
    case 'integer':
    case 'minutes':
    case 'fen':
    case 'quantity': return whole(field)
    case 'files': return { type: 'array', maxItems: field.max ?? filesMax, items: string({ format: 'uuid' }) }
    case 'checklist': return checklistSchema(field.items)
    case 'lines': return { type: 'array', maxItems: field.max ?? linesMost, items: formSchema(field.columns) }
    case 'signature': return { type: 'object', additionalProperties: false, required: ['file', 'signed_hash'],
      properties: { file: string({ format: 'uuid' }), signed_hash: string({ pattern: '^[0-9a-f]{64}$' }) } }
  }
}

/** The JSON Schema of a whole form. */
export function formSchema(needs: Readonly<Record<string, AnyField>>): Record<string, unknown> {
  const fields = Object.entries(needs).filter(([, field]) => !field.retired)
  return { type: 'object', additionalProperties: false,
    required: fields.filter(([, field]) => field.required === true).map(([name]) => name),
    properties: Object.fromEntries(fields.map(([name, field]) => [name, { title: field.zh, ...schemaOf(field) }])) }
}

function checklistSchema(items: readonly ChecklistItem[]): Record<string, unknown> {
  const answer = { type: 'object', additionalProperties: false, required: ['answer'], properties: {
    answer: string({ enum: answers }), note: string({ maxLength: 500 }),
    files: { type: 'array', items: string({ format: 'uuid' }) } } }
  return { type: 'object', additionalProperties: false,
    required: items.filter((item) => item.required).map((item) => item.id),
    properties: Object.fromEntries(items.map((item) => [item.id, { ...answer, title: item.zh }])) }
}
