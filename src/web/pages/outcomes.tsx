import { Button, SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { OutcomeCounts, RepairsView } from '../../server/views.ts'
import { queryText } from '../api.ts'
import { type SpanWeeks, fromOf, reportQueries, spans } from '../parts/flow/flow-data.ts'
import { CaseRows } from '../parts/flow/flow-side.tsx'
import css from '../parts/flow/flow.module.css'
import { Lost } from '../parts/lost.tsx'
import { GhostRows } from '../parts/rows-ghost.tsx'
import { serverNow, useSay, useSpeech } from '../site.tsx'

const route = getRouteApi('/staff/outcomes')
const dimensions = ['brand', 'model', 'product', 'fault', 'cause', 'because', 'age'] as const

/** 修好率: how repair orders ended, by brand, fault, model or age; a figure opens its cases, a row narrows the rest. */
export function OutcomesPage() {
  const say = useSay()
  const { zone } = useSpeech()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  useEffect(() => { document.title = say('outcomes.title') }, [say])
  const span = search.span ?? '52'
  const by = search.by ?? 'brand'
  const narrowed = Object.fromEntries(dimensions.flatMap((name) => (search[name] === undefined ? [] : [[name, search[name]]])))
  const asked = { by, from: fromOf(span, serverNow(), zone), ...narrowed }
  const { data: view, error, refetch } = useQuery(reportQueries.repairs(asked))
  const set = (patch: Partial<typeof search>) => void navigate({ search: (old) => ({ ...old, ...patch }) })
  const choice = (name: string) => view?.choices.find((one) => one.name === name)?.label ?? name
  return (
    <div className={css.page}>
      <header className={css.head}>
        <h1>{say('outcomes.title')}</h1>
        <SegmentedControl className={css.noPrint} value={span} transitionDuration={0} styles={{ label: { color: 'var(--ink)' } }}
          aria-label={say('flow.time')} data={spans.map((weeks) => ({ value: weeks, label: say(`flow.span_${weeks}`) }))}
          onChange={(value) => set({ span: value as SpanWeeks, open: undefined })} />
        <span className={css.spacer} />
        <Button component="a" variant="default" size="xs" className={css.noPrint}
          href={`/api/reports/repairs?${queryText({ ...asked, format: 'csv' })}`}>{say('outcomes.csv')}</Button>
        <Button variant="default" size="xs" className={css.noPrint} onClick={() => window.print()}>{say('flow.print')}</Button>
      </header>
      {error && !view ? <Lost error={error} again={() => void refetch()} /> : !view ? <GhostRows count={12} /> : <>
        <div className={css.choices}>
          <SegmentedControl className={css.noPrint} value={by} transitionDuration={0} styles={{ label: { color: 'var(--ink)' } }}
            aria-label={say('outcomes.by')} data={view.choices.map(({ name, label }) => ({ value: name, label }))}
            onChange={(value) => set({ by: value as typeof by, open: undefined })} />
        </div>
        {Object.keys(narrowed).length > 0 && (
          <div className={css.chips}>{Object.entries(narrowed).map(([name, value]) => (
            <button key={name} type="button" onClick={() => set({ [name]: undefined, open: undefined })}
              aria-label={say('outcomes.drop', { name: choice(name) })}>
              {choice(name)}: {search.words?.[name] ?? value} <span aria-hidden="true">×</span></button>))}</div>)}
        <div className={css.columns}>
          <Table view={view} onNarrow={(key, label) => set({ [by]: key, words: { ...search.words, [by]: label }, open: undefined,
            by: by === 'fault' ? 'brand' : 'fault' })}
          onOpen={(key, outcome) => set({ open: { key, outcome } })} />
          <aside className={css.side}>{search.open
            ? <Behind asked={{ ...asked, ...(search.open.key !== undefined && { [by]: search.open.key }),
              outcome: search.open.outcome }}
              onBack={() => set({ open: undefined })}
              title={view.rows.find(({ key }) => key === search.open?.key)?.label ?? say('outcomes.all')} />
            : <p className={css.none}>{say('outcomes.hint')}</p>}</aside>
        </div>
      </>}
    </div>
  )
}

function Behind({ asked, title, onBack }: { asked: Record<string, string | undefined>; title: string; onBack: () => void }) {
  const say = useSay()
  const { data, error } = useQuery(reportQueries.repairCases(asked))
  return <>
    <h2 className={css.back}><button type="button" onClick={onBack} aria-label={say('flow.back')}>←</button>
      <span className="cut">{title}</span></h2>
    <CaseRows data={data} error={error} /></>
}

type TableProps = { view: RepairsView; onNarrow: (key: string, label: string) => void
  onOpen: (key: string | undefined, outcome?: string) => void }

function Table({ view, onNarrow, onOpen }: TableProps) {
  const say = useSay()
  const cells = (key: string | undefined, one: OutcomeCounts) => <>
    <td><Figure n={one.cases} onClick={() => onOpen(key)} /></td>
    {view.outcomes.map(({ name }) => <td key={name} className={css.hide}><Figure n={one[name as 'repaired']}
      onClick={() => onOpen(key, name)} /></td>)}
    <td>{one.repaired_share === null ? '—' : `${(100 * one.repaired_share).toFixed(1)}%`}</td>
    <td><Bar one={one} /></td></>
  if (view.rows.length === 0) return <p className={css.empty}>{say('outcomes.empty')}</p>
  return (
    <div>
      <div className={css.keys}>{view.outcomes.map(({ name, label }) => <span key={name}><i data-of={name} />{label}</span>)}</div>
      <table className={css.table}>
        <thead><tr><th>{view.choices.find(({ name }) => name === view.by)?.label}</th><th>{say('outcomes.cases')}</th>
          {view.outcomes.map(({ name, label }) => <th key={name} className={css.hide}>{label}</th>)}
          <th>{say('outcomes.share')}</th><th aria-hidden="true" /></tr></thead>
        <tbody>{view.rows.map((row) => (
          <tr key={row.key}><td><button type="button" onClick={() => onNarrow(row.key, row.label)}>{row.label}</button></td>
            {cells(row.key, row)}</tr>))}</tbody>
        <tfoot><tr><td>{say('outcomes.total')}</td>{cells(undefined, view.total)}</tr></tfoot>
      </table>
      {view.more > 0 && <p className={css.none}>{say('outcomes.more', { n: view.more })}</p>}
    </div>
  )
}

function Figure({ n, onClick }: { n: number; onClick: () => void }) {
  return n === 0 ? <span className="hush">0</span> : <button type="button" onClick={onClick}>{n.toLocaleString()}</button>
}

/** Shares of what is known; beside the figures, not instead of them. */
function Bar({ one }: { one: OutcomeCounts }) {
  return <span className={css.bar} aria-hidden="true">{(['repaired', 'repairable', 'beyond_repair'] as const).map((name) => (
    <i key={name} data-of={name} style={{ width: `${one.known === 0 ? 0 : 100 * one[name] / one.known}%` }} />))}</span>
}
