import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { monday } from '../company.ts'
import { storyDatabases } from '../databases.ts'
import { type RepairCompany, actsOf, computerCleaning, computerTest, day, done, forms, hour, openRepairCompany, passed,
  pieces, without } from '../repair.ts'

/** 10:00 in Shanghai on Monday 2026-11-23; the shop is open from 8:00 to 18:00 on every day. */
const at10 = monday

describe.each(storyDatabases())('维修单：维修、备件 on $name', (kind) => {
  let at: RepairCompany
  beforeAll(async () => { at = await openRepairCompany(kind) })
  afterAll(() => at.close())

  const { ok, refuses, child, does } = actsOf(() => at)
  const fresh = () => { at.app.now = at10 }

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
      expect(await at.clock(id, 'tell_part')).toMatchObject({ state: 'running', due_at: at10 + 4 * hour })
      await at.until(at10 + 4.1 * hour)
      expect(await at.clock(id, 'tell_part')).toMatchObject({ state: 'late' })
      await ok(at.coordinator, 'tell_about_part', id, { eta: '一周到十天', customer_reaction: '可以等' })
      expect(await at.values(id)).toMatchObject({ special_told: 1 })
      await ok(at.keeper, 'arrive', first, {}, 'part_request')
      expect(await at.state(id)).toBe('waiting_part')
      await ok(at.keeper, 'arrive', second, {}, 'part_request')
      expect(await at.state(id)).toBe('dispatched')
    })

    test('S4-141 难修的也先告诉客户：说明现状、给出建议，每一次都数得着', async () => {
      const id = await at.at_state('repairing')
      const form = { said: '故障较难，主管工程师在会诊，可能要晚两天', eta: '后天下班前', proposal: 'lend', customer_reaction: '同意借机' }
      for (const name of ['said', 'eta', 'proposal']) {
        await refuses(name, at.engineer, 'tell_about_delay', id, without(form, name))
      }
      await ok(at.coordinator, 'tell_about_delay', id, form)
      await ok(at.coordinator, 'tell_about_delay', id, { ...form, eta: '大后天' })
      expect(await at.values(id)).toMatchObject({ special_told: 2 })
    })

    test('S4-147 等客户同意的机器也上备件架，印出原因；同意后去掉', async () => {
      const id = await at.at_state('waiting_consent')
      expect(await at.values(id)).toMatchObject({ shelf: 'waiting_part', wait_reason: 'quote' })
      expect(await at.followed(id)).toContain('print machine_note')
      const going = await at.at_state('approved')
      expect(await at.values(going)).toMatchObject({ wait_reason: null })
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

    test('S4-252 同行维修：四小时内答复客户；只问了同行不算答复', async () => {
      fresh()
      const id = await at.at_state('testing')
      await ok(at.coordinator, 'send_to_peer', id, { peer: '天河同行', reason: '须激光校准' })
      expect(await at.clock(id, 'peer_answer')).toMatchObject({ state: 'running', due_at: at10 + 4 * hour })
      await at.until(at10 + 2 * hour)
      await ok(at.coordinator, 'peer_progress', id, { progress: '同行已拆机' })
      expect(await at.clock(id, 'peer_answer')).toMatchObject({ state: 'running' })
      await ok(at.coordinator, 'reply_customer', id, { reply_way: 'phone', reply: '已送同行，今天下班前给您结果' })
      expect(await at.clock(id, 'peer_answer')).toMatchObject({ state: 'kept' })
      fresh()
      const late = await at.at_state('testing')
      await ok(at.coordinator, 'send_to_peer', late, { peer: '天河同行', reason: '须激光校准' })
      await at.until(at10 + 4.1 * hour)
      expect(await at.clock(late, 'peer_answer')).toMatchObject({ state: 'late' })
    })

    test('S4-138 送同行的，从收机算起八小时内给客户同行的结果；不送同行的没有这个钟', async () => {
      fresh()
      const id = await at.at_state('testing')
      expect(await at.clock(id, 'peer')).toMatchObject({ running: false })
      await at.until(at10 + hour)
      await ok(at.coordinator, 'send_to_peer', id, { peer: '天河同行', reason: '须激光校准' })
      expect(await at.clock(id, 'peer')).toMatchObject({ state: 'running', due_at: at10 + 8 * hour })
      await at.until(at10 + 6.1 * hour)
      expect((await at.clock(id, 'peer')).steps[0]).toMatchObject({ key: 'soon', struck: 'yes' })
      await refuses('reply', at.coordinator, 'answer_from_peer', id, { peer_price_fen: 30_000 })
      await ok(at.coordinator, 'answer_from_peer', id, { reply: '同行报三百元，两天修好', peer_price_fen: 30_000 })
      expect(await at.clock(id, 'peer')).toMatchObject({ state: 'kept' })
      fresh()
      const late = await at.at_state('testing')
      await ok(at.coordinator, 'send_to_peer', late, { peer: '天河同行', reason: '须激光校准' })
      await ok(at.coordinator, 'reply_customer', late, { reply_way: 'phone', reply: '已送同行' })
      await at.until(at10 + day)
      expect(await at.clock(late, 'peer')).toMatchObject({ state: 'late' })
    })

    test('S4-139 在同行处的每天跟进，每次记下进度；修好送回接着做', async () => {
      fresh()
      const id = await at.at_state('repairing')
      await ok(at.coordinator, 'send_to_peer', id, { peer: '天河同行', reason: '须激光校准' })
      expect(await at.clock(id, 'peer_follow')).toMatchObject({ state: 'running', due_at: at10 + day })
      await at.until(at10 + day + hour)
      expect(await at.clock(id, 'peer_follow')).toMatchObject({ state: 'late' })
      await refuses('progress', at.coordinator, 'peer_progress', id)
      await ok(at.coordinator, 'peer_progress', id, { progress: '同行已拆机' })
      expect(await at.clock(id, 'peer_follow')).toMatchObject({ state: 'running', due_at: at10 + 2 * day + hour })
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
      await refuses('memory', at.coordinator, 'receive', id, forms.intake(at.app.now))
      await ok(at.coordinator, 'receive', id, { ...forms.intake(at.app.now), ...forms.insides })
      await ok(at.engineer, 'take_for_test', id)
      await ok(at.engineer, 'record_result', id, forms.result)
      await ok(at.coordinator, 'dispatch_repair', id, { handler: at.engineer.id })
      await ok(at.engineer, 'start_repair', id, forms.start)
      const form = { work_done: '换内存', computer_test: passed(computerTest), computer_cleaning: passed(computerCleaning),
        finish_steps: forms.finish.finish_steps, cpu_now: 'I5-6500', memory_now: '8GB', disk_now: '256GB SSD',
        diagnostic_tool: 'HP PC Hardware Diagnostics' }
      for (const name of ['computer_test', 'memory_now', 'diagnostic_tool']) {
        await refuses(name, at.engineer, 'finish', id, without(form, name))
      }
      const bigger = { ...form, memory_now: '16 GB' }
      await refuses('configuration_change', at.engineer, 'finish', id, bigger)
      for (const step of ['power_on', 'diagnostic']) {
        await refuses(`computer_test.${step}`, at.engineer, 'finish', id,
          { ...form, computer_test: without(form.computer_test, step) })
      }
      expect(done(await does(at.engineer, 'finish', id, { ...bigger, configuration_change: '客户加买一条内存' })).state)
        .toBe('waiting_close_out')
    })

    test('S4-220 收机时看不清的不比较', async () => {
      const who = await at.customer({}, { product_kind: 'notebook', brand: 'HP', model: 'ProBook 440' })
      const id = await at.open({ warranty: 'in' }, who)
      await ok(at.engineer, 'inspect', id, forms.inspection)
      await ok(at.coordinator, 'receive', id, { ...forms.intake(at.app.now), cpu: '不详', memory: '看不清', disk: '不详' })
      await ok(at.engineer, 'take_for_test', id)
      await ok(at.engineer, 'record_result', id, forms.result)
      await ok(at.coordinator, 'dispatch_repair', id, { handler: at.engineer.id })
      await ok(at.engineer, 'start_repair', id, forms.start)
      await ok(at.engineer, 'finish', id, { work_done: '换风扇', computer_test: passed(computerTest),
        computer_cleaning: passed(computerCleaning), finish_steps: forms.finish.finish_steps, cpu_now: 'i5-8250U',
        memory_now: '8GB', disk_now: '1TB', diagnostic_tool: '出厂自检' })
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
      await refuses('pages_printed', at.engineer, 'finish', id, without(forms.finish, 'pages_printed'))
      await refuses('pages_printed', at.engineer, 'finish', id, { ...forms.finish, pages_printed: 9 })
      await ok(at.engineer, 'finish', id, { ...forms.finish, pages_printed: 10 })
    })
  })
})
