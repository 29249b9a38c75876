/**
 * A log of another system, told to a running server as if people had done it (docs/migrating.md):
 *
 *   npm run replay -- LOG.xes.gz --map MAP.json [--url http://127.0.0.1:8080] [--key gdk_… | --slug acme] [--json]
 *
 * With a key it goes into the company of that key; without one a company in import mode is made for it on the
 * operator's database (as `npm run company` does). Prints what the server's own reports say afterwards, and every event
 * that the process refused, with its reason. Ends with 1 when an event could not be kept.
 */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { readConfig } from '../src/server/config.ts'
import { httpApi } from './replay/api.ts'
import { drive } from './replay/drive.ts'
import { readLog, xesNames } from './replay/event-log.ts'
import type { Mapping } from './replay/mapping.ts'
import { printReports, readReports } from './replay/read-back.ts'
import { makeImporting, openPlace } from './place.ts'

const { values, positionals } = parseArgs({ allowPositionals: true, options: { map: { type: 'string' },
  url: { type: 'string' }, key: { type: 'string' }, slug: { type: 'string' }, json: { type: 'boolean' } } })

try {
  await main()
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}

async function main(): Promise<void> {
  const [file] = positionals
  if (file === undefined || values.map === undefined) throw new Error('Say which log, and which mapping: LOG --map MAP.json')
  const config = readConfig(process.env)
  const mapping = JSON.parse(readFileSync(values.map, 'utf8')) as Mapping
  const names = { ...xesNames, ...mapping.log }
  const key = values.key ?? await newCompany(config, values.slug ?? `log-${Date.now().toString(36)}`, basename(file))
  const api = httpApi(values.url ?? `http://127.0.0.1:${config.port}`, key)
  const began = performance.now()
  const driven = await drive(api, mapping, readLog(file, names), names)
  const seconds = (performance.now() - began) / 1000
  const reports = await readReports(api, mapping)
  if (values.json) console.log(JSON.stringify({ seconds, driven, reports }, null, 1))
  else printReports({ seconds, driven, reports })
  if (driven.lost.length > 0) process.exitCode = 1
}

async function newCompany(config: ReturnType<typeof readConfig>, slug: string, log: string): Promise<string> {
  const place = await openPlace(config)
  try {
    const made = await makeImporting(place, { slug, name: `导入 ${log}`.slice(0, 60), profile: 's4',
      administrator: { name: '导入管理员', login: `admin.${slug}` } })
    console.error(`Company ${slug} is made for it; its administrator is admin.${slug} (npm run company -- open --login …)`)
    return made.key
  } finally {
    await place.release()
  }
}
