import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { uuidv7 } from 'uuidv7'
import type { FileFound } from './files.ts'

/** Pictures made small, for rows of them: 320 pixels at most, as WebP. Kept by content; any node can make them again. */
export type Thumbnails = {
  /** Null: no picture of a kind that is made small, or one that cannot be read. */
  of(company: number, file: FileFound): Promise<Buffer | null>
}

const edge = 320
const pixelsMost = 80_000_000
const atOnceMost = 2
const types: readonly string[] = ['image/jpeg', 'image/png', 'image/webp', 'image/gif']

export function openThumbnails(folder: string): Thumbnails {
  let working = 0
  const waiting: (() => void)[] = []
  const turn = async <T>(body: () => Promise<T>): Promise<T> => {
    if (working >= atOnceMost) await new Promise<void>((go) => { waiting.push(go) })
    working += 1
    try {
      return await body()
    } finally {
      working -= 1
      waiting.shift()?.()
    }
  }
  return {
    async of(company, file) {
      if (!types.includes(file.type)) return null
      const path = join(folder, String(company), `${file.sha256}.webp`)
      const known = await readFile(path).catch(() => null)
      return known ?? turn(() => make(file, join(folder, String(company)), path))
    },
  }
}

async function make(file: FileFound, folder: string, path: string): Promise<Buffer | null> {
  const bytes = await file.open()
  if (!bytes) return null
  const small = await smaller(await buffer(bytes)).catch(() => null)
  if (!small) return null
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const aside = `${path}.${uuidv7()}`
  await writeFile(aside, small, { mode: 0o600 })
  await rename(aside, path)
  return small
}

/** Turned as the camera was held; everything else that the camera wrote down is left out. */
async function smaller(bytes: Buffer): Promise<Buffer | null> {
  // Loaded with the first picture: a start does not wait for it.
  const { ResizeFit, Transformer } = await import('@napi-rs/image')
  const picture = new Transformer(bytes)
  const { width, height } = await picture.metadata(true)
  if (width * height > pixelsMost) return null
  picture.rotate()
  if (Math.max(width, height) > edge) picture.resize({ width: edge, height: edge, fit: ResizeFit.Inside })
  return picture.webp(72)
}
