import { buildServer } from '../src/server/http.ts'
import { listRoutes } from '../src/server/routes/lists.ts'
import { recordRoutes } from '../src/server/routes/records.ts'
import type { Http } from './http.ts'
import { Limit, capture, limitPool } from './limit.ts'
import { type Report, concurrencies, measure } from './measure.ts'
import type { Stage } from './stage.ts'

const pieceCount = 300
const different = 30

/** The n-th of many different questions of one kind, so that nobody answers the same one from memory. */
type Question = (n: number) => string

/** What people look at all day, each as many different questions. Words and numbers are those of the loader. */
function questionsOf({ people, someCases, stored }: Stage): Readonly<Record<string, Question>> {
  const person = (n: number) => people[n % people.length]!
  const day = (n: number) => new Date(Date.UTC(2025, 0, 1 + n * 17 % 600)).toISOString().slice(0, 10)
  return {
    record_page: (n) => `/api/task/${someCases[n * 7 % someCases.length]}`,
    list_newest: (n) => `/api/task?kind=active&sort=-opened&limit=50${n % 2 ? `&opened_to=${day(n)}` : ''}`,
    list_person: (n) => `/api/task?state=taken&handler=${person(n)}&sort=due`,
    list_month: (n) => `/api/task?state=done&opened_from=${day(n)}&sort=opened`,
    list_late: () => '/api/task?due=late&team=hotline&sort=due',
    list_author: (n) => `/api/task?author=${person(n)}&kind=void`,
    list_words: (n) => `/api/task?q=${['卡纸', '漏粉', '花屏', '发灰'][n % 4]}&state=taken`,
    board: () => '/api/task/board',
    my_work: () => '/api/my-work',
    search_chinese: (n) => `/api/search?q=${['卡纸', '漏粉', '不通电', '花屏', '发灰', '组件'][n % 6]}`,
    search_english: (n) => `/api/search?q=${['toner', 'paper jam', 'fuser', 'blank screen', 'no power'][n % 5]}`,
    search_serial: (n) => `/api/search?q=${serialOf(n * 7919 % stored).slice(n % 4, n % 4 + 6)}`,
    search_number: (n) => `/api/search?q=${String(n * 7919 % stored).padStart(7, '0').slice(1)}`,
  }
}

/** The serial number in the title of the n-th case of the loader. */
const serialOf = (n: number): string => `CN${(n * 48_271 % 2_147_483_647).toString(16).toUpperCase().padStart(8, '0')}`

/** Pages that people read, over HTTP, beside the bare statements of the same pages. */
export async function benchReads(stage: Stage, http: Http, report: Report, chosen: (op: string) => boolean): Promise<void> {
  const server = await buildServer(stage.app, { routes: [listRoutes, recordRoutes], authenticate: async () => stage.ctx() })
  const everyOne = Array.from({ length: pieceCount }, (_one, n) => n)
  const pool = limitPool(stage.database.app)
  for (const [op, question] of Object.entries(questionsOf(stage)).filter(([name]) => chosen(name))) {
    const urls = everyOne.map(question)
    const captured = []
    for (const url of urls.slice(0, different)) {
      captured.push(await capture(stage.db, async () => {
        const answer = await server.inject({ url: encodeURI(url) })
        if (answer.statusCode !== 200) throw new Error(`${url}: ${answer.body}`)
      }))
    }
    const limits = captured.map((one) => new Limit(pool, one, ''))
    const bare = (n: number) => limits[n % different]!.replay({ record: null })
    await measure(everyOne, 32, bare)
    await measure(urls, 32, (url) => http.get(url))
    for (const concurrency of concurrencies) {
      const limited = await measure(everyOne, concurrency, bare)
      report(op, concurrency, await measure(urls, concurrency, (url) => http.get(url)), limited)
    }
  }
  await Promise.all([server.close(), pool.end()])
}
