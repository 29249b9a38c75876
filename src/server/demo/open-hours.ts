import { dateIn, instantIn } from '../company-time.ts'

const minuteMs = 60_000
const opens = 8
const closes = 18

/** The demonstration shop is open from 8 to 18 on every day: an instant, moved back into those hours. */
export function lastOpen(zone: string, at: number): number {
  const date = dateIn(zone, at)
  if (at >= instantIn(zone, date, closes)) return instantIn(zone, date, closes)
  if (at >= instantIn(zone, date, opens)) return at
  return instantIn(zone, dateIn(zone, instantIn(zone, date, 0) - 3_600_000), closes)
}

/** So many open minutes before an instant, ms. */
export function openBefore(zone: string, at: number, minutes: number): number {
  let from = lastOpen(zone, at)
  let left = minutes * minuteMs
  for (;;) {
    const opened = instantIn(zone, dateIn(zone, from), opens)
    if (from - opened > left) return from - left
    left -= from - opened
    from = lastOpen(zone, opened - minuteMs)
  }
}
