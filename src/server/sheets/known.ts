import { type AnyProcess, own } from '../../engine/define.ts'
import { Fragment, type Row, type Tx, sql } from '../db.ts'
import { headList, headOf, valuesOf } from '../case.ts'
import { nameKey, phoneKey } from '../customers/keys.ts'
import { sightCondition, sightOf } from '../policy.ts'
import { headFields } from '../records/noun.ts'
import { rowKey } from '../run.ts'
import type { Draft } from './draft.ts'
import type { Place } from './job.ts'
import { type SheetKind, calledBy } from './kinds.ts'

/** A record that is there, as it stands now. `contact`: the person within it that a row is about. */
export type Known = { id: string; seq: number; state: string; values: Readonly<Record<string, unknown>>; contact: string | null
  customer_title: string | null
  /** Of a customer, the people there, where a row names somebody; of a contact, its telephone numbers. */
  people: People | null }

export type People = { names: ReadonlySet<string>; phones: ReadonlySet<string> }

/**
 * Which record a row is about. several: that many fit it; taken: its key is another record's. `seen` false: there is such a
 * record, and the person who brought the sheet does not see it, or it need not be looked at.
 */
export type Match = { several: number } | { taken: true } | { seen: false; id: string } | { seen: true; known: Known }

/** Between the parts of a key. */
export const keySign = '\u001f'

const textOf = (value: unknown): string => (typeof value === 'string' ? value.toUpperCase() : '')

/** What tells a row's record from others. `wanted`: the part by which it is looked up, as its column holds it. */
export type Key = { parts: readonly string[]; wanted: string }

/** null: nothing tells it apart, then the whole row stands for it. */
export function keyOf({ kind, noun, process }: Place, draft: Draft): Key | null {
  const values: Record<string, unknown> = { ...draft.input, ...(kind.on ? {} : noun.follows?.(draft.input)) }
  const parts = kind.key.map((name) => textOf(values[name]))
  if (parts.length === 0 || parts[0] === '') return null
  if (kind.on) return { parts: [draft.record ?? '', ...parts], wanted: '' }
  const wanted = values[kind.key[lookedUpBy(kind, process)]!]
  return { parts, wanted: typeof wanted !== 'string' ? '' : calledBy[process.name]?.any_case ? wanted.toUpperCase() : wanted }
}

/** Which part of a key an index knows: the first; of places their customer. */
const lookedUpBy = (kind: SheetKind, process: AnyProcess): number =>
  (own(calledBy, process.name) ? 0 : kind.key.indexOf('customer'))

/** The request of a new row that has a key of its own. */
export const requestOf = (place: Place, parts: readonly string[]): Buffer =>
  rowKey(place.ctx.company.id, [place.job.kind, ...parts].join(keySign))

type Candidate = { id: string; parts: string[] }

/** Of each row of a slice the record that is there already: by its number, by its key, by the request that made it. */
export async function findKnown(place: Place, tx: Tx, drafts: readonly Draft[], keys: ReadonlyMap<Draft, Key | null>):
  Promise<ReadonlyMap<Draft, Match>> {
  if (place.kind.on) return findContacts(place, tx, drafts)
  const [numbers, candidates] = await Promise.all([byNumber(place, tx, drafts), byKey(place, tx, [...keys.values()])])
  const ids = new Map<Draft, string>()
  const matches = new Map<Draft, Match>()
  for (const draft of drafts) {
    const parts = keys.get(draft)?.parts ?? null
    const fits = parts === null ? [] : fitting(place, candidates.get(parts[0]!) ?? [], parts)
    const numbered = draft.number === null ? undefined : numbers.get(draft.number)
    const others = fits.filter(({ id, parts: theirs }) => id !== numbered && theirs.join(keySign) === parts!.join(keySign))
    if (numbered !== undefined && others.length > 0 && place.noun.unique) matches.set(draft, { taken: true })
    else if (numbered !== undefined) ids.set(draft, numbered)
    else if (fits.length > 1 && place.job.updates) matches.set(draft, { several: fits.length })
    else if (fits.length > 0) ids.set(draft, fits[0]!.id)
  }
  const rest = drafts.filter((draft) => keys.get(draft) && !ids.has(draft) && !matches.has(draft))
  for (const [draft, id] of await byRequest(place, tx, rest, keys)) ids.set(draft, id)
  const records = place.job.updates ? await readRecords(place, tx, [...new Set(ids.values())]) : new Map<string, Known>()
  for (const [draft, id] of ids) {
    const known = records.get(id)
    matches.set(draft, known ? { seen: true, known } : { seen: false, id })
  }
  return matches
}

/** Those whose key is the row's; with changes also those that the row says less of, or that are told by one part alone. */
function fitting({ kind, job }: Place, candidates: readonly Candidate[], parts: readonly string[]): readonly Candidate[] {
  const exact = candidates.filter((one) => one.parts.every((part, index) => part === parts[index]))
  if (exact.length > 0 || !job.updates) return exact
  const loose = candidates.filter((one) => one.parts.every((part, index) => parts[index] === '' || part === parts[index]
    || (kind.key[index] === 'phone_digits' && withoutZeros(part) === withoutZeros(parts[index]!))))
  return loose.length > 0 || kind.alone !== kind.key[0] ? loose : candidates
}

/** A spreadsheet takes the number of a telephone for a number, and loses the 0 in front. */
export const withoutZeros = (digits: string): string => digits.replace(/^0+/, '')

async function byNumber({ process }: Place, tx: Tx, drafts: readonly Draft[]): Promise<ReadonlyMap<string, string>> {
  const numbers = [...new Set(drafts.flatMap(({ number }) => number ?? []))]
  if (numbers.length === 0) return new Map()
  const rows = await tx.query<{ id: string; number: string }>(sql`
    select id, number from record where process = ${process.name} and number = any(${numbers}::text[])`.named('sheet_numbers'))
  return new Map(rows.map(({ id, number }) => [number, id]))
}

/** Candidates by the first part of their keys, which an index knows; of places by their customer. */
async function byKey({ kind, noun, process }: Place, tx: Tx, keys: readonly (Key | null)[]):
  Promise<ReadonlyMap<string, Candidate[]>> {
  const wanted = [...new Set(keys.flatMap((key) => (key && key.wanted !== '' ? [key.wanted] : [])))]
  const found = new Map<string, Candidate[]>()
  if (wanted.length === 0) return found
  const columns = kind.key.map((name) => ((headFields as readonly string[]).includes(name) ? `r.${name}::text` : `n.${name}`))
  const column = new Fragment(columns[lookedUpBy(kind, process)]!.replace('::text', ''), [])
  const condition = own(calledBy, process.name) === undefined ? sql`${column} = any(${wanted}::uuid[])`
    : calledBy[process.name]!.any_case ? sql`upper(${column}) = any(${wanted}::text[])` : sql`${column} = any(${wanted}::text[])`
  const rows = await tx.query<{ id: string; parts: (string | null)[] }>(sql`
    select r.id, array[${new Fragment(columns.join(', '), [])}] as parts from ${new Fragment(noun.table, [])} n
    join record r on r.company_id = n.company_id and r.id = n.id
    where ${condition} and r.process = ${process.name} and r.kind <> 'void' order by r.id`.named(`sheet_keys:${process.name}`))
  for (const { id, parts } of rows) {
    const one = { id, parts: parts.map(textOf) }
    const others = found.get(one.parts[0]!)
    if (others) others.push(one)
    else found.set(one.parts[0]!, [one])
  }
  return found
}

/** Whatever a row of its key made once, however it was changed since. */
async function byRequest(place: Place, tx: Tx, drafts: readonly Draft[], keys: ReadonlyMap<Draft, Key | null>):
  Promise<readonly (readonly [Draft, string])[]> {
  if (drafts.length === 0) return []
  const requests = drafts.map((draft) => requestOf(place, keys.get(draft)!.parts))
  const rows = await tx.query<{ record_id: string; request_key: Buffer }>(sql`
    select record_id, request_key from event where request_key = any(${requests}::bytea[])`.named('sheet_requests'))
  const found = new Map(rows.map(({ record_id, request_key }) => [request_key.toString('hex'), record_id]))
  return drafts.flatMap((draft, index) => {
    const id = found.get(requests[index]!.toString('hex'))
    return id === undefined ? [] : [[draft, id] as const]
  })
}

/** Records as they stand, those that this person sees. */
async function readRecords(place: Place, tx: Tx, ids: readonly string[]): Promise<Map<string, Known>> {
  const { ctx, noun, process } = place
  if (ids.length === 0) return new Map()
  const columns = new Fragment(noun.columns.map((column) => `, n.${column} as v_${column}`).join(''), [])
  const rows = await tx.query<Row & { customer_title: string | null }>(sql`
    select ${headList}${columns}, c.title as customer_title from record r
    join ${new Fragment(noun.table, [])} n on n.company_id = r.company_id and n.id = r.id
    left join record c on c.company_id = r.company_id and c.id = r.customer
    where r.id = any(${ids}::uuid[]) and r.process = ${process.name} and ${sightCondition(sightOf(process.name, ctx.actor))}`)
  const people = await peopleAt(place, tx, ids)
  return new Map(rows.map((row) => {
    const head = headOf(row)
    return [head.id, { id: head.id, seq: head.seq, state: head.state, values: valuesOf(head, noun, row), contact: null,
      customer_title: row.customer_title, people: people.get(head.id) ?? null }]
  }))
}

/** The people of these customers, where the sheet names people beside them. */
async function peopleAt({ kind, job }: Place, tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, People>> {
  if (kind.process !== 'customer' || !job.fields.some((name) => name?.startsWith('contact_'))) return new Map()
  const rows = await tx.query<{ customer: string; names: string[]; phones: string[] }>(sql`
    select i.id as customer, array(select p.name_key from contact p where p.customer = i.id and p.name_key is not null) as names,
      array(select f.phone from contact p cross join lateral unnest(p.phones) f (phone) where p.customer = i.id) as phones
    from unnest(${ids}::uuid[]) as i (id)`.named('sheet_people_at'))
  return new Map(rows.map(({ customer, names, phones }) => [customer, { names: new Set(names), phones: new Set(phones) }]))
}

type ContactRow = { id: string; customer: string; seq: number; state: string; name: string | null; name_key: string | null
  phones: string[]; role: string | null; online_id: string | null; email: string | null; do_not_call: boolean
  note: string | null }

/** People of the customers that rows name: by their name, or by a mobile number, which is nobody else's. */
async function findContacts({ ctx, job }: Place, tx: Tx, drafts: readonly Draft[]): Promise<ReadonlyMap<Draft, Match>> {
  const customers = [...new Set(drafts.flatMap(({ record }) => record ?? []))]
  const matches = new Map<Draft, Match>()
  if (customers.length === 0 || !job.updates) return matches
  const rows = await tx.query<ContactRow>(sql`
    select p.id, p.customer, r.seq, r.state, p.name, p.name_key, p.phones, p.role, p.online_id, p.email, p.do_not_call, p.note
    from contact p join record r on r.company_id = p.company_id and r.id = p.customer
    where p.customer = any(${customers}::uuid[]) and p.active and ${sightCondition(sightOf('customer', ctx.actor))}
    order by p.id`)
  const of = new Map<string, ContactRow[]>()
  for (const row of rows) {
    const others = of.get(row.customer)
    if (others) others.push(row)
    else of.set(row.customer, [row])
  }
  for (const draft of drafts) {
    const fits = fittingContacts(of.get(draft.record ?? '') ?? [], draft.input)
    if (fits.length > 1) matches.set(draft, { several: fits.length })
    else if (fits.length === 1) matches.set(draft, { seen: true, known: knownContact(fits[0]!) })
  }
  return matches
}

const isMobile = (phone: string): boolean => /^1[3-9]\d{9}$/.test(phone)

function fittingContacts(contacts: readonly ContactRow[], input: Readonly<Record<string, unknown>>): readonly ContactRow[] {
  const phones = ['contact_phone', 'contact_phone_2', 'contact_phone_3'].flatMap((name) =>
    (typeof input[name] === 'string' ? [phoneKey(input[name])] : []))
  const name = typeof input.contact_name === 'string' ? nameKey(input.contact_name) : ''
  const named = contacts.filter((one) => name !== '' && one.name_key === name)
  const both = named.filter((one) => one.phones.some((phone) => phones.includes(phone)))
  if (both.length > 0) return both
  return named.length > 0 ? named : contacts.filter((one) => one.phones.some((phone) => isMobile(phone) && phones.includes(phone)))
}

function knownContact({ id, customer, seq, state, phones, ...row }: ContactRow): Known {
  return { id: customer, seq, state, contact: id, customer_title: null, people: { names: new Set(), phones: new Set(phones) },
    values: { contact_name: row.name,
    contact_phone: phones[0] ?? null, contact_phone_2: phones[1] ?? null, contact_phone_3: phones[2] ?? null,
    contact_role: row.role, contact_online_id: row.online_id, contact_email: row.email, contact_do_not_call: row.do_not_call,
    contact_note: row.note } }
}
