import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useDeferredValue, useId, useRef, useState } from 'react'
import type { QuotingView } from '../../../server/views.ts'
import { useSay } from '../../site.tsx'
import { yuan } from '../value.tsx'
import { type QuoteLine, lastPaid, quoteQueries } from './quote-data.ts'
import css from './quote.module.css'

const kinds = ['part', 'labour', 'visit', 'other'] as const
const cells = ['what', 'name', 'pieces', 'unit_fen', 'note'] as const
type Cell = typeof cells[number]

type TableProps = { lines: QuoteLine[]; onLines: (next: QuoteLine[]) => void; earlier: QuotingView['earlier']
  error: (path: string) => string | undefined
  /** The keyboard leaves the rows. */
  onOut: () => void }

/** Rows of the price. Enter goes on, up and down change the row, an empty last row is always there. */
export function LineTable({ lines, onLines, earlier, error, onOut }: TableProps) {
  const say = useSay()
  const table = useRef<HTMLTableElement>(null)
  const [typed, setTyped] = useState('')
  const options = useOptions(typed, earlier)
  const list = useId()
  const last = lines.at(-1)
  const rows = last && (last.name ?? '') === '' && last.unit_fen === undefined ? lines : [...lines, {}]
  const set = (index: number, patch: QuoteLine) => {
    const next = rows.map((row, at) => (at === index ? { ...row, ...patch } : row))
    onLines(next.filter((row, at) => at < lines.length || Object.keys(row).length > 0))
  }
  const setName = (index: number, name: string) => {
    setTyped(name)
    const known = options.find((one) => one.name === name)
    set(index, known ? { name, pieces: rows[index]?.pieces ?? 1, what: known.what, unit_fen: known.unit_fen }
      : { name, pieces: rows[index]?.pieces ?? 1, what: rows[index]?.what ?? 'part' })
  }
  const go = (row: number, cell: Cell) => {
    const target = table.current?.querySelector<HTMLElement>(`[data-at="${row}.${cell}"]`)
    target?.focus()
    if (target instanceof HTMLInputElement) target.select()
  }
  const onKey = (event: KeyboardEvent<HTMLTableElement>) => {
    const [row, cell] = ((event.target as HTMLElement).dataset.at ?? '').split('.') as [string, Cell?]
    if (!cell || event.nativeEvent.isComposing || event.ctrlKey || event.metaKey) return
    const at = Number(row)
    const move = moveOf(event, at, cell, rows)
    if (!move) return
    event.preventDefault()
    event.stopPropagation()
    if (move === 'out') onOut()
    else go(...move)
  }
  const whole = error('lines')
  return (
    <div className={css.tableFrame} data-field="lines">
      <table ref={table} className={css.table} onKeyDown={onKey}>
        <thead><tr>
          <th scope="col" className={css.n}>#</th>
          {cells.slice(0, 4).map((cell) => <th key={cell} scope="col" data-cell={cell}>{say(`quote.${cell}`)}</th>)}
          <th scope="col" data-number>{say('quote.amount')}</th>
          <th scope="col">{say('quote.before')}</th>
          <th scope="col" data-cell="note">{say('quote.note')}</th><td />
        </tr></thead>
        <tbody>{rows.map((line, index) => (
          <Row key={index} line={line} index={index} list={list} earlier={earlier} ghost={index >= lines.length}
            error={(name) => error(`lines.${index}.${name}`)} onSet={(patch) => set(index, patch)}
            onName={(name) => setName(index, name)} onFocusName={() => setTyped(line.name ?? '')}
            onDrop={() => onLines(rows.filter((_row, at) => at !== index && at < lines.length))} />))}
        </tbody>
      </table>
      <datalist id={list}>{options.map(({ name, unit_fen, from }) => (
        <option key={name} value={name}>{[unit_fen === undefined ? '' : `¥${yuan(unit_fen)}`, from].join(' ')}</option>))}
      </datalist>
      {whole && <p className={css.error}>{whole}</p>}
      <p className={css.keys} aria-hidden="true">{say('quote.line_keys')}</p>
    </div>
  )
}

/** Where a key leads from a cell; null: it is not ours. */
function moveOf({ key, target }: KeyboardEvent, row: number, cell: Cell, rows: readonly QuoteLine[]):
  [number, Cell] | 'out' | null {
  if (key === 'ArrowDown' && cell !== 'name' && (target as HTMLElement).tagName !== 'SELECT') {
    return row + 1 < rows.length ? [row + 1, cell] : null
  }
  if (key === 'ArrowUp' && cell !== 'name' && (target as HTMLElement).tagName !== 'SELECT') {
    return row > 0 ? [row - 1, cell] : null
  }
  if (key !== 'Enter') return null
  // After the price comes the next row; from an empty last row the form goes on.
  if (cell === 'name' && (rows[row]?.name ?? '') === '') return 'out'
  if (cell === 'unit_fen' || cell === 'note') return row + 1 < rows.length ? [row + 1, 'name'] : null
  return [row, cells[cells.indexOf(cell) + 1]!]
}

type Option = { name: string; what: string; unit_fen?: number; from: string }

/** What is known under such words: parts of the catalogue, and what was charged before. */
function useOptions(typed: string, earlier: QuotingView['earlier']): Option[] {
  const say = useSay()
  const q = useDeferredValue(typed.trim().slice(0, 24))
  const { data } = useQuery({ ...quoteQueries.parts(q), enabled: q.length >= 2, placeholderData: keepPreviousData })
  const charged = [...earlier.customer, ...earlier.model].flatMap(({ lines, number }) =>
    lines.map(({ name, what, unit_fen }): Option => ({ name, what, unit_fen, from: number })))
  const parts = q.length < 2 ? [] : (data?.rows ?? []).slice(0, 12).map((row): Option => {
    const left = row.balances.find(({ place }) => place.key === 'store')?.quantity ?? 0
    return { name: `${row.part_number} ${row.name}`, what: 'part', unit_fen: row.price_fen ?? undefined,
      from: say('quote.in_store', { n: left / 1000 }) }
  })
  return [...new Map([...charged, ...parts].map((one) => [one.name, one])).values()].slice(0, 40)
}

type RowProps = { line: QuoteLine; index: number; list: string; earlier: QuotingView['earlier']; ghost: boolean
  error: (name: string) => string | undefined; onSet: (patch: QuoteLine) => void; onName: (name: string) => void
  onFocusName: () => void; onDrop: () => void }

function Row({ line, index, list, earlier, ghost, error, onSet, onName, onFocusName, onDrop }: RowProps) {
  const say = useSay()
  const before = lastPaid(line.name, earlier)
  const differs = before !== null && line.unit_fen !== undefined && before.unit_fen !== line.unit_fen
  const wrong = ['what', 'name', 'pieces', 'unit_fen', 'note'].map((name) => error(name)).find(Boolean)
  return (
    <>
      <tr data-ghost={ghost || undefined}>
        <td className={css.n}>{ghost ? '' : index + 1}</td>
        <td data-cell="what"><select data-at={`${index}.what`} aria-label={say('quote.what')} value={line.what ?? 'part'}
          onChange={(event) => onSet({ what: event.currentTarget.value })}>
          {kinds.map((kind) => <option key={kind} value={kind}>{say(`quote.what.${kind}`)}</option>)}</select></td>
        <td data-cell="name"><input data-at={`${index}.name`} list={list} aria-label={say('quote.name')} maxLength={80}
          placeholder={say(ghost ? 'quote.add_line' : 'quote.name_hint')} value={line.name ?? ''} onFocus={onFocusName}
          onChange={(event) => onName(event.currentTarget.value)} /></td>
        <td data-cell="pieces"><NumberCell at={`${index}.pieces`} label={say('quote.pieces')} value={line.pieces} scale={1}
          onValue={(pieces) => onSet({ pieces })} /></td>
        <td data-cell="unit_fen"><NumberCell at={`${index}.unit_fen`} label={say('quote.unit_fen')} value={line.unit_fen}
          scale={100} onValue={(unit_fen) => onSet({ unit_fen })} /></td>
        <td data-number className={css.amount}>{line.unit_fen !== undefined && yuan((line.pieces ?? 0) * line.unit_fen)}</td>
        <td className={css.before} data-differs={differs || undefined}>{before && (
          <button type="button" tabIndex={-1} title={say('quote.take')} onClick={() => onSet({ unit_fen: before.unit_fen })}>
            {say(`quote.paid_by_${before.by}`, { sum: yuan(before.unit_fen) })}</button>)}</td>
        <td data-cell="note"><input data-at={`${index}.note`} aria-label={say('quote.note')} maxLength={120}
          value={line.note ?? ''} onChange={(event) => onSet({ note: event.currentTarget.value || undefined })} /></td>
        <td className={css.drop}>{!ghost && <button type="button" tabIndex={-1} onClick={onDrop}
          aria-label={say('lines.remove', { n: index + 1 })}>×</button>}</td>
      </tr>
      {wrong && <tr><td /><td colSpan={8}><p className={css.error}>{wrong}</p></td></tr>}
    </>
  )
}

type NumberCellProps = { at: string; label: string; value: number | undefined; scale: number
  onValue: (value: number | undefined) => void }

/** A number as it is typed: «12.» stays so until the field is left. */
function NumberCell({ at, label, value, scale, onValue }: NumberCellProps) {
  const [text, setText] = useState<string | null>(null)
  const shown = text ?? (value === undefined ? '' : String(value / scale))
  return (
    <input data-at={at} data-number aria-label={label} inputMode="decimal" value={shown}
      onFocus={(event) => event.currentTarget.select()} onBlur={() => setText(null)}
      onChange={(event) => {
        const next = event.currentTarget.value.replace(/[,，\s]/g, '').replace('。', '.')
        if (!/^\d*\.?\d{0,2}$/.test(next) || (scale === 1 && next.includes('.'))) return
        setText(next)
        onValue(next === '' || next === '.' ? undefined : Math.round(Number(next) * scale))
      }} />
  )
}
