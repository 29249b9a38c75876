-- Accounts, sessions, lock-out, API keys, private links. An account belongs to no company; the server's role cannot
-- read these tables and comes to them only through the doors below, each of which answers one question about one
-- secret.

create table account (
  id uuid primary key,
  login text not null unique check (login = lower(login) and length(login) between 2 and 40),
  password_hash text not null,
  must_change_password boolean not null,
  password_set_at timestamptz not null,
  -- RFC 6238, base32. Offered: shown to its owner, not yet confirmed by a code.
  totp_secret text,
  totp_offered text,
  -- The newest 30-second step whose code was taken: none is taken twice.
  totp_step bigint not null default 0,
  last_company int references company,
  created_at timestamptz not null default now()
);

alter table member add constraint member_has_account foreign key (account_id) references account;
-- 姓名首字母, for pickers; kept by the engine with the name.
alter table member add column initials text not null default '';
create index member_name_prefix on member (company_id, name collate "C");
create index member_initials on member (company_id, initials collate "C");

-- A sign-in on one device, for one company. Only the hash of its token is known here.
create table session (
  token_hash bytea primary key check (length(token_hash) = 32),
  id uuid not null unique,
  account_id uuid not null references account,
  company_id int not null references company,
  member_id uuid not null,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null,
  address text not null,
  user_agent text not null,
  foreign key (company_id, member_id) references member (company_id, id)
);
create index session_of_account on session (account_id, created_at);
create index session_of_member on session (company_id, member_id);
create index session_end on session (expires_at);

-- Failed attempts by account name and by address, both as hashes: people type passwords into the wrong field.
create table attempt (
  what text not null check (what in ('account', 'address', 'link')),
  who bytea not null,
  failures int not null,
  last_at timestamptz not null,
  locked_until timestamptz,
  primary key (what, who)
);
create index attempt_age on attempt (last_at);

-- A one-time link with which the first administrator of a company gives the account its password.
create table setup_link (
  token_hash bytea primary key check (length(token_hash) = 32),
  account_id uuid not null references account,
  expires_at timestamptz not null,
  used_at timestamptz
);

-- 接口密钥: another program of the company.
create table api_key (
  company_id int not null references company,
  id uuid not null,
  token_hash bytea not null unique check (length(token_hash) = 32),
  name text not null check (length(name) between 1 and 60),
  roles text[] not null,
  importer boolean not null default false,
  made_by uuid not null,
  made_at timestamptz not null,
  expires_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz,
  revoked_by uuid,
  primary key (company_id, id),
  foreign key (company_id, made_by) references member (company_id, id),
  foreign key (company_id, revoked_by) references member (company_id, id)
);

-- 私密链接: a customer's door to one record and some of its actions.
create table link (
  company_id int not null references company,
  id uuid not null,
  record_id uuid not null,
  contact_id uuid,
  contact_name text not null default '',
  actions text[] not null,
  token_hash bytea not null unique check (length(token_hash) = 32),
  made_by uuid,
  made_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  primary key (company_id, id),
  foreign key (company_id, record_id) references record (company_id, id)
);
create index link_of_record on link (company_id, record_id);

do $$
declare name text;
begin
  foreach name in array array['session', 'api_key', 'link'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy own_company on %I using (company_id = (select current_company()))
      with check (company_id = (select current_company()))', name);
  end loop;
end $$;
-- Without a policy nobody but the owner sees a row, even if a right were given by mistake.
alter table account enable row level security;
alter table attempt enable row level security;
alter table setup_link enable row level security;

-- Everything but the hashes.
grant select (company_id, id, name, roles, importer, made_by, made_at, expires_at, last_used_at, revoked_at, revoked_by)
  on api_key to gongdan_app;
grant insert on api_key, link to gongdan_app;
grant update (revoked_at, revoked_by) on api_key to gongdan_app;
grant select (company_id, id, record_id, contact_id, contact_name, actions, made_by, made_at, expires_at, revoked_at)
  on link to gongdan_app;
grant update (revoked_at) on link to gongdan_app;

-- Doors. plpgsql, because its plans are kept for the connection.

-- What checking a password takes; by login, or by account for somebody who is signed in.
create function account_by_login(the_login text)
  returns table (account_id uuid, login text, password_hash text, totp_secret text, totp_offered text)
  language plpgsql stable security definer set search_path = public, pg_temp
  as $$
  #variable_conflict use_column
  begin
    return query select a.id, a.login, a.password_hash, a.totp_secret, a.totp_offered from account a
      where a.login = the_login;
  end $$;

create function account_by_id(the_account uuid)
  returns table (account_id uuid, login text, password_hash text, totp_secret text, totp_offered text)
  language plpgsql stable security definer set search_path = public, pg_temp
  as $$
  #variable_conflict use_column
  begin
    return query select a.id, a.login, a.password_hash, a.totp_secret, a.totp_offered from account a
      where a.id = the_account;
  end $$;

-- Counts an attempt as failed before it is made, so that attempts side by side are all counted; attempt_over takes it
-- back. From the failure number `free` on each one closes the door for a minute, two, four … up to `longest`.
-- Null: it may be made. Otherwise it was not counted, and the door opens again at the instant returned.
create function count_attempt(the_what text, the_who bytea, as_of timestamptz, free int, longest interval)
  returns timestamptz
  language plpgsql volatile security definer set search_path = public, pg_temp
  as $$
  declare one attempt;
  begin
    insert into attempt (what, who, failures, last_at) values (the_what, the_who, 0, as_of) on conflict do nothing;
    select * into one from attempt where what = the_what and who = the_who for update;
    if one.locked_until > as_of then return one.locked_until; end if;
    if one.last_at < as_of - interval '1 day' then one.failures := 0; end if;
    one.failures := one.failures + 1;
    update attempt set failures = one.failures, last_at = as_of,
      locked_until = case when one.failures >= free
        then as_of + least(longest, interval '1 minute' * power(2, least(one.failures - free, 20))) end
      where what = the_what and who = the_who;
    return null;
  end $$;

create function attempt_over(the_what text, the_who bytea, forget boolean) returns void
  language plpgsql volatile security definer set search_path = public, pg_temp
  as $$
  begin
    if forget then delete from attempt where what = the_what and who = the_who;
    else update attempt set failures = greatest(failures - 1, 0), locked_until = null
      where what = the_what and who = the_who;
    end if;
  end $$;

create function locked_until(the_what text, the_who bytea, as_of timestamptz) returns timestamptz
  language plpgsql stable security definer set search_path = public, pg_temp
  as $$
  begin
    return (select a.locked_until from attempt a
      where a.what = the_what and a.who = the_who and a.locked_until > as_of);
  end $$;

create function companies_of(the_account uuid) returns table (company_id int, slug text, name text, is_last boolean)
  language plpgsql stable security definer set search_path = public, pg_temp
  as $$
  #variable_conflict use_column
  begin
    return query select c.company_id, c.slug, c.name, coalesce(a.last_company = c.company_id, false)
      from member m join company c on c.company_id = m.company_id join account a on a.id = m.account_id
      where m.account_id = the_account and m.active order by c.company_id;
  end $$;

-- False: the account has no active member there. Clears away what has ended, a little each time.
create function open_session(hash bytea, session_id uuid, the_account uuid, company int, as_of timestamptz,
  ends timestamptz, address text, user_agent text, most int) returns boolean
  language plpgsql volatile security definer set search_path = public, pg_temp
  as $$
  #variable_conflict use_variable
  begin
    delete from session s where s.token_hash in
      (select e.token_hash from session e where e.expires_at < as_of order by e.expires_at limit 100);
    delete from attempt a where (a.what, a.who) in
      (select o.what, o.who from attempt o where o.last_at < as_of - interval '2 days' order by o.last_at limit 100);
    delete from session s where s.token_hash in (select e.token_hash from session e
      where e.account_id = the_account order by e.created_at desc offset most - 1);
    insert into session (token_hash, id, account_id, company_id, member_id, created_at, last_seen_at, expires_at,
      address, user_agent)
    select hash, session_id, the_account, m.company_id, m.id, as_of, as_of, ends, address, user_agent
      from member m where m.account_id = the_account and m.company_id = company and m.active;
    if not found then return false; end if;
    update account a set last_company = company where a.id = the_account and a.last_company is distinct from company;
    return true;
  end $$;

-- The hot path: who holds this token, now? last_seen_at moves at most once a minute.
create function session_of(hash bytea, as_of timestamptz, idle interval, out session_id uuid, out account_id uuid,
  out login text, out must_change_password boolean, out expires_at timestamptz, out member_id uuid,
  out member_name text, out language text, out positions text[], out roles text[], out company_id int, out slug text,
  out company_name text, out time_zone text) returns setof record
  language plpgsql volatile security definer set search_path = public, pg_temp
  as $$
  #variable_conflict use_column
  declare seen timestamptz;
  begin
    select s.id, a.id, a.login, a.must_change_password, s.expires_at, m.id, m.name, m.language, m.positions,
        array(select distinct unnest(p.roles) from position p
          where p.company_id = m.company_id and p.key = any(m.positions) order by 1),
        c.company_id, c.slug, c.name, c.time_zone, s.last_seen_at
      into session_id, account_id, login, must_change_password, expires_at, member_id, member_name, language,
        positions, roles, company_id, slug, company_name, time_zone, seen
      from session s join account a on a.id = s.account_id
        join member m on m.company_id = s.company_id and m.id = s.member_id and m.account_id = s.account_id
        join company c on c.company_id = s.company_id
      where s.token_hash = hash and s.expires_at > as_of and s.last_seen_at > as_of - idle and m.active;
    if not found then return; end if;
    if seen < as_of - interval '1 minute' then
      update session s set last_seen_at = as_of where s.token_hash = hash;
    end if;
    return next;
  end $$;

create function sessions_of(the_account uuid, as_of timestamptz, idle interval)
  returns table (session_id uuid, company_name text, created_at timestamptz, last_seen_at timestamptz, address text,
    user_agent text)
  language plpgsql stable security definer set search_path = public, pg_temp
  as $$
  #variable_conflict use_column
  begin
    return query select s.id, c.name, s.created_at, s.last_seen_at, s.address, s.user_agent
      from session s join company c on c.company_id = s.company_id
      where s.account_id = the_account and s.expires_at > as_of and s.last_seen_at > as_of - idle
      order by s.last_seen_at desc;
  end $$;

create function close_session(hash bytea) returns void
  language plpgsql volatile security definer set search_path = public, pg_temp
  as $$ begin delete from session s where s.token_hash = hash; end $$;

create function close_session_by_id(the_account uuid, the_session uuid) returns boolean
  language plpgsql volatile security definer set search_path = public, pg_temp
  as $$
  begin
    delete from session s where s.account_id = the_account and s.id = the_session;
    return found;
  end $$;

create function close_sessions(the_account uuid) returns void
  language plpgsql volatile security definer set search_path = public, pg_temp
  as $$ begin delete from session s where s.account_id = the_account; end $$;

-- Ends every session of the account with it.
create function set_password(the_account uuid, hash text, must_change boolean, as_of timestamptz) returns void
  language plpgsql volatile security definer set search_path = public, pg_temp
  as $$
  begin
    update account set password_hash = hash, must_change_password = must_change, password_set_at = as_of
      where id = the_account;
    delete from session s where s.account_id = the_account;
  end $$;

create function offer_second_factor(the_account uuid, secret text) returns void
  language plpgsql volatile security definer set search_path = public, pg_temp
  as $$ begin update account set totp_offered = secret where id = the_account; end $$;

create function confirm_second_factor(the_account uuid, step bigint) returns boolean
  language plpgsql volatile security definer set search_path = public, pg_temp
  as $$
  begin
    update account set totp_secret = totp_offered, totp_offered = null, totp_step = step
      where id = the_account and totp_offered is not null and totp_step < step;
    return found;
  end $$;

-- False: a code of this step, or of a later one, was taken already.
create function use_second_factor(the_account uuid, step bigint) returns boolean
  language plpgsql volatile security definer set search_path = public, pg_temp
  as $$
  begin
    update account set totp_step = step where id = the_account and totp_secret is not null and totp_step < step;
    return found;
  end $$;

create function remove_second_factor(the_account uuid) returns void
  language plpgsql volatile security definer set search_path = public, pg_temp
  as $$ begin update account set totp_secret = null, totp_offered = null where id = the_account; end $$;

-- An account for somebody who joins; inside the transaction that makes the member. False: the login is taken.
create function account_for_member(account_id uuid, the_login text, hash text, as_of timestamptz) returns boolean
  language plpgsql volatile security definer set search_path = public, pg_temp
  as $$
  begin
    insert into account (id, login, password_hash, must_change_password, password_set_at)
      values (account_id, the_login, hash, true, as_of) on conflict (login) do nothing;
    return found;
  end $$;

-- What an administrator may know of the accounts of the company's own people: is it theirs alone? An account that is
-- also used in another company is nobody's to reset but its owner's.
create function accounts_of_members(members uuid[]) returns table (member_id uuid, login text, only_here boolean)
  language plpgsql stable security definer set search_path = public, pg_temp
  as $$
  #variable_conflict use_column
  begin
    return query select m.id, a.login, not exists (select from member o
        where o.account_id = m.account_id and o.company_id <> m.company_id)
      from member m join account a on a.id = m.account_id
      where m.company_id = current_company() and m.id = any(members);
  end $$;

-- The three below touch only an account of the company's own member, and only one that is used nowhere else.
create function own_account_of(the_member uuid) returns uuid
  language plpgsql stable security definer set search_path = public, pg_temp
  as $$
  begin
    return (select m.account_id from member m where m.company_id = current_company() and m.id = the_member
      and not exists (select from member o where o.account_id = m.account_id and o.company_id <> m.company_id));
  end $$;

create function reset_member_password(the_member uuid, hash text, as_of timestamptz) returns boolean
  language plpgsql volatile security definer set search_path = public, pg_temp
  as $$
  declare the_account uuid := own_account_of(the_member);
  begin
    if the_account is null then return false; end if;
    perform set_password(the_account, hash, true, as_of);
    return true;
  end $$;

create function remove_member_second_factor(the_member uuid) returns boolean
  language plpgsql volatile security definer set search_path = public, pg_temp
  as $$
  declare the_account uuid := own_account_of(the_member);
  begin
    if the_account is null then return false; end if;
    perform remove_second_factor(the_account);
    perform close_sessions(the_account);
    return true;
  end $$;

create function close_member_sessions(the_member uuid) returns void
  language plpgsql volatile security definer set search_path = public, pg_temp
  as $$
  begin
    delete from session s where s.company_id = current_company() and s.member_id = the_member;
  end $$;

create function key_of(hash bytea, as_of timestamptz)
  returns table (key_id uuid, name text, roles text[], importer boolean, company_id int, slug text, company_name text,
    time_zone text)
  language plpgsql volatile security definer set search_path = public, pg_temp
  as $$
  #variable_conflict use_column
  begin
    return query select k.id, k.name, k.roles, k.importer, c.company_id, c.slug, c.name, c.time_zone
      from api_key k join company c on c.company_id = k.company_id
      where k.token_hash = hash and k.revoked_at is null and k.expires_at > as_of;
    if found then
      update api_key k set last_used_at = as_of where k.token_hash = hash
        and (k.last_used_at is null or k.last_used_at < as_of - interval '1 minute');
    end if;
  end $$;

-- `ended`: withdrawn, past its date, or the record was closed longer than `after_close` ago.
create function link_of(hash bytea, as_of timestamptz, after_close interval)
  returns table (link_id uuid, record_id uuid, process text, contact_id uuid, contact_name text, actions text[],
    expires_at timestamptz, ended boolean, company_id int, slug text, company_name text, time_zone text)
  language plpgsql stable security definer set search_path = public, pg_temp
  as $$
  #variable_conflict use_column
  begin
    return query select l.id, l.record_id, r.process, l.contact_id, l.contact_name, l.actions, l.expires_at,
        l.revoked_at is not null or l.expires_at <= as_of or coalesce(r.closed_at + after_close <= as_of, false),
        c.company_id, c.slug, c.name, c.time_zone
      from link l join record r on r.company_id = l.company_id and r.id = l.record_id
        join company c on c.company_id = l.company_id
      where l.token_hash = hash;
  end $$;

create function setup_of(hash bytea, as_of timestamptz) returns table (account_id uuid, login text)
  language plpgsql stable security definer set search_path = public, pg_temp
  as $$
  #variable_conflict use_column
  begin
    return query select a.id, a.login from setup_link s join account a on a.id = s.account_id
      where s.token_hash = hash and s.used_at is null and s.expires_at > as_of;
  end $$;

-- Once: of two at the same time one gets the account, the other nothing.
create function use_setup_link(hash bytea, password text, as_of timestamptz) returns uuid
  language plpgsql volatile security definer set search_path = public, pg_temp
  as $$
  declare the_account uuid;
  begin
    update setup_link s set used_at = as_of
      where s.token_hash = hash and s.used_at is null and s.expires_at > as_of
      returning s.account_id into the_account;
    if the_account is not null then perform set_password(the_account, password, false, as_of); end if;
    return the_account;
  end $$;

do $$
declare door regprocedure;
begin
  for door in select p.oid::regprocedure from pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.prosecdef loop
    execute format('revoke all on function %s from public', door);
    execute format('grant execute on function %s to gongdan_app', door);
  end loop;
  -- Only other doors ask this.
  revoke all on function own_account_of(uuid) from gongdan_app;
end $$;
