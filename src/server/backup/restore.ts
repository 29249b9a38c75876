import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import type { Client, ClientConfig } from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { withClient } from '../database-roles.ts'
import { folderLevel, migrate, migrationLevel } from '../migrate.ts'
import type { FileStore } from '../ports/file-store.ts'
import { type Manifest, type Say, countingHash, hashOfFile, keptFile, readManifest, tableFile } from './backup.ts'
import { type BackupTable, copyIn, copyOut, moveCounters, restKeys, sameText, tablesOf } from './tables.ts'

/** Where a backup goes. */
export type Target = {
  owner: ClientConfig
  /** The login that serves: the tables are granted to it. */
  app: string
  store: FileStore
  /** The folder of migrations. */
  migrations: string
}

/**
 * Brings a backup into an empty database, whatever kind of PostgreSQL it came from, and compares every table and every
 * file with what was written down when it was made. Tables come in one transaction: all or nothing.
 *
 * @throws one sentence when the database is not empty, when the backup is newer than the program, when a file of the
 *   backup is damaged, or when what arrived differs; the database is as empty as before then
 */
export async function restore(folder: string, target: Target, say: Say): Promise<Manifest> {
  const manifest = await readManifest(folder)
  const newest = folderLevel(target.migrations)
  if (manifest.level > newest) {
    throw new Error(`The backup stands at ${manifest.level}, this program at ${newest}: restore it with a newer one.`)
  }
  await withClient(target.owner, (client) => emptySchema(client, target.app))
  await migrate(target.owner, target.migrations, target.app, manifest.level)
  await putFiles(folder, target.store)
  say(`${manifest.files.count} files`)
  await withClient(target.owner, async (client) => {
    await client.query(sameText)
    await client.query('begin')
    await fill(client, folder, manifest)
    await client.query('commit')
    await client.query('analyze')
  })
  say(`${Object.keys(manifest.tables).length} tables, compared`)
  const { applied } = await migrate(target.owner, target.migrations, target.app)
  if (applied.length > 0) say(`${applied.length} migrations applied since`)
  return manifest
}

/** Somebody's data is never overwritten: only a database in which no company lives is made anew. */
async function emptySchema(client: Client, app: string): Promise<void> {
  if (await migrationLevel(client) !== null) {
    const { rows } = await client.query<{ lived_in: boolean }>('select exists (select from company) as lived_in')
    if (rows[0]!.lived_in) {
      throw new Error('The database is not empty. Restore into a new one (another GONGDAN_DATA or DATABASE_URL) and '
        + 'change over when it is right.')
    }
  }
  const name = client.escapeIdentifier(app)
  await client.query(`begin; drop schema public cascade; create schema public;
    revoke all on schema public from public; grant usage on schema public to ${name}; commit`)
}

async function fill(client: Client, folder: string, manifest: Manifest): Promise<void> {
  const tables = await tablesOf(client)
  const unlike = tables.filter(({ name, columns }) => columns.join() !== manifest.tables[name]?.columns.join())
    .map(({ name }) => name)
  if (unlike.length > 0) throw new Error(`The backup does not fit its own migrations: ${unlike.join(', ')}`)
  const wakeKeys = await restKeys(client, tables)
  for (const table of tables) {
    // Rows that a migration itself has put there are in the backup as well.
    await client.query(`delete from public."${table.name}"`)
    const arriving = countingHash()
    await pipeline(createReadStream(tableFile(folder, table.name)), createGunzip(), arriving.stream,
      client.query(copyFrom(copyIn(table))))
    compare(table, arriving.result(), manifest, 'the backup is damaged')
    compare(table, await readBack(client, table), manifest, 'it came out differently')
  }
  await wakeKeys()
  await moveCounters(client)
}

async function readBack(client: Client, table: BackupTable) {
  const counted = countingHash()
  const nowhere = new Writable({ write(_chunk, _encoding, done) { done() } })
  await pipeline(client.query(copyTo(copyOut(table))), counted.stream, nowhere)
  return counted.result()
}

function compare({ name }: BackupTable, found: { rows: number; sha256: string }, manifest: Manifest, what: string) {
  const wanted = manifest.tables[name]!
  if (found.sha256 === wanted.sha256) return
  throw new Error(`The table ${name}: ${what} (${found.rows} rows of ${wanted.rows}). Nothing was restored.`)
}

/** Files first: a row never names bytes that are not there. Those that the store has already are left. */
async function putFiles(folder: string, store: FileStore): Promise<void> {
  for (const company of await readdir(join(folder, 'files')).catch(() => [])) {
    for (const head of await readdir(join(folder, 'files', company))) {
      for (const sha256 of await readdir(join(folder, 'files', company, head))) {
        if (!/^[0-9a-f]{64}$/.test(sha256)) continue
        await putFile(keptFile(folder, Number(company), sha256), store, Number(company), sha256)
      }
    }
  }
}

async function putFile(place: string, store: FileStore, company: number, sha256: string): Promise<void> {
  if (await hashOfFile(place) !== sha256) throw new Error(`The file ${place} is damaged. Nothing was restored.`)
  const there = await store.get(company, sha256)
  if (there !== null) {
    there.destroy()
    return
  }
  const received = await store.put(company, createReadStream(place), Number.MAX_SAFE_INTEGER)
  await received.keep()
}
