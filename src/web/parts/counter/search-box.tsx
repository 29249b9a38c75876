import { IconScan, IconUserPlus } from '@tabler/icons-react'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { LookupRowView } from '../../../server/views.ts'
import { ApiError } from '../../api.ts'
import { useSay } from '../../site.tsx'
import { PhoneWords } from '../phone.tsx'
import { type Taken, counterQueries, takenOf } from './counter-data.ts'
import css from './counter.module.css'

type SearchBoxProps = { text: string; onText: (text: string) => void; onTake: (taken: Taken) => void
  onNew: (typed: string) => void; onPoint: (row: LookupRowView | undefined) => void
  /** The focus is left where it is: single keys mean something else here. */
  quiet?: boolean }

const settleMs = 120

/** One box for a phone, a name, initials, a serial or a case number. Enter takes the line that is pointed at. */
export function SearchBox({ text, onText, onTake, onNew, onPoint, quiet }: SearchBoxProps) {
  const say = useSay()
  const client = useQueryClient()
  const input = useRef<HTMLInputElement>(null)
  const [at, setAt] = useState(0)
  const q = useSettled(text.trim())
  const { data, error } = useQuery({ ...counterQueries.lookup(q), enabled: q !== '',
    placeholderData: keepPreviousData })
  const rows = q === '' ? [] : data?.rows ?? []
  const known = q !== '' && q === text.trim() && data?.q !== undefined
  // The last line is always «a new customer».
  const most = text.trim() === '' ? -1 : rows.length
  const pointed = rows[at]
  useEffect(() => { if (!quiet) input.current?.focus() }, [quiet])
  useEffect(() => { onPoint(pointed) }, [pointed, onPoint])
  const take = (row: LookupRowView | undefined) => {
    const taken = row ? takenOf(row) : null
    if (taken) onTake(taken)
    else onNew(text.trim())
  }
  // A scanner is faster than the answer: what it typed is asked for, then taken.
  const enter = async () => {
    const wanted = text.trim()
    if (wanted === '') return
    if (known || at > 0) return take(rows[at])
    const found = await client.fetchQuery(counterQueries.lookup(wanted)).catch(() => null)
    if (found) take(found.rows[0])
  }
  const onKey = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) setAt((old) => Math.max(0, Math.min(most, old + step)))
    else if (event.key === 'Enter') void enter()
    else if (event.key === 'Escape' && text !== '') onText('')
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <>
      <div className={css.box}>
        <IconScan size={18} stroke={1.6} aria-hidden="true" />
        <input ref={input} className={css.input} value={text} type="text" role="combobox" aria-expanded={most >= 0}
          aria-controls="counter-found" aria-autocomplete="list" autoComplete="off" spellCheck={false} maxLength={80}
          aria-activedescendant={most >= 0 ? `counter-${at}` : undefined} enterKeyHint="go"
          placeholder={say('counter.placeholder')} aria-label={say('counter.find')}
          onChange={(event) => { onText(event.target.value); setAt(0) }} onKeyDown={onKey} />
      </div>
      {error instanceof ApiError && <p className={css.problem} role="alert">{error.message}</p>}
      {most < 0 ? <p className={css.hushed}>{say('counter.hint')}</p>
        : <ul className={css.found} id="counter-found" role="listbox" aria-label={say('search.found')}>
          {rows.map((row, index) => (
            <li key={row.customer?.id ?? row.case?.id ?? index} id={`counter-${index}`} role="option"
              aria-selected={index === at} className={css.row} onMouseMove={() => setAt(index)}
              onMouseDown={(event) => event.preventDefault()} onClick={() => take(row)}><Found row={row} /></li>))}
          <li id={`counter-${rows.length}`} role="option" aria-selected={at === rows.length} className={css.row}
            onMouseMove={() => setAt(rows.length)} onMouseDown={(event) => event.preventDefault()}
            onClick={() => onNew(text.trim())}>
            <IconUserPlus size={16} stroke={1.6} aria-hidden="true" />
            <span className={css.newLine}><b>{say('counter.new_customer')}</b>
              {known && rows.length === 0 && <small>{say('search.nothing_for', { text: text.trim() })}</small>}</span>
          </li>
        </ul>}
    </>
  )
}

const endOf = (phone: string | null | undefined): string => (phone ?? '').replace(/\D/g, '').slice(-4)

/** A line of the look-up: who, why it is here, and what is going on there. */
function Found({ row }: { row: LookupRowView }) {
  const say = useSay()
  const [hit] = row.hits
  const name = row.customer?.name ?? row.case?.title ?? ''
  const beside = row.contact?.name ?? row.customer?.phone ?? ''
  // The telephone that was found is said once: in full where it is the customer's own, else as it was found.
  const told = hit?.by === 'phone' && row.contact === null && endOf(row.customer?.phone) === endOf(hit.text)
    ? row.customer!.phone! : hit?.text
  return (
    <span className={css.foundText}>
      <span className={css.foundName}><b className="cut">{name}</b>
        {row.open_cases.length > 0 && <span className={css.badge}>{say('counter.open_n',
          { n: row.open_cases.length })}</span>}</span>
      <small className="cut">
        {hit && <span className={css.hit}>{hit.label} {told !== name && told
          && (hit.by === 'phone' ? <PhoneWords number={told} /> : told)}</span>}
        {hit?.by !== 'contact' && beside !== '' && beside !== told && (
          <span>{beside === row.customer?.phone ? <PhoneWords number={beside} /> : beside}</span>)}
        {row.machine && hit?.by === 'serial' && <span>{row.machine.title}</span>}
      </small>
    </span>
  )
}

/** The text when nobody has typed for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), text === '' ? 0 : settleMs)
    return () => clearTimeout(timer)
  }, [text])
  return text === '' ? '' : settled
}
