import { Link } from '@tanstack/react-router'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { FlowStepView, FlowView } from '../../../server/views.ts'
import { useSay, useSpeech } from '../../site.tsx'
import { spanWords } from '../../time.ts'
import { GhostRows } from '../rows-ghost.tsx'
import { StateDot } from '../state.tsx'
import { type Asked, type Behind, reportQueries } from './flow-data.ts'
import { type Pick, shortSpan } from './flow-map.tsx'
import css from './flow.module.css'

/** Which list of cases lies open. Its words in the address are the question to the server. */
export type Opened = { behind: string; action?: string; from_state?: string; to_state?: string; code?: string; what?: string
  path?: string }

type SideProps = { view: FlowView; asked: Asked; pick: Pick | null; opened: Opened | null
  onOpen: (opened: Opened | null) => void; onPick: (pick: Pick | null) => void }

/** Beside the picture: what differs from the written way, the ways that cases went, and the cases behind each figure. */
export function FlowSide({ view, asked, pick, opened, onOpen, onPick }: SideProps) {
  const say = useSay()
  if (opened) {
    return (
      <aside className={css.side} aria-label={say('flow.cases')}>
        <Back onClick={() => onOpen(null)}>{titleOf(view, opened, say)}</Back>
        <BehindCases process={view.process} asked={{ ...asked, ...opened }} />
      </aside>
    )
  }
  return (
    <aside className={css.side} aria-label={say('flow.differs')}>
      {pick && <Back onClick={() => onPick(null)}>{pickTitle(view, pick)}</Back>}
      {pick && 'state' in pick && <StateFacts view={view} name={pick.state} onOpen={onOpen} />}
      {pick && 'from' in pick && <StepRows steps={view.steps.filter(({ from, to }) => from === pick.from && to === pick.to)}
        onOpen={onOpen} />}
      {!pick && <><Differs view={view} onOpen={onOpen} /><Ways view={view} onOpen={onOpen} /><Never view={view} /></>}
    </aside>
  )
}

const labelOfState = (view: FlowView, name: string) => view.states.find((state) => state.name === name)?.label ?? name
const pickTitle = (view: FlowView, pick: Pick) => ('state' in pick ? labelOfState(view, pick.state)
  : `${labelOfState(view, pick.from)} → ${labelOfState(view, pick.to)}`)

function titleOf(view: FlowView, opened: Opened, say: ReturnType<typeof useSay>): string {
  const step = view.steps.find(({ action, from, to }) => action === opened.action
    && (opened.from_state === undefined || from === opened.from_state) && (opened.to_state === undefined || to === opened.to_state))
  if (opened.behind === 'step') return step?.label ?? ''
  if (opened.behind === 'way') return say('flow.way')
  if (opened.behind === 'refused') {
    const found = view.refused.find(({ action, state, what }) => action === opened.action && state === opened.from_state
      && what === (opened.what ?? ''))
    return `${say('flow.refused')}: ${found?.label ?? ''}`
  }
  const words = { again: say('flow.again'), waived: say('flow.waived'), late: say('flow.late') }
  return words[opened.behind as 'again'] ?? ''
}

function Back({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  const say = useSay()
  return <h2 className={css.back}><button type="button" onClick={onClick} aria-label={say('flow.back')}>←</button>
    <span className="cut">{children}</span></h2>
}

function BehindCases({ process, asked }: { process: string; asked: Asked }) {
  const { data, error } = useQuery(reportQueries.behind(process, asked))
  return <CaseRows data={data} error={error} />
}

/** Cases behind a figure, newest first: each opens. */
export function CaseRows({ data, error }: { data: Behind | undefined; error: Error | null }) {
  const say = useSay()
  if (error) return <p role="alert">{error.message}</p>
  if (!data) return <GhostRows count={6} />
  if (data.cases.length === 0) return <p className={css.none}>{say('flow.no_cases')}</p>
  return (
    <>
      <ul className={css.cases}>{data.cases.map((one) => (
        <li key={one.id}><Link to="/$process/$id" params={{ process: one.process, id: one.id }}>
          <span className={css.number}>{one.number}</span><StateDot state={one.state} />
          <span className={css.caseTitle}>{one.title}</span>
          {one.note && <span className={css.note}>{one.note}</span>}</Link></li>))}</ul>
      {data.more && <p className={css.none}>{say('flow.more_cases')}</p>}
    </>
  )
}

/** Kinds of differing, most frequent first; each opens its cases. */
function Differs({ view, onOpen }: { view: FlowView; onOpen: SideProps['onOpen'] }) {
  const say = useSay()
  const refused = view.refused.reduce((sum, { n }) => sum + n, 0)
  const waived = view.steps.filter((step) => step.waived > 0).sort((a, b) => b.waived - a.waived)
  const late = view.states.filter((state) => state.late > 0).sort((a, b) => b.late - a.late)
  return (
    <section>
      <h2>{say('flow.differs')}</h2>
      <Kind label={say('flow.refused')} n={refused} hint={say('flow.refused_hint')}>
        {view.refused.slice(0, 6).map((one) => (
          <Line key={`${one.action}${one.state}${one.code}${one.what}`} n={one.n} text={`${one.label} · ${one.state_label}`} why={one.why}
            onClick={one.state === '' ? undefined : () => onOpen({ behind: 'refused', action: one.action, from_state: one.state,
              code: one.code, what: one.what || undefined })} />))}
      </Kind>
      <Kind label={say('flow.late')} n={view.late} hint={say('flow.late_hint')}>
        {late.slice(0, 6).map((state) => <Line key={state.name} n={state.late} text={state.label}
          onClick={() => onOpen({ behind: 'late', from_state: state.name })} />)}
      </Kind>
      <Kind label={say('flow.waived')} n={view.waived} hint={say('flow.waived_hint')}>
        {waived.slice(0, 6).map((step) => <Line key={`${step.from}${step.action}${step.to}`} n={step.waived} text={step.label}
          onClick={() => onOpen({ behind: 'waived', action: step.action })} />)}
      </Kind>
      <Kind label={say('flow.again')} n={view.again} hint={say('flow.again_hint')}>
        {view.again > 0 && <Line n={view.ways.again || null} text={say('flow.again_cases')} onClick={() => onOpen({ behind: 'again' })} />}
      </Kind>
    </section>
  )
}

function Kind({ label, n, hint, children }: { label: string; n: number; hint: string; children: ReactNode }) {
  return (
    <div className={css.kind}>
      <h3 title={hint}>{label}<span>{n.toLocaleString()}</span></h3>
      <ul>{children}</ul>
    </div>
  )
}

type LineProps = { n: number | null; text: string; why?: string; onClick?: () => void }

function Line({ n, text, why, onClick }: LineProps) {
  const inside = <><span className={css.lineText}>{text}{why && <small>{why}</small>}</span>
    <span className={css.lineCount}>{n === null ? '' : n.toLocaleString()}</span></>
  return <li>{onClick ? <button type="button" className={css.line} onClick={onClick}>{inside}</button>
    : <p className={css.line}>{inside}</p>}</li>
}

/** The ways that most cases went, as rows of states. */
function Ways({ view, onOpen }: { view: FlowView; onOpen: SideProps['onOpen'] }) {
  const say = useSay()
  const { shown, all, cases } = view.ways
  if (shown.length === 0) return null
  return (
    <section>
      <h2>{say('flow.ways')}<small>{say('flow.ways_all', { n: all.toLocaleString() })}</small></h2>
      <ol className={css.ways}>{shown.map(({ path, n, states }) => (
        <li key={path}><button type="button" onClick={() => onOpen({ behind: 'way', path })}>
          <span className={css.share}><i style={{ width: `${100 * n / shown[0]!.n}%` }} /></span>
          <span className={css.wayCount}>{n.toLocaleString()}<small>{Math.round(100 * n / Math.max(1, cases))}%</small></span>
          <span className={css.wayText}>{states.join(' → ')}</span></button></li>))}</ol>
    </section>
  )
}

function Never({ view }: { view: FlowView }) {
  const say = useSay()
  if (view.never.length === 0 || view.cases.begun === 0) return null
  return (
    <section>
      <h2>{say('flow.never')}<small>{view.never.length}</small></h2>
      <p className={css.never}>{view.never.map(({ label }) => label).join('、')}</p>
    </section>
  )
}

/** A state: what is done there without leaving it, what leads out of it, how long cases stay. */
function StateFacts({ view, name, onOpen }: { view: FlowView; name: string; onOpen: SideProps['onOpen'] }) {
  const say = useSay()
  const speech = useSpeech()
  const state = view.states.find((one) => one.name === name)!
  const facts: [string, string][] = [[say('flow.entered'), state.entered.toLocaleString()],
    [say('flow.stay'), state.stay_mean_ms === null ? '—' : spanWords(state.stay_mean_ms, speech)],
    [say('flow.now'), state.here.toLocaleString()], [say('flow.now_late'), state.here_late.toLocaleString()]]
  return (
    <>
      <dl className={css.facts}>{facts.map(([term, value]) => <div key={term}><dt>{term}</dt><dd>{value}</dd></div>)}</dl>
      {state.here > 0 && <p className={css.goList}><Link to="/$process" params={{ process: view.process }} search={{ state: name }}
        data-link>{say('flow.list')}</Link></p>}
      <h2>{say('flow.leaves')}</h2>
      <StepRows steps={view.steps.filter((step) => step.from === name && step.to !== name)} onOpen={onOpen} />
      <h2>{say('flow.stays')}</h2>
      <StepRows steps={view.steps.filter((step) => step.from === name && step.to === name)} onOpen={onOpen} />
    </>
  )
}

function StepRows({ steps, onOpen }: { steps: readonly FlowStepView[]; onOpen: SideProps['onOpen'] }) {
  const say = useSay()
  const speech = useSpeech()
  if (steps.length === 0) return <p className={css.none}>{say('flow.nothing')}</p>
  return (
    <ul className={css.steps}>{steps.map((step) => (
      <li key={`${step.from}${step.action}${step.to}`}><button type="button" className={css.line} onClick={() => onOpen({
        behind: 'step', action: step.action, from_state: step.from, to_state: step.to })}>
        <span className={css.lineText}>{step.label}<small>{say('flow.half_within', { half: shortSpan(step.median_ms, speech),
          nine: shortSpan(step.p90_ms, speech) })}</small></span>
        <span className={css.lineCount}>{step.n.toLocaleString()}</span></button></li>))}</ul>
  )
}
