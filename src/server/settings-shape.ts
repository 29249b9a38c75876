import { cleanText } from '../engine/fields.ts'

/**
 * What is wrong with settings: the path of the field from the root of the change, and a code with words `setting.*`.
 */
export type SettingsProblem = { path: string; code: string }

export const say = (path: string, code: string): SettingsProblem => ({ path, code })

export const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const at = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`)

export function unknownKeys(value: Readonly<Record<string, unknown>>, known: readonly string[], path: string):
  SettingsProblem[] {
  return Object.keys(value).filter((key) => !known.includes(key)).map((key) => say(at(path, key), 'unknown_key'))
}

/** A text that people read: one line, not empty. */
export function textOf(value: unknown, path: string, max: number): SettingsProblem[] {
  const outcome = cleanText(path, value, { max, lines: false })
  if ('problem' in outcome) return [say(path, outcome.problem.code === 'too_long' ? 'too_long' : 'not_a_text')]
  return outcome.value === '' ? [say(path, 'empty')] : []
}

const listMost = 100

export function listOf(value: unknown, path: string): SettingsProblem[] {
  if (!Array.isArray(value)) return [say(path, 'not_a_list')]
  if (value.length > listMost) return [say(path, 'too_many')]
  return value.flatMap((item: unknown, index) =>
    (typeof item === 'string' ? [] : [say(`${path}.${index}`, 'not_a_text')]))
}

/** Each value of an object; null (take back) is always right. */
export function eachOf(value: unknown, path: string, check: (item: unknown, path: string, key: string) =>
  SettingsProblem[]): SettingsProblem[] {
  if (value === undefined || value === null) return []
  if (!isPlain(value)) return [say(path, 'wrong_type')]
  return Object.entries(value).flatMap(([key, item]) => (item === null ? [] : check(item, `${path}.${key}`, key)))
}
