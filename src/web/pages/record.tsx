import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { type ComponentType, Suspense, lazy, useEffect } from 'react'
import type { DefinitionView, RecordView } from '../../server/views.ts'
import { queries } from '../api.ts'
import { Lost } from '../parts/lost.tsx'
import { Actions } from '../parts/record/actions.tsx'
import { Facts } from '../parts/record/facts.tsx'
import { Documents, Family } from '../parts/record/family.tsx'
import { Head } from '../parts/record/head.tsx'
import { useOfferKeys } from '../parts/record/offer-keys.ts'
import { Timeline, shows } from '../parts/record/timeline.tsx'
import { useSay } from '../site.tsx'
import css from './record.module.css'

const WhyDrawer = lazy(() => import('../parts/record/why-drawer.tsx').then((part) => ({ default: part.WhyDrawer })))
const route = getRouteApi('/staff/$process/$id')

/** What stands above the facts of a record, by process. */
const panels: Readonly<Record<string, ComponentType<{ record: RecordView }>>> = {
  machine: lazy(() => import('../parts/contracts/machine-panel.tsx').then((part) => ({ default: part.MachinePanel }))),
  inspection: lazy(() => import('../parts/contracts/inspection-panel.tsx')
    .then((part) => ({ default: part.InspectionPanel }))),
  contract: lazy(() => import('../parts/contracts/contract-panel.tsx').then((part) => ({ default: part.ContractPanel }))),
}

/** Processes whose record has earned a page of its own. */
const pages: Readonly<Record<string, ComponentType<{ id: string }>>> = {
  quotation: lazy(() => import('./quotation.tsx').then((part) => ({ default: part.QuotationPage }))),
}

/** One record of any process. */
export function RecordPage() {
  const { process, id } = route.useParams()
  const Own = Object.hasOwn(pages, process) ? pages[process] : undefined
  return Own ? <Suspense fallback={<Ghost />}><Own key={id} id={id} /></Suspense> : <AnyRecord process={process} id={id} />
}

function AnyRecord({ process, id }: { process: string; id: string }) {
  const record = useQuery(queries.record(process, id))
  const definition = useQuery(queries.definition(process))
  const error = record.error ?? definition.error
  if (error && !record.data) return <Lost error={error}
    again={() => { void record.refetch(); void definition.refetch() }} />
  if (!record.data || !definition.data) return <Ghost />
  return <Standing key={id} record={record.data} definition={definition.data} />
}

function Standing({ record, definition }: { record: RecordView; definition: DefinitionView }) {
  const say = useSay()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const set = (patch: Partial<typeof search>, replace = false) =>
    void navigate({ search: (old) => ({ ...old, ...patch }), replace })
  // A due action that needs an exception is not pushed forward: the ordinary way may lie beside it.
  const due = record.offers.find((offer) => offer.next && offer.live)?.action
  const open = search.do ?? due
  const tab = search.tab ?? 'facts'
  const Panel = panels[record.process]
  useOfferKeys(record, (action) => set({ do: action, tab: undefined }, true), () => set({ do: undefined }, true))
  useEffect(() => { document.title = `${record.number} ${record.title}` }, [record.number, record.title])
  return (
    <article className={css.page}>
      <Head record={record} definition={definition} onWhy={(clock) => set({ why: clock })} />
      <div className={css.tabs} role="group" aria-label={say('record.tabs')}>
        {(['facts', 'history'] as const).map((one) => (
          <button key={one} type="button" aria-pressed={tab === one} onClick={() => set({ tab: one }, true)}>
            {say(`record.tab.${one}`)}</button>))}
      </div>
      <div className={css.body} data-tab={tab}>
        <div className={css.left}>
          <Actions record={record} definition={definition} open={open} focus={search.do !== undefined}
            onOpen={(action) => set({ do: action }, true)} onDone={() => set({ do: undefined }, true)} />
          {Panel && <Suspense><Panel record={record} /></Suspense>}
          <Facts record={record} definition={definition} />
        </div>
        <div className={css.right}>
          <Family record={record} definition={definition} />
          <Documents record={record} definition={definition} />
          <Timeline record={record} definition={definition} show={shows.find((one) => one === search.show) ?? 'all'}
            onShow={(show) => set({ show: show === 'all' ? undefined : show }, true)} />
        </div>
      </div>
      <Suspense>
        {search.why && <WhyDrawer record={record} clock={search.why} onClose={() => set({ why: undefined })} />}
      </Suspense>
    </article>
  )
}

function Ghost() {
  return (
    <div className={css.ghost} aria-busy="true">
      <Skeleton height={12} width={180} /><Skeleton height={22} width={420} maw="90%" mt={12} />
      <Skeleton height={12} width={360} maw="90%" mt={16} /><Skeleton height={26} width={260} mt={16} />
      <Skeleton height={1} mt={16} /><Skeleton height={20} width={240} mt={20} /><Skeleton height={120} mt={16}
        maw={760} />
    </div>
  )
}
