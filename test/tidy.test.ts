import { describe, expect, test } from 'vitest'
import { sourcesIn } from '../scripts/sources.ts'
import { fieldsOf } from '../src/engine/define.ts'
import { house } from './company.ts'
import { tidyRules, untidyIn } from './tidy-rules.ts'

/** What may stay as it is, and why. The list may only shrink: what is not needed any more must go. */
const exceptions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'one place writes the state of a record': { 'src/server/chain.ts': 'it is that place',
    'src/server/divide-events.ts': 'moves the table of events as it lies, with nobody at work' },
  'the time comes from the context': {
    'src/server/main.ts': 'the clock of the program is read from the machine here',
    'src/server/cluster.ts': 'waits for a database to start or stop, outside of any request',
    'src/server/process-lock.ts': 'waits for another program, outside of any request',
  },
  'a company is never a condition of ours': {
    'src/server/auth/install.ts': 'the operator makes companies as the owner of the tables, past every policy',
    'src/server/doctor.ts': 'looks at every company as the owner of the tables, past every policy',
  },
  'nothing is silenced': {
    'src/web/parts/record/offer-keys.ts': 'an effect hangs on the names of the offers, not on their objects',
  },
  'names say what a thing is': {
    'src/server/auth/common-passwords.ts': 'a password that many people use is called a common one',
    'src/server/auth/passwords.ts': 'a password that many people use is called a common one',
  },
}

const sources = sourcesIn('src', 'test', 'scripts', 'bench')
const untidy = sources.flatMap(untidyIn)

describe('the house is tidy', () => {
  test.each(Object.keys(tidyRules))('%s', (rule) => {
    const excused = exceptions[rule] ?? {}
    const found = untidy.filter((one) => one.rule === rule && !(one.path in excused))
    expect(found.map(({ path, line, what }) => `${path}:${line} ${what}`)).toEqual([])
  })
  test('no exception is kept longer than it is needed', () => {
    const needed = (rule: string, path: string) => untidy.some((one) => one.rule === rule && one.path === path)
    const idle = Object.entries(exceptions).flatMap(([rule, paths]) =>
      Object.keys(paths).filter((path) => !needed(rule, path)).map((path) => `${rule}: ${path}`))
    expect(idle).toEqual([])
  })
})

/** One bad example for each rule. */
const bad: Record<string, [path: string, text: string]> = {
  'lines have at most 140 columns': ['src/a.ts', `const a = '${'长'.repeat(140)}'`],
  'a file has at most 400 lines': ['src/a.ts', 'a()\n'.repeat(401)],
  'a function has at most 70 lines': ['src/a.ts', `const a = () => {${'\n'.repeat(70)}}`],
  'imports follow the arrows': ['src/engine/a.ts', `import { run } from '../server/run.ts'`],
  'relative imports carry their extension': ['src/engine/a.ts', `import { a } from './b'`],
  'no barrel but the registries': ['src/server/index.ts', `export * from './run.ts'`],
  'names say what a thing is': ['src/server/a.ts', 'class TimerManager {}'],
  'files are named in kebab-case': ['src/server/timerWheel.ts', ''],
  'a length of time says its unit': ['src/a.ts', 'const pollInterval = 500'],
  'the time comes from the context': ['src/server/a.ts', 'const now = new Date()'],
  'one place writes the state of a record': ['src/server/a.ts', 'sql`update record r set seq = 1,\n state = ${to}`'],
  'a company is never a condition of ours': ['src/server/a.ts', 'sql`select 1 from task where company_id = ${id}`'],
  'nothing is silenced': ['src/a.ts', 'const a = b as any'],
  'no test is switched off': ['src/a.test.ts', `test.${'skip'}('x', () => {})`],
  'no path of a machine': ['src/a.ts', `open('/${'root'}/secret')`],
}

describe('tidy finds', () => {
  test.each(Object.keys(tidyRules))('%s', (rule) => {
    const [path, text] = bad[rule]!
    expect(untidyIn({ path, text }).map((one) => one.rule)).toContain(rule)
  })
  const arrow = (path: string, text: string) =>
    untidyIn({ path, text }).filter(({ rule }) => rule === 'imports follow the arrows').map(({ what }) => what)

  test('every arrow that points the wrong way', () => {
    for (const [path, text] of [
      ['src/processes/a.ts', `import { x } from '../regulations/base.ts'`],
      ['src/words/a.ts', `import { x } from '../engine/define.ts'`],
      ['src/server/a.ts', `import { x } from '../web/main.tsx'`],
      ['src/server/records/task.ts', `import { member } from './member.ts'`],
      ['src/web/a.ts', `import { run } from '../server/run.ts'`],
      ['src/web/a.ts', `import type { Ctx } from '../server/context.ts'`],
      ['src/web/a.ts', `import { cleanField } from '../engine/fields.ts'`],
      ['src/engine/a.ts', `import { readFileSync } from 'node:fs'`],
      ['src/server/a.ts', `import { house } from '../../test/company.ts'`],
    ] as const) expect(arrow(path, text), text).toHaveLength(1)
  })
  test('no fault with the right ones', () => {
    for (const [path, text] of [
      ['src/server/records/task.ts', `import type { Noun } from './noun.ts'`],
      ['src/web/a.ts', `import type { RowView } from '../server/views.ts'`],
      ['src/web/a.ts', `import { type Field } from '../engine/fields.ts'`],
      ['src/engine/a.test.ts', `import { run } from '../server/run.ts'`],
    ] as const) expect(arrow(path, text), text).toEqual([])
  })
})

describe('fields and figures end with their unit', () => {
  const ends: Readonly<Record<string, RegExp>> = { minutes: /_minutes$/, fen: /_fen$/, instant: /_at$/ }
  test.each(Object.entries(house.processes))('%s', (_name, process) => {
    const wrong = Object.entries(fieldsOf(process)).filter(([name, { kind }]) => ends[kind] && !ends[kind].test(name))
    expect(wrong.map(([name, { kind }]) => `${name} is ${kind}`)).toEqual([])
    for (const [clock, { due }] of Object.entries(process.clocks)) {
      if ('minutes' in due) expect(due.minutes, clock).toMatch(/_minutes$/)
      if ('working_days' in due) expect(due.working_days, clock).toMatch(/_days$/)
    }
  })
})
