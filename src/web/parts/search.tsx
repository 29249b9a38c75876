import { IconSearch } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { queries } from '../api.ts'
import { useKeys } from '../keys.ts'
import { useMe, useSay } from '../site.tsx'
import { type Choice, useCommands } from './commands.ts'
import { useOpenNumber } from './open-number.ts'
import css from './search.module.css'
import { StateDot } from './state.tsx'

const opened = new Set<() => void>()
/** Puts the cursor into the search box, from anywhere. */
export const openSearch = (): void => { for (const open of opened) open() }

/** One box for finding and for commands: `/` finds, Ctrl K shows what can be done. */
export function Search({ onNew }: { onNew: (process: string) => void }) {
  const say = useSay()
  const input = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  const [open, setOpen] = useState(false)
  const [commands, setCommands] = useState(false)
  const [at, setAt] = useState(0)
  const { choices, known } = useChoices(text, commands, onNew)
  const openNumber = useOpenNumber()
  const show = (withCommands: boolean) => {
    if (withCommands) setText('')
    setCommands(withCommands)
    setOpen(true)
    setAt(0)
    input.current?.focus()
    input.current?.select()
  }
  useKeys({ '/': () => show(false), 'mod+k': () => show(true) })
  useEffect(() => {
    const one = () => show(false)
    opened.add(one)
    return () => { opened.delete(one) }
  })
  const close = () => {
    setOpen(false)
    input.current?.blur()
  }
  const take = (choice: Choice | undefined) => {
    if (!choice) return
    close()
    setText('')
    choice.run()
  }
  const onKey = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) setAt((old) => Math.max(0, Math.min(choices.length - 1, old + step)))
    // A scanner is faster than the answer, and what it reads of a paper is an address.
    else if (event.key === 'Enter' && !known && at === 0) take({ group: '', label: text, run: () => openNumber(text.trim()) })
    else if (event.key === 'Enter') take(choices[at] ?? choices[0])
    else if (event.key === 'Escape') close()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div className={css.search} data-open={open || undefined}>
      <IconSearch size={16} stroke={1.8} className={css.glass} />
      <input ref={input} value={text} className={css.input} type="text" role="combobox" aria-expanded={open}
        aria-controls="found" aria-autocomplete="list" autoComplete="off" spellCheck={false} enterKeyHint="search"
        aria-activedescendant={open && choices[at] ? `found-${at}` : undefined}
        placeholder={say('search.placeholder')} aria-label={say('search.placeholder')}
        onChange={(event) => { setText(event.target.value); setAt(0); setOpen(true) }}
        onFocus={() => setOpen(true)} onBlur={() => setOpen(false)} onKeyDown={onKey} />
      {!open && <kbd className={css.key} aria-hidden="true">/</kbd>}
      {open && <button type="button" className={css.close} tabIndex={-1} onMouseDown={close}>{say('close')}</button>}
      {open && <Found choices={choices} at={at} text={text} onTake={take} onAt={setAt} />}
    </div>
  )
}

/** An address that stands on a paper of ours. */
const onPaper = /^\S*\/q\/\S+$/i

/**
 * What the box offers: commands when asked for or when they fit the text, then records.
 *
 * @returns `known`: the choices are those of this very text
 */
function useChoices(text: string, commands: boolean, onNew: (process: string) => void): { choices: Choice[]
  known: boolean } {
  const navigate = useNavigate()
  const asked = useLate(text.trim(), 120)
  const wanted = asked.length > 0
  const { data, isPlaceholderData } = useQuery({ ...queries.search(asked), enabled: wanted, placeholderData: keepPreviousData })
  const all = useCommands(onNew)
  const word = text.trim().toLowerCase()
  const fitting = all.filter((one) => (word === '' ? commands : one.label.toLowerCase().includes(word)))
  const found: Choice[] = !wanted || word === '' ? [] : (data?.groups ?? []).flatMap((group) =>
    group.rows.map((row) => ({ group: group.label, label: row.title, row, run: () => void navigate({
      to: '/$process/$id', params: { process: row.process, id: row.id } }) })))
  const known = word === '' || fitting.length > 0
    || (asked === text.trim() && data !== undefined && !isPlaceholderData && !onPaper.test(asked))
  return { known, choices: commands ? [...fitting, ...found] : [...found, ...fitting] }
}

function useLate<T>(value: T, ms: number): T {
  const [late, setLate] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setLate(value), ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  return late
}

type FoundProps = { choices: Choice[]; at: number; text: string; onTake: (choice: Choice) => void
  onAt: (index: number) => void }

function Found({ choices, at, text, onTake, onAt }: FoundProps) {
  const say = useSay()
  const { company } = useMe()
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => { list.current?.querySelector(`#found-${at}`)?.scrollIntoView({ block: 'nearest' }) }, [at])
  return (
    <div className={css.found} role="listbox" id="found" ref={list} aria-label={say('search.found')}
      onMouseDown={(event) => event.preventDefault()}>
      {choices.map((choice, index) => (
        <div key={`${choice.group}${choice.label}${choice.row?.id ?? ''}`}>
          {choice.group !== choices[index - 1]?.group && <div className={css.group}
            aria-hidden="true">{choice.group}</div>}
          <div role="option" id={`found-${index}`} aria-selected={index === at} className={css.choice}
            onMouseMove={() => onAt(index)} onClick={() => onTake(choice)}>
            {choice.row ? <>
              <span className={css.number}>{choice.row.number}</span>
              <span className={css.title}><Marked text={choice.row.title} typed={text} />
                {choice.row.hit && !choice.row.title.includes(choice.row.hit.text) && <small>
                  <Marked text={choice.row.hit.text} typed={text} /></small>}</span>
              <StateDot state={choice.row.state} />
            </> : <><span className={css.title}>{choice.label}</span>{choice.key && <kbd>{choice.key}</kbd>}</>}
          </div>
        </div>
      ))}
      {choices.length === 0 && (
        <p className={css.hint}>{text.trim() === '' ? say('search.hint', { company: company.name })
          : say('search.nothing')}</p>)}
    </div>
  )
}

/** A text with the typed words marked where they stand in it. */
function Marked({ text, typed }: { text: string; typed: string }) {
  const terms = typed.normalize('NFKC').toLowerCase().split(/\s+/).filter((term) => term !== '')
  const compared = text.normalize('NFKC').toLowerCase()
  // Another length: what stands where cannot be told.
  if (compared.length !== text.length || terms.length === 0) return <>{text}</>
  const places = terms.map((term) => [compared.indexOf(term), term.length] as const).filter(([at]) => at >= 0)
    .sort(([a], [b]) => a - b)
  const parts: React.ReactNode[] = []
  let done = 0
  for (const [at, length] of places) {
    if (at < done) continue
    parts.push(text.slice(done, at), <mark key={at}>{text.slice(at, at + length)}</mark>)
    done = at + length
  }
  return <>{parts}{text.slice(done)}</>
}
