import { cleanText } from '../engine/fields.ts'
import type { Profile } from '../regulations/profile.ts'
import { strangeGaps } from '../words/card-gaps.ts'
import { type SettingsProblem, eachOf, isPlain, say, textOf, unknownKeys } from './settings-shape.ts'

const cardTextMost = 600
const itemsMost = 60
const itemTextMost = 120
const idPattern = /^[a-z0-9][a-z0-9_]{0,60}$/

/** Script cards that a company words anew: known ones only, since the moment of each stands in a process. */
export function cardProblems(profile: Profile, cards: unknown): SettingsProblem[] {
  return eachOf(cards, 'cards', (card, path, name) => {
    if (!Object.hasOwn(profile.cards, name)) return [say(path, 'no_such_card')]
    if (!isPlain(card)) return [say(path, 'wrong_type')]
    const problems = unknownKeys(card, ['zh', 'text'], path)
    if (card.zh !== undefined) problems.push(...textOf(card.zh, `${path}.zh`, 30))
    if (card.text === undefined) return problems
    const outcome = cleanText(`${path}.text`, card.text, { max: cardTextMost, lines: true })
    if ('problem' in outcome) {
      problems.push(say(`${path}.text`, outcome.problem.code === 'too_long' ? 'too_long' : 'not_a_text'))
    } else if (strangeGaps(outcome.value as string).length > 0) problems.push(say(`${path}.text`, 'no_such_gap'))
    return problems
  })
}

/** Check lists by kind of product: items with a name of their own, in the company's words. */
export function checklistProblems(profile: Profile, lists: unknown): SettingsProblem[] {
  return eachOf(lists, 'checklists', (kinds, path, list) => {
    const known = profile.checklists[list]
    if (!known) return [say(path, 'no_such_list')]
    return eachOf(kinds, path, (items, here, kind) =>
      (Object.hasOwn(known, kind) ? itemProblems(items, here) : [say(here, 'no_such_list')]))
  })
}

function itemProblems(items: unknown, path: string): SettingsProblem[] {
  if (!Array.isArray(items) || items.length === 0 || items.length > itemsMost) return [say(path, 'bad_options')]
  const ids = items.map((item) => (isPlain(item) ? item.id : null))
  return items.flatMap((item, index) => {
    const here = `${path}.${index}`
    if (!isPlain(item)) return [say(here, 'wrong_type')]
    const good = typeof item.id === 'string' && idPattern.test(item.id) && ids.indexOf(item.id) === index
    const flags = (['required', 'photo'] as const)
      .filter((flag) => item[flag] !== undefined && typeof item[flag] !== 'boolean')
    return [...(good ? [] : [say(`${here}.id`, 'bad_key')]), ...textOf(item.zh, `${here}.zh`, itemTextMost),
      ...flags.map((flag) => say(`${here}.${flag}`, 'wrong_type')),
      ...unknownKeys(item, ['id', 'zh', 'required', 'photo', 'rule'], here)]
  })
}
