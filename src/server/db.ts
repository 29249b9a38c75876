import pg from 'pg'

/**
 * The only door to the database. Every connection pipelines: statements that are sent without waiting travel in one
 * round trip, which is what an action's speed depends on (docs/decisions/0003-pipelined-sql.md). The pool is private;
 * a statement always runs inside a transaction that has named its company, so that row-level security holds.
 */
export type Statement = { name?: string; text: string; values?: readonly unknown[] }
export type Row = Record<string, unknown>

/** Something that answers statements, inside a transaction of one company. */
export type Reader = { query<R = Row>(statement: Statement): Promise<R[]> }

export type Tx = Reader & {
  /** Commits; sent at once, so that it shares the trip of the statement before it. */
  commit(): Promise<void>
  rollback(): Promise<void>
}

/** Sees a statement go; what it answers, if anything, hears how the statement ended. */
export type Watcher = (statement: Statement) => ((error?: Error) => void) | void

export type Database = {
  /** A read-only transaction of one company; statements sent without waiting share one trip. */
  read<T>(company: number, body: (reader: Reader) => Promise<T>): Promise<T>
  /** A transaction of one company. A body that neither commits nor rolls back is rolled back. */
  transaction<T>(company: number, body: (tx: Tx) => Promise<T>): Promise<T>
  /** Calls a definer function: the only thing that may run before a company is known. */
  door<R = Row>(statement: Statement): Promise<R[]>
  /**
   * A dedicated connection that hears notifications; reconnects by itself, and says so by `back`: something may have
   * been missed. Call the result to stop.
   */
  listen(channel: string, hear: (payload: string) => void, back?: () => void): () => Promise<void>
  /** Every statement sent is shown to `see`, until the result is called: for traces, the bench and the plans test. */
  watch(see: Watcher): () => void
  /** Connections of the pool now: in use, at rest, and how many callers wait for one. */
  load(): { used: number; idle: number; waiting: number }
  close(): Promise<void>
}

const { types } = pg
const int8 = 20
const timestamptz = 1184
const date = 1082

/** Instants come as ISO strings in UTC, dates as 'YYYY-MM-DD', big integers as numbers (all of ours are safe). */
const ownTypes = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === int8) return Number
    if (oid === timestamptz) return (text: string) => new Date(text).toISOString()
    if (oid === date) return (text: string) => text
    return types.getTypeParser(oid, format as 'text')
  },
}

/** SQL with its values, as a template: sql`select … where id = ${id}`. Nested fragments keep their numbering. */
export function sql(strings: TemplateStringsArray, ...parts: readonly unknown[]): Fragment {
  const values: unknown[] = []
  let text = strings[0]!
  for (const [index, part] of parts.entries()) {
    if (part instanceof Fragment) {
      const shift = values.length
      text += part.text.replace(/\$(\d+)/g, (_match, n: string) => `$${Number(n) + shift}`)
      values.push(...part.values)
    } else {
      values.push(part)
      text += `$${values.length}`
    }
    text += strings[index + 1]!
  }
  return new Fragment(text, values)
}

/** A piece of SQL; its own class, so that no value from outside can pass for one. */
export class Fragment {
  readonly text: string
  readonly values: readonly unknown[]
  constructor(text: string, values: readonly unknown[]) {
    this.text = text
    this.values = values
  }
  /** The same statement under a name: the server keeps its plan for the connection. */
  named(name: string): Statement {
    return { name, text: this.text, values: this.values }
  }
}

/** An identifier known to our own code (a column, a table); refuses anything that is not plainly one. */
export function identifier(name: string): Fragment {
  if (!/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$/.test(name)) throw new Error(`not an identifier: ${name}`)
  return new Fragment(name, [])
}

export function join(parts: readonly Fragment[], between: string): Fragment {
  return parts.reduce((all, part, index) =>
    (index === 0 ? part : sql`${all}${new Fragment(between, [])}${part}`), new Fragment('', []))
}

const setCompany = (company: number): Statement =>
  ({ name: 'set_company', text: `select set_config('app.company', $1, true)`, values: [String(company)] })

const idleMs = 30_000
const connectMs = 10_000
const statementMs = 30_000

/** Opens the pool. `most` connections; refuses nothing by itself: see refusePowerfulRole. */
export function openDatabase(config: pg.ClientConfig, options: { most?: number } = {}): Database {
  const pool = new pg.Pool({ ...config, max: options.most ?? 16, idleTimeoutMillis: idleMs, types: ownTypes as never,
    connectionTimeoutMillis: connectMs, pipeline: true, statement_timeout: statementMs,
    application_name: 'gongdan' } as pg.PoolConfig)
  // A connection that dies while idle is replaced by the next request; the request itself would tell.
  pool.on('error', () => {})
  // So with one that dies while it is used: its statements are told.
  pool.on('connect', (client) => { client.on('error', () => {}) })
  const watchers = new Set<Watcher>()
  const see = <R>(statement: Statement, send: () => Promise<R>): Promise<R> => {
    const ends = watchers.size === 0 ? [] : [...watchers].flatMap((watcher) => watcher(statement) ?? [])
    const answer = send()
    if (ends.length > 0) answer.then(() => ends.forEach((end) => end()), (error: Error) => ends.forEach((end) => end(error)))
    return answer
  }
  return {
    read: (company, body) => within(pool, see, company, 'begin read only', body),
    transaction: (company, body) => within(pool, see, company, 'begin', body),
    async door<R>(statement: Statement) {
      return (await see(statement, () => pool.query(statement as pg.QueryConfig))).rows as R[]
    },
    listen: (channel, hear, back) => listen(config, channel, hear, back),
    watch(watcher) {
      watchers.add(watcher)
      return () => { watchers.delete(watcher) }
    },
    load: () => ({ used: pool.totalCount - pool.idleCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    close: () => pool.end(),
  }
}

type See = <R>(statement: Statement, send: () => Promise<R>) => Promise<R>

async function within<T>(pool: pg.Pool, see: See, company: number, begin: string,
  body: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  // Without a listener a connection that is cut while in use would end the whole program; the statements tell.
  let broken = false
  const cut = () => { broken = true }
  client.on('error', cut)
  const sent: Promise<unknown>[] = []
  const send = <R>(statement: Statement): Promise<R[]> => {
    const answer = see(statement, () => client.query(statement as pg.QueryConfig)).then((result) => result.rows as R[])
    // Whoever sent it awaits it; this only keeps a later statement's failure from being called unhandled.
    answer.catch(() => {})
    sent.push(answer)
    return answer
  }
  let ended = false
  const end = async (how: 'commit' | 'rollback') => {
    ended = true
    const result = await see({ text: how }, () => client.query(how))
    if (how === 'commit' && result.command !== 'COMMIT') throw new Error('the transaction had failed before its commit')
  }
  try {
    void send({ text: begin })
    void send(setCompany(company))
    return await body({ query: send, commit: () => end('commit'), rollback: () => end('rollback') })
  } catch (error) {
    broken ||= isConnectionLost(error)
    throw error
  } finally {
    if (!ended && !broken) await end('rollback').catch(() => { broken = true })
    await Promise.allSettled(sent)
    client.off('error', cut)
    client.release(broken)
  }
}

/** Errors after which the connection is of no use: it was cut, or the server is going down or starting. */
export function isConnectionLost(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: string; message?: string }
  return /^(57P0[123]|08\d\d\d|ECONN\w+|EPIPE|ENOENT|ETIMEDOUT)$/.test(code ?? '')
    || /Connection terminated|timeout exceeded when trying to connect|not queryable/.test(message ?? '')
}

/** The disk of the database, or the one that files go to, has no room. */
export const isDiskFull = (error: unknown): boolean =>
  ['53100', 'ENOSPC', 'EDQUOT'].includes((error as { code?: string })?.code ?? '')

/** PostgreSQL says that two transactions got into each other's way; the whole transaction may be tried again. */
export function isRetryable(error: unknown): boolean {
  return ['40P01', '40001'].includes((error as { code?: string })?.code ?? '')
}

/** The constraint that a failed write ran against, or null. */
export function brokenConstraint(error: unknown): string | null {
  const { code, constraint } = (error ?? {}) as { code?: string; constraint?: string }
  return code?.startsWith('23') ? constraint ?? '' : null
}

const relistenMs = 1_000

function listen(config: pg.ClientConfig, channel: string, hear: (payload: string) => void, back?: () => void):
  () => Promise<void> {
  let before = false
  let client: pg.Client | null = null
  let stopped = false
  let timer: NodeJS.Timeout | null = null
  const again = () => {
    client = null
    if (!stopped && !timer) timer = setTimeout(() => { timer = null; void connect() }, relistenMs)
  }
  const connect = async () => {
    const fresh = new pg.Client({ ...config, application_name: 'gongdan-listen' })
    fresh.on('error', again)
    fresh.on('end', again)
    fresh.on('notification', (message) => hear(message.payload ?? ''))
    try {
      await fresh.connect()
      await fresh.query(`listen ${identifier(channel).text}`)
      if (stopped) await fresh.end()
      else client = fresh
      if (before) back?.()
      before = true
    } catch {
      again()
    }
  }
  void connect()
  return async () => {
    stopped = true
    if (timer) clearTimeout(timer)
    await client?.end()
  }
}

/**
 * The server must not be able to pass a policy: it refuses to serve as a superuser, as the owner of the tables or with
 * BYPASSRLS.
 *
 * @returns the sentence to show, or null when the role is right
 */
export async function powerfulRole(database: Database): Promise<string | null> {
  const [role] = await database.door<{ rolname: string; rolsuper: boolean; rolbypassrls: boolean; owns: boolean }>({
    text: `select rolname, rolsuper, rolbypassrls,
      exists (select from pg_class c where c.relowner = r.oid and c.relkind = 'r') as owns
      from pg_roles r where rolname = current_user` })
  if (!role?.rolsuper && !role?.rolbypassrls && !role?.owns) return null
  return `the role ${role.rolname} of DATABASE_URL can pass row-level security (superuser, owner or BYPASSRLS); `
    + 'use a plain role for the server: npm run db:init makes one'
}
