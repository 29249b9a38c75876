/**
 * Prints docs/definitions.lock: every name that a database may hold. Run it after adding to a definition:
 *
 *   npx tsx scripts/print-lock.ts
 *
 * A name that was printed once stays for ever: retire it in its definition (`retired: true`) instead of taking it out.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fieldsOf } from '../src/engine/define.ts'
import type { AnyProcess } from '../src/engine/define.ts'
import { processes } from '../src/processes/index.ts'

export const lockFile = join(import.meta.dirname, '..', 'docs', 'definitions.lock')

const mark = (thing: { retired?: true }): string => (thing.retired ? ' retired' : '')

/** One line a name, in order: 'task.state.open', 'task.action.take', 'task.field.title text'. Pure. */
export function lockText(all: Readonly<Record<string, AnyProcess>>): string {
  const lines = Object.entries(all).flatMap(([process, { states, actions, ...rest }]) => [
    ...Object.entries(states).map(([name, state]) => `${process}.state.${name}${mark(state)}`),
    ...Object.entries(actions).map(([name, action]) => `${process}.action.${name}${mark(action)}`),
    ...Object.entries(fieldsOf({ states, actions, ...rest }))
      .map(([name, field]) => `${process}.field.${name} ${field.kind}${mark(field)}`),
  ])
  return `# Printed by scripts/print-lock.ts; names are never taken out, only retired.\n${lines.sort().join('\n')}\n`
}

/** Names of the old print that the new one has no more, or with another kind of value. */
export function forgotten(old: string, fresh: string): string[] {
  const names = (text: string) => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.replace(/ retired$/, ''))
  const still = new Set(names(fresh))
  return names(old).filter((name) => !still.has(name))
}

function main(): void {
  const fresh = lockText(processes)
  const gone = existsSync(lockFile) ? forgotten(readFileSync(lockFile, 'utf8'), fresh) : []
  if (gone.length > 0) {
    process.stderr.write(`Not printed: these were promised and are gone (retire them instead):\n  ${
      gone.join('\n  ')}\n`)
    process.exitCode = 1
    return
  }
  writeFileSync(lockFile, fresh)
}

if (process.argv[1] === import.meta.filename) main()
