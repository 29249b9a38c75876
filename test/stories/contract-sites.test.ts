import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { storyDatabases } from '../databases.ts'
import { type Contracts, contractForm, contractInForce, done, openContracts } from '../contracts.ts'
import { type Question, entitled } from '../../src/server/contracts/entitled.ts'
import { contractFile } from '../../src/server/contracts/contract-file.ts'
import { loadCase } from '../../src/server/case.ts'
import { coverView, entitlementView } from '../../src/server/contracts/said.ts'
import { wordsOf } from '../../src/words/index.ts'

const zh = wordsOf('zh')

describe.each(storyDatabases())('a contract for the machines at some sites, on $name', (kind) => {
  let all: Contracts
  const sites: Record<string, string> = {}
  beforeAll(async () => {
    all = await openContracts(kind, 's1')
    for (const name of ['总部机房', '二期厂房', '仓库']) sites[name] = await siteOf(all.customer, name)
  })
  afterAll(() => all.at.close())

  const siteOf = async (customer: string, name: string) =>
    done(await all.act(all.desk, 'site', 'register', null, { customer, name })).id
  const stranger = async (name: string) => done(await all.act(all.desk, 'customer', 'register', null,
    { customer_kind: 'organisation', name, phone: '020-88880001' })).id
  let numbers = 0
  const form = (names: readonly string[], more: object = {}) => ({ contract_number: `DD-${numbers += 1}`, covers: 'sites',
    sites: names.map((name) => ({ site: sites[name] })), ...more })
  const inForce = (names: readonly string[], more: object = {}, line: object = {}) =>
    contractInForce(all, form(names, more), line)
  const ask = (more: Partial<Question>) => all.at.db.read(all.at.company.id, (reader) => entitled(all.at.ctx(all.desk), reader,
    { customer: null, machine: null, service_class: null, on: '2026-11-23', ...more }))
  const contracts = async (more: Partial<Question>) => (await ask(more)).clauses.map(({ contract }) => contract)

  test('it covers what stands there, says by which site, and nothing else', async () => {
    const [here, there, nowhere] = [await all.machine({ site: sites['二期厂房'] }), await all.machine({ site: sites['仓库'] }),
      await all.machine()]
    const id = await inForce(['总部机房', '二期厂房'], { contract_number: 'DD-一行' }, { visits: 4 })
    const answer = await ask({ machine: here })
    expect(answer.clauses).toMatchObject([{ contract: id, by: 'site', site: '二期厂房' }])
    expect(coverView(zh, answer)?.line)
      .toBe('合同 DD-一行 至 2026-12-31 · 地点 二期厂房 · 人工、上门免费 · 4 小时响应（工作时间） · 本期上门第 1 次，共 4 次')
    expect(entitlementView(zh, '2026-11-23', answer).charging.find(({ what }) => what === 'labour'))
      .toMatchObject({ is: 'free', ground: '合同 DD-一行：现场维护服务（地点 二期厂房）' })
    for (const machine of [there, nowhere]) expect(await contracts({ machine })).toEqual([])
    // Of a customer alone nobody knows which site is meant.
    expect(await contracts({ customer: all.customer })).toEqual([])
    done(await all.act(all.boss, 'contract', 'terminate', id, { terminated_on: '2026-01-01', reason: '试' }))
  })

  test('sites are listed, are the customer’s and in use', async () => {
    const draft = (more: object) => all.act(all.sales, 'contract', 'draft', null, contractForm(all.customer, more))
    expect(await draft(form([], { sites: undefined }))).toMatchObject({
      refusal: { fields: [{ field: 'sites', code: 'required' }] } })
    const theirs = await siteOf(await stranger('别家公司'), '别处')
    const closed = await siteOf(all.customer, '旧楼')
    done(await all.act(all.desk, 'site', 'close', closed, {}))
    for (const site of [theirs, closed]) {
      expect(await draft(form([], { sites: [{ site: sites['仓库'] }, { site }] }))).toMatchObject({
        refusal: { fields: [{ field: 'sites.1.site', code: 'not_an_option' }] } })
    }
    expect(await draft(form([], { sites: [{ site: all.customer }] }))).toMatchObject({
      refusal: { fields: [{ field: 'sites.0.site', code: 'unknown_record' }] } })
  })

  test('a machine stands at a site of its own customer', async () => {
    const customer = await stranger('隔壁公司')
    const theirs = await siteOf(customer, '隔壁')
    const refused = { refusal: { code: 'bad_input', fields: [{ field: 'site', code: 'not_an_option' }] } }
    const machine = await all.machine()
    expect(await all.act(all.desk, 'machine', 'stand_at', machine, { site: theirs })).toMatchObject(refused)
    expect(await all.act(all.desk, 'machine', 'move', machine, { customer, site: sites['仓库'] })).toMatchObject(refused)
    done(await all.act(all.desk, 'machine', 'move', machine, { customer, site: theirs }))
    expect(await all.row('machine', machine)).toMatchObject({ customer, site: theirs })
  })

  test('moved to another site it is covered there, and a day of the past is answered as it was', async () => {
    const machine = await all.machine({ site: sites['仓库'] })
    const id = await inForce(['总部机房'])
    done(await all.act(all.tech, 'machine', 'stand_at', machine, { site: sites['总部机房'], moved_on: '2026-11-10' }))
    expect(await contracts({ machine, on: '2026-11-09' })).toEqual([])
    expect(await contracts({ machine, on: '2026-11-10' })).toEqual([id])
    done(await all.act(all.tech, 'machine', 'stand_at', machine, { site: sites['仓库'] }))
    expect(await contracts({ machine })).toEqual([])
    expect(await contracts({ machine, on: '2026-11-22' })).toEqual([id])
    // Gone to another customer it is nobody's here, and was what it was.
    done(await all.act(all.desk, 'machine', 'move', machine, { customer: await stranger('新主人') }))
    expect(await all.row('machine', machine)).toMatchObject({ site: null })
    expect(await contracts({ machine, on: '2026-11-15' })).toEqual([id])
    done(await all.act(all.boss, 'contract', 'terminate', id, { terminated_on: '2026-11-01', reason: '试' }))
  })

  test('a machine whose place was not noted has always been where it is found', async () => {
    const machine = await all.machine()
    const id = await inForce(['仓库'])
    done(await all.act(all.tech, 'machine', 'stand_at', machine, { site: sites['仓库'] }))
    expect(await contracts({ machine, on: '2026-02-01' })).toEqual([id])
    done(await all.act(all.boss, 'contract', 'terminate', id, { terminated_on: '2026-01-01', reason: '试' }))
  })

  test('sites come in and go out with their days; a machine may be named beside them', async () => {
    const [here, named] = [await all.machine({ site: sites['仓库'] }), await all.machine()]
    const id = await inForce(['总部机房'])
    const act = (action: string, input: object) => all.act(all.sales, 'contract', action, id, input)
    done(await act('cover_sites', { sites_in: [{ site: sites['仓库'] }], since: '2026-11-20' }))
    expect(await contracts({ machine: here, on: '2026-11-19' })).toEqual([])
    expect(await contracts({ machine: here, on: '2026-11-20' })).toEqual([id])
    done(await act('uncover_site', { site_out: sites['仓库'], reason: '退租' }))
    expect(await contracts({ machine: here })).toEqual([])
    expect(await contracts({ machine: here, on: '2026-11-22' })).toEqual([id])
    expect(await act('uncover_site', { site_out: sites['仓库'], reason: '退租' })).toMatchObject({
      refusal: { fields: [{ field: 'site_out', code: 'not_an_option' }] } })
    done(await act('cover', { machines: [{ machine: named }] }))
    expect((await ask({ machine: named })).clauses).toMatchObject([{ contract: id, by: 'machine', site: null }])
    done(await all.act(all.boss, 'contract', 'terminate', id, { terminated_on: '2026-11-01', reason: '试' }))
  })

  test('a machine that is named decides before its site, its site before a contract for everything', async () => {
    const machine = await all.machine({ site: sites['二期厂房'] })
    const whole = await contractInForce(all, { contract_number: 'DD-全' }, { response_minutes: 60 })
    const site = await inForce(['二期厂房'])
    const listed = await contractInForce(all, { contract_number: 'DD-单', covers: 'listed', covered: [{ machine }] })
    expect(await contracts({ machine })).toEqual([listed, site, whole])
  })

  test('its page lists sites, machines with their site, and how many stand outside', async () => {
    const customer = await stranger('三江港务')
    const pier = await siteOf(customer, '一号码头')
    const inside = await all.machine({ customer, site: pier })
    await all.machine({ customer })
    const { id } = done(await all.act(all.sales, 'contract', 'draft', null, contractForm(customer, { contract_number: 'DD-港',
      covers: 'sites', sites: [{ site: pier }] })))
    for (const [who, action, input] of [[all.sales, 'submit', {}], [all.boss, 'approve', {}],
      [all.lead, 'activate', { waive: [{ guard: 'has_copy', reason: '在途' }] }]] as const) {
      done(await all.act(who, 'contract', action, id, input))
    }
    const ctx = all.at.ctx(all.sales)
    const file = await all.at.db.read(all.at.company.id, async (reader) =>
      contractFile(ctx, reader, (await loadCase(ctx, reader, 'contract', id, false))!))
    expect(file).toMatchObject({ covers: 'sites', outside: 1, sites: [{ id: pier, title: '一号码头', until: null }],
      machines: [{ id: inside, site: '一号码头' }] })
  })
})
