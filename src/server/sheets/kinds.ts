import { type AnyProcess, fieldsOf, own } from '../../engine/define.ts'
import type { AnyField } from '../../engine/fields.ts'
import type { Doer } from '../../engine/roles.ts'
import { labelOf, labelOfColumn } from '../answer.ts'
import type { Words } from '../../words/index.ts'

/** What a sheet can bring in: an action taken once a row. Its form is the columns. */
export type SheetKind = {
  process: string
  action: string
  /** The action is taken on a record that is there, which a column of its own names. */
  on?: true
  /**
   * The action that changes what is there, where a sheet may: `edit` of the record, or one of the person that a row names
   * within its record. Without it rows that are there are left alone.
   */
  change?: 'edit' | 'change_contact'
  /** Of the key, the part that says enough where another differs: a serial number whose model was spelled otherwise. */
  alone?: string
  /** A table of the form whose one line stands in the row: each of its columns is a column, named «services.parts». */
  line?: string
  /** Values that every row has. */
  fixed?: Readonly<Record<string, unknown>>
  /**
   * What tells one record from another. Of a creation: columns of its table or its customer, the first of which is never
   * empty in a record that has a name; of an act on a record: fields of the form. Rows without it are told apart as a whole.
   */
  key: readonly string[]
}

/** Every kind of sheet, one line each, in the order in which a company would bring them in. */
export const sheetKinds: Readonly<Record<string, SheetKind>> = {
  customer: { process: 'customer', action: 'register', change: 'edit', key: ['name_key', 'phone_digits'] },
  contact: { process: 'customer', action: 'add_contact', change: 'change_contact', on: true, key: ['contact_name', 'contact_phone'] },
  site: { process: 'site', action: 'register', change: 'edit', key: ['name', 'customer'] },
  product: { process: 'product', action: 'register', change: 'edit', key: ['model_key', 'brand'] },
  machine: { process: 'machine', action: 'register', change: 'edit', key: ['serial_key', 'model_key'], alone: 'serial_key' },
  contract: { process: 'contract', action: 'draft', change: 'edit', line: 'services', key: ['number_key'] },
  part: { process: 'part', action: 'register', change: 'edit', key: ['part_number'] },
  stock: { process: 'part', action: 'receive', on: true, fixed: { source: 'opening' }, key: ['source'] },
}

/**
 * How a cell names a record of a process: by its number, or by this column, which follows from what was typed as if it
 * were the field. `any_case`: capitals make no difference, and an index knows it.
 */
export const calledBy: Readonly<Record<string, { field: string; column: string; any_case?: true }>> = {
  customer: { field: 'name', column: 'name_key' },
  product: { field: 'model', column: 'model_key' },
  machine: { field: 'serial_number', column: 'serial_key' },
  contract: { field: 'contract_number', column: 'number_key' },
  part: { field: 'part_number', column: 'part_number', any_case: true },
}

/** The column that names the record which an act is taken on. */
export const recordColumn = '$record'

/** The column that names the record of a row by its number, as our own lists give it out. */
export const numberColumn = '$number'

/** Kinds of fields that a cell can hold. */
const cellKinds: readonly string[] = ['text', 'long_text', 'phone', 'email', 'date', 'instant', 'person', 'record',
  'flag', 'confirm', 'choice', 'choices', 'integer', 'minutes', 'fen', 'quantity']

const holds = (field: AnyField | undefined): field is AnyField =>
  field !== undefined && !field.retired && cellKinds.includes(field.kind)

/** The fields of a sheet, in the order of the form; first what names a record, last what only a change may say. */
export function sheetFields(kind: SheetKind, process: AnyProcess): Readonly<Record<string, AnyField>> {
  const needs = Object.entries(own(process.actions, kind.action)?.needs ?? {})
    .flatMap(([name, field]): [string, AnyField][] => (name === kind.line && field.kind === 'lines' && !field.retired
      ? Object.entries(field.columns).map(([column, one]) => [`${name}.${column}`, one as AnyField]) : [[name, field]]))
    .filter(([name, field]) => holds(field) && !Object.hasOwn(kind.fixed ?? {}, name))
  const on: AnyField = { kind: 'record', process: kind.process, zh: process.zh, required: true }
  const number: AnyField = { kind: 'text', zh: '单号' }
  const all = fieldsOf(process)
  return { ...(kind.on ? { [recordColumn]: on } : { [numberColumn]: number }), ...Object.fromEntries(needs),
    ...Object.fromEntries(laterFields(kind, process).map((name) => [name, all[name]!])) }
}

/** Fields that a record has once it is there, and that its creation does not ask for. */
export function laterFields(kind: SheetKind, process: AnyProcess): string[] {
  if (kind.change !== 'edit') return []
  const asked = own(process.actions, kind.action)?.needs ?? {}
  const all = fieldsOf(process)
  return [...new Set(Object.values(process.states).flatMap(({ edits }) => edits ?? []))]
    .filter((name) => !Object.hasOwn(asked, name) && holds(own(all, name)))
}

/** May something stand for this field in every row of the sheet that says nothing? */
export const hasFiller = (kind: SheetKind, process: AnyProcess, name: string): boolean =>
  name !== numberColumn && !laterFields(kind, process).includes(name)

/** May somebody of these roles bring in such a sheet? The same roles that may take its action. */
export const mayBring = (kind: SheetKind, process: AnyProcess, roles: readonly Doer[]): boolean =>
  own(process.actions, kind.action)?.by.some((doer) => roles.includes(doer)) ?? false

/** «客户», or «备件：其他入库» where the rows act on what is there. */
export const kindLabel = (words: Words, kind: SheetKind, process: AnyProcess): string => (kind.on
  ? words.say('sheet.of', { process: labelOf(words, process, process.name),
    action: labelOf(words, process, `action.${kind.action}`) })
  : labelOf(words, process, process.name))

/** The label of a column in the reader's words. */
export function columnLabel(words: Words, process: AnyProcess, name: string): string {
  const [table = '', column] = name.split('.')
  const inner = column === undefined ? null : labelOfColumn(words, process, table, column)
  if (inner !== null) return inner
  if (name === numberColumn) return words.say('label.number')
  return labelOf(words, process, name === recordColumn ? process.name : `field.${name}`)
}

/** Puts a value of a row into its form: «services.parts» into the one line of that table. */
export function putValue(input: Record<string, unknown>, name: string, value: unknown): void {
  const [table = '', column] = name.split('.')
  if (column === undefined) input[name] = value
  else input[table] = [{ ...(input[table] as [object] | undefined)?.[0], [column]: value }]
}

/** The column that a problem of the form is told under: «services.0.parts» under «services.parts». */
export function columnOfProblem(kind: SheetKind, path: string): string {
  const [name = '', at = '', column = at] = path.split('.')
  return name !== kind.line || column === '' || /^\d+$/.test(column) ? name : `${name}.${column}`
}
