import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import type { CaseView, CustomerFileView, RecordView } from '../../../server/views.ts'
import { queries } from '../../api.ts'
import { useKeys } from '../../keys.ts'
import type { CounterSearch } from '../../router.tsx'
import { useSay } from '../../site.tsx'
import { Lost } from '../lost.tsx'
import { Actions } from '../record/actions.tsx'
import { GhostRows } from '../rows-ghost.tsx'
import { shelfQueries } from '../shelves/shelf-data.ts'
import { StateDot } from '../state.tsx'
import { When } from '../time-chip.tsx'
import { titleWords } from '../title.ts'
import { type Taken, counterQueries } from './counter-data.ts'
import css from './purposes.module.css'
import { SearchBox } from './search-box.tsx'

type PickUpProps = { search: CounterSearch; set: (next: CounterSearch, replace?: boolean) => void }

/** 取机: from the scanned copy, a number or a telephone to the machine that is ready, and its checks. */
export function PickUp({ search, set }: PickUpProps) {
  const say = useSay()
  const [text, setText] = useState(search.q ?? '')
  const order = useQuery({ ...queries.record('repair_order', search.order ?? ''), enabled: search.order !== undefined })
  const customer = search.customer ?? order.data?.customer?.id
  const file = useQuery({ ...counterQueries.file(customer ?? ''), enabled: customer !== undefined })
  const take = (taken: Taken) => {
    if (!('id' in taken)) set({ for: 'pick_up', customer: taken.customer })
    else if (taken.process === 'repair_order') set({ for: 'pick_up', order: taken.id })
  }
  if (customer === undefined && search.order === undefined) {
    return (
      <div className={css.pick}>
        <section aria-label={say('desk.find_pick_up')}>
          <h2>{say('desk.find_pick_up')}</h2>
          <SearchBox text={text} onText={setText} onTake={take} onPoint={() => {}}
            onNew={() => set({ for: 'carry_in', add: 'customer', q: text || undefined })} />
        </section>
      </div>)
  }
  const error = file.error ?? order.error
  if (error && !file.data) return <Lost error={error} again={() => { void file.refetch(); void order.refetch() }} />
  return (
    <div className={css.pick} data-chosen={search.order !== undefined || undefined}>
      <section aria-label={say('counter.who')}>
        {file.data ? <Ready key={customer} file={file.data} now={search.order}
          onPick={(id) => set({ for: 'pick_up', customer, order: id })} onOther={() => set({ for: 'pick_up' })} />
          : <GhostRows count={4} />}
      </section>
      <section aria-label={say('desk.pick_up')}>
        {search.order === undefined ? <p className={css.none}>{say('desk.pick_one')}</p>
          : order.data ? <HandOver key={order.data.id} record={order.data} whose={file.data?.customer.name} open={search.do}
            onOpen={(action) => set({ ...search, do: action }, true)} onDone={() => void file.refetch()}
            onOther={() => set({ for: 'pick_up', customer })} /> : <GhostRows count={6} />}
      </section>
    </div>
  )
}

/** How far each machine of the customer is: ready ones first, then those not told yet, then the rest. */
const ranks: readonly (readonly [rank: 'ready' | 'not_told' | 'not_ready', states: readonly string[] | null])[] = [
  ['ready', ['waiting_pick_up']], ['not_told', ['waiting_close_out', 'delivering']], ['not_ready', null]]

type ReadyProps = { file: CustomerFileView; now: string | undefined; onPick: (id: string) => void; onOther: () => void }

function Ready({ file, now, onPick, onOther }: ReadyProps) {
  const say = useSay()
  const orders = file.open_cases.filter(({ process, state }) => process === 'repair_order'
    && !['handed_over', 'entered'].includes(state.name))
  const taken = new Set<string>()
  const groups = ranks.map(([rank, states]) => {
    const cases = orders.filter((one) => !taken.has(one.id) && (states === null || states.includes(one.state.name)))
    for (const { id } of cases) taken.add(id)
    return { rank, cases }
  })
  const inOrder = groups.flatMap(({ cases }) => cases)
  // One machine, and it is ready: there is nothing to choose. Who steps back from it is not sent there again.
  const only = inOrder.length === 1 ? groups[0]!.cases[0]?.id : undefined
  const byItself = useRef(false)
  useEffect(() => {
    if (only === undefined || now !== undefined || byItself.current) return
    byItself.current = true
    onPick(only)
  }, [only, now, onPick])
  useKeys(now === undefined ? Object.fromEntries(inOrder.slice(0, 9)
    .map((one, index) => [String(index + 1), () => onPick(one.id)] as const)) : {})
  return (
    <>
      <p className={css.who}>{file.customer.name}</p>
      <p className={css.tools}><button type="button" onClick={onOther}>{say('desk.other_person')}</button>
        <Link to="/$process/$id" params={{ process: 'customer', id: file.customer.id }} data-link>
          {say('desk.all_of_customer')}</Link></p>
      {groups[0]!.cases.length === 0 && <p className={css.none}>{say('desk.nothing_ready')}</p>}
      {groups.filter(({ cases }) => cases.length > 0).map(({ rank, cases }) => (
        <div key={rank}>
          <h2>{say(`desk.${rank}`)}</h2>
          <ul className={css.machines}>{cases.map((one) => (
            <li key={one.id}><Machine one={one} now={one.id === now} digit={inOrder.indexOf(one) + 1}
              onPick={() => onPick(one.id)} /></li>))}</ul>
        </div>))}
    </>
  )
}

function Machine({ one, now, digit, onPick }: { one: CaseView; now: boolean; digit: number; onPick: () => void }) {
  return (
    <button type="button" className={css.machine} aria-pressed={now} onClick={onPick}>
      {digit <= 9 && <kbd>{digit}</kbd>}
      <span><span className="cut">{one.title}</span>
        <small>{one.number}<StateDot state={one.state} /><When at={one.opened_at} /></small></span>
    </button>
  )
}

/** The order of the machine that leaves: where it stands, whether it was tested, and the due form. */
function HandOver({ record, whose, open, onOpen, onDone, onOther }: { record: RecordView; whose: string | undefined
  open: string | undefined; onOpen: (action: string | undefined) => void; onDone: () => void; onOther: () => void }) {
  const say = useSay()
  const { data: definition } = useQuery(queries.definition('repair_order'))
  const { data: places } = useQuery(shelfQueries.all('shelf'))
  if (!definition) return <GhostRows count={6} />
  const placed = (key: string) => places?.shelves.find((one) => one.key === key)?.label ?? ''
  const { tested_at: tested, not_tested_reason: excused, shelf } = record.values
  const due = record.offers.find((offer) => offer.next && offer.live)?.action
  return (
    <>
      <p className={css.whose}><span>{whose}</span>
        <button type="button" onClick={onOther}>{say('desk.other_machine')}</button></p>
      <p className={css.title}>{titleWords(record.title)}</p>
      <p className={css.facts}>
        <Link to="/$process/$id" params={{ process: 'repair_order', id: record.id }} data-link>{record.number}</Link>
        <StateDot state={record.state} />
        {typeof shelf === 'string' && places && <span>{say('desk.shelf', { place: placed(shelf) })}</span>}
        {record.state.name === 'waiting_pick_up' && (
          <b>{tested ? say('desk.tested') : typeof excused === 'string' ? excused : say('desk.not_tested')}</b>)}
      </p>
      <Actions record={record} definition={definition} open={open ?? due} focus onOpen={onOpen}
        onDone={() => { onOpen(undefined); onDone() }} />
    </>
  )
}
