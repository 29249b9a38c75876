import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Writable } from 'node:stream'
import pino from 'pino'
import { attemptFrom } from '../src/server/auth/attempts.ts'
import { installCompany, makeSetupLink } from '../src/server/auth/install.ts'
import { logSerializers, maskedUrl } from '../src/server/auth/log-mask.ts'
import { passwordProblem } from '../src/server/auth/passwords.ts'
import { sha256 } from '../src/server/auth/tokens.ts'
import { withClient } from '../src/server/database-roles.ts'
import { canonical } from '../src/server/run.ts'
import { Browser, type TestHouse, goodPassword, openTestHouse } from './browser.ts'
import { testDatabases } from './databases.ts'

/** What OWASP ASVS asks of level 2 about passwords and signing in, as far as it applies. */

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const cookieOf = (browser: Browser) => browser.cookies.get('gongdan_session')

describe('a password', () => {
  const problem = (password: string, login = 'wang') => passwordProblem('password', password, login)?.code ?? null

  test('has at least ten characters, counted as people count them', () => {
    expect(problem('jk3-lq9-v')).toBe('weak_password')
    expect(problem('jk3-lq9-vx')).toBeNull()
    expect(problem('海内存知己天涯若比')).toBe('weak_password')
    expect(problem('海内存知己天涯若比邻')).toBeNull()
  })
  test('may be a long sentence with spaces in any script, up to 200 characters', () => {
    expect(problem(`${'a b 密 🔑 é '.repeat(19)}end`)).toBeNull()
    expect(problem('x1'.repeat(101))).toBe('too_long')
  })
  test('needs no mixture of kinds of characters', () => {
    expect(problem('correcthorsebatterystaple')).toBeNull()
  })
  test.each(['1234567890', 'password123', 'P@ssw0rd2026!', 'qwertyuiop', '1111111111', 'abcabcabcabc', 'woaini1314520',
    '0987654321', 'admin@123456', '1qaz2wsx3edc', 'Gongdan2026!', '@dmin-12345'])('%s is too common', (common) => {
    expect(problem(common)).toBe('weak_password')
  })
  test('is not the login, with or without figures round it', () => {
    expect(problem('wangxiaoyan', 'wangxiaoyan')).toBe('weak_password')
    expect(problem('wangxiaoyan2026', 'wangxiaoyan')).toBe('weak_password')
    expect(problem('wangxiaoyan2026', 'lizhiqiang')).toBeNull()
  })
})

test('an IPv6 subscriber is one address, however it is written', () => {
  const who = (address: string) => attemptFrom(address).who.toString('hex')
  expect(who('2001:db8:1:2:aaaa::1')).toBe(who('2001:0db8:0001:0002:bbbb:0:0:9'))
  expect(who('2001:db8:1:2::1')).not.toBe(who('2001:db8:1:3::1'))
  expect(who('::ffff:192.0.2.1')).not.toBe(who('::ffff:192.0.2.2'))
})

test('tokens in addresses are masked in the log', () => {
  expect(maskedUrl('/api/link/abc-DEF_123?x=1')).toBe('/api/link/***?***')
  expect(maskedUrl('/l/abc')).toBe('/l/***')
  expect(maskedUrl('/api/search?q=13800138000')).toBe('/api/search?***')
  expect(maskedUrl('/api/link/record')).toBe('/api/link/record')
})

describe.each(testDatabases())('accounts on $name', (kind) => {
  let at: TestHouse
  beforeAll(async () => {
    at = await openTestHouse(kind)
    await at.joins('chen', 'manager', { name: '陈国栋' })
    await at.joins('wang', 'coordinator', { name: '王晓燕' })
  })
  afterAll(() => at.close())

  describe('signing in', () => {
    test('tells who I am, what I may do, and whether the office is open', async () => {
      const { body } = await (await at.signedIn('wang')).get('/api/me')
      expect(body).toMatchObject({ login: 'wang', member: { name: '王晓燕' }, positions: ['协调员'], language: 'zh',
        roles: ['coordinator', 'dispatcher', 'hotline'], must_change_password: false, unread: 0, late: 0,
        company: { slug: 'huicheng', regulation: 's4', demo: false }, companies: [{ slug: 'huicheng' }],
        opening: { open: true, until: expect.stringMatching(/^2026-11-23T\d\d:00/) } })
      expect(body.processes).toContainEqual({ process: 'task', label: '待办', create: 'create' })
      expect(body.processes).toContainEqual({ process: 'member', label: '人员', create: null })
      expect(body.processes.map(({ process }: { process: string }) => process)).not.toContain('undelivered')
    })

    test('takes the login in any case and width', async () => {
      expect(await at.browser().signIn(' ＷＡＮＧ ')).toMatchObject({ status: 200 })
    })

    test('answers an unknown login, a wrong password and somebody who has left alike', async () => {
      const gone = await at.joins('gone', 'engineer')
      const chen = await at.signedIn('chen')
      expect(await chen.post(`/api/member/${gone}/leave`, { reason: '离职' })).toMatchObject({ status: 200 })
      const answers = await Promise.all([at.browser().signIn('nobody'), at.browser().signIn('gone'),
        at.browser().signIn('wang', { password: 'not this one at all' })])
      for (const { status, body } of answers) {
        expect(status).toBe(401)
        expect({ ...body.error, request_id: '' }).toEqual({ code: 'wrong_password', message: '登录名或密码不对。',
          request_id: '' })
      }
    })

    test('does the same work for an unknown login: the time does not tell', async () => {
      const time = async (login: string) => {
        const started = performance.now()
        await at.browser().signIn(login, { password: 'not this one at all' })
        return performance.now() - started
      }
      await time('warm-up')
      const fastest = async (...logins: string[]) => {
        const times: number[] = []
        for (const login of logins) times.push(await time(login))
        return Math.min(...times)
      }
      const unknown = await fastest('nobody-1', 'nobody-2', 'nobody-3')
      const known = await fastest('chen', 'wang', 'chen')
      // Without the hash an unknown login would take a hundredth.
      expect(unknown).toBeGreaterThan(known / 4)
      expect(known).toBeGreaterThan(unknown / 4)
    })

    test('names what is missing, and refuses what is too much', async () => {
      const { status, body } = await at.browser().post('/api/sign-in', { login: '', extra: 1 })
      expect(status).toBe(422)
      expect(body.error.fields).toMatchObject([{ field: 'extra', code: 'unknown_field' },
        { field: 'login', code: 'required', message: '请填写登录名' },
        { field: 'password', code: 'required', message: '请填写密码' }])
      expect(await at.browser().post('/api/sign-in', { login: { a: 1 }, password: ['x'] }))
        .toMatchObject({ status: 422 })
    })

    test('is refused from another site', async () => {
      const answer = await at.browser().post('/api/sign-in', { login: 'wang', password: goodPassword },
        { origin: 'https://evil.example' })
      expect(answer).toMatchObject({ status: 403, body: { error: { code: 'wrong_origin' } } })
    })
  })

  describe('the password', () => {
    test('is kept as argon2id with a salt of its own, where the server cannot read it', async () => {
      const rows = await at.rows<{ password_hash: string }>(`select password_hash from account`)
      for (const { password_hash } of rows) expect(password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
      expect(new Set(rows.map((row) => row.password_hash)).size).toBe(rows.length)
      for (const table of ['account', 'session', 'attempt', 'setup_link']) {
        await expect(at.db.door({ text: `select * from ${table}` })).rejects.toThrow(/permission denied/)
      }
      await expect(at.db.door({ text: `select token_hash from api_key` })).rejects.toThrow(/permission denied/)
    })

    test('stays out of the history of the person, in any form', async () => {
      const secret = 'heron-over-lake-7731'
      await at.joins('canary', 'engineer', { password: secret })
      const [event] = await at.rows<{ input: object; request_hash: Buffer }>(
        `select input, request_hash from event where process = 'member' and input->>'login' = 'canary'`)
      expect(JSON.stringify(event!.input)).not.toContain(secret)
      expect(event!.input).not.toHaveProperty('password')
      // Nor does a fast hash of it lie there, from which it could be guessed.
      const input = { name: 'canary', login: 'canary', positions: ['engineer'] }
      const hashed = (form: object) => sha256(['member', 'join', '', canonical(form)].join('\u0000'))
      expect(event!.request_hash).toEqual(hashed(input))
      expect(event!.request_hash).not.toEqual(hashed({ ...input, password: secret }))
    })

    test('is changed with the present one; every other session ends and this one gets a new token', async () => {
      await at.joins('switcher', 'engineer')
      const [here, there] = [await at.signedIn('switcher'), await at.signedIn('switcher')]
      const before = cookieOf(here)
      expect(await here.post('/api/password', { current: 'not the right one', next: '一二三四五六七八九十甲' }))
        .toMatchObject({ status: 422, body: { error: { fields: [{ field: 'current', code: 'wrong_password' }] } } })
      expect(await here.post('/api/password', { current: goodPassword, next: 'short' }))
        .toMatchObject({ status: 422, body: { error: { fields: [{ field: 'next', code: 'weak_password' }] } } })
      expect(await here.post('/api/password', { current: goodPassword, next: goodPassword }))
        .toMatchObject({ status: 422, body: { error: { fields: [{ field: 'next', code: 'same_password' }] } } })
      const next = ' 中间 两  个空格也算 '
      expect(await here.post('/api/password', { current: goodPassword, next })).toMatchObject({ status: 200 })
      expect(cookieOf(here)).not.toBe(before)
      expect(await here.get('/api/me')).toMatchObject({ status: 200, body: { unread: 1 } })
      expect(await there.get('/api/me')).toMatchObject({ status: 401 })
      expect(await at.browser().signIn('switcher')).toMatchObject({ status: 401 })
      expect(await at.browser().signIn('switcher', { password: next })).toMatchObject({ status: 200 })
      expect(await at.browser().signIn('switcher', { password: next.slice(0, -3) })).toMatchObject({ status: 401 })
    })

    test('given by an administrator must be changed before anything else', async () => {
      const id = await at.joins('fresh', 'engineer')
      const [chen, old] = [await at.signedIn('chen'), await at.signedIn('fresh')]
      expect(await chen.post(`/api/member/${id}/reset_password`, { password: 'password123' }))
        .toMatchObject({ status: 422, body: { error: { fields: [{ code: 'weak_password' }] } } })
      const given = '给你一个新的密码 7'
      expect(await chen.post(`/api/member/${id}/reset_password`, { password: given })).toMatchObject({ status: 200 })
      expect(await old.get('/api/me')).toMatchObject({ status: 401 })
      const fresh = await at.signedIn('fresh', { password: given })
      expect(await fresh.get('/api/me')).toMatchObject({ body: { must_change_password: true } })
      for (const url of ['/api/people', '/api/sessions', '/api/keys', `/api/member/${id}`]) {
        expect(await fresh.get(url)).toMatchObject({ status: 403, body: { error: { code: 'must_change_password' } } })
      }
      expect(await fresh.post('/api/task', { title: '先做点别的' })).toMatchObject({ status: 403 })
      expect(await fresh.post('/api/password', { current: given, next: goodPassword })).toMatchObject({ status: 200,
        body: { must_change_password: false } })
      expect(await fresh.get('/api/people')).toMatchObject({ status: 200 })
    })
  })

  describe('guessing', () => {
    const wrong = (browser: Browser, login: string) => browser.signIn(login, { password: 'a wrong guess 1' })

    test('closes an account after five failures, for longer each time, and says for how many minutes', async () => {
      await at.joins('target', 'engineer')
      for (let n = 0; n < 5; n += 1) expect(await wrong(at.browser(), 'target')).toMatchObject({ status: 401 })
      const locked = at.browser()
      expect(await locked.signIn('target')).toMatchObject({ status: 429,
        body: { error: { code: 'locked_out', message: '失败次数太多，请 1 分钟后再试。' } } })
      expect(locked.last!.headers['retry-after']).toBe('60')
      await at.later(minute + 1, async () => {
        expect(await wrong(at.browser(), 'target')).toMatchObject({ status: 401 })
        expect(await at.browser().signIn('target'))
          .toMatchObject({ body: { error: { message: expect.stringContaining('2 分钟') } } })
      })
      await at.later(4 * minute, async () => {
        expect(await at.browser().signIn('target')).toMatchObject({ status: 200 })
      })
    })

    test('is counted in the database: another node knows, and so does an unknown login', async () => {
      for (let n = 0; n < 5; n += 1) await wrong(at.browser(), 'no-such-person')
      const elsewhere = new Browser(await at.otherServer(), '10.9.9.9')
      expect(await wrong(elsewhere, 'no-such-person')).toMatchObject({ status: 429 })
    })

    test('many at the same moment are all counted: no more than five are tried', async () => {
      await at.joins('raced', 'engineer')
      const answers = await Promise.all(Array.from({ length: 16 }, () => wrong(at.browser(), 'raced')))
      expect(answers.filter(({ status }) => status === 401)).toHaveLength(5)
      expect(answers.filter(({ status }) => status === 429)).toHaveLength(11)
    })

    test('from one address is stopped over all accounts; a success of one’s own does not wipe it clean', async () => {
      const office = '203.0.113.7'
      for (let n = 0; n < 29; n += 1) await wrong(at.browser(office), `guess-${n}`)
      expect(await at.browser(office).signIn('wang')).toMatchObject({ status: 200 })
      expect(await wrong(at.browser(office), 'guess-29')).toMatchObject({ status: 401 })
      expect(await at.browser(office).signIn('wang')).toMatchObject({ status: 429 })
      expect(await at.browser('203.0.113.8').signIn('wang')).toMatchObject({ status: 200 })
    })

    test('a locked account does not lock the address of the whole office', async () => {
      const office = '203.0.113.20'
      await at.joins('noisy', 'engineer')
      for (let n = 0; n < 40; n += 1) await wrong(at.browser(office), 'noisy')
      expect(await at.browser(office).signIn('wang')).toMatchObject({ status: 200 })
    })

    test('counts where the password is asked again, too', async () => {
      await at.joins('asked', 'engineer')
      const browser = await at.signedIn('asked')
      for (let n = 0; n < 5; n += 1) {
        expect(await browser.post('/api/password', { current: 'wrong wrong wrong', next: 'x' }))
          .toMatchObject({ status: 422 })
      }
      expect(await browser.post('/api/second-factor', { password: goodPassword })).toMatchObject({ status: 429 })
    })

    test('after a success earlier failures are forgotten', async () => {
      await at.joins('clumsy', 'engineer')
      for (let round = 0; round < 3; round += 1) {
        for (let n = 0; n < 4; n += 1) await wrong(at.browser(), 'clumsy')
        expect(await at.browser().signIn('clumsy')).toMatchObject({ status: 200 })
      }
    })
  })

  describe('the installation', () => {
    test('makes a company whose first administrator opens the account once with a link', async () => {
      const made = await installCompany(at.database.owner, at.app, { slug: 'newco', name: '新公司', profile: 's0',
        administrator: { name: '林建华', login: 'lin' } })
      const browser = at.browser()
      expect(await browser.post('/api/setup', { token: made.setup_secret, password: '1234567890' }))
        .toMatchObject({ status: 422, body: { error: { fields: [{ field: 'password', code: 'weak_password' }] } } })
      const twice = await Promise.all([1, 2].map(() =>
        at.browser().post('/api/setup', { token: made.setup_secret, password: goodPassword })))
      expect(twice.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 410])
      expect(twice.find(({ status }) => status === 200)!.body).toMatchObject({
        company: { slug: 'newco', regulation: 's0' },
        must_change_password: false, roles: expect.arrayContaining(['administrator']) })
      expect(await browser.signIn('lin')).toMatchObject({ status: 200 })
    })

    test('leaves nothing behind when the login of the administrator is taken', async () => {
      await expect(installCompany(at.database.owner, at.app, { slug: 'stillborn', name: '没有开成的公司', profile: 's0',
        administrator: { name: '王晓燕', login: 'wang' } })).rejects.toThrow(/taken/)
      expect(await at.rows(`select from company where slug = 'stillborn'`)).toEqual([])
    })

    test('ends the link after seven days, and a guess is one of few', async () => {
      const secret = await withClient(at.database.owner, (client) => makeSetupLink(client, 'chen', at.app.now))
      await at.later(7 * day + 1, async () => {
        expect(await at.browser().post('/api/setup', { token: secret, password: goodPassword }))
          .toMatchObject({ status: 410 })
      })
      const guesser = at.browser()
      for (let n = 0; n < 20; n += 1) {
        expect((await guesser.post('/api/setup', { token: `guess-guess-guess-${n}`, password: goodPassword })).status)
          .toBe(410)
      }
      expect(await guesser.post('/api/setup', { token: secret, password: goodPassword })).toMatchObject({ status: 429 })
    })
  })

  test('nothing secret reaches the log', async () => {
    let log = ''
    const stream = new Writable({ write(chunk, _encoding, done) { log += String(chunk); done() } })
    const server = await at.otherServer({ logger: pino({ level: 'trace', serializers: logSerializers }, stream) })
    const browser = new Browser(server, '10.7.0.1')
    await browser.signIn('wang', { password: 'canary-password-1' })
    await browser.signIn('wang')
    await browser.get('/api/link/canary-link-token-12345')
    await browser.get('/api/people?q=canary-name')
    await browser.get('/api/me', { authorization: 'Bearer gdk_canary-key-token-12345' })
    expect(log).toContain('/api/link/***')
    expect(log).not.toMatch(/canary/)
    expect(log).not.toContain(goodPassword)
    expect(log).not.toContain(cookieOf(browser)!)
  })
})
