import { Button, TextInput } from '@mantine/core'
import { type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import type { DefinitionView, FieldView, OfferView, RecordView } from '../../../server/views.ts'
import { useKeys } from '../../keys.ts'
import { useMe, useNow, useSpeech } from '../../site.tsx'
import { whenWords } from '../../time.ts'
import { isEmpty } from '../value.tsx'
import css from './action-form.module.css'
import { CardStrip } from '../cards/card-strip.tsx'
import { gapsOf } from '../cards/gaps.ts'
import { FieldInput, isWide } from './field.tsx'
import { TakenBy } from './taken-by.tsx'
import { focusIn, onFormKey } from './form-keys.ts'
import { type FormDoor, useActionForm } from './use-action-form.ts'

export type ActionFormProps = { definition: DefinitionView; action: string; record: RecordView | null
  offer: OfferView | null; onDone: (record: RecordView) => void; onCancel?: () => void; focus: boolean
  /** Answers that are known before anything is typed. */
  start?: Record<string, unknown>
  /** Answers that are settled: sent, and not asked. */
  fixed?: Readonly<Record<string, unknown>>
  /** The record that a new one belongs to. */
  parent?: string
  /** Names the draft, where several forms of a kind may stand unfinished. */
  draft?: string
  /** What the button says, where the action's own name says too little. */
  send?: string
  onValues?: (values: Readonly<Record<string, unknown>>) => void
  /** Script cards that the page showed before the form opened: they are told with it, and not shown again. */
  seen?: readonly string[] }

/** The form of an action, made from its definition. What is typed survives a reload and a refusal. */
export function ActionForm(props: ActionFormProps) {
  const { definition, action, offer, onCancel, send } = props
  const { say } = useSpeech()
  const box = useRef<HTMLFormElement>(null)
  const form = useActionForm(props, box)
  const one = definition.actions.find(({ name }) => name === action)
  const fields = form.fields.map((field) => listed(field, props.record))
  // What is wrong with a settled answer, or with one that is not asked now, has no field to stand at.
  const standing = new Set(['waive', ...fields.map(({ name }) => name)])
  const elsewhere = (form.problem?.fields ?? []).filter(({ field }) => !standing.has(field.split('.')[0]!))
  const blocked = offer !== null && !offer.live && offer.waivers.length === 0
  useKeys({ 'mod+Enter': () => form.submit() })
  return (
    <form ref={box} className={css.form} noValidate autoComplete="off"
      onSubmit={(event) => { event.preventDefault(); form.submit() }}
      onKeyDown={onFormKey}>
      {form.problem && (
        <div className={css.problem} role="alert">{form.problem.message}
          {elsewhere.length > 0 && ` ${elsewhere.map(({ message }) => message).join(' ')}`}
          <Wrong fields={fields} problem={form.problem} onGo={(name) => focusIn(box.current, name)} />
        </div>)}
      {blocked && <p className={css.problem} role="status">{offer.refusal?.message}</p>}
      {form.restored && <Restored form={form} />}
      <Cards {...props} fields={fields} box={box} onShown={form.see} />
      {offer && offer.waivers.length > 0 && <Waivers offer={offer} form={form} />}
      {fields.length > 0 && (
        <div className={css.fields}>
          {fields.map((field) => <Entry key={field.name} field={field} form={form} customer={customerOf(props, form)} />)}
        </div>)}
      <div className={css.send}>
        <Button type="submit" loading={form.sending} disabled={blocked || form.busy > 0}>{send ?? one?.label ?? action}</Button>
        {onCancel && <Button variant="default" onClick={onCancel}>{say('form.cancel')}</Button>}
        <span className={css.key} aria-hidden="true"><kbd>Ctrl</kbd> <kbd>Enter</kbd></span>
      </div>
    </form>
  )
}

/** Of several that are wrong, each by its name: some stand below the screen. */
function Wrong({ fields, problem, onGo }: { fields: readonly FieldView[]; problem: NonNullable<FormDoor['problem']>
  onGo: (name: string) => void }) {
  const named = fields.filter(({ name }) => problem.fields?.some(({ field }) => field.split('.')[0] === name))
  if (named.length < 2) return null
  return (
    <p className={css.wrong}>{named.map(({ name, label }) => (
      <button key={name} type="button" onClick={() => onGo(name)}>{label}</button>))}</p>
  )
}

/** A check list as the company has it for this kind of product. */
const listed = (field: FieldView, record: RecordView | null): FieldView => {
  const items = record?.lists[field.name]
  return items && field.kind === 'checklist' ? { ...field, items } : field
}

type CardsProps = ActionFormProps & { fields: readonly FieldView[]
  box: RefObject<HTMLFormElement | null>; onShown: (name: string) => void }

/** The script cards of this form: the one of the field that has the focus, or of the beginning. */
function Cards({ definition, action, record, offer, seen, fields, box, onShown }: CardsProps) {
  const me = useMe()
  const speech = useSpeech()
  const now = useNow()
  const [focus, setFocus] = useState<{ field: string | null; moves: number }>({ field: null, moves: 0 })
  const all = definition.actions.find(({ name }) => name === action)?.cards
  const applies = offer?.cards
  const asked = fields.map(({ name }) => name).join()
  const cards = useMemo(() => (all ?? []).filter((card) => !seen?.includes(card.name)
    && (applies === undefined || applies.includes(card.name))
    && (card.at === null || asked.split(',').includes(card.at))), [all, seen, applies, asked])
  useEffect(() => {
    const form = box.current
    const moved = ({ target }: FocusEvent) => {
      const field = (target as HTMLElement).closest<HTMLElement>('[data-field]')?.dataset.field ?? null
      setFocus((old) => (old.field === field ? old : { field, moves: old.field === null ? old.moves : old.moves + 1 }))
    }
    form?.addEventListener('focusin', moved)
    return () => form?.removeEventListener('focusin', moved)
  }, [box])
  if (cards.length === 0) return null
  return <CardStrip cards={cards} gaps={gapsOf(me, record, definition, now, speech)} field={focus.field}
    moves={focus.moves} onShown={onShown} />
}

/** Whom the form names, else whom its record is about. */
function customerOf({ record, fixed }: ActionFormProps, { draft }: FormDoor): string | undefined {
  const named = draft.values.customer ?? fixed?.customer
  return typeof named === 'string' && named !== '' ? named : record?.customer?.id
}

function Entry({ field, form, customer }: { field: FieldView; form: FormDoor; customer: string | undefined }) {
  const { draft } = form
  const taken = form.takenAt(field.name)
  const open = field.required === true && isOpen(field, draft.values[field.name])
  return (
    <div data-field={field.name} data-kind={field.kind} data-open={open || undefined}
      className={isWide(field) ? css.wide : undefined}>
      <FieldInput field={field} value={draft.values[field.name]} names={form.names} files={form.files}
        error={(path) => form.errorAt(path ? `${field.name}.${path}` : field.name)}
        {...(customer !== undefined && { customer })}
        onChange={(value) => form.set(field.name, value)} onName={form.rememberName} onFile={form.rememberFile}
        onBusy={form.setBusy} />
      {taken && <TakenBy record={taken} />}
    </div>
  )
}

/** Is there still something to be answered here? */
function isOpen(field: FieldView, value: unknown): boolean {
  if (field.kind !== 'checklist') return isEmpty(value) || (field.kind === 'confirm' && value === false)
  const given = (value ?? {}) as Record<string, { answer?: string }>
  return field.items.some((item) => item.required && !given[item.id]?.answer)
}

function Restored({ form }: { form: FormDoor }) {
  const speech = useSpeech()
  const now = useNow()
  return (
    <p className={css.restored}>{speech.say('form.restored', { when: whenWords(form.draft.at, now, speech) })}
      <button type="button" onClick={form.clear}>{speech.say('form.clear')}</button></p>
  )
}

/** Going past a guard, with a reason that stays in the history. */
function Waivers({ offer, form }: { offer: OfferView; form: FormDoor }) {
  const { say } = useSpeech()
  return (
    <div className={css.waivers}>
      <p>{say('waive.text')}</p>
      {offer.waivers.map((one, index) => (
        <div key={one.guard} data-field={`waive.${index}`}>
          <TextInput label={one.label} placeholder={say('waive.reason')} value={form.draft.reasons[one.guard] ?? ''}
            error={form.errorAt(`waive.${index}.reason`)}
            onChange={(event) => form.setReason(one.guard, event.currentTarget.value)} />
        </div>))}
    </div>
  )
}
