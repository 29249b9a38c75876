import { cleanField, fail } from '../engine/fields.ts'
import { sendRefusal } from './answer.ts'
import type { Routes } from './http.ts'

/** The clock of the running program; a test may set it going from another instant. */
export type ProgramClock = { now: () => number; set: (at: number) => void }

/** @param wall the clock of the machine, ms since epoch */
export function programClock(wall: () => number): ProgramClock {
  let ahead = 0
  return { now: () => wall() + ahead, set: (at) => { ahead = at - wall() } }
}

/** POST /api/test/clock {now}: only where the operator has asked for it by GONGDAN_TEST_CLOCK=1, never by accident. */
export function testClockRoutes(clock: ProgramClock): Routes {
  return (server) => {
    server.post('/api/test/clock', { config: { open: true } }, (request, reply) => {
      const { now } = (request.body ?? {}) as { now?: unknown }
      const outcome = cleanField('now', { kind: 'instant', zh: '时间' }, now)
      if ('problem' in outcome) {
        return sendRefusal(request, reply, { code: 'bad_input', fields: [fail('now', 'not_an_instant')] })
      }
      clock.set(Date.parse(outcome.value as string))
      return reply.send({ now: new Date(clock.now()).toISOString() })
    })
  }
}
