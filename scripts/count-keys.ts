/**
 * npm run -s keys [-- --json]
 *
 * How many keys and screens the desk needs to receive a machine, quote, notify, hand it back and call back, without the
 * mouse: the orders are gone through in a real browser, and every press is counted. Letters of what the customer says
 * are counted apart. Ends with 1 when a ceiling of test/browser/keys-ceiling.json is passed.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { KeyCount } from '../test/browser/keys.ts'

const asJson = process.argv.includes('--json')
const root = join(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'gongdan-keys-'))
const file = join(folder, 'counts.json')
try {
  const run = spawnSync('npx', ['vitest', 'run', '--project', 'browser', 'test/browser/keys.test.ts'],
    { cwd: root, encoding: 'utf8', env: { ...process.env, GONGDAN_KEYS: file } })
  if (!existsSync(file)) throw new Error(`the orders could not be gone through:\n${run.stdout}${run.stderr}`)
  const counts = JSON.parse(readFileSync(file, 'utf8')) as KeyCount[]
  const sum = (of: 'keys' | 'text' | 'screens') => counts.reduce((total, one) => total + one[of], 0)
  const rows = [...counts, { moment: 'all', keys: sum('keys'), text: sum('text'), screens: sum('screens') }]
  if (asJson) console.log(JSON.stringify(rows))
  else for (const { moment, keys, text, screens } of rows) {
    console.log(`${moment.padEnd(10)} ${String(keys).padStart(3)} keys  ${String(text).padStart(3)} letters  ${screens} screens`)
  }
  process.exitCode = run.status ?? 1
} finally {
  rmSync(folder, { recursive: true })
}
