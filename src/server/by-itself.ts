import { createHash } from 'node:crypto'
import { wordsOf } from '../words/index.ts'
import { type App, type Company, type Ctx, system } from './context.ts'
import { type Reader, sql } from './db.ts'

/** What everything that happens by itself shares: whose company it is, derived ids, and a loop that sleeps. */

const companyRow = sql`select company_id as id, slug, name, time_zone from company`.named('company_row')

/** The company that a transaction has named. */
export async function companyIn(reader: Reader): Promise<Company> {
  const [row] = await reader.query<Company>(companyRow)
  if (!row) throw new Error('the transaction names no company')
  return row
}

/** The machine as somebody who acts, on behalf of whoever caused it. */
export const machine = (app: App, company: Company, on_behalf_of: string | null = null): Ctx =>
  ({ app, company, actor: system(on_behalf_of), now: app.clock(), via: 'timer', words: wordsOf('zh') })

/**
 * An id that follows from a key, so that a repeated attempt comes to the same one. Ordered by time as UUIDv7 are.
 *
 * @param at  instant, ms, that is the same at each attempt
 */
export function idFrom(key: string, at: number): string {
  const bytes = createHash('sha256').update(key).digest().subarray(0, 16)
  bytes.writeUIntBE(at, 0, 6)
  bytes[6] = 0x70 | (bytes[6]! & 0x0f)
  bytes[8] = 0x80 | (bytes[8]! & 0x3f)
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

export type Loop = {
  /** Work now, or at an instant (ms of the app's clock) if that is sooner than planned. */
  wake(at?: number): void
  /** No new turn; waits for the one under way. */
  stop(): Promise<void>
}

const restMost = 2_147_000_000
const afterFailureMs = 1_000
const afterFailureMost = 30_000

/**
 * A worker: takes a turn, sleeps as long as the turn says, or until it is woken. A turn that throws is told to the log
 * and taken again, later and later.
 *
 * @param turn  answers how long to rest, ms; 0: go on at once
 */
export function startLoop(app: App, name: string, turn: () => Promise<number>): Loop {
  let timer: NodeJS.Timeout | null = null
  let planned = Infinity
  let running: Promise<void> | null = null
  let again = false
  let stopped = false
  let failures = 0
  // Plans are compared by the time that passes, not by the clock on the wall: that may be set while one waits.
  const plan = (rest: number) => {
    const wait = Math.min(Math.max(rest, 0), restMost)
    const at = performance.now() + wait
    if (stopped || at >= planned) return
    if (timer) clearTimeout(timer)
    planned = at
    timer = setTimeout(go, wait)
  }
  const go = () => {
    timer = null
    planned = Infinity
    if (running) {
      again = true
      return
    }
    again = false
    running = takeTurn().finally(() => { running = null })
    void running.then(() => { if (again) plan(0) })
  }
  const takeTurn = async () => {
    try {
      const rest = await turn()
      failures = 0
      plan(rest)
    } catch (error) {
      failures += 1
      const rest = Math.min(afterFailureMs * 2 ** (failures - 1), afterFailureMost)
      if (!stopped) app.log.warn({ worker: name, error: (error as Error).message, rest_ms: rest }, 'a turn failed')
      plan(rest)
    }
  }
  plan(0)
  return {
    wake: (at) => plan(at === undefined ? 0 : at - app.clock()),
    async stop() {
      stopped = true
      if (timer) clearTimeout(timer)
      await running
    },
  }
}

/** Runs `body` over all of `list`, at most `width` at a time, begun in order. Waits for all; throws the first error. */
export async function abreast<T>(width: number, list: readonly T[], body: (one: T) => Promise<void>): Promise<void> {
  const rest = list.values()
  const lane = async () => { for (const one of rest) await body(one) }
  const ends = await Promise.allSettled(Array.from({ length: Math.min(width, list.length) }, lane))
  const failed = ends.find((end) => end.status === 'rejected')
  if (failed) throw failed.reason
}
