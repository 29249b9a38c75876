-- Parts that have a minimum are few: what runs low is looked for among them alone.
create index part_with_minimum on part (company_id, part_number collate "C", id) where minimum is not null;

-- A customer with ten thousand machines has few cases: the timeline, what is owed and when they were last dealt with are
-- read along the cases, not past the machines.
create index record_cases_of_customer on record (company_id, customer, opened_at desc, id desc)
  where process <> 'machine' and customer is not null;
