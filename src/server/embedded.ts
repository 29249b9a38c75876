import { createHash, randomBytes } from 'node:crypto'
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { ClientConfig } from 'pg'
import { initCluster, startCluster, stopCluster } from './cluster.ts'
import type { Cluster } from './cluster.ts'
import { APP_ROLE, DATABASE, ensureRoles, OWNER_ROLE } from './database-roles.ts'
import { canEnter, embeddedBinaries, serverUser } from './postgres-binaries.ts'
import type { ServerUser } from './postgres-binaries.ts'
import { isAlive, processMark, withLock } from './process-lock.ts'

/** The embedded database as one app sees it: three ways in (decision 12), and the way out. */
export interface Embedded {
  /** database `postgres`, for the launcher only */
  superuser: ClientConfig
  /** database `gongdan`, for migrations */
  owner: ClientConfig
  /** database `gongdan`, for serving */
  app: ClientConfig
  /** of the server, such as "18.4" */
  version: string
  /** Leave. The last app that leaves stops the server and waits for its end. A second call does nothing. */
  release(): Promise<void>
}

// Longer than the recovery of a big database, which happens under the lock.
const LOCK_WAIT_MS = 660_000
const SOCKET_FOLDER_BYTES = 70
// Where the database of a data folder goes that only root can enter: PostgreSQL does not run as root.
const SHARED_STATE = '/var/lib/gongdan'

export const EMBEDDED_SETTINGS: Record<string, string> = {
  shared_buffers: '128MB', max_connections: '60', fsync: 'on', jit: 'off', timezone: 'UTC', log_timezone: 'UTC',
  // The log tells of the server's life. What one statement did wrong is told to the app; here it would only
  // pile up, with people's data in it.
  log_min_messages: 'log', log_min_error_statement: 'panic', log_error_verbosity: 'terse', log_checkpoints: 'off',
}

let registrations = 0

/**
 * Start the embedded PostgreSQL 18 of a data folder, or join the one that already runs there, and see to its
 * roles and its database. Several processes may do so at once; a server that outlived its app is adopted.
 *
 * @param options.dataDir  kept between starts; holds `pg18`, `postgres.log` and who is using them
 * @throws Error with the last lines of the output of initdb or of the server; one sentence that names
 *   DATABASE_URL on systems without these programs
 */
export async function startEmbedded(options: { dataDir: string }): Promise<Embedded> {
  const dataDir = prepareFolder(resolve(options.dataDir))
  const lock = join(dataDir, 'embedded.lock')
  const registration = join(dataDir, 'apps', `${process.pid}-${++registrations}`)
  const { cluster, superuser, version } = await withLock(lock, { waitMs: LOCK_WAIT_MS }, async () => {
    const cluster = embeddedCluster(dataDir)
    await initWithLocale(cluster)
    const superuser = await startCluster(cluster)
    try {
      const { version } = await ensureRoles(superuser)
      writeFileSync(registration, processMark(process.pid) ?? '')
      return { cluster, superuser, version }
    } catch (error) {
      if (othersRegistered(dataDir) === 0) await stopCluster(cluster.folder)
      throw error
    }
  })
  let left = false
  return {
    superuser,
    owner: { ...superuser, user: OWNER_ROLE, database: DATABASE },
    app: { ...superuser, user: APP_ROLE, database: DATABASE },
    version,
    release: async () => {
      if (left) return
      left = true
      await withLock(lock, { waitMs: LOCK_WAIT_MS }, async () => {
        rmSync(registration, { force: true })
        if (othersRegistered(dataDir) > 0) return
        await stopCluster(cluster.folder)
        rmSync(superuser.host!, { recursive: true, force: true })
      })
    },
  }
}

function prepareFolder(dataDir: string): string {
  try {
    mkdirSync(join(dataDir, 'apps'), { recursive: true, mode: 0o755 })
    return realpathSync(dataDir)
  } catch (error) {
    throw new Error(`The data folder ${dataDir} cannot be used: ${(error as Error).message}`, { cause: error })
  }
}

/** How many apps that still live use this data folder; the registrations of dead ones are removed. */
function othersRegistered(dataDir: string): number {
  let living = 0
  for (const name of readdirSync(join(dataDir, 'apps'))) {
    const path = join(dataDir, 'apps', name)
    if (isAlive(readFileSync(path, 'utf8'))) living++
    else rmSync(path, { force: true })
  }
  return living
}

function embeddedCluster(dataDir: string): Cluster {
  const folder = clusterFolder(dataDir)
  const user = serverUser(folder)
  return {
    folder,
    socketFolder: socketFolder(folder, user),
    logFile: join(dataDir, 'postgres.log'),
    binaries: embeddedBinaries(dirname(folder), user),
    user,
    initOptions: ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    settings: EMBEDDED_SETTINGS,
  }
}

/**
 * `pg18` in the data folder; a link to a folder elsewhere when the data folder is out of the server's reach (root
 * starting Gongdan below its closed home). The folder elsewhere has a random name: who deletes the data folder
 * wants to begin anew.
 */
function clusterFolder(dataDir: string): string {
  const folder = join(dataDir, 'pg18')
  const found = lstatSync(folder, { throwIfNoEntry: false })
  if (found?.isSymbolicLink()) {
    const target = resolve(dataDir, readlinkSync(folder))
    return existsSync(target) ? realpathSync(target) : target
  }
  if (found || canEnter(dataDir, serverUser(folder))) return folder
  const elsewhere = join(SHARED_STATE, randomBytes(6).toString('hex'))
  mkdirSync(elsewhere, { recursive: true, mode: 0o755 })
  symlinkSync(join(elsewhere, 'pg18'), folder)
  return join(realpathSync(elsewhere), 'pg18')
}

/** A short private folder for the socket of a cluster, the same at each start. */
export function socketFolder(clusterFolder: string, user: ServerUser): string {
  const name = `gongdan-${createHash('sha256').update(clusterFolder).digest('hex').slice(0, 12)}`
  const folder = join(tmpdir(), name)
  const fits = Buffer.byteLength(folder) <= SOCKET_FOLDER_BYTES && existsSync(tmpdir()) && canEnter(tmpdir(), user)
  return fits ? folder : join('/tmp', name)
}

/** The locale of libc matters little here (the builtin provider sorts and compares), but must exist. */
async function initWithLocale(cluster: Cluster): Promise<void> {
  const first = process.platform === 'darwin' ? ['--locale=C', '--lc-ctype=UTF-8'] : ['--locale=C.UTF-8']
  try {
    await initCluster({ ...cluster, initOptions: [...first, ...cluster.initOptions] })
  } catch (error) {
    if (!/invalid locale/.test((error as Error).message)) throw error
    await initCluster({ ...cluster, initOptions: ['--locale=C', ...cluster.initOptions] })
  }
}
