import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { Client, ClientConfig } from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { withClient } from '../database-roles.ts'
import { migrationLevel } from '../migrate.ts'
import type { FileStore } from '../ports/file-store.ts'
import { type BackupTable, copyOut, sameText, tablesOf } from './tables.ts'

/** What a backup says of itself: `manifest.json`, written last. Without it the folder is no backup. */
export type Manifest = {
  format: 1
  /** The last migration of the database that it was made from. */
  level: string
  taken_at: string
  tables: Readonly<Record<string, { rows: number; sha256: string; columns: readonly string[] }>>
  files: { count: number; bytes: number }
  /** Files that the database names and the store did not have, or only damaged. */
  missing: readonly string[]
}

export type Say = (line: string) => void

export const manifestOf = (folder: string): string => join(folder, 'manifest.json')
export const tableFile = (folder: string, name: string): string => join(folder, 'tables', `${name}.copy.gz`)
export const keptFile = (folder: string, company: number, sha256: string): string =>
  join(folder, 'files', String(company), sha256.slice(0, 2), sha256)

/**
 * Writes everything that a database and its file store hold into a folder, as of one moment, while people go on
 * working. Files that an earlier backup left in the folder are not copied again.
 *
 * @param owner   the role that owns the tables: it reads all companies
 * @param folder  new, or of an earlier backup, which is replaced table by table
 * @param taken   when, ms since epoch: said in the manifest, nothing else
 * @throws what the disk, the database or the store says; the folder has no manifest then and cannot be restored
 */
export async function backup(owner: ClientConfig, store: FileStore, folder: string, taken: number, say: Say):
  Promise<Manifest> {
  await mkdir(join(folder, 'tables'), { recursive: true, mode: 0o700 })
  await rm(manifestOf(folder), { force: true })
  return withClient(owner, async (client) => {
    await client.query(sameText)
    // One snapshot for all tables and for the list of files.
    await client.query('begin isolation level repeatable read read only')
    const level = await migrationLevel(client)
    if (level === null) throw new Error('The database has no tables of Gongdan yet.')
    const tables: Record<string, Manifest['tables'][string]> = {}
    for (const table of await tablesOf(client)) {
      tables[table.name] = { ...await writeTable(client, table, folder), columns: table.columns }
    }
    say(`${Object.keys(tables).length} tables`)
    const kept = await keepFiles(client, store, folder)
    await client.query('commit')
    say(`${kept.files.count} files`)
    const manifest: Manifest = { format: 1, level, taken_at: new Date(taken).toISOString(), tables, ...kept }
    await writeFile(`${manifestOf(folder)}.new`, `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600, flush: true })
    await rename(`${manifestOf(folder)}.new`, manifestOf(folder))
    return manifest
  })
}

/** Counts the rows of a copy and hashes its text as it passes. */
export function countingHash(): { stream: Transform; result(): { rows: number; sha256: string } } {
  const hash = createHash('sha256')
  let rows = 0
  const stream = new Transform({ transform(chunk: Buffer, _encoding, done) {
    hash.update(chunk)
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) rows += 1
    done(null, chunk)
  } })
  return { stream, result: () => ({ rows, sha256: hash.digest('hex') }) }
}

async function writeTable(client: Client, table: BackupTable, folder: string) {
  const counted = countingHash()
  await pipeline(client.query(copyTo(copyOut(table))), counted.stream, createGzip({ level: 3 }),
    createWriteStream(tableFile(folder, table.name), { mode: 0o600, flush: true }))
  return counted.result()
}

type Named = { company_id: number; sha256: string; claimed: boolean }

const filesAtOnce = 2_000

/** The bytes of every file that a row names. One that nobody has claimed yet may vanish meanwhile. */
async function keepFiles(client: Client, store: FileStore, folder: string):
  Promise<Pick<Manifest, 'files' | 'missing'>> {
  await client.query(`declare named no scroll cursor for select company_id, sha256,
    bool_or(record_id is not null) as claimed from file where removed_at is null group by company_id, sha256`)
  const files = { count: 0, bytes: 0 }
  const missing: string[] = []
  for (;;) {
    const { rows } = await client.query<Named>(`fetch ${filesAtOnce} from named`)
    for (const { company_id, sha256, claimed } of rows) {
      const bytes = await keepFile(store, keptFile(folder, company_id, sha256), company_id, sha256)
      if (bytes !== null) {
        files.count += 1
        files.bytes += bytes
      } else if (claimed) missing.push(`${company_id}/${sha256}`)
    }
    if (rows.length < filesAtOnce) return { files, missing }
  }
}

/** @returns the size in bytes; null when the store has it no more, or other bytes under its name */
async function keepFile(store: FileStore, place: string, company: number, sha256: string): Promise<number | null> {
  if (!existsSync(place)) {
    const bytes = await store.get(company, sha256)
    if (bytes === null) return null
    await mkdir(dirname(place), { recursive: true, mode: 0o700 })
    const counted = countingHash()
    await pipeline(bytes, counted.stream, createWriteStream(`${place}.new`, { mode: 0o600, flush: true }))
    // A damaged file would stop a restore of everything: better to know now that it is missing.
    if (counted.result().sha256 !== sha256) {
      await rm(`${place}.new`)
      return null
    }
    // A file of this name is whole, whatever happens in between.
    await rename(`${place}.new`, place)
    const above = await open(dirname(place), 'r')
    await above.sync().finally(() => above.close())
  }
  return (await stat(place)).size
}

/** @throws one sentence when the folder holds no whole backup, or one that this program cannot read */
export async function readManifest(folder: string): Promise<Manifest> {
  const text = await readFile(manifestOf(folder), 'utf8').catch(() => null)
  if (text === null) throw new Error(`${folder} holds no whole backup: manifest.json is missing.`)
  const manifest = JSON.parse(text) as Omit<Manifest, 'format'> & { format: number }
  if (manifest.format === 1) return { ...manifest, format: 1 }
  throw new Error(`${folder} was written in format ${manifest.format}; this program reads 1.`)
}

/** The hash of a file on this disk. */
export async function hashOfFile(place: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(place) as AsyncIterable<Buffer>) hash.update(chunk)
  return hash.digest('hex')
}
