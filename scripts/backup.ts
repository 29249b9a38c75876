/**
 * npm run backup -- FOLDER
 *
 * Writes the whole database (the embedded one, or that of DATABASE_OWNER_URL) and all files into a folder, as of one
 * moment, while people work. The same folder again brings only new files.
 */
import { resolve } from 'node:path'
import { backup } from '../src/server/backup/backup.ts'
import { openPlace } from './database-place.ts'

const [folder] = process.argv.slice(2)
if (folder === undefined) {
  process.stderr.write('Where to? npm run backup -- FOLDER\n')
  process.exit(2)
}
const place = await openPlace(process.env).catch(refused)
try {
  const manifest = await backup(place.owner, place.store, resolve(folder), Date.now(), (line) => console.log(line))
  for (const name of manifest.missing) console.error(`MISSING in the store: ${name}`)
  if (manifest.missing.length > 0) process.exitCode = 1
  console.log(`Backup of ${manifest.taken_at} at ${manifest.level} in ${folder}`)
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
} finally {
  await place.close()
}

function refused(error: Error): never {
  console.error(error.message)
  process.exit(2)
}
