-- Reading many records: the indexes that lists, boards, «my work» and search are served by, and the search table.

-- 到期 as a key that sorts: what has no deadline comes last, and a page can begin after any row.
alter table record add column due_order timestamptz not null
  generated always as (coalesce(next_due_at, 'infinity'::timestamptz)) stored;

-- A list asks each state by itself and merges the answers, so every index goes down to process and state and then
-- along the order of the list. These take the place of indexes that would have read past other states.
drop index record_due, record_of_handler, record_of_owner, record_of_team, record_of_author, record_handled,
  record_owned, record_old_number;

create index record_by_due on record (company_id, process, state, due_order, id);
create index record_of_handler on record (company_id, handler, process, state, opened_at desc, id desc)
  where handler is not null;
create index record_of_owner on record (company_id, owner, process, state, opened_at desc, id desc)
  where owner is not null;
create index record_of_author on record (company_id, author, process, state, opened_at desc, id desc)
  where author is not null;
create index record_of_team on record (company_id, team, process, state, opened_at desc, id desc)
  where team is not null;
create index record_waiting on record (company_id, team, process, state, opened_at desc, id desc)
  where handler is null and kind in ('active', 'waiting');
create index record_unhandled on record (company_id, process, state, opened_at desc, id desc) where handler is null;

-- 我的工作, over all processes: what is open, by deadline.
create index record_work_of_handler on record (company_id, handler, due_order, id) where kind in ('active', 'waiting');
create index record_work_of_owner on record (company_id, owner, due_order, id) where kind in ('active', 'waiting');
create index record_work_of_author on record (company_id, author, due_order, id) where kind in ('active', 'waiting');
create index record_work_of_team on record (company_id, team, due_order, id)
  where kind in ('active', 'waiting') and handler is null;
create index record_work_owed on record (company_id, owed_by, due_order, id) where kind in ('active', 'waiting');

-- Numbers by their beginning, at once: a range of text, whatever the collation of the database.
create index record_number_prefix on record (company_id, number collate "C");
create index record_old_number on record (company_id, old_number collate "C") where old_number is not null;

-- What is searched. The server's role cannot read it: search operators are not leakproof, so a policy would keep them
-- from the index (docs/decisions). Its only door is search_records, which puts the company and the reader's sight into
-- the very index lookup.
create table search_row (
  company_id int not null references company,
  record_id uuid not null,
  -- The event that the row was made from: an older reading never overwrites a newer one.
  seq int not null,
  process text not null,
  opened_at timestamptz not null,
  -- Groups of characters, and the marks of process, people and month (c3.task, handler.…, waits.…, m24323).
  grams tsvector not null,
  -- One line a field. `body` is compared, `shown` is what people see of it: character for character the same length.
  body text not null,
  shown text not null,
  fields text[] not null,
  -- No foreign key to the record, which is never removed: its check would lock heads against those who work on them.
  primary key (company_id, record_id)
);
create index search_grams on search_row using gin (grams) with (fastupdate = off);
create index search_newest on search_row (company_id, opened_at desc, record_id desc);

alter table search_row enable row level security;
create policy own_company on search_row using (company_id = (select current_company()))
  with check (company_id = (select current_company()));

-- One indexer works at a time in the whole cluster; when it dies its lease ends and another goes on.
create table search_lease (
  one boolean primary key default true check (one),
  holder uuid,
  leased_until timestamptz not null default '-infinity'
);
insert into search_lease default values;

-- Who holds the lease gets the oldest marks. They stay until finish_dirty: a crash loses none.
create function claim_dirty(node uuid, lease interval, most int)
  returns table (id bigint, company_id int, record_id uuid)
  language plpgsql volatile security definer set search_path = public, pg_temp
  as $$
  begin
    update search_lease l set holder = node, leased_until = clock_timestamp() + lease
      where l.holder = node or l.leased_until <= clock_timestamp();
    if not found then return; end if;
    return query select d.id, d.company_id, d.record_id from search_dirty d order by d.id limit most;
  end $$;

-- Gives the lease back at once when a node ends.
create function release_search(node uuid) returns void
  language sql volatile security definer set search_path = public, pg_temp
  as $$ update search_lease set holder = null, leased_until = '-infinity' where holder = node $$;

-- Months since the year 0, in UTC: by them a search goes back in time.
create function month_number(at timestamptz) returns int
  language sql immutable parallel safe
  as $$ select (extract(year from at at time zone 'UTC') * 12 + extract(month from at at time zone 'UTC'))::int $$;

-- Writes the rows of one company and takes away the marks they were made for, in one transaction.
create function write_search(rows jsonb, marks bigint[]) returns void
  language plpgsql volatile security definer set search_path = public, pg_temp
  as $$
  begin
    insert into search_row as s (company_id, record_id, seq, process, opened_at, grams, body, shown, fields)
    select current_company(), x.record_id, x.seq, x.process, x.opened_at,
      array_to_tsvector(x.grams || array['c' || current_company() || '.' || x.process,
        'm' || month_number(x.opened_at)]),
      x.body, x.shown, x.fields
    from jsonb_to_recordset(rows) as x (record_id uuid, seq int, process text, opened_at timestamptz, grams text[],
      body text, shown text, fields text[])
    on conflict (company_id, record_id) do update set seq = excluded.seq, opened_at = excluded.opened_at,
      grams = excluded.grams, body = excluded.body, shown = excluded.shown, fields = excluded.fields
      where s.seq <= excluded.seq;
    delete from search_dirty d where d.company_id = current_company() and d.id = any(marks);
  end $$;

-- The door of search. For each process it gets the reader's sight as marks ('c3.visit' & ('handler.…' | 'waits.…'));
-- the company is asked again whatever they say. First the newest rows are walked: a frequent word is among them. What
-- is not found there is looked up through the index, going back in time, until every process has enough. So neither a
-- frequent word nor a rare one reads more than a bounded number of rows.
--   terms    normalised words; each must stand in the row
--   groups   the words as a tsquery of their groups, null when they are too short to have any: then only the walk
--   most     rows in all; `each` rows of one process
create function search_records(terms text[], groups text, processes text[], sights text[], most int, each int)
  returns table (record_id uuid, process text, opened_at timestamptz, field text, line text)
  language plpgsql stable security definer rows 50 set search_path = public, pg_temp
  set enable_seqscan = off set plan_cache_mode = force_generic_plan set work_mem = '16MB'
  as $$
  #variable_conflict use_column
  declare
    company constant int := current_company();
    likes constant text[] := array(select '%' || replace(replace(replace(t, '\', '\\'), '%', '\%'), '_', '\_') || '%'
      from unnest(terms) t);
    walk_most constant int := 3000;
    read_most constant int := 50000;
    -- The months of each look back; after the last one everything is asked.
    begins constant int[] := array[0, 3, 12, 36];
    this_month int;
    wanted tsquery := array_to_string(array(select '(' || s || ')' from unnest(sights) s), '|')::tsquery;
    found uuid[];
    more uuid[];
  begin
    if groups is not null then wanted := groups::tsquery && wanted; end if;
    found := array(select w.record_id from (
        select n.record_id, row_number() over (partition by n.process order by n.opened_at desc, n.record_id desc)
          as place
        from (select s.record_id, s.process, s.opened_at, s.body, s.grams from search_row s
          where s.company_id = company order by s.opened_at desc, s.record_id desc limit walk_most) n
        where case when n.body like all (likes) then n.grams @@ wanted else false end) w
      where w.place <= each);
    this_month := (select month_number(s.opened_at) from search_row s where s.company_id = company
      order by s.opened_at desc limit 1);
    for look in 1 .. case when groups is null then 0 else cardinality(begins) end loop
      -- What is still to be found: the processes that have not enough.
      wanted := (select string_agg('(' || a.sight || ')', '|') from unnest(processes, sights) as a (name, sight)
        where (select count(*) from search_row s where s.company_id = company and s.record_id = any (found)
          and s.process = a.name) < each)::tsquery;
      exit when wanted is null;
      wanted := groups::tsquery && wanted;
      if look < cardinality(begins) then
        wanted := wanted && (select string_agg('m' || this_month - m, '|')
          from generate_series(begins[look], begins[look + 1] - 1) m)::tsquery;
      end if;
      -- company_id + 0: the groups are the way in, not the key.
      with hit as materialized (
        select s.record_id, s.process, s.opened_at from search_row s
        where s.grams @@ wanted and s.body like all (likes) and s.company_id + 0 = company limit read_most),
      ranked as (
        select h.*, row_number() over (partition by h.process order by h.opened_at desc, h.record_id desc) as place
        from hit h)
      select array(select r.record_id from ranked r where r.place <= each) into more;
      found := found || more;
    end loop;
    return query
      with ranked as (
        select s.record_id, s.process, s.opened_at, s.body, s.shown, s.fields,
          row_number() over (partition by s.process order by s.opened_at desc, s.record_id desc) as place
        from search_row s where s.company_id = company and s.record_id = any (found))
      select r.record_id, r.process, r.opened_at, r.fields[l.nth], left(split_part(r.shown, chr(10), l.nth), 4000)
      from ranked r
      cross join lateral (select left(r.body, strpos(r.body, terms[1])) as before) b
      cross join lateral (select 1 + length(b.before) - length(replace(b.before, chr(10), '')) as nth) l
      where r.place <= each order by r.opened_at desc, r.record_id desc limit most;
  end $$;

revoke all on function claim_dirty(uuid, interval, int), release_search(uuid), write_search(jsonb, bigint[]),
  search_records(text[], text, text[], text[], int, int) from public;
grant execute on function claim_dirty(uuid, interval, int), release_search(uuid), write_search(jsonb, bigint[]),
  search_records(text[], text, text[], text[], int, int) to gongdan_app;
