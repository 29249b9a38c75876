import type { AnyProcess } from '../engine/define.ts'
import { customer } from './customers/customer.ts'
import { machine } from './customers/machine.ts'
import { member } from './governance/member.ts'
import { task } from './governance/task.ts'
import { undelivered } from './governance/undelivered.ts'
import { strippedForTest } from './stripped.ts'

/** Every business process of the house, one line each. */
export const processes: Readonly<Record<string, AnyProcess>> = strippedForTest({
  task,
  member,
  undelivered,
  customer,
  machine,
})
