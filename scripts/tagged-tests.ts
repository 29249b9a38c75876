import { type Node, type Source, parse, textOf, walk } from './sources.ts'

/**
 * A test that says which rules it shows. `titles` from the outermost describe to the test itself; an insertion (%s,
 * ${…}, $name) stands as \u0000. `text`: its source, so that a change can be seen.
 */
export type TaggedTest = { file: string; titles: readonly string[]; rules: readonly string[]; text: string }

export const ruleId = /\b[A-Z]\d?-\d{3}\b/g
const testNames = ['test', 'it', 'story']

/** The name that a call begins with: test.each(…)(…) and describe.skip(…) too. */
function calledName(node: Node): string | null {
  if (node.type === 'Identifier') return node.name as string
  if (node.type === 'MemberExpression') return calledName(node.object as Node)
  return node.type === 'CallExpression' ? calledName(node.callee as Node) : null
}

/** IDs in a property `rules: ['S4-112']`, however deep in the arguments that are not the test's body. */
function tagsIn(nodes: readonly Node[]): string[] {
  const ids: string[] = []
  for (const node of nodes) {
    if (/Function/.test(node.type)) continue
    walk(node, (inner) => {
      if (inner.type !== 'Property' || (inner.key as Node).name !== 'rules') return
      walk(inner.value as Node, (leaf) => { ids.push(...textOf(leaf)?.match(ruleId) ?? []) })
    })
  }
  return ids
}

/** Every test of a file that names a rule: in its title, in the title of a describe round it, or in a `rules` tag. */
export function taggedTests(source: Source): TaggedTest[] {
  const found: TaggedTest[] = []
  walk(parse(source), (node, above) => {
    const own = titleOf(node, testNames)
    if (own === null) return
    const around = above.flatMap((outer) => titleOf(outer, ['describe']) ?? [])
    const titles = [...around, own]
    const calls = [...above.filter((outer) => titleOf(outer, ['describe']) !== null), node]
    const tags = calls.flatMap((call) => tagsIn(call.arguments as Node[]))
    const rules = [...new Set([...titles.flatMap((title) => title.match(ruleId) ?? []), ...tags])].sort()
    if (rules.length > 0) {
      found.push({ file: source.path, titles, rules, text: source.text.slice(node.start, node.end) })
    }
  })
  return found
}

function titleOf(node: Node, names: readonly string[]): string | null {
  if (node.type !== 'CallExpression' || !names.includes(calledName(node.callee as Node) ?? '')) return null
  const title = textOf((node.arguments as Node[])[0])
  return title === null ? null : title.replace(/%[sdifjoO#$]|\$[a-z_]+(\.[a-z_]+)*/gi, '\u0000')
}

/** Matches the full name of a test as vitest gives it: the titles with spaces between, insertions open. */
export function patternOf(test: TaggedTest): string {
  const escaped = test.titles.join(' ').replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
  return `^\\s*${escaped.replaceAll('\u0000', '.*')}$`
}
