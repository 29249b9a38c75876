import { join } from 'node:path'
import pino from 'pino'
import pg, { type ClientConfig } from 'pg'
import { processes } from '../processes/index.ts'
import { profiles } from '../regulations/index.ts'
import { logSerializers } from './auth/log-mask.ts'
import { authenticate } from './auth/authenticate.ts'
import { type Config, publicAddress } from './config.ts'
import type { App, House } from './context.ts'
import { withClient } from './database-roles.ts'
import { type Database, openDatabase, powerfulRole } from './db.ts'
import { unknownStates } from './definitions.ts'
import { loadDemo } from './demo/load.ts'
import { readDemoLogins } from './demo/logins.ts'
import { type Embedded, startEmbedded } from './embedded.ts'
import { startHousekeeping } from './housekeeping.ts'
import { buildServer } from './http.ts'
import { keepEmbedded } from './keep-embedded.ts'
import { startLive } from './live.ts'
import type { Metrics } from './metrics.ts'
import { folderLevel, migrate, migrationLevel } from './migrate.ts'
import { fileStoreOf } from './ports/file-place.ts'
import { scannerOf } from './ports/scanner.ts'
import { openThumbnails } from './thumbnails.ts'
import { openPrinter } from './print/printer.ts'
import { nouns } from './records/index.ts'
import { recomputeClocks } from './recompute.ts'
import { apiRoutes } from './routes/index.ts'
import { webRoutes } from './routes/web.ts'
import { type Ending, endAll } from './shutdown.ts'
import { type NodeTracing, startTracing } from './tracing.ts'
import { type ProgramClock, programClock, testClockRoutes } from './test-clock.ts'
import { openRefusedBook } from './refused.ts'
import { startWorkers } from './workers.ts'

export type NodeOptions = {
  clock: () => number
  say: (line: string) => void
  /** The folder with package.json, migrations/ and dist/. */
  root: string
  /** The embedded database where somebody has begun to start it already. */
  embedded?: Promise<Embedded> | undefined
}

export type RunningNode = { address: string; app: App; end(): Promise<void> }

export const house: House = { processes, nouns, profiles }

/** One node of the system: database, workers and web on one port. Everything begun is ended in reverse. */
export async function startNode(config: Config, options: NodeOptions): Promise<RunningNode> {
  const endings: Ending[] = []
  try {
    return await begin(config, options, endings)
  } catch (error) {
    await endAll(endings, options.say)
    throw error
  }
}

async function begin(config: Config, options: NodeOptions, endings: Ending[]): Promise<RunningNode> {
  const logger = pino({ level: config.logLevel, serializers: logSerializers, redact: ['req.headers'] },
    pino.destination({ dest: join(config.dataDir, 'gongdan.log'), mkdir: true, sync: false }))
  const { owner, serving } = await openPlace(config, options, endings)
  const db = openDatabase(serving)
  endings.push({ name: 'database connections', end: () => db.close() })
  const tracing = config.traces ? await beginTracing(db, endings) : undefined
  const log = { info: logger.info.bind(logger), warn: logger.warn.bind(logger), error: logger.error.bind(logger) }
  if (config.databaseUrl === null) {
    endings.push({ name: 'watch over the database', end: keepEmbedded(config.dataDir, db, log) })
  }
  const powerful = await powerfulRole(db)
  if (powerful !== null) throw new Error(powerful)
  const unknown = await unknownStates(db, processes)
  if (unknown.length > 0) throw new Error(`the database has records in states that this program does not know: ${
    unknown.join(', ')}; it was served by a newer program`)
  const live = startLive(db, log)
  endings.push({ name: 'live changes', end: () => live.stop() })
  const clock = programClock(options.clock)
  const printer = config.only === 'http' ? undefined : openPrinter()
  if (printer) endings.push({ name: 'printer', end: () => printer.close() })
  // What an operator did not ask for is not loaded: a start does not wait for it.
  const metrics = config.metrics === null ? undefined : (await import('./metrics.ts')).nodeMetrics(clock.now)
  const app: App = { db, printer, house, clock: clock.now, meter: metrics, tracing, changed: live.changed, log,
    publicUrl: config.publicUrl,
    ...filePorts(config, clock.now),
    calendarChanged: (company) => recomputeClocks(app, company) }
  const book = openRefusedBook(app)
  app.refused = book.note
  endings.push({ name: 'book of refusals', end: () => book.close() })
  if (config.demo && owner) await loadDemo(app, owner, config.dataDir, options.say)
  if (printer) {
    endings.push({ name: 'workers', end: await startWorkers(app, live, { printer,
      mail: config.smtpUrl === null ? null : (await import('./ports/mail.ts')).smtpMail(config.smtpUrl, config.mailFrom),
      publicUrl: config.publicUrl ?? null }) })
    endings.push({ name: 'housekeeping', end: startHousekeeping(app) })
  }
  if (metrics && config.metrics) {
    const shown = await metrics.show(app, config.metrics.port, config.metrics.host)
    endings.push({ name: 'metrics', end: shown.end })
  }
  const address = config.only === 'jobs' ? ''
    : await serve(app, config, { ...options, clock, watchers: [tracing, metrics] }, endings, logger)
  if (address !== '') greet(config, address, options.say)
  return { address, app, end: () => endAll(endings, options.say) }
}

async function beginTracing(db: Database, endings: Ending[]): Promise<NodeTracing> {
  const tracing = await startTracing()
  endings.push({ name: 'traces', end: () => tracing.end() })
  tracing.watchDatabase(db)
  return tracing
}

/** The database, migrated and ready. The owner's way in is known on the embedded one and where it was given. */
async function openPlace(config: Config, { say, root, embedded: begun }: NodeOptions, endings: Ending[]):
  Promise<{ owner: ClientConfig | null; serving: ClientConfig }> {
  const folder = join(root, 'migrations')
  if (config.databaseUrl === null) {
    const embedded = await (begun ?? startEmbedded({ dataDir: config.dataDir }))
    endings.push({ name: 'embedded database', end: () => embedded.release() })
    const { applied } = await migrate(embedded.owner, folder)
    if (applied.length > 0) say(`Database: ${applied.length} migrations applied`)
    return { owner: embedded.owner, serving: embedded.app }
  }
  const owner = config.databaseOwnerUrl === null ? null : { connectionString: config.databaseOwnerUrl }
  const serving = { connectionString: config.databaseUrl }
  if (owner) await migrate(owner, folder, new pg.Client(serving).user)
  const level = await withClient(serving, migrationLevel)
  if (level !== folderLevel(folder)) {
    throw new Error(`the database stands at ${level ?? 'no migration'}, the program needs ${folderLevel(folder)}: `
      + 'run npm run db:init, or set DATABASE_OWNER_URL')
  }
  return { owner, serving }
}

async function serve(app: App, config: Config,
  { root, clock, watchers }: { root: string; clock: ProgramClock; watchers: (Pick<Metrics, 'watch'> | undefined)[] },
  endings: Ending[], logger: pino.Logger): Promise<string> {
  const forTests = config.testClock ? [testClockRoutes(clock)] : []
  const server = await buildServer(app, { authenticate, logger, trustProxy: config.trustProxy,
    watch: (made) => watchers.forEach((one) => one?.watch(made)), publicUrl: config.publicUrl,
    routes: [...apiRoutes(config), ...forTests, webRoutes(join(root, 'dist', 'web'))] })
  endings.push({ name: 'web server', end: () => server.close() })
  try {
    await server.listen({ port: config.port, host: config.host })
  } catch (error) {
    if ((error as { code?: string }).code !== 'EADDRINUSE') throw error
    throw new Error(`port ${config.port} is in use; choose another with PORT=…`, { cause: error })
  }
  const bound = server.server.address()
  return publicAddress(config, typeof bound === 'object' && bound ? bound.port : config.port)
}

/** What the person who started it needs: where, and as whom. */
function greet(config: Config, address: string, say: (line: string) => void): void {
  say(`Gongdan is ready: ${address}`)
  const logins = config.demo ? readDemoLogins(config.dataDir) : null
  if (!logins) return
  say(`Password of every demonstration login: ${logins.password}`)
  for (const company of new Set(logins.people.map((person) => person.company))) {
    const people = logins.people.filter((person) => person.company === company)
    say(`  ${company}: ${people.map(({ login, positions }) => `${login} (${positions.join('、')})`).join('  ')}`)
  }
}

/** Where files lie, who looks at them, and their small pictures. */
function filePorts(config: Config, clock: () => number): Pick<App, 'files' | 'scanner' | 'thumbnails'> {
  const { dataDir, virusScanner } = config
  return { files: fileStoreOf(config, clock), thumbnails: openThumbnails(join(dataDir, 'thumbnails')),
    ...(virusScanner !== null && { scanner: scannerOf(virusScanner, join(dataDir, 'quarantine')) }) }
}
