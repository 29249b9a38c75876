/** A stand-in for the server program: joins the embedded database of a folder, says how, leaves on SIGTERM. */
import { startEmbedded } from '../src/server/embedded.ts'

const embedded = await startEmbedded({ dataDir: process.argv[2]! })
const alive = setInterval(() => {}, 60_000)
process.once('SIGTERM', async () => {
  await embedded.release()
  clearInterval(alive)
})
// Said last: who reads it may end this process at once.
console.log(JSON.stringify({ superuser: embedded.superuser, app: embedded.app, version: embedded.version }))
