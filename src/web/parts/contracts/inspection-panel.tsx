import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { RecordView } from '../../../server/views.ts'
import type { ContractFileView } from '../../../server/views-contracts.ts'
import { useSay } from '../../site.tsx'
import { ToneMark } from '../time-chip.tsx'
import { visitsWords } from './contract-panel.tsx'
import { contractQueries } from './contract-queries.ts'
import css from './contracts.module.css'

const kinds = { known: 'inspection.known', small_unclear: 'inspection.small_unclear', unknown: 'inspection.unknown' } as const
type Finding = { finding: string; finding_kind: keyof typeof kinds; consent_by?: string; done_about?: string
  explained?: string; next_step?: string; message?: string }

/** An inspection above its facts: which contract and which visit of it, which machines, what was found. */
export function InspectionPanel({ record }: { record: RecordView }) {
  const say = useSay()
  const contract = String(record.values.contract)
  const { data } = useQuery(contractQueries.contract(contract))
  const findings = Array.isArray(record.values.findings) ? record.values.findings as Finding[] : []
  if (!data) return null
  return (
    <section className={css.panel} aria-label={say('inspection.basis')}>
      <Basis file={data} contract={contract} number={String(record.values.contract_number ?? '')} />
      {findings.length > 0 && <><h3>{say('inspection.findings')} <small>{findings.length}</small></h3>
        <ul className={css.list}>{findings.map((one, index) => <Found key={index} one={one} />)}</ul></>}
      <Machines file={data} />
    </section>
  )
}

function Basis({ file, contract, number }: { file: ContractFileView; contract: string; number: string }) {
  const say = useSay()
  const { visits } = file.clauses.find(({ holds, visits: counted }) => holds && counted) ?? {}
  return (
    <>
      <h3>{say('inspection.basis')}</h3>
      <p className={css.line}>
        <Link to="/$process/$id" params={{ process: 'contract', id: contract }} data-link>{number}</Link>
        <span className="hush">{[file.ends_on && say('contract.until', { date: file.ends_on }),
          visits && visitsWords(say, visits, true)].filter(Boolean).join(' · ')}</span></p>
    </>
  )
}

function Found({ one }: { one: Finding }) {
  const say = useSay()
  const more = [one.consent_by && say('inspection.agreed_by', { who: one.consent_by }), one.message, one.done_about,
    one.explained, one.next_step && say('inspection.next', { step: one.next_step })].filter(Boolean).join(' · ')
  return (
    <li>
      <span className={css.marked}><ToneMark tone={one.finding_kind === 'known' ? 'kept' : 'soon'} />{one.finding}</span>
      <span className={css.end}>{say(kinds[one.finding_kind])}</span>
      {more !== '' && <span className={css.note}>{more}</span>}
    </li>
  )
}

function Machines({ file }: { file: ContractFileView }) {
  const say = useSay()
  const machines = file.machines.filter(({ until }) => until === null)
  return (
    <>
      <h3>{say('inspection.to_check')} <small>{say('contract.machines_n', { n: machines.length })}</small>
        {file.outside > 0 && <small>{say('contract.outside', { n: file.outside })}</small>}</h3>
      <ul className={css.list}>{machines.map((one) => (
        <li key={one.id}>
          <Link to="/$process/$id" params={{ process: 'machine', id: one.id }}>
            <span className={css.name}>{one.title}</span>
            <span className={css.end}>{[one.site, one.place].filter(Boolean).join(' · ')}</span>
          </Link>
        </li>))}</ul>
      {file.more_machines && <p className="hush">{say('contract.machines_more', { n: machines.length })}</p>}
    </>
  )
}
