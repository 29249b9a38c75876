import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import jsqr from 'jsqr'
import type { BrowserContextOptions, Locator, Page } from 'playwright-core'
import { SMTPServer } from 'smtp-server'
import { expect } from 'vitest'
import type { ClockView, RecordView } from '../../src/server/views.ts'
import { type BrowserStage, openBrowserStage } from './stage.ts'

/** A letter as the other side received it, its text decoded. */
export type Letter = { to: string; text: string }

/** The whole program with a clock that can be set, a post office on this machine, and a browser. */
export type StoryStage = BrowserStage & {
  /** What has arrived so far. */
  letters(): Promise<readonly Letter[]>
  /** Sets the time of the program, '2026-11-24T10:00+08:00'. */
  time(iso: string): Promise<void>
  /** A record as somebody sees it over the API. */
  record(page: Page, process: string, id: string): Promise<RecordView>
  /** Waits until what follows from an action has happened. */
  until<T>(ask: () => Promise<T>, good: (answer: T) => boolean): Promise<T>
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => { server.close(resolve) })
  return port
}

/** The words of a letter: quoted-printable or base64, in UTF-8. */
export function wordsOfLetter(raw: string): string {
  const decoded = (head: string, body: string): string => {
    if (/transfer-encoding: base64/i.test(head)) return Buffer.from(body.replace(/\s/g, ''), 'base64').toString()
    if (!/quoted-printable/i.test(head)) return body
    const bytes = body.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/g, (_all, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)))
    return Buffer.from(bytes, 'latin1').toString()
  }
  const boundary = /boundary="([^"]+)"/.exec(raw)?.[1]
  const parts = boundary === undefined ? [raw] : raw.split(`--${boundary}`)
  return parts.filter((part) => /content-type: text\/plain/i.test(part)).map((part) => {
    const [head = '', ...body] = part.split(/\r?\n\r?\n/)
    return decoded(head, body.join('\n\n'))
  }).join('\n')
}

async function openPostOffice(letters: Letter[]): Promise<{ url: string; close(): Promise<void> }> {
  const smtp = new SMTPServer({ authOptional: true, disabledCommands: ['STARTTLS'], onData(stream, session, done) {
    const parts: Buffer[] = []
    stream.on('data', (part: Buffer) => parts.push(part))
    stream.on('end', () => {
      letters.push({ to: session.envelope.rcptTo.map(({ address }) => address).join(),
        text: wordsOfLetter(Buffer.concat(parts).toString('latin1')) })
      done()
    })
  } })
  await new Promise<void>((resolve) => { smtp.listen(0, '127.0.0.1', resolve) })
  const { port } = smtp.server.address() as AddressInfo
  return { url: `smtp://127.0.0.1:${port}`, close: () => new Promise((resolve) => { smtp.close(resolve) }) }
}

/** A step that takes longer has gone wrong. */
const waitMs = 15_000
const triesMost = 400
const pauseMs = 250

/** @param start the instant at which the program believes to be started */
export async function openStoryStage(start: string): Promise<StoryStage> {
  const letters: Letter[] = []
  const post = await openPostOffice(letters)
  const port = await freePort()
  const stage = await openBrowserStage({ PORT: String(port), PUBLIC_URL: `http://localhost:${port}`, SMTP_URL: post.url,
    GONGDAN_TEST_CLOCK: '1' }, Date.parse(start))
  return {
    ...stage,
    letters: async () => letters,
    async as(login, options) {
      const page = await stage.as(login, options)
      page.setDefaultTimeout(waitMs)
      return page
    },
    async time(iso) {
      const answer = await fetch(`${stage.node.address}/api/test/clock`, { method: 'POST',
        headers: { 'content-type': 'application/json' }, body: JSON.stringify({ now: new Date(iso).toISOString() }) })
      expect(answer.status).toBe(200)
    },
    async record(page, process, id) {
      const answer = await page.context().request.get(`/api/${process}/${id}`)
      expect(answer.status(), `${process} ${id}`).toBe(200)
      return await answer.json() as RecordView
    },
    async until(ask, good) {
      for (let tries = 0; ; tries += 1) {
        const answer = await ask()
        if (good(answer)) return answer
        if (tries === triesMost) throw new Error(`it did not come: ${JSON.stringify(answer).slice(0, 600)}`)
        await new Promise((resolve) => { setTimeout(resolve, pauseMs) })
      }
    },
    async close() {
      await stage.close()
      await post.close()
    },
  }
}

export const telephone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true,
  deviceScaleFactor: 2 }
export const tablet: BrowserContextOptions = { viewport: { width: 820, height: 1180 }, hasTouch: true, isMobile: true }

/** Answers of a form, by the words that stand on it. */
export function formOn(page: Page) {
  const form = page.locator('main form').first()
  const place = (label: string): Locator => form.locator('[data-field]').filter({ hasText: label })
  return {
    form,
    choose: (label: string, option: string) => place(label).getByRole('radio', { name: option, exact: true })
      .or(place(label).getByRole('checkbox', { name: option, exact: true })).first().check(),
    fill: (label: string, text: string) => place(label).locator('input:not([type=radio]),textarea').first().fill(text),
    tick: (label: string) => place(label).getByRole('checkbox').check(),
    passAll: (label: string) => place(label).locator('[data-rest]').click(),
    wrongAt: (label: string) => place(label).locator('[class*=error],.mantine-InputWrapper-error').first(),
    /** Presses the button that sends it. */
    send: () => form.locator('button[type=submit]').click(),
  }
}

/** In the instant at which the words `gone` leave the page a finger presses `pressed`. @returns whether it is ticked then */
export const pressAtOnce = (page: Page, gone: string, pressed: string): Promise<boolean> => page.evaluate(([words, place]) =>
  new Promise<boolean>((resolve) => {
    const watch = new MutationObserver(() => {
      const target = document.querySelector(place!)
      if (document.querySelector('main')!.textContent.includes(words!) || !target) return
      watch.disconnect()
      target.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, detail: 1 }))
      resolve((target as HTMLInputElement).checked)
    })
    watch.observe(document.body, { childList: true, subtree: true, attributes: true })
  }), [gone, pressed])

/**
 * The lead engineer looks at a record when the step `due` is no longer due, and presses what has just come: nothing opens.
 * @returns what is to be awaited when the step has been taken
 */
export async function slipBeside(stage: StoryStage, path: string, due: string): Promise<() => Promise<void>> {
  const others = 'section[aria-label] button:has(kbd)'
  const lead = await stage.as('li')
  await lead.goto(path)
  const gone = `下一步${due}`
  await lead.locator('main', { hasText: gone }).waitFor()
  const slipped = pressAtOnce(lead, gone, others)
  return async () => {
    await slipped
    await lead.waitForTimeout(500)
    expect(lead.url()).not.toContain('do=')
    await lead.locator(others).first().click()
    await lead.waitForURL(/do=/)
    await lead.context().close()
  }
}

/** A finger on the glass. */
export async function draw(page: Page, canvas: Locator): Promise<void> {
  await canvas.scrollIntoViewIfNeeded()
  const box = (await canvas.boundingBox())!
  await page.mouse.move(box.x + box.width * 0.2, box.y + box.height * 0.5)
  await page.mouse.down()
  for (const [x, y] of [[0.3, 0.3], [0.4, 0.7], [0.5, 0.35], [0.6, 0.6], [0.75, 0.5]] as const) {
    await page.mouse.move(box.x + box.width * x, box.y + box.height * y, { steps: 4 })
  }
  await page.mouse.up()
}

/** One clock of a record; it must be one that is shown. */
export const clockOf = (record: RecordView, name: string): ClockView => {
  const found = record.clocks.find(({ clock }) => clock === name)
  if (!found) throw new Error(`${record.number} shows no clock ${name}: ${record.clocks.map(({ clock }) => clock).join()}`)
  return found
}

/** A print as a reader has it: its pages as text and its size in points; and what the codes on each page say. */
export function readPaper(bytes: Buffer): { pages: string[]; size: number[]; codes: string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'gongdan-read-'))
  try {
    const file = join(folder, 'paper.pdf')
    writeFileSync(file, bytes)
    const run = (command: string, ...flags: string[]) => execFileSync(command, flags, { encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'] })
    const pages = run('pdftotext', '-layout', file, '-').split('\f').slice(0, -1).map((page) => page.replace(/\s/g, ''))
    const size = /Page size:\s+([\d.]+) x ([\d.]+)/.exec(run('pdfinfo', file))!.slice(1).map((side) => Math.round(Number(side)))
    run('pdftoppm', '-r', '200', file, join(folder, 'page'))
    const names = run('ls', folder).split('\n').filter((name) => name.endsWith('.ppm')).sort()
    return { pages, size, codes: names.map((name) => codeOn(readFileSync(join(folder, name)))) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** What the square code on a page says, read from its dots; '' when there is none. */
function codeOn(ppm: Buffer): string {
  const head = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(ppm.subarray(0, 40).toString('latin1'))!
  const [width, height] = [Number(head[1]), Number(head[2])]
  const dots = new Uint8ClampedArray(width * height * 4)
  for (let dot = 0, at = head[0].length; dot < width * height; dot += 1, at += 3) {
    dots.set([ppm[at]!, ppm[at + 1]!, ppm[at + 2]!, 255], dot * 4)
  }
  return jsqr.default(dots, width, height)?.data ?? ''
}
