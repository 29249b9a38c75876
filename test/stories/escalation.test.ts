import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { system } from '../../src/server/context.ts'
import { monday } from '../company.ts'
import { storyDatabases } from '../databases.ts'
import { type RepairCompany, actsOf, day, done, forms, hour, openRepairCompany } from '../repair.ts'

const at10 = monday

describe.each(storyDatabases())('升级维修 on $name', (kind) => {
  let at: RepairCompany
  beforeAll(async () => { at = await openRepairCompany(kind) })
  afterAll(() => at.close())

  const { ok, refuses } = actsOf(() => at)
  const fresh = () => { at.app.now = at10 }
  const because = async (id: string) => (await at.values(id)).escalated_because
  const told = async (id: string) => (await at.followed(id)).filter((one) => one === 'send escalated')
  const visited = { visit_what: '现场清洁进纸轮，仍卡纸' }

  test('S4-213 S4-214 S4-215 工程师提出升级要写原因，主管工程师和主管都得到通知', async () => {
    fresh()
    const id = await at.at_state('testing')
    await refuses('trigger', at.engineer, 'escalate', id, {})
    await ok(at.engineer, 'escalate', id, { trigger: 'experience' })
    expect(await told(id)).toHaveLength(2)
    expect(await because(id)).toBe('experience')
    await ok(at.engineer, 'escalate', id, { trigger: 'lacking', note: '缺维修手册' })
    expect(await because(id)).toBe('lacking')
    expect(await at.values(id)).toMatchObject({ escalation: 2 })
  })

  test('S4-212 S4-216 升级是主管工程师自己的一件事：在他的工作里，领取、办完就没有了；没办完以前不重复', async () => {
    fresh()
    const id = await at.at_state('testing')
    await ok(at.engineer, 'visited_unsolved', id, visited)
    expect(await at.children(id, 'task')).toEqual([])
    await ok(at.engineer, 'visited_unsolved', id, visited)
    const [escalation, ...more] = await at.children(id, 'task')
    expect(more).toEqual([])
    const at_lead = async () => (await at.work(at.lead)).filter((row) => row.id === escalation!.id)
      .map((row) => row.next?.action)
    expect(await at_lead()).toEqual(['take'])
    expect((await at.work(at.engineer)).filter((row) => row.id === escalation!.id)).toEqual([])
    await ok(at.engineer, 'visited_unsolved', id, visited)
    expect(await at.children(id, 'task')).toHaveLength(1)
    await ok(at.lead, 'take', escalation!.id, {}, 'task')
    expect(await at_lead()).toEqual(['finish'])
    await ok(at.lead, 'finish', escalation!.id, { result: '换了整套进纸组件，试印两百张' }, 'task')
    expect(await at_lead()).toEqual([])
    await ok(at.engineer, 'escalate', id, { trigger: 'risk', note: '报价翻倍' })
    expect(await at.children(id, 'task')).toMatchObject([{ state: 'done' }, { state: 'open', team: 'lead_engineer' }])
  })

  test('名称很长的机器一样交到主管工程师手上，事项写到写得下为止', async () => {
    fresh()
    const who = await at.customer({}, { brand: '某'.repeat(60), model: '大幅面彩色数码复合机'.repeat(12) })
    const id = await at.at_state('testing', who)
    await ok(at.engineer, 'escalate', id, { trigger: 'experience' })
    const [escalation] = await at.children(id, 'task')
    expect(escalation!.title).toMatch(/^升级：某+.*…$/)
    expect(escalation!.title).toHaveLength(120)
  })

  test('S4-216 两次上门没修好自动升级，一次不升级', async () => {
    fresh()
    const id = await at.at_state('testing')
    await refuses('visit_what', at.engineer, 'visited_unsolved', id, {})
    await ok(at.engineer, 'visited_unsolved', id, visited)
    expect(await told(id)).toEqual([])
    await ok(at.engineer, 'visited_unsolved', id, visited)
    expect(await told(id)).toHaveLength(2)
    expect(await at.values(id)).toMatchObject({ visits: 2, escalated_because: 'visits', escalation: 1 })
  })

  test('S4-216 工程师从现场带回的，已经算上门一次', async () => {
    fresh()
    const id = await at.at_state('testing', { arrived_as: 'brought_back' })
    await ok(at.engineer, 'visited_unsolved', id, visited)
    expect(await because(id)).toBe('visits')
  })

  test('S4-218 一周查不出故障自动升级，原因写明', async () => {
    fresh()
    const id = await at.at_state('testing')
    await at.until(at10 + 6 * day)
    expect(await told(id)).toEqual([])
    await at.until(at10 + 7 * day + hour)
    expect(await told(id)).toHaveLength(2)
    expect(await because(id)).toBe('one_week')
  })

  describe('同型号多台', () => {
    const broken = async (model: string, fault_class: string) => {
      const who = await at.customer({}, { model })
      const id = await at.open({}, who)
      await ok(at.engineer, 'inspect', id, { ...forms.inspection, fault_class })
    }
    const look = async () => {
      const { id } = done(await at.act(system(), 'fault_watch', 'scan', null, {}))
      await at.settled()
      return id
    }

    test('S4-219 三台同型号同样故障：发现、通知主管和主管工程师；两台不算，不同故障不算', async () => {
      at.app.now = at10 + 40 * day
      await broken('LaserJet P1108', 'paper_feed')
      await broken('LaserJet P1108', 'paper_feed')
      await broken('LaserJet P1108', 'power')
      const quiet = await look()
      expect(await at.state(quiet)).toBe('clear')
      expect(await at.followed(quiet)).not.toContain('send batch_fault')
      at.app.now += hour
      await broken('LaserJet P1108', 'paper_feed')
      const found = await look()
      expect(await at.state(found)).toBe('found')
      expect((await at.work(at.lead)).find((row) => row.id === found)?.next?.action).toBe('take')
      expect((await at.followed(found)).filter((one) => one === 'send batch_fault')).toHaveLength(2)
      expect(await at.values(found, 'fault_watch')).toMatchObject({ title: 'LaserJet P1108 · 进纸 3 台',
        found: [{ model: 'LaserJet P1108', machines: 3 }] })
      at.app.now += day
      expect(await at.state(await look())).toBe('clear')
      await ok(at.supervisor, 'take', found, {}, 'fault_watch')
      await refuses('measure', at.supervisor, 'solve', found, { cause: '进纸轮批次老化' }, 'fault_watch')
      await ok(at.supervisor, 'solve', found, { cause: '进纸轮批次老化', measure: '备二十只进纸轮，主动联系客户' }, 'fault_watch')
      expect(await at.state(found)).toBe('solved')
    })

    test('很久以前的不算在内', async () => {
      at.app.now = at10 + 50 * day
      await broken('DesignJet T120', 'print_quality')
      await broken('DesignJet T120', 'print_quality')
      at.app.now = at10 + 90 * day
      await broken('DesignJet T120', 'print_quality')
      expect(await at.state(await look())).toBe('clear')
    })
  })
})
