import type { ShelfCardView } from '../../../server/views.ts'
import { useNow, useSpeech } from '../../site.tsx'
import { dayOf, fullWords } from '../../time.ts'
import { StateDot } from '../state.tsx'
import { DueChip } from '../time-chip.tsx'
import { titleWords } from '../title.ts'
import css from './shelves.module.css'

const dayMs = 86_400_000

/** Days here as people count them: by nights. */
export function DaysHere({ since }: { since: string }) {
  const speech = useSpeech()
  const now = useNow()
  const day = (at: number) => Date.parse(`${dayOf(at, speech.zone)}T00:00:00Z`) / dayMs
  const days = day(now) - day(Date.parse(since))
  return (
    <span className={css.days} title={speech.say('shelves.since', { when: fullWords(Date.parse(since), speech) })}>
      {days < 1 ? speech.say('shelves.today') : speech.say('shelves.days', { n: days })}</span>
  )
}

/** A machine on its shelf. `inHands`: whose hands it is in is what one wants to know there. */
export function ShelfCard({ card, lit, inHands, onOpen }: { card: ShelfCardView; lit: boolean; inHands: boolean
  onOpen: () => void }) {
  return (
    <li>
      <button type="button" className={css.card} data-lit={lit || undefined} id={`card-${card.id}`} aria-expanded={lit}
        onClick={onOpen}>
        <span className={css.line}><span className={css.number}>{card.number}</span>
          {inHands && card.handler ? <span className="cut">{card.handler.name}</span>
            : <StateDot state={card.state} />}</span>
        <b className={css.customer}>{card.customer?.name ?? '—'}</b>
        <span className={css.title}>{titleWords(card.title)}</span>
        <span className={css.line}>
          <DaysHere since={card.since} />{card.next_due_at && <DueChip due={card.next_due_at} />}
        </span>
      </button>
    </li>
  )
}
