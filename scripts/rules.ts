/**
 * npm run -s rules            a table of how far each regulation is carried out
 * npm run -s rules -- --json  the same as one line of JSON
 */
import { processes } from '../src/processes/index.ts'
import { profiles } from '../src/regulations/index.ts'
import { type Counts, allTaggedTests, countsOf, readConfirmed, ruleBook } from './rule-book.ts'

const counts = countsOf(ruleBook({ processes, profiles }, allTaggedTests(), readConfirmed()))
console.log(process.argv.includes('--json') ? JSON.stringify(counts) : readable(counts))

function readable(all: Counts): string {
  const row = (name: string, { total, enforced, tested }: { total: number; enforced: number; tested: number }) =>
    `${name.padEnd(8)}${String(total).padStart(7)}${String(enforced).padStart(10)}${String(tested).padStart(8)}`
  const sum = { total: 0, enforced: 0, tested: 0 }
  const lines = [`${'rules'.padEnd(8)}${'total'.padStart(7)}${'enforced'.padStart(10)}${'tested'.padStart(8)}`]
  for (const [name, regulation] of Object.entries(all)) {
    for (const key of ['total', 'enforced', 'tested'] as const) sum[key] += regulation[key]
    lines.push('', row(name, regulation), ...Object.entries(regulation.groups).map(([group, one]) =>
      row(`  ${group}`, one)))
  }
  return [...lines, '', row('all', sum)].join('\n')
}
