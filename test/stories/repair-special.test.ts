import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { monday } from '../company.ts'
import { storyDatabases } from '../databases.ts'
import { type RepairCompany, actsOf, day, done, forms, hour, openRepairCompany } from '../repair.ts'

/** 10:00 in Shanghai on Monday 2026-11-23; the shop is open from 8:00 to 18:00 on every day. */
const at10 = monday

describe.each(storyDatabases())('维修单：遗失损坏、备用机、保管、承诺 on $name', (kind) => {
  let at: RepairCompany
  beforeAll(async () => { at = await openRepairCompany(kind) })
  afterAll(() => at.close())

  const { ok, refuses, child } = actsOf(() => at)
  const fresh = () => { at.app.now = at10 }

  describe('遗失损坏、备用机、保管', () => {
    test('S4-140 S4-150 遗失损坏：写明经过立案，先经理定方案，再告知客户', async () => {
      const id = await at.at_state('repairing')
      await refuses('loss', at.engineer, 'report_loss', id)
      await ok(at.engineer, 'report_loss', id, { loss: '搬动时外壳碰裂' })
      const incident = await child(id, 'incident')
      await refuses('wrong_state', at.coordinator, 'tell_customer', incident, { answer: '同意' }, 'incident')
      const decided = { solution: '免费换新外壳', solution_kind: 'repair' }
      await refuses('wrong_role', at.coordinator, 'decide', incident, decided, 'incident')
      await ok(at.boss, 'decide', incident, decided, 'incident')
      expect(await at.followed(incident)).toEqual(expect.arrayContaining(['send incident', 'print incident_report']))
      await refuses('customer_answer', at.coordinator, 'tell_customer', incident, { answer: '好' }, 'incident')
      await refuses('wrong_role', at.engineer, 'reprint', incident, {}, 'incident')
      await ok(at.coordinator, 'reprint', incident, {}, 'incident')
      expect((await at.followed(incident)).filter((one) => one === 'print incident_report')).toHaveLength(2)
      await ok(at.coordinator, 'tell_customer', incident, { answer: '要赔新机', customer_answer: 'refused' }, 'incident')
      expect(await at.state(incident)).toBe('refused')
      await ok(at.boss, 'decide', incident, { solution: '免费换新外壳，另赠硒鼓', solution_kind: 'repair' }, 'incident')
      await ok(at.coordinator, 'tell_customer', incident, { answer: '客户接受', customer_answer: 'accepted' }, 'incident')
      expect(await at.state(incident)).toBe('told')
      expect(await at.values(incident, 'incident')).toMatchObject({ proposals: 2 })
    })

    test('S4-150 遗失损坏：四小时内定方案，逾时提醒；赔得多的由经理定', async () => {
      fresh()
      const id = await at.at_state('repairing')
      await ok(at.engineer, 'report_loss', id, { loss: '主板烧毁' })
      const incident = await child(id, 'incident')
      expect(await at.clock(incident, 'decide', 'incident')).toMatchObject({ state: 'running', due_at: at10 + 4 * hour })
      await at.until(at10 + 4.1 * hour)
      expect(await at.clock(incident, 'decide', 'incident')).toMatchObject({ state: 'late' })
      const money = { solution: '赔付', solution_kind: 'money', compensation_fen: 80_000 }
      await refuses('compensation_fen', at.supervisor, 'decide', incident, money, 'incident')
      await ok(at.boss, 'decide', incident, money, 'incident')
      expect(await at.clock(incident, 'tell', 'incident')).toMatchObject({ state: 'running' })
    })

    test('S4-142 备用机借出有登记，不还不能取机；到期没还就催', async () => {
      fresh()
      const id = await at.at_state('repairing')
      await ok(at.coordinator, 'lend', id, { loan_what: 'LaserJet P2055（备 3 号）', loan_accessories: '电源线',
        loan_until: '2026-11-24' })
      const lent = await child(id, 'loan')
      expect(await at.followed(lent)).toContain('print loan_slip')
      expect(await at.values(lent, 'loan')).toMatchObject({ accessories: '电源线', until: '2026-11-24' })
      await at.until(at10 + 2 * day)
      expect(await at.clock(lent, 'give_back', 'loan')).toMatchObject({ state: 'late' })
      expect(await at.children(lent, 'task')).toMatchObject([{ title: '备用机到期未还：联系客户归还或续借' }])
      await ok(at.coordinator, 'extend', lent, { until: '2026-11-27', reason: '备件未到' }, 'loan')
      expect(await at.clock(lent, 'give_back', 'loan')).toMatchObject({ state: 'running' })
      await refuses('note', at.coordinator, 'take_back', lent, { condition: 'damaged' }, 'loan')
      await ok(at.engineer, 'finish', id, forms.finish)
      await ok(at.coordinator, 'notify', id, forms.told)
      await ok(at.engineer, 'test_at_pick_up', id, forms.pickUp)
      await refuses('loan_returned', at.coordinator, 'hand_over', id, forms.handOver)
      await ok(at.coordinator, 'take_back', lent, { condition: 'good' }, 'loan')
      await ok(at.coordinator, 'hand_over', id, forms.handOver)
    })

    test('S4-142 在册的备用机：借出去就不能再借，还回来又可借；停用的不能借', async () => {
      fresh()
      const register = (name: string) => at.act(at.coordinator, 'loaner', 'register', null, { name, accessories: '电源线' })
      const { id: spare } = done(await register('LaserJet P2055（BY-03）'))
      const [one, two] = [await at.at_state('repairing'), await at.at_state('repairing')]
      await ok(at.coordinator, 'lend', one, { loaner: spare, loan_until: '2026-11-26' })
      const slip = await child(one, 'loan')
      expect(await at.values(slip, 'loan')).toMatchObject({ what: 'LaserJet P2055（BY-03）', accessories: '电源线' })
      expect(await at.state(spare)).toBe('lent')
      expect(await at.values(spare, 'loaner')).toMatchObject({ times_lent: 1, lent_number: expect.stringMatching(/^JY/) })
      const again = await at.act(at.coordinator, 'loan', 'lend', null, { parent: two, loaner: spare })
      expect(again).toMatchObject({ ok: false, refusal: { fields: [{ field: 'loaner', code: 'not_an_option' }] } })
      await refuses('wrong_state', at.coordinator, 'rest', spare, { reason: '老旧' }, 'loaner')
      await ok(at.coordinator, 'take_back', slip, { condition: 'good' }, 'loan')
      expect(await at.state(spare)).toBe('available')
      expect(await at.values(spare, 'loaner')).toMatchObject({ lent_number: null, lent_to: null })
      await ok(at.coordinator, 'rest', spare, { reason: '老旧' }, 'loaner')
      expect(await at.act(at.coordinator, 'loan', 'lend', null, { parent: two, loaner: spare })).toMatchObject({ ok: false })
    })

    test('S4-142 备用机还回来有损坏的，不再借给下一位：停用，状况写明，修好才恢复可借', async () => {
      fresh()
      const { id: spare } = done(await at.act(at.coordinator, 'loaner', 'register', null,
        { name: 'LaserJet P2055（BY-07）', condition: '完好' }))
      const one = await at.at_state('repairing')
      await ok(at.coordinator, 'lend', one, { loaner: spare, loan_until: '2026-11-26' })
      await ok(at.coordinator, 'take_back', await child(one, 'loan'), { condition: 'damaged', note: '右侧盖板断裂' }, 'loan')
      expect(await at.state(spare)).toBe('resting')
      expect(await at.values(spare, 'loaner')).toMatchObject({ condition: '右侧盖板断裂', lent_number: null, lent_to: null })
      expect(await at.act(at.coordinator, 'loan', 'lend', null, { parent: one, loaner: spare })).toMatchObject({ ok: false })
      // It is said anew how it is: what was damaged is on no other customer's slip.
      await refuses('condition', at.coordinator, 'restore', spare, {}, 'loaner')
      await ok(at.coordinator, 'restore', spare, { condition: '盖板已换，完好' }, 'loaner')
      expect(await at.values(spare, 'loaner')).toMatchObject({ condition: '盖板已换，完好' })
      expect(await at.state(spare)).toBe('available')
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
      expect(await at.values(id)).toMatchObject({ promise_changes: 1, customer_chased: 0 })
      expect(await at.clock(id, 'promise_risk')).toMatchObject({ state: 'running', due_at: promised + 20 * hour })
      await at.until(promised + day + hour)
      expect(await at.clock(id, 'promise')).toMatchObject({ state: 'late' })
    })

    test('S4-134 客户先来催问的，记在单上，主管得到通知', async () => {
      fresh()
      const id = await at.at_state('waiting_test')
      const promised_at = new Date(at10 + 4 * day).toISOString()
      await refuses('who_called_first', at.coordinator, 'change_promise', id, { promised_at, reason: '等件' })
      await ok(at.coordinator, 'change_promise', id, { promised_at, reason: '等件', who_called_first: 'customer' })
      expect(await at.values(id)).toMatchObject({ customer_chased: 1 })
      expect(await at.followed(id)).toContain('send customer_chased')
    })
  })
})
