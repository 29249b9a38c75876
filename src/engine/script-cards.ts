import type { Action, AnyProcess } from './define.ts'
import { fail } from './fields.ts'
import type { FieldProblem } from './refusal.ts'

/** A script card (话术) as a company words it. `text` has gaps such as {客户}; empty: the card rests. */
export type Card = { zh: string; text: string; rule?: readonly string[] }

/** A card that a company changed: what it leaves out stays as in its regulation. */
export type CardChange = { zh?: string; text?: string }

const shownMost = 20

/**
 * The cards that a page says it showed. A name that the action does not have is a mistake of the page and told; a card
 * that the company has let rest meanwhile is left out.
 */
export function cleanShown(action: Action, raw: unknown): { shown: string[] } | { problems: FieldProblem[] } {
  if (raw === undefined) return { shown: [] }
  if (!Array.isArray(raw) || raw.length > shownMost) return { problems: [fail('shown', 'wrong_type')] }
  const cards = action.cards ?? {}
  for (const [index, name] of raw.entries()) {
    if (typeof name !== 'string' || !Object.hasOwn(cards, name)) {
      return { problems: [fail(`shown.${index}`, 'not_an_option')] }
    }
  }
  return { shown: [...new Set(raw as string[])].filter((name) => hasText(cards[name])) }
}

const hasText = (card: { text?: string } | undefined): boolean => (card?.text ?? '') !== ''

/** The cards of an action that apply to a record now, in the order of the talk. Pure. */
export function cardsFor(process: AnyProcess, action: Action | undefined, facts: object): string[] {
  return Object.entries(action?.cards ?? {}).filter(([, card]) => hasText(card)
    && (card.when === undefined || (process.guards[card.when]!.test as (facts: object) => boolean)(facts)))
    .map(([name]) => name)
}
