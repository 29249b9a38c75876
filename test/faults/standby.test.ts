import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ClientConfig } from 'pg'
import { expect, test } from 'vitest'
import { type Cluster, startCluster, stopCluster } from '../../src/server/cluster.ts'
import { inDatabase, withClient } from '../../src/server/database-roles.ts'
import { examine } from '../../src/server/doctor.ts'
import { EMBEDDED_SETTINGS } from '../../src/server/embedded.ts'
import { serverUser } from '../../src/server/postgres-binaries.ts'
import { type DatabaseKind, testDatabases } from '../databases.ts'
import { ask, openFaultStage } from './stage.ts'

/** Streaming replication needs pg_basebackup, which comes with an installed PostgreSQL. */
const [installed] = testDatabases().filter(({ bin }) => bin !== undefined)

/** A standby that streams from a server and confirms every commit; it listens in a socket folder of its own. */
async function openStandby(kind: DatabaseKind & { bin: string }, primary: ClientConfig) {
  const folder = mkdtempSync(join(tmpdir(), 'gongdan-standby-'))
  chmodSync(folder, 0o755)
  const user = serverUser(join(dirname(String(primary.host)), 'p', 'data'))
  mkdirSync(join(folder, 'p'), { mode: 0o755 })
  if (user.uid !== undefined) chownSync(join(folder, 'p'), user.uid, user.gid!)
  const cluster: Cluster = { folder: join(folder, 'p', 'data'), socketFolder: join(folder, 's'),
    logFile: join(folder, 'p', 'postgres.log'), user, initOptions: [], settings: { ...EMBEDDED_SETTINGS },
    binaries: { postgres: join(kind.bin, 'postgres'), initdb: join(kind.bin, 'initdb') } }
  execFileSync(join(kind.bin, 'pg_basebackup'), ['-h', String(primary.host), '-p', String(primary.port), '-U', 'postgres',
    '-D', cluster.folder, '-R', '-X', 'stream', '-c', 'fast'], { ...user, cwd: '/', stdio: 'pipe' })
  const standby = inDatabase(await startCluster(cluster), String(primary.database))
  await withClient(primary, async (client) => {
    await client.query(`alter system set synchronous_standby_names = '*'`)
    await client.query('select pg_reload_conf()')
  })
  return { superuser: standby, async close() {
    await stopCluster(cluster.folder)
    rmSync(folder, { recursive: true, force: true })
  } }
}

test.runIf(installed)('the primary dies, its standby takes its place: nothing answered is lost, no node needs help', async () => {
  const stage = await openFaultStage(installed!)
  const primary = stage.database.superuser
  const standby = await openStandby(installed as DatabaseKind & { bin: string }, primary)
  const names = mkdtempSync(join(tmpdir(), 'gongdan-name-'))
  try {
    const wang = await stage.person('王协调', 'coordinator')
    const li = await stage.person('李工', 'bench_engineer')
    // The name under which the nodes know their database; in earnest an address that moves.
    const name = join(names, 'db')
    const moveTo = (server: ClientConfig) => {
      symlinkSync(String(server.host), `${name}.new`)
      renameSync(`${name}.new`, name)
    }
    moveTo(primary)
    const env = { DATABASE_URL: `postgres://gongdan_app@localhost/gongdan?${new URLSearchParams({ host: name,
      port: String(primary.port ?? 5432) })}` }
    const nodes = await Promise.all([stage.start(env), stage.start(env)])
    const acknowledged: string[] = []
    let stop = false
    const lanes = nodes.map(async (node, lane) => {
      for (let n = 0; !stop; n += 1) {
        for (;;) {
          const answer = await ask(node, wang.secret, 'POST', '/api/task', { title: `换机 ${lane}-${n}`, handler: li.id },
            { 'idempotency-key': `standby-${lane}-${n}` })
          if (answer.status < 300 && answer.status > 0) {
            acknowledged.push((JSON.parse(answer.body) as { id: string }).id)
            break
          }
          expect([0, 503]).toContain(answer.status)
          await sleep(50)
        }
      }
    })
    try {
      await expect.poll(() => acknowledged.length, { timeout: 30_000 }).toBeGreaterThan(30)
      stage.database.kill()
      const before = acknowledged.length
      await withClient(standby.superuser, (client) => client.query('select pg_promote()'))
      moveTo(standby.superuser)
      await expect.poll(() => acknowledged.length, { timeout: 60_000 }).toBeGreaterThan(before + 30)
    } finally {
      stop = true
      await Promise.all(lanes)
    }
    expect(nodes.map(({ child }) => child.exitCode)).toEqual([null, null])
    const known = new Set((await withClient(standby.superuser, (client) => client.query<{ id: string }>('select id from record')))
      .rows.map(({ id }) => id))
    expect(acknowledged.filter((id) => !known.has(id))).toEqual([])
    expect(new Set(acknowledged).size).toBe(acknowledged.length)
    const findings = await withClient(standby.superuser, examine)
    expect(findings.filter(({ found }) => found > 0)).toEqual([])
  } finally {
    await stage.close()
    await standby.close()
    rmSync(names, { recursive: true, force: true })
  }
}, 180_000)
