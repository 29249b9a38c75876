-- 来访: who came to the counter, what for, what was answered and promised.
create table visit (
  company_id int not null,
  id uuid not null,
  purpose text,
  visitor_name text,
  visitor_phone text,
  matter text,
  answer text,
  question text,
  told text,
  promise text,
  promise_at timestamptz,
  primary key (company_id, id),
  foreign key (company_id, id) references record (company_id, id)
);

alter table visit enable row level security;
create policy own_company on visit using (company_id = (select current_company()))
  with check (company_id = (select current_company()));
grant select, insert, update on visit to gongdan_app;
