import { mkdtempSync, rmSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Http, signIn } from './http.ts'
import { type Measured, summary } from './measure.ts'
import { pause, startProgram } from './program.ts'
import type { Stage } from './stage.ts'

const peopleCount = 50
const workMs = 60_000
const thinkMs = 600

/** What the program takes for so many people at work: their requests, and its memory in MB. */
export type PeopleRow = Measured & { op: string; database: string; cases: number; people?: number; requests?: number
  resident_mb?: number | null; peak_mb?: number | null }

/** One person's morning: what is to be done, a list, a case, a word to look for; now and then a new case that is finished. */
async function work(http: Http, { someCases, actor }: Stage, who: number, until: number, times: number[]): Promise<void> {
  const timed = async <T>(request: Promise<T>): Promise<T> => {
    const began = performance.now()
    const answer = await request
    times.push(performance.now() - began)
    await pause(thinkMs * (0.5 + (times.length * 7 + who) % 10 / 10))
    return answer
  }
  for (let round = who; performance.now() < until; round += 1) {
    await timed(http.get('/api/my-work'))
    await timed(http.get(['/api/task?kind=active&sort=due', '/api/task?state=taken&handler=me', '/api/task/board'][round % 3]!))
    await timed(http.get(`/api/task/${someCases[round * 7 % someCases.length]}`))
    await timed(http.get(`/api/search?q=${['卡纸', '花屏', 'toner', 'M1500'][round % 4]}`))
    if (round % 2 > 0) continue
    await timed(http.send('/api/task', { title: `给客户回电 ${who}-${round}`, handler: actor.id }))
    const list = JSON.parse(await timed(http.get('/api/task?state=taken&handler=me&sort=-opened&limit=5'))) as { rows: { id: string }[] }
    const one = list.rows[who % list.rows.length]
    if (one) await timed(http.send(`/api/task/${one.id}/note`, { note: '已联系客户' }))
  }
}

/** The built program under fifty people with a live stream each, then stopped and started again. */
export async function benchPeople(stage: Stage): Promise<PeopleRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'gongdan-bench-'))
  const { kind: database, stored: cases } = stage
  const first = await startProgram(stage.database.app, folder)
  const port = Number(new URL(first.url).port)
  const http = await signIn(port)
  const streams = Array.from({ length: peopleCount }, () => get(`${first.url}/api/live`, { headers: { cookie: http.cookie } },
    (answer) => answer.resume()).on('error', () => {}))
  const times: number[] = []
  const resident = first.resident()
  first.forget()
  const began = performance.now()
  await Promise.all(streams.map((_stream, who) => work(http, stage, who, began + workMs, times)))
  const seconds = (performance.now() - began) / 1000
  const rows: PeopleRow[] = [{ op: 'people', database, cases, people: peopleCount, requests: times.length, ...summary(times),
    per_second: Math.round(times.length / seconds), resident_mb: resident, peak_mb: first.peak() }]
  for (const stream of streams) stream.destroy()
  http.close()
  await first.end()
  const starts: number[] = []
  for (let n = 0; n < 5; n += 1) {
    const again = await startProgram(stage.database.app, folder)
    starts.push(again.startedMs)
    await again.end()
  }
  rows.push({ op: 'second_start', database, cases, ...summary(starts), resident_mb: null })
  rmSync(folder, { recursive: true })
  return rows
}
