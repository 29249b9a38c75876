import type { AnyProcess } from '../engine/define.ts'
import { customer } from './customers/customer.ts'
import { machine } from './customers/machine.ts'
import { member } from './governance/member.ts'
import { task } from './governance/task.ts'
import { undelivered } from './governance/undelivered.ts'
import { part } from './parts/part.ts'
import { part_request } from './parts/part-request.ts'
import { purchase } from './parts/purchase.ts'
import { stock_count } from './parts/stock-count.ts'
import { strippedForTest } from './stripped.ts'

/** Every business process of the house, one line each. */
export const processes: Readonly<Record<string, AnyProcess>> = strippedForTest({
  task,
  member,
  undelivered,
  customer,
  machine,
  part,
  part_request,
  purchase,
  stock_count,
})
