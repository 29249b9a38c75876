import { createHash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../src/server/context.ts'
import { storeFile, sweepFiles } from '../src/server/files.ts'
import { disposition, fileRoutes } from '../src/server/routes/files.ts'
import type { FileView } from '../src/server/views.ts'
import { monday } from './company.ts'
import { testDatabases } from './databases.ts'
import { type Served, multipart, png, serve } from './serve.ts'

/** Another picture with other bytes. */
const photo = (n: number) => Buffer.concat([png, Buffer.from(`#${n}`)])
const pdf = Buffer.from('%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n')
const word97 = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600), Buffer.from('WordDocument',
  'utf16le')])
const installer = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(900, 7)])
const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

test('a Chinese file name is told in UTF-8, with a plain one for old programs', () => {
  expect(disposition('attachment', '验收单 "终稿".pdf'))
    .toBe('attachment; filename="___ ____.pdf"; '
      + `filename*=UTF-8''%E9%AA%8C%E6%94%B6%E5%8D%95%20%22%E7%BB%88%E7%A8%BF%22.pdf`)
  expect(disposition('inline', `it's (1).png`)).toContain(`UTF-8''it%27s%20%281%29.png`)
})

describe.each(testDatabases())('files on $name', (kind) => {
  let served: Served
  let wang: Actor
  let li: Actor
  let boss: Actor

  beforeAll(async () => {
    served = await serve(kind, [fileRoutes])
    wang = await served.at.person('王工', 'bench_engineer')
    li = await served.at.person('李工', 'field_engineer')
    boss = await served.at.person('赵主管', 'supervisor')
  })
  afterAll(() => served.close())

  const bring = async (actor: Actor, name: string, content: Buffer | string) => {
    const answer = await served.upload(actor, name, content)
    expect(answer.statusCode, answer.body).toBe(201)
    return answer.json<FileView>()
  }
  const status = async (actor: Actor, id: string, query = '') =>
    (await served.ask(actor, 'GET', `/api/files/${id}${query}`)).statusCode
  const place = (bytes: Buffer) =>
    join(served.folder, String(served.at.company.id), hash(bytes).slice(0, 2), hash(bytes))
  const task = async (photos: readonly string[], input: object = {}) =>
    served.at.act(wang, 'task', 'create', null, { title: '拍照留底', photos, ...input })
  const arriving = () => readdirSync(join(served.folder, '.arriving'))

  test('an upload is seen by its uploader alone, lies under its hash, and comes back as it was', async () => {
    const file = await bring(wang, '机身 照片.png', photo(1))
    expect(file).toMatchObject({ name: '机身 照片.png', type: 'image/png', size: photo(1).length })
    expect(existsSync(place(photo(1)))).toBe(true)
    expect(arriving()).toEqual([])
    const answer = await served.ask(wang, 'GET', `/api/files/${file.id}`)
    expect(answer.rawPayload.equals(photo(1))).toBe(true)
    expect(answer.headers).toMatchObject({ 'content-type': 'image/png', 'x-content-type-options': 'nosniff',
      etag: `"${hash(photo(1))}"`, 'content-length': String(photo(1).length), 'cache-control': 'private, no-cache' })
    expect(answer.headers['content-security-policy']).toMatch(/^sandbox; default-src 'none'/)
    expect(answer.headers['content-disposition']).toMatch(/^attachment; filename="/)
    expect(await status(boss, file.id)).toBe(404)
    const again = await served.ask(wang, 'GET', `/api/files/${file.id}`, undefined,
      { 'if-none-match': `"${hash(photo(1))}"` })
    expect([again.statusCode, again.body]).toEqual([304, ''])
  })

  test('pictures and PDF open in the page only when asked, others never', async () => {
    const picture = await bring(wang, 'a.png', photo(2))
    const text = await bring(wang, '名单.csv', '姓名,电话\n王工,13800000000\n')
    const shown = async (id: string) =>
      String((await served.ask(wang, 'GET', `/api/files/${id}?view=1`)).headers['content-disposition']).split(';')[0]
    expect(await shown(picture.id)).toBe('inline')
    expect(await shown((await bring(wang, '报价.pdf', pdf)).id)).toBe('inline')
    expect(await shown(text.id)).toBe('attachment')
  })

  test('what a file is, its content says', async () => {
    const types = await Promise.all(([['旧文档.doc', word97], ['gbk.txt', Buffer.from('c4e3bac3', 'hex')],
      ['无后缀', photo(3)], ['..\\..\\etc\\b.png', photo(4)]] as const).map(async ([name, content]) => {
      const file = await bring(wang, name, content)
      return [file.type, file.name]
    }))
    expect(types).toEqual([['application/msword', '旧文档.doc'], ['text/plain', 'gbk.txt'],
      ['image/png', '无后缀.png'], ['image/png', 'b.png']])
  })

  test.each([
    ['a.pdf', png, 'file_differs'], ['a.jpg', png, 'file_differs'], ['a.png', '<svg onload="x()"/>',
      'file_not_allowed'],
    ['a.txt', '<!doctype html><script>1</script>', 'file_not_allowed'], ['a.svg', '<svg/>', 'file_not_allowed'],
    ['a.html', '<p>你好', 'file_differs'], ['a.exe', Buffer.from('4d5a90000300000004000000ffff0000', 'hex'),
      'file_not_allowed'],
    ['a.doc', installer, 'file_not_allowed'], ['a.sh', '#!/bin/sh\nrm -rf /', 'file_not_allowed'],
    ['a.txt', Buffer.from([0, 1, 2, 3]), 'file_not_allowed'], ['a.png', '', 'required'],
    ['\u202egnp.exe.png', png, 'control_characters'],
  ])('%s is refused by its content, and named', async (name, content, code) => {
    const answer = await served.upload(wang, name, content)
    expect(answer.statusCode).toBe(422)
    expect(answer.json().error.fields).toMatchObject([{ field: 'file', code }])
    expect(answer.json().error.fields[0].message).not.toMatch(/[{}]/)
    expect(arriving()).toEqual([])
  })

  test('too large, two at once, none, no multipart, a torn body: a refusal, nothing is left', async () => {
    const large = await served.upload(wang, 'a.png', Buffer.concat([png, Buffer.alloc(20 * 1_048_576)]))
    expect([large.statusCode, large.json().error.code]).toEqual([413, 'too_large'])
    expect(large.json().error.message).toContain('20 MB')
    const send = (parts: Parameters<typeof multipart>[0]) => {
      const { headers, payload } = multipart(parts)
      return served.ask(wang, 'POST', '/api/files', payload, headers)
    }
    const [first, second] = [5, 6].map((n) => ({ field: 'file', name: `${n}.png`, content: photo(n) }))
    expect((await send([first!, second!])).json().error.fields).toMatchObject([{ code: 'too_many_items' }])
    expect((await send([])).json().error.fields).toMatchObject([{ field: 'file', code: 'required' }])
    expect((await send([{ field: 'x', name: null, content: '1' }])).statusCode).toBe(422)
    expect((await served.ask(wang, 'POST', '/api/files', { file: 1 })).statusCode).toBe(415)
    const { headers, payload } = multipart([first!])
    expect((await served.ask(wang, 'POST', '/api/files', payload.subarray(0, -40), headers)).statusCode).toBe(400)
    expect((await served.ask(wang, 'POST', '/api/files', payload,
      { ...headers, origin: 'https://evil.example' })).statusCode).toBe(403)
    expect(existsSync(place(photo(5)))).toBe(false)
    expect(arriving()).toEqual([])
  })

  test('an action claims what it names; then whoever sees the record sees the file', async () => {
    const file = await bring(wang, 'a.png', photo(10))
    const made = await task([file.id])
    expect(made).toMatchObject({ ok: true, seq: 1 })
    expect([await status(wang, file.id), await status(boss, file.id), await status(li, file.id)]).toEqual([200, 200,
      404])
    // The same record may name it again, another one may not.
    const { id } = made as { id: string }
    expect(await served.at.act(wang, 'task', 'note', id, { photos: [file.id] })).toMatchObject({ ok: true })
    expect(await task([file.id])).toMatchObject({ ok: false,
      refusal: { code: 'bad_input', fields: [{ field: 'photos.0', code: 'unknown_file' }] } })
  })

  test('nobody claims what somebody else brought, or what is not there; a refused action claims nothing', async () => {
    const [own, other] = [await bring(wang, 'a.png', photo(11)), await bring(li, 'b.png', photo(12))]
    expect(await task([own.id, other.id, '01900000-0000-7000-8000-000000000000'])).toMatchObject({ refusal: { fields: [
      { field: 'photos.1', code: 'unknown_file' }, { field: 'photos.2', code: 'unknown_file' }] } })
    expect(await status(boss, own.id)).toBe(404)
    expect(await task([own.id])).toMatchObject({ ok: true })
  })

  test('of eight actions that race for one file, one has it', async () => {
    const file = await bring(wang, 'a.png', photo(13))
    const raced = await Promise.all(Array.from({ length: 8 }, () => task([file.id])))
    expect(raced.filter((one) => one.ok)).toHaveLength(1)
  })

  test('what came through one private link is nothing to another', async () => {
    const [one, two] = await Promise.all([task([], { title: '甲' }), task([], { title: '乙' })]) as { id: string }[]
    const contact = (record: string): Actor =>
      ({ kind: 'contact', id: null, name: '客户', roles: ['customer'], link: { record, actions: ['note'] } })
    const file = await bring(contact(one!.id), 'a.png', photo(14))
    expect([await status(contact(one!.id), file.id), await status(contact(two!.id), file.id)]).toEqual([200, 404])
  })

  test('a print is kept by its event; the private link opens it only when it is for the customer', async () => {
    const { id } = await task([]) as { id: string }
    const contact: Actor = { kind: 'contact', id: null, name: '客户', roles: ['customer'],
      link: { record: id, actions: [] } }
    const store = (for_customer: boolean) => storeFile(served.at.app, served.at.company.id,
      { name: '待办单.pdf', type: 'application/pdf', bytes: pdf, record: id, seq: 1, for_customer })
    const [inside, outside] = [await store(false), await store(true)]
    expect([await status(wang, inside.id), await status(contact, inside.id), await status(contact, outside.id)])
      .toEqual([200, 404, 200])
    await expect(storeFile(served.at.app, served.at.company.id,
      { name: 'x.pdf', type: 'application/pdf', bytes: pdf, record: id, seq: 99 })).rejects.toThrow(/file_event/)
  })

  test('after 48 hours what nobody named is gone; bytes that another row needs stay', async () => {
    const [alone, twin, claimed] = [await bring(wang, 'a.png', photo(20)), await bring(wang, 'b.png', photo(21)),
      await bring(wang, 'c.png', photo(21))]
    await task([claimed.id])
    served.at.app.now = monday + 47 * 3_600_000
    await sweepFiles(served.at.app)
    expect(await status(wang, alone.id)).toBe(200)
    served.at.app.now = monday + 49 * 3_600_000
    const fresh = await bring(wang, 'd.png', photo(22))
    await sweepFiles(served.at.app)
    expect([await status(wang, alone.id), await status(wang, twin.id), await status(wang, claimed.id),
      await status(wang, fresh.id)]).toEqual([404, 404, 200, 200])
    expect([20, 21, 22].map((n) => existsSync(place(photo(n))))).toEqual([false, true, true])
    served.at.app.now = monday
  })

  test('the server’s role can neither remove nor rename what a record names', async () => {
    const file = await bring(wang, 'a.png', photo(30))
    await task([file.id])
    const gone = await served.at.db.transaction(served.at.company.id, (tx) =>
      tx.query({ text: 'delete from file where id = $1 returning id', values: [file.id] }))
    expect(gone).toEqual([])
    await expect(served.at.db.transaction(served.at.company.id, (tx) =>
      tx.query({ text: `update file set name = 'x' where id = $1`,
        values: [file.id] }))).rejects.toThrow(/permission denied/)
  })
})
