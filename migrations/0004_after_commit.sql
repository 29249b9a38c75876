-- What happens by itself: marks of schedules, recomputations that can go on after a stop, codes on paper.

-- Until where a schedule has fired. Its timetable is kept, so that a changed one never fires for the past.
create table schedule_mark (
  company_id int not null references company,
  key text not null,
  timetable jsonb not null,
  fired_until timestamptz not null,
  primary key (company_id, key)
);

-- A refold of all open clocks after a change of calendars; `place` is where it goes on.
create table recomputation (
  company_id int not null references company,
  place jsonb,
  seen int not null default 0,
  changed int not null default 0,
  started_at timestamptz not null,
  ended_at timestamptz,
  revision int not null,
  primary key (company_id)
);

-- The random code that is printed on paper (QR): one a record, kept over reprints. It is no link and opens nothing by
-- itself.
create table paper_code (
  company_id int not null,
  record_id uuid not null,
  code text not null unique check (code ~ '^[0-9A-HJKMNP-TV-Z]{16}$'),
  made_at timestamptz not null,
  primary key (company_id, record_id),
  foreign key (company_id, record_id) references record (company_id, id)
);

do $$
declare name text;
begin
  foreach name in array array['schedule_mark', 'recomputation', 'paper_code'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy own_company on %I using (company_id = (select current_company()))
      with check (company_id = (select current_company()))', name);
  end loop;
end $$;

grant select, insert on schedule_mark, recomputation, paper_code to gongdan_app;
grant update on schedule_mark, recomputation to gongdan_app;

-- Companies in which something may be due by itself: only their numbers, everything else is read inside each.
create function companies_at_work() returns table (company_id int, recomputing boolean)
  language sql stable security definer set search_path = public, pg_temp
  as $$
    select c.company_id, exists (select from recomputation r where r.company_id = c.company_id and r.ended_at is null)
    from company c where not c.importing order by c.company_id
  $$;

revoke all on function companies_at_work() from public;
grant execute on function companies_at_work() to gongdan_app;
