import { Button } from '@mantine/core'
import { useState } from 'react'
import type { FieldView, SheetJobView } from '../../../server/views.ts'
import { useSay } from '../../site.tsx'
import css from './sheets.module.css'

const manyColumns = ['text', 'long_text']

type MatchProps = { job: SheetJobView; busy: boolean
  onCheck: (fields: readonly (string | null)[], fillers: Record<string, string>) => void }

/** Which column is what, and what stands where the sheet says nothing. */
export function Match({ job, busy, onCheck }: MatchProps) {
  const say = useSay()
  const [fields, setFields] = useState(job.columns.map(({ field }) => field))
  const [fillers, setFillers] = useState<Record<string, string>>({ ...job.fillers })
  const set = (column: number, name: string | null) => {
    const kind = job.fields.find((field) => field.name === name)?.kind ?? ''
    // A text may be put together from several columns; anything else has one.
    setFields(fields.map((old, index) => (index === column ? name
      : old === name && !manyColumns.includes(kind) ? null : old)))
  }
  const given = Object.fromEntries(Object.entries(fillers).filter(([, text]) => text !== ''))
  return (
    <form className={css.match} onSubmit={(event) => { event.preventDefault(); onCheck(fields, given) }}>
      <div className={css.scroll}>
        <table className={css.table}>
          <thead><tr><th scope="col">{say('sheets.column')}</th><th scope="col">{say('sheets.sample')}</th>
            <th scope="col">{say('sheets.field')}</th></tr></thead>
          <tbody>{job.columns.map(({ heading, samples }, column) => (
            <tr key={column} data-off={fields[column] === null || undefined}>
              <th scope="row">{heading || '—'}</th>
              <td className={css.samples}>{samples.slice(0, 3).join(say('comma'))}</td>
              <td>
                <select aria-label={heading || String(column + 1)} value={fields[column] ?? ''}
                  onChange={(event) => set(column, event.target.value || null)}>
                  <option value="">{say('sheets.skip')}</option>
                  {job.fields.map((field) => (
                    <option key={field.name} value={field.name}>{field.label}{field.required === true ? ' *' : ''}</option>))}
                </select>
              </td>
            </tr>))}</tbody>
        </table>
      </div>
      <h2 className={css.section}>{say('sheets.fillers')}</h2>
      <p className={css.hint}>{say('sheets.fillers_hint')}</p>
      <div className={css.fillers}>
        {shownFillers(job, fields, fillers).map((field) => (
          <Filler key={field.name} field={field} value={fillers[field.name] ?? ''}
            onChange={(text) => setFillers({ ...fillers, [field.name]: text })} />))}
      </div>
      <div className={css.acts}>
        <Button type="submit" loading={busy} disabled={fields.every((name) => name === null)}>{say('sheets.check')}</Button>
        <span className={css.hint}>{say('sheets.check_hint')}</span>
      </div>
    </form>
  )
}

/** Required ones without a column, choices, and what was given before; then the rest that has no column. */
function shownFillers(job: SheetJobView, fields: readonly (string | null)[], given: Readonly<Record<string, string>>): FieldView[] {
  const open = job.fields.filter(({ name }) => !fields.includes(name))
  const choices = job.fields.filter(({ name, kind }) => fields.includes(name) && (kind === 'choice' || given[name]))
  const must = (field: FieldView) => (field.required === undefined ? 1 : 0)
  return [...open, ...choices].sort((a, b) => must(a) - must(b))
}

function Filler({ field, value, onChange }: { field: FieldView; value: string; onChange: (text: string) => void }) {
  const say = useSay()
  const options = field.kind === 'choice' ? Object.values(field.options)
    : field.kind === 'flag' || field.kind === 'confirm' ? [say('yes'), say('no')] : null
  return (
    <label className={css.filler}>
      <span>{field.label}{field.required === true && <b> *</b>}</span>
      {options ? (
        <select value={value} onChange={(event) => onChange(event.target.value)}>
          <option value="">{say('sheets.filler_none')}</option>
          {options.map((option) => <option key={option} value={option}>{option}</option>)}
        </select>
      ) : <input type="text" value={value} maxLength={200} onChange={(event) => onChange(event.target.value)} />}
    </label>
  )
}
