import { createWriteStream, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { withClient } from '../../src/server/database-roles.ts'
import { examine } from '../../src/server/doctor.ts'
import { smallDisk } from './small-disk.ts'
import { type FaultStage, ask, faultDatabases, openFaultStage } from './stage.ts'

const disk = smallDisk(260)

/** Fills what is left of the disk. */
async function fill(file: string): Promise<void> {
  function* zeros() { for (;;) yield Buffer.alloc(65_536) }
  await pipeline(zeros(), createWriteStream(file)).catch((error: { code?: string }) => {
    if (error.code !== 'ENOSPC') throw error
  })
}

/** Is the server of the database there? It stops by itself when its journal has no room. */
const answers = (stage: FaultStage): Promise<boolean> =>
  withClient(stage.database.superuser, (client) => client.query('select 1')).then(() => true, () => false)

describe.runIf(disk !== null).each(faultDatabases())('the disk of the database is full: $name', (kind) => {
  afterAll(() => { if (kind.name === faultDatabases().at(-1)!.name) disk!.remove() })

  test('acts are refused in words, nothing answered is lost, and work goes on when there is room, on the same node', async () => {
    const stage = await openFaultStage(kind, { within: disk!.folder })
    const ballast = join(disk!.folder, 'ballast')
    try {
      const wang = await stage.person('王协调', 'coordinator')
      const node = await stage.start()
      const acknowledged: string[] = []
      const statuses = new Map<number, number>()
      let stop = false
      const lanes = [0, 1, 2].map(async (lane) => {
        for (let n = 0; !stop; n += 1) {
          for (;;) {
            const answer = await ask(node, wang.secret, 'POST', '/api/task', { title: `磁盘 ${lane}-${n}`, detail: '说明'.repeat(400) },
              { 'idempotency-key': `full-${lane}-${n}` })
            statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
            if (answer.status === 201) acknowledged.push((JSON.parse(answer.body) as { id: string }).id)
            if (answer.status === 201 || stop) break
            await sleep(50)
          }
        }
      })
      const refused = () => [...statuses].filter(([status]) => status !== 201).reduce((sum, [, count]) => sum + count, 0)
      await expect.poll(() => acknowledged.length, { timeout: 30_000 }).toBeGreaterThan(20)
      await fill(ballast)
      await expect.poll(refused, { timeout: 60_000 }).toBeGreaterThan(20)
      expect((await fetch(`${node.url}/api/health`)).status).toBeOneOf([200, 503])
      rmSync(ballast)
      if (!(await answers(stage))) await stage.database.start()
      const before = acknowledged.length
      await expect.poll(() => acknowledged.length, { timeout: 60_000 }).toBeGreaterThan(before + 20)
      stop = true
      await Promise.all(lanes)
      expect([...statuses.keys()].filter((status) => ![201, 503, 507].includes(status))).toEqual([])
      expect(node.child.exitCode).toBeNull()
      const known = new Set((await stage.sql<{ id: string }>(`select id from record where process = 'task'`)).map(({ id }) => id))
      expect(acknowledged.filter((id) => !known.has(id))).toEqual([])
      expect(new Set(acknowledged).size).toBe(acknowledged.length)
      const findings = await withClient(stage.database.superuser, examine)
      expect(findings.filter(({ found }) => found > 0)).toEqual([])
    } finally {
      rmSync(ballast, { force: true })
      await stage.close()
    }
  }, 240_000)
})
