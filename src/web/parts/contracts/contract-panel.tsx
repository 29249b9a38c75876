import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { RecordView } from '../../../server/views.ts'
import type { ContractFileView } from '../../../server/views-contracts.ts'
import type { Say } from '../../../words/web.ts'
import { useSay } from '../../site.tsx'
import { StateDot } from '../state.tsx'
import { ToneMark } from '../time-chip.tsx'
import { contractQueries } from './contract-queries.ts'
import css from './contracts.module.css'

/** A contract above its facts: what is left of its promises, which machines, which documents are missing, how far it is. */
export function ContractPanel({ record }: { record: RecordView }) {
  const say = useSay()
  const { data } = useQuery(contractQueries.contract(record.id))
  if (!data) return null
  return (
    <section className={css.panel} aria-label={say('contract.promises')}>
      <h3>{say('contract.promises')}</h3>
      {data.clauses.length === 0 && <p className="hush">{say('contract.none')}</p>}
      <ul className={css.list}>{data.clauses.map((one) => <Clause key={one.id} clause={one} />)}</ul>
      <Visits file={data} />
      <div className={css.grid}>
        <div><Papers file={data} /></div>
        <div><Stages file={data} /><Inspections file={data} /></div>
      </div>
      <Duties file={data} />
      <SpareParts file={data} />
      <Machines file={data} />
    </section>
  )
}

function Clause({ clause }: { clause: ContractFileView['clauses'][number] }) {
  const say = useSay()
  const { label, figures, charging, visits, holds } = clause
  return (
    <li className={holds ? undefined : css.over}>
      <span className={css.name}><b>{label}</b> {[...figures, ...charging].join(' · ')}</span>
      <span className={css.end}>{say('entitlement.until', { from: clause.valid_from, until: clause.valid_until })}
        {!holds && ` · ${say('contract.ended')}`}</span>
      {visits && <span className={css.note}>{visitsWords(say, visits, holds)}</span>}
    </li>
  )
}

/** Which visit of the term would come next; a quota that is used up is said, and stops nobody. */
export function visitsWords(say: Say, { quota, used, left }: { quota: number; used: number; left: number }, holds: boolean):
  string {
  if (!holds) return say('contract.visits_were', { used, quota })
  return left === 0 ? say('contract.visits_gone', { used, quota }) : say('contract.visits_next', { next: used + 1, quota, used })
}

/** What was counted, so that nobody has to believe a number. */
function Visits({ file }: { file: ContractFileView }) {
  const say = useSay()
  if (file.visits.length === 0) return null
  return (
    <details className={css.details}>
      <summary>{say('contract.visits')}</summary>
      <ul className={css.list}>{file.visits.map((one, index) => (
        <li key={`${one.record?.id ?? ''}${index}`}>
          <span className={css.name}>{one.record ? (
            <Link to="/$process/$id" params={{ process: one.record.process, id: one.record.id }} data-link>
              {one.record.number} {one.record.title}</Link>) : one.note ?? one.label}</span>
          <span className={css.end}>{one.on}</span>
        </li>))}</ul>
    </details>
  )
}

function Papers({ file }: { file: ContractFileView }) {
  const say = useSay()
  const missing = file.papers.filter(({ filed }) => !filed).length
  return (
    <>
      <h3>{say('contract.papers')} <small className={missing > 0 ? css.late : css.kept}>
        {missing > 0 ? say('contract.papers_missing', { n: missing }) : say('contract.papers_done')}</small></h3>
      <ul className={css.list}>{file.papers.map(({ paper, label, filed, on, kept_by }) => (
        <li key={paper}>
          <span className={css.marked}><ToneMark tone={filed ? 'kept' : 'quiet'} />{label}</span>
          <span className={css.end}>{filed ? on ?? say('contract.filed') : say('contract.missing')}</span>
          {kept_by && <span className={css.note}>{say('contract.kept_by', { who: kept_by })}</span>}
        </li>))}</ul>
    </>
  )
}

function Stages({ file }: { file: ContractFileView }) {
  const say = useSay()
  if (file.stages.length === 0) return null
  return (
    <>
      <h3>{say('contract.stages')}</h3>
      <ul className={css.list}>{file.stages.map(({ stage, label, planned_on, done_on, late }) => (
        <li key={stage}>
          <span className={css.marked}><ToneMark tone={done_on ? 'kept' : late ? 'late' : 'running'} />{label}</span>
          <span className={late ? `${css.end} ${css.late}` : css.end}>{done_on ? say('contract.done', { date: done_on })
            : say('contract.planned', { date: planned_on })}{late && ` · ${say('contract.late')}`}</span>
        </li>))}</ul>
    </>
  )
}

const words = { none: 'contract.inspection.none', drafted: 'contract.inspection.drafted', sent: 'contract.inspection.sent',
  confirmed: 'contract.inspection.confirmed' } as const

function Inspections({ file }: { file: ContractFileView }) {
  const say = useSay()
  const { dates, state, opened, orders } = file.inspections
  if (dates.length === 0 && opened === 0) return null
  return (
    <>
      <h3>{say('contract.inspections')} <small>{say('contract.opened', { n: opened })}</small></h3>
      <p className="hush">{say(words[state as keyof typeof words] ?? words.none)}</p>
      <p className={css.dates}>{dates.map((date) => <span key={date}>{date}</span>)}</p>
      <ul className={css.list}>{orders.map((one) => (
        <li key={one.id}>
          <Link to="/$process/$id" params={{ process: 'inspection', id: one.id }}>
            <span className={css.name}>{one.planned_on} <span className="hush">{[one.number, one.handler]
              .filter(Boolean).join(' · ')}</span></span>
            <span className={css.end}><StateDot state={one.state} /></span>
          </Link>
        </li>))}</ul>
    </>
  )
}

const departments = ['sales', 'tech', 'commerce'] as const

/** Who answers for a step and who helps, in a small table. */
function Duties({ file }: { file: ContractFileView }) {
  const say = useSay()
  if (file.duties.length === 0) return null
  return (
    <details className={css.details}>
      <summary>{say('contract.duties')}</summary>
      <table className={css.duties}>
        <thead><tr><th scope="col">{say('contract.step')}</th>
          {departments.map((one) => <th key={one} scope="col">{say(`contract.${one}`)}</th>)}</tr></thead>
        <tbody>{file.duties.map((duty) => (
          <tr key={duty.step}><th scope="row">{duty.label}</th>{departments.map((one) => (
            <td key={one} data-part={duty[one]}>{duty[one] === null ? '' : say(`contract.${duty[one]}`)}</td>))}</tr>))}</tbody>
      </table>
    </details>
  )
}

const thousand = 1000

function SpareParts({ file }: { file: ContractFileView }) {
  const say = useSay()
  if (file.spare_parts.length === 0) return null
  return (
    <>
      <h3>{say('contract.spare_parts')}</h3>
      <ul className={css.list}>{file.spare_parts.map((one, index) => (
        <li key={`${one.id}${index}`}>
          <Link to="/$process/$id" params={{ process: 'part', id: one.id }}>
            <span className={css.marked}><ToneMark tone={one.on_hand >= one.quantity ? 'kept' : 'late'} />{one.title}
              <span className="hush">{one.place}</span></span>
            <span className={one.on_hand >= one.quantity ? css.end : `${css.end} ${css.late}`}>{say('contract.on_hand',
              { n: one.quantity / thousand, left: one.on_hand / thousand })}</span>
          </Link>
        </li>))}</ul>
    </>
  )
}

function Machines({ file }: { file: ContractFileView }) {
  const say = useSay()
  const { machines, more_machines, outside, covers, sites } = file
  return (
    <>
      <h3>{say('contract.machines')} <small>{say('contract.machines_n', { n: machines.length })}
        {covers === 'all' && ` · ${say('entitlement.whole')}`}</small>
        {outside > 0 && <small>{say('contract.outside', { n: outside })}</small>}</h3>
      {sites.length > 0 && <ul className={css.list} aria-label={say('contract.sites')}>{sites.map((one) => (
        <li key={one.id + one.since} className={one.until ? css.over : undefined}>
          <Link to="/$process/$id" params={{ process: 'site', id: one.id }}>
            <span className={css.name}><span className={css.tag}>{say('contract.site')}</span>{one.title}</span>
            <span className={css.end}>{one.until ? say('contract.taken_out', { date: one.until })
              : say('contract.since', { date: one.since })}</span>
          </Link>
        </li>))}</ul>}
      <ul className={css.list}>{machines.map((one) => (
        <li key={one.id} className={one.until ? css.over : undefined}>
          <Link to="/$process/$id" params={{ process: 'machine', id: one.id }}>
            <span className={css.name}>{one.title}</span>
            <span className={css.end}>{one.until ? say('contract.taken_out', { date: one.until })
              : [one.site, one.place].filter(Boolean).join(' · ')}</span>
          </Link>
        </li>))}</ul>
      {more_machines && <p className="hush">{say('contract.machines_more', { n: machines.length })}</p>}
    </>
  )
}
