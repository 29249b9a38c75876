-- Spare parts: the catalogue, the ledger of where every piece is, requests, orders from suppliers, counts of the store.

-- 备件
create table part (
  company_id int not null,
  id uuid not null,
  part_number text not null check (length(part_number) between 1 and 60),
  name text not null check (length(name) between 1 and 120),
  fits text,
  part_kind text not null check (part_kind in ('part', 'consumable')),
  price_fen bigint check (price_fen >= 0),
  cost_fen bigint check (cost_fen >= 0),
  bin text,
  minimum bigint check (minimum >= 0),
  primary key (company_id, id),
  foreign key (company_id, id) references record (company_id, id)
);
create unique index part_number_once on part (company_id, upper(part_number));
create index part_in_order on part (company_id, part_number collate "C", id);

-- Every end of a part's number, name and models is a key, so that the beginning of a key is any part of the whole.
create table part_key (
  company_id int not null,
  key text collate "C" not null,
  part uuid not null,
  primary key (company_id, key, part)
);
create index part_key_of_part on part_key (company_id, part);

-- Kept by a trigger, so that every way in (a form, an edit, rows brought in) leaves the keys right.
create function part_keys() returns trigger language plpgsql as $$
  begin
    delete from part_key k where k.company_id = new.company_id and k.part = new.id;
    insert into part_key (company_id, key, part)
    select distinct new.company_id, left(substr(lower(t.whole), n), 24), new.id
    from unnest(array[new.part_number, new.name, coalesce(new.fits, '')]) t (whole),
      generate_series(1, length(t.whole)) n
    where substr(t.whole, n, 1) <> ' ';
    return null;
  end $$;
create trigger part_keys_made after insert on part for each row execute function part_keys();
create trigger part_keys_moved after update on part for each row
  when ((old.part_number, old.name, old.fits) is distinct from (new.part_number, new.name, new.fits))
  execute function part_keys();

-- 库位: where pieces can be. The key says what it is: store, used_store, hands:<member>, peer hold pieces and have a
-- balance; supplier, customer, scrap and difference are the world outside, where only the flow is known.
create table place (
  company_id int not null references company,
  key text not null check (key ~ '^(store|used_store|peer|supplier|customer|scrap|difference|hands:[0-9a-f-]{36})$'),
  kind text not null check (kind in ('store', 'used_store', 'hands', 'peer', 'supplier', 'customer', 'scrap',
    'difference')),
  member uuid,
  primary key (company_id, key),
  check ((kind = 'hands') = (member is not null)),
  foreign key (company_id, member) references member (company_id, id)
);

-- 收发登记 (G13): one row a movement, never touched again. Quantities in thousandths. `from_left`, `to_left`: what lay
-- there afterwards. `old`: a part taken out of a machine (G15), with its tag and condition.
create table stock_move (
  company_id int not null,
  id uuid not null,
  part uuid not null,
  from_place text not null,
  to_place text not null,
  quantity bigint not null check (quantity > 0),
  from_left bigint check (from_left >= 0),
  to_left bigint check (to_left >= 0),
  old boolean not null default false,
  tag text,
  note text,
  record_id uuid not null,
  seq int not null,
  n int not null,
  at timestamptz not null,
  primary key (company_id, id),
  constraint stock_move_once unique (company_id, record_id, seq, n),
  -- An old part that the customer keeps never came in: it is written down, but does not move.
  check (from_place <> to_place or (old and to_place = 'customer')),
  foreign key (company_id, part) references part (company_id, id),
  foreign key (company_id, from_place) references place (company_id, key),
  foreign key (company_id, to_place) references place (company_id, key),
  -- Checked at the commit: a piece moves before its event is written, in the same transaction.
  constraint stock_move_event foreign key (company_id, record_id, seq) references event (company_id, record_id, seq)
    deferrable initially deferred
);
create index stock_move_of_part on stock_move (company_id, part, id desc);
create index stock_move_old on stock_move (company_id, id desc) where old;

-- What lies where now. Changed only together with a movement.
create table stock_balance (
  company_id int not null,
  part uuid not null,
  place text not null,
  quantity bigint not null,
  primary key (company_id, part, place),
  constraint stock_never_negative check (quantity >= 0),
  foreign key (company_id, part) references part (company_id, id),
  foreign key (company_id, place) references place (company_id, key)
) with (fillfactor = 70);
create index stock_balance_at on stock_balance (company_id, place, part);

-- 领料单
create table part_request (
  company_id int not null,
  id uuid not null,
  lines jsonb not null,
  summary text,
  engineer uuid,
  note text,
  -- Price of all lines, and whether it takes the lead engineer's consent (setting parts.consent_free_fen).
  value_fen bigint,
  consent_required boolean not null,
  consented boolean not null,
  missing jsonb,
  supplier text,
  customer_consent text,
  told_eta date,
  primary key (company_id, id),
  foreign key (company_id, id) references record (company_id, id)
);

-- 备件订购
create table purchase (
  company_id int not null,
  id uuid not null,
  lines jsonb not null,
  summary text,
  supplier text,
  amount_fen bigint,
  eta date,
  -- The end of the day of eta, in company time: what the clock runs to.
  eta_at timestamptz,
  paid_on date,
  paid_fen bigint,
  customer_payment text,
  customer_paid_fen bigint,
  customer_paid_on date,
  accepted jsonb,
  enclosed text,
  primary key (company_id, id),
  foreign key (company_id, id) references record (company_id, id)
);

-- 盘点
create table stock_count (
  company_id int not null,
  id uuid not null,
  place text not null check (place in ('store', 'used_store')),
  counted jsonb,
  differences jsonb,
  reason text,
  primary key (company_id, id),
  foreign key (company_id, id) references record (company_id, id)
);

-- All records of one case, whatever depth they lie at.
create index record_of_root on record (company_id, root, process);

do $$
declare name text;
begin
  foreach name in array array['part', 'part_key', 'place', 'stock_move', 'stock_balance', 'part_request', 'purchase',
    'stock_count'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy own_company on %I using (company_id = (select current_company()))
      with check (company_id = (select current_company()))', name);
  end loop;
end $$;

-- The ledger is append-only: the server can neither change nor remove a movement.
grant select, insert on place, stock_move to gongdan_app;
grant select, insert, update on part, stock_balance, part_request, purchase, stock_count to gongdan_app;
grant select, insert, delete on part_key to gongdan_app;
