import type { ClientConfig } from 'pg'
import { withClient } from '../src/server/database-roles.ts'

/**
 * Many repair orders straight into the tables, each with a valid chain of events along one of a few ways, over two years:
 * for the bench and the plans of reports. Every tenth stands somewhere on its way. Machines of five kinds, four brands.
 *
 * @param superuser  foreign keys are not asked, or it would take an hour
 * @param people     members of the company who do the steps in turn
 */
export async function loadManyRepairs(superuser: ClientConfig, company: number, count: number, people: readonly string[]):
  Promise<void> {
  await withClient(superuser, async (client) => {
    await client.query('set session_replication_role = replica')
    await client.query('begin')
    await client.query('set local synchronous_commit = off')
    await client.query(`create temp table way (way int, step int, action text, to_state text, hours float8) on commit drop`)
    for (const [index, way] of ways.entries()) {
      for (const [step, [action, to_state, hours]] of way.entries()) {
        await client.query('insert into way values ($1, $2, $3, $4, $5)', [index, step + 1, action, to_state, hours])
      }
    }
    await client.query(cases, [count, people])
    for (const statement of [machines, machineHeads, events, heads, orders]) await client.query(statement, [company])
    await client.query('commit')
  })
}

type Way = readonly (readonly [action: string, to: string, hours: number])[]
const begin: Way = [['open', 'intake', 0], ['inspect', 'intake', 0.2], ['receive', 'waiting_test', 0.1], ['take_for_test', 'testing', 5],
  ['record_result', 'diagnosed', 4]]
const agreed: Way = [...begin, ['quoted', 'waiting_consent', 0.4], ['consent', 'approved', 9], ['dispatch_repair', 'dispatched', 0.3],
  ['start_repair', 'repairing', 6]]
const end: Way = [['finish', 'waiting_close_out', 7], ['notify', 'waiting_pick_up', 3], ['test_at_pick_up', 'waiting_pick_up', 20],
  ['hand_over', 'handed_over', 0.2], ['enter', 'entered', 2], ['review_passed', 'entered', 5], ['called_back', 'closed', 70]]
/** Of ten cases: six straight, one waits for a part, one is quoted again, one is declined, one is mended at the counter. */
const straight: Way = [...agreed, ...end]
const ways: readonly Way[] = [straight, straight, straight, straight, straight, straight,
  [...agreed, ['part_out_of_stock', 'waiting_part', 2], ['tell_about_part', 'waiting_part', 1], ['part_arrived', 'dispatched', 90],
    ['start_repair', 'repairing', 2], ...end],
  [...agreed, ['ask_quotation', 'diagnosed', 8], ['quoted', 'waiting_consent', 0.5], ['consent', 'approved', 12],
    ['dispatch_repair', 'dispatched', 0.5], ['start_repair', 'repairing', 3], ...end],
  [...begin, ['quoted', 'waiting_consent', 0.4], ['decline', 'restoring', 20], ['restored', 'waiting_close_out', 3], ...end.slice(1)],
  [['open', 'intake', 0], ['inspect', 'intake', 0.2], ['fix_on_spot', 'handed_over', 0.5], ...end.slice(4)]]

const uuid = (salt: string) => `(lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || substr(md5(${salt}), 1, 3)
  || '8' || substr(md5(${salt}), 4, 3) || substr(md5(${salt}), 7, 12))::uuid`

const cases = `
  create temp table many on commit drop as
  select i, at, ${uuid(`'r' || i`)} as id, ${uuid(`'m' || i`)} as machine, i % 10 as way, $2::uuid[] as people,
    case when i % 100 < 10 then 2 + i / 100 % 7 else 1000 end as stands
  from (select i, '2024-11-23T02:00:00Z'::timestamptz + i * (interval '730 days' / $1::int) as at
    from generate_series(1, $1::int) i) g`

const kinds = `(array['laser_printer', 'inkjet_printer', 'pc', 'notebook', 'plotter'])[1 + i % 5]`
const brand = `(array['HP', 'Canon', 'Epson', 'Brother'])[1 + i % 4]`
const machines = `insert into machine (company_id, id, brand, model, product_kind, qr_code)
  select $1::int, machine, ${brand}, 'M' || (1000 + i % 300), ${kinds}, md5($1::int || 'q' || i) from many`
const machineHeads = `insert into record (company_id, id, process, number, title, seq, state, kind, root, opened_at, changed_at,
    settings_revision)
  select $1, machine, 'machine', 'JQ-' || lpad(i::text, 7, '0'), 'M' || i, 1, 'in_use', 'active', machine, at, at, 0 from many`

const taken = `many join way using (way) where step <= stands`
const events = `
  insert into event (company_id, record_id, seq, prev_seq, process, action, from_state, to_state, at, actor_kind, actor_id, via,
    request_key, request_hash, settings_revision, input, waived)
  select $1, id, step, nullif(step - 1, 0), 'repair_order', action,
    lag(to_state) over (partition by id order by step), to_state,
    at + sum(hours * (0.4 + (i * 7 + step * 13) % 100 / 80.0)) over (partition by id order by step) * interval '1 hour',
    'member', people[1 + (i + step) % cardinality(people)], 'web', decode(md5($1::int || ':' || id || ':' || step), 'hex'), '\\x00', 0,
    '{}', case when action = 'finish' and i % 50 = 0 then '[{"guard": "parts_settled", "reason": "明天归还"}]'::jsonb end
  from ${taken}`

const heads = `
  insert into record (company_id, id, process, number, title, seq, state, kind, root, owner, handler, author, opened_at, changed_at,
    closed_at, settings_revision, machine)
  select $1, m.id, 'repair_order', 'WX' || to_char(m.at, 'YYYYMM') || '-' || lpad(i::text, 7, '0'), ${brand} || ' · 卡纸', e.seq,
    e.to_state, case when e.to_state = 'closed' then 'done' when e.to_state in ('waiting_consent', 'waiting_part', 'waiting_pick_up',
      'entered') then 'waiting' else 'active' end, m.id, people[1], people[2], people[1], m.at, e.at,
    case when e.to_state = 'closed' then e.at end, 0, m.machine
  from many m join lateral (select seq, to_state, at from event where company_id = $1 and record_id = m.id
    order by seq desc limit 1) e on true`

const orders = `insert into repair_order (company_id, id, symptom, fault_class, repair_outcome, age_years)
  select $1, id, '卡纸', (array['paper_feed', 'board', 'fuser', 'print_quality', 'unknown'])[1 + i % 5],
    case when stands < 1000 then null when way = 8 then 'repairable' when i % 13 = 0 then 'beyond_repair' else 'repaired' end, i % 12
  from many`
