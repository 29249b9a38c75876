import { customer } from './customer.ts'
import { machine } from './machine.ts'
import { member } from './member.ts'
import type { Noun } from './noun.ts'
import { part } from './part.ts'
import { part_request } from './part-request.ts'
import { purchase } from './purchase.ts'
import { stock_count } from './stock-count.ts'
import { task } from './task.ts'
import { undelivered } from './undelivered.ts'

/** Every noun, under the name of its process, one line each. */
export const nouns: Readonly<Record<string, Noun>> = {
  task,
  member,
  undelivered,
  customer,
  machine,
  part,
  part_request,
  purchase,
  stock_count,
}
