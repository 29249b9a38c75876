-- What a former system called an event that was brought in, and whether it began or ended that activity. Beside the chain:
-- the events of a company that lives here carry nothing of it.
create table event_activity (
  company_id int not null,
  record_id uuid not null,
  seq int not null,
  process text not null,
  activity text not null,
  phase text not null check (phase in ('start', 'complete')),
  at timestamptz not null,
  primary key (company_id, record_id, seq),
  foreign key (company_id, record_id, seq) references event (company_id, record_id, seq)
);
create index event_activity_of_process on event_activity (company_id, process, record_id, seq)
  include (activity, phase, at);

alter table event_activity enable row level security;
create policy own_company on event_activity using (company_id = (select current_company()))
  with check (company_id = (select current_company()));
grant select, insert on event_activity to gongdan_app;
