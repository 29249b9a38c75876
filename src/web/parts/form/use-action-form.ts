import { notifications } from '@mantine/notifications'
import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { LineField } from '../../../engine/fields.ts'
import type { FieldProblem } from '../../../engine/refusal.ts'
import type { FieldView, FileView, OfferView, RecordView } from '../../../server/views.ts'
import { ApiError, type Problem, act, queries, randomId } from '../../api.ts'
import { useMe, useSay } from '../../site.tsx'
import type { ActionFormProps } from './action-form.tsx'
import { type AskedField, askedFields } from './asked.ts'
import { type Draft, useDraft } from './draft.ts'
import { focusFirst, focusProblem, useFormFocus } from './focus.ts'
import { sha256 } from './sha256.ts'

export type FormDoor = { fields: readonly AskedField[]; draft: Draft; restored: boolean; problem: Problem | null
  sending: boolean; busy: number
  names: Readonly<Record<string, string>>; files: Readonly<Record<string, FileView>>
  errorAt: (path: string) => string | undefined
  /** Which record has already what was typed here. */
  takenAt: (path: string) => FieldProblem['record']
  set: (name: string, value: unknown) => void
  setReason: (guard: string, reason: string) => void; rememberName: (id: string, name: string) => void
  rememberFile: (file: FileView) => void; setBusy: (busy: boolean) => void; clear: () => void; submit: () => void
  /** A script card was on the screen. */
  see: (card: string) => void }

/** All that a form does: keep, send, be refused, find the next empty field. */
export function useActionForm(props: ActionFormProps, box: RefObject<HTMLFormElement | null>): FormDoor {
  const { definition, action, record, offer, start } = props
  const { company, member } = useMe()
  const needs = useMemo(() => definition.actions.find(({ name }) => name === action)?.needs ?? [], [definition, action])
  const hidden = needs.filter(({ kind }) => kind === 'secret').map(({ name }) => name)
  const shut = offer !== null && !offer.live && offer.waivers.length === 0
  const [begin, setBegin] = useState(() => ({ shut, values: { ...usualOf(needs, offer), ...start } }))
  const named = [record?.id, props.draft].filter(Boolean).join(':') || 'new'
  const { draft, restored, change, clear, fill } = useDraft(
    `${company.slug}/${member.id}/${definition.process}/${named}/${action}`, begin.values, hidden)
  // A form that was opened while it could not be sent gets its usual answers as soon as it can.
  if (begin.shut && !shut) {
    const values = { ...usualOf(needs, offer), ...start }
    setBegin({ shut, values })
    fill(values)
  }
  const applying = askedFields(definition, action, offer, { ...draft.values, ...props.fixed })
  const fields = applying.filter(({ name }) => !(name in (props.fixed ?? {})))
  const { onValues } = props
  useEffect(() => onValues?.(draft.values), [draft.values, onValues])
  const [problem, setProblem] = useState<Problem | null>(null)
  const [busy, setBusyCount] = useState(0)
  useFormFocus(box, props.focus, () => focusFirst(box.current, fields, draft.values, offer?.waivers.length ?? 0))
  const shown = useRef(new Set(props.seen))
  const see = useCallback((card: string) => { shown.current.add(card) }, [])
  const sent = props.fixed ? { ...draft, values: { ...draft.values, ...props.fixed } } : draft
  const send = useSending(props, sent, applying, shown, (refused) => {
    setProblem(refused)
    requestAnimationFrame(() => focusProblem(box.current, refused))
  }, () => { setProblem(null); clear() })
  return {
    fields, draft, restored, problem, busy, see, sending: send.sending,
    names: { ...record?.names, ...draft.names }, files: { ...record?.files, ...draft.files },
    takenAt: (path) => problem?.fields?.find((one) => one.field === path)?.record,
    errorAt: (path) => problem?.fields?.find((one) => one.field === path)?.message,
    set: (name, value) => {
      change((old) => ({ ...old, values: { ...old.values, [name]: value } }))
      setProblem((old) => old && without(old, name))
    },
    setReason: (guard, reason) => change((old) => ({ ...old, reasons: { ...old.reasons, [guard]: reason } })),
    rememberName: (id, name) => change((old) => ({ ...old, names: { ...old.names, [id]: name } })),
    rememberFile: (file) => change((old) => ({ ...old, files: { ...old.files, [file.id]: file } })),
    setBusy: (now) => setBusyCount((old) => Math.max(0, now ? old + 1 : old - 1)),
    clear: () => { setProblem(null); clear() },
    submit: () => { if (busy === 0) send.submit() },
  }
}

/** What the form begins with: as the server says for this record, or as the definition says where there is none yet. */
function usualOf(needs: readonly FieldView[], offer: OfferView | null): Record<string, unknown> {
  if (offer) return offer.usual
  return Object.fromEntries(needs.flatMap(({ name, usual }) => (usual && 'value' in usual && usual.when === undefined
    ? [[name, usual.value]] : [])))
}

/** A field that is being mended is no longer marked; without marks the sentence above goes too. */
function without(problem: Problem, name: string): Problem | null {
  if (!problem.fields) return problem
  const fields = problem.fields.filter((one) => one.field.split('.')[0] !== name)
  return fields.length > 0 ? { ...problem, fields } : null
}

/** Sends the form under one key as long as it says the same, so that a lost answer never makes two of it. */
function useSending({ definition, action, record, offer, parent, onDone }: ActionFormProps, draft: Draft,
  needs: readonly FieldView[], shown: RefObject<ReadonlySet<string>>, onProblem: (problem: Problem) => void,
  onSent: () => void) {
  const client = useQueryClient()
  const say = useSay()
  const { member } = useMe()
  const [sending, setSending] = useState(false)
  const last = useRef<{ text: string; key: string; shown: readonly string[] }>({ text: '', key: '', shown: [] })
  const submit = async () => {
    if (sending) return
    const form = formOf(draft, needs, offer?.waivers.map(({ guard }) => guard) ?? [], record)
    const text = JSON.stringify(form)
    // Cards that were turned while the first answer was awaited do not make it another form.
    if (last.current.text !== text) last.current = { text, key: randomId(), shown: [...shown.current] }
    if (last.current.shown.length > 0) form.shown = last.current.shown
    setSending(true)
    const note = record && isNote(definition.actions.find(({ name }) => name === action), needs)
    const undo = note ? showNote(client, record, action, form, member) : null
    try {
      const after = await act({ process: definition.process, id: record?.id ?? null, action,
        form: parent === undefined ? form : { ...form, parent }, key: last.current.key })
      last.current = { text: '', key: '', shown: [] }
      onSent()
      settle(client, after)
      const label = definition.actions.find(({ name }) => name === action)?.label ?? action
      notifications.show({ message: say(record ? 'form.done' : 'form.created', { label, number: after.number ?? '' }) })
      onDone(after)
    } catch (error) {
      undo?.()
      if (!(error instanceof ApiError)) throw error
      if (error.status === 409 && record) {
        void client.invalidateQueries({ queryKey: ['record', record.process, record.id] })
      }
      onProblem(error.problem)
    } finally {
      setSending(false)
    }
  }
  return { sending, submit: () => void submit() }
}

/** What is sent: no empty fields, the reasons for what is passed by, the hash of what was signed. */
function formOf(draft: Draft, needs: readonly FieldView[], guards: readonly string[], record: RecordView | null) {
  const form: Record<string, unknown> = {}
  for (const field of needs) {
    const { name, kind } = field
    const value = kind === 'lines' ? filledRows(draft.values[name], field.columns) : draft.values[name]
    const empty = value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
    if (!empty && kind !== 'signature') form[name] = value
  }
  const signed = sha256(JSON.stringify({ record: record?.id ?? null, seq: record?.seq ?? 0,
    values: record?.values ?? {},
    form }))
  for (const { name, kind } of needs) {
    const file = (draft.values[name] as { file?: string } | undefined)?.file
    if (kind === 'signature' && file) form[name] = { file, signed_hash: signed }
  }
  if (guards.length > 0) form.waive = guards.map((guard) => ({ guard, reason: draft.reasons[guard] ?? '' }))
  return form
}

/** A row in which nothing was typed, beside what it began with, is no row. */
const filledRows = (value: unknown, columns: Readonly<Record<string, LineField>>): unknown => (!Array.isArray(value) ? value
  : value.filter((row: object) => Object.entries(row).some(([name, one]) => {
    const usual = columns[name]?.usual
    return one !== undefined && one !== '' && one !== null && !(usual && 'value' in usual && usual.value === one)
  })))

/** The answer is the record as it now stands; lists are asked again. */
export function settle(client: QueryClient, after: RecordView): void {
  if ('events' in after) client.setQueryData(queries.record(after.process, after.id).queryKey, after)
  void client.invalidateQueries({ queryKey: ['list', after.process] })
  void client.invalidateQueries({ queryKey: ['work'] })
  void client.invalidateQueries({ queryKey: ['me'] })
}

const isNote = (action: { to: readonly string[] } | undefined, needs: readonly FieldView[]): boolean =>
  action !== undefined && action.to.length === 0 && needs.some(({ name }) => name === 'note')

/** A note stands in the history at once; it is taken back when the server says no. */
function showNote(client: QueryClient, record: RecordView, action: string, input: Record<string, unknown>,
  member: { id: string; name: string }): () => void {
  const key = queries.record(record.process, record.id).queryKey
  const now = new Date().toISOString()
  client.setQueryData<RecordView>(key, (old) => old && { ...old, events: [{ seq: old.seq + 1, action, label: '',
    at: now,
    recorded_at: now, at_note: null, who: { kind: 'member', ...member }, on_behalf_of: null, via: 'web',
    from_state: old.state, to_state: old.state, input, waived: [], cards: [], effects: [] }, ...old.events] })
  return () => client.setQueryData<RecordView>(key, (old) => old && { ...old,
    events: old.events.filter((event) => event.seq <= old.seq) })
}
