import { dirname, posix } from 'node:path'
import { type Node, type Source, lineAt, parse, textOf, walk } from '../scripts/sources.ts'

/** A line that breaks a rule of the house. */
export type Untidy = { rule: string; path: string; line: number; what: string }
type Rule = (source: Source, tree: Node) => { line: number; what: string }[]

const columnsMost = 140
const linesMost = 400
const functionLinesMost = 70

/** What each part of the program may import, besides packages. Tests, scripts and benches may import everything. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  engine: ['engine'],
  processes: ['processes', 'engine'],
  regulations: ['regulations', 'processes', 'engine'],
  words: ['words'],
  server: ['server', 'regulations', 'processes', 'engine', 'words'],
  web: ['web', 'words', 'engine', 'server'],
}

const partOf = (path: string): string => (path.startsWith('src/') ? path.split('/')[1]! : path.split('/')[0]!)

type Import = { path: string; target: string; onlyTypes: boolean; line: number; reExport: boolean }

const isTypeOnly = (node: Node): boolean => node.importKind === 'type' || node.exportKind === 'type'
  || ((node.specifiers as Node[] | undefined) ?? []).length > 0
    && (node.specifiers as Node[]).every((one) => one.importKind === 'type' || one.exportKind === 'type')

const importing = ['ImportDeclaration', 'ExportNamedDeclaration', 'ExportAllDeclaration', 'ImportExpression']

/** Every import and re-export of a file; `target` is its path from the root, or the name of the package. */
function importsOf(source: Source, tree: Node): Import[] {
  const found: Import[] = []
  walk(tree, (node) => {
    if (!importing.includes(node.type)) return
    const name = textOf(node.source as Node | undefined)
    if (name === null) return
    const target = name.startsWith('.') ? posix.join(dirname(source.path), name) : name
    found.push({ path: source.path, target, onlyTypes: isTypeOnly(node), line: lineAt(source.text, node.start),
      reExport: node.type.startsWith('Export') })
  })
  return found
}

const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path)

function wrongArrow({ path, target, onlyTypes }: Import): string | null {
  const part = partOf(path)
  if (isTest(path) || !(part in arrows) || !path.startsWith('src/')) return null
  if (target.startsWith('node:')) return /^(engine|processes)$/.test(part) ? 'the pure parts touch no machine' : null
  if (/^(test|scripts|bench)\//.test(target)) return 'the program does not know its tests'
  if (!target.startsWith('src/')) return null
  if (!arrows[part]!.includes(partOf(target))) return `${part} does not import ${partOf(target)}`
  const records = 'src/server/records/'
  if (path.startsWith(records) && target.startsWith(records) && target !== `${records}noun.ts`
    && path !== `${records}index.ts`) return 'records do not import each other'
  if (part !== 'web' || partOf(target) === 'web' || partOf(target) === 'words') return null
  if (!onlyTypes) return `the web imports only types from the ${partOf(target)}`
  const rows = partOf(target) !== 'server' || /^src\/server\/views(-[a-z]+)?\.ts$/.test(target)
  return rows ? null : 'the web knows the rows of views.ts only'
}

/** Where one line a thing registers it. */
const registries = ['src/processes/index.ts', 'src/regulations/index.ts', 'src/server/records/index.ts',
  'src/words/index.ts', 'src/server/routes/index.ts']

function isSuite(node: Node, above: readonly Node[]): boolean {
  const call = above.at(-1)
  if (call?.type !== 'CallExpression' || !(call.arguments as Node[]).includes(node)) return false
  let callee = call.callee as Node
  while (callee.type === 'MemberExpression' || callee.type === 'CallExpression') {
    callee = (callee.object ?? callee.callee) as Node
  }
  return callee.type === 'Identifier' && callee.name === 'describe'
}

/** Names of domain and code that say nothing about what a thing is. */
const empty = /^(managers?|helpers?|utils?|utilities|misc|commons?)$/

const wordsIn = (name: string): string[] =>
  name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').split(/[^a-zA-Z0-9]+/).map((word) => word.toLowerCase())

/** The manager is somebody in a company: the word alone names the person, a part of another word does not. */
const saysNothing = (name: string): boolean => name !== 'manager' && wordsIn(name).some((word) => empty.test(word))

const declared = ['VariableDeclarator', 'FunctionDeclaration', 'ClassDeclaration', 'TSTypeAliasDeclaration',
  'TSInterfaceDeclaration']

const lasting = /(?:timeout|delay|interval|duration|lease|ttl|elapsed)$/i

/** Each rule by its name: what of it a file breaks. */
export const tidyRules: Readonly<Record<string, Rule>> = {
  'lines have at most 140 columns': ({ text }) => text.split('\n').flatMap((line, index) =>
    ([...line].length > columnsMost ? [{ line: index + 1, what: `${[...line].length} columns` }] : [])),

  'a file has at most 400 lines': ({ text }) => {
    const lines = text.trimEnd().split('\n').length
    return lines > linesMost ? [{ line: lines, what: `${lines} lines` }] : []
  },

  'a function has at most 70 lines': ({ text }, tree) => {
    const found: { line: number; what: string }[] = []
    walk(tree, (node, above) => {
      if (!/^(Arrow)?Function(Declaration|Expression)$/.test(node.type) || isSuite(node, above)) return
      const line = lineAt(text, node.start)
      const lines = lineAt(text, node.end) - line + 1
      if (lines > functionLinesMost) found.push({ line, what: `${lines} lines` })
    })
    return found
  },

  'imports follow the arrows': (source, tree) => importsOf(source, tree).flatMap((one) => {
    const what = wrongArrow(one)
    return what ? [{ line: one.line, what: `${one.target}: ${what}` }] : []
  }),

  'relative imports carry their extension': (source, tree) => importsOf(source, tree)
    .filter(({ target }) => /^(src|test|scripts|bench)\//.test(target) && !/\.\w+$/.test(target))
    .map(({ line, target }) => ({ line, what: target })),

  'no barrel but the registries': (source, tree) => [
    ...(/\/index\.tsx?$/.test(source.path) && !registries.includes(source.path) ? [{ line: 1, what: 'index.ts' }] : []),
    ...importsOf(source, tree).filter(({ reExport, onlyTypes }) => reExport && !onlyTypes)
      .filter(() => source.path.startsWith('src/'))
      .map(({ line, target }) => ({ line, what: `re-exports ${target}` }))],

  'names say what a thing is': ({ path, text }, tree) => {
    const found = saysNothing(path.split('/').at(-1)!.replace(/\.\w+$/, '')) ? [{ line: 1, what: path }] : []
    walk(tree, (node) => {
      const { id } = node as { id?: Node | null }
      if (!declared.includes(node.type) || id?.type !== 'Identifier') return
      if (saysNothing(id.name as string)) found.push({ line: lineAt(text, node.start), what: id.name as string })
    })
    return found
  },

  'files are named in kebab-case': ({ path }) => (path.split('/').every((name) =>
    /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*$/.test(name)) ? [] : [{ line: 1, what: path }]),

  'a length of time says its unit': ({ text }, tree) => {
    const found: { line: number; what: string }[] = []
    walk(tree, (node) => {
      if (node.type !== 'VariableDeclarator') return
      const { id, init } = node as unknown as { id: Node; init: Node | null }
      const numeric = init?.type === 'Literal' && typeof init.value === 'number'
      if (numeric && id.type === 'Identifier' && lasting.test(id.name as string)) {
        found.push({ line: lineAt(text, node.start), what: id.name as string })
      }
    })
    return found
  },

  'the time comes from the context': ({ path, text }, tree) => {
    const found: { line: number; what: string }[] = []
    if (!path.startsWith('src/') || path.startsWith('src/web/') || isTest(path)) return found
    walk(tree, (node) => {
      const callee = node.callee as Node | undefined
      const say = (what: string) => found.push({ line: lineAt(text, node.start), what })
      if (node.type === 'NewExpression' && callee?.name === 'Date' && (node.arguments as Node[]).length === 0) {
        say('new Date()')
      }
      if (node.type === 'MemberExpression' && (node.object as Node).name === 'Date'
        && (node.property as Node).name === 'now') say('Date.now')
    })
    return found
  },

  'one place writes the state of a record': ({ path, text }) => (path.startsWith('src/') ? matches(text,
    /(?:update\s+record\b(?:(?!\bwhere\b|`)[\s\S])*?\bstate\s*=|insert\s+into\s+(?:record|event)\b)/gi) : []),

  'a company is never a condition of ours': ({ path, text }) => (path.startsWith('src/server/')
    ? matches(text, /\bcompany_id\s*(?:=|<>|in\b)\s*(?:any\s*)?\(?\s*\$(?:\d|\{)/gi) : []),

  // Text is searched for control characters on purpose: that one rule may be named beside such a pattern.
  'nothing is silenced': ({ path, text }, tree) => {
    if (!path.startsWith('src/')) return []
    const found = matches(text, /@ts-(?:ignore|nocheck)|(?:oxlint|eslint)-disable(?!-next-line no-control-regex)/g)
    walk(tree, (node) => {
      if (node.type === 'TSAnyKeyword') found.push({ line: lineAt(text, node.start), what: 'any' })
    })
    return found
  },

  'no test is switched off': ({ path, text }) => (isTest(path)
    ? matches(text, /\b(?:it|test|describe)\.(?:skip|only|todo|skipIf)\b/g) : []),

  'no path of a machine': ({ text }) => matches(text, /(?<![\w.$}])\/(?:work|farm|root)\/[a-z]/g),
}

const matches = (text: string, pattern: RegExp): { line: number; what: string }[] =>
  [...text.matchAll(pattern)].map((match) => ({ line: lineAt(text, match.index), what: match[0].slice(0, 60) }))

/** Everything untidy in a file. */
export function untidyIn(source: Source): Untidy[] {
  const tree = parse(source)
  return Object.entries(tidyRules).flatMap(([rule, breaks]) =>
    breaks(source, tree).map((one) => ({ rule, path: source.path, ...one })))
}
