-- Everything is summed by weeks as well ('*'), for long times: a sixth of the lines.
create or replace function flow_lines(ids uuid[], after boolean)
  returns table (process text, slice text, day date, from_state text, action text, to_state text, bucket smallint,
    n bigint, again bigint, waived bigint, ms bigint)
  language sql stable
  as $$
    with s as materialized (select s.*, f.product, date_trunc('week', s.day)::date as week
      from flow_steps(ids) s join case_flow f on f.record_id = s.record_id where (s.seq > f.seq) = after),
    t as (
      select process, day, week, from_state, action, to_state, again, waived, stayed_ms as ms, product, person from s
      union all
      select process, day, week, '*', '*', to_state, 0, 0, age_ms, product, person from s where moves and again = 0),
    u as (
      select process, '' as slice, day, from_state, action, to_state, again, waived, ms from t
      union all
      select process, '*', week, from_state, action, to_state, again, waived, ms from t
      union all
      select process, 'p:' || product, week, from_state, action, to_state, again, waived, ms from t where product is not null
      union all
      select process, 'w:' || person, week, from_state, action, to_state, again, waived, ms from t where person is not null)
    select process, slice, day, from_state, action, to_state, flow_bucket(ms), count(*), sum(again), sum(waived), sum(ms)::bigint
    from u group by 1, 2, 3, 4, 5, 6, 7
  $$;

delete from flow_day;
delete from case_flow;
insert into search_dirty (company_id, record_id) select company_id, id from record;
