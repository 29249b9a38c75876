import { join } from 'node:path'
import type { Config } from '../config.ts'
import { type FileStore, diskStore } from './file-store.ts'
import { s3Store } from './s3-store.ts'

/** Where an installation keeps its files: what the server serves is what a backup reads and a restore fills. */
export function fileStoreOf({ dataDir, s3 }: Pick<Config, 'dataDir' | 's3'>, clock: () => number): FileStore {
  const folder = join(dataDir, 'files')
  return s3 ? s3Store(s3, folder, clock) : diskStore(folder)
}
