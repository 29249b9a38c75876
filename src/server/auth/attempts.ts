import { isIPv6 } from 'node:net'
import type { Refusal } from '../../engine/refusal.ts'
import type { App } from '../context.ts'
import { sql } from '../db.ts'
import { sha256 } from './tokens.ts'

/**
 * Lock-out after failures, counted in the database for all nodes together. A person mistypes a few times; an office
 * shares one address, so an address may fail more often. Each failure from `free` on closes the door for 1, 2, 4 …
 * minutes: at most about 100 guesses a day at one account.
 */
const rules = {
  account: { free: 5, longest: '15 minutes' },
  address: { free: 30, longest: '60 minutes' },
  link: { free: 20, longest: '60 minutes' },
  // Four digits are soon tried through: about thirty guesses a day at one paper.
  paper: { free: 5, longest: '60 minutes' },
  // A fault is reported once or twice; whoever goes on is told to ring.
  report: { free: 4, longest: '60 minutes' },
} as const

type What = keyof typeof rules
export type Attempt = { what: What; who: Buffer }

const minuteMs = 60_000

export const attemptAt = (login: string): Attempt => ({ what: 'account', who: sha256(login) })

/** At the digits that open the paper of one record. */
export const attemptAtPaper = (record: string): Attempt => ({ what: 'paper', who: sha256(record) })

/** Reports through the code on one machine. */
export const attemptToReport = (record: string): Attempt => ({ what: 'report', who: sha256(record) })

/** By address; of IPv6 by its /64, since that is what one subscriber has. */
export function attemptFrom(address: string, what: 'address' | 'link' | 'report' = 'address'): Attempt {
  return { what, who: sha256(isIPv6(address) && !address.startsWith('::ffff:') ? network(address) : address) }
}

/** The first four groups of an IPv6 address, written out. */
function network(address: string): string {
  const [head = '', tail] = address.split('%')[0]!.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail ? tail.split(':') : []
  const missing = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length)
  return [...left, ...Array.from({ length: missing }, () => '0'), ...right].slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, '')).join(':')
}

export const lockedOut = (until: string, now: number): Refusal =>
  ({ code: 'locked_out', params: { minutes: Math.max(1, Math.ceil((Date.parse(until) - now) / minuteMs)) } })

/** Counts attempts as failed, in order, before they are made. @returns the refusal of the first that is locked */
export async function countAttempts(app: App, now: number, ...attempts: readonly Attempt[]): Promise<Refusal | null> {
  for (const [index, { what, who }] of attempts.entries()) {
    const { free, longest } = rules[what]
    const [row] = await app.db.door<{ until: string | null }>(sql`
      select count_attempt(${what}, ${who}, ${new Date(now)}, ${free}, ${longest}) as until`.named('count_attempt'))
    if (row?.until) {
      // Only what really was tried counts: a locked account must not lock the address of a whole office.
      await takeBack(app, ...attempts.slice(0, index))
      return lockedOut(row.until, now)
    }
  }
  return null
}

const over = (app: App, { what, who }: Attempt, forgotten: boolean) => app.db.door(sql`
  select attempt_over(${what}, ${who}, ${forgotten})`.named('attempt_over'))

/** The attempt was none: one failure less. */
export async function takeBack(app: App, ...attempts: readonly Attempt[]): Promise<void> {
  await Promise.all(attempts.map((attempt) => over(app, attempt, false)))
}

/** It went well: earlier failures of this account are forgotten. Those of an address are not, but for this one. */
export async function forget(app: App, account: Attempt): Promise<void> {
  await over(app, account, true)
}

/** Is it locked, without counting anything? */
export async function isLocked(app: App, now: number, { what, who }: Attempt): Promise<Refusal | null> {
  const [row] = await app.db.door<{ until: string | null }>(sql`
    select locked_until(${what}, ${who}, ${new Date(now)}) as until`.named('locked_until'))
  return row?.until ? lockedOut(row.until, now) : null
}
