import { type Role, staff } from '../engine/roles.ts'
import type { Actor } from './context.ts'
import { Fragment, join, sql } from './db.ts'

/**
 * Which records exist for me? 'all', 'none', or alternatives, each of which an index of the head table serves by
 * itself: a list reads each and merges them, a single look asks whether any holds. The head row is `r`.
 */
export type Sight = 'all' | 'none' | readonly Fragment[]

type Eyes = (actor: Actor) => Sight

const any = (actor: Actor, ...roles: Role[]): boolean => roles.some((role) => actor.roles.includes(role))

/**
 * One alternative of a sight, as an equality that an index leads with. `mark` is the same in the search table (the
 * indexer writes it); an alternative without one is not searched. `open`: it can hold for open cases only.
 */
export class Alternative extends Fragment {
  readonly mark: string
  readonly open: boolean
  constructor(condition: Fragment, mark: string, open = false) {
    super(condition.text, condition.values)
    this.mark = mark
    this.open = open
  }
}

/** What a person owns, handles, wrote, or what waits for one of their teams. */
const mine = (actor: Actor): readonly Alternative[] => [
  new Alternative(sql`r.handler = ${actor.id}::uuid`, `handler.${actor.id}`),
  new Alternative(sql`r.owner = ${actor.id}::uuid`, `owner.${actor.id}`),
  new Alternative(sql`r.author = ${actor.id}::uuid`, `author.${actor.id}`),
  ...actor.roles.map((role) => new Alternative(
    sql`(r.team = ${role}::text and r.handler is null and r.kind in ('active', 'waiting'))`, `waits.${role}`, true)),
]

/** By noun; a noun that is not named here exists for nobody. */
const eyes: Readonly<Record<string, Eyes>> = {
  task: (actor) => (any(actor, 'administrator', 'manager', 'supervisor', 'coordinator', 'dispatcher')
    ? 'all' : mine(actor)),
  member: () => 'all',
  part: (actor) => (any(actor, ...staff) ? 'all' : 'none'),
  part_request: (actor) => (any(actor, 'storekeeper', 'lead_engineer', 'coordinator', 'dispatcher', 'purchaser',
    'supervisor', 'manager', 'administrator', 'quality') ? 'all' : mine(actor)),
  purchase: (actor) => (any(actor, 'storekeeper', 'coordinator', 'purchaser', 'finance', 'supervisor', 'manager',
    'administrator') ? 'all' : mine(actor)),
  stock_count: (actor) => (any(actor, 'storekeeper', 'supervisor', 'manager', 'finance', 'administrator')
    ? 'all' : 'none'),
  // A question at the counter is answered by whoever stands there.
  repair_order: (actor) => (any(actor, ...repairStaff) ? 'all' : mine(actor)),
  quotation: (actor) => (any(actor, ...desk) ? 'all' : mine(actor)),
  order_review: (actor) => (any(actor, 'supervisor', 'manager', 'coordinator', 'quality', 'administrator')
    ? 'all' : mine(actor)),
  call_back: (actor) => (any(actor, 'coordinator', 'hotline', 'supervisor', 'manager', 'quality', 'administrator')
    ? 'all' : mine(actor)),
  complaint: (actor) => (any(actor, 'supervisor', 'manager', 'quality', 'administrator') ? 'all' : mine(actor)),
  incident: (actor) => (any(actor, 'coordinator', 'supervisor', 'manager', 'administrator') ? 'all' : mine(actor)),
  loan: (actor) => (any(actor, ...repairStaff) ? 'all' : 'none'),
  loaner: (actor) => (any(actor, ...repairStaff) ? 'all' : 'none'),
  fault_watch: (actor) => (any(actor, ...repairStaff) ? 'all' : 'none'),
  visit: (actor) => (any(actor, ...desk) ? 'all' : mine(actor)),
  undelivered: (actor) => (any(actor, 'administrator') ? 'all' : 'none'),
  // Whoever works here may be the one who picks up the phone.
  customer: (actor) => (any(actor, ...staff) ? 'all' : 'none'),
  machine: (actor) => (any(actor, ...staff) ? 'all' : 'none'),
  product: (actor) => (any(actor, ...staff) ? 'all' : 'none'),
  batch: (actor) => (any(actor, ...staff) ? 'all' : 'none'),
  // Whoever serves a customer reads what was promised; prices are another matter (seen_by).
  contract: (actor) => (any(actor, ...staff) ? 'all' : 'none'),
  inspection: (actor) => (any(actor, ...careStaff) ? 'all' : mine(actor)),
  service_plan: (actor) => (any(actor, ...careStaff) ? 'all' : mine(actor)),
  seal_case: (actor) => (any(actor, ...staff) ? 'all' : 'none'),
  visit_plan: (actor) => (any(actor, ...careStaff) ? 'all' : mine(actor)),
  care_visit: (actor) => (any(actor, ...careStaff) ? 'all' : mine(actor)),
  opinion: (actor) => (any(actor, ...careStaff, 'developer', 'presales_lead') ? 'all' : mine(actor)),
  publication: (actor) => (any(actor, ...staff) ? 'all' : 'none'),
  document: (actor) => (any(actor, ...careStaff, 'purchaser', 'finance') ? 'all' : mine(actor)),
  site: (actor) => (any(actor, ...staff) ? 'all' : 'none'),
}

const repairStaff: readonly Role[] = ['coordinator', 'hotline', 'dispatcher', 'bench_engineer', 'lead_engineer',
  'field_engineer', 'storekeeper', 'supervisor', 'manager', 'quality', 'finance', 'salesperson', 'administrator']
/** Whoever may pick up the telephone when this customer calls. */
const careStaff: readonly Role[] = ['coordinator', 'hotline', 'dispatcher', 'field_engineer', 'lead_engineer',
  'salesperson', 'supervisor', 'manager', 'quality', 'administrator']
const desk: readonly Role[] = ['coordinator', 'hotline', 'lead_engineer', 'supervisor', 'manager', 'finance',
  'salesperson', 'quality', 'administrator']

/** What of a noun this actor may see. The machine sees all; a private link sees its one record. */
export function sightOf(process: string, actor: Actor): Sight {
  if (actor.kind === 'system') return 'all'
  if (actor.link) return [sql`r.id = ${actor.link.record}::uuid`]
  if (actor.kind === 'contact') return 'none'
  return eyes[process]?.(actor) ?? 'none'
}

/** The sight as one condition on `r`, for a look at single records. */
export function sightCondition(sight: Sight): Fragment {
  if (sight === 'all') return sql`true`
  if (sight === 'none' || sight.length === 0) return sql`false`
  return sql`(${join(sight, ' or ')})`
}
