import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../../src/server/context.ts'
import { type Done, run } from '../../src/server/run.ts'
import { type TestCompany, addCompany, openTestCompany } from '../company.ts'
import { storyDatabases } from '../databases.ts'

describe.each(storyDatabases())('a customer on $name', (kind) => {
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
  const query = <R>(text: string, ...values: unknown[]) =>
    at.db.read(at.company.id, (reader) => reader.query<R>({ text, values }))
  const act = (actor: Actor, action: string, id: string | null, input: object = {}) =>
    at.act(actor, 'customer', action, id, input)
  let count = 0
  const register = async (input: object = {}) => {
    count += 1
    return done(await act(wang, 'register', null, { customer_kind: 'organisation', name: `第${count}律师事务所`,
      phone: `020-8700${String(count).padStart(4, '0')}`, ...input }))
  }
  const contacts = (id: string) => query<{ id: string; name: string; phones: string[]; active: boolean }>(
    'select id, name, phones, active from contact where customer = $1 order by id', id)
  const value = async (id: string, column: string) =>
    (await query<Record<string, unknown>>(`select ${column} as v from customer where id = $1`, id))[0]?.v

  test('three fields are enough; a casual customer pays each time', async () => {
    const made = await register()
    expect(made).toMatchObject({ state: 'active' })
    expect(made.number).toMatch(/^KH-\d{5}$/)
    expect(await value(made.id, 'settlement')).toBe('cash')
    const [head] = await query<{ title: string }>('select title from record where id = $1', made.id)
    expect(head!.title).toBe('第1律师事务所')
  })

  test('S4-074 somebody without any way to reach them is refused, any way will do', async () => {
    expect(await act(wang, 'register', null, { customer_kind: 'person', name: '郑女士' })).toMatchObject({
      refusal: { code: 'bad_input', fields: [{ field: 'phone', code: 'required' }] } })
    const online = done(await act(wang, 'register', null, { customer_kind: 'person', name: '郑女士',
      online_id: 'QQ 34567890' }))
    expect(await value(online.id, 'online_id')).toBe('QQ 34567890')
    done(await act(wang, 'register', null, { customer_kind: 'organisation', name: '某厂', contact_name: '门卫老陈',
      contact_phone: '13800001111' }))
  })

  test('the same name and phone is taken, however it is typed; a real namesake goes through', async () => {
    const { id, number } = await register({ name: '广州（远景）公司', phone: '020-8758 3950' })
    const again = { customer_kind: 'organisation', name: '广州远景 公司', phone: '+86 20 8758-3950' }
    expect(await act(wang, 'register', null, again)).toMatchObject({
      refusal: { code: 'bad_input', fields: [{ field: 'name', code: 'taken',
        record: { process: 'customer', id, number, title: '广州（远景）公司' } }] } })
    done(await act(wang, 'register', null, { ...again, phone: '020-87583951' }))
    done(await act(wang, 'register', null, { ...again, is_another: true }))
  })

  test('eight people register the same one at once: one is made', async () => {
    const raced = await Promise.all(Array.from({ length: 8 }, () => act(wang, 'register', null,
      { customer_kind: 'person', name: '陈同时', phone: '13911112222' })))
    expect(raced.filter((one) => one.ok)).toHaveLength(1)
  })

  test('people at a customer come, change and go; each is an event', async () => {
    const { id } = await register({ contact_name: '张三', contact_phone: '139 1234 5678' })
    done(await act(li, 'add_contact', id, { contact_name: '李四', contact_phone: '020-1234转8', contact_phone_2: '10086',
      contact_role: '财务' }))
    const [zhang, lisi] = await contacts(id)
    expect(zhang).toMatchObject({ name: '张三', phones: ['13912345678'] })
    expect(lisi).toMatchObject({ name: '李四', phones: ['02012348', '10086'] })
    done(await act(wang, 'change_contact', id, { contact: zhang!.id, contact_name: '张三丰', contact_phone: '13912345679' }))
    done(await act(wang, 'drop_contact', id, { contact: lisi!.id }))
    expect(await contacts(id)).toMatchObject([{ name: '张三丰', phones: ['13912345679'], active: true },
      { name: '李四', active: false }])
    expect(await act(wang, 'drop_contact', id, { contact: lisi!.id })).toMatchObject({
      refusal: { code: 'bad_input', fields: [{ field: 'contact', code: 'unknown_record' }] } })
    const other = await register()
    expect(await act(wang, 'change_contact', other.id, { contact: zhang!.id, contact_name: '偷' })).toMatchObject({
      refusal: { code: 'bad_input' } })
    const events = await query('select action from event where record_id = $1 order by seq', id)
    expect(events.map((event) => (event as { action: string }).action))
      .toEqual(['register', 'add_contact', 'change_contact', 'drop_contact'])
  })

  test('月结 is decided by those who may: S4-172', async () => {
    const { id } = await register({ settlement: 'monthly' })
    expect(await value(id, 'settlement')).toBe('monthly')
    expect(await act(li, 'set_settlement', id, { settlement: 'cash' })).toMatchObject({ refusal: { code: 'wrong_role' } })
    expect(await act(boss, 'set_settlement', id, {})).toMatchObject({ refusal: { code: 'bad_input' } })
    expect(await act(boss, 'set_settlement', id, { settlement: 'weekly' })).toMatchObject({
      refusal: { fields: [{ field: 'settlement', code: 'not_an_option' }] } })
    done(await act(boss, 'set_settlement', id, { settlement: 'cash' }))
    expect(await value(id, 'settlement')).toBe('cash')
  })

  test('S4-253 S4-254 a contract customer is marked and gets one engineer', async () => {
    const { id } = await register()
    expect(await act(boss, 'assign_engineer', id, { engineer: li.id })).toMatchObject({
      refusal: { code: 'guard', guard: 'is_contract' } })
    expect(await act(li, 'set_contract', id, { contract: true })).toMatchObject({ refusal: { code: 'wrong_role' } })
    expect(await act(wang, 'set_contract', id, {})).toMatchObject({ refusal: { code: 'bad_input' } })
    done(await act(wang, 'set_contract', id, { contract: true }))
    expect(await act(li, 'assign_engineer', id, { engineer: li.id })).toMatchObject({ refusal: { code: 'wrong_role' } })
    expect(await act(boss, 'assign_engineer', id, {})).toMatchObject({
      refusal: { fields: [{ field: 'engineer', code: 'required' }] } })
    done(await act(boss, 'assign_engineer', id, { engineer: li.id }))
    expect(await value(id, 'engineer')).toBe(li.id)
    expect(await value((await register({ contract: true })).id, 'contract')).toBe(true)
  })

  test('S4-038 how loyal a customer is can be noted', async () => {
    const { id } = await register()
    done(await act(wang, 'edit', id, { loyalty: [null, 'advocate'] }))
    expect(await value(id, 'loyalty')).toBe('advocate')
    expect(await act(wang, 'edit', id, { loyalty: ['advocate', 'rich'] })).toMatchObject({ refusal: { code: 'bad_input' } })
  })

  test('an open case keeps a customer from the archive, a supervisor may say why', async () => {
    const { id } = await register()
    await openCase(id)
    expect(await act(wang, 'archive', id, { reason: '搬走了' })).toMatchObject({
      refusal: { code: 'guard', guard: 'no_open_cases' } })
    done(await act(boss, 'archive', id, { reason: '搬走了',
      waive: [{ guard: 'no_open_cases', reason: '单据已口头取消' }] }))
    done(await act(wang, 'restore', id))
  })

  test('a machine of its own is no open case', async () => {
    const { id } = await register()
    await machineOf(id, 'CNARCHIVE1')
    done(await act(wang, 'archive', id, { reason: '停业' }))
    expect(await at.act(wang, 'machine', 'register', null, { customer: id, product_kind: 'other', model: 'X',
      serial_note: 'none', purchase_unknown: true })).toMatchObject({
      refusal: { code: 'bad_input', fields: [{ field: 'customer', code: 'not_an_option' }] } })
  })

  test('merging moves people, machines and open cases; history stays; the old number still finds it', async () => {
    const from = await register({ name: '惠诚旧名', phone: '13577778888', contact_name: '周会计' })
    const into = await register({ name: '惠诚新名' })
    const machine = await machineOf(from.id, 'CNMERGE01')
    const open = await openCase(from.id)
    const closed = await openCase(from.id, 'done')
    done(await act(wang, 'merge_into', from.id, { into: into.id }))
    const owners = await query<{ id: string; customer: string }>(
      'select id, customer from record where id = any($1)', [machine.id, open, closed])
    const of = (id: string) => owners.find((row) => row.id === id)!.customer
    expect([of(machine.id), of(open), of(closed)]).toEqual([into.id, into.id, from.id])
    expect(await contacts(into.id)).toMatchObject([{ name: '周会计' }, { name: '惠诚旧名', phones: ['13577778888'] }])
    expect(await query('select key from lookup_key where source = $1', from.id)).toEqual([])
    expect(await act(wang, 'note', from.id, { note: '还在吗' })).toMatchObject({ refusal: { code: 'wrong_state' } })
  })

  test('nobody is merged into themselves, into an archived or merged one, or into another company’s', async () => {
    const one = await register()
    const two = await register()
    const gone = await register()
    expect(await act(wang, 'merge_into', one.id, { into: one.id })).toMatchObject({
      refusal: { fields: [{ field: 'into', code: 'not_an_option' }] } })
    done(await act(wang, 'archive', gone.id, { reason: '停业' }))
    expect(await act(wang, 'merge_into', one.id, { into: gone.id })).toMatchObject({
      refusal: { fields: [{ field: 'into', code: 'not_an_option' }] } })
    done(await act(wang, 'merge_into', one.id, { into: two.id }))
    const three = await register()
    expect(await act(wang, 'merge_into', three.id, { into: one.id })).toMatchObject({ refusal: { code: 'bad_input' } })
    expect(await act(li, 'merge_into', two.id, { into: three.id })).toMatchObject({ refusal: { code: 'wrong_role' } })
    const stranger = await addCompany(at.database, 's4')
    const outside = { ...at.ctx(wang), company: stranger }
    const theirs = await run(outside, { process: 'customer', id: null,
      action: 'register', input: { customer_kind: 'person', name: '外人', phone: '13500000000' } })
    expect(await act(wang, 'merge_into', two.id, { into: done(theirs).id })).toMatchObject({
      refusal: { fields: [{ field: 'into', code: 'unknown_record' }] } })
  })

  const machineOf = async (customer: string, serial_number: string) => done(await at.act(wang, 'machine', 'register', null,
    { customer, product_kind: 'laser_printer', model: 'M1136', serial_number, purchase_date: '2026-05-01' }))

  /** A case of a customer, straight into the head: no process of this area has one. */
  async function openCase(customer: string, state = 'open'): Promise<string> {
    const task = done(await at.act(wang, 'task', 'create', null, { title: '客户的事' }))
    if (state === 'done') {
      done(await at.act(wang, 'task', 'take', task.id))
      done(await at.act(wang, 'task', 'finish', task.id, { result: '好' }))
    }
    await at.db.transaction(at.company.id, async (tx) => {
      await tx.query({ text: 'update record set customer = $1 where id = $2', values: [customer, task.id] })
      await tx.commit()
    })
    return task.id
  }
})
