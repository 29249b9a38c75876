import type { ClientConfig } from 'pg'
import { withClient } from '../src/server/database-roles.ts'

/**
 * Many customers with machines, orders, accepted quotations, papers, contracts and parts straight into the tables: for
 * tests of plans. The first customer is a giant: every fourth machine and order is theirs, every tenth paper, every
 * twentieth contract. The first machine has four hundred cases. Of each process there are `count` records at most.
 *
 * @param superuser  foreign keys and triggers are not asked; no event but the first stands behind a record
 */
export async function loadManyCustomers(superuser: ClientConfig, company: number, count: number,
  people: readonly string[]): Promise<void> {
  await withClient(superuser, async (client) => {
    await client.query('set session_replication_role = replica')
    await client.query('begin')
    await client.query('set local synchronous_commit = off')
    await client.query(many, [company, count, people])
    for (const statement of [...own, events, heads]) await client.query(statement)
    await client.query('commit')
    await client.query('drop table many')
  })
}

/** Statistics as they are after a while. */
export const analyseCustomers = (superuser: ClientConfig): Promise<unknown> => withClient(superuser, (client) =>
  client.query(`vacuum analyze record, event, customer, machine, repair_order, quotation, document, contract,
    contract_clause, contract_cover, part, part_key, part_request, stock_balance, stock_move, member, place, product`))

/** The id of the i-th record of a kind, as it is written below: to ask for it. */
export const idSql = (company: number, kind: string, i: number): string => `select md5('${company}${kind}${i}')::uuid as id`

const id = (kind: string, i: string) => `md5(company_id || '${kind}' || (${i}))::uuid`

/** Kind by kind: which process, of how many each, whose it is, and about which machine. */
const many = `
  create temp table many as
  select $1::int as company_id, k.kind, k.process, k.state, k.life, k.prefix, g.i,
    md5($1::int || k.kind || g.i)::uuid as id,
    '2024-11-23T02:00:00Z'::timestamptz + g.i * (interval '730 days' / $2::int) as at,
    ($3::uuid[])[1 + g.i % cardinality($3::uuid[])] as person,
    case when k.giant > 0 and g.i % k.giant = 0 then 1 else 1 + g.i % $2::int end as whose,
    case when g.i <= 400 then 1 else 1 + g.i % $2::int end as machine
  from (values
    ('c', 'customer', 'active', 'active', 'KH', 1, 0), ('m', 'machine', 'in_use', 'active', 'SB', 1, 4),
    ('r', 'repair_order', 'closed', 'done', 'WX', 1, 4), ('q', 'quotation', 'accepted', 'done', 'BJ', 2, 8),
    ('d', 'document', 'filed', 'waiting', 'WD', 2, 10), ('k', 'contract', 'active', 'active', 'HT', 4, 20),
    ('v', 'care_visit', 'done', 'done', 'ZF', 4, 10), ('p', 'part', 'active', 'active', 'PJ', 1, 0),
    ('b', 'part_request', 'settled', 'done', 'LJ', 2, 0))
    as k (kind, process, state, life, prefix, each, giant)
  cross join lateral generate_series(1, $2::int / k.each) g (i)`

const industry = `(array['医院', '学校', '律所', '银行', '制造', '物流', '机关', '设计', '印务', '零售'])[1 + i % 10]`

const own = [
  `insert into customer (company_id, id, customer_kind, name, settlement, contract, industry)
    select company_id, id, 'organisation', '客户' || i, 'cash', false, ${industry} from many where kind = 'c'`,
  `insert into machine (company_id, id, brand, model, product_kind, purchase_date, serial_number, serial_key, model_key, qr_code)
    select company_id, id, 'HP', 'M' || (1000 + i % 50), 'laser_printer', at::date, 'S' || i, 'S' || i, 'm', md5(id::text)
    from many where kind = 'm'`,
  `insert into repair_order (company_id, id, symptom, agreed_fen, payment_way)
    select company_id, id, '卡纸', 10000, case when i % 8 = 0 then 'monthly' else 'cash' end from many where kind = 'r'`,
  `insert into quotation (company_id, id, lines, total_fen, accepted_fen, model, accepted_at)
    select company_id, id, '[]', 10000, 10000, 'M' || (1000 + i % 50), at from many where kind = 'q'`,
  `insert into document (company_id, id, document_kind, contract_number)
    select company_id, id, 'contract_copy', 'N' || i % 300 from many where kind = 'd'`,
  `insert into care_visit (company_id, id, visit_kind, content) select company_id, id, 'visit', '问了使用情况' from many
    where kind = 'v'`,
  `insert into contract (company_id, id, contract_number, starts_on, ends_on, covers)
    select company_id, id, 'N' || i, '2025-01-01', '2027-12-31', case when i % 2 = 0 then 'all' else 'listed' end from many
    where kind = 'k'`,
  `insert into contract_clause (company_id, contract, id, line, service_class, valid_from, valid_until, parts, labour,
      travel, onsite, calendar)
    select company_id, id, md5(id::text || n)::uuid, n, (array['repair', 'maintenance'])[n], '2025-01-01', '2027-12-31', 'free',
      'free', 'free', true, 'office' from many, generate_series(1, 2) n where kind = 'k'`,
  `insert into contract_cover (company_id, contract, machine, since)
    select company_id, id, ${id('m', 'i * 4 + n')}, '2025-01-01' from many, generate_series(0, 3) n
    where kind = 'k' and i % 2 = 1`,
  `insert into part (company_id, id, part_number, name, part_kind, price_fen, minimum)
    select company_id, id, 'RM' || lpad(i::text, 7, '0'), '配件' || i, 'part', 5000, case when i % 50 = 0 then 2000 end
    from many where kind = 'p'`,
  `insert into part_key (company_id, key, part)
    select distinct company_id, left(substr(lower(t.whole), n), 24), id
    from many, unnest(array['RM' || lpad(i::text, 7, '0'), '配件' || i]) t (whole), generate_series(1, length(t.whole)) n
    where kind = 'p'`,
  `insert into place (company_id, key, kind) select distinct company_id, 'store', 'store' from many on conflict do nothing`,
  `insert into place (company_id, key, kind) select distinct company_id, 'used_store', 'used_store' from many
    on conflict do nothing`,
  // Nine in ten of those with a minimum have enough; few pieces lie with the used ones.
  `insert into stock_balance (company_id, part, place, quantity)
    select company_id, id, 'store', case when i % 500 = 0 then 1000 else 5000 end from many where kind = 'p'
    union all select company_id, id, 'used_store', 1000 from many where kind = 'p' and i <= 20`,
  `insert into part_request (company_id, id, lines, consent_required, consented)
    select company_id, id, jsonb_build_array(jsonb_build_object('part', ${id('p', 'i')}, 'quantity', 1000)), false, true
    from many where kind = 'b'`,
  `update many set state = 'requested', life = 'active' where kind = 'b' and i % 100 = 0`,
  `insert into stock_move (company_id, id, part, from_place, to_place, quantity, record_id, seq, n, at)
    select company_id, md5(id::text || 'move')::uuid, ${id('p', 'i')}, 'store', 'customer', 1000, id, 1, 1, at
    from many where kind = 'b'`,
]

const events = `
  insert into event (company_id, record_id, seq, process, action, to_state, at, actor_kind, actor_id, via, request_key,
    request_hash, settings_revision, input)
  select company_id, id, 1, process, 'register', state, at, 'member', person, 'web', decode(md5(id::text), 'hex'), '\\x00', 0, '{}'
  from many`

const heads = `
  insert into record (company_id, id, process, number, title, seq, state, kind, root, customer, machine, owner, author,
    opened_at, changed_at, closed_at, settings_revision)
  select company_id, id, process, prefix || lpad(i::text, 7, '0'), process || ' ' || i, 1, state, life, id,
    case when kind in ('m', 'r', 'q', 'd', 'k', 'v') then ${id('c', 'whose')} end,
    case when kind in ('r', 'b') then ${id('m', 'machine')} end, person, person, at, at,
    case when life = 'done' then at end, 0
  from many`
