import { Link } from '@tanstack/react-router'
import type { MouseEvent } from 'react'
import type { StoreRowView } from '../../../server/views.ts'
import type { WebKey } from '../../../words/web.ts'
import { useKeys } from '../../keys.ts'
import { useMe, useNow, useSay, useSpeech } from '../../site.tsx'
import { dueWords, spanWords } from '../../time.ts'
import { ToneMark } from '../time-chip.tsx'
import { piecesText, useStoreAct } from './store-data.ts'
import css from './store.module.css'

type Queue = { key: string; process: string; states: readonly string[]; title: WebKey
  /** What one key does here, and who may. */
  one?: { action: string; key: string; label: WebKey; by: readonly string[] }
  /** What opens the drawer. */
  opens?: 'issue' | 'check' | 'take_back' }

/** In the order in which a day goes. */
export const queues: readonly Queue[] = [
  { key: 'issue', process: 'part_request', states: ['consented', 'arrived'], title: 'store.to_issue', opens: 'issue',
    one: { action: 'issue', key: 'i', label: 'store.issue', by: ['storekeeper'] } },
  { key: 'consent', process: 'part_request', states: ['requested'], title: 'store.to_consent',
    one: { action: 'consent', key: 'c', label: 'store.consent', by: ['lead_engineer', 'supervisor'] } },
  { key: 'check', process: 'purchase', states: ['arrived'], title: 'store.to_check', opens: 'check' },
  { key: 'missing', process: 'part_request', states: ['out_of_stock'], title: 'store.missing' },
  { key: 'buy', process: 'purchase', states: ['requested'], title: 'store.to_buy' },
  { key: 'coming', process: 'purchase', states: ['ordered'], title: 'store.coming',
    one: { action: 'arrive', key: 'a', label: 'store.arrive', by: ['coordinator', 'purchaser', 'storekeeper'] } },
  { key: 'waiting', process: 'part_request', states: ['ordered'], title: 'store.waiting' },
  { key: 'out', process: 'part_request', states: ['issued'], title: 'store.out', opens: 'take_back' },
]

type DayProps = { rows: readonly StoreRowView[]; most: number; sel: string | undefined
  onSel: (id: string | undefined) => void; onOpen: (row: StoreRowView, how: 'issue' | 'check' | 'take_back') => void }

/** The day of the store: every queue with its rows; up and down choose, one key acts. */
export function Day({ rows, most, sel, onSel, onOpen }: DayProps) {
  const say = useSay()
  const { roles } = useMe()
  const send = useStoreAct()
  const of = (queue: Queue) => rows.filter(({ process, state }) => process === queue.process
    && queue.states.includes(state.name))
  const all = queues.flatMap((queue) => of(queue).map((row) => ({ row, queue })))
  const at = all.findIndex(({ row }) => row.id === sel)
  const here = all[at]
  const move = (by: number) => {
    const next = all[Math.min(Math.max(at + by, 0), all.length - 1)]
    onSel(next?.row.id)
    if (next) document.getElementById(`store-${next.row.id}`)?.scrollIntoView({ block: 'nearest' })
  }
  const may = (queue: Queue) => queue.one?.by.some((role) => roles.some((mine) => mine === role)) ?? false
  const act = (queue: Queue, row: StoreRowView) => {
    if (queue.one && may(queue)) send.mutate({ row, action: queue.one.action, label: say(queue.one.label) })
  }
  useKeys({
    j: () => move(1), k: () => move(-1), ArrowDown: () => move(1), ArrowUp: () => move(-1),
    Enter: () => { if (here?.queue.opens) onOpen(here.row, here.queue.opens) },
    ...Object.fromEntries(queues.flatMap(({ one }) => (one ? [[one.key, () => {
      if (here?.queue.one?.key === one.key) act(here.queue, here.row)
    }] as const] : []))),
    m: () => { if (here?.queue.key === 'issue') send.mutate({ row: here.row, action: 'mark_out_of_stock', label: say('store.marked') }) },
  })
  return (
    <div className={css.queues}>
      {all.length === 0 && <p className={css.empty}>{say('store.nothing')}</p>}
      {queues.map((queue) => {
        const mine = of(queue)
        return mine.length > 0 && (
          <section key={queue.key} className={css.queue} aria-label={say(queue.title)}>
            <h2>{say(queue.title)} <span className="hush">{mine.length >= most ? `${most}+` : mine.length}</span></h2>
            <ul>{mine.map((row) => (
              <Row key={row.id} row={row} queue={queue} lit={row.id === sel} may={may(queue)} busy={send.isPending}
                onAct={() => act(queue, row)} onSel={() => onSel(row.id)}
                onMissing={queue.key === 'issue' && may(queue) ? () => send.mutate({ row, action: 'mark_out_of_stock',
                  label: say('store.marked') }) : undefined}
                onOpen={queue.opens ? () => onOpen(row, queue.opens!) : undefined} />))}
            </ul>
          </section>)
      })}
    </div>
  )
}

type RowProps = { row: StoreRowView; queue: Queue; lit: boolean; may: boolean; busy: boolean; onAct: () => void
  onSel: () => void; onOpen?: () => void; onMissing?: () => void }

const openWords = { issue: 'store.scan_issue', check: 'store.check', take_back: 'store.take_back' } as const

function Row({ row, queue, lit, may, busy, onAct, onSel, onOpen, onMissing }: RowProps) {
  const speech = useSpeech()
  const { say } = speech
  const now = useNow()
  const due = row.next_due_at === null ? null : dueWords(Date.parse(row.next_due_at), now, speech)
  const short = row.process === 'part_request' && queue.key !== 'out'
    && row.lines.some(({ quantity, in_store }) => in_store < quantity)
  // A press on a button of the row is that button's alone: choosing the row would close the drawer that it opens.
  const onRow = ({ target }: MouseEvent<HTMLElement>) => { if (!(target as HTMLElement).closest('button, a')) onSel() }
  return (
    <li id={`store-${row.id}`} className={css.row} data-lit={lit || undefined} onClick={onRow}>
      <div className={css.rowHead}>
        <Link to="/$process/$id" params={{ process: row.process, id: row.id }} data-link>{row.number}</Link>
        <b>{row.engineer ?? row.supplier ?? ''}</b>
        {row.case && <span className="cut"><Link to="/$process/$id" params={{ process: row.case.process, id: row.case.id }}>
          {row.case.number}</Link> {row.case.customer ?? row.case.title}</span>}
        <span className={css.due}>{due ? <span data-tone={due.tone} className={css.tone}><ToneMark tone={due.tone} />
          {due.text}</span> : <span className="hush">{spanWords(now - Date.parse(row.changed_at), speech)}</span>}</span>
      </div>
      <ul className={css.lines}>{row.lines.map((line) => (
        <li key={line.part}><span className={css.bin}>{line.bin ?? '—'}</span>
          <span className="cut">{line.part_number} {line.name}</span><b>×{piecesText(line.quantity)}</b>
          {row.process === 'part_request' && queue.key !== 'out' && (
            <span data-short={line.in_store < line.quantity || undefined} className={css.left}>
              {say('store.left', { n: piecesText(line.in_store) })}</span>)}
        </li>))}</ul>
      <div className={css.acts}>
        {onOpen && <button type="button" onClick={onOpen}><kbd>↵</kbd>{say(openWords[queue.opens!])}</button>}
        {queue.one && may && !(short && queue.key === 'issue') && (
          <button type="button" disabled={busy} onClick={onAct}><kbd>{queue.one.key.toUpperCase()}</kbd>
            {say(queue.one.label)}</button>)}
        {onMissing && short && <button type="button" disabled={busy} onClick={onMissing}><kbd>M</kbd>{say('store.mark')}</button>}
      </div>
    </li>
  )
}
