import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { uuidv7 } from 'uuidv7'

/** Bytes that have arrived and lie aside. `keep` makes them findable by their hash; `drop` forgets them. */
export type Received = {
  sha256: string
  size: number
  /** The stream was longer than allowed; what lies aside is only its beginning. */
  truncated: boolean
  /** Where they lie, for looking at their content. */
  path: string
  keep(): Promise<void>
  drop(): Promise<void>
}

/** An outage: the store says no or is not there. Whoever asked is told so, and may ask again. */
export class StoreAway extends Error {}

/** Where the bytes of files live: by company and content hash. The database holds the rows. */
export type FileStore = {
  /** Takes a stream aside, at most `most` bytes of it. @throws what the stream throws; nothing is left then */
  put(company: number, stream: Readable, most: number): Promise<Received>
  /** The bytes; null when they are not here. */
  get(company: number, sha256: string): Promise<Readable | null>
  /** Removes the bytes; not an error when they are not here. The caller holds the lock of this hash. */
  remove(company: number, sha256: string): Promise<void>
  /** Removes what was taken aside and never kept since before `instant`, ms. */
  tidy(instant: number): Promise<void>
}

const aside = '.arriving'

/** A folder on this machine, or one that all nodes share. Written aside, synced, then renamed: never half a file. */
export function diskStore(folder: string): FileStore {
  const placeOf = (company: number, sha256: string) => join(folder, String(company), sha256.slice(0, 2), sha256)
  return {
    async put(company, stream, most) {
      const taken = await takeAside(folder, stream, most)
      return { ...taken, drop: () => rm(taken.path, { force: true }),
        keep: () => moveInto(taken.path, placeOf(company, taken.sha256)) }
    },
    async get(company, sha256) {
      const place = placeOf(company, sha256)
      return (await stat(place).catch(nothing)) ? createReadStream(place) : null
    },
    remove: (company, sha256) => rm(placeOf(company, sha256), { force: true }),
    tidy: (instant) => tidyAside(folder, instant),
  }
}

/** Bytes that arrive, in a folder of this machine. @throws what the stream throws; nothing is left then */
export async function takeAside(folder: string, stream: Readable, most: number):
  Promise<Pick<Received, 'sha256' | 'size' | 'truncated' | 'path'>> {
  const path = join(folder, aside, uuidv7())
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  try {
    return { ...await writeAside(path, stream, most), path }
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
}

/** Removes what arrived before an instant, ms, and was never kept. */
export async function tidyAside(folder: string, instant: number): Promise<void> {
  for (const name of await readdir(join(folder, aside)).catch(() => [])) {
    const path = join(folder, aside, name)
    const found = await stat(path).catch(nothing)
    if (found && found.mtimeMs < instant) await rm(path, { force: true })
  }
}

function nothing(error: { code?: string }): null {
  if (error.code === 'ENOENT') return null
  throw error
}

async function writeAside(path: string, stream: Readable, most: number) {
  const hash = createHash('sha256')
  const file: FileHandle = await open(path, 'wx', 0o600)
  let size = 0
  let truncated = false
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      // Read to the end all the same, so that the sender hears the answer.
      if (truncated || size + chunk.length > most) {
        truncated = true
        continue
      }
      size += chunk.length
      hash.update(chunk)
      await file.appendFile(chunk)
    }
    await file.sync()
  } finally {
    await file.close()
  }
  return { sha256: hash.digest('hex'), size, truncated }
}

async function moveInto(path: string, place: string): Promise<void> {
  await mkdir(dirname(place), { recursive: true, mode: 0o700 })
  await rename(path, place)
  // The new name is on the disk before the row that tells of it.
  const folder = await open(dirname(place), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
