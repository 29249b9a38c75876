import { useCallback, useEffect, useMemo, useState } from 'react'
import type { LinkedRecordView } from '../../server/views.ts'
import type { PortalKey } from '../../words/web-portal-zh.ts'
import { Answering } from './answering.tsx'
import { type Problem, linkAt, problemOf } from './api.ts'
import { Loading, ShopBar, ShopFoot, Spoken, Unopened } from './parts.tsx'
import { Price } from './price.tsx'
import { momentText, useSay, yuan } from './words.ts'

export type Answer = 'accept' | 'accept_part' | 'refuse' | 'ask' | 'confirm_receipt'
/** What came of the last answer: it was taken, or the record had changed meanwhile (with the total of before). */
export type Came = { done: Answer } | { before: number | null }

/** The customer's page behind a private link: how it stands, what it costs, and the answer. */
export function LinkPage({ secret }: { secret: string | null }) {
  const link = useMemo(() => linkAt(secret), [secret])
  const [view, setView] = useState<LinkedRecordView | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [came, setCame] = useState<Came | null>(null)
  const read = useCallback(() => {
    link.read().then(setView, (error: unknown) => setProblem(problemOf(error)))
  }, [link])
  useEffect(read, [read])
  const again = useCallback(() => {
    setProblem(null)
    read()
  }, [read])
  useEffect(() => { if (view) document.title = `${view.state_words} · ${view.shop.name}` }, [view])
  if (problem) return <Unopened problem={problem} onAgain={again} />
  if (!view) return <Loading />
  const onView = (next: LinkedRecordView, how: Came) => {
    setView(next)
    setCame(how)
    window.scrollTo(0, 0)
  }
  return (
    <>
      <ShopBar shop={view.shop} />
      <main className="page">
        {came && <Outcome came={came} view={view} />}
        <State view={view} came={came} />
        <Machine view={view} />
        {view.quotation && <Price view={view} quotation={view.quotation} />}
        {view.talk.length > 0 && <Talk talk={view.talk} />}
        <Answering key={view.seq} view={view} link={link} onView={onView} onClosed={setProblem} />
        <Paper paper={view.paper} />
      </main>
      <ShopFoot shop={view.shop} />
    </>
  )
}

/** What happened to the answer just given: thanks and what comes next, or what is new. */
function Outcome({ came, view }: { came: Came; view: LinkedRecordView }) {
  const say = useSay()
  if ('done' in came) {
    return (
      <section className="outcome kept">
        <Spoken>{say(`done.${came.done}`)}</Spoken>
        <p>{nextText(say, view, came)}</p>
      </section>
    )
  }
  const after = view.quotation?.total_fen ?? null
  const changed = came.before !== null && after !== null && came.before !== after
  return (
    <section className="outcome soon">
      <Spoken>{say(after === null ? 'stale.repriced' : 'stale.title')}</Spoken>
      <p>{changed ? say('stale.price', { before: yuan(came.before!), after: yuan(after) })
        : say(after === null ? 'stale.wait' : 'stale.text')}</p>
    </section>
  )
}

/** In plain words, what the shop will do now. */
function nextText(say: ReturnType<typeof useSay>, view: LinkedRecordView, came: Came | null): string | null {
  const period = view.quotation?.period
  const done = came && 'done' in came ? came.done : null
  if (done === 'ask') return say('next.ask')
  if (done === 'confirm_receipt') return say('next.receipt')
  const byState: Readonly<Record<string, () => string>> = {
    accepted: () => (period ? say('next.accepted_period', { period }) : say('next.accepted')),
    refused: () => say('next.refused'), withdrawn: () => say('next.withdrawn'),
    drafting: () => say('not_yet'), priced: () => say('not_yet'),
  }
  return byState[view.state.name]?.() ?? null
}

/** A few words, large: the one thing that somebody opens this page for. */
function State({ view, came }: { view: LinkedRecordView; came: Came | null }) {
  const say = useSay()
  const next = came && 'done' in came ? null : nextText(say, view, came)
  const closed = view.state.kind === 'done' || view.state.kind === 'void'
  return (
    <section className={closed ? 'state closed' : 'state'}>
      <h1>{view.state_words}</h1>
      {view.quotation && view.state.kind === 'waiting' && <p className="sum">
        {say('total_is', { sum: yuan(view.quotation.total_fen) })}</p>}
      {next && <p>{next}</p>}
      <p className="numbers"><span>{view.process === 'quotation' ? say('quotation') : view.label} {view.number}</span>
        {view.order && <span>{say('order')} {view.order.number}</span>}</p>
    </section>
  )
}

function Machine({ view: { machine, quotation } }: { view: LinkedRecordView }) {
  const say = useSay()
  const rows = ([['machine', machine.name], ['serial', machine.serial], ['cause', quotation?.cause ?? '']] satisfies
    [PortalKey, string][]).filter(([, text]) => text !== '')
  return rows.length === 0 ? null : (
    <section className="card"><dl className="facts">{rows.map(([key, text]) => (
      <div key={key}><dt>{say(key)}</dt><dd className={key === 'machine' ? 'strong' : undefined}>{text}</dd></div>))}
    </dl>
    </section>
  )
}

function Talk({ talk }: { talk: LinkedRecordView['talk'] }) {
  const say = useSay()
  return (
    <section className="card">
      <h2>{say('talk')}</h2>
      <ol className="talk">{talk.map(({ at, by, text }, index) => (
        <li key={index} className={by}><p className="hush">{say(`talk.${by}`)} · {momentText(say, at)}</p>
          <p className="said">{text}</p></li>))}</ol>
    </section>
  )
}

function Paper({ paper }: { paper: LinkedRecordView['paper'] }) {
  const say = useSay()
  return paper && <p className="middle">
    <a className="text-button" href={`/api/files/${paper.id}`} download={paper.name}>{say('paper')}</a></p>
}
