import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serverPid } from '../src/server/cluster.ts'
import { withClient } from '../src/server/database-roles.ts'
import { openDatabase } from '../src/server/db.ts'
import { demoCompanies } from '../src/server/demo/companies.ts'
import { clocksOfAll, examine, examineNouns } from '../src/server/doctor.ts'
import { type Embedded, startEmbedded } from '../src/server/embedded.ts'
import { nouns } from '../src/server/records/index.ts'
import { flowOfAll } from '../src/server/reports/flow-check.ts'
import { house } from './company.ts'

/**
 * The first start of a fresh installation, interrupted twice while the five companies are being made: once as somebody
 * presses Ctrl-C, once as a machine loses its power. Whoever starts again finds them whole.
 */
const launcher = join(import.meta.dirname, '..', 'start.mjs')
const someOfTheLoadMs = 3_000
let folder: string
const children: ChildProcess[] = []

beforeAll(() => {
  execFileSync(process.execPath, [launcher, '--build-only'])
  folder = mkdtempSync(join(tmpdir(), 'gongdan-demonstration-'))
})
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

function start() {
  const child = spawn(process.execPath, [launcher], { stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, GONGDAN_DATA: folder, PORT: '0', HOST: '127.0.0.1', GONGDAN_DEMO: '1', DATABASE_URL: '' } })
  children.push(child)
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { said += chunk.toString() })
  const ended = new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    child.once('exit', (code, signal) => resolve([code, signal]))
  })
  return {
    async says(words: string) {
      while (!said.includes(words)) {
        if (child.exitCode !== null) throw new Error(`it ended: ${said}`)
        await pause(50)
      }
    },
    said: () => said,
    stop(signal: NodeJS.Signals) {
      child.kill(signal)
      return ended
    },
  }
}

const running = () => serverPid(join(folder, 'pg18'))

describe('the demonstration', () => {
  test('ends in good order when it is asked to while the companies are being made, and takes its database with it', async () => {
    const program = start()
    await program.says('migrations applied')
    await pause(someOfTheLoadMs)
    expect(await program.stop('SIGTERM')).toEqual([0, null])
    expect(program.said()).not.toMatch(/Error|ready/)
    expect(running()).toBeNull()
  })

  test('goes on after that, and after a sudden end, to five whole companies in which the doctor finds nothing', async () => {
    const killed = start()
    await pause(2 * someOfTheLoadMs)
    await killed.stop('SIGKILL')
    const program = start()
    await program.says('Gongdan is ready')
    expect(await program.stop('SIGTERM')).toEqual([0, null])
    const embedded = await startEmbedded({ dataDir: folder })
    try {
      expect(await companies(embedded)).toEqual({ companies: demoCompanies.length, twice: 0 })
      expect(await findings(embedded)).toEqual([])
    } finally {
      await embedded.release()
    }
  }, 180_000)
})

const companies = (embedded: Embedded) => withClient(embedded.owner, async (client) => {
  const { rows } = await client.query<{ companies: number; twice: number }>(`
    select (select count(*)::int from company) as companies, (select count(*)::int from (select 1 from record
      where process = 'repair_order' group by company_id, customer, machine, opened_at having count(*) > 1) o) as twice`)
  return rows[0]
})

async function findings(embedded: Embedded): Promise<string[]> {
  const db = openDatabase(embedded.app)
  const silent = { info() {}, warn() {}, error() {} }
  const app = { db, house, clock: () => Date.now(), changed: () => {}, log: silent }
  try {
    return await withClient(embedded.owner, async (client) => [...await examine(client),
      ...await examineNouns(client, Object.fromEntries(Object.entries(nouns).map(([process, { table }]) => [process, table]))),
      await clocksOfAll(client, app), await flowOfAll(client, app)]
      .filter(({ found }) => found > 0).map(({ check, found }) => `${check}: ${found}`))
  } finally {
    await db.close()
  }
}
