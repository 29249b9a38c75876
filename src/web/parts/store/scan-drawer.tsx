import { Button, Drawer } from '@mantine/core'
import { useState } from 'react'
import type { StoreRowView } from '../../../server/views.ts'
import { useKeys, useScan } from '../../keys.ts'
import { useSay } from '../../site.tsx'
import { ScanBox } from '../shelves/scan-box.tsx'
import { piecesText, plainCode, useStoreAct } from './store-data.ts'
import css from './store.module.css'

export type How = 'issue' | 'check' | 'take_back'
type DrawerProps = { row: StoreRowView; how: How; onClose: () => void }

const words = {
  issue: { action: 'issue', title: 'store.scan_issue', done: 'store.issue' },
  check: { action: 'check_in', title: 'store.check', done: 'store.check_in' },
  take_back: { action: 'take_back', title: 'store.take_back', done: 'store.take_back' },
} as const

/** Pieces by part: what was scanned (or found good), and what was found bad. */
type Counted = Readonly<Record<string, { good: number; bad: number }>>

const none = { good: 0, bad: 0 }

/** What is asked of the server: nothing for an issue, rows for a check or a return. */
function formOf(how: How, row: StoreRowView, counted: Counted): Record<string, unknown> {
  if (how === 'issue') return {}
  const rows = row.lines.map(({ part }) => ({ part, ...counted[part] ?? none }))
  if (how === 'check') {
    return { checked: rows.map(({ part, good, bad }) => ({ part, passed: good * 1000, ...(bad > 0 && { failed: bad * 1000 }) })) }
  }
  return { returned: rows.filter(({ good }) => good > 0).map(({ part, good }) => ({ part, quantity: good * 1000 })) }
}

/** 扫码发料、验收、退料: each scan counts a piece; what is missing is seen before it is sent. */
export function ScanDrawer({ row, how, onClose }: DrawerProps) {
  const say = useSay()
  // What arrives is usually complete and good; what is handed out or brought back is scanned piece by piece.
  const [counted, setCounted] = useState<Counted>(() => (how !== 'check' ? {}
    : Object.fromEntries(row.lines.map(({ part, quantity }) => [part, { good: quantity / 1000, bad: 0 }]))))
  const [told, setTold] = useState('')
  const send = useStoreAct(onClose)
  const set = (part: string, patch: Partial<typeof none>) => setCounted((old) =>
    ({ ...old, [part]: { ...none, ...old[part], ...patch } }))
  const scan = (code: string) => {
    const line = row.lines.find(({ part_number }) => plainCode(part_number) === plainCode(code))
    if (!line) return setTold(say('store.not_of_this', { code }))
    const good = (counted[line.part]?.good ?? 0) + 1
    set(line.part, { good })
    return setTold(say(good * 1000 > line.quantity ? 'store.too_many' : 'store.scanned',
      { part: `${line.part_number} ${line.name}`, n: good, of: piecesText(line.quantity) }))
  }
  useScan(scan, true)
  const form = formOf(how, row, counted)
  const submit = () => send.mutate({ row, action: words[how].action, label: say(words[how].done), form })
  useKeys({ 'mod+Enter': submit })
  const open = row.lines.filter(({ part, quantity }) => (counted[part]?.good ?? 0) + (counted[part]?.bad ?? 0) < quantity / 1000)
  return (
    <Drawer opened onClose={onClose} size={520} title={`${say(words[how].title)} ${row.number}`}
      closeButtonProps={{ 'aria-label': say('form.cancel') }}>
      <div className={css.drawer}>
        <p>{[row.engineer ?? row.supplier, row.case?.number, row.case?.customer].filter(Boolean).join(' · ')}</p>
        <ScanBox onScan={scan} />
        <p role="status" className={css.told}>{told}</p>
        <table className={css.counts}>
          <thead><tr><th scope="col">{say('store.bin')}</th><th scope="col">{say('store.part')}</th>
            <th scope="col" data-number>{say(how === 'check' ? 'store.ordered' : how === 'issue' ? 'store.asked' : 'store.issued')}</th>
            <th scope="col" data-number>{say(how === 'check' ? 'store.good' : how === 'issue' ? 'store.taken' : 'store.back')}</th>
            {how === 'check' && <th scope="col" data-number>{say('store.bad')}</th>}</tr></thead>
          <tbody>{row.lines.map((line) => (
            <tr key={line.part}>
              <td>{line.bin ?? '—'}</td>
              <td>{line.part_number}<br /><span className="hush">{line.name}</span></td>
              <td data-number>{piecesText(line.quantity)}</td>
              <td data-number><Pieces label={`${line.name} ${say('store.good')}`} value={counted[line.part]?.good ?? 0}
                onValue={(good) => set(line.part, { good })} /></td>
              {how === 'check' && <td data-number><Pieces label={`${line.name} ${say('store.bad')}`}
                value={counted[line.part]?.bad ?? 0} onValue={(bad) => set(line.part, { bad })} /></td>}
            </tr>))}</tbody>
        </table>
        {how === 'issue' && open.length > 0 && <p className={css.warn}>{say('store.not_all', { n: open.length })}</p>}
        <div className={css.send}><Button loading={send.isPending} onClick={submit}>{say(words[how].done)}</Button>
          <span className="hush"><kbd>Ctrl</kbd> <kbd>Enter</kbd></span></div>
        {send.error && <p className={css.warn} role="alert">{send.error.message}</p>}
      </div>
    </Drawer>
  )
}

function Pieces({ label, value, onValue }: { label: string; value: number; onValue: (value: number) => void }) {
  return <input className={css.pieces} aria-label={label} inputMode="numeric" value={value}
    onFocus={(event) => event.currentTarget.select()}
    onChange={(event) => { if (/^\d{0,5}$/.test(event.currentTarget.value)) onValue(Number(event.currentTarget.value)) }} />
}
