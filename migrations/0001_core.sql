-- The ground: companies, people, the event chain, the head row of every case, clocks, the outbox, numbers.
-- gongdan_app is the role of the server (or a group that its login belongs to); it owns nothing and cannot pass a policy.

create function current_company() returns int
  language sql stable parallel safe
  as $$ select nullif(current_setting('app.company', true), '')::int $$;

create table company (
  company_id int generated always as identity primary key,
  slug text not null unique check (slug ~ '^[a-z][a-z0-9-]{1,40}$'),
  name text not null check (length(name) between 1 and 120),
  -- The regulation profile that its settings start from: s0 … s4, base.
  profile text not null,
  time_zone text not null default 'Asia/Shanghai',
  -- While true: facts may be dated back by an import key; nothing is sent, no clock strikes.
  importing boolean not null default false,
  demo boolean not null default false,
  created_at timestamptz not null default now()
);

-- A company's settings: sparse changes against its profile, in numbered revisions that are never touched again.
create table settings_revision (
  company_id int not null references company,
  revision int not null check (revision > 0),
  overrides jsonb not null,
  change jsonb not null,
  why text not null,
  made_by uuid,
  made_at timestamptz not null,
  primary key (company_id, revision)
);

-- 职务: the company's own words; each grants functional roles.
create table position (
  company_id int not null references company,
  key text not null check (key ~ '^[a-z][a-z0-9_]{0,60}$'),
  name text not null check (length(name) between 1 and 60),
  roles text[] not null,
  primary key (company_id, key)
);

-- One event for everything that happened to a case: audit trail, timeline, source of every clock, and the memory of
-- every request. The chain (prev_seq, from_state) → (seq, to_state) makes a hole or a second past impossible.
create table event (
  company_id int not null references company,
  record_id uuid not null,
  seq int not null check (seq > 0),
  prev_seq int,
  process text not null,
  action text not null,
  from_state text,
  to_state text not null,
  at timestamptz not null,
  recorded_at timestamptz not null default now(),
  -- What the door did to `at`: clamped (an offline device's claim was moved), imported.
  at_note text check (at_note in ('clamped', 'imported')),
  actor_kind text not null check (actor_kind in ('member', 'contact', 'system', 'key')),
  actor_id uuid,
  on_behalf_of uuid,
  via text not null check (via in ('web', 'api', 'link', 'phone', 'timer', 'mail', 'offline', 'import')),
  request_key bytea not null,
  request_hash bytea not null,
  settings_revision int not null,
  input jsonb not null,
  waived jsonb,
  primary key (company_id, record_id, seq),
  constraint event_state unique (company_id, record_id, seq, to_state),
  constraint event_request unique (company_id, request_key),
  check ((seq = 1 and prev_seq is null and from_state is null)
      or (seq > 1 and prev_seq = seq - 1 and from_state is not null)),
  constraint event_chain foreign key (company_id, record_id, prev_seq, from_state)
    references event (company_id, record_id, seq, to_state)
) with (fillfactor = 90);

-- The head row of every case. Only the engine's one transaction writes it; it cannot name a state without its event.
create table record (
  company_id int not null references company,
  id uuid not null,
  process text not null,
  number text not null,
  old_number text,
  title text not null default '',
  seq int not null,
  state text not null,
  kind text not null check (kind in ('active', 'waiting', 'done', 'void')),
  parent uuid,
  root uuid not null,
  customer uuid,
  machine uuid,
  -- 对客责任人, 当前处理人, and who wrote the first event.
  owner uuid,
  handler uuid,
  author uuid,
  team text,
  next_action text,
  owed_by text,
  next_due_at timestamptz,
  -- The step that strikes at next_due_at: 'clock:step'.
  next_strike text,
  opened_at timestamptz not null,
  changed_at timestamptz not null,
  closed_at timestamptz,
  settings_revision int not null,
  extra jsonb not null default '{}',
  primary key (company_id, id),
  constraint record_event foreign key (company_id, id, seq, state)
    references event (company_id, record_id, seq, to_state),
  constraint record_parent foreign key (company_id, parent) references record (company_id, id),
  constraint record_root foreign key (company_id, root) references record (company_id, id),
  constraint record_number unique (company_id, process, number)
) with (fillfactor = 80);

create index record_newest on record (company_id, process, opened_at desc, id desc);
create index record_by_state on record (company_id, process, state, opened_at desc, id desc);
create index record_due on record (company_id, process, next_due_at, id) where kind in ('active', 'waiting');
create index record_of_handler on record (company_id, handler, next_due_at, id)
  where kind in ('active', 'waiting');
create index record_of_owner on record (company_id, owner, next_due_at, id) where kind in ('active', 'waiting');
create index record_of_author on record (company_id, author, opened_at desc, id desc);
create index record_of_team on record (company_id, team, next_due_at, id)
  where kind in ('active', 'waiting') and handler is null;
create index record_handled on record (company_id, handler, opened_at desc, id desc);
create index record_owned on record (company_id, owner, opened_at desc, id desc);
create index record_children on record (company_id, parent) where parent is not null;
create index record_of_customer on record (company_id, customer, opened_at desc, id desc) where customer is not null;
create index record_of_machine on record (company_id, machine, opened_at desc, id desc) where machine is not null;
create index record_old_number on record (company_id, old_number) where old_number is not null;

-- Values of a company's own fields that can be filtered, typed so that an index serves under a policy.
create table extra_index (
  company_id int not null,
  record_id uuid not null,
  process text not null,
  name text not null,
  text_value text,
  number_value bigint,
  at_value timestamptz,
  primary key (company_id, record_id, name),
  foreign key (company_id, record_id) references record (company_id, id)
);
create index extra_text on extra_index (company_id, process, name, text_value);
create index extra_number on extra_index (company_id, process, name, number_value);
create index extra_at on extra_index (company_id, process, name, at_value);

-- Human numbers without gaps under races: one row a company, process and period.
create table number_counter (
  company_id int not null references company,
  process text not null,
  period text not null,
  last int not null,
  primary key (company_id, process, period)
) with (fillfactor = 50);

-- The next strike of all clocks of one record: one row a record, moved by every action.
create table timer (
  company_id int not null,
  record_id uuid not null,
  due_at timestamptz,
  clock text,
  step text,
  leased_until timestamptz,
  tries int not null default 0,
  primary key (company_id, record_id),
  foreign key (company_id, record_id) references record (company_id, id)
) with (fillfactor = 70);
create index timer_due on timer (due_at) where due_at is not null;

-- What must still happen outside the transaction: written with the event, done at least once under one stable key.
create table outbox (
  company_id int not null,
  record_id uuid not null,
  seq int not null,
  n int not null,
  kind text not null check (kind in ('send', 'print', 'tell', 'open')),
  effect jsonb not null,
  state text not null default 'waiting' check (state in ('waiting', 'sending', 'done', 'dead', 'uncertain',
    'discarded')),
  tries int not null default 0,
  next_at timestamptz not null,
  leased_until timestamptz,
  last_error text,
  done_at timestamptz,
  primary key (company_id, record_id, seq, n),
  foreign key (company_id, record_id, seq) references event (company_id, record_id, seq)
) with (fillfactor = 70);
create index outbox_due on outbox (next_at) where state in ('waiting', 'sending');
create index outbox_stuck on outbox (company_id, state) where state in ('dead', 'uncertain');

-- In-app notices (站内消息) to one member.
create table notice (
  company_id int not null references company,
  id uuid not null,
  member_id uuid not null,
  record_id uuid,
  template text not null,
  params jsonb not null default '{}',
  created_at timestamptz not null,
  read_at timestamptz,
  -- The effect that made it, so that a repeated attempt makes no second one.
  effect_key text not null,
  primary key (company_id, id),
  unique (company_id, effect_key, member_id)
);
create index notice_of_member on notice (company_id, member_id, created_at desc, id desc);
create index notice_unread on notice (company_id, member_id) where read_at is null;

-- Records whose search row is out of date. Append-only, so that no action ever waits for the indexer.
create table search_dirty (
  id bigint generated always as identity primary key,
  company_id int not null,
  record_id uuid not null
);

-- 待办
create table task (
  company_id int not null,
  id uuid not null,
  detail text,
  due_at timestamptz,
  result text,
  primary key (company_id, id),
  foreign key (company_id, id) references record (company_id, id)
);

-- A person inside one company: what events name. The case file of joining and leaving is the process `member`.
create table member (
  company_id int not null,
  id uuid not null,
  account_id uuid,
  name text not null check (length(name) between 1 and 60),
  positions text[] not null default '{}',
  phone text,
  email text,
  active boolean not null default true,
  language text not null default 'zh' check (language in ('zh', 'en')),
  primary key (company_id, id),
  foreign key (company_id, id) references record (company_id, id)
);
create unique index member_account on member (company_id, account_id) where account_id is not null;
create index member_name on member (company_id, name);

-- 未送达: an effect that has failed for good, as work for the administrator.
create table undelivered (
  company_id int not null,
  id uuid not null,
  source_record uuid not null,
  source_seq int not null,
  source_n int not null,
  reason text not null default '',
  primary key (company_id, id),
  foreign key (company_id, id) references record (company_id, id),
  foreign key (company_id, source_record, source_seq, source_n) references outbox (company_id, record_id, seq, n)
);

-- Row-level security: a company sees its own rows and no others, whatever a query says.
do $$
declare name text;
begin
  foreach name in array array['company', 'settings_revision', 'position', 'event', 'record', 'extra_index',
    'number_counter', 'timer', 'outbox', 'notice', 'search_dirty', 'task', 'member', 'undelivered'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy own_company on %I using (company_id = (select current_company()))
      with check (company_id = (select current_company()))', name);
  end loop;
end $$;

-- Events are never changed and never removed by the server; heads, timers and effects move.
grant select on company, position, settings_revision, event, record, extra_index, number_counter, timer, outbox, notice,
  task, member, undelivered to gongdan_app;
grant insert on settings_revision, position, event, record, extra_index, number_counter, timer, outbox, notice,
  search_dirty, task, member, undelivered to gongdan_app;
grant update on position, record, extra_index, number_counter, timer, outbox, notice, task, member, undelivered
  to gongdan_app;
grant delete on extra_index to gongdan_app;
grant update (importing) on company to gongdan_app;

-- Doors for work that belongs to no company until it is claimed. Each lease is short and taken in a transaction of its
-- own; a worker that dies gives its work back when the lease ends.
create function claim_timers(until timestamptz, lease interval, most int)
  returns table (company_id int, record_id uuid, due_at timestamptz, clock text, step text, tries int)
  language sql volatile security definer set search_path = public, pg_temp
  as $$
    update timer t set leased_until = until + lease, tries = t.tries + 1
    from (select c.company_id, c.record_id from timer c
          where c.due_at is not null and c.due_at <= until and (c.leased_until is null or c.leased_until <= until)
            and c.company_id not in (select i.company_id from company i where i.importing)
          order by c.due_at limit most for update skip locked) due
    where t.company_id = due.company_id and t.record_id = due.record_id
    returning t.company_id, t.record_id, t.due_at, t.clock, t.step, t.tries
  $$;

-- What is due already is claimed, or leased by somebody: only what comes later is worth waiting for.
create function next_timer(later timestamptz) returns timestamptz
  language sql stable security definer set search_path = public, pg_temp
  as $$ select min(due_at) from timer where due_at > later $$;

-- An effect waits while an earlier one of the same record has not come to its end: tells arrive in order. A
-- message waits for the prints of its own event, which it may carry. Nothing leaves a company whose history is being brought in.
create function claim_outbox(until timestamptz, lease interval, most int)
  returns table (company_id int, record_id uuid, seq int, n int, kind text, effect jsonb, tries int, was text)
  language sql volatile security definer set search_path = public, pg_temp
  as $$
    with due as (
      select c.company_id, c.record_id, c.seq, c.n, c.state from outbox c
      where c.state in ('waiting', 'sending') and c.next_at <= until
        and (c.leased_until is null or c.leased_until <= until)
        and not exists (select from outbox e where e.company_id = c.company_id and e.record_id = c.record_id
          and e.kind in ('tell', 'open') and c.kind in ('tell', 'open')
          and (e.seq, e.n) < (c.seq, c.n) and e.state in ('waiting', 'sending'))
        and not (c.kind = 'send' and exists (select from outbox p where p.company_id = c.company_id
          and p.record_id = c.record_id and p.seq = c.seq and p.n < c.n and p.kind = 'print'
          and p.state in ('waiting', 'sending')))
        and not (c.kind in ('send', 'print') and c.company_id in (select i.company_id from company i where i.importing))
      order by c.next_at limit most for update skip locked)
    update outbox o set state = 'sending', leased_until = until + lease, tries = o.tries + 1
    from due where o.company_id = due.company_id and o.record_id = due.record_id and o.seq = due.seq and o.n = due.n
    returning o.company_id, o.record_id, o.seq, o.n, o.kind, o.effect, o.tries, due.state
  $$;

revoke all on function claim_timers(timestamptz, interval, int), next_timer(timestamptz),
  claim_outbox(timestamptz, interval, int) from public;
grant execute on function claim_timers(timestamptz, interval, int), next_timer(timestamptz),
  claim_outbox(timestamptz, interval, int) to gongdan_app;
