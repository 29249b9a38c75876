import { uuidv7 } from 'uuidv7'
import { fail, isUuid } from '../../engine/fields.ts'
import type { Refusal } from '../../engine/refusal.ts'
import type { Ctx } from '../context.ts'
import { type Tx, sql } from '../db.ts'
import type { Act } from '../records/noun.ts'
import { initialsKeys, nameKey, phoneKey, pinyinKeys } from './keys.ts'

/** A contact as an action's form names it. */
type ContactForm = { name: string | null; phones: string[]; role: string | null; online_id: string | null
  email: string | null; do_not_call: boolean; note: string | null }
/** The event in which somebody was first named. */
type Birth = { id: string; seq: number }

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)

const formOf = (input: Readonly<Record<string, unknown>>): ContactForm => ({
  name: text(input.contact_name),
  phones: [...new Set([input.contact_phone, input.contact_phone_2, input.contact_phone_3].flatMap((phone) => text(phone) ?? [])
    .map(phoneKey).filter((digits) => digits !== ''))],
  role: text(input.contact_role), online_id: text(input.contact_online_id), email: text(input.contact_email),
  do_not_call: input.contact_do_not_call === true, note: text(input.contact_note),
})

const keysOf = (name: string | null) => ({ name_key: name === null ? null : nameKey(name),
  initials: name === null ? [] : initialsKeys(name), pinyin: name === null ? [] : pinyinKeys(name) })

function insertContact(tx: Tx, customer: string, contact: ContactForm, born: Birth): Promise<unknown> {
  const { name_key, initials, pinyin } = keysOf(contact.name)
  return tx.query(sql`
    insert into contact (company_id, id, customer, name, phones, role, online_id, email, do_not_call, note, name_key,
      initials, pinyin, born_in, born_seq)
    values (current_company(), ${uuidv7()}::uuid, ${customer}::uuid, ${contact.name}, ${contact.phones}::text[],
      ${contact.role}, ${contact.online_id}, ${contact.email}, ${contact.do_not_call}::boolean, ${contact.note},
      ${name_key}, ${initials}::text[], ${pinyin}::text[], ${born.id}::uuid, ${born.seq}::int)`.named('insert_contact'))
}

/** 新增联系人. At a registration the form may name nobody. */
export async function addContact(_ctx: Ctx, tx: Tx, act: Act): Promise<null> {
  const contact = formOf(act.input)
  if (contact.name !== null || contact.phones.length > 0) await insertContact(tx, act.id, contact, act)
  return null
}

const unknownContact: Refusal = { code: 'bad_input', fields: [fail('contact', 'unknown_record')] }

/** 修改联系人: the form is the whole contact as it shall be. */
export async function changeContact(_ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  if (!isUuid(act.input.contact)) return unknownContact
  const contact = formOf(act.input)
  const { name_key, initials, pinyin } = keysOf(contact.name)
  const changed = await tx.query(sql`
    update contact set name = ${contact.name}, phones = ${contact.phones}::text[], role = ${contact.role},
      online_id = ${contact.online_id}, email = ${contact.email}, do_not_call = ${contact.do_not_call}::boolean, note = ${contact.note},
      name_key = ${name_key}, initials = ${initials}::text[], pinyin = ${pinyin}::text[]
    where id = ${act.input.contact}::uuid and customer = ${act.id}::uuid and active
    returning id`.named('change_contact'))
  return changed.length === 1 ? null : unknownContact
}

/** 停用联系人: found no more; what was written about them stays. */
export async function dropContact(_ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  if (!isUuid(act.input.contact)) return unknownContact
  const dropped = await tx.query(sql`
    update contact set active = false where id = ${act.input.contact}::uuid and customer = ${act.id}::uuid and active
    returning id`.named('drop_contact'))
  return dropped.length === 1 ? null : unknownContact
}

/**
 * The people of a customer go over to the one that it is merged into. Its own name and phone go with them as one more
 * contact, so that whoever knows only those still finds it.
 */
export async function handOverContacts(tx: Tx, from: Birth & { number: string; name: string | null
  phone: string | null; online_id: string | null }, to: string): Promise<void> {
  void tx.query(sql`update contact set customer = ${to}::uuid where customer = ${from.id}::uuid`
    .named('hand_over_contacts'))
  if (from.name === null && from.phone === null) return
  const phones = from.phone === null ? [] : [phoneKey(from.phone)]
  const key = from.name === null ? null : nameKey(from.name)
  const [same] = await tx.query<{ same: boolean }>(sql`
    select name_key is not distinct from ${key}::text and coalesce(phone_digits, '') = ${phones[0] ?? ''}::text as same
    from customer where id = ${to}::uuid`.named('same_customer_data'))
  if (same?.same) return
  await insertContact(tx, to, { name: from.name, phones, role: null, online_id: from.online_id, email: null,
    do_not_call: false, note: from.number }, from)
}

/** Personal data of every contact of a customer is blanked; the rows stay, since links and events name them. */
export async function eraseContacts(tx: Tx, customer: string): Promise<void> {
  await tx.query(sql`
    update contact set name = null, phones = '{}', online_id = null, email = null, note = null, name_key = null,
      initials = '{}', pinyin = '{}', active = false
    where customer = ${customer}::uuid`.named('erase_contacts'))
}

/**
 * One person asks to be forgotten: their row is blanked, and what the customer's events say of them. Cases stay, with
 * what they say about the work.
 */
export async function eraseContact(_ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  if (!isUuid(act.input.contact)) return unknownContact
  const [found] = await tx.query(sql`select id from contact where id = ${act.input.contact}::uuid
    and customer = ${act.id}::uuid for update`.named('contact_to_erase'))
  if (!found) return unknownContact
  void tx.query(sql`select erase_contact(${act.input.contact}::uuid)`.named('erase_contact_events'))
  await tx.query(sql`
    update contact set name = null, phones = '{}', online_id = null, email = null, note = null, name_key = null,
      initials = '{}', pinyin = '{}', active = false
    where id = ${act.input.contact}::uuid`.named('erase_contact'))
  return null
}
