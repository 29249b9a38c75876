import { readFileSync, readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { parseSync } from 'vite'

export const root = join(import.meta.dirname, '..')

/** A node of the syntax tree (ESTree with TypeScript), as far as our checks look at it. Offsets in UTF-16 units. */
export type Node = { type: string; start: number; end: number; [key: string]: unknown }

/** A source file: its path from the root of the repository, with forward slashes, and its text. */
export type Source = { path: string; text: string }

const codeFile = /\.(ts|tsx|mts|mjs)$/

/** Every source file under the folders, by path; a folder that is not there has none. */
export function sourcesIn(...folders: string[]): Source[] {
  return folders.flatMap((folder) => filesUnder(join(root, folder))).filter((file) => codeFile.test(file))
    .map((file) => relative(root, file).split(sep).join('/')).sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
}

function filesUnder(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return []
    throw error
  }
}

/** @throws Error when the file cannot be parsed: the compiler would not take it either */
export function parse(source: Source): Node {
  const { program, errors } = parseSync(source.path, source.text)
  if (errors.length > 0) throw new Error(`${source.path}: ${errors[0]!.message}`)
  return program as unknown as Node
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'

/** The nodes right inside a node, in the order of the text. */
export function childrenOf(node: Node): Node[] {
  return Object.entries(node).filter(([key]) => key !== 'parent')
    .flatMap(([, value]) => (Array.isArray(value) ? value : [value])).filter(isNode)
}

/** Visits a node and all inside it; `enter` sees the nodes around, nearest last. */
export function walk(node: Node, enter: (node: Node, above: readonly Node[]) => void, above: readonly Node[] = []):
  void {
  enter(node, above)
  for (const child of childrenOf(node)) walk(child, enter, [...above, node])
}

/** The line, from 1, on which an offset lies. */
export function lineAt(text: string, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line += 1
  return line
}

/** The text of a string or of a template without its insertions; null for anything else. */
export function textOf(node: Node | undefined): string | null {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value
  if (node?.type !== 'TemplateLiteral') return null
  return (node.quasis as { value: { cooked: string } }[]).map((part) => part.value.cooked).join('\u0000')
}
