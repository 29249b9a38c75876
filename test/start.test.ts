import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '..')
const SERVER = `
  import { words } from '../engine/words.ts'
  console.log('serving', words)
  const alive = setInterval(() => {}, 1000)
  process.once('SIGTERM', () => { clearInterval(alive); process.exitCode = 7 })
`

let tree = ''

beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), 'gongdan-start-'))
  for (const name of ['start.mjs', 'package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.server.json']) {
    copyFileSync(join(ROOT, name), join(tree, name))
  }
  symlinkSync(join(ROOT, 'node_modules'), join(tree, 'node_modules'))
  write('src/server/main.ts', SERVER)
  write('src/engine/words.ts', `export const words: string = 'one'`)
  write('src/server/print/quotation.typ', '#let x = 1')
})

afterEach(() => rmSync(tree, { recursive: true, force: true }))

describe('the launcher', () => {
  test('builds once, then starts at once, and again when a source changed', async () => {
    expect((await build()).output).toMatch(/Building the server.*Built in/s)
    expect(existsSync(join(tree, 'dist/server/print/quotation.typ'))).toBe(true)
    const again = await build()
    expect(again).toEqual({ code: 0, output: '' })
    write('src/engine/words.ts', `export const words: string = 'two'`)
    const { lines, stop } = await serve()
    expect(lines).toMatch(/Built in .*serving two/s)
    await stop('SIGKILL')
  })

  test('hands signals and exit codes to the server: they are one process', async () => {
    const { stop } = await serve()
    expect(await stop('SIGTERM')).toEqual([7, null])
    const killed = await serve()
    expect(await killed.stop('SIGKILL')).toEqual([null, 'SIGKILL'])
  })

  test('keeps the last good build when the sources do not compile, says why and ends with 1', async () => {
    await build()
    write('src/engine/words.ts', `export const words: number = 'no'`)
    const failed = await build()
    expect(failed.code).toBe(1)
    expect(failed.output).toMatch(/words\.ts\(1,14\): error .*could not be built/s)
    expect(left()).toEqual(['dist'])
    expect((await build()).code).toBe(1)
  })

  test('started twice at once builds once', async () => {
    const both = await Promise.all([build(), build()])
    expect(both.map(({ code }) => code)).toEqual([0, 0])
    expect(both.filter(({ output }) => output.includes('Built in'))).toHaveLength(1)
    expect(left()).toEqual(['dist'])
  })

  test('is not held up by the lock and the half build of a start that was killed', async () => {
    write('.start.lock', '99999999')
    write('dist.new-99999999/server/main.js', 'half')
    expect((await build()).code).toBe(0)
    expect(left()).toEqual(['dist'])
  })

  test('asks for a newer Node in one sentence', async () => {
    write('package.json', '{"engines":{"node":">=99.1"},"type":"module"}')
    const { code, output } = await build()
    expect(code).toBe(1)
    expect(output).toMatch(/^Gongdan needs Node\.js 99\.1 or newer; .*\n$/)
  })
})

function write(name: string, content: string): void {
  mkdirSync(join(tree, name, '..'), { recursive: true })
  writeFileSync(join(tree, name), content)
}

function left(): string[] {
  return readdirSync(tree).filter((name) => name.startsWith('dist') || name.startsWith('.start'))
}

function build(): Promise<{ code: number, output: string }> {
  return new Promise((settle) => {
    execFile(process.execPath, ['start.mjs', '--build-only'], { cwd: tree }, (error, stdout, stderr) => {
      settle({ code: error ? Number(error.code) : 0, output: stdout + stderr })
    })
  })
}

async function serve(): Promise<{ lines: string, stop: (signal: NodeJS.Signals) => Promise<unknown[]> }> {
  const child = spawn(process.execPath, ['start.mjs'], { cwd: tree, stdio: ['ignore', 'pipe', 'inherit'] })
  let lines = ''
  for await (const chunk of child.stdout) {
    lines += chunk
    if (lines.includes('serving')) break
  }
  return {
    lines,
    stop: async (signal) => {
      // The line is said while main.ts still runs; the handler stands a moment later.
      await new Promise((done) => setTimeout(done, 100))
      child.kill(signal)
      return once(child, 'exit')
    },
  }
}
