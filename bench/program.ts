import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { ClientConfig } from 'pg'
import { root } from '../scripts/sources.ts'

export const pause = (ms: number) => new Promise((resolve) => { setTimeout(resolve, ms) })

const freePort = (): Promise<number> => new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address() as { port: number }
    server.close(() => resolve(port))
  })
})

const urlOf = ({ user, database, host, port }: ClientConfig): string =>
  `postgres:///${database}?host=${encodeURIComponent(host!)}&port=${port ?? 5432}&user=${user}`

/** The built program in a process of its own. Memory in MB, null where the system does not tell. */
export type Program = Awaited<ReturnType<typeof startProgram>>

const pollMs = 20
const patienceMs = 30_000

/**
 * The program as it is started anywhere, on this database, its demonstration left out.
 *
 * @param folder  its data folder
 * @throws Error when there is no build, or it does not answer within half a minute
 */
export async function startProgram(database: ClientConfig, folder: string) {
  const main = join(root, 'dist', 'server', 'main.js')
  if (!existsSync(main)) throw new Error('there is no build: npm run -s build')
  const port = await freePort()
  const began = performance.now()
  const child = spawn(process.execPath, [main], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env,
    DATABASE_URL: urlOf(database), PORT: String(port), HOST: '127.0.0.1', GONGDAN_DATA: folder, GONGDAN_DEMO: '0',
    LOG_LEVEL: 'warn' } })
  const url = `http://127.0.0.1:${port}`
  const ended = new Promise((resolve) => { child.once('exit', resolve) })
  while (!(await fetch(`${url}/api/health`).then(({ ok }) => ok, () => false))) {
    if (performance.now() - began > patienceMs || child.exitCode !== null) throw new Error('the program does not answer')
    await pause(pollMs)
  }
  const status = `/proc/${child.pid}/status`
  const memory = (field: string): number | null =>
    existsSync(status) ? Math.round(Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(status, 'utf8'))![1]) / 1024) : null
  return { url,
    /** From its start to its first good answer, ms. */
    startedMs: Math.round(performance.now() - began),
    /** The peak counts from here on. */
    forget() { if (existsSync(status)) writeFileSync(`/proc/${child.pid}/clear_refs`, '5') },
    peak: () => memory('VmHWM'),
    resident: () => memory('VmRSS'),
    async end() {
      child.kill('SIGTERM')
      await ended
    } }
}
