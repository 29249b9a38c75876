import type { App } from './context.ts'
import { type Database, isConnectionLost } from './db.ts'
import { type Embedded, startEmbedded } from './embedded.ts'

const everyMs = 3_000

/**
 * Looks now and then whether the embedded PostgreSQL is still there, and starts it again when it died under the running
 * program: recovery is its own business, ours is only to begin it. @returns what ends the looking
 */
export function keepEmbedded(dataDir: string, db: Database, log: App['log']): () => Promise<void> {
  const again: Embedded[] = []
  let looking: Promise<void> = Promise.resolve()
  const look = async () => {
    try {
      await db.door({ text: 'select 1' })
    } catch (error) {
      if (!isConnectionLost(error)) return
      log.error({ error: (error as Error).message }, 'the embedded database is gone; starting it again')
      await startEmbedded({ dataDir }).then((embedded) => { again.push(embedded) }, (failure: unknown) =>
        log.error({ error: (failure as Error).message }, 'the embedded database does not start'))
    }
  }
  const timer = setInterval(() => { looking = looking.then(look) }, everyMs)
  return async () => {
    clearInterval(timer)
    await looking
    for (const embedded of again) await embedded.release()
  }
}
