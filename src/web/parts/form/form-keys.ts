import type { KeyboardEvent } from 'react'

/** What can be reached in a place of a form, and what a form stops at. */
const reachable = 'input:not([type=hidden]):not(:disabled),textarea:not(:disabled),button:not(:disabled),'
  + '[tabindex="0"]'
// A day that may be left out is passed over: its calendar would open upon what comes next.
const stops = 'input:not([type=hidden]):not([type=file]):not([tabindex="-1"]):not([data-dates-input])'
  + ':not([type=radio]:not(:checked):not([data-first])),[data-open] [data-dates-input],textarea,'
  + 'button[type=submit]'

/** Puts the focus into the place of a field. */
export function focusIn(box: HTMLElement | null, name: string): boolean {
  const place = box?.querySelector(`[data-field="${CSS.escape(name)}"]`)
  const target = place?.querySelector<HTMLElement>(reachable)
  target?.focus({ preventScroll: false })
  return target !== null && target !== undefined
}

/** The button that sends the form; the browser shows it. */
const focusSend = (form: HTMLElement) => form.querySelector<HTMLElement>('button[type=submit]')?.focus()

/**
 * On to the next thing that must be answered and is not, below a place of the form; else to the button that sends it.
 * A field that applies only now is the next one.
 */
function focusNextOpen(form: HTMLElement, from: Element): void {
  const open = [...form.querySelectorAll<HTMLElement>('[data-open]')].filter((place) => place !== from
    && !place.contains(from) && !place.querySelector('[data-open]')
    && (from.compareDocumentPosition(place) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0)
  const list = open[0]?.closest('[data-kind=checklist]')
  const rest = list && !list.contains(from) ? list.querySelector<HTMLElement>('[data-rest]') : null
  const target = rest ?? open[0]?.querySelector<HTMLElement>(reachable)
  if (target) target.focus()
  else focusSend(form)
}

/** Goes on when the answer has been drawn. */
export const goOn = (form: HTMLElement, from: Element): void => {
  requestAnimationFrame(() => requestAnimationFrame(() => focusNextOpen(form, from)))
}

/** A scanner types faster than any hand: what it types is no answer. */
const scanMs = 45
let lastAt = 0
let answering: ReturnType<typeof setTimeout> | null = null

/** 1…9 answer the choice (or tick) that has the focus and go on to the next open field. */
function answerByDigit(event: KeyboardEvent<HTMLFormElement>): void {
  const fast = event.timeStamp - lastAt < scanMs
  lastAt = event.timeStamp
  if (answering) clearTimeout(answering)
  answering = null
  if (fast || !/^[1-9]$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) return
  const target = event.target as HTMLInputElement
  const answer = answerAt(target, Number(event.key))
  if (!answer) return
  const form = event.currentTarget
  const place = target.closest('[data-item]') ?? target.closest('[data-field]') ?? target
  answering = setTimeout(() => {
    if (answer.type === 'button' || !answer.checked) answer.click()
    if (answer.type !== 'button') goOn(form, place)
  }, scanMs + 10)
}

/** The answer of that number where somebody stands: of a choice, of a tick, of all the rest of a checklist. */
function answerAt(target: HTMLInputElement, digit: number): HTMLInputElement | undefined {
  const group = target.type === 'radio' ? target.closest('[role=radiogroup]') : null
  if (group) return group.querySelectorAll<HTMLInputElement>('input[type=radio]')[digit - 1]
  const alone = (target.type === 'checkbox' && !target.closest('[data-many]')) || target.matches('[data-rest]')
  return alone && digit === 1 ? target : undefined
}

/** Enter goes on to the next field; a scanner that ends with Enter fills a form without sending it half done. */
function enterGoesOn(event: KeyboardEvent<HTMLFormElement>): void {
  const target = event.target as HTMLElement
  const line = target.tagName === 'INPUT' && !/^(checkbox|radio|file)$/.test((target as HTMLInputElement).type)
  if (!line || event.ctrlKey || event.metaKey || event.nativeEvent.isComposing) return
  if (target.getAttribute('aria-expanded') === 'true') return
  event.preventDefault()
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>(stops)]
  all.find((one) => (target.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0)?.focus()
}

/** The keys of a form. */
export function onFormKey(event: KeyboardEvent<HTMLFormElement>): void {
  if (event.defaultPrevented) return
  answerByDigit(event)
  if (event.key === 'Enter') enterGoesOn(event)
}
