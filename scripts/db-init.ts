/**
 * `npm run db:init`: make ready a PostgreSQL of yours (decision 12). Reads DATABASE_URL (the app's login),
 * DATABASE_OWNER_URL (the owner's login) and, if the roles and the database are to be made as well,
 * DATABASE_ADMIN_URL. Can be repeated at any time. Ends with 1 and one clear sentence when something is missing.
 */
import { join } from 'node:path'
import pg from 'pg'
import type { ClientConfig } from 'pg'
import { ensureRoles, inDatabase, withClient } from '../src/server/database-roles.ts'
import type { Login } from '../src/server/database-roles.ts'
import { migrate } from '../src/server/migrate.ts'

const MIGRATIONS = join(import.meta.dirname, '..', 'migrations')

interface Target { variable: string, config: ClientConfig, login: Login, database: string, place: string }

try {
  await main()
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}

async function main(): Promise<void> {
  const app = target('DATABASE_URL')
  const owner = target('DATABASE_OWNER_URL')
  if (app.database !== owner.database || app.place !== owner.place) {
    throw new Error(`DATABASE_URL (${app.place}/${app.database}) and DATABASE_OWNER_URL (${owner.place}/`
      + `${owner.database}) must name the same database.`)
  }
  if (app.login.name === owner.login.name) {
    throw new Error('DATABASE_URL and DATABASE_OWNER_URL must have different users: the app may not own its tables.')
  }
  if (process.env['DATABASE_ADMIN_URL']) await makeRoles(target('DATABASE_ADMIN_URL', 'postgres'), owner, app)
  else console.log('DATABASE_ADMIN_URL is not set: the two roles and the database must exist.')
  await checkLogin(owner)
  await checkLogin(app)
  await checkRights(owner, app)
  const { level, applied } = await migrate(owner.config, MIGRATIONS, app.login.name)
  for (const name of applied) console.log(`Applied ${name}.`)
  console.log(`The database ${app.database} on ${app.place} stands at ${level || 'no migration'}; owner `
    + `${owner.login.name}, app ${app.login.name}.`)
}

function target(variable: string, defaultDatabase?: string): Target {
  const text = process.env[variable]
  if (!text) throw new Error(`${variable} is not set; it looks like postgres://user:password@host:5432/gongdan`)
  let config: pg.Client
  try {
    config = new pg.Client({ connectionString: text })
  } catch (error) {
    throw new Error(`${variable} is not an address of a database: ${(error as Error).message}`, { cause: error })
  }
  const { user, password, host, port } = config
  // An address without a name of a database means, for pg, the one named like the user.
  const named = /^[a-z]+:\/\/[^/]*\/[^?]+/.test(text)
  const database = named ? config.database : defaultDatabase
  if (!user || !database) throw new Error(`${variable} must name a user and a database`)
  return {
    variable, database, place: `${host}:${port}`, login: { name: user, password: password || undefined },
    config: inDatabase({ connectionString: text, connectionTimeoutMillis: 10_000 }, database),
  }
}

async function makeRoles(admin: Target, owner: Target, app: Target): Promise<void> {
  if (admin.place !== app.place) {
    throw new Error(`DATABASE_ADMIN_URL leads to ${admin.place}, DATABASE_URL to ${app.place}: it must be one server.`)
  }
  if (admin.login.name === owner.login.name || admin.login.name === app.login.name) {
    throw new Error('DATABASE_ADMIN_URL must have a user of its own: the owner and the app lose such rights.')
  }
  await checkLogin(admin)
  const { version } = await ensureRoles(admin.config, { database: app.database, owner: owner.login, app: app.login })
  console.log(`Roles ${owner.login.name} and ${app.login.name} and database ${app.database} are there `
    + `(PostgreSQL ${version}).`)
}

async function checkLogin({ variable, config, login, database, place }: Target): Promise<void> {
  try {
    await withClient(config, (client) => client.query('select 1'))
  } catch (error) {
    const { code, message } = error as { code?: string, message: string }
    const hint = process.env['DATABASE_ADMIN_URL'] ? '' : ' With DATABASE_ADMIN_URL set, db:init makes both roles '
      + 'and the database.'
    const missing = code === '3D000' || code === '28000' || code === '28P01'
    throw new Error(`${variable}: ${login.name} cannot log in to ${database} on ${place}: `
      + `${message || code || 'no answer'}.${missing ? hint : ''}`, { cause: error })
  }
}

/** The server refuses to serve with a role that passes row-level security; say so here already. */
async function checkRights(owner: Target, app: Target): Promise<void> {
  const strong = await withClient(app.config, async (client) => {
    const { rows } = await client.query(`select rolsuper or rolbypassrls or pg_has_role($1, 'member') as strong
      from pg_roles where rolname = current_user`, [owner.login.name])
    return rows[0].strong as boolean
  })
  if (strong) {
    throw new Error(`${app.login.name} (DATABASE_URL) is a superuser, passes row-level security or belongs to the `
      + 'owner: companies would not be kept apart. Use another role.')
  }
  const may = await withClient(owner.config, async (client) => {
    const { rows } = await client.query(`select has_schema_privilege('public', 'create') as may,
      current_setting('server_version_num')::int >= 150000 as recent, current_setting('server_encoding') as encoding`)
    return rows[0] as { may: boolean, recent: boolean, encoding: string }
  })
  if (!may.recent) throw new Error(`Gongdan needs PostgreSQL 15 or newer (${owner.place}).`)
  if (may.encoding !== 'UTF8') throw new Error(`${owner.database} is encoded in ${may.encoding}; Gongdan needs UTF8.`)
  if (!may.may) {
    throw new Error(`${owner.login.name} (DATABASE_OWNER_URL) may not create in schema public: let it own the `
      + `database ${owner.database}.`)
  }
}
