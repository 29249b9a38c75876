import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import type { CustomerFileView, DefinitionView, RecordView } from '../../../server/views.ts'
import { useMe, useNow, useSay, useSpeech } from '../../site.tsx'
import { dayWords } from '../../time.ts'
import { optionWord } from '../counter/counter-data.ts'
import { usesCounter } from '../desk.ts'
import { Phone } from '../phone.tsx'
import { CopyNumber } from '../record/head.tsx'
import { StateDot } from '../state.tsx'
import { ClockChip } from '../time-chip.tsx'
import { yuan } from '../value.tsx'
import type { CustomerSearch, SetSearch } from './customer-data.ts'
import css from './customer.module.css'

type HeadProps = { record: RecordView; definition: DefinitionView; file: CustomerFileView; search: CustomerSearch
  set: SetSearch }

/** What can be begun for a customer from here, in this order. */
export const begun = ['care_visit', 'opinion', 'publication', 'document', 'visit_plan', 'contract'] as const

/** Who this is: what one should know before speaking, and what one begins most. */
export function CustomerHead({ record, definition, file, search, set }: HeadProps) {
  const say = useSay()
  const me = useMe()
  const navigate = useNavigate()
  const { customer } = file
  const creatable = me.processes.filter(({ process, create }) => create !== null
    && (begun as readonly string[]).includes(process))
  const live = customer.state.kind === 'active'
  return (
    <header className={css.head}>
      <div className={css.headText}>
        <p className={css.headLine}>
          <Link to="/$process" params={{ process: 'customer' }} className={css.kindLink}>{record.label}</Link>
          <CopyNumber number={record.number} />
          {customer.state.name !== 'active' && <StateDot state={customer.state} />}
          <Marks definition={definition} file={file} />
        </p>
        <h1 className={css.name}>{customer.name}
          {customer.short_name && <span className="hush">{customer.short_name}</span>}</h1>
        <p className={css.reach}>
          {customer.phone && <Phone number={customer.phone} />}
          {customer.online_id && <span>{customer.online_id}</span>}
          {customer.address && <span>{customer.address}</span>}
        </p>
        <Facts file={file} record={record} set={set} />
        {customer.remark && <p className={css.remark}>{customer.remark}</p>}
      </div>
      {live && (
        <div className={css.begin}>
          {usesCounter(me) && (
            <Button onClick={() => void navigate({ to: '/counter', search: { customer: customer.id } })}>
              {say('customer.receive')}</Button>)}
          {creatable.map(({ process, label }) => (
            <Button key={process} variant="default" leftSection={<IconPlus size={15} stroke={1.8} />}
              aria-label={say('customer.add', { label })} aria-pressed={search.add === process}
              onClick={() => set({ add: search.add === process ? undefined : process })}>{label}</Button>))}
        </div>)}
      <div className={css.clocks}>
        {record.clocks.filter(({ state }) => state === 'late' || state === 'missed').map((clock) => (
          <ClockChip key={clock.clock} clock={clock} onWhy={() => set({ why: clock.clock })} />))}
      </div>
    </header>
  )
}

/** 重点 · 月结 · 合同客户 · 集成商 · 口碑 · tags */
function Marks({ definition, file }: { definition: DefinitionView; file: CustomerFileView }) {
  const say = useSay()
  const { grade, settlement, contract, relation, loyalty, tags, customer_kind } = file.customer
  const words = [
    ...(grade && grade !== 'ordinary' ? [{ key: 'grade', text: optionWord(definition, 'grade', grade), strong: true }] : []),
    { key: 'settlement', text: optionWord(definition, 'settlement', settlement) },
    ...(contract ? [{ key: 'contract', text: say('customer.contract') }] : []),
    ...(customer_kind === 'person' ? [{ key: 'person', text: say('customer.person') }] : []),
    ...(relation ? [{ key: 'relation', text: optionWord(definition, 'relation', relation) }] : []),
    ...(loyalty ? [{ key: 'loyalty', text: optionWord(definition, 'loyalty', loyalty) }] : []),
    ...(tags ?? '').split(/[,，、]/).map((tag) => tag.trim()).filter(Boolean).map((text) => ({ key: `#${text}`, text })),
  ]
  return <>{words.map(({ key, text, strong }: { key: string; text: string; strong?: boolean }) => (
    <span key={key} className={css.mark} data-strong={strong}>{text}</span>))}</>
}

/** Whose customer it is, through whom, how fresh the file is, what is owed. */
function Facts({ file, record, set }: { file: CustomerFileView; record: RecordView; set: SetSearch }) {
  const speech = useSpeech()
  const now = useNow()
  const { say } = speech
  const { owner, engineer, agent, industry, confirmed_on } = file.customer
  const mayConfirm = record.offers.some(({ action, live }) => action === 'confirm_file' && live)
  return (
    <dl className={css.facts}>
      {owner && <div><dt>{say('customer.owner')}</dt><dd>{owner.name}</dd></div>}
      {engineer && <div><dt>{say('customer.engineer')}</dt><dd>{engineer.name}</dd></div>}
      {industry && <div><dt>{say('customer.industry')}</dt><dd>{industry}</dd></div>}
      {agent && <div><dt>{say('customer.agent')}</dt><dd>
        <Link to="/$process/$id" params={{ process: 'customer', id: agent.id }} data-link>{agent.name}</Link></dd></div>}
      {confirmed_on && <div><dt>{say('customer.confirmed')}</dt>
        <dd>{dayWords(Date.parse(`${confirmed_on}T04:00:00Z`), now, speech)}
          {mayConfirm && <button type="button" className={css.inlineButton}
            onClick={() => set({ do: 'confirm_file' })}>{say('customer.confirm')}</button>}</dd></div>}
      {file.owed.fen > 0 && <div><dt>{say('customer.owed')}</dt>
        <dd><b className={css.fen}>¥{yuan(file.owed.fen)}</b>
          <span className="hush">{say('customer.owed_n', { n: file.owed.orders })}</span></dd></div>}
    </dl>
  )
}
