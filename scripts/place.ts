import { join } from 'node:path'
import type { ClientConfig } from 'pg'
import { roles } from '../src/engine/roles.ts'
import { processes } from '../src/processes/index.ts'
import { profiles } from '../src/regulations/index.ts'
import { type Installed, type NewCompany, installCompany } from '../src/server/auth/install.ts'
import { makeKey } from '../src/server/auth/keys.ts'
import type { readConfig } from '../src/server/config.ts'
import type { App } from '../src/server/context.ts'
import { openDatabase } from '../src/server/db.ts'
import { startEmbedded } from '../src/server/embedded.ts'
import { migrate } from '../src/server/migrate.ts'
import { nouns } from '../src/server/records/index.ts'
import { wordsOf } from '../src/words/index.ts'

/** The operator's way to the database, while the server runs or not. */
export type Place = { owner: ClientConfig; app: App; release(): Promise<void> }

/** @throws Error with one clear sentence when the owner's way in is not known */
export async function openPlace(config: ReturnType<typeof readConfig>): Promise<Place> {
  const embedded = config.databaseUrl === null ? await startEmbedded({ dataDir: config.dataDir }) : null
  if (!embedded && config.databaseOwnerUrl === null) throw new Error('DATABASE_OWNER_URL is not set')
  const owner = embedded?.owner ?? { connectionString: config.databaseOwnerUrl! }
  if (embedded) await migrate(owner, join(import.meta.dirname, '..', 'migrations'))
  const db = openDatabase(embedded?.app ?? { connectionString: config.databaseUrl! }, { most: 2 })
  const quiet = () => {}
  return {
    owner,
    app: { db, house: { processes, nouns, profiles }, clock: () => Date.now(), changed: quiet,
      log: { info: quiet, warn: quiet, error: quiet } },
    async release() {
      await db.close()
      await embedded?.release()
    },
  }
}

const keyDays = 30

/** A company in import mode, and the key with which its history is brought in: it works for thirty days. */
export async function makeImporting({ owner, app }: Place, wanted: NewCompany
  & { administrator: { name: string; login: string } }): Promise<Installed & { key: string }> {
  const made = await installCompany(owner, app, { ...wanted, importing: true })
  const ctx = { app, company: made.company, now: app.clock(), via: 'api' as const, words: wordsOf('zh'),
    actor: { kind: 'member' as const, id: made.administrator, name: '', roles: ['administrator' as const] } }
  const key = await makeKey(ctx, { name: '导入历史数据', roles: Object.keys(roles), importer: true, days: keyDays })
  return { ...made, key: key.secret }
}
