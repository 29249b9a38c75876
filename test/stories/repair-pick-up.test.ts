import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadCase } from '../../src/server/case.ts'
import { withClient } from '../../src/server/database-roles.ts'
import { fireDue } from '../../src/server/schedules.ts'
import { usualAnswers } from '../../src/server/usual.ts'
import { monday } from '../company.ts'
import { storyDatabases } from '../databases.ts'
import { type RepairCompany, actsOf, day, done, forms, hour, openRepairCompany, without } from '../repair.ts'

/** 10:00 in Shanghai on Monday 2026-11-23; the shop is open from 8:00 to 18:00 on every day. */
const at10 = monday

const toner = { name: '硒鼓', pieces: 1, mark: 'A12' }
const cable = { name: '数据线', pieces: 2 }

describe.each(storyDatabases())('维修单：通知取机、交机、送机 on $name', (kind) => {
  let at: RepairCompany
  beforeAll(async () => { at = await openRepairCompany(kind) })
  afterAll(() => at.close())

  const { ok, refuses, does } = actsOf(() => at)
  const fresh = () => { at.app.now = at10 }

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

    test('没有要付的钱，交机表以「无须付款」开始；要付钱的不预选', async () => {
      fresh()
      const id = await at.at_state('waiting_pick_up')
      const begins = () => at.db.read(at.company.id, async (reader) => {
        const ctx = at.ctx(at.coordinator)
        return usualAnswers(ctx, (await loadCase(ctx, reader, 'repair_order', id, false))!, 'hand_over').payment_way
      })
      const as = (what: string) => withClient(at.database.owner, async (client) => {
        await client.query(`select set_config('app.company', $1, false)`, [String(at.company.id)])
        await client.query(`update repair_order set ${what} where id = $1`, [id])
      })
      for (const [what, said] of [[`warranty = 'out', agreed_fen = 28000`, undefined], [`agreed_fen = 0`, 'none'],
        [`agreed_fen = null`, undefined], [`warranty = 'in'`, 'none']] as const) {
        await as(what)
        expect(await begins(), what).toBe(said)
      }
    })

    test('S4-111 每天定时提醒清点「等待结单」夹', async () => {
      const round = () => at.db.read(at.company.id, (reader) => reader.query<{ team: string }>({
        text: `select team from record where process = 'task' and title like '清点「等待结单」夹%'` }))
      const day1 = Date.parse('2026-11-24T10:00+08:00')
      at.app.now = day1
      await fireDue(at.app)
      expect(await round()).toEqual([])
      at.app.now = day1 + 4.9 * hour
      await fireDue(at.app)
      expect(await round()).toEqual([])
      at.app.now = day1 + 5 * hour
      await fireDue(at.app)
      at.app.now = day1 + day + 6 * hour
      await fireDue(at.app)
      expect(await round()).toEqual([{ team: 'coordinator' }, { team: 'coordinator' }])
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

    test('S4-120 S4-149 留下的附件逐件打勾交还，没有交还的写明原因，否则不能交机', async () => {
      const id = await at.at_state('waiting_pick_up', {}, { attachments: [toner, cable] })
      await ok(at.engineer, 'test_at_pick_up', id, forms.pickUp)
      const back = (...rows: object[]) => ({ ...forms.handOver, attachments_returned: rows })
      await refuses('attachments_returned', at.coordinator, 'hand_over', id, without(forms.handOver, 'attachments_returned'))
      // Neither ticked nor explained: the piece is named.
      const open = await does(at.coordinator, 'hand_over', id, back({ ...toner, returned: true }, { ...cable, returned: false }))
      expect(open).toMatchObject({ ok: false, refusal: { code: 'bad_input',
        fields: [{ field: 'attachments_returned.1', code: 'piece_open', params: { name: '数据线 ×2' } }] } })
      // A row left out is open too; one that was never left is no answer.
      await refuses('attachments_returned', at.coordinator, 'hand_over', id, back({ ...toner, returned: true }))
      await refuses('attachments_returned.2', at.coordinator, 'hand_over', id,
        back({ ...toner, returned: true }, { ...cable, returned: true }, { name: '电源线', pieces: 1, returned: true }))
      const kept = back({ ...toner, returned: true }, { ...cable, not_returned: '换了新线，旧线客户不要' })
      await refuses('attachments_check', at.coordinator, 'hand_over', id, kept)
      await ok(at.coordinator, 'hand_over', id, { ...kept, attachments_check: 'differs', difference: '旧数据线客户不要' })
    })

    test('S4-120 S4-149 附件与收机时不符要说明；有缺失的立案', async () => {
      const id = await at.at_state('waiting_pick_up')
      await ok(at.engineer, 'test_at_pick_up', id, forms.pickUp)
      await refuses('attachments_check', at.coordinator, 'hand_over', id, without(forms.handOver, 'attachments_check'))
      const missing = { ...forms.handOver, attachments_check: 'missing',
        attachments_returned: [{ ...toner, not_returned: '找不到了' }] }
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

    test('S4-119 请工程师到前台验机，工程师得到通知', async () => {
      const id = await at.at_state('waiting_pick_up')
      await refuses('handler', at.coordinator, 'call_to_test', id)
      await ok(at.coordinator, 'call_to_test', id, { handler: at.lead.id })
      expect(await at.followed(id)).toContain('send engineer_to_counter')
      expect(await at.values(id)).toMatchObject({ handler: at.lead.id })
    })

    test('S4-117 客户联丢失：核对身份，主管同意，印出记录请客户签字', async () => {
      const id = await at.at_state('waiting_pick_up')
      await ok(at.engineer, 'test_at_pick_up', id, forms.pickUp)
      const lost = { ...forms.handOver, copy_shown: 'lost' }
      await refuses('identity_check', at.coordinator, 'hand_over', id, lost)
      await refuses('identity_approved_by', at.coordinator, 'hand_over', id, { ...lost, identity_check: '身份证' })
      await refuses('identity_approved_by', at.coordinator, 'hand_over', id,
        { ...lost, identity_check: '身份证', identity_approved_by: at.engineer.id })
      await ok(at.coordinator, 'hand_over', id,
        { ...lost, identity_check: '身份证，并回拨单位电话', identity_approved_by: at.supervisor.id })
      expect(await at.followed(id)).toEqual(expect.arrayContaining(['print identity_note', 'send identity_checked']))
    })

    test('交机印保养卡；当场付款的印收据，出示了客户联的不印身份记录', async () => {
      const id = await at.at_state('handed_over')
      const prints = (await at.followed(id)).filter((one) => one.startsWith('print'))
      expect(prints).toEqual(expect.arrayContaining(['print care_note', 'print receipt']))
      expect(prints).not.toContain('print identity_note')
    })

    test('修好一个月没人来取：协调员再联系，主管知道；取走了就不再催', async () => {
      fresh()
      const id = await at.at_state('waiting_pick_up')
      await at.until(at10 + 15.1 * day)
      expect((await at.clock(id, 'uncollected')).steps[0]).toMatchObject({ key: 'soon', struck: 'yes' })
      expect(await at.children(id, 'task')).toEqual([])
      await at.until(at10 + 30.1 * day)
      expect(await at.clock(id, 'uncollected')).toMatchObject({ state: 'late' })
      expect(await at.children(id, 'task')).toMatchObject([{ team: 'coordinator' }])
      expect(await at.followed(id)).toContain('send left_here')
      expect(await at.values(id)).toMatchObject({ left_here_at: new Date(at10 + 30.1 * day).toISOString() })
      fresh()
      const gone = await at.at_state('handed_over')
      expect((await at.clock(gone, 'uncollected')).running).toBe(false)
    })

    test('单据可以重印，印哪一种、谁印的都留在历史里', async () => {
      const id = await at.at_state('handed_over')
      const before = (await at.followed(id)).length
      await ok(at.engineer, 'reprint', id, { paper: 'repair_label' })
      await ok(at.coordinator, 'reprint', id)
      await refuses('paper', at.coordinator, 'reprint', id, { paper: 'poster' })
      expect((await at.followed(id)).slice(before)).toEqual(['print repair_label', 'print service_record'])
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
        signed_way: 'paper', attachments_returned: forms.handOver.attachments_returned })
      await refuses('handed_in', at.coordinator, 'enter', id)
      expect(done(await does(at.coordinator, 'enter', id, { handed_in: true })).state).toBe('entered')
    })
  })
})
