import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { chmodSync, chownSync, closeSync, existsSync, fstatSync, fsyncSync, lstatSync, mkdirSync } from 'node:fs'
import { openSync, readdirSync, readFileSync, readlinkSync, realpathSync, renameSync, rmSync } from 'node:fs'
import { statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { ClientConfig } from 'pg'
import { commandOf, processMark } from './process-lock.ts'
import type { Binaries, ServerUser } from './postgres-binaries.ts'

export const SUPERUSER = 'postgres'

/** One PostgreSQL server that belongs to us: where it lies, whose it is and how it is started. */
export interface Cluster {
  /** data folder, made by `initCluster` */
  folder: string
  /** folder of the unix socket; private, and short because the system limits socket paths to about 100 bytes */
  socketFolder: string
  logFile: string
  binaries: Binaries
  user: ServerUser
  /** options of initdb beyond folder, user and encoding */
  initOptions: string[]
  /** server settings beyond those that this file needs */
  settings: Record<string, string>
}

const READY_MS = 60_000
const RECOVERY_MS = 600_000
const LEFTOVER_MS = 15_000
const STOP_MS = 60_000
const LOG_BYTES_KEPT = 5_000_000
const TAIL_LINES = 12
const PORT = 5432

// Said by PostgreSQL while the remains of a killed server (a zombie, its last child) are still there.
const LEFTOVER = /lock file "[^"]+" already exists|pre-existing shared memory block/

/**
 * Make the data folder of a cluster unless it is there: in a folder beside it that is renamed when complete, so
 * that an interrupted initdb is never taken for a database. Call it under a lock.
 */
export async function initCluster(cluster: Cluster): Promise<void> {
  const parent = dirname(cluster.folder)
  for (const name of readdirSync(parent)) {
    const unfinished = name.startsWith(`${basename(cluster.folder)}.new-`)
    if (unfinished) rmSync(join(parent, name), { recursive: true, force: true })
  }
  if (existsSync(join(cluster.folder, 'PG_VERSION'))) return
  const draft = `${cluster.folder}.new-${process.pid}`
  mkdirSync(draft, { mode: 0o700 })
  give(draft, cluster.user)
  const options = ['-D', draft, '-U', SUPERUSER, '-A', 'trust', '-E', 'UTF8', ...cluster.initOptions]
  const { code, output } = await run(cluster.binaries.initdb, options, cluster.user)
  if (code !== 0) {
    rmSync(draft, { recursive: true, force: true })
    throw new Error(`The database could not be made in ${cluster.folder}. initdb said:\n${lastLines(output)}`)
  }
  renameSync(draft, cluster.folder)
  const handle = openSync(parent, 'r')
  fsyncSync(handle)
  closeSync(handle)
}

/**
 * How to reach the server of this cluster as superuser: one that lives is adopted, else one is started, detached
 * from this process. Waits until it answers (also through its recovery after a crash). Call it under a lock.
 *
 * @throws Error with the last lines of the server's log
 */
export async function startCluster(cluster: Cluster): Promise<ClientConfig> {
  const running = await adopt(cluster)
  if (running) return running
  makeSocketFolder(cluster)
  const deadline = Date.now() + LEFTOVER_MS
  for (;;) {
    const output = await startOnce(cluster)
    if (output === null) return superuser(cluster.socketFolder)
    if (!LEFTOVER.test(output) || Date.now() > deadline) {
      throw new Error(`The database server did not start. Its log ${cluster.logFile} ends with:\n${lastLines(output)}`)
    }
    await sleep(100)
  }
}

/** The server's process number, null when none lives for this folder. */
export function serverPid(folder: string): number | null {
  const pid = Number(readPidFile(folder)?.[0])
  return pid > 0 && processMark(pid) && isServerOf(folder, pid) ? pid : null
}

function isServerOf(folder: string, pid: number): boolean {
  const command = commandOf(pid)
  if (!command.includes('postgres')) return false
  try {
    // A server works in its data folder, whatever that was called when it was started.
    if (process.platform === 'linux') return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(folder)
  } catch { /* not ours to look into: its command line must do */ }
  return command.includes(folder)
}

/** Stop the server in good order (open connections are closed, work under way is rolled back) and wait for its end. */
export async function stopCluster(folder: string): Promise<void> {
  const pid = serverPid(folder)
  if (pid === null) return
  const mark = processMark(pid)
  process.kill(pid, 'SIGINT')
  const deadline = Date.now() + STOP_MS
  while (mark !== null && processMark(pid) === mark) {
    if (Date.now() > deadline) throw new Error(`The database server (process ${pid}) did not stop in ${STOP_MS} ms`)
    await sleep(10)
  }
}

async function adopt(cluster: Cluster): Promise<ClientConfig | null> {
  const pid = serverPid(cluster.folder)
  if (pid === null) {
    disownStrangerPid(cluster.folder)
    return null
  }
  // Lines of postmaster.pid: process, folder, start, port, socket folder, … The last ones come a moment later.
  const deadline = Date.now() + RECOVERY_MS
  let refused = 0
  while (Date.now() < deadline && serverPid(cluster.folder) === pid) {
    const socketFolder = readPidFile(cluster.folder)?.[4]
    if (socketFolder) {
      const state = await ping(superuser(socketFolder))
      if (state === 'ready') return superuser(socketFolder)
      if (state === 'unreachable' && ++refused * 50 > LEFTOVER_MS) {
        throw new Error(`A database server (process ${pid}) runs on ${cluster.folder}, but nothing answers at its `
          + `socket in ${socketFolder}. End it (kill -INT ${pid}), then start again.`)
      }
    }
    await sleep(50)
  }
  return null
}

/**
 * A postmaster.pid of a dead server whose number now belongs to a stranger (usual in restarted containers) would
 * make PostgreSQL refuse to start. With our own number in it PostgreSQL knows that it is stale (it is our child)
 * and still makes its other checks.
 */
function disownStrangerPid(folder: string): void {
  const lines = readPidFile(folder)
  const pid = Number(lines?.[0])
  if (!lines || !(pid > 0) || processMark(pid) === null) return
  writeFileSync(join(folder, 'postmaster.pid'), [String(process.pid), ...lines.slice(1)].join('\n'))
}

function readPidFile(folder: string): string[] | null {
  try {
    return readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n').map((line) => line.trim())
  } catch {
    return null
  }
}

/** One try to start. Null = it answers; else what the server wrote before it gave up. */
async function startOnce(cluster: Cluster): Promise<string | null> {
  const log = openLog(cluster)
  const from = fstatSync(log).size
  const settings = {
    listen_addresses: '', port: String(PORT), unix_socket_directories: cluster.socketFolder,
    unix_socket_permissions: '0700', ...cluster.settings,
  }
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = spawn(cluster.binaries.postgres, ['-D', cluster.folder, ...options], {
    ...cluster.user, cwd: '/', detached: true, stdio: ['ignore', log, log], env: environment(),
  })
  closeSync(log)
  const ended = new Promise<string>((settle) => {
    child.once('error', (error) => settle(error.message))
    child.once('exit', (code, signal) => settle(`the server ended (${signal ?? code})`))
  })
  const failure = await Promise.race([ended, untilReady(cluster, child)])
  child.unref()
  return failure === null ? null : `${readFileSync(cluster.logFile).subarray(from).toString()}\n${failure}`
}

async function untilReady(cluster: Cluster, child: ChildProcess): Promise<string | null> {
  const began = Date.now()
  for (let wait = 10; ; wait = Math.min(wait * 2, 100)) {
    const state = await ping(superuser(cluster.socketFolder))
    if (state === 'ready') return null
    if (Date.now() - began > (state === 'starting' ? RECOVERY_MS : READY_MS)) {
      child.kill('SIGINT')
      return `the server did not answer within ${Math.round((Date.now() - began) / 1000)} s`
    }
    if (child.exitCode !== null || child.signalCode !== null) return new Promise(() => {})
    await sleep(wait)
  }
}

async function ping(config: ClientConfig): Promise<'ready' | 'starting' | 'unreachable'> {
  const client = new pg.Client({ ...config, connectionTimeoutMillis: 5_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.end()
    return 'ready'
  } catch (error) {
    return (error as { code?: string }).code === '57P03' ? 'starting' : 'unreachable'
  }
}

function superuser(socketFolder: string): ClientConfig {
  // Said, because else the environment (PGSSLMODE) decides.
  return { host: socketFolder, port: PORT, user: SUPERUSER, database: 'postgres', ssl: false }
}

/** Access rests on this folder alone (no passwords), so a folder of somebody else or one open to others is refused. */
function makeSocketFolder(cluster: Cluster): void {
  mkdirSync(cluster.socketFolder, { recursive: true, mode: 0o700 })
  const own = process.getuid?.()
  const found = lstatSync(cluster.socketFolder)
  if (!found.isDirectory() || (own !== 0 && own !== undefined && found.uid !== own)
    || (own === 0 && found.uid !== 0 && found.uid !== cluster.user.uid)) {
    throw new Error(`${cluster.socketFolder} belongs to somebody else: remove it, or set TMPDIR to another folder.`)
  }
  give(cluster.socketFolder, cluster.user)
  chmodSync(cluster.socketFolder, 0o700)
  // Of a killed server: its number in the lock file may by now be a stranger's. No server of ours runs here.
  for (const left of ['', '.lock']) rmSync(join(cluster.socketFolder, `.s.PGSQL.${PORT}${left}`), { force: true })
}

function openLog(cluster: Cluster): number {
  if (existsSync(cluster.logFile) && statSync(cluster.logFile).size > LOG_BYTES_KEPT) {
    renameSync(cluster.logFile, `${cluster.logFile}.1`)
  }
  const log = openSync(cluster.logFile, 'a', 0o600)
  give(cluster.logFile, cluster.user)
  return log
}

function give(path: string, user: ServerUser): void {
  if (user.uid !== undefined && user.gid !== undefined) chownSync(path, user.uid, user.gid)
}

/** What a database program may know of our environment: settings such as PGDATA would change what it does. */
function environment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], LC_MESSAGES: 'C', TZ: 'UTC' }
}

/** Run a program to its end; its output is both of its streams as they came. */
function run(program: string, args: string[], user: ServerUser): Promise<{ code: number | null, output: string }> {
  return new Promise((settle) => {
    let output = ''
    const child = spawn(program, args, { ...user, cwd: '/', env: environment(), stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.on('data', (chunk) => { output += chunk })
    child.stderr.on('data', (chunk) => { output += chunk })
    child.once('error', (error) => settle({ code: null, output: `${output}${error.message}` }))
    child.once('close', (code) => settle({ code, output }))
  })
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-TAIL_LINES).map((line) => `  ${line}`).join('\n')
}
