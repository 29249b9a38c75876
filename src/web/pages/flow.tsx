import { Button, SegmentedControl, Select, Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { FlowView } from '../../server/views.ts'
import { type SpanWeeks, fromOf, reportQueries, spans } from '../parts/flow/flow-data.ts'
import { FlowMap, type Pick, hasRare } from '../parts/flow/flow-map.tsx'
import { FlowSide, type Opened } from '../parts/flow/flow-side.tsx'
import css from '../parts/flow/flow.module.css'
import { Lost } from '../parts/lost.tsx'
import { GhostRows } from '../parts/rows-ghost.tsx'
import { serverNow, useMe, useSay, useSpeech } from '../site.tsx'
import { spanWords } from '../time.ts'

const route = getRouteApi('/staff/flow')
const usual = 'repair_order'

/** 流程: what really happened in a process, drawn, beside what the definition says; every figure opens its cases. */
export function FlowPage() {
  const say = useSay()
  const { zone } = useSpeech()
  const me = useMe()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  useEffect(() => { document.title = say('flow.title') }, [say])
  const known = me.processes.filter(({ process }) => process !== 'undelivered')
  const process = search.process ?? (known.some((one) => one.process === usual) ? usual : known[0]?.process ?? 'task')
  const span = search.span ?? '13'
  const asked = { from: fromOf(span, serverNow(), zone), product: search.product, person: search.person }
  const { data, error, refetch, isPlaceholderData } = useQuery(reportQueries.flow(process, asked))
  // The picture before stays while the next is asked for, unless it is of another process.
  const view = data?.process === process ? data : undefined
  const set = (patch: Partial<typeof search>) => void navigate({ search: (old) => ({ ...old, ...patch }), replace: true })
  const nothing = { pick: undefined, open: undefined }
  const pick = readPick(search.pick)
  return (
    <div className={css.page} data-loading={isPlaceholderData || undefined}>
      <header className={css.head}>
        <h1>{say('flow.title')}</h1>
        <Select w={150} aria-label={say('flow.process')} value={process} allowDeselect={false} searchable
          data={known.map((one) => ({ value: one.process, label: one.label }))}
          onChange={(value) => set({ ...nothing, process: value ?? undefined, product: undefined, person: undefined })} />
        <SegmentedControl className={css.noPrint} value={span} transitionDuration={0} styles={{ label: { color: 'var(--ink)' } }}
          aria-label={say('flow.time')} data={spans.map((weeks) => ({ value: weeks, label: say(`flow.span_${weeks}`) }))}
          onChange={(value) => set({ ...nothing, span: value as SpanWeeks })} />
        {view && view.products.length > 0 && (
          <Select w={132} placeholder={say('flow.all_products')} aria-label={say('flow.product')} clearable value={search.product ?? null}
            data={view.products.map(({ name, label }) => ({ value: name, label }))}
            onChange={(value) => set({ ...nothing, product: value ?? undefined, person: undefined })} />)}
        {view && view.people.length > 0 && (
          <Select w={132} placeholder={say('flow.everybody')} aria-label={say('flow.person')} clearable searchable
            value={search.person ?? null} data={view.people.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={(value) => set({ ...nothing, person: value ?? undefined, product: undefined })} />)}
        <span className={css.spacer} />
        <Button variant="default" size="xs" className={css.noPrint} onClick={() => window.print()}>{say('flow.print')}</Button>
      </header>
      {error && !view ? <Lost error={error} again={() => void refetch()} /> : !view ? <GhostRows count={12} />
        : <Drawn view={view} asked={asked} pick={pick} rare={search.rare ?? false} opened={readOpened(search.open)}
          onRare={(rare) => set({ rare: rare || undefined })}
          onPick={(next) => set({ pick: next ? writePick(next) : undefined, open: undefined })}
          onOpen={(next) => set({ open: next ? JSON.stringify(next) : undefined })} />}
    </div>
  )
}

const writePick = (pick: Pick): string => ('state' in pick ? pick.state : `${pick.from}>${pick.to}`)
function readPick(text: string | undefined): Pick | null {
  if (text === undefined) return null
  const [from, to] = text.split('>') as [string, string | undefined]
  return to === undefined ? { state: from } : { from, to }
}

function readOpened(text: string | undefined): Opened | null {
  try {
    return text === undefined ? null : JSON.parse(text) as Opened
  } catch {
    return null
  }
}

type DrawnProps = { view: FlowView; asked: Record<string, string | undefined>; pick: Pick | null; opened: Opened | null; rare: boolean
  onRare: (rare: boolean) => void; onPick: (pick: Pick | null) => void; onOpen: (opened: Opened | null) => void }

function Drawn({ view, asked, pick, opened, rare, onRare, onPick, onOpen }: DrawnProps) {
  const say = useSay()
  return (
    <>
      <Figures view={view} />
      <div className={css.columns}>
        <div>
          {view.steps.length === 0 ? <p className={css.empty}>{say('flow.empty')}</p> : (
            <div key={`${view.process}:${rare}`} className={css.paper} ref={atTheWay} tabIndex={0} role="region"
              aria-label={say('flow.title')}>
              <FlowMap view={view} rare={rare} pick={pick} onPick={onPick} /></div>)}
          <div className={css.legend}>
            <span><i />{say('flow.legend_thick')}</span><span><i data-back="" />{say('flow.legend_back')}</span>
            <span>{say('flow.legend_time')}</span>
            {hasRare(view) && <Switch size="xs" checked={rare} label={say('flow.rare')} className={css.noPrint}
              onChange={(event) => onRare(event.currentTarget.checked)} />}
          </div>
        </div>
        <FlowSide view={view} asked={asked} pick={pick} opened={opened} onOpen={onOpen} onPick={onPick} />
      </div>
    </>
  )
}

/** A picture wider than the screen begins where the most frequent way runs. */
function atTheWay(box: HTMLDivElement | null): void {
  const first = box?.querySelector('[data-main]')?.getBoundingClientRect()
  if (!box || !first) return
  box.scrollLeft += first.left + first.width / 2 - box.getBoundingClientRect().left - box.clientWidth / 2
}

function Figures({ view }: { view: FlowView }) {
  const say = useSay()
  const speech = useSpeech()
  const { cases, cycle } = view
  const figures: [string, string, boolean?][] = [[say('flow.begun'), cases.begun.toLocaleString()],
    [say('flow.ended'), cases.ended.toLocaleString()], [say('flow.open'), cases.open.toLocaleString()],
    [say('flow.open_late'), cases.late.toLocaleString(), cases.late > 0]]
  if (cycle) {
    figures.push([say('flow.half'), spanWords(cycle.median_ms, speech)], [say('flow.nine'), spanWords(cycle.p90_ms, speech)])
  }
  return <dl className={css.figures}>{figures.map(([term, value, late]) => (
    <div key={term}><dt>{term}</dt><dd data-late={late || undefined}>{value}</dd></div>))}</dl>
}
