import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../src/server/context.ts'
import { withClient } from '../src/server/database-roles.ts'
import { sweepSheets } from '../src/server/sheets/worker.ts'
import type { SheetCell } from '../src/server/sheets/xlsx-write.ts'
import { testDatabases } from './databases.ts'
import { type Served, png } from './serve.ts'
import type { SheetLife } from './sheets/child.ts'
import { manySheets } from './sheets/many-sheets.ts'
import { type Desk, openDesk, workbook } from './sheets/desk.ts'

describe.each(testDatabases())('sheets on $name', (kind) => {
  let served: Served
  let wang: Actor
  let zheng: Actor
  let bring: Desk['bring']
  let look: Desk['look']
  let after: Desk['after']
  let write: Desk['write']
  let faults: Desk['faults']
  let count: Desk['count']
  let job: Desk['job']
  let work: Desk['work']

  beforeAll(async () => {
    ({ served, wang, zheng, bring, look, after, write, faults, count, job, work } = await openDesk(kind))
  })
  afterAll(() => served.close())

  test('customers from a table in GBK: columns are guessed, every mistake has its line and column', async () => {
    const table = '客户名称;联系电话;客户类型;邮箱\r远景律师事务所;020-87583950;单位;a@yuanjing.cn\r'
      + '明德小学;电话不详;单位;\r宏达印刷;13900001111;公司;b@x\r'
    const gbk = Buffer.from(new Uint8Array(encodeGbk(table)))
    const read = await bring(wang, 'customer', '客户.csv', gbk)
    expect(read).toMatchObject({ state: 'mapping', rows_total: 3 })
    expect(read.columns.map(({ field }) => field)).toEqual(['name', 'phone', 'customer_kind', 'email'])
    const checked = await look(wang, read)
    expect(checked).toMatchObject({ state: 'checked', counts: { good: 1, bad: 2, there: 0 } })
    const { faults: found } = await faults(wang, checked)
    expect(found.map(({ line, problems }) => [line, problems.map(({ heading, value }) => [heading, value])])).toEqual([
      [3, [['联系电话', '电话不详']]], [4, [['客户类型', '公司'], ['邮箱', 'b@x']]]])
    expect(found[0]!.problems[0]!.message).toBe('电话不像电话号码')
    // All or none: nothing while something is wrong.
    const refused = await served.ask(wang, 'POST', `/api/sheets/${checked.id}/write`, { only_good: false })
    expect(refused.statusCode).toBe(422)
    expect(await count('customer')).toBe(0)
    expect(await write(wang, checked, true)).toMatchObject({ state: 'done', counts: { written: 1, bad: 2 } })
    expect(await count('customer')).toBe(1)
  })

  test('the rows at fault come back as a workbook; corrected and loaded again they are all there is', async () => {
    const read = await bring(wang, 'customer', '客户.csv', '名称,电话,客户类别\n明德小学,不详,单位\n明德小学,02011112222,学校\n')
    const checked = await look(wang, read, { })
    expect(checked.counts).toMatchObject({ good: 0, bad: 2 })
    const file = await served.ask(wang, 'GET', `/api/sheets/${checked.id}/faults-file`)
    const again = await bring(wang, 'customer', '客户-问题.xlsx', file.rawPayload)
    expect(again.columns.map(({ heading, field }) => [heading, field])).toEqual([['行号', null], ['问题', null],
      ['名称', 'name'], ['电话', 'phone'], ['客户类别', 'customer_kind']])
    // What nobody knows takes what was said for the rest; what is wrong stays wrong.
    const second = await look(wang, again, { customer_kind: '单位' })
    expect(second.counts).toMatchObject({ good: 1, bad: 1 })
  })

  test('machines name their customer by name or number; the same file twice changes nothing', async () => {
    const rows = (serial: (n: number) => string) => [['客户', '设备类型', '品牌', '型号', 'SN', '购机日期', '部门'],
      ...Array.from({ length: 30 }, (_x, n) => ['远景律师事务所', '激光打印机', 'HP', 'LaserJet M1136', serial(n),
        { date: '2025-03-01' } as SheetCell, '三楼']),
      ['查无此人', '激光打印机', 'HP', 'M1136', 'XX1', { date: '2025-03-01' } as SheetCell, '']]
    const content = await workbook(rows((n) => `CNB8K${10_000 + n}`))
    const checked = await look(wang, await bring(wang, 'machine', '机器.xlsx', content))
    expect(checked.counts).toMatchObject({ good: 30, bad: 1 })
    expect((await faults(wang, checked)).faults[0]!.problems[0]!.message).toBe('没有找到这个客户，请先登记或改填编号')
    expect(await write(wang, checked, true)).toMatchObject({ state: 'done', counts: { written: 30 } })
    const [first] = (await served.ask(wang, 'GET', '/api/machine?sort=opened&limit=1&fields=serial_number,purchase_date'))
      .json().rows
    expect(first).toMatchObject({ title: 'HP LaserJet M1136 CNB8K10000', customer: { name: '远景律师事务所' },
      values: { purchase_date: '2025-03-01' } })
    const events = (await served.ask(wang, 'GET', `/api/machine/${first.id}`)).json().events
    expect(events[0]).toMatchObject({ via: 'import', who: { name: '王协调' }, action: 'register' })
    const second = await look(wang, await bring(wang, 'machine', '机器.xlsx', content))
    expect(second.counts).toMatchObject({ good: 0, there: 30, bad: 1 })
    expect(await count('machine')).toBe(30)
    // Somebody else with the same rows in another order and file: the machines are known by their serial numbers.
    const boss = await served.at.person('陈经理', 'manager')
    const third = await look(boss, await bring(boss, 'machine', '另一份.xlsx', await workbook(rows((n) => `cnb8k${10_029 - n}`))))
    expect(third.counts).toMatchObject({ good: 0, there: 30, bad: 1 })
  })

  test('doubled rows are counted, rows that contradict each other are refused, machines without a number are several', async () => {
    const table = [['客户', '产品类别', '型号', '序列号', '序列号说明', '购买日期不详'],
      ['远景律师事务所', '扫描仪', 'N6310', 'D1', '', '是'], ['远景律师事务所', '扫描仪', 'N6310', 'D1', '', '是'],
      ['远景律师事务所', '其他', 'N6310', 'd1', '', '是'], ['远景律师事务所', '其他', '碎纸机', '', '无序列号', '是'],
      ['远景律师事务所', '其他', '碎纸机', '', '无序列号', '是']]
    const checked = await look(wang, await bring(wang, 'machine', '机.xlsx', await workbook(table)))
    expect(checked.counts).toMatchObject({ good: 3, double: 1, bad: 1 })
    expect((await faults(wang, checked)).faults[0]!.problems[0]!.message).toBe('和第 2 行是同一个，内容却不同')
    expect((await write(wang, checked, true)).counts).toMatchObject({ written: 3 })
    const again = await look(wang, await bring(wang, 'machine', '机.xlsx', await workbook(table)))
    expect(again.counts).toMatchObject({ good: 0, there: 3 })
  })

  test('parts, then their opening stock; nobody brings in what they may not do', async () => {
    const parts = await look(zheng, await bring(zheng, 'part', '备件.csv', '料号\t品名\t类别\t单价\nRM1-7577\t定影组件\t备件\t¥1,320.50\n'))
    expect(parts.counts).toMatchObject({ good: 1 })
    expect((await write(zheng, parts, false)).state).toBe('done')
    const stock = '料号,数量\nrm1-7577,2.5\n'
    const opened = await look(zheng, await bring(zheng, 'stock', '库存.csv', stock))
    expect(opened.label).toBe('备件：其他入库')
    expect(await write(zheng, opened, false)).toMatchObject({ state: 'done', counts: { written: 1 } })
    const again = await look(zheng, await bring(zheng, 'stock', '库存.csv', stock))
    expect(again.counts).toMatchObject({ good: 0, there: 1 })
    const [row] = (await served.ask(zheng, 'GET', '/api/part?fields=price_fen')).json().rows
    expect(row.values).toEqual({ price_fen: 132_050 })
    const engineer = await served.at.person('李工', 'bench_engineer')
    const file = (await served.upload(engineer, '备件.csv', '料号,品名\nA,B\n')).json() as { id: string }
    expect((await served.ask(engineer, 'POST', '/api/sheets', { kind: 'part', file: file.id })).statusCode).toBe(403)
    expect((await served.ask(engineer, 'GET', `/api/sheets/${parts.id}`)).statusCode).toBe(404)
  })

  test('products by what tells them apart; machines name their product, and what their form leaves open is as it says', async () => {
    const table = '产品类别,品牌,型号,保修起算,保修月数,原价\n激光打印机,奔图,P2500,购买日期,12,¥899.00\n'
      + '激光打印机,奔图,p 2500,购买日期,12,¥899.00\n扫描仪,方正,Z60,不保修,,\n扫描仪,方正,Z70,购买日期,,\n'
    const checked = await look(wang, await bring(wang, 'product', '产品.csv', table))
    expect(checked.columns.map(({ field }) => field)).toEqual(['product_kind', 'brand', 'model', 'warranty_from', 'warranty_months',
      'list_price_fen'])
    expect(checked.counts).toMatchObject({ good: 2, bad: 2 })
    expect((await faults(wang, checked)).faults.map(({ line, problems }) => [line, problems.map(({ field }) => field)]))
      .toEqual([[3, ['model']], [5, ['warranty_months']]])
    expect(await write(wang, checked, true)).toMatchObject({ state: 'done', counts: { written: 2 } })
    const again = await look(wang, await bring(wang, 'product', '产品.csv', table))
    expect(again.counts).toMatchObject({ good: 0, there: 2 })
    // What the list gives out is taken in again, and is nothing new.
    const out = await served.ask(wang, 'GET', '/api/product/export?format=xlsx')
    const back = await look(wang, await bring(wang, 'product', '产品清单.xlsx', out.rawPayload))
    expect(back.counts, JSON.stringify(back.columns)).toMatchObject({ good: 0, there: 2, bad: 0 })
    const machines = await look(wang, await bring(wang, 'machine', '机.csv',
      '客户,产品类别,产品,SN,购买日期\n远景律师事务所,激光打印机,P2500,PT01,2025-05-01\n'))
    expect(await write(wang, machines, false)).toMatchObject({ state: 'done', counts: { written: 1 } })
    const [machine] = (await served.ask(wang, 'GET', '/api/machine?sort=-opened&limit=1&fields=brand,model')).json().rows
    expect(machine).toMatchObject({ title: '奔图 P2500 PT01', values: { brand: '奔图', model: 'P2500' } })
  })

  test('contracts come as drafts, the line of services in the same row; what is wrong with it has its column', async () => {
    const head = '客户,合同号,合同类别,服务开始,服务截止,服务范畴,包含,备件,人工,上门交通,上门次数,覆盖范围,服务承诺,付款方式,合同金额,到期后'
    const line = (number: string, end: string, service: string, includes: string, parts: string) =>
      `远景律师事务所,${number},维护服务合同,2026-01-01,${end},${service},${includes},${parts},免费,收费,12,客户的全部机器,四小时到场,`
      + '半年一付,"¥36,000.00",商谈续签'
    const table = [head, line('HT-2026/7', '2026-12-31', '现场维护服务', '突发响应现场修复、服务例检', '免费'),
      line('HT-2026/8', '2026-12-31', '现场维护服务', '', '半价'), line('HT-2026/9', '2026-12-31', '', '', '')].join('\n')
    const read = await bring(wang, 'contract', '合同.csv', table)
    expect(read.columns.map(({ field }) => field)).toEqual(['customer', 'contract_number', 'contract_kind', 'starts_on', 'ends_on',
      'services.service_class', 'services.includes', 'services.parts', 'services.labour', 'services.travel', 'services.visits',
      'covers', 'commitments', 'payment_terms', 'amount_fen', 'renewal'])
    expect(read.fields.find(({ name }) => name === 'services.parts')).toMatchObject({ label: '备件', options: { free: '免费' } })
    const checked = await look(wang, read)
    expect(checked.counts).toMatchObject({ good: 1, bad: 2 })
    expect((await faults(wang, checked)).faults.map(({ line: at, problems }) =>
      [at, problems.map(({ heading, value }) => [heading, value])])).toEqual([
      [3, [['备件', '半价']]], [4, [['服务范畴', '']]]])
    expect(await write(wang, checked, true)).toMatchObject({ state: 'done', counts: { written: 1 } })
    const [row] = (await served.ask(wang, 'GET', '/api/contract?fields=contract_number,ends_on')).json().rows
    expect(row).toMatchObject({ state: { name: 'draft' }, values: { contract_number: 'HT-2026/7', ends_on: '2026-12-31' } })
    const { values } = (await served.ask(wang, 'GET', `/api/contract/${row.id}`)).json()
    expect(values).toMatchObject({ services: [{ service_class: 'maintenance', includes: ['emergency', 'inspection'],
      parts: 'free', labour: 'free', travel: 'charged', visits: 12, calendar: 'office' }] })
    const again = await look(wang, await bring(wang, 'contract', '合同.csv', table))
    expect(again.counts).toMatchObject({ good: 0, there: 1 })
    const out = (await served.ask(wang, 'GET', '/api/contract/export?format=csv')).body
    expect(out).toContain('HT-2026/7')
    const boss = await served.at.person('周经理', 'manager')
    expect((await served.ask(boss, 'GET', '/api/contract/export?format=csv')).body).toContain('36000')
    // An engineer takes the action as little by sheet as by form.
    const engineer = await served.at.person('钱工', 'bench_engineer')
    const file = (await served.upload(engineer, '合同.csv', table)).json() as { id: string }
    expect((await served.ask(engineer, 'POST', '/api/sheets', { kind: 'contract', file: file.id })).statusCode).toBe(403)
  })

  test('contacts of one customer come one after the other', async () => {
    const table = '客户,姓名,手机\n远景律师事务所,张敏,13912340001\n远景律师事务所,李强,13912340002\nKH-00001,赵琳,13912340003\n'
    const checked = await look(wang, await bring(wang, 'contact', '人.csv', table))
    expect(checked.columns.map(({ field }) => field)).toEqual(['$record', 'contact_name', 'contact_phone'])
    expect(await write(wang, checked, false)).toMatchObject({ state: 'done', counts: { written: 3 } })
    const [customer] = (await served.ask(wang, 'GET', '/api/customer?number=KH-00001')).json().rows
    expect(customer.seq).toBe(4)
  })

  test('all or none: where somebody was quicker with one row nothing is written, and the rows are looked at again', async () => {
    const table = [['客户', '产品类别', '型号', '序列号', '购买日期不详'],
      ...['E1', 'E2', 'E3'].map((serial) => ['KH-00001', '扫描仪', 'N6310', serial, '是'])]
    const checked = await look(wang, await bring(wang, 'machine', '机.xlsx', await workbook(table)))
    expect(checked.counts).toMatchObject({ good: 3 })
    const [customer] = (await served.ask(wang, 'GET', '/api/customer?number=KH-00001')).json().rows
    await served.at.act(wang, 'machine', 'register', null, { customer: customer.id, product_kind: 'scanner', model: 'N6310',
      serial_number: 'E3', purchase_unknown: true })
    const before = await count('machine')
    const stopped = await write(wang, checked, false)
    expect(stopped).toMatchObject({ state: 'checked', counts: { written: 0, good: 2, there: 1 } })
    expect(stopped.problem).toContain('什么都没有写入')
    expect(await count('machine')).toBe(before)
  })

  test('many blocks: one goes row by row for the sake of one row that is refused, the others wait for it', async () => {
    const table = [['客户', '产品类别', '型号', '序列号', '购买日期不详'],
      ...Array.from({ length: 1700 }, (_x, n) => ['KH-00001', '扫描仪', 'N6310', `B${n}`, '是'])]
    const checked = await look(wang, await bring(wang, 'machine', '块.xlsx', await workbook(table)))
    expect(checked.counts).toMatchObject({ good: 1700 })
    const [customer] = (await served.ask(wang, 'GET', '/api/customer?number=KH-00001')).json().rows
    await served.at.act(wang, 'machine', 'register', null, { customer: customer.id, product_kind: 'scanner', model: 'N6310',
      serial_number: 'B620', purchase_unknown: true })
    const before = await count('machine')
    expect(await write(wang, checked, true)).toMatchObject({ state: 'done', seen: 1700, counts: { written: 1699, refused: 1 } })
    expect((await faults(wang, checked)).faults.map(({ line }) => line)).toEqual([622])
    expect(await count('machine')).toBe(before + 1699)
    // Numbers follow the lines, block after block.
    const numbers = await withClient(served.at.database.owner, async (client) => (await client.query(`select m.serial_key as serial
      from machine m join record r on r.company_id = m.company_id and r.id = m.id where m.serial_key ~ '^B[0-9]+$' and
      m.serial_key <> 'B620' order by length(r.number), r.number`)).rows.map(({ serial }) => Number(serial.slice(1))))
    expect(numbers).toEqual(Array.from({ length: 1700 }, (_x, n) => n).filter((n) => n !== 620))
  }, 60_000)

  test('of two rows in neighbouring blocks that are one customer under two numbers the second is refused', async () => {
    const name = (n: number) => (n === 499 || n === 500 ? '跨块公司' : `块客户${n}`)
    const table = [['名称', '电话', '客户类别', '联系人', '联系人手机'], ...Array.from({ length: 700 }, (_x, n) =>
      [name(n), `020-8${1_000_000 + n}`, '单位', '张敏', n === 499 || n === 500 ? '13912349999' : `139${10_000_000 + n}`])]
    const checked = await look(wang, await bring(wang, 'customer', '跨块.xlsx', await workbook(table)))
    expect(checked.counts).toMatchObject({ good: 700 })
    expect(await write(wang, checked, true)).toMatchObject({ state: 'done', counts: { written: 699, refused: 1 } })
    expect((await faults(wang, checked)).faults.map(({ line }) => line)).toEqual([502])
  }, 60_000)

  test('called off in the middle: what is written stays, whole blocks of it, and the rest is not', async () => {
    const table = [['客户', '产品类别', '型号', '序列号', '购买日期不详'],
      ...Array.from({ length: 6000 }, (_x, n) => ['KH-00001', '扫描仪', 'N6310', `OFF${n}`, '是'])]
    const checked = await look(wang, await bring(wang, 'machine', '停.xlsx', await workbook(table)))
    const before = await count('machine')
    await served.ask(wang, 'POST', `/api/sheets/${checked.id}/write`, { only_good: true })
    const working = work()
    await expect.poll(async () => (await job(wang, checked.id)).seen, { timeout: 30_000, interval: 10 }).toBeGreaterThan(0)
    expect((await served.ask(wang, 'POST', `/api/sheets/${checked.id}/cancel`)).json()).toMatchObject({ state: 'cancelled' })
    await working
    const { seen, state } = await job(wang, checked.id)
    expect(state).toBe('cancelled')
    expect(seen).toBeLessThan(6000)
    expect(await count('machine')).toBe(before + seen)
  }, 60_000)

  test('called off, and files that are no tables', async () => {
    const read = await bring(wang, 'customer', '客户.csv', '名称,电话\n一,020\n')
    const off = await served.ask(wang, 'POST', `/api/sheets/${read.id}/cancel`)
    expect(off.json()).toMatchObject({ state: 'cancelled' })
    expect((await served.ask(wang, 'POST', `/api/sheets/${read.id}/fields`, { fields: ['name', 'phone'] })).statusCode).toBe(409)
    const broken = await workbook([['名称']])
    const bytes = Buffer.concat([broken.subarray(0, -560), Buffer.alloc(40, 0xff), broken.subarray(-520)])
    const torn = await bring(wang, 'customer', '坏.xlsx', bytes)
    expect(torn).toMatchObject({ state: 'failed' })
    expect(torn.problem).toContain('打不开')
    const picture = (await served.upload(wang, 'a.png', png)).json() as { id: string }
    const refused = await served.ask(wang, 'POST', '/api/sheets', { kind: 'customer', file: picture.id })
    expect(refused.statusCode).toBe(422)
    expect(refused.json().error.fields[0].code).toBe('file_not_allowed')
  })

  test('of a workbook with several sheets one is chosen; empty and hidden ones are not offered', async () => {
    const head = ['名称', '电话', '客户类别']
    const content = manySheets([{ name: '说明', rows: [['', '']] }, { name: '单位', rows: [head, ['天河中学', '02088990021', '单位']] },
      { name: '旧表', rows: [head, ['旧客户', '02088990022', '单位']], hidden: true }, { name: '空', rows: [] },
      { name: '个人', rows: [['姓名', '手机'], ['周小红', '13912345001'], ['周小明', '13912345002']] }])
    const read = await bring(wang, 'customer', '客户.xlsx', content)
    expect(read).toMatchObject({ state: 'mapping', sheets: ['单位', '个人'], sheet: '单位', rows_total: 1 })
    const wrong = await served.ask(wang, 'POST', `/api/sheets/${read.id}/sheet`, { sheet: '旧表' })
    expect(wrong.json().error.fields[0]).toMatchObject({ field: 'sheet', code: 'not_an_option' })
    const other = await after(wang, read, 'sheet', { sheet: '个人' })
    expect(other).toMatchObject({ state: 'mapping', sheet: '个人', sheets: ['单位', '个人'], rows_total: 2 })
    expect(other.columns.map(({ heading, field }) => [heading, field])).toEqual([['姓名', 'name'], ['手机', 'phone']])
    const checked = await look(wang, other, { customer_kind: '个人' })
    expect(await write(wang, checked, false)).toMatchObject({ state: 'done', counts: { written: 2 } })
    // Of one sheet there is nothing to choose.
    expect((await bring(wang, 'customer', '一张.xlsx', await workbook([head]))).sheets).toHaveLength(1)
  })

  test('a node that is killed in the middle: another goes on, and every row is there once', async () => {
    const rows = 4000
    const table = `客户,产品类别,型号,SN,购买日期不详\n${Array.from({ length: rows }, (_x, n) =>
      `KH-00001,扫描仪,N6310,KILL${n},是`).join('\n')}\n`
    const checked = await look(wang, await bring(wang, 'machine', '多.csv', table))
    const before = await count('machine')
    await served.ask(wang, 'POST', `/api/sheets/${checked.id}/write`, { only_good: true })
    const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'sheets', 'child.ts'),
      JSON.stringify({ database: served.at.database.app, files: served.folder } satisfies SheetLife)])
    const died = new Promise((resolve) => { child.on('exit', resolve) })
    await expect.poll(() => count('machine'), { timeout: 50_000, interval: 20 }).toBeGreaterThan(before)
    child.kill('SIGKILL')
    await died
    const half = await job(wang, checked.id)
    expect(half.state).toBe('writing')
    expect(half.counts.written).toBe(0)
    expect(await count('machine')).toBeLessThan(before + rows)
    // The lease of the dead ends by itself; then whoever looks goes on.
    await withClient(served.at.database.owner, (client) => client.query(
      `update sheet_job set leased_until = '-infinity' where id = $1`, [checked.id]))
    await work()
    expect(await job(wang, checked.id)).toMatchObject({ state: 'done', counts: { written: rows } })
    expect(await count('machine')).toBe(before + rows)
  }, 180_000)

  test('a week after the end the rows are gone, the job is not', async () => {
    served.at.app.now += 8 * 86_400_000
    expect(await sweepSheets(served.at.app)).toBeGreaterThan(0)
    const left = await withClient(served.at.database.owner, (client) => client.query(`select count(*)::int as rows,
      (select count(*)::int from sheet_job where ended_at is not null) as jobs from sheet_row r
      join sheet_job j on j.company_id = r.company_id and j.id = r.job where j.ended_at is not null`))
    expect(left.rows[0]).toMatchObject({ rows: 0 })
    expect(left.rows[0].jobs).toBeGreaterThan(5)
    served.at.app.now -= 8 * 86_400_000
  })
})

/** GB 18030 of the characters that the decoder knows: its table is read backwards. */
function encodeGbk(text: string): number[] {
  const table = new Map<string, [number, number]>()
  const decoder = new TextDecoder('gb18030')
  for (let lead = 0x81; lead <= 0xfe; lead += 1) {
    for (let trail = 0x40; trail <= 0xfe; trail += 1) {
      if (trail !== 0x7f) table.set(decoder.decode(new Uint8Array([lead, trail])), [lead, trail])
    }
  }
  return [...text].flatMap((one) => (one.charCodeAt(0) < 0x80 ? [one.charCodeAt(0)] : table.get(one)!))
}
