import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ContactView, CustomerFileView, CustomerView } from '../../../server/views.ts'
import { queries } from '../../api.ts'
import { useSay } from '../../site.tsx'
import { Phone, PhoneWords } from '../phone.tsx'
import { StateDot } from '../state.tsx'
import { optionWord } from './counter-data.ts'
import css from './counter.module.css'

/** How a customer pays, whether there is a contract, where they are: what one should know before speaking. */
export function CustomerMarks({ customer }: { customer: CustomerView }) {
  const say = useSay()
  const { data: definition } = useQuery(queries.definition('customer'))
  return (
    <>
      <p className={css.marks}>
        {customer.state.name !== 'active' && <StateDot state={customer.state} />}
        <span className={css.mark}>{optionWord(definition, 'settlement', customer.settlement)}</span>
        {customer.contract && <span className={css.mark}>{say('counter.contract')}</span>}
        {customer.loyalty && <span className={css.mark}>{optionWord(definition, 'loyalty', customer.loyalty)}</span>}
        {customer.engineer && (
          <span className={css.mark}>{say('counter.engineer', { name: customer.engineer.name })}</span>)}
      </p>
      {(customer.phone || customer.address) && (
        <p className={css.small}>{customer.phone && <Phone number={customer.phone} />}
          {customer.phone && customer.address && ' · '}{customer.address}</p>)}
      {customer.remark && <p className={css.remark}>{customer.remark}</p>}
    </>
  )
}

type CardProps = { file: CustomerFileView; contact: string; onContact: (id: string) => void; onOther: () => void }

const contactsShown = 5

/** 谁: the customer that was taken, and which of its people stands here. */
export function CustomerCard({ file, contact, onContact, onOther }: CardProps) {
  const say = useSay()
  const { customer } = file
  const active = file.contacts.filter((one) => one.active && one.name && one.phones.length > 0)
  const chosen = active.find(({ id }) => id === contact)
  const shown = [...new Set([...(chosen ? [chosen] : []), ...active])].slice(0, contactsShown)
  return (
    <div className={css.card}>
      <p className={css.cardHead}>
        <Link to="/$process/$id" params={{ process: 'customer', id: customer.id }} className={css.big}>
          {customer.name}</Link>
        <button type="button" className={css.quiet} onClick={onOther}>{say('counter.change')}</button>
      </p>
      <CustomerMarks customer={customer} />
      <div className={css.contacts} role="group" aria-label={say('counter.contact')}>
        {customer.customer_kind === 'person' && customer.phone && active.length === 0 && (
          <Pick on={contact === 'self'} onPick={() => onContact('self')}>{say('counter.self')}</Pick>)}
        {shown.map((one) => (
          <Pick key={one.id} on={one.id === contact} onPick={() => onContact(one.id)}>
            <ContactWords contact={one} /></Pick>))}
        <Pick on={contact === 'other'} onPick={() => onContact('other')}>{say('counter.other_contact')}</Pick>
      </div>
    </div>
  )
}

function Pick({ on, onPick, children }: { on: boolean; onPick: () => void; children: React.ReactNode }) {
  return <button type="button" className={css.pick} aria-pressed={on} onClick={onPick}>{children}</button>
}

/** 张老师 信息科 139 1234 5678 */
export function ContactWords({ contact }: { contact: ContactView }) {
  const say = useSay()
  return (
    <>
      <b>{contact.name}</b>
      {contact.role && <span className="hush">{contact.role}</span>}
      {contact.phones[0] && <PhoneWords number={contact.phones[0]} />}
      {contact.do_not_call && <span className={css.mark}>{say('counter.do_not_call')}</span>}
    </>
  )
}
