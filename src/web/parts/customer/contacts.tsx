import { IconPencil, IconPlus } from '@tabler/icons-react'
import type { ContactView, DefinitionView, RecordView } from '../../../server/views.ts'
import { useSay } from '../../site.tsx'
import { ActionForm } from '../form/action-form.tsx'
import { Phone, PhoneWords } from '../phone.tsx'
import type { CustomerSearch, SetSearch } from './customer-data.ts'
import css from './customer.module.css'

type ContactsProps = { contacts: readonly ContactView[]; record: RecordView; definition: DefinitionView
  search: CustomerSearch; set: SetSearch; onDone: () => void }

/** 联系人: each with what one calls; changed where they stand. */
export function Contacts(props: ContactsProps) {
  const { contacts, record, search, set } = props
  const say = useSay()
  const active = contacts.filter((one) => one.active)
  const gone = contacts.length - active.length
  const may = (action: string) => record.offers.some((offer) => offer.action === action && offer.live)
  return (
    <section className={css.part} aria-label={say('customer.contacts')}>
      <h2>{say('customer.contacts')}
        {may('add_contact') && (
          <button type="button" className={css.plus} aria-label={say('customer.contact_add')}
            title={say('customer.contact_add')} onClick={() => set({ contact: 'new', how: undefined })}>
            <IconPlus size={16} stroke={1.8} /></button>)}</h2>
      {search.contact === 'new' && <Form {...props} action="add_contact" />}
      {active.length === 0 && search.contact !== 'new' && <p className={css.none}>{say('customer.contacts_none')}</p>}
      <ul>
        {active.map((one) => (one.id === search.contact
          ? <li key={one.id}><Changing {...props} contact={one} /></li>
          : <li key={one.id} className={css.contact}>
            <ContactLine contact={one} />
            {may('change_contact') && (
              <button type="button" className={css.pen} onClick={() => set({ contact: one.id, how: undefined })}
                aria-label={say('customer.contact_change', { name: one.name ?? '' })}>
                <IconPencil size={15} stroke={1.6} /></button>)}
          </li>))}
      </ul>
      {gone > 0 && <p className={css.quietLine}>{say('customer.contacts_gone', { n: gone })}</p>}
    </section>
  )
}

/** 季科长 信息科 139… 0757-… QQ… */
function ContactLine({ contact }: { contact: ContactView }) {
  const say = useSay()
  const { name, role, phones, online_id, email, note, do_not_call } = contact
  return (
    <div className={css.contactText}>
      <p><b>{name ?? say('customer.contact_nameless')}</b>{role && <span className="hush">{role}</span>}
        {do_not_call && <span className={css.warn}>{say('customer.do_not_call')}</span>}</p>
      {phones.length > 0 && (
        <p className={css.phones}>{phones.map((phone) => (do_not_call ? <PhoneWords key={phone} number={phone} />
          : <Phone key={phone} number={phone} />))}</p>)}
      {(online_id || email) && (
        <p className={css.quietLine}>{[online_id, email].filter(Boolean).join(' · ')}</p>)}
      {note && <p className={css.quietLine}>{note}</p>}
    </div>
  )
}

/** The form of one contact, with the ways to part from them. */
function Changing({ contact, ...props }: ContactsProps & { contact: ContactView }) {
  const say = useSay()
  const { record, search, set } = props
  const action = search.how === 'drop' ? 'drop_contact' : search.how === 'erase' ? 'erase_contact' : 'change_contact'
  const may = (name: string) => record.offers.some((offer) => offer.action === name && offer.live)
  const [phone, phone2, phone3] = contact.phones
  const start = { contact_name: contact.name ?? undefined, contact_phone: phone, contact_phone_2: phone2,
    contact_phone_3: phone3, contact_role: contact.role ?? undefined, contact_online_id: contact.online_id ?? undefined,
    contact_email: contact.email ?? undefined, contact_do_not_call: contact.do_not_call || undefined,
    contact_note: contact.note ?? undefined }
  return (
    <>
      <Form {...props} action={action} contact={contact.id} start={action === 'change_contact' ? start : undefined} />
      {action === 'change_contact' && (
        <p className={css.parting}>
          {may('drop_contact') && <button type="button" onClick={() => set({ how: 'drop' })}>
            {say('customer.contact_drop')}</button>}
          {may('erase_contact') && <button type="button" onClick={() => set({ how: 'erase' })}>
            {say('customer.contact_erase')}</button>}
        </p>)}
    </>
  )
}

function Form({ record, definition, action, contact, start, set, onDone }: ContactsProps & { action: string
  contact?: string; start?: Record<string, unknown> }) {
  const offer = record.offers.find((one) => one.action === action) ?? null
  const close = () => set({ contact: undefined, how: undefined })
  return (
    <div className={css.inline}>
      <ActionForm key={`${action} ${contact}`} definition={definition} action={action} record={record} offer={offer}
        draft={contact ?? 'new'} start={start} fixed={contact ? { contact } : undefined} focus
        onDone={() => { close(); onDone() }} onCancel={close} />
    </div>
  )
}
