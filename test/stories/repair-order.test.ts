import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { monday } from '../company.ts'
import { testDatabases } from '../databases.ts'
import { type RepairCompany, day, done, forms, hour, openRepairCompany, pieces } from '../repair.ts'

/** 10:00 in Shanghai on Monday 2026-11-23; the shop is open from 8:00 to 18:00 on every day. */
const at10 = monday

describe.each(testDatabases())('维修单 on $name', (kind) => {
  let at: RepairCompany
  beforeAll(async () => { at = await openRepairCompany(kind) })
  afterAll(() => at.close())

  const does: RepairCompany['does'] = (...act) => at.does(...act)
  const ok = async (...act: Parameters<RepairCompany['does']>) => done(await at.does(...act))
  /** Refused for exactly this: a guard's name, or the field that is missing. */
  const refuses = async (why: string, ...act: Parameters<RepairCompany['does']>) => {
    const outcome = await at.does(...act)
    expect(outcome).toMatchObject({ ok: false })
    const { refusal } = outcome as Extract<typeof outcome, { ok: false }>
    expect([refusal.guard, refusal.code, ...(refusal.fields ?? []).map(({ field }) => field)]).toContain(why)
  }
  const child = async (id: string, process: string) => (await at.children(id, process)).at(-1)!.id
  const without = (form: object, ...names: string[]) =>
    Object.fromEntries(Object.entries(form).filter(([name]) => !names.includes(name)))
  const fresh = () => { at.app.now = at10 }

  describe('接待与收机', () => {
    test('S4-075 协调员和工程师都能开单，别人不能', async () => {
      fresh()
      const who = await at.customer()
      const form = { ...who, contact_name: '刘女士', contact_phone: '13800000001', arrived_as: 'carried_in',
        symptom: '卡纸', warranty: 'out' }
      const seller = await at.person('冯销售', 'salesperson')
      await refuses('wrong_role', seller, 'open', null as never, form)
      expect(done(await does(at.engineer, 'open', null as never, form)).state).toBe('intake')
      expect(done(await does(at.coordinator, 'open', null as never, form)).number).toMatch(/^WX202611-\d{4}$/)
    })

    test('S4-077 S4-078 故障现象和联系人必填', async () => {
      const form = { ...await at.customer(), contact_name: '刘女士', contact_phone: '13800000001',
        arrived_as: 'carried_in', symptom: '卡纸', warranty: 'out' }
      await refuses('symptom', at.coordinator, 'open', null as never, without(form, 'symptom'))
      await refuses('contact_name', at.coordinator, 'open', null as never, without(form, 'contact_name'))
      await refuses('warranty', at.coordinator, 'open', null as never, without(form, 'warranty'))
    })

    test('S4-184 由柜台请工程师验机，工程师得到通知', async () => {
      const id = await at.open()
      await refuses('wrong_role', at.keeper, 'call_engineer', id, { handler: at.lead.id })
      await ok(at.coordinator, 'call_engineer', id, { handler: at.lead.id })
      expect(await at.followed(id)).toContain('send engineer_to_counter')
    })

    test('S4-183 S4-079 没有验机不能收机，说明原因可以放行', async () => {
      const id = await at.at_state('intake')
      await refuses('inspected', at.coordinator, 'receive', id, forms.intake(at10))
      const waived = { ...forms.intake(at10), waive: [{ guard: 'inspected', reason: '客户赶时间，先收下' }] }
      expect(done(await does(at.coordinator, 'receive', id, waived)).state).toBe('waiting_test')
    })

    test('S4-185 S4-188 S4-189 验机记下频率、配置核对和其他故障', async () => {
      const id = await at.at_state('intake', { fault_frequency: 'occasional' })
      await ok(at.engineer, 'inspect', id, forms.inspection)
      expect(await at.values(id)).toMatchObject({ fault_frequency: 'occasional', inspector: at.engineer.id })
    })

    test('S4-186 S4-187 S4-190 S4-192 复现、原因、能否当场修、分析缺一不可', async () => {
      const id = await at.at_state('intake')
      for (const name of ['reproduced', 'possible_cause', 'fixable_on_spot', 'fault_analysis']) {
        await refuses(name, at.engineer, 'inspect', id, without(forms.inspection, name))
      }
    })

    test('S4-146 型号和序列号没有登记的机器不上等待检测架', async () => {
      const who = await at.customer({}, { serial_number: 'CNC777' })
      const id = await at.open({}, who)
      await ok(at.engineer, 'inspect', id, forms.inspection)
      await ok(at.coordinator, 'edit', who.machine, { serial_number: ['CNC777', null] }, 'machine')
      await refuses('machine_identified', at.coordinator, 'receive', id, forms.intake(at.app.now))
      await ok(at.coordinator, 'edit', who.machine, { serial_note: [null, 'unreadable'] }, 'machine')
      expect(done(await does(at.coordinator, 'receive', id, forms.intake(at.app.now))).state).toBe('waiting_test')
    })

    test('S4-081 S4-082 S4-083 S4-084 外观、附件、标签、送机日期缺一不收', async () => {
      const id = await at.at_state('inspected')
      const form = forms.intake(at.app.now)
      for (const name of ['appearance', 'attachments_kept', 'labelled', 'sent_in_on', 'configuration']) {
        await refuses(name, at.coordinator, 'receive', id, without(form, name))
      }
    })

    test('S4-144 S4-145 收到就记外观；留下的附件逐件列出，带走的不用列', async () => {
      const id = await at.at_state('inspected')
      const form = forms.intake(at.app.now)
      await refuses('appearance', at.coordinator, 'receive', id, without(form, 'appearance'))
      await refuses('attachments', at.coordinator, 'receive', id, without(form, 'attachments'))
      await ok(at.coordinator, 'receive', id,
        { ...without(form, 'attachments', 'labelled'), attachments_kept: 'taken_home' })
      expect(await at.followed(id)).not.toContain('print attachment_labels')
    })

    test('S4-085 S4-086 S4-087 S4-088 收尾步骤一步不能少', async () => {
      const id = await at.at_state('inspected')
      const form = forms.intake(at.app.now)
      for (const step of ['copy_on_machine', 'copy_to_customer', 'contact_told', 'stub_filed']) {
        await refuses(`intake_steps.${step}`, at.coordinator, 'receive', id,
          { ...form, intake_steps: without(form.intake_steps, step) })
      }
    })

    test('S4-080 S4-089 S4-191 收机：打印三联单，纸单入夹、机器上架，四小时的钟开始走', async () => {
      const id = await at.at_state('waiting_test')
      const prints = await at.db.read(at.company.id, (reader) => reader.query<{ what: string }>({
        text: `select effect->>'print' as what from outbox where record_id = $1 and kind = 'print' order by n`,
        values: [id] }))
      expect(prints.map(({ what }) => what)).toEqual(['service_record', 'attachment_labels'])
      expect(await at.values(id)).toMatchObject({ shelf: 'waiting_test', folder: 'waiting_test',
        receiver: at.coordinator.id })
      expect(await at.clock(id, 'answer')).toMatchObject({ state: 'running' })
    })

    test('柜台等候十分钟：到时提醒，验机后停', async () => {
      fresh()
      const id = await at.open()
      expect(await at.clock(id, 'counter')).toMatchObject({ state: 'running', due_at: at10 + 10 * 60_000 })
      await at.until(at10 + 11 * 60_000)
      expect(await at.clock(id, 'counter')).toMatchObject({ state: 'late' })
      await ok(at.engineer, 'inspect', id, forms.inspection)
      await ok(at.coordinator, 'receive', id, forms.intake(at.app.now))
      expect((await at.clock(id, 'counter')).running).toBe(false)
    })

    test('当场修好：不收机，签字后直接入单', async () => {
      const id = await at.at_state('intake')
      await refuses('can_fix_on_spot', at.engineer, 'fix_on_spot', id, {})
      await ok(at.engineer, 'inspect', id, { ...forms.inspection, fixable_on_spot: 'yes' })
      await ok(at.engineer, 'fix_on_spot', id, { work_done: '重装驱动', printer_test: forms.finish.printer_test,
        satisfied: 'yes', payment_way: 'none', signed_way: 'paper' })
      expect(await at.state(id)).toBe('handed_over')
    })

    test('重复登记的可以取消', async () => {
      const id = await at.at_state('waiting_test')
      await refuses('reason', at.coordinator, 'cancel', id)
      await ok(at.coordinator, 'cancel', id, { reason: '同一台机器开了两张单' })
      expect(await at.values(id)).toMatchObject({ shelf: null, folder: null })
    })
  })

  describe('检测与报价', () => {
    test('S4-202 S4-204 S4-205 S4-206 S4-106 检测结果回答为何坏、怎么修、怎样避免，并提建议价', async () => {
      const id = await at.at_state('testing')
      await refuses('fault_found', at.engineer, 'record_result', id, without(forms.result, 'fault_found'))
      await refuses('repair_method', at.engineer, 'record_result', id, without(forms.result, 'repair_method'))
      await ok(at.engineer, 'record_result', id, forms.result)
      expect(await at.values(id)).toMatchObject({ manual_section: '维修手册 6-12', prevention: '用干燥的纸',
        price_proposal_fen: 48_000 })
      expect(await at.children(id, 'quotation')).toMatchObject([{ state: 'drafting', team: 'coordinator' }])
    })

    test('S4-093 S4-162 S4-251 收机后四小时内答复：三小时提醒，答复就停，逾时记为没做到', async () => {
      fresh()
      const id = await at.at_state('testing')
      await at.until(at10 + 3.1 * hour)
      expect((await at.clock(id, 'answer')).steps[0]).toMatchObject({ key: 'soon', struck: 'yes' })
      await ok(at.coordinator, 'reply_customer', id, { reply_way: 'phone', reply: '正在检测，下午给结果' })
      expect(await at.clock(id, 'answer')).toMatchObject({ state: 'kept' })
      fresh()
      const late = await at.at_state('waiting_test')
      await at.until(at10 + 4.1 * hour)
      expect(await at.clock(late, 'answer')).toMatchObject({ state: 'late' })
      expect((await at.clock(late, 'answer')).steps.at(-1)).toMatchObject({ key: 'due', struck: 'yes' })
      await ok(at.coordinator, 'reply_customer', late, { reply_way: 'phone', reply: '抱歉，还在检测' })
      expect(await at.clock(late, 'answer')).toMatchObject({ state: 'missed' })
    })

    test('S4-105 S4-163 检测结果出来三十分钟内报价', async () => {
      fresh()
      const id = await at.at_state('diagnosed')
      expect(await at.clock(id, 'quote')).toMatchObject({ state: 'running', due_at: at10 + 30 * 60_000 })
      await at.until(at10 + 25 * 60_000)
      expect((await at.clock(id, 'quote')).steps[0]).toMatchObject({ key: 'soon', struck: 'yes' })
      await ok(at.coordinator, 'price', await child(id, 'quotation'), forms.price, 'quotation')
      await ok(at.coordinator, 'send', await child(id, 'quotation'), forms.phoned, 'quotation')
      expect(await at.state(id)).toBe('waiting_consent')
      expect(await at.clock(id, 'quote')).toMatchObject({ state: 'kept' })
      expect(await at.clock(id, 'answer')).toMatchObject({ state: 'kept' })
      fresh()
      const late = await at.at_state('diagnosed')
      await at.until(at10 + 31 * 60_000)
      expect(await at.clock(late, 'quote')).toMatchObject({ state: 'late' })
    })

    test('S4-218 一周查不出故障：自动升级', async () => {
      fresh()
      const id = await at.at_state('testing')
      await at.until(at10 + 7 * day + hour)
      expect(await at.clock(id, 'locate')).toMatchObject({ state: 'late' })
      expect(await at.values(id)).toMatchObject({ escalation: 1 })
      expect(await at.followed(id)).toContain('send escalated')
    })

    test('S4-212 S4-213 S4-214 S4-215 凭经验解决不了、缺手册工具：工程师提出升级，写明原因', async () => {
      fresh()
      const id = await at.at_state('testing')
      await refuses('trigger', at.engineer, 'escalate', id)
      await ok(at.engineer, 'escalate', id, { trigger: 'experience' })
      await ok(at.engineer, 'escalate', id, { trigger: 'lacking', note: '缺 T1100 维修手册' })
      expect(await at.values(id)).toMatchObject({ escalation: 2 })
      expect((await at.followed(id)).filter((one) => one === 'send escalated')).toHaveLength(4)
    })

    test('S4-207 症状不符：先沟通，再往下走', async () => {
      const id = await at.at_state('testing')
      await ok(at.engineer, 'report_mismatch', id, { mismatch: '送修说卡纸，实际不通电' })
      await refuses('mismatch_settled', at.engineer, 'record_result', id, forms.result)
      await ok(at.engineer, 'settle_mismatch', id, { mismatch_answer: '主管工程师同意按不通电修，客户知道' })
      expect(done(await does(at.engineer, 'record_result', id, forms.result)).state).toBe('diagnosed')
    })

    test('保内不报价，直接派修', async () => {
      const id = await at.at_state('testing', { warranty: 'in' })
      expect(done(await does(at.engineer, 'record_result', id, forms.result)).state).toBe('approved')
      expect(await at.children(id, 'quotation')).toEqual([])
    })

    test('保修待查的先报价；查明保内就免费', async () => {
      const id = await at.at_state('diagnosed', { warranty: 'unknown' })
      await ok(at.coordinator, 'free_of_charge', id, { reason: '厂家确认保修到明年三月' })
      expect(await at.values(id)).toMatchObject({ warranty: 'in' })
      expect(await at.state(id)).toBe('approved')
    })

    test('客户不同意：装回原样，通知取机，凭单取回，不收钱', async () => {
      const id = await at.at_state('waiting_consent')
      await ok(at.coordinator, 'refuse', await child(id, 'quotation'), { answer_way: 'phone', refusal: '太贵' },
        'quotation')
      expect(await at.state(id)).toBe('restoring')
      await ok(at.engineer, 'restored', id, { work_done: '已按原样装回，能开机' })
      await ok(at.coordinator, 'notify', id, forms.told)
      await ok(at.engineer, 'test_at_pick_up', id, forms.pickUp)
      await ok(at.coordinator, 'hand_over', id, { ...without(forms.handOver, 'paid_fen'), payment_way: 'none' })
      expect(await at.state(id)).toBe('handed_over')
    })

    test('改价重报后回到结果已出；报价单作废后可以另开一张', async () => {
      const id = await at.at_state('waiting_consent')
      const first = await child(id, 'quotation')
      await ok(at.coordinator, 'revise', first, { reason: '备件降价' }, 'quotation')
      expect(await at.state(id)).toBe('diagnosed')
      await refuses('no_open_quotation', at.coordinator, 'ask_quotation', id, { reason: '重开' })
      await ok(at.coordinator, 'withdraw', first, { reason: '机型写错' }, 'quotation')
      await ok(at.coordinator, 'ask_quotation', id, { reason: '原报价作废', price_proposal_fen: 30_000 })
      expect(await at.children(id, 'quotation')).toMatchObject([{ state: 'withdrawn' }, { state: 'drafting' }])
    })

    test('维修中发现别的故障：另行报价，同意后接着修', async () => {
      const id = await at.at_state('repairing')
      await ok(at.engineer, 'ask_quotation', id, { reason: '主板也坏了', price_proposal_fen: 60_000 })
      expect(await at.state(id)).toBe('diagnosed')
      const second = (await at.children(id, 'quotation')).find(({ state }) => state === 'drafting')!.id
      await ok(at.coordinator, 'price', second, forms.price, 'quotation')
      await ok(at.coordinator, 'send', second, forms.phoned, 'quotation')
      await ok(at.coordinator, 'accept', second, { answer_way: 'phone' }, 'quotation')
      expect(await at.state(id)).toBe('approved')
    })
  })

  describe('维修与备件', () => {
    const requests = async (id: string, part: string) => {
      const { id: request } = done(await at.act(at.engineer, 'part_request', 'request', null,
        { parent: id, lines: [{ part, quantity: pieces(1) }] }))
      await at.settled()
      if (await at.state(request) === 'requested') await ok(at.lead, 'consent', request, {}, 'part_request')
      return request
    }

    test('S4-126 同意后派给验机的工程师，工程师得到通知；十五分钟没派就提醒', async () => {
      fresh()
      const id = await at.at_state('approved')
      await refuses('handler', at.coordinator, 'dispatch_repair', id)
      expect(await at.clock(id, 'dispatch')).toMatchObject({ due_at: at10 + 15 * 60_000 })
      await at.until(at10 + 16 * 60_000)
      expect(await at.clock(id, 'dispatch')).toMatchObject({ state: 'late' })
      await ok(at.coordinator, 'dispatch_repair', id, { handler: at.engineer.id })
      expect(await at.followed(id)).toContain('send repair_dispatched')
      expect(await at.values(id)).toMatchObject({ handler: at.engineer.id, agreed_fen: 48_000 })
    })

    test('S4-203 硬件维修先做好防静电，软件维修不用', async () => {
      const id = await at.at_state('dispatched')
      await refuses('esd', at.engineer, 'start_repair', id, { work_kind: 'hardware' })
      await ok(at.engineer, 'start_repair', id, { work_kind: 'software' })
    })

    test('S4-131 S4-128 S4-211 完工写处理方法、清洁、五件事；领出的备件没结清不能完工', async () => {
      const id = await at.at_state('repairing')
      const film = await at.part(`RG5-${id.slice(-6)}`, { price_fen: 3_000 }, 5)
      const request = await requests(id, film)
      await ok(at.keeper, 'issue', request, {}, 'part_request')
      await refuses('parts_settled', at.engineer, 'finish', id, forms.finish)
      await ok(at.engineer, 'settle', request, { used: [{ part: film, quantity: pieces(1), destination: 'customer' }] },
        'part_request')
      for (const name of ['work_done', 'printer_cleaning', 'finish_steps']) {
        await refuses(name, at.engineer, 'finish', id, without(forms.finish, name))
      }
      expect(done(await does(at.engineer, 'finish', id, forms.finish)).state).toBe('waiting_close_out')
      expect(await at.values(id)).toMatchObject({ repairer: at.engineer.id, shelf: 'ok', folder: 'waiting_close_out' })
    })

    test('S4-129 S4-148 写 OK、上完工架，少一步都不行；没通过的检查要说明', async () => {
      const id = await at.at_state('repairing')
      for (const step of ['ok_mark', 'shelf']) {
        await refuses(`finish_steps.${step}`, at.engineer, 'finish', id,
          { ...forms.finish, finish_steps: without(forms.finish.finish_steps, step) })
      }
      const failed = { ...forms.finish.printer_test, trays: { answer: 'fail' } }
      await refuses('printer_test.trays.note', at.engineer, 'finish', id, { ...forms.finish, printer_test: failed })
      const said = { ...forms.finish.printer_test, trays: { answer: 'fail', note: '纸盒 3 客户不修' } }
      await ok(at.engineer, 'finish', id, { ...forms.finish, printer_test: said })
    })

    test('S4-164 S4-127 三个工作日修好、备件齐全八小时；等备件时两个钟都停', async () => {
      fresh()
      const id = await at.at_state('repairing')
      const board = await at.part(`Q-${id.slice(-6)}`, { price_fen: 3_000 })
      await at.until(at10 + 2 * hour)
      const request = await requests(id, board)
      await ok(at.keeper, 'mark_out_of_stock', request, {}, 'part_request')
      expect(await at.state(id)).toBe('waiting_part')
      expect(await at.clock(id, 'bench')).toMatchObject({ state: 'paused', elapsed_ms: 2 * hour })
      expect(await at.clock(id, 'repair')).toMatchObject({ state: 'paused' })
      await ok(at.coordinator, 'order', request, { customer_consent: 'phone', supplier: '华南备件' }, 'part_request')
      const purchase = await child(request, 'purchase')
      await ok(at.coordinator, 'order', purchase, { supplier: '华南备件', eta: '2026-11-26', amount_fen: 2_000 },
        'purchase')
      await at.until(at10 + 3 * day)
      await ok(at.coordinator, 'arrive', purchase, {}, 'purchase')
      await ok(at.keeper, 'check_in', purchase, { checked: [{ part: board, passed: pieces(1) }] }, 'purchase')
      expect(await at.state(id)).toBe('dispatched')
      expect(await at.clock(id, 'bench')).toMatchObject({ state: 'running', elapsed_ms: 2 * hour })
      await at.until(at10 + 3 * day + 4.1 * hour)
      expect((await at.clock(id, 'bench')).steps[0]).toMatchObject({ key: 'soon', struck: 'yes' })
      await at.until(at10 + 3 * day + 6.1 * hour)
      expect(await at.clock(id, 'bench')).toMatchObject({ state: 'late' })
      await at.until(at10 + 8 * day)
      expect(await at.clock(id, 'repair')).toMatchObject({ state: 'late' })
    })

    test('S4-147 S4-135 S4-141 缺件：机器上备件架，告知客户到货时间；还缺别的就接着等', async () => {
      fresh()
      const id = await at.at_state('repairing')
      const [one, two] = [await at.part(`A-${id.slice(-6)}`, { price_fen: 100 }), await at.part(`B-${id.slice(-6)}`,
        { price_fen: 100 })]
      const [first, second] = [await requests(id, one), await requests(id, two)]
      await ok(at.keeper, 'mark_out_of_stock', first, {}, 'part_request')
      await ok(at.keeper, 'mark_out_of_stock', second, {}, 'part_request')
      expect(await at.values(id)).toMatchObject({ shelf: 'waiting_part', wait_reason: 'part' })
      await refuses('eta', at.coordinator, 'tell_about_part', id, {})
      await ok(at.coordinator, 'tell_about_part', id, { eta: '一周到十天', customer_reaction: '可以等' })
      await ok(at.keeper, 'arrive', first, {}, 'part_request')
      expect(await at.state(id)).toBe('waiting_part')
      await ok(at.keeper, 'arrive', second, {}, 'part_request')
      expect(await at.state(id)).toBe('dispatched')
    })

    test('S4-217 第二次还要订备件：自动升级；第一次不升级', async () => {
      fresh()
      const id = await at.at_state('repairing')
      const board = await at.part(`C-${id.slice(-6)}`, { price_fen: 100 })
      const first = await requests(id, board)
      await ok(at.keeper, 'mark_out_of_stock', first, {}, 'part_request')
      expect(await at.values(id)).toMatchObject({ escalation: 0 })
      await ok(at.coordinator, 'order', first, { customer_consent: 'phone' }, 'part_request')
      await ok(at.coordinator, 'stop_waiting', id, { reason: '客户自带一块主板先试' })
      await ok(at.engineer, 'part_out_of_stock', id)
      expect(await at.values(id)).toMatchObject({ escalation: 1 })
    })

    test('不再等件、不修了：都有出路', async () => {
      const id = await at.at_state('repairing')
      await ok(at.coordinator, 'part_out_of_stock', id)
      await ok(at.coordinator, 'stop_waiting', id, { reason: '客户自带备件' })
      await ok(at.coordinator, 'give_up', id, { reason: '客户不想修了' })
      expect(await at.state(id)).toBe('restoring')
    })

    test('S4-137 修不了的当天或次日送到同行；逾期提醒', async () => {
      fresh()
      const id = await at.at_state('repairing')
      await ok(at.engineer, 'pass_to_peer', id, { reason: '须激光校准' })
      await at.until(at10 + 1.5 * day)
      expect(await at.clock(id, 'to_peer')).toMatchObject({ state: 'late' })
      await refuses('peer', at.coordinator, 'send_to_peer', id, { reason: '须激光校准' })
      await ok(at.coordinator, 'send_to_peer', id, { peer: '天河同行', reason: '须激光校准' })
      expect(await at.values(id)).toMatchObject({ shelf: 'at_peer' })
    })

    test('S4-138 S4-139 S4-252 同行处：四小时跟单，八小时答复客户；修好送回接着做', async () => {
      fresh()
      const id = await at.at_state('repairing')
      await ok(at.coordinator, 'send_to_peer', id, { peer: '天河同行', reason: '须激光校准' })
      expect(await at.clock(id, 'peer_answer')).toMatchObject({ state: 'running', due_at: at10 + 4 * hour })
      await at.until(at10 + 2 * hour)
      await ok(at.coordinator, 'peer_progress', id, { progress: '同行已拆机' })
      expect(await at.clock(id, 'peer_answer')).toMatchObject({ state: 'kept' })
      await at.until(at10 + day)
      expect(await at.clock(id, 'peer')).toMatchObject({ state: 'late' })
      await ok(at.coordinator, 'back_from_peer', id, { peer_outcome: 'repaired', peer_cost_fen: 20_000 })
      expect(await at.state(id)).toBe('repairing')
    })

    test('客户没同意过的，同行送回先报价', async () => {
      fresh()
      const id = await at.at_state('testing')
      await ok(at.coordinator, 'send_to_peer', id, { peer: '天河同行', reason: '没有工具' })
      await ok(at.coordinator, 'back_from_peer', id, { peer_outcome: 'repaired' })
      expect(await at.state(id)).toBe('testing')
    })

    test('S4-220 S4-221 电脑：自检配置一致，诊断软件全测', async () => {
      const who = await at.customer({}, { product_kind: 'pc', brand: 'Lenovo', model: 'ThinkCentre M910' })
      const id = await at.open({ warranty: 'in' }, who)
      await ok(at.engineer, 'inspect', id, forms.inspection)
      await ok(at.coordinator, 'receive', id, forms.intake(at.app.now))
      await ok(at.engineer, 'take_for_test', id)
      await ok(at.engineer, 'record_result', id, forms.result)
      await ok(at.coordinator, 'dispatch_repair', id, { handler: at.engineer.id })
      await ok(at.engineer, 'start_repair', id, forms.start)
      const { computerCleaning, computerTest, passed } = await import('../repair.ts')
      const form = { work_done: '换内存', computer_test: passed(computerTest), computer_cleaning: passed(computerCleaning),
        finish_steps: forms.finish.finish_steps }
      await refuses('computer_test', at.engineer, 'finish', id, without(form, 'computer_test'))
      for (const step of ['power_on', 'diagnostic']) {
        await refuses(`computer_test.${step}`, at.engineer, 'finish', id,
          { ...form, computer_test: without(form.computer_test, step) })
      }
      expect(done(await does(at.engineer, 'finish', id, form)).state).toBe('waiting_close_out')
    })

    test('S4-225 其他产品按手册逐项测试', async () => {
      const who = await at.customer({}, { product_kind: 'scanner', model: 'ScanJet Pro 3000' })
      const id = await at.open({}, who)
      await ok(at.engineer, 'inspect', id, { ...forms.inspection, fixable_on_spot: 'yes' })
      const form = { work_done: '重装驱动', satisfied: 'yes', payment_way: 'none', signed_way: 'paper' }
      await refuses('other_test', at.engineer, 'fix_on_spot', id, form)
      await refuses('other_test.by_manual', at.engineer, 'fix_on_spot', id, { ...form, other_test: {} })
      await ok(at.engineer, 'fix_on_spot', id,
        { ...form, other_test: { by_manual: { answer: 'pass', note: '手册第 4 章' } } })
    })

    test('S4-222 S4-223 S4-224 打印机：自检、联机、连续十页', async () => {
      const id = await at.at_state('repairing')
      for (const step of ['self_test', 'online_print', 'ten_pages']) {
        await refuses(`printer_test.${step}`, at.engineer, 'finish', id,
          { ...forms.finish, printer_test: without(forms.finish.printer_test, step) })
      }
    })

    test('S4-140 S4-150 遗失损坏：写明经过立案，先经理定方案，再告知客户', async () => {
      const id = await at.at_state('repairing')
      await refuses('loss', at.engineer, 'report_loss', id)
      await ok(at.engineer, 'report_loss', id, { loss: '搬动时外壳碰裂' })
      const incident = await child(id, 'incident')
      await refuses('wrong_state', at.coordinator, 'tell_customer', incident, { answer: '同意' }, 'incident')
      await ok(at.boss, 'decide', incident, { solution: '免费换新外壳' }, 'incident')
      await ok(at.coordinator, 'tell_customer', incident, { answer: '客户接受' }, 'incident')
      expect(await at.state(incident)).toBe('told')
    })

    test('S4-142 备用机借出有登记，不还不能取机', async () => {
      const id = await at.at_state('repairing')
      await ok(at.coordinator, 'lend', id, { loan_what: 'LaserJet P2055（备 3 号）' })
      await ok(at.engineer, 'finish', id, forms.finish)
      await ok(at.coordinator, 'notify', id, forms.told)
      await ok(at.engineer, 'test_at_pick_up', id, forms.pickUp)
      await refuses('loan_returned', at.coordinator, 'hand_over', id, forms.handOver)
      await ok(at.coordinator, 'take_back', await child(id, 'loan'), { condition: 'good' }, 'loan')
      await ok(at.coordinator, 'hand_over', id, forms.handOver)
    })

    test('S4-143 机器和纸单随时移位，都有记录', async () => {
      const id = await at.at_state('repairing')
      await ok(at.engineer, 'move', id, { shelf: '3 号架第 2 层' })
      expect(await at.values(id)).toMatchObject({ shelf: '3 号架第 2 层', folder: 'waiting_consent' })
    })
  })

  describe('承诺', () => {
    test('S4-134 承诺可能落空：到期前就让协调员先联系客户；改约记下谁先联系', async () => {
      fresh()
      const id = await at.at_state('waiting_test')
      const promised = at10 + 3 * day
      expect(await at.clock(id, 'promise_risk')).toMatchObject({ state: 'running', due_at: promised - 4 * hour })
      await at.until(promised - 3.9 * hour)
      const tasks = await at.children(id, 'task')
      expect(tasks).toMatchObject([{ title: '承诺的时间快到了，请先联系客户', team: 'coordinator' }])
      expect(await at.clock(id, 'promise')).toMatchObject({ state: 'running' })
      await ok(at.coordinator, 'change_promise', id, { promised_at: new Date(promised + day).toISOString(),
        reason: '备件未到', who_called_first: 'us' })
      expect(await at.clock(id, 'promise_risk')).toMatchObject({ state: 'running', due_at: promised + 20 * hour })
      await at.until(promised + day + hour)
      expect(await at.clock(id, 'promise')).toMatchObject({ state: 'late' })
    })
  })

  describe('通知取机与交机', () => {
    test('S4-110 S4-113 修好第一时间通知；通知到本人才转入等待取机', async () => {
      fresh()
      const id = await at.at_state('waiting_close_out')
      expect(await at.clock(id, 'tell_ready')).toMatchObject({ state: 'running' })
      await ok(at.coordinator, 'notify', id, forms.told)
      expect(await at.values(id)).toMatchObject({ folder: 'waiting_pick_up', notify_attempts: 1,
        notified_at: new Date(at10).toISOString() })
      const late = await at.at_state('waiting_close_out')
      await at.until(at10 + day + hour)
      expect(await at.clock(late, 'tell_ready')).toMatchObject({ state: 'late' })
    })

    test('S4-112 取机电话要说到：哪台机器、修好了、何时来、带客户联', async () => {
      const id = await at.at_state('waiting_close_out')
      await refuses('told_points', at.coordinator, 'notify', id, without(forms.told, 'told_points'))
    })

    test('S4-114 请人转告要记姓名，隔天再打', async () => {
      fresh()
      const id = await at.at_state('waiting_close_out')
      await refuses('message_taker', at.coordinator, 'notify', id, { outcome: 'message_left' })
      await ok(at.coordinator, 'notify', id, { outcome: 'message_left', message_taker: '前台小李' })
      expect(await at.state(id)).toBe('waiting_close_out')
      expect(await at.children(id, 'task')).toMatchObject([{ title: '再次通知客户取机', team: 'coordinator' }])
      await ok(at.coordinator, 'notify', id, forms.told)
      expect(await at.state(id)).toBe('waiting_pick_up')
    })

    test('S4-115 联系不上隔天再打，打到通知为止；三次不成请主管定', async () => {
      fresh()
      const id = await at.at_state('waiting_close_out')
      await ok(at.coordinator, 'notify', id, { outcome: 'unreached' })
      expect(await at.clock(id, 'call_again')).toMatchObject({ state: 'running', due_at: at10 + day })
      await at.until(at10 + day + hour)
      expect(await at.clock(id, 'call_again')).toMatchObject({ state: 'late' })
      await ok(at.coordinator, 'notify', id, { outcome: 'unreached' })
      expect(await at.clock(id, 'call_again')).toMatchObject({ state: 'running' })
      expect(await at.followed(id)).not.toContain('send tried_often')
      await ok(at.coordinator, 'notify', id, { outcome: 'unreached' })
      expect(await at.followed(id)).toContain('send tried_often')
      expect(await at.values(id)).toMatchObject({ notify_attempts: 3 })
    })

    test('S4-119 S4-193 没有验机不能交机', async () => {
      fresh()
      const id = await at.at_state('waiting_pick_up')
      await refuses('tested_or_excused', at.coordinator, 'hand_over', id, forms.handOver)
      await ok(at.engineer, 'test_at_pick_up', id, forms.pickUp)
      expect(done(await does(at.coordinator, 'hand_over', id, forms.handOver)).state).toBe('handed_over')
    })

    test('S4-194 S4-195 S4-196 S4-197 取机验机：当面、原故障、全部功能、说明原因', async () => {
      const id = await at.at_state('waiting_pick_up')
      for (const step of ['before_customer', 'fault_gone', 'all_functions', 'cause_told']) {
        await refuses(`pick_up_test.${step}`, at.engineer, 'test_at_pick_up', id,
          { pick_up_test: without(forms.pickUp.pick_up_test, step) })
      }
    })

    test('S4-198 S4-199 S4-200 S4-201 取机验机：保养、配置附件、其他要求、留联系方式', async () => {
      const id = await at.at_state('waiting_pick_up')
      for (const step of ['care_told', 'configuration_same', 'other_requests', 'contact_given']) {
        await refuses(`pick_up_test.${step}`, at.engineer, 'test_at_pick_up', id,
          { pick_up_test: without(forms.pickUp.pick_up_test, step) })
      }
    })

    test('S4-116 S4-117 S4-118 S4-121 凭客户联、取单取机、问满意、签收', async () => {
      const id = await at.at_state('waiting_pick_up')
      await ok(at.engineer, 'test_at_pick_up', id, forms.pickUp)
      for (const name of ['copy_shown', 'satisfied', 'fetched', 'payment_way']) {
        await refuses(name, at.coordinator, 'hand_over', id, without(forms.handOver, name))
      }
      await refuses('signature', at.coordinator, 'hand_over', id, { ...forms.handOver, signed_way: 'glass' })
    })

    test('S4-120 S4-149 附件与收机时不符要说明；有缺失的立案', async () => {
      const id = await at.at_state('waiting_pick_up')
      await ok(at.engineer, 'test_at_pick_up', id, forms.pickUp)
      await refuses('attachments_check', at.coordinator, 'hand_over', id, without(forms.handOver, 'attachments_check'))
      const missing = { ...forms.handOver, attachments_check: 'missing' }
      await refuses('difference', at.coordinator, 'hand_over', id, missing)
      await ok(at.coordinator, 'hand_over', id, { ...missing, difference: '少一个硒鼓' })
      expect(await at.children(id, 'incident')).toMatchObject([{ state: 'reported' }])
    })

    test('S4-122 S4-123 交机后问还需什么，告知热线并给名片', async () => {
      const id = await at.at_state('waiting_pick_up')
      await ok(at.engineer, 'test_at_pick_up', id, forms.pickUp)
      await ok(at.coordinator, 'hand_over', id, forms.handOver)
      const [event] = await at.db.read(at.company.id, (reader) => reader.query<{ input: object }>({
        text: `select input from event where record_id = $1 and action = 'hand_over'`, values: [id] }))
      expect(event!.input).toMatchObject({ other_needs: '无', card_given: true })
    })

    test('客户联丢失：核对身份，主管同意', async () => {
      const id = await at.at_state('waiting_pick_up')
      await ok(at.engineer, 'test_at_pick_up', id, forms.pickUp)
      const lost = { ...forms.handOver, copy_shown: 'lost' }
      await refuses('identity_check', at.coordinator, 'hand_over', id, lost)
      await refuses('identity_approved_by', at.coordinator, 'hand_over', id, { ...lost, identity_check: '身份证' })
      await ok(at.coordinator, 'hand_over', id,
        { ...lost, identity_check: '身份证，并回拨单位电话', identity_approved_by: at.supervisor.id })
    })

    test('付款：散客不能月结，欠款不能不付；月结客户可以月结', async () => {
      const id = await at.at_state('waiting_pick_up')
      await ok(at.engineer, 'test_at_pick_up', id, forms.pickUp)
      const unpaid = without(forms.handOver, 'paid_fen')
      await refuses('payment_way', at.coordinator, 'hand_over', id, { ...unpaid, payment_way: 'monthly' })
      await refuses('payment_way', at.coordinator, 'hand_over', id, { ...unpaid, payment_way: 'none' })
      await refuses('paid_fen', at.coordinator, 'hand_over', id, { ...unpaid, payment_way: 'code' })
      const { customer } = await at.values(id)
      await ok(at.coordinator, 'set_settlement', customer as string, { settlement: 'monthly' }, 'customer')
      await ok(at.coordinator, 'hand_over', id, { ...unpaid, payment_way: 'monthly' })
    })

    test('S4-125 没有当场验机的登记原因，一两天后致电', async () => {
      fresh()
      const id = await at.at_state('waiting_pick_up')
      await ok(at.coordinator, 'skip_test', id, { not_tested_reason: '客户赶飞机' })
      await ok(at.coordinator, 'hand_over', id, forms.handOver)
      expect(await at.children(id, 'task')).toMatchObject([{ title: '回访：取机时没有当场验机', team: 'coordinator' }])
      const [due] = await at.db.read(at.company.id, (reader) => reader.query<{ due: string }>({
        text: 'select next_due_at as due from record where parent = $1 and process = $2', values: [id, 'task'] }))
      expect(due!.due).toBe(new Date(at10 + 2 * day).toISOString())
    })

    test('取机时不满意：开投诉，单上做记号', async () => {
      const id = await at.at_state('waiting_pick_up')
      await ok(at.engineer, 'test_at_pick_up', id, forms.pickUp)
      const unhappy = { ...forms.handOver, satisfied: 'no' }
      await refuses('complaint', at.coordinator, 'hand_over', id, unhappy)
      await ok(at.coordinator, 'hand_over', id, { ...unhappy, complaint: '修了五天，说好三天' })
      expect(await at.children(id, 'complaint')).toMatchObject([{ state: 'opened' }])
      expect(await at.values(id)).toMatchObject({ unhappy: true })
    })

    test('S4-132 S4-133 送机：约好时间派人，签收；交回单据货款才能入单', async () => {
      fresh()
      const id = await at.at_state('waiting_close_out')
      await refuses('delivery_at', at.coordinator, 'agree_delivery', id, { handler: at.engineer.id })
      await ok(at.coordinator, 'agree_delivery', id, { delivery_at: new Date(at10 + day).toISOString(),
        handler: at.engineer.id })
      expect(await at.clock(id, 'delivery')).toMatchObject({ state: 'running', due_at: at10 + day })
      await ok(at.engineer, 'deliver', id, { ...forms.pickUp, satisfied: 'yes', payment_way: 'cash', paid_fen: 48_000,
        signed_way: 'paper' })
      await refuses('handed_in', at.coordinator, 'enter', id)
      expect(done(await does(at.coordinator, 'enter', id, { handed_in: true })).state).toBe('entered')
    })
  })
})
