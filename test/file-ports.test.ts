import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import { type Server, type Socket, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { Transformer } from '@napi-rs/image'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../src/server/config.ts'
import type { Actor } from '../src/server/context.ts'
import { withClient } from '../src/server/database-roles.ts'
import { s3Store } from '../src/server/ports/s3-store.ts'
import { scannerOf } from '../src/server/ports/scanner.ts'
import { apiRoutes } from '../src/server/routes/index.ts'
import { bringNext } from '../src/server/sheets/worker.ts'
import { openThumbnails } from '../src/server/thumbnails.ts'
import { testDatabases } from './databases.ts'
import { type S3Server, openS3 } from './s3-server.ts'
import { type Served, serve } from './serve.ts'

const folder = mkdtempSync(join(tmpdir(), 'gongdan-ports-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const listening = (server: Server): Promise<number> => new Promise((resolve) => {
  server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port))
})

describe('an S3-compatible store', () => {
  let s3: S3Server

  beforeAll(async () => { s3 = await openS3('bucket/公司 1') })
  afterAll(() => s3.close())

  test('takes, gives back and removes files by company and content; what is not kept never gets there', async () => {
    const store = s3Store(s3.place, folder, () => Date.now())
    const received = await store.put(3, Readable.from([Buffer.from('工单'), Buffer.from('甲')]), 1000)
    expect(s3.objects.size).toBe(0)
    await received.keep()
    expect([...s3.objects.keys()]).toEqual([
      `/bucket/%E5%85%AC%E5%8F%B8%201/3/${received.sha256.slice(0, 2)}/${received.sha256}`])
    expect(await text((await store.get(3, received.sha256))!)).toBe('工单甲')
    expect(await store.get(4, received.sha256)).toBeNull()
    await store.remove(3, received.sha256)
    expect(await store.get(3, received.sha256)).toBeNull()
    await store.remove(3, received.sha256)
    const dropped = await store.put(3, Readable.from([Buffer.from('不要')]), 1000)
    await dropped.drop()
    expect(s3.objects.size).toBe(0)
    expect(readdirSync(join(folder, '.arriving'))).toEqual([])
  })

  test('with a wrong secret nothing is kept, and it is said', async () => {
    const store = s3Store({ ...s3.place, secret_key: 'other' }, folder, () => Date.now())
    const received = await store.put(3, Readable.from([Buffer.from('甲')]), 1000)
    await expect(received.keep()).rejects.toThrow(/403 SignatureDoesNotMatch/)
    expect(s3.objects.size).toBe(0)
    await received.drop()
  })

  test('half a setting is told by name', () => {
    expect(() => readConfig({ S3_URL: s3.place.url })).toThrow(/S3_ACCESS_KEY/)
    expect(() => readConfig({ S3_URL: 'https://s3.example' })).toThrow(/bucket/)
  })
})

const eicar = `X5O!P%@AP[4\\PZX54(P^)7CC)7}$${'EICAR'}-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`

describe('a virus scanner', () => {
  let server: Server
  let port: number
  let mute = false

  beforeAll(async () => {
    server = createServer((socket) => {
      let all = Buffer.alloc(0)
      socket.on('error', () => {}).on('data', (part: Buffer) => {
        all = Buffer.concat([all, part])
        const said = [Buffer.from('zINSTREAM\0'), Buffer.alloc(4)]
        if (!all.subarray(0, 10).equals(said[0]!) || !all.subarray(-4).equals(said[1]!)) return
        if (mute) socket.destroy()
        else socket.end(all.includes('EICAR') ? 'stream: Eicar-Signature FOUND\0' : 'stream: OK\0')
      })
    })
    port = await listening(server)
  })
  afterAll(() => { server.close() })

  test.each(['clamd', 'command'])('%s tells what is clean from what is not', async (way) => {
    const script = join(folder, 'scan.sh')
    writeFileSync(script, '#!/bin/sh\ngrep -q EICAR "$1" && { echo Eicar-Signature; exit 1; }\nexit 0\n')
    chmodSync(script, 0o755)
    const scanner = scannerOf(way === 'clamd' ? `clamd:127.0.0.1:${port}` : script, join(folder, 'quarantine'))
    writeFileSync(join(folder, 'clean.txt'), '好的'.repeat(100_000))
    writeFileSync(join(folder, 'bad.txt'), eicar)
    expect(await scanner.scan(join(folder, 'clean.txt'))).toEqual({ clean: true })
    expect(await scanner.scan(join(folder, 'bad.txt'))).toEqual({ clean: false, virus: 'Eicar-Signature' })
  })

  describe('at the door', () => {
    let served: Served
    let wang: Actor
    beforeAll(async () => {
      served = await serve(testDatabases()[0]!, apiRoutes(readConfig({})))
      wang = await served.at.person('王协调', 'coordinator')
      served.at.app.scanner = scannerOf(`clamd:127.0.0.1:${port}`, join(folder, 'quarantine'))
    })
    afterAll(() => served.close())

    test('an infected upload is refused, lies in quarantine, and the administrators have a 待办', async () => {
      expect((await served.upload(wang, '好.txt', '没有问题')).statusCode).toBe(201)
      const refused = await served.upload(wang, '坏.txt', eicar)
      expect(refused.statusCode).toBe(422)
      expect(refused.json().error.fields[0]).toMatchObject({ code: 'file_infected', params: { virus: 'Eicar-Signature' } })
      const kept = readdirSync(join(folder, 'quarantine')).find((name) => name.endsWith('.json'))!
      expect(JSON.parse(readFileSync(join(folder, 'quarantine', kept), 'utf8'))).toMatchObject({ name: '坏.txt', by: '王协调' })
      await served.upload(wang, '坏.txt', eicar)
      const boss = await served.at.person('管理员', 'administrator')
      const { rows } = (await served.ask(boss, 'GET', '/api/task')).json()
      expect(rows.map(({ title, team }: { title: string; team: string }) => [title, team])).toEqual([
        ['上传的文件「坏.txt」带病毒（Eicar-Signature），已隔离；上传的人：王协调', 'administrator']])
    })

    test('while the scanner is away nothing is taken', async () => {
      mute = true
      expect((await served.upload(wang, '另一份.txt', '没有问题的另一份')).statusCode).toBe(503)
      mute = false
    })
  })
})

describe('when the store of files is away', () => {
  const objects = new Map<string, Buffer>()
  let store: http.Server
  let port = 0
  let served: Served
  let wang: Actor
  const open = async () => {
    store = http.createServer((request, response) => {
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => parts.push(part)).on('end', () => {
        if (request.method === 'PUT') objects.set(request.url!, Buffer.concat(parts))
        const found = objects.get(request.url!)
        response.writeHead(request.method === 'GET' && !found ? 404 : 200).end(request.method === 'GET' ? found : undefined)
      })
    })
    port = await new Promise((resolve) => {
      store.listen(port, '127.0.0.1', () => resolve((store.address() as { port: number }).port))
    })
  }
  const stop = () => new Promise<void>((resolve) => {
    store.close(() => resolve())
    store.closeAllConnections()
  })
  beforeAll(async () => {
    await open()
    served = await serve(testDatabases()[0]!, apiRoutes(readConfig({})))
    wang = await served.at.person('王协调', 'coordinator')
    served.at.app.files = s3Store({ region: 'r', access_key: 'A', secret_key: 'B', url: `http://127.0.0.1:${port}/files` },
      folder, () => Date.now())
    served.at.app.log = { info() {}, warn() {}, error() {} }
  })
  afterAll(async () => {
    await served.close()
    await stop()
  })

  test('bringing and opening files is answered as an outage, nothing is half kept, and both go on when it is back', async () => {
    const { id } = (await served.upload(wang, '说明.txt', '一句话')).json() as { id: string }
    const sheet = (await served.upload(wang, '客户.csv', '名称,电话,客户类别\n远景,02087583950,单位\n')).json() as { id: string }
    await stop()
    const refused = await served.upload(wang, '另一份.txt', '另一句话')
    expect(refused.statusCode, refused.body).toBe(503)
    expect(refused.json().error).toMatchObject({ code: 'files_away' })
    expect(refused.json().error.message).toContain('暂时连不上存放文件的地方')
    const closed = await served.ask(wang, 'GET', `/api/files/${id}`)
    expect(closed.statusCode).toBe(503)
    expect(closed.json().error.code).toBe('files_away')
    expect(closed.headers.etag).toBeUndefined()
    expect((await served.ask(wang, 'GET', `/api/files/${id}`, undefined, { 'accept-language': 'en' })).json().error.message)
      .toContain('cannot be reached')
    expect(readdirSync(join(folder, '.arriving'))).toEqual([])
    const rows = await withClient(served.at.database.owner, (client) => client.query('select name from file order by name'))
    expect(rows.rows.map(({ name }) => name)).toEqual(['客户.csv', '说明.txt'])

    // A sheet that is being read waits for it instead of failing.
    const job = (await served.ask(wang, 'POST', '/api/sheets', { kind: 'customer', file: sheet.id })).json() as { id: string }
    await expect(bringNext(served.at.app)).rejects.toThrow(/file store/)
    const stateOf = async () => (await served.ask(wang, 'GET', `/api/sheets/${job.id}`)).json().state as string
    expect(await stateOf()).toBe('reading')

    await open()
    expect((await served.upload(wang, '另一份.txt', '另一句话')).statusCode).toBe(201)
    expect((await served.ask(wang, 'GET', `/api/files/${id}`)).body).toBe('一句话')
    expect(await bringNext(served.at.app)).toBe(false)
    served.at.app.now += 61_000
    expect(await bringNext(served.at.app)).toBe(true)
    expect(await stateOf()).toBe('mapping')
  })
})

describe('a store that takes requests and never answers', () => {
  let mute: Server
  let half: Server
  let served: Served
  let wang: Actor
  const waiting = new Set<Socket>()
  const keptOpen = (socket: Socket) => { waiting.add(socket.on('error', () => {})) }
  const storeAt = (port: number) => s3Store({ region: 'r', access_key: 'A', secret_key: 'B', url: `http://127.0.0.1:${port}/files` },
    folder, () => Date.now())
  beforeAll(async () => {
    mute = createServer((socket) => { keptOpen(socket.resume()) })
    half = createServer((socket) => {
      keptOpen(socket.resume())
      socket.write('HTTP/1.1 500 Oh\r\ncontent-length: 100\r\n\r\nhalf of a ')
    })
    served = await serve(testDatabases()[0]!, apiRoutes(readConfig({})))
    wang = await served.at.person('王协调', 'coordinator')
    served.at.app.log = { info() {}, warn() {}, error() {} }
  })
  afterAll(async () => {
    await served.close()
    for (const socket of waiting) socket.destroy()
    mute.close()
    half.close()
  })

  test('is an outage after ten seconds, for those who bring, open and remove alike', async () => {
    const { id } = (await served.upload(wang, '说明.txt', '一句话')).json() as { id: string }
    const [silent, torn] = [storeAt(await listening(mute)), storeAt(await listening(half))]
    served.at.app.files = silent
    const began = Date.now()
    const [opened, brought] = await Promise.all([served.ask(wang, 'GET', `/api/files/${id}`), served.upload(wang, '另.txt', '另一句'),
      expect(silent.remove(1, 'a'.repeat(64))).rejects.toThrow(/no answer/),
      expect(torn.get(1, 'a'.repeat(64))).rejects.toThrow(/file store/)])
    const took = Date.now() - began
    expect([opened.statusCode, brought.statusCode]).toEqual([503, 503])
    expect([opened.json().error.code, brought.json().error.code]).toEqual(['files_away', 'files_away'])
    expect(took).toBeGreaterThan(9_000)
    expect(took).toBeLessThan(20_000)
  }, 60_000)
})

describe('small pictures', () => {
  let served: Served
  let wang: Actor
  beforeAll(async () => {
    served = await serve(testDatabases()[0]!, apiRoutes(readConfig({})))
    wang = await served.at.person('王协调', 'coordinator')
    served.at.app.thumbnails = openThumbnails(join(folder, 'thumbnails'))
  })
  afterAll(() => served.close())

  test('a large photo is given small where small is asked for, to those who may see it', async () => {
    const large = await Transformer.fromRgbaPixels(Buffer.alloc(1600 * 900 * 4, 180), 1600, 900).jpeg(90)
    const { id } = (await served.upload(wang, '照片.jpg', large)).json() as { id: string }
    const small = await served.ask(wang, 'GET', `/api/files/${id}?view=small`)
    expect(small.headers['content-type']).toBe('image/webp')
    expect(await new Transformer(small.rawPayload).metadata()).toMatchObject({ width: 320, height: 180 })
    expect((await served.ask(wang, 'GET', `/api/files/${id}?view=1`)).rawPayload.equals(large)).toBe(true)
    expect((await served.ask(wang, 'GET', `/api/files/${id}?view=small`, undefined,
      { 'if-none-match': String(small.headers.etag) })).statusCode).toBe(304)
    const other = await served.at.person('李工', 'bench_engineer')
    expect((await served.ask(other, 'GET', `/api/files/${id}?view=small`)).statusCode).toBe(404)
    // What is no picture comes as it is.
    const note = (await served.upload(wang, '说明.txt', '一句话')).json() as { id: string }
    expect((await served.ask(wang, 'GET', `/api/files/${note.id}?view=small`)).body).toBe('一句话')
  })
})
