import { uuidv7 } from 'uuidv7'
import type { AnyField, ChecklistItem } from '../src/engine/fields.ts'

/** A seeded source of chance: the same seed walks the same way. */
export type Chance = {
  /** 0 ≤ n < 1 */
  next(): number
  pick<T>(from: readonly T[]): T
  often(share: number): boolean
}

/** Source: the mulberry32 generator, public domain. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  return { next, pick: (from) => from[Math.floor(next() * from.length)]!, often: (share) => next() < share }
}

/** What exists and can be named by a form. `files` collects the ids of files that must be there before it is sent. */
export type World = { people: readonly string[]; positions: readonly string[]; files: string[]
  records: Readonly<Record<string, readonly string[]>>; now: number }

const syllables = ['打印', '机', '卡纸', '主板', '电源', '屏幕', '更换', '检查', '寄出', '回电', '报价', '客户', '配件', '安装']

const minuteMs = 60_000

/** A valid value of a field; undefined where nothing exists that it could name. */
export function validValue(field: AnyField, chance: Chance, world: World): unknown {
  const file = () => {
    const id = uuidv7()
    world.files.push(id)
    return id
  }
  const text = (max: number) => [0, 1, 2].map(() => chance.pick(syllables)).join('').slice(0, Math.max(max, 1))
  const whole = (min: number, max: number) => min + Math.floor(chance.next() * (Math.min(max, min + 5000) - min + 1))
  const later = () => world.now + Math.floor(chance.next() * 4 * 1440 - 600) * minuteMs
  switch (field.kind) {
    case 'text':
    case 'long_text': return text(field.max ?? 40)
    case 'phone': return `138${String(whole(0, 4999)).padStart(8, '0')}`
    case 'email': return `u${whole(0, 4999)}@example.cn`
    case 'secret': return `Gd-${uuidv7().slice(-12)}-锁`
    case 'date': return new Date(later()).toISOString().slice(0, 10)
    case 'instant': return new Date(later()).toISOString()
    case 'person': return chance.pick(world.people)
    case 'team': return chance.pick(['bench_engineer', 'coordinator', 'hotline'])
    case 'flag': return chance.often(0.5)
    case 'confirm': return true
    case 'record': return chance.pick(world.records[field.process] ?? [])
    case 'choice': return chance.pick(Object.keys(field.options).filter((key) => !field.closed?.includes(key)))
    case 'choices': return [chance.pick(Object.keys(field.options).filter((key) => !field.closed?.includes(key)))]
    case 'positions': return [chance.pick(world.positions)]
    case 'integer':
    case 'minutes':
    case 'fen':
    case 'quantity': return whole(field.min ?? 0, field.max ?? 100_000)
    case 'files': return [file()]
    case 'signature': return { file: file(), signed_hash: 'ab'.repeat(32) }
    case 'checklist': return Object.fromEntries(field.items.flatMap((item) => answerOf(item, chance, file)))
    case 'lines': return wholeLines(field, [0, 1].slice(0, field.max ?? 2).map(() => validForm(field.columns, chance, world)))
  }
}

/** The rows that have all that they need: there may be no record yet that a column could name. */
function wholeLines({ columns }: Extract<AnyField, { kind: 'lines' }>, rows: readonly object[]): readonly object[] | undefined {
  const whole = rows.filter((row) => Object.entries(columns).every(([name, { required }]) => required !== true || name in row))
  return whole.length > 0 ? whole : undefined
}

function answerOf(item: ChecklistItem, chance: Chance, file: () => string): [string, object][] {
  if (!item.required && chance.often(0.5)) return []
  return [[item.id, { answer: chance.pick(['pass', 'fail']), ...(item.photo && { files: [file()] }) }]]
}

/** A form with everything that is always required and some of the rest; `full`: all of the rest. */
export function validForm(needs: Readonly<Record<string, AnyField>>, chance: Chance, world: World, full = false):
  Record<string, unknown> {
  const form: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(needs)) {
    if (field.retired) continue
    if (field.required === true || full || chance.often(0.5)) form[name] = validValue(field, chance, world)
    if (form[name] === undefined) delete form[name]
  }
  return form
}

/** A form that cannot be taken: something required is missing, of the wrong type, or not asked for. */
export function brokenForm(form: Readonly<Record<string, unknown>>, needs: Readonly<Record<string, AnyField>>,
  chance: Chance): Record<string, unknown> {
  const required = Object.entries(needs).filter(([, { required: must }]) => must === true).map(([name]) => name)
  const names = Object.keys(needs)
  const broken = { ...form }
  if (required.length > 0 && chance.often(0.5)) delete broken[chance.pick(required)]
  else if (names.length > 0 && chance.often(0.5)) broken[chance.pick(names)] = { junk: [null] }
  else broken.nobody_asked = 1
  return broken
}
