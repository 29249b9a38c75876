import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../src/server/context.ts'
import type { Done } from '../src/server/run.ts'
import { type TestCompany, openTestCompany } from './company.ts'
import { testDatabases } from './databases.ts'

describe.each(testDatabases())('an action on $name', (kind) => {
  let at: TestCompany
  let wang: Actor
  let li: Actor
  let boss: Actor

  beforeAll(async () => {
    at = await openTestCompany(kind)
    wang = await at.person('王协调', 'coordinator')
    li = await at.person('李工', 'bench_engineer')
    boss = await at.person('赵主管', 'supervisor')
  })
  afterAll(() => at.close())

  const done = (outcome: unknown): Done => {
    expect(outcome).toMatchObject({ ok: true })
    return outcome as Done
  }
  const create = async (input: object = {}) =>
    done(await at.act(wang, 'task', 'create', null, { title: '回电给远景律所', ...input }))

  test('a task goes from open to done, each step an event', async () => {
    const made = await create()
    expect(made.number).toMatch(/^DB202611-\d{4}$/)
    expect(made).toMatchObject({ state: 'open', seq: 1 })
    const taken = done(await at.act(wang, 'task', 'take', made.id))
    expect(taken).toMatchObject({ state: 'taken', seq: 2 })
    const finished = done(await at.act(wang, 'task', 'finish', made.id, { result: '已回电' }))
    expect(finished).toMatchObject({ state: 'done', seq: 3 })
  })

  test('numbers have no gaps when twenty are made at once', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, () => create()))
    const numbers = made.map(({ number }) => Number(number.split('-')[1])).sort((a, b) => a - b)
    expect(numbers.at(-1)! - numbers[0]!).toBe(19)
  })

  test('the same key is one event, another body under it is told', async () => {
    const wish = { title: '寄出发票' }
    const first = done(await at.act(wang, 'task', 'create', null, wish, { key: 'k1' }))
    const second = done(await at.act(wang, 'task', 'create', null, wish, { key: 'k1' }))
    expect(second).toMatchObject({ id: first.id, replayed: true })
    expect(await at.act(wang, 'task', 'create', null, { title: '别的' }, { key: 'k1' }))
      .toMatchObject({ ok: false, refusal: { code: 'key_reused' } })
  })

  test('six creations race under one key: one is made', async () => {
    const raced = await Promise.all(Array.from({ length: 6 }, () =>
      at.act(wang, 'task', 'create', null, { title: '同一个请求' }, { key: 'race' })))
    expect(new Set(raced.map((one) => done(one).id)).size).toBe(1)
    expect(raced.filter((one) => !done(one).replayed)).toHaveLength(1)
  })

  test('eight people take one task: one has it, the others are told who', async () => {
    const made = await create()
    const raced = await Promise.all(Array.from({ length: 8 }, () => at.act(boss, 'task', 'take', made.id)))
    expect(raced.filter((one) => one.ok)).toHaveLength(1)
    expect(raced.find((one) => !one.ok)).toMatchObject({
      refusal: { code: 'wrong_state' }, last: { action: 'take', who: '赵主管' } })
  })

  test('only the handler finishes; a supervisor may with a reason, which is kept', async () => {
    const made = await create({ handler: li.id })
    expect(made.state).toBe('taken')
    expect(await at.act(wang, 'task', 'finish', made.id, { result: '好了' }))
      .toMatchObject({ refusal: { code: 'guard', guard: 'is_handler' } })
    expect(await at.act(wang, 'task', 'finish', made.id, { result: '好了', waive: [{ guard: 'is_handler', reason: '代办' }] }))
      .toMatchObject({ refusal: { code: 'waiver_not_allowed' } })
    done(await at.act(boss, 'task', 'finish', made.id, { result: '好了', waive: [{ guard: 'is_handler', reason: '李工出差' }] }))
    const events = await at.db.read(at.company.id, (reader) =>
      reader.query<{ waived: unknown }>({ text: 'select waived from event where record_id = $1 and seq = 2', values: [made.id] }))
    expect(events[0]?.waived).toEqual([{ guard: 'is_handler', reason: '李工出差' }])
  })

  test('bad input names each field and writes nothing', async () => {
    const before = at.app.changes.length
    expect(await at.act(wang, 'task', 'create', null, { title: '', colour: 'red', due_at: '明天' })).toMatchObject({
      refusal: { code: 'bad_input', fields: [
        { field: 'colour', code: 'unknown_field' }, { field: 'due_at', code: 'not_an_instant' },
        { field: 'title', code: 'required' }] } })
    expect(await at.act(wang, 'task', 'create', null, { title: '给不存在的人', handler: made() })).toMatchObject({
      refusal: { code: 'bad_input', fields: [{ field: 'handler', code: 'unknown_person' }] } })
    expect(at.app.changes.length).toBe(before)
  })

  test('two people edit different fields; the same field is told', async () => {
    const { id } = await create({ detail: '旧说明' })
    done(await at.act(wang, 'task', 'edit', id, { detail: ['旧说明', '新说明'] }))
    done(await at.act(boss, 'task', 'edit', id, { title: ['回电给远景律所', '回电给远景'] }))
    expect(await at.act(boss, 'task', 'edit', id, { detail: ['旧说明', '另一个'] }))
      .toMatchObject({ refusal: { code: 'edit_conflict' }, last: { who: '赵主管' } })
  })

  test('a stranger sees nothing: 404, not 403', async () => {
    const { id } = await create()
    expect(await at.act(li, 'task', 'take', id)).toMatchObject({ refusal: { code: 'not_found' } })
  })

  test('an open follow-up holds its parent open', async () => {
    const parent = await create({ handler: wang.id })
    done(await at.act(wang, 'task', 'create', null, { title: '先做这个', parent: parent.id }))
    expect(await at.act(wang, 'task', 'finish', parent.id, { result: '完' }))
      .toMatchObject({ refusal: { code: 'guard', guard: 'no_open_children' } })
  })

  test('two working days run from Monday 10:00 to Wednesday 10:00, and the warning strikes before', async () => {
    const { id } = await create()
    const [row] = await at.db.read(at.company.id, (reader) => reader.query<{ next_due_at: string; due_at: string }>({
      text: 'select r.next_due_at, t.due_at from record r join timer t on t.record_id = r.id where r.id = $1', values: [id] }))
    expect(row?.next_due_at).toBe('2026-11-25T02:00:00.000Z')
    expect(row!.due_at < row!.next_due_at).toBe(true)
  })
})

const made = () => '01900000-0000-7000-8000-000000000000'
