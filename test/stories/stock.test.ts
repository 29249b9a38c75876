import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor, Ctx } from '../../src/server/context.ts'
import { withClient } from '../../src/server/database-roles.ts'
import { buildServer } from '../../src/server/http.ts'
import { stockRoutes } from '../../src/server/routes/stock.ts'
import type { MovePageView, StockPageView } from '../../src/server/views.ts'
import { testDatabases } from '../databases.ts'
import { type PartsCompany, done, openPartsCompany, pieces } from '../parts.ts'

describe.each(testDatabases())('the parts store on $name', (kind) => {
  let at: PartsCompany
  let server: FastifyInstance
  let asking: Ctx
  beforeAll(async () => {
    at = await openPartsCompany(kind)
    server = await buildServer(at.app, { authenticate: async () => asking, routes: [stockRoutes] })
  })
  afterAll(async () => {
    await server.close()
    await at.close()
  })

  const line = (part: string, count = 1) => ({ part, quantity: pieces(count) })
  const part = (action: string, id: string, input: object, who = at.keeper) => at.act(who, 'part', action, id, input)
  const ready = async (id: string, count = 1) => {
    const request = done(await at.act(at.engineer, 'part_request', 'request', null, { lines: [line(id, count)] })).id
    done(await at.act(at.lead, 'part_request', 'consent', request))
    return request
  }
  const issue = (request: string, key?: string) =>
    at.act(at.keeper, 'part_request', 'issue', request, {}, key ? { key } : {})
  const get = async <T>(who: Actor, url: string, status = 200): Promise<T> => {
    asking = at.ctx(who)
    const answer = await server.inject({ url: encodeURI(url) })
    expect(answer.statusCode, answer.body).toBe(status)
    return answer.json() as T
  }

  test('a part has one number; the second who brings it is told, also when both come at once', async () => {
    const input = { part_number: 'CE-1', name: '搓纸轮', part_kind: 'consumable' }
    const both = await Promise.all([1, 2].map(() => at.act(at.keeper, 'part', 'register', null, input)))
    expect(both.filter((one) => one.ok)).toHaveLength(1)
    expect(both.find((one) => !one.ok)).toMatchObject({ refusal: {
      fields: [{ field: 'part_number', code: 'taken' }] } })
    expect(await at.act(at.keeper, 'part', 'register', null, { ...input, part_number: 'ce-1' }))
      .toMatchObject({ refusal: { fields: [{ field: 'part_number', code: 'taken',
        record: { process: 'part', title: 'CE-1 搓纸轮' } }] } })
    const other = await at.part('CE-2')
    expect(await part('correct_number', other, { part_number: 'CE-1', reason: '抄错' }))
      .toMatchObject({ refusal: { fields: [{ field: 'part_number', code: 'taken' }] } })
    done(await part('correct_number', other, { part_number: 'CE-02', reason: '抄错' }))
    expect(await at.act(at.engineer, 'part', 'register', null, input))
      .toMatchObject({ refusal: { code: 'wrong_role' } })
  })

  test('S4-170 S4-053 each receipt and issue is a row of the register: who, what, how many, for what, and what is left',
    async () => {
      const id = await at.part('REG-1')
      done(await part('receive', id, { quantity: pieces(3), source: 'opening', note: '期初盘入' }))
      const request = await ready(id, 2)
      done(await issue(request))
      done(await at.act(at.keeper, 'part_request', 'take_back', request, { returned: [line(id)] }))
      const { rows } = await get<MovePageView>(at.keeper, `/api/stock/${id}/moves`)
      expect(rows.map((row) => [row.from.label, row.to.label, row.quantity, row.from_left, row.to_left, row.who]))
        .toEqual([['李工', '备件库房', 1000, 1000, 2000, '孙库管'], ['备件库房', '李工', 2000, 1000, 2000, '孙库管'],
          ['盘点差异', '备件库房', 3000, null, 3000, '孙库管']])
      expect(rows[0]).toMatchObject({ record: { id: request, process: 'part_request', label: '退料入库' } })
      expect(await part('receive', id, { quantity: 0, source: 'opening' })).toMatchObject({ refusal: {
        fields: [{ field: 'quantity', code: 'too_small' }] } })
    })

  test('two storekeepers hand out the last piece: one does, the other is told what is left', async () => {
    const id = await at.part('LAST-1', { name: '最后一件' }, 1)
    const both = await Promise.all([await ready(id), await ready(id)].map((request) => issue(request)))
    expect(both.filter((one) => one.ok)).toHaveLength(1)
    expect(both.find((one) => !one.ok)).toMatchObject({ refusal: { code: 'not_enough',
      params: { part: 'LAST-1 最后一件', left: '0', wanted: '1' } } })
    expect(await at.left(id)).toBe(0)
  })

  test('twenty hand out at once: never more than there were, and never below nothing', async () => {
    const id = await at.part('RACE-1', {}, 7)
    const requests = []
    for (let n = 0; n < 20; n += 1) requests.push(await ready(id))
    const all = await Promise.all(requests.map((request) => issue(request)))
    expect(all.filter((one) => one.ok)).toHaveLength(7)
    expect(all.filter((one) => !one.ok && one.refusal.code === 'not_enough')).toHaveLength(13)
    expect([await at.left(id), await at.left(id, `hands:${at.engineer.id}`)]).toEqual([0, 7])
  })

  test('requests that want the same parts in another order do not block each other', async () => {
    const ids = [await at.part('ORDER-1', {}, 40), await at.part('ORDER-2', {}, 40)]
    const requests = []
    for (let n = 0; n < 12; n += 1) {
      const lines = (n % 2 ? ids : ids.toReversed()).map((id) => line(id))
      const { id } = done(await at.act(at.engineer, 'part_request', 'request', null, { lines }))
      done(await at.act(at.lead, 'part_request', 'consent', id))
      requests.push(id)
    }
    for (const one of await Promise.all(requests.map((request) => issue(request)))) done(one)
    expect([await at.left(ids[0]!), await at.left(ids[1]!)]).toEqual([28, 28])
  })

  test('the same act sent again under its key moves nothing twice', async () => {
    const id = await at.part('KEY-1', {}, 5)
    const request = await ready(id, 2)
    const all = await Promise.all([1, 2, 3].map(() => issue(request, 'issue once')))
    expect(all.filter((one) => done(one).replayed)).toHaveLength(2)
    expect(await at.left(id)).toBe(3)
    expect((await get<MovePageView>(at.keeper, `/api/stock/${id}/moves`)).rows).toHaveLength(2)
  })

  test('S4-007 old parts leave the used-parts store by the supervisor’s word, never more than lie there', async () => {
    const id = await at.part('OLD-1', {}, 2)
    const request = await ready(id, 2)
    done(await issue(request))
    done(await at.act(at.engineer, 'part_request', 'settle', request,
      { used: [{ ...line(id, 2), destination: 'keeper', tag: 'JJ-7', condition: '烧毁' }] }))
    const dispose = (input: object, who: Actor = at.supervisor) => part('dispose_used', id, input, who)
    expect(await dispose({ quantity: 1000, disposal: 'scrap', reason: '无用' }, at.keeper))
      .toMatchObject({ refusal: { code: 'wrong_role' } })
    expect(await dispose({ quantity: 3000, disposal: 'scrap', reason: '无用' }))
      .toMatchObject({ refusal: { code: 'not_enough', params: { place: '旧件库', left: '2', wanted: '3' } } })
    done(await dispose({ quantity: 1000, disposal: 'scrap', reason: '无用', tag: 'JJ-7' }))
    done(await dispose({ quantity: 1000, disposal: 'reuse', reason: '修好了', tag: 'JJ-7' }))
    expect([await at.left(id, 'used_store'), await at.left(id)]).toEqual([0, 1])
    const { rows } = await get<MovePageView>(at.supervisor, '/api/stock/old-parts')
    expect(rows.slice(0, 3).map((row) => [row.to.label, row.tag, row.note])).toEqual(
      [['备件库房', 'JJ-7', '修好了'], ['报废', 'JJ-7', '无用'], ['旧件库', 'JJ-7', '烧毁']])
  })

  const count = async (lines: object[]) => {
    const { id } = done(await at.act(at.keeper, 'stock_count', 'open', null, { place: 'store' }))
    done(await at.act(at.keeper, 'stock_count', 'count', id, { lines }))
    return id
  }

  test('S4-170 what counting finds is a movement with its reason; what moved meanwhile stays right', async () => {
    const less = await at.part('COUNT-1', {}, 5)
    const more = await at.part('COUNT-2', {}, 1)
    const id = await count([line(less, 9), line(more, 3)])
    done(await at.act(at.keeper, 'stock_count', 'count', id, { lines: [line(less, 4)] }))
    done(await part('receive', less, { quantity: pieces(2), source: 'bought' }))
    expect(await at.act(at.keeper, 'stock_count', 'close', id)).toMatchObject({ refusal: {
      fields: [{ field: 'reason', code: 'required' }] } })
    done(await at.act(at.keeper, 'stock_count', 'close', id, { reason: '上月漏登' }))
    expect([await at.left(less), await at.left(more)]).toEqual([6, 3])
    const { rows } = await get<MovePageView>(at.keeper, `/api/stock/${less}/moves`)
    expect(rows[0]).toMatchObject({ to: { key: 'difference' }, quantity: 1000, note: '上月漏登' })
  })

  test('a count without differences needs no reason; an empty one is not closed', async () => {
    const id = await at.part('COUNT-3', {}, 5)
    const empty = done(await at.act(at.keeper, 'stock_count', 'open', null, { place: 'store' })).id
    expect(await at.act(at.keeper, 'stock_count', 'close', empty))
      .toMatchObject({ refusal: { code: 'guard', guard: 'something_counted' } })
    done(await at.act(at.keeper, 'stock_count', 'drop', empty, { dropped_because: '改日再盘' }))
    done(await at.act(at.keeper, 'stock_count', 'close', await count([line(id, 5)])))
    expect(await at.left(id)).toBe(5)
  })

  test('a difference that would leave less than nothing is refused by name', async () => {
    const id = await at.part('COUNT-4', {}, 3)
    const counting = await count([line(id, 1)])
    done(await issue(await ready(id, 3)))
    expect(await at.act(at.keeper, 'stock_count', 'close', counting, { reason: '少了' }))
      .toMatchObject({ refusal: { code: 'not_enough', params: { left: '0', wanted: '2' } } })
    expect(await at.state(counting)).toBe('counting')
  })

  test('the store is searched by any two characters of a number, a name or a model, and by place', async () => {
    const id = await at.part('Q7553-A', { name: '硒鼓组件', fits: 'HP P2014 P2015', bin: 'A-3', minimum: pieces(2),
      cost_fen: 9_900 }, 1)
    const found = async (query: string) => (await get<StockPageView>(at.keeper, `/api/stock?${query}`)).rows
    for (const q of ['q7553', '53-a', '鼓组', 'P2015', 'ｐ２０１５']) {
      expect((await found(`q=${q}`)).map(({ part_number }) => part_number)).toEqual(['Q7553-A'])
    }
    expect(await found('q=没有这个')).toEqual([])
    expect((await found('q=q7553'))[0]).toMatchObject({ id, bin: 'A-3', low: true, costly: false,
      balances: [{ place: { key: 'store', label: '备件库房' }, quantity: 1000 }] })
    expect(await found('q=q7553&place=used_store')).toEqual([])
    expect((await found('q=q7553&low=1'))).toHaveLength(1)
    done(await part('receive', id, { quantity: pieces(1), source: 'bought' }))
    expect(await found('q=q7553&low=1')).toEqual([])
    done(await part('edit', id, { name: ['硒鼓组件', '墨粉盒'] }))
    expect([await found('q=硒鼓'), (await found('q=墨粉')).length]).toEqual([[], 1])
  })

  test('what a part costs us is for those who buy; strangers to the store get nothing', async () => {
    await at.part('COST-1', { cost_fen: 5_000 })
    const buyer = await at.person('采购', 'purchaser')
    expect((await get<StockPageView>(at.engineer, '/api/stock?q=cost-1')).rows[0]).not.toHaveProperty('cost_fen')
    expect((await get<StockPageView>(buyer, '/api/stock?q=cost-1')).rows[0]).toMatchObject({ cost_fen: 5_000 })
    const contact: Actor = { kind: 'contact', id: null, name: '客户', roles: ['customer'],
      link: { record: at.engineer.id!, actions: [] } }
    for (const url of ['/api/stock', '/api/stock/old-parts', `/api/stock/${at.engineer.id}/moves`]) {
      await get(contact, url, 404)
    }
    await get(at.keeper, '/api/stock/nonsense/moves', 404)
    for (const query of ['place=moon', 'low=yes', 'after=x', `q=${'长'.repeat(25)}`]) {
      await get(at.keeper, `/api/stock?${query}`, 422)
    }
    await get(at.keeper, `/api/stock/old-parts?before=x`, 422)
  })

  test('pages go on where the last one ended, none twice and none left out', async () => {
    for (let n = 0; n < 60; n += 1) await at.part(`PAGE-${String(n).padStart(2, '0')}.x`)
    const first = await get<StockPageView>(at.keeper, '/api/stock?q=page-')
    const second = await get<StockPageView>(at.keeper, `/api/stock?q=page-&after=${first.cursor}`)
    expect([first.rows.length, second.rows.length, second.cursor]).toEqual([50, 10, null])
    const numbers = [...first.rows, ...second.rows].map(({ part_number }) => part_number)
    expect(numbers).toEqual([...new Set(numbers)].sort())
    const id = await at.part('LONG-1')
    for (let n = 1; n <= 55; n += 1) done(await part('receive', id, { quantity: n, source: 'bought' }))
    const newest = await get<MovePageView>(at.keeper, `/api/stock/${id}/moves`)
    const older = await get<MovePageView>(at.keeper, `/api/stock/${id}/moves?before=${newest.cursor}`)
    expect([...newest.rows, ...older.rows].map(({ quantity }) => quantity))
      .toEqual(Array.from({ length: 55 }, (_, n) => 55 - n))
  })

  test.each([1, 2, 3])('after any walk (seed %i) what lies there is the sum of the movements', async (seed) => {
    let state = seed * 2_654_435_761
    const below = (most: number) => {
      state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 3_266_489_917) >>> 0
      return state % most
    }
    const parts = await Promise.all([0, 1, 2].map((n) => at.part(`WALK-${seed}-${n}`, {}, 3)))
    const issued: string[] = []
    const steps = [
      () => part('receive', parts[below(3)]!, { quantity: 1 + below(3000), source: 'bought' }),
      async () => {
        const lines = parts.slice(0, 1 + below(3)).map((id) => ({ part: id, quantity: 1 + below(2000) }))
        const { id } = done(await at.act(at.engineer, 'part_request', 'request', null, { lines }))
        done(await at.act(at.lead, 'part_request', 'consent', id))
        const outcome = await issue(id)
        if (outcome.ok) issued.push(id)
      },
      () => at.act(at.keeper, 'part_request', 'take_back', issued[below(Math.max(issued.length, 1))] ?? parts[0]!,
        { returned: [{ part: parts[below(3)]!, quantity: 1 + below(1500) }] }),
      () => at.act(at.engineer, 'part_request', 'settle', issued[below(Math.max(issued.length, 1))] ?? parts[0]!,
        { used: [{ part: parts[below(3)]!, quantity: 1 + below(1500),
          destination: ['keeper', 'none', 'scrap'][below(3)], tag: `T${below(9)}` }] }),
      () => part('dispose_used', parts[below(3)]!, { quantity: 1 + below(2000), disposal: ['scrap', 'reuse'][below(2)],
        reason: '处置' }, at.supervisor),
      async () => at.act(at.keeper, 'stock_count', 'close', await count([{ part: parts[below(3)]!,
        quantity: below(5000) }]), { reason: '盘点' }),
    ]
    for (let round = 0; round < 6; round += 1) {
      await Promise.all(Array.from({ length: 6 }, () => steps[below(steps.length)]!()))
    }
    expect(await at.wrong()).toEqual([])
    const [lowest] = await at.db.read(at.company.id, (reader) => reader.query<{ least: number }>({
      text: 'select min(quantity) as least from stock_balance' }))
    expect(lowest!.least).toBeGreaterThanOrEqual(0)
  })

  test('the doctor sees a balance that no movement explains; the server can change no movement', async () => {
    const id = await at.part('WRONG-1', {}, 1)
    const tamper = (by: number) => withClient(at.database.superuser, (client) =>
      client.query('update stock_balance set quantity = quantity + $1 where part = $2', [by, id]))
    await tamper(1)
    expect(await at.wrong()).toEqual([expect.stringContaining('what lies in a place')])
    await tamper(-1)
    for (const text of ['update stock_move set quantity = 1', 'delete from stock_move']) {
      await expect(at.db.transaction(at.company.id, (tx) => tx.query({ text }))).rejects.toThrow('permission denied')
    }
  })
})
