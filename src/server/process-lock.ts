import { execFileSync } from 'node:child_process'
import { closeSync, linkSync, openSync, readFileSync, renameSync, rmSync, unlinkSync, writeSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

const POLL_MS = 25

/**
 * A text that names one life of one process: a later process that gets the same number has another mark.
 * (In a container a restarted program often gets the number that its predecessor had.)
 *
 * @returns null when no such process lives; a zombie does not live
 */
export function processMark(pid: number): string | null {
  if (!Number.isInteger(pid) || pid <= 0) return null
  if (process.platform === 'linux') return linuxMark(pid)
  try {
    const started = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()
    return started === '' ? null : `${pid} ${started}`
  } catch {
    return null
  }
}

function linuxMark(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second column is the program's name in brackets and may itself hold spaces and brackets.
    const columns = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [state, started] = [columns[0], columns[19]]
    return state === 'Z' || state === 'X' ? null : `${pid} ${started}`
  } catch {
    return null
  }
}

/** Whether the process that wrote this mark still lives. */
export function isAlive(mark: string): boolean {
  return mark !== '' && processMark(Number.parseInt(mark, 10)) === mark
}

/** The command line of a process, '' when it is gone or may not be seen. */
export function commandOf(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
  } catch {
    return ''
  }
}

/**
 * Do `work` while holding the lock file `path`; processes of this machine wait for each other. A lock left by
 * a process that no longer lives is taken over.
 *
 * @param options.waitMs  how long to wait for a living holder before giving up with an error that names it
 */
export async function withLock<T>(path: string, options: { waitMs: number }, work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + options.waitMs
  const own = `${processMark(process.pid)}\n${randomUUID()}`
  while (!tryLock(path, own)) {
    if (Date.now() > deadline) {
      throw new Error(`${path} is held by the living process ${readOr(path, '').split(' ')[0]}; giving up waiting`)
    }
    await sleep(POLL_MS)
  }
  try {
    return await work()
  } finally {
    if (readOr(path, '') === own) rmSync(path, { force: true })
  }
}

function tryLock(path: string, own: string): boolean {
  if (create(path, own)) return true
  const holder = readOr(path, null)
  if (holder === null || isAlive(holder.split('\n')[0]!)) return false
  // Dead. Take it away by renaming: of several that saw it dead, only one can. If meanwhile somebody else has
  // taken over and what was renamed is their living lock, it is put back.
  const aside = `${path}.${process.pid}.${randomUUID().slice(0, 8)}`
  try {
    renameSync(path, aside)
  } catch {
    return false
  }
  if (readOr(aside, '') !== holder) {
    try { linkSync(aside, path) } catch { /* a third one was faster; nothing is lost but a wait */ }
  }
  rmSync(aside, { force: true })
  return create(path, own)
}

/** Create the file with its whole content at once (by link), so that nobody ever reads half of it. */
function create(path: string, content: string): boolean {
  const draft = `${path}.${process.pid}.${randomUUID().slice(0, 8)}`
  const file = openSync(draft, 'wx', 0o644)
  try {
    writeSync(file, content)
    closeSync(file)
    linkSync(draft, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    unlinkSync(draft)
  }
}

function readOr<T>(path: string, otherwise: T): string | T {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return otherwise
  }
}
