import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type KeyboardEvent, useMemo, useRef, useState } from 'react'
import type { RecordView, StockRowView, StoreRowView } from '../../../server/views.ts'
import { act, queries, randomId } from '../../api.ts'
import { scanLeast, scanMs, useScan } from '../../keys.ts'
import { keep, readKept, useMe, useSay } from '../../site.tsx'
import { ActionForm } from '../form/action-form.tsx'
import { settle } from '../form/use-action-form.ts'
import { ScanBox } from '../shelves/scan-box.tsx'
import { piecesText, plainCode, storeQueries, useStoreAct } from './store-data.ts'
import css from './store.module.css'

type CountsProps = { rows: readonly StoreRowView[]; sel: string | undefined; onSel: (id: string | undefined) => void }

/** 盘点: counts that go on, and a new one for either store. */
export function Counts({ rows, sel, onSel }: CountsProps) {
  const say = useSay()
  const client = useQueryClient()
  const { roles } = useMe()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  const begin = (place: string) => {
    setBusy(true)
    act({ process: 'stock_count', id: null, action: 'open', form: { place }, key: randomId() })
      .then((after) => { settle(client, after); void client.invalidateQueries({ queryKey: ['list', 'part_request'] })
        onSel(after.id) }, (error: Error) => setProblem(error.message)).finally(() => setBusy(false))
  }
  const may = roles.includes('storekeeper') || roles.includes('supervisor')
  if (sel) return <Counting key={sel} id={sel} onClose={() => onSel(undefined)} />
  return (
    <div className={css.countList}>
      {problem && <p role="alert" className={css.warn}>{problem}</p>}
      {may && <div className={css.send}>
        <Button variant="default" loading={busy} onClick={() => begin('store')}>{say('store.count_store')}</Button>
        <Button variant="default" loading={busy} onClick={() => begin('used_store')}>{say('store.count_used')}</Button></div>}
      {rows.length === 0 && <p className={css.empty}>{say('store.no_counts')}</p>}
      <ul>{rows.map((row) => (
        <li key={row.id} className={css.row}><button type="button" className={css.open} onClick={() => onSel(row.id)}>
          {row.number}</button> {row.title}</li>))}</ul>
      <Link to="/$process" params={{ process: 'stock_count' }} search={{ kind: 'all' }} data-link>{say('store.all_counts')}</Link>
    </div>
  )
}

/** Kinds that one saving takes: no more lines fit into the action. */
const savedAtOnce = 100

type Tally = Readonly<Record<string, number>>

function readTally(key: string): Tally {
  try {
    return JSON.parse(readKept(key) ?? '{}') as Tally
  } catch {
    return {}
  }
}

const countedOf = (record: RecordView | undefined) => (Array.isArray(record?.values.counted)
  ? record.values.counted as { part: string; part_name: string; quantity: number; book: number }[] : [])

/** Scans count pieces; what was counted is kept here until it is saved, and compared with the ledger when it is. */
function Counting({ id, onClose }: { id: string; onClose: () => void }) {
  const say = useSay()
  const { company, member } = useMe()
  const kept = `gongdan-count/${company.slug}/${member.id}/${id}`
  const [tally, setTally] = useState<Tally>(() => readTally(kept))
  const latest = useRef(tally)
  const [told, setTold] = useState('')
  const [closing, setClosing] = useState(false)
  const record = useQuery(queries.record('stock_count', id))
  const definition = useQuery(queries.definition('stock_count'))
  const place = record.data?.values.place === 'used_store' ? 'used_store' : 'store'
  const stock = useQuery({ ...storeQueries.whole(place), enabled: record.data !== undefined })
  const set = (change: (now: Tally) => Tally) => {
    latest.current = change(latest.current)
    setTally(latest.current)
    keep(kept, Object.keys(latest.current).length === 0 ? null : JSON.stringify(latest.current))
  }
  const send = useStoreAct()
  const client = useQueryClient()
  const scan = async (code: string) => {
    const known = (stock.data?.rows ?? []).find(({ part_number }) => plainCode(part_number) === plainCode(code))
      ?? (await client.fetchQuery(storeQueries.stock({ q: code.slice(0, 24) }))).rows
        .find(({ part_number }) => plainCode(part_number) === plainCode(code))
    if (!known) return setTold(say('store.unknown_code', { code }))
    const saved = countedOf(record.data).find(({ part }) => part === known.id)
    const n = (latest.current[known.id] ?? (saved ? Math.floor(saved.quantity / 1000) : 0)) + 1
    set((now) => ({ ...now, [known.id]: n }))
    return setTold(`${known.part_number} ${known.name}: ${n}`)
  }
  useScan((code) => void scan(code), true)
  const counted = countedOf(record.data)
  const rows = useMemo(() => alongTheShelves(stock.data?.rows ?? []), [stock.data])
  const save = () => {
    const sent = Object.entries(tally).slice(0, savedAtOnce)
    // What was counted on while it was being saved is kept for the next saving.
    send.mutate({ row: { id, process: 'stock_count' }, action: 'count', label: say('store.saved'),
      form: { lines: sent.map(([part, n]) => ({ part, quantity: n * 1000 })) } }, { onSuccess: () => set((now) =>
      Object.fromEntries(Object.entries(now).filter(([part, n]) => !sent.some(([one, was]) => one === part && was === n)))) })
  }
  const unsaved = Object.keys(tally).length > 0
  const close = record.data?.offers.find(({ action }) => action === 'close')
  return (
    <div className={css.counting}>
      <div className={css.filters}><ScanBox onScan={(code) => void scan(code)} />
        <p role="status" className={css.told}>{told}</p>
        <span className={css.grow} />
        <Button disabled={!unsaved} loading={send.isPending} onClick={save}>
          {say('store.save_count', { n: Object.keys(tally).length })}</Button>
        <Button variant="default" disabled={!close?.live || unsaved}
          title={unsaved ? say('store.save_first') : close?.refusal?.message} onClick={() => setClosing(!closing)}>
          {close?.label ?? ''}</Button>
        <Button variant="subtle" onClick={onClose}>{say('store.back_to_list')}</Button></div>
      {closing && !unsaved && record.data && definition.data && <div className={css.closing}>
        <ActionForm definition={definition.data} action="close" record={record.data} offer={close ?? null} focus
          onDone={onClose} onCancel={() => setClosing(false)} /></div>}
      <CountTable rows={rows} counted={counted} tally={tally} onTally={set} onScan={(code) => void scan(code)} />
    </div>
  )
}

/** Place by place, for who counts walks along the shelves; what has no place comes last. */
const alongTheShelves = (rows: readonly StockRowView[]): readonly StockRowView[] => rows.toSorted((one, other) =>
  Number(one.bin === null) - Number(other.bin === null) || binOrder.compare(one.bin ?? '', other.bin ?? ''))
const binOrder = new Intl.Collator('zh-CN', { numeric: true })

/** A figure that is taken out again was not counted: it is no nought. */
function typed(tally: Tally, part: string, figure: string): Tally {
  const { [part]: _was, ...others } = tally
  return figure === '' ? others : { ...others, [part]: Number(figure) }
}

/** Enter and the arrows go from figure to figure, as the eye goes along the shelf. */
function onToNext(event: KeyboardEvent<HTMLInputElement>): void {
  const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (step === undefined) return
  event.preventDefault()
  const all = [...event.currentTarget.closest('table')!.querySelectorAll('input')]
  all[all.indexOf(event.currentTarget) + step]?.focus()
}

/** A scanner that types into a figure: the figure is what it was, and the code is taken as a code. */
function useScannedIntoFigure(tally: Tally, onTally: CountTableProps['onTally'], onScan: (code: string) => void) {
  const typing = useRef({ code: '', at: 0, before: undefined as number | undefined })
  return (event: KeyboardEvent<HTMLInputElement>, part: string): boolean => {
    const now = performance.now()
    const { code, at, before } = typing.current
    if (event.key === 'Enter' && code.length >= scanLeast && now - at < scanMs) {
      event.preventDefault()
      onTally((all) => typed(all, part, before === undefined ? '' : String(before)))
      onScan(code)
      typing.current = { code: '', at: 0, before: undefined }
      return true
    }
    if (event.key.length === 1) {
      typing.current = now - at < scanMs ? { code: code + event.key, at: now, before }
        : { code: event.key, at: now, before: tally[part] }
    }
    return false
  }
}

type CountTableProps = { rows: readonly StockRowView[]; counted: ReturnType<typeof countedOf>; tally: Tally
  onTally: (change: (now: Tally) => Tally) => void; onScan: (code: string) => void }

function CountTable({ rows, counted, tally, onTally, onScan }: CountTableProps) {
  const say = useSay()
  const done = new Map(counted.map((one) => [one.part, one]))
  const scanned = useScannedIntoFigure(tally, onTally, onScan)
  return (
    <div className={css.frame}><table className={css.table}>
        <thead><tr><th scope="col">{say('store.bin')}</th><th scope="col">{say('store.part')}</th>
          <th scope="col" data-number>{say('store.now')}</th><th scope="col" data-number>{say('store.counted')}</th>
          <th scope="col" data-number>{say('store.difference')}</th></tr></thead>
        <tbody>{rows.map((row) => {
          const saved = done.get(row.id)
          const fresh = tally[row.id]
          const off = saved ? saved.quantity - saved.book : null
          return (
            <tr key={row.id}>
              <td>{row.bin ?? '—'}</td><td>{row.part_number}<span className={css.name}>{row.name}</span></td>
              {/* The figure of the ledger is shown once it was counted: a count is no copy of it. */}
              <td data-number className="hush">{saved ? piecesText(saved.book) : ''}</td>
              <td data-number><input className={css.pieces} inputMode="numeric"
                aria-label={`${row.part_number} ${say('store.counted')}`} value={fresh ?? (saved ? piecesText(saved.quantity) : '')}
                onFocus={(event) => event.currentTarget.select()}
                onChange={({ currentTarget: input }) => {
                  if (/^\d{0,6}$/.test(input.value)) onTally((now) => typed(now, row.id, input.value))
                  // What was saved stands there again, to be typed over.
                  if (input.value === '') requestAnimationFrame(() => input.select())
                }} onKeyDown={(event) => { if (!scanned(event, row.id)) onToNext(event) }} /></td>
              <td data-number data-short={(off !== null && off !== 0) || undefined}>{off === null ? ''
                : off === 0 ? say('store.equal') : `${off > 0 ? '+' : '−'}${piecesText(Math.abs(off))}`}</td>
            </tr>)
        })}
        {counted.filter(({ part }) => !rows.some(({ id: known }) => known === part)).map((one) => (
          <tr key={one.part}><td>—</td><td>{one.part_name}</td><td data-number>{piecesText(one.book)}</td>
            <td data-number>{piecesText(one.quantity)}</td><td data-number data-short>{piecesText(one.quantity - one.book)}</td></tr>))}
        </tbody>
      </table></div>
  )
}
