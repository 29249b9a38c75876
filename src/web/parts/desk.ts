import type { MeView } from '../../server/views.ts'

const desk = ['coordinator', 'hotline', 'bench_engineer', 'lead_engineer', 'supervisor'] as const
const near = [...desk, 'storekeeper', 'manager'] as const

const uses = (me: MeView, roles: readonly string[]): boolean =>
  me.processes.some(({ process }) => process === 'repair_order') && me.roles.some((role) => roles.includes(role))

/** Does this person receive customers at the counter? */
export const usesCounter = (me: MeView): boolean => uses(me, desk)
/** Does this person see requests and orders of everybody? */
export const usesStore = (me: MeView): boolean => me.processes.some(({ process }) => process === 'part_request')
  && me.roles.some((role) => ['storekeeper', 'coordinator', 'purchaser', 'supervisor', 'manager', 'administrator'].includes(role))
/** Does this person go to the shelves? */
export const usesShelves = (me: MeView): boolean => uses(me, near)
/** Does this person look at how the work of all goes? */
export const usesReports = (me: MeView): boolean =>
  me.roles.some((role) => ['supervisor', 'manager', 'quality', 'administrator', 'lead_engineer'].includes(role))
