import type { Client } from 'pg'
import { machine } from './by-itself.ts'
import type { App, Company } from './context.ts'
import { clocksAstray } from './recompute.ts'
import { stockChecks } from './stock.ts'

/** One thing that should hold of a database, and what was found against it. */
export type Finding = { check: string; found: number; examples: readonly string[] }

type Check = { check: string; sql: string }

const examplesMost = 5

/** Each query returns the rows that are wrong, with a column `what`. Run as the owner, past row-level security. */
const checks: readonly Check[] = [
  { check: 'every record stands at the last event of its chain', sql: `
      select r.company_id || ':' || r.process || ' ' || r.number as what from record r
      left join lateral (select e.seq, e.to_state from event e
        where e.company_id = r.company_id and e.record_id = r.id order by e.seq desc limit 1) e on true
      where e.seq is distinct from r.seq or e.to_state is distinct from r.state` },
  { check: 'no chain has a hole', sql: `
      select e.company_id || ':' || e.record_id as what from event e group by e.company_id, e.record_id
      having count(*) <> max(e.seq)` },
  { check: 'every chain has its record', sql: `
      select distinct e.company_id || ':' || e.record_id as what from event e
      where e.seq = 1 and not exists (select from record r where r.company_id = e.company_id and r.id = e.record_id)` },
  { check: 'an event happened no earlier than the one before it', sql: `
      select e.company_id || ':' || e.record_id || ' #' || e.seq as what from event e
      join event p on p.company_id = e.company_id and p.record_id = e.record_id and p.seq = e.prev_seq
      where e.at < p.at` },
  { check: 'closed exactly when done or void', sql: `
      select company_id || ':' || process || ' ' || number as what from record
      where (kind in ('done', 'void')) <> (closed_at is not null)` },
  { check: 'a child shares the root of its parent', sql: `
      select c.company_id || ':' || c.process || ' ' || c.number as what from record c
      join record p on p.company_id = c.company_id and p.id = c.parent where p.root <> c.root` },
  { check: 'numbers run without gaps', sql: `
      select n.company_id || ':' || n.process || ' ' || n.period as what from number_counter n
      where n.last <> (select count(*) from record r where r.company_id = n.company_id and r.process = n.process
        and r.old_number is null and r.number <> r.id::text and (n.period = 'ever' or substring(r.number from '[0-9]+') = n.period))` },
  { check: 'the timer waits for the strike that the record names', sql: `
      select r.company_id || ':' || r.process || ' ' || r.number as what from record r
      left join timer t on t.company_id = r.company_id and t.record_id = r.id
      where coalesce(r.next_strike, '') <> coalesce(t.clock || ':' || t.step || ':' ||
        (extract(epoch from t.due_at) * 1000)::bigint, '')` },
  { check: 'no ended record waits for a strike', sql: `
      select r.company_id || ':' || r.process || ' ' || r.number as what from record r
      join timer t on t.company_id = r.company_id and t.record_id = r.id
      where r.kind in ('done', 'void') and t.due_at is not null` },
  { check: 'every effect given up has its task', sql: `
      select o.company_id || ':' || o.record_id || ' #' || o.seq || '.' || o.n as what from outbox o
      where o.state in ('dead', 'uncertain') and not exists (select from undelivered u
        where u.company_id = o.company_id and u.source_record = o.record_id and u.source_seq = o.seq
          and u.source_n = o.n)` },
  { check: 'every table of a company is under its policy', sql: `
      select c.relname as what from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relrowsecurity
        and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'company_id')
        and has_any_column_privilege('gongdan_app', c.oid, 'select')` },
  ...stockChecks,
]

/** Every state of the database has its chain, every number its place. @param client connected as the owner */
export async function examine(client: Client): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const { check, sql } of checks) {
    const { rows } = await client.query<{ what: string }>(`${sql} limit 1000`)
    findings.push({ check, found: rows.length, examples: rows.slice(0, examplesMost).map(({ what }) => what) })
  }
  return findings
}

/** Every noun has the row that its records need. */
export async function examineNouns(client: Client, tables: Readonly<Record<string, string>>): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const [process, table] of Object.entries(tables)) {
    const { rows } = await client.query<{ what: string }>(`select r.company_id || ':' || r.number as what from record r
      where r.process = $1 and not exists (select from ${table} n where n.company_id = r.company_id and n.id = r.id)
      limit 1000`, [process])
    findings.push({ check: `every ${process} has its row`, found: rows.length,
      examples: rows.slice(0, examplesMost).map(({ what }) => what) })
  }
  return findings
}

const clockBatch = 500

/** Every open record's stored deadline and next strike equal what its history comes to. */
export async function clocksOfAll(client: Client, app: App): Promise<Finding> {
  const astray: string[] = []
  const { rows: companies } = await client.query<Company>(
    'select company_id as id, slug, name, time_zone from company order by company_id')
  for (const company of companies) {
    for (const process of Object.keys(app.house.processes)) {
      for (let last = '00000000-0000-0000-0000-000000000000'; ;) {
        const { rows } = await client.query<{ id: string }>(`select id from record where company_id = $1
          and process = $2 and kind in ('active', 'waiting') and id > $3 order by id limit ${clockBatch}`,
          [company.id, process, last])
        if (rows.length === 0) break
        astray.push(...await foldOrSay(app, company, process, rows.map(({ id }) => id)))
        last = rows.at(-1)!.id
      }
    }
  }
  return { check: 'every clock equals its recomputation', found: astray.length,
    examples: astray.slice(0, examplesMost) }
}

/** A batch at once; where one of its histories cannot be folded at all, each by itself. */
async function foldOrSay(app: App, company: Company, process: string, ids: readonly string[]): Promise<string[]> {
  try {
    return await clocksAstray(machine(app, company), process, ids)
  } catch (error) {
    if (ids.length === 1) return [`${ids[0]} (${(error as Error).message})`]
    return (await Promise.all(ids.map((id) => foldOrSay(app, company, process, [id])))).flat()
  }
}
