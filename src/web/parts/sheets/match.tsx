import { Button } from '@mantine/core'
import { useState } from 'react'
import type { FieldView } from '../../../server/views.ts'
import type { SheetJobView } from '../../../server/views-sheets.ts'
import { useSay } from '../../site.tsx'
import css from './sheets.module.css'

const manyColumns = ['text', 'long_text']

type MatchProps = { job: SheetJobView; busy: boolean
  onCheck: (fields: readonly (string | null)[], fillers: Record<string, string>, updates: boolean) => void
  onSheet: (sheet: string) => void }

/** Which column is what, and what stands where the sheet says nothing. */
export function Match({ job, busy, onCheck, onSheet }: MatchProps) {
  const say = useSay()
  const [fields, setFields] = useState(job.columns.map(({ field }) => field))
  const [updates, setUpdates] = useState(job.updates)
  const [fillers, setFillers] = useState<Record<string, string>>({ ...job.fillers })
  const set = (column: number, name: string | null) => {
    const kind = job.fields.find((field) => field.name === name)?.kind ?? ''
    // A text may be put together from several columns; anything else has one.
    setFields(fields.map((old, index) => (index === column ? name
      : old === name && !manyColumns.includes(kind) ? null : old)))
  }
  const given = Object.fromEntries(Object.entries(fillers).filter(([, text]) => text !== ''))
  return (
    <form className={css.match} onSubmit={(event) => { event.preventDefault(); onCheck(fields, given, updates) }}>
      {job.sheets.length > 1 && (
        <label className={css.sheet}>
          <span>{say('sheets.sheet')}</span>
          <select value={job.sheet ?? ''} disabled={busy} onChange={(event) => onSheet(event.target.value)}>
            {job.sheets.map((name) => <option key={name} value={name}>{name}</option>)}
          </select>
          <span className={css.hint}>{say('sheets.sheet_hint', { n: job.sheets.length })}</span>
        </label>)}
      <Mode job={job} updates={updates} onChange={setUpdates} />
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

/** Are records that are there changed by their rows, or left alone? */
function Mode({ job, updates, onChange }: { job: SheetJobView; updates: boolean; onChange: (updates: boolean) => void }) {
  const say = useSay()
  if (!job.may_update) return <p className={css.hint}>{say('sheets.no_update')}</p>
  return (
    <fieldset className={css.mode}>
      <legend>{say('sheets.mode')}</legend>
      {([false, true] as const).map((one) => (
        <label key={String(one)}>
          <input type="radio" name="updates" checked={updates === one} onChange={() => onChange(one)} />
          <span>{say(one ? 'sheets.mode_update' : 'sheets.mode_new')}
            <span className={css.hint}>{say(one ? 'sheets.mode_update_hint' : 'sheets.mode_new_hint')}</span></span>
        </label>))}
    </fieldset>
  )
}

/** Required ones without a column, choices, and what was given before; then the rest that has no column. */
function shownFillers(job: SheetJobView, fields: readonly (string | null)[], given: Readonly<Record<string, string>>): FieldView[] {
  const open = job.fields.filter(({ name }) => !fields.includes(name) && !job.unfilled.includes(name))
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
