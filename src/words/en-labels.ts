/** English for words that stand in the definitions, by path: 'task', 'task.state.open', 'role.manager'. */
export const enLabels: Readonly<Record<string, string>> = {
  'task': 'To-do',
  'task.state.open': 'Open',
}
