import type { TestProject } from 'vitest/node'
import { missingDatabases, openRun } from './databases.ts'

/**
 * A folder for the servers of this run; they start when the first test asks for one and end with the run, as do
 * those that an interrupted earlier run left. What cannot run here is said; with CI=true it is a failure.
 */
export default function setup(_project: TestProject): () => Promise<void> {
  const close = openRun()
  const missing = missingDatabases()
  if (missing.length > 0 && process.env['CI'] === 'true') {
    throw new Error(`Not available here, and CI=true asks for all: ${missing.join(', ')}`)
  }
  return async () => {
    await close()
    if (missing.length > 0) console.log(`Not run on: ${missing.join(', ')} (not available here)`)
  }
}
