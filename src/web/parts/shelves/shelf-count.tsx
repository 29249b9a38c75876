import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { ShelfCardView, ShelvesView } from '../../../server/views.ts'
import { useScan } from '../../keys.ts'
import { keep, readKept, useMe, useNow, useSay, useSpeech } from '../../site.tsx'
import { fullWords } from '../../time.ts'
import { Lost } from '../lost.tsx'
import { GhostRows } from '../rows-ghost.tsx'
import { ScanBox } from './scan-box.tsx'
import { DaysHere } from './shelf-card.tsx'
import { findCards, shelfQueries } from './shelf-data.ts'
import { useMove } from './shelf-drawer.tsx'
import css from './shelves.module.css'

/** What was scanned: an order of this shelf or of another, or a text that nobody knows. */
type Scanned = { text: string; id: string | null }

const scannedMost = 2000

/** What was scanned so far; a reload does not lose it. */
function useScanned(place: string) {
  const { company } = useMe()
  const key = `gongdan-count/${company.slug}/${place}`
  const [scanned, setScanned] = useState<readonly Scanned[]>(() => {
    try {
      return JSON.parse(readKept(key) ?? '[]') as Scanned[]
    } catch {
      return []
    }
  })
  const write = (change: (old: readonly Scanned[]) => readonly Scanned[]) => setScanned((old) => {
    const next = change(old)
    keep(key, next.length === 0 ? null : JSON.stringify(next))
    return next
  })
  const add = (one: Scanned) => write((old) => (old.length >= scannedMost
    || old.some(({ id, text }) => (one.id === null ? id === null && text === one.text : id === one.id))
    ? old : [...old, one]))
  const drop = (gone: string) => write((old) => old.filter(({ id }) => id !== gone))
  return { scanned, add, drop, clear: () => write(() => []) }
}

type CountProps = { by: 'shelf' | 'folder'; place: string; all: ShelvesView }

/** 盘点: every machine of a shelf is scanned; what is missing and what is too many is said at once. */
export function ShelfCount({ by, place, all }: CountProps) {
  const speech = useSpeech()
  const { say } = speech
  const { member } = useMe()
  const now = useNow()
  const client = useQueryClient()
  const { data, error, refetch } = useQuery(shelfQueries.one(by, place))
  const { scanned, add, drop, clear } = useScanned(`${by}/${place}`)
  const shelf = data?.shelves[0]
  const scan = async (text: string) => {
    const { cards } = await findCards(client, [...data?.shelves ?? [], ...all.shelves], text)
      .catch(() => ({ cards: [] as ShelfCardView[] }))
    add({ text, id: cards[0]?.id ?? null })
  }
  useScan((text) => void scan(text), true)
  const move = useMove(all)
  if (error && !data) return <Lost error={error} again={() => void refetch()} />
  if (!shelf) return <GhostRows count={6} />
  const seen = new Set(scanned.map(({ id }) => id))
  const missing = shelf.cards.filter(({ id }) => !seen.has(id))
  const here = shelf.cards.filter(({ id }) => seen.has(id))
  const surplus = scanned.filter(({ id }) => !shelf.cards.some((card) => card.id === id))
  return (
    <div className={css.count}>
      <p className={css.countHead}>
        <b>{say('shelves.count_of', { place: shelf.label })}</b>
        <span className={css.tools}>
          <Button size="xs" variant="default" onClick={() => window.print()}>{say('shelves.print')}</Button>
          {scanned.length > 0 && <Button size="xs" variant="default" onClick={clear}>{say('shelves.again')}</Button>}
          <Link to="/shelves" search={by === 'folder' ? { by } : {}} data-link>{say('shelves.back')}</Link>
        </span>
      </p>
      <p className={css.printed}>{say('shelves.printed', { when: fullWords(now, speech), name: member.name })}</p>
      <div className={css.screenOnly}>
        <p className="hush">{say(by === 'folder' ? 'shelves.count_hint_folder' : 'shelves.count_hint')}</p>
        <ScanBox onScan={(text) => void scan(text)} />
      </div>
      <p role="status">{say('shelves.counted', { n: scanned.length,
        all: shelf.count.capped ? '1000+' : shelf.count.count })}
        {missing.length + surplus.length === 0 && shelf.cards.length > 0 && ` ${say('shelves.agree')}`}</p>
      <h2>{say('shelves.missing')} · {missing.length}</h2>
      <CountTable cards={missing} none={say('shelves.none_missing')} press={say('shelves.is_here')}
        onPress={({ id, number }) => add({ text: number, id })} />
      <h2>{say('shelves.surplus')} · {surplus.length}</h2>
      {surplus.length === 0 ? <p className="hush">{say('shelves.none_surplus')}</p>
        : <ul className={css.surplus}>{surplus.map((one) => <Surplus key={one.text} one={one} all={all} busy={move.isPending}
          onMove={(id) => move.mutate({ id, to: place })} />)}</ul>}
      {move.error && <p className={css.problem} role="alert">{move.error.message}</p>}
      {here.length > 0 && <><h2>{say('shelves.here')} · {here.length}</h2>
        <CountTable cards={here} none="" press={say('shelves.not_there')} onPress={({ id }) => drop(id)} /></>}
    </div>
  )
}

type SurplusProps = { one: Scanned; all: ShelvesView; busy: boolean; onMove: (id: string) => void }

/** What stands here though the program says otherwise: one press makes the program say so too. */
function Surplus({ one, all, busy, onMove }: SurplusProps) {
  const say = useSay()
  const shelf = all.shelves.find(({ cards }) => cards.some(({ id }) => id === one.id))
  const card = shelf?.cards.find(({ id }) => id === one.id)
  return (
    <li><span className={css.number}>{card?.number ?? one.text}</span>
      <span>{card ? `${card.customer?.name ?? ''} ${card.title}` : ''}</span>
      <span className="hush">{shelf ? say('shelves.elsewhere', { place: shelf.label })
        : say('shelves.unknown')}</span>
      {shelf && <button type="button" className={css.tick} disabled={busy} onClick={() => onMove(one.id!)}>
        {say('shelves.move_here')}</button>}</li>
  )
}

type TableProps = { cards: readonly ShelfCardView[]; none: string; press: string; onPress: (card: ShelfCardView) => void }

/** Rows to be ticked with a thumb, where there is no scanner at hand. */
function CountTable({ cards, none, press, onPress }: TableProps) {
  if (cards.length === 0) return <p className="hush">{none}</p>
  return (
    <ul className={css.counted}>{cards.map((card) => (
      <li key={card.id}>
        <Link to="/$process/$id" params={{ process: 'repair_order', id: card.id }}>{card.number}</Link>
        <span>{card.customer?.name}</span><span>{card.title}</span>
        <DaysHere since={card.since} />
        <button type="button" className={css.tick} aria-label={`${press} ${card.number}`} onClick={() => onPress(card)}>
          {press}</button>
      </li>))}
    </ul>
  )
}
