import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { monday } from '../company.ts'
import { storyDatabases } from '../databases.ts'
import { loadCase } from '../../src/server/case.ts'
import { contractFile } from '../../src/server/contracts/contract-file.ts'
import { type Contracts, contractForm, contractInForce, done, openContracts, serviceLine } from '../contracts.ts'

describe.each(storyDatabases())('a contract on $name', (kind) => {
  let all: Contracts

  beforeAll(async () => { all = await openContracts(kind, 's1') })
  afterAll(() => all.at.close())

  const draft = (more: object = {}, line: object = {}) => all.act(all.sales, 'contract', 'draft', null,
    contractForm(all.customer, { contract_number: undefined, ...more }, line))

  test('it is drafted, submitted, approved and put in force; each step by its own people', async () => {
    const { id } = done(await draft())
    expect(await all.act(all.tech, 'contract', 'submit', id)).toMatchObject({ refusal: { code: 'wrong_role' } })
    expect(await all.act(all.boss, 'contract', 'approve', id)).toMatchObject({ refusal: { code: 'wrong_state' } })
    done(await all.act(all.sales, 'contract', 'submit', id))
    done(await all.act(all.boss, 'contract', 'send_back', id, { reason: '没写到场时间' }))
    done(await all.act(all.sales, 'contract', 'submit', id))
    expect(await all.act(all.sales, 'contract', 'approve', id)).toMatchObject({ refusal: { code: 'wrong_role' } })
    done(await all.act(all.boss, 'contract', 'approve', id))
    expect(await all.row('contract', id)).toMatchObject({ state: 'approved', title: '滨江市档案馆 维护合同' })
  })

  test('it ends after it begins, and a number on paper is one contract', async () => {
    expect(await draft({ starts_on: '2026-12-31', ends_on: '2026-12-30' })).toMatchObject({
      refusal: { code: 'bad_input', fields: [{ field: 'ends_on', code: 'not_an_option' }] } })
    done(await draft({ contract_number: 'FW-2026/01' }))
    expect(await draft({ contract_number: 'fw 2026 01' })).toMatchObject({
      refusal: { fields: [{ field: 'contract_number', code: 'taken', record: { process: 'contract' } }] } })
  })

  test('on the day after its last it has expired; until then the next term is talked about', async () => {
    const before = all.at.app.now
    const id = await contractInForce(all, { contract_number: undefined, ends_on: '2027-02-28' })
    const row = await all.row('contract', id)
    expect(row.ends_at).toBe('2027-02-28T16:00:00.000Z')
    // 60 days before: from then on it is late, and says so.
    expect(row.renew_by_at).toBe('2026-12-30T01:00:00.000Z')
    all.at.app.now = Date.parse('2027-02-28T15:59:00Z')
    await all.later()
    expect(await all.row('contract', id)).toMatchObject({ state: 'active' })
    all.at.app.now = Date.parse('2027-02-28T16:00:00Z')
    await all.later()
    expect(await all.row('contract', id)).toMatchObject({ state: 'expired', kind: 'done' })
    expect(await all.told(id, 'contract_expired')).toEqual(expect.arrayContaining(['sales', 'lead']))
    done(await all.act(all.sales, 'contract', 'renew', id, { renewed_until: '2028-02-28' }))
    expect(await all.row('contract', id)).toMatchObject({ state: 'active', ends_on: '2028-02-28' })
    all.at.app.now = before
  })

  test('S1-022 服务承诺、付款方式和服务条款签约时都要写明', async () => {
    for (const field of ['commitments', 'payment_terms', 'services']) {
      expect(await draft({ [field]: undefined }), field).toMatchObject({
        refusal: { code: 'bad_input', fields: [{ field, code: 'required' }] } })
    }
  })

  test('S1-001 每一条都属于一个服务范畴', async () => {
    expect(await draft({}, { service_class: undefined })).toMatchObject({
      refusal: { fields: [{ field: 'services.0.service_class', code: 'required' }] } })
    expect(await draft({ services: [serviceLine(), serviceLine()] })).toMatchObject({
      refusal: { fields: [{ field: 'services.1.service_class', code: 'taken' }] } })
    const { id } = done(await draft({ services: [serviceLine(), serviceLine({ service_class: 'consulting' })] }))
    expect((await all.row('contract', id)).services).toHaveLength(2)
  })

  test('S1-011 公司暂不开展的范畴不能写进合同', async () => {
    expect(await draft({}, { service_class: 'spare_parts' })).toMatchObject({
      refusal: { fields: [{ field: 'services.0.service_class', code: 'not_an_option' }] } })
  })

  test('S1-002 S1-005 S1-008 子服务只能是本范畴的：分销四项，现场分应急和安装，顾问分咨询、方案、培训', async () => {
    const kept = async (line: object) => (await all.row('contract', done(await draft({}, line)).id)).services as object[]
    const four = ['goods_check', 'sign_for', 'basic_installation', 'phone_support']
    expect(await kept({ service_class: 'distribution', includes: four })).toMatchObject([{ includes: four }])
    expect(await kept({ includes: ['emergency', 'installation'] })).toMatchObject([{ includes: ['emergency', 'installation'] }])
    const advice = ['consultation', 'solution_design', 'training']
    expect(await kept({ service_class: 'consulting', includes: advice })).toMatchObject([{ includes: advice }])
    expect(await draft({}, { service_class: 'consulting', includes: ['goods_check'] })).toMatchObject({
      refusal: { fields: [{ field: 'services.0.includes', code: 'not_an_option' }] } })
  })

  test('S1-003 S1-004 分销类不写就是厂商承做、不含上门；写了照写的', async () => {
    const kept = async (line: object) => (await all.row('contract', done(await draft({}, { service_class: 'distribution',
      ...line })).id)).services as object[]
    expect(await kept({})).toMatchObject([{ performed_by: 'manufacturer', onsite: false }])
    expect(await kept({ performed_by: 'us', onsite: true })).toMatchObject([{ performed_by: 'us', onsite: true }])
    expect((await all.row('contract', done(await draft()).id)).services).toMatchObject([{ performed_by: 'us', onsite: true }])
  })

  test('S1-007 S1-009 厂商延保写明年限、范围、地区和合同号；外包写明单位', async () => {
    const line = { service_class: 'value_added', extended_until: '2028-06-30', scope: '含备件先行', region: '省内',
      vendor_number: 'LX-77' }
    expect((await all.row('contract', done(await draft({}, line)).id)).services).toMatchObject([line])
    const out = { service_class: 'outsourcing', provider: '顺捷运维' }
    expect((await all.row('contract', done(await draft({}, out)).id)).services).toMatchObject([out])
  })

  test('S1-015 批准的合同排到技术主管的待办里，等启用', async () => {
    const { id } = done(await draft())
    done(await all.act(all.sales, 'contract', 'submit', id))
    done(await all.act(all.boss, 'contract', 'approve', id))
    await all.later()
    expect(await all.tasks(id)).toMatchObject([{ title: '新合同待启用：滨江市档案馆 维护合同', team: 'supervisor' }])
  })

  test('S1-047 没有副本不能启用；说明原因放行的，三个工作日内要补，交了就停', async () => {
    const { id } = done(await draft({ ends_on: '2027-12-31' }))
    done(await all.act(all.sales, 'contract', 'submit', id))
    done(await all.act(all.boss, 'contract', 'approve', id))
    expect(await all.act(all.lead, 'contract', 'activate', id)).toMatchObject({ refusal: { code: 'guard', guard: 'has_copy' } })
    done(await all.act(all.lead, 'contract', 'activate', id, { waive: [{ guard: 'has_copy', reason: '原件在途' }] }))
    await all.later()
    expect((await all.tasks(id)).map(({ title }) => title)).toContain('补交合同副本：滨江市档案馆 维护合同')
    // Three working days of 9 to 12 and 13.30 to 18 from Monday 10.00.
    expect((await all.row('contract', id)).next_due_at).toBe('2026-11-26T02:00:00.000Z')
    done(await all.act(all.sales, 'contract', 'add_copy', id, { copy_files: [await all.file(all.sales)] }))
    expect((await all.row('contract', id)).next_due_at).not.toBe('2026-11-26T02:00:00.000Z')
  })

  test('S1-048 价格只给要看的人看；交副本时写明是否遮盖', async () => {
    const { id } = done(await draft({ amount_fen: 8_600_000 }))
    expect((await all.seen(all.sales, id)).amount_fen).toBe(8_600_000)
    expect(await all.seen(all.tech, id)).not.toHaveProperty('amount_fen')
    expect(await all.seen(all.lead, id)).not.toHaveProperty('payment_terms')
    done(await all.act(all.sales, 'contract', 'add_copy', id, { copy_files: [await all.file(all.sales)], masked: true }))
    expect(await all.row('contract', id)).toMatchObject({ masked: true })
  })

  test('S1-050 应收的文件逐项收，缺几份由系统数', async () => {
    const id = await contractInForce(all, { contract_number: undefined, contract_kind: 'integration' })
    expect(await all.row('contract', id)).toMatchObject({ papers_missing: 8 })
    expect(await all.act(all.tech, 'contract', 'file_paper', id, { kept_by: '财务部' })).toMatchObject({
      refusal: { fields: [{ field: 'paper', code: 'required' }] } })
    done(await all.act(all.tech, 'contract', 'file_paper', id, { paper: 'delivery_note', paper_on: '2026-11-20',
      kept_by: '财务部' }))
    done(await all.act(all.tech, 'contract', 'file_paper', id, { paper: 'delivery_note' }))
    expect(await all.row('contract', id)).toMatchObject({ papers_missing: 7 })
  })

  test('S1-025 S1-026 四类文件没齐不能验收；验收后销售去收款', async () => {
    const id = await contractInForce(all, { contract_number: undefined, contract_kind: 'integration' })
    const accept = (more: object = {}) => all.act(all.lead, 'contract', 'accept', id, { done_on: '2026-11-23', ...more })
    for (const paper of ['installation_document', 'maintenance_report', 'test_report']) {
      done(await all.act(all.tech, 'contract', 'file_paper', id, { paper }))
    }
    expect(await accept()).toMatchObject({ refusal: { code: 'guard', guard: 'acceptance_papers' } })
    done(await all.act(all.tech, 'contract', 'file_paper', id, { paper: 'project_summary' }))
    done(await accept())
    await all.later()
    expect(await all.tasks(id)).toContainEqual(expect.objectContaining({ handler: all.sales.id,
      title: '项目已验收，请跟进收款：滨江市档案馆 集成合同' }))
  })

  test('S1-012 S1-044 四个阶段有计划日；过期算超时，完成就告诉销售', async () => {
    const stages = [{ stage: 'installation', planned_on: '2026-11-24' }, { stage: 'acceptance', planned_on: '2026-12-15' }]
    const id = await contractInForce(all, { contract_number: undefined, stages })
    const dueOf = async () => (await all.row('contract', id)).stage_by_at
    expect(await dueOf()).toBe('2026-11-24T16:00:00.000Z')
    all.at.app.now = Date.parse('2026-11-24T16:00:00Z')
    await all.later()
    expect(await all.read(`select input->>'clock' as clock from event where record_id = $1 and action = 'overdue'`, id))
      .toContainEqual({ clock: 'stage' })
    done(await all.act(all.lead, 'contract', 'stage_done', id, { stage: 'installation', done_on: '2026-11-25' }))
    expect(await dueOf()).toBe('2026-12-15T16:00:00.000Z')
    await all.later()
    expect(await all.told(id, 'contract_stage')).toEqual(['sales'])
    all.at.app.now = monday
  })

  test('S1-027 客户需求留底，并告诉负责的销售', async () => {
    const id = await contractInForce(all, { contract_number: undefined })
    expect(await all.act(all.tech, 'contract', 'customer_need', id)).toMatchObject({
      refusal: { fields: [{ field: 'need', code: 'required' }] } })
    done(await all.act(all.tech, 'contract', 'customer_need', id, { need: '明年要扩容存储' }))
    await all.later()
    expect(await all.told(id, 'customer_need')).toEqual(['sales'])
  })

  test('S1-037 项目经理只由技术经理提名', async () => {
    const id = await contractInForce(all, { contract_number: undefined })
    expect(await all.act(all.boss, 'contract', 'nominate', id, { project_manager: all.desk.id })).toMatchObject({
      refusal: { code: 'wrong_role' } })
    done(await all.act(all.lead, 'contract', 'nominate', id, { project_manager: all.desk.id }))
  })

  test('S1-010 备品备件服务列出配件账上的备件；合同页看得到现有多少', async () => {
    const keeper = await all.at.person('keeper', 'storekeeper', 'coordinator')
    const part = done(await all.act(keeper, 'part', 'register', null, { part_number: 'SR650-PSU', name: '电源模块',
      part_kind: 'part', price_fen: 100_000 })).id
    done(await all.act(keeper, 'part', 'receive', part, { quantity: 3_000, source: 'opening' }))
    expect(await draft({ spare_parts: [{ quantity: 1_000 }] })).toMatchObject({
      refusal: { fields: [{ field: 'spare_parts.0.part', code: 'required' }] } })
    const id = await contractInForce(all, { contract_number: undefined,
      spare_parts: [{ part, quantity: 2_000, place: '档案馆机房' }] })
    expect((await all.row('contract', id)).spare_parts).toEqual([{ part, quantity: 2_000, place: '档案馆机房' }])
    const ctx = all.at.ctx(all.sales)
    const file = await all.at.db.read(all.at.company.id, async (reader) =>
      contractFile(ctx, reader, (await loadCase(ctx, reader, 'contract', id, false))!))
    expect(file.spare_parts).toEqual([{ id: part, title: 'SR650-PSU 电源模块', quantity: 2_000, place: '档案馆机房', on_hand: 3_000 }])
  })

  test('S1-018 九步职责分工列在合同上，可以按合同改；一步开始，负责的部门有待办，协助的得到通知', async () => {
    await all.at.person('buyer2', 'purchaser')
    const id = await contractInForce(all, { contract_number: undefined, contract_kind: 'integration' })
    const begin = (step: string, step_title: string) => all.act(all.sales, 'contract', 'begin_step', id,
      { contract_step: step, step_title })
    done(await begin('ordering', '向厂商下单'))
    await all.later()
    expect(await all.tasks(id)).toContainEqual(expect.objectContaining({ title: '向厂商下单', team: 'purchaser' }))
    // Whoever began it knows.
    expect(await all.told(id, 'contract_step')).toEqual([])
    const set = (duties: object[]) => all.act(all.lead, 'contract', 'set_duties', id, { duties })
    expect(await set([{ step: 'ordering', sales: 'assist' }])).toMatchObject({
      refusal: { fields: [{ field: 'duties.0.step', code: 'not_an_option' }] } })
    expect(await set([{ step: 'ordering', tech: 'lead' }, { step: 'ordering', sales: 'lead' }])).toMatchObject({
      refusal: { fields: [{ field: 'duties.1.step', code: 'taken' }] } })
    done(await set([{ step: 'ordering', tech: 'lead', commerce: 'assist' }]))
    done(await begin('ordering', '补订网线'))
    await all.later()
    expect(await all.tasks(id)).toContainEqual(expect.objectContaining({ title: '补订网线', team: 'supervisor' }))
    expect(await all.told(id, 'contract_step')).toContain('buyer2')
    const ctx = all.at.ctx(all.sales)
    const file = await all.at.db.read(all.at.company.id, async (reader) =>
      contractFile(ctx, reader, (await loadCase(ctx, reader, 'contract', id, false))!))
    expect(file.duties).toHaveLength(9)
    expect(file.duties[4]).toMatchObject({ label: '商务下单', tech: 'lead', commerce: 'assist', sales: null })
  })

  test('S1-023 商务下单由商务办：先询价再下单，与合同核对过', async () => {
    const buyer = await all.at.person('buyer', 'purchaser')
    const id = await contractInForce(all, { contract_number: undefined, contract_kind: 'integration' })
    const order = { supplier: '联想华东', order_number: 'PO-7731', order_checked: true }
    expect(await all.act(buyer, 'contract', 'place_order', id, order)).toMatchObject({ refusal: { guard: 'price_inquired' } })
    expect(await all.act(all.sales, 'contract', 'inquire', id, { inquiry: '联想 12.8 万' })).toMatchObject({
      refusal: { code: 'wrong_role' } })
    done(await all.act(buyer, 'contract', 'inquire', id, { inquiry: '联想 12.8 万' }))
    expect(await all.act(buyer, 'contract', 'place_order', id, { ...order, order_checked: undefined })).toMatchObject({
      refusal: { fields: [{ field: 'order_checked', code: 'required' }] } })
    done(await all.act(buyer, 'contract', 'place_order', id, order))
    await all.later()
    expect(await all.told(id, 'contract_ordered')).toEqual(['sales'])
    expect(await all.row('contract', id)).toMatchObject({ supplier: '联想华东', order_number: 'PO-7731' })
  })

  test('S1-024 实施方案由技术部编，编好告诉负责的销售', async () => {
    const id = await contractInForce(all, { contract_number: undefined, contract_kind: 'integration' })
    const plan = { implementation_plan: '先上架，后迁移，周末割接' }
    expect(await all.act(all.sales, 'contract', 'plan_work', id, plan)).toMatchObject({ refusal: { code: 'wrong_role' } })
    done(await all.act(all.lead, 'contract', 'plan_work', id, plan))
    await all.later()
    expect(await all.told(id, 'contract_planned')).toEqual(['sales'])
  })

  test('S1-036 工期长、部门多、产品多又复杂的，批准时提示提名项目经理；差一样就不提示', async () => {
    const size = { expected_days: 10, departments: 3, product_kinds: 2, complex: true }
    const told = async (more: object) => {
      const { id } = done(await draft({ contract_kind: 'integration', ...size, ...more }))
      done(await all.act(all.sales, 'contract', 'submit', id))
      done(await all.act(all.boss, 'contract', 'approve', id))
      await all.later()
      return all.told(id, 'project_manager_needed')
    }
    expect(await told({})).toEqual(['lead'])
    for (const less of [{ expected_days: 9 }, { departments: 2 }, { product_kinds: 1 }, { complex: undefined }]) {
      expect(await told(less), JSON.stringify(less)).toEqual([])
    }
  })

  test('S1-038 项目经理提名后由参与者议定，没有提名的不能议定，没有人同意的不算', async () => {
    const id = await contractInForce(all, { contract_number: undefined, contract_kind: 'integration' })
    const confirm = (agrees: string) => all.act(all.desk, 'contract', 'confirm_manager', id, { decided_on: '2026-11-23',
      participants: [{ person: all.tech.id, agrees }, { person: all.boss.id, agrees: 'no' }] })
    expect(await confirm('yes')).toMatchObject({ refusal: { guard: 'is_nominated' } })
    done(await all.act(all.lead, 'contract', 'nominate', id, { project_manager: all.desk.id }))
    expect(await all.row('contract', id)).toMatchObject({ manager_state: 'nominated' })
    expect(await confirm('no')).toMatchObject({ refusal: { fields: [{ field: 'participants', code: 'not_an_option' }] } })
    done(await confirm('yes'))
    expect(await all.row('contract', id)).toMatchObject({ manager_state: 'confirmed', project_manager: all.desk.id })
  })

  test('S1-039 项目组要支援，排进技术经理的待办', async () => {
    const id = await contractInForce(all, { contract_number: undefined, contract_kind: 'integration' })
    done(await all.act(all.desk, 'contract', 'ask_support', id, { support: '割接当晚要一名存储工程师' }))
    await all.later()
    expect(await all.tasks(id)).toContainEqual(expect.objectContaining({ title: '割接当晚要一名存储工程师', team: 'supervisor' }))
  })

  test('S1-029 服务计划由技术经理编制，事项在计划期内，逐项交办', async () => {
    const plan = { title: '四季度服务计划', plan_from: '2026-10-01', plan_until: '2026-12-31', items: [
      { item: '档案馆例检', person: all.tech.id, on: '2026-12-01' }] }
    const draw = (by: typeof all.lead, more: object = {}) => all.act(by, 'service_plan', 'draw_up', null, { ...plan, ...more })
    expect(await draw(all.sales)).toMatchObject({ refusal: { code: 'wrong_role' } })
    expect(await draw(all.lead, { items: [{ item: '例检' }] })).toMatchObject({ refusal: { fields: [{ field: 'items.0.on' }] } })
    expect(await draw(all.lead, { items: [{ item: '例检', on: '2027-01-01' }] })).toMatchObject({
      refusal: { fields: [{ field: 'items.0.on', code: 'not_an_option' }] } })
    const { id } = done(await draw(all.lead))
    done(await all.act(all.lead, 'service_plan', 'issue', id))
    done(await all.act(all.lead, 'service_plan', 'give_out', id, { what: '档案馆例检', handler: all.tech.id,
      due_at: '2026-12-01T10:00:00Z' }))
    await all.later()
    expect(await all.tasks(id)).toMatchObject([{ title: '档案馆例检', handler: all.tech.id, due_at: '2026-12-01T10:00:00.000Z' }])
    done(await all.act(all.lead, 'service_plan', 'close', id, { summary: '都办完了' }))
  })

  test('S1-139 合同摘要可以打印带走，价格不在上面', async () => {
    const id = await contractInForce(all, { contract_number: undefined, amount_fen: 123 })
    done(await all.act(all.tech, 'contract', 'print_summary', id))
    expect(await all.read(`select effect->>'print' as print from outbox where record_id = $1 and kind = 'print'`, id))
      .toEqual([{ print: 'summary' }])
  })

  describe('例检', () => {
    const withInspections = () => contractInForce(all, { contract_number: undefined, engineer: all.tech.id,
      starts_on: '2026-10-01', ends_on: '2027-09-30' }, { includes: ['inspection'], inspection_months: 3 })

    test('S1-171 合同没有写明例检的不排；作为赠送的写明原因', async () => {
      const id = await contractInForce(all, { contract_number: undefined })
      const plan = (more: object = {}) => all.act(all.lead, 'contract', 'plan_inspections', id,
        { inspection_on: '2026-12-10', every_months: 6, ...more })
      expect(await plan()).toMatchObject({ refusal: { code: 'guard', guard: 'has_inspection_clause' } })
      done(await plan({ waive: [{ guard: 'has_inspection_clause', reason: '赠送一次' }] }))
    })

    test('S1-172 时间表按间隔拟好、打印，发给客户，客户确认；没拟不能发，没发不算确认', async () => {
      const id = await withInspections()
      const does = (action: string, input: object = {}) => all.act(all.lead, 'contract', action, id, input)
      expect(await does('send_timetable', { way: 'fax' })).toMatchObject({ refusal: { guard: 'timetable_drafted' } })
      done(await does('plan_inspections', { inspection_on: '2026-12-20' }))
      expect(await all.row('contract', id)).toMatchObject({ inspection_state: 'drafted', inspection_on: '2026-12-20' })
      expect(await all.read(`select effect->>'print' as print from outbox where record_id = $1 and kind = 'print'`, id))
        .toEqual([{ print: 'inspection_timetable' }])
      expect(await does('confirm_timetable')).toMatchObject({ refusal: { guard: 'timetable_sent' } })
      done(await does('send_timetable', { way: 'mail' }))
      done(await does('confirm_timetable', { inspection_on: '2026-12-22', answer: '改到周二' }))
      expect(await all.row('contract', id)).toMatchObject({ inspection_state: 'confirmed', inspection_on: '2026-12-22' })
    })

    test('S1-178 时间表附设备清单：只列合同里的机器，供到场核对', async () => {
      const [inside] = [await all.machine({ place: '三楼机房' }), await all.machine({ place: '仓库' })]
      const id = await contractInForce(all, { contract_number: undefined, covers: 'listed', covered: [{ machine: inside }],
        starts_on: '2026-10-01', ends_on: '2027-09-30' }, { inspection_months: 6 })
      done(await all.act(all.lead, 'contract', 'plan_inspections', id, { inspection_on: '2026-12-20' }))
      const [printed] = await all.read(`select effect->>'print' as print from outbox where record_id = $1
        and kind = 'print'`, id)
      expect(printed).toEqual({ print: 'inspection_timetable' })
      expect(await all.paper('inspection-timetable', id)).toMatchObject({ dates: ['2026-12-20', '2027-06-20'],
        machines: [{ name: '联想 SR650', place: '三楼机房' }] })
    })

    test('S1-006 S1-063 S1-173 例检日前一周按间隔开例检单，带上责任工程师，主管得到通知去派主责和后备', async () => {
      const id = await withInspections()
      // Three months after the first day of the contract; the order a week before, at nine.
      expect(await all.row('contract', id)).toMatchObject({ inspection_on: '2027-01-01',
        inspection_at: '2026-12-25T01:00:00.000Z' })
      all.at.app.now = Date.parse('2026-12-25T01:00:00Z')
      await all.later()
      const orders = () => all.read(`select r.state, r.handler, r.customer, i.planned_on::text as planned_on, i.due_at
        from inspection i join record r on r.company_id = i.company_id and r.id = i.id where r.parent = $1 order by r.id`, id)
      expect(await orders()).toEqual([{ state: 'generated', handler: all.tech.id, customer: all.customer,
        planned_on: '2027-01-01', due_at: '2027-01-01T16:00:00.000Z' }])
      expect(await all.row('contract', id)).toMatchObject({ inspection_on: '2027-04-01', inspections_opened: 1 })
      expect(await all.told(id, 'inspection_handed')).toEqual(['lead'])
      all.at.app.now = Date.parse('2027-03-25T01:00:00Z')
      await all.later()
      expect(await all.row('contract', id)).toMatchObject({ inspection_on: '2027-07-01', inspections_opened: 2 })
      expect((await orders()).map(({ planned_on }) => planned_on)).toEqual(['2027-01-01', '2027-04-01'])
      all.at.app.now = monday
    })

    test('一份早已开始的合同不补开过去的例检', async () => {
      const id = await contractInForce(all, { contract_number: undefined, engineer: all.tech.id,
        starts_on: '2026-01-15', ends_on: '2027-09-30' }, { includes: ['inspection'], inspection_months: 3 })
      // 15 April, July and October are past on 23 November.
      expect(await all.row('contract', id)).toMatchObject({ inspection_on: '2027-01-15' })
    })
  })
})
