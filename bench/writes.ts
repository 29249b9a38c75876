import { run } from '../src/server/run.ts'
import type { Http } from './http.ts'
import { Limit, capture, limitPool } from './limit.ts'
import { type Report, concurrencies, measure } from './measure.ts'
import { type Stage, takenTask, takenTasks } from './stage.ts'

const pieceCount = 1000
const warm = 200

const createInput = { title: '给远景律所回电', detail: '报价 480 元，含定影膜。' }
const finishInput = { result: '已回电，客户同意。' }

/** Creating, and a guarded action with a clock and effects: over HTTP, by `run()` alone, and as bare statements. */
export async function benchWrites(stage: Stage, http: Http, report: Report): Promise<void> {
  const create = () => run(stage.ctx(), { process: 'task', action: 'create', id: null, input: createInput })
  const finish = (id: string) => run(stage.ctx(), { process: 'task', action: 'finish', id, input: finishInput })
  for (const id of await takenTasks(stage, warm)) await finish(id)
  for (const id of await takenTasks(stage, warm)) await http.send(`/api/task/${id}/finish`, finishInput)
  let born = ''
  const creation = await capture(stage.db, async () => { born = ((await create()) as { id: string }).id })
  const subject = await takenTask(stage)
  const finishing = await capture(stage.db, () => finish(subject))
  const pool = limitPool(stage.database.app)
  const createLimit = new Limit(pool, creation, born)
  const finishLimit = new Limit(pool, finishing, subject)
  const pieces = Array.from({ length: pieceCount }, (_one, index) => index)
  for (const concurrency of concurrencies) {
    // Each in turn, the limit right beside what it limits, since machines have moods.
    report('one_statement', concurrency, await measure(pieces, concurrency, () => createLimit.one()))
    const createLimited = await measure(pieces, concurrency, () => createLimit.replay({ record: null }))
    report('create_run', concurrency, await measure(pieces, concurrency, create), createLimited)
    report('create', concurrency, await measure(pieces, concurrency, () => http.send('/api/task', createInput)), createLimited)
    const finishLimited = await measure(await takenTasks(stage, pieceCount), concurrency, (record) => finishLimit.replay({ record }))
    report('act_run', concurrency, await measure(await takenTasks(stage, pieceCount), concurrency, finish), finishLimited)
    report('act', concurrency, await measure(await takenTasks(stage, pieceCount), concurrency, (id) =>
      http.send(`/api/task/${id}/finish`, finishInput)), finishLimited)
  }
  await pool.end()
}
