import { Button } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useRef, useState } from 'react'
import type { DefinitionView, FieldView, RecordView } from '../../../server/views.ts'
import { ApiError, act, randomId } from '../../api.ts'
import { useSay, useSpeech } from '../../site.tsx'
import { FieldInput, isWide } from '../form/field.tsx'
import { settle } from '../form/use-action-form.ts'
import { Value, isEmpty, valueWords } from '../value.tsx'
import css from './facts.module.css'

type FactsProps = { record: RecordView; definition: DefinitionView }

/** Fields by the action that first asks for them: the order in which they became known. */
function groupsOf({ record, definition }: FactsProps): { label: string; fields: FieldView[] }[] {
  const seen = new Set<string>()
  const isShown = (field: FieldView) => field.kind !== 'secret' && !field.retired && !seen.has(field.name)
    && Object.hasOwn(record.values, field.name)
    && (!isEmpty(record.values[field.name]) || record.editable.includes(field.name))
  // A second way to begin, such as an old case that is brought in, names only what no step of its own asks for.
  const [first, ...others] = definition.actions.filter(({ creates }) => creates)
  const steps = definition.actions.filter((one) => one === first || !others.includes(one))
  return [...steps, ...others].map(({ label, needs }) => {
    const fields = needs.filter(isShown)
    for (const field of fields) seen.add(field.name)
    return { label, fields }
  }).filter(({ fields }) => fields.length > 0)
}

/** What is known of the record; a field that the state allows is mended where it stands. */
export function Facts(props: FactsProps) {
  const say = useSay()
  const groups = groupsOf(props)
  return (
    <section className={css.facts} aria-label={say('record.facts')}>
      {groups.map(({ label, fields }) => (
        <div key={label} className={css.group}>
          <h2>{label}</h2>
          <dl>{fields.map((field) => <Fact key={field.name} field={field} {...props} />)}</dl>
        </div>))}
      {groups.length === 0 && <p className="hush">{say('record.no_facts')}</p>}
    </section>
  )
}

function Fact({ field, record, definition }: { field: FieldView } & FactsProps) {
  const say = useSay()
  const [editing, setEditing] = useState(false)
  const value = record.values[field.name]
  const may = record.editable.includes(field.name)
  const body: ReactNode = editing
    ? <Mend field={field} record={record} definition={definition} onDone={() => setEditing(false)} />
    : <>
      <Value field={field} value={value} names={record.names} files={record.files} />
      {may && <button type="button" className={css.pen} onClick={() => setEditing(true)}
        aria-label={say('edit.what', { label: field.label })}><IconPencil size={15} stroke={1.6} /></button>}
    </>
  return (
    <div className={css.fact} data-wide={editing || (isWide(field) && field.kind !== 'instant'
      && field.kind !== 'choice') || undefined}
      onDoubleClick={may && !editing ? () => setEditing(true) : undefined}>
      <dt>{field.label}</dt><dd>{body}</dd>
    </div>
  )
}

/** Old and new are sent together: somebody else's change in between is told, and what was typed stays. */
function Mend({ field, record, onDone }: { field: FieldView; onDone: () => void } & FactsProps) {
  const speech = useSpeech()
  const client = useQueryClient()
  const [old, setOld] = useState(record.values[field.name])
  const [value, setValue] = useState<unknown>(old)
  const [known, setKnown] = useState({ names: record.names, files: record.files })
  const [busy, setBusy] = useState(false)
  const key = useRef({ text: '', key: '' })
  const save = useMutation({
    mutationFn: (from: unknown) => {
      const form = { [field.name]: [from ?? null, value ?? null] }
      const text = JSON.stringify(form)
      if (key.current.text !== text) key.current = { text, key: randomId() }
      return act({ process: record.process, id: record.id, action: 'edit', form, key: key.current.key })
    },
    onSuccess: (after) => { settle(client, after); onDone() },
    onError: (error) => {
      if (error instanceof ApiError && error.status === 409) {
        void client.invalidateQueries({ queryKey: ['record', record.process, record.id] })
      }
    },
  })
  const problem = save.error instanceof ApiError ? save.error.problem : null
  const current = record.values[field.name]
  const moved = JSON.stringify(current ?? null) !== JSON.stringify(old ?? null)
  const send = () => {
    if (JSON.stringify(value ?? null) === JSON.stringify(old ?? null)) return onDone()
    setOld(current)
    return save.mutate(current)
  }
  const named = { ...field, required: true } as FieldView
  return (
    <form className={css.mend} data-cell noValidate onSubmit={(event) => { event.preventDefault(); send() }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') { event.stopPropagation(); onDone() }
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.stopPropagation(); send() }
      }} ref={(box) => { if (box
        && !box.contains(document.activeElement)) box.querySelector<HTMLElement>('input,textarea')?.focus() }}>
      <FieldInput field={named} value={value} onChange={setValue} {...known} onBusy={setBusy}
        error={(path) => problem?.fields?.find((one) => one.field === (path ? `${field.name}.${path}`
          : field.name))?.message}
        onName={(id, name) => setKnown((all) => ({ ...all, names: { ...all.names, [id]: name } }))}
        onFile={(file) => setKnown((all) => ({ ...all, files: { ...all.files, [file.id]: file } }))} />
      {moved && <p className={css.moved} role="alert">{speech.say('edit.moved',
        { value: valueWords(field, current, record.names, speech) })}</p>}
      {problem && !problem.fields && <p className={css.moved} role="alert">{problem.message}</p>}
      <div className={css.buttons}>
        <Button type="submit" size="xs" loading={save.isPending} disabled={busy}>
          {speech.say(moved ? 'edit.use_mine' : 'edit.save')}</Button>
        <Button size="xs" variant="default" onClick={onDone}>{speech.say('form.cancel')}</Button>
      </div>
    </form>
  )
}
