import { type RefObject, useEffect, useRef } from 'react'
import type { Problem } from '../../api.ts'
import { type AskedField, beginsAt } from './asked.ts'
import { focusIn } from './form-keys.ts'

const drawerMs = 200

/**
 * The focus goes into a form when it opens. When the field that has it disappears, for somebody else has acted, it goes
 * to what is open now: whoever types blindly goes on typing in the form.
 *
 * @param focus  this form is the one to be answered
 * @param first  puts the focus where answering begins
 */
export function useFormFocus(box: RefObject<HTMLElement | null>, focus: boolean, first: () => void): void {
  const last = useRef<Element | null>(null)
  const begin = useRef(first)
  useEffect(() => { begin.current = first })
  useEffect(() => {
    const note = ({ target }: FocusEvent) => { last.current = box.current?.contains(target as Element) ? target as Element : null }
    document.addEventListener('focusin', note)
    return () => document.removeEventListener('focusin', note)
  }, [box])
  // Only when the form opens: the focus is not taken from somebody who types.
  useEffect(() => {
    if (!focus) return undefined
    const enter = () => { if (!box.current?.contains(document.activeElement)) begin.current() }
    enter()
    // A drawer that opens takes the focus to its own first button; it is given back.
    const timer = setTimeout(enter, drawerMs)
    return () => clearTimeout(timer)
  }, [box, focus])
  useEffect(() => {
    if (last.current === null || last.current.isConnected || document.activeElement !== document.body) return
    last.current = null
    begin.current()
  })
}

/** Puts the focus where answering begins: a reason that is asked for, the first open field, else the button. */
export function focusFirst(box: HTMLElement | null, needs: readonly AskedField[], values: Record<string, unknown>,
  waivers: number): void {
  if (waivers > 0 && focusIn(box, 'waive.0')) return
  const next = beginsAt(needs, values)
  if (next !== undefined && focusIn(box, next)) return
  box?.querySelector<HTMLElement>('button[type=submit]')?.focus()
}

/** Puts the focus to the first field that was refused. */
export function focusProblem(box: HTMLElement | null, problem: Problem): void {
  const path = problem.fields?.[0]?.field
  if (path === undefined) return
  const [name = '', index] = path.split('.')
  focusIn(box, name === 'waive' ? `waive.${index}` : name)
}
