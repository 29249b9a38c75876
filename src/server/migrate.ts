import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import type { Client, ClientConfig } from 'pg'
import { APP_ROLE, withClient } from './database-roles.ts'

/** A migration as it lies in the folder. */
export interface MigrationFile { name: string, sql: string, hash: string }

const FILE_NAME = /^\d{4}_[a-z0-9_]+\.sql$/
const LOCK_KEY = 4_719_051

/**
 * Bring a database to the level of a folder of `NNNN_name.sql` files: in order, forward only, each file in one
 * transaction together with its row in the table `migration`. Of several nodes that start at once one does it and
 * the others wait.
 *
 * @param owner  the role that owns the schema
 * @param app  the role that serves
 * @param until  the last migration that is wanted: a backup comes in at the level at which it was made
 * @returns the name of the last migration, and of those applied now
 * @throws Error when the database is newer than the folder, an applied file was changed, a file comes before an
 *   applied one, or a statement fails (with file and line; earlier files stay applied)
 */
export async function migrate(owner: ClientConfig, folder: string, app = APP_ROLE, until?: string):
  Promise<{ level: string, applied: string[] }> {
  const files = migrationFiles(folder).filter(({ name }) => until === undefined || name <= until)
  return withClient(owner, async (client) => {
    await client.query('select pg_advisory_lock($1)', [LOCK_KEY])
    await ensureTable(client)
    const pending = comparePast(await recorded(client), files)
    for (const file of pending) await apply(client, file, app)
    return { level: files.at(-1)?.name ?? '', applied: pending.map((file) => file.name) }
  })
}

/**
 * The last migration that a database has, null when it has none. May be asked as any role that can connect.
 * Compare with `folderLevel` before serving.
 */
export async function migrationLevel(client: Pick<Client, 'query'>): Promise<string | null> {
  const { rows } = await client.query(`select to_regclass('public.migration') is not null as made`)
  if (!rows[0].made) return null
  const last = await client.query('select max(name) as name from public.migration')
  return last.rows[0].name
}

/** The level that the migrations of a folder lead to, '' for an empty one. */
export function folderLevel(folder: string): string {
  return migrationFiles(folder).at(-1)?.name ?? ''
}

/** A text that changes with any migration of the folder: databases made from equal folders are equal. */
export function folderHash(folder: string): string {
  const hash = createHash('sha256')
  for (const file of migrationFiles(folder)) hash.update(`${file.name} ${file.hash}\n`)
  return hash.digest('hex')
}

/** The migrations of a folder in order. Names are without `.sql`; line ends do not count for the hash. */
export function migrationFiles(folder: string): MigrationFile[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.sql')).sort()
  for (const [index, name] of names.entries()) {
    if (!FILE_NAME.test(name)) throw new Error(`${join(folder, name)} is not named like 0001_what_it_does.sql`)
    if (names[index - 1]?.slice(0, 4) === name.slice(0, 4)) {
      throw new Error(`Two migrations have the number ${name.slice(0, 4)}: ${names[index - 1]} and ${name}`)
    }
  }
  return names.map((name) => {
    const sql = readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n')
    return { name: name.slice(0, -'.sql'.length), sql, hash: createHash('sha256').update(sql).digest('hex') }
  })
}

async function ensureTable(client: Client): Promise<void> {
  // Looked up first: «if not exists» would tell a notice at each start.
  const { rows } = await client.query(`select to_regclass('public.migration') is not null as made`)
  if (rows[0].made) return
  await client.query(`begin;
    create table public.migration (
      name text primary key,
      hash text not null,
      applied_at timestamptz not null default now()
    );
    grant select on public.migration to public;
    commit`)
}

async function recorded(client: Client): Promise<Map<string, string>> {
  const { rows } = await client.query('select name, hash from public.migration order by name')
  return new Map(rows.map((row) => [row.name, row.hash]))
}

/** What is still to be applied; an error where the database's past is not the past of the folder. */
function comparePast(past: Map<string, string>, files: MigrationFile[]): MigrationFile[] {
  const known = new Set(files.map((file) => file.name))
  const newer = [...past.keys()].filter((name) => !known.has(name))
  if (newer.length > 0) {
    throw new Error(`The database is newer than this program: it has ${newer.join(', ')}. Start a newer Gongdan.`)
  }
  const changed = files.find((file) => past.has(file.name) && past.get(file.name) !== file.hash)
  if (changed) {
    throw new Error(`The migration ${changed.name} was changed after this database had applied it. `
      + 'Put it back as it was and write a new one.')
  }
  const last = [...past.keys()].at(-1) ?? ''
  const pending = files.filter((file) => !past.has(file.name))
  if (pending[0] && pending[0].name < last) {
    throw new Error(`The migration ${pending[0].name} comes before ${last}, which this database already has. `
      + 'Give it a higher number.')
  }
  return pending
}

/** The files grant to `gongdan_app`; where the server's login has another name, it is granted to that one. */
async function apply(client: Client, file: MigrationFile, app: string): Promise<void> {
  await client.query('begin')
  try {
    await client.query(file.sql.replaceAll(APP_ROLE, client.escapeIdentifier(app)))
    await client.query('insert into public.migration (name, hash) values ($1, $2)', [file.name, file.hash])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw new Error(`The migration ${file.name} failed${lineOf(error, file.sql)}: ${(error as Error).message}`,
      { cause: error })
  }
}

function lineOf(error: unknown, sql: string): string {
  if (!(error instanceof pg.DatabaseError) || error.position === undefined) return ''
  // PostgreSQL counts characters, not UTF-16 units.
  const before = Array.from(sql).slice(0, Number(error.position) - 1)
  return ` at line ${before.filter((character) => character === '\n').length + 1}`
}
