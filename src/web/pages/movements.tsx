import { Button, SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { CustomersReportView } from '../../server/views-reports.ts'
import type { WebKey } from '../../words/web.ts'
import { type Asked, type SpanWeeks, fromOf, reportQueries, spans } from '../parts/flow/flow-data.ts'
import { CaseRows } from '../parts/flow/flow-side.tsx'
import css from '../parts/flow/flow.module.css'
import { Lost } from '../parts/lost.tsx'
import { GhostRows } from '../parts/rows-ghost.tsx'
import { serverNow, useSay, useSpeech } from '../site.tsx'

const route = getRouteApi('/staff/movements')
const movements = ['made', 'lost', 'regained', 'merged', 'archived'] as const
const outcomes = ['kept', 'late', 'missed', 'dropped', 'ahead'] as const

type Open = (asked: Asked, title: string) => void

/** 客户动向: who came, went and came back by month, and which visits that were planned were made. */
export function MovementsPage() {
  const say = useSay()
  const { zone } = useSpeech()
  const { span = '52', open } = route.useSearch()
  const navigate = route.useNavigate()
  useEffect(() => { document.title = say('movements.title') }, [say])
  const from = fromOf(span, serverNow(), zone)
  const { data: view, error, refetch } = useQuery(reportQueries.customers({ from }))
  const set: Open = (asked, title) => void navigate({ search: (old) => ({ ...old, open: { asked, title } }) })
  return (
    <div className={css.page}>
      <header className={css.head}>
        <h1>{say('movements.title')}</h1>
        <SegmentedControl className={css.noPrint} value={span} transitionDuration={0} styles={{ label: { color: 'var(--ink)' } }}
          aria-label={say('flow.time')} data={spans.map((weeks) => ({ value: weeks, label: say(`flow.span_${weeks}`) }))}
          onChange={(value) => void navigate({ search: { span: value as SpanWeeks } })} />
        <span className={css.spacer} />
        <Button variant="default" size="xs" className={css.noPrint} onClick={() => window.print()}>{say('flow.print')}</Button>
      </header>
      {error && !view ? <Lost error={error} again={() => void refetch()} /> : !view ? <GhostRows count={12} /> : (
        <div className={css.columns}>
          <div>
            <h2 className={css.tableTitle}>{say('movements.by_month')}</h2>
            <Months view={view} onOpen={set} />
            {(view.visits.length > 0) && <>
              <h2 className={css.tableTitle}>{say('movements.visits')}</h2>
              <Visits view={view} onOpen={set} /></>}
          </div>
          <aside className={css.side}>{open
            ? <Behind asked={{ from, ...open.asked }} title={open.title}
              onBack={() => void navigate({ search: (old) => ({ ...old, open: undefined }) })} />
            : <p className={css.none}>{say('movements.hint')}</p>}</aside>
        </div>)}
    </div>
  )
}

function Behind({ asked, title, onBack }: { asked: Asked; title: string; onBack: () => void }) {
  const say = useSay()
  const { data, error } = useQuery(reportQueries.customerCases(asked))
  return <>
    <h2 className={css.back}><button type="button" onClick={onBack} aria-label={say('flow.back')}>←</button>
      <span className="cut">{title}</span></h2>
    <CaseRows data={data} error={error} /></>
}

function Figure({ n, what, onClick }: { n: number; what: string; onClick: () => void }) {
  return n === 0 ? <span className="hush">0</span>
    : <button type="button" aria-label={`${what} ${n}`} onClick={onClick}>{n.toLocaleString()}</button>
}

function Months({ view, onOpen }: { view: CustomersReportView; onOpen: Open }) {
  const say = useSay()
  if (view.months.length === 0) return <p className={css.empty}>{say('movements.empty')}</p>
  const word = (name: string) => say(`movements.${name}` as WebKey)
  const cells = (of: Record<(typeof movements)[number], number>, month?: string) => movements.map((name) => (
    <td key={name} className={name === 'archived' ? css.hide : undefined}><Figure n={of[name]} what={`${month ?? ''} ${word(name)}`}
      onClick={() => onOpen({ behind: 'movement', movement: name, month }, [month, word(name)].filter(Boolean).join(' '))} /></td>))
  const total = Object.fromEntries(movements.map((name) => [name, view.months.reduce((sum, one) => sum + one[name], 0)])) as
    Record<(typeof movements)[number], number>
  return (
    <table className={css.table}>
      <thead><tr><th>{say('movements.month')}</th>{movements.map((name) => (
        <th key={name} className={name === 'archived' ? css.hide : undefined}>{word(name)}</th>))}</tr></thead>
      <tbody>{view.months.map((one) => <tr key={one.month}><td>{one.month}</td>{cells(one, one.month)}</tr>)}</tbody>
      <tfoot><tr><td>{say('outcomes.total')}</td>{cells(total)}</tr></tfoot>
    </table>
  )
}

const share = (of: number | null): string => (of === null ? '—' : `${(100 * of).toFixed(0)}%`)

function Visits({ view, onOpen }: { view: CustomersReportView; onOpen: Open }) {
  const say = useSay()
  const word = (name: string) => say(`movements.${name}` as WebKey)
  const cells = (of: Record<(typeof outcomes)[number], number>, who: string, asked: Asked) => outcomes.map((name) => (
    <td key={name} className={name === 'ahead' || name === 'dropped' ? css.hide : undefined}>
      <Figure n={of[name]} what={`${who} ${word(name)}`} onClick={() => onOpen({ behind: 'visit', outcome: name, ...asked },
        `${who} ${word(name)}`)} /></td>))
  return (
    <>
      <table className={css.table}>
        <thead><tr><th>{say('movements.who')}</th>{outcomes.map((name) => (
          <th key={name} className={name === 'ahead' || name === 'dropped' ? css.hide : undefined}>{word(name)}</th>))}
          <th>{say('movements.share')}</th></tr></thead>
        <tbody>{view.visits.map((one) => {
          const who = `${one.handler?.name ?? say('movements.nobody')} · ${one.grade_label}`
          return (
            <tr key={`${one.handler?.id} ${one.grade}`}><td>{who}</td>
              {cells(one, who, { handler: one.handler?.id ?? 'none', grade: one.grade })}<td>{share(one.kept_share)}</td></tr>)
        })}</tbody>
        <tfoot><tr><td>{say('outcomes.total')}</td>{cells(view.total, say('movements.visits'), {})}
          <td>{share(view.kept_share)}</td></tr></tfoot>
      </table>
      {view.more > 0 && <p className={css.none}>{say('outcomes.more', { n: view.more })}</p>}
    </>
  )
}
