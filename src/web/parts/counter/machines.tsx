import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { CaseView, MachineView, RecordView } from '../../../server/views.ts'
import { queries } from '../../api.ts'
import { useSay } from '../../site.tsx'
import { EntitlementReasons } from '../contracts/entitlement.tsx'
import { ActionForm } from '../form/action-form.tsx'
import { narrowed, optionWord } from './counter-data.ts'
import css from './counter.module.css'
import { Cover, Warranty } from './warranty.tsx'

const filterFrom = 9
const shownMost = 30

/** A machine in two lines: what it is, its number and its warranty. */
export function MachineWords({ machine }: { machine: MachineView }) {
  const say = useSay()
  const { data: definition } = useQuery(queries.definition('machine'))
  return (
    <span className={css.machineText}>
      <b>{[machine.brand, machine.model].filter(Boolean).join(' ') || machine.title}</b>
      <small>
        <span className={css.number}>{machine.serial_number
          ?? (optionWord(definition, 'serial_note', machine.serial_note) || say('counter.no_serial'))}</span>
        <Warranty warranty={machine.warranty} />
        {machine.place && <span className="hush">{machine.place}</span>}
      </small>
    </span>
  )
}

type MachinesProps = { machines: readonly MachineView[]; onPick: (id: string) => void; onAdd: () => void }

/** 什么: the customer's machines; the arrows and the digits choose, Enter takes. */
export function Machines({ machines, onPick, onAdd }: MachinesProps) {
  const say = useSay()
  const box = useRef<HTMLDivElement>(null)
  const [typed, setTyped] = useState('')
  const wanted = typed.trim().toLowerCase()
  const shown = machines.filter((one) => `${one.title} ${one.serial_number ?? ''} ${one.place ?? ''}`.toLowerCase()
    .includes(wanted)).slice(0, shownMost)
  useEffect(() => {
    if (!box.current?.contains(document.activeElement)) box.current?.querySelector<HTMLElement>('input,button')?.focus()
  }, [])
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const all = [...box.current?.querySelectorAll<HTMLElement>('input,button') ?? []]
    const from = all.indexOf(event.target as HTMLElement)
    if (event.key === 'Enter' && event.target instanceof HTMLInputElement && shown.length > 0) onPick(shown[0]!.id)
    else if (step && from >= 0) all[Math.max(0, Math.min(all.length - 1, from + step))]?.focus()
    else return
    event.preventDefault()
  }
  return (
    <div ref={box} className={css.machines} onKeyDown={onKey} role="group" aria-label={say('counter.what')}>
      {machines.length >= filterFrom && (
        <input className={css.filter} value={typed} onChange={(event) => setTyped(event.target.value)} type="text"
          placeholder={say('counter.filter')} aria-label={say('counter.filter')} autoComplete="off" />)}
      {shown.map((one, index) => (
        <button key={one.id} type="button" className={css.machine} onClick={() => onPick(one.id)}>
          {index < 9 && <kbd>{index + 1}</kbd>}<MachineWords machine={one} />
        </button>))}
      <button type="button" className={css.machine} onClick={onAdd}>
        <kbd>0</kbd><IconPlus size={16} stroke={1.6} aria-hidden="true" />{say('counter.new_machine')}</button>
    </div>
  )
}

/** The machine that was chosen, with its warranty; an order that it is in already is pointed at. */
export function MachineCard({ machine, open, onOther }: { machine: MachineView; open: readonly CaseView[]
  onOther: () => void }) {
  const say = useSay()
  const already = open.filter((one) => one.machine === machine.id && one.process === 'repair_order')
  return (
    <div className={css.card}>
      <p className={css.cardHead}>
        <Link to="/$process/$id" params={{ process: 'machine', id: machine.id }} className={css.big}>
          {[machine.brand, machine.model].filter(Boolean).join(' ') || machine.title}</Link>
        <button type="button" className={css.quiet} onClick={onOther}>{say('counter.change')}</button>
      </p>
      <p className={css.small}>{machine.serial_number ?? say('counter.no_serial')}
        {machine.in_contract && !machine.cover
          && <span className={css.mark}>{say('counter.in_contract')}</span>}</p>
      <p><Warranty warranty={machine.warranty} /></p>
      {machine.cover && <p><Cover cover={machine.cover} /></p>}
      <EntitlementReasons key={machine.id} machine={machine.id} customer={machine.customer} />
      {already.map((one) => (
        <p key={one.id} className={css.already}>{say('counter.already')}{' '}
          <Link to="/$process/$id" params={{ process: one.process, id: one.id }} data-link>{one.number}</Link>
          {' '}{one.state.label}</p>))}
    </div>
  )
}

const asked = ['brand', 'model', 'product_kind', 'serial_number', 'serial_note', 'purchase_date', 'purchase_unknown']

/** 新机器: what is printed on its back, or that it cannot be read. */
export function NewMachine({ customer, typed, onDone, onCancel }: { customer: string; typed: string | undefined
  onDone: (record: RecordView) => void; onCancel?: () => void }) {
  const say = useSay()
  const { data: definition } = useQuery(queries.definition('machine'))
  const [start] = useState(() => (typed && /^(?=.*\d)[A-Za-z\d-]{6,}$/.test(typed) && /[A-Za-z]/.test(typed)
    ? { serial_number: typed.toUpperCase() } : undefined))
  if (!definition) return null
  return (
    <div className={css.adding}>
      <h3>{say('counter.new_machine')}</h3>
      <ActionForm draft={`counter ${customer}`} definition={narrowed(definition, 'register', [...asked, 'customer'])}
        action="register" record={null} offer={null} focus start={start} fixed={{ customer }} onDone={onDone}
        onCancel={onCancel} />
    </div>
  )
}
