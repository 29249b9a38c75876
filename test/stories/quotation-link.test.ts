import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { withClient } from '../../src/server/database-roles.ts'
import { storeFile } from '../../src/server/files.ts'
import { type Ports, drainOutbox } from '../../src/server/outbox.ts'
import { diskStore } from '../../src/server/ports/file-store.ts'
import { smtpMail } from '../../src/server/ports/mail.ts'
import { type Printer, openPrinter } from '../../src/server/print/printer.ts'
import { fileRoutes } from '../../src/server/routes/files.ts'
import { accountRoutes } from '../../src/server/routes/accounts.ts'
import { linkRoutes } from '../../src/server/routes/links.ts'
import { recordRoutes } from '../../src/server/routes/records.ts'
import { Browser, type TestHouse, openTestHouse } from '../browser.ts'
import { storyDatabases } from '../databases.ts'
import { price } from '../quoting.ts'
import { multipart, png } from '../serve.ts'

const day = 86_400_000
const hasPoppler = (() => {
  try {
    execFileSync('pdfimages', ['-v'], { stdio: 'ignore' })
    return true
  } catch {
    if (process.env['CI'] === 'true') throw new Error('poppler-utils is missing, and CI=true asks for all')
    console.log('Not run: looking for the signature on a print (poppler-utils is not available here)')
    return false
  }
})()

/** One letter as the other side received it. */
type Received = { to: string; id: string; from: string; subject: string; text: string; attached: Buffer | null }

describe.each(storyDatabases())('a quotation’s way to the customer on $name', (kind) => {
  let at: TestHouse
  let ports: Ports & { printer: Printer }
  let wang: Browser
  let server: Awaited<ReturnType<TestHouse['otherServer']>>
  let smtp: SMTPServer
  let parties: { customer: string; machine: string }
  const letters: Received[] = []
  /** What the other side does with the next letters: takes them all unless told otherwise. */
  const behaviour: ('lose' | 'refuse')[] = []
  const folder = mkdtempSync(join(tmpdir(), 'gongdan-link-'))

  beforeAll(async () => {
    at = await openTestHouse(kind)
    // Failures for good are part of these stories.
    at.app.log = { ...at.app.log, error() {} }
    at.app.files = diskStore(folder)
    smtp = new SMTPServer({ authOptional: true, disabledCommands: ['STARTTLS'], onData(stream, session, callback) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        const how = behaviour.shift()
        if (how === 'refuse') return callback(Object.assign(new Error('no such mailbox'), { responseCode: 550 }))
        letters.push(parsed(Buffer.concat(parts).toString('latin1'), session.envelope.rcptTo[0]!.address))
        return callback(how === 'lose' ? Object.assign(new Error('try later'), { responseCode: 451 }) : null)
      })
    } })
    await new Promise<void>((settle) => { smtp.listen(0, '127.0.0.1', settle) })
    const { port } = smtp.server.address() as AddressInfo
    ports = { mail: smtpMail(`smtp://127.0.0.1:${port}`, 'Gongdan <gongdan@shop.example>'), printer: openPrinter(),
      publicUrl: 'https://desk.example',
      storePrint: async (ctx, one) => (await storeFile(at.app, ctx.company.id, one)).id }
    server = await at.otherServer({ routes: [accountRoutes, linkRoutes, fileRoutes, recordRoutes] })
    await at.joins('wang', 'coordinator', { name: '王晓燕' })
    wang = new Browser(server, '10.9.0.1')
    await wang.signIn('wang')
    const customer = await made('customer', { customer_kind: 'organisation', name: '远景律师事务所', phone: '020-87001234' })
    parties = { customer, machine: await made('machine', { customer, product_kind: 'laser_printer', brand: '惠普',
      model: 'LaserJet M1136', serial_number: 'CNB9K12345', purchase_unknown: true }) }
    await superuser(`insert into settings_revision (company_id, revision, overrides, change, why, made_at)
      values ($1, 1, $2, '{}', '登记电话', now())`,
    [at.home.id, JSON.stringify({ texts: { 'shop.phone': '020-87583950' } })])
  })
  afterAll(async () => {
    ports.mail?.close()
    await ports.printer.close()
    await new Promise<void>((settle) => { smtp.close(settle) })
    await at.close()
    rmSync(folder, { recursive: true })
  })
  beforeEach(() => {
    letters.length = 0
    behaviour.length = 0
  })

  const superuser = (text: string, values: unknown[] = []) =>
    withClient(at.database.superuser, async (client) => (await client.query(text, values)).rows)
  async function made(process: string, input: object): Promise<string> {
    const answer = await wang.post(`/api/${process}`, input)
    expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 201 })
    return answer.body.id
  }
  const act = async (id: string, action: string, input: object = {}) => {
    const answer = await wang.post(`/api/quotation/${id}/${action}`, input)
    expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200 })
    return answer.body
  }
  /** A quotation of 480 yuan, priced; its order has been looked at by an engineer. */
  const priced = async () => {
    const order = await made('repair_order', { ...parties, contact_name: '刘女士', contact_phone: '13912345678',
      arrived_as: 'carried_in', symptom: '卡纸', warranty: 'out' })
    await superuser(`update repair_order set fault_found = '定影膜破损', price_proposal_fen = 51234 where id = $1`, [order])
    const id = await made('quotation', { parent: order })
    await act(id, 'price', { ...price, note: '内部：可再让 50' })
    return id
  }
  const send = (id: string) => act(id, 'send', { way: 'email', email: 'liu@yuanjing.example' })
  const drain = () => drainOutbox(at.app, ports)
  const urlIn = (letter: Received): string => /https:\/\/desk\.example\/l\/([\w-]+)/.exec(letter.text)![1]!
  /** A customer's browser, on the page behind a secret. */
  let visitors = 0
  const visitor = async (secret: string) => {
    const browser = new Browser(server, `10.8.0.${visitors += 1}`)
    expect(await browser.get(`/api/link/${secret}`)).toMatchObject({ status: 200 })
    return browser
  }
  const sent = async () => {
    const id = await priced()
    await send(id)
    await drain()
    const browser = await visitor(urlIn(letters.at(-1)!))
    const answer = async (action: string, input: object = {}, seq?: number) =>
      browser.post(`/api/link/record/${action}`, input, { 'if-match':
        `"${seq ?? (await browser.get('/api/link/record')).body.seq}"` })
    return { id, browser, answer, view: async () => (await browser.get('/api/link/record')).body }
  }
  const stateOf = async (id: string) => (await wang.get(`/api/quotation/${id}`)).body.state.name
  const linksTo = (id: string) => superuser('select id from link where record_id = $1', [id])
  const outbox = (id: string) => superuser(
    `select seq, n, kind, state, tries, effect from outbox where record_id = $1 and kind = 'send' order by seq, n`,
    [id])

  test('one letter goes out: what it costs and why, the link, the paper', async () => {
    const id = await priced()
    await send(id)
    await Promise.all([drain(), drain()])
    expect(letters).toHaveLength(1)
    const [{ to, from, subject, text, attached, id: message }] = letters as [Received]
    const { number, relatives } = (await wang.get(`/api/quotation/${id}`)).body
    expect([to, from]).toEqual(['liu@yuanjing.example', `${at.home.name}<gongdan@shop.example>`])
    expect(subject).toBe(`【${at.home.name}】维修报价单 ${number} 惠普 LaserJet M1136`)
    const order = relatives.find(({ process }: { process: string }) => process === 'repair_order').number
    for (const part of ['刘女士，您好：', '惠普 LaserJet M1136（CNB9K12345）', order, '定影膜破损，属自然损耗',
      '1. 备件　定影组件 RM1-6920　1 × 380.00 = ¥380.00（原装，三个月质保）', '优惠：−¥20.00', '合计：¥480.00（人民币肆佰捌拾元整）',
      '同意后 3 个工作日', '2026-12-07', 'https://desk.example/l/', '热线 020-87583950', '每天 08:00–18:00']) {
      expect(text).toContain(part)
    }
    expect(text).not.toContain('可再让')
    expect(message).toMatch(new RegExp(`^<effect\\.${id}\\.3\\.\\d+\\.[0-9a-f-]{36}@shop\\.example>$`))
    expect(attached!.subarray(0, 5).toString()).toBe('%PDF-')
    expect(await linksTo(id)).toHaveLength(1)
    // Its secret is nowhere any more.
    expect(JSON.stringify(await superuser('select * from outbox'))).not.toContain(urlIn(letters[0]!))
  })

  test('a server that is away is asked again under the same number and with the same link', async () => {
    const id = await priced()
    await send(id)
    behaviour.push('lose')
    await drain()
    expect(await outbox(id)).toMatchObject([{ state: 'waiting', tries: 1 }])
    await at.later(30_000, async () => { await drain() })
    expect(letters).toHaveLength(2)
    expect(new Set(letters.map((letter) => letter.id)).size).toBe(1)
    expect(new Set(letters.map(urlIn)).size).toBe(1)
    expect(await linksTo(id)).toHaveLength(1)
    expect(await outbox(id)).toMatchObject([{ state: 'done' }])
  })

  test('a crash while sending is told, and sends nothing twice; a retry has the same link', async () => {
    const id = await priced()
    await send(id)
    await drain()
    const first = letters[0]!
    // As after kill -9 between the letter and its mark.
    await superuser(`update outbox set state = 'sending', done_at = null, leased_until = $2,
      effect = effect || '{"mailing": true}' || jsonb_build_object('link_secret', $3::text)
      where record_id = $1 and kind = 'send'`, [id, new Date(at.app.now), urlIn(first)])
    await at.later(1_000, async () => { await drain() })
    expect(letters).toHaveLength(1)
    expect(await outbox(id)).toMatchObject([{ state: 'uncertain' }])
    const [told] = await superuser(`select r.title, u.reason from undelivered u join record r on r.id = u.id
      where u.source_record = $1`, [id]) as [{ title: string; reason: string }]
    expect(told.reason).toContain('不能确定')
    await superuser(`update outbox set state = 'waiting', leased_until = null
      where record_id = $1 and kind = 'send'`, [id])
    await drain()
    expect(letters).toHaveLength(2)
    expect([letters[1]!.id, urlIn(letters[1]!)]).toEqual([first.id, urlIn(first)])
    expect(await linksTo(id)).toHaveLength(1)
  })

  test('an address that will not take it is an administrator’s work', async () => {
    const id = await priced()
    await send(id)
    behaviour.push('refuse')
    await drain()
    expect(await outbox(id)).toMatchObject([{ state: 'dead' }])
    expect(await superuser('select reason from undelivered where source_record = $1', [id]))
      .toMatchObject([{ reason: expect.stringContaining('no such mailbox') }])
  })

  test('a price that was taken back before its letter left is not sent', async () => {
    const id = await priced()
    await send(id)
    await act(id, 'revise', { reason: '漏了一项' })
    await drain()
    expect(letters).toEqual([])
    expect(await outbox(id)).toMatchObject([{ state: 'done' }])
  })

  test('who opens the link sees the price in their words, and nothing of ours', async () => {
    const { browser, view, id } = await sent()
    const seen = await view()
    expect(seen).toMatchObject({ company: at.home.name, shop: { phone: '020-87583950', hours: '每天 08:00–18:00' },
      state: { name: 'sent' }, state_words: '等您答复', contact: '刘女士', machine: { name: '惠普 LaserJet M1136' },
      order: { number: expect.stringMatching(/^WX/) },
      quotation: { lines: [{ line: 1, name: '定影组件 RM1-6920', amount_fen: 38_000 }, { line: 2 }], discount_fen: 2_000,
        total_fen: 48_000, cause: '定影膜破损，属自然损耗', period: '同意后 3 个工作日', valid_until: '2026-12-07',
        estimate: false } })
    expect(seen.offers.map(({ action }: { action: string }) => action).sort())
      .toEqual(['accept', 'accept_part', 'ask', 'confirm_receipt', 'refuse'])
    expect(JSON.stringify(seen)).not.toMatch(/可再让|51234|proposal|王晓燕/)
    // Looking is no answer.
    expect(await stateOf(id)).toBe('sent')
    const paper = await server.inject({ url: `/api/files/${seen.paper.id}`,
      cookies: Object.fromEntries(browser.cookies) })
    expect([paper.statusCode, paper.headers['content-type']]).toEqual([200, 'application/pdf'])
  })

  test('received, asked, answered, accepted: each once, each told to the desk', async () => {
    const { id, answer, view } = await sent()
    expect(await answer('confirm_receipt')).toMatchObject({ status: 200, body: { state: { name: 'confirmed' } } })
    expect(await answer('ask', { question: '能不能用代用件？' })).toMatchObject({ status: 200 })
    await act(id, 'answer_question', { reply: '可以，便宜 80 元。' })
    await drain()
    expect(letters.at(-1)).toMatchObject({ to: 'liu@yuanjing.example', text: expect.stringContaining('可以，便宜 80 元。') })
    expect((await view()).talk).toMatchObject([{ by: 'customer', text: '能不能用代用件？' },
      { by: 'shop', text: '可以，便宜 80 元。' }])
    expect(await answer('accept')).toMatchObject({ status: 200, body: { state_words: '您已同意' } })
    expect(await stateOf(id)).toBe('accepted')
    const [event] = await superuser(`select actor_kind, via from event where record_id = $1 and action = 'accept'`,
      [id])
    expect(event).toEqual({ actor_kind: 'contact', via: 'link' })
    const tells = await superuser(`select effect->>'action' as action from outbox where record_id = $1 and kind = 'tell'
      order by seq, n`, [id])
    expect(tells.map(({ action }) => action)).toEqual(['quoted', 'quote_question', 'consent'])
    expect(await answer('refuse')).toMatchObject({ status: 409, body: { error: { code: 'wrong_state' } } })
  })

  test('refused, with the reason', async () => {
    const { id, answer } = await sent()
    expect(await answer('refuse', { refusal: '太贵' })).toMatchObject({ status: 200, body: { state_words: '您没有同意' } })
    expect((await wang.get(`/api/quotation/${id}`)).body.events[0]).toMatchObject({ action: 'refuse',
      input: { refusal: '太贵' }, who: { kind: 'contact' } })
  })

  test('accepted in part: the sum of what was chosen, the discount in proportion', async () => {
    const { answer } = await sent()
    expect(await answer('accept_part', { accepted_lines: [{ line: 3 }] })).toMatchObject({ status: 422 })
    expect(await answer('accept_part', { accepted_lines: [{ line: 1 }], customer_note: '先不清洁' }))
      .toMatchObject({ status: 200, body: { quotation: { accepted_fen: 36_480 } } })
  })

  test('an older price is not accepted: the new one comes with the answer; the link stays', async () => {
    const { id, answer, view } = await sent()
    const { seq } = await view()
    await act(id, 'revise', { reason: '加一项' })
    await act(id, 'price', { ...price, discount_fen: 0 })
    const between = await answer('accept', {}, seq)
    expect(between).toMatchObject({ status: 409, body: { error: { code: 'stale' },
      record: { quotation: null, state_words: '正在核价' } } })
    // A price that nobody has sent is not to be read anywhere in the answer.
    expect(JSON.stringify(between.body)).not.toMatch(/50000|38000|51234/)
    await send(id)
    const late = await answer('accept', {}, seq)
    expect(late).toMatchObject({ status: 409, body: { record: { quotation: { total_fen: 50_000 } } } })
    expect(await answer('accept', {}, late.body.record.seq)).toMatchObject({ status: 200 })
    expect(await stateOf(id)).toBe('accepted')
  })

  test('past its last day it is not accepted any more', async () => {
    const { answer } = await sent()
    await at.later(Date.parse('2026-12-08T02:00:00Z') - at.app.now, async () => {
      expect(await answer('accept')).toMatchObject({ status: 422,
        body: { error: { code: 'guard', guard: 'still_valid' } } })
    })
  })

  test('of two who answer at once one wins, and the other is told', async () => {
    const { answer, view } = await sent()
    const { seq } = await view()
    const answers = await Promise.all([answer('accept', {}, seq), answer('refuse', {}, seq), answer('accept', {}, seq)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409])
  })

  test('the link opens nothing else', async () => {
    const { browser } = await sent()
    const other = await priced()
    for (const url of [`/api/quotation/${other}`, '/api/quotation', `/api/customer/${parties.customer}`]) {
      expect(await browser.get(url), url).toMatchObject({ status: 404 })
    }
    expect(await browser.post(`/api/quotation/${other}/accept`)).toMatchObject({ status: 404 })
    expect(await browser.post(`/api/quotation/${other}/link`)).toMatchObject({ status: 404 })
    expect(await browser.post('/api/link/record/price', price, { 'if-match': '"3"' }))
      .toMatchObject({ status: 403 })
  })

  test('after thirty days it is gone, and says whom to call', async () => {
    const id = await priced()
    await send(id)
    await drain()
    const secret = urlIn(letters[0]!)
    await at.later(30 * day, async () => {
      const late = new Browser(server, '10.7.0.1')
      expect(await late.get(`/api/link/${secret}`)).toMatchObject({ status: 410,
        body: { error: { code: 'gone' }, shop: { name: at.home.name, phone: '020-87583950' } } })
    })
  })

  test('a link by hand for WeChat: the desk makes it, no engineer; only while there is something to answer', async () => {
    const id = await priced()
    // Made just before the price is given away, it shows none yet.
    const early = await wang.post(`/api/quotation/${id}/link`)
    const before = await visitor(/\/l\/([\w-]+)$/.exec(early.body.url)![1]!)
    expect((await before.get('/api/link/record')).body).toMatchObject({ quotation: null })
    await act(id, 'send', { way: 'qq', message_left: true })
    const gone = await priced()
    await act(gone, 'withdraw', { reason: '重复' })
    expect(await wang.post(`/api/quotation/${gone}/link`)).toMatchObject({ status: 409 })
    const given = await wang.post(`/api/quotation/${id}/link`)
    expect(given).toMatchObject({ status: 201, body: { days: 30 } })
    const secret = /\/l\/([\w-]+)$/.exec(given.body.url)![1]!
    const browser = await visitor(secret)
    expect((await browser.get('/api/link/record')).body)
      .toMatchObject({ contact: '刘女士', quotation: { total_fen: 48_000 } })
    await at.joins('li', 'lead_engineer')
    const li = new Browser(server, '10.9.0.2')
    await li.signIn('li')
    expect(await li.post(`/api/quotation/${id}/link`)).toMatchObject({ status: 403 })
  })

  test.runIf(hasPoppler)('the customer signs on the screen, and the signature stands on the paper', async () => {
    const { id, browser, answer } = await sent()
    const brought = await server.inject({ method: 'POST', url: '/api/files',
      ...multipart([{ field: 'file', name: '签字.png', content: png }]), cookies: Object.fromEntries(browser.cookies) })
    expect(brought.statusCode, brought.body).toBe(201)
    const file = brought.json().id
    expect(await answer('accept', { answered_by: '刘女士', signature: { file, signed_hash: 'a'.repeat(64) } }))
      .toMatchObject({ status: 200 })
    await act(id, 'reprint')
    await drain()
    const [{ id: paper }] = await superuser(`select id from file where record_id = $1 and uploaded_kind = 'system'
      order by seq desc limit 1`, [id]) as [{ id: string }]
    const printed = await server.inject({ url: `/api/files/${paper}`, cookies: Object.fromEntries(wang.cookies) })
    const signed = join(folder, 'signed.pdf')
    writeFileSync(signed, printed.rawPayload)
    const images = execFileSync('pdfimages', ['-list', signed], { encoding: 'utf8' })
    expect(images).toMatch(/\simage\s+1\s+1\s/)
  })
})

/** Headers and parts as far as these tests ask for them. `raw`: bytes as latin1. */
function parsed(raw: string, to: string): Received {
  const utf8 = (text: string) => Buffer.from(text, 'latin1').toString()
  const unquoted = (text: string) => text.replace(/=([0-9A-F]{2})/gi, (_hit, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)))
  const words = (text: string) => utf8(text.replace(/=\?UTF-8\?([QB])\?([^?]*)\?=\s*/gi, (_all, how: string,
    body: string) => (how.toUpperCase() === 'B' ? Buffer.from(body, 'base64').toString('latin1')
    : unquoted(body.replaceAll('_', ' ')))))
  const headerOf = (text: string, name: string) => words(new RegExp(`^${name}:((?:.*\\r\\n[ \\t])*.*)$`, 'im')
    .exec(text.split('\r\n\r\n')[0]!)?.[1]?.replace(/\r\n[ \t]/g, ' ') ?? '').trim()
  const boundary = /boundary="([^"]+)"/.exec(raw)?.[1]
  const parts = (boundary === undefined ? [raw] : raw.split(`--${boundary}`)).map((part) => part.replace(/^\r\n/, ''))
  const partOf = (type: string) => {
    const part = parts.find((one) => headerOf(one, 'Content-Type').startsWith(type))
    if (part === undefined) return null
    const body = part.slice(part.indexOf('\r\n\r\n') + 4)
    return headerOf(part, 'Content-Transfer-Encoding') === 'base64' ? Buffer.from(body, 'base64')
      : Buffer.from(unquoted(body.replace(/=\r\n/g, '')), 'latin1')
  }
  const header = (name: string) => headerOf(raw, name)
  return { to, id: header('Message-ID'), from: header('From').replaceAll('"', ''),
    subject: header('Subject').replaceAll('　', ' '),
    text: (partOf('text/plain') ?? Buffer.alloc(0)).toString('utf8').replaceAll('\r\n', '\n'),
    attached: partOf('application/pdf') }
}
