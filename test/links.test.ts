import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type BaseFacts, defineProcess } from '../src/engine/define.ts'
import { staff } from '../src/engine/roles.ts'
import { type NewLink, makeLink, revokeLinks } from '../src/server/auth/links.ts'
import { installing } from '../src/server/auth/install.ts'
import type { Actor, House } from '../src/server/context.ts'
import type { Noun } from '../src/server/records/noun.ts'
import { run } from '../src/server/run.ts'
import { readConfig } from '../src/server/config.ts'
import { apiRoutes } from '../src/server/routes/index.ts'
import { Browser, type TestHouse, openTestHouse } from './browser.ts'
import { house } from './company.ts'
import { testDatabases } from './databases.ts'

/** A process with a customer in it, for as long as the house has none in this test. */
const offer = defineProcess({
  name: 'offer', zh: '报价',
  states: { sent: { zh: '待客户确认', kind: 'waiting', next: 'accept', owed_by: 'customer', edits: ['detail'] },
    accepted: { zh: '已同意', kind: 'done' } },
  guards: { always: { zh: '总是', test: (_facts: BaseFacts) => true } },
  actions: {
    create: { zh: '发出报价', from: null, to: 'sent', by: ['system', ...staff],
      needs: { title: { kind: 'text', zh: '内部标题' },
        detail: { kind: 'text', zh: '价格', seen_by: ['customer', 'coordinator'] } } },
    accept: { zh: '同意', from: 'sent', to: 'accepted', by: ['customer'],
      needs: { result: { kind: 'text', zh: '留言', seen_by: ['customer'] } } },
    decline: { zh: '不同意', from: 'sent', to: 'accepted', by: ['customer'] },
    raise: { zh: '改价', from: 'sent', by: ['system', 'coordinator'],
      needs: { detail: { kind: 'text', zh: '价格', seen_by: ['customer', 'coordinator'] } } },
    ask: { zh: '新询价', from: null, to: 'sent', by: ['customer'] },
  },
  clocks: {}, documents: {},
})
const noun: Noun = { table: 'task', columns: ['detail', 'result'], number: { prefix: 'BJ', period: 'ever', digits: 4 },
  derive: () => ({}), writes: {} }
const withOffer: House = { ...house, processes: { ...house.processes, offer }, nouns: { ...house.nouns, offer: noun } }
const day = 86_400_000

/** What a contact may reach; strangers reach the open ones, too. The rest of the API is not there. */
const customersMay = ['/api/link/:token', '/api/link/record', '/api/link/record/:action', '/api/files',
  '/api/files/:id', '/api/definitions/:process', '/api/sign-in', '/api/sign-out', '/api/setup',
  '/api/health', '/api/demo', '/api/paper/:code']

describe.each(testDatabases())('a private link on $name', (kind) => {
  let at: TestHouse
  let record: string
  beforeAll(async () => { at = await openTestHouse(kind, { house: withOffer }) })
  afterAll(() => at.close())

  const system = (process: string, action: string, id: string | null, input: object) =>
    run(installing(at.app, at.home), { process, action, id, input })
  const makeOffer = async () => {
    const made = await system('offer', 'create', null, { title: '内部：低价客户', detail: '480 元' })
    expect(made).toMatchObject({ ok: true })
    return (made as { id: string }).id
  }
  const linkTo = async (to: string, more: Partial<NewLink> = {}) => {
    const ctx = installing(at.app, at.home)
    return at.db.transaction(at.home.id, async (tx) => {
      const link = await makeLink(ctx, tx, { record: to, contact: { id: null, name: '远景律所 刘女士' },
        actions: ['accept'], days: 30, ...more })
      await tx.commit()
      return link
    })
  }
  const opened = async (secret: string) => {
    const browser = at.browser()
    expect(await browser.get(`/api/link/${secret}`)).toMatchObject({ status: 200 })
    return browser
  }
  /** What the customer had before them when they pressed the button. */
  const seen = (seq: number) => ({ 'if-match': `"${seq}"` })
  beforeEach(async () => { record = await makeOffer() })

  test('becomes a cookie, and looking changes nothing', async () => {
    const { secret } = await linkTo(record)
    expect(Buffer.from(secret, 'base64url')).toHaveLength(16)
    const browser = await opened(secret)
    expect(browser.last!.cookies)
      .toMatchObject([{ name: 'gongdan_link', httpOnly: true, sameSite: 'Lax', path: '/api' }])
    expect(browser.last!.headers['referrer-policy']).toBe('no-referrer')
    await opened(secret)
    expect((await browser.get('/api/link/record')).body).toMatchObject({ seq: 1, state: { name: 'sent' } })
  })

  test('shows what is open to customers, and nothing else', async () => {
    const { secret } = await linkTo(record)
    const { body } = await (await opened(secret)).get('/api/link/record')
    expect(body).toMatchObject({ company: '公司 huicheng', label: '报价', number: expect.stringMatching(/^BJ-\d{4}$/),
      state: { label: '待客户确认' },
      fields: [{ name: 'detail', label: '价格', value: '480 元' }, { name: 'result', value: null }],
      offers: [{ action: 'accept', live: true }] })
    expect(JSON.stringify(body)).not.toContain('低价客户')
  })

  test('opens its record only: others, lists of people and everything else are not there', async () => {
    const { secret } = await linkTo(record)
    const browser = await opened(secret)
    const whole = await at.otherServer({ routes: apiRoutes(readConfig({})) })
    const urls = whole.routeTable.filter(({ url }) => url.startsWith('/api/') && !customersMay.includes(url))
    expect(urls.length).toBeGreaterThan(30)
    for (const { method, url } of urls) {
      const path = url.replace(':process', 'offer').replace(':id', record).replace(':action', 'accept')
        .replace(/:\w+/g, record)
      const answer = await whole.inject({ method: method as 'GET', url: path,
        cookies: Object.fromEntries(browser.cookies),
        ...(method !== 'GET' && { payload: {} }) })
      expect(`${method} ${url} ${answer.statusCode}`).toBe(`${method} ${url} 404`)
    }
  })

  test('does not reach beyond its record where the engine is asked directly, either', async () => {
    const other = await makeOffer()
    const actor: Actor = { kind: 'contact', id: null, name: '', roles: ['customer'],
      link: { record, actions: ['accept', 'ask'] } }
    const ctx = { ...installing(at.app, at.home), actor }
    expect(await run(ctx, { process: 'offer', action: 'accept', id: other, input: {} }))
      .toMatchObject({ refusal: { code: 'not_found' } })
    expect(await run(ctx, { process: 'offer', action: 'ask', id: null, input: {} }))
      .toMatchObject({ refusal: { code: 'wrong_role' } })
    expect(await run(ctx, { process: 'offer', action: 'decline', id: record, input: {} }))
      .toMatchObject({ refusal: { code: 'wrong_role' } })
  })

  test('allows the actions it was made for, once; the event names the link', async () => {
    const { id, secret } = await linkTo(record)
    const browser = await opened(secret)
    expect(await browser.post('/api/link/record/decline')).toMatchObject({ status: 403,
      body: { error: { code: 'wrong_role' } } })
    expect(await browser.post('/api/link/record/raise', { detail: '1 元' })).toMatchObject({ status: 403 })
    expect(await browser.post('/api/link/record/edit', { detail: ['480 元', '1 元'] })).toMatchObject({ status: 403 })
    expect(await browser.post('/api/link/record/ask')).toMatchObject({ status: 403 })
    expect(await browser.post('/api/link/record/accept', { result: '请尽快' })).toMatchObject({ status: 422,
      body: { error: { fields: [{ field: 'If-Match', code: 'required' }] } } })
    expect(await browser.post('/api/link/record/accept', { result: '请尽快' }, seen(1))).toMatchObject({ status: 200 })
    expect(await browser.post('/api/link/record/accept', {}, seen(2))).toMatchObject({ status: 409 })
    const [event] = await at.db.read(at.home.id, (reader) => reader.query({
      text: `select actor_kind, actor_id, via, input from event where record_id = $1 and seq = 2`, values: [record] }))
    expect(event).toEqual({ actor_kind: 'contact', actor_id: id, via: 'link', input: { result: '请尽快' } })
  })

  test('does not accept a price that has changed since it was shown', async () => {
    const { secret } = await linkTo(record)
    const browser = await opened(secret)
    const { body: { seq } } = await browser.get('/api/link/record')
    await system('offer', 'raise', record, { detail: '680 元' })
    expect(await browser.post('/api/link/record/accept', {}, { 'if-match': `"${seq}"` })).toMatchObject({
      status: 409, body: { error: { code: 'stale' }, record: { seq: seq + 1 } } })
    expect((await browser.get('/api/link/record')).body.fields[0]).toMatchObject({ value: '680 元' })
  })

  test('an action from another site is refused', async () => {
    const browser = await opened((await linkTo(record)).secret)
    expect(await browser.post('/api/link/record/accept', {}, { origin: 'https://evil.example' }))
      .toMatchObject({ status: 403, body: { error: { code: 'wrong_origin' } } })
  })

  test('ends on its day, when it is withdrawn, and thirty days after the record is closed', async () => {
    const [short, withdrawn, closing] = [await linkTo(record, { days: 1 }), await linkTo(await makeOffer()),
      await linkTo(await makeOffer(), { days: 400 })]
    const browsers = await Promise.all([short, withdrawn, closing].map(({ secret }) => opened(secret)))
    const statuses = () => Promise.all(browsers.map(async (browser) => (await browser.get('/api/link/record')).status))
    expect(await statuses()).toEqual([200, 200, 200])
    const [other] = await at.db.read(at.home.id, (reader) => reader.query<{ record_id: string }>({
      text: 'select record_id from link where id = $1', values: [withdrawn.id] }))
    await at.db.transaction(at.home.id, async (tx) => {
      await revokeLinks(installing(at.app, at.home), tx, other!.record_id)
      await tx.commit()
    })
    expect(await statuses()).toEqual([200, 401, 200])
    expect(await at.browser().get(`/api/link/${withdrawn.secret}`)).toMatchObject({ status: 410,
      body: { error: { code: 'gone', message: '这个链接已经失效。' } } })
    const before = at.app.now
    at.app.now += day
    expect(await statuses()).toEqual([401, 401, 200])
    expect(await browsers[2]!.post('/api/link/record/accept', {}, seen(1))).toMatchObject({ status: 200,
      body: { state: { name: 'accepted' }, offers: [{ live: false }] } })
    at.app.now += 30 * day - 1
    expect(await statuses()).toEqual([401, 401, 200])
    at.app.now += 1
    expect(await statuses()).toEqual([401, 401, 401])
    at.app.now = before
  })

  test('is not guessed: an address that tries is locked out, on every node', async () => {
    const guesser = at.browser()
    for (let n = 0; n < 20; n += 1) expect((await guesser.get(`/api/link/guess-guess-guess-${n}`)).status).toBe(404)
    const { secret } = await linkTo(record)
    expect(await guesser.get(`/api/link/${secret}`))
      .toMatchObject({ status: 429, body: { error: { code: 'locked_out' } } })
    const elsewhere = new Browser(await at.otherServer(), guesser.address)
    expect(await elsewhere.get(`/api/link/${secret}`)).toMatchObject({ status: 429 })
    await opened(secret)
  })

  test('shows somebody of the company what the customer sees; elsewhere they are themselves', async () => {
    await at.joins(`wang-${record.slice(-6)}`, 'coordinator')
    const browser = await opened((await linkTo(record)).secret)
    expect(await browser.signIn(`wang-${record.slice(-6)}`)).toMatchObject({ status: 200 })
    expect((await browser.get('/api/link/record')).body.offers).toMatchObject([{ action: 'accept' }])
    expect(await browser.get('/api/me'))
      .toMatchObject({ status: 200, body: { roles: expect.arrayContaining(['coordinator']) } })
  })

  test('its hash is all that is kept, and the server cannot read even that', async () => {
    await expect(at.db.read(at.home.id, (reader) => reader.query({ text: 'select token_hash from link' })))
      .rejects.toThrow(/permission denied/)
  })
})
