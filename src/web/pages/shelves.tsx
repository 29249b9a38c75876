import { SegmentedControl } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, getRouteApi } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { ShelvesView } from '../../server/views.ts'
import { useScan } from '../keys.ts'
import { Lost } from '../parts/lost.tsx'
import { GhostRows } from '../parts/rows-ghost.tsx'
import { ScanBox } from '../parts/shelves/scan-box.tsx'
import { ShelfCard } from '../parts/shelves/shelf-card.tsx'
import { ShelfCount } from '../parts/shelves/shelf-count.tsx'
import { findCards, shelfQueries } from '../parts/shelves/shelf-data.ts'
import { ShelfDrawer, useMove } from '../parts/shelves/shelf-drawer.tsx'
import css from '../parts/shelves/shelves.module.css'
import { useSay } from '../site.tsx'

const route = getRouteApi('/staff/shelves')

/** 货架: what stands where. A scanned machine lights up and says what may be done with it. */
export function ShelvesPage() {
  const say = useSay()
  const { by = 'shelf', count } = route.useSearch()
  const { data, error, refetch } = useQuery(shelfQueries.all(by))
  useEffect(() => { document.title = say('shelves.title') }, [say])
  if (error && !data) return <Lost error={error} again={() => void refetch()} />
  if (!data) return <GhostRows count={8} />
  return count ? <ShelfCount key={count} by={by} place={count} all={data} /> : <Standing view={data} />
}

function Standing({ view }: { view: ShelvesView }) {
  const say = useSay()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const [told, setTold] = useState('')
  const set = (patch: Partial<typeof search>) =>
    void navigate({ search: (old) => ({ ...old, ...patch }), replace: true })
  const light = (id: string) => {
    set({ card: id, do: undefined, at: view.shelves.find(({ cards }) => cards.some((card) => card.id === id))?.key })
    requestAnimationFrame(() => document.getElementById(`card-${id}`)
      ?.scrollIntoView({ block: 'center', inline: 'center' }))
  }
  const find = useScanned(view, light, setTold)
  const move = useMove(view)
  // With a machine taken from its shelf, the label of a shelf that is scanned says where it goes.
  const scan = (text: string) => {
    const place = search.card ? placeOf(view, text) : undefined
    if (place && search.card) move.mutate({ id: search.card, to: place.key })
    else find(text)
  }
  useScan(scan, true)
  const at = view.shelves.find(({ key }) => key === search.at)?.key ?? view.shelves[0]?.key
  return (
    <div className={css.page}>
      <h1 className="only-read">{say('shelves.title')}</h1>
      <div className={css.bar}>
        <ScanBox onScan={scan} />
        <SegmentedControl value={view.by} transitionDuration={0} styles={{ label: { color: 'var(--ink)' } }}
          aria-label={say('shelves.by')} data={[
          { value: 'shelf', label: say('shelves.machines') }, { value: 'folder', label: say('shelves.papers') }]}
          onChange={(by) => void navigate({ search: by === 'folder' ? { by } : {} })} />
        <a className={css.countLink} target="_blank" rel="noreferrer" href={`/api/shelves/paper?by=${view.by}`}>
          {say('shelves.paper')}</a>
        <p className={css.told} role="status">{told}</p>
      </div>
      <div className={css.tabs} role="group" aria-label={say('shelves.title')}>
        {view.shelves.map((shelf) => (
          <button key={shelf.key} type="button" aria-pressed={shelf.key === at} onClick={() => set({ at: shelf.key })}>
            {shelf.label} <span className="hush">{shelf.count.capped ? '1000+' : shelf.count.count}</span></button>))}
      </div>
      <div className={css.shelves} tabIndex={0} role="region" aria-label={say('shelves.title')}>
        {view.shelves.map((shelf) => (
          <Shelf key={shelf.key} shelf={shelf} by={view.by} here={shelf.key === at} lit={search.card}
            onOpen={light} />))}
      </div>
      {search.card && <ShelfDrawer key={search.card} id={search.card} view={view} open={search.do}
        onOpen={(action) => set({ do: action })} onClose={() => set({ card: undefined, do: undefined })} />}
    </div>
  )
}

const plain = (text: string): string => text.replaceAll(/\s/g, '').toLowerCase()

/** The shelf that goes by this name: its key, its name, or another name of it. */
const placeOf = (view: ShelvesView, text: string) => view.shelves.find(({ key, label, aliases }) =>
  [key, label, ...aliases].some((name) => plain(name) === plain(text)))

/** A scanned text: one card lights up, several are told, none is said; a machine not on a shelf is opened. */
function useScanned(view: ShelvesView, light: (id: string) => void, tell: (text: string) => void) {
  const say = useSay()
  const client = useQueryClient()
  const navigate = route.useNavigate()
  return (text: string) => {
    void findCards(client, view.shelves, text).then(({ cards, found }) => {
      const [card] = cards
      const order = found.find(({ process }) => process === 'repair_order')
      if (!card) {
        tell(say('shelves.not_here', { text }))
        if (order) void navigate({ to: '/$process/$id', params: { process: order.process, id: order.id } })
        return
      }
      const place = view.shelves.find((shelf) => shelf.cards.includes(card))?.label ?? ''
      tell(cards.length > 1 ? say('shelves.many', { text, n: cards.length })
        : say('shelves.where', { number: card.number, place }))
      light(card.id)
    }, (error: Error) => tell(error.message))
  }
}

type ShelfProps = { shelf: ShelvesView['shelves'][number]; by: ShelvesView['by']; here: boolean; lit: string | undefined
  onOpen: (id: string) => void }

function Shelf({ shelf, by, here, lit, onOpen }: ShelfProps) {
  const say = useSay()
  const { count, cards } = shelf
  return (
    <section className={css.shelf} data-here={here || undefined} aria-label={shelf.label}>
      <h2><span className={css.name}>{shelf.label}</span>
        <span className={css.n}>{count.capped ? '1000+' : count.count}</span>
        <span className={css.places}>
          <Link to="/shelves" search={{ ...(by === 'folder' && { by }), count: shelf.key }} className={css.countLink}
          aria-label={say('shelves.count_of', { place: shelf.label })}>{say('shelves.count')}</Link>
        <a className={css.countLink} target="_blank" rel="noreferrer"
          href={`/api/shelves/paper?by=${by}&key=${encodeURIComponent(shelf.key)}`}
          aria-label={say('shelves.paper_of', { place: shelf.label })}>{say('shelves.paper_short')}</a></span></h2>
      <ul className={css.cards}>
        {cards.map((card) => <ShelfCard key={card.id} card={card} lit={card.id === lit}
          inHands={shelf.key === 'in_hand'} onOpen={() => onOpen(card.id)} />)}
        {cards.length === 0 && <li className={css.none}>{say('shelves.empty')}</li>}
        {count.count > cards.length && (
          <li className={css.none}>{say('shelves.more', { n: count.count - cards.length })}</li>)}
      </ul>
    </section>
  )
}
