import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useCallback, useEffect, useState } from 'react'
import type { CustomerFileView, LookupRowView, MachineView, RecordView } from '../../server/views.ts'
import type { WebKey } from '../../words/web.ts'
import { queries } from '../api.ts'
import { useKeys, useScan } from '../keys.ts'
import { Before, BeforePreview } from '../parts/counter/before.tsx'
import { type Taken, callerOf, counterQueries, narrowed, takenOf } from '../parts/counter/counter-data.ts'
import css from '../parts/counter/counter.module.css'
import { CustomerCard } from '../parts/counter/customer-card.tsx'
import { MachineCard, MachineWords, Machines, NewMachine } from '../parts/counter/machines.tsx'
import { NewCustomer } from '../parts/counter/new-customer.tsx'
import { SearchBox } from '../parts/counter/search-box.tsx'
import { ActionForm } from '../parts/form/action-form.tsx'
import { Lost } from '../parts/lost.tsx'
import { useOpenNumber } from '../parts/open-number.ts'
import { GhostRows } from '../parts/rows-ghost.tsx'
import type { CounterSearch } from '../router.tsx'
import { useMe, useSay } from '../site.tsx'

const route = getRouteApi('/staff/counter')

/** What one says now; the next moment follows from what is known. */
const moments = { who: ['script.greet', 'script.who'], what: ['script.what', 'script.serial'],
  intake: ['script.fault', 'script.bought', 'script.attachments'] } as const satisfies Record<string, readonly WebKey[]>

/** 接待: who it is, which machine, what was before, and the order, without leaving the page or the keyboard. */
export function CounterPage() {
  const say = useSay()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const set = useCallback((next: CounterSearch, replace = false) =>
    void navigate({ search: next, replace }), [navigate])
  useEffect(() => { document.title = say('counter.title') }, [say])
  const take = useTake(search, set)
  const file = useQuery({ ...counterQueries.file(search.customer ?? ''), enabled: search.customer !== undefined })
  const moment = !search.customer ? 'who' : !search.machine ? 'what' : 'intake'
  useKeys({ Escape: (event) => {
    const target = event.target as HTMLElement
    if (/^(INPUT|TEXTAREA)$/.test(target.tagName) && search.customer && search.machine) target.blur()
    else set(stepBack(search))
  } })
  return (
    <div className={css.page}>
      <h1 className="only-read">{say('counter.title')}</h1>
      <Script moment={moment} />
      {search.customer
        ? file.error && !file.data ? <Lost error={file.error} again={() => void file.refetch()} />
          : file.data ? <Known key={search.customer} file={file.data} search={search} set={set} />
            : <GhostRows count={5} />
        : <Unknown search={search} set={set} take={take} />}
    </div>
  )
}

const stepBack = ({ customer, machine, contact, add }: CounterSearch): CounterSearch =>
  (machine || (add === 'machine' && customer) ? { customer, contact } : {})

/** A scanned code means a case, a machine or a customer here; anything else is for the search. */
function useTake(search: CounterSearch, set: (next: CounterSearch) => void): (taken: Taken) => void {
  const navigate = route.useNavigate()
  const client = useQueryClient()
  const openNumber = useOpenNumber()
  const take = (taken: Taken) => {
    if ('id' in taken) void navigate({ to: '/$process/$id', params: taken })
    else set(taken)
  }
  useScan((code) => {
    void client.fetchQuery(counterQueries.lookup(code)).then(({ rows }) => {
      const taken = rows[0] ? takenOf(rows[0]) : null
      if (taken) take(taken)
      else if (search.customer) openNumber(code)
      else set({ add: undefined, q: code })
    }, () => {})
  }, true)
  return take
}

function Script({ moment }: { moment: keyof typeof moments }) {
  const say = useSay()
  const { member, company } = useMe()
  return (
    <ul className={css.script} aria-label={say('script.title')}>
      {moments[moment].map((key) => <li key={key}>{say(key, { company: company.name, name: member.name })}</li>)}
    </ul>
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
    set({ customer: record.id })
  }
  return (
    <div className={css.columns} data-moment="who">
      <section className={css.who} aria-label={say('counter.who')}>
        <h2>{say('counter.who')}</h2>
        {search.add === 'customer'
          ? <NewCustomer typed={search.q ?? ''} onDone={made} onTake={(id) => set({ customer: id })}
            onCancel={() => set({ q: search.q })} />
          : <SearchBox text={text} onText={setText} onTake={take} onPoint={setRow}
            onNew={(typed) => set({ add: 'customer', q: typed || undefined })} />}
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
function Known({ file, search, set }: { file: CustomerFileView; search: CounterSearch; set: SetSearch }) {
  const say = useSay()
  const story = useQuery({ ...counterQueries.story(search.machine ?? ''), enabled: search.machine !== undefined })
  const client = useQueryClient()
  const customer = file.customer.id
  const { contact: chosen } = search
  const { id: contact, caller } = callerOf(file.customer, file.contacts, chosen)
  const machine = file.machines.find(({ id }) => id === search.machine) ?? story.data?.machine
  const inUse = file.machines.filter(({ state }) => state.kind === 'active')
  const adding = search.add === 'machine' || (inUse.length === 0 && !search.machine)
  const pick = (id: string) => set({ customer, contact: chosen, machine: id })
  const add = () => set({ customer, contact: chosen, add: 'machine' })
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
        <CustomerCard file={file} contact={contact} onOther={() => set({})}
          onContact={(id) => set({ ...search, contact: id }, true)} />
      </section>
      <section className={css.what} aria-label={say('counter.what')}>
        <h2>{say('counter.what')}</h2>
        {machine && search.machine ? <MachineCard machine={machine} open={file.open_cases}
          onOther={() => set({ customer, contact: chosen })} />
          : search.machine ? <GhostRows count={2} />
            : adding ? <NewMachine customer={customer} typed={search.q} onDone={made}
              onCancel={inUse.length > 0 ? () => set({ customer, contact: chosen }) : undefined} />
              : <Machines machines={inUse} onPick={pick} onAdd={add} />}
      </section>
      {machine && search.machine && <section className={css.intake} aria-label={say('counter.intake')}>
        <Intake key={`${machine.id} ${contact}`} customer={customer} machine={machine} caller={caller}
          phone={file.customer.phone} />
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
  phone: string | null }

/** The order as its definition asks for it; who and what are settled. */
function Intake({ customer, machine, caller, phone }: IntakeProps) {
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
        draft={`counter ${machine.id}`} start={{ arrived_as: 'carried_in', warranty: machine.warranty.state,
          ...(phone && { contact_phone: phone }) }}
        fixed={{ customer, machine: machine.id,
          ...(caller && { contact_name: caller.name, contact_phone: caller.phone }) }}
        onDone={({ process, id }) => void navigate({ to: '/$process/$id', params: { process, id } })} />
    </>
  )
}
