import { mkdirSync, mkdtempSync, chmodSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Cluster, initCluster, serverPid, startCluster, stopCluster } from '../../src/server/cluster.ts'
import { APP_ROLE, DATABASE, OWNER_ROLE, ensureRoles, inDatabase } from '../../src/server/database-roles.ts'
import { EMBEDDED_SETTINGS } from '../../src/server/embedded.ts'
import { migrate } from '../../src/server/migrate.ts'
import { embeddedBinaries, serverUser } from '../../src/server/postgres-binaries.ts'
import { type DatabaseKind, MIGRATIONS, type TestDatabase } from '../databases.ts'

/** A PostgreSQL of its own that may be killed: it commits to the disk, as in earnest. */
export type MortalDatabase = TestDatabase & {
  /** kill -9 of the server and all its processes. */
  kill(): void
  /** Starts it again; answers when it has recovered. */
  start(): Promise<void>
}

/** @param within  the folder that it makes its own in */
export async function openMortalDatabase(kind: DatabaseKind, within = tmpdir()): Promise<MortalDatabase> {
  const folder = mkdtempSync(join(within, 'gongdan-crash-'))
  chmodSync(folder, 0o755)
  mkdirSync(join(folder, 'p'), { mode: 0o755 })
  const data = join(folder, 'p', 'data')
  const user = serverUser(data)
  const cluster: Cluster = {
    folder: data, socketFolder: join(folder, 's'), logFile: join(folder, 'p', 'postgres.log'), user,
    binaries: kind.bin === undefined ? embeddedBinaries(folder, user)
      : { postgres: join(kind.bin, 'postgres'), initdb: join(kind.bin, 'initdb') },
    initOptions: ['--locale=C.UTF-8', '--no-sync'], settings: { ...EMBEDDED_SETTINGS },
  }
  await initCluster(cluster)
  const superuser = inDatabase(await startCluster(cluster), DATABASE)
  await ensureRoles(inDatabase(superuser, 'postgres'))
  const owner = { ...superuser, user: OWNER_ROLE }
  await migrate(owner, MIGRATIONS)
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
