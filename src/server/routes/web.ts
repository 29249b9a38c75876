import { existsSync } from 'node:fs'
import { join } from 'node:path'
import serveFiles from '@fastify/static'
import { sendRefusal } from '../answer.ts'
import type { Routes } from '../http.ts'

const year = 31_536_000

/** Pages without an account, an application of their own: a private link, a set-up link, a code on paper. */
const withoutAccount = /^\/(?:[lq](?:\/|$)|setup\/?$)/

/** The built web interface. Any address without a file is a page of one of its two applications. */
export function webRoutes(folder: string): Routes {
  return (server) => {
    if (!existsSync(join(folder, 'index.html'))) return
    void server.register(serveFiles, { root: folder, wildcard: false, index: false, maxAge: 0,
      setHeaders(reply, path) {
        const named = /[/\\]assets[/\\]/.test(path)
        reply.header('cache-control', named ? `public, max-age=${year}, immutable` : 'no-cache')
      } })
    server.get('/*', { config: { open: true } }, (request, reply) => {
      const page = !request.url.startsWith('/api/') && (request.headers.accept ?? '').includes('text/html')
      if (!page) return sendRefusal(request, reply, { code: 'not_found' })
      const application = withoutAccount.test(request.url.split('?')[0]!) ? 'portal.html' : 'index.html'
      return reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8').sendFile(application)
    })
  }
}
