-- Sheets brought in: a job, its rows while it lasts, and the door through which a worker takes one.

-- What becomes of a table that somebody uploads. `fields`: for each column of the table the field it is taken as.
create table sheet_job (
  company_id int not null references company,
  id uuid not null,
  kind text not null,
  state text not null check (state in ('reading', 'mapping', 'checking', 'checked', 'writing', 'done', 'stopped', 'failed',
    'cancelled')),
  file_id uuid not null,
  file_name text not null,
  by_kind text not null check (by_kind in ('member', 'key')),
  by_id uuid not null,
  headings jsonb not null default '[]',
  samples jsonb not null default '[]',
  fields jsonb not null default '[]',
  -- What stands for an empty or unknown cell, by field, as a person would type it.
  fillers jsonb not null default '{}',
  -- Only the rows without a fault are written; else all or none.
  only_good boolean not null default false,
  rows_total int not null default 0,
  -- How far the step under way has come.
  seen int not null default 0,
  counts jsonb not null default '{}',
  -- Why it ended before its end, in words.
  problem jsonb,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  ended_at timestamptz,
  leased_until timestamptz not null default '-infinity',
  primary key (company_id, id)
);
create index sheet_job_newest on sheet_job (company_id, created_at desc, id desc);
create index sheet_job_at_work on sheet_job (leased_until) where state in ('reading', 'checking', 'writing');
create index sheet_job_ended on sheet_job (ended_at) where ended_at is not null;

-- `n`: the line of the file. The cells of a row that was written are gone with it; the others go a week after the end.
create table sheet_row (
  company_id int not null,
  job uuid not null,
  n int not null,
  state text not null default 'read' check (state in ('read', 'good', 'bad', 'there', 'double', 'empty',
    'written', 'refused')),
  cells jsonb,
  input jsonb,
  -- The record that the row acts upon, where it is one that is there.
  record_id uuid,
  -- The request of its event, and what tells its record from others.
  request_key bytea,
  natural_key text,
  problems jsonb,
  primary key (company_id, job, n),
  foreign key (company_id, job) references sheet_job (company_id, id) on delete cascade
);
create index sheet_row_at_fault on sheet_row (company_id, job, n) where state in ('bad', 'refused');
create index sheet_row_good on sheet_row (company_id, job, n) where state = 'good';

do $$
declare name text;
begin
  foreach name in array array['sheet_job', 'sheet_row'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy own_company on %I using (company_id = (select current_company()))
      with check (company_id = (select current_company()))', name);
  end loop;
end $$;
grant select, insert, update, delete on sheet_job, sheet_row to gongdan_app;

-- The oldest job that nobody works on; it is held for the lease. A worker that was killed lets it go by itself.
create function claim_sheet(moment timestamptz, lease interval) returns table (company_id int, id uuid)
  language sql volatile security definer set search_path = public, pg_temp
  as $$
    update sheet_job j set leased_until = moment + lease
    from (select c.company_id, c.id from sheet_job c
      where c.state in ('reading', 'checking', 'writing') and c.leased_until <= moment
      order by c.leased_until limit 1 for update skip locked) f
    where j.company_id = f.company_id and j.id = f.id
    returning j.company_id, j.id
  $$;

-- Jobs whose rows are kept no longer, of all companies: only their keys.
create function stale_sheets(before timestamptz, most int) returns table (company_id int, id uuid)
  language sql stable security definer set search_path = public, pg_temp
  as $$
    select j.company_id, j.id from sheet_job j where j.ended_at < before
      and exists (select from sheet_row r where r.company_id = j.company_id and r.job = j.id)
    order by j.ended_at limit most
  $$;

revoke all on function claim_sheet(timestamptz, interval), stale_sheets(timestamptz, int) from public;
grant execute on function claim_sheet(timestamptz, interval), stale_sheets(timestamptz, int) to gongdan_app;

-- Customers are found by their whole name when a sheet names them, and when one is registered twice.
create index customer_name on customer (company_id, name_key);

-- Keys of new machines are made for a statement at once: with many machines the trigger of each row took more time than
-- everything else together.
drop trigger machine_keys_made on machine;
create function machines_keys() returns trigger language plpgsql as $$
  begin
    insert into lookup_key (company_id, kind, starts, key, source)
    select distinct m.company_id, 'serial', e.starts, e.key, m.id
    from made m cross join lateral lookup_ends(m.serial_key, 3, 22) e where m.serial_key is not null;
    return null;
  end $$;
create trigger machine_keys_made after insert on machine referencing new table as made
  for each statement execute function machines_keys();
