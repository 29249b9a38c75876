-- The term that a contract is in: the first of a row of equal ones, and which of them it is by now. A contract that goes on
-- by itself counts from here, so that a short month does not shorten the terms after it.
alter table contract
  add column term_from date,
  add column term_until date,
  add column term_nth int check (term_nth > 0);

-- What is in force is in the term that it was agreed for or renewed to; clauses of an amendment begin later.
update contract c set term_nth = 1, term_until = c.ends_on,
  term_from = case when exists (select from event e where e.company_id = c.company_id and e.record_id = c.id
      and e.action = 'renew')
    then coalesce((select min(x.valid_from) from contract_clause x where x.company_id = c.company_id and x.contract = c.id
      and x.valid_until = c.ends_on), c.starts_on)
    else c.starts_on end
from record r
where r.company_id = c.company_id and r.id = c.id and r.kind = 'active' and r.state = 'active';
