/**
 * Companies and ways back in, for the operator:
 *
 *   npm run company -- new --slug acme --name 公司名称 --profile s4 --person 姓名 --login wang
 *   npm run company -- open --login wang
 *
 * `new` makes a company and its first administrator; `open` lets an account in whose password is lost. Both print a
 * link that works once, for seven days. Works on DATABASE_URL with DATABASE_OWNER_URL, or on the embedded database,
 * also while the server runs. Ends with 1 and one clear sentence when something is wrong.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { ClientConfig } from 'pg'
import { processes } from '../src/processes/index.ts'
import { profiles } from '../src/regulations/index.ts'
import { installCompany, makeSetupLink } from '../src/server/auth/install.ts'
import { publicAddress, readConfig } from '../src/server/config.ts'
import type { App } from '../src/server/context.ts'
import { withClient } from '../src/server/database-roles.ts'
import { openDatabase } from '../src/server/db.ts'
import { startEmbedded } from '../src/server/embedded.ts'
import { migrate } from '../src/server/migrate.ts'
import { nouns } from '../src/server/records/index.ts'

const { values, positionals } = parseArgs({ allowPositionals: true, options: {
  slug: { type: 'string' }, name: { type: 'string' }, profile: { type: 'string' }, person: { type: 'string' },
  login: { type: 'string' }, 'time-zone': { type: 'string' } } })

try {
  await main()
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}

async function main(): Promise<void> {
  const config = readConfig(process.env)
  const [what] = positionals
  if (what !== 'new' && what !== 'open') throw new Error('Say what to do: new or open')
  const place = await openPlace(config)
  try {
    const secret = what === 'new' ? await makeCompany(place)
      : await withClient(place.owner, (client) => makeSetupLink(client, wanted('login'), Date.now()))
    console.log(`Open once, within seven days: ${publicAddress(config, config.port)}/setup#${secret}`)
  } finally {
    await place.release()
  }
}

function wanted(name: 'slug' | 'name' | 'profile' | 'person' | 'login'): string {
  const value = values[name]
  if (!value) throw new Error(`--${name} is missing`)
  return value
}

type Place = { owner: ClientConfig; app: App; release(): Promise<void> }

async function openPlace(config: ReturnType<typeof readConfig>): Promise<Place> {
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

async function makeCompany({ owner, app }: Place): Promise<string> {
  const made = await installCompany(owner, app, { slug: wanted('slug'), name: wanted('name'),
    profile: wanted('profile'), ...(values['time-zone'] && { time_zone: values['time-zone'] }),
    administrator: { name: wanted('person'), login: wanted('login') } })
  console.log(`Company ${made.company.slug} (${made.company.name}); its administrator signs in as ${values.login}.`)
  return made.setup_secret
}
