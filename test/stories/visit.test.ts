import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readRecord } from '../../src/server/record-view.ts'
import { monday } from '../company.ts'
import { storyDatabases } from '../databases.ts'
import { type RepairCompany, actsOf, day, done, hour, openRepairCompany, without } from '../repair.ts'

const minute = 60_000
const at10 = monday

describe.each(storyDatabases())('来访接待 on $name', (kind) => {
  let at: RepairCompany
  beforeAll(async () => { at = await openRepairCompany(kind) })
  afterAll(() => at.close())

  const { does, ok, refuses } = actsOf(() => at)
  const fresh = () => { at.app.now = at10 }
  const arrive = (input: object, who = at.coordinator) =>
    does(who, 'arrive', null as unknown as string, input, 'visit')
  const comes = async (input: object) => done(await arrive(input)).id
  const acts = (action: string, id: string, input: object = {}, who = at.coordinator) =>
    ok(who, action, id, input, 'visit')
  const events = (id: string) => at.db.read(at.company.id, (reader) => reader.query<{ action: string
    shown: string[] | null; input: Record<string, unknown> }>({
    text: 'select action, shown, input from event where record_id = $1 order by seq', values: [id] }))

  const enquiry = { purpose: 'enquiry', matter: '硒鼓多少钱一个', answer: '原装 520 元，有现货', contact_told: true }
  const chief = { purpose: 'manager', visitor_name: '陈总', matter: '谈年度合同' }

  test('S4-051 接待来访由协调员做；库房不接待', async () => {
    fresh()
    expect(done(await arrive(enquiry)).state).toBe('done')
    await refuses('wrong_role', at.keeper, 'arrive', null as unknown as string, enquiry, 'visit')
  })

  test('S4-055 迎客的话术在屏幕上出现过，记在这次来访里；没有出现的不算', async () => {
    fresh()
    const greeted = await comes({ ...enquiry, shown: ['greet', 'goodbye'] })
    expect((await events(greeted))[0]!.shown).toEqual(['greet', 'goodbye'])
    const silent = await comes(enquiry)
    expect((await events(silent))[0]!.shown).toBeNull()
    await refuses('shown.0', at.coordinator, 'arrive', null as unknown as string,
      { ...enquiry, shown: ['call_back_open'] }, 'visit')
  })

  test('S4-056 四种来意各走一路：咨询当场办结，找经理的通知经理并引见，其余等候', async () => {
    fresh()
    await refuses('purpose', at.coordinator, 'arrive', null as unknown as string, without(enquiry, 'purpose'), 'visit')
    await refuses('matter', at.coordinator, 'arrive', null as unknown as string, { purpose: 'enquiry' }, 'visit')
    expect(await at.state(await comes(enquiry))).toBe('done')
    expect(await at.state(await comes({ purpose: 'carry_in' }))).toBe('waiting')
    expect(await at.state(await comes({ purpose: 'pick_up' }))).toBe('waiting')
    const guest = await comes(chief)
    expect(await at.state(guest)).toBe('for_manager')
    expect(await at.followed(guest)).toContain('send visitor_for_manager')
    await refuses('water', at.coordinator, 'lead_in', guest, {}, 'visit')
    await acts('lead_in', guest, { water: true })
    expect(await at.state(guest)).toBe('with_manager')
  })

  test('S4-057 久等的先道歉才能送别；没有久等的不必', async () => {
    fresh()
    const quick = await comes({ purpose: 'carry_in' })
    await at.until(at10 + 3 * minute)
    await acts('see_off', quick, { contact_told: true })
    const slow = await comes({ purpose: 'carry_in' })
    await at.until(at10 + 12 * minute)
    expect(await at.clock(slow, 'wait', 'visit')).toMatchObject({ state: 'late' })
    await refuses('apologised', at.coordinator, 'see_off', slow, { contact_told: true }, 'visit')
    await acts('see_off', slow, { contact_told: true, apologised: true })
  })

  test('S4-057 久等的时候，致歉的话术才轮得到', async () => {
    fresh()
    const id = await comes({ purpose: 'carry_in' })
    const cards = async () => {
      const { offers } = (await at.db.read(at.company.id, (reader) =>
        readRecord(at.ctx(at.coordinator), reader, 'visit', id)))!
      return offers.find(({ action }) => action === 'see_off')!.cards
    }
    expect(await cards()).toEqual(['promise_carefully', 'goodbye'])
    await at.until(at10 + 12 * minute)
    expect(await cards()).toEqual(['sorry_waited', 'promise_carefully', 'goodbye'])
  })

  test('S4-058 答应的事要有时间，到期有待办；拿不准先请示经理', async () => {
    fresh()
    const promising = { ...enquiry, promise: '周三前回电告知配件价格' }
    await refuses('promise_at', at.coordinator, 'arrive', null as unknown as string, promising, 'visit')
    const id = await comes({ ...promising, promise_at: new Date(at10 + 2 * day).toISOString() })
    expect(await at.children(id, 'task')).toMatchObject([{ title: '周三前回电告知配件价格', team: 'coordinator' }])
    const unsure = await comes({ purpose: 'enquiry', matter: '能不能先修后付' })
    await acts('ask_manager', unsure, { question: '律所要求月结' })
    expect(await at.state(unsure)).toBe('asking')
    expect(await at.followed(unsure)).toContain('send visitor_question')
    await acts('manager_says', unsure, { told: '可以，先签合同' }, at.boss)
    await refuses('answer', at.coordinator, 'see_off', unsure, { contact_told: true }, 'visit')
    await acts('see_off', unsure, { contact_told: true, answer: '可以月结，先签合同' })
    expect(await at.state(unsure)).toBe('done')
  })

  test('S4-059 离开前告知联系方式，送别的话术出现过', async () => {
    fresh()
    await refuses('contact_told', at.coordinator, 'arrive', null as unknown as string, without(enquiry, 'contact_told'),
      'visit')
    const id = await comes({ purpose: 'pick_up' })
    await refuses('contact_told', at.coordinator, 'see_off', id, {}, 'visit')
    await acts('see_off', id, { contact_told: true, card_given: true, shown: ['goodbye'] })
    expect((await events(id)).at(-1)).toMatchObject({ action: 'see_off', shown: ['goodbye'] })
  })

  test('经理没等到，客户先走：写明原因，不算接待', async () => {
    fresh()
    const id = await comes(chief)
    await refuses('reason', at.coordinator, 'gone', id, {}, 'visit')
    await acts('gone', id, { reason: '改日再来' })
    expect(await at.state(id)).toBe('left')
    await refuses('wrong_state', at.coordinator, 'see_off', id, { contact_told: true }, 'visit')
  })

  test('等候的钟按营业时间走：打烊不算', async () => {
    at.app.now = at10 + 8 * hour - 2 * minute
    const id = await comes({ purpose: 'carry_in' })
    await at.until(at10 + 20 * hour)
    expect(await at.clock(id, 'wait', 'visit')).toMatchObject({ state: 'running' })
  })
})
