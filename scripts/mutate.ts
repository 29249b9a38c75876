import { relative } from 'node:path'
import { type TestCase, type TestModule, type TestSuite, createVitest } from 'vitest/node'
import { type RuleLine } from './rule-book.ts'
import { root } from './sources.ts'
import { patternOf } from './tagged-tests.ts'

/**
 * killed: at least one of the rule's tests goes red when what carries the rule is taken away, and all were green
 * before. survived: they stay green. broken: they were not green to begin with. unseen: no test ran.
 */
export type Verdict = { id: string; verdict: 'killed' | 'survived' | 'broken' | 'unseen'; tests: number }

export type Tally = { passed: number; failed: number }

/** Runs the tests of rules, and tells of each by its ID; `without`: of one rule, with its elements taken away. */
export type RunTests = (lines: readonly RuleLine[], without: boolean) => Promise<ReadonlyMap<string, Tally>>

/** Judges each rule by its tests: as they are, which is one run for all rules, and with the rule stripped. */
export async function mutate(lines: readonly RuleLine[], run: RunTests, say: (verdict: Verdict) => void):
  Promise<Verdict[]> {
  const whole = lines.length === 0 ? new Map<string, Tally>() : await run(lines, false)
  const verdicts: Verdict[] = []
  for (const line of lines) {
    const { id } = line.rule
    const { passed, failed } = whole.get(id)!
    const tests = passed + failed
    const stripped = tests === 0 || failed > 0 ? null : (await run([line], true)).get(id)!
    const verdict: Verdict = { id, tests, verdict: tests === 0 ? 'unseen'
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
    allowOnly: false, isolate: true })
  return {
    async run(lines, without) {
      const [{ rule } = { rule: null }] = lines
      process.env.GONGDAN_WITHOUT_RULE = without && rule ? `${rule.id}:${rule.kind}` : ''
      const tests = lines.flatMap((line) => line.tests)
      const files = [...new Set(tests.map(({ file }) => file))]
      vitest.setGlobalTestNamePattern(new RegExp(tests.map(patternOf).join('|')))
      const wanted = (await vitest.globTestSpecifications(files))
        .filter(({ moduleId }) => files.includes(relative(root, moduleId)))
      // A file changed by nobody is run again all the same: its registries are read anew by a new worker.
      const { testModules } = await vitest.runTestSpecifications(wanted, false)
      // A red test is what is hoped for here, not a failure of this program.
      process.exitCode = 0
      // Modules of runs before are still among them, with what they said then.
      const modules = testModules.filter(({ moduleId }) => wanted.some((one) => one.moduleId === moduleId))
      return new Map(lines.map((line) => [line.rule.id, tally(line, modules)]))
    },
    async close() {
      delete process.env.GONGDAN_WITHOUT_RULE
      await vitest.close()
    },
  }
}

const quiet = {}

/** Of the tests of one rule among those that ran. */
function tally({ tests }: RuleLine, modules: readonly TestModule[]): Tally {
  let passed = 0
  let failed = 0
  for (const one of modules) {
    const patterns = tests.filter(({ file }) => file === relative(root, one.moduleId)).map((test) => new RegExp(patternOf(test)))
    if (patterns.length === 0) continue
    // A file that cannot even be loaded, or a hook that throws, is a failure of each of its tests.
    if (one.errors().length > 0) failed += 1
    for (const suite of one.children.allSuites()) if (suite.errors().length > 0) failed += 1
    for (const test of one.children.allTests()) {
      const { state } = test.result()
      if (!patterns.some((pattern) => pattern.test(nameOf(test)))) continue
      if (state === 'passed') passed += 1
      if (state === 'failed') failed += 1
    }
  }
  return { passed, failed }
}

/** As a pattern of names meets it: the titles with spaces between. */
function nameOf(test: TestCase): string {
  const titles: string[] = []
  for (let at: TestCase | TestSuite | TestModule = test; at.type !== 'module'; at = at.parent) titles.unshift(at.name)
  return titles.join(' ')
}
