import { pinyin } from 'pinyin-pro'

/**
 * Search by pairs of characters, Chinese and Latin alike: no dictionary, so that the inside of a word, a part of a
 * serial number and a rare surname are found as surely as a whole word. Pairs of figures are far too frequent for
 * numbers, so that Latin letters and figures have groups of three as well. The database compares the text itself after
 * the groups have named the candidates. Source: docs/decisions/0008-lists-and-search.md.
 */
const run = /[\p{L}\p{N}\p{M}]+/gu
const latin = (character: string | undefined): boolean => character !== undefined && /^[a-z0-9]$/.test(character)

/** Text as it is compared: one form for full-width and half-width, no capitals. */
export const normalise = (text: string): string => text.normalize('NFKC').toLowerCase()

const han = /^\p{Script=Han}$/u

/**
 * The single Chinese characters of a row: one alone is looked for as a whole. Long texts have too many of them.
 */
export const singlesOf = (text: string): string[] => (text.length > singlesMost ? []
  : Array.from(text).filter((one) => han.test(one)).map((one) => `=${one}`))
const singlesMost = 200

/**
 * The distinct groups of neighbouring characters of a normalised text; none across spaces and signs.
 *
 * @param of  a row has every pair and every Latin group of three; words look for the fewest that cover them
 */
export function gramsOf(text: string, of: 'row' | 'words'): string[] {
  const grams = new Set<string>()
  for (const [word] of text.matchAll(run)) {
    const characters = Array.from(word)
    for (let at = 0; at + 1 < characters.length; at += 1) {
      const before = characters[at - 1]
      const [first = '', second = '', third] = characters.slice(at, at + 3)
      const both = latin(first) && latin(second)
      if (both && latin(third)) grams.add(first + second + third)
      if (of === 'row' || !both || !(latin(before) || latin(third))) grams.add(first + second)
    }
  }
  return [...grams]
}

const initialsMost = 60

type Reading = { pattern: 'first' | 'pinyin'; surname: 'head' | 'off' }

/** A name or title in Latin letters, syllable after syllable; '' when it has no Chinese. Latin letters and figures stay. */
function latinOf(text: string, { pattern, surname }: Reading): string {
  const short = Array.from(normalise(text)).slice(0, initialsMost).join('')
  if (!/\p{Script=Han}/u.test(short)) return ''
  return pinyin(short, { pattern, surname, toneType: 'none', type: 'array', v: true })
    .map((one) => (/^[a-z0-9]+$/.test(one) ? one : ' ')).join('').replace(/ +/g, ' ').trim()
}

/** In both readings where it may begin with a surname that is read otherwise (单, 曾, 仇). */
const readingsOf = (text: string, pattern: Reading['pattern']): string[] =>
  [...new Set((['off', 'head'] as const).map((surname) => latinOf(text, { pattern, surname })))].filter((one) => one !== '')

/** First letters as they are typed in a hurry: 远景律所 → 'yjls'. */
export const initialsOf = (text: string): string[] => readingsOf(text, 'first')

/** Whole syllables: 远景律所 → 'yuanjinglvsuo'. */
export const pinyinOf = (text: string): string[] => readingsOf(text, 'pinyin')

/** Groups of initials and of pinyin carry a sign, so that a Latin word does not find every title by chance. */
export const initialGramsOf = (initials: string, of: 'row' | 'words'): string[] =>
  [...gramsOf(initials, of).map((gram) => `~${gram}`), ...(of === 'row' && initials.length <= 3 ? [`~=${initials}`] : [])]
export const pinyinGramsOf = (syllables: string, of: 'row' | 'words'): string[] =>
  gramsOf(syllables, of).map((gram) => `^${gram}`)

/** What was typed without the signs between its letters and figures: DS-2CD3T → 'ds2cd3t'; null: it has none. */
export function joinedOf(text: string): string | null {
  const bare = normalise(text).replace(/[\s\-_./#()（）+]/g, '')
  return bare !== normalise(text) && /^[a-z0-9]{4,60}$/.test(bare) ? bare : null
}

const termsMost = 5

/** `grams` as a tsquery; null when every word is a single sign. */
export type SearchWords = { terms: readonly string[]; grams: string | null }

/** What somebody typed, as words that must all be found; null when there is nothing to look for. */
export function searchWords(typed: string): SearchWords | null {
  const terms = normalise(typed).split(/\s+/).filter((term) => term !== '').slice(0, termsMost)
  if (terms.length === 0) return null
  const queries = terms.flatMap((term) => {
    if (han.test(term)) return [`'=${term}'`]
    const grams = gramsOf(term, 'words')
    if (grams.length === 0) return []
    const asInitials = /^[a-z]{3,12}$/.test(term) ? ` | (${all(initialGramsOf(term, 'words'))})` : ''
    const whole = /^[a-z]{2,3}$/.test(term) ? ` | '~=${term}'` : ''
    const asPinyin = /^[a-z]{3,40}$/.test(term) ? ` | (${all(pinyinGramsOf(term, 'words'))})` : ''
    return [`((${all(grams)})${asInitials}${whole}${asPinyin})`]
  })
  return { terms, grams: queries.length === 0 ? null : queries.join(' & ') }
}

const all = (grams: readonly string[]): string => grams.map((gram) => `'${gram}'`).join(' & ')

const before = 16
const after = 48

/** The text round the first word that stands in it, for people to see why it was found. */
export function around(line: string, terms: readonly string[]): string {
  const compared = normalise(line)
  const places = terms.map((term) => compared.indexOf(term)).filter((at) => at >= 0)
  const at = places.length === 0 ? 0 : Math.min(...places)
  const from = Math.max(0, at - before)
  // Cut between whole characters: a surname may take two units.
  const text = line.slice(from, at + after).replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, '')
  return `${from > 0 ? '…' : ''}${text}${at + after < line.length ? '…' : ''}`
}
