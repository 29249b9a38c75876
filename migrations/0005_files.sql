-- Files, positions that were merged, the door that erases personal data, and the states that a database knows.

-- The row of an uploaded or printed file; its bytes lie outside, by company and content hash. Without a record it is
-- seen by its uploader alone, and goes after two days.
create table file (
  company_id int not null references company,
  id uuid not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  name text not null check (length(name) between 1 and 200),
  type text not null,
  size bigint not null check (size >= 0),
  uploaded_kind text not null check (uploaded_kind in ('member', 'contact', 'system', 'key')),
  uploaded_by uuid,
  -- The record of the private link through which it came: one link never claims what came through another.
  uploaded_for uuid,
  created_at timestamptz not null,
  -- The event that named it first.
  record_id uuid,
  seq int,
  -- A print for the customer: shown on the private link of its record.
  for_customer boolean not null default false,
  erased_at timestamptz,
  -- The bytes of an erased file are gone.
  removed_at timestamptz,
  primary key (company_id, id),
  check ((record_id is null) = (seq is null)),
  -- Checked at the commit: a file is claimed before its event is written, in the same transaction.
  constraint file_event foreign key (company_id, record_id, seq) references event (company_id, record_id, seq)
    deferrable initially deferred
);
create index file_of_record on file (company_id, record_id, created_at) where record_id is not null;
create index file_by_hash on file (company_id, sha256);
create index file_unclaimed on file (created_at) where record_id is null;
create index file_of_uploader on file (company_id, uploaded_kind, uploaded_by) where record_id is null;
create index file_erased on file (erased_at) where erased_at is not null and removed_at is null;

alter table file enable row level security;
create policy own_company on file using (company_id = (select current_company()))
  with check (company_id = (select current_company()));
-- What a record names is never removed, only erased.
create policy claimed_stays on file as restrictive for delete using (record_id is null);

grant select, insert, delete on file to gongdan_app;
grant update (record_id, seq, erased_at, removed_at) on file to gongdan_app;

-- A position that was merged into another keeps its row, since events name it; nobody can be given it any more.
alter table position add column merged_into text;
alter table position add constraint position_merged foreign key (company_id, merged_into)
  references position (company_id, key);

-- Files whose bytes may have to go, of all companies: only their keys. Each is looked at again inside its company.
create function stale_files(before timestamptz, most int)
  returns table (company_id int, id uuid, sha256 text)
  language sql stable security definer set search_path = public, pg_temp
  as $$
    (select f.company_id, f.id, f.sha256 from file f
     where f.record_id is null and f.created_at < before order by f.created_at limit most)
    union all
    (select f.company_id, f.id, f.sha256 from file f
     where f.erased_at is not null and f.removed_at is null order by f.erased_at limit most)
  $$;

-- Blanks fields in the whole chain of one record: the only way in which the server can touch an event that is written.
-- The chain itself (numbers, states, instants, who) stays as it is. The hash of the request is made new, since the hash
-- of a short value gives the value away. Files that the fields name lose their name here and their bytes soon after.
create function erase_personal(record uuid, fields text[], moment timestamptz) returns int
  language plpgsql volatile security definer set search_path = public, pg_temp
  as $$
  declare blanked int;
  begin
    if fields && array['clock', 'step', 'erased_fields', 'erased_because'] then
      raise exception 'these keys are the engine''s own';
    end if;
    update file f set erased_at = moment, name = 'erased'
    from event e, unnest(fields) as k, jsonb_path_query(e.input -> k, 'strict $.**') v
    where e.company_id = (select current_company()) and e.record_id = record and e.input ?| fields
      and f.company_id = e.company_id and f.record_id = record and f.erased_at is null
      and jsonb_typeof(v) = 'string' and f.id::text = v #>> '{}';
    update event e set
      input = (select jsonb_object_agg(i.key, case when i.key = any (fields) then 'null'::jsonb else i.value end)
        from jsonb_each(e.input) i),
      request_hash = decode(replace(gen_random_uuid()::text, '-', ''), 'hex')
    where e.company_id = (select current_company()) and e.record_id = record and e.input ?| fields;
    get diagnostics blanked = row_count;
    return blanked;
  end $$;

-- Every process and state that some record is in, of all companies: a handful of index probes, whatever the size.
create function states_in_use() returns table (process text, state text)
  language sql stable security definer set search_path = public, pg_temp
  as $$
    with recursive probe as (
      (select r.company_id, r.process, r.state from record r order by r.company_id, r.process, r.state limit 1)
      union all
      select n.company_id, n.process, n.state from probe p cross join lateral (
        select r.company_id, r.process, r.state from record r
        where (r.company_id, r.process, r.state) > (p.company_id, p.process, p.state)
        order by r.company_id, r.process, r.state limit 1) n
    )
    select distinct probe.process, probe.state from probe
  $$;

revoke all on function stale_files(timestamptz, int), erase_personal(uuid, text[], timestamptz), states_in_use()
  from public;
grant execute on function stale_files(timestamptz, int), erase_personal(uuid, text[], timestamptz), states_in_use()
  to gongdan_app;
