import { IconChevronLeft, IconChevronRight, IconMessage2 } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import type { CardView } from '../../../server/views.ts'
import type { GapValues } from '../../../words/card-gaps.ts'
import { useSay } from '../../site.tsx'
import css from './card-strip.module.css'
import { spoken } from './gaps.ts'

type StripProps = { cards: readonly CardView[]; gaps: GapValues
  /** The field that has the focus, and how often the focus has moved. */
  field: string | null; moves: number; onShown: (name: string) => void }

function afterMove(cards: readonly CardView[], at: number, field: string | null): number {
  if (cards[at]?.at === field && field !== null) return at
  const own = cards.findIndex((card) => card.at !== null && card.at === field)
  if (own >= 0) return own
  return cards[at]?.at === null && cards[at + 1]?.at === null ? at + 1 : at
}

/**
 * 话术: what one says now. Tab goes on to the next field and so to the next card: a card of a field when that field has
 * the focus, those of the beginning one by one. What was on the screen is told to whoever sends the form.
 */
export function CardStrip({ cards, gaps, field, moves, onShown }: StripProps) {
  const say = useSay()
  const [turned, setTurned] = useState({ at: 0, moves: 0 })
  // Moving the focus turns the page, nothing else does.
  if (turned.moves !== moves) setTurned({ moves, at: afterMove(cards, turned.at, field) })
  const { at } = turned
  const setAt = (next: number) => setTurned({ moves, at: next })
  const card = cards[Math.min(at, cards.length - 1)]
  useEffect(() => { if (card && document.visibilityState === 'visible') onShown(card.name) }, [card, onShown])
  if (!card) return null
  const index = cards.indexOf(card)
  return (
    <section className={css.strip} aria-label={say('cards.title')}>
      <IconMessage2 size={18} stroke={1.6} aria-hidden="true" />
      <p className={css.words} aria-live="polite"><b>{card.label}</b>{spoken(card.text, gaps)}</p>
      {cards.length > 1 && (
        <span className={css.turn}>
          <button type="button" tabIndex={-1} aria-label={say('cards.before')} disabled={index === 0}
            onClick={() => setAt(index - 1)}><IconChevronLeft size={16} stroke={1.8} /></button>
          <span aria-label={say('cards.nth', { n: index + 1, all: cards.length })}>{index + 1}/{cards.length}</span>
          <button type="button" tabIndex={-1} aria-label={say('cards.next')} disabled={index === cards.length - 1}
            onClick={() => setAt(index + 1)}><IconChevronRight size={16} stroke={1.8} /></button>
        </span>)}
    </section>
  )
}
