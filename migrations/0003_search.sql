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
  -- Pairs of characters, and the marks of company, process and people (c3, c3.task, handler.…, team.…).
  grams tsvector not null,
  -- One line a field. `body` is compared, `shown` is what people see of it: character for character the same length.
  body text not null,
  shown text not null,
  fields text[] not null,
  -- No foreign key to the record, which is never removed: its check would lock heads against those who work on them.
  primary key (company_id, record_id)
);
create index search_grams on search_row using gin (grams);
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

-- Writes the rows of one company and takes away the marks they were made for, in one transaction.
create function write_search(rows jsonb, marks bigint[]) returns void
  language plpgsql volatile security definer set search_path = public, pg_temp
  as $$
  begin
    insert into search_row as s (company_id, record_id, seq, process, opened_at, grams, body, shown, fields)
    select current_company(), x.record_id, x.seq, x.process, x.opened_at,
      array_to_tsvector(x.grams || array['c' || current_company(), 'c' || current_company() || '.' || x.process]),
      x.body, x.shown, x.fields
    from jsonb_to_recordset(rows) as x (record_id uuid, seq int, process text, opened_at timestamptz, grams text[],
      body text, shown text, fields text[])
    on conflict (company_id, record_id) do update set seq = excluded.seq, opened_at = excluded.opened_at,
      grams = excluded.grams, body = excluded.body, shown = excluded.shown, fields = excluded.fields
      where s.seq <= excluded.seq;
    delete from search_dirty d where d.company_id = current_company() and d.id = any(marks);
  end $$;

-- The door of search. What the reader may see comes as marks (`sight`: 'c3.task' | 'c3.visit' & 'handler.…'); the
-- company is asked again whatever they say. A word that is rare is read through the index and sorted; of one that is
-- frequent the newest rows are walked first. Either way the rows read are bounded.
--   terms    normalised words; each must stand in the row
--   pairs    the words as a tsquery of their pairs, null when they are too short to have any
--   most     rows in all; `each` rows of one process
create function search_records(terms text[], pairs text, sight text, most int, each int)
  returns table (record_id uuid, process text, opened_at timestamptz, field text, line text)
  language plpgsql stable security definer rows 50 set search_path = public, pg_temp
  set enable_seqscan = off set plan_cache_mode = force_generic_plan set work_mem = '16MB'
  as $$
  #variable_conflict use_column
  declare
    company constant int := current_company();
    may_see constant tsquery := sight::tsquery;
    wanted constant tsquery := case when pairs is null then null else pairs::tsquery && sight::tsquery end;
    likes constant text[] := array(select '%' || replace(replace(replace(t, '\', '\\'), '%', '\%'), '_', '\_') || '%'
      from unnest(terms) t);
    rare constant int := 5000;
    newest constant int := 3000;
    many constant int := 50000;
    bound int := case when pairs is null then 0 else rare + 1 end;
    hits int := 0;
    found uuid[] := '{}';
    walked uuid[] := '{}';
  begin
    loop
      if bound > 0 then
        -- company_id + 0: the pairs are the way in, not the key.
        with hit as materialized (
          select s.record_id, s.process, s.opened_at from search_row s
          where s.grams @@ wanted and s.body like all (likes) and s.company_id + 0 = company limit bound),
        ranked as (
          select h.*, row_number() over (partition by h.process order by h.opened_at desc, h.record_id desc) as place
          from hit h)
        select (select count(*) from hit), array(select r.record_id from ranked r where r.place <= each
          order by r.opened_at desc, r.record_id desc limit most) into hits, found;
        exit when hits < bound or bound = many;
      end if;
      walked := array(select n.record_id from (select s.record_id, s.body, s.grams from search_row s
          where s.company_id = company order by s.opened_at desc, s.record_id desc limit newest) n
        where case when n.body like all (likes) then n.grams @@ coalesce(wanted, may_see) else false end);
      exit when bound = 0 or cardinality(walked) >= most;
      bound := many;
    end loop;
    return query
      with ranked as (
        select s.record_id, s.process, s.opened_at, s.body, s.shown, s.fields,
          row_number() over (partition by s.process order by s.opened_at desc, s.record_id desc) as place
        from search_row s where s.company_id = company and s.record_id = any (found || walked))
      select r.record_id, r.process, r.opened_at, r.fields[l.nth], left(split_part(r.shown, chr(10), l.nth), 4000)
      from ranked r
      cross join lateral (select left(r.body, strpos(r.body, terms[1])) as before) b
      cross join lateral (select 1 + length(b.before) - length(replace(b.before, chr(10), '')) as nth) l
      where r.place <= each order by r.opened_at desc, r.record_id desc limit most;
  end $$;

revoke all on function claim_dirty(uuid, interval, int), release_search(uuid), write_search(jsonb, bigint[]),
  search_records(text[], text, text, int, int) from public;
grant execute on function claim_dirty(uuid, interval, int), release_search(uuid), write_search(jsonb, bigint[]),
  search_records(text[], text, text, int, int) to gongdan_app;
