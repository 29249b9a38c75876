// The launcher: installs and builds when something changed, then becomes the server. It needs Node alone, so that
// it can run before anything is installed; the server runs in this same process, so that Ctrl-C, signals and exit
// codes are its own.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const ROOT = dirname(fileURLToPath(import.meta.url))
const LOCK = join(ROOT, '.start.lock')
const DIST = join(ROOT, 'dist')
const STAMP = '.gongdan-hash'
const LOCK_WAIT_MS = 15 * 60_000
const TAKEN_POLL_MS = 200

let child = null

await launch()

async function launch() {
  checkNode()
  const began = performance.now()
  try {
    if (!isInstalled() || !isBuilt()) {
      await withLock(async () => {
        if (!isInstalled()) await install()
        if (!isBuilt()) await build()
      })
    }
  } catch (error) {
    console.error(error.message)
    process.exit(1)
  }
  if (process.argv.includes('--build-only')) return
  if (process.env.GONGDAN_TIMING) console.log(`Launcher: ${Math.round(performance.now() - began)} ms`)
  const main = join(DIST, 'server', 'main.js')
  process.argv[1] = main
  process.setSourceMapsEnabled(true)
  await import(pathToFileURL(main).href)
}

function checkNode() {
  const wanted = /(\d+)\.(\d+)/.exec(readJson(join(ROOT, 'package.json')).engines.node)
  const found = /v(\d+)\.(\d+)/.exec(process.version)
  const newer = Number(found[1]) - Number(wanted[1]) || Number(found[2]) - Number(wanted[2])
  if (newer >= 0) return
  console.error(`Gongdan needs Node.js ${wanted[1]}.${wanted[2]} or newer; this is ${process.version}. `
    + 'Get a newer one from https://nodejs.org, then start again.')
  process.exit(1)
}

// Installing

function isInstalled() {
  const wanted = hashOf([join(ROOT, 'package-lock.json')])
  const stamp = join(ROOT, 'node_modules', STAMP)
  if (readText(stamp) === wanted) return true
  if (!holdsLockfile()) return false
  // Somebody ran npm by hand, and what lies there is what the lockfile wants.
  try { fs.writeFileSync(stamp, wanted) } catch { /* a read-only tree: looked at again next time */ }
  return true
}

/** Whether npm's own note of what it installed agrees with the lockfile, packages of other systems left aside. */
function holdsLockfile() {
  const note = join(ROOT, 'node_modules', '.package-lock.json')
  if (!fs.existsSync(note)) return false
  const found = readJson(note).packages
  return Object.entries(readJson(join(ROOT, 'package-lock.json')).packages).every(([path, wanted]) => {
    if (path === '' || wanted.link) return true
    if (!found[path]) return wanted.optional === true && !suitsThisSystem(wanted)
    return found[path].version === wanted.version && found[path].integrity === wanted.integrity
  })
}

function suitsThisSystem({ os, cpu, libc }) {
  // A package below one for another system says nothing of its own; npm leaves both away.
  return (os ?? cpu ?? libc) !== undefined && (os ?? [process.platform]).includes(process.platform)
    && (cpu ?? [process.arch]).includes(process.arch) && libc === undefined
}

async function install() {
  say('Installing packages (npm ci) …')
  const began = Date.now()
  const byNpm = process.env.npm_execpath
  const [program, first] = byNpm && /npm-cli\.c?js$/.test(byNpm) ? [process.execPath, [byNpm]] : ['npm', []]
  // Scripts of packages stay off: nothing here needs them, and they would run with all rights of this user.
  const failure = await run(program, [...first, 'ci', '--include=dev', '--include=optional', '--ignore-scripts'])
  if (failure !== null) throw new Error(`${failure}\nThe packages could not be installed; npm's words are above.`)
  fs.writeFileSync(join(ROOT, 'node_modules', STAMP), hashOf([join(ROOT, 'package-lock.json')]))
  say(`Installed in ${seconds(began)}.`)
}

// Building

function isBuilt() {
  const made = readText(join(DIST, STAMP))
  // Where there are no sources (an image that holds the build alone) the build is all there is.
  return made !== null && (!fs.existsSync(join(ROOT, 'src')) || made === sourcesHash())
}

function sourcesHash() {
  const settings = /^tsconfig.*\.json$|^vite\.config\.|^package-lock\.json$/
  const named = fs.readdirSync(ROOT).filter((name) => settings.test(name))
  return hashOf([...filesBelow(join(ROOT, 'src')), ...filesBelow(join(ROOT, 'migrations')),
    ...named.map((name) => join(ROOT, name))])
}

/**
 * Build into a folder of its own and rename it when all is done: an interrupted build never looks like one that is
 * done. Sources that change meanwhile make the next start build again, for the hash is taken first.
 */
async function build() {
  sweep()
  const hash = sourcesHash()
  const draft = `${DIST}.new-${process.pid}`
  const began = Date.now()
  say('Building the server …')
  await step('The server', ['typescript/bin/tsc', '-p', 'tsconfig.server.json', '--outDir', draft])
  copyAssets(join(ROOT, 'src', 'server'), join(draft, 'server'))
  copyFonts(join(draft, 'server', 'print', 'fonts'))
  const web = join(ROOT, 'src', 'web', 'vite.config.ts')
  if (fs.existsSync(web)) {
    say('Building the web interface …')
    await step('The web interface', ['vite/bin/vite.js', 'build', '--config', web, '--outDir', join(draft, 'web'),
      '--emptyOutDir', '--logLevel', 'warn'])
  } else say('There is no web interface to build yet (src/web/vite.config.ts).')
  fs.writeFileSync(join(draft, STAMP), hash)
  if (fs.existsSync(DIST)) fs.renameSync(DIST, `${DIST}.old-${process.pid}`)
  fs.renameSync(draft, DIST)
  sweep()
  say(`Built in ${seconds(began)}.`)
}

async function step(what, [script, ...args]) {
  const failure = await run(process.execPath, [join(ROOT, 'node_modules', script), ...args])
  if (failure === null) return
  sweep()
  throw new Error(`${failure}\n${what} could not be built; the reasons are above.`)
}

/** Remove what interrupted builds left. Only under the lock. */
function sweep() {
  for (const name of fs.readdirSync(ROOT)) {
    if (/^dist\.(new|old)-\d+$/.test(name)) fs.rmSync(join(ROOT, name), { recursive: true, force: true, maxRetries: 5 })
  }
}

/** Templates, fonts and the like lie beside the code that reads them. */
function copyAssets(from, to) {
  for (const file of filesBelow(from)) {
    if (/\.(ts|md)$/.test(file)) continue
    fs.mkdirSync(dirname(join(to, relative(from, file))), { recursive: true })
    fs.copyFileSync(file, join(to, relative(from, file)))
  }
}

/** The two weights that prints are set in, out of a package with nine of 10 MB each. */
function copyFonts(to) {
  fs.mkdirSync(to, { recursive: true })
  for (const weight of ['400Regular', '700Bold']) {
    const font = `NotoSansSC_${weight}.ttf`
    fs.copyFileSync(join(ROOT, 'node_modules', '@expo-google-fonts', 'noto-sans-sc', weight, font), join(to, font))
  }
}

// Running other programs

/** Null when all went well, else the program's output. A signal to us ends the program as well. */
function run(program, args) {
  return new Promise((settle) => {
    let output = ''
    const onWindows = process.platform === 'win32' && program === 'npm'
    child = spawn(program, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], shell: onWindows })
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { output += chunk })
    child.once('error', (error) => settle(`${program}: ${error.message}`))
    child.once('close', (code, signal) => {
      child = null
      settle(code === 0 ? null : output.trim() || `${program} ended with ${signal ?? code}`)
    })
  })
}

// The lock: two starts at once do not build into each other

async function withLock(work) {
  const draft = `${LOCK}.${process.pid}`
  let held = false
  const leave = () => {
    fs.rmSync(draft, { force: true })
    if (held) fs.rmSync(LOCK, { force: true })
  }
  const end = (number) => {
    child?.kill('SIGTERM')
    leave()
    process.exit(128 + number)
  }
  const handlers = { SIGINT: () => end(2), SIGTERM: () => end(15), SIGHUP: () => end(1) }
  for (const [signal, handler] of Object.entries(handlers)) process.on(signal, handler)
  try {
    await takeLock(draft)
    held = true
    await work()
  } finally {
    for (const [signal, handler] of Object.entries(handlers)) process.off(signal, handler)
    leave()
  }
}

async function takeLock(draft) {
  const deadline = Date.now() + LOCK_WAIT_MS
  fs.writeFileSync(draft, String(process.pid))
  for (let told = false; ;) {
    // By link, so that the file is there with its content or not at all.
    try { return fs.linkSync(draft, LOCK) } catch (error) { if (error.code !== 'EEXIST') throw error }
    const holder = readText(LOCK)
    if (holder === null) continue
    if (!isLauncher(Number(holder))) {
      takeAway(holder)
      continue
    }
    if (!told) say(`Another start (process ${holder}) is installing or building; waiting for it …`)
    told = true
    if (Date.now() > deadline) throw new Error(`Process ${holder} holds ${LOCK} for too long. Giving up.`)
    await new Promise((done) => setTimeout(done, TAKEN_POLL_MS))
  }
}

/** Of several that saw a dead holder only one can rename; who took a living one's lock by that puts it back. */
function takeAway(dead) {
  const aside = `${LOCK}.${process.pid}.dead`
  try { fs.renameSync(LOCK, aside) } catch { return }
  if (readText(aside) !== dead) try { fs.linkSync(aside, LOCK) } catch { /* a third one was faster */ }
  fs.rmSync(aside, { force: true })
}

function isLauncher(pid) {
  if (pid === process.pid) return false
  try { process.kill(pid, 0) } catch (error) { if (error.code !== 'EPERM') return false }
  // In a restarted container the number may by now be that of another program.
  const command = readText(`/proc/${pid}/cmdline`)
  return command === null || command === '' || command.includes('start.mjs')
}

// Small things

function filesBelow(folder) {
  if (!fs.existsSync(folder)) return []
  return fs.readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name)).sort()
}

function hashOf(files) {
  const hash = createHash('sha256')
  for (const file of files) hash.update(relative(ROOT, file)).update('\0').update(fs.readFileSync(file)).update('\0')
  return hash.digest('hex')
}

function readText(path) {
  try { return fs.readFileSync(path, 'utf8') } catch { return null }
}

function readJson(path) {
  return JSON.parse(fs.readFileSync(path, 'utf8'))
}

function say(line) {
  console.log(line)
}

function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`
}
