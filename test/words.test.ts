import { describe, expect, test } from 'vitest'
import { sourcesIn } from '../scripts/sources.ts'
import { builtIn } from '../src/engine/define.ts'
import { labelPaths } from '../src/engine/draw.ts'
import { fieldProblemCodes, refusals } from '../src/engine/refusal.ts'
import { roles } from '../src/engine/roles.ts'
import { enLabels } from '../src/words/en-labels.ts'
import { en } from '../src/words/en.ts'
import { webEn, webZh } from '../src/words/web-tables.ts'
import { zh } from '../src/words/zh.ts'
import { house } from './company.ts'

const processes = Object.values(house.processes)
const general = [...Object.keys(roles).map((role) => `role.${role}`),
  ...Object.keys(builtIn).map((action) => `built_in.${action}`)]
const paths = new Set([...general, ...processes.flatMap(labelPaths)])

describe('everything in a definition has its English', () => {
  test.each(processes.map(({ name }) => name))('%s', (name) => {
    expect(labelPaths(house.processes[name]!).filter((path) => !Object.hasOwn(enLabels, path))).toEqual([])
  })
  test('roles and built-in actions', () => {
    expect(general.filter((path) => !Object.hasOwn(enLabels, path))).toEqual([])
  })
  test('and no English stands for something that is gone', () => {
    expect(Object.keys(enLabels).filter((path) => !paths.has(path))).toEqual([])
  })
  test('English is English, and begins with a capital', () => {
    expect(Object.entries(enLabels).filter(([, text]) => /\p{Script=Han}/u.test(text) || !/^[A-Z0-9“(…]/u.test(text))
      .map(([path, text]) => `${path}: ${text}`)).toEqual([])
  })
})

/** Words that Chinese writes in Latin letters: formats, names of products and of keys, and what stands in a hole. */
const latin =
  /Ctrl K|KEY|USB|CSV|Excel|\.xlsx|\.csv|UTF-8|GBK|\.png|PDF|QQ|API|HTTPS?|SMTP|URL|IP|ID|SN|TOTP|MB|KB|CPU|OK|Gongdan|\bx_|\{\w+\}/g
const holes = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).sort()
const tables: [string, Readonly<Record<string, string>>, Readonly<Record<string, string>>][] =
  [['the server', zh, en], ['the web', webZh, webEn]]

describe.each(tables)('words of %s', (_where, chinese, english) => {
  test('stand in both languages', () => expect(Object.keys(english).sort()).toEqual(Object.keys(chinese).sort()))
  test('fill the same holes', () => {
    for (const [key, text] of Object.entries(chinese)) expect(holes(english[key]!), key).toEqual(holes(text))
  })
  test('are Chinese in Chinese', () => {
    expect(Object.entries(chinese).filter(([, text]) => /[A-Za-z]/.test(text.replace(latin, '')))
      .map(([key, text]) => `${key}: ${text}`)).toEqual([])
  })
  test('are English in English', () => {
    expect(Object.entries(english).filter(([, text]) => /\p{Script=Han}/u.test(text.replace(/中文/g, '')))
      .map(([key, text]) => `${key}: ${text}`)).toEqual([])
  })
})

describe('no word is an orphan', () => {
  const text = sourcesIn('src').filter(({ path }) => !/^src\/words\/[a-z-]*(zh|en)\.ts$/.test(path))
    .map((one) => one.text).join('\n')
  const said = new Set([...text.matchAll(/['"`]([a-z_]+(?:\.[a-z_0-9]+)*)['"`]/g)].map(([, key]) => key!))
  // A key may be put together: `refusal.${code}`. What can stand in the hole is a closed list where there is one;
  // a notice may also be named by the code that sends it.
  const joined = new Set([...text.matchAll(/`([a-z_]+(?:\.[a-z_]+)*[._])\$\{/g)].map(([, prefix]) => prefix!))
  const closed: Readonly<Record<string, readonly string[]>> = {
    'refusal.': Object.keys(refusals), 'problem.': fieldProblemCodes,
    'notice.': [...new Set(['clock_warn', 'clock_overdue', 'clock_reached', ...processes.flatMap((process) =>
      Object.values(process.actions).flatMap((action) => (action.then ?? [])
        .flatMap((effect) => ('send' in effect ? [effect.send] : []))))])],
  }
  const isSaid = (key: string): boolean => {
    if (said.has(key)) return true
    const list = Object.entries(closed).find(([prefix]) => key.startsWith(prefix))
    if (list) return list[1].includes(key.slice(list[0].length)) || said.has(key.slice(list[0].length))
    return [...joined].some((prefix) => key.startsWith(prefix))
  }
  test.each(tables)('of %s', (_where, chinese) => {
    expect(Object.keys(chinese).filter((key) => !isSaid(key))).toEqual([])
  })
  test('and every message that is sent has one', () => {
    expect(closed['notice.']!.filter((key) => !Object.hasOwn(zh, `notice.${key}`))).toEqual([])
  })
})

describe('words in the definitions are Chinese', () => {
  const chinese = (value: unknown, path: string): [string, string][] => {
    if (typeof value !== 'object' || value === null) return []
    return Object.entries(value).flatMap(([key, one]) => (typeof one === 'string' && (key === 'zh' || key === 'hint')
      ? [[`${path}.${key}`, one] as [string, string]] : chinese(one, `${path}.${key}`)))
  }
  test.each(processes.map(({ name }) => name))('%s', (name) => {
    expect(chinese(house.processes[name], name).filter(([, text]) => /[A-Za-z]/.test(text.replace(latin, '')))
      .map(([path, text]) => `${path}: ${text}`)).toEqual([])
  })
})
