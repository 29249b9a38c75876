import { uuidv7 } from 'uuidv7'
import type { Actor, App, Company, Ctx, House } from '../src/server/context.ts'
import { createCompany, joinPerson, letPasswordsStand } from '../src/server/auth/install.ts'
import { withClient } from '../src/server/database-roles.ts'
import { type Database, openDatabase } from '../src/server/db.ts'
import { processes } from '../src/processes/index.ts'
import { profiles } from '../src/regulations/index.ts'
import { nouns } from '../src/server/records/index.ts'
import { run } from '../src/server/run.ts'
import { wordsOf } from '../src/words/index.ts'
import { type DatabaseKind, type TestDatabase, openTestDatabase } from '../test/databases.ts'
import { analyse, loadManyCases } from '../test/many-cases.ts'

export const house: House = { processes, nouns, profiles }
export const password = 'bench-7391-kappa'

/** A database with one company and one coordinator, ready to be measured. */
export type Stage = { kind: string; database: TestDatabase; db: Database; app: App; company: Company; actor: Actor
  ctx: () => Ctx
  /** How many cases lie there already, some of them, and the people who own them. */
  stored: number; someCases: readonly string[]; people: readonly string[]
  close: () => Promise<void> }

export const silent = { info() {}, warn() {}, error() {} }

const peopleCount = 12
const tiny = 60

/**
 * A company with as many cases as are asked for, beside four that share a twentieth of as many and one tiny one.
 *
 * @param stored  0: an empty company alone
 */
export async function openStage(kind: DatabaseKind, stored = 0): Promise<Stage> {
  const database = await openTestDatabase(kind)
  const db = openDatabase(database.app, { most: 32 })
  const app: App = { db, house, clock: () => Date.now(), changed: () => {}, log: silent }
  const company = await withClient(database.owner, (client) =>
    createCompany(client, house, { slug: 'bench', name: '测速公司', profile: 's4' }))
  const id = await joinPerson(app, company, { name: '王晓燕', login: 'bench', password, positions: ['coordinator'] })
  await withClient(database.owner, (client) => letPasswordsStand(client, company))
  const actor: Actor = { kind: 'member', id, name: '王晓燕', roles: ['coordinator', 'dispatcher', 'hotline'] }
  const people = [id]
  if (stored > 0) {
    for (let n = 1; n < peopleCount; n += 1) {
      people.push(await joinPerson(app, company, { name: `同事${n}`, login: `bench${n}`, password, positions: ['coordinator'] }))
    }
    await loadManyCases(database.superuser, company.id, stored, people, { quick: true })
    for (const [slug, count] of [['a', stored / 80], ['b', stored / 80], ['c', stored / 80], ['d', stored / 80], ['tiny', tiny]] as const) {
      const other = await withClient(database.owner, (client) =>
        createCompany(client, house, { slug: `bench-${slug}`, name: `测速公司${slug}`, profile: 's4' }))
      await loadManyCases(database.superuser, other.id, Math.ceil(count), people, { quick: true })
    }
    await analyse(database.superuser)
  }
  const someCases = stored === 0 ? [] : await withClient(database.superuser, async (client) => (await client.query<{ id: string }>(
    `select id from record where company_id = $1 and process = 'task' order by opened_at desc limit 1000`, [company.id])).rows
    .map((row) => row.id))
  return { kind: kind.name, database, db, app, company, actor, stored, someCases, people,
    ctx: () => ({ app, company, actor, now: Date.now(), via: 'api', words: wordsOf('zh') }),
    async close() {
      await db.close()
      await database.close()
    } }
}

/** A task that the coordinator holds, with a clock running. @returns its id */
export async function takenTask(stage: Stage): Promise<string> {
  const outcome = await run(stage.ctx(), { process: 'task', action: 'create', id: null,
    input: { title: `给客户回电 ${uuidv7().slice(-6)}`, handler: stage.actor.id } })
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusal))
  return outcome.id
}

/** Many at a time, since they are not measured. */
export async function takenTasks(stage: Stage, count: number): Promise<string[]> {
  const ids: string[] = []
  while (ids.length < count) {
    ids.push(...await Promise.all(Array.from({ length: Math.min(16, count - ids.length) }, () => takenTask(stage))))
  }
  return ids
}
