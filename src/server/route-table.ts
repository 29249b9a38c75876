import type { FastifyInstance } from 'fastify'

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route of this server, for the API document and the test of doors. */
    routeTable: RouteLine[]
  }
}

/** A route as registered: 'GET', '/api/:process/:id'. `open`: strangers may ask. */
export type RouteLine = { method: string; url: string; open: boolean }

/** From here on every route is noted. HEAD, which Fastify makes of each GET, is left out. */
export function keepRouteTable(server: FastifyInstance): void {
  const table: RouteLine[] = []
  server.decorate('routeTable', table)
  server.addHook('onRoute', ({ method, url, config }) => {
    for (const one of [method].flat()) if (one !== 'HEAD') table.push({ method: one, url, open: config?.open === true })
  })
}
