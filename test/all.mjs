/**
 * `npm test`: everything, on a fresh clone as well. Installs and builds as `npm start` does, then type check, lint,
 * dead code, the suites, and the browser; what does not wait for each other runs side by side. Ends with a line of what
 * was not run, what took how long, and «N passed, N failed».
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const ci = process.env.CI === 'true'
let passed = 0
let failed = 0
const notRun = []
const took = []

/** Runs a program to its end. Its words are shown at once, or together when it has ended. */
const run = (name, command, args, { live = false } = {}) => new Promise((settle) => {
  const began = Date.now()
  const words = []
  if (live) process.stdout.write(`\n— ${name}\n`)
  const child = spawn(command, args, { cwd: root, stdio: live ? 'inherit' : ['ignore', 'pipe', 'pipe'] })
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => words.push(chunk))
  const end = (status) => {
    took.push(`${name} ${Math.round((Date.now() - began) / 1000)} s`)
    if (!live) process.stdout.write(`\n— ${name}\n${Buffer.concat(words).toString()}`)
    settle(status)
  }
  child.once('error', (error) => {
    words.push(Buffer.from(`${error.message}\n`))
    end(1)
  })
  child.once('close', (status) => end(status ?? 1))
})

const step = async (name, command, args, options) => {
  if (await run(name, command, args, options) === 0) passed += 1
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
  process.stdout.write(`\ntook: ${took.join(', ')}\n`)
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`)
  process.exit(failed === 0 ? 0 : 1)
}

await step('install and build', process.execPath, ['start.mjs', '--build-only'], { live: true })
if (failed > 0) end()

const bin = (name) => join(root, 'node_modules', '.bin', name)
await Promise.all([
  step('types', bin('tsc'), ['-p', 'tsconfig.json', '--noEmit']),
  step('lint', bin('oxlint'), ['--type-aware', '--deny-warnings']),
  step('dead code', bin('knip'), []),
  step('size of the web', bin('tsx'), ['scripts/web-size.ts']),
])

const suites = async (name, args) => {
  const folder = mkdtempSync(join(tmpdir(), 'gongdan-results-'))
  const file = join(folder, 'results.json')
  const status = await run(name, bin('vitest'),
    ['run', '--reporter=dot', '--reporter=json', `--outputFile.json=${file}`, ...args], { live: true })
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
const browser = has('chromium') || has('google-chrome')
if (!browser) notRun.push('browser suite (Chromium is not installed)')
// Suites wait for databases and clocks more than they compute: three at a time keep two processors busy. A page that is
// read and typed into is given the machine to itself: on a busy one, keys fall where nothing stands yet.
await suites('suites', ['--project', 'node', '--maxWorkers', '3'])
if (browser) await suites('browser', ['--project', 'browser', '--maxWorkers', '1'])
end()
