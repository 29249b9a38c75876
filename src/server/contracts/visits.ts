import { namedByText } from '../customers/visible.ts'
import { type Fragment, type Reader, type Row, sql } from '../db.ts'

/**
 * What counts as a visit of a contract: what somebody noted on it, inspections that are finished, tasks and workshop orders
 * under it that took somebody to the customer. Nothing is kept beside the cases, so that nothing can disagree with them.
 *
 * @param contract the contract's id, an expression; each branch is served by an index that leads with it
 */
const visitsUnder = (contract: Fragment): Fragment => sql`
  select y.service_class, y.used_on, y.note, null::uuid as record, y.id from contract_visit y where y.contract = ${contract}
  union all
  select y.service_class, y.visited_on, null, y.id, y.id from inspection y
    where y.contract = ${contract} and y.finished_at is not null and y.visited_on is not null
  union all
  select y.contract_class, y.visited_on, null, y.id, y.id from task y
    where y.contract = ${contract} and y.visited_on is not null
  union all
  select y.contract_class, (h.opened_at at time zone k.time_zone)::date, null, y.id, y.id from repair_order y
    join record h on h.company_id = y.company_id and h.id = y.id and h.kind = 'done'
    join company k on k.company_id = y.company_id cross join generate_series(1, least(y.visits, 20)) nth
    where y.contract = ${contract} and y.visits > 0`

const countMost = 1000

/** How often the clause `c` of the statement has been used in its days: a scalar; 0 where it counts no visits. */
export const usedOfClause = sql`case when c.visits is null then 0 else (select count(*)::int from (
  select 1 from (${visitsUnder(sql`c.contract`)}) u where u.service_class = c.service_class
    and u.used_on between c.valid_from and c.valid_until limit ${countMost}) z) end`

const shownMost = 20

export type VisitRow = { used_on: string; service_class: string; note: string | null; record: string | null
  process: string | null; number: string | null; title: string | null }

/** The newest visits of a contract, with the case in which each was made, where the reader may see it. */
export const readVisits = (reader: Reader, contract: string, seen: Fragment): Promise<(VisitRow & Row)[]> =>
  reader.query<VisitRow & Row>(namedByText(sql`
    select u.used_on, u.service_class, u.note, r.id as record, r.process, r.number, r.title
    from (${visitsUnder(sql`${contract}::uuid`)}) u left join record r on r.id = u.record and ${seen}
    order by u.used_on desc, u.id desc limit ${shownMost}`, 'contract_visits'))
