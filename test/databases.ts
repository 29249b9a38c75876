/**
 * Real databases for tests. A suite asks for the kinds that this machine has and opens a fresh, migrated database
 * of one:
 *
 *   for (const kind of testDatabases()) describe(kind.name, () => {
 *     beforeEach(async () => { db = await openTestDatabase(kind) })
 *     afterEach(() => db.close())
 *
 * One server of each kind serves a whole run, all workers together; a database is a copy of a template that is
 * migrated once for each state of migrations/.
 */
import { randomBytes } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { ClientConfig } from 'pg'
import { initCluster, serverPid, startCluster, stopCluster } from '../src/server/cluster.ts'
import type { Cluster } from '../src/server/cluster.ts'
import { APP_ROLE, closeDatabase, ensureRoles, OWNER_ROLE, withClient } from '../src/server/database-roles.ts'
import { EMBEDDED_SETTINGS } from '../src/server/embedded.ts'
import { folderHash, migrate } from '../src/server/migrate.ts'
import { embeddedBinaries, serverUser } from '../src/server/postgres-binaries.ts'
import type { Binaries } from '../src/server/postgres-binaries.ts'
import { isAlive, processMark, withLock } from '../src/server/process-lock.ts'

export interface DatabaseKind {
  /** `embedded-18` as packed with Gongdan; `postgres-15` (or the oldest that this machine has) as in production */
  name: string
  /** of an installed PostgreSQL; undefined = the embedded one */
  bin?: string
}

export interface TestDatabase {
  kind: DatabaseKind
  /** into this database, past row-level security: for looking at what really lies there */
  superuser: ClientConfig
  owner: ClientConfig
  app: ClientConfig
  close(): Promise<void>
}

export interface TestOptions {
  /** default migrations/ */
  migrations?: string
}

const RUN_VARIABLE = 'GONGDAN_TEST_RUN'
const RUN_PREFIX = 'gongdan-test-'
const RUN_OWNER = 'owner'
const ORPHAN_MS = 60_000
const LOCK_WAIT_MS = 120_000
const OLDEST = 15
export const MIGRATIONS = join(import.meta.dirname, '..', 'migrations')

/** The kinds of database that this machine has; GONGDAN_TEST_DATABASES=embedded-18 (or a list with commas) picks. */
export function testDatabases(): DatabaseKind[] {
  const found = installedPostgres()
  const kinds: DatabaseKind[] = [{ name: 'embedded-18' }]
  if (found) kinds.push({ name: `postgres-${found.major}`, bin: found.bin })
  const picked = process.env['GONGDAN_TEST_DATABASES']?.split(',')
  return picked ? kinds.filter((kind) => picked.includes(kind.name)) : kinds
}

/**
 * The kind that business stories, walks and papers run on: the oldest installed PostgreSQL, else the embedded one. They
 * send the same statements on every kind, and it is the older server that may lack something that they use. What could
 * differ between the two is the ground's, and its suites run on both: run, lists, search, migrations, plans, stock,
 * sheets, reports, backup, effects, clocks, accounts, files; and of the stories the longest path (repair-order) and the
 * ledger of the store (stock). The browser suites go through all of it on the embedded one. Kinds that
 * GONGDAN_TEST_DATABASES names are all taken. Source: docs/decisions/0095-where-the-suites-run.md
 */
export function storyDatabases(): DatabaseKind[] {
  const kinds = testDatabases()
  return process.env['GONGDAN_TEST_DATABASES'] ? kinds : kinds.slice(-1)
}

/** What a whole run would need and this machine has not. */
export function missingDatabases(): string[] {
  return installedPostgres()?.major === OLDEST ? [] : [`postgres-${OLDEST}`]
}

/** A fresh database with all migrations applied. Some tens of milliseconds, the first of a run a second or two. */
export async function openTestDatabase(kind: DatabaseKind, options: TestOptions = {}): Promise<TestDatabase> {
  const server = await startTestServer(kind)
  const template = await migratedTemplate(server, options.migrations ?? MIGRATIONS)
  const database = `t_${process.pid}_${randomBytes(5).toString('hex')}`
  await withClient(server.superuser, async (client) => {
    await client.query(`create database ${database} owner ${OWNER_ROLE} template ${template}`)
    await closeDatabase(client, database, APP_ROLE)
  })
  return {
    kind,
    superuser: { ...server.superuser, database },
    owner: { ...server.superuser, user: OWNER_ROLE, database },
    app: { ...server.superuser, user: APP_ROLE, database },
    close: () => withClient(server.superuser, async (client) => {
      await client.query(`drop database if exists ${database} with (force)`)
    }),
  }
}

/**
 * An empty server of a kind for this run, for tests of roles and migrations themselves. Shared: clean up behind. It never
 * waits for the disk, since nobody ends it before the run is over: what kills a server makes its own (crash/cluster.ts).
 */
export async function startTestServer(kind: DatabaseKind): Promise<TestServer> {
  const known = servers.get(kind.name)
  if (known) return known
  const started = startServer(kind)
  servers.set(kind.name, started)
  started.catch(() => servers.delete(kind.name))
  return started
}

export interface TestServer { superuser: ClientConfig, lock: string }

const servers = new Map<string, Promise<TestServer>>()

async function startServer(kind: DatabaseKind): Promise<TestServer> {
  const run = runFolder()
  const folder = join(run, kind.name)
  const lock = join(run, `${kind.name}.lock`)
  const superuser = await withLock(lock, { waitMs: LOCK_WAIT_MS }, async () => {
    if (!existsSync(folder)) mkdirSync(folder, { mode: 0o755 })
    const cluster = testCluster(folder, kind)
    await initCluster(cluster)
    const superuser = await startCluster(cluster)
    // Interrupted meanwhile: nobody would ever end this server.
    if (existsSync(join(run, RUN_OWNER))) return superuser
    killRun(run)
    throw new Error('The test run is over')
  })
  return { superuser, lock }
}

function testCluster(folder: string, kind: DatabaseKind): Cluster {
  const data = join(folder, 'data')
  const user = serverUser(data)
  const binaries: Binaries = kind.bin === undefined ? embeddedBinaries(folder, user)
    : { postgres: join(kind.bin, 'postgres'), initdb: join(kind.bin, 'initdb') }
  const provider = kind.bin === undefined ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : []
  return {
    folder: data, socketFolder: join(folder, 's'), logFile: join(folder, 'postgres.log'), binaries, user,
    initOptions: ['--locale=C.UTF-8', '--no-sync', ...provider],
    settings: {
      ...EMBEDDED_SETTINGS, max_connections: '200', fsync: 'off', full_page_writes: 'off',
      // Tests are looked into after they failed.
      log_min_messages: 'warning', log_min_error_statement: 'error', log_error_verbosity: 'default',
    },
  }
}

/** A database with all migrations that nobody may enter, so that it can be copied at any time. */
async function migratedTemplate(server: TestServer, migrations: string): Promise<string> {
  const template = `template_${folderHash(migrations).slice(0, 16)}`
  const exists = () => withClient(server.superuser, async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1 and datistemplate', [template])
    return rowCount === 1
  })
  if (await exists()) return template
  await withLock(server.lock, { waitMs: LOCK_WAIT_MS }, async () => {
    if (await exists()) return
    await withClient(server.superuser, (client) => client.query(`drop database if exists ${template} with (force)`))
    await ensureRoles(server.superuser, { database: template })
    await migrate({ ...server.superuser, user: OWNER_ROLE, database: template }, migrations)
    await withClient(server.superuser, (client) => client.query(
      `alter database ${template} with is_template true allow_connections false`))
  })
  return template
}

// The run: a folder for all servers, and their end

/** Open the folder of a run and say its name to all workers; the answer ends the servers and removes it. */
export function openRun(): () => Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(RUN_PREFIX))) {
    const left = join(tmpdir(), name)
    if (isOver(left)) killRun(left)
  }
  const run = makeRun()
  process.env[RUN_VARIABLE] = run
  const onExit = () => killRun(run)
  process.once('exit', onExit)
  return async () => {
    process.off('exit', onExit)
    for (const name of serverFolders(run)) await stopCluster(name)
    rmSync(run, { recursive: true, force: true })
  }
}

/** The folder of this run. Programs outside of vitest open one of their own: its servers end with the process. */
export function runFolder(): string {
  if (process.env[RUN_VARIABLE] === undefined) openRun()
  return process.env[RUN_VARIABLE]!
}

/** A run whose process lives no more, or what a worker still wrote into it after its end. */
function isOver(run: string): boolean {
  const owner = join(run, RUN_OWNER)
  if (existsSync(owner)) return !isAlive(readFileSync(owner, 'utf8'))
  const made = statSync(run, { throwIfNoEntry: false })
  return made !== undefined && Date.now() - made.mtimeMs > ORPHAN_MS
}

function makeRun(): string {
  const run = mkdtempSync(join(tmpdir().length < 40 ? tmpdir() : '/tmp', RUN_PREFIX))
  // The server's user has to pass; what is private lies deeper.
  chmodSync(run, 0o755)
  writeFileSync(join(run, RUN_OWNER), processMark(process.pid) ?? '')
  return run
}

function serverFolders(run: string): string[] {
  return readdirSync(run).map((name) => join(run, name, 'data')).filter((folder) => existsSync(folder))
}

/** Without waiting, as the last act of a process: the databases are thrown away. */
function killRun(run: string): void {
  if (!existsSync(run) || !basename(run).startsWith(RUN_PREFIX)) return
  for (const folder of serverFolders(run)) {
    const pid = serverPid(folder)
    if (pid !== null) process.kill(pid, 'SIGQUIT')
  }
  rmSync(run, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
}

type Installed = { major: number, bin: string } | null
let installed: Installed | undefined

/** PostgreSQL 15 if this machine has it, else the next newer one. Looked for once in a process: programs are asked. */
const installedPostgres = (): Installed => (installed === undefined ? installed = findPostgres() : installed)

function findPostgres(): Installed {
  const folders = existsSync('/usr/lib/postgresql')
    ? readdirSync('/usr/lib/postgresql').map((major) => join('/usr/lib/postgresql', major, 'bin')) : []
  try {
    folders.push(execFileSync('pg_config', ['--bindir'], { encoding: 'utf8' }).trim())
  } catch { /* not installed, or without its development part */ }
  const found = folders.filter((bin) => existsSync(join(bin, 'initdb'))).map((bin) => {
    const version = execFileSync(join(bin, 'postgres'), ['--version'], { encoding: 'utf8' })
    return { major: Number(/(\d+)/.exec(version)?.[1]), bin }
  })
  return found.filter(({ major }) => major >= OLDEST).sort((a, b) => a.major - b.major)[0] ?? null
}
