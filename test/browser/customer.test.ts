import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Company, type Ctx, system } from '../../src/server/context.ts'
import { paperCode } from '../../src/server/print/page.ts'
import { wordsOf } from '../../src/words/index.ts'
import { type Given, givenBy } from './repair-given.ts'
import { type BrowserStage, findingsOf, openBrowserStage, repairCentre } from './stage.ts'

let stage: BrowserStage
let desk: Page
let given: Given

beforeAll(async () => {
  stage = await openBrowserStage()
  desk = await stage.as('wang')
  given = givenBy(desk.context().request)
}, 400_000)
afterAll(() => stage?.close())

const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true })
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' })

type Hit = { rows: { customer: { id: string; name: string } | null }[] }

/** The customer of this name among those that the person finds. */
async function known(page: Page, name: string): Promise<string> {
  const { rows } = await (await page.context().request.get(`/api/lookup?q=${encodeURIComponent(name)}`)).json() as Hit
  return rows.find(({ customer }) => customer?.name.includes(name))!.customer!.id
}

async function open(page: Page, path: string): Promise<void> {
  await page.goto(path)
  await page.getByRole('heading', { level: 1 }).waitFor()
}

/** What is printed on the label of a machine of the repair centre: the companies have the numbers in which they came. */
async function codeOf(machine: string): Promise<string> {
  const { app } = stage.node
  for (let id = 1; id <= 5; id += 1) {
    const [company] = await app.db.read(id, (reader) => reader.query<Company>({
      text: 'select company_id as id, slug, name, time_zone from company' }))
    if (company?.name !== repairCentre) continue
    const ctx: Ctx = { app, company, actor: system(), now: Date.now(), via: 'web', words: wordsOf('zh') }
    return paperCode(ctx, machine)
  }
  throw new Error('there is no repair centre')
}

test('two letters of pinyin or four digits of a telephone find who calls', async () => {
  await desk.goto('/counter?for=carry_in')
  const box = desk.getByLabel('找客户、机器或单据')
  await box.fill('cx')
  await desk.getByRole('option', { name: /晨曦幼儿园/ }).waitFor()
  await box.fill('0105')
  await desk.getByRole('option', { name: /南枝建筑设计院/ }).waitFor()
})

test('a new customer: who it may be already is named while one types; two places and a contact with two telephones', async () => {
  const page = await stage.as('wang')
  await open(page, '/customer')
  await page.keyboard.press('n')
  const drawer = page.getByRole('dialog')
  await drawer.getByLabel('名称').fill('远景律师')
  await drawer.getByText('可能已经是我们的客户').waitFor()
  await drawer.getByRole('button', { name: /远景律师事务所/ }).waitFor()
  await drawer.getByLabel('名称').fill('霁月文化传播有限公司')
  await drawer.getByText('可能已经是我们的客户').waitFor({ state: 'detached' })
  await drawer.locator('label', { hasText: '单位' }).first().click()
  await drawer.getByLabel('电话', { exact: false }).first().fill('020-66001122')
  await page.keyboard.press('Control+Enter')
  await page.getByRole('heading', { level: 1, name: /霁月文化/ }).waitFor()
  for (const [place, address] of [['总部', '天河区霁月路 1 号'], ['印前车间', '白云区工业园 3 栋']]) {
    await button(page, '新增地点').click()
    const sites = region(page, '地点')
    await sites.getByLabel('名称').fill(place!)
    await sites.getByLabel('地址', { exact: false }).first().fill(address!)
    await page.keyboard.press('Control+Enter')
    await sites.getByText(address!).waitFor()
  }
  await button(page, '新增联系人').click()
  const people = region(page, '联系人')
  await people.locator('[data-field=contact_name] input').fill('柏主管')
  await people.locator('[data-field=contact_phone] input').fill('13700001111')
  await people.locator('[data-field=contact_phone_2] input').fill('020-66001123')
  await page.keyboard.press('Control+Enter')
  await people.getByRole('link', { name: '137 0000 1111' }).waitFor()
  await people.getByRole('link', { name: '020-6600 1123' }).waitFor()
  await page.context().close()
})

test('two files of one customer become one: cases, people and machines go over, the history stays to be read', async () => {
  const first = await given.customer({ name: '翠微图文社', phone: '020-66003301', contact_name: '覃小姐', contact_phone: '13700003301' })
  const twin = await given.customer({ name: '翠微图文', phone: '020-66003302', contact_name: '覃经理', contact_phone: '13700003302' })
  const machine = await given.machine(twin, { serial_number: 'CWTW330201' })
  await given.order(twin, machine, { symptom: '打印有竖条' })
  await open(desk, `/customer/${twin}`)
  await button(desk, '全部操作').click()
  await desk.getByRole('button', { name: /并入另一客户/ }).click()
  const form = region(desk, '办理')
  await form.getByLabel('并入', { exact: false }).first().fill('翠微图文社')
  await desk.getByRole('option', { name: /^翠微图文社/ }).first().click()
  await desk.keyboard.press('Control+Enter')
  await desk.getByText('已并入另一客户').waitFor()
  await desk.getByRole('link', { name: '去那一位' }).click()
  await desk.waitForURL(`**/customer/${first}`)
  await region(desk, '联系人').getByText('覃经理').waitFor()
  await region(desk, '设备').getByText('CWTW330201').waitFor()
  await region(desk, '往来').getByText(/打印有竖条/).first().waitFor()
  await region(desk, '档案').getByRole('link', { name: /翠微图文$/ }).waitFor()
})

test('a person is forgotten: numbers go, the cases stay', async () => {
  const page = await stage.as('zhao')
  const customer = await given.customer({ name: '云栖书屋', phone: '020-66004401', contact_name: '施女士', contact_phone: '13700004401' })
  const machine = await given.machine(customer, { serial_number: 'YQSW440101' })
  await given.order(customer, machine, { symptom: '不进纸', contact_name: '施女士', contact_phone: '13700004401' })
  await open(page, `/customer/${customer}`)
  await button(page, '修改 施女士').click()
  await button(page, '抹去个人信息').click()
  await region(page, '联系人').getByLabel('原因', { exact: false }).first().fill('本人要求')
  await page.keyboard.press('Control+Enter')
  await region(page, '联系人').getByText('已停用 1 位').waitFor()
  expect(await page.getByText('137 0000 4401').count()).toBe(0)
  await region(page, '往来').getByText(/不进纸/).first().waitFor()
  const box = await page.context().request.get('/api/lookup?q=13700004401')
  expect((await box.json() as Hit).rows.map(({ customer: one }) => one?.id)).not.toContain(customer)
  await page.context().close()
})

test('the timeline is filtered where it stands: cases, call-backs, complaints, money, notes; the address says which', async () => {
  const page = await stage.as('wang')
  await open(page, `/customer/${await known(page, '远景律师事务所')}`)
  const line = region(page, '往来')
  const kinds = async () => [...new Set(await line.locator('li [class*=kind]').allInnerTexts())]
  for (const [filter, kept, never] of [['单据', '维修单', '联系人'], ['报价账款', '报价单', '回访'], ['档案记事', '新增客户', '维修单']]) {
    await line.getByRole('button', { name: filter }).click()
    await line.getByText(kept!, { exact: true }).first().waitFor()
    expect(await kinds(), filter).not.toContain(never)
  }
  expect(page.url()).toContain('show=notes')
  await page.goBack()
  await page.context().close()
})

test('visits, opinions and publications of a customer are one press away', async () => {
  const page = await stage.as('luo')
  await open(page, `/customer/${await known(page, '明证司法鉴定所')}`)
  const line = region(page, '往来')
  await line.getByRole('button', { name: '意见文章' }).click()
  await line.getByText('陈旧骨骼样本的提取经验').waitFor()
  await line.getByRole('button', { name: '拜访回访' }).click()
  await line.getByText('客户拜访', { exact: true }).first().waitFor()
  await button(page, '新增意见建议').click()
  await page.getByRole('heading', { name: /意见/ }).first().waitFor()
  await page.context().close()
})

test('the archive leads from industry to customer to contract, and says which papers are missing', async () => {
  const page = await stage.as('cao')
  await open(page, '/archive')
  await page.getByRole('navigation', { name: '行业' }).getByRole('link', { name: /医疗/ }).click()
  await page.getByRole('navigation', { name: '客户' }).getByRole('link', { name: /长河医院/ }).click()
  const papers = region(page, '合同与文件')
  await papers.getByRole('heading', { name: 'HT-2026-018' }).waitFor()
  await papers.getByText(/验收报告/).first().waitFor()
  await papers.getByText(/^还缺：/).waitFor()
  expect(page.url()).toContain('industry=')
  await papers.getByRole('link', { name: '打开客户' }).click()
  await page.getByRole('heading', { level: 1, name: /长河医院/ }).waitFor()
  await page.context().close()
})

test('the amount of a contract is there for who sells it, and not for who installs', async () => {
  const deng = await stage.as('deng')
  const { rows } = await (await deng.context().request.get('/api/contract?state=active')).json() as { rows: { id: string }[] }
  const { id } = rows[0]!
  await open(deng, `/contract/${id}`)
  await deng.getByText('合同金额').first().waitFor()
  const dong = await stage.as('dong')
  await open(dong, `/contract/${id}`)
  await region(dong, '承诺与用量').waitFor()
  expect(await dong.getByText('合同金额').count()).toBe(0)
  expect(await (await dong.context().request.get(`/api/contract/${id}`)).text()).not.toContain('amount_fen')
  for (const page of [deng, dong]) await page.context().close()
})

test('at the counter one line says what a machine is entitled to; on its page it explains itself, above its life', async () => {
  const customer = await known(desk, '华彩印务有限公司')
  await desk.goto(`/counter?for=carry_in&customer=${customer}`)
  await desk.getByRole('group', { name: '什么' }).getByRole('button', { name: /5200/ }).click()
  await desk.getByText(/惠修-2026-004/).first().waitFor()
  await desk.locator('summary', { hasText: '为什么' }).click()
  await desk.getByText(/全部机器/).waitFor()
  const { machines } = await (await desk.context().request.get(`/api/customers/${customer}/file`)).json() as
    { machines: { id: string }[] }
  await open(desk, `/machine/${machines[0]!.id}`)
  const life = region(desk, '这台机器的经历')
  await life.locator('summary').click()
  await life.getByRole('link', { name: '惠修-2026-004' }).waitFor()
  await life.getByText('登记').first().waitFor()
})

test('the label on a machine leads a stranger to a form that knows the machine; the desk gets the report', async () => {
  const customer = await given.customer({ name: '半山民宿', phone: '020-66005501', contact_name: '闵老板', contact_phone: '13700005501' })
  const machine = await given.machine(customer, { serial_number: 'BSMS550101', place: '前台' })
  const code = await codeOf(machine)
  const page = await stage.stranger({ viewport: { width: 390, height: 844 } })
  await page.goto(`/q/${code}`)
  await page.getByRole('heading', { name: '扫码报修' }).waitFor()
  const said = await page.locator('main').innerText()
  expect(said).toContain('BSMS550101')
  expect(said).not.toContain('半山民宿')
  await page.getByLabel('出了什么问题？').fill('开机没有反应')
  await page.getByLabel('怎么称呼您').fill('小闵')
  await page.getByLabel('联系电话').fill('13700005502')
  await button(page, '提交报修').click()
  await page.getByText('报修已收到').waitFor()
  await open(desk, `/customer/${customer}`)
  await region(desk, '往来').getByText(/扫码报修/).first().waitFor({ timeout: 20_000 })
  await page.context().close()
})

test('the pages of a customer, a machine, the archive and the report have no serious finding', async () => {
  const customer = await known(desk, '华彩印务有限公司')
  const { machines } = await (await desk.context().request.get(`/api/customers/${customer}/file`)).json() as
    { machines: { id: string }[] }
  expect(await findingsOf(stage, 'zhao', [`/customer/${customer}`, `/machine/${machines[0]!.id}`, `/customer/${customer}?contact=new`,
    '/movements'])).toEqual([])
  expect(await findingsOf(stage, 'cao', ['/archive', '/archive?industry=医疗'])).toEqual([])
}, 180_000)
