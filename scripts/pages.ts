import { type Element } from '../src/engine/elements.ts'
import { errorsPage, printedMark, processPage, table, whoMayPage } from '../src/engine/draw.ts'
import { fieldProblemCodes, refusals } from '../src/engine/refusal.ts'
import type { RefusalCode } from '../src/engine/refusal.ts'
import { processes } from '../src/processes/index.ts'
import { profiles } from '../src/regulations/index.ts'
import { en } from '../src/words/en.ts'
import { zh } from '../src/words/zh.ts'
import { type RuleLine, allTaggedTests, countsOf, isEnforced, isTested, readConfirmed, ruleBook } from './rule-book.ts'

/** Every printed page by its path from the root of the repository. What it says follows from the sources alone. */
export function printedPages(): Map<string, string> {
  const pages = new Map<string, string>()
  for (const process of Object.values(processes)) pages.set(`docs/processes/${process.name}.md`, processPage(process))
  pages.set('docs/who-may-do-what.md', whoMayPage(Object.values(processes)))
  pages.set('docs/errors.md', errors())
  pages.set('docs/rules.md', rulesPage(ruleBook({ processes, profiles }, allTaggedTests(), readConfirmed())))
  return pages
}

function errors(): string {
  const codes = Object.keys(refusals) as RefusalCode[]
  return errorsPage(
    codes.map((code) => ({ code, status: refusals[code].status, meaning: refusals[code].en, zh: zh[`refusal.${code}`],
      en: en[`refusal.${code}`] })),
    fieldProblemCodes.map((code) => ({ code, zh: zh[`problem.${code}`], en: en[`problem.${code}`] })))
}

const elementWord = (element: Element): string => `${element.kind} \`${element.path}\``

function testWord(line: RuleLine): string {
  const seen = line.tests.map((one) => `${one.file}: ${one.titles.at(-1)!.replaceAll('\u0000', '…')}`)
  if (seen.length === 0) return ''
  return `${line.confirmed ? '✓ ' : '(not yet confirmed by mutation) '}${[...new Set(seen)].join('; ')}`
}

/** Every rule of the five regulations: where it is enforced and which test shows it; what is not built is said. */
export function rulesPage(lines: readonly RuleLine[]): string {
  const counts = countsOf(lines)
  const sum = [lines.length, lines.filter(isEnforced).length, lines.filter(isTested).length].map(String)
  const parts = Object.entries(counts).flatMap(([regulation, { groups }]) => [
    `## ${regulation}`, '', ...Object.keys(groups).flatMap((group) => [`### ${regulation === group.slice(0, 2) ? ''
      : `${regulation} `}${group}`, '', table(['ID', '条款', '方式', '落实在 enforced by', '测试 shown by'],
      lines.filter((line) => line.regulation === regulation && line.rule.group === group).map((line) =>
        [line.rule.id, line.rule.title, line.rule.kind,
          line.elements.map(elementWord).join('; ') || '尚未实现 not built yet', testWord(line)]))])])
  return [printedMark, '', '# 条款 Rules', '',
    'Every rule of the five regulations. Enforced: something that the machine does carries its ID. Tested: a test',
    'names it and has been seen to fail when what carries the rule is taken away (`npm run rules:mutate`).', '',
    table(['制度', 'total', 'enforced', 'tested'], [...Object.entries(counts).map(([name, one]) =>
      [name, String(one.total), String(one.enforced), String(one.tested)]), ['all', ...sum]]),
    ...parts].join('\n').trimEnd() + '\n'
}
