import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../src/server/context.ts'
import { withClient } from '../src/server/database-roles.ts'
import { testDatabases } from './databases.ts'
import type { SheetLife } from './sheets/child.ts'
import { type Desk, openDesk } from './sheets/desk.ts'

/** Lists that are given out, corrected and brought in again. */
describe.each(testDatabases())('sheets that change what is there, on $name', (kind) => {
  let desk: Desk
  let wang: Actor
  let boss: Actor

  beforeAll(async () => {
    desk = await openDesk(kind)
    wang = desk.wang
    boss = await desk.served.at.person('陈经理', 'manager')
    const { bring, look, write } = desk
    const customers = await look(wang, await bring(wang, 'customer', '客户.csv',
      '名称,电话,客户类别,地区,联系人,联系人电话,标签\n远景律师事务所,020-87583950,单位,市内,张敏,13912340001,"律所,老客户"\n'
      + '明德小学,02088990011,单位,市外,,,\n'))
    expect(await write(wang, customers, false)).toMatchObject({ state: 'done', counts: { written: 2 } })
    const machines = await look(wang, await bring(wang, 'machine', '机器.csv', '客户,产品类别,品牌,型号,序列号,购买日期,放置地点,备注\n'
      + '远景律师事务所,激光打印机,HP,M1136,CN001,2025-03-01,三楼,\n远景律师事务所,扫描仪,富士通,N6310,CN002,2024-12-31,前台,"两行\n备注"\n'
      + '明德小学,其他,得力,33900,CN003,2023-01-05,,=1+1\n'))
    expect(await write(wang, machines, false)).toMatchObject({ state: 'done', counts: { written: 3 } })
  })
  afterAll(() => desk.served.close())

  const exported = async (who: Actor, process: string, format: 'xlsx' | 'csv'): Promise<Buffer> => {
    const answer = await desk.served.ask(who, 'GET', `/api/${process}/export?format=${format}`)
    expect(answer.statusCode, answer.body).toBe(200)
    return answer.rawPayload
  }
  const listOf = async (who: Actor, process: string) => (await exported(who, process, 'csv')).toString('utf8')
  const machine = async (serial: string) => {
    const { rows } = (await desk.served.ask(wang, 'GET',
      '/api/machine?sort=opened&fields=serial_number,place,remark,model,purchase_date')).json() as
      { rows: { id: string; number: string; seq: number; values: Record<string, string> }[] }
    return rows.find(({ values }) => values.serial_number === serial)!
  }
  const update = async (who: Actor, sheet: string, name: string, content: Buffer | string, fillers = {}) =>
    desk.look(who, await desk.bring(who, sheet, name, content), fillers, true)

  test('a corrected list changes what differs, after it was shown; the same file twice changes nothing', async () => {
    const text = (await listOf(wang, 'machine')).replace('三楼', '四楼财务科').replace('2024-12-31', '2024-11-30')
    const checked = await update(wang, 'machine', '清单.csv', text)
    expect(checked).toMatchObject({ state: 'checked', updates: true, counts: { good: 0, change: 2, there: 1, bad: 0 } })
    const { changes, more } = await desk.changes(wang, checked)
    expect(more).toBe(false)
    expect(changes.map(({ title, changes: all }) => [title, ...all.map(({ label, from, to }) => `${label}: ${from} → ${to}`)])
      .sort()).toEqual([['HP M1136 CN001', '放置地点: 三楼 → 四楼财务科'],
      ['富士通 N6310 CN002', '购买日期: 2024-12-31 → 2024-11-30']])
    const before = await machine('CN001')
    expect(await desk.write(wang, checked, true)).toMatchObject({ state: 'done', counts: { changed: 2, written: 0, refused: 0 } })
    const after = await machine('CN001')
    expect(after).toMatchObject({ seq: before.seq + 1, values: { place: '四楼财务科' } })
    const { events } = (await desk.served.ask(wang, 'GET', `/api/machine/${after.id}`)).json()
    expect(events[0]).toMatchObject({ action: 'edit', via: 'import', who: { name: '王协调' } })
    const again = await update(wang, 'machine', '清单.csv', text)
    expect(again.counts).toMatchObject({ good: 0, change: 0, there: 3, bad: 0 })
    expect(await desk.count('machine')).toBe(3)
  })

  test('only adding leaves alone what is there, whatever the sheet says', async () => {
    const text = (await listOf(wang, 'machine')).replace('四楼财务科', '五楼')
    const checked = await desk.look(wang, await desk.bring(wang, 'machine', '清单.csv', text))
    expect(checked.counts).toMatchObject({ good: 0, change: 0, there: 3, bad: 0 })
    expect(await desk.changes(wang, checked)).toEqual({ changes: [], more: false })
  })

  test('without numbers rows are known by their keys; empty cells change nothing; new rows are added beside', async () => {
    const checked = await update(wang, 'machine', '机.csv', '客户,产品类别,品牌,型号,SN,购机日期,部门\n'
      + '远景律师事务所,激光打印机,HP,M1136,cn001,2025-03-01,\n'
      + '远景律师事务所,扫描仪,富士通,N6310 Pro,CN002,2024-11-30,前台\n'
      + '明德小学,扫描仪,富士通,N6310,CN009,2026-01-01,校办\n')
    expect((await desk.changes(wang, checked)).changes.map(({ line, changes }) => [line, changes.map(({ field, from, to }) =>
      `${field}: ${from} → ${to}`)])).toEqual([[2, ['serial_number: CN001 → cn001']], [3, ['model: N6310 → N6310 Pro']]])
    expect(checked.counts).toMatchObject({ good: 1, change: 2, there: 0, bad: 0 })
    expect(await desk.write(wang, checked, true)).toMatchObject({ state: 'done', counts: { changed: 2, written: 1 } })
    expect(await desk.count('machine')).toBe(4)
    expect((await machine('CN002')).values).toMatchObject({ model: 'N6310 Pro', place: '前台' })
  })

  test('what somebody else changed after the check is refused by itself and comes back as a file', async () => {
    const text = (await listOf(wang, 'machine')).replace('四楼财务科', '六楼').replace('校办', '图书馆')
    const checked = await update(wang, 'machine', '清单.csv', text)
    expect(checked.counts).toMatchObject({ change: 2 })
    const one = await machine('cn001')
    await desk.served.at.act(boss, 'machine', 'edit', one.id, { remark: [null, '主管刚刚写的'] })
    const done = await desk.write(wang, checked, true)
    expect(done).toMatchObject({ state: 'done', counts: { changed: 1, refused: 1 } })
    expect((await machine('cn001')).values).toMatchObject({ place: '四楼财务科', remark: '主管刚刚写的' })
    expect((await machine('CN009')).values.place).toBe('图书馆')
    const { faults } = await desk.faults(wang, done)
    expect(faults[0]!.problems.map(({ message }) => message)).toEqual(['核对以后有人改过这条记录，没有覆盖它；请重新核对'])
    // The file of what was refused goes through once it is looked at again: the cell that was not meant stays as it is.
    const file = await desk.served.ask(wang, 'GET', `/api/sheets/${done.id}/faults-file`)
    const again = await update(wang, 'machine', '问题.xlsx', file.rawPayload)
    expect(again.counts).toMatchObject({ change: 1, bad: 0 })
    expect(await desk.write(wang, again, true)).toMatchObject({ counts: { changed: 1 } })
    expect((await machine('cn001')).values.place).toBe('六楼')
  })

  test('all or none: a record that moved on stops all of it', async () => {
    const text = (await listOf(wang, 'machine')).replace('六楼', '七楼').replace('图书馆', '实验室')
    const checked = await update(wang, 'machine', '清单.csv', text)
    const one = await machine('CN009')
    await desk.served.at.act(boss, 'machine', 'note', one.id, { note: '看过' })
    expect(await desk.write(wang, checked, false)).toMatchObject({ state: 'stopped', counts: { changed: 0 } })
    expect((await machine('cn001')).values.place).toBe('六楼')
  })

  test('what no form changes is told by its column; what a person does not see is neither told nor changed', async () => {
    const moved = (await listOf(wang, 'machine')).split('\r\n')
      .map((line) => (line.includes('CN009') ? line.replace('明德小学', '远景律师事务所') : line)).join('\r\n')
    const checked = await update(wang, 'machine', '清单.csv', moved)
    expect(checked.counts).toMatchObject({ change: 0, bad: 1 })
    expect((await desk.faults(wang, checked)).faults[0]!.problems).toMatchObject([
      { field: 'customer', message: '客户不能用表格修改，请到单据里办理' }])
    // Who may not see a price may bring it with a new part, and learns nothing of one that is there.
    const { zheng } = desk
    const parts = await desk.look(zheng, await desk.bring(zheng, 'part', '件.csv', '料号,品名,类别,进价,最低库存\nRM1,定影,备件,¥80.00,2.5\n'))
    expect(await desk.write(zheng, parts, false)).toMatchObject({ state: 'done' })
    const seen = await update(zheng, 'part', '件.csv', '料号,品名,类别,进价\nrm1,定影,备件,¥90.00\n')
    expect((await desk.faults(zheng, seen)).faults[0]!.problems.map(({ message }) => message))
      .toEqual(['进价不能用表格修改，请到单据里办理'])
    const chief = await desk.served.at.person('许主管', 'supervisor')
    const allowed = await update(chief, 'part', '件.csv', '料号,品名,类别,进价\nrm1,定影组件,备件,¥90.00\n')
    expect(allowed.counts).toMatchObject({ change: 1, bad: 0 })
    expect((await desk.changes(chief, allowed)).changes[0]!.changes.map(({ label, from, to }) => `${label}: ${from} → ${to}`))
      .toEqual(['品名: 定影 → 定影组件', '进价: 80.00 → 90.00'])
    expect((await desk.served.ask(zheng, 'GET', `/api/sheets/${allowed.id}/changes`)).statusCode).toBe(404)
  })

  test('twice the same record, a number that is not there, a key of another: each is told', async () => {
    const rows = (await listOf(wang, 'machine')).trimEnd().split('\r\n')
    const head = rows[0]!
    const one = rows.find((row) => row.includes('cn001'))!
    const other = rows.find((row) => row.includes('CN003'))!
    const checked = await update(wang, 'machine', '清单.csv', [head, one, one, one.replace('六楼', '八楼'),
      other.replace('JQ-', 'JQ-9').replaceAll('CN003', 'CN777'),
      other.replaceAll('CN003', 'CN009').replaceAll('33900', 'N6310')].join('\r\n'))
    expect(checked.counts).toMatchObject({ there: 1, double: 1, bad: 3 })
    expect((await desk.faults(wang, checked)).faults.map(({ problems }) => problems.map(({ message }) => message))).toEqual([
      ['和第 2 行是同一个，内容却不同'], ['没有找到这个单号，请先登记或改填编号'], ['序列号已经被占用']])
  })

  test('people at customers: known by name within their customer, several of one customer after each other', async () => {
    const list = async () => (await desk.served.ask(wang, 'GET', '/api/sheet-list/contact?format=csv')).body
    const added = await update(wang, 'contact', '人.csv', '客户,姓名,手机,职务\n远景律师事务所,张敏,13912340001,行政\n'
      + '远景律师事务所,李强,139 1234 0002,\n远景律师事务所,赵琳,13912340003,\n')
    expect(added.counts).toMatchObject({ good: 2, change: 1 })
    expect((await desk.changes(wang, added)).changes[0]).toMatchObject({ line: 2, title: '远景律师事务所',
      changes: [{ field: 'contact_role', from: '', to: '行政' }] })
    expect(await desk.write(wang, added, true)).toMatchObject({ state: 'done', counts: { written: 2, changed: 1 } })
    const text = await list()
    expect(text.split('\r\n')[0]).toContain('客户编号,客户名称,联系人,联系人电话')
    const same = await update(wang, 'contact', '联系人.csv', text)
    expect(same.columns.slice(0, 4).map(({ field }) => field)).toEqual(['$record', null, 'contact_name', 'contact_phone'])
    expect(same.counts).toMatchObject({ good: 0, change: 0, there: 3, bad: 0 })
    // Another of somebody's numbers in the first place drives none out.
    await desk.served.at.act(wang, 'customer', 'add_contact', (await desk.served.ask(wang, 'GET', '/api/customer?number=KH-00001'))
      .json().rows[0].id, { contact_name: '钱七', contact_phone: '13912340007', contact_phone_2: '13912340008' })
    expect((await update(wang, 'contact', '七.csv', '客户,姓名,手机\nKH-00001,钱七,13912340008\n')).counts)
      .toMatchObject({ there: 1, change: 0, bad: 0 })
    const both = await update(wang, 'contact', '联系人.csv', text.replace('李强', '李大强').replace('13912340003', '13912340033'))
    expect(both.counts).toMatchObject({ good: 0, change: 2, there: 1 })
    expect(await desk.write(wang, both, true)).toMatchObject({ counts: { changed: 2, refused: 0 } })
    expect(await list()).toContain('李大强')
    expect((await update(wang, 'contact', '联系人.csv', await list())).counts).toMatchObject({ there: 4, change: 0, good: 0 })
  })

  test('somebody named beside a customer must be among its people; what stands for empty cells is for new rows', async () => {
    const head = '名称,电话,联系人,联系人电话,标签'
    const again = await update(wang, 'customer', '客户.csv', `${head}\n远景律师事务所,020 8758 3950,张敏,13912340001,\n`
      + '明德小学,2088990011,李四,13900000000,\n新客户,02088990099,周八,13912340088,\n', { customer_kind: '个人', zone: '市内', tags: '一律' })
    expect(again.counts).toMatchObject({ there: 1, bad: 1, good: 1, change: 0 })
    expect((await desk.faults(wang, again)).faults.map(({ line, problems }) => [line, problems.map(({ field }) => field)]))
      .toEqual([[3, ['contact_name', 'contact_phone']]])
  })

  test('stock stays an opening balance', async () => {
    const { zheng } = desk
    const one = await desk.bring(zheng, 'stock', '库存.csv', '料号,数量\nrm1,3\n')
    expect(one.may_update).toBe(false)
    const refused = await desk.served.ask(zheng, 'POST', `/api/sheets/${one.id}/fields`,
      { fields: one.columns.map(({ field }) => field), updates: true })
    expect(refused.statusCode).toBe(422)
    expect(refused.json().error.fields[0]).toMatchObject({ field: 'updates', code: 'not_an_option' })
  })

  test('a node that is killed in the middle of changes: another goes on, and each is changed once', async () => {
    const rows = 2500
    const table = (place: string) => `客户,产品类别,型号,SN,购买日期不详,放置地点\n${Array.from({ length: rows }, (_x, n) =>
      `明德小学,扫描仪,N6310,KILL${n},是,${place}`).join('\n')}\n`
    const made = await desk.look(wang, await desk.bring(wang, 'machine', '多.csv', table('一楼')))
    expect(await desk.write(wang, made, true)).toMatchObject({ counts: { written: rows } })
    const checked = await update(wang, 'machine', '多.csv', table('二楼'))
    expect(checked.counts).toMatchObject({ change: rows, good: 0, bad: 0 })
    const page = await desk.changes(wang, checked)
    expect([page.changes.length, page.more]).toEqual([100, true])
    expect((await desk.changes(wang, checked, page.changes.at(-1)!.line)).changes[0]!.line).toBe(102)
    await desk.served.ask(wang, 'POST', `/api/sheets/${checked.id}/write`, { only_good: true })
    const changed = () => withClient(desk.served.at.database.owner, async (client) => (await client.query(
      `select count(*)::int as all, count(distinct record_id)::int as records from event
        where process = 'machine' and action = 'edit' and input->'place'->>1 = '二楼'`)).rows[0] as { all: number; records: number })
    const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'sheets', 'child.ts'),
      JSON.stringify({ database: desk.served.at.database.app, files: desk.served.folder } satisfies SheetLife)])
    const died = new Promise((resolve) => { child.on('exit', resolve) })
    await expect.poll(async () => (await changed()).all, { timeout: 50_000, interval: 20 }).toBeGreaterThan(0)
    child.kill('SIGKILL')
    await died
    expect((await desk.job(wang, checked.id)).state).toBe('writing')
    expect((await changed()).all).toBeLessThan(rows)
    await withClient(desk.served.at.database.owner, (client) => client.query(
      `update sheet_job set leased_until = '-infinity' where id = $1`, [checked.id]))
    await desk.work()
    expect(await desk.job(wang, checked.id)).toMatchObject({ state: 'done', counts: { changed: rows, refused: 0 } })
    expect(await changed()).toEqual({ all: rows, records: rows })
  }, 180_000)
})
