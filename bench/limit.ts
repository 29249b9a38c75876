import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { uuidv7 } from 'uuidv7'
import type { Database, Statement } from '../src/server/db.ts'

/** The statements of one real act, in the trips in which they were sent. */
export type Captured = { trips: readonly (readonly Statement[])[] }

/** Watches one act. Statements sent in the same turn of the event loop travelled together. */
export async function capture(db: Database, act: () => Promise<unknown>): Promise<Captured> {
  const trips: Statement[][] = []
  let turn = 0
  let lastTurn = -1
  const tick = () => {
    turn += 1
    timer = setImmediate(tick)
  }
  let timer = setImmediate(tick)
  const stop = db.watch((statement) => {
    if (turn !== lastTurn) trips.push([])
    lastTurn = turn
    trips.at(-1)!.push(statement)
  })
  try {
    await act()
  } finally {
    stop()
    clearImmediate(timer)
  }
  return { trips }
}

/** Connections for replays, as the server has them. */
export const limitPool = (config: pg.ClientConfig): pg.Pool => new pg.Pool({ ...config, max: 32, pipeline: true } as pg.PoolConfig)

/** What must differ in each replay: the record, and the key of the request. */
export type Swap = { record: string | null }

/**
 * Replays captured statements, prepared and bare: no engine, no facts, no decision. The rate of this is what the
 * database and the round trips allow.
 */
export class Limit {
  readonly #pool: pg.Pool
  readonly #captured: Captured
  readonly #record: string

  /** @param record the id that the captured act was about (of a creation: the new id); '' of what changes nothing */
  constructor(pool: pg.Pool, captured: Captured, record: string) {
    this.#pool = pool
    this.#captured = captured
    this.#record = record
  }

  async replay({ record }: Swap): Promise<void> {
    const client = await this.#pool.connect()
    const id = record ?? uuidv7()
    const key = randomBytes(32)
    let keys = 0
    const value = (one: unknown): unknown => {
      if (one === this.#record) return id
      // The request's key is the first of the two hashes wherever they stand.
      if (Buffer.isBuffer(one)) return (keys += 1) === 1 || one.equals(this.#keySeen ?? one) ? key : one
      return one
    }
    try {
      for (const trip of this.#captured.trips) {
        await Promise.all(trip.map((statement) => client.query({ ...statement,
          values: statement.values?.map(value) } as pg.QueryConfig)))
      }
    } finally {
      client.release()
    }
  }

  /** One statement alone, in a transaction of its own: the least that any act costs. */
  async one(): Promise<void> {
    await this.#pool.query({ name: 'bench_one', text: 'select set_config($1, $2, true)', values: ['app.company', '1'] })
  }

  get #keySeen(): Buffer | null {
    const named = this.#captured.trips.flat().find(({ name }) => name === 'replay')
    return (named?.values?.[1] as Buffer | undefined) ?? null
  }
}
