import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../src/server/context.ts'
import { withClient } from '../src/server/database-roles.ts'
import type { Statement } from '../src/server/db.ts'
import { buildServer } from '../src/server/http.ts'
import { placeListPage } from '../src/server/print/place-list.ts'
import { readRecord } from '../src/server/record-view.ts'
import { shelfRoutes } from '../src/server/routes/shelves.ts'
import { readShelves } from '../src/server/shelves.ts'
import type { ShelvesView } from '../src/server/views.ts'
import { testDatabases } from './databases.ts'
import { type RepairCompany, day, done, forms, hour, openRepairCompany } from './repair.ts'

describe.each(testDatabases())('shelves on $name', (kind) => {
  let at: RepairCompany
  let server: FastifyInstance
  let asking: Actor

  beforeAll(async () => {
    at = await openRepairCompany(kind)
    server = await buildServer(at.app, { authenticate: async () => at.ctx(asking), routes: [shelfRoutes] })
  })
  afterAll(async () => {
    await server.close()
    await at.close()
  })

  const ask = async (query = '', who: Actor = at.coordinator) => {
    asking = who
    return server.inject({ url: `/api/shelves${query}` })
  }
  const shelves = async (query = '', who?: Actor): Promise<ShelvesView['shelves']> => {
    const answer = await ask(query, who)
    expect(answer.statusCode, answer.body).toBe(200)
    return (answer.json() as ShelvesView).shelves
  }
  const placeOf = async (id: string, query = '') =>
    (await shelves(query)).find(({ cards }) => cards.some((card) => card.id === id))?.key
  const cardOf = async (id: string, query = '') =>
    (await shelves(query)).flatMap(({ cards }) => cards).find((card) => card.id === id)

  test('S4-143 a place is printed to be walked along; of the folder of finished ones the calls are printed', async () => {
    const id = await at.at_state('waiting_close_out')
    const card = (await cardOf(id, '?by=folder'))!
    for (const query of ['/paper', '/paper?by=folder&key=waiting_close_out']) {
      const answer = await ask(query)
      expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/pdf'])
      expect(answer.rawPayload.subarray(0, 5).toString()).toBe('%PDF-')
    }
    expect((await ask('/paper?by=wall')).statusCode).toBe(422)
    const page = await at.db.read(at.company.id, async (reader) => {
      const ctx = at.ctx(at.coordinator)
      return placeListPage(ctx, reader, (await readShelves(ctx, reader, 'folder', 'waiting_close_out'))!)
    }) as { places: { label: string; calls: boolean; rows: { number: string; phone: string }[] }[] }
    expect(page.places).toMatchObject([{ calls: true }])
    expect(page.places[0]!.rows).toContainEqual(expect.objectContaining({ number: card.number, phone: '138 0000 0001' }))
  })

  test('S4-143 a place where nothing stands has no page of its own: it is named at the end', async () => {
    const id = await at.at_state('waiting_close_out')
    const { number } = (await cardOf(id))!
    const paper = async (key: string | null) => await at.db.read(at.company.id, async (reader) => {
      const ctx = at.ctx(at.coordinator)
      return placeListPage(ctx, reader, (await readShelves(ctx, reader, 'shelf', key))!)
    }) as { empty: string; places: { label: string; rows: { number: string }[] }[] }
    const all = await paper(null)
    expect(all.places.flatMap(({ rows }) => rows.map((row) => row.number))).toContain(number)
    expect(all.places.filter(({ rows }) => rows.length === 0)).toEqual([])
    const empty = (await shelves()).filter(({ cards }) => cards.length === 0).map(({ label }) => label)
    expect(empty.length).toBeGreaterThan(0)
    expect(all.empty).toBe(empty.join('、'))
    expect(await paper('at_peer')).toMatchObject({ empty: '', places: [{ rows: [] }] })
  })

  test('a record says the words of its places, in the words of the company', async () => {
    const id = await at.at_state('waiting_close_out')
    const { values, names } = (await at.db.read(at.company.id, (reader) =>
      readRecord(at.ctx(at.coordinator), reader, 'repair_order', id)))!
    expect([values.shelf, values.folder]).toEqual(['ok', 'waiting_close_out'])
    const [shelf] = (await shelves()).filter(({ key }) => key === 'ok')
    expect(names['place.shelf.ok']).toBe(shelf!.label)
    expect(names['place.folder.waiting_close_out']).toBe((await shelves('?by=folder'))
      .find(({ key }) => key === 'waiting_close_out')!.label)
  })

  test('every shelf in use is shown in its order, also an empty one', async () => {
    const keys = (await shelves()).map(({ key }) => key)
    expect(keys.slice(0, 5)).toEqual(['waiting_test', 'in_hand', 'waiting_part', 'ok', 'at_peer'])
  })

  test('a machine stands where its state puts it, and its paper where that goes', async () => {
    const id = await at.at_state('waiting_test')
    expect(await placeOf(id)).toBe('waiting_test')
    expect(await placeOf(id, '?by=folder')).toBe('waiting_test')
    const card = await cardOf(id)
    expect(card).toMatchObject({ state: { name: 'waiting_test', label: '等待检测' }, next: '取机检测' })
    expect(card!.customer!.name).toMatch(/^客户/)
    expect(card!.serial_number).toMatch(/^CNC/)
    done(await at.does(at.engineer, 'take_for_test', id))
    expect(await placeOf(id)).toBe('in_hand')
    expect((await cardOf(id))!.handler).toEqual({ id: at.engineer.id, name: '李工' })
  })

  test('its days are counted from the event that put it there, whatever happens meanwhile', async () => {
    const began = at.app.now
    const id = await at.at_state('waiting_close_out')
    const since = (await cardOf(id))!.since
    at.app.now = began + 2 * day
    done(await at.does(at.coordinator, 'notify', id, forms.told))
    expect(await placeOf(id)).toBe('ok')
    expect((await cardOf(id))!.since).toBe(since)
    at.app.now = began + 2 * day + hour
    done(await at.does(at.coordinator, 'move', id, { shelf: '二楼通道' }))
    expect(await placeOf(id)).toBe('二楼通道')
    expect(Date.parse((await cardOf(id))!.since)).toBe(at.app.now)
    expect((await shelves()).at(-1)).toMatchObject({ key: '二楼通道', label: '二楼通道', known: false })
    done(await at.does(at.coordinator, 'move', id, { shelf: 'ok' }))
    at.app.now = began
  })

  test('moving paper does not move the machine', async () => {
    const id = await at.at_state('waiting_test')
    const { since } = (await cardOf(id))!
    done(await at.does(at.coordinator, 'move', id, { folder: 'waiting_consent' }))
    expect(await placeOf(id, '?by=folder')).toBe('waiting_consent')
    expect(await placeOf(id)).toBe('waiting_test')
    expect((await cardOf(id))!.since).toBe(since)
  })

  test('one shelf is answered in full and alone', async () => {
    const [ok, ...rest] = await shelves('?key=ok')
    expect(rest).toEqual([])
    expect(ok).toMatchObject({ key: 'ok', count: { count: ok!.cards.length, capped: false } })
    expect((await shelves('?key=nowhere'))[0]).toMatchObject({ cards: [], count: { count: 0 } })
  })

  test('who may not see repair orders sees no shelf of machines; nonsense is refused', async () => {
    const editor = await at.person('编辑', 'editor')
    expect((await shelves('', editor)).flatMap(({ cards }) => cards)).toEqual([])
    expect((await ask('?by=room')).statusCode).toBe(422)
    expect((await ask('?key=')).statusCode).toBe(422)
  })

  test('all shelves are one statement, and each is read by its index', async () => {
    const sent: Statement[] = []
    const stop = at.db.watch((statement) => { sent.push(statement) })
    await shelves()
    stop()
    const own = sent.filter(({ name }) => name?.startsWith('shelves_'))
    expect(own).toHaveLength(1)
    const plan = await withClient(at.database.app, async (client) => {
      await client.query('begin')
      await client.query(`select set_config('app.company', $1, true)`, [String(at.company.id)])
      await client.query('set local enable_seqscan = off')
      const { rows } = await client.query(`explain ${own[0]!.text}`, own[0]!.values as unknown[])
      await client.query('rollback')
      return rows.map((row: { 'QUERY PLAN': string }) => row['QUERY PLAN']).join('\n')
    })
    expect(plan).toContain('repair_order_shelf')
    expect(plan).not.toMatch(/Seq Scan on (repair_order|record|event)/)
  })
})
