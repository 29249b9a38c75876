import { uuidv7 } from 'uuidv7'
import type { App } from '../context.ts'
import { Fragment, type Row, type Tx, isConnectionLost, sql } from '../db.ts'
import { type Effective, effectiveSettings, readCompanyNow } from '../settings.ts'
import { type SearchRow, type Source, documentOf } from './document.ts'

/** Keeps the search table up with the records. One node of the cluster works at a time; the others wait their turn. */
export type Indexer = {
  /** Looks at once instead of within a second. */
  wake(): void
  /** Works until nothing is left; for tests, imports and the bench. Does nothing while another node holds the lease. */
  drain(): Promise<void>
  stop(): Promise<void>
}

const batch = 400
const pauseMs = 1_000
const pauseAfterFailureMs = 3_000
const leaseSeconds = 15
const eventsRead = 100

type Mark = { id: number; company_id: number; record_id: string }

/** Begins the loop. `every` ms between looks when there is nothing to do. */
export function startIndexer(app: App, options: { every?: number } = {}): Indexer {
  const node = uuidv7()
  const every = options.every ?? pauseMs
  let stopped = false
  let wakeUp: (() => void) | null = null
  let woken = false
  let turn: Promise<number> | null = null
  // One turn at a time, whoever asks for it.
  const once = (): Promise<number> => (turn ??= takeTurn(app, node).finally(() => { turn = null }))
  const rest = (ms: number) => new Promise<void>((resolve) => {
    if (woken || stopped) return resolve()
    const timer = setTimeout(resolve, ms)
    wakeUp = () => { clearTimeout(timer); resolve() }
  })
  const loop = async () => {
    while (!stopped) {
      woken = false
      const worked = await once().catch((error: unknown) => {
        const fields = { error: (error as Error).message }
        if (isConnectionLost(error)) app.log.warn(fields, 'search waits for the database')
        else app.log.error(fields, 'fault in the search indexer')
        return -1
      })
      if (worked <= 0) await rest(worked < 0 ? pauseAfterFailureMs : every)
    }
  }
  const running = loop()
  return {
    wake() {
      woken = true
      wakeUp?.()
    },
    async drain() {
      await turn?.catch(() => {})
      while (await once() > 0) { /* until nothing is left */ }
    },
    async stop() {
      stopped = true
      wakeUp?.()
      await running
      await app.db.door(sql`select release_search(${node}::uuid)`.named('release_search')).catch(() => {})
    },
  }
}

/** Takes the oldest marks and writes their rows, company by company. @returns how many marks there were */
async function takeTurn(app: App, node: string): Promise<number> {
  const marks = await app.db.door<Mark>(sql`select id, company_id, record_id from claim_dirty(${node}::uuid,
    make_interval(secs => ${leaseSeconds}::int), ${batch}::int)`.named('claim_dirty'))
  const companies = new Set(marks.map(({ company_id }) => company_id))
  for (const company of companies) {
    const its = marks.filter(({ company_id }) => company_id === company)
    await app.db.transaction(company, (tx) => indexCompany(app, tx, company, its))
  }
  return marks.length
}

async function indexCompany(app: App, tx: Tx, company: number, marks: readonly Mark[]): Promise<void> {
  const ids = [...new Set(marks.map(({ record_id }) => record_id))]
  const reading = tx.query<Source>(sources(ids))
  const now = await readCompanyNow(tx)
  const settings = await effectiveSettings(app, tx, company, now.profile, now.revision)
  const records = await reading
  const ownValues = await readOwnValues(app, tx, records)
  const rows = records.flatMap((record) => rowOf(app, settings, record, ownValues.get(record.id) ?? {}))
  // The same marks say whose sums of what happened are behind.
  void tx.query(sql`select fold_flow(${ids}::uuid[])`.named('fold_flow'))
  void tx.query(sql`select write_search(${JSON.stringify(rows)}::jsonb, ${marks.map(({ id }) => id)}::bigint[])`
    .named('write_search'))
  await tx.commit()
}

const sources = (ids: readonly string[]) => sql`
  select r.id, r.process, r.number, r.old_number, r.title, r.seq, r.kind, r.owner, r.handler, r.author, r.team,
    r.opened_at, r.extra, rc.title as customer_name, po.name as owner_name, ph.name as handler_name,
    (select coalesce(jsonb_agg(jsonb_build_object('action', e.action, 'input', e.input) order by e.seq desc), '[]')
     from (select e.seq, e.action, e.input from event e where e.record_id = r.id order by e.seq desc
       limit ${new Fragment(String(eventsRead), [])}) e) as inputs
  from record r
  left join member po on po.company_id = r.company_id and po.id = r.owner
  left join member ph on ph.company_id = r.company_id and ph.id = r.handler
  left join record rc on rc.company_id = r.company_id and rc.id = r.customer
  where r.id = any(${ids}::uuid[])`.named('search_sources')

/** Own texts of the records, one statement a noun, sent together. */
async function readOwnValues(app: App, tx: Tx, records: readonly Source[]): Promise<Map<string, Row>> {
  const processes = [...new Set(records.map(({ process }) => process))]
  const answers = await Promise.all(processes.map(async (process) => {
    const noun = app.house.nouns[process]
    if (!noun?.search?.length) return []
    const ids = records.filter((record) => record.process === process).map(({ id }) => id)
    const columns = new Fragment(['id', ...noun.search].join(', '), [])
    return tx.query<Row & { id: string }>(sql`select ${columns} from ${new Fragment(noun.table, [])}
      where id = any(${ids}::uuid[])`.named(`search_own:${process}`))
  }))
  return new Map(answers.flat().map((row) => [row.id, row]))
}

/** A record of a process that this program does not have, or that the company has switched off, is not searched. */
function rowOf(app: App, settings: Effective, record: Source, ownValues: Row): SearchRow[] {
  const process = settings.definitions[record.process]
  const noun = app.house.nouns[record.process]
  if (!process || !noun) return []
  return [documentOf(record, process, noun, settings.processes[record.process]?.extra ?? {}, ownValues)]
}
