import { customer } from './customer.ts'
import { machine } from './machine.ts'
import { member } from './member.ts'
import type { Noun } from './noun.ts'
import { task } from './task.ts'
import { undelivered } from './undelivered.ts'

/** Every noun, under the name of its process, one line each. */
export const nouns: Readonly<Record<string, Noun>> = {
  task,
  member,
  undelivered,
  customer,
  machine,
}
