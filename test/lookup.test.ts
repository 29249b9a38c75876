import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { uuidv7 } from 'uuidv7'
import { erase } from '../src/server/erase.ts'
import type { Actor } from '../src/server/context.ts'
import { withClient } from '../src/server/database-roles.ts'
import type { Statement } from '../src/server/db.ts'
import { initialsKeys, maskPhone, nameKey, phoneKey, pinyinKeys, serialKey } from '../src/server/customers/keys.ts'
import { type NumberShape, numbersMeant, rangesOf } from '../src/server/customers/typed.ts'
import { paperCode } from '../src/server/print/page.ts'
import { customerRoutes } from '../src/server/routes/customers.ts'
import type { Done } from '../src/server/run.ts'
import type { CustomerFileView, LookupView, MachineStoryView, ScanView, SimilarView } from '../src/server/views.ts'
import { run } from '../src/server/run.ts'
import { addCompany } from './company.ts'
import { testDatabases } from './databases.ts'
import { type Served, serve } from './serve.ts'

describe('keys', () => {
  test('a phone is its digits, however it was typed', () => {
    for (const typed of ['020-8758 3950', '（020）87583950', '+86 20 8758-3950', '０２０８７５８３９５０', '0086-20-87583950']) {
      expect(phoneKey(typed)).toBe('02087583950')
    }
    expect(phoneKey('+86 139 1234 5678')).toBe('13912345678')
    expect(phoneKey('86012345')).toBe('86012345')
    expect(phoneKey('没有')).toBe('')
    expect(maskPhone('139 1234 5678')).toBe('139****5678')
  })
  test('names and serial numbers without width, case and signs', () => {
    expect(nameKey('广州 远景（ＩＴ）事务所')).toBe('广州远景it事务所')
    expect(serialKey(' cnb-1 234')).toBe('CNB1234')
  })
  test('initials and pinyin, both readings of a surname', () => {
    expect(initialsKeys('远景律师')).toEqual(['yjls'])
    expect(pinyinKeys('远景IT')).toEqual(['yuanjingit', 'jingit', 'it'])
    expect(initialsKeys('单国强').sort()).toEqual(['dgq', 'sgq'])
    expect(initialsKeys('HP')).toEqual([])
  })
  test('what is typed asks for the kinds that it can be', () => {
    const kinds = (typed: string) => [...new Set(rangesOf(typed).map(({ kind }) => kind))].sort()
    expect(kinds('139')).toEqual(['name', 'phone', 'serial'])
    expect(kinds('远景')).toEqual(['name'])
    expect(kinds('远')).toEqual(['name'])
    expect(kinds('yjls')).toEqual(['initials', 'name', 'pinyin', 'serial'])
    expect(kinds('y')).toEqual([])
    expect(rangesOf('!?')).toEqual([])
  })
  test('a part of a number means whole numbers of the last periods', () => {
    const shapes: NumberShape[] = [{ prefix: 'WX', period: 'month', digits: 4 }, { prefix: 'KH', period: 'ever', digits: 5 }]
    const meant = (typed: string) => numbersMeant(typed, shapes, '2026-01-15')
    expect(meant('0042').slice(0, 3)).toEqual(['WX202601-0042', 'WX202512-0042', 'WX202511-0042'])
    expect(meant('42')).toContain('KH-00042')
    expect(meant('12-42')).toEqual(['WX202512-0042'])
    expect(meant('2025120042')).toEqual(['WX202512-0042'])
    expect(meant('42号')).toEqual([])
  })
})

describe.each(testDatabases())('look-up on $name', (kind) => {
  let served: Served
  let wang: Actor
  let li: Actor
  let boss: Actor
  const ids: Record<string, string> = {}

  const done = (outcome: unknown): Done => {
    expect(outcome).toMatchObject({ ok: true })
    return outcome as Done
  }
  const get = async <T>(actor: Actor, url: string): Promise<T> => {
    const answer = await served.ask(actor, 'GET', url)
    expect(answer.statusCode, answer.body).toBe(200)
    return answer.json() as T
  }
  const lookup = (q: string, actor = wang) => get<LookupView>(actor, `/api/lookup?q=${encodeURIComponent(q)}`)
  const names = async (q: string) => (await lookup(q)).rows.map((row) => row.customer?.name)
  const caseOf = async (title: string, customer: string, machine: string | null, actor = wang) => {
    const task = done(await served.at.act(actor, 'task', 'create', null, { title }))
    await withClient(served.at.database.owner, (client) => client.query(
      'update record set customer = $1, machine = $2 where id = $3', [customer, machine, task.id]))
    return task
  }

  beforeAll(async () => {
    served = await serve(kind, [customerRoutes])
    const { at } = served
    wang = await at.person('王协调', 'coordinator')
    li = await at.person('李工', 'bench_engineer')
    boss = await at.person('赵主管', 'supervisor', 'administrator')
    const register = async (input: object) => done(await at.act(wang, 'customer', 'register', null, input)).id
    ids.law = await register({ customer_kind: 'organisation', name: '广州远景律师事务所', short_name: '远景律所',
      phone: '020-87583950', contact_name: '单国强', contact_phone: '139 1234 5678', contract: true, owner: boss.id })
    ids.person = await register({ customer_kind: 'person', name: '曾小贤', phone: '13800138000' })
    const machine = async (input: object) => done(await at.act(wang, 'machine', 'register', null,
      { product_kind: 'laser_printer', brand: 'HP', customer: ids.law, ...input })).id
    ids.printer = await machine({ model: 'LaserJet M1136', serial_number: 'CNB8C12345', purchase_date: '2026-03-01' })
    ids.plotter = await machine({ model: 'T520', product_kind: 'plotter', serial_note: 'none', purchase_unknown: true })
    const open = await caseOf('打印机卡纸', ids.law!, ids.printer!)
    ids.open = open.id
    ids.number = open.number
    const closed = await caseOf('清洁', ids.law!, ids.printer!)
    done(await at.act(wang, 'task', 'take', closed.id))
    done(await at.act(wang, 'task', 'finish', closed.id, { result: '好' }))
    ids.closed = closed.id
  })
  afterAll(() => served.close())

  test.each([
    ['first digits', '1391'], ['last four digits', '5678'], ['the middle', '123456'], ['typed with spaces', '139 1234'],
    ['the main phone', '8758'], ['two characters inside', '律师'], ['the short name', '远景律所'],
    ['a contact', '国强'], ['initials of the name', 'yjls'], ['initials inside', 'lssws'],
    ['initials of a contact, as a surname', 'sgq'], ['whole pinyin', 'yuanjing'], ['serial number', 'cnb8c'],
    ['part of a serial number', '12345'], ['the end of a serial number', 'C12345']])('finds by %s: %s', async (_how, q) => {
    expect(await names(q)).toContain('广州远景律师事务所')
  })

  test('finds by whole number and by its last digits', async () => {
    for (const q of [ids.number!, ids.number!.toLowerCase(), ids.number!.slice(-4), ids.number!.slice(0, 8)]) {
      const { rows } = await lookup(q)
      const row = rows.find((one) => one.case?.id === ids.open)
      expect(row, q).toMatchObject({ customer: { id: ids.law } })
      expect(row!.hits[0], q).toMatchObject({ by: 'number', text: ids.number })
    }
  })

  test('a row tells why, who, which machines with their warranty, what is open and what was last', async () => {
    const [row] = (await lookup('5678')).rows
    expect(row).toMatchObject({
      hits: [{ by: 'phone', label: '电话', text: '139****5678' }],
      customer: { id: ids.law, name: '广州远景律师事务所', phone: '020-87583950', contract: true, settlement: 'cash',
        owner: { name: '赵主管' }, state: { name: 'active' } },
      contact: { name: '单国强', phones: ['13912345678'] }, machine: null,
      open_cases: [{ id: ids.open, title: '打印机卡纸' }], last_case: { id: ids.closed } })
    expect(row!.machines.map(({ id, warranty }) => [id, warranty.state, warranty.until])).toEqual([
      [ids.plotter, 'unknown', null], [ids.printer, 'in', '2027-03-01']])
    const [serial] = (await lookup('CNB8C12345')).rows
    expect(serial!.machine).toMatchObject({ id: ids.printer, serial_number: 'CNB8C12345' })
  })

  test('the machines beside a hit stand in the order in which the customer\'s page has them', async () => {
    const who = done(await served.at.act(wang, 'customer', 'register', null, { customer_kind: 'organisation', name: '百机图文中心',
      phone: '020-61110001', settlement: 'cash' })).id
    for (const n of [5, 2, 4, 1, 3]) {
      served.at.app.now += 60_000
      done(await served.at.act(wang, 'machine', 'register', null, { customer: who, product_kind: 'laser_printer', brand: 'HP',
        model: `M${n}`, serial_number: `BJTW0000${n}`, purchase_unknown: true }))
    }
    const [row] = (await lookup('61110001')).rows
    const file = await get<CustomerFileView>(wang, `/api/customers/${who}/file`)
    expect(row!.machines.map(({ model }) => model)).toEqual(['M3', 'M1', 'M4', 'M2', 'M5'])
    expect(file.machines.map(({ model }) => model)).toEqual(['M3', 'M1', 'M4', 'M2', 'M5'])
  })

  test('a unit with a long name is found by what stands at its end', async () => {
    const name = '华南地区农作物新品种新技术推广研究所植物病害防治研究室'
    done(await served.at.act(wang, 'customer', 'register', null, { customer_kind: 'organisation', name, phone: '02066661234' }))
    for (const q of ['病害防治', '研究室', 'bhfz']) expect(await names(q), q).toContain(name)
  })

  test('the whole goes before its beginning, and that before the middle', async () => {
    const register = async (name: string, phone: string) => served.at.act(wang, 'customer', 'register', null,
      { customer_kind: 'organisation', name, phone })
    await register('新和平饭店', '02066660001')
    await register('和平饭店', '02066660002')
    await register('和平', '02066660003')
    expect(await names('和平')).toEqual(['和平', '和平饭店', '新和平饭店'])
  })

  test('nothing typed, one letter, signs: no rows; text that is no text: a refusal', async () => {
    for (const q of ['', ' ', 'y', '!', '%', '没有这一位']) expect((await lookup(q)).rows).toEqual([])
    expect((await served.ask(wang, 'GET', '/api/lookup?q=a&q=b')).statusCode).toBe(422)
    expect((await served.ask(wang, 'GET', `/api/lookup?q=${'长'.repeat(81)}`)).statusCode).toBe(422)
  })

  test('cases that are not there for the reader are not shown', async () => {
    const [row] = (await lookup('5678', li)).rows
    expect(row).toMatchObject({ customer: { id: ids.law }, open_cases: [], last_case: null })
    expect((await lookup(ids.number!, li)).rows).toEqual([])
    const file = await get<CustomerFileView>(li, `/api/customers/${ids.law}/file`)
    expect([file.cases, file.open_cases, file.counts.cases]).toEqual([[], [], { count: 0, capped: false }])
    expect((await get<MachineStoryView>(li, `/api/machines/${ids.printer}/story`)).cases).toEqual([])
  })

  test('another company’s rows are never found, and a private link sees none of this', async () => {
    const stranger = await addCompany(served.at.database, 's4')
    const theirs = await run({ ...served.at.ctx(wang), company: stranger }, { process: 'customer', action: 'register',
      id: null, input: { customer_kind: 'organisation', name: '别家远景律师', phone: '13912345678' } })
    expect(await names('远景')).toEqual(['广州远景律师事务所'])
    expect(await names('5678')).toEqual(['广州远景律师事务所'])
    expect((await served.ask(wang, 'GET', `/api/customers/${done(theirs).id}/file`)).statusCode).toBe(404)
    expect((await get<ScanView>(wang, '/api/scan?code=13912345678')).found).toHaveLength(1)
    const contact: Actor = { kind: 'contact', id: uuidv7(), name: '客户', roles: ['customer'],
      link: { record: ids.open!, actions: [] } }
    for (const url of ['/api/lookup?q=5678', '/api/scan?code=13912345678', '/api/customers/similar?name=广州远景',
      `/api/customers/${ids.law}/file`, `/api/machines/${ids.printer}/story`]) {
      expect((await served.ask(contact, 'GET', encodeURI(url))).statusCode, url).toBe(404)
    }
  })

  test('a dropped contact, an old name and an old phone are found no more', async () => {
    const { at } = served
    const { id } = done(await at.act(wang, 'customer', 'register', null, { customer_kind: 'organisation', name: '旧名称厂',
      phone: '02055550001', contact_name: '冯司机', contact_phone: '13655556666' }))
    expect(await names('冯司机')).toEqual(['旧名称厂'])
    const file = await get<CustomerFileView>(wang, `/api/customers/${id}/file`)
    done(await at.act(wang, 'customer', 'drop_contact', id, { contact: file.contacts[0]!.id }))
    done(await at.act(wang, 'customer', 'edit', id, { name: ['旧名称厂', '新招牌厂'], phone: ['02055550001', '02055550002'] }))
    for (const q of ['冯司机', '13655556666', '旧名称', '55550001']) expect(await names(q), q).toEqual([])
    for (const q of ['新招牌', '55550002', 'xzp']) expect(await names(q), q).toEqual(['新招牌厂'])
  })

  test('a merged customer is found through the other, with its machines and its history', async () => {
    const { at } = served
    const register = async (name: string, phone: string) => done(await at.act(wang, 'customer', 'register', null,
      { customer_kind: 'organisation', name, phone })).id
    const old = await register('并前单位', '02044440001')
    const now = await register('并后单位', '02044440002')
    const past = await caseOf('并前的事', old, null)
    done(await at.act(wang, 'task', 'drop', past.id, { reason: '作废' }))
    done(await at.act(wang, 'customer', 'merge_into', old, { into: now }))
    expect(await names('并前单位')).toEqual(['并后单位'])
    expect(await names('44440001')).toEqual(['并后单位'])
    const file = await get<CustomerFileView>(wang, `/api/customers/${now}/file`)
    expect(file).toMatchObject({ merged: [{ id: old, name: '并前单位' }], cases: [{ id: past.id }],
      contacts: [{ name: '并前单位', phones: ['02044440001'] }] })
  })

  test('the page of a customer, and the life of a machine', async () => {
    const file = await get<CustomerFileView>(wang, `/api/customers/${ids.law}/file`)
    expect(file).toMatchObject({ customer: { name: '广州远景律师事务所' }, contacts: [{ name: '单国强', active: true }],
      open_cases: [{ id: ids.open }], cases: [{ id: ids.closed }, { id: ids.open }], merged: [],
      counts: { machines: { count: 2, capped: false }, open_cases: { count: 1 }, cases: { count: 2 } } })
    const story = await get<MachineStoryView>(wang, `/api/machines/${ids.printer}/story`)
    expect(story).toMatchObject({ machine: { id: ids.printer, warranty: { state: 'in', why: 'purchase_date' } },
      customer: { id: ids.law }, cases: [{ id: ids.closed }, { id: ids.open }], more: false })
    for (const url of [`/api/customers/${ids.printer}/file`, `/api/machines/${ids.law}/story`, '/api/customers/x/file']) {
      expect((await served.ask(wang, 'GET', url)).statusCode, url).toBe(404)
    }
  })

  test('a scan goes to one thing: number, code on the machine, serial number, phone', async () => {
    const found = async (code: string) => (await get<ScanView>(wang, `/api/scan?code=${encodeURIComponent(code)}`)).found
      .map(({ process, id, hit }) => [process, id, hit.by])
    const [{ qr_code }] = await served.at.db.read(served.at.company.id, (reader) => reader.query<{ qr_code: string }>({
      text: 'select qr_code from machine where id = $1', values: [ids.printer] })) as [{ qr_code: string }]
    expect(await found(ids.number!)).toEqual([['task', ids.open, 'number']])
    expect(await found(qr_code)).toEqual([['machine', ids.printer, 'qr']])
    expect(await found(`https://desk.example/m/${qr_code.toLowerCase()}`)).toEqual([['machine', ids.printer, 'qr']])
    expect(await found('cnb8c-12345')).toEqual([['machine', ids.printer, 'serial']])
    expect(await found('139 1234 5678')).toEqual([['customer', ids.law, 'phone']])
    for (const part of ['CNB8C', '5678', '', 'https://desk.example/%E0%A4%A']) expect(await found(part), part).toEqual([])
  })

  test('the code on a paper of ours leads to its record and its case, as it is printed and as a scanner reads it', async () => {
    const code = await paperCode(served.at.ctx(wang), ids.open!)
    const child = done(await served.at.act(wang, 'task', 'create', null, { title: '回电', parent: ids.open })).id
    const inner = await paperCode(served.at.ctx(wang), child)
    const scanned = async (text: string) => (await get<ScanView>(wang, `/api/scan?code=${encodeURIComponent(text)}`)).found
      .map(({ id, hit }) => [id, hit.by])
    for (const text of [code, code.toLowerCase(), code.replace(/(.{4})(?=.)/g, '$1-'), `http://192.168.1.5:8080/q/${code}`,
      `/192.168.1.5:8080/q/${code}`]) {
      expect(await scanned(text), text).toEqual([[ids.open, 'paper']])
      expect((await lookup(text)).rows.map((row) => row.case?.id), text).toEqual([ids.open])
    }
    expect(await scanned(inner)).toEqual([[child, 'paper'], [ids.open, 'paper']])
    expect(await scanned('0123456789ABCDEF')).toEqual([])
    const other = await addCompany(served.at.database, 's4')
    const stranger = await paperCode({ ...served.at.ctx(wang), company: other }, done(await run({ ...served.at.ctx(wang),
      company: other }, { process: 'task', action: 'create', id: null, input: { title: '别家的' } })).id)
    expect(await scanned(stranger)).toEqual([])
  })

  test('a customer that may be there already is shown before it is written twice', async () => {
    const similar = async (name: string, phone: string) => (await get<SimilarView>(wang,
      `/api/customers/similar?name=${encodeURIComponent(name)}&phone=${encodeURIComponent(phone)}`)).customers
    expect(await similar('', '+86 139 1234 5678')).toMatchObject([{ id: ids.law, hits: [{ by: 'phone', text: '139****5678' }] }])
    expect(await similar('远景律所有限公司', '')).toMatchObject([{ id: ids.law, hits: [{ by: 'name' }] }])
    expect(await similar('广州远景律师事务所', '02087583950')).toMatchObject([{ id: ids.law, hits: [{ by: 'phone' }, { by: 'name' }] }])
    expect(await similar('毫不相干', '02000000000')).toEqual([])
    expect(await similar('', '')).toEqual([])
  })

  test('erasing a customer takes name, phones and people out of the look-up and of history', async () => {
    const { at } = served
    const { id } = done(await at.act(wang, 'customer', 'register', null, { customer_kind: 'person', name: '欧阳抹去',
      phone: '13322221111', contact_name: '欧阳太太', contact_phone: '13322220000' }))
    expect(await names('欧阳')).toEqual(['欧阳抹去'])
    done(await erase(at.ctx(boss), { process: 'customer', id, reason: '本人要求' }))
    for (const q of ['欧阳', '13322221111', '13322220000', 'oymq']) expect(await names(q), q).toEqual([])
    const left = await withClient(at.database.superuser, async (client) => (await client.query(
      `select c::text as row from customer c where id = $1 union all select p::text from contact p where customer = $1
       union all select r::text from record r where id = $1 union all select input::text from event where record_id = $1`,
      [id])).rows.map(({ row }: { row: string }) => row).join('\n'))
    expect(left).not.toMatch(/欧阳|1332222/)
    expect((await get<CustomerFileView>(wang, `/api/customers/${id}/file`)).customer.name).toBe('—')
  })
})

const customersLoaded = 50_000
/** Rows that one statement may touch, whatever is typed. */
const rowsMost = 400

/** Customers as they would lie there, most with the same beginning of phone and name, and their keys in one go. */
async function load(served: Served): Promise<void> {
  const company = served.at.company.id
  await withClient(served.at.database.superuser, async (client) => {
    await client.query('set session_replication_role = replica')
    await client.query(`create temp table one as select n, ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid
      as id from generate_series(1, $1::int) n`, [customersLoaded])
    await client.query(`insert into record (company_id, id, process, number, title, seq, state, kind, root, opened_at,
      changed_at, settings_revision)
      select $1, id, 'customer', 'KH-' || (100000 + n), '广州客户' || n, 1, 'active', 'active', id, now(), now(), 0 from one`,
      [company])
    await client.query(`insert into customer (company_id, id, customer_kind, name, phone, settlement, contract, name_key,
      initials, pinyin, phone_digits)
      select $1, id, 'organisation', '广州客户' || n, '139', 'cash', false, '广州客户' || n, array['gzkh' || n],
        array['guangzhoukehu' || n], '139' || lpad(n::text, 8, '0') from one`, [company])
    // Indexes are built faster than they grow.
    const { rows: [made] } = await client.query(`select
      (select pg_get_indexdef('lookup_of_source'::regclass)) as index,
      (select pg_get_constraintdef(oid) from pg_constraint where conname = 'lookup_key_pkey') as key`)
    await client.query('drop index lookup_of_source; alter table lookup_key drop constraint lookup_key_pkey')
    await client.query(`insert into lookup_key (company_id, kind, starts, key, source)
      select company_id, 'name', e.starts, e.key, id from customer c, lookup_ends(name_key, 2, 4) e
      union all select company_id, 'phone', e.starts, e.key, id from customer c, lookup_ends(phone_digits, 3, 18) e
      union all select company_id, 'initials', e.starts, e.key, id from customer c, lookup_ends(initials[1], 2, 3) e
      union all select company_id, 'pinyin', true, pinyin[1], id from customer c`)
    await client.query(`${made.index}; alter table lookup_key add constraint lookup_key_pkey ${made.key}`)
    for (const table of ['lookup_key', 'customer', 'record']) await client.query(`analyze ${table}`)
  })
}

type Node = { 'Node Type': string; 'Actual Rows': number; 'Actual Loops': number; 'Rows Removed by Filter'?: number
  'Rows Removed by Index Recheck'?: number; Plans?: Node[] }

/** Rows that the scans of a plan touched. */
const touched = (node: Node): number => (node.Plans ?? []).reduce((sum, inner) => sum + touched(inner),
  node['Node Type'].endsWith(' Scan') && !/Subquery|Function|CTE|Values/.test(node['Node Type'])
    ? (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0))
      * node['Actual Loops'] : 0)

describe.each(testDatabases())('plans of the look-up on $name', (kind) => {
  let served: Served
  let wang: Actor

  beforeAll(async () => {
    served = await serve(kind, [customerRoutes])
    wang = await served.at.person('王协调', 'coordinator')
    await load(served)
  }, 180_000)
  afterAll(() => served.close())

  /** What the server would read with the plan that it keeps for any values. */
  async function rowsRead(statement: Statement): Promise<number> {
    const { at } = served
    return at.db.transaction(at.company.id, async (tx) => {
      await tx.query({ text: 'set local plan_cache_mode = force_generic_plan' })
      const [plan] = await tx.query<{ 'QUERY PLAN': [{ Plan: Node }] }>({
        text: `explain (analyze, format json) ${statement.text}`, values: statement.values, name: `e${statement.name}` })
      return touched(plan!['QUERY PLAN'][0].Plan)
    })
  }

  test.each(['139', '00042', '13900000042', '广州', '客户42', 'gzkh', 'guangzhou', 'KH-1', '0042', '州客', 'zk', '999'])(
    'reads a bounded number of rows for «%s» among many', async (q) => {
      const seen: Statement[] = []
      const stop = served.at.db.watch((statement) => { if (/^\s*select/.test(statement.text)) seen.push(statement) })
      const answer = await served.ask(wang, 'GET', `/api/lookup?q=${encodeURIComponent(q)}`)
      stop()
      expect(answer.statusCode).toBe(200)
      const named = seen.filter(({ name }) => name?.startsWith('lookup'))
      expect(named.length).toBeGreaterThan(0)
      for (const statement of named) expect(await rowsRead(statement), statement.name).toBeLessThan(rowsMost)
    })
})
