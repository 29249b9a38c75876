import { join } from 'node:path'
import { readConfig } from './config.ts'
import { isConnectionLost } from './db.ts'
import { startEmbedded } from './embedded.ts'
import type { RunningNode } from './node.ts'

const say = (line: string) => { process.stdout.write(`${line}\n`) }

let ending = false

/** The program itself: reads the environment and the clock, starts a node, and ends it when asked to, also while it starts. */
async function main(): Promise<void> {
  const config = readConfig(process.env)
  // The database comes up while the rest of the program is still being read.
  const embedded = config.databaseUrl === null ? startEmbedded({ dataDir: config.dataDir }) : undefined
  embedded?.catch(() => { /* told where it is waited for */ })
  const running: { node?: RunningNode } = {}
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // A second signal does not wait any longer.
      if (ending) process.exit(130)
      ending = true
      const ended = running.node ? running.node.end() : Promise.resolve(embedded).then((database) => database?.release())
      void ended.then(() => process.exit(0), () => process.exit(1))
    })
  }
  const { startNode } = await import('./node.ts')
  running.node = await startNode(config, { clock: () => Date.now(), say, root: join(import.meta.dirname, '..', '..'), embedded })
}

// A connection that breaks under several statements at once may leave one that nobody waits for any more.
process.on('unhandledRejection', (reason) => {
  if (isConnectionLost(reason)) return
  process.stderr.write(`${reason instanceof Error ? reason.stack : String(reason)}\n`)
  process.exit(1)
})

main().catch((error: unknown) => {
  // What was asked to end while it started loses its database under its hands.
  if (ending) return
  process.stderr.write(`${(error as Error).message}\n`)
  process.exit(1)
})
