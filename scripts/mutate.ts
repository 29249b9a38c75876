import { relative } from 'node:path'
import { type TestModule, createVitest } from 'vitest/node'
import { type RuleLine } from './rule-book.ts'
import { root } from './sources.ts'
import { patternOf } from './tagged-tests.ts'

/**
 * killed: at least one of the rule's tests goes red when what carries the rule is taken away, and all were green
 * before. survived: they stay green. broken: they were not green to begin with. unseen: no test ran.
 */
export type Verdict = { id: string; verdict: 'killed' | 'survived' | 'broken' | 'unseen'; tests: number }

/** Runs the tests of one rule; `without` the rule's elements, or with everything in place. */
export type RunTests = (line: RuleLine, without: boolean) => Promise<{ passed: number; failed: number }>

/** Judges each rule by running its tests twice: as they are, and with the rule stripped. */
export async function mutate(lines: readonly RuleLine[], run: RunTests, say: (verdict: Verdict) => void):
  Promise<Verdict[]> {
  const verdicts: Verdict[] = []
  for (const line of lines) {
    const whole = await run(line, false)
    const tests = whole.passed + whole.failed
    const stripped = tests === 0 || whole.failed > 0 ? null : await run(line, true)
    const verdict: Verdict = { id: line.rule.id, tests, verdict: tests === 0 ? 'unseen'
      : stripped === null ? 'broken' : stripped.failed > 0 ? 'killed' : 'survived' }
    say(verdict)
    verdicts.push(verdict)
  }
  return verdicts
}

/**
 * One vitest for all rules, so that its databases start once. A rule is named to the workers by an environment
 * variable, which src/processes/stripped.ts reads.
 */
export async function openTestRunner(): Promise<{ run: RunTests; close(): Promise<void> }> {
  const vitest = await createVitest('test', { root, watch: false, run: true, reporters: [quiet], passWithNoTests: true,
    allowOnly: false })
  return {
    async run({ rule, tests }, without) {
      process.env.GONGDAN_WITHOUT_RULE = without ? `${rule.id}:${rule.kind}` : ''
      const files = [...new Set(tests.map(({ file }) => file))]
      vitest.setGlobalTestNamePattern(new RegExp(tests.map(patternOf).join('|')))
      const wanted = (await vitest.globTestSpecifications(files))
        .filter(({ moduleId }) => files.includes(relative(root, moduleId)))
      // A file changed by nobody is run again all the same: its registries are read anew by a new worker.
      const { testModules } = await vitest.runTestSpecifications(wanted, false)
      // A red test is what is hoped for here, not a failure of this program.
      process.exitCode = 0
      // Modules of runs before are still among them, with what they said then.
      return tally(testModules.filter(({ moduleId }) => wanted.some((one) => one.moduleId === moduleId)))
    },
    async close() {
      delete process.env.GONGDAN_WITHOUT_RULE
      await vitest.close()
    },
  }
}

const quiet = {}

function tally(modules: readonly TestModule[]): { passed: number; failed: number } {
  let passed = 0
  let failed = 0
  for (const one of modules) {
    // A file that cannot even be loaded, or a hook that throws, is a failure of each of its tests.
    if (one.errors().length > 0) failed += 1
    for (const suite of one.children.allSuites()) if (suite.errors().length > 0) failed += 1
    for (const test of one.children.allTests()) {
      const { state } = test.result()
      if (state === 'passed') passed += 1
      if (state === 'failed') failed += 1
    }
  }
  return { passed, failed }
}
