import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CareCompany, day, openCareCompany } from '../care.ts'
import { monday } from '../company.ts'
import { storyDatabases } from '../databases.ts'

/** Monday 2026-11-23, 10:00 in Shanghai. */
const at10 = monday

describe.each(storyDatabases())('客户服务档案（S1）, on $name', (kind) => {
  let at: CareCompany
  beforeAll(async () => { at = await openCareCompany(kind, 's1') })
  afterAll(() => at.close())

  const paper = async (more: object = {}) => {
    at.app.now = at10
    return (await at.ok(at.engineer, 'draw_up', 'document', null, { customer: await at.customer({ industry: '医疗' }),
      document_kind: 'acceptance_report', title: '长河医院验收报告', document_number: 'YS-2026-031', version: '1.0',
      contract_number: 'HT-2026-018', ...more })).id
  }
  const filing = { filed_place: '3 柜 12 夹', custodian: '彭宇' }
  const filed = async (more: object = {}, how: object = {}) => {
    const id = await paper(more)
    await at.ok(at.engineer, 'sign', 'document', id, { signed_by: '邱工' })
    await at.ok(at.engineer, 'hand_in', 'document', id)
    await at.ok(at.boss, 'file', 'document', id, { ...filing, ...how })
    return id
  }

  test('S1-054 现场文档回来就上交，没有上交的催；交了才轮到归档', async () => {
    const id = await paper()
    await at.refuses('wrong_state', at.boss, 'file', 'document', id, filing)
    await at.until(at10 + 4 * day)
    expect(await at.clock('document', id, 'handing_in')).toMatchObject({ state: 'late' })
    await at.ok(at.engineer, 'hand_in', 'document', id)
    expect(await at.state(id)).toBe('handed_in')
    const unsigned = await paper()
    await at.ok(at.engineer, 'sign', 'document', unsigned, { signed_by: '邱工' })
    await at.until(at10 + 4 * day)
    expect(await at.clock('document', unsigned, 'handing_in')).toMatchObject({ state: 'late' })
  })

  test('S1-046 归档由经理办，上交后三个工作日内', async () => {
    const id = await paper()
    await at.ok(at.engineer, 'hand_in', 'document', id)
    await at.refuses('wrong_role', at.engineer, 'file', 'document', id, filing)
    await at.refuses('filed_place', at.boss, 'file', 'document', id, { custodian: '彭宇' })
    await at.until(at10 + 5 * day)
    expect(await at.clock('document', id, 'filing')).toMatchObject({ state: 'late' })
    await at.ok(at.boss, 'file', 'document', id, filing)
    expect(await at.state(id)).toBe('filed')
  })

  test('S1-051 先留复印件，原件才转交；只有验收报告、签收单、合同可以转', async () => {
    const bare = await filed()
    const handing = { original_holder: '商务部曾丽', transferred_on: '2026-11-25' }
    await at.refuses('copy_is_kept', at.boss, 'transfer', 'document', bare, handing)
    await at.ok(at.boss, 'edit', 'document', bare, { copy_place: [null, '扫描件目录'] })
    await at.refuses('original_holder', at.boss, 'transfer', 'document', bare, { transferred_on: '2026-11-25' })
    await at.ok(at.boss, 'transfer', 'document', bare, handing)
    expect(await at.state(bare)).toBe('transferred')
    const report = await filed({ document_kind: 'service_report' }, { copy_place: '扫描件目录' })
    await at.refuses('may_be_passed_on', at.boss, 'transfer', 'document', report, handing)
  })

  test('S1-053 文件有编号、版本、保管人、保管期；借出有归期，查阅留名', async () => {
    const id = await filed({}, { keep_until: '2036-11-23' })
    expect(await at.values('document', id)).toMatchObject({ document_number: 'YS-2026-031', version: '1.0',
      custodian: '彭宇', keep_until: '2036-11-23' })
    await at.refuses('custodian', at.boss, 'file', 'document', await handedIn(), { filed_place: '1 柜' })
    await at.refuses('borrowed_until_at', at.boss, 'lend', 'document', id, { borrower: '董鹏飞' })
    await at.ok(at.boss, 'lend', 'document', id, { borrower: '董鹏飞', borrowed_until_at: '2026-11-25T18:00:00+08:00' })
    await at.until(at10 + 5 * day)
    expect(await at.clock('document', id, 'loan')).toMatchObject({ state: 'late' })
    await at.ok(at.boss, 'bring_back', 'document', id)
    await at.ok(at.engineer, 'look_at', 'document', id, { note: '查安装参数' })
    await at.ok(at.boss, 'supersede', 'document', id, { reason: '二期重新验收' })
    expect(await at.state(id)).toBe('superseded')
  })

  const handedIn = async () => {
    const id = await paper()
    await at.ok(at.engineer, 'hand_in', 'document', id)
    return id
  }

  test('S1-049 一份文件归在一位客户的一份合同之下，客户不能空', async () => {
    await at.refuses('customer', at.engineer, 'draw_up', 'document', null, { document_kind: 'other', title: '草图' })
    const id = await paper({ contract_number: undefined })
    await at.ok(at.engineer, 'hand_in', 'document', id)
    await at.ok(at.boss, 'file', 'document', id, { ...filing, contract_number: 'HT-2026-018' })
    expect(await at.values('document', id)).toMatchObject({ contract_number: 'HT-2026-018' })
  })

  test('S1-052 文件写明由哪份而来，合同号随前一份', async () => {
    const customer = await at.customer()
    const design = await paper({ customer, document_kind: 'solution_design', contract_number: 'HT-2026-020' })
    const report = await paper({ customer, document_kind: 'installation_report', contract_number: undefined,
      preceding: design })
    expect(await at.values('document', report)).toMatchObject({ preceding: design, contract_number: 'HT-2026-020' })
    await at.refuses('preceding', at.engineer, 'draw_up', 'document', null, { customer, document_kind: 'other', title: '乙',
      preceding: customer })
  })

  test('S1-055 许可资料和光盘副本存进客户的系统档案', async () => {
    const id = await paper({ document_kind: 'license', title: '数据库许可', license_text: 'DB-ENT 8 核',
      medium: '3 柜光盘盒 7' })
    expect(await at.values('document', id)).toMatchObject({ license_text: 'DB-ENT 8 核', medium: '3 柜光盘盒 7' })
  })
})
