import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { Transformer } from '@napi-rs/image'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readXlsx } from '../../src/server/sheets/xlsx-read.ts'
import { xlsxBytes } from '../../src/server/sheets/xlsx-write.ts'
import { manySheets } from '../sheets/many-sheets.ts'
import { type BrowserStage, openBrowserStage, seriousFindings } from './stage.ts'

/** Real tables that lie beside the project, where they do. */
const data = process.env.GONGDAN_SHARED_DATA ?? join(import.meta.dirname, '..', '..', '..', 'shared', 'data')
const there = existsSync(join(data, 'assets-snipeit'))
if (!there) console.log(`Not run: tables of ${data} brought in through the screen (the folder is not there)`)

let stage: BrowserStage
let folder: string
let page: Page

beforeAll(async () => {
  stage = await openBrowserStage()
  folder = mkdtempSync(join(tmpdir(), 'gongdan-sheets-'))
  page = await stage.as('wang')
})
afterAll(async () => {
  await stage?.close()
  if (folder) rmSync(folder, { recursive: true, force: true })
})

const unpacked = (name: string): Buffer => gunzipSync(readFileSync(join(data, name)))

/** Chooses a kind and a file, and waits for its columns. */
async function bring(kind: string, name: string, content: Buffer): Promise<void> {
  const path = join(folder, name)
  writeFileSync(path, content)
  await page.goto('/sheets')
  await page.getByRole('group', { name: '导入什么' }).getByRole('button', { name: kind, exact: true }).click()
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: '选择文件' }).click()
  await (await chooser).setFiles(path)
  await page.getByRole('button', { name: '核对一遍' }).waitFor()
}
/** The page as it stands, on a desk and on a telephone: nothing serious, nothing too wide. */
async function look(name: string): Promise<void> {
  for (const [width, height] of [[390, 844], [1366, 768]] as const) {
    await page.setViewportSize({ width, height })
    expect(await seriousFindings(page), `${name} at ${width}`).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), `${name} at ${width}`)
      .toBeLessThanOrEqual(0)
    const pictures = process.env.SHEET_PICTURES
    if (pictures) await page.screenshot({ path: `${pictures}/${name}-${width}.png` })
  }
}
const column = (heading: string) => page.getByRole('combobox', { name: heading, exact: true })
const filler = (label: string) => page.getByLabel(label, { exact: false }).last()

async function check(): Promise<void> {
  await page.getByRole('button', { name: '核对一遍' }).click()
  await page.getByRole('button', { name: '改列的对应' }).waitFor()
}
async function shown(): Promise<Record<string, number>> {
  const pairs = await page.locator('dl > div').evaluateAll((all) => all.map((one) =>
    [one.querySelector('dt')!.textContent, Number(one.querySelector('dd')!.textContent!.replaceAll(',', ''))]))
  return Object.fromEntries(pairs) as Record<string, number>
}
async function write(button: RegExp): Promise<Record<string, number>> {
  await page.getByRole('button', { name: button }).click()
  await page.getByText('导入完成').waitFor()
  return shown()
}
const count = async (path: string): Promise<number> =>
  (await (await page.context().request.get(path)).json() as { count: number }).count

test('a list that was given out, corrected and brought in again: old and new are shown first, then the records say it', async () => {
  await page.goto('/sheets?kind=machine')
  await page.getByRole('link', { name: '导出现有的机器' }).waitFor()
  await look('begin')
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: '导出现有的机器' }).click()
  const rows: string[][] = []
  for await (const { cells } of readXlsx(await (await download).path())) rows.push(cells)
  const place = rows[0]!.indexOf('放置地点')
  const [first, second] = rows.slice(1, 3).map((cells) => cells[rows[0]!.indexOf('单号')]!)
  const corrected = rows.map((cells, n) => Array.from(rows[0]!, (_heading, column) =>
    (column === place && (n === 1 || n === 2) ? '新大楼五楼' : cells[column] ?? '').replaceAll('&', '&amp;').replaceAll('<', '&lt;')))
  await bring('机器', '机器清单.xlsx', manySheets([{ name: '说明', rows: [['这是说明', '不是清单']] },
    { name: '清单', rows: corrected }]))
  await page.getByLabel('工作表').selectOption('清单')
  await column('放置地点').waitFor()
  expect(await column('单号').inputValue()).toBe('$number')
  await page.getByLabel('新增并更新').check()
  await look('match')
  await check()
  expect(await shown()).toEqual({ '将新增': 0, '将修改': 2, '没有变化': rows.length - 3 })
  await page.getByRole('row', { name: new RegExp(`${first}.*放置地点.*新大楼五楼`) }).waitFor()
  await page.getByRole('row', { name: new RegExp(`${second}.*放置地点.*新大楼五楼`) }).waitFor()
  await look('checked')
  expect(await write(/^写入：新增 0，修改 2/)).toEqual({ '已修改': 2, '没有变化': rows.length - 3 })
  await look('done')
  const answer = await page.context().request.get(`/api/machine?number=${first}&fields=place`)
  expect((await answer.json() as { rows: { values: object }[] }).rows[0]!.values).toEqual({ place: '新大楼五楼' })
}, 300_000)

test('stock says that it is an opening balance and offers no change', async () => {
  const keeper = await stage.as('zheng')
  await keeper.goto('/sheets?kind=stock')
  const chooser = keeper.waitForEvent('filechooser')
  await keeper.getByRole('button', { name: '选择文件' }).click()
  await (await chooser).setFiles({ name: '库存.csv', mimeType: 'text/csv', buffer: Buffer.from('料号,数量\nX-1,3\n') })
  await keeper.getByText('库存只做期初录入').waitFor()
  expect(await keeper.getByText('新增并更新').count()).toBe(0)
  await keeper.context().close()
}, 120_000)

test.runIf(there)('companies of an asset list become customers, once each, however often they are loaded', async () => {
  const before = await count('/api/customer/count')
  const assets = unpacked('assets-snipeit/assets-sample.csv.gz')
  const lines = new Set(assets.toString('utf8').replace(/^\ufeff/, '').trimEnd().split(/\r?\n/).slice(1)
    .map((line) => /^("[^"]*"|[^,]*)/.exec(line)![0]))
  await bring('客户', 'assets.csv', assets)
  for (const heading of await page.locator('tbody select').evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')!))) {
    await column(heading).selectOption(heading === 'Company' ? { label: '名称 *' } : '')
  }
  await filler('客户类别').selectOption('单位')
  await filler('QQ 或微信').fill('待补')
  await check()
  expect((await shown())['有问题'] ?? 0).toBe(0)
  const written = await write(/^导入 /)
  expect(written['已写入']).toBe(lines.size)
  expect(await count('/api/customer/count')).toBe(before + lines.size)
  await bring('客户', 'assets.csv', assets)
  for (const heading of await page.locator('tbody select').evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')!))) {
    await column(heading).selectOption(heading === 'Company' ? { label: '名称 *' } : '')
  }
  await filler('客户类别').selectOption('单位')
  await filler('QQ 或微信').fill('待补')
  await check()
  await page.getByText('没有要导入的新内容').waitFor()
  expect(await count('/api/customer/count')).toBe(before + lines.size)
}, 300_000)

test.runIf(there)('the assets themselves become machines of these customers, with their dates', async () => {
  const before = await count('/api/machine/count')
  await bring('机器', 'assets.csv', unpacked('assets-snipeit/assets-sample.csv.gz'))
  expect(await column('Company').inputValue()).toBe('customer')
  expect(await column('Model').inputValue()).toBe('model')
  expect(await column('Purchase Date').inputValue()).toBe('purchase_date')
  await column('Asset Tag').selectOption({ label: '序列号' })
  await column('Category').selectOption('')
  await filler('产品类别').selectOption('其他')
  await check()
  const found = await shown()
  const written = await write(/^(导入|只导入正确的) /)
  expect(written['已写入']).toBe(found['可以导入'])
  expect((written['已写入'] ?? 0) + (written['有问题'] ?? 0)).toBe(22)
  expect(await count('/api/machine/count')).toBe(before + written['已写入']!)
  const answer = await page.context().request.get('/api/machine?q=ICC-2065556&fields=purchase_date,serial_number')
  const [row] = (await answer.json() as { rows: { values: object; customer: { name: string } }[] }).rows
  expect(row).toMatchObject({ values: { purchase_date: '2023-01-23' }, customer: { name: 'Abshire and Sons' } })
}, 300_000)

test.runIf(there)('people of another program become customers of their own; mistakes come back as a file', async () => {
  await bring('客户', 'users.csv', unpacked('assets-snipeit/users-sample.csv.gz'))
  for (const [heading, field] of [['First Name', '名称 *'], ['Last Name', '名称 *'], ['Email', '邮箱'], ['Phone', '电话']] as const) {
    await column(heading).selectOption({ label: field })
  }
  for (const heading of ['Location', 'Company', 'Website', 'Username']) await column(heading).selectOption('')
  await filler('客户类别').selectOption('个人')
  await check()
  const found = await shown()
  expect((found['可以导入'] ?? 0) + (found['有问题'] ?? 0) + (found['文件里重复'] ?? 0)).toBe(100)
  expect(await seriousFindings(page)).toEqual([])
  const before = await count('/api/customer/count')
  const written = await write(/^(导入|只导入正确的) /)
  expect(await count('/api/customer/count')).toBe(before + written['已写入']!)
}, 300_000)

test.runIf(there)('2,888 printer models as a workbook: every one is a machine afterwards', async () => {
  const text = unpacked('printers/hplip-models.dat.gz').toString('latin1')
  const models = [...text.matchAll(/^model\d+=(.+)$/gm)].map(([, name]) => name!.trim())
  expect(models).toHaveLength(2888)
  async function* rows() {
    yield [[{ text: '客户' }, { text: '型号' }, { text: 'SN' }]]
    yield models.map((model, n) => [{ text: 'Abshire and Sons' }, { text: model }, { text: `HPLIP${String(n).padStart(5, '0')}` }])
  }
  const parts: Buffer[] = []
  for await (const part of xlsxBytes('机型', [], rows())) parts.push(part)
  await bring('机器', 'models.xlsx', Buffer.concat(parts))
  await filler('产品类别').selectOption('激光打印机')
  await filler('购买日期不详').selectOption('是')
  await check()
  expect(await shown()).toEqual({ '可以导入': 2888 })
  expect(await write(/^导入 2,888 行/)).toEqual({ '已写入': 2888 })
  const { count: capped } = await (await page.context().request.get('/api/machine/count')).json() as { count: number }
  expect(capped).toBe(1000)
  const last = () => count('/api/machine/count?q=HPLIP02887')
  await expect.poll(last, { timeout: 60_000 }).toBe(1)
}, 300_000)

test('a table with mistakes shows each by line and column; pages fit a telephone and have no serious finding', async () => {
  await bring('客户', '客户.csv', Buffer.from('客户名称,电话,客户类别\n晨光小学,不详,单位\n晨光中学,02088990011,学堂\n晨光大学,02088990012,单位\n'))
  expect(await seriousFindings(page)).toEqual([])
  await check()
  expect(await shown()).toEqual({ '可以导入': 1, '有问题': 2 })
  await page.getByRole('row', { name: /第 2 行.*电话.*不详.*电话不像电话号码/ }).waitFor()
  await page.getByRole('row', { name: /第 3 行.*客户类别.*学堂.*客户类别不在可选范围内/ }).waitFor()
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: '下载有问题的行，改好再导入' }).click()
  expect((await download).suggestedFilename()).toBe('问题-客户.xlsx')
  const address = page.url()
  for (const [width, colorScheme] of [[390, 'dark'], [1366, 'light']] as const) {
    const other = await stage.as('wang', { viewport: { width, height: 844 }, colorScheme })
    for (const path of ['/sheets', address]) {
      await other.goto(path)
      await other.getByRole('heading').first().waitFor()
      await other.waitForLoadState('networkidle')
      expect(await seriousFindings(other), `${path} at ${width}`).toEqual([])
      expect(await other.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
    }
    await other.context().close()
  }
}, 300_000)

test('pictures of a record open large, one after the other, and close again; in lists they are small', async () => {
  const upload = async (name: string, shade: number) => {
    const bytes = await Transformer.fromRgbaPixels(Buffer.alloc(900 * 600 * 4, shade), 900, 600).jpeg(80)
    const answer = await page.context().request.post('/api/files',
      { multipart: { file: { name, mimeType: 'image/jpeg', buffer: bytes } } })
    return (await answer.json() as { id: string }).id
  }
  const photos = [await upload('正面.jpg', 90), await upload('背面.jpg', 200)]
  const made = await page.context().request.post('/api/task?action=create', { data: { title: '看两张照片', photos } })
  const { id } = await made.json() as { id: string }
  await page.goto(`/task/${id}`)
  const link = page.getByRole('link', { name: '正面.jpg' }).first()
  await link.waitFor()
  expect(await link.locator('img').getAttribute('src')).toContain('view=small')
  await link.click()
  const viewer = page.getByRole('dialog', { name: '正面.jpg' })
  await viewer.waitFor()
  expect(await seriousFindings(page)).toEqual([])
  if (process.env.SHEET_PICTURES) await page.screenshot({ path: `${process.env.SHEET_PICTURES}/viewer.png` })
  await page.keyboard.press('ArrowRight')
  await page.getByRole('dialog', { name: '背面.jpg' }).waitFor()
  await page.getByText('第 2 张，共 2 张').waitFor()
  await page.keyboard.press('Escape')
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
  expect(page.url()).toContain(`/task/${id}`)
}, 300_000)
