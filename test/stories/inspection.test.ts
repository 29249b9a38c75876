import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { contractPapers } from '../../src/server/print/contract-papers.ts'
import { entitled } from '../../src/server/contracts/entitled.ts'
import { loadCase } from '../../src/server/case.ts'
import { system } from '../../src/server/context.ts'
import { monday } from '../company.ts'
import { type Contracts, contractInForce, done, openContracts } from '../contracts.ts'
import { storyDatabases } from '../databases.ts'

const day = 24 * 3_600_000

describe.each(storyDatabases())('an inspection under a contract, on $name', (kind) => {
  let all: Contracts
  let contract = ''
  beforeAll(async () => {
    all = await openContracts(kind, 's1')
    contract = await contractInForce(all, { contract_number: 'LJ-1', engineer: all.tech.id, starts_on: '2026-10-01',
      ends_on: '2027-09-30', software_standard: '补丁按季更新' }, { includes: ['inspection'], inspection_months: 3, visits: 4 })
  })
  afterAll(() => all.at.close())
  afterEach(() => { all.at.app.now = monday })

  const act = (action: string, id: string | null, input: object = {}, by = all.tech) =>
    all.act(by, 'inspection', action, id, input)
  const ok = async (action: string, id: string, input: object = {}, by = all.tech) => done(await act(action, id, input, by))
  const open = async (under = contract) => done(await act('open', null, { parent: under, contract: under,
    planned_on: '2026-12-01' }, all.lead)).id
  const state = async (id: string) => (await all.row('inspection', id)).state
  const wrong = (field: string, code = 'required') =>
    ({ refusal: { code: 'bad_input', fields: expect.arrayContaining([expect.objectContaining({ field, code })]) } })

  const passed = (...ids: string[]) => Object.fromEntries(ids.map((id) => [id, { answer: 'pass' }]))
  const without = (form: Record<string, unknown>, name: string) =>
    Object.fromEntries(Object.entries(form).filter(([key]) => key !== name))
  const forms = {
    assign: () => ({ handler: all.tech.id, backup: all.desk.id }),
    contact: () => ({ agreed_at: '2026-12-01T01:30:00Z', agreed_place: '三楼机房', systems: 'normal' }),
    set_out: () => ({ departure: passed('cleaning_tools', 'supplies', 'parts') }),
    arrive: () => ({}), confirm_scope: () => ({ scope_confirmed: true }),
    check: () => ({ temperature: 22, voltage: 221, humidity: 45, placement: 'good', checks: passed('power_cable',
      'signal_cable', 'vents', 'heat_sinks', 'power_fan', 'boards', 'login', 'messages', 'log_files', 'log_cleaned'),
    software_tests: passed('by_standard', 'updates') }),
    finish: () => ({ test_result: 'passed', work_done: '逐台清洁，日志正常', signing: 'later', unsigned_because: '主任开会',
      tools_back: true, parts_back: true }),
    hand_in: () => ({}), call_back: () => ({ channel: 'phone', answers: '运行正常' }),
    debrief: () => ({ course: '顺利', insights: '机房偏热', customer_state: '明年扩容' }),
  }
  const way = Object.keys(forms) as (keyof typeof forms)[]
  /** An order that has come so far that this action is next. */
  const before = async (action: keyof typeof forms, under = contract) => {
    const id = await open(under)
    for (const one of way.slice(0, way.indexOf(action))) await ok(one, id, forms[one](), one === 'assign' ? all.lead : all.tech)
    return id
  }

  test('from the plan to the report, each step by its people', async () => {
    const id = await open()
    expect(await all.row('inspection', id)).toMatchObject({ state: 'generated', customer: all.customer, handler: all.tech.id,
      contract_number: 'LJ-1', service_class: 'maintenance', due_at: '2026-12-01T16:00:00.000Z' })
    for (const one of way) {
      const by = one === 'assign' ? all.lead : all.tech
      await ok(one, id, forms[one](), by)
    }
    expect(await state(id)).toBe('closed')
    const stranger = await open()
    expect(await act('assign', stranger, forms.assign(), all.tech)).toMatchObject({ refusal: { code: 'wrong_role' } })
    expect(await act('contact', stranger, forms.contact())).toMatchObject({ refusal: { code: 'wrong_state' } })
  })

  test('only a contract in force is inspected', async () => {
    const ended = await contractInForce(all, { contract_number: undefined })
    done(await all.act(all.boss, 'contract', 'terminate', ended, { terminated_on: '2026-11-20', reason: '撤场' }))
    expect(await act('open', null, { contract: ended, planned_on: '2026-12-01' }, all.lead))
      .toMatchObject(wrong('contract', 'not_an_option'))
  })

  test('S1-173 例检单派给一位主责，另有一位后备；后备可以不填，主责要填', async () => {
    const id = await open()
    expect(await act('assign', id, {}, all.lead)).toMatchObject(wrong('handler'))
    await ok('assign', id, { handler: all.tech.id, backup: all.desk.id }, all.lead)
    expect(await all.row('inspection', id)).toMatchObject({ handler: all.tech.id, backup: all.desk.id })
    await all.later()
    expect(await all.told(id, 'inspection_assigned')).toEqual(['tech'])
  })

  test('S1-174 尽早约定时间、地点，问明系统情况，三样齐了才算约好；两个工作日没约就催', async () => {
    const id = await before('contact')
    for (const field of ['agreed_at', 'agreed_place', 'systems']) {
      expect(await act('contact', id, without(forms.contact(), field)), field).toMatchObject(wrong(field))
    }
    const clock = (await all.record(all.tech, 'inspection', id)).clocks.find((one) => one.clock === 'contacting')
    expect(clock?.due_at).toBe('2026-11-25T02:00:00.000Z')
    await ok('contact', id, forms.contact())
    expect(await state(id)).toBe('scheduled')
  })

  test('S1-175 客户说系统有问题的，记下问题和准备怎么处理', async () => {
    const id = await before('contact')
    const form = { ...forms.contact(), systems: 'problems' }
    expect(await act('contact', id, form)).toMatchObject(wrong('known_problem'))
    expect(await act('contact', id, { ...form, known_problem: '备份失败' })).toMatchObject(wrong('prepared'))
    await ok('contact', id, { ...form, known_problem: '备份失败', prepared: '带上驱动重装' })
    expect(await all.row('inspection', id)).toMatchObject({ known_problem: '备份失败', prepared: '带上驱动重装' })
  })

  test('S1-176 要停机的先约好时段，写明客户谁同意', async () => {
    const id = await before('contact')
    const form = { ...forms.contact(), downtime: true }
    const window = { window_from_at: '2026-12-01T04:00:00Z', window_to_at: '2026-12-01T06:00:00Z', window_agreed_by: '蔡主任' }
    for (const field of Object.keys(window)) {
      expect(await act('contact', id, { ...form, ...without(window, field) }), field).toMatchObject(wrong(field))
    }
    await ok('contact', id, { ...form, ...window })
    expect(await all.row('inspection', id)).toMatchObject({ downtime: true, window_agreed_by: '蔡主任' })
  })

  test('S1-177 出发前逐项带齐清洁工具、用品和备件', async () => {
    const id = await before('set_out')
    expect(await act('set_out', id)).toMatchObject(wrong('departure'))
    expect(await act('set_out', id, { departure: passed('cleaning_tools', 'supplies') }))
      .toMatchObject(wrong('departure.parts', 'not_answered'))
    await ok('set_out', id, forms.set_out())
  })

  test('S1-178 到场先按合同设备清单核对；清单外的写明怎么办', async () => {
    const id = await before('confirm_scope')
    expect(await act('check', id, forms.check())).toMatchObject({ refusal: { code: 'wrong_state' } })
    expect(await act('confirm_scope', id)).toMatchObject(wrong('scope_confirmed'))
    const form = { scope_confirmed: true, outside: '新买的一台打印机' }
    expect(await act('confirm_scope', id, form)).toMatchObject(wrong('outside_answer'))
    await ok('confirm_scope', id, { ...form, outside_answer: 'quoted' })
  })

  test('S1-179 温度、电压、湿度和摆放都要记；超出要求的写明怎样告诉客户', async () => {
    const id = await before('check')
    for (const field of ['temperature', 'voltage', 'humidity', 'placement']) {
      expect(await act('check', id, without(forms.check(), field)), field).toMatchObject(wrong(field))
    }
    for (const off of [{ temperature: 31 }, { temperature: 9 }, { voltage: 208 }, { humidity: 71 }, { placement: 'poor' }]) {
      expect(await act('check', id, { ...forms.check(), ...off }), JSON.stringify(off)).toMatchObject(wrong('environment_told'))
    }
    await ok('check', id, { ...forms.check(), temperature: 31, environment_told: '已请信息科加空调' })
    expect(await all.row('inspection', id)).toMatchObject({ temperature: 31, environment_told: '已请信息科加空调' })
  })

  /** Each of these points of the list has to be answered. */
  const cannotBeLeftOut = async (...items: string[]) => {
    const id = await before('check')
    for (const item of items) {
      const form = forms.check()
      expect(await act('check', id, { ...form, checks: without(form.checks, item) }), item)
        .toMatchObject(wrong(`checks.${item}`, 'not_answered'))
    }
  }
  test('S1-180 电源线和信号线要看', () => cannotBeLeftOut('power_cable', 'signal_cable'))
  test('S1-181 通风口和散热片要清', () => cannotBeLeftOut('vents', 'heat_sinks'))
  test('S1-182 电源风扇和电路板要除尘', () => cannotBeLeftOut('power_fan', 'boards'))
  test('S1-183 客户照常登录操作，看有没有报错', () => cannotBeLeftOut('login', 'messages'))
  test('S1-185 日志文件要看', () => cannotBeLeftOut('log_files'))
  test('S1-170 系统日志要清理', () => cannotBeLeftOut('log_cleaned'))

  test('S1-189 合同含软件维护的要按它的标准测试；不含的不问', async () => {
    const id = await before('check')
    expect(await act('check', id, without(forms.check(), 'software_tests'))).toMatchObject(wrong('software_tests'))
    await ok('check', id, forms.check())
    const plain = await contractInForce(all, { contract_number: undefined }, { inspection_months: 6 })
    await ok('check', await before('check', plain), without(forms.check(), 'software_tests'))
  })

  test('S1-184 原因不明的小问题记下报错，另开一条模拟的待办，例检结案后仍在', async () => {
    const id = await before('finish')
    const form = { finding: '偶尔弹出磁盘警告', finding_kind: 'small_unclear' }
    expect(await act('find', id, form)).toMatchObject(wrong('message'))
    await ok('find', id, { ...form, message: 'SMART 0x0C' })
    for (const one of way.slice(way.indexOf('finish'))) await ok(one, id, forms[one]())
    await all.later()
    expect(await all.tasks(id)).toContainEqual(expect.objectContaining({ title: expect.stringMatching(/^模拟例检发现的小问题：/),
      handler: all.tech.id, detail: 'SMART 0x0C' }))
    expect(await state(id)).toBe('closed')
  })

  test('S1-186 原因和办法都清楚的，写明客户谁同意才能处理', async () => {
    const id = await before('finish')
    const form = { finding: '一块硬盘预警', finding_kind: 'known', done_about: '更换硬盘' }
    expect(await act('find', id, form)).toMatchObject(wrong('consent_by'))
    await ok('find', id, { ...form, consent_by: '蔡主任' })
    expect((await all.row('inspection', id)).findings).toMatchObject([{ consent_by: '蔡主任', done_about: '更换硬盘' }])
  })

  test('S1-187 查不明的向客户解释，说定下一步和期限；印在客户签字的报告上，并有人去办', async () => {
    const id = await before('finish')
    const form = { finding: '夜间重启一次', finding_kind: 'unknown', explained: '日志里没有原因，要看电源记录',
      next_step: '调阅电源记录', next_by_at: '2026-12-05T10:00:00Z' }
    for (const field of ['explained', 'next_step', 'next_by_at']) {
      expect(await act('find', id, without(form, field)), field).toMatchObject(wrong(field))
    }
    await ok('find', id, form)
    await ok('finish', id, forms.finish())
    await all.later()
    expect(await all.tasks(id)).toContainEqual(expect.objectContaining({ title: '调阅电源记录', due_at: '2026-12-05T10:00:00.000Z' }))
    expect(await all.read(`select effect->>'print' as print from outbox where record_id = $1 and kind = 'print'`, id))
      .toEqual([{ print: 'report' }])
    const ctx = all.at.ctx(system())
    const one = await all.at.db.read(all.at.company.id, (reader) => loadCase(ctx, reader, 'inspection', id, false))
    expect(await contractPapers['inspection-report'].build(ctx, one!)).toMatchObject({ findings: [['夜间重启一次', '待查',
      '日志里没有原因，要看电源记录；下一步：调阅电源记录；2026-12-05 周六 18:00 之前']] })
  })

  test('S1-188 测试结果、签字、工具和备件都交代清楚才算完成；客户不在的写明原因，有遗留的写明遗留什么', async () => {
    const id = await before('finish')
    for (const field of ['test_result', 'signing', 'unsigned_because', 'tools_back', 'parts_back']) {
      expect(await act('finish', id, without(forms.finish(), field)), field).toMatchObject(wrong(field))
    }
    expect(await act('finish', id, { ...forms.finish(), test_result: 'open_problems' })).toMatchObject(wrong('open_problems'))
    await ok('finish', id, { ...forms.finish(), test_result: 'open_problems', open_problems: '备份要下周再试' })
    expect(await state(id)).toBe('finished')
  })

  test('S1-170 例检中听到的潜在需求转给负责的销售', async () => {
    const id = await before('finish')
    await ok('finish', id, { ...forms.finish(), potential_need: '想加一台备份服务器' })
    await all.later()
    expect(await all.told(id, 'inspection_need')).toEqual(['sales'])
    expect(await all.row('inspection', id)).toMatchObject({ potential_need: '想加一台备份服务器' })
  })

  test('S1-190 报告两个工作日内交给经理，入客户档案', async () => {
    const id = await before('hand_in')
    const clock = (await all.record(all.tech, 'inspection', id)).clocks.find((one) => one.clock === 'handing_in')
    expect(clock?.due_at).toBe('2026-11-25T02:00:00.000Z')
    await ok('hand_in', id)
    await all.later()
    expect(await all.told(id, 'inspection_handed_in')).toEqual(['lead'])
    expect(await all.read(`select d.document_kind, d.contract_number, r.customer from record r join document d
      on d.company_id = r.company_id and d.id = r.id where r.parent = $1`, id))
      .toEqual([{ document_kind: 'service_report', contract_number: 'LJ-1', customer: all.customer }])
  })

  test('S1-191 带回的故障件逐件贴标签，交商务送修', async () => {
    const id = await before('hand_in')
    expect(await act('hand_in', id, { faulty_parts: [{ name: '硬盘', serial: 'D-1' }] }))
      .toMatchObject(wrong('faulty_parts.0.labelled'))
    await ok('hand_in', id, { faulty_parts: [{ name: '硬盘', serial: 'D-1', labelled: true }] })
    await all.later()
    expect(await all.tasks(id)).toContainEqual(expect.objectContaining({ team: 'purchaser',
      title: expect.stringMatching(/^例检带回的故障件请送修：/) }))
  })

  test('S1-192 回来后一两天内回访：第一天提醒，过了第二天算超时', async () => {
    const id = await before('call_back')
    const clock = async () => (await all.record(all.tech, 'inspection', id)).clocks.find((one) => one.clock === 'call_back')
    expect((await clock())?.due_at).toBe(new Date(monday + 2 * day).toISOString())
    all.at.app.now = monday + day
    await all.later()
    expect(await all.read(`select action from event where record_id = $1 and action in ('warn', 'overdue')`, id))
      .toEqual([{ action: 'warn' }])
    expect(await act('debrief', id, forms.debrief())).toMatchObject({ refusal: { code: 'wrong_state' } })
    await ok('call_back', id, forms.call_back())
    expect((await clock())?.state).toBe('kept')
  })

  test('S1-193 最后向经理汇报经过、体会和客户情况；要告诉销售的也告诉', async () => {
    const id = await before('debrief')
    for (const field of ['course', 'customer_state']) {
      expect(await act('debrief', id, without(forms.debrief(), field)), field).toMatchObject(wrong(field))
    }
    await ok('debrief', id, { ...forms.debrief(), tell_sales: true })
    await all.later()
    expect(await all.told(id, 'inspection_debrief')).toEqual(['lead', 'sales'])
    expect(await all.row('inspection', id)).toMatchObject({ state: 'closed', insights: '机房偏热' })
  })

  test('the report names what was gone through, point by point, and not what was taken along', async () => {
    const id = await before('finish')
    const ctx = all.at.ctx(system())
    const one = await all.at.db.read(all.at.company.id, (reader) => loadCase(ctx, reader, 'inspection', id, false))
    const { lists } = await contractPapers['inspection-report'].build(ctx, one!) as { lists: { label: string
      points: { item: string; answer: string }[] }[] }
    expect(lists.map(({ label, points }) => [label, points.length])).toEqual([['检查与清洁', 10], ['软件维护测试', 2]])
    expect(lists[0]!.points[0]).toMatchObject({ item: '电源线牢固', answer: 'pass' })
  })

  test('who agreed to a remedy is erased from the list of findings as well', async () => {
    const id = await before('finish')
    await ok('find', id, { finding: '一块硬盘预警', finding_kind: 'known', done_about: '更换硬盘', consent_by: '蔡主任' })
    done(await all.at.act(system(), 'inspection', 'erased', id, { erased_fields: ['consent_by', 'met_whom'],
      erased_because: '本人要求' }))
    expect((await all.row('inspection', id)).findings).toEqual([expect.not.objectContaining({ consent_by: '蔡主任' })])
  })

  test('过了计划日没有做，催到主管；改期后不再催', async () => {
    const [late, moved] = [await open(), await open()]
    await ok('replan', moved, { planned_on: '2026-12-20', reason: '客户改期' }, all.lead)
    all.at.app.now = Date.parse('2026-12-02T03:00:00Z')
    await all.later()
    expect(await all.told(late, 'inspection_late')).toEqual(['lead'])
    expect(await all.told(moved, 'inspection_late')).toEqual([])
  })

  describe('上门次数按办完的单据数', () => {
    const quota = async (under: string, visits = 2) => {
      const machine = await all.machine()
      const id = await contractInForce(all, { contract_number: undefined, covers: 'listed', covered: [{ machine }],
        starts_on: '2026-10-01', ends_on: '2027-09-30' }, { includes: ['inspection'], inspection_months: 3, visits })
      return { id, machine, under }
    }
    const ask = (machine: string) => all.at.db.read(all.at.company.id, (reader) => entitled(all.at.ctx(all.desk), reader,
      { customer: null, machine, service_class: null, on: '2026-11-23' }))
    const task = async (machine: string, input: object) => {
      const { id } = done(await all.act(all.tech, 'task', 'create', null, { title: '不开机', machine, customer: all.customer,
        handler: all.tech.id }))
      done(await all.act(all.tech, 'task', 'finish', id, { result: '换了电源', ...input }))
      return id
    }

    test('a finished inspection counts, an open one does not', async () => {
      const { id, machine } = await quota('')
      const order = await before('finish', id)
      expect((await ask(machine)).visits).toMatchObject({ used: 0, left: 2 })
      await ok('finish', order, forms.finish())
      expect((await ask(machine)).visits).toMatchObject({ used: 1, left: 1 })
    })

    test('a task that took a visit counts, one done by telephone does not; noted visits add up', async () => {
      const { id, machine } = await quota('', 4)
      await task(machine, {})
      expect((await ask(machine)).visits).toMatchObject({ used: 0 })
      await task(machine, { visited_on: '2026-11-22' })
      done(await all.act(all.tech, 'contract', 'use_visit', id, { used_class: 'maintenance', used_on: '2026-11-20' }))
      expect((await ask(machine)).visits).toMatchObject({ used: 2, left: 2 })
      // A day before the term is no visit of it.
      await task(machine, { visited_on: '2026-09-30' })
      expect((await ask(machine)).visits).toMatchObject({ used: 2 })
    })

    test('a quota that is used up is said and stops nobody', async () => {
      const { id, machine } = await quota('', 1)
      await task(machine, { visited_on: '2026-11-22' })
      expect((await ask(machine)).visits).toMatchObject({ used: 1, left: 0 })
      await task(machine, { visited_on: '2026-11-23' })
      done(await all.act(all.tech, 'contract', 'use_visit', id, { used_class: 'maintenance', used_on: '2026-11-23' }))
      await ok('finish', await before('finish', id), forms.finish())
      expect((await ask(machine)).visits).toMatchObject({ quota: 1, used: 4, left: 0 })
    })
  })

  test('S1-135 报修时核对合同、期限、范围和地区，结果印在待办单上', async () => {
    const machine = await all.machine({ purchase_unknown: true })
    await contractInForce(all, { contract_number: 'BX-135', covers: 'listed', covered: [{ machine }] },
      { scope: '含备件先行', region: '省内', visits: 4 })
    const { id } = done(await all.act(all.desk, 'task', 'create', null, { title: '服务器报警', machine, customer: all.customer }))
    done(await all.act(all.desk, 'task', 'print_slip', id))
    expect(await all.read(`select effect->>'print' as print from outbox where record_id = $1 and kind = 'print'`, id))
      .toEqual([{ print: 'slip' }])
    const ctx = all.at.ctx(system())
    const one = await all.at.db.read(all.at.company.id, (reader) => loadCase(ctx, reader, 'task', id, false))
    expect(await contractPapers['task-slip'].build(ctx, one!)).toEqual({ entitled: '保修待查：不知道购买日期 · 合同 BX-135 至 '
      + '2026-12-31 · 人工、上门免费 · 4 小时响应（工作时间） · 本期上门第 1 次，共 4 次 · 含备件先行 · 省内' })
  })
})
