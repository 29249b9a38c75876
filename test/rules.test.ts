import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { printedPages } from '../scripts/pages.ts'
import { allTaggedTests, countsOf, elementsOfHouse, isEnforced, isTested, readConfirmed, ruleBook }
  from '../scripts/rule-book.ts'
import { root } from '../scripts/sources.ts'
import { patternOf, taggedTests } from '../scripts/tagged-tests.ts'
import { elementsOf } from '../src/engine/elements.ts'
import { processes } from '../src/processes/index.ts'
import { profiles } from '../src/regulations/index.ts'
import { specimenProcesses, specimenProfiles, xRules } from './specimen.ts'

const carriers = { processes, profiles }
const tests = allTaggedTests()
const lines = ruleBook(carriers, tests, readConfirmed())
const known = new Set(lines.map(({ rule }) => rule.id))

describe('the rules', () => {
  test('are all there: 716 of five regulations, each once', () => {
    const counts = Object.entries(countsOf(lines)).map(([name, { total }]) => [name, total])
    expect(Object.fromEntries(counts)).toEqual({ S0: 99, S1: 211, S2: 54, S3: 95, S4: 257 })
    expect(lines).toHaveLength(716)
    expect(known.size).toBe(716)
  })
  test('are numbered without a gap within their regulation', () => {
    for (const { key, rules } of Object.values(profiles)) {
      expect(rules.map(({ id }) => id)).toEqual(rules.map((_rule, index) =>
        `${key.toUpperCase()}-${String(index + 1).padStart(3, '0')}`))
    }
  })
  test('stand in the groups of the catalogues', () => {
    const groups = Object.fromEntries(Object.entries(countsOf(lines)).map(([name, one]) =>
      [name, Object.entries(one.groups).map(([group, { total }]) => `${group} ${total}`).join(', ')]))
    expect(groups).toEqual({
      S0: 'P01 3, P02 26, P04 31, P06 9, P07 5, P09 10, P13 2, P14 4, P15 1, P16 5, P17 3',
      S1: 'S1-A 14, S1-B 31, S1-C 10, S1-D 10, S1-E 19, S1-F 22, S1-G 29, S1-H 35, S1-I 24, S1-J 12, S1-K 5',
      S2: 'P01 4, P06 2, P10 29, P11 15, P12 4',
      S3: 'P01 4, P02 18, P03 12, P05 14, P06 2, P08 5, P09 10, P13 9, P14 9, P15 10, P16 1, P17 1',
      S4: 'S4-A 18, S4-B 19, S4-C 13, S4-D 9, S4-E 12, S4-F 3, S4-G 15, S4-H 3, S4-I 17, S4-J 6, S4-K 10, S4-L 8, '
        + 'S4-M 9, S4-N 8, S4-O 8, S4-P 14, S4-Q 6, S4-R 4, S4-S 10, S4-T 9, S4-U 11, S4-V 7, S4-W 6, S4-X 9, '
        + 'S4-Y 15, S4-Z 8',
    })
  })
  test('have a title of 4 to 22 characters, of their own within the regulation', () => {
    expect(lines.filter(({ rule }) => [...rule.title].length < 4 || [...rule.title].length > 22)
      .map(({ rule }) => `${rule.id} ${rule.title}`)).toEqual([])
    const titles = lines.map(({ regulation, rule }) => `${regulation} ${rule.title}`)
    expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([])
  })
})

describe('what carries a rule', () => {
  test('names a rule that exists', () => {
    expect(elementsOfHouse(carriers).flatMap(({ path, rules }) =>
      rules.filter((id) => !known.has(id)).map((id) => `${path}: ${id}`))).toEqual([])
  })
  test('carries at most four', () => {
    expect(elementsOfHouse(carriers).filter(({ rules }) => rules.length > 4).map(({ path }) => path)).toEqual([])
  })
  test('in a profile belongs to that regulation', () => {
    for (const { key } of Object.values(profiles)) {
      const strangers = elementsOf(profiles[key]).flatMap(({ path, rules }) =>
        rules.filter((id) => !id.startsWith(key.toUpperCase())).map((id) => `${path}: ${id}`))
      expect(strangers).toEqual([])
    }
  })
})

describe('a test that shows a rule', () => {
  const specimenRules = new Set(xRules.map(({ id }) => id))
  test('names one that exists', () => {
    expect(tests.flatMap(({ file, rules }) => rules.filter((id) => !known.has(id) && !specimenRules.has(id)
      && !id.startsWith('X-')).map((id) => `${file}: ${id}`))).toEqual([])
  })
  test('is found by its title, by the title round it, and by its tag; an insertion in a title is open', () => {
    const source = (text: string) => taggedTests({ path: 'a.test.ts', text })
    expect(source(`test('S4-112 a quotation is kept', () => {})`)[0]?.rules).toEqual(['S4-112'])
    expect(source(`describe('S4-112', () => { it('holds', () => {}); it('too', () => {}) })`)).toHaveLength(2)
    expect(source(`test('x', { meta: { rules: ['S4-001', 'S4-002'] } }, () => {})`)[0]?.rules)
      .toEqual(['S4-001', 'S4-002'])
    expect(source(`test('x', () => { const rules = ['S4-001']; use({ rules: ['S4-002'] }) })`)).toEqual([])
    const [each] = source('test.each([[1]])(`S4-009 %s of ${n} $name`, () => {})')
    expect('S4-009 7 of 8 nine').toMatch(new RegExp(patternOf(each!)))
    expect('S4-0097 of').not.toMatch(new RegExp(patternOf(each!)))
  })
  test('is confirmed only while something carries its rule', () => {
    const stale = Object.keys(readConfirmed()).filter((id) => !lines.some((line) => line.rule.id === id
      && isEnforced(line)))
    expect(stale).toEqual([])
  })
  test('is counted only when something carries its rule and mutation has confirmed it', () => {
    const house = { processes: specimenProcesses, profiles: specimenProfiles }
    const counted = (confirmed: Record<string, string>) =>
      ruleBook(house, tests, confirmed).filter(isTested).map(({ rule }) => rule.id)
    expect(counted({})).toEqual([])
    expect(counted({ 'X-001': 'seen', 'X-015': 'not carried' })).toEqual(['X-001'])
  })
})

test('the figures are printed as one line of JSON', () => {
  const out = execFileSync('npx', ['tsx', 'scripts/rules.ts', '--json'], { cwd: root, encoding: 'utf8' })
  const printed = JSON.parse(out)
  expect(printed).toEqual(countsOf(lines))
  expect(Object.keys(printed.S4)).toEqual(['total', 'enforced', 'tested', 'groups'])
}, 60_000)

describe('printed pages', () => {
  const pages = printedPages()
  test.each([...pages.keys()])('%s is fresh (npm run print)', (path) => {
    expect(readFileSync(join(root, path), 'utf8')).toBe(pages.get(path))
  })
  test('there is no page of a process that is gone', () => {
    const printed = readdirSync(join(root, 'docs/processes')).map((name) => `docs/processes/${name}`)
    expect(printed.filter((path) => !pages.has(path))).toEqual([])
  })
})

/** What a vitest tells its workers, which another one must not believe. */
const ofThisRun = /^(VITEST|TEST$|NODE_ENV$|GONGDAN_TEST_RUN$|TINYPOOL)/

test('mutation tells a test that shows its rule from one that does not', () => {
  const out = execFileSync('npx', ['tsx', 'test/mutate-specimen.ts'], { cwd: root, encoding: 'utf8',
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !ofThisRun.test(name))) })
  const verdicts = JSON.parse(out.trim().split('\n').at(-1)!) as Record<string, string>
  const carried = xRules.map(({ id }) => id).filter((id) => id !== 'X-015')
  expect(verdicts).toEqual(Object.fromEntries(carried.map((id) => [id, id === 'X-014' ? 'survived' : 'killed'])))
}, 300_000)
