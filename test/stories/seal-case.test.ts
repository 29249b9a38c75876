import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { monday } from '../company.ts'
import { type Contracts, done, openContracts } from '../contracts.ts'
import { storyDatabases } from '../databases.ts'

const day = 86_400_000

/** The report of the tests is of Monday 2026-11-23. */
describe.each(storyDatabases())('硬件处理单 on $name', (kind) => {
  let all: Contracts
  let product: string

  beforeAll(async () => {
    all = await openContracts(kind, 's3')
    product = done(await all.act(all.desk, 'product', 'register', null, { product_kind: 'seal', brand: '信印',
      model: '签章 KEY', warranty_from: 'application', warranty_months: 36, list_price_fen: 20_000,
      new_price_fen: 30_000 })).id
  })
  afterAll(() => all.at.close())

  let seals = 0
  const seal = (application_date: string | undefined, more: object = {}) => all.machine({ product_kind: 'seal', product,
    brand: undefined, model: undefined, key_number: `KEY-${seals += 1}`, application_date,
    ...(application_date && { purchase_unknown: undefined }), ...more })
  const open = async (machine: string, more: object = {}) => done(await all.act(all.desk, 'seal_case', 'open', null,
    { machine, symptom: '插上没有反应', ...more })).id
  const judge = (id: string, form: object) => all.act(all.desk, 'seal_case', 'judge', id, { chip_unusable: true, ...form })
  const judged = async (application_date: string | undefined, form: object = {}) => {
    const id = await open(await seal(application_date))
    done(await judge(id, form))
    return id
  }
  const row = (id: string) => all.row('seal_case', id)
  const proceed = (id: string) => all.act(all.desk, 'seal_case', 'proceed', id)

  test('only a seal of the register is taken, and it brings its customer along', async () => {
    const server = await all.machine()
    expect(await all.act(all.desk, 'seal_case', 'open', null, { machine: server, symptom: '坏了' })).toMatchObject({
      refusal: { code: 'bad_input', fields: [{ field: 'machine', code: 'not_an_option' }] } })
    const id = await open(await seal('2025-01-01'))
    expect(await row(id)).toMatchObject({ customer: all.customer, reported_on: '2026-11-23', state: 'waiting_check' })
  })

  test.each(['shell_deformed', 'shell_cracked', 'plug_broken', 'water_inside', 'mist_inside'])(
    'S3-052 有迹象 %s 且芯片不能用的判人为损坏', async (sign) => {
      const id = await judged('2025-01-01', { signs: [sign] })
      expect(await row(id)).toMatchObject({ verdict: 'man_made', price_kind: 'new', signs: [sign] })
    })

  test('S3-052 芯片能不能用必须回答；还能用的不算硬件损坏，只记下迹象', async () => {
    const id = await open(await seal('2025-01-01'))
    expect(await all.act(all.desk, 'seal_case', 'judge', id, { signs: ['shell_cracked'] })).toMatchObject({
      refusal: { code: 'bad_input', fields: [{ field: 'chip_unusable', code: 'required' }] } })
    expect(done(await judge(id, { signs: ['shell_cracked'], chip_unusable: false })).state).toBe('usable')
    expect(await row(id)).toMatchObject({ verdict: 'usable', price_kind: null, signs: ['shell_cracked'] })
  })

  test('S3-052 其他迹象要写明，并有第二个人复核', async () => {
    const id = await open(await seal('2025-01-01'))
    expect(await judge(id, { signs: ['other'] })).toMatchObject({ refusal: { fields: [
      { field: 'other_sign', code: 'required' }, { field: 'second_checker', code: 'required' }] } })
    done(await judge(id, { signs: ['other'], other_sign: '有烧焦味', second_checker: all.quality.id }))
    expect(await row(id)).toMatchObject({ verdict: 'man_made' })
  })

  test('S3-053 没有迹象的就是自然损坏；与推算不同的要写改判原因', async () => {
    const id = await judged('2025-01-01')
    expect(await row(id)).toMatchObject({ verdict: 'natural', price_kind: 'free' })
    expect(await judge(id, { signs: ['mist_inside'], verdict: 'natural' })).toMatchObject({
      refusal: { fields: [{ field: 'overruled_because', code: 'required' }] } })
    done(await judge(id, { signs: ['mist_inside'], verdict: 'natural', overruled_because: '水雾来自快递途中' }))
    expect(await row(id)).toMatchObject({ verdict: 'natural', price_kind: 'free' })
  })

  test('S3-055 保修三年从申请日起算：最后一天免费，后一天收费', async () => {
    const last = await judged('2023-11-23')
    expect(await row(last)).toMatchObject({ warranty_until: '2026-11-23', price_kind: 'free' })
    expect(done(await proceed(last)).state).toBe('making')
    expect(await row(last)).toMatchObject({ price_fen: 0 })
    const after = await judged('2023-11-22')
    expect(await row(after)).toMatchObject({ warranty_until: '2026-11-22', price_kind: 'list' })
    expect(done(await proceed(after)).state).toBe('waiting_answer')
  })

  test('保修按报修那天判断，不按收到那天；将来的日子不收', async () => {
    const id = await open(await seal('2023-11-21'), { reported_on: '2026-11-20' })
    done(await judge(id, {}))
    expect(await row(id)).toMatchObject({ warranty_until: '2026-11-21', price_kind: 'free' })
    expect(await all.act(all.desk, 'seal_case', 'open', null, { machine: await seal('2023-11-21'), symptom: '坏了',
      reported_on: '2026-11-24' })).toMatchObject({ refusal: { fields: [{ field: 'reported_on' }] } })
  })

  test('申请日不详的先补登，才能往下办', async () => {
    const machine = await seal(undefined)
    const id = await open(machine)
    done(await judge(id, {}))
    expect(await proceed(id)).toMatchObject({ refusal: { code: 'guard', guard: 'is_judged' } })
    done(await all.act(all.desk, 'machine', 'edit', machine, { application_date: [null, '2024-01-01'] }))
    done(await judge(id, {}))
    expect(done(await proceed(id)).state).toBe('making')
  })

  test('S3-054 人为损坏在保修期内也按新办理价；客户不要就退还原件', async () => {
    const id = await judged('2025-01-01', { signs: ['water_inside'] })
    expect(done(await proceed(id)).state).toBe('waiting_answer')
    expect(await row(id)).toMatchObject({ price_kind: 'new', price_fen: 30_000 })
    expect(await all.act(all.desk, 'seal_case', 'decline', id, { reason: '不用了' })).toMatchObject({
      refusal: { fields: [{ field: 'unit_returned', code: 'required' }] } })
    expect(done(await all.act(all.desk, 'seal_case', 'decline', id, { reason: '不用了', unit_returned: true })).state)
      .toBe('given_up')
  })

  test('S3-056 过保的自然损坏按原价：本台付过的价优先，付清才制作', async () => {
    const machine = await seal('2020-05-01', { paid_fen: 18_000 })
    const id = await open(machine)
    done(await judge(id, {}))
    expect(done(await proceed(id)).state).toBe('waiting_answer')
    expect(await row(id)).toMatchObject({ price_kind: 'list', price_fen: 18_000 })
    done(await all.act(all.desk, 'seal_case', 'accept', id, { agreed_by: '祝主任' }))
    expect(await all.act(all.finance, 'seal_case', 'pay', id, { paid_fen: 17_900, paid_on: '2026-11-23' })).toMatchObject({
      refusal: { fields: [{ field: 'paid_fen', code: 'too_small' }] } })
    expect(done(await all.act(all.finance, 'seal_case', 'pay', id, { paid_fen: 18_000, paid_on: '2026-11-23' })).state)
      .toBe('making')
  })

  test('S3-056 S3-054 客户一周没有答复就提醒', async () => {
    const id = await judged('2020-05-01')
    done(await proceed(id))
    expect((await row(id)).next_due_at).toBe(new Date(monday + 7 * day).toISOString())
    all.at.app.now = monday + 7 * day
    await all.later()
    expect((await all.read(`select 1 from event where record_id = $1 and action = 'overdue'`, id))).toHaveLength(1)
    all.at.app.now = monday
  })

  test('另定金额要写明原因；先做后付由经理放行', async () => {
    const id = await judged('2020-05-01')
    done(await proceed(id))
    expect(await all.act(all.desk, 'seal_case', 'accept', id, { agreed_by: '祝主任', price_fen: 10_000 })).toMatchObject({
      refusal: { fields: [{ field: 'goodwill_because', code: 'required' }] } })
    done(await all.act(all.desk, 'seal_case', 'accept', id, { agreed_by: '祝主任' }))
    expect(await all.act(all.desk, 'seal_case', 'make_first', id, { goodwill_because: '老客户' })).toMatchObject({
      refusal: { code: 'wrong_role' } })
    expect(done(await all.act(all.boss, 'seal_case', 'make_first', id, { goodwill_because: '老客户' })).state).toBe('making')
    done(await all.act(all.desk, 'seal_case', 'ship', id, { new_key_number: 'KEY-PAY-LATER' }))
  })

  test('新 KEY 登记到印章上，旧 KEY 记为换下；保修仍从原申请日算', async () => {
    const machine = await seal('2025-03-01', { key_number: 'KEY-OLD-1' })
    const id = await open(machine)
    done(await judge(id, {}))
    done(await proceed(id))
    done(await all.act(all.desk, 'seal_case', 'ship', id, { new_key_number: 'KEY-NEW-1' }))
    await all.later()
    expect(await all.row('machine', machine)).toMatchObject({ key_number: 'KEY-NEW-1', application_date: '2025-03-01' })
    expect(await all.read(`select serial_number, fitted_on, removed_on from machine_part where machine = $1
      order by serial_number`, machine)).toEqual([
      { serial_number: 'KEY-NEW-1', fitted_on: '2026-11-23', removed_on: null },
      { serial_number: 'KEY-OLD-1', fitted_on: null, removed_on: '2026-11-23' }])
    expect(done(await all.act(all.desk, 'seal_case', 'confirm_working', id)).state).toBe('closed')
  })
})
