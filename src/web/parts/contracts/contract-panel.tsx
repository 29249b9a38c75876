import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { RecordView } from '../../../server/views.ts'
import type { ContractFileView } from '../../../server/views-contracts.ts'
import { useSay } from '../../site.tsx'
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
      <div className={css.grid}>
        <div><Papers file={data} /></div>
        <div><Stages file={data} /><Inspections file={data} /></div>
      </div>
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
      {visits && <span className={css.note}>{say('entitlement.left', visits)}</span>}
    </li>
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
  const { dates, state, opened } = file.inspections
  if (dates.length === 0 && opened === 0) return null
  return (
    <>
      <h3>{say('contract.inspections')} <small>{say('contract.opened', { n: opened })}</small></h3>
      <p className="hush">{say(words[state as keyof typeof words] ?? words.none)}</p>
      <p>{dates.join('　')}</p>
    </>
  )
}

function Machines({ file }: { file: ContractFileView }) {
  const say = useSay()
  const { machines, more_machines, outside, listed } = file
  return (
    <>
      <h3>{say('contract.machines')} <small>{say('contract.machines_n', { n: machines.length })}
        {!listed && ` · ${say('entitlement.whole')}`}</small>
        {outside > 0 && <small>{say('contract.outside', { n: outside })}</small>}</h3>
      <ul className={css.list}>{machines.map((one) => (
        <li key={one.id} className={one.until ? css.over : undefined}>
          <Link to="/$process/$id" params={{ process: 'machine', id: one.id }}>
            <span className={css.name}>{one.title}</span>
            <span className={css.end}>{one.until ? say('contract.taken_out', { date: one.until }) : one.place}</span>
          </Link>
        </li>))}</ul>
      {more_machines && <p className="hush">{say('contract.machines_more', { n: machines.length })}</p>}
    </>
  )
}
