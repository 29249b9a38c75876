import { type MouseEvent, useEffect, useRef } from 'react'

/** So long does nobody press what has just come under the finger, ms: less than it takes to read it. */
const calmMs = 400

/**
 * When a record has moved on, by somebody else or by a first press, other buttons stand where one was about to press.
 * What is pressed in the moment after is meant for what was there before, and does nothing. Keys are not held back.
 *
 * @param at what changes when the record moves on; another record is not a change
 */
export function useCalm({ id, seq }: { id: string; seq: number }): (event: MouseEvent) => void {
  const last = useRef({ id, seq, at: Number.NEGATIVE_INFINITY })
  useEffect(() => {
    const moved = last.current.id === id && last.current.seq !== seq
    last.current = { id, seq, at: moved ? performance.now() : last.current.at }
  }, [id, seq])
  return (event) => {
    const byFinger = event.detail > 0
    if (!byFinger || performance.now() - last.current.at > calmMs) return
    event.preventDefault()
    event.stopPropagation()
  }
}
