/**
 * Companies and ways back in, for the operator:
 *
 *   npm run company -- new --slug acme --name 公司名称 --profile s4 --person 姓名 --login wang
 *   npm run company -- new … --importing
 *   npm run company -- open --login wang
 *
 * `new` makes a company and its first administrator; `open` lets an account in whose password is lost. Both print a
 * link that works once, for seven days. `--importing`: the company begins in import mode (docs/migrating.md), and the key
 * with which its history is brought in is printed, once. Works on DATABASE_URL with DATABASE_OWNER_URL, or on the embedded database,
 * also while the server runs. Ends with 1 and one clear sentence when something is wrong.
 */
import { parseArgs } from 'node:util'
import { type Installed, installCompany, makeSetupLink } from '../src/server/auth/install.ts'
import { publicAddress, readConfig } from '../src/server/config.ts'
import { withClient } from '../src/server/database-roles.ts'
import { type Place, makeImporting, openPlace } from './place.ts'

const { values, positionals } = parseArgs({ allowPositionals: true, options: {
  slug: { type: 'string' }, name: { type: 'string' }, profile: { type: 'string' }, person: { type: 'string' },
  login: { type: 'string' }, 'time-zone': { type: 'string' }, importing: { type: 'boolean' } } })

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

async function makeCompany(place: Place): Promise<string> {
  const company = { slug: wanted('slug'), name: wanted('name'), profile: wanted('profile'),
    ...(values['time-zone'] && { time_zone: values['time-zone'] }),
    administrator: { name: wanted('person'), login: wanted('login') } }
  const made: Installed & { key?: string } = values.importing ? await makeImporting(place, company)
    : await installCompany(place.owner, place.app, company)
  console.log(`Company ${made.company.slug} (${made.company.name}); its administrator signs in as ${values.login}.`)
  if (made.key !== undefined) console.log(`Key that brings history in, for thirty days, shown once: ${made.key}`)
  return made.setup_secret
}
