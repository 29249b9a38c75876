import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { wordsOf } from '../src/words/index.ts'
import type { Actor, Ctx } from '../src/server/context.ts'
import { type Routes, buildServer } from '../src/server/http.ts'
import { type FileStore, diskStore } from '../src/server/ports/file-store.ts'
import { type TestCompany, openTestCompany } from './company.ts'
import type { DatabaseKind } from './databases.ts'

/** The smallest picture there is. */
export const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9'
  + 'awAAAABJRU5ErkJggg==', 'base64')

/** A company behind its HTTP server; whoever is named asks, nobody signs in. */
export type Served = {
  at: TestCompany
  server: FastifyInstance
  files: FileStore
  folder: string
  ask(actor: Actor, method: 'GET' | 'POST' | 'PUT' | 'PATCH', url: string, body?: unknown,
    headers?: Record<string, string>): Promise<LightMyRequestResponse>
  upload(actor: Actor, name: string, content: Buffer | string): Promise<LightMyRequestResponse>
  close(): Promise<void>
}

export async function serve(kind: DatabaseKind, routes: readonly Routes[], options: { profile?: string } = {}):
  Promise<Served> {
  const at = await openTestCompany(kind, options)
  const folder = mkdtempSync(join(tmpdir(), 'gongdan-files-'))
  const files = diskStore(folder)
  const people = new Map<string, Actor>()
  // A fault is told: a test that meets one should say why.
  const log = { info() {}, warn() {}, error: (fields: object, message: string) => { console.error(message, fields) } }
  const app = Object.assign(at.app, { files, log })
  const server = await buildServer(app, { routes, authenticate: async (_app, request): Promise<Ctx | null> => {
    const actor = people.get(String(request.headers['x-test-actor']))
    return actor ? { ...at.ctx(actor), app, words: wordsOf(request.headers['accept-language'] === 'en' ? 'en' : 'zh') }
      : null
  } })
  const name = (actor: Actor) => {
    const key = JSON.stringify([actor.kind, actor.id, actor.link ?? null])
    people.set(key, actor)
    return { 'x-test-actor': key }
  }
  return {
    at, server, files, folder,
    ask: (actor, method, url, body, headers) => server.inject({ method, url, headers: { ...name(actor), ...headers },
      ...(body !== undefined && { payload: body as object }) }),
    upload: (actor, file, content) => server.inject({ method: 'POST', url: '/api/files',
      ...multipart([{ field: 'file', name: file, content }], name(actor)) }),
    async close() {
      await server.close()
      await at.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A multipart body, written as a browser writes it. `name` null: a plain field. */
export function multipart(parts: readonly { field: string; name: string | null; content: Buffer | string }[],
  headers: Record<string, string> = {}) {
  const boundary = '----gongdan-test-boundary'
  const chunks = parts.flatMap(({ field, name, content }) => [
    `--${boundary}\r\ncontent-disposition: form-data; name="${field}"${name === null ? '' : `; filename="${name}"`}\r\n`
      + `${name === null ? '' : 'content-type: image/png\r\n'}\r\n`, content, '\r\n'])
  return { headers: { ...headers, 'content-type': `multipart/form-data; boundary=${boundary}` },
    payload: Buffer.concat([...chunks, `--${boundary}--\r\n`].map((chunk) => Buffer.from(chunk))) }
}
