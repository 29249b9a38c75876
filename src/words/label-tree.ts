/** English words of one process as a tree: by kind, then by name. */
export type LabelTree = { readonly [name: string]: string | LabelTree }

/** Labels by path: {state: {open: 'Open'}} under 'task' gives 'task.state.open'. `''` is the process itself. */
export function labelsOf(path: string, tree: LabelTree): Record<string, string> {
  return Object.fromEntries(Object.entries(tree).flatMap(([name, value]) => {
    const here = name === '' ? path : `${path}.${name}`
    return typeof value === 'string' ? [[here, value]] : Object.entries(labelsOf(here, value))
  }))
}
