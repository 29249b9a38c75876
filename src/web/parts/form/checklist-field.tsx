import { TextInput } from '@mantine/core'
import { type KeyboardEvent, type MouseEvent, useRef, useState } from 'react'
import type { ChecklistItem } from '../../../engine/fields.ts'
import type { FieldView } from '../../../server/views.ts'
import { useSay } from '../../site.tsx'
import { Group, type InputProps } from './field.tsx'
import css from './field.module.css'
import { FilesField } from './files-field.tsx'
import { goOn } from './form-keys.ts'
import { answerWord } from './answer-word.ts'

type Answer = { answer?: string; note?: string; files?: string[] }
const answers = ['pass', 'fail', 'not_applicable'] as const

const plain = (value: unknown): Record<string, Answer> =>
  (typeof value === 'object' && value !== null ? value as Record<string, Answer> : {})

/** Points to tick: each passes, fails or does not apply; with a note, and a picture where one is asked for. */
export function ChecklistField(props: InputProps) {
  const { field, value, onChange, error } = props
  const say = useSay()
  const items = useRef<HTMLDivElement>(null)
  const [entered, setEntered] = useState(false)
  if (field.kind !== 'checklist') return null
  const given = plain(value)
  const set = (id: string, patch: Answer) => onChange({ ...given, [id]: { ...given[id], ...patch } })
  // Nobody answers all questions at once.
  const rest = field.questions ? [] : field.items.filter((item) => !given[item.id]?.answer && !item.photo)
  // Where nothing must be answered, Tab passes over the whole list from its button; the arrow goes into it.
  const passes = rest.length > 1 && field.items.every((item) => !item.required)
  const stepIn = (event: KeyboardEvent<HTMLButtonElement>) => {
    if (event.key !== 'ArrowDown') return
    event.preventDefault()
    items.current?.querySelector<HTMLElement>('input[type=radio]')?.focus()
  }
  const passRest = (event: MouseEvent<HTMLButtonElement>) => {
    const form = event.currentTarget.form
    const place = event.currentTarget.closest('[data-field]')
    onChange({ ...given, ...Object.fromEntries(rest.map((item) => [item.id, { ...given[item.id], answer: 'pass' }])) })
    // The button is gone then: the focus goes on.
    if (form && place) goOn(form, place)
  }
  return (
    <Group field={field} error={error()}>
      {rest.length > 1 && (
        <p className={css.restLine}>
          <button type="button" className={css.all} data-rest onClick={passRest} onKeyDown={passes ? stepIn : undefined}
            aria-keyshortcuts={passes ? '1 ArrowDown' : '1'}>
            {say(field.steps ? 'checklist.done_rest' : 'checklist.pass_rest', { n: rest.length })}</button>
          {passes && <span className={css.restKeys} aria-hidden="true"><kbd>↓</kbd> {say('checklist.one_by_one')}</span>}
        </p>)}
      <div ref={items} onFocus={() => setEntered(true)} onBlur={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget)) setEntered(false)
      }}>
        {field.items.map((item) => (
          <Item key={item.id} item={item} given={given[item.id] ?? {}} props={props} passed={passes && !entered}
            onSet={(patch) => set(item.id, patch)} />))}
      </div>
    </Group>
  )
}

/** `passed`: Tab goes past it. */
type ItemProps = { item: ChecklistItem; given: Answer; props: InputProps; passed: boolean; onSet: (patch: Answer) => void }

function Item({ item, given, props, passed, onSet }: ItemProps) {
  const say = useSay()
  const { error, field } = props
  const wrong = error(item.id) ?? error(`${item.id}.answer`)
  const photos = { kind: 'files', zh: '', name: `${field.name}.${item.id}.files`, label: say('checklist.photo'),
    ...(given.answer !== 'not_applicable' && item.photo && { required: true }) } as FieldView
  return (
    <div className={css.check} data-item data-open={(item.required && !given.answer) || undefined}>
      <div className={css.checkLine}>
        <span id={`${field.name}-${item.id}`}>{item.zh}
          {!item.required && <span className={css.optional}>{say('form.optional')}</span>}</span>
        <span className={css.pills} role="radiogroup" aria-labelledby={`${field.name}-${item.id}`}>
          {answers.map((one, index) => (
            <label key={one} className={css.pill} data-small>
              <input type="radio" name={`${field.name}.${item.id}`} checked={given.answer === one}
                data-first={index === 0 || undefined} tabIndex={passed ? -1 : undefined} onChange={() => onSet({ answer: one })} />
              <kbd aria-hidden="true">{index + 1}</kbd><span>{say(answerWord(field, one))}</span>
            </label>))}
        </span>
      </div>
      {wrong && <p className={css.error}>{wrong}</p>}
      {(given.answer === 'fail' || given.note || (item.photo && given.answer === 'pass')) && (
        <div className={css.checkMore}>
          {(given.answer === 'fail' || given.note) && (
            <TextInput aria-label={say('checklist.note')} placeholder={say('checklist.note')} value={given.note ?? ''}
              error={error(`${item.id}.note`)} onChange={(event) => onSet({ note: event.currentTarget.value })} />)}
          {item.photo && <FilesField {...props} field={photos} value={given.files}
            error={() => error(`${item.id}.files`)} onChange={(files) => onSet({ files: files as string[] })} />}
        </div>)}
    </div>
  )
}
