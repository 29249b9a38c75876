-- What really happens in a process, summed by day: the process report reads this and not the events. Filled after the
-- commit by the worker that keeps the search up with the records, from the same marks; a case is folded up to an event, so
-- that nothing is counted twice. It can be thrown away and made again from the events (npm run doctor -- --rebuild-flow);
-- doctor compares.

-- How far each case is folded, and what it came to on the way.
create table case_flow (
  company_id int not null,
  record_id uuid not null,
  process text not null,
  seq int not null,
  opened_at timestamptz not null,
  -- The kind of its machine when it was first folded: it stays in the sums under this one.
  product text,
  -- States in the order in which it reached them.
  path text not null default '',
  -- States reached again, guards passed with a reason, clocks that ran out.
  again int not null default 0,
  waived int not null default 0,
  late int not null default 0,
  primary key (company_id, record_id)
);
create index case_flow_of_process on case_flow (company_id, process, opened_at desc) include (path, product);
create index case_flow_again on case_flow (company_id, process, opened_at desc) where again > 0;

-- One line a day, step and length of time. `slice`: '' is everything, 'p:' a product, 'w:' a person, 'p:…|w:…' both.
-- `from_state`: '' is a beginning; '*' with the action '*' is not a step but how old a case was when it first came to
-- `to_state`. `bucket`: eight to a doubling of minutes.
create table flow_day (
  company_id int not null,
  process text not null,
  slice text not null,
  day date not null,
  from_state text not null,
  action text not null,
  to_state text not null,
  bucket smallint not null,
  n int not null,
  again int not null,
  waived int not null,
  ms bigint not null,
  primary key (company_id, process, slice, day, from_state, action, to_state, bucket)
) with (fillfactor = 80);

create function flow_bucket(ms bigint) returns smallint
  language sql immutable parallel safe
  as $$ select floor(8 * ln(1 + greatest(ms, 0) / 60000.0::float8) / ln(2.0::float8))::smallint $$;

-- The steps of some cases, each with the time since its state was reached.
create function flow_steps(ids uuid[])
  returns table (record_id uuid, process text, seq int, day date, from_state text, action text, to_state text, moves boolean,
    stayed_ms bigint, age_ms bigint, again int, waived int, person uuid)
  language sql stable
  as $$
    with e as (
      select e.record_id, e.process, e.seq, e.at, coalesce(e.from_state, '') as from_state, e.action, e.to_state,
        e.from_state is distinct from e.to_state as moves, e.waived,
        case e.actor_kind when 'member' then e.actor_id when 'key' then e.on_behalf_of end as person
      from event e where e.record_id = any(ids))
    select e.record_id, e.process, e.seq, (e.at at time zone c.time_zone)::date, e.from_state, e.action, e.to_state, e.moves,
      (extract(epoch from e.at - coalesce(max(e.at) filter (where e.moves) over before, e.at)) * 1000)::bigint,
      (extract(epoch from e.at - min(e.at) over (partition by e.record_id)) * 1000)::bigint,
      case when e.moves and row_number() over (partition by e.record_id, e.to_state, e.moves order by e.seq) > 1
        then 1 else 0 end,
      coalesce(jsonb_array_length(e.waived), 0), e.person
    from e, company c
    window before as (partition by e.record_id order by e.seq rows between unbounded preceding and 1 preceding)
  $$;

-- Steps as lines of the sums: each in everything, in its product, in its person's, in both. Those that are folded
-- already, or (`after`) those that are not.
create function flow_lines(ids uuid[], after boolean)
  returns table (process text, slice text, day date, from_state text, action text, to_state text, bucket smallint,
    n bigint, again bigint, waived bigint, ms bigint)
  language sql stable
  as $$
    with s as (select s.*, f.product from flow_steps(ids) s join case_flow f on f.record_id = s.record_id
      where (s.seq > f.seq) = after),
    t as (
      select process, day, from_state, action, to_state, again, waived, stayed_ms as ms, product, person from s
      union all
      select process, day, '*', '*', to_state, 0, 0, age_ms, product, person from s where moves and again = 0),
    u as (select t.*, x.slice from t cross join lateral (
      select '' as slice
      union all select 'p:' || t.product where t.product is not null
      union all select 'w:' || t.person where t.person is not null
      union all select 'p:' || t.product || '|w:' || t.person where t.product is not null and t.person is not null) x)
    select process, slice, day, from_state, action, to_state, flow_bucket(ms), count(*), sum(again), sum(waived), sum(ms)::bigint
    from u group by 1, 2, 3, 4, 5, 6, 7
  $$;

-- Takes what is new of some cases of the company into its sums.
create function fold_flow(ids uuid[]) returns void
  language plpgsql volatile
  as $$
  begin
    insert into case_flow (company_id, record_id, process, seq, opened_at, product)
      select r.company_id, r.id, r.process, 0, r.opened_at, m.product_kind
      from record r left join machine m on m.company_id = r.company_id and m.id = r.machine
      where r.id = any(ids) order by r.id
      on conflict do nothing;
    perform 1 from case_flow f where f.record_id = any(ids) order by f.record_id for update;
    insert into flow_day as d (company_id, process, slice, day, from_state, action, to_state, bucket, n, again, waived, ms)
      select current_company(), l.* from flow_lines(ids, true) l order by 2, 3, 4, 5, 6, 7, 8
      on conflict (company_id, process, slice, day, from_state, action, to_state, bucket) do update
        set n = d.n + excluded.n, again = d.again + excluded.again, waived = d.waived + excluded.waived,
          ms = d.ms + excluded.ms;
    update case_flow f set seq = s.seq, again = s.again, waived = s.waived, late = s.late, path = s.path
      from (select record_id, max(seq) as seq, sum(again)::int as again, sum(waived)::int as waived,
          count(*) filter (where action = 'overdue')::int as late,
          left(string_agg(to_state, '>' order by seq) filter (where moves), 4000) as path
        from flow_steps(ids) group by record_id) s
      where f.record_id = s.record_id and f.seq < s.seq;
  end $$;

-- The cases behind a step, newest first; guards that were passed with a reason.
create index event_of_action on event (company_id, process, action, at desc);
create index event_waived on event (company_id, process, at desc) where waived is not null;

do $$
declare name text;
begin
  foreach name in array array['case_flow', 'flow_day'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy own_company on %I using (company_id = (select current_company()))
      with check (company_id = (select current_company()))', name);
    execute format('grant select, insert, update, delete on %I to gongdan_app', name);
  end loop;
end $$;

revoke all on function flow_bucket(bigint), flow_steps(uuid[]), flow_lines(uuid[], boolean), fold_flow(uuid[]) from public;
grant execute on function flow_bucket(bigint), flow_steps(uuid[]), flow_lines(uuid[], boolean), fold_flow(uuid[])
  to gongdan_app;

-- What happened before is folded in the background, as the search is kept.
insert into search_dirty (company_id, record_id) select company_id, id from record;
