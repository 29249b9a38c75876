import { type ChildProcess, fork } from 'node:child_process'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import type { ClientConfig } from 'pg'
import { password } from './stage.ts'

/** The API as one browser has it: signed in, connections kept. Rejects with what was answered, unless it is 2xx. */
export type Http = { send(path: string, body: object): Promise<void>; get(path: string): Promise<string>; readonly cookie: string
  close(): void }

/** Signs in at a server that runs already. @param port  on this machine */
export async function signIn(port: number, login = 'bench'): Promise<Http> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  let cookie = ''
  const ask = (method: string, path: string, body?: object) => new Promise<string>((resolve, reject) => {
    const text = body && JSON.stringify(body)
    const sent = request({ agent, host: '127.0.0.1', port, method, path: encodeURI(path), headers: { cookie,
      ...(text && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), prefer: 'return=minimal' }) } },
    (response) => {
      cookie ||= String(response.headers['set-cookie']?.[0] ?? '').split(';')[0]!
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => { parts.push(part) })
      response.on('end', () => {
        const answer = Buffer.concat(parts).toString()
        if (response.statusCode! < 300) resolve(answer)
        else reject(new Error(`${path}: ${response.statusCode} ${answer}`))
      })
    })
    sent.on('error', reject)
    sent.end(text)
  })
  await ask('POST', '/api/sign-in', { login, password })
  return { async send(path, body) { await ask('POST', path, body) }, get: (path) => ask('GET', path), cookie,
    close: () => agent.destroy() }
}

/** A server in a process of its own on this database, and somebody signed in there. */
export async function openHttp(database: ClientConfig): Promise<Http> {
  const child: ChildProcess = fork(join(import.meta.dirname, 'serve.ts'), { execArgv: ['--import', 'tsx'] })
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message: { port: number }) => resolve(message.port))
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)))
    child.send(database)
  })
  const http = await signIn(port)
  return { ...http, close() {
    http.close()
    child.kill()
  } }
}
