import type { Ctx } from './context.ts'
import type { Reader } from './db.ts'
import type { WordKey } from '../words/zh.ts'
import { effectiveSettings, readCompanyNow } from './settings.ts'

/** Where machines stand (shelf) and where their paper lies (folder): two places, two histories. */
export type PlaceKind = 'shelf' | 'folder'

/** In the order in which a machine passes them. Source: section 2.1 of the repair centre's regulation. */
export const knownPlaces: Readonly<Record<PlaceKind, readonly string[]>> = {
  shelf: ['waiting_test', 'in_hand', 'waiting_part', 'ok', 'at_peer', 'on_delivery'],
  folder: ['waiting_test', 'waiting_consent', 'waiting_close_out', 'waiting_pick_up'],
}

/** What the company calls a place: the first line is its name, each further one another name of it. */
export const namesOf = (texts: Readonly<Record<string, string>>, by: PlaceKind, key: string): string[] =>
  (texts[`${by}.${key}`] ?? '').split('\n').map((line) => line.trim()).filter((line) => line !== '')

/** The word for one of our places: the company's own name of it, else ours. */
export const placeWord = (ctx: Ctx, texts: Readonly<Record<string, string>>, by: PlaceKind, key: string): string =>
  namesOf(texts, by, key)[0] ?? ctx.words.say(`${by}.${key}` as WordKey)

/** Words for what a record holds as the keys of places, for those who read it: 'place.shelf.ok'. */
export const placeWords = (ctx: Ctx, texts: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries((['shelf', 'folder'] as const).flatMap((by) =>
    knownPlaces[by].map((key) => [`place.${by}.${key}`, placeWord(ctx, texts, by, key)])))

/** Names are compared as they are read: «OK架» and «ok 架» are one. */
const plain = (text: string): string => text.replaceAll(/\s/g, '').toLowerCase()

/** The key of the place that goes by this name; a name that nobody knows is a place of the company's own. */
export async function placeCalled(ctx: Ctx, reader: Reader, by: PlaceKind, said: string): Promise<string> {
  const company = await readCompanyNow(reader)
  const { texts } = await effectiveSettings(ctx.app, reader, ctx.company.id, company.profile, company.revision)
  return knownPlaces[by].find((key) => plain(key) === plain(said)
    || namesOf(texts, by, key).some((name) => plain(name) === plain(said))) ?? said
}
