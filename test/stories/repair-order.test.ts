import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { house, monday } from '../company.ts'
import { testDatabases } from '../databases.ts'
import { type RepairCompany, actsOf, day, done, forms, hour, openRepairCompany, without } from '../repair.ts'

/** 10:00 in Shanghai on Monday 2026-11-23; the shop is open from 8:00 to 18:00 on every day. */
const at10 = monday

describe.each(testDatabases())('维修单：接待、检测、报价 on $name', (kind) => {
  let at: RepairCompany
  beforeAll(async () => { at = await openRepairCompany(kind) })
  afterAll(() => at.close())

  const { ok, refuses, child, does } = actsOf(() => at)
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

    test('S4-078 单子由客户自填或协调员代填，谁填的记在单上', async () => {
      const id = await at.open({ warranty: 'in', filled_by: 'customer' })
      expect(await at.values(id)).toMatchObject({ filled_by: 'customer', contact_name: '刘女士' })
    })

    test('S4-077 S4-078 故障现象和联系人必填', async () => {
      const form = { ...await at.customer(), contact_name: '刘女士', contact_phone: '13800000001',
        arrived_as: 'carried_in', symptom: '卡纸', warranty: 'out' }
      await refuses('symptom', at.coordinator, 'open', null as never, without(form, 'symptom'))
      await refuses('contact_name', at.coordinator, 'open', null as never, without(form, 'contact_name'))
      await refuses('warranty', at.coordinator, 'open', null as never, without(form, 'warranty'))
    })

    test('S4-079 S4-184 由柜台请工程师验机，工程师得到通知；客户等了多久有钟可看', async () => {
      fresh()
      const id = await at.open()
      expect(await at.clock(id, 'counter')).toMatchObject({ state: 'running', due_at: at10 + 10 * 60_000 })
      await refuses('wrong_role', at.keeper, 'call_engineer', id, { handler: at.lead.id })
      expect(house.processes.repair_order!.actions.call_engineer!.needs!.handler).toMatchObject({ first: 'lead_engineer' })
      await refuses('handler', at.coordinator, 'call_engineer', id)
      await ok(at.coordinator, 'call_engineer', id, { handler: at.lead.id })
      expect(await at.followed(id)).toContain('send engineer_to_counter')
    })

    test('S4-183 该办的一步是此刻真能办的：请工程师、验机、收机，各归各的人；记录页和我的工作都一样', async () => {
      fresh()
      const id = await at.open()
      expect(await at.due(id)).toEqual({ page: 'call_engineer', live: true, row: 'call_engineer', owed_by: 'coordinator' })
      await ok(at.coordinator, 'call_engineer', id, { handler: at.engineer.id })
      expect(await at.due(id, at.engineer)).toEqual({ page: 'inspect', live: true, row: 'inspect', owed_by: 'handler' })
      expect(await at.due(id)).toMatchObject({ row: null })
      await ok(at.engineer, 'inspect', id, forms.inspection)
      expect(await at.due(id)).toEqual({ page: 'receive', live: true, row: 'receive', owed_by: 'coordinator' })
    })

    test('S4-183 没有验机不能收机，说明原因可以放行', async () => {
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
      for (const name of ['appearance', 'attachments_kept', 'labelled', 'sent_in_on', 'configuration', 'signed_way']) {
        await refuses(name, at.coordinator, 'receive', id, without(form, name))
      }
      await refuses('signature', at.coordinator, 'receive', id, { ...form, signed_way: 'glass' })
    })

    test('S4-086 客户联写着哪天取机：没有另约就是三天', async () => {
      fresh()
      const id = await at.at_state('inspected')
      await ok(at.coordinator, 'receive', id, without(forms.intake(at10), 'promised_at'))
      expect(await at.values(id)).toMatchObject({ promised_at: new Date(at10 + 3 * day).toISOString() })
      expect(await at.clock(id, 'promise')).toMatchObject({ due_at: at10 + 3 * day })
      expect(await at.followed(id)).toContain('print service_record')
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

    test('S4-004 返修挂上原单，写明原因，主管知道，时限更短；不是同一台机器的挂不上', async () => {
      fresh()
      const first = await at.at_state('handed_over')
      const { customer, machine } = await at.values(first) as { customer: string; machine: string }
      const form = { customer, machine, contact_name: '刘女士', contact_phone: '13800000001', arrived_as: 'carried_in',
        symptom: '又卡纸', warranty: 'out', rework_of: first, rework_reason: '修好三天又卡纸' }
      await refuses('rework_reason', at.coordinator, 'open', null as never, without(form, 'rework_reason'))
      await refuses('rework_of', at.coordinator, 'open', null as never, { ...form, ...await at.customer() })
      const { id } = done(await does(at.coordinator, 'open', null as never, form))
      expect(await at.followed(id)).toContain('send rework')
      expect(await at.values(first)).toMatchObject({ came_back: 1 })
      expect((await at.values(id)).title).toMatch(/^返修 /)
      await ok(at.engineer, 'inspect', id, forms.inspection)
      await ok(at.coordinator, 'receive', id, forms.intake(at10))
      expect(await at.clock(id, 'rework')).toMatchObject({ state: 'running', due_at: at10 + day })
      expect(await at.clock(first, 'rework')).toMatchObject({ running: false })
      await at.until(at10 + day + hour)
      expect(await at.clock(id, 'rework')).toMatchObject({ state: 'late' })
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
      await ok(at.engineer, 'record_result', id, { ...forms.result, replaces: 'part' })
      expect(await at.values(id)).toMatchObject({ manual_section: '维修手册 6-12', prevention: '用干燥的纸', replaces: 'part',
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
      expect(await at.due(id, at.engineer)).toEqual({ page: 'settle_mismatch', live: true, row: 'settle_mismatch',
        owed_by: 'handler' })
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
})
