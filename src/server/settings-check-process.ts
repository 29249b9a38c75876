import { type AnyProcess, fieldsOf, own } from '../engine/define.ts'
import { type ExtraField, type ProcessSettings, checkProcessSettings } from '../engine/effective.ts'
import { roles } from '../engine/roles.ts'
import { type SettingsProblem, eachOf, isPlain, listOf, say, textOf, unknownKeys } from './settings-shape.ts'

/** Without these nobody gets in, and nobody hears of what was not delivered. */
const alwaysOn: readonly string[] = ['member', 'task', 'undelivered']

const labelMost = 60
const optionsMost = 100
const itemsMost = 100

/** Kinds that a field of a company's own may have. */
const extraKinds: readonly string[] = ['text', 'long_text', 'phone', 'email', 'date', 'instant', 'person', 'team',
  'flag', 'record', 'choice', 'choices', 'integer', 'minutes', 'fen', 'quantity', 'files', 'checklist']
/** Of these, the ones that lists can filter by. */
const indexedKinds: readonly string[] = ['text', 'phone', 'email', 'date', 'instant', 'person', 'team', 'flag',
  'record', 'choice', 'integer', 'minutes', 'fen', 'quantity']

/** Is this the form of settings of a process at all? Names are looked up later, by `checkProcess`. */
export function processShape(settings: unknown, path: string): SettingsProblem[] {
  if (!isPlain(settings)) return [say(path, 'wrong_type')]
  const { on, labels, require, forbid, harden, extra, close, number } = settings
  const problems = unknownKeys(settings, ['on', 'labels', 'require', 'forbid', 'harden', 'extra', 'close', 'number'], path)
  if (on !== undefined && on !== null && typeof on !== 'boolean') problems.push(say(`${path}.on`, 'wrong_type'))
  problems.push(
    ...eachOf(labels, `${path}.labels`, (item, here) => textOf(item, here, labelMost)),
    ...eachOf(require, `${path}.require`, listOf),
    ...eachOf(forbid, `${path}.forbid`, (item, here) => {
      const list = listOf(item, here)
      return list.length > 0 ? list : (item as string[]).filter((role) => !Object.hasOwn(roles, role))
        .map((role) => say(`${here}.${role}`, 'no_such_role'))
    }),
    ...eachOf(extra, `${path}.extra`, extraShape),
    ...eachOf(close, `${path}.close`, (item, here) => (isPlain(item)
      ? [...unknownKeys(item, ['options', 'rule'], here), ...listOf(item.options, `${here}.options`)]
      : [say(here, 'wrong_type')])),
  )
  if (harden !== undefined && harden !== null) problems.push(...listOf(harden, `${path}.harden`))
  if (number !== undefined && number !== null) problems.push(...numberShape(number, `${path}.number`))
  return problems
}

function numberShape(number: unknown, path: string): SettingsProblem[] {
  if (!isPlain(number)) return [say(path, 'wrong_type')]
  const { prefix, period, digits } = number
  const problems = unknownKeys(number, ['prefix', 'period', 'digits'], path)
  const fits = (value: unknown, pattern: RegExp) =>
    value === undefined || (typeof value === 'string' && pattern.test(value))
  if (!fits(prefix, /^[A-Z0-9\u4e00-\u9fff]{1,8}$/)) problems.push(say(`${path}.prefix`, 'bad_prefix'))
  if (!fits(period, /^(month|year|day)$/)) problems.push(say(`${path}.period`, 'not_an_option'))
  if (digits !== undefined && !(Number.isInteger(digits) && Number(digits) >= 1 && Number(digits) <= 10)) {
    problems.push(say(`${path}.digits`, 'bad_digits'))
  }
  return problems
}

const extraKeys: readonly string[] = ['kind', 'zh', 'required', 'asked_if', 'hint', 'personal', 'seen_by', 'rule', 'retired',
  'on',
  'indexed', 'max', 'min', 'process', 'options', 'items']

function extraShape(field: unknown, path: string): SettingsProblem[] {
  if (!isPlain(field)) return [say(path, 'wrong_type')]
  const problems = [...unknownKeys(field, extraKeys, path), ...textOf(field.zh, `${path}.zh`, labelMost),
    ...listOf(field.on, `${path}.on`)]
  const kind = String(field.kind)
  if (!extraKinds.includes(kind)) problems.push(say(`${path}.kind`, 'bad_kind'))
  if (field.indexed !== undefined && !indexedKinds.includes(kind)) problems.push(say(`${path}.indexed`, 'cannot_index'))
  for (const flag of ['personal', 'retired', 'indexed'] as const) {
    if (field[flag] !== undefined && field[flag] !== true) problems.push(say(`${path}.${flag}`, 'wrong_type'))
  }
  if (field.required !== undefined && field.required !== true && typeof field.required !== 'string') {
    problems.push(say(`${path}.required`, 'wrong_type'))
  }
  if (field.asked_if !== undefined && typeof field.asked_if !== 'string') problems.push(say(`${path}.asked_if`, 'wrong_type'))
  if (field.hint !== undefined) problems.push(...textOf(field.hint, `${path}.hint`, 200))
  if (field.rule !== undefined) problems.push(...listOf(field.rule, `${path}.rule`))
  if (field.seen_by !== undefined) {
    const list = listOf(field.seen_by, `${path}.seen_by`)
    problems.push(...list, ...(list.length > 0 ? [] : (field.seen_by as string[])
      .filter((eye) => eye !== 'customer' && !Object.hasOwn(roles, eye))
      .map((eye) => say(`${path}.seen_by.${eye}`, 'no_such_role'))))
  }
  for (const bound of ['min', 'max'] as const) {
    const value = field[bound]
    if (value !== undefined && !Number.isSafeInteger(value)) problems.push(say(`${path}.${bound}`, 'wrong_type'))
  }
  return [...problems, ...kindShape(kind, field, path)]
}

function kindShape(kind: string, field: Record<string, unknown>, path: string): SettingsProblem[] {
  if (kind === 'record') return typeof field.process === 'string' ? [] : [say(`${path}.process`, 'no_such_process')]
  if (kind === 'choice' || kind === 'choices') {
    const options = isPlain(field.options) ? Object.entries(field.options) : []
    if (options.length === 0 || options.length > optionsMost) return [say(`${path}.options`, 'bad_options')]
    return options.flatMap(([key, text]) => (/^[a-z0-9][a-z0-9_]{0,60}$/.test(key)
      ? textOf(text, `${path}.options.${key}`, labelMost) : [say(`${path}.options.${key}`, 'bad_key')]))
  }
  if (kind !== 'checklist') return []
  const items = Array.isArray(field.items) ? field.items as unknown[] : []
  if (items.length === 0 || items.length > itemsMost) return [say(`${path}.items`, 'bad_options')]
  const ids = items.map((item) => (isPlain(item) ? item.id : null))
  return items.flatMap((item, index) => {
    const here = `${path}.items.${index}`
    if (!isPlain(item)) return [say(here, 'wrong_type')]
    const good = typeof item.id === 'string' && /^[a-z0-9][a-z0-9_]{0,60}$/.test(item.id)
      && ids.indexOf(item.id) === index
    return [...(good ? [] : [say(`${here}.id`, 'bad_key')]), ...textOf(item.zh, `${here}.zh`, 120),
      ...unknownKeys(item, ['id', 'zh', 'required', 'photo', 'rule'], here)]
  })
}

/** Settings of the right form against their process, and against what was there: nothing is ever forgotten. */
export function checkProcess(process: AnyProcess, before: ProcessSettings, after: ProcessSettings): SettingsProblem[] {
  const path = `processes.${process.name}`
  const problems = checkProcessSettings(process, after).map((one) => say(`${path}.${one.path}`, one.code))
  if (after.on === false && alwaysOn.includes(process.name)) problems.push(say(`${path}.on`, 'cannot_switch_off'))
  for (const label of Object.keys(after.labels ?? {})) {
    if (!hasLabel(process, label)) problems.push(say(`${path}.labels.${label}`, 'no_such_label'))
  }
  for (const [name, field] of Object.entries(after.extra ?? {})) {
    for (const key of ['required', 'asked_if'] as const) {
      const guard = field[key]
      if (typeof guard === 'string' && !own(process.guards, guard)) {
        problems.push(say(`${path}.extra.${name}.${key}`, 'no_such_guard'))
      }
    }
  }
  return [...problems, ...forgotten(before.extra ?? {}, after.extra ?? {}, `${path}.extra`)]
}

function hasLabel(process: AnyProcess, label: string): boolean {
  if (label === '') return true
  const dot = label.indexOf('.')
  const places: Record<string, object> = { state: process.states, action: process.actions, guard: process.guards,
    clock: process.clocks, field: fieldsOf(process) }
  return Object.hasOwn(own(places, label.slice(0, dot)) ?? {}, label.slice(dot + 1))
}

/** Records hold values of these fields: one is retired, not removed, and stays what it is. */
function forgotten(before: Readonly<Record<string, ExtraField>>, after: Readonly<Record<string, ExtraField>>,
  path: string): SettingsProblem[] {
  return Object.entries(before).flatMap(([name, was]) => {
    const now = own(after, name)
    if (!now) return [say(`${path}.${name}`, 'retire_instead')]
    if (now.kind !== was.kind) return [say(`${path}.${name}.kind`, 'kind_fixed')]
    const options = (field: ExtraField) => ('options' in field ? Object.keys(field.options) : [])
    return options(was).filter((key) => !options(now).includes(key))
      .map((key) => say(`${path}.${name}.options.${key}`, 'retire_instead'))
  })
}
