import { groupTitles } from '../../regulations/groups.ts'
import { type Rule } from '../../regulations/rule.ts'
import { readDemoLogins } from '../demo/logins.ts'
import type { Config } from '../config.ts'
import type { Routes } from '../http.ts'
import { ctxOf } from '../http.ts'
import { sendRefusal } from '../answer.ts'
import { readCompanyNow } from '../settings.ts'
import { version } from '../version.ts'
import type { RegulationView } from '../views.ts'

/** What the house says of itself: is it well, which regulation runs, who may try it. */
export function houseRoutes(config: Config): Routes {
  return (server, app) => {
    server.get('/api/health', { config: { open: true } }, async (request, reply) => {
      try {
        const [row] = await app.db.door<{ level: string; server: string }>({
          text: `select max(name) as level, current_setting('server_version') as server from migration` })
        return { ok: true, version, database: { kind: config.databaseUrl ? 'server' : 'embedded',
          version: row!.server }, migration: row!.level }
      } catch {
        return sendRefusal(request, reply, { code: 'unavailable' })
      }
    })

    server.get('/api/demo', { config: { open: true } }, (request, reply) => {
      const logins = config.demo ? readDemoLogins(config.dataDir) : null
      // The password itself is printed where the server was started, and nowhere else.
      if (!logins) return sendRefusal(request, reply, { code: 'not_found' })
      return reply.send({ logins: logins.people })
    })

    server.get('/api/rules', async (request): Promise<RegulationView> => {
      const ctx = ctxOf(request)
      const { profile: key } = await app.db.read(ctx.company.id, (reader) => readCompanyNow(reader))
      const profile = app.house.profiles[key]!
      const groups = new Map<string, Rule[]>()
      for (const rule of profile.rules) groups.set(rule.group, [...groups.get(rule.group) ?? [], rule])
      return { regulation: profile.zh, key,
        groups: [...groups].map(([group, rules]) => ({ group, title: groupTitles[group] ?? '', rules })) }
    })
  }
}
