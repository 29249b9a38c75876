import { networkInterfaces } from 'node:os'
import { resolve } from 'node:path'
import type { S3Place } from './ports/s3-store.ts'
import { tracesWanted } from './tracing.ts'

/** What the operator set by environment; docs/operations.md has the table. */
export type Config = {
  port: number
  host: string
  dataDir: string
  /** null: the embedded database. */
  databaseUrl: string | null
  databaseOwnerUrl: string | null
  publicUrl: string | undefined
  demo: boolean
  smtpUrl: string | null
  mailFrom: string
  trustProxy: boolean
  /** Work that this node takes part in: 'all', or only requests, or only jobs. */
  only: 'all' | 'http' | 'jobs'
  logLevel: string
  /** An S3-compatible store for files; null: a folder of this machine. */
  s3: S3Place | null
  /** What looks at uploads (ports/scanner.ts); null: nothing. */
  virusScanner: string | null
  /** Where the metrics are shown; null: nowhere. */
  metrics: { port: number; host: string } | null
  /** Traces go to the operator's collector (tracing.ts). */
  traces: boolean
  /** Tests alone: the time of the running program can be set. */
  testClock: boolean
}

const bad = (name: string, value: string, wants: string): never => {
  throw new Error(`${name}=${value} is not ${wants}`)
}

/** Reads the environment once, at the start. @throws one sentence that names the variable that is wrong */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const port = Number(env.PORT ?? '8080')
  if (!Number.isInteger(port) || port < 0 || port > 65_535) bad('PORT', env.PORT ?? '', 'a port')
  const databaseUrl = env.DATABASE_URL || null
  const only = env.GONGDAN_ONLY ?? 'all'
  if (only !== 'all' && only !== 'http' && only !== 'jobs') bad('GONGDAN_ONLY', only, 'all, http or jobs')
  if (env.PUBLIC_URL && !URL.canParse(env.PUBLIC_URL)) bad('PUBLIC_URL', env.PUBLIC_URL, 'an address like https://…')
  const embedded = databaseUrl === null
  return {
    port, databaseUrl, databaseOwnerUrl: env.DATABASE_OWNER_URL || null,
    // With demonstration logins on board the server listens to this machine alone, unless told otherwise.
    host: env.HOST || (embedded ? '127.0.0.1' : '0.0.0.0'),
    dataDir: resolve(env.GONGDAN_DATA || 'data'),
    publicUrl: env.PUBLIC_URL || undefined,
    demo: env.GONGDAN_DEMO === '1' || (embedded && env.GONGDAN_DEMO !== '0'),
    smtpUrl: env.SMTP_URL || null, mailFrom: env.MAIL_FROM || 'gongdan@localhost',
    s3: s3Of(env), virusScanner: env.VIRUS_SCANNER || null,
    trustProxy: env.TRUST_PROXY === '1', only: only as Config['only'], logLevel: env.LOG_LEVEL || 'info',
    metrics: metricsOf(env), traces: tracesWanted(env),
    testClock: env.GONGDAN_TEST_CLOCK === '1',
  }
}

function metricsOf(env: NodeJS.ProcessEnv): Config['metrics'] {
  if (!env.METRICS_PORT) return null
  const port = Number(env.METRICS_PORT)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) bad('METRICS_PORT', env.METRICS_PORT, 'a port')
  return { port, host: env.METRICS_HOST || '127.0.0.1' }
}

function s3Of({ S3_URL: url, S3_REGION: region, S3_ACCESS_KEY: access_key, S3_SECRET_KEY: secret_key }: NodeJS.ProcessEnv):
  S3Place | null {
  if (!url) return null
  if (!URL.canParse(url) || new URL(url).pathname === '/') bad('S3_URL', url, 'an address with a bucket like https://…/files')
  if (!access_key || !secret_key) throw new Error('S3_URL needs S3_ACCESS_KEY and S3_SECRET_KEY')
  return { url, region: region || 'us-east-1', access_key, secret_key }
}

/** The address that people in the house can type: PUBLIC_URL, else where the server listens. */
export function publicAddress(config: Config, port: number): string {
  if (config.publicUrl) return config.publicUrl
  if (config.host !== '0.0.0.0' && config.host !== '::') {
    return `http://${config.host === '127.0.0.1' ? 'localhost' : config.host}:${port}`
  }
  const lan = Object.values(networkInterfaces()).flat()
    .find((address) => address && !address.internal && address.family === 'IPv4')
  return `http://${lan?.address ?? 'localhost'}:${port}`
}
