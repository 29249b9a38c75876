import { useEffect, useRef } from 'react'
import type { QuoteLine } from './quote-data.ts'

const takers = new Set<(line: QuoteLine) => void>()

/** A line that was found beside the price is brought into it. */
export function bring(line: QuoteLine): void {
  for (const take of takers) take(line)
}

/** Takes lines that are brought while the form of the price is open. */
export function useBrought(take: (line: QuoteLine) => void): void {
  const current = useRef(take)
  useEffect(() => { current.current = take })
  useEffect(() => {
    const tell = (line: QuoteLine) => current.current(line)
    takers.add(tell)
    return () => { takers.delete(tell) }
  }, [])
}
