/**
 * `npm run -s bench -- --json`: how fast, each beside its limit. An array of rows
 * {op, database, concurrency, cases, per_second, p50_ms, p95_ms, p99_ms, limit_per_second, ratio}; bench/README.md
 * says how to read it. `--cases N` (how many lie there already, default 1000; several with commas), `--database NAME`
 * and `--only reads` or `writes` or `people` choose; `--op list`: the pages whose name begins so.
 */
import { parseArgs } from 'node:util'
import { testDatabases } from '../test/databases.ts'
import { openHttp } from './http.ts'
import type { BenchRow, Report } from './measure.ts'
import { type PeopleRow, benchPeople } from './people.ts'
import { benchReads } from './reads.ts'
import { openStage } from './stage.ts'
import { benchWrites } from './writes.ts'

const { values: options } = parseArgs({ options: { json: { type: 'boolean' }, cases: { type: 'string', default: '1000' },
  database: { type: 'string' }, only: { type: 'string' }, op: { type: 'string', default: '' } } })
const asked = (part: string) => options.only === undefined || options.only === part

const rows: (BenchRow | PeopleRow)[] = []
const say = (line: string) => { if (!options.json) process.stdout.write(`${line}\n`) }

const reportFor = (database: string, cases: number): Report => (op, concurrency, measured, limit) => {
  const ratio = limit ? Math.round((measured.per_second / limit.per_second) * 100) / 100 : null
  rows.push({ op, database, concurrency, cases, ...measured, limit_per_second: limit?.per_second ?? null, ratio })
  say(`${database} ${cases} ${op} ×${concurrency}: ${measured.per_second}/s p50 ${measured.p50_ms} p95 ${measured.p95_ms} ms`
    + (limit ? `, ${Math.round(ratio! * 100)} % of ${limit.per_second}/s` : ''))
}

for (const kind of testDatabases().filter(({ name }) => !options.database || name === options.database)) {
  for (const cases of options.cases.split(',').map(Number)) {
    const began = performance.now()
    const stage = await openStage(kind, cases)
    say(`${kind.name}: ${cases} cases lie there after ${Math.round((performance.now() - began) / 1000)} s`)
    const http = await openHttp(stage.database.app)
    const report = reportFor(kind.name, cases)
    try {
      if (asked('reads')) await benchReads(stage, http, report, (op) => op.startsWith(options.op))
      if (asked('writes')) await benchWrites(stage, http, report)
      if (asked('people')) {
        for (const row of await benchPeople(stage)) {
          rows.push(row)
          say(JSON.stringify(row))
        }
      }
    } finally {
      http.close()
      await stage.close()
    }
  }
}
if (options.json) process.stdout.write(`${JSON.stringify(rows, null, 1)}\n`)
process.exit(0)
