import pg, { type ClientConfig } from 'pg'
import { readConfig } from '../src/server/config.ts'
import { APP_ROLE } from '../src/server/database-roles.ts'
import { startEmbedded } from '../src/server/embedded.ts'
import { fileStoreOf } from '../src/server/ports/file-place.ts'
import type { FileStore } from '../src/server/ports/file-store.ts'

/** The database and the files that the environment names, with the owner's way in. */
export type Place = { owner: ClientConfig; serving: ClientConfig; app: string; store: FileStore; close(): Promise<void> }

/** @throws one sentence when the owner's login of a PostgreSQL of yours is not told */
export async function openPlace(env: NodeJS.ProcessEnv): Promise<Place> {
  const config = readConfig(env)
  const store = fileStoreOf(config, () => Date.now())
  if (config.databaseUrl === null) {
    const embedded = await startEmbedded({ dataDir: config.dataDir })
    return { owner: embedded.owner, serving: embedded.app, app: APP_ROLE, store, close: () => embedded.release() }
  }
  if (config.databaseOwnerUrl === null) {
    throw new Error('DATABASE_OWNER_URL is not set: only the owner sees all companies.')
  }
  const serving = { connectionString: config.databaseUrl }
  return { owner: { connectionString: config.databaseOwnerUrl }, serving,
    app: new pg.Client(serving).user ?? APP_ROLE, store, close: async () => {} }
}
