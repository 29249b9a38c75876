import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { EntitlementView } from '../../../server/views-contracts.ts'
import { useSay } from '../../site.tsx'
import { ToneMark } from '../time-chip.tsx'
import { visitsWords } from './contract-panel.tsx'
import { contractQueries } from './contract-queries.ts'
import css from './contracts.module.css'

/** In warranty, under contract, what is free: one line, and the reasons for whoever unfolds it. */
export function Entitlement({ entitlement }: { entitlement: EntitlementView }) {
  const say = useSay()
  const { warranty, clauses } = entitlement
  const good = warranty?.state === 'in' || clauses.length > 0
  return (
    <div>
      <p className={css.line}><ToneMark tone={good ? 'kept' : 'quiet'} /><b>{entitlement.line}</b></p>
      <details className={css.details}>
        <summary>{say('entitlement.more')}</summary>
        <Reasons entitlement={entitlement} />
      </details>
    </div>
  )
}

/** The same where the line stands already: the reasons are asked for when somebody wants them. */
export function EntitlementReasons({ machine, customer }: { machine: string; customer: string | null }) {
  const say = useSay()
  const [open, setOpen] = useState(false)
  const { data } = useQuery({ ...contractQueries.entitlement(machine, customer), enabled: open })
  return (
    <details className={css.details} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{say('entitlement.why')}</summary>
      {data && <Reasons entitlement={data} />}
    </details>
  )
}

function Reasons({ entitlement }: { entitlement: EntitlementView }) {
  const say = useSay()
  const { warranty, charging, visits, figures, clauses } = entitlement
  return (
    <>
      {warranty && <p className="hush">{warranty.sentence}</p>}
      <dl>
        {charging.map(({ what, label, is, ground }) => (
          <div key={what} style={{ display: 'contents' }}><dt>{label}</dt>
            <dd>{say(is === 'free' ? 'entitlement.free' : 'entitlement.charged')}
              {is === 'free' && <span className="hush"> {ground}</span>}</dd></div>))}
        {figures.map(({ figure, text }) => <div key={figure} style={{ display: 'contents' }}><dt /><dd>{text}</dd></div>)}
        {visits && <div style={{ display: 'contents' }}><dt /><dd>{visitsWords(say, visits, true)}</dd></div>}
        {clauses.map((one) => (
          <div key={one.id} style={{ display: 'contents' }}>
            <dt><Link to="/$process/$id" params={{ process: 'contract', id: one.contract }} data-link>{one.number}</Link></dt>
            <dd>{one.label} <span className="hush">{say('entitlement.until', { from: one.valid_from,
              until: one.valid_until })}{one.by === 'customer' && ` · ${say('entitlement.whole')}`}
              {one.site && ` · ${say('entitlement.site', { site: one.site })}`}
              {one.scope && ` · ${one.scope}`}{one.region && ` · ${one.region}`}</span></dd></div>))}
      </dl>
    </>
  )
}
