import { createHash, createHmac } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import http from 'node:http'
import https from 'node:https'
import type { Readable } from 'node:stream'
import { type FileStore, StoreAway, takeAside, tidyAside } from './file-store.ts'

/** Where an S3-compatible store is: `url` with the bucket and, where wanted, a folder: https://s3.example/bucket/gongdan. */
export type S3Place = { url: string; region: string; access_key: string; secret_key: string }

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()
const empty = sha256('')

/** As the signature wants it: everything but letters, figures and -._~ as %XX. */
const encoded = (path: string): string => path.split('/').map((part) => encodeURIComponent(part)
  .replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)).join('/')

/**
 * The headers of a signed request without a query.
 *
 * @param now ms; the store refuses what is more than some minutes off
 * Source: AWS Signature Version 4, header form
 */
export function signed(place: S3Place, method: string, target: URL, content: string, now: number): Record<string, string> {
  const stamp = new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '')
  const scope = `${stamp.slice(0, 8)}/${place.region}/s3/aws4_request`
  const headers: Record<string, string> = { 'host': target.host, 'x-amz-content-sha256': content, 'x-amz-date': stamp }
  const names = Object.keys(headers).sort()
  const request = [method, target.pathname, '', ...names.map((name) => `${name}:${headers[name]}`), '', names.join(';'),
    content].join('\n')
  const day = hmac(`AWS4${place.secret_key}`, stamp.slice(0, 8))
  const key = hmac(hmac(hmac(day, place.region), 's3'), 'aws4_request')
  const signature = hmac(key, ['AWS4-HMAC-SHA256', stamp, scope, sha256(request)].join('\n')).toString('hex')
  return { ...headers, authorization: `AWS4-HMAC-SHA256 Credential=${place.access_key}/${scope}, SignedHeaders=${
    names.join(';')}, Signature=${signature}` }
}

/** A store that takes a request answers it within this, counted from the last byte that moved. People wait for it. */
const answerMs = 10_000
/** Between two pieces of a file that is on its way: whoever reads it may be slower than the store. */
const pieceMs = 60_000
const told = 300

type Body = { stream: Readable; size: number; sha256: string }

/** One request. @returns the answer of a 2xx or 404; @throws StoreAway for all else */
function send(place: S3Place, method: string, path: string, now: number, body?: Body): Promise<http.IncomingMessage> {
  const target = new URL(place.url)
  target.pathname = encoded(`${decodeURIComponent(target.pathname).replace(/\/$/, '')}/${path}`)
  const headers = signed(place, method, target, body?.sha256 ?? empty, now)
  return new Promise((resolve, reject) => {
    const away = (why: string) => reject(new StoreAway(`the file store: ${method} ${why}`))
    const asked = (target.protocol === 'http:' ? http : https).request(target, { method, timeout: answerMs,
      headers: { ...headers, ...(body && { 'content-length': body.size }) } }, (answer) => {
      const status = answer.statusCode ?? 0
      if ((status >= 200 && status < 300) || status === 404) {
        asked.setTimeout(pieceMs)
        return resolve(answer)
      }
      let text = ''
      answer.setEncoding('utf8').on('data', (part: string) => { text += part.slice(0, told) })
      answer.on('end', () => away(`${status} ${text.slice(0, told)}`))
      // Once there is an answer, what goes wrong with it is told by the answer alone.
      answer.on('error', (error) => away(`${status} ${error.message}`))
      return undefined
    })
    asked.on('timeout', () => asked.destroy(new Error('no answer')))
    asked.on('error', (error) => away(error.message))
    if (!body) return asked.end()
    body.stream.on('error', (error) => asked.destroy(error))
    return body.stream.pipe(asked)
  })
}

const drained = (answer: http.IncomingMessage): Promise<void> => new Promise((resolve, reject) => {
  answer.on('end', () => resolve()).on('error', (error) => reject(new StoreAway(`the file store: ${error.message}`))).resume()
})

/**
 * Files in an S3-compatible store, by company and content hash; they arrive in a folder of this machine first, so that
 * their content can be looked at.
 *
 * @param clock the instant, ms: signatures carry it
 */
export function s3Store(place: S3Place, folder: string, clock: () => number): FileStore {
  const pathOf = (company: number, hash: string) => `${company}/${hash.slice(0, 2)}/${hash}`
  return {
    async put(company, stream, most) {
      const taken = await takeAside(folder, stream, most)
      const drop = () => rm(taken.path, { force: true })
      return { ...taken, drop, keep: async () => {
        await drained(await send(place, 'PUT', pathOf(company, taken.sha256), clock(),
          { stream: createReadStream(taken.path), size: taken.size, sha256: taken.sha256 }))
        await drop()
      } }
    },
    async get(company, hash) {
      const answer = await send(place, 'GET', pathOf(company, hash), clock())
      if (answer.statusCode !== 404) return answer
      await drained(answer)
      return null
    },
    async remove(company, hash) { await drained(await send(place, 'DELETE', pathOf(company, hash), clock())) },
    tidy: (instant) => tidyAside(folder, instant),
  }
}
