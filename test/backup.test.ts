import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { ClientConfig } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Manifest, backup, readManifest, tableFile } from '../src/server/backup/backup.ts'
import { restore } from '../src/server/backup/restore.ts'
import type { Actor } from '../src/server/context.ts'
import { APP_ROLE, withClient } from '../src/server/database-roles.ts'
import { openDatabase } from '../src/server/db.ts'
import { clocksOfAll, examine } from '../src/server/doctor.ts'
import { type FileStore, diskStore } from '../src/server/ports/file-store.ts'
import { type S3Place, s3Store } from '../src/server/ports/s3-store.ts'
import { fileRoutes } from '../src/server/routes/files.ts'
import { type Done, run } from '../src/server/run.ts'
import type { FileView } from '../src/server/views.ts'
import { house, monday } from './company.ts'
import { MIGRATIONS, type TestDatabase, openTestDatabase, testDatabases } from './databases.ts'
import { type S3Server, openS3 } from './s3-server.ts'
import { type Served, png, serve } from './serve.ts'

const kinds = testDatabases()
const silent = () => {}

describe.each(kinds)('a backup from $name', (kind) => {
  let served: Served
  let wang: Actor
  let task: string
  let folder: string

  beforeAll(async () => {
    served = await serve(kind, [fileRoutes])
    wang = await served.at.person('王协调', 'coordinator')
    const file = (await served.upload(wang, '机身.png', png)).json<FileView>()
    const done = await served.at.act(wang, 'task', 'create', null,
      { title: '引号"与 \\反斜线 𠮷', detail: '第一行\n第二行', photos: [file.id] }) as Done
    expect(done).toMatchObject({ ok: true })
    task = done.id
    await served.at.act(wang, 'task', 'note', task, { note: '已问过客户' })
  })
  afterAll(() => served.close())
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'gongdan-backup-')) })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const take = () => backup(served.at.database.owner, diskStore(served.folder), folder, monday, silent)
  const into = (database: TestDatabase, store: FileStore, from = folder) =>
    restore(from, { owner: database.owner, app: APP_ROLE, store, migrations: MIGRATIONS }, silent)
  const inEmpty = async (other: (typeof kinds)[number], work: (database: TestDatabase, store: FileStore,
    files: string) => Promise<void>) => {
    const database = await openTestDatabase(other)
    const files = mkdtempSync(join(tmpdir(), 'gongdan-restored-'))
    try {
      await work(database, diskStore(files), files)
    } finally {
      await database.close()
      rmSync(files, { recursive: true, force: true })
    }
  }
  const companies = async (database: TestDatabase) => withClient(database.superuser, async (client) =>
    (await client.query(`select to_regclass('company') is not null as made`)).rows[0].made
      ? (await client.query('select count(*)::int as n from company')).rows[0].n as number : 0)

  test.each(kinds)('comes back whole on $name, files too, and work goes on there', async (other) => {
    const manifest = await take()
    expect(manifest.tables.event!.rows).toBeGreaterThan(2)
    expect(manifest).toMatchObject({ files: { count: 1, bytes: png.length }, missing: [] })
    await inEmpty(other, async (database, store) => {
      await into(database, store)
      const again = mkdtempSync(join(tmpdir(), 'gongdan-again-'))
      const second = await backup(database.owner, store, again, monday, silent)
      rmSync(again, { recursive: true })
      expect(second.tables).toEqual(manifest.tables)
      const db = openDatabase(database.app)
      const app = { ...served.at.app, db }
      try {
        await withClient(database.owner, async (client) => {
          const findings = [...await examine(client), await clocksOfAll(client, { ...app, house })]
          expect(findings.filter(({ found }) => found > 0)).toEqual([])
        })
        const ctx = { ...served.at.ctx(wang), app }
        expect(await run(ctx, { process: 'task', action: 'note', id: task, input: { note: '恢复之后' } }))
          .toMatchObject({ ok: true, seq: 3 })
        // Numbers and identities go on where they stood.
        expect(await run(ctx, { process: 'task', action: 'create', id: null, input: { title: '新的' } }))
          .toMatchObject({ ok: true, number: expect.stringMatching(/-0002$/) })
      } finally {
        await db.close()
      }
    })
  })

  test('is of one moment while people go on working', async () => {
    let stop = false
    const working = (async () => {
      for (let n = 0; !stop; n += 1) await served.at.act(wang, 'task', 'note', task, { note: `第 ${n} 次` })
    })()
    try {
      await take()
    } finally {
      stop = true
      await working
    }
    await inEmpty(kind, async (database, store) => {
      await into(database, store)
      await withClient(database.owner, async (client) => {
        expect((await examine(client)).filter(({ found }) => found > 0)).toEqual([])
      })
    })
  })

  test('into the same folder copies no file twice and forgets nothing', async () => {
    const first = await take()
    await served.at.act(wang, 'task', 'note', task, { note: '又一笔' })
    const second = await take()
    expect(second.tables.event!.rows).toBe(first.tables.event!.rows + 1)
    expect(second.files).toEqual(first.files)
  })

  test('says which claimed files the store does not have', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'gongdan-nothing-'))
    const manifest = await backup(served.at.database.owner, diskStore(empty), folder, monday, silent)
    rmSync(empty, { recursive: true })
    expect(manifest.missing).toHaveLength(1)
  })

  test('never lies over a company that lives', async () => {
    await take()
    await expect(into(served.at.database, diskStore(served.folder))).rejects.toThrow(/not empty/)
    expect(await companies(served.at.database)).toBe(1)
  })

  test('half written is no backup', async () => {
    await take()
    rmSync(join(folder, 'manifest.json'))
    await inEmpty(kind, async (database, store) => {
      await expect(into(database, store)).rejects.toThrow(/no whole backup/)
    })
  })

  test.each([
    ['a row that was changed', () => {
      const path = tableFile(folder, 'record')
      writeFileSync(path, gzipSync(gunzipSync(readFileSync(path)).toString().replaceAll('task', 'tusk')))
    }, /record: the backup is damaged/],
    ['a table that was cut short', () => {
      const path = tableFile(folder, 'event')
      writeFileSync(path, readFileSync(path).subarray(0, 90))
    }, /./],
    ['a file that was changed', () => {
      const files = join(folder, 'files')
      const [path] = readdirSync(files, { recursive: true, encoding: 'utf8' }).filter((name) => /[0-9a-f]{64}$/.test(name))
      writeFileSync(join(files, path!), 'something else')
    }, /is damaged/],
    ['a level that this program does not know', () => {
      const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest
      writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, level: '9999_later' }))
    }, /newer/],
  ])('with %s leaves nothing behind', async (_what, harm, says) => {
    await take()
    harm()
    await inEmpty(kind, async (database, store) => {
      await expect(into(database, store)).rejects.toThrow(says)
      expect(await companies(database)).toBe(0)
    })
  })

  test('made at an earlier level is brought up to this one', async () => {
    const manifest = await take()
    expect((await readManifest(folder)).level).toBe(manifest.level)
    await inEmpty(kind, async (database, store) => {
      // A program with one migration more restores what this one wrote.
      const later = mkdtempSync(join(tmpdir(), 'gongdan-later-'))
      for (const name of readdirSync(MIGRATIONS)) writeFileSync(join(later, name), readFileSync(join(MIGRATIONS, name)))
      writeFileSync(join(later, '9998_later.sql'), 'alter table task add column later text;')
      await restore(folder, { owner: database.owner, app: APP_ROLE, store, migrations: later }, silent)
      rmSync(later, { recursive: true })
      await withClient(database.owner, async (client) => {
        const { rows } = await client.query('select count(*)::int as n, count(later)::int as later from task')
        expect(rows[0]).toEqual({ n: manifest.tables.task!.rows, later: 0 })
      })
    })
  })
})

describe('the commands, with files in an S3-compatible store', () => {
  const kind = kinds[0]!
  let s3: S3Server
  let served: Served
  let folder: string
  const photos = new Map<string, Buffer>()

  beforeAll(async () => {
    s3 = await openS3('files/工单')
    folder = mkdtempSync(join(tmpdir(), 'gongdan-backup-s3-'))
    served = await serve(kind, [fileRoutes])
    served.at.app.files = s3Store(s3.place, join(folder, 'arriving'), () => Date.now())
    const wang = await served.at.person('王协调', 'coordinator')
    const ids: string[] = []
    for (const shade of [1, 2, 3]) {
      const bytes = Buffer.concat([png, Buffer.alloc(200_000 * shade, shade)])
      photos.set(createHash('sha256').update(bytes).digest('hex'), bytes)
      ids.push((await served.upload(wang, `${shade}.png`, bytes)).json<FileView>().id)
    }
    await served.at.act(wang, 'task', 'create', null, { title: '三张照片', photos: ids })
  })
  afterAll(async () => {
    await served?.close()
    s3.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const urlOf = ({ user, database, host, port }: ClientConfig): string =>
    `postgres:///${database}?host=${encodeURIComponent(host!)}&port=${port ?? 5432}&user=${user}`
  const settingsOf = ({ url, region, access_key, secret_key }: S3Place) =>
    ({ S3_URL: url, S3_REGION: region, S3_ACCESS_KEY: access_key, S3_SECRET_KEY: secret_key })
  /** `npm run` of a script, as its operator would. */
  const command = (script: string, database: TestDatabase, settings: Record<string, string>) =>
    promisify(execFile)(process.execPath, ['--import', 'tsx', join(import.meta.dirname, '..', 'scripts', `${script}.ts`),
      join(folder, 'backup')], { env: { ...process.env, DATABASE_URL: urlOf(database.app), DATABASE_OWNER_URL: urlOf(database.owner),
      GONGDAN_DATA: join(folder, 'data'), ...settings } })
  const inStore = (server: S3Server) => [...server.objects.entries()].map(([path, bytes]) =>
    [path.split('/').at(-1)!, createHash('sha256').update(bytes).digest('hex')] as const)
  const right = () => [...photos.keys()].sort().map((hash) => [hash, hash])

  test('what the store holds comes into the backup, and from there onto a disk and into another store', async () => {
    const { stdout, stderr } = await command('backup', served.at.database, settingsOf(s3.place))
    expect(stderr).not.toContain('MISSING')
    expect(stdout).toContain('3 files')
    const backed = await readManifest(join(folder, 'backup'))
    expect(backed).toMatchObject({ files: { count: 3 }, missing: [] })

    const onDisk = await openTestDatabase(kind)
    await command('restore', onDisk, { GONGDAN_DATA: join(folder, 'restored') })
    const files = readdirSync(join(folder, 'restored', 'files'), { recursive: true, encoding: 'utf8' })
      .filter((name) => /[0-9a-f]{64}$/.test(name))
    expect(files.map((name) => [name.slice(-64), createHash('sha256').update(readFileSync(join(folder, 'restored', 'files', name)))
      .digest('hex')]).sort()).toEqual(right())
    await onDisk.close()

    const other = await openS3('other')
    const inOther = await openTestDatabase(kind)
    await command('restore', inOther, settingsOf(other.place))
    expect(inStore(other).sort()).toEqual(right())
    // A second time into a store that has them already: an empty database, and no byte is sent again.
    const again = await openTestDatabase(kind)
    await command('restore', again, settingsOf(other.place))
    expect(inStore(other).sort()).toEqual(right())
    await again.close()
    await inOther.close()
    other.close()
  }, 180_000)

  test('a file that the store has damaged is missing in the backup, and stops no restore', async () => {
    const [path, bytes] = [...s3.objects.entries()][0]!
    s3.objects.set(path, Buffer.from('something else'))
    rmSync(join(folder, 'backup'), { recursive: true, force: true })
    const failed = await command('backup', served.at.database, settingsOf(s3.place)).catch((error: { stderr: string }) => error)
    expect(failed.stderr).toContain(`MISSING in the store: ${served.at.company.id}/${path.slice(-64)}`)
    expect(await readManifest(join(folder, 'backup'))).toMatchObject({ files: { count: 2 } })
    s3.objects.set(path, bytes)
    const database = await openTestDatabase(kind)
    await command('restore', database, { GONGDAN_DATA: join(folder, 'half') })
    await database.close()
  }, 120_000)

  test('a store that is away leaves no backup behind', async () => {
    rmSync(join(folder, 'backup'), { recursive: true, force: true })
    await expect(command('backup', served.at.database, { ...settingsOf(s3.place), S3_URL: 'http://127.0.0.1:1/files' }))
      .rejects.toThrow(/the file store/)
    expect(existsSync(join(folder, 'backup', 'manifest.json'))).toBe(false)
  }, 60_000)
})
