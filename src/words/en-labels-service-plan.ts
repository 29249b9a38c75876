import { type LabelTree, labelsOf } from './label-tree.ts'

/** English for service plans. */
const plan: LabelTree = { '': 'Service plan',
  state: { drafted: 'Draft', issued: 'Under way', ended: 'Ended', dropped: 'Dropped' },
  action: { draw_up: 'Draw up a service plan', issue: 'Issue', give_out: 'Hand out an item', close: 'End the plan',
    drop: 'Drop', note: 'Note', child_done: 'An item is done' },
  guard: { names_nobody: 'Nobody is named' },
  clock: { period: 'Period' },
  field: { title: 'Name', plan_from: 'From', plan_until: 'Until', goal: 'Goal', items: 'Items', what: 'What', handler: 'Who',
    due_at: 'By', team: 'Which team', summary: 'What was done', reason: 'Reason', note: 'Note' },
  hint: { title: 'E.g. service plan of the fourth quarter' },
  column: { items: { item: 'What', contract: 'Contract', person: 'Who', on: 'Day' } },
}

export const servicePlanLabels: Readonly<Record<string, string>> = labelsOf('service_plan', plan)
