import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { TimelineEntryView } from '../../../server/views.ts'
import { useSpeech } from '../../site.tsx'
import { dayOf, fullWords } from '../../time.ts'
import { Lost } from '../lost.tsx'
import { GhostRows } from '../rows-ghost.tsx'
import { StateDot } from '../state.tsx'
import { DueChip } from '../time-chip.tsx'
import { yuan } from '../value.tsx'
import { type Show, shows, timelineQuery } from './customer-data.ts'
import css from './customer.module.css'

/** 往来: everything with this customer on one line of time, newest first, filtered where it stands. */
export function CustomerTimeline({ customer, show, onShow, known }: { customer: string; show: Show
  onShow: (show: Show) => void; known: readonly string[] }) {
  const { say } = useSpeech()
  const { data, error, fetchNextPage, hasNextPage, isFetchingNextPage, refetch } =
    useInfiniteQuery(timelineQuery(customer, show))
  const entries = data?.pages.flatMap((page) => page.entries) ?? []
  return (
    <section className={css.timeline} aria-label={say('customer.timeline')}>
      <div className={css.filters} role="group" aria-label={say('customer.show')}>
        {shows.filter((one) => appears(one, known)).map((one) => (
          <button key={one} type="button" aria-pressed={one === show} onClick={() => onShow(one)}>
            {say(`customer.show.${one}`)}</button>))}
      </div>
      {error && !data ? <Lost error={error} again={() => void refetch()} />
        : !data ? <GhostRows count={8} />
          : entries.length === 0 && !hasNextPage ? <p className={css.none}>{say('customer.none')}</p>
            : <Entries entries={entries} />}
      {hasNextPage && (
        <button type="button" className={css.older} disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {say((data?.pages.at(-1)?.entries.length ?? 0) === 0 ? 'customer.older_searching' : 'customer.older')}
        </button>)}
    </section>
  )
}

const needs: Partial<Record<Show, readonly string[]>> = { visits: ['care_visit', 'call_back', 'visit_plan'],
  complaints: ['complaint'], opinions: ['opinion', 'publication'], documents: ['document', 'contract'],
  money: ['quotation', 'repair_order', 'contract'] }

/** A filter for what the company does not have is not offered. */
const appears = (show: Show, known: readonly string[]): boolean =>
  needs[show]?.some((process) => known.includes(process)) ?? true

function Entries({ entries }: { entries: readonly TimelineEntryView[] }) {
  const { zone } = useSpeech()
  return (
    <ol className={css.entries}>
      {entries.map((entry, index) => {
        const day = dayOf(Date.parse(entry.at), zone)
        const above = index === 0 ? null : dayOf(Date.parse(entries[index - 1]!.at), zone)
        return (
          <Entry key={`${entry.id} ${entry.at} ${entry.label}`} entry={entry} day={day === above ? '' : day.slice(5)}
            year={day.slice(0, 4) === above?.slice(0, 4) ? null : day.slice(0, 4)} />)
      })}
    </ol>
  )
}

function Entry({ entry, day, year }: { entry: TimelineEntryView; day: string; year: string | null }) {
  const speech = useSpeech()
  const open = entry.state?.kind === 'active' || entry.state?.kind === 'waiting'
  return (
    <>
      {year && <li className={css.year}>{year}</li>}
      <li className={css.entry} data-open={open || undefined} data-note={entry.state === null || undefined}>
        <time dateTime={entry.at} title={fullWords(Date.parse(entry.at), speech)} className={css.date}>{day}</time>
        <div className={css.what}>
          <p className={css.line}>
            <span className={css.kind}>{entry.label}</span>
            {entry.number && (
              <Link to="/$process/$id" params={{ process: entry.process, id: entry.id }} data-link
                className={css.number}>{entry.number}</Link>)}
            {entry.state && <StateDot state={entry.state} />}
            {entry.who && <span className="hush">{entry.who}</span>}
            <span className={css.end}>
              {entry.fen !== null && entry.fen > 0 && <b className={css.fen}>¥{yuan(entry.fen)}</b>}
              {open && entry.next_due_at && <DueChip due={entry.next_due_at} />}</span>
          </p>
          {entry.title && <p className={css.entryTitle}>{entry.title}</p>}
          {entry.text && entry.text !== entry.title && <p className={css.gist}>{entry.text}</p>}
        </div>
      </li>
    </>
  )
}
