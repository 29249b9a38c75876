import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, getRouteApi } from '@tanstack/react-router'
import { Suspense, lazy, useCallback, useEffect } from 'react'
import type { CustomerFileView, DefinitionView, RecordView } from '../../server/views.ts'
import { queries } from '../api.ts'
import { useKeys } from '../keys.ts'
import { counterQueries } from '../parts/counter/counter-data.ts'
import { CustomerMachines, DueNext } from '../parts/customer/beside.tsx'
import { Contacts } from '../parts/customer/contacts.tsx'
import type { CustomerSearch } from '../parts/customer/customer-data.ts'
import css from '../parts/customer/customer.module.css'
import { EraseCustomer } from '../parts/customer/erase.tsx'
import { CustomerHead } from '../parts/customer/head.tsx'
import { Places } from '../parts/customer/places.tsx'
import { CustomerTimeline } from '../parts/customer/timeline.tsx'
import { ActionForm } from '../parts/form/action-form.tsx'
import { Lost } from '../parts/lost.tsx'
import { Actions } from '../parts/record/actions.tsx'
import { Facts } from '../parts/record/facts.tsx'
import { GhostRows } from '../parts/rows-ghost.tsx'
import { useMe, useSay } from '../site.tsx'

const WhyDrawer = lazy(() => import('../parts/record/why-drawer.tsx').then((part) => ({ default: part.WhyDrawer })))
const route = getRouteApi('/staff/customer/$id')

/** 客户: one page on which one finds everything about somebody who calls, and changes it where it stands. */
export function CustomerPage() {
  const { id } = route.useParams()
  const record = useQuery(queries.record('customer', id))
  const definition = useQuery(queries.definition('customer'))
  const file = useQuery(counterQueries.file(id))
  const error = record.error ?? definition.error ?? file.error
  if (error && !(record.data && file.data)) return <Lost error={error}
    again={() => { void record.refetch(); void definition.refetch(); void file.refetch() }} />
  if (!record.data || !definition.data || !file.data) return <div className={css.ghost}><GhostRows count={8} /></div>
  return <Standing key={id} record={record.data} definition={definition.data} file={file.data} />
}

function Standing({ record, definition, file }: { record: RecordView; definition: DefinitionView
  file: CustomerFileView }) {
  const say = useSay()
  const { processes, roles } = useMe()
  const client = useQueryClient()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const set = useCallback((patch: CustomerSearch) =>
    void navigate({ search: (old) => ({ ...old, ...patch }), replace: true }), [navigate])
  const again = () => void client.invalidateQueries({ queryKey: ['list', 'customer'] })
  const { customer } = file
  useEffect(() => { document.title = `${record.number} ${record.title}` }, [record.number, record.title])
  useKeys({ Escape: (event) => {
    const target = event.target as HTMLElement
    if (/^(INPUT|TEXTAREA)$/.test(target.tagName)) target.blur()
    else if (Object.keys(search).some((key) => key !== 'show')) void navigate({ search: { show: search.show } })
    else window.history.back()
  } })
  const acting = search.all === true || search.do !== undefined
  return (
    <article className={css.page}>
      <CustomerHead record={record} definition={definition} file={file} search={search} set={set} />
      {customer.merged_into && (
        <p className={css.banner}>{say('customer.merged_into')}{' '}
          <Link to="/$process/$id" params={{ process: 'customer', id: customer.merged_into }} data-link>
            {say('customer.go_there')}</Link></p>)}
      {search.add && <Adding process={search.add} customer={customer.id} onDone={() => { set({ add: undefined }); again() }}
        onCancel={() => set({ add: undefined })} />}
      {acting && (
        <Actions record={withoutOne(record)} definition={definition} open={search.do} focus={search.do !== undefined}
          onOpen={(action) => set({ do: action })} onDone={() => { set({ do: undefined }); again() }} />)}
      <div className={css.body}>
        <CustomerTimeline customer={customer.id} show={search.show ?? 'all'} known={processes.map(({ process }) => process)}
          onShow={(show) => set({ show: show === 'all' ? undefined : show })} />
        <div className={css.beside}>
          <DueNext due={file.due} />
          <Contacts contacts={file.contacts} record={record} definition={definition} search={search} set={set}
            onDone={again} />
          <Places customer={customer.id} sites={file.sites} search={search} set={set} onDone={again} />
          <CustomerMachines machines={file.machines} count={file.counts.machines.count} set={set} />
          <section className={css.part} aria-label={say('customer.file')}>
            <h2>{say('customer.file')}
              <button type="button" className={css.inlineButton} onClick={() => set({ all: acting ? undefined : true,
                do: undefined })}>{say(acting ? 'customer.less_actions' : 'customer.all_actions')}</button></h2>
            {file.merged.length > 0 && <p className={css.quietLine}>{say('customer.merged')}{' '}
              {file.merged.map((one) => <Link key={one.id} to="/$process/$id" params={{ process: 'customer', id: one.id }}
                data-link>{one.number} {one.name}</Link>)}</p>}
            <div className={css.factsOfFile}><Facts record={record} definition={definition} /></div>
            {roles.includes('administrator') && <EraseCustomer customer={customer.id} open={search.erase === true}
              set={set} />}
          </section>
        </div>
      </div>
      <Suspense>
        {search.why && <WhyDrawer record={record} clock={search.why} onClose={() => set({ why: undefined })} />}
      </Suspense>
    </article>
  )
}

/** What is done to one contact is done where that contact stands. */
const atContact = ['change_contact', 'drop_contact', 'erase_contact']
const withoutOne = (record: RecordView): RecordView =>
  ({ ...record, offers: record.offers.filter(({ action }) => !atContact.includes(action)) })

/** Something new about this customer, over the timeline in which it will stand. */
function Adding({ process, customer, onDone, onCancel }: { process: string; customer: string; onDone: () => void
  onCancel: () => void }) {
  const { roles } = useMe()
  const { data: definition } = useQuery(queries.definition(process))
  const action = definition?.actions.find((one) => one.creates && one.by.some((doer) => roles.includes(doer)))
  if (!definition) return <GhostRows count={3} />
  if (!action) return null
  return (
    <section className={css.adding} aria-label={action.label}>
      <h2>{action.label}</h2>
      <ActionForm key={process} definition={definition} action={action.name} record={null} offer={null} focus
        draft={customer} fixed={{ customer }} onDone={onDone} onCancel={onCancel} />
    </section>
  )
}
