import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sha256 } from '../src/server/auth/tokens.ts'
import { base32, totpCode, totpStepAt } from '../src/server/auth/totp.ts'
import { Browser, type TestHouse, goodPassword, openTestHouse } from './browser.ts'
import { testDatabases } from './databases.ts'

/** What OWASP ASVS asks of level 2 about sessions and the second factor, as far as it applies. */

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const cookieOf = (browser: Browser) => browser.cookies.get('gongdan_session')

describe('a code of the second factor', () => {
  test('is what RFC 6238 computes', () => {
    const secret = base32(Buffer.from('12345678901234567890'))
    expect(secret).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ')
    const known = [[59, '287082'], [1111111109, '081804'], [1234567890, '005924'], [2000000000, '279037']] as const
    for (const [seconds, code] of known) expect(totpCode(secret, totpStepAt(seconds * 1000))).toBe(code)
  })
})

describe.each(testDatabases())('sessions on $name', (kind) => {
  let at: TestHouse
  beforeAll(async () => {
    at = await openTestHouse(kind)
    await at.joins('chen', 'manager', { name: '陈国栋' })
    await at.joins('wang', 'coordinator', { name: '王晓燕' })
  })
  afterAll(() => at.close())

  describe('a session', () => {
    test('is a random token of 256 bits, in a cookie that scripts and other sites do not get', async () => {
      const browser = await at.signedIn('wang')
      const [cookie] = browser.last!.cookies
      expect(cookie).toMatchObject({ name: 'gongdan_session', httpOnly: true, sameSite: 'Lax', path: '/',
        maxAge: 30 * 86_400 })
      expect(cookie).not.toHaveProperty('secure')
      expect(cookie).not.toHaveProperty('domain')
      expect(Buffer.from(cookie!.value, 'base64url')).toHaveLength(32)
      expect(browser.last!.body).not.toContain(cookie!.value)
      expect(browser.last!.headers['cache-control']).toBe('no-store')
      const rows = await at.rows<{ token_hash: Buffer }>('select token_hash from session where token_hash = $1',
        [sha256(cookie!.value)])
      expect(rows).toHaveLength(1)
      expect((await browser.get(`/api/me?gongdan_session=${cookie!.value}`)).status).toBe(200)
      expect((await at.browser().get(`/api/me?gongdan_session=${cookie!.value}`)).status).toBe(401)
    })

    test('has a Secure cookie wherever https is used', async () => {
      const behindProxy = new Browser(await at.otherServer({ trustProxy: true }), '10.8.0.1')
      await behindProxy.post('/api/sign-in', { login: 'wang', password: goodPassword },
        { 'x-forwarded-proto': 'https' })
      expect(behindProxy.last!.cookies[0]).toMatchObject({ secure: true })
      const named = new Browser(await at.otherServer({}, { publicUrl: 'https://service.example.cn' }), '10.8.0.2')
      await named.signIn('wang')
      expect(named.last!.cookies[0]).toMatchObject({ secure: true })
    })

    test('gets a new token at every sign-in; one that was planted before is worth nothing', async () => {
      const browser = at.browser()
      browser.cookies.set('gongdan_session', 'planted-planted-planted-planted-planted-pla')
      await browser.signIn('wang')
      const first = cookieOf(browser)!
      expect(first).not.toContain('planted')
      await browser.signIn('wang')
      expect(cookieOf(browser)).not.toBe(first)
      const carried = at.browser()
      carried.cookies.set('gongdan_session', first)
      expect(await carried.get('/api/me')).toMatchObject({ status: 401 })
    })

    test('ends at the server when its owner signs out', async () => {
      const browser = await at.signedIn('wang')
      const token = cookieOf(browser)!
      expect(await browser.post('/api/sign-out')).toMatchObject({ status: 204 })
      expect(cookieOf(browser)).toBeUndefined()
      browser.cookies.set('gongdan_session', token)
      expect(await browser.get('/api/me')).toMatchObject({ status: 401, body: { error: { code: 'not_signed_in' } } })
      expect(await at.browser().post('/api/sign-out')).toMatchObject({ status: 204 })
    })

    test('ends after twelve hours without a request', async () => {
      const browser = await at.signedIn('wang')
      const statusIn = async (hours: number) => {
        let status = 0
        await at.later(hours * hour, async () => { status = (await browser.get('/api/me')).status })
        return status
      }
      expect(await statusIn(11.9)).toBe(200)
      expect(await statusIn(23)).toBe(200)
      expect(await statusIn(35.1)).toBe(401)
    })

    test('ends after thirty days whatever happens, also across companies', async () => {
      await at.addCompany('second')
      const browser = await at.signedIn('wang')
      const step = 11 * hour
      for (let ms = step; ms < 30 * day; ms += step) {
        await at.later(ms, async () => expect((await browser.get('/api/me')).status).toBe(200))
      }
      await at.later(30 * day + 1, async () => expect(await browser.get('/api/me')).toMatchObject({ status: 401 }))
    })

    test('writes down that it was seen at most once a minute', async () => {
      const browser = await at.signedIn('wang')
      const seen = async () => {
        const [row] = await at.rows<{ last_seen_at: Date }>('select last_seen_at from session where token_hash = $1',
          [sha256(cookieOf(browser)!)])
        return row!.last_seen_at.getTime()
      }
      const start = await seen()
      await at.later(50_000, async () => { await browser.get('/api/me') })
      expect(await seen()).toBe(start)
      await at.later(70_000, async () => { await browser.get('/api/me') })
      expect(await seen()).toBe(start + 70_000)
    })

    test('is listed with its device, and each or all can be ended', async () => {
      await at.joins('many', 'engineer')
      const [here, there, third] = [await at.signedIn('many'), await at.signedIn('many'), await at.signedIn('many')]
      const { body } = await here.get('/api/sessions')
      expect(body.sessions).toHaveLength(3)
      expect(body.sessions.filter(({ current }: { current: boolean }) => current)).toHaveLength(1)
      expect(body.sessions[0])
        .toMatchObject({ company: '公司 huicheng',
        address: expect.stringMatching(/^10\.0/), user_agent: 'lightMyRequest' })
      const other = (await there.get('/api/sessions')).body.sessions.find((one: { current: boolean }) => one.current)
      expect(await here.delete(`/api/sessions/${other.id}`)).toMatchObject({ status: 204 })
      expect(await there.get('/api/me')).toMatchObject({ status: 401 })
      expect(await (await at.signedIn('wang')).delete(`/api/sessions/${body.sessions[0].id}`))
        .toMatchObject({ status: 404 })
      expect(await here.post('/api/sign-out-everywhere')).toMatchObject({ status: 204 })
      expect(await third.get('/api/me')).toMatchObject({ status: 401 })
    })

    test('ends at once when the member leaves; a change of position holds at once', async () => {
      const id = await at.joins('mover', 'engineer')
      const [chen, mover] = [await at.signedIn('chen'), await at.signedIn('mover')]
      expect(await mover.get('/api/keys')).toMatchObject({ status: 403 })
      await chen.post(`/api/member/${id}/change_positions`, { positions: ['manager', 'engineer'] })
      expect((await mover.get('/api/me')).body.roles).toContain('administrator')
      expect(await mover.get('/api/keys')).toMatchObject({ status: 200 })
      await chen.post(`/api/member/${id}/leave`, { reason: '离职' })
      expect(await mover.get('/api/me')).toMatchObject({ status: 401 })
    })

    test('with a token that is none is nobody’s: 401, never an accident', async () => {
      for (const token of ['', 'x', '\0', "' or 1=1 --", 'a'.repeat(5000), '../../etc/passwd', '工单工单工单工单工单']) {
        const cookie = `gongdan_session=${encodeURIComponent(token)}; gongdan_link=${encodeURIComponent(token)}`
        expect((await at.server.inject({ url: '/api/me', headers: { cookie } })).statusCode).toBe(401)
        const authorization = `Bearer gdk_${encodeURIComponent(token)}`
        expect((await at.server.inject({ url: '/api/me', headers: { authorization } })).statusCode).toBe(401)
      }
      const odd = { cookie: 'gongdan_session=%E0%A4%A; ;;=', authorization: 'Basic d2FuZzp3YW5n' }
      expect((await at.server.inject({ url: '/api/me', headers: { cookie: odd.cookie } })).statusCode).toBe(401)
      expect((await at.server.inject({ url: '/api/me', headers: odd })).statusCode).toBe(401)
    })
  })

  describe('the second factor', () => {
    const codeAt = (secret: string, ms = 0) => totpCode(secret, totpStepAt(at.app.now + ms))

    test('is set up with the password and a first code, then asked for, and each code is taken once', async () => {
      await at.joins('careful', 'engineer')
      const browser = await at.signedIn('careful')
      expect(await browser.post('/api/second-factor', { password: 'not the password' })).toMatchObject({ status: 422 })
      const { body: { secret, uri } } = await browser.post('/api/second-factor', { password: goodPassword })
      expect(uri).toContain(`secret=${secret}`)
      expect(Buffer.from(secret)).toHaveLength(32)
      expect(await at.browser().signIn('careful')).toMatchObject({ status: 200 })
      expect(await browser.post('/api/second-factor/confirm', { code: '000000' })).toMatchObject({ status: 422 })
      expect(await browser.post('/api/second-factor/confirm', { code: codeAt(secret) })).toMatchObject({ status: 200 })
      expect(await browser.get('/api/second-factor')).toEqual({ status: 200, body: { on: true } })

      expect(await at.browser().signIn('careful'))
        .toMatchObject({ status: 401, body: { error: { code: 'second_factor' } } })
      expect(await at.browser().signIn('careful', { code: codeAt(secret) })).toMatchObject({ status: 401 })
      await at.later(30_000, async () => {
        const code = codeAt(secret)
        const twice = await Promise.all([1, 2].map(() => at.browser().signIn('careful', { code })))
        expect(twice.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401])
        expect(await at.browser().signIn('careful', { code })).toMatchObject({ status: 401,
          body: { error: { code: 'second_factor', fields: [{ field: 'code', code: 'wrong_code' }] } } })
      })
      await at.later(5 * minute, async () => {
        expect(await at.browser().signIn('careful', { code: codeAt(secret, -90_000) })).toMatchObject({ status: 401 })
        expect(await at.browser().signIn('careful', { code: ` ${codeAt(secret, -30_000).replace(/(...)/, '$1 ')}` }))
          .toMatchObject({ status: 200 })
      })
      await at.later(10 * minute, async () => {
        expect(await browser.delete('/api/second-factor', { password: 'not the password' }))
          .toMatchObject({ status: 422 })
        expect(await browser.delete('/api/second-factor', { password: goodPassword }))
          .toEqual({ status: 200, body: { on: false } })
        expect(await at.browser().signIn('careful')).toMatchObject({ status: 200 })
      })
    })

    const withFactor = async (login: string) => {
      const id = await at.joins(login, 'engineer')
      const browser = await at.signedIn(login)
      const { body: { secret } } = await browser.post('/api/second-factor', { password: goodPassword })
      expect(await browser.post('/api/second-factor/confirm', { code: codeAt(secret) })).toMatchObject({ status: 200 })
      return { id, secret, browser }
    }

    test('wrong codes count as failures, asking for the code does not', async () => {
      await withFactor('guessed')
      for (let n = 0; n < 8; n += 1) expect(await at.browser().signIn('guessed')).toMatchObject({ status: 401 })
      for (let n = 0; n < 5; n += 1) {
        expect(await at.browser().signIn('guessed', { code: '12345' })).toMatchObject({ status: 401 })
      }
      expect(await at.browser().signIn('guessed')).toMatchObject({ status: 429 })
    })

    test('is not replaced by a new one without being taken off first', async () => {
      const { browser } = await withFactor('steady')
      expect(await browser.post('/api/second-factor', { password: goodPassword })).toMatchObject({ status: 409 })
    })

    test('is taken off by an administrator when the telephone is lost; nobody does it for themselves', async () => {
      const { id, browser } = await withFactor('lost')
      const chen = await at.signedIn('chen')
      const me = (await chen.get('/api/me')).body.member.id
      expect(await chen.post(`/api/member/${me}/reset_second_factor`, { reason: '试试' }))
        .toMatchObject({ status: 422, body: { error: { guard: 'not_self' } } })
      expect(await chen.post(`/api/member/${id}/reset_second_factor`, { reason: '手机丢了' }))
        .toMatchObject({ status: 200 })
      expect(await browser.get('/api/me')).toMatchObject({ status: 401 })
      expect(await at.browser().signIn('lost')).toMatchObject({ status: 200 })
    })
  })
})
