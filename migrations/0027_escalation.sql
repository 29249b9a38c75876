-- Visits on site without success, and why a case was escalated.
alter table repair_order
  add column visits int,
  add column escalated_because text;

-- 同型号故障排查: what a morning's look found, and what was done about it.
create table fault_watch (
  company_id int not null,
  id uuid not null,
  found jsonb,
  cause text,
  measure text,
  primary key (company_id, id),
  foreign key (company_id, id) references record (company_id, id)
);

alter table fault_watch enable row level security;
create policy own_company on fault_watch using (company_id = (select current_company()))
  with check (company_id = (select current_company()));
grant select, insert, update on fault_watch to gongdan_app;
