/**
 * npm run rules:mutate -- S4 [S4-112 …] [--changed]
 *
 * Strips one rule at a time from the processes and profiles, runs the tests that name it, and says which rules'
 * tests stay green: those show nothing. What goes red is kept in test/rules-confirmed.json with a fingerprint of the
 * rule's elements and tests; --changed runs only rules without a fresh one. Ends with 1 when a rule survives.
 */
import { writeFileSync } from 'node:fs'
import { processes } from '../src/processes/index.ts'
import { profiles } from '../src/regulations/index.ts'
import { mutate, openTestRunner } from './mutate.ts'
import { type RuleLine, allTaggedTests, confirmedFile, fingerprint, isEnforced, readConfirmed, ruleBook }
  from './rule-book.ts'

const carriers = { processes, profiles }
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--')).map((word) => word.toUpperCase())
const onlyChanged = process.argv.includes('--changed')
const before = readConfirmed()
const lines = ruleBook(carriers, allTaggedTests(), before)

const asked = ({ regulation, rule }: RuleLine) =>
  wanted.length === 0 || wanted.includes(regulation) || wanted.includes(rule.id)
const fresh = (line: RuleLine) => before[line.rule.id] === fingerprint(line, carriers)

const carried = lines.filter((line) => asked(line) && isEnforced(line))
const untested = carried.filter(({ tests }) => tests.length === 0)
const todo = carried.filter((line) => line.tests.length > 0 && !(onlyChanged && fresh(line)))

const runner = await openTestRunner()
const verdicts = await mutate(todo, runner.run, ({ id, verdict, tests }) =>
  console.log(`${id}  ${verdict.padEnd(9)} ${tests} test(s)`)).finally(() => runner.close())

// Read again: another run may have ended meanwhile.
const confirmed = readConfirmed()
for (const line of lines) if (asked(line) && !isEnforced(line)) delete confirmed[line.rule.id]
for (const { id, verdict } of verdicts) {
  if (verdict === 'killed') confirmed[id] = fingerprint(lines.find(({ rule }) => rule.id === id)!, carriers)
  else delete confirmed[id]
}
const sorted = Object.fromEntries(Object.entries(confirmed).sort(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync(confirmedFile, `${JSON.stringify(sorted, null, 2)}\n`)

const bad = verdicts.filter(({ verdict }) => verdict !== 'killed')
const killed = verdicts.length - bad.length
console.log(`${carried.length} carried, ${todo.length} run, ${killed} confirmed, ${bad.length} not`)
if (untested.length > 0) console.log(`no test names ${untested.map(({ rule }) => rule.id).join(' ')}`)
process.exitCode = bad.length > 0 ? 1 : 0
