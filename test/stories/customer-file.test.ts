import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CareCompany, day, openCareCompany } from '../care.ts'
import { monday } from '../company.ts'
import { storyDatabases } from '../databases.ts'

describe.each(storyDatabases())('客户档案, on $name', (kind) => {
  let at: CareCompany
  beforeAll(async () => { at = await openCareCompany(kind, 's3') })
  afterAll(() => at.close())

  const query = <R>(text: string, ...values: unknown[]) =>
    at.db.read(at.company.id, (reader) => reader.query<R>({ text, values }))
  const contacts = (id: string) => query<{ id: string; name: string | null; phones: string[]; active: boolean }>(
    'select id, name, phones, active from contact where customer = $1 order by born_seq', id)
  const told = (id: string) => query<{ action: string; input: Record<string, unknown> }>(
    'select action, input from event where record_id = $1 order by seq', id)

  test('S3-006 客户按行业和等级分类；一年没有核对的档案算过期，核对一次再算一年', async () => {
    at.app.now = monday
    await at.refuses('grade', at.desk, 'register', 'customer', null, { customer_kind: 'organisation', name: '甲', phone:
      '0755-1', grade: 'gold' })
    const id = await at.customer({ industry: '政府', relation: 'end_customer', grade: 'important', tags: '试点' })
    expect(await at.values('customer', id)).toMatchObject({ industry: '政府', grade: 'important',
      confirmed_on: '2026-11-23' })
    await at.until(monday + 366 * day)
    expect(await at.clock('customer', id, 'confirm')).toMatchObject({ state: 'late' })
    await at.refuses('checked', at.desk, 'confirm_file', 'customer', id, {})
    await at.ok(at.engineer, 'confirm_file', 'customer', id, { checked: true })
    expect(await at.values('customer', id)).toMatchObject({ confirmed_on: '2027-11-24' })
    expect(await at.clock('customer', id, 'confirm')).toMatchObject({ state: 'running' })
  })

  test('S3-023 一年没有往来记为流失，开一条挽回待办；挽回以后三个月恢复', async () => {
    at.app.now = monday
    const id = await at.customer()
    const busy = await at.customer()
    await at.until(monday + 200 * day)
    const call = await at.ok(at.desk, 'create', 'task', null, { title: '回电', parent: busy })
    expect(await query('select customer from record where id = $1', call.id)).toEqual([{ customer: busy }])
    await at.until(monday + 366 * day)
    expect(await at.state(id)).toBe('lost')
    expect(await at.children(id, 'task')).toMatchObject([{ team: 'salesperson', customer: id }])
    expect(await at.state(busy)).toBe('active')
    expect(await at.clock('customer', busy, 'silence')).toMatchObject({ state: 'running' })
    await at.refuses('how', at.sales, 'win_back', 'customer', id, {})
    await at.ok(at.sales, 'win_back', 'customer', id, { how: '上门演示新版，恢复续费' })
    expect(await at.state(id)).toBe('regained')
    await at.until(monday + (366 + 93) * day)
    expect(await at.state(id)).toBe('active')
    await at.until(monday + (200 + 367) * day)
    expect(await at.state(busy)).toBe('lost')
  })

  test('人也可以判断流失；流失的客户照样登记单据', async () => {
    at.app.now = monday
    const id = await at.customer()
    await at.refuses('wrong_role', at.engineer, 'mark_lost', 'customer', id, { reason: '改用别家' })
    await at.ok(at.desk, 'mark_lost', 'customer', id, { reason: '改用别家' })
    await at.ok(at.desk, 'register', 'machine', null, { customer: id, product_kind: 'other', model: '签章 KEY',
      serial_note: 'none', purchase_unknown: true })
  })

  test('几个地点，各有地址、坐标和地区；停用的客户不再添', async () => {
    at.app.now = monday
    const id = await at.customer()
    const site = { customer: id, name: '二期机房', address: '科技路 9 号', zone: 'other', coordinates: '113.3245，23.1067' }
    await at.refuses('coordinates', at.desk, 'register', 'site', null, { ...site, coordinates: '在桥头' })
    const made = await at.ok(at.engineer, 'register', 'site', null, site)
    expect(await query('select latitude, longitude from site where id = $1', made.id))
      .toEqual([{ latitude: 23.1067, longitude: 113.3245 }])
    await at.ok(at.engineer, 'edit', 'site', made.id, { coordinates: [site.coordinates, null] })
    expect(await query('select latitude, longitude from site where id = $1', made.id))
      .toEqual([{ latitude: null, longitude: null }])
    await at.ok(at.desk, 'archive', 'customer', id, { reason: '停业' })
    await at.refuses('customer', at.desk, 'register', 'site', null, site)
  })

  test('一位联系人要求删除：他的姓名电话从档案和经过里抹去，别人的留着', async () => {
    at.app.now = monday
    const id = await at.customer({ contact_name: '季科长', contact_phone: '13500000501' })
    await at.ok(at.desk, 'add_contact', 'customer', id, { contact_name: '祝主任', contact_phone: '13500000502',
      contact_phone_2: '0755-1234567', contact_phone_3: '0755-7654321', contact_email: 'zhu@example.com' })
    const [ji, zhu] = await contacts(id)
    expect(zhu!.phones).toEqual(['13500000502', '07551234567', '07557654321'])
    await at.ok(at.desk, 'change_contact', 'customer', id, { contact: zhu!.id, contact_name: '祝处长',
      contact_phone: '13500000502' })
    const erase = { contact: zhu!.id, reason: '本人要求' }
    await at.refuses('wrong_role', at.boss, 'erase_contact', 'customer', id, erase)
    await at.refuses('reason', at.admin, 'erase_contact', 'customer', id, { contact: zhu!.id })
    await at.ok(at.admin, 'erase_contact', 'customer', id, erase)
    expect(await contacts(id)).toMatchObject([{ id: ji!.id, name: '季科长', active: true },
      { id: zhu!.id, name: null, phones: [], active: false }])
    const events = await told(id)
    expect(JSON.stringify(events)).not.toMatch(/祝|13500000502|07551234567|7654321|zhu@/)
    expect(events[0]!.input).toMatchObject({ contact_name: '季科长' })
    expect(events.map(({ action }) => action)).toEqual(['register', 'add_contact', 'change_contact', 'erase_contact'])
    const other = await at.customer()
    await at.refuses('contact', at.admin, 'erase_contact', 'customer', other, { contact: ji!.id, reason: '错了' })
  })

  test('并入另一客户：地点、机器和在办单据跟过去，历史留下，抹去联系人也抹得到旧档', async () => {
    at.app.now = monday
    const from = await at.customer({ contact_name: '贾老师', contact_phone: '13500000777' })
    const into = await at.customer()
    const site = await at.ok(at.desk, 'register', 'site', null, { customer: from, name: '分部' })
    const visit = await at.ok(at.desk, 'create', 'task', null, { title: '回电', parent: from })
    await at.ok(at.desk, 'merge_into', 'customer', from, { into })
    expect(await query('select customer from record where id = any($1)', [site.id, visit.id]))
      .toEqual([{ customer: into }, { customer: into }])
    expect(await at.state(from)).toBe('merged')
    const [jia] = await contacts(into)
    await at.ok(at.admin, 'erase_contact', 'customer', into, { contact: jia!.id, reason: '本人要求' })
    expect(JSON.stringify(await told(from))).not.toMatch(/贾老师|13500000777/)
    expect((await told(from)).map(({ action }) => action)).toEqual(['register', 'merge_into'])
  })

  test('S3-011 只有评定过的人能评重点客户', async () => {
    at.app.now = monday
    const id = await at.customer()
    await at.refuses('wrong_role', at.engineer, 'set_grade', 'customer', id, { grade: 'key' })
    await at.ok(at.boss, 'set_grade', 'customer', id, { grade: 'key' })
    expect(await at.values('customer', id)).toMatchObject({ grade: 'key' })
  })
})
