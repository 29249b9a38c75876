/**
 * `npm run -s bench:reports -- [cases] [--json]`: the process report and the report of outcomes over many repair orders (100,000 by
 * default), through the HTTP server without a network, and how fast what happens is taken into the sums.
 */
import { buildServer } from '../src/server/http.ts'
import { withClient } from '../src/server/database-roles.ts'
import { reportRoutes } from '../src/server/routes/reports.ts'
import { joinPerson } from '../src/server/auth/install.ts'
import { testDatabases } from '../test/databases.ts'
import { loadManyRepairs } from '../test/many-repairs.ts'
import { measure } from './measure.ts'
import { openStage, password } from './stage.ts'

const cases = Number(process.argv.find((word) => /^\d+$/.test(word)) ?? 100_000)
const rounds = 15
const foldBatch = 400

const behind = '/api/reports/flow/repair_order/cases?behind='
const asked: readonly (readonly [string, string])[] = [
  ['flow, two years', '/api/reports/flow/repair_order'],
  ['flow, a quarter', '/api/reports/flow/repair_order?from=2026-08-01&to=2026-10-31'],
  ['flow, one product', '/api/reports/flow/repair_order?product=pc'],
  ['flow, one person', '/api/reports/flow/repair_order?person=PERSON'],
  ['cases behind a frequent step', `${behind}step&action=finish&from_state=repairing&to_state=waiting_close_out`],
  ['cases behind a rare step', `${behind}step&action=decline&from_state=waiting_consent&to_state=restoring`],
  ['cases that turned back', `${behind}again`],
  ['cases let through with a reason', `${behind}waived`],
  ['outcomes by brand, two years', '/api/reports/repairs?by=brand'],
  ['outcomes by model, a quarter', '/api/reports/repairs?by=model&from=2026-08-01&to=2026-10-31'],
]

const rows: object[] = []
const say = (row: Record<string, unknown>) => {
  rows.push(row)
  if (!process.argv.includes('--json')) console.log(JSON.stringify(row))
}

for (const kind of testDatabases()) {
  const stage = await openStage(kind)
  const people: string[] = [stage.actor.id!]
  for (let n = 0; n < 9; n += 1) {
    people.push(await joinPerson(stage.app, stage.company,
      { name: `工程师${n}`, login: `bench${n}`, password, positions: ['engineer'] }))
  }
  await loadManyRepairs(stage.database.superuser, stage.company.id, cases, people)
  await withClient(stage.database.superuser, (client) =>
    client.query('vacuum analyze record, event, machine, repair_order, member'))
  await fold(stage)
  const server = await buildServer(stage.app, { routes: [reportRoutes], authenticate: async () =>
    ({ ...stage.ctx(), actor: { ...stage.actor, roles: ['manager', 'supervisor', 'coordinator'] } }) })
  for (const [op, url] of asked) {
    let bytes = 0
    const times = await measure(Array.from({ length: rounds }, () => url.replace('PERSON', people[3]!)), 1, async (one) => {
      const answer = await server.inject({ url: one })
      if (answer.statusCode !== 200) throw new Error(`${one}: ${answer.body}`)
      bytes = answer.body.length
    })
    say({ op, database: kind.name, cases, p50_ms: times.p50_ms, p95_ms: times.p95_ms, bytes })
  }
  await server.close()
  await stage.close()
}
if (process.argv.includes('--json')) console.log(JSON.stringify(rows))

/** All cases into the sums, as the worker takes them: a batch a transaction. */
async function fold({ db, company, database, kind }: Awaited<ReturnType<typeof openStage>>): Promise<void> {
  const ids = await withClient(database.superuser, async (client) =>
    (await client.query<{ id: string }>(`select id from record where company_id = $1 and process = 'repair_order' order by opened_at`,
      [company.id])).rows.map(({ id }) => id))
  const began = performance.now()
  for (let from = 0; from < ids.length; from += foldBatch) {
    await db.transaction(company.id, async (tx) => {
      await tx.query({ name: 'fold_flow', text: 'select fold_flow($1::uuid[])', values: [ids.slice(from, from + foldBatch)] })
      await tx.commit()
    })
  }
  const seconds = (performance.now() - began) / 1000
  await withClient(database.superuser, (client) => client.query('vacuum analyze flow_day, case_flow'))
  const [sums] = await withClient(database.superuser, async (client) => (await client.query<{ lines: string; bytes: string
    events: string }>(`select (select count(*) from flow_day) as lines, pg_total_relation_size('flow_day') as bytes,
      (select count(*) from event where process = 'repair_order') as events`)).rows)
  say({ op: 'fold', database: kind, cases, cases_per_second: Math.round(ids.length / seconds), lines: Number(sums!.lines),
    megabytes: Math.round(Number(sums!.bytes) / 1e6), events: Number(sums!.events) })
}
