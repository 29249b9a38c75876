import { Button, Combobox, SegmentedControl, TextInput, useCombobox } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { LookupRowView } from '../../../server/views.ts'
import { phoneText } from '../../../words/phone.ts'
import { ApiError, act, queries, randomId } from '../../api.ts'
import { useSay } from '../../site.tsx'
import { counterQueries } from '../counter/counter-data.ts'
import { useSimilar } from '../counter/similar.tsx'
import css from './customer-field.module.css'
import { FieldLabel, type InputProps } from './field.tsx'
import { TakenBy } from './taken-by.tsx'

const settleMs = 120
const newOne = 'new'

/** A customer, found while one types: name, pinyin, initials, phone, contact or serial number; a new one in place. */
export function CustomerField({ field, value, onChange, error, names, onName }: InputProps) {
  const say = useSay()
  const box = useCombobox({ onDropdownClose: () => box.resetSelectedOption() })
  const id = typeof value === 'string' && value !== '' ? value : null
  const chosen = id ? names[id] ?? '' : ''
  const [text, setText] = useState<string | null>(null)
  const [adding, setAdding] = useState<string | null>(null)
  const typed = (text ?? '').trim()
  const asked = useSettled(typed)
  const { data } = useQuery({ ...counterQueries.lookup(asked), enabled: asked !== '', placeholderData: keepPreviousData })
  const rows = asked === '' ? [] : (data?.rows ?? []).filter(({ customer }) => customer !== null)
  // What Enter takes is the first that was found, not what stood there before the answer came.
  const found = rows.map(({ customer }) => customer!.id).join()
  const now = useRef(box)
  useEffect(() => { now.current = box })
  useEffect(() => {
    const { current } = now
    if (found !== '' && asked !== '' && current.dropdownOpened) current.selectFirstOption()
  }, [found, asked])
  const take = (one: string, name: string) => {
    onName(one, name)
    onChange(one)
    setText(null)
    setAdding(null)
    box.closeDropdown()
  }
  if (adding !== null) {
    return <QuickCustomer typed={adding} label={<FieldLabel field={field} />} missing={error()} onTake={take}
      onCancel={() => setAdding(null)} />
  }
  const pick = (picked: string) => {
    const row = rows.find(({ customer }) => customer!.id === picked)
    if (picked === newOne || !row) return setAdding(typed)
    return take(row.customer!.merged_into ?? row.customer!.id, row.customer!.name)
  }
  return (
    <Combobox store={box} onOptionSubmit={pick} withinPortal>
      <Combobox.Target>
        <TextInput label={<FieldLabel field={field} />} description={field.hint} error={error()}
          value={text ?? chosen} placeholder={say('customer.find')} autoComplete="off" spellCheck={false} maxLength={80}
          rightSection={id ? <Combobox.ClearButton onClear={() => { onChange(undefined); setText(null) }} /> : null}
          onFocus={() => { if (text !== null) box.openDropdown() }}
          onBlur={() => { box.closeDropdown(); setText(null) }}
          onChange={(event) => {
            setText(event.currentTarget.value)
            box.openDropdown()
            box.selectFirstOption()
          }} />
      </Combobox.Target>
      <Combobox.Dropdown hidden={typed === ''}>
        <Combobox.Options mah={320} style={{ overflowY: 'auto' }}>
          {rows.map((row) => (
            <Combobox.Option key={row.customer!.id} value={row.customer!.id}><Found row={row} /></Combobox.Option>))}
          <Combobox.Option value={newOne}><b className={css.new}>{say('customer.new_here', { text: typed })}</b></Combobox.Option>
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}

/** A line of the look-up: who it is, and through what it was found. */
function Found({ row }: { row: LookupRowView }) {
  const say = useSay()
  const { customer, hits, contact } = row
  const read = (phone: string) => phoneText(phone, say('phone.extension'))
  const beside = hits[0] && hits[0].text !== customer!.name
    ? `${hits[0].label} ${hits[0].by === 'phone' ? read(hits[0].text) : hits[0].text}`
    : contact?.name ?? (customer!.phone ? read(customer!.phone) : customer!.address ?? '')
  return (
    <span className={css.found}>
      <span className="cut">{customer!.name}</span>
      <small className="cut">{customer!.number}{beside && ` · ${beside}`}</small>
    </span>
  )
}

const personLike = /^(?!.*[所厂店校院社部局行司])\p{Script=Han}{2,4}$/u
const phoneLike = /^[+\d\s\-()（）]+$/

/** A new customer inside the form that names one: four answers, and those that it may already be. */
function QuickCustomer({ typed, label, missing, onTake, onCancel }: { typed: string; label: React.ReactNode
  /** What is wrong with the field as long as nobody was registered. */
  missing: string | undefined
  onTake: (id: string, name: string) => void; onCancel: () => void }) {
  const say = useSay()
  const { data: definition } = useQuery(queries.definition('customer'))
  const [values, setValues] = useState<Record<string, string>>(() => ({
    customer_kind: personLike.test(typed) ? 'person' : 'organisation',
    ...(phoneLike.test(typed) ? { phone: typed } : { name: typed }) }))
  const [problem, setProblem] = useState<ApiError | null>(null)
  const [sending, setSending] = useState(false)
  const [another, setAnother] = useState(false)
  const key = useRef({ text: '', key: '' })
  const similar = useSimilar(values)
  const field = (name: string) => definition?.fields.find((one) => one.name === name)
  const kinds = field('customer_kind')
  const send = async () => {
    const form: Record<string, unknown> = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''))
    if (another) form.is_another = true
    if (key.current.text !== JSON.stringify(form)) key.current = { text: JSON.stringify(form), key: randomId() }
    setSending(true)
    try {
      const made = await act({ process: 'customer', id: null, action: 'register', form, key: key.current.key })
      onTake(made.id, made.title)
    } catch (thrown) {
      if (!(thrown instanceof ApiError)) throw thrown
      setProblem(thrown)
      setAnother(thrown.problem.fields?.some(({ code }) => code === 'taken') ?? false)
    } finally {
      setSending(false)
    }
  }
  const twin = problem?.problem.fields?.find(({ record }) => record)?.record
  const wrong = (name: string) => problem?.problem.fields?.find((one) => one.field === name)?.message
  return (
    <fieldset className={css.quick}>
      <legend>{label}</legend>
      {kinds?.kind === 'choice' && (
        <SegmentedControl size="xs" value={values.customer_kind ?? 'organisation'}
          data={Object.entries(kinds.options).map(([value, word]) => ({ value, label: word }))}
          onChange={(next) => setValues((old) => ({ ...old, customer_kind: next }))} />)}
      <div className={css.fields}>
        {['name', 'phone', 'contact_name', 'contact_phone'].map((name, index) => (
          <TextInput key={name} label={field(name)?.label ?? name} value={values[name] ?? ''} error={wrong(name)}
            autoFocus={index === (values.name ? 1 : 0)} autoComplete="off"
            onChange={(event) => { const next = event.currentTarget.value; setValues((old) => ({ ...old, [name]: next })) }} />))}
      </div>
      {problem && !problem.problem.fields ? <p role="alert">{problem.message}</p> : missing && <p role="alert">{missing}</p>}
      {twin && <TakenBy record={twin} />}
      {similar.length > 0 && (
        <div className={css.similar} role="status">
          <span>{say('customer.perhaps')}</span>
          {similar.map((one) => (
            <button key={one.id} type="button" onClick={() => onTake(one.id, one.name)}>{one.name}</button>))}
        </div>)}
      <p className={css.buttons}>
        <Button size="xs" loading={sending} onClick={() => void send()}>
          {say(another ? 'customer.save_another' : 'customer.save')}</Button>
        <Button size="xs" variant="default" onClick={onCancel}>{say('form.cancel')}</Button>
      </p>
    </fieldset>
  )
}

/** The text when nobody has typed for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), settleMs)
    return () => clearTimeout(timer)
  }, [text])
  return text === '' ? '' : settled
}
