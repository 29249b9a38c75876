import { useEffect, useLayoutEffect, useRef } from 'react'

/** Keys of the page: 'n', '/', '?', 'j', '1', 'mod+k', 'Escape'. A later hook wins over an earlier one. */
export type Keys = Readonly<Record<string, (event: KeyboardEvent) => void>>

const stack: { current: Keys }[] = []
const scanListeners = new Set<(text: string) => void>()
/** Those of a page that knows better what a scanned code means here. */
const pageScanListeners = new Set<(text: string) => void>()

/** Faster than any hand: a scanner types like this and ends with Enter. */
export const scanMs = 45
export const scanLeast = 4

let lastAt = 0
let buffer = ''
/** A single character that may still turn out to be the beginning of a scan. */
let waiting: { timer: ReturnType<typeof setTimeout>; go: () => void } | null = null

/** Keys that open something to be filled in. What is typed until it stands there is kept for it. */
const opens = /^[0-9n]$/
const openMostMs = 600
const lookMs = 10
let held: KeyboardEvent[] | null = null

const typing = (target: EventTarget | null): boolean => target instanceof HTMLElement
  && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  && !/^(checkbox|radio|button|submit|file)$/.test((target as HTMLInputElement).type ?? '')

const inWidget = (target: EventTarget | null): boolean => target instanceof Element
  && target.closest('[role=menu],[role=listbox],[role=dialog],[role=combobox],[role=grid]') !== null

function nameOf(event: KeyboardEvent): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
  return event.ctrlKey || event.metaKey ? `mod+${key}` : key
}

function find(name: string): ((event: KeyboardEvent) => void) | undefined {
  for (let index = stack.length - 1; index >= 0; index -= 1) {
    const found = stack[index]!.current[name]
    if (found) return found
  }
  return undefined
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || event.altKey) return
  const name = nameOf(event)
  if (name === 'mod+Enter') {
    waiting?.go()
    if (held) return keepFor(held, event)
  }
  if (name.startsWith('mod+')) return run(name, event)
  if (typing(event.target)) {
    if (held) release()
    return name === 'Escape' ? run(name, event) : undefined
  }
  const fast = event.timeStamp - lastAt < scanMs
  lastAt = event.timeStamp
  if (event.key.length === 1) buffer = fast ? buffer + event.key : event.key
  if (fast) drop()
  if (event.key === 'Enter' && fast && buffer.length >= scanLeast) {
    event.preventDefault()
    const text = buffer
    buffer = ''
    held?.splice(-text.length)
    for (const listener of pageScanListeners.size > 0 ? pageScanListeners : scanListeners) listener(text)
    return
  }
  if (held && event.key.length === 1) return keepFor(held, event)
  if (inWidget(event.target) && name !== '?') return
  // A digit on a choice or a tick of a form answers it.
  if (/^[1-9]$/.test(name) && event.target instanceof Element
    && event.target.matches('form input[type=radio],form input[type=checkbox],form [data-rest]')) return
  // A single character waits until it is clear that it is not the beginning of a scan; a slash within one is of an address.
  if (event.key.length === 1 && (name !== '/' || (fast && buffer.length > scanLeast))) {
    if (!fast && find(name)) wait(name, event)
    return
  }
  run(name, event)
}

function wait(name: string, event: KeyboardEvent): void {
  const go = () => {
    drop()
    const from = document.activeElement
    find(name)?.(event)
    if (opens.test(name)) holdFrom(from)
  }
  waiting = { timer: setTimeout(go, scanMs + 10), go }
}

function drop(): void {
  if (waiting) clearTimeout(waiting.timer)
  waiting = null
}

function keepFor(keys: KeyboardEvent[], event: KeyboardEvent): void {
  event.preventDefault()
  keys.push(event)
}

/** Holds what is typed until the focus has gone where it is meant to go, or until it is clear that it goes nowhere. */
function holdFrom(from: Element | null): void {
  held = []
  const until = performance.now() + openMostMs
  const look = () => {
    if (held === null) return
    const at = document.activeElement
    const there = at !== from && at !== null && (typing(at) || at.closest('form') !== null)
    if (there || performance.now() > until) release()
    else setTimeout(look, lookMs)
  }
  setTimeout(look, lookMs)
}

/** What was held is typed where the focus is now: into a field, as an answer, or as a key of the page. */
function release(): void {
  const keys = held ?? []
  held = null
  for (const event of keys) {
    const name = nameOf(event)
    const at = document.activeElement
    if (name === 'mod+Enter') run(name, event)
    else if (typing(at)) document.execCommand('insertText', false, event.key)
    else if (at?.closest('form')) at.dispatchEvent(new KeyboardEvent('keydown', { key: event.key, bubbles: true }))
    else find(name)?.(event)
  }
}

function run(name: string, event: KeyboardEvent): void {
  const found = find(name)
  if (!found) return
  const button = event.target instanceof Element && event.target.closest('button,a,summary,[role=button]')
  if (name === 'Enter' && button) return
  event.preventDefault()
  found(event)
}

/** Keys that hold while the component stands. */
export function useKeys(keys: Keys): void {
  const current = useRef(keys)
  // Before the page is seen: a key that is pressed at once finds them.
  useLayoutEffect(() => { current.current = keys })
  useLayoutEffect(() => {
    const entry = current
    stack.push(entry)
    if (stack.length === 1) document.addEventListener('keydown', onKey)
    return () => {
      stack.splice(stack.indexOf(entry), 1)
      if (stack.length === 0) document.removeEventListener('keydown', onKey)
    }
  }, [])
}

/** What a barcode scanner typed while no field had the focus. `page`: this listener alone is told. */
export function useScan(listener: (text: string) => void, page = false): void {
  const current = useRef(listener)
  useEffect(() => { current.current = listener })
  useEffect(() => {
    const tell = (text: string) => current.current(text)
    const told = page ? pageScanListeners : scanListeners
    told.add(tell)
    return () => { told.delete(tell) }
  }, [page])
}
