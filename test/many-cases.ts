import type { Client, ClientConfig } from 'pg'
import { withClient } from '../src/server/database-roles.ts'

/**
 * Many finished and some open to-dos straight into the tables, with a valid chain of events behind each: for tests of
 * plans. Three in a hundred wait for a team, four are in hand, the rest are done or dropped.
 *
 * @param people  members of the company who own, handle and write the cases in turn
 * @param options.unsearched  nothing for the search
 * @param options.quick  superuser only: foreign keys are not asked (a million cases in a minute)
 */
export async function loadManyCases(owner: ClientConfig, company: number, count: number, people: readonly string[],
  options: { quick?: boolean; unsearched?: boolean } = {}): Promise<void> {
  await withClient(owner, async (client) => {
    if (options.quick) await client.query(`set session_replication_role = replica`)
    await client.query('begin')
    await client.query(`set local synchronous_commit = off`)
    await client.query(generated, [count, people])
    for (const statement of [events, heads, tasks]) await client.query(statement, [company])
    const atOnce = options.quick && !options.unsearched && count > wordsByRow && await fewerThan(client, count)
    // Row by row the index of words takes five times as long.
    const [{ how } = { how: '' }] = atOnce ? (await client.query<{ how: string }>(
      `select indexdef as how from pg_indexes where indexname = 'search_grams'`)).rows : []
    if (how) await client.query('drop index search_grams')
    if (!options.unsearched) await client.query(searched, [company])
    if (how) await client.query(`set local maintenance_work_mem = '1GB'`)
    if (how) await client.query(how)
    await client.query('commit')
    await client.query('drop table many')
  })
}

/** Statistics as they are after a while; a vacuum, so that an index answers by itself. */
export async function analyse(superuser: ClientConfig): Promise<void> {
  await withClient(superuser, async (client) => {
    await client.query('vacuum analyze record, event, member, task, extra_index, search_row')
  })
}

/** More rows than this, and more than there are: their index of words is made at once, at the end. */
const wordsByRow = 5_000

async function fewerThan(client: Client, count: number): Promise<boolean> {
  const { rows: [row] } = await client.query<{ n: number }>('select count(*)::int as n from (select from search_row limit $1) s', [count])
  return row!.n < count
}

const generated = `
  create temp table many as
  select i, md5(i::text) as hash, ('2024-11-23T02:00:00Z'::timestamptz + i * (interval '730 days' / $1::int)) as at,
    p.people[1 + i % n.n] as handler, p.people[1 + (i / 7) % n.n] as owner, p.people[1 + (i / 3) % n.n] as author,
    (array['bench_engineer', 'field_engineer', 'hotline', 'storekeeper'])[1 + i % 4] as team,
    case when i % 100 < 3 then 'open' when i % 100 < 7 then 'taken' when i % 100 < 17 then 'dropped' else 'done' end
      as state,
    case when i % 100 < 3 then 1 when i % 100 < 7 then 2 else 3 end as seq,
    (array['卡纸', '漏粉', '不通电', '开机花屏', '打印发灰'])[1 + i % 5] || ' 型号 M' || (1000 + i % 900) || ' 维修'
      || case when i % 20000 = 77 then ' 显影组件' else '' end
      || (array[' paper jam', ' toner leak', ' no power', ' blank screen', ' fuser'])[1 + i % 5]
      || ' CN' || upper(lpad(to_hex(i::bigint * 48271 % 2147483647), 8, '0')) as title
  from generate_series(1, $1::int) i, (select $2::uuid[] as people) p, (select cardinality($2::uuid[]) as n) n`

const id = `(lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || substr(hash, 1, 3) || '8'
  || substr(hash, 4, 3) || substr(hash, 7, 12))::uuid`

const events = `
  insert into event (company_id, record_id, seq, prev_seq, process, action, from_state, to_state, at, actor_kind,
    actor_id, via, request_key, request_hash, settings_revision, input)
  select $1, ${id}, s.seq, nullif(s.seq - 1, 0), 'task',
    case s.seq when 1 then 'create' when 2 then 'take' else case state when 'dropped' then 'drop' else 'finish' end end,
    case s.seq when 1 then null when 2 then 'open' else 'taken' end,
    case s.seq when 1 then 'open' when 2 then 'taken' else state end, at + s.seq * interval '1 hour', 'member', author,
    'web', decode(md5($1::int || ':' || i || ':' || s.seq), 'hex'), '\\x00', 0, '{}'
  from many, generate_series(1, many.seq) as s (seq) order by i, s.seq`

const heads = `
  insert into record (company_id, id, process, number, title, seq, state, kind, root, owner, handler, author, team,
    next_action, owed_by, next_due_at, opened_at, changed_at, closed_at, settings_revision)
  select $1, ${id}, 'task', 'DB' || to_char(at, 'YYYYMM') || '-' || lpad(i::text, 7, '0'), title, seq, state,
    case state when 'done' then 'done' when 'dropped' then 'void' else 'active' end, ${id}, owner,
    case state when 'open' then null else handler end, author, team,
    case state when 'open' then 'take' when 'taken' then 'finish' end,
    case state when 'open' then 'team' when 'taken' then 'handler' end,
    case when seq < 3 and i % 10 <> 0
      then '2026-11-23T02:00:00Z'::timestamptz + (i % 2000 - 600) * interval '1 hour' end,
    at, at, case seq when 3 then at + interval '3 hours' end, 0
  from many order by i`

const tasks = `insert into task (company_id, id, detail) select $1, ${id}, 'x' from many`

const searched = `
  insert into search_row (company_id, record_id, seq, process, opened_at, grams, body, shown, fields)
  select r.company_id, r.id, r.seq, r.process, r.opened_at,
    array_to_tsvector(array(select substr(p.run, c, 2) from generate_series(1, length(p.run) - 1) c)
      || array(select substr(p.run, c, 3) from generate_series(1, length(p.run) - 2) c
        where ascii(substr(p.run, c)) < 128 and ascii(substr(p.run, c + 2)) < 128)
      || array['c' || r.company_id || '.task', 'm' || month_number(r.opened_at), 'author.' || r.author]
      || case when r.handler is null then '{}' else array['handler.' || r.handler] end
      || array['owner.' || r.owner]), b.body, b.body, '{number,title}'
  from record r cross join lateral (select lower(r.number || chr(10) || r.title) as body) b
  cross join lateral (select translate(b.body, E' \\n-', '') as run) p
  where r.company_id = $1 and r.process = 'task'`

/**
 * Many to-dos in hand, each with its one event and with a clock that waits. Handled by those people in turn.
 *
 * @param due_at  when all of them are due; null: each by the company's own time limit, not folded yet
 */
export async function loadOpenCases(superuser: ClientConfig, company: number, count: number, people: readonly string[],
  due_at: string | null): Promise<void> {
  await withClient(superuser, async (client) => {
    await client.query('set session_replication_role = replica')
    await client.query('begin')
    await client.query('set local synchronous_commit = off')
    await client.query(inHand, [count, people])
    for (const statement of [inHandEvents, inHandHeads]) await client.query(statement, [company])
    for (const statement of [inHandTasks, inHandTimers]) await client.query(statement, [company, due_at])
    await client.query('commit')
    await client.query('drop table many')
  })
}

const inHand = `
  create temp table many as
  select i, at, ${id.replaceAll('hash', `md5('open' || i)`)} as id, $2::uuid[] as people
  from (select i, now() - (i % 86400) * interval '1 second' as at from generate_series(1, $1::int) i) g`
const holder = `people[1 + i % cardinality(people)]`
const inHandEvents = `
  insert into event (company_id, record_id, seq, prev_seq, process, action, from_state, to_state, at, actor_kind, actor_id, via,
    request_key, request_hash, settings_revision, input)
  select $1, id, 1, null, 'task', 'create', null, 'taken', at, 'member', ${holder}, 'web',
    decode(md5($1::int || ':open:' || i), 'hex'), '\\x00', 0, '{}' from many`
const inHandHeads = `
  insert into record (company_id, id, process, number, title, seq, state, kind, root, owner, handler, author, next_action, owed_by,
    opened_at, changed_at, settings_revision)
  select $1, id, 'task', 'DC' || lpad(i::text, 7, '0'), '回电 ' || i, 1, 'taken', 'active', id, ${holder}, ${holder}, ${holder}, 'finish',
    'handler', at, at, 0 from many`
const inHandTasks = `insert into task (company_id, id, detail, due_at) select $1, id, 'x', $2::timestamptz from many`
const inHandTimers = `
  insert into timer (company_id, record_id, due_at, clock, step)
  select $1, id, coalesce($2::timestamptz, at + interval '900 days'), case when $2 is null then 'by_default' else 'by_date' end, 'due'
  from many`
