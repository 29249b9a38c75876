/** The repair orders of the demonstration: which machine, what is wrong, how far it has come and since when. */
export type DemoStage = 'intake' | 'inspected' | 'cancelled' | 'fixed_on_spot' | 'waiting_test' | 'testing'
  | 'diagnosed'
  | 'priced' | 'waiting_consent' | 'approved' | 'dispatched' | 'out_of_stock' | 'ordered' | 'parts_asked'
  | 'parts_agreed' | 'parts_here' | 'repairing' | 'for_peer'
  | 'at_peer' | 'restoring' | 'waiting_close_out' | 'waiting_pick_up' | 'delivering' | 'handed_over' | 'entered'
  | 'closed'

export type DemoOrder = {
  machine: number; fault: string
  /** The last step was so many open minutes ago (the shop is open for 600 a day). */
  stage: DemoStage; ago: number
  engineer?: 'li' | 'sun' | 'wu'; desk?: 'wang' | 'zhou'
  warranty?: 'in' | 'unknown'
  /** Picked up on a day so far from today, at 17:00. Absent: three days after it was received. */
  promise?: number
  /** Open minutes that a step took longer than usual. */
  slow?: Readonly<Record<string, number>>
  with?: readonly Turn[]
}

/** Turns that an order takes besides the main path. */
export type Turn = 'replied' | 'qq' | 'refused' | 'mismatch' | 'escalated' | 'peer' | 'told_of_part' | 'message_left'
  | 'unreached' | 'tested' | 'untested' | 'lost_copy' | 'unhappy' | 'unhappy_call' | 'review_returned' | 'rescheduled'
  | 'talked' | 'passed' | 'need' | 'delivered' | 'loan' | 'incident' | 'reported' | 'purchase' | 'asked' | 'not_normal'
  | 'review' | 'fax'

const order = (machine: number, fault: string, stage: DemoStage, ago: number, more: Partial<DemoOrder> = {}):
  DemoOrder => ({ machine, fault, stage, ago, ...more })

export const demoOrders: readonly DemoOrder[] = [
  // At the counter.
  order(14, 'jam', 'intake', 4, { desk: 'zhou' }),
  order(37, 'faint', 'inspected', 3, { engineer: 'sun' }),
  // Waiting for an engineer: fresh, soon due, late.
  order(20, 'smear', 'waiting_test', 18, { promise: 3 }),
  order(33, 'disk', 'waiting_test', 75, { warranty: 'in', promise: 3, desk: 'zhou' }),
  order(22, 'clog', 'waiting_test', 140, { promise: 2 }),
  order(31, 'jam', 'waiting_test', 205, { promise: 2, desk: 'zhou' }),
  order(36, 'head', 'waiting_test', 320, { warranty: 'in', promise: 2 }),
  // On the bench, cause not found yet.
  order(16, 'driver', 'testing', 25, { engineer: 'wu', promise: 3 }),
  order(25, 'jam_network', 'testing', 95, { engineer: 'sun', promise: 2 }),
  order(5, 'smear', 'testing', 150, { engineer: 'wu', promise: 2, with: ['replied'] }),
  order(34, 'fuser', 'testing', 230, { engineer: 'sun', promise: 1 }),
  order(26, 'raid', 'testing', 1300, { engineer: 'li', promise: 0, with: ['replied', 'mismatch'] }),
  order(11, 'carriage', 'testing', 4700, { engineer: 'wu', promise: -1, with: ['replied', 'escalated'] }),
  // Diagnosed, to be quoted within half an hour.
  order(28, 'feeder', 'diagnosed', 5, { engineer: 'sun', promise: 2 }),
  order(35, 'fan', 'diagnosed', 23, { engineer: 'wu', promise: 2, desk: 'zhou' }),
  order(13, 'fuser', 'diagnosed', 55, { engineer: 'sun', promise: 1, with: ['replied'] }),
  order(6, 'head', 'priced', 12, { engineer: 'wu', promise: 2 }),
  order(19, 'memory', 'priced', 20, { engineer: 'li', promise: 3, with: ['review'] }),
  // The customer thinks it over.
  order(9, 'raid', 'waiting_consent', 9, { engineer: 'sun', promise: 2, with: ['fax'] }),
  order(0, 'fuser', 'waiting_consent', 60, { engineer: 'sun', promise: 1 }),
  order(21, 'memory', 'waiting_consent', 170, { engineer: 'wu', promise: 2, desk: 'zhou', with: ['qq'] }),
  order(24, 'carriage', 'waiting_consent', 480, { engineer: 'li', promise: 4, with: ['qq', 'asked'] }),
  order(18, 'head', 'waiting_consent', 900, { engineer: 'sun', promise: 0 }),
  order(30, 'disk', 'waiting_consent', 1900, { engineer: 'wu', promise: -1, desk: 'zhou' }),
  order(32, 'clog', 'waiting_consent', 2600, { engineer: 'sun', promise: -2 }),
  // Agreed, to be dispatched; dispatched.
  order(27, 'fuser', 'approved', 6, { engineer: 'sun', promise: 2 }),
  order(8, 'jam_network', 'approved', 40, { engineer: 'wu', warranty: 'in', promise: 1 }),
  order(29, 'memory', 'dispatched', 30, { engineer: 'wu', promise: 2 }),
  order(12, 'memory', 'dispatched', 190, { engineer: 'sun', promise: 1, desk: 'zhou' }),
  // Parts asked for, agreed to, and arrived to be checked.
  order(3, 'board', 'parts_asked', 14, { engineer: 'sun', promise: 2 }),
  order(13, 'fuser', 'parts_agreed', 8, { engineer: 'sun', promise: 2 }),
  order(5, 'jam', 'parts_agreed', 21, { engineer: 'wu', promise: 1 }),
  order(26, 'power', 'parts_here', 45, { engineer: 'sun', promise: 1 }),
  // Waiting for a part.
  order(10, 'tubes', 'out_of_stock', 45, { engineer: 'li', promise: 5 }),
  order(7, 'fuser_big', 'ordered', 700, { engineer: 'li', promise: 2, with: ['told_of_part', 'loan'] }),
  order(9, 'power', 'ordered', 1500, { engineer: 'sun', promise: 0, with: ['told_of_part'] }),
  order(11, 'carriage', 'ordered', 3900, { engineer: 'wu', promise: -2, with: ['told_of_part'] }),
  // In repair: today, near the limit, late.
  order(2, 'maintenance', 'repairing', 50, { engineer: 'li', promise: 0, with: ['purchase'] }),
  order(15, 'feeder', 'repairing', 130, { engineer: 'sun', promise: 0 }),
  order(19, 'fan', 'repairing', 210, { engineer: 'wu', promise: 1, desk: 'zhou' }),
  order(3, 'board', 'repairing', 380, { engineer: 'sun', promise: 1 }),
  order(4, 'belt', 'repairing', 640, { engineer: 'li', promise: 0 }),
  order(23, 'jam_network', 'repairing', 2100, { engineer: 'wu', promise: -1, with: ['incident'] }),
  // With peers.
  order(26, 'power', 'for_peer', 90, { engineer: 'sun', promise: 3 }),
  order(17, 'board', 'at_peer', 150, { engineer: 'wu', promise: 2 }),
  order(24, 'belt', 'at_peer', 700, { engineer: 'li', promise: 1 }),
  order(1, 'board', 'restoring', 35, { engineer: 'sun', promise: 1, with: ['refused'] }),
  // Done; the customer is to be told.
  order(5, 'jam', 'waiting_close_out', 20, { engineer: 'wu', promise: 0 }),
  order(16, 'driver', 'waiting_close_out', 190, { engineer: 'sun', promise: 0 }),
  order(20, 'jam', 'waiting_close_out', 420, { engineer: 'wu', promise: 0, with: ['message_left'] }),
  order(36, 'clog', 'waiting_close_out', 500, { engineer: 'sun', promise: -1, desk: 'zhou', with: ['unreached'] }),
  // Waiting to be picked up.
  order(0, 'jam', 'waiting_pick_up', 8, { engineer: 'sun', promise: 0, with: ['tested'] }),
  order(8, 'fuser', 'waiting_pick_up', 160, { engineer: 'wu', promise: 0 }),
  order(30, 'fan', 'waiting_pick_up', 640, { engineer: 'wu', promise: -1, desk: 'zhou' }),
  order(22, 'driver', 'waiting_pick_up', 1800, { engineer: 'sun' }),
  order(34, 'smear', 'waiting_pick_up', 3300, { engineer: 'wu', with: ['refused'] }),
  order(3, 'jam_network', 'delivering', 70, { engineer: 'sun', promise: 0 }),
  // Handed over; to be entered today.
  order(37, 'jam', 'handed_over', 25, { engineer: 'sun' }),
  order(28, 'driver', 'handed_over', 110, { engineer: 'wu', with: ['unhappy'] }),
  order(14, 'smear', 'handed_over', 760, { engineer: 'sun', with: ['untested'] }),
  // Entered; review and call-back go on.
  order(15, 'jam_network', 'entered', 90, { engineer: 'sun' }),
  order(31, 'fuser', 'entered', 300, { engineer: 'wu', with: ['passed'] }),
  order(21, 'disk', 'entered', 1000, { engineer: 'wu', desk: 'zhou', with: ['rescheduled'] }),
  order(12, 'disk', 'entered', 1300, { engineer: 'sun', with: ['review_returned', 'talked'] }),
  order(33, 'fan', 'entered', 700, { engineer: 'wu', warranty: 'in', with: ['passed'] }),
  // Closed, and called off.
  order(6, 'clog', 'closed', 900, { engineer: 'wu', with: ['need'] }),
  order(1, 'jam_network', 'closed', 1500, { engineer: 'sun', with: ['unhappy_call'] }),
  order(13, 'jam', 'closed', 2100, { engineer: 'sun' }),
  order(25, 'driver', 'closed', 2700, { engineer: 'wu', desk: 'zhou' }),
  order(18, 'clog', 'closed', 3300, { engineer: 'sun', with: ['reported'] }),
  order(35, 'disk', 'closed', 4000, { engineer: 'wu', with: ['lost_copy', 'reported'] }),
  order(2, 'jam_network', 'closed', 4600, { engineer: 'li', with: ['delivered', 'reported'] }),
  order(17, 'smear', 'closed', 5200, { engineer: 'sun', with: ['unhappy', 'reported'], slow: { start_repair: 1500 } }),
  order(29, 'disk', 'closed', 5900, { engineer: 'wu', with: ['not_normal', 'reported'] }),
  order(7, 'jam_network', 'closed', 6600, { engineer: 'sun', warranty: 'in', with: ['reported'] }),
  order(19, 'disk', 'closed', 7400, { engineer: 'wu', desk: 'zhou', with: ['reported'] }),
  order(32, 'driver', 'fixed_on_spot', 1200, { engineer: 'sun' }),
  order(27, 'driver', 'fixed_on_spot', 2900, { engineer: 'wu', desk: 'zhou' }),
  order(33, 'fan', 'cancelled', 60, { desk: 'zhou' }),
]
