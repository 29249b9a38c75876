import { uuidv7 } from 'uuidv7'
import { wordsOf } from '../src/words/index.ts'
import type { App, Change, Company, Ctx, House } from '../src/server/context.ts'
import { type Database, openDatabase } from '../src/server/db.ts'
import { nouns } from '../src/server/records/index.ts'
import { type Outcome, type Wish, run } from '../src/server/run.ts'
import { processes } from '../src/processes/index.ts'
import { profiles } from '../src/regulations/index.ts'
import type { Role } from '../src/engine/roles.ts'
import { type DatabaseKind, type TestDatabase, openTestDatabase } from './databases.ts'
import { withClient } from '../src/server/database-roles.ts'

export const house: House = { processes, nouns, profiles }

/** One company in a fresh database, with a clock that the test sets. */
export type TestCompany = {
  app: App & { now: number; changes: Change[] }
  database: TestDatabase
  company: Company
  db: Database
  /** Adds a member who holds one position of exactly these roles. */
  person(name: string, ...roles: Role[]): Promise<Ctx['actor']>
  act(actor: Ctx['actor'], process: string, action: string, id: string | null, input?: unknown,
    more?: Partial<Wish>): Promise<Outcome>
  ctx(actor: Ctx['actor']): Ctx
  close(): Promise<void>
}

/** Saturday 2026-11-21 is no working day in the office; tests begin on the Monday after at 10:00 in Shanghai. */
export const monday = Date.parse('2026-11-23T02:00:00Z')

const silent = { info() {}, warn() {}, error() {} }

export async function openTestCompany(kind: DatabaseKind,
  options: { profile?: string; house?: House; database?: TestDatabase } = {}): Promise<TestCompany> {
  const database = options.database ?? await openTestDatabase(kind)
  const company = await addCompany(database, options.profile ?? 's4')
  const db = openDatabase(database.app)
  const changes: Change[] = []
  const app = { db, house: options.house ?? house, now: monday, changes, log: silent,
    clock: () => app.now, changed: (change: Change) => { changes.push(change) } }
  const ctx = (actor: Ctx['actor']): Ctx =>
    ({ app, company, actor, now: app.now, via: 'api', words: wordsOf('zh') })
  return {
    app, database, company, db, ctx,
    person: (name, ...roles) => addPerson(database, company, name, roles),
    act: (actor, process, action, id, input = {}, more = {}) => run(ctx(actor), { process, action, id, input, ...more }),
    async close() {
      await db.close()
      await database.close()
    },
  }
}

/** A company straight into the tables: companies are made by the installation, not by the engine. */
export async function addCompany(database: TestDatabase, profile: string, slug = `c${Math.random().toString(36).slice(2, 10)}`):
  Promise<Company> {
  return withClient(database.owner, async (client) => {
    const { rows } = await client.query(
      `insert into company (slug, name, profile) values ($1, $2, $3) returning company_id as id, slug, name, time_zone`,
      [slug, `测试公司 ${slug}`, profile])
    return rows[0]
  })
}

async function addPerson(database: TestDatabase, company: Company, name: string, roles: readonly Role[]):
  Promise<Ctx['actor']> {
  const id = uuidv7()
  const position = `p_${roles.join('_')}`.slice(0, 60)
  await withClient(database.owner, async (client) => {
    await client.query(`insert into position (company_id, key, name, roles) values ($1, $2, $2, $3)
      on conflict do nothing`, [company.id, position, roles])
    await client.query(`begin`)
    await client.query(`insert into event (company_id, record_id, seq, process, action, to_state, at, actor_kind, via,
      request_key, request_hash, settings_revision, input)
      values ($1, $2, 1, 'member', 'join', 'active', $3, 'system', 'api', $4, $4, 0, '{}')`,
      [company.id, id, new Date(monday), Buffer.from(id)])
    await client.query(`insert into record (company_id, id, process, number, title, seq, state, kind, root, opened_at,
      changed_at, settings_revision) values ($1, $2, 'member', $3, $4, 1, 'active', 'active', $2, $5, $5, 0)`,
      [company.id, id, `T-${id}`, name, new Date(monday)])
    await client.query(`insert into member (company_id, id, name, positions) values ($1, $2, $3, $4)`,
      [company.id, id, name, [position]])
    await client.query(`commit`)
  })
  return { kind: 'member', id, name, roles }
}
