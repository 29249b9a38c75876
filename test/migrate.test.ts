import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { ClientConfig } from 'pg'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ensureRoles, OWNER_ROLE, withClient } from '../src/server/database-roles.ts'
import { folderHash, folderLevel, migrate, migrationLevel } from '../src/server/migrate.ts'
import { openTestDatabase, startTestServer, testDatabases } from './databases.ts'
import type { TestDatabase } from './databases.ts'

let folder = ''
let empty = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gongdan-migrations-'))
  empty = mkdtempSync(join(tmpdir(), 'gongdan-no-migrations-'))
  file('0001_first.sql', 'create table one (id int);\ngrant select on one to gongdan_app;\n')
  file('0002_second.sql', 'create table two (id int);\ninsert into two values (1), (2);\n')
})

afterEach(() => {
  for (const made of [folder, empty]) rmSync(made, { recursive: true, force: true })
})

describe('a folder of migrations', () => {
  test('is refused with two files of one number, and with a name that has none', () => {
    file('0002_twin.sql', '')
    expect(() => folderLevel(folder)).toThrow(/Two migrations have the number 0002/)
    rmSync(join(folder, '0002_twin.sql'))
    file('third.sql', '')
    expect(() => folderLevel(folder)).toThrow(/third\.sql is not named like/)
  })

  test('has the same hash with other line ends, another one with another word', () => {
    const before = folderHash(folder)
    file('0001_first.sql', 'create table one (id int);\r\ngrant select on one to gongdan_app;\r\n')
    expect(folderHash(folder)).toBe(before)
    file('0001_first.sql', 'create table one (id bigint);\ngrant select on one to gongdan_app;\n')
    expect(folderHash(folder)).not.toBe(before)
  })
})

describe.each(testDatabases())('migrations on $name', (kind) => {
  let db: TestDatabase

  beforeEach(async () => { db = await openTestDatabase(kind, { migrations: empty }) })
  afterEach(() => db.close())

  test('are applied in order and once; the app may ask for the level', async () => {
    expect(await level(db.app)).toBeNull()
    expect(await migrate(db.owner, folder)).toEqual({ level: '0002_second', applied: ['0001_first', '0002_second'] })
    expect(await migrate(db.owner, folder)).toEqual({ level: '0002_second', applied: [] })
    file('0003_third.sql', 'alter table one add column name text')
    expect(await migrate(db.owner, folder)).toEqual({ level: '0003_third', applied: ['0003_third'] })
    expect(await level(db.app)).toBe('0003_third')
    expect(await rows(db.app, 'select * from one')).toEqual([])
    await expect(rows(db.app, 'select * from two')).rejects.toThrow(/permission denied/)
    await expect(rows(db.app, `delete from migration`)).rejects.toThrow(/permission denied/)
  })

  test('started by several nodes at once are applied by one of them', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => migrate(db.owner, folder)))
    expect(answers.flatMap((answer) => answer.applied)).toEqual(['0001_first', '0002_second'])
    expect(await rows(db.owner, 'select count(*)::int as n from two')).toEqual([{ n: 2 }])
  })

  test('that fail leave nothing of their own, keep those before, and name file and line', async () => {
    file('0002_second.sql', 'create table two (id int);\n-- 「行」 is one character each\nselect nothing_here;\n')
    await expect(migrate(db.owner, folder)).rejects.toThrow(/0002_second failed at line 3: .*nothing_here/)
    expect(await level(db.owner)).toBe('0001_first')
    expect(await rows(db.owner, `select to_regclass('two') as two`)).toEqual([{ two: null }])
    file('0002_second.sql', 'create table two (id int)')
    expect((await migrate(db.owner, folder)).applied).toEqual(['0002_second'])
  })

  test('that were changed, removed or put in between afterwards are refused', async () => {
    await migrate(db.owner, folder)
    file('0001_first.sql', 'create table one (id int)')
    await expect(migrate(db.owner, folder)).rejects.toThrow(/0001_first was changed/)
    file('0001_first.sql', 'create table one (id int);\ngrant select on one to gongdan_app;\n')
    rmSync(join(folder, '0002_second.sql'))
    await expect(migrate(db.owner, folder)).rejects.toThrow(/newer than this program: it has 0002_second/)
    file('0002_second.sql', 'create table two (id int);\ninsert into two values (1), (2);\n')
    file('0001_also.sql', '')
    rmSync(join(folder, '0001_first.sql'))
    await expect(migrate(db.owner, folder)).rejects.toThrow(/newer than this program: it has 0001_first/)
    rmSync(join(folder, '0001_also.sql'))
    file('0001_first.sql', 'create table one (id int);\ngrant select on one to gongdan_app;\n')
    file('0000_before.sql', '')
    await expect(migrate(db.owner, folder)).rejects.toThrow(/0000_before comes before 0002_second/)
  })
})

describe.each(testDatabases())('roles on $name', (kind) => {
  test('the owner makes tables, the app makes none, others do not even get in', async () => {
    const db = await openTestDatabase(kind, { migrations: folder })
    await rows(db.superuser, `create role stranger_${process.pid} login`)
    try {
      await rows(db.owner, 'create table three (id int)')
      for (const forbidden of ['create table four (id int)', 'create temp table five (id int)', 'create schema six',
        'create role seven', 'set role gongdan_owner']) {
        await expect(rows(db.app, forbidden), forbidden).rejects.toThrow(/permission denied/)
      }
      await expect(rows({ ...db.app, user: `stranger_${process.pid}` }, 'select 1'))
        .rejects.toThrow(/permission denied for database/)
    } finally {
      await rows(db.superuser, `drop role stranger_${process.pid}`)
      await db.close()
    }
  })
})

describe.each(testDatabases())('db:init on $name', (kind) => {
  const suffix = `${process.pid}_${kind.name.replace('-', '_')}`
  const [database, owner, app] = [`init_${suffix}`, `owner_${suffix}`, `app_${suffix}`]

  afterAll(async () => {
    const { superuser } = await startTestServer(kind)
    await rows(superuser, `drop database if exists ${database} with (force)`)
    await rows(superuser, `drop role if exists ${owner}, ${app}, admin_${suffix}`)
  })

  test('makes both roles and the database, and can be repeated without the admin', async () => {
    const { superuser } = await startTestServer(kind)
    const urls = { DATABASE_URL: url(superuser, app, database), DATABASE_OWNER_URL: url(superuser, owner, database) }
    await expect(init(urls)).rejects.toThrow(/DATABASE_OWNER_URL: owner_.* cannot log in .*DATABASE_ADMIN_URL/)
    // As at a hosting company: an admin that is not superuser.
    await rows(superuser, `create role admin_${suffix} login createdb createrole`)
    const admin = { DATABASE_ADMIN_URL: url(superuser, `admin_${suffix}`, 'postgres') }
    expect(await init({ ...urls, ...admin })).toMatch(/are there \(PostgreSQL .*stands at/s)
    expect(await init({ ...urls, ...admin })).toMatch(/stands at/)
    expect(await init(urls)).toMatch(/DATABASE_ADMIN_URL is not set.*stands at/s)
    const inside = { ...superuser, database }
    expect(await rows(inside, `select datdba::regrole::text as owner, nspowner::regrole::text as schema_owner
      from pg_database, pg_namespace where datname = current_database() and nspname = 'public'`))
      .toEqual([{ owner, schema_owner: owner }])
    expect(await rows(inside, `select rolsuper or rolbypassrls or pg_has_role(rolname, $$${owner}$$, 'member') as strong
      from pg_roles where rolname = '${app}'`)).toEqual([{ strong: false }])
    await rows(superuser, `drop owned by admin_${suffix}`)
  })

  test('says in one sentence what is missing or wrong', async () => {
    const { superuser } = await startTestServer(kind)
    await expect(init({})).rejects.toThrow(/^DATABASE_URL is not set; it looks like postgres:.*$/)
    await expect(init({ DATABASE_URL: url(superuser, app, database) })).rejects.toThrow(/DATABASE_OWNER_URL is not set/)
    await expect(init({ DATABASE_URL: url(superuser, owner, database),
      DATABASE_OWNER_URL: url(superuser, owner, database) })).rejects.toThrow(/must have different users/)
    await expect(init({ DATABASE_URL: url(superuser, 'postgres', 'postgres'),
      DATABASE_OWNER_URL: url(superuser, OWNER_ROLE, 'postgres') }))
      .rejects.toThrow(/companies would not be kept apart/)
  })
})

describe.each(testDatabases())('a test database on $name', (kind) => {
  test('is fresh each time, and cheap', async () => {
    await (await openTestDatabase(kind, { migrations: folder })).close()
    const began = performance.now()
    const [one, two] = [await openTestDatabase(kind, { migrations: folder }),
      await openTestDatabase(kind, { migrations: folder })]
    const each = (performance.now() - began) / 2
    await rows(one.owner, 'insert into one values (1)')
    expect(await rows(two.app, 'select * from one')).toEqual([])
    await expect(rows(two.app, 'insert into one values (1)')).rejects.toThrow(/permission denied/)
    await Promise.all([one.close(), two.close()])
    console.log(`${kind.name}: ${Math.round(each)} ms a database`)
  })

  test('roles that somebody made too strong are put right', async () => {
    const { superuser } = await startTestServer(kind)
    const [name, database] = [`strong_${process.pid}`, `strong_${process.pid}`]
    try {
      await rows(superuser, `create role ${name} superuser bypassrls createdb createrole`)
      await ensureRoles(superuser, { database, owner: { name: OWNER_ROLE }, app: { name } })
      expect(await rows(superuser, `select rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolcanlogin
        from pg_roles where rolname = '${name}'`)).toEqual([
        { rolsuper: false, rolbypassrls: false, rolcreatedb: false, rolcreaterole: false, rolcanlogin: true }])
    } finally {
      await rows(superuser, `drop database if exists ${database} with (force)`)
      await rows(superuser, `drop role ${name}`)
    }
  })
})

function file(name: string, sql: string): void {
  writeFileSync(join(folder, name), sql)
}

async function rows(config: ClientConfig, query: string): Promise<unknown[]> {
  return withClient(config, async (client) => (await client.query(query)).rows)
}

async function level(config: ClientConfig): Promise<string | null> {
  return withClient(config, migrationLevel)
}

function url(server: ClientConfig, user: string, database: string): string {
  return `postgres://${user}:a%20secret@/${database}?host=${encodeURIComponent(server.host!)}&port=${server.port}`
}

/** Run it as a user does; what it says, or an error with its complaint. */
async function init(environment: Record<string, string>): Promise<string> {
  const root = join(import.meta.dirname, '..')
  const { DATABASE_URL: _url, DATABASE_OWNER_URL: _owner, DATABASE_ADMIN_URL: _admin, ...rest } = process.env
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', 'scripts/db-init.ts'],
      { cwd: root, env: { ...rest, ...environment } })
    return stdout
  } catch (error) {
    throw new Error(String((error as { stderr?: string }).stderr).trim(), { cause: error })
  }
}
