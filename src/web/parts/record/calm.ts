import { type MouseEvent, useLayoutEffect, useRef } from 'react'

/** So long does nobody press what has just come under the finger, ms: less than it takes to read it. */
const calmMs = 400

/** What stands before one: a record as far as it has come, and the action whose form is open, if one is. */
type Standing = { id: string; seq: number; form: string | undefined }

/**
 * When a record has moved on, by somebody else or by a first press, other buttons stand where one was about to press.
 * A button that is pressed in the moment after is meant for what was there before, and does nothing. A form that stays
 * open through the change is the one that was meant: its buttons work, and so does every field. Keys are not held back.
 */
export function useCalm({ id, seq, form }: Standing): (event: MouseEvent) => void {
  const last = useRef({ id, seq, form, movedAt: Number.NEGATIVE_INFINITY, formAt: Number.NEGATIVE_INFINITY })
  useLayoutEffect(() => {
    const before = last.current
    const moved = before.id === id && before.seq !== seq
    const now = performance.now()
    last.current = { id, seq, form, movedAt: moved ? now : before.movedAt,
      // The form may follow one drawing later: the address changes after the record.
      formAt: before.form !== form && (moved || now - before.movedAt < calmMs) ? now : before.formAt }
  }, [id, seq, form])
  return (event) => {
    const button = (event.target as Element).closest('button')
    const byFinger = event.detail > 0
    if (!button || !byFinger) return
    const at = button.closest('form') ? last.current.formAt : last.current.movedAt
    if (performance.now() - at > calmMs) return
    event.preventDefault()
    event.stopPropagation()
  }
}
