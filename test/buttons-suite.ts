import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Role, roles } from '../src/engine/roles.ts'
import type { Actor, House } from '../src/server/context.ts'
import { type TestCompany, house, monday, openTestCompany } from './company.ts'
import { type DatabaseKind, openTestDatabase } from './databases.ts'
import { type Walker, walk } from './walk.ts'

export type Buttons = { kinds: readonly DatabaseKind[]; house: House; profile: string; names: readonly string[]
  /** Of all (state, action, outcome) of a process, the share that a walk must reach, in percent. It may only rise. */
  floors: Readonly<Record<string, number>>; floorOfOthers: number
  /** Steps for each outcome that is possible. */
  effort: number
  given?: Walker['given']
  /** Brings records far, by process, before anybody walks. */
  begins?: Readonly<Record<string, (walker: Walker) => Promise<string[]>>>
  prepare?(at: TestCompany): Promise<void> }

/** The processes that a regulation uses. */
export const switchedOn = (profile: string): string[] => Object.keys(house.processes)
  .filter((name) => house.profiles[profile]!.processes[name]?.on !== false)

/** So many outcomes that a walk did not meet are named; the rest is a number. */
const toldMost = 12

/**
 * The button never lies: what a record offers succeeds with a right form, and what it refuses is refused with the same
 * code, on real databases, along seeded random walks. After each step the stored deadlines equal a fresh fold.
 */
export function describeButtons(buttons: Buttons): void {
  describe.each(buttons.kinds)('buttons on $name', (kind) => {
    let walker: Walker

    beforeAll(async () => {
      const database = await openTestDatabase(kind)
      const at = await openTestCompany(kind, { profile: buttons.profile, house: buttons.house, database })
      await buttons.prepare?.(at)
      const staff: Record<string, Actor> = {}
      for (const role of Object.keys(roles) as Role[]) staff[role] = await at.person(roles[role], role)
      const begun: Record<string, string[]> = {}
      walker = { at, staff, records: {}, given: buttons.given, begun }
      for (const [name, begin] of Object.entries(buttons.begins ?? {})) begun[name] = await begin(walker)
    })
    afterAll(() => walker.at.close())

    test.each(buttons.names)('%s keeps what it offers', async (name) => {
      walker.at.app.now = monday
      const { covered, possible, broken } = await walk(walker, name, buttons.effort, 7)
      const missed = possible.filter((one) => !covered.has(one))
      const share = Math.floor(100 * (possible.length - missed.length) / possible.length)
      const met = `${possible.length - missed.length} of ${possible.length} outcomes (${share} %)`
      console.log(`${name} on ${kind.name}: ${met}`
        + (missed.length > 0 ? `\n  not met: ${missed.slice(0, toldMost).join('; ')}${missed.length > toldMost ? ' …' : ''}` : ''))
      expect(broken.map(({ step, what }) => `${step}: ${what}`)).toEqual([])
      expect(share).toBeGreaterThanOrEqual(buttons.floors[name] ?? buttons.floorOfOthers)
    }, 240_000)
  })
}
