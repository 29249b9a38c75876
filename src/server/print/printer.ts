import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Worker } from 'node:worker_threads'

/** Renders documents to PDF in a thread of its own: typst works without a pause, and a request must not wait for it. */
export type Printer = {
  /**
   * @param template  name of a template of this folder, without its ending
   * @param page      what the template prints, as JSON; never markup
   * @param as        a document to be kept, or a picture of it for the screen
   * @throws Error with the compiler's words; an outage when it takes longer than a minute
   */
  render(template: string, page: object, as?: 'pdf' | 'svg'): Promise<Uint8Array>
  close(): Promise<void>
}

export type Order = { id: number; template: string; page: string; as: 'pdf' | 'svg' }
export type Print = { id: number; bytes?: Uint8Array; error?: string }

const renderMs = 60_000
const waitingMost = 200

/** Regular and bold, from the build if they lie there, else from the package that they come in. */
export function fontFolders(): string[] {
  const built = join(import.meta.dirname, 'fonts')
  if (existsSync(built)) return [built]
  const font = dirname(createRequire(import.meta.url).resolve('@expo-google-fonts/noto-sans-sc/package.json'))
  return [join(font, '400Regular'), join(font, '700Bold')]
}

/** Is there a form of this name? */
export const hasTemplate = (template: string): boolean =>
  /^[a-z][a-z0-9-]*$/.test(template) && existsSync(join(import.meta.dirname, `${template}.typ`))

type Waiting = { settle: (bytes: Uint8Array) => void; fail: (error: Error) => void; timer: NodeJS.Timeout }

/** The thread starts with the first print, and anew after it died or hung. */
export function openPrinter(): Printer {
  let worker: Worker | null = null
  let next = 0
  const waiting = new Map<number, Waiting>()
  const end = (error: Error) => {
    void worker?.terminate()
    worker = null
    for (const { fail, timer } of waiting.values()) {
      clearTimeout(timer)
      fail(error)
    }
    waiting.clear()
  }
  const start = () => {
    const fresh = new Worker(new URL('./worker.mjs', import.meta.url),
      { workerData: { workspace: import.meta.dirname, fonts: fontFolders() }, execArgv: [] })
    fresh.unref()
    fresh.on('message', ({ id, bytes, error }: Print) => {
      const one = waiting.get(id)
      if (!one) return
      waiting.delete(id)
      clearTimeout(one.timer)
      if (bytes) one.settle(bytes)
      else one.fail(new Error(error))
    })
    fresh.on('error', (error) => { if (worker === fresh) end(error as Error) })
    fresh.on('exit', () => { if (worker === fresh) end(new Error('the printing thread ended')) })
    return fresh
  }
  return {
    render(template, page, as = 'pdf') {
      if (!/^[a-z][a-z0-9-]*$/.test(template)) throw new Error(`not a template: ${template}`)
      if (waiting.size >= waitingMost) throw new Error('too many prints at once')
      worker ??= start()
      const id = next += 1
      return new Promise((settle, fail) => {
        const timer = setTimeout(() => end(new Error('a print took too long')), renderMs)
        waiting.set(id, { settle, fail, timer })
        worker!.postMessage({ id, template, page: JSON.stringify(page), as } satisfies Order)
      })
    },
    async close() {
      end(new Error('the printer is closed'))
    },
  }
}
