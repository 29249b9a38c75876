import pg from 'pg'
import type { Client, ClientConfig } from 'pg'

export const OWNER_ROLE = 'gongdan_owner'
export const APP_ROLE = 'gongdan_app'
export const DATABASE = 'gongdan'

/** One login of the database; without a password it is left as it is (peer or trust authentication). */
export interface Login { name: string, password?: string }

export interface WantedRoles { database: string, owner: Login, app: Login }

const LOCK_KEY = 4_719_050

/**
 * See to the two roles and the database of decision 12: the owner may change the schema and is used by migrations
 * only; the app may connect and use the schema, and gets its rights on tables from the migrations. Neither is a
 * superuser or passes row-level security. Can be repeated; a right that somebody added meanwhile to one of these
 * roles (superuser, bypassrls) is taken away again.
 *
 * @param admin  a superuser, or a role with CREATEROLE and CREATEDB; any database
 * @returns the server's version, such as "18.4"
 * @throws Error below PostgreSQL 15, and what the server says when `admin` may not do this
 */
export async function ensureRoles(admin: ClientConfig, wanted?: Partial<WantedRoles>): Promise<{ version: string }> {
  const names = { database: DATABASE, owner: { name: OWNER_ROLE }, app: { name: APP_ROLE }, ...wanted }
  const version = await withClient(admin, async (client) => {
    const version = await serverVersion(client)
    // Several nodes may come up at the same time; roles belong to the whole server.
    await client.query('select pg_advisory_lock($1)', [LOCK_KEY])
    await ensureLogin(client, names.owner)
    await ensureLogin(client, names.app)
    await ensureDatabase(client, names)
    return version
  })
  await withClient(inDatabase(admin, names.database), (client) => ensureSchema(client, names))
  return { version }
}

/**
 * Let only the app's role and the owner into a database. Rights on a database, unlike those inside of it, do not
 * come along from its template.
 */
export async function closeDatabase(client: Client, database: string, app: string): Promise<void> {
  await client.query(`revoke all on database ${quoted(database)} from public`)
  await client.query(`grant connect on database ${quoted(database)} to ${quoted(app)}`)
}

async function serverVersion(client: Client): Promise<string> {
  const { rows } = await client.query(`select current_setting('server_version_num')::int as number,
    split_part(current_setting('server_version'), ' ', 1) as version`)
  if (rows[0].number < 150_000) {
    throw new Error(`Gongdan needs PostgreSQL 15 or newer; this server is ${rows[0].version}`)
  }
  return rows[0].version
}

async function ensureLogin(client: Client, login: Login): Promise<void> {
  const name = quoted(login.name)
  const { rows } = await client.query('select rolsuper, rolbypassrls, rolcanlogin, rolcreaterole, rolcreatedb '
    + 'from pg_roles where rolname = $1', [login.name])
  const found = rows[0]
  if (!found) await client.query(`create role ${name} login nosuperuser nocreatedb nocreaterole nobypassrls`)
  else {
    // Each only when needed: an admin that is not superuser may not even say «nosuperuser».
    if (found.rolsuper) await client.query(`alter role ${name} nosuperuser`)
    if (found.rolbypassrls) await client.query(`alter role ${name} nobypassrls`)
    if (found.rolcreaterole || found.rolcreatedb) await client.query(`alter role ${name} nocreaterole nocreatedb`)
    if (!found.rolcanlogin) await client.query(`alter role ${name} login`)
  }
  if (login.password) await client.query(`alter role ${name} password ${client.escapeLiteral(login.password)}`)
}

async function ensureDatabase(client: Client, { database, owner, app }: WantedRoles): Promise<void> {
  const { rows } = await client.query(`select r.rolname as owner, pg_encoding_to_char(encoding) as encoding,
    (select rolsuper from pg_roles where rolname = current_user) as superuser,
    current_setting('server_version_num')::int as version
    from (select 1) one left join pg_database on datname = $1 left join pg_roles r on r.oid = datdba`, [database])
  const found = rows[0]
  if (found.owner && found.encoding !== 'UTF8') {
    throw new Error(`The database ${database} is encoded in ${found.encoding}; Gongdan needs UTF8`)
  }
  // Who is not superuser can give things only to roles that it belongs to.
  if (!found.superuser && found.owner !== owner.name) await client.query(`grant ${quoted(owner.name)} to current_user`)
  if (!found.owner) await createDatabase(client, database, owner.name, found.version)
  else if (found.owner !== owner.name) {
    await client.query(`alter database ${quoted(database)} owner to ${quoted(owner.name)}`)
  }
  await closeDatabase(client, database, app.name)
}

/** Sorted by code point in UTF-8 where the server can, so that an operating system's update never breaks an index. */
async function createDatabase(client: Client, database: string, owner: string, version: number): Promise<void> {
  const base = `create database ${quoted(database)} owner ${quoted(owner)} template template0 encoding 'UTF8'`
  const choices = [`locale 'C.UTF-8'`, '']
  if (version >= 170_000) choices.unshift(`locale_provider builtin builtin_locale 'C.UTF-8'`)
  for (const [index, choice] of choices.entries()) {
    try {
      await client.query(`${base} ${choice}`)
      return
    } catch (error) {
      const { code, message } = error as pg.DatabaseError
      // Twins may come from a server without advisory locks between them and us (a pooler).
      if (code === '42P04') return
      if (index === choices.length - 1 || !/locale|LC_/i.test(message)) throw error
    }
  }
}

async function ensureSchema(client: Client, { owner, app }: WantedRoles): Promise<void> {
  const { rows } = await client.query(`select r.rolname, current_setting('is_superuser') = 'on' as superuser
    from pg_namespace join pg_roles r on r.oid = nspowner where nspname = 'public'`)
  // The schema belongs to whoever owns the database; an admin that is not superuser has to act as that role.
  if (!rows[0]?.superuser) await client.query(`set role ${quoted(owner.name)}`)
  if (rows[0]?.rolname !== owner.name) await client.query(`alter schema public owner to ${quoted(owner.name)}`)
  await client.query('revoke all on schema public from public')
  await client.query(`revoke create on schema public from ${quoted(app.name)}`)
  await client.query(`grant usage on schema public to ${quoted(app.name)}`)
}

/** The same login in another database. In `pg` an address wins over fields beside it, so it is taken apart. */
export function inDatabase(config: ClientConfig, database: string): ClientConfig {
  if (config.connectionString === undefined) return { ...config, database }
  const { connectionString: _address, ...others } = config
  const { user, password, host, port, ssl } = new pg.Client(config)
  return { ...others, user, password: password ?? undefined, host, port, ssl, database }
}

/** Open a connection for `work` and close it whatever happens. */
export async function withClient<T>(config: ClientConfig, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(config)
  client.on('error', () => {})
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => {})
  }
}

function quoted(name: string): string {
  return pg.escapeIdentifier(name)
}
