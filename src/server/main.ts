import { join } from 'node:path'
import { readConfig } from './config.ts'
import { isConnectionLost } from './db.ts'
import { startNode } from './node.ts'

const say = (line: string) => { process.stdout.write(`${line}\n`) }

/** The program itself: reads the environment and the clock, starts a node, and ends it when asked to. */
async function main(): Promise<void> {
  const config = readConfig(process.env)
  const node = await startNode(config, { clock: () => Date.now(), say,
    root: join(import.meta.dirname, '..', '..') })
  let ending = false
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // A second signal does not wait any longer.
      if (ending) process.exit(130)
      ending = true
      void node.end().then(() => process.exit(0), () => process.exit(1))
    })
  }
}

// A connection that breaks under several statements at once may leave one that nobody waits for any more.
process.on('unhandledRejection', (reason) => {
  if (isConnectionLost(reason)) return
  process.stderr.write(`${reason instanceof Error ? reason.stack : String(reason)}\n`)
  process.exit(1)
})

main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exit(1)
})
