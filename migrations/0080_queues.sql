-- How long the queues are, over all companies, for the operator's metrics. Counted up to 10,000 along their indexes:
-- a longer queue is told as that, and costs no more to ask.
create function queues(as_of timestamptz) returns table (queue text, waiting bigint, oldest timestamptz)
  language sql stable security definer set search_path = public, pg_temp
  as $$
    select 'outbox', count(*), min(next_at) from (select next_at from outbox
      where state in ('waiting', 'sending') and next_at <= as_of order by next_at limit 10000) o
    union all
    select 'timers', count(*), min(due_at) from (select due_at from timer
      where due_at is not null and due_at <= as_of order by due_at limit 10000) t
    union all
    select 'search', count(*), null from (select 1 from search_dirty limit 10000) d
    union all
    select 'undelivered', count(*), null from (select 1 from outbox where state in ('dead', 'uncertain') limit 10000) u
  $$;
revoke all on function queues(timestamptz) from public;
grant execute on function queues(timestamptz) to gongdan_app;
