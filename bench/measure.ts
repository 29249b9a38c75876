/** One row of the bench. Rates a second; times in ms; `ratio` is this rate to its limit's. */
export type BenchRow = { op: string; database: string; concurrency: number; cases: number; per_second: number
  p50_ms: number; p95_ms: number; p99_ms: number; limit_per_second: number | null; ratio: number | null }

/** How many at a time. */
export const concurrencies = [1, 8, 32] as const

/** Takes one figure, with the limit it stands beside. */
export type Report = (op: string, concurrency: number, measured: Measured, limit?: Measured) => void

export type Measured = Pick<BenchRow, 'per_second' | 'p50_ms' | 'p95_ms' | 'p99_ms'>

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!

const round = (value: number): number => Math.round(value * 100) / 100

/** Does each piece of work once, so many at a time. */
export async function measure<T>(work: readonly T[], concurrency: number, body: (piece: T) => Promise<unknown>):
  Promise<Measured> {
  const times: number[] = []
  let next = 0
  const began = performance.now()
  await Promise.all(Array.from({ length: concurrency }, async () => {
    while (next < work.length) {
      const piece = work[next]!
      next += 1
      const start = performance.now()
      await body(piece)
      times.push(performance.now() - start)
    }
  }))
  return { ...summary(times), per_second: Math.round(work.length / ((performance.now() - began) / 1000)) }
}

/** Quantiles of times in ms; `per_second` as if they had come one after the other. */
export function summary(times: readonly number[]): Measured {
  const sorted = times.toSorted((a, b) => a - b)
  const sum = sorted.reduce((total, time) => total + time, 0)
  return { per_second: Math.round(sorted.length / (sum / 1000)), p50_ms: round(at(sorted, 0.5)), p95_ms: round(at(sorted, 0.95)),
    p99_ms: round(at(sorted, 0.99)) }
}
