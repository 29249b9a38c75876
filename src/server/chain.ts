import { Fragment, type Statement, type Tx, sql } from './db.ts'
import type { Head, Noun } from './records/noun.ts'

/** One link of a chain, ready to be written: the event, the head after it, and all that goes with them. */
export type Link = {
  id: string; process: string; action: string; seq: number; from_state: string | null; to_state: string
  at: string; at_note: 'clamped' | 'imported' | null; recorded_at: string
  actor_kind: string; actor_id: string | null; on_behalf_of: string | null; via: string
  request_key: Buffer; request_hash: Buffer; settings_revision: number
  input: Record<string, unknown>; waived: readonly unknown[]; shown: readonly string[]
  head: HeadAfter; noun: Record<string, unknown>; extra: Record<string, unknown>
  effects: readonly { kind: string; effect: object }[]
  timer: { due_at: string | null; clock: string | null; step: string | null } | null
  /** What the former system called it, of an event that is brought in. */
  activity: { activity: string | null; phase: 'start' | 'complete' } | null
}

export type HeadAfter = Pick<Head, 'title' | 'owner' | 'handler' | 'team' | 'customer' | 'machine' | 'kind'
  | 'next_action' | 'owed_by' | 'next_due_at' | 'next_strike' | 'closed_at' | 'agreed'>

/** What only a creation has. `period` null: the number was given from outside (import). */
export type Birth = { parent: string | null; root: string; author: string | null; old_number: string | null
  prefix: string; period: string | null; digits: number }

const raw = (text: string) => new Fragment(text, [])
const json = (value: unknown) => JSON.stringify(value)

const eventOf = (link: Link) => sql`
  insert into event (company_id, record_id, seq, prev_seq, process, action, from_state, to_state, at, recorded_at,
    at_note, actor_kind, actor_id, on_behalf_of, via, request_key, request_hash, settings_revision, input, waived, shown)
  values (current_company(), ${link.id}, ${link.seq}::int, ${link.seq === 1 ? null : link.seq - 1}::int,
    ${link.process}, ${link.action}, ${link.from_state}, ${link.to_state}, ${link.at}::timestamptz,
    ${link.recorded_at}::timestamptz, ${link.at_note}, ${link.actor_kind}, ${link.actor_id}::uuid,
    ${link.on_behalf_of}::uuid, ${link.via}, ${link.request_key}::bytea, ${link.request_hash}::bytea,
    ${link.settings_revision}::int, ${json(link.input)}::jsonb,
    ${link.waived.length > 0 ? json(link.waived) : null}::jsonb,
    ${link.shown.length > 0 ? link.shown : null}::text[])`

const dirtyOf = (link: Link) => sql`
  insert into search_dirty (company_id, record_id) values (current_company(), ${link.id})`

const effectsOf = (link: Link) => sql`
  insert into outbox (company_id, record_id, seq, n, kind, effect, next_at)
  select current_company(), ${link.id}, ${link.seq}::int, e.ordinality::int, e.value->>'kind', e.value->'effect',
    ${link.recorded_at}::timestamptz
  from jsonb_array_elements(${json(link.effects)}::jsonb) with ordinality e`

const activityOf = (link: Link) => sql`
  insert into event_activity (company_id, record_id, seq, process, activity, phase, at)
  values (current_company(), ${link.id}, ${link.seq}::int, ${link.process}, ${link.activity!.activity},
    ${link.activity!.phase}, ${link.at}::timestamptz)`

const timerOf = (link: Link) => sql`
  insert into timer (company_id, record_id, due_at, clock, step)
  values (current_company(), ${link.id}, ${link.timer!.due_at}::timestamptz, ${link.timer!.clock},
    ${link.timer!.step})
  on conflict (company_id, record_id) do update set due_at = excluded.due_at, clock = excluded.clock,
    step = excluded.step, leased_until = null, tries = 0`

const extraOf = (link: Link) => sql`
  insert into extra_index (company_id, record_id, process, name, text_value, number_value, at_value)
  select current_company(), ${link.id}, ${link.process}, x.name, x.text_value, x.number_value, x.at_value
  from jsonb_to_recordset(${json(extraRows(link.extra))}::jsonb)
    as x (name text, text_value text, number_value bigint, at_value timestamptz)
  on conflict (company_id, record_id, name) do update set text_value = excluded.text_value,
    number_value = excluded.number_value, at_value = excluded.at_value`

const instantLike = /^\d{4}-\d{2}-\d{2}T/

const extraRows = (extra: Record<string, unknown>) => Object.entries(extra).map(([name, value]) => ({
  name,
  text_value: typeof value === 'string' && !instantLike.test(value) ? value.slice(0, 200) : null,
  number_value: typeof value === 'number' ? value : typeof value === 'boolean' ? Number(value) : null,
  at_value: typeof value === 'string' && instantLike.test(value) ? value : null,
}))

/** The optional parts of a statement; their letters make its name, so that each shape is planned once. */
function tail(link: Link): { parts: Fragment; shape: string } {
  const parts: Fragment[] = [sql`, dirty as (${dirtyOf(link)})`]
  let shape = ''
  const add = (letter: string, part: Fragment) => { parts.push(part); shape += letter }
  if (link.effects.length > 0) add('e', sql`, effects as (${effectsOf(link)})`)
  if (link.activity?.activity) add('a', sql`, activities as (${activityOf(link)})`)
  if (link.timer) add('t', sql`, timers as (${timerOf(link)})`)
  if (Object.keys(link.extra).length > 0) add('x', sql`, extras as (${extraOf(link)})`)
  return { parts: parts.reduce((all, part) => sql`${all}${part}`), shape }
}

/** The event, the head and everything that goes with an act on a record that exists: one statement. */
function actStatement(link: Link, noun: Noun): Statement {
  const { head } = link
  const { parts, shape } = tail(link)
  const ownChange = Object.keys(link.noun).length > 0
  const columns = noun.columns.join(', ')
  const own = !ownChange ? sql`` : sql`, own as (update ${raw(noun.table)} n
    set ${raw(`(${columns}) = (select ${noun.columns.map((column) => `p.${column}`).join(', ')}`)}
      from jsonb_populate_record(n, ${json(link.noun)}::jsonb) p) where n.id = ${link.id})`
  return sql`
    with chain as (${eventOf(link)})${own}${parts}
    update record r set seq = ${link.seq}::int, state = ${link.to_state}, kind = ${head.kind},
      title = ${head.title}, owner = ${head.owner}::uuid, handler = ${head.handler}::uuid, team = ${head.team},
      customer = ${head.customer}::uuid, machine = ${head.machine}::uuid, next_action = ${head.next_action},
      owed_by = ${head.owed_by}, next_due_at = ${head.next_due_at}::timestamptz, next_strike = ${head.next_strike},
      closed_at = ${head.closed_at}::timestamptz, changed_at = ${link.at}::timestamptz,
      extra = extra || ${json(link.extra)}::jsonb, agreed = ${head.agreed && json(head.agreed)}::jsonb
    where r.id = ${link.id} and r.seq = ${link.seq - 1}::int
    returning r.number`.named(`act:${link.process}:${shape}${ownChange ? 'o' : ''}`)
}

/** The same for a record that begins here. The counter's row is touched in this last statement only. */
function birthStatement(link: Link, noun: Noun, birth: Birth): Statement {
  const { head } = link
  const { parts, shape } = tail(link)
  const columns = noun.columns.join(', ')
  const number = birth.period === null
    ? sql`select ${birth.old_number ?? link.id}::text as number`
    : sql`insert into number_counter as c (company_id, process, period, last)
        values (current_company(), ${link.process}, ${birth.period}, 1)
        on conflict (company_id, process, period) do update set last = c.last + 1
        returning ${birth.prefix}::text || lpad(last::text, greatest(${birth.digits}::int, length(last::text)), '0')
          as number`
  return sql`
    with numbered as (${number}), chain as (${eventOf(link)}),
    own as (insert into ${raw(noun.table)} ${raw(`(company_id, id${columns && `, ${columns}`})`)}
      select current_company(), ${link.id}::uuid${raw(noun.columns.map((column) => `, p.${column}`).join(''))}
      from jsonb_populate_record(null::${raw(noun.table)}, ${json(link.noun)}::jsonb) p)${parts}
    insert into record (company_id, id, process, number, old_number, title, seq, state, kind, parent, root, customer,
      machine, owner, handler, author, team, next_action, owed_by, next_due_at, next_strike, opened_at, changed_at,
      closed_at, settings_revision, extra, agreed)
    select current_company(), ${link.id}, ${link.process}, numbered.number, ${birth.old_number}, ${head.title}, 1,
      ${link.to_state}, ${head.kind}, ${birth.parent}::uuid, ${birth.root}::uuid, ${head.customer}::uuid,
      ${head.machine}::uuid, ${head.owner}::uuid, ${head.handler}::uuid, ${birth.author}::uuid, ${head.team},
      ${head.next_action}, ${head.owed_by}, ${head.next_due_at}::timestamptz, ${head.next_strike},
      ${link.at}::timestamptz, ${link.at}::timestamptz, ${head.closed_at}::timestamptz,
      ${link.settings_revision}::int, ${json(link.extra)}::jsonb, ${head.agreed && json(head.agreed)}::jsonb
    from numbered returning number`.named(`birth:${link.process}:${shape}${birth.period === null ? 'i' : ''}`)
}

/** How the links of an attempt are written: one by one with their commit, or gathered by whoever has many. */
export type WriteLink = (tx: Tx, link: Link, noun: Noun, birth: Birth | null) => Promise<string>

/**
 * Writes one link: event, head, own columns, clocks, effects and number in one statement, with the commit in the same
 * trip. The only place in the program that writes a state.
 *
 * @returns the number of the record
 */
export async function writeLink(tx: Tx, link: Link, noun: Noun, birth: Birth | null): Promise<string> {
  const written = tx.query<{ number: string }>(birth ? birthStatement(link, noun, birth) : actStatement(link, noun))
  const committed = tx.commit()
  committed.catch(() => {})
  const [row] = await written
  await committed
  if (!row) throw new Error(`the record ${link.id} is not at event ${link.seq - 1}: the lock was not held`)
  return row.number
}

/** The link as one row of a table: what `birthsStatement` reads. */
const rowOf = (link: Link, birth: Birth, n: number) => ({ ...link.head, n, id: link.id, action: link.action,
  to_state: link.to_state, at: link.at, recorded_at: link.recorded_at, at_note: link.at_note,
  actor_kind: link.actor_kind, actor_id: link.actor_id, on_behalf_of: link.on_behalf_of, via: link.via,
  request_key: link.request_key.toString('hex'), request_hash: link.request_hash.toString('hex'),
  settings_revision: link.settings_revision, input: link.input, waived: link.waived.length > 0 ? link.waived : null,
  parent: birth.parent, root: birth.root, author: birth.author, old_number: birth.old_number, own: link.noun,
  extra: link.extra, extras: extraRows(link.extra), effects: link.effects,
  strike: link.timer, activity: link.activity?.activity ?? null, phase: link.activity?.phase ?? null })

/**
 * Records of one process that begin together, under numbers that follow each other: what `birthStatement` does, row by
 * row the same, in one statement.
 */
function birthsStatement(links: readonly Link[], noun: Noun, births: readonly Birth[]): Statement {
  const [{ process }, { prefix, period, digits }] = [links[0]!, births[0]!]
  const columns = noun.columns.join(', ')
  const table = raw(noun.table)
  const rows = json(links.map((link, index) => rowOf(link, births[index]!, index + 1)))
  const numbers = period === null ? sql`select 0::bigint as before` : sql`
    insert into number_counter as c (company_id, process, period, last)
      values (current_company(), ${process}, ${period}, ${links.length}::int)
      on conflict (company_id, process, period) do update set last = c.last + excluded.last
      returning last - ${links.length}::int as before`
  const number = period === null ? sql`coalesce(l.old_number, l.id::text)`
    : sql`${prefix}::text || lpad((c.before + l.n)::text, greatest(${digits}::int, length((c.before + l.n)::text)), '0')`
  return sql`
    with link as materialized (select * from jsonb_to_recordset(${rows}::jsonb) as x (n int, id uuid, action text,
      to_state text, at timestamptz, recorded_at timestamptz, at_note text, actor_kind text, actor_id uuid,
      on_behalf_of uuid, via text, request_key text, request_hash text, settings_revision int, input jsonb, waived jsonb,
      title text, owner uuid, handler uuid, team text, customer uuid, machine uuid, kind text, next_action text,
      owed_by text, next_due_at timestamptz, next_strike text, closed_at timestamptz, parent uuid, root uuid,
      author uuid, old_number text, own jsonb, extra jsonb, extras jsonb, effects jsonb, strike jsonb,
      activity text, phase text)),
    chain as (insert into event (company_id, record_id, seq, prev_seq, process, action, from_state, to_state, at,
        recorded_at, at_note, actor_kind, actor_id, on_behalf_of, via, request_key, request_hash, settings_revision,
        input, waived)
      select current_company(), l.id, 1, null, ${process}, l.action, null, l.to_state, l.at, l.recorded_at, l.at_note,
        l.actor_kind, l.actor_id, l.on_behalf_of, l.via, decode(l.request_key, 'hex'), decode(l.request_hash, 'hex'),
        l.settings_revision, l.input, l.waived from link l),
    own as (insert into ${table} ${raw(`(company_id, id${columns && `, ${columns}`})`)}
      select current_company(), l.id${raw(noun.columns.map((column) => `, p.${column}`).join(''))}
      from link l cross join lateral jsonb_populate_record(null::${table}, l.own) p),
    dirty as (insert into search_dirty (company_id, record_id) select current_company(), l.id from link l),
    told as (insert into outbox (company_id, record_id, seq, n, kind, effect, next_at)
      select current_company(), l.id, 1, e.ordinality::int, e.value->>'kind', e.value->'effect', l.recorded_at
      from link l cross join lateral jsonb_array_elements(l.effects) with ordinality e),
    timers as (insert into timer (company_id, record_id, due_at, clock, step)
      select current_company(), l.id, (l.strike->>'due_at')::timestamptz, l.strike->>'clock', l.strike->>'step'
      from link l where jsonb_typeof(l.strike) = 'object'),
    extras as (insert into extra_index (company_id, record_id, process, name, text_value, number_value, at_value)
      select current_company(), l.id, ${process}, x.name, x.text_value, x.number_value, x.at_value
      from link l cross join lateral jsonb_to_recordset(l.extras)
        as x (name text, text_value text, number_value bigint, at_value timestamptz)),
    activities as (insert into event_activity (company_id, record_id, seq, process, activity, phase, at)
      select current_company(), l.id, 1, ${process}, l.activity, l.phase, l.at from link l where l.activity is not null),
    counter as (${numbers})
    insert into record (company_id, id, process, number, old_number, title, seq, state, kind, parent, root, customer,
      machine, owner, handler, author, team, next_action, owed_by, next_due_at, next_strike, opened_at, changed_at,
      closed_at, settings_revision, extra)
    select current_company(), l.id, ${process}, ${number}, l.old_number, l.title, 1, l.to_state, l.kind, l.parent, l.root,
      l.customer, l.machine, l.owner, l.handler, l.author, l.team, l.next_action, l.owed_by, l.next_due_at,
      l.next_strike, l.at, l.at, l.closed_at, l.settings_revision, l.extra
    from link l cross join counter c
    returning id, number`.named(`births:${process}:${period === null ? 'i' : ''}`)
}

/**
 * Writes the first links of records of one process in one statement; whoever calls commits.
 *
 * @returns the numbers by record
 */
export async function writeBirths(tx: Tx, links: readonly Link[], noun: Noun, births: readonly Birth[]):
  Promise<ReadonlyMap<string, string>> {
  const same = links.every((link, index) => link.seq === 1 && link.process === links[0]!.process
    && births[index]!.period === births[0]!.period)
  if (!same) throw new Error('only records of one process and period begin together')
  const rows = await tx.query<{ id: string; number: string }>(birthsStatement(links, noun, births))
  return new Map(rows.map(({ id, number }) => [id, number]))
}
