import { execFile } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'

/** What a scanner says of a file: clean, or by which name it knows what is in it. */
export type Verdict = { clean: true } | { clean: false; virus: string }

/** Looks at what people upload. `aside` keeps the bytes of what was found, where nobody is given them. */
export type Scanner = {
  /** @throws when the scanner is away or does not understand: then nothing is taken */
  scan(path: string): Promise<Verdict>
  aside(path: string, found: { company: number; sha256: string; name: string; virus: string; by: string }): Promise<void>
}

const scanMs = 60_000
const pieceMost = 65_536
const replyMost = 4096

/**
 * The scanner that the operator names: 'clamd:/run/clamav/clamd.ctl', 'clamd:host:3310', or a command that is given the
 * path of the file and ends with 0 (clean), 1 (found; its last line is the name) or anything else (it failed).
 *
 * @param folder where what was found is kept
 */
export function scannerOf(setting: string, folder: string): Scanner {
  const clamd = /^clamd:(.+)$/.exec(setting)?.[1]
  return {
    scan: (path) => (clamd === undefined ? byCommand(setting, path) : byClamd(clamd, path)),
    async aside(path, found) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const place = join(folder, `${found.company}-${found.sha256}`)
      await copyFile(path, `${place}.quarantined`)
      await writeFile(`${place}.json`, JSON.stringify(found), { mode: 0o600 })
    },
  }
}

function byCommand(command: string, path: string): Promise<Verdict> {
  const [program = '', ...words] = command.split(/\s+/)
  return new Promise((resolve, reject) => {
    execFile(program, [...words, path], { timeout: scanMs, maxBuffer: 1_048_576 }, (error, stdout) => {
      if (!error) return resolve({ clean: true })
      if (error.code !== 1) return reject(new Error(`the virus scanner failed: ${error.message.slice(0, 200)}`))
      return resolve({ clean: false, virus: stdout.trim().split('\n').at(-1)?.slice(0, 100) || 'found' })
    })
  })
}

/** ClamAV's own protocol: pieces with their length before them, an empty one at the end, one line as answer. */
function byClamd(place: string, path: string): Promise<Verdict> {
  const [, host, port] = /^(.+):(\d+)$/.exec(place) ?? []
  return new Promise((resolve, reject) => {
    const socket = port === undefined ? connect(place) : connect(Number(port), host)
    let reply = ''
    const fail = (error: Error) => {
      socket.destroy()
      reject(new Error(`the virus scanner is away: ${error.message}`))
    }
    socket.setTimeout(scanMs, () => fail(new Error('no answer')))
    socket.on('error', fail)
    socket.setEncoding('utf8').on('data', (part: string) => { if (reply.length < replyMost) reply += part })
    socket.on('end', () => {
      const found = /^stream: (.+) FOUND/.exec(reply)?.[1]
      if (found !== undefined) resolve({ clean: false, virus: found })
      else if (reply.startsWith('stream: OK')) resolve({ clean: true })
      else fail(new Error(reply.slice(0, 200) || 'it hung up'))
    })
    socket.on('connect', () => void feed())
    const feed = async () => {
      try {
        socket.write('zINSTREAM\0')
        for await (const piece of createReadStream(path, { highWaterMark: pieceMost }) as AsyncIterable<Buffer>) {
          const length = Buffer.alloc(4)
          length.writeUInt32BE(piece.length)
          if (!socket.write(Buffer.concat([length, piece]))) await new Promise((go) => socket.once('drain', go))
        }
        socket.write(Buffer.alloc(4))
      } catch (error) {
        fail(error as Error)
      }
    }
  })
}
