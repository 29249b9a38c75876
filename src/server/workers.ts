import type { App } from './context.ts'
import { storeFile } from './files.ts'
import type { Live } from './live.ts'
import { type Ports, startOutbox } from './outbox.ts'
import { startSchedules } from './schedules.ts'
import { startIndexer } from './search/indexer.ts'
import { startSheets } from './sheets/worker.ts'
import { startTimers } from './timers.ts'

/**
 * Everything that works by itself on this node: the outbox, the clocks, the schedules, the search index, sheets. Each looks
 * when it is told of a change and now and then by itself; any number of nodes may do so on one database.
 *
 * @returns what ends them
 */
export async function startWorkers(app: App, live: Live, world: Omit<Ports, 'storePrint'>):
  Promise<() => Promise<void>> {
  const ports: Ports = { ...world, storePrint: async (ctx, print) => (await storeFile(app, ctx.company.id, print)).id }
  const outbox = startOutbox(app, ports)
  const timers = startTimers(app)
  const schedules = startSchedules(app)
  const indexer = startIndexer(app)
  const sheets = startSheets(app)
  app.sheetWaits = () => sheets.wake()
  const unfollow = live.follow((change) => {
    // «Send again» moves a row of the outbox that is older than the event.
    if (change.effects || change.process === 'undelivered') outbox.wake()
    if (change.strike !== null) timers.wake(change.strike)
    indexer.wake()
  })
  return async () => {
    unfollow()
    await Promise.all([outbox.stop(), timers.stop(), schedules.stop(), indexer.stop(), sheets.stop()])
    world.mail?.close()
  }
}
