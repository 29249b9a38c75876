import { useEffect, useRef } from 'react'

/** Keys of the page: 'n', '/', '?', 'j', '1', 'mod+k', 'Escape'. A later hook wins over an earlier one. */
export type Keys = Readonly<Record<string, (event: KeyboardEvent) => void>>

const stack: { current: Keys }[] = []
const scanListeners = new Set<(text: string) => void>()
/** Those of a page that knows better what a scanned code means here. */
const pageScanListeners = new Set<(text: string) => void>()

/** Faster than any hand: a scanner types like this and ends with Enter. */
const scanMs = 45
const scanLeast = 4

let lastAt = 0
let buffer = ''
let waiting: ReturnType<typeof setTimeout> | null = null

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
  if (name.startsWith('mod+')) return run(name, event)
  if (typing(event.target)) return name === 'Escape' ? run(name, event) : undefined
  const fast = event.timeStamp - lastAt < scanMs
  lastAt = event.timeStamp
  if (event.key.length === 1) buffer = fast ? buffer + event.key : event.key
  if (fast && waiting) clearTimeout(waiting)
  if (event.key === 'Enter' && fast && buffer.length >= scanLeast) {
    event.preventDefault()
    const text = buffer
    buffer = ''
    for (const listener of pageScanListeners.size > 0 ? pageScanListeners : scanListeners) listener(text)
    return
  }
  if (inWidget(event.target) && name !== '?') return
  // A digit on a choice or a tick of a form answers it.
  if (/^[1-9]$/.test(name) && event.target instanceof Element
    && event.target.matches('form input[type=radio],form input[type=checkbox],form [data-rest]')) return
  // A single character waits until it is clear that it is not the beginning of a scan.
  if (event.key.length === 1 && name !== '/') {
    if (!fast && find(name)) waiting = setTimeout(() => find(name)?.(event), scanMs + 10)
    return
  }
  run(name, event)
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
  useEffect(() => { current.current = keys })
  useEffect(() => {
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
