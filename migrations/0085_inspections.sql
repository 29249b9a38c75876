-- Inspection orders, born of the plan of a contract; and what else is counted as a visit of a contract.

-- 例检单: whose machines and which contract follow from the contract that it was opened under.
create table inspection (
  company_id int not null,
  id uuid not null,
  contract uuid,
  contract_number text,
  -- The class of the contract under which it is a visit.
  service_class text,
  software_standard text,
  planned_on date,
  -- The end of that day in company time.
  due_at timestamptz,
  backup uuid,
  agreed_at timestamptz,
  agreed_place text,
  met_whom text,
  systems text check (systems in ('normal', 'problems', 'unknown')),
  known_problem text,
  prepared text,
  downtime boolean,
  window_from_at timestamptz,
  window_to_at timestamptz,
  window_agreed_by text,
  departure jsonb,
  arrived_at timestamptz,
  -- The day of the visit in company time: what is counted.
  visited_on date,
  scope_confirmed boolean,
  outside text,
  outside_answer text,
  temperature int,
  voltage int,
  humidity int,
  placement text check (placement in ('good', 'poor')),
  environment_told text,
  checks jsonb,
  software_tests jsonb,
  findings jsonb,
  test_result text check (test_result in ('passed', 'open_problems')),
  open_problems text,
  work_done text,
  signing text check (signing in ('signed', 'absent', 'refused', 'later')),
  unsigned_because text,
  satisfaction text,
  potential_need text,
  finished_at timestamptz,
  faulty_parts jsonb,
  returned_at timestamptz,
  answers text,
  course text,
  insights text,
  suggestions text,
  customer_state text,
  primary key (company_id, id),
  foreign key (company_id, id) references record (company_id, id),
  foreign key (company_id, contract) references record (company_id, id)
);
create index inspection_of_contract on inspection (company_id, contract, id);

alter table contract add column inspection_planned_on date;

-- What is done by a task or a workshop's order under a contract may have been a visit as well.
-- `entitled`: what the customer may expect, in words, as of the day on which it was opened.
alter table task add column entitled text, add column contract uuid, add column contract_class text, add column visited_on date;
create index task_visits on task (company_id, contract, visited_on) where contract is not null and visited_on is not null;
alter table repair_order add column contract_class text;
create index repair_visits on repair_order (company_id, contract) where contract is not null and visits > 0;

alter table inspection enable row level security;
create policy own_company on inspection using (company_id = (select current_company()))
  with check (company_id = (select current_company()));
grant select, insert, update on inspection to gongdan_app;
