import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { Drawer } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useDeferredValue, useState } from 'react'
import type { MovePageView, MoveView, StockPageView, StockRowView } from '../../../server/views.ts'
import { useNow, useSay, useSpeech } from '../../site.tsx'
import { dayWords, clockTime, fullWords } from '../../time.ts'
import { GhostRows } from '../rows-ghost.tsx'
import { yuan } from '../value.tsx'
import { movesBefore, piecesText, stockAfter, storeQueries } from './store-data.ts'
import css from './store.module.css'

const places = ['', 'store', 'used_store', 'peer'] as const

type StockProps = { q: string; place: string; low: boolean; part: string | undefined
  onSet: (patch: { q?: string; place?: string; low?: true; part?: string }) => void }

/** What lies where: the store, engineers' hands, the used-parts store. */
export function Stock({ q, place, low, part, onSet }: StockProps) {
  const say = useSay()
  const filter = { q: useDeferredValue(q) || undefined, place: place || undefined, ...(low && { low: '1' }) }
  const { data, error } = useQuery({ ...storeQueries.stock(filter), placeholderData: keepPreviousData })
  const { rows, more } = useMore(data, (after) => stockAfter(filter, after))
  const open = rows.find(({ id }) => id === part)
  return (
    <section className={css.stock}>
      <div className={css.filters}>
        <input type="search" className={css.find} value={q} placeholder={say('store.find')} aria-label={say('store.find')}
          onChange={(event) => onSet({ q: event.currentTarget.value || undefined })} />
        <div role="group" aria-label={say('store.place')} className={css.pills}>
          {places.map((key) => <button key={key} type="button" aria-pressed={!low && place === key}
            onClick={() => onSet({ place: key || undefined, low: undefined })}>{say(`store.at.${key || 'all'}`)}</button>)}
          <button type="button" aria-pressed={low} onClick={() => onSet({ low: low ? undefined : true, place: undefined })}>
            {say('store.low')}</button>
        </div>
      </div>
      {error && !data && <p className={css.empty} role="alert">{error.message}</p>}
      {!data && !error && <GhostRows count={10} />}
      {data && rows.length === 0 && <p className={css.empty}>{say(low ? 'store.none_low' : 'store.none')}</p>}
      {rows.length > 0 && (
        <div className={css.frame}><table className={css.table}>
          <thead><tr><th scope="col">{say('store.bin')}</th><th scope="col">{say('store.part')}</th>
            <th scope="col" data-wide>{say('store.fits')}</th><th scope="col" data-number>{say('store.at.store')}</th>
            <th scope="col">{say('store.elsewhere')}</th><th scope="col" data-number data-wide>{say('store.minimum')}</th>
            <th scope="col" data-number>{say('store.price')}</th></tr></thead>
          <tbody>{rows.map((row) => <StockRow key={row.id} row={row} lit={row.id === part}
            onOpen={() => onSet({ part: row.id })} />)}</tbody>
        </table></div>)}
      {more && <button type="button" className={css.more} onClick={more}>{say('store.more')}</button>}
      {part && <LedgerDrawer key={part} part={part} row={open} onClose={() => onSet({ part: undefined })} />}
    </section>
  )
}

/** Pages after the first are kept beside it as long as the question is the same. */
function useMore(first: StockPageView | undefined, next: (after: string) => Promise<StockPageView>):
  { rows: readonly StockRowView[]; more: (() => void) | null } {
  const [kept, setKept] = useState<{ of: StockPageView | undefined; rows: readonly StockRowView[]; cursor: string | null }>(
    { of: undefined, rows: [], cursor: null })
  const added = kept.of === first ? kept : { of: first, rows: [], cursor: first?.cursor ?? null }
  const { cursor } = added
  return { rows: [...first?.rows ?? [], ...added.rows], more: cursor === null ? null : () => {
    void next(cursor).then((page) => setKept({ of: first, rows: [...added.rows, ...page.rows], cursor: page.cursor }))
  } }
}

function StockRow({ row, lit, onOpen }: { row: StockRowView; lit: boolean; onOpen: () => void }) {
  const say = useSay()
  const store = row.balances.find(({ place }) => place.key === 'store')?.quantity ?? 0
  const others = row.balances.filter(({ place }) => place.key !== 'store')
  return (
    <tr data-lit={lit || undefined} data-off={row.state !== 'active' || undefined}>
      <td>{row.bin ?? '—'}</td>
      <td><button type="button" className={css.open} onClick={onOpen}>{row.part_number}</button>
        <span className={css.name}>{row.name}</span>{row.costly && <span className={css.mark}>{say('store.costly')}</span>}</td>
      <td data-wide className="hush">{row.fits}</td>
      <td data-number><b>{piecesText(store)}</b>{row.low && <span className={css.mark} data-low>{say('store.is_low')}</span>}</td>
      <td>{others.map(({ place, quantity }) => `${place.label} ${piecesText(quantity)}`).join(say('comma'))}</td>
      <td data-number data-wide className="hush">{row.minimum === null ? '' : piecesText(row.minimum)}</td>
      <td data-number>{row.price_fen === null ? '' : yuan(row.price_fen)}</td>
    </tr>
  )
}

function LedgerDrawer({ part, row, onClose }: { part: string; row: StockRowView | undefined; onClose: () => void }) {
  const say = useSay()
  return (
    <Drawer opened onClose={onClose} size={640} title={row ? `${row.part_number} ${row.name}` : say('store.ledger')}
      closeButtonProps={{ 'aria-label': say('form.cancel') }}>
      <p className={css.links}>
        <Link to="/$process/$id" params={{ process: 'part', id: part }} data-link>{say('store.card')}</Link>
        <Link to="/$process/$id" params={{ process: 'part', id: part }} search={{ do: 'receive' }} data-link>
          {say('store.receive')}</Link>
        <Link to="/$process/$id" params={{ process: 'part', id: part }} search={{ do: 'print_label' }} data-link>
          {say('store.label')}</Link>
      </p>
      <Ledger part={part} />
    </Drawer>
  )
}

/** 收发登记: what moved, newest first, with what was left. `part` null: old parts of all kinds. */
export function Ledger({ part }: { part: string | null }) {
  const say = useSay()
  const client = useQueryClient()
  const query = storeQueries.moves(part)
  const { data, error } = useQuery(query)
  const more = async (before: string) => {
    const page = await movesBefore(part, before)
    client.setQueryData<MovePageView>(query.queryKey, (old) => old && { rows: [...old.rows, ...page.rows], cursor: page.cursor })
  }
  if (error && !data) return <p className={css.empty} role="alert">{error.message}</p>
  if (!data) return <GhostRows count={6} />
  if (data.rows.length === 0) return <p className={css.empty}>{say(part === null ? 'store.no_old' : 'store.no_moves')}</p>
  return (
    <>
      <ul className={css.moves}>{data.rows.map((move) => <Move key={move.id} move={move} old={part === null} />)}</ul>
      {data.cursor && <button type="button" className={css.more} onClick={() => void more(data.cursor!)}>{say('store.more')}</button>}
    </>
  )
}

function Move({ move, old }: { move: MoveView; old: boolean }) {
  const speech = useSpeech()
  const { say } = speech
  const now = useNow()
  const at = Date.parse(move.at)
  const left = (place: MoveView['from'], n: number | null) => (n === null ? place.label : `${place.label} ${piecesText(n)}`)
  return (
    <li className={css.move}>
      <span className="hush" title={fullWords(at, speech)}>{dayWords(at, now, speech)} {clockTime(at, speech)}</span>
      <span>{old && <b>{move.part_number} {move.part_name} </b>}
        {left(move.from, move.from_left)} → {left(move.to, move.to_left)}
        {!old && move.old && <span className={css.mark}>{say('store.old')}</span>}
        {move.tag && <span className={css.mark}>{move.tag}</span>}
        {move.note && <span className="hush"> {move.note}</span>}</span>
      <b data-number>{piecesText(move.quantity)}</b>
      <span className="hush">{move.record.label} <Link to="/$process/$id"
        params={{ process: move.record.process, id: move.record.id }} data-link>{move.record.number}</Link> {move.who}
        {move.case && <> · <Link to="/$process/$id" params={{ process: move.case.process, id: move.case.id }} data-link>
          {move.case.number}</Link></>}</span>
    </li>
  )
}
