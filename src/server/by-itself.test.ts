import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startLoop } from './by-itself.ts'
import type { App } from './context.ts'

const hour = 3_600_000

test('a clock that is set back while a worker rests does not make it rest longer', async () => {
  let now = 5 * hour
  let turns = 0
  const loop = startLoop({ clock: () => now } as unknown as App, 'trial', async () => {
    turns += 1
    return 60
  })
  await expect.poll(() => turns).toBeGreaterThan(0)
  now = 0
  // Something is due in an hour, as the clock goes now; its own next look is due long before.
  loop.wake(hour)
  const before = turns
  await sleep(400)
  await loop.stop()
  expect(turns).toBeGreaterThan(before)
})

test('what is due sooner than planned wakes it, what is due later does not', async () => {
  let turns = 0
  const loop = startLoop({ clock: () => 0 } as unknown as App, 'trial', async () => {
    turns += 1
    return hour
  })
  await expect.poll(() => turns).toBe(1)
  loop.wake(2 * hour)
  loop.wake(50)
  await sleep(300)
  await loop.stop()
  expect(turns).toBe(2)
})
