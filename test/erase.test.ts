import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { personalFields } from '../src/engine/define.ts'
import type { Actor } from '../src/server/context.ts'
import { withClient } from '../src/server/database-roles.ts'
import { examine } from '../src/server/doctor.ts'
import { sweepFiles } from '../src/server/files.ts'
import { eraseRoutes } from '../src/server/routes/erase.ts'
import { fileRoutes } from '../src/server/routes/files.ts'
import { recordRoutes } from '../src/server/routes/records.ts'
import { house } from './company.ts'
import { testDatabases } from './databases.ts'
import { type Served, png, serve } from './serve.ts'

describe.each(testDatabases())('erasing personal data on $name', (kind) => {
  let served: Served
  let admin: Actor
  let clerk: Actor

  beforeAll(async () => {
    served = await serve(kind, [fileRoutes, recordRoutes, eraseRoutes])
    admin = await served.at.person('钱经理', 'administrator')
    clerk = await served.at.person('王协调', 'coordinator')
  })
  afterAll(() => served.close())

  const erase = (actor: Actor, id: string, body: object = { reason: '本人要求删除' }, headers = {}) =>
    served.ask(actor, 'POST', `/api/member/${id}/erase`, body, headers)
  const chain = (id: string) => served.at.db.read(served.at.company.id, (reader) => reader.query<{ seq: number
    action: string; input: Record<string,
      unknown>; request_hash: Buffer; actor_kind: string; on_behalf_of: string | null }>({
    text: `select seq, action, input, request_hash, actor_kind, on_behalf_of from event where record_id = $1
      order by seq`,
    values: [id] }))
  /** A member whose phone stands in the first event, in an edit, and in their row. */
  const withPhone = async () => {
    const { id } = await served.at.person('李工', 'field_engineer')
    await withClient(served.at.database.owner, (client) => client.query(
      `update event set input = '{"name": "李工", "phone": "13800001111", "email": "li@example.com"}'
      where record_id = $1`, [id]))
    await withClient(served.at.database.owner, (client) => client.query(
      `update member set phone = '13800001111', email = 'li@example.com' where id = $1`, [id]))
    expect(await served.at.act(admin, 'member', 'edit', id!,
      { phone: ['13800001111', '13900002222'] })).toMatchObject({ ok: true })
    return id!
  }

  test('blanks phone and mail in the row and in every event, keeps all else, and says who asked and why', async () => {
    const id = await withPhone()
    const before = await chain(id)
    const answer = await erase(admin, id)
    expect(answer.statusCode, answer.body).toBe(200)
    expect(answer.json()).toEqual({ erased: ['phone', 'email'], seq: 3 })
    const after = await chain(id)
    expect(after.map(({ action, input }) => [action, input])).toEqual([
      ['join', { name: '李工', phone: null, email: null }], ['edit', { phone: null }],
      ['erased', { erased_fields: ['phone', 'email'], erased_because: '本人要求删除' }]])
    expect(after[2]).toMatchObject({ actor_kind: 'system', on_behalf_of: admin.id })
    expect(after[1]!.request_hash.equals(before[1]!.request_hash)).toBe(false)
    const record = (await served.ask(admin, 'GET', `/api/member/${id}`)).json()
    expect(record).toMatchObject({ title: '李工', state: { name: 'active' }, values: { name: '李工', phone: null,
      email: null } })
    const everywhere = await withClient(served.at.database.owner, async (client) => (await client.query(
      `select (select count(*)::int from event where input::text ~ '13[89]0000') as events,
        (select count(*)::int from member where phone is not null) as members`)).rows)
    expect(everywhere).toEqual([{ events: 0, members: 0 }])
  })

  test('only an administrator may ask, with a reason; the same key erases once', async () => {
    const id = await withPhone()
    expect((await erase(clerk, id)).statusCode).toBe(403)
    expect((await erase(clerk, id, {})).statusCode).toBe(403)
    expect((await erase(admin, id, {})).json().error.fields).toMatchObject([{ field: 'reason', code: 'required' }])
    expect((await erase(admin, '01900000-0000-7000-8000-000000000000')).statusCode).toBe(404)
    expect((await served.ask(admin, 'POST', `/api/nothing/${id}/erase`, { reason: '本人要求' })).statusCode).toBe(404)
    const key = { 'idempotency-key': 'erase-once-please' }
    expect((await erase(admin, id, { reason: '本人要求' }, key)).json().seq).toBe(3)
    expect((await erase(admin, id, { reason: '本人要求' }, key)).json().seq).toBe(3)
  })

  test('nobody takes the built-in action by the ordinary door', async () => {
    const id = await withPhone()
    expect(await served.at.act(admin, 'member', 'erased', id, { erased_fields: ['phone'], erased_because: '绕过' }))
      .toMatchObject({ refusal: { code: 'wrong_role' } })
  })

  test('somebody who has left can be erased too; the chains stay whole', async () => {
    const id = await withPhone()
    expect(await served.at.act(admin, 'member', 'leave', id, { reason: '离职' })).toMatchObject({ ok: true })
    expect((await erase(admin, id)).statusCode).toBe(200)
    const findings = await withClient(served.at.database.owner, (client) => examine(client))
    expect(findings.filter(({ check, found }) => /chain|event|hole/.test(check) && found > 0)).toEqual([])
  })

  test('a process without personal fields has nothing to erase', async () => {
    const keeper = await served.at.person('郑库管', 'storekeeper')
    const made = await served.at.act(keeper, 'part', 'register', null,
      { part_number: 'RM1-1', name: '搓纸轮', part_kind: 'part' }) as { id: string }
    expect((await served.ask(admin, 'POST', `/api/part/${made.id}/erase`,
      { reason: '没有' })).json().error.code).toBe('no_change')
  })

  test('files that the blanked fields name lose their name, and their bytes at the next sweep', async () => {
    const bring = async () => (await served.upload(clerk, '身份证.png', png)).json() as { id: string }
    const [kept, card] = [await bring(), await bring()]
    const [one, other] = await Promise.all([card, kept].map(({ id }) =>
      served.at.act(clerk, 'task', 'create', null, { title: '留底', photos: [id] }))) as { id: string }[]
    const door = (record: string) => served.at.db.transaction(served.at.company.id, async (tx) => {
      const rows = await tx.query({ text: `select erase_personal($1, '{photos}', now()) as events`, values: [record] })
      await tx.commit()
      return rows
    })
    expect(await door(one!.id)).toEqual([{ events: 1 }])
    expect((await served.ask(clerk, 'GET', `/api/files/${card.id}`)).statusCode).toBe(404)
    await sweepFiles(served.at.app)
    // The other row has the same content: its bytes stay until it is erased as well.
    expect((await served.ask(clerk, 'GET', `/api/files/${kept.id}`)).statusCode).toBe(200)
    await door(other!.id)
    expect(await sweepFiles(served.at.app)).toBe(1)
    expect(await sweepFiles(served.at.app)).toBe(0)
    const names = await withClient(served.at.database.owner, async (client) => (await client.query(
      `select name, removed_at is not null as removed from file where company_id = $1`, [served.at.company.id])).rows)
    expect(names).toEqual([{ name: 'erased', removed: true }, { name: 'erased', removed: true }])
  })

  test('the door touches its own company only, and never what the engine folds', async () => {
    const made = await served.at.act(clerk, 'task', 'create', null, { title: '甲' }) as { id: string }
    const door = (company: number, fields: string) => served.at.db.transaction(company, (tx) => tx.query({
      text: 'select erase_personal($1, $2::text[], now()) as events', values: [made.id, fields] }))
    expect(await door(served.at.company.id + 1, '{title}')).toEqual([{ events: 0 }])
    await expect(door(served.at.company.id, '{clock}')).rejects.toThrow(/engine's own/)
    await expect(served.at.db.transaction(served.at.company.id, (tx) => tx.query({
      text: `update event set input = '{}' where record_id = $1`,
        values: [made.id] }))).rejects.toThrow(/permission denied/)
  })

  test('every personal field has a column that may be empty', async () => {
    const columns = await withClient(served.at.database.owner, async (client) => (await client.query<{ name: string }>(
      `select table_name || '.' || column_name as name from information_schema.columns
       where table_schema = 'public' and is_nullable = 'NO'`)).rows.map(({ name }) => name))
    const personal = Object.values(house.processes).flatMap((process) => personalFields(process)
      .map(([field]) => `${house.nouns[process.name]!.table}.${field}`))
    expect(personal.filter((name) => columns.includes(name))).toEqual([])
  })
})
