/**
 * `npm run -s bench:sheets -- [rows] [--export=rows] [--database=name] [--json]`: machines brought in by sheet through the
 * HTTP API of a program of its own (upload, dry run, import; then a hundredth of them changed), and a list of them as a
 * workbook and as text. The sheets are made here, by a fixed seed. Needs a build: `npm run -s build`.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { makeKey } from '../src/server/auth/keys.ts'
import { withClient } from '../src/server/database-roles.ts'
import { xlsxBytes } from '../src/server/sheets/xlsx-write.ts'
import type { SheetJobView } from '../src/server/views-sheets.ts'
import { testDatabases } from '../test/databases.ts'
import { type Program, pause, startProgram } from './program.ts'
import { openStage } from './stage.ts'

const { values: options, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean' },
  database: { type: 'string' }, export: { type: 'string', default: '50000' }, format: { type: 'string', default: 'xlsx' } } })
const rows = Number(positionals[0] ?? 100_000)
const exported = Number(options.export)
const format = options.format === 'csv' ? 'csv' : 'xlsx'
const customers = 500
const say = (line: string) => { process.stderr.write(`${line}\n`) }

/** The same figures at every run. Source: mulberry32. */
function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

const kinds = ['激光打印机', '扫描仪', '台式电脑', '笔记本', '服务器']
const brands = ['HP', '联想', '得力', '佳能', '奔图']
const wards = ['财务科', '护士站', '三楼东', '资料室', '门诊']

const customerName = (n: number) => `测速客户${String(n).padStart(4, '0')}`

/**
 * The lines of a table of customers and of one of machines, each with its heading. The first machines are one
 * customer's: the list that is exported.
 */
function* customerLines(): Generator<string[]> {
  yield ['客户名称', '联系电话', '客户类型']
  for (let n = 0; n < customers; n += 1) yield [customerName(n), `020-8${String(1_000_000 + n)}`, '单位']
}

function* machineLines(): Generator<string[]> {
  const pick = seeded(20_261)
  yield ['客户', '产品类别', '品牌', '型号', '序列号', '购买日期', '放置地点', '备注']
  for (let n = 0; n < rows; n += 1) {
    yield [customerName(n < exported ? 0 : pick(customers)), kinds[pick(kinds.length)]!, brands[pick(brands.length)]!,
      `M${100 + pick(400)}`, `SN${String(pick(1_000_000)).padStart(6, '0')}${n.toString(36).toUpperCase()}`,
      `20${18 + pick(8)}-0${1 + pick(9)}-1${pick(10)}`, `${wards[pick(wards.length)]}${pick(40)}`, n % 7 === 0 ? '随机附电源线' : '']
  }
}

const everyChanged = 100

/** Every hundredth of these machines stands elsewhere now. */
function* movedLines(): Generator<string[]> {
  let n = -1
  for (const line of machineLines()) {
    yield n >= 0 && n % everyChanged === 0 ? line.map((text, column) => (column === 6 ? `新址${text}` : text)) : line
    n += 1
  }
}

async function workbook(lines: Iterable<string[]>): Promise<Buffer> {
  async function* pages() {
    let page: { text: string }[][] = []
    for (const line of lines) {
      page.push(line.map((text) => ({ text })))
      if (page.length === 1000) {
        yield page
        page = []
      }
    }
    yield page
  }
  const parts: Buffer[] = []
  for await (const part of xlsxBytes('表', [], pages())) parts.push(part)
  return Buffer.concat(parts)
}

const text = (lines: Iterable<string[]>): Buffer => Buffer.from([...lines].map((line) => line.join(',')).join('\n'))
const made = async (lines: Iterable<string[]>): Promise<Buffer> => (format === 'xlsx' ? workbook(lines) : text(lines))

type Client = (method: 'GET' | 'POST', path: string, body?: object | FormData) => Promise<Response>

const clientOf = (url: string, key: string): Client => async (method, path, body) => {
  const form = body instanceof FormData
  const answer = await fetch(`${url}${path}`, { method, headers: { authorization: `Bearer ${key}`,
    ...(body && !form && { 'content-type': 'application/json' }) },
  ...(body && { body: form ? body : JSON.stringify(body) }) })
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  return answer
}

export type SheetRow = { op: string; database: string; rows: number; seconds: number; per_second: number
  peak_rss_mb: number | null; bytes?: number; first_byte_ms?: number
  /** How busy the machine was with everything, at the end: a figure over its cores says that others took their share. */
  load: number }

const watchMs = 200

/** Waits until a job stands where it waits for a person. */
async function settled(ask: Client, id: string, from: string): Promise<SheetJobView> {
  for (;;) {
    const job = await (await ask('GET', `/api/sheets/${id}`)).json() as SheetJobView
    if (job.state !== from) return job
    await pause(watchMs)
  }
}

type Note = (op: string, seconds: number) => void

async function timed<T>(note: Note, op: string, body: () => Promise<T>): Promise<T> {
  const began = performance.now()
  const answer = await body()
  note(op, (performance.now() - began) / 1000)
  return answer
}

/** A sheet from its upload to the end of its dry run. */
async function lookAt(ask: Client, kind: string, name: string, bytes: Buffer, note: Note, updates = false): Promise<SheetJobView> {
  const form = new FormData()
  form.set('file', new Blob([new Uint8Array(bytes)]), name)
  const read = await timed(note, 'read', async () => {
    const file = await (await ask('POST', '/api/files', form)).json() as { id: string }
    const job = await (await ask('POST', '/api/sheets', { kind, file: file.id })).json() as SheetJobView
    return settled(ask, job.id, 'reading')
  })
  const checked = await timed(note, 'dry_run', async () => {
    await ask('POST', `/api/sheets/${read.id}/fields`, { fields: read.columns.map(({ field }) => field), fillers: {}, updates })
    return settled(ask, read.id, 'checking')
  })
  if (checked.state !== 'checked') throw new Error(`the dry run ended ${checked.state}: ${checked.problem}`)
  return checked
}

/** The same to its end, each step with its seconds. */
async function bring(ask: Client, kind: string, name: string, bytes: Buffer, note: Note, updates = false): Promise<SheetJobView> {
  return timed(note, 'end_to_end', async () => {
    const read = await lookAt(ask, kind, name, bytes, note, updates)
    const done = await timed(note, 'import', async () => {
      await ask('POST', `/api/sheets/${read.id}/write`, { only_good: true })
      return settled(ask, read.id, 'writing')
    })
    if (done.state !== 'done') throw new Error(`the import ended ${done.state}: ${done.problem}`)
    return done
  })
}

/** A list as a file: how long, how big, and when its first bytes came. */
async function fetchList(ask: Client, program: Program, form: string, customer: string):
  Promise<Omit<SheetRow, 'op' | 'database' | 'rows' | 'per_second' | 'load'>> {
  program.forget()
  const began = performance.now()
  const answer = await ask('GET', `/api/machine/export?format=${form}&customer=${customer}`)
  let [bytes, first] = [0, 0]
  for await (const part of answer.body as unknown as AsyncIterable<Uint8Array>) {
    if (bytes === 0) first = performance.now() - began
    bytes += part.length
  }
  return { seconds: (performance.now() - began) / 1000, peak_rss_mb: program.peak(), bytes, first_byte_ms: Math.round(first) }
}

const table: SheetRow[] = []
for (const kind of testDatabases().filter(({ name }) => !options.database || name === options.database)) {
  const stage = await openStage(kind)
  const folder = mkdtempSync(join(tmpdir(), 'gongdan-bench-'))
  const key = await makeKey(stage.ctx(), { name: 'bench', roles: ['coordinator', 'storekeeper'], importer: false, days: 1 })
  const program = await startProgram(stage.database.app, folder)
  const ask = clientOf(program.url, key.secret)
  const add = (op: string, count: number, row: { seconds: number } & Partial<SheetRow>) => {
    const whole: SheetRow = { op, database: kind.name, rows: count, per_second: Math.round(count / row.seconds),
      peak_rss_mb: program.peak(), load: Math.round(loadavg()[0]! * 10) / 10, ...row,
      seconds: Math.round(row.seconds * 10) / 10 }
    table.push(whole)
    say(Object.entries(whole).map(([name, value]) => `${name} ${value}`).join(', '))
  }
  try {
    await bring(ask, 'customer', `customers.${format}`, await made(customerLines()), () => {})
    const sheet = await made(machineLines())
    program.forget()
    const done = await bring(ask, 'machine', `machines.${format}`, sheet, (op, seconds) => add(op, rows, { seconds }))
    const count = await withClient(stage.database.owner, async (client) =>
      (await client.query(`select count(*)::int as n from record r join event e on e.company_id = r.company_id
        and e.record_id = r.id and e.seq = 1 join machine m on m.company_id = r.company_id and m.id = r.id
        where r.process = 'machine'`)).rows[0].n as number)
    if (count !== rows || done.counts.written !== rows) throw new Error(`${count} machines are there instead of ${rows}`)
    // The same again: every row is known.
    const again = await lookAt(ask, 'machine', `machines.${format}`, sheet, (op, seconds) => add(`${op}_again`, rows, { seconds }))
    if (again.counts.there !== rows) throw new Error(`${again.counts.there} rows were known instead of ${rows}`)
    // Corrected and brought in once more: one in a hundred differs, and is changed.
    program.forget()
    const changed = await bring(ask, 'machine', `machines.${format}`, await made(movedLines()),
      (op, seconds) => add(`${op}_update`, rows, { seconds }), true)
    const expected = Math.ceil(rows / everyChanged)
    if (changed.counts.changed !== expected || changed.counts.there !== rows - expected) {
      throw new Error(`${changed.counts.changed} machines were changed instead of ${expected}`)
    }
    if (exported > 0) {
      const found = await ask('GET', `/api/customer?number=KH-00001`)
      const customer = (await found.json() as { rows: { id: string }[] }).rows[0]!.id
      for (const form of ['xlsx', 'csv']) add(`export_${form}`, Math.min(rows, exported), await fetchList(ask, program, form, customer))
    }
  } finally {
    await program.end()
    await stage.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
if (options.json) process.stdout.write(`${JSON.stringify(table, null, 1)}\n`)
process.exit(0)
