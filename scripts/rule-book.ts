import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Element, elementsOf } from '../src/engine/elements.ts'
import type { Rule } from '../src/regulations/rule.ts'
import { root, sourcesIn } from './sources.ts'
import { type TaggedTest, taggedTests } from './tagged-tests.ts'

/** Registries whose elements carry rules. */
export type Carriers = { processes: object
  profiles: Readonly<Record<string, { key: string; rules: readonly Rule[] }>> }

/** One rule with what carries it out and which tests show it. `confirmed`: mutation has seen its tests go red. */
export type RuleLine = { regulation: string; rule: Rule; elements: readonly Element[]; tests: readonly TaggedTest[]
  confirmed: boolean }

/** Rules by ID with the fingerprint under which their tests went red: written by npm run rules:mutate. */
export const confirmedFile = join(root, 'test', 'rules-confirmed.json')

export const readConfirmed = (): Record<string, string> =>
  existsSync(confirmedFile) ? JSON.parse(readFileSync(confirmedFile, 'utf8')) : {}

/** Elements of the processes and, under their regulation's key, of the profiles. */
export function elementsOfHouse({ processes, profiles }: Carriers): Element[] {
  return [...elementsOf(processes), ...elementsOf(profiles)]
}

export const testSources = () => sourcesIn('test', 'src').filter(({ path }) => /\.test\.tsx?$/.test(path))

/** Every rule of every regulation, in the order of the regulations. */
export function ruleBook(carriers: Carriers, tests: readonly TaggedTest[], confirmed: Record<string, string>):
  RuleLine[] {
  const elements = elementsOfHouse(carriers)
  return Object.values(carriers.profiles).flatMap(({ key, rules }) => rules.map((rule) => ({
    regulation: key.toUpperCase(), rule,
    elements: elements.filter((element) => element.rules.includes(rule.id)),
    tests: tests.filter((one) => one.rules.includes(rule.id)),
    confirmed: Object.hasOwn(confirmed, rule.id),
  })))
}

export const isEnforced = (line: RuleLine): boolean => line.elements.length > 0
/** Tested: something carries it, a test names it, and that test has been seen to fail without it. */
export const isTested = (line: RuleLine): boolean => isEnforced(line) && line.tests.length > 0 && line.confirmed

export type Count = { total: number; enforced: number; tested: number }
export type Counts = Record<string, Count & { groups: Record<string, Count> }>

/** The figures of each regulation and of its groups, as npm run rules prints them. */
export function countsOf(lines: readonly RuleLine[]): Counts {
  const counts: Counts = {}
  const blank = (): Count => ({ total: 0, enforced: 0, tested: 0 })
  for (const line of lines) {
    const regulation = counts[line.regulation] ??= { ...blank(), groups: {} }
    const group = regulation.groups[line.rule.group] ??= blank()
    for (const count of [regulation, group]) {
      count.total += 1
      if (isEnforced(line)) count.enforced += 1
      if (isTested(line)) count.tested += 1
    }
  }
  for (const regulation of Object.values(counts)) {
    regulation.groups = Object.fromEntries(Object.entries(regulation.groups).sort(([a], [b]) => (a < b ? -1 : 1)))
  }
  return counts
}

/** What a rule's confirmation depends on: its elements, functions included, and the text of its tests. */
export function fingerprint(line: RuleLine, carriers: Carriers): string {
  const text = (_key: string, value: unknown) => (typeof value === 'function' ? String(value) : value)
  const things = line.elements.map(({ path }) => JSON.stringify(thingAt(carriers, path), text))
  return createHash('sha256').update([line.rule.kind, ...things, ...line.tests.map((one) => one.text)].join('\u0000'))
    .digest('hex').slice(0, 16)
}

function thingAt({ processes, profiles }: Carriers, path: string): unknown {
  const [first = ''] = path.split('.')
  const from: unknown = Object.hasOwn(processes, first) ? processes : profiles
  return path.split('.').reduce((thing, key) => (thing as Record<string, unknown> | undefined)?.[key], from)
}

/** All tests of the repository that name rules. */
export const allTaggedTests = (): TaggedTest[] => testSources().flatMap(taggedTests)
