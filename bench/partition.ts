/**
 * `npm run -s bench:partition -- [events] [--database=name] [--json]`: the table of events with very many of them (ten million
 * by default) as it is, and divided by company as docs/operations.md describes: acts, reads, the vacuum of the largest company
 * and the removal of one that left. The engine does its acts on both.
 */
import { parseArgs } from 'node:util'
import type { Client } from 'pg'
import { createCompany } from '../src/server/auth/install.ts'
import { withClient } from '../src/server/database-roles.ts'
import { run } from '../src/server/run.ts'
import { testDatabases } from '../test/databases.ts'
import { loadManyCases } from '../test/many-cases.ts'
import { type Measured, measure } from './measure.ts'
import { divideEvents } from '../src/server/divide-events.ts'
import { type Stage, house, openStage, takenTasks } from './stage.ts'

const { values: options, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean' },
  database: { type: 'string' } } })
const events = Number(positionals[0] ?? 10_000_000)
/** The loader writes 2.9 events a case. */
const cases = Math.round(events / 2.9)
const acts = 1000
const reads = 1000

const rows: object[] = []
const say = (row: object) => {
  rows.push(row)
  if (!options.json) process.stdout.write(`${JSON.stringify(row)}\n`)
}

/** Seconds that a statement takes, one decimal. */
async function took(client: Client, text: string): Promise<number> {
  const began = performance.now()
  await client.query(text)
  return Math.round((performance.now() - began) / 100) / 10
}

async function look(stage: Stage, form: 'one table' | 'by company'): Promise<void> {
  const report = (op: string, measured: Measured) => say({ op, database: stage.kind, form, events, ...measured })
  const finish = (id: string) => run(stage.ctx(), { process: 'task', action: 'finish', id, input: { result: '已回电，客户同意。' } })
  for (const id of await takenTasks(stage, 200)) await finish(id)
  const ids = await withClient(stage.database.superuser, async (client) => (await client.query<{ id: string }>(`
    select id from record where company_id = $1 and process = 'task' order by number limit $2`, [stage.company.id, reads]))
    .rows.map(({ id }) => id))
  for (const concurrency of [1, 8]) {
    report(`act_run ×${concurrency}`, await measure(await takenTasks(stage, acts), concurrency, finish))
    report(`events of a case ×${concurrency}`, await measure(ids, concurrency, (id) => stage.db.read(stage.company.id, (reader) =>
      reader.query({ name: 'bench_events', text: 'select * from event where record_id = $1 order by seq desc limit 50', values: [id] }))))
    report(`newest of an action ×${concurrency}`, await measure(ids, concurrency, () => stage.db.read(stage.company.id, (reader) =>
      reader.query({ name: 'bench_newest', text: `select record_id, at from event where company_id = current_company()
        and process = 'task' and action = 'finish' order by at desc limit 50` }))))
  }
}

for (const kind of testDatabases().filter(({ name }) => !options.database || name === options.database)) {
  const stage = await openStage(kind)
  const { superuser, owner } = stage.database
  const small: { id: number }[] = []
  for (let n = 0; n < 10; n += 1) {
    small.push(await withClient(owner, (client) => createCompany(client, house, { slug: `k${n}`, name: `公司${n}`, profile: 's4' })))
  }
  const people = [stage.actor.id!]
  await loadManyCases(superuser, stage.company.id, Math.round(cases / 2), people, { quick: true, unsearched: true })
  for (const { id } of small) await loadManyCases(superuser, id, Math.round(cases / 20), people, { quick: true, unsearched: true })
  await withClient(superuser, async (client) => {
    await client.query('vacuum analyze record, event, task')
    const size = async () => (await client.query<{ mb: number }>(`
      select round(sum(pg_total_relation_size(inhrelid))/1e6)::int as mb from pg_inherits where inhparent = 'event'::regclass`)).rows[0]!.mb
    const [plain] = (await client.query<{ mb: number; n: string }>(`select round(pg_total_relation_size('event')/1e6)::int as mb,
      (select count(*) from event) as n`)).rows
    say({ op: 'size', database: kind.name, form: 'one table', events: Number(plain!.n), mb: plain!.mb })
    await look(stage, 'one table')
    const gone = [small[0]!.id, small[1]!.id] as const
    for (const company of gone) {
      await client.query(`begin; set local session_replication_role = replica; delete from task where company_id = ${company};
        delete from record where company_id = ${company}; commit`)
    }
    say({ op: 'removal of the events of a company', database: kind.name, form: 'one table', seconds: await took(client, `begin;
      set local session_replication_role = replica; delete from event where company_id = ${gone[0]}; commit`) })
    say({ op: 'vacuum afterwards', database: kind.name, form: 'one table', seconds: await took(client, 'vacuum event') })
    const began = performance.now()
    await withClient(owner, (one) => divideEvents(one, [stage.company.id, gone[1]]))
    say({ op: 'division', database: kind.name, seconds: Math.round((performance.now() - began) / 1000) })
    await client.query('vacuum analyze event')
    say({ op: 'size', database: kind.name, form: 'by company', mb: await size() })
    await look(stage, 'by company')
    say({ op: 'removal of the events of a company', database: kind.name, form: 'by company', seconds: await took(client, `begin;
      set local session_replication_role = replica; delete from event where company_id = ${gone[1]}; commit`) })
    say({ op: 'vacuum afterwards', database: kind.name, form: 'by company', seconds: await took(client, `vacuum event_of_${gone[1]}`) })
    say({ op: 'vacuum of the largest', database: kind.name, form: 'by company',
      seconds: await took(client, `vacuum event_of_${stage.company.id}`) })
  })
  await stage.close()
}
if (options.json) process.stdout.write(`${JSON.stringify(rows, null, 1)}\n`)
process.exit(0)
