/** The server under load, in a process of its own: told where its database is, answers with its port. */
import { authenticate } from '../src/server/auth/authenticate.ts'
import type { App } from '../src/server/context.ts'
import { openDatabase } from '../src/server/db.ts'
import { buildServer } from '../src/server/http.ts'
import { accountRoutes } from '../src/server/routes/accounts.ts'
import { listRoutes } from '../src/server/routes/lists.ts'
import { recordRoutes } from '../src/server/routes/records.ts'
import { house, silent } from './stage.ts'

process.on('message', (config: object) => {
  void (async () => {
    const app: App = { db: openDatabase(config, { most: 32 }), house, clock: () => Date.now(), changed: () => {},
      log: silent }
    const server = await buildServer(app, { authenticate, routes: [accountRoutes, listRoutes, recordRoutes] })
    await server.listen({ port: 0, host: '127.0.0.1' })
    const address = server.server.address()
    process.send!({ port: typeof address === 'object' && address ? address.port : 0 })
  })()
})
process.on('disconnect', () => process.exit(0))
