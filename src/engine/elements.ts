/** A thing that carries rules: its path from the root ('task.guards.is_handler'), what it is, its words, its rules. */
export type Element = { path: string; kind: string; zh: string; rules: readonly string[] }

/** What a member of each collection is called. */
const kinds: Readonly<Record<string, string>> = {
  guards: 'guard', actions: 'action', needs: 'field', extra: 'field', columns: 'field', items: 'item', then: 'effect',
  clocks: 'clock', documents: 'document', schedules: 'schedule', cards: 'card',
}

const depthMost = 16

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

/** The rules that a thing says it carries; [] when it says nothing. */
export const rulesOf = (value: unknown): readonly string[] =>
  isObject(value) && Array.isArray(value.rule) ? value.rule as string[] : []

/** By the collection that it lies in: 'guard' for a.guards.b; else the collection's own key. */
export function kindAt(path: readonly string[]): string {
  const above = path.slice(0, -1)
  const known = above.findLast((key) => Object.hasOwn(kinds, key))
  return known ? kinds[known]! : above.findLast((key) => !/^\d+$/.test(key)) ?? ''
}

/**
 * Every element of a process, a profile or a registry that carries rules, however deep it lies.
 *
 * @param root data without cycles; functions are not looked into
 * @throws Error when something lies deeper than any element may: then it is no plain data
 */
export function elementsOf(root: unknown, path: readonly string[] = []): Element[] {
  if (!isObject(root)) return []
  if (path.length > depthMost) throw new Error(`${path.join('.')} lies too deep for an element of a process`)
  const rules = rulesOf(root)
  const own: Element[] = rules.length === 0 ? []
    : [{ path: path.join('.'), kind: kindAt(path), zh: typeof root.zh === 'string' ? root.zh : '', rules }]
  return [...own, ...Object.entries(root).flatMap(([key, value]) => elementsOf(value, [...path, key]))]
}
