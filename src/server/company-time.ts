/** Days and weekdays in a company's time zone: the only zone that counts for them. */
const dayMs = 86_400_000

/** The date at an instant, 'YYYY-MM-DD'. */
export function dateIn(timeZone: string, at: number): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at)
}

/** How far the zone is ahead of UTC at an instant, ms. */
function offsetAt(timeZone: string, at: number): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric',
    day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' }).formatToParts(at)
  const part = (type: string) => Number(parts.find((one) => one.type === type)!.value)
  const wall = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
  return wall - Math.floor(at / 1000) * 1000
}

/** The instant of a wall-clock time on a date of the zone, ms. */
export function instantIn(timeZone: string, date: string, hours: number, minutes = 0): number {
  const wall = Date.parse(`${date}T00:00:00Z`) + (hours * 60 + minutes) * 60_000
  const first = wall - offsetAt(timeZone, wall)
  return wall - offsetAt(timeZone, first)
}

/** 18:00 on the next Friday that has not passed, counted from an instant, as ISO. */
export function endOfFriday(timeZone: string, at: number): string {
  for (let days = 0; days <= 7; days += 1) {
    const date = dateIn(timeZone, at + days * dayMs)
    const friday = new Date(`${date}T00:00:00Z`).getUTCDay() === 5
    const end = instantIn(timeZone, date, 18)
    if (friday && end > at) return new Date(end).toISOString()
  }
  throw new Error('a week without a Friday')
}
