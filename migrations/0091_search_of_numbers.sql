-- A part of a number or of a serial number is found in one look instead of four.

create or replace function search_records(terms text[], groups text, processes text[], sights text[], most int, each int)
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
    -- Six characters with a figure are part of a number: rare, so that all is asked at once. Looking back by months would read
    -- the lists of all months for it.
    first_look constant int := case when exists (select from unnest(terms) t where length(t) >= 6 and t ~ '[0-9]')
      then cardinality(begins) else 1 end;
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
    for look in first_look .. case when groups is null then 0 else cardinality(begins) end loop
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
