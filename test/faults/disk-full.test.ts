import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isDiskFull } from '../../src/server/db.ts'
import { diskStore } from '../../src/server/ports/file-store.ts'
import { fileRoutes } from '../../src/server/routes/files.ts'
import { testDatabases } from '../databases.ts'
import { type Served, png, serve } from '../serve.ts'
import { smallDisk } from './small-disk.ts'

const disk = smallDisk(4)

describe.runIf(disk !== null)('a full disk', () => {
  let served: Served

  beforeAll(async () => {
    served = await serve(testDatabases()[0]!, [fileRoutes])
    Object.assign(served.at.app, { files: diskStore(disk!.folder) })
  })
  afterAll(async () => {
    await served.close()
    disk!.remove()
  })

  test('of files: the upload is refused in words, nothing is left of it, and it goes on when there is room', async () => {
    const wang = await served.at.person('王协调', 'coordinator')
    writeFileSync(join(disk!.folder, 'ballast'), Buffer.alloc(3_900_000))
    const big = Buffer.concat([png, Buffer.alloc(1_000_000, 7)])
    const refused = await served.upload(wang, '照片.png', big)
    expect(refused.statusCode).toBe(507)
    expect(refused.json()).toMatchObject({ error: { code: 'no_space', message: expect.stringContaining('磁盘已满') } })
    rmSync(join(disk!.folder, 'ballast'))
    expect((await served.upload(wang, '照片.png', big)).statusCode).toBe(201)
  })

  test('is an outage that the store tells by its name', async () => {
    writeFileSync(join(disk!.folder, 'ballast'), Buffer.alloc(2_500_000))
    const error = await diskStore(disk!.folder).put(1, Readable.from([Buffer.alloc(4_000_000)]), 9_000_000)
      .then(() => null, (reason: unknown) => reason)
    rmSync(join(disk!.folder, 'ballast'))
    expect(isDiskFull(error)).toBe(true)
  })
})

test('a database that says it has no room is told as that', () => {
  expect(isDiskFull({ code: '53100' })).toBe(true)
  expect(isDiskFull({ code: '23505' })).toBe(false)
})
