import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Logins of this installation's demonstration companies. The password is random and the same for all of them. */
export type DemoLogins = { password: string; people: readonly { company: string; name: string; login: string
  positions: readonly string[] }[] }

const fileOf = (dataDir: string) => join(dataDir, 'demo-logins.json')

/** What was written when the demonstration was loaded; null when it never was. */
export function readDemoLogins(dataDir: string): DemoLogins | null {
  const file = fileOf(dataDir)
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) as DemoLogins : null
}

export function writeDemoLogins(dataDir: string, logins: DemoLogins): void {
  writeFileSync(fileOf(dataDir), `${JSON.stringify(logins, null, 2)}\n`, { mode: 0o600 })
}
