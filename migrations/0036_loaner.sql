-- 备用机: the machines of ours that may be lent; who has them is the loan's.
create table loaner (
  company_id int not null,
  id uuid not null,
  name text not null check (length(name) between 1 and 120),
  product_kind text,
  serial_number text,
  accessories text,
  place text,
  condition text,
  lent_number text,
  lent_to text,
  times_lent int default 0,
  primary key (company_id, id),
  foreign key (company_id, id) references record (company_id, id)
);
alter table loaner enable row level security;
create policy own_company on loaner using (company_id = (select current_company()))
  with check (company_id = (select current_company()));
grant select, insert, update on loaner to gongdan_app;

alter table loan add column loaner uuid;
-- Which loan a machine of ours is out on.
create index loan_of_loaner on loan (company_id, loaner) where loaner is not null;

-- 维修单: a machine that comes back after its repair.
alter table repair_order
  add column rework_of uuid,
  add column rework_reason text,
  add column came_back int default 0;
create index repair_order_rework on repair_order (company_id, rework_of) where rework_of is not null;

-- 审单: what is computed for the supervisor.
alter table order_review
  add column opening_minutes bigint,
  add column cycle_minutes bigint,
  add column gaps text;
