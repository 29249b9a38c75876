import { fail } from '../../engine/fields.ts'
import type { Refusal } from '../../engine/refusal.ts'
import type { Ctx } from '../context.ts'
import { addContact, changeContact, dropContact, eraseContact, eraseContacts, handOverContacts }
  from '../customers/contacts.ts'
import { addMonths } from '../../processes/customers/warranty.ts'
import { initialsKeys, nameKey, phoneKey, pinyinKeys } from '../customers/keys.ts'
import { lastContact, refuseUnlessActive, withCustomerFacts } from '../customers/standing.ts'
import { dateIn, instantIn } from '../company-time.ts'
import { takenBy } from '../taken.ts'
import { type Tx, sql } from '../db.ts'
import { limitsNow } from '../settings.ts'
import type { Act, Noun } from './noun.ts'

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

/** 客户 */
export const customer: Noun = {
  table: 'customer',
  columns: ['customer_kind', 'name', 'short_name', 'phone', 'address', 'zone', 'online_id', 'fax', 'email', 'industry',
    'settlement', 'contract', 'engineer', 'source', 'loyalty', 'remark', 'merged_into', 'relation', 'grade', 'agent',
    'tags', 'wishes', 'confirmed_on', 'confirm_by_at', 'silent_at', 'settled_at', 'name_key', 'initials', 'pinyin',
    'short_key', 'short_initials', 'short_pinyin', 'phone_digits'],
  number: { prefix: 'KH', period: 'ever', digits: 5 },
  derive: (_head, values) => ({ is_contract: values.contract === true }),
  blank: { has_open_cases: false, is_silent: false },
  facts: (ctx, reader, ids) => withCustomerFacts(ctx, reader, ids),
  title: (values) => text(values.name) ?? '—',
  follows: (changes) => ({
    ...('name' in changes && { name_key: keyOf(changes.name, nameKey), initials: keysOf(changes.name, initialsKeys),
      pinyin: keysOf(changes.name, pinyinKeys) }),
    ...('short_name' in changes && { short_key: keyOf(changes.short_name, nameKey),
      short_initials: keysOf(changes.short_name, initialsKeys), short_pinyin: keysOf(changes.short_name, pinyinKeys) }),
    ...('phone' in changes && { phone_digits: keyOf(changes.phone, phoneKey) }),
  }),
  search: ['name', 'short_name', 'phone', 'online_id', 'address', 'industry', 'tags', 'wishes', 'remark'],
  async erases(_ctx, tx, act) {
    await eraseContacts(tx, act.id)
    return null
  },
  writes: {
    async register(ctx, tx, act) {
      const refusal = await refuseTwin(ctx, tx, act)
      if (refusal) return refusal
      if (act.input.settlement === undefined) act.set('settlement', 'cash')
      if (act.input.contract === undefined) act.set('contract', false)
      await lookedOver(ctx, tx, act)
      await inTouch(ctx, tx, act)
      return addContact(ctx, tx, act)
    },
    add_contact: addContact,
    change_contact: changeContact,
    drop_contact: dropContact,
    erase_contact: eraseContact,
    async confirm(ctx, tx, act) {
      await lookedOver(ctx, tx, act)
      return null
    },
    /** What is known of the last contact is read anew: the silence is counted from there. */
    async review_contact(ctx, tx, act) {
      const last = await lastContact(tx, act.id)
      await inTouch(ctx, tx, act, last ?? Date.parse(act.head!.opened_at))
      return null
    },
    async win_back(ctx, tx, act) {
      await inTouch(ctx, tx, act)
      const { 'customer.settle_months': months } = await limitsNow(ctx, tx)
      act.set('settled_at', months === undefined ? null : monthsLater(ctx, Date.parse(act.at), months))
      return null
    },
    merge,
  },
}

/** 18:00 of the same day some months later, as ISO. */
const monthsLater = (ctx: Ctx, from: number, months: number): string => {
  const zone = ctx.company.time_zone
  return new Date(instantIn(zone, addMonths(dateIn(zone, from), months), 18)).toISOString()
}

/** The file was looked over today; the next time is due when the company's setting says. Source: S3-006, S0-044. */
async function lookedOver(ctx: Ctx, tx: Tx, act: Act): Promise<void> {
  const { 'customer.confirm_months': months } = await limitsNow(ctx, tx)
  act.set('confirmed_on', dateIn(ctx.company.time_zone, Date.parse(act.at)))
  act.set('confirm_by_at', months === undefined ? null : monthsLater(ctx, Date.parse(act.at), months))
}

/** From a contact on, the silence is counted anew. Source: S3-023, A70. */
async function inTouch(ctx: Ctx, tx: Tx, act: Act, since = Date.parse(act.at)): Promise<void> {
  const { 'customer.lost_months': months } = await limitsNow(ctx, tx)
  // One that is silent already is told once: its clock rests until somebody wins it back.
  const until = months === undefined ? null : monthsLater(ctx, since, months)
  act.set('silent_at', until !== null && Date.parse(until) > ctx.now ? until : null)
}

const keyOf = (value: unknown, key: (text: string) => string): string | null => {
  const given = text(value)
  return given === null ? null : key(given) || null
}
const keysOf = (value: unknown, keys: (text: string) => string[]): string[] => {
  const given = text(value)
  return given === null ? [] : keys(given)
}

/**
 * The same name with the same phone is the same customer, unless the form says that it is another. Two people who
 * register the same one at the same moment queue here, and the second is told.
 */
async function refuseTwin(ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  const phones = [act.input.phone, act.input.contact_phone].flatMap((phone) => keyOf(phone, phoneKey) ?? [])
  const name = keyOf(act.input.name, nameKey)
  if (name === null || phones.length === 0 || act.input.is_another === true) return null
  void tx.query(sql`select pg_advisory_xact_lock(hashtext(${`customer ${name}`}::text), current_company())`
    .named('lock_customer_name'))
  const [twin] = await tx.query<{ id: string }>(sql`
    select r.id from customer c join record r on r.company_id = c.company_id and r.id = c.id
    where c.id = any(array(select k.source from lookup_key k
        where k.kind = 'name' and k.starts and k.key = left(${name}::text, 24)))
      and c.name_key = ${name} and r.kind <> 'void'
      and (c.phone_digits = any(${phones}::text[]) or exists (select from contact p
        where p.customer = c.id and p.active and p.phones && ${phones}::text[]))
    limit 1`.named('customer_twin'))
  return twin ? { code: 'bad_input', fields: [await takenBy(ctx, tx, 'name', { process: 'customer', id: twin.id })] } : null
}

/**
 * Everything that goes on goes to the other customer: people, machines, places, open cases. What is done stays where it was
 * done. Refused unless the other one is there to deal with.
 */
async function merge(_ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  const into = String(act.input.into)
  if (into === act.id) return { code: 'bad_input', fields: [fail('into', 'not_an_option')] }
  const refusal = await refuseUnlessActive(tx, into, 'into')
  if (refusal) return refusal
  act.set('merged_into', into)
  void tx.query(sql`
    update record set customer = ${into}::uuid
    where customer = ${act.id}::uuid and (kind in ('active', 'waiting') or process in ('machine', 'site'))`.named('merge_records'))
  await handOverContacts(tx, { id: act.id, seq: act.seq, number: act.head!.number, name: text(act.values.name),
    phone: text(act.values.phone), online_id: text(act.values.online_id) }, into)
  return null
}
