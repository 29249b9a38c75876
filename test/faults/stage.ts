import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { uuidv7 } from 'uuidv7'
import type { Role } from '../../src/engine/roles.ts'
import type { Actor } from '../../src/server/context.ts'
import { withClient } from '../../src/server/database-roles.ts'
import { type TestCompany, openTestCompany } from '../company.ts'
import { type MortalDatabase, openMortalDatabase } from '../crash/cluster.ts'
import { type DatabaseKind, testDatabases } from '../databases.ts'

const root = join(import.meta.dirname, '..', '..')

/** The databases that faults are tried on: the installed one, and in the long form every one. */
export const faultDatabases = (): DatabaseKind[] =>
  testDatabases().slice(process.env['GONGDAN_FAULT_ROUNDS'] ? 0 : -1)

/** One node of the real program, in a process of its own. */
export type NodeProcess = { url: string; child: ChildProcess
  /** Waits for its end. */
  stop(signal: NodeJS.Signals): Promise<number | null> }

/** A PostgreSQL that may die, one company in it, and as many nodes of the real program as a test wants. */
export type FaultStage = {
  database: MortalDatabase
  at: TestCompany
  /** A member with a key of the same roles; the secret is what its requests carry. */
  person(name: string, ...roles: Role[]): Promise<Actor & { secret: string }>
  start(env?: Record<string, string>): Promise<NodeProcess>
  sql<R = Record<string, unknown>>(text: string, values?: unknown[]): Promise<R[]>
  close(): Promise<void>
}

/** @param options.within  the folder that the database lies in: a disk of its own */
export async function openFaultStage(kind: DatabaseKind, options: { within?: string } = {}): Promise<FaultStage> {
  const database = await openMortalDatabase(kind, options.within)
  const at = await openTestCompany(kind, { database })
  const nodes: NodeProcess[] = []
  const folders: string[] = []
  const sql = async <R = Record<string, unknown>>(text: string, values: unknown[] = []): Promise<R[]> =>
    (await withClient(database.superuser, (client) => client.query(text, values))).rows as R[]
  return {
    database, at, sql,
    async person(name, ...roles) {
      const actor = await at.person(name, ...roles)
      const secret = `gdk_${createHash('sha256').update(uuidv7()).digest('base64url')}`
      await sql(`insert into api_key (company_id, id, token_hash, name, roles, made_by, made_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, now() - interval '1 day', now() + interval '1 day')`,
        [at.company.id, uuidv7(), createHash('sha256').update(secret).digest(), name, roles, actor.id])
      return { ...actor, secret }
    },
    async start(env = {}) {
      const folder = mkdtempSync(join(tmpdir(), 'gongdan-node-'))
      folders.push(folder)
      const address = (login: string) => `postgres://${login}@localhost/gongdan?${new URLSearchParams({
        host: String(database.superuser.host), port: String(database.superuser.port ?? 5432) })}`
      const node = await startNode({ DATABASE_URL: address('gongdan_app'), GONGDAN_DATA: folder, PORT: '0',
        HOST: '127.0.0.1', GONGDAN_DEMO: '0', ...env })
      nodes.push(node)
      return node
    },
    async close() {
      await Promise.all(nodes.map((node) => node.stop('SIGKILL')))
      await at.db.close()
      await database.close()
      for (const folder of folders) rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function startNode(env: Record<string, string>): Promise<NodeProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(root, 'src/server/main.ts')],
    { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<number | null>((settle) => { child.once('exit', (code) => settle(code)) })
  const url = await new Promise<string>((settle, fail) => {
    createInterface(child.stdout!).on('line', (line) => {
      const found = /ready: (http\S+)/.exec(line)
      if (found) settle(found[1]!.replace('localhost', '127.0.0.1'))
    })
    void ended.then((code) => fail(new Error(`the node ended with ${code} before it was ready`)))
  })
  return { url, child, stop(signal) {
    child.kill(signal)
    return ended
  } }
}

export type Answer = { status: number; body: string }

/** One request with a time of its own; a connection that breaks is an answer with status 0. */
export async function ask(node: NodeProcess, secret: string, method: string, path: string, body?: unknown,
  headers: Record<string, string> = {}, ms = 20_000): Promise<Answer> {
  try {
    const answer = await fetch(`${node.url}${path}`, { method, signal: AbortSignal.timeout(ms),
      headers: { authorization: `Bearer ${secret}`, ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers }, ...(body !== undefined && { body: JSON.stringify(body) }) })
    return { status: answer.status, body: await answer.text() }
  } catch (error) {
    if ((error as Error).name === 'TimeoutError') throw new Error(`${method} ${path} hung for ${ms} ms`, { cause: error })
    return { status: 0, body: String((error as Error).cause ?? error) }
  }
}
