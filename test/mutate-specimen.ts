/** Judges the specimen's invented rules as npm run rules:mutate judges ours; prints the verdicts as JSON. */
import { mutate, openTestRunner } from '../scripts/mutate.ts'
import { allTaggedTests, isEnforced, ruleBook } from '../scripts/rule-book.ts'
import { specimenProcesses, specimenProfiles } from './specimen.ts'

const lines = ruleBook({ processes: specimenProcesses, profiles: specimenProfiles }, allTaggedTests(), {})
const runner = await openTestRunner()
const verdicts = await mutate(lines.filter(isEnforced), runner.run, () => {}).finally(() => runner.close())
console.log(`\n${JSON.stringify(Object.fromEntries(verdicts.map(({ id, verdict }) => [id, verdict])))}`)
