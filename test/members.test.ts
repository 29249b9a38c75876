import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mergeAccounts } from '../src/server/auth/install.ts'
import { withClient } from '../src/server/database-roles.ts'
import { initialsOf } from '../src/server/records/member.ts'
import { type Browser, type TestHouse, goodPassword, openTestHouse } from './browser.ts'
import { testDatabases } from './databases.ts'

test('initials are what people type for a name', () => {
  expect(initialsOf('王晓燕')).toBe('wxy')
  expect(initialsOf('单雄信')).toBe('sxx')
  expect(initialsOf('Tom Li')).toBe('tl')
  expect(initialsOf('ＩＴ 部小张')).toBe('ibxz')
})

describe.each(testDatabases())('people of a company on $name', (kind) => {
  let at: TestHouse
  let chen: Browser
  beforeAll(async () => {
    at = await openTestHouse(kind)
    await at.joins('chen', 'manager', { name: '陈国栋' })
    chen = await at.signedIn('chen')
  })
  afterAll(() => at.close())

  const joining = (login: string, more: Record<string, unknown> = {}) =>
    ({ name: '李志强', login, password: '给你一个新的密码 7', positions: ['engineer'], ...more })
  const idOf = async (browser: Browser): Promise<string> => (await browser.get('/api/me')).body.member.id

  describe('joining', () => {
    test('makes a person and an account at once; the password must be changed', async () => {
      const made = await chen.post('/api/member', joining('li'))
      expect(made).toMatchObject({ status: 201, body: { title: '李志强', state: { name: 'active' } } })
      expect(JSON.stringify(made.body)).not.toContain('给你一个新的密码')
      expect(await at.browser().signIn('LI', { password: '给你一个新的密码 7' }))
        .toMatchObject({ status: 200, body: { must_change_password: true, positions: ['维修工程师'] } })
    })

    test('names a login that is taken, in whatever case; nothing is written', async () => {
      expect(await chen.post('/api/member', joining('dup'))).toMatchObject({ status: 201 })
      const count = async () => (await chen.get('/api/people')).body.people.length
      const before = await count()
      expect(await chen.post('/api/member', joining('Dup', { name: '另一个人' }))).toMatchObject({ status: 422,
        body: { error: { fields: [{ field: 'login', code: 'taken', message: '登录名已经被占用' }] } } })
      expect(await count()).toBe(before)
    })

    test('of two who want the same login at the same time one joins', async () => {
      const raced = await Promise.all([1, 2, 3, 4].map(() => chen.post('/api/member', joining('twin'))))
      expect(raced.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 422, 422, 422])
    })

    test('refuses a weak password, an odd login and an unknown position by name', async () => {
      expect(await chen.post('/api/member', joining('with space', { password: '1234567890' }))).toMatchObject({
        status: 422, body: { error: { fields: [{ field: 'login', code: 'bad_format' },
          { field: 'password', code: 'weak_password', message: '密码至少 10 位，而且不能太常见' }] } } })
      expect(await chen.post('/api/member', joining('odd', { positions: ['emperor'] }))).toMatchObject({
        status: 422, body: { error: { fields: [{ field: 'positions', code: 'not_an_option' }] } } })
    })

    test('is for administrators', async () => {
      await at.joins('plain', 'coordinator')
      expect(await (await at.signedIn('plain')).post('/api/member', joining('x1'))).toMatchObject({ status: 403 })
    })
  })

  test('a new name is a new title, and is found by its new initials', async () => {
    const id = await at.joins('renamed', 'engineer', { name: '孙浩然' })
    expect(await chen.post(`/api/member/${id}/edit`, { name: ['孙浩然', '孙皓然（大）'] }))
      .toMatchObject({ status: 200, body: { title: '孙皓然（大）' } })
    expect((await chen.get('/api/people?q=shrd')).body.people).toMatchObject([{ id, name: '孙皓然（大）' }])
  })

  test('a picker finds people by the beginning of the name or by initials; nobody who has left', async () => {
    await at.joins('zhou', 'coordinator', { name: '周倩' })
    await at.joins('zheng', 'storekeeper', { name: '郑淑华' })
    const left = await at.joins('left', 'engineer', { name: '周全' })
    await chen.post(`/api/member/${left}/leave`, { reason: '离职' })
    const names = async (q: string) => ((await chen.get(`/api/people?q=${encodeURIComponent(q)}`)).body.people as
      { name: string; positions: string[] }[]).map(({ name }) => name)
    expect(await names('周')).toEqual(['周倩'])
    expect(await names('Z')).toEqual(['周倩', '郑淑华'])
    expect(await names('zsh')).toEqual(['郑淑华'])
    expect(await names('%')).toEqual([])
    expect((await chen.get('/api/people?q=zq')).body.people).toMatchObject([{ name: '周倩', positions: ['协调员'] }])
    const first = async (role: string) => (await chen.get(`/api/people?q=z&first=${role}`)).body.people
    expect(await first('storekeeper')).toMatchObject([{ name: '郑淑华' }, { name: '周倩' }])
    expect(await first('coordinator')).toMatchObject([{ name: '周倩' }, { name: '郑淑华' }])
    const only = async (roles: string) => (await chen.get(`/api/people?q=z&only=${roles}`)).body.people
    expect(await only('storekeeper')).toMatchObject([{ name: '郑淑华' }])
    expect(await only('storekeeper,coordinator')).toMatchObject([{ name: '周倩' }, { name: '郑淑华' }])
    expect(await only('finance')).toEqual([])
    expect(await chen.get('/api/people?only=boss')).toMatchObject({ status: 422 })
    expect(await chen.get('/api/people?first=boss')).toMatchObject({ status: 422 })
    expect(await chen.get(`/api/people?q=${'a'.repeat(61)}`)).toMatchObject({ status: 422 })
    expect(await chen.get('/api/people?q=a&q=b')).toMatchObject({ status: 422 })
    expect((await chen.get('/api/positions')).body.positions).toContainEqual({ key: 'sales', name: '销售',
      roles: [{ key: 'salesperson', label: '销售人员' }] })
  })

  test('my language is mine: the next answer speaks it', async () => {
    await at.joins('english', 'engineer')
    const browser = await at.signedIn('english')
    expect(await browser.send('PATCH', '/api/me', { language: 'en' })).toMatchObject({ status: 204 })
    expect(await browser.get('/api/me')).toMatchObject({ body: { language: 'en' } })
    expect((await browser.get('/api/keys')).body.error.message).toMatch(/^Your position/)
    expect(await browser.send('PATCH', '/api/me', { language: 'fr' })).toMatchObject({ status: 422 })
  })

  describe('the last administrator', () => {
    /** A company of its own with these administrators, by login. */
    const companyOf = async (...logins: string[]) => {
      const company = await at.addCompany(logins[0]!)
      const ids = await Promise.all(logins.map((login) => at.joins(login, 'manager', { company })))
      return { company, ids, browsers: await Promise.all(logins.map((login) => at.signedIn(login))) }
    }
    const guard = { status: 422, body: { error: { code: 'guard', guard: 'not_last_administrator' } } }

    test('keeps a position that administrates; other changes are free', async () => {
      const { ids: [id], browsers: [boss] } = await companyOf('boss-one')
      expect(await boss!.post(`/api/member/${id}/change_positions`, { positions: ['engineer'] })).toMatchObject(guard)
      expect(await boss!.post(`/api/member/${id}/change_positions`, { positions: ['supervisor', 'engineer'] }))
        .toMatchObject({ status: 200, body: { values: { positions: ['supervisor', 'engineer'] } } })
    })

    test('may go once there is another one', async () => {
      const { ids: [a, b], browsers: [boss] } = await companyOf('boss-a', 'boss-b')
      expect(await boss!.post(`/api/member/${a}/leave`, { reason: '走了' })).toMatchObject({ status: 422,
        body: { error: { guard: 'not_self' } } })
      expect(await boss!.post(`/api/member/${b}/leave`, { reason: '走了' })).toMatchObject({ status: 200 })
      expect(await boss!.post(`/api/member/${a}/change_positions`, { positions: ['engineer'] })).toMatchObject(guard)
    })

    test('stays, when two take each other’s position away at the same moment', async () => {
      for (let round = 0; round < 5; round += 1) {
        const { ids: [a, b], browsers: [one, two] } = await companyOf(`duel-a${round}`, `duel-b${round}`)
        const answers = await Promise.all([
          one!.post(`/api/member/${b}/change_positions`, { positions: ['engineer'] }),
          two!.post(`/api/member/${a}/leave`, { reason: '请走' })])
        expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
      }
    })
  })

  describe('an account in two companies', () => {
    let second: string
    let mine: string
    beforeAll(async () => {
      const company = await at.addCompany('second-house')
      await at.joins('second-boss', 'manager', { company })
      mine = await at.joins('both', 'engineer', { name: '吴俊杰' })
      second = await at.joins('both-second', 'manager', { company, name: '吴俊杰' })
      await withClient(at.database.owner, (client) => mergeAccounts(client, 'both', 'both-second'))
    })

    test('switches between them with a new token; the old one ends, and neither sees the other', async () => {
      const browser = await at.signedIn('both', { company: 'huicheng' })
      const me = await browser.get('/api/me')
      expect(me.body).toMatchObject({ company: { slug: 'huicheng' }, positions: ['维修工程师'],
        companies: [{ slug: 'huicheng' }, { slug: 'second-house' }] })
      const old = browser.cookies.get('gongdan_session')!
      const switched = await browser.post('/api/company', { slug: 'second-house' })
      expect(switched).toMatchObject({ status: 200, body: { company: { slug: 'second-house' }, positions: ['经理'] } })
      expect(browser.last!.cookies[0]!.maxAge).toBeLessThanOrEqual(30 * 86_400)
      const stale = at.browser()
      stale.cookies.set('gongdan_session', old)
      expect(await stale.get('/api/me')).toMatchObject({ status: 401 })
      expect(await browser.get(`/api/member/${mine}`)).toMatchObject({ status: 404 })
      expect(await browser.get(`/api/member/${second}`)).toMatchObject({ status: 200 })
      expect((await browser.get('/api/people')).body.people.map(({ name }: { name: string }) => name).sort())
        .toEqual(['second-boss', '吴俊杰'])
      expect(await browser.post('/api/company', { slug: 'no-such-house' })).toMatchObject({ status: 404 })
      expect(await at.browser().signIn('both')).toMatchObject({ body: { company: { slug: 'second-house' } } })
      expect(await at.browser().signIn('both', { company: 'no-such-house' })).toMatchObject({ status: 422 })
    })

    test('does not live longer by switching', async () => {
      const browser = await at.signedIn('both', { company: 'huicheng' })
      const before = at.app.now
      at.app.now += 11 * 3_600_000
      await browser.post('/api/company', { slug: 'second-house' })
      expect(browser.last!.cookies[0]!.maxAge).toBe(30 * 86_400 - 11 * 3_600)
      at.app.now = before
    })

    test('is not to be taken over by an administrator of one of them', async () => {
      const boss = await at.signedIn('second-boss')
      const refused = { status: 422, body: { error: { code: 'guard', guard: 'account_is_ours' } } }
      expect(await boss.post(`/api/member/${second}/reset_password`, { password: '给你一个新的密码 7' })).toMatchObject(refused)
      expect(await boss.post(`/api/member/${second}/reset_second_factor`, { reason: '手机丢了' })).toMatchObject(refused)
      expect(await boss.post(`/api/member/${second}/leave`, { reason: '离职' })).toMatchObject({ status: 200 })
      expect(await boss.post(`/api/member/${second}/come_back`, { positions: ['engineer'], password: '给你一个新的密码 7' }))
        .toMatchObject(refused)
      expect(await boss.post(`/api/member/${second}/come_back`, { positions: ['engineer'] }))
        .toMatchObject({ status: 200 })
      expect(await at.browser().signIn('both')).toMatchObject({ status: 200 })
    })

    test('ends only the sessions of the company that is left', async () => {
      const here = await at.signedIn('both', { company: 'huicheng' })
      const there = await at.signedIn('both', { company: 'second-house' })
      const boss = await at.signedIn('second-boss')
      expect(await boss.post(`/api/member/${second}/leave`, { reason: '离职' })).toMatchObject({ status: 200 })
      expect(await there.get('/api/me')).toMatchObject({ status: 401 })
      expect(await here.get('/api/me')).toMatchObject({ status: 200, body: { companies: [{ slug: 'huicheng' }] } })
    })
  })

  test('somebody who comes back gets positions and a password anew', async () => {
    const id = await at.joins('returns', 'engineer')
    await chen.post(`/api/member/${id}/leave`, { reason: '离职' })
    expect(await chen.post(`/api/member/${id}/come_back`, { positions: ['sales'] })).toMatchObject({ status: 422,
      body: { error: { fields: [{ field: 'password', code: 'required' }] } } })
    expect(await chen.post(`/api/member/${id}/come_back`, { positions: ['sales'], password: '给你一个新的密码 7' }))
      .toMatchObject({ status: 200 })
    expect(await at.browser().signIn('returns')).toMatchObject({ status: 401 })
    expect(await at.browser().signIn('returns', { password: '给你一个新的密码 7' })).toMatchObject({ status: 200,
      body: { must_change_password: true, positions: ['销售'] } })
  })

  describe('an API key', () => {
    const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` })
    const makes = async (more: object = {}) =>
      chen.post('/api/keys', { name: '官网报修表', roles: ['coordinator'], ...more })

    test('is shown once, kept as a hash, and acts with its roles', async () => {
      const { status, body } = await makes()
      expect(status).toBe(201)
      expect(body.secret).toMatch(/^gdk_[\w-]{43}$/)
      const list = await chen.get('/api/keys')
      expect(list.body.keys[0]).toMatchObject({ id: body.id, name: '官网报修表', roles: ['coordinator'], revoked_at: null,
        made_by: { name: '陈国栋' } })
      expect(JSON.stringify(list.body)).not.toContain(body.secret)
      const program = at.browser()
      expect(await program.get('/api/me', bearer(body.secret))).toMatchObject({ status: 200,
        body: { member: { name: '官网报修表' }, login: '', roles: ['coordinator'] } })
      const made = await program.post('/api/task', { title: '网页报修' }, bearer(body.secret))
      expect(made).toMatchObject({ status: 201, body: { events: [{ via: 'api', who: { kind: 'key', id: body.id } }] } })
      expect(await program.post('/api/member', joining('by-key'), bearer(body.secret))).toMatchObject({ status: 403 })
      expect(program.cookies.size).toBe(0)
    })

    test('has no account: it cannot change a password, switch companies or make keys', async () => {
      const { body: { secret } } = await makes({ roles: ['administrator'] })
      const program = at.browser()
      for (const [url, input] of [
        ['/api/password', { current: 'x', next: 'y' }], ['/api/company', { slug: 'huicheng' }],
        ['/api/keys', { name: 'x', roles: ['coordinator'] }], ['/api/sign-out-everywhere', {}],
        ['/api/second-factor', { password: 'x' }]] as const) {
        expect(await program.post(url, input, bearer(secret))).toMatchObject({ status: 403 })
      }
    })

    test('ends when it is revoked or out of date', async () => {
      const { body: { id, secret } } = await makes({ days: 2 })
      const { body: other } = await makes({ days: 1 })
      const program = at.browser()
      expect(await chen.delete(`/api/keys/${id}`)).toMatchObject({ status: 204 })
      expect(await chen.delete(`/api/keys/${id}`)).toMatchObject({ status: 404 })
      expect(await program.get('/api/me', bearer(secret))).toMatchObject({ status: 401 })
      expect(await program.get('/api/me', bearer(other.secret))).toMatchObject({ status: 200 })
      at.app.now += 86_400_000
      expect(await program.get('/api/me', bearer(other.secret))).toMatchObject({ status: 401 })
      at.app.now -= 86_400_000
    })

    test('that is wrong is nobody, even beside a good session', async () => {
      expect(await chen.get('/api/me', bearer('gdk_wrong-wrong-wrong-wrong-wrong'))).toMatchObject({ status: 401 })
    })

    test('is refused with roles that do not exist, and to everybody but administrators', async () => {
      expect(await makes({ roles: ['coordinator', 'emperor'] })).toMatchObject({ status: 422,
        body: { error: { fields: [{ field: 'roles.1', code: 'not_an_option' }] } } })
      expect(await makes({ days: 0 })).toMatchObject({ status: 422 })
      await at.joins('no-keys', 'coordinator')
      const browser = await at.signedIn('no-keys')
      expect(await browser.get('/api/keys')).toMatchObject({ status: 403 })
      expect(await browser.post('/api/keys', { name: 'x', roles: ['coordinator'] })).toMatchObject({ status: 403 })
    })
  })

  test('one company’s key list and people are not another’s', async () => {
    const company = await at.addCompany('elsewhere')
    await at.joins('elsewhere-boss', 'manager', { company })
    const boss = await at.signedIn('elsewhere-boss', { password: goodPassword })
    expect((await boss.get('/api/keys')).body.keys).toEqual([])
    expect((await boss.get('/api/people')).body.people).toHaveLength(1)
    expect(await boss.get(`/api/member/${await idOf(chen)}`)).toMatchObject({ status: 404 })
  })
})
