const dayMs = 86_400_000

const near: Readonly<Record<string, number>> = { 今天: 0, 今: 0, today: 0, 明天: 1, 明: 1, tomorrow: 1, 后天: 2, 昨天: -1, yesterday: -1 }
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** '2026-12-05', or null where there is no such day. */
function dayIn(year: number, month: number, day: number): string | null {
  const at = new Date(Date.UTC(year, month - 1, day))
  return at.getUTCMonth() === month - 1 && at.getUTCDate() === day && at.getUTCFullYear() === year ? at.toISOString().slice(0, 10) : null
}

/** Without a year it is the nearest such day: 12-30 said in January was last year, 1-5 said in December is to come. */
function nearest(month: number, day: number, today: string): string | null {
  const year = Number(today.slice(0, 4))
  const apart = (one: string) => Math.abs(Date.parse(one) - Date.parse(today))
  return [year, year - 1, year + 1].map((one) => dayIn(one, month, day)).filter((one) => one !== null)
    .toSorted((one, other) => apart(one) - apart(other))[0] ?? null
}

/**
 * A day as it is typed: 12-5, 12/5, 12.5, 12月5日, 1205, 2026-12-5, 20261205, 5 Dec 2026, 今天, 明天, +7 (days from now);
 * a day of the week beside it is passed over. Null where it is none, or not yet.
 *
 * @param today '2026-11-28'
 */
export function dayTyped(text: string, today: string): string | null {
  const said = text.trim().toLowerCase().replace(/\s*(周|星期).$/, '')
  const away = near[said] ?? (/^\+\d{1,3}$/.test(said) ? Number(said) : undefined)
  if (away !== undefined) return new Date(Date.parse(today) + away * dayMs).toISOString().slice(0, 10)
  const english = /^(?:[a-z]{3,9},? )?(\d{1,2}) ([a-z]{3})[a-z]*(?: (\d{4}))?$/.exec(said)
  if (english) {
    const month = months.indexOf(english[2]!) + 1
    return english[3] ? dayIn(Number(english[3]), month, Number(english[1])) : nearest(month, Number(english[1]), today)
  }
  const run = /^(\d{4})?(\d{2})(\d{2})$/.exec(said)
  const [year, month, day] = (run ?? /^(?:(\d{4}|\d{2})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?$/.exec(said) ?? []).slice(1)
  if (month === undefined) return null
  if (year === undefined) return nearest(Number(month), Number(day), today)
  return dayIn(year.length === 2 ? 2000 + Number(year) : Number(year), Number(month), Number(day))
}
