import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useCallback, useEffect, useState } from 'react'
import type { CustomerFileView, LookupRowView, MachineView, RecordView } from '../../server/views.ts'
import { queries } from '../api.ts'
import { useKeys, useScan } from '../keys.ts'
import { CardStrip } from '../parts/cards/card-strip.tsx'
import { gapsOf } from '../parts/cards/gaps.ts'
import { Before, BeforePreview } from '../parts/counter/before.tsx'
import { type Taken, callerOf, counterQueries, narrowed, takenOf } from '../parts/counter/counter-data.ts'
import css from '../parts/counter/counter.module.css'
import { CustomerCard } from '../parts/counter/customer-card.tsx'
import { MachineCard, MachineWords, Machines, NewMachine } from '../parts/counter/machines.tsx'
import { NewCustomer } from '../parts/counter/new-customer.tsx'
import { PickUp } from '../parts/counter/pick-up.tsx'
import { Purposes, Start } from '../parts/counter/purposes.tsx'
import { SearchBox } from '../parts/counter/search-box.tsx'
import { Visit } from '../parts/counter/visit.tsx'
import { ActionForm } from '../parts/form/action-form.tsx'
import { Lost } from '../parts/lost.tsx'
import { useOpenNumber } from '../parts/open-number.ts'
import { GhostRows } from '../parts/rows-ghost.tsx'
import type { CounterSearch } from '../router.tsx'
import { useMe, useNow, useSay, useSpeech } from '../site.tsx'

const route = getRouteApi('/staff/counter')

/** 接待: what they came for, then who it is, which machine, what was before, and the form, without leaving the page. */
export function CounterPage() {
  const say = useSay()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const set = useCallback((next: CounterSearch, replace = false) =>
    void navigate({ search: next, replace }), [navigate])
  useEffect(() => { document.title = say('counter.title') }, [say])
  const take = useTake(search, set)
  const purpose = search.for ?? (search.customer || search.add ? 'carry_in' : undefined)
  useKeys({ Escape: (event) => {
    const target = event.target as HTMLElement
    if (/^(INPUT|TEXTAREA)$/.test(target.tagName) && (purpose !== 'carry_in' || (search.customer && search.machine))) {
      target.blur()
    } else set(stepBack(search))
  } })
  return (
    <div className={css.page}>
      <h1 className="only-read">{say('counter.title')}</h1>
      {purpose && <Purposes now={purpose} onPick={(next) => set({ for: next })} onBack={() => set({})} />}
      {purpose === undefined ? <Start take={take} onPick={(next) => set({ for: next })}
        onNew={(typed) => set({ for: 'carry_in', add: 'customer', q: typed || undefined })} />
        : purpose === 'pick_up' ? <PickUp search={search} set={set} />
          : purpose === 'carry_in' ? <CarryIn search={search} set={set} take={take} />
            : <Visit key={purpose} purpose={purpose} onDone={() => set({})} />}
    </div>
  )
}

const stepBack = ({ for: purpose, customer, machine, contact, add, order }: CounterSearch): CounterSearch =>
  (machine || (add === 'machine' && customer) ? { for: purpose, customer, contact }
    : order && customer ? { for: purpose, customer } : customer || add ? { for: purpose ?? 'carry_in' } : {})

/** A scanned code means a case, a machine or a customer here; anything else is for the search. */
function useTake(search: CounterSearch, set: (next: CounterSearch) => void): (taken: Taken) => void {
  const navigate = route.useNavigate()
  const client = useQueryClient()
  const openNumber = useOpenNumber()
  const take = (taken: Taken) => {
    if (!('id' in taken)) set({ for: search.for === 'pick_up' ? 'pick_up' : 'carry_in', ...taken })
    else if (search.for === 'pick_up' && taken.process === 'repair_order') set({ for: 'pick_up', order: taken.id })
    else void navigate({ to: '/$process/$id', params: taken })
  }
  useScan((code) => {
    void client.fetchQuery(counterQueries.lookup(code)).then(({ rows }) => {
      const taken = rows[0] ? takenOf(rows[0]) : null
      if (taken) take(taken)
      else if (search.customer) openNumber(code)
      else set({ for: search.for ?? 'carry_in', q: code })
    }, () => {})
  }, true)
  return take
}

/** 送修: the order, from whoever stands there. What was said before the form opened is told with it. */
function CarryIn({ search, set, take }: { search: CounterSearch; set: SetSearch; take: (taken: Taken) => void }) {
  const me = useMe()
  const speech = useSpeech()
  const now = useNow()
  const [seen, setSeen] = useState<readonly string[]>([])
  const see = useCallback((card: string) => setSeen((old) => (old.includes(card) ? old : [...old, card])), [])
  const file = useQuery({ ...counterQueries.file(search.customer ?? ''), enabled: search.customer !== undefined })
  const { data: definition } = useQuery(queries.definition('repair_order'))
  const cards = definition?.actions.find(({ creates }) => creates)?.cards.filter(({ at }) => at === null) ?? []
  // The greeting comes first; the machine goes on the table once it is known who brings it.
  const moment = !search.customer ? cards.slice(0, 1) : cards.slice(1)
  return (
    <>
      {!search.machine && moment.length > 0 && <CardStrip key={moment[0]!.name} cards={moment} field={null} moves={0}
        gaps={gapsOf(me, null, null, now, speech)} onShown={see} />}
      {search.customer
        ? file.error && !file.data ? <Lost error={file.error} again={() => void file.refetch()} />
          : file.data ? <Known key={search.customer} file={file.data} search={search} set={set} seen={seen} />
            : <GhostRows count={5} />
        : <Unknown search={search} set={set} take={take} />}
    </>
  )
}

type SetSearch = (next: CounterSearch, replace?: boolean) => void

/** Before anybody is known: the search, and what it points at. */
function Unknown({ search, set, take }: { search: CounterSearch; set: SetSearch; take: (taken: Taken) => void }) {
  const say = useSay()
  const [text, setText] = useState(search.q ?? '')
  const [row, setRow] = useState<LookupRowView | undefined>()
  const client = useQueryClient()
  const made = (record: RecordView) => {
    void client.invalidateQueries({ queryKey: ['list', 'customer'] })
    set({ for: 'carry_in', customer: record.id })
  }
  return (
    <div className={css.columns} data-moment="who">
      <section className={css.who} aria-label={say('counter.who')}>
        <h2>{say('counter.who')}</h2>
        {search.add === 'customer'
          ? <NewCustomer typed={search.q ?? ''} onDone={made} onTake={(id) => set({ for: 'carry_in', customer: id })}
            onCancel={() => set({ for: 'carry_in', q: search.q })} />
          : <SearchBox text={text} onText={setText} onTake={take} onPoint={setRow}
            onNew={(typed) => set({ for: 'carry_in', add: 'customer', q: typed || undefined })} />}
      </section>
      <section className={css.what} aria-label={say('counter.what')}>
        <h2>{say('counter.what')}</h2>
        {row && row.machines.length > 0
          ? <ul className={css.preview}>{row.machines.map((one) => (
            <li key={one.id}><MachineWords machine={one} /></li>))}</ul>
          : <p className={css.hushed}>{say(row ? 'counter.no_machine' : 'counter.who_first')}</p>}
      </section>
      <section className={css.before} aria-label={say('counter.before')}>
        <h2>{say('counter.before')}</h2><BeforePreview row={search.add ? undefined : row} />
      </section>
    </div>
  )
}

/** With somebody known: the machine, then the order. */
function Known({ file, search, set, seen }: { file: CustomerFileView; search: CounterSearch; set: SetSearch
  seen: readonly string[] }) {
  const say = useSay()
  const story = useQuery({ ...counterQueries.story(search.machine ?? ''), enabled: search.machine !== undefined })
  const client = useQueryClient()
  const customer = file.customer.id
  const { contact: chosen } = search
  const { id: contact, caller } = callerOf(file.customer, file.contacts, chosen)
  const machine = file.machines.find(({ id }) => id === search.machine) ?? story.data?.machine
  const inUse = file.machines.filter(({ state }) => state.kind === 'active')
  const adding = search.add === 'machine' || (inUse.length === 0 && !search.machine)
  const pick = (id: string) => set({ for: 'carry_in', customer, contact: chosen, machine: id })
  const add = () => set({ for: 'carry_in', customer, contact: chosen, add: 'machine' })
  const made = (record: RecordView) => {
    void client.invalidateQueries({ queryKey: ['list', 'customer', 'file', customer] })
    pick(record.id)
  }
  useKeys(search.machine || adding ? {} : Object.fromEntries([['0', add],
    ...inUse.slice(0, 9).map((one, index) => [String(index + 1), () => pick(one.id)] as const)]))
  return (
    <div className={css.columns} data-moment={search.machine ? 'intake' : 'what'}>
      <section className={css.who} aria-label={say('counter.who')}>
        <h2>{say('counter.who')}</h2>
        <CustomerCard file={file} contact={contact} onOther={() => set({ for: 'carry_in' })}
          onContact={(id) => set({ ...search, contact: id }, true)} />
      </section>
      <section className={css.what} aria-label={say('counter.what')}>
        <h2>{say('counter.what')}</h2>
        {machine && search.machine ? <MachineCard machine={machine} open={file.open_cases}
          onOther={() => set({ for: 'carry_in', customer, contact: chosen })} />
          : search.machine ? <GhostRows count={2} />
            : adding ? <NewMachine customer={customer} typed={search.q} onDone={made}
              onCancel={inUse.length > 0 ? () => set({ for: 'carry_in', customer, contact: chosen }) : undefined} />
              : <Machines machines={inUse} onPick={pick} onAdd={add} />}
      </section>
      {machine && search.machine && <section className={css.intake} aria-label={say('counter.intake')}>
        <Intake key={`${machine.id} ${contact}`} customer={customer} machine={machine} caller={caller}
          phone={file.customer.phone} seen={seen} />
      </section>}
      <section className={css.before} aria-label={say('counter.before')}>
        <h2>{say('counter.before')}</h2><Before file={file} machine={search.machine} />
      </section>
    </div>
  )
}

/** What is asked while the customer stands there comes first; what else the definition asks for follows. */
const askedFirst = ['contact_name', 'contact_phone', 'symptom', 'fault_frequency', 'arrived_as', 'warranty',
  'purchase_date']

type IntakeProps = { customer: string; machine: MachineView; caller: { name: string; phone: string } | null
  phone: string | null; seen: readonly string[] }

/** The order as its definition asks for it; who and what are settled. */
function Intake({ customer, machine, caller, phone, seen }: IntakeProps) {
  const say = useSay()
  const navigate = route.useNavigate()
  const { roles } = useMe()
  const { data: definition } = useQuery(queries.definition('repair_order'))
  const action = definition?.actions.find((one) => one.creates && one.by.some((doer) => roles.includes(doer)))
  if (!definition) return <GhostRows count={4} />
  if (!action) return <p className={css.hushed}>{say('new.not_yours')}</p>
  return (
    <>
      <h2>{action.label}</h2>
      <ActionForm definition={narrowed(definition, action.name, [...new Set([...askedFirst,
        ...action.needs.map(({ name }) => name)])])} action={action.name} record={null} offer={null} focus
        draft={`counter ${machine.id}`} seen={seen} start={{ arrived_as: 'carried_in', warranty: machine.warranty.state,
          ...(phone && { contact_phone: phone }) }}
        fixed={{ customer, machine: machine.id,
          ...(caller && { contact_name: caller.name, contact_phone: caller.phone }) }}
        onDone={({ process, id }) => void navigate({ to: '/$process/$id', params: { process, id } })} />
    </>
  )
}
