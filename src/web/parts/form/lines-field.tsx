import { Button, Checkbox, TextInput } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import type { FieldView } from '../../../server/views.ts'
import { useSay } from '../../site.tsx'
import { FieldInput, Group, type InputProps, isWide } from './field.tsx'
import css from './field.module.css'

type Row = Record<string, unknown>
const rowsOf = (value: unknown): Row[] => (Array.isArray(value) ? value as Row[] : [])

/** A row as it begins: with what its columns usually say. */
const newRow = (field: FieldView): Row => (field.kind !== 'lines' ? {} : Object.fromEntries(Object.entries(field.columns)
  .flatMap(([name, { usual }]) => (usual && 'value' in usual ? [[name, usual.value]] : []))))

/** More columns than this do not stand beside each other in a drawer, or on a telephone: each line is a small form of its own. */
const besideMost = 8
const besideMostNarrow = 2
const narrow = '(max-width: 700px)'

/** A small table: one row a line, columns as the definition says. */
export function LinesField(props: InputProps) {
  const { field, value, onChange, error } = props
  const say = useSay()
  const most = useMediaQuery(narrow, false, { getInitialValueInEffect: false }) ? besideMostNarrow : besideMost
  if (field.kind !== 'lines') return null
  if (field.ticked) return <TickedRows {...props} ticked={field.ticked} />
  const columns = Object.entries(field.columns)
  const given = rowsOf(value)
  // A table that must be filled begins with its first line.
  const rows = given.length === 0 && field.required === true ? [newRow(field)] : given
  const set = (index: number, name: string, next: unknown) =>
    onChange(rows.map((row, at) => (at === index ? { ...row, [name]: next } : row)))
  return (
    <Group field={field} error={error()}>
      <div className={css.linesFrame}>
        {columns.length > most && rows.map((row, index) => (
          <div key={index} className={css.wideLine} data-item role="group" aria-label={say('lines.nth', { n: index + 1 })}>
            <p className={css.nth} aria-hidden="true">{say('lines.nth', { n: index + 1 })}</p>
            {columns.map(([name, column]) => {
              const one = { ...column, name: `${field.name}.${index}.${name}`, label: column.zh } as FieldView
              return (
                <div key={name} data-kind={column.kind} data-wide={isWide(one) || undefined}>
                  <FieldInput {...props} field={one} value={row[name]} onChange={(next) => set(index, name, next)}
                    error={() => error(`${index}.${name}`)} />
                </div>)
            })}
            <button type="button" className={css.remove} aria-label={say('lines.remove', { n: index + 1 })}
              onClick={() => onChange(rows.filter((_, at) => at !== index))}>×</button>
          </div>))}
        {columns.length <= most && rows.length > 0 && (
          <table className={css.lines}>
            <thead><tr>{columns.map(([name, column]) => <th key={name} scope="col">{column.zh}</th>)}<td /></tr></thead>
            <tbody>
              {rows.map((row, index) => (
                <tr key={index}>
                  {columns.map(([name, column]) => (
                    <td key={name} data-kind={column.kind}>
                      <Cell {...props} field={{ ...column, name: `${field.name}.${index}.${name}`,
                        label: column.zh } as FieldView}
                        value={row[name]} onChange={(next) => set(index, name, next)}
                        error={() => error(`${index}.${name}`)} />
                    </td>))}
                  <td><button type="button" className={css.remove} aria-label={say('lines.remove', { n: index + 1 })}
                    onClick={() => onChange(rows.filter((_, at) => at !== index))}>×</button></td>
                </tr>))}
            </tbody>
          </table>)}
      </div>
      <Button size="xs" variant="default" disabled={rows.length >= (field.max ?? 100)}
        onClick={() => onChange([...rows, newRow(field)])}>{say('lines.add')}</Button>
    </Group>
  )
}

type TickedProps = InputProps & { ticked: { by: string; or: string } }

/** Rows that are known: each is ticked, or it is said why not. Nothing else is typed, no row comes or goes. */
function TickedRows({ field, value, onChange, error, ticked }: TickedProps) {
  if (field.kind !== 'lines') return null
  const rows = rowsOf(value)
  const set = (index: number, patch: Row) => onChange(rows.map((row, at) => (at === index ? { ...row, ...patch } : row)))
  const { columns } = field
  const told = Object.keys(columns).filter((name) => name !== ticked.by && name !== ticked.or)
  const why = columns[ticked.or]!.zh
  return (
    <Group field={field} error={error()}>
      {rows.map((row, index) => {
        const [first = '', ...rest] = told.flatMap((name) => (row[name] === undefined ? []
          : [`${columns[name]!.kind === 'integer' ? '× ' : ''}${String(row[name])}`]))
        const wrong = error(String(index)) ?? error(`${index}.${ticked.or}`)
        const done = row[ticked.by] === true
        return (
          <div key={index} className={css.check} data-item
            data-open={(!done && (row[ticked.or] ?? '') === '') || undefined}>
            <div className={css.checkLine}>
              <Checkbox checked={done} label={<><b>{first}</b> <span className={css.told}>{rest.join(' · ')}</span></>}
                onChange={(event) => set(index, event.currentTarget.checked ? { [ticked.by]: true, [ticked.or]: undefined }
                  : { [ticked.by]: undefined })} />
              {done ? <span className={css.done}>{columns[ticked.by]!.zh}</span>
                : <TextInput size="xs" className={css.why} aria-label={`${first} ${why}`} placeholder={why} maxLength={200}
                  value={String(row[ticked.or] ?? '')} onChange={(event) => set(index, { [ticked.or]: event.currentTarget.value })} />}
            </div>
            {wrong && <p className={css.error}>{wrong}</p>}
          </div>)
      })}
    </Group>
  )
}

/** An input without its own label: the column's head names it. */
function Cell(props: InputProps) {
  return <div data-cell><FieldInput {...props} compact /></div>
}
