import { type Surroundings } from '../src/engine/explore.ts'
import type { House } from '../src/server/context.ts'
import { type Noun, headFields } from '../src/server/records/noun.ts'
import { sourcesIn } from '../scripts/sources.ts'

/** What the processes of a house lean on, read from its nouns and profiles. */
export function surroundingsOf({ processes, nouns, profiles }: House): Surroundings {
  return {
    processes,
    nouns: Object.fromEntries(Object.entries(nouns).map(([name, noun]) => [name, {
      columns: noun.columns, writes: Object.keys(noun.writes), sets: setsOf(name, noun) }])),
    headFields,
    limits: new Set(Object.values(profiles).flatMap(({ limits }) => Object.keys(limits))),
    calendars: new Set(Object.values(profiles).flatMap(({ calendars }) => Object.keys(calendars))),
  }
}

/** The columns that a noun fills by itself: its file, or one that it takes writes from, says which a write sets. */
function setsOf(name: string, noun: Noun): string[] {
  const files = sourcesIn('src/server/records', 'test').filter(({ path }) =>
    new RegExp(`/(records/${name.replaceAll('_', '-')}|${name}-noun)\\.ts$`).test(path))
  const lent = files.flatMap(({ text }) => [...text.matchAll(/from '\.\.\/(contracts\/[\w-]+\.ts)'/g)].map(([, path]) => path!))
  const near = sourcesIn('src/server/contracts').filter(({ path }) => lent.some((one) => path.endsWith(one)))
  const set = [...files, ...near].flatMap(({ text }) => [...text.matchAll(/\.set\('(\w+)'/g)].map(([, column]) => column!))
  const follows: unknown = noun['follows']
  const text = typeof follows === 'function' ? String(follows) : ''
  const followed = [...text.matchAll(/(\w+):/g)].map(([, column]) => column!)
  const placed = Object.values(noun.places ?? {}).flatMap((place) => Object.keys(place ?? {}))
  return [...new Set([...set, ...placed, ...followed])]
    .filter((column) => set.includes(column) || noun.columns.includes(column))
}
