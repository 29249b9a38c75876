import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Cluster, initCluster, serverPid, startCluster, stopCluster } from '../../src/server/cluster.ts'
import { APP_ROLE, DATABASE, OWNER_ROLE, ensureRoles, inDatabase } from '../../src/server/database-roles.ts'
import { EMBEDDED_SETTINGS } from '../../src/server/embedded.ts'
import { migrate } from '../../src/server/migrate.ts'
import { embeddedBinaries, serverUser } from '../../src/server/postgres-binaries.ts'
import { withLock } from '../../src/server/process-lock.ts'
import { type DatabaseKind, MIGRATIONS, type TestDatabase, runFolder } from '../databases.ts'

/** A PostgreSQL of its own that may be killed: it commits to the disk, as in earnest. */
export type MortalDatabase = TestDatabase & {
  /** kill -9 of the server and all its processes. */
  kill(): void
  /** Starts it again; answers when it has recovered. */
  start(): Promise<void>
}

const migratedMs = 120_000

/** Data and socket below a folder; what is set besides. */
function clusterIn(folder: string, data: string, kind: DatabaseKind, settings: Record<string, string> = {}): Cluster {
  const user = serverUser(data)
  return {
    folder: data, socketFolder: join(folder, 's'), logFile: join(dirname(data), 'postgres.log'), user,
    binaries: kind.bin === undefined ? embeddedBinaries(folder, user)
      : { postgres: join(kind.bin, 'postgres'), initdb: join(kind.bin, 'initdb') },
    initOptions: ['--locale=C.UTF-8', '--no-sync'], settings: { ...EMBEDDED_SETTINGS, ...settings },
  }
}

/** The data folder of a server that has been ended, with the roles and all migrations: made once in a run, to be copied. */
async function migratedFolder(kind: DatabaseKind): Promise<string> {
  const folder = join(runFolder(), `mortal-${kind.name}`)
  const data = join(folder, 'data')
  const made = join(folder, 'made')
  await withLock(`${folder}.lock`, { waitMs: migratedMs }, async () => {
    if (existsSync(made)) return
    mkdirSync(folder, { recursive: true, mode: 0o755 })
    const cluster = clusterIn(folder, data, kind, { fsync: 'off' })
    await initCluster(cluster)
    const superuser = inDatabase(await startCluster(cluster), DATABASE)
    await ensureRoles(inDatabase(superuser, 'postgres'))
    await migrate({ ...superuser, user: OWNER_ROLE }, MIGRATIONS)
    await stopCluster(data)
    writeFileSync(made, '')
  })
  return data
}

/** @param within  the folder that it makes its own in */
export async function openMortalDatabase(kind: DatabaseKind, within = tmpdir()): Promise<MortalDatabase> {
  const folder = mkdtempSync(join(within, 'gongdan-crash-'))
  chmodSync(folder, 0o755)
  mkdirSync(join(folder, 'p'), { mode: 0o755 })
  const data = join(folder, 'p', 'data')
  // With its owner: a server starts on files of its own user alone.
  execFileSync('cp', ['-a', await migratedFolder(kind), data])
  const cluster = clusterIn(folder, data, kind)
  const superuser = inDatabase(await startCluster(cluster), DATABASE)
  const owner = { ...superuser, user: OWNER_ROLE }
  return {
    kind, superuser, owner, app: { ...superuser, user: APP_ROLE },
    kill() {
      const postmaster = serverPid(data)
      if (postmaster === null) return
      const children = childrenOf(postmaster)
      for (const pid of [postmaster, ...children]) {
        try {
          process.kill(pid, 'SIGKILL')
        } catch { /* ended by itself meanwhile */ }
      }
    },
    async start() { await startCluster(cluster) },
    async close() {
      await stopCluster(data)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)
  } catch {
    // Without /proc the children see that their parent is gone, and end.
    return []
  }
}
