import { createHash, randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import type { ClientConfig } from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readConfig } from '../src/server/config.ts'
import { OWNER_ROLE, withClient } from '../src/server/database-roles.ts'
import { examine } from '../src/server/doctor.ts'
import { migrate } from '../src/server/migrate.ts'
import { type RunningNode, startNode } from '../src/server/node.ts'
import type { RecordView } from '../src/server/views.ts'
import { MIGRATIONS, openTestDatabase, testDatabases } from './databases.ts'
import type { TestDatabase } from './databases.ts'

/**
 * A database as the program of 21 November 2026 (f220f74) left it on PostgreSQL 15, the five demonstration companies
 * loaded: 426 records, 1699 events. It was written down by pg_dump --inserts.
 */
const first = () => brotliDecompressSync(readFileSync(join(import.meta.dirname, 'earlier', 'first-database.sql.br'))).toString()
const root = join(import.meta.dirname, '..')

describe.each(testDatabases())('a database of an earlier program on $name', (kind) => {
  let db: TestDatabase
  let folder: string
  let node: RunningNode | undefined

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gongdan-upgrade-'))
    db = await openTestDatabase(kind)
    await withClient(db.superuser, (client) => client.query('drop schema public cascade; create schema public;'
      + ` grant all on schema public to ${OWNER_ROLE}; grant usage on schema public to public`))
    await withClient(db.owner, (client) => client.query(first()))
  })
  afterEach(async () => {
    await node?.end()
    node = undefined
    await db.close()
    rmSync(folder, { recursive: true })
  })

  const sql = async (text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> =>
    (await withClient(db.superuser, (client) => client.query(text, values))).rows as Record<string, unknown>[]

  test('is brought up to date, loses nothing, and people go on in it', async () => {
    const counts = () => sql('select (select count(*)::int from record) as records, (select count(*)::int from event) as events')
    expect(await counts()).toEqual([{ records: 426, events: 1699 }])
    const { applied } = await migrate(db.owner, MIGRATIONS)
    expect(applied[0]).toBe('0025_script_cards')
    expect(await counts()).toEqual([{ records: 426, events: 1699 }])
    const findings = await withClient(db.superuser, examine)
    expect(findings.filter(({ found }) => found > 0)).toEqual([])

    const [order] = await sql(`select company_id, id, seq from record where process = 'repair_order'
      and state = 'waiting_pick_up' limit 1`)
    const secret = `gdk_${createHash('sha256').update(randomUUID()).digest('base64url')}`
    await sql(`insert into api_key (company_id, id, token_hash, name, roles, made_by, made_at, expires_at) select $1, $2, $3,
      'upgrade', '{coordinator}', (select id from member where company_id = $1 limit 1), now() - interval '1 day',
      now() + interval '1 day'`, [order!['company_id'], randomUUID(), createHash('sha256').update(secret).digest()])
    node = await startNode(readConfig({ DATABASE_URL: address(db.app), GONGDAN_DATA: folder, PORT: '0', GONGDAN_DEMO: '0',
      LOG_LEVEL: 'error' }), { clock: Date.now, say: () => {}, root })
    const ask = async (path: string, body?: object) => {
      const answer = await fetch(`${node!.address}/api/${path}`, { headers: { authorization: `Bearer ${secret}`,
        'content-type': 'application/json' }, ...(body && { method: 'POST', body: JSON.stringify(body) }) })
      return { status: answer.status, body: await answer.json() as RecordView & { rows: { id: string }[] } }
    }
    const found = await ask(`repair_order?q=${encodeURIComponent('打印')}`)
    expect(found.status).toBe(200)
    expect(found.body.rows.length).toBeGreaterThan(0)
    const before = await ask(`repair_order/${order!['id'] as string}`)
    expect(before.status).toBe(200)
    expect(before.body.events).toHaveLength(order!['seq'] as number)
    const noted = await ask(`repair_order/${order!['id'] as string}/note`, { note: '升级后仍可办理' })
    expect(noted, JSON.stringify(noted.body)).toMatchObject({ status: 200 })
    expect(noted.body.events[0]).toMatchObject({ action: 'note' })
  }, 120_000)
})

const address = ({ user, host, port, database }: ClientConfig): string =>
  `postgres://${user}@localhost/${database}?${new URLSearchParams({ host: String(host), port: String(port ?? 5432) })}`
