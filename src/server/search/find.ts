import type { AnyProcess } from '../../engine/define.ts'
import { labelOf } from '../answer.ts'
import type { Ctx } from '../context.ts'
import { Fragment, type Reader, type Row, type Statement, sql } from '../db.ts'
import { Alternative, sightOf } from '../policy.ts'
import { type HeadRow, peopleJoins, rowColumns, rowView } from '../rows.ts'
import { shaped } from '../list-language.ts'
import { seenAnywhere } from '../lists.ts'
import type { FoundView } from '../views.ts'
import { type SearchWords, around, searchWords } from './grams.ts'

/** Rows of one process when several are searched, and of a single one. */
export const eachOfMany = 10
export const eachOfOne = 50
const foundMost = 100
/** Records that a list with words can have in all: the newest. */
export const wordsMost = 300
const numbersMost = 60

const raw = (text: string) => new Fragment(text, [])

/** What the reader may see of each process, as marks of the search table. */
export type Sights = { processes: readonly string[]; marks: readonly string[] }

/**
 * The processes of which the reader sees anything, with the marks of what that is; null: none. An alternative of the
 * policy that has no mark is not searched: less is found, never more.
 */
export function searchSights(ctx: Ctx, processes: readonly string[]): Sights | null {
  const found = processes.flatMap((process): [string, string][] => {
    const sight = sightOf(process, ctx.actor)
    const all = `'c${ctx.company.id}.${process}'`
    if (sight === 'all') return [[process, all]]
    if (sight === 'none') return []
    const some = sight.filter((one) => one instanceof Alternative).map(({ mark }) => `'${mark}'`).join(' | ')
    return some === '' ? [] : [[process, `${all} & (${some})`]]
  })
  return found.length === 0 ? null
    : { processes: found.map(([process]) => process), marks: found.map(([, marks]) => marks) }
}

const door = (words: SearchWords, { processes, marks }: Sights, most: number, each: number): Fragment => sql`
  search_records(${words.terms}::text[], ${words.grams}::text, ${processes}::text[], ${marks}::text[], ${most}::int,
    ${each}::int)`

/** What was typed, and, of figures alone (202611-0042), each number that goes on so behind the letters of its process. */
function spellingsOf({ app }: Ctx, typed: string, processes: readonly string[]): string[] {
  const prefixes = !/^20\d\d(0[1-9]|1[0-2])(-?\d{0,6})?$/.test(typed) ? []
    : processes.map((name) => app.house.nouns[name]!.number).map(({ prefix, period }) =>
      `${prefix}${period === 'ever' ? '-' : ''}${typed}`)
  return [...new Set([typed, typed.toUpperCase(), ...prefixes])]
}

/**
 * The very number that was typed, and those that begin so, newest first: in the transaction's own indexes, so that a
 * new case is found at once.
 */
function numbersStarting(ctx: Ctx, typed: string, processes: readonly string[]): Fragment {
  const spellings = spellingsOf(ctx, typed, processes)
  const last = spellings.map((text) => `${text}\u{10ffff}`)
  const of = (name: string) => {
    const column = raw(name)
    return sql`
      (select m.id, m.process, m.${column} as line from record m
        where m.${column} collate "C" = any(${spellings}::text[]) limit ${raw(String(numbersMost))})
      union all
      (select s.id, s.process, s.line from unnest(${spellings}::text[], ${last}::text[]) as t (first, last)
        cross join lateral (
          select m.id, m.process, m.${column} as line from record m
          where m.${column} collate "C" >= t.first collate "C" and m.${column} collate "C" < t.last collate "C"
          order by m.${column} collate "C" desc limit ${raw(String(numbersMost))}) s)`
  }
  return sql`select f.id, f.line from (${of('number')} union all ${of('old_number')}) f
    where f.process = any(${processes}::text[]) limit ${raw(String(2 * numbersMost))}`
}

const numberLike = /^[\p{L}\p{N}._/-]{2,40}$/u

/**
 * Ids of one process that hold the words: what a list with words is made from.
 *
 * @returns the newest 300 found by words; of a number, or the beginning of many, only those that begin so
 */
export async function idsOfWords(ctx: Ctx, reader: Reader, process: string, typed: string): Promise<string[]> {
  const words = searchWords(typed)
  const sights = searchSights(ctx, [process])
  if (!words) return []
  const byNumber = !numberLike.test(typed) ? []
    : await reader.query<NumberRow>(numbersStarting(ctx, typed, [process]).named('ids_of_numbers'))
  const byWords = sights === null || numbersSuffice(typed, byNumber) ? []
    : await reader.query<{ id: string }>(sql`
        select f.record_id as id from ${door(words, sights, wordsMost, wordsMost)} f`.named('ids_of_words'))
  return [...new Set([...byWords, ...byNumber].map(({ id }) => id))]
}

type NumberRow = { id: string; line: string }

/** The whole number of a case, or the beginning of many, is not looked for in every text besides. */
const numbersSuffice = (typed: string, rows: readonly { line: string | null }[]): boolean =>
  rows.length >= numbersMost || rows.some(({ line }) => line?.toUpperCase() === typed.toUpperCase())

type HitRow = HeadRow & Row & { field: string | null; line: string | null }

/** The statements of a search: by number, and by words. Either may be missing. */
export function searchStatements(ctx: Ctx, typed: string, processes: readonly string[]): { numbers: Statement | null
  found: Statement | null; words: SearchWords | null } {
  const words = searchWords(typed)
  const sights = searchSights(ctx, processes)
  const each = processes.length === 1 ? eachOfOne : eachOfMany
  const seen = seenAnywhere(ctx.app.house, ctx.actor)
  const rows = (hits: Fragment, order: Fragment) => sql`
    select h.field, h.line, ${rowColumns} from (${hits}) h join record r on r.id = h.id ${peopleJoins}
    where ${seen} ${order}`
  const numbers = !words || !numberLike.test(typed) ? null : rows(
    sql`select 'number' as field, n.id, n.line from (${numbersStarting(ctx, typed, processes)}) n`,
    sql`order by r.opened_at desc, r.id desc limit ${raw(String(numbersMost))}`)
  const found = !words || sights === null ? null : rows(
    sql`select f.field, f.record_id as id, f.line from ${door(words, sights, foundMost, each)} f`,
    sql`order by r.opened_at desc, r.id desc`)
  return { words, numbers: numbers && shaped('search_numbers', numbers), found: found && shaped('search', found) }
}

/** The rows of a search by process, each with the text in which the words were found. */
export async function search(ctx: Ctx, reader: Reader, definitions: Readonly<Record<string, AnyProcess>>, typed: string,
  only: string | null): Promise<FoundView> {
  const processes = only === null ? Object.keys(definitions) : [only]
  const { words, numbers, found } = searchStatements(ctx, typed, processes)
  const byNumber = numbers ? await reader.query<HitRow>(numbers) : []
  const byWords = !found || numbersSuffice(typed, byNumber) ? [] : await reader.query<HitRow>(found)
  const groups = new Map<string, Map<string, HitRow>>()
  for (const row of [...byNumber, ...byWords]) {
    const group = groups.get(row.process) ?? new Map<string, HitRow>()
    groups.set(row.process, group)
    if (!group.has(row.id) && group.size < eachOfOne) group.set(row.id, row)
  }
  return { groups: [...groups].map(([name, rows]) => {
    const process = definitions[name]!
    return { process: name, label: labelOf(ctx.words, process, name), rows: [...rows.values()].map((row) => ({
      ...rowView(ctx, process, row),
      hit: row.field === null || row.line === null ? null
        : { field: row.field, text: around(row.line, words?.terms ?? []) } })) }
  }) }
}
