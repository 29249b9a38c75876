-- A contract that is a project: how large it is, who leads it, what was ordered for it; parts that it promises; the service
-- plan of the technical department. A paper names its contract by itself, its number is what stands on it.
alter table contract
  add column expected_days int check (expected_days >= 0),
  add column departments int check (departments >= 0),
  add column product_kinds int check (product_kinds >= 0),
  add column complex boolean,
  add column manager_state text check (manager_state in ('nominated', 'confirmed')),
  add column participants jsonb,
  add column decided_on date,
  add column implementation_plan text,
  add column inquiry text,
  add column inquired boolean,
  add column supplier text,
  add column order_number text,
  add column order_checked boolean,
  add column spare_parts jsonb,
  -- Who leads and who assists where it is not as the regulation has it; which team the step begun last went to.
  add column duties jsonb,
  add column step_team text;

-- 服务计划
create table service_plan (
  company_id int not null,
  id uuid not null,
  plan_from date,
  plan_until date,
  -- The end of that day in company time.
  ends_at timestamptz,
  goal text,
  items jsonb,
  given int,
  summary text,
  primary key (company_id, id),
  foreign key (company_id, id) references record (company_id, id)
);
alter table service_plan enable row level security;
create policy own_company on service_plan using (company_id = (select current_company()))
  with check (company_id = (select current_company()));
grant select, insert, update on service_plan to gongdan_app;

-- Papers whose number is that of a contract of the same customer are its papers.
update document d set contract = k.id
from record r, contract k, record h
where r.company_id = d.company_id and r.id = d.id and d.contract is null and d.contract_number is not null
  and k.company_id = d.company_id and k.contract_number = d.contract_number
  and h.company_id = k.company_id and h.id = k.id and h.customer = r.customer;
