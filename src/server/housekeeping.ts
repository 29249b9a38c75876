import type { App } from './context.ts'
import { sweepFiles } from './files.ts'
import { sweepRefused } from './refused.ts'
import { sweepSheets } from './sheets/worker.ts'

const everyMs = 3_600_000
const firstMs = 60_000
const turnsMost = 50

/** Once an hour: files that nobody claimed, bytes that nobody needs, rows of old sheets, old refusals. @returns what ends it */
export function startHousekeeping(app: App): () => Promise<void> {
  let working: Promise<void> = Promise.resolve()
  let ended = false
  const turn = async () => {
    try {
      for (let turns = 0; turns < turnsMost && !ended && await sweepFiles(app) > 0; turns += 1);
      await sweepSheets(app)
    } catch (error) {
      app.log.warn({ error: (error as Error).message }, 'files or sheets could not be swept')
    }
    await sweepRefused(app).catch((error: Error) => app.log.warn({ error: error.message }, 'refusals could not be swept'))
  }
  const timers = [setTimeout(() => { working = turn() }, firstMs), setInterval(() => { working = turn() }, everyMs)]
  return async () => {
    ended = true
    for (const timer of timers) clearTimeout(timer)
    await working
  }
}
