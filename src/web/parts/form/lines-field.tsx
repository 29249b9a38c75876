import { Button } from '@mantine/core'
import type { FieldView } from '../../../server/views.ts'
import { useSay } from '../../site.tsx'
import { FieldInput, Group, type InputProps } from './field.tsx'
import css from './field.module.css'

type Row = Record<string, unknown>
const rowsOf = (value: unknown): Row[] => (Array.isArray(value) ? value as Row[] : [])

/** A small table: one row a line, columns as the definition says. */
export function LinesField(props: InputProps) {
  const { field, value, onChange, error } = props
  const say = useSay()
  if (field.kind !== 'lines') return null
  const columns = Object.entries(field.columns)
  const given = rowsOf(value)
  // A table that must be filled begins with its first line.
  const rows = given.length === 0 && field.required === true ? [{}] : given
  const set = (index: number, name: string, next: unknown) =>
    onChange(rows.map((row, at) => (at === index ? { ...row, [name]: next } : row)))
  return (
    <Group field={field} error={error()}>
      <div className={css.linesFrame}>
        {rows.length > 0 && (
          <table className={css.lines}>
            <thead><tr>{columns.map(([name, column]) => <th key={name} scope="col">{column.zh}</th>)}<td /></tr></thead>
            <tbody>
              {rows.map((row, index) => (
                <tr key={index}>
                  {columns.map(([name, column]) => (
                    <td key={name}>
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
        onClick={() => onChange([...rows, {}])}>{say('lines.add')}</Button>
    </Group>
  )
}

/** An input without its own label: the column's head names it. */
function Cell(props: InputProps) {
  return <div data-cell><FieldInput {...props} compact /></div>
}
