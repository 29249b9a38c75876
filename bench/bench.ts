/**
 * `npm run -s bench -- --json`: how fast, each beside its limit. An array of rows
 * {op, database, concurrency, cases, per_second, p50_ms, p95_ms, p99_ms, limit_per_second, ratio}; bench/README.md
 * says how to read it. `--cases N` (default 1000) and `--database NAME` narrow it.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { run } from '../src/server/run.ts'
import { testDatabases } from '../test/databases.ts'
import { type BenchRow, type Measured, measure } from './measure.ts'
import { Limit, capture } from './limit.ts'
import { type Stage, openStage, password, takenTask, takenTasks } from './stage.ts'

const { values: options } = parseArgs({ options: { json: { type: 'boolean' }, cases: { type: 'string' },
  database: { type: 'string' } } })
const cases = Number(options.cases ?? 1000)
const concurrencies = [1, 8, 32]
const warm = 200

const say = (line: string) => { if (!options.json) process.stdout.write(`${line}\n`) }

type Http = { send(path: string, body: object): Promise<void>; close(): void }

/** A browser's worth of the API: signed in, connections kept. */
async function openHttp(stage: Stage): Promise<Http> {
  const child: ChildProcess = fork(join(import.meta.dirname, 'serve.ts'), { execArgv: ['--import', 'tsx'] })
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message: { port: number }) => resolve(message.port))
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)))
    child.send(stage.database.app)
  })
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  let cookie = ''
  const send = (path: string, body: object) => new Promise<void>((resolve, reject) => {
    const text = JSON.stringify(body)
    const sent = request({ agent, host: '127.0.0.1', port, method: 'POST', path, headers: { cookie,
      'content-type': 'application/json', 'content-length': Buffer.byteLength(text), prefer: 'return=minimal' } },
    (response) => {
      cookie ||= String(response.headers['set-cookie']?.[0] ?? '').split(';')[0]!
      let answer = ''
      response.on('data', (chunk) => { answer += chunk })
      response.on('end', () => (response.statusCode! < 300 ? resolve()
        : reject(new Error(`${path}: ${response.statusCode} ${answer}`))))
    })
    sent.on('error', reject)
    sent.end(text)
  })
  await send('/api/sign-in', { login: 'bench', password })
  return { send, close: () => { agent.destroy(); child.kill() } }
}

const createInput = { title: '给远景律所回电', detail: '报价 480 元，含定影膜。' }
const finishInput = { result: '已回电，客户同意。' }

async function benchDatabase(stage: Stage): Promise<BenchRow[]> {
  const rows: BenchRow[] = []
  const http = await openHttp(stage)
  const create = () => run(stage.ctx(), { process: 'task', action: 'create', id: null, input: createInput })
  const finish = (id: string) => run(stage.ctx(), { process: 'task', action: 'finish', id, input: finishInput })
  for (const id of await takenTasks(stage, warm)) await finish(id)
  let born = ''
  const creation = await capture(stage.db, async () => { born = ((await create()) as { id: string }).id })
  const subject = await takenTask(stage)
  const finishing = await capture(stage.db, () => finish(subject))
  const createLimit = new Limit(stage.database.app, creation, born, 32)
  const finishLimit = new Limit(stage.database.app, finishing, subject, 32)
  const pieces = Array.from({ length: cases }, (_one, index) => index)
  for (const concurrency of concurrencies) {
    const add = (op: string, measured: Measured, limit: number | null) => {
      rows.push({ op, database: stage.kind, concurrency, cases, ...measured, limit_per_second: limit,
        ratio: limit === null ? null : Math.round((measured.per_second / limit) * 100) / 100 })
      say(`${stage.kind} ${op} ×${concurrency}: ${measured.per_second}/s p95 ${measured.p95_ms} ms`
        + (limit === null ? '' : `, ${Math.round((measured.per_second / limit) * 100)} % of ${limit}/s`))
    }
    // Each in turn, the limit right beside what it limits, since machines have moods.
    const one = await measure(pieces, concurrency, () => createLimit.one())
    add('one_statement', one, null)
    const createLimited = await measure(pieces, concurrency, () => createLimit.replay({ record: null }))
    add('create_run', await measure(pieces, concurrency, create), createLimited.per_second)
    add('create', await measure(pieces, concurrency, () => http.send('/api/task', createInput)),
      createLimited.per_second)
    const finishLimited = await measure(await takenTasks(stage, cases), concurrency, (record) =>
      finishLimit.replay({ record }))
    add('act_run', await measure(await takenTasks(stage, cases), concurrency, finish), finishLimited.per_second)
    add('act', await measure(await takenTasks(stage, cases), concurrency, (id) =>
      http.send(`/api/task/${id}/finish`, finishInput)), finishLimited.per_second)
  }
  http.close()
  await Promise.all([createLimit.close(), finishLimit.close()])
  return rows
}

const rows: BenchRow[] = []
for (const kind of testDatabases().filter(({ name }) => !options.database || name === options.database)) {
  const stage = await openStage(kind)
  try {
    rows.push(...await benchDatabase(stage))
  } finally {
    await stage.close()
  }
}
if (options.json) process.stdout.write(`${JSON.stringify(rows, null, 1)}\n`)
process.exit(0)
