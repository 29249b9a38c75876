/**
 * `npm run doctor`: looks a whole database over and says what is not as it should be: chains, heads, numbers, clocks,
 * stock, policies, sums of reports. Reads only. Ends with 1 when something was found. With `--rebuild-flow` the sums of
 * the process report are thrown away first, of every company, and made again by the server from the events.
 */
import { withClient } from '../src/server/database-roles.ts'
import { type Finding, clocksOfAll, examine, examineNouns } from '../src/server/doctor.ts'
import { openDatabase } from '../src/server/db.ts'
import { flowOfAll, rebuildFlow } from '../src/server/reports/flow-check.ts'
import { nouns } from '../src/server/records/index.ts'
import { processes } from '../src/processes/index.ts'
import { profiles } from '../src/regulations/index.ts'
import { openPlace } from './database-place.ts'

const say = (finding: Finding) => {
  process.stdout.write(`${finding.found === 0 ? 'ok  ' : 'BAD '} ${finding.check}${finding.found === 0 ? ''
    : `: ${finding.found}${finding.found >= 1000 ? '+' : ''}, e.g. ${finding.examples.join('; ')}`}\n`)
  if (finding.found > 0) process.exitCode = 1
}

const place = await openPlace(process.env).catch((error: Error): never => {
  process.stderr.write(`${error.message}\n`)
  process.exit(2)
})
const db = openDatabase(place.serving)
try {
  await withClient(place.owner, async (client) => {
    for (const finding of await examine(client)) say(finding)
    const tables = Object.fromEntries(Object.entries(nouns).map(([process, { table }]) => [process, table]))
    for (const finding of await examineNouns(client, tables)) say(finding)
    const silent = { info() {}, warn() {}, error() {} }
    const app = { db, house: { processes, nouns, profiles }, clock: () => Date.now(), changed: () => {}, log: silent }
    say(await clocksOfAll(client, app))
    if (process.argv.includes('--rebuild-flow')) {
      const { rows } = await client.query<{ id: number }>('select company_id as id from company')
      for (const { id } of rows) await rebuildFlow(app, id)
    }
    say(await flowOfAll(client, app))
  })
} finally {
  await db.close()
  await place.close()
}
