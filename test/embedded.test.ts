import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { ClientConfig } from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { serverPid, stopCluster } from '../src/server/cluster.ts'
import { withClient } from '../src/server/database-roles.ts'
import { socketFolder, startEmbedded } from '../src/server/embedded.ts'
import { isAlive, processMark } from '../src/server/process-lock.ts'

const NOBODY = 65_534
const asRoot = process.getuid?.() === 0

let dataDir = ''
const apps: ChildProcess[] = []

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'gongdan-embedded-'))
  chmodSync(dataDir, 0o755)
})

afterEach(async () => {
  for (const app of apps.splice(0)) app.kill('SIGKILL')
  if (existsSync(join(dataDir, 'pg18'))) {
    const cluster = realpathSync(join(dataDir, 'pg18'))
    await stopCluster(cluster)
    rmSync(socketFolder(cluster, {}), { recursive: true, force: true })
  }
  rmSync(dataDir, { recursive: true, force: true })
})

describe('one app', () => {
  test('a first start makes the cluster, the roles and the database; leaving stops the server', async () => {
    const embedded = await startEmbedded({ dataDir })
    expect(embedded.version).toMatch(/^18\./)
    expect(await one(embedded.app, `select current_user::text as name, current_database()::text as database,
      current_setting('listen_addresses') as listen, current_setting('fsync') as fsync`))
      .toEqual({ name: 'gongdan_app', database: 'gongdan', listen: '', fsync: 'on' })
    expect(await one(embedded.superuser, `select string_agg(rolname, ' ' order by rolname) as strong from pg_roles
      where (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb) and rolname like 'gongdan%'`))
      .toEqual({ strong: null })
    expect(await one(embedded.superuser, `select datcollate, pg_encoding_to_char(encoding) as encoding,
      datlocale from pg_database where datname = 'gongdan'`)).toMatchObject({ encoding: 'UTF8', datlocale: 'C.UTF-8' })
    await expect(one(embedded.app, 'create table here (id int)')).rejects.toThrow(/permission denied/)
    await one(embedded.owner, 'create table here (id int)')

    expect(statSync(embedded.superuser.host!).mode & 0o777).toBe(0o700)
    expect(statSync(join(dataDir, 'pg18')).mode & 0o777).toBe(0o700)
    expect(Buffer.byteLength(embedded.superuser.host!)).toBeLessThan(80)
    const pid = serverPid(join(dataDir, 'pg18'))!
    await embedded.release()
    await embedded.release()
    expect(processMark(pid)).toBeNull()
    expect(existsSync(embedded.superuser.host!)).toBe(false)
    expect(readdirSync(dataDir).sort()).toEqual(['apps', 'pg18', 'postgres.log'])
  })

  test('what a killed initdb left behind is not taken for a database', async () => {
    mkdirSync(join(dataDir, 'pg18.new-123', 'base'), { recursive: true })
    const embedded = await startEmbedded({ dataDir })
    expect(readdirSync(dataDir)).not.toContain('pg18.new-123')
    await embedded.release()
  })

  test('a failing server shows the end of its log, and a later start begins where it stopped', async () => {
    const first = await startEmbedded({ dataDir })
    await first.release()
    const settings = join(dataDir, 'pg18', 'postgresql.conf')
    const good = readFileSync(settings, 'utf8')
    writeFileSync(settings, `${good}\nno_such_setting = 1\n`)
    await expect(startEmbedded({ dataDir })).rejects.toThrow(/no_such_setting/)
    writeFileSync(settings, good)
    const again = await startEmbedded({ dataDir })
    await again.release()
  })

  test('the log is put aside at a start when it has grown', async () => {
    writeFileSync(join(dataDir, 'postgres.log'), 'x'.repeat(6_000_000))
    const embedded = await startEmbedded({ dataDir })
    await embedded.release()
    expect(statSync(join(dataDir, 'postgres.log.1')).size).toBe(6_000_000)
    expect(statSync(join(dataDir, 'postgres.log')).size).toBeLessThan(10_000)
  })

  test('elsewhere than on Linux with glibc and macOS one sentence names DATABASE_URL', async () => {
    const arch = Object.getOwnPropertyDescriptor(process, 'arch')!
    Object.defineProperty(process, 'arch', { ...arch, value: 'riscv64' })
    try {
      await expect(startEmbedded({ dataDir })).rejects.toThrow(/^The embedded database runs on .* DATABASE_URL .*\.$/)
    } finally {
      Object.defineProperty(process, 'arch', arch)
    }
  })
})

describe('several apps', () => {
  test('two that start at once share one server, and the last one that leaves stops it', async () => {
    const [one, two] = await Promise.all([start(), start()])
    expect(two.said.superuser).toEqual(one.said.superuser)
    const pid = serverPid(join(dataDir, 'pg18'))!
    expect(await leave(one)).toBe(0)
    expect(processMark(pid)).not.toBeNull()
    expect(await leave(two)).toBe(0)
    expect(processMark(pid)).toBeNull()
  })

  test('an app that was killed does not keep the server running when the last living one leaves', async () => {
    const [killed, last] = [await start(), await start()]
    const pid = serverPid(join(dataDir, 'pg18'))!
    await kill(killed)
    expect(await leave(last)).toBe(0)
    expect(processMark(pid)).toBeNull()
    expect(readdirSync(join(dataDir, 'apps'))).toEqual([])
  })
})

describe('after a kill', () => {
  test('of the app, the next start adopts the server that survived', async () => {
    const app = await start()
    const pid = serverPid(join(dataDir, 'pg18'))
    await kill(app)
    const next = await startEmbedded({ dataDir })
    expect(serverPid(join(dataDir, 'pg18'))).toBe(pid)
    await next.release()
    expect(serverPid(join(dataDir, 'pg18'))).toBeNull()
  })

  test('of the server, the next start recovers and has every acknowledged row', async () => {
    const app = await start()
    const owner = { ...app.said.app, user: 'gongdan_owner' }
    await one(owner, 'create table kept (id int)')
    await one(owner, 'insert into kept select generate_series(1, 1000)')
    process.kill(serverPid(join(dataDir, 'pg18'))!, 'SIGKILL')
    const next = await startEmbedded({ dataDir })
    expect(await one(next.owner, 'select count(*)::int as rows from kept')).toEqual({ rows: 1000 })
    await next.release()
    expect(await leave(app)).toBe(0)
  })

  test('a postmaster.pid whose number now belongs to a stranger does not keep the server from starting', async () => {
    const app = await start()
    const file = join(dataDir, 'pg18', 'postmaster.pid')
    process.kill(serverPid(join(dataDir, 'pg18'))!, 'SIGKILL')
    await kill(app)
    const lines = readFileSync(file, 'utf8').split('\n')
    writeFileSync(file, [String(process.ppid), ...lines.slice(1)].join('\n'))
    const next = await startEmbedded({ dataDir })
    expect(isAlive(processMark(serverPid(join(dataDir, 'pg18'))!)!)).toBe(true)
    await next.release()
  })
})

describe.runIf(asRoot)('as root', () => {
  test('the server runs as another user', async () => {
    const embedded = await startEmbedded({ dataDir })
    expect(statSync(`/proc/${serverPid(join(dataDir, 'pg18'))}`).uid).not.toBe(0)
    await embedded.release()
  })

  test('a data folder that only root can enter becomes a link to one that the server can enter', async () => {
    const closed = join(dataDir, 'home')
    mkdirSync(closed, { mode: 0o700 })
    const embedded = await startEmbedded({ dataDir: join(closed, 'data') })
    expect(lstatSync(join(closed, 'data', 'pg18')).isSymbolicLink()).toBe(true)
    const elsewhere = dirname(realpathSync(join(closed, 'data', 'pg18')))
    await embedded.release()
    const again = await startEmbedded({ dataDir: join(closed, 'data') })
    expect(realpathSync(join(closed, 'data', 'pg18'))).toBe(join(elsewhere, 'pg18'))
    await again.release()
    rmSync(elsewhere, { recursive: true })
  })

  test('an ordinary user starts it as itself, and root joins it later as that user', async () => {
    chownSync(dataDir, NOBODY, NOBODY)
    const app = await start(NOBODY)
    expect(statSync(`/proc/${serverPid(join(dataDir, 'pg18'))}`).uid).toBe(NOBODY)
    expect(await leave(app)).toBe(0)
    const byRoot = await startEmbedded({ dataDir })
    expect(statSync(`/proc/${serverPid(join(dataDir, 'pg18'))}`).uid).toBe(NOBODY)
    await byRoot.release()
    expect(await leave(await start(NOBODY))).toBe(0)
  })
})

interface Running { process: ChildProcess, said: { superuser: ClientConfig, app: ClientConfig } }

/** Another process that uses the same data folder. */
async function start(uid?: number): Promise<Running> {
  const script = join(import.meta.dirname, 'embedded-app.ts')
  const app = spawn(process.execPath, ['--import', 'tsx', script, dataDir], {
    stdio: ['ignore', 'pipe', 'pipe'], ...(uid === undefined ? {} : { uid, gid: uid }),
  })
  apps.push(app)
  let complaint = ''
  app.stderr!.on('data', (chunk) => { complaint += chunk })
  const line = await Promise.race([
    once(app.stdout!, 'data').then(([chunk]) => String(chunk)),
    once(app, 'exit').then(([code]) => Promise.reject(new Error(`the app ended with ${code}: ${complaint}`))),
  ])
  return { process: app, said: JSON.parse(line) }
}

async function leave(app: Running): Promise<number | null> {
  app.process.kill('SIGTERM')
  return (await once(app.process, 'exit'))[0]
}

async function kill(app: Running): Promise<void> {
  app.process.kill('SIGKILL')
  await once(app.process, 'exit')
}

async function one(config: ClientConfig, query: string): Promise<unknown> {
  return withClient(config, async (client) => (await client.query(query)).rows[0])
}
