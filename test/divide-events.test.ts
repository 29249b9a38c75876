import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backup } from '../src/server/backup/backup.ts'
import { restore } from '../src/server/backup/restore.ts'
import type { Actor, Company } from '../src/server/context.ts'
import { APP_ROLE, withClient } from '../src/server/database-roles.ts'
import { divideEvents } from '../src/server/divide-events.ts'
import { examine } from '../src/server/doctor.ts'
import { diskStore } from '../src/server/ports/file-store.ts'
import type { Done } from '../src/server/run.ts'
import { type TestCompany, addCompany, monday, openTestCompany } from './company.ts'
import { MIGRATIONS, openTestDatabase, testDatabases } from './databases.ts'

const silent = () => {}

describe.each(testDatabases())('events divided by company on $name', (kind) => {
  let at: TestCompany
  let other: Company
  let wang: Actor
  let before: string

  beforeAll(async () => {
    at = await openTestCompany(kind)
    other = await addCompany(at.database, 's4')
    wang = await at.person('王协调', 'coordinator')
    before = (await at.act(wang, 'task', 'create', null, { title: '分表以前' }) as Done).id
    await withClient(at.database.owner, (client) => divideEvents(client, [at.company.id]))
  })
  afterAll(() => at.close())

  const sql = async <R extends object>(text: string): Promise<R[]> =>
    (await withClient(at.database.superuser, (client) => client.query<R>(text))).rows

  test('a case goes on, and lies in the part of its company', async () => {
    expect(await at.act(wang, 'task', 'note', before, { note: '分表以后' })).toMatchObject({ ok: true, seq: 2 })
    expect(await sql(`select tableoid::regclass::text as part, count(*)::int as n from event where record_id = '${before}' group by 1`))
      .toEqual([{ part: `event_of_${at.company.id}`, n: 2 }])
  })

  test('the same request at once from many is one act still: the key of the part is known', async () => {
    const outcomes = await Promise.all(Array.from({ length: 8 }, () =>
      at.act(wang, 'task', 'create', null, { title: '只要一张' }, { key: 'one-request' }))) as Done[]
    expect(new Set(outcomes.map(({ id }) => id)).size).toBe(1)
    expect(outcomes.filter(({ replayed }) => !replayed).length).toBe(1)
  })

  test('one company sees nothing of another, and no part has a door of its own', async () => {
    const seen = await at.db.read(other.id, (reader) => reader.query({ text: `select 1 from event where record_id = '${before}'` }))
    expect(seen).toEqual([])
    await expect(at.db.read(at.company.id, (reader) => reader.query({ text: `select 1 from event_of_${at.company.id}` })))
      .rejects.toThrow(/permission denied/)
  })

  test('a broken chain is refused, the doctor finds nothing, and it is divided once only', async () => {
    await expect(sql(`update event set to_state = 'done' where record_id = '${before}' and seq = 1`)).rejects.toThrow(/foreign key/)
    const findings = await withClient(at.database.superuser, examine)
    expect(findings.filter(({ found }) => found > 0)).toEqual([])
    await expect(withClient(at.database.owner, (client) => divideEvents(client, []))).rejects.toThrow('divided already')
  })

  test('a backup of it fills an undivided database', async () => {
    const folders = ['backup', 'files', 'restored'].map((name) =>
      mkdtempSync(join(tmpdir(), `gongdan-${name}-`))) as [string, string, string]
    const fresh = await openTestDatabase(kind)
    try {
      await backup(at.database.owner, diskStore(folders[1]), folders[0], monday, silent)
      await restore(folders[0], { owner: fresh.owner, app: APP_ROLE, store: diskStore(folders[2]), migrations: MIGRATIONS }, silent)
      const count = (database: typeof fresh) => withClient(database.superuser, async (client) =>
        (await client.query('select count(*)::int as n from event')).rows[0])
      expect(await count(fresh)).toEqual(await count(at.database))
    } finally {
      await fresh.close()
      for (const folder of folders) rmSync(folder, { recursive: true })
    }
  })
})
