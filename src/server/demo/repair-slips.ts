/** What people try too early in the demonstration, and are told why not: without it the process report would know of none. */
type Slip = { before: string; by: string; action: string; every: number; from: number }

const slips: readonly Slip[] = [
  { before: 'inspect', by: 'wang', action: 'receive', every: 6, from: 1 },
  { before: 'test_at_pick_up', by: 'wang', action: 'hand_over', every: 3, from: 0 },
  { before: 'finish', by: 'sun', action: 'finish', every: 7, from: 2 },
  { before: 'dispatch_repair', by: 'sun', action: 'start_repair', every: 9, from: 4 },
]

/** The slip that happens just before a step of the order of that number, if any. */
export const slipBefore = (action: string, order: number): Slip | undefined =>
  slips.find(({ before, every, from }) => before === action && order % every === from)
