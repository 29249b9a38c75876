import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../src/server/context.ts'
import { testDatabases } from './databases.ts'
import { type Desk, openDesk } from './sheets/desk.ts'

/** Columns of our own lists that follow from a record, or belong to its actions: nothing that a sheet brings in. */
const derived = ['事项', '状态', '对客责任人', '处理人', '登记时间', '期限', '结束时间']

/** Of a contact, its customer is named by number: the name beside it is for people. */
const unkept = ['contact 客户名称']

/** What a list gives out is known again, column by column, and is no change. */
describe.each(testDatabases())('our own lists come back, on $name', (kind) => {
  let desk: Desk
  let boss: Actor

  beforeAll(async () => {
    desk = await openDesk(kind)
    boss = await desk.served.at.person('陈经理', 'manager', 'supervisor', 'salesperson')
    const { at } = desk.served
    const clerk = await at.person('许销售', 'salesperson')
    const made = async (process: string, action: string, input: object, id: string | null = null): Promise<string> => {
      const done = await at.act(boss, process, action, id, input)
      if (!done.ok) throw new Error(JSON.stringify(done.refusal))
      return done.id
    }
    const yuanjing = await made('customer', 'register', { customer_kind: 'organisation', name: '远景律师事务所', phone: '020-87583950 转 12',
      short_name: '远景', address: '天河路 1 号, "南塔"', zone: 'city', online_id: '=远景', fax: '02087583951', email: 'A@yuanjing.cn',
      industry: '法律', relation: 'end_customer', grade: 'important', settlement: 'monthly', contract: true, tags: '律所，老客户',
      wishes: '第一行\n第二行', source: '介绍', loyalty: 'loyal', owner: clerk.id, remark: '  前后有空格', contact_name: '张敏',
      contact_phone: '13912340001' })
    await made('customer', 'register', { customer_kind: 'person', name: '王 小明', online_id: '00123' })
    // Two of one name and number: each is itself.
    for (const is_another of [false, true]) {
      await made('customer', 'register', { customer_kind: 'person', name: '李强', phone: '13900001111', is_another })
    }
    await made('customer', 'archive', { reason: '搬走' }, await made('customer', 'register',
      { customer_kind: 'organisation', name: '旧客户', phone: '02011112222' }))
    await made('customer', 'add_contact', { contact_name: '赵琳', contact_phone: '13912340003', contact_phone_2: '020-87583952',
      contact_role: '财务', contact_email: 'zhao@yuanjing.cn', contact_do_not_call: true, contact_note: '周一不在' }, yuanjing)
    const product = await made('product', 'register', { product_kind: 'laser_printer', brand: 'HP', model: 'LaserJet M1136',
      product_number: 'CE849A', warranty_from: 'purchase', warranty_months: 12, list_price_fen: 129_950, new_price_fen: 99_900,
      remark: '停产前' })
    await made('product', 'register', { product_kind: 'other', brand: '得力', model: '33900', warranty_from: 'none' })
    await made('machine', 'register', { customer: yuanjing, product_kind: 'laser_printer', product, serial_number: 'CNB-001',
      purchase_date: '2025-03-01', warranty_until: '2027-02-28', place: '三楼', in_contract: true, configuration: '内存 8G\n硬盘 1T' })
    for (const remark of ['', '同样的一台']) {
      await made('machine', 'register', { customer: yuanjing, product_kind: 'other', model: '不详', serial_note: 'unreadable',
        purchase_unknown: true, remark })
    }
    const twin = await made('machine', 'register', { customer: yuanjing, product_kind: 'scanner', brand: '富士通', model: 'N6310',
      serial_number: '0012', purchase_date: '2024-12-31' })
    await made('machine', 'retire', { reason: '报废' }, twin)
    await made('part', 'register', { part_number: '0012-7577', name: '定影组件', part_kind: 'part', fits: 'M1136、M1213', price_fen: 132_050,
      cost_fen: 80_005, bin: 'A-01', minimum: 2500 })
    await made('part', 'register', { part_number: 'RM1', name: '搓纸轮', part_kind: 'consumable' })
    const drafted = { customer: yuanjing, contract_number: 'HT-2026/7', contract_kind: 'maintenance', starts_on: '2026-01-01',
      ends_on: '2026-12-31', signed_on: '2025-12-20', covers: 'all', commitments: '四小时到场\n八小时修复', payment_terms: '半年一付',
      amount_fen: 3_600_000, renewal: 'talk', price_note: '含税', services: [{ service_class: 'maintenance', includes: ['emergency'],
        parts: 'free', labour: 'free', travel: 'charged', visits: 12 }] }
    await made('contract', 'draft', drafted)
    const second = await made('contract', 'draft', { ...drafted, contract_number: 'HT-2026/8', services: [
      ...drafted.services, { ...drafted.services[0], service_class: 'consulting', includes: [] }] })
    await made('contract', 'submit', {}, second)
    await made('contract', 'approve', {}, second)
    await made('contract', 'abandon', { reason: '不做了' }, await made('contract', 'draft', { ...drafted, contract_number: 'HT-2026/9' }))
  })
  afterAll(() => desk.served.close())

  const rows = { customer: 5, contact: 2, machine: 4, contract: 3, part: 2, product: 2 } as const

  for (const sheet of ['customer', 'contact', 'machine', 'contract', 'part', 'product'] as const) {
    for (const format of ['xlsx', 'csv'] as const) {
      for (const language of ['zh', 'en'] as const) {
        test(`${sheet} as ${format} in ${language}`, async () => {
          const view = ((await desk.served.ask(boss, 'GET', '/api/sheets')).json() as
            { kinds: { kind: string; list: { path: string } }[] }).kinds.find((one) => one.kind === sheet)!
          const file = await desk.served.ask(boss, 'GET', `${view.list.path}?format=${format}`, undefined, { 'accept-language': language })
          const read = await desk.bring(boss, sheet, `清单.${format}`, file.rawPayload)
          expect(read).toMatchObject({ state: 'mapping', rows_total: rows[sheet] })
          if (language === 'zh') {
            const strange = read.columns.filter(({ field, samples }) => field === null && samples.length > 0)
              .map(({ heading }) => heading)
            expect(strange.filter((heading) => !derived.includes(heading) && !unkept.includes(`${sheet} ${heading}`))).toEqual([])
          }
          const checked = await desk.look(boss, read, {}, true)
          expect({ counts: checked.counts, changes: (await desk.changes(boss, checked)).changes,
            faults: (await desk.faults(boss, checked)).faults }).toMatchObject({ counts: { good: 0, change: 0, bad: 0, double: 0,
            there: rows[sheet] }, changes: [], faults: [] })
          const added = await desk.look(boss, await desk.bring(boss, sheet, `清单.${format}`, file.rawPayload))
          if (sheet !== 'contact') expect(added.counts).toMatchObject({ good: 0, bad: 0, there: rows[sheet] })
        })
      }
    }
  }
})

