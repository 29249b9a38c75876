/**
 * `npm test`: everything, on a fresh clone as well. Installs and builds as `npm start` does, then type check, lint,
 * dead code, the suites, and the browser. Ends with a line of what was not run and «N passed, N failed».
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const ci = process.env.CI === 'true'
let passed = 0
let failed = 0
const notRun = []

const run = (command, args, options = {}) =>
  spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options }).status ?? 1

const step = (name, command, args) => {
  process.stdout.write(`\n— ${name}\n`)
  if (run(command, args) === 0) passed += 1
  else {
    failed += 1
    process.stdout.write(`FAILED: ${name}\n`)
  }
}

const end = () => {
  if (notRun.length > 0) {
    process.stdout.write(`\nnot run: ${notRun.join('; ')}\n`)
    // Where everything is promised to be there, what is missing has failed.
    if (ci) failed += notRun.length
  }
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`)
  process.exit(failed === 0 ? 0 : 1)
}

step('install and build', process.execPath, ['start.mjs', '--build-only'])
if (failed > 0) end()

const bin = (name) => join(root, 'node_modules', '.bin', name)
step('types', bin('tsc'), ['-p', 'tsconfig.json', '--noEmit'])
step('lint', bin('oxlint'), ['--type-aware', '--deny-warnings'])
step('dead code', bin('knip'), [])
step('size of the web', bin('tsx'), ['scripts/web-size.ts'])

const suites = (name, args) => {
  const folder = mkdtempSync(join(tmpdir(), 'gongdan-results-'))
  const file = join(folder, 'results.json')
  process.stdout.write(`\n— ${name}\n`)
  const status = run(bin('vitest'), ['run', '--reporter=dot', '--reporter=json', `--outputFile.json=${file}`, ...args])
  const results = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null
  rmSync(folder, { recursive: true, force: true })
  passed += results?.numPassedTests ?? 0
  failed += results?.numFailedTests ?? 0
  // A suite that could not even be read counts as one failure, and so does a runner that died.
  failed += results?.testResults
    .filter((suite) => suite.status === 'failed' && suite.assertionResults.length === 0).length ?? 0
  if (status !== 0 && (results === null || results.success)) failed += 1
  if (results?.numPendingTests) notRun.push(`${results.numPendingTests} tests that were skipped`)
}

const has = (command) => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0
if (!existsSync('/usr/lib/postgresql/15/bin/postgres')) notRun.push('suites on PostgreSQL 15 (not installed)')
if (!has('pdftotext')) notRun.push('reading prints back (pdftotext is not installed)')
// Suites wait for databases and clocks more than they compute: three at a time keep two processors busy.
suites('suites', ['--project', 'node', '--maxWorkers', '3'])
if (has('chromium') || has('google-chrome')) suites('browser', ['--project', 'browser'])
else notRun.push('browser suite (Chromium is not installed)')
end()
