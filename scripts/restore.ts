/**
 * npm run restore -- FOLDER
 *
 * Brings a backup into an empty database (the embedded one of a new GONGDAN_DATA, or that of DATABASE_OWNER_URL) and
 * compares every table and file. From the embedded database to a server and back it is the same command.
 */
import { join, resolve } from 'node:path'
import { restore } from '../src/server/backup/restore.ts'
import { openPlace } from './database-place.ts'

const [folder] = process.argv.slice(2)
if (folder === undefined) {
  process.stderr.write('From where? npm run restore -- FOLDER\n')
  process.exit(2)
}
const place = await openPlace(process.env).catch(refused)
try {
  const { taken_at } = await restore(resolve(folder), { owner: place.owner, app: place.app, store: place.store,
    migrations: join(import.meta.dirname, '..', 'migrations') }, (line) => console.log(line))
  console.log(`Restored as of ${taken_at}`)
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
