import type { MeView } from '../../server/views.ts'
import type { WebKey } from '../../words/web.ts'

type Listed = MeView['processes'][number]

/** One heading of the rail with what stands under it. */
export type RailGroup = { label: WebKey; processes: readonly Listed[] }

/** Reached from their customer, and nowhere else. */
const inside = ['site']

/** What belongs together at work, in the order in which it is used; what is named nowhere stands at the end. */
const groups: readonly (readonly [WebKey, readonly string[]])[] = [
  ['rail.repair', ['visit', 'repair_order', 'quotation', 'order_review', 'call_back', 'complaint', 'incident', 'loan', 'loaner',
    'fault_watch']],
  ['rail.parts', ['part_request', 'purchase', 'part', 'stock_count']],
  ['rail.customers', ['customer', 'machine', 'visit_plan', 'care_visit', 'opinion', 'publication', 'document']],
  ['rail.contracts', ['contract', 'inspection', 'service_plan', 'product', 'batch', 'seal_case']],
]
const house = ['member', 'undelivered']

/** The processes of a person under their headings; the task stands by itself, beside his work. */
export function railGroups(processes: readonly Listed[]): { task: Listed | undefined; groups: RailGroup[]; house: Listed[] } {
  const of = (name: string) => processes.find(({ process }) => process === name)
  const some = (names: readonly string[]) => names.flatMap((name) => of(name) ?? [])
  const named = [...groups.flatMap(([, names]) => names), ...house, ...inside, 'task']
  const others = processes.filter(({ process }) => !named.includes(process))
  return {
    task: of('task'), house: some(house),
    groups: [...groups.map(([label, names]) => ({ label, processes: some(names) })),
      { label: 'rail.others' as const, processes: others }].filter((group) => group.processes.length > 0),
  }
}
