/**
 * `npm run -s bench:logs`: two public event logs told to a server of its own through the HTTP API, and what its reports say
 * compared with figures that others counted. The logs lie beside the project or where GONGDAN_REAL_DATA says; without them
 * it says so. Ends with 1 when a figure differs.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { httpApi } from '../scripts/replay/api.ts'
import { drive } from '../scripts/replay/drive.ts'
import { readLog, xesNames } from '../scripts/replay/event-log.ts'
import type { Mapping } from '../scripts/replay/mapping.ts'
import { type Reports, printReports, readReports } from '../scripts/replay/read-back.ts'
import { root } from '../scripts/sources.ts'
import { authenticate } from '../src/server/auth/authenticate.ts'
import { makeKey } from '../src/server/auth/keys.ts'
import { readConfig } from '../src/server/config.ts'
import { withClient } from '../src/server/database-roles.ts'
import { roles } from '../src/engine/roles.ts'
import { buildServer } from '../src/server/http.ts'
import { apiRoutes } from '../src/server/routes/index.ts'
import { testDatabases } from '../test/databases.ts'
import { realData } from '../test/real-data.ts'
import { openStage } from './stage.ts'

type Known = { what: string; is: (reports: Reports) => number | undefined; known: number }
const activity = (name: string) => ({ activities }: Reports) =>
  activities.activities.find((one) => one.activity === name)
const times = (list: number, n: number) => (reports: Reports) =>
  reports.times[list]?.cases.find((one) => one.times === n)?.cases
const hours = (ms: number | null) => Math.round((ms ?? 0) / 3_600) / 1_000
const days = (ms: number | null) => Math.round((ms ?? 0) / 8_640) / 10_000

const logs: readonly { log: readonly string[]; map: string; known: readonly Known[] }[] = [
  { log: ['repair-telephone', 'repairExample.xes.gz'], map: 'repair-telephone.json', known: [
    { what: 'cases', is: ({ activities }) => activities.cases, known: 1_104 },
    { what: 'events', is: ({ activities }) => activities.events, known: 11_855 },
    { what: 'cases repaired more than once', is: ({ activities }) => activities.repeating_cases, known: 293 },
    ...[1, 810, 182, 109, 2].map((known, n) => ({ what: `cases repaired ${n} times`, is: times(0, n), known })),
    { what: 'cases archived', is: times(1, 1), known: 1_000 },
    { what: 'cases not archived', is: times(1, 0), known: 104 },
    { what: 'Restart Repair', is: (reports) => activity('Restart Repair')(reports)?.completes, known: 406 },
    { what: 'median cycle, h', is: ({ activities }) => hours(activities.cycle.median_ms), known: 1.025 },
    ...Object.entries({ 'Analyze Defect': 8_357, 'Repair (Complex)': 16_688, 'Repair (Simple)': 7_852, 'Test Repair': 11_294 })
      .map(([name, known]) => ({ what: `service minutes of ${name}`, known,
        is: (reports: Reports) => activity(name)(reports)?.service_minutes ?? undefined })),
    { what: 'starts without an end', known: 1,
      is: ({ activities }) => activities.activities.reduce((sum, { unfinished }) => sum + unfinished, 0) },
  ] },
  { log: ['helpdesk-it', 'helpdesk.xes.gz'], map: 'helpdesk.json', known: [
    { what: 'cases', is: ({ activities }) => activities.cases, known: 4_580 },
    { what: 'events', is: ({ activities }) => activities.events, known: 21_348 },
    { what: 'median cycle, days', is: ({ activities }) => days(activities.cycle.median_ms), known: 39.8592 },
    { what: 'mean cycle, days', is: ({ activities }) => days(activities.cycle.mean_ms), known: 40.8584 },
    { what: 'cases that repeat an activity', is: ({ activities }) => activities.repeating_cases, known: 1_240 },
    { what: 'pairs', is: ({ activities }) => activities.pairs.length, known: 55 },
    { what: 'Resolve ticket > Closed', known: 4_558, is: ({ activities }) =>
      activities.pairs.find(({ first, second }) => first === 'Resolve ticket' && second === 'Closed')?.n },
    { what: 'cases on the main path', is: ({ activities }) => activities.variants.shown[0]?.n, known: 2_366 },
    { what: 'cases never closed', is: times(0, 0), known: 21 },
    { what: 'cases closed twice or more', known: 15,
      is: (reports) => reports.times[0]?.cases.filter((one) => one.times > 1).reduce((sum, { cases }) => sum + cases, 0) },
    { what: 'cases with another activity after the first Closed', known: 3,
      is: (reports) => reports.times[0]?.cases_with_others_after },
  ] },
]

for (const { log, map, known } of logs) {
  const file = realData(...log)
  if (file === null) {
    console.log(`${log.join('/')}: not looked at, the folder with public data is not here`)
    continue
  }
  const mapping = JSON.parse(readFileSync(join(root, 'scripts', 'replay', 'maps', map), 'utf8')) as Mapping
  const stage = await openStage(testDatabases()[0]!)
  await withClient(stage.database.owner, (client) => client.query('update company set importing = true'))
  const key = await makeKey(stage.ctx(), { name: 'bench', roles: Object.keys(roles), importer: true, days: 1 })
  const server = await buildServer(stage.app, { authenticate, routes: apiRoutes(readConfig({})) })
  const url = await server.listen({ port: 0, host: '127.0.0.1' })
  const api = httpApi(url, key.secret)
  const began = performance.now()
  const driven = await drive(api, mapping, readLog(file, xesNames), xesNames)
  const reports = await readReports(api, mapping)
  printReports({ seconds: (performance.now() - began) / 1000, driven, reports })
  for (const one of known) {
    const is = one.is(reports)
    console.log(`${is === one.known ? 'equal ' : 'DIFFERS'} ${one.what}: ${is} (${one.known})`)
    if (is !== one.known) process.exitCode = 1
  }
  await server.close()
  await stage.close()
}
