-- What the process refused people: beside the chain and never in the transaction that refused. Bounded in age and number.
-- No values that were typed, only which action, where, and what was in the way.
create table refused (
  company_id int not null references company,
  id bigint generated always as identity,
  process text not null,
  action text not null,
  -- Where the record stood; '' is a beginning.
  state text not null,
  record_id uuid,
  code text not null,
  -- The guard, or the fields, with commas.
  what text not null default '',
  at timestamptz not null,
  actor_id uuid,
  primary key (company_id, id)
);
create index refused_newest on refused (company_id, process, at desc);

alter table refused enable row level security;
create policy own_company on refused using (company_id = (select current_company()))
  with check (company_id = (select current_company()));
grant select, insert on refused to gongdan_app;

-- Takes away what is too old, and of each company what is beyond its number.
create function sweep_refused(before timestamptz, most int) returns int
  language plpgsql volatile security definer set search_path = public, pg_temp
  as $$
  declare gone int;
  begin
    delete from refused r using (select c.company_id, (select k.id from refused k where k.company_id = c.company_id
        order by k.id desc offset most limit 1) as last from company c) o
      where r.company_id = o.company_id and (r.at < before or r.id <= o.last);
    get diagnostics gone = row_count;
    return gone;
  end $$;
revoke all on function sweep_refused(timestamptz, int) from public;
grant execute on function sweep_refused(timestamptz, int) to gongdan_app;
