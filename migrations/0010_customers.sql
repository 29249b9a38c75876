-- Customers, the people at them, their machines, and the keys by which all of them are found while somebody types.

-- 客户: an organisation or a person. The columns at the end follow from name and phone; the look-up is made from them.
create table customer (
  company_id int not null,
  id uuid not null,
  customer_kind text check (customer_kind in ('organisation', 'person')),
  -- Null only after the personal data was erased.
  name text,
  short_name text,
  phone text,
  address text,
  zone text check (zone in ('city', 'other')),
  online_id text,
  fax text,
  email text,
  industry text,
  settlement text not null check (settlement in ('cash', 'monthly')),
  contract boolean not null,
  -- 责任工程师 of a contract customer.
  engineer uuid,
  source text,
  loyalty text check (loyalty in ('satisfied', 'loyal', 'advocate')),
  remark text,
  merged_into uuid,
  name_key text,
  initials text[],
  pinyin text[],
  short_key text,
  short_initials text[],
  short_pinyin text[],
  phone_digits text,
  primary key (company_id, id),
  foreign key (company_id, id) references record (company_id, id),
  foreign key (company_id, merged_into) references record (company_id, id)
);
create index customer_merged on customer (company_id, merged_into) where merged_into is not null;

-- 联系人: written by actions of their customer only; the event keeps who, when and what.
create table contact (
  company_id int not null references company,
  id uuid not null,
  customer uuid not null,
  name text,
  phones text[] not null default '{}',
  role text,
  online_id text,
  do_not_call boolean not null default false,
  note text,
  active boolean not null default true,
  name_key text,
  initials text[],
  pinyin text[],
  primary key (company_id, id),
  -- Checked at the commit: the first contact is written before its customer, in the same transaction.
  constraint contact_customer foreign key (company_id, customer) references record (company_id, id)
    deferrable initially deferred
);
create index contact_of_customer on contact (company_id, customer, active, id);

-- 机器: whose it is stands in the head row. Warranty is never stored as a verdict, only what it follows from.
create table machine (
  company_id int not null,
  id uuid not null,
  brand text,
  model text,
  product_kind text check (product_kind in ('pc', 'notebook', 'server', 'laser_printer', 'inkjet_printer', 'plotter',
    'scanner', 'other')),
  product_number text,
  serial_number text,
  serial_note text check (serial_note in ('none', 'unreadable')),
  place text,
  purchase_date date,
  purchase_unknown boolean,
  warranty_months int check (warranty_months >= 0),
  warranty_until date,
  in_contract boolean,
  configuration text,
  remark text,
  -- What the printed code holds: random, so that it says nothing and cannot be guessed.
  qr_code text not null,
  serial_key text,
  model_key text,
  primary key (company_id, id),
  foreign key (company_id, id) references record (company_id, id)
);
-- One machine a serial number and model: the engine tells whoever is second, also when two come at once.
create unique index machine_serial on machine (company_id, serial_key, model_key) where serial_key is not null;
create unique index machine_qr on machine (qr_code);

-- Every end of a name, a number or a row of initials is a key, so that the beginning of a key is any part of the whole:
-- a range of text, which an index answers under a policy where LIKE would not. `starts`: the key is the whole. `source`
-- is a customer, a contact or a machine.
create table lookup_key (
  company_id int not null,
  kind text not null check (kind in ('phone', 'name', 'initials', 'pinyin', 'serial')),
  starts boolean not null,
  key text collate "C" not null,
  source uuid not null,
  primary key (company_id, kind, starts, key, source)
);
create index lookup_of_source on lookup_key (company_id, source);

-- Machines and open cases of a customer, newest first: what the look-up shows beside a hit.
create index record_machines_of_customer on record (company_id, customer, kind, opened_at desc, id desc)
  where process = 'machine' and customer is not null;
create index record_open_of_customer on record (company_id, customer, opened_at desc, id desc)
  where kind in ('active', 'waiting') and process <> 'machine' and customer is not null;

-- Ends of a text that are at least `shortest` characters, at most `most` of them, each cut to 24 characters.
create function lookup_ends(whole text, shortest int, most int) returns table (starts boolean, key text)
  language sql immutable parallel safe
  as $$
    select n = 1, left(substr(whole, n), 24)
    from generate_series(1, least(most, length(whole) - shortest + 1)) n
  $$;

-- The keys of a customer or contact: ends of its names, its phones and its initials; its pinyin from each syllable on
-- comes made.
create function write_person_keys(company int, source_id uuid, names text[], initials text[], pinyins text[],
    phones text[]) returns void
  language sql volatile
  as $$
    delete from lookup_key k where k.company_id = company and k.source = source_id;
    insert into lookup_key (company_id, kind, starts, key, source)
    select company, 'name', e.starts, e.key, source_id
      from unnest(names) t, lookup_ends(t, case when length(t) = 1 then 1 else 2 end, 16) e
    union select company, 'phone', e.starts, e.key, source_id from unnest(phones) t, lookup_ends(t, 3, 18) e
    union select company, 'initials', e.starts, e.key, source_id from unnest(initials) t, lookup_ends(t, 2, 12) e
    union select company, 'pinyin', true, left(t, 24), source_id from unnest(pinyins) t where t <> ''
    on conflict do nothing;
  $$;

-- Kept by triggers, so that every way in (a form, an edit, an erasure, rows brought in) leaves them right. A customer
-- that was merged is found through the one that it became part of.
create function customer_keys() returns trigger language plpgsql as $$
  begin
    perform write_person_keys(new.company_id, new.id,
      case when new.merged_into is null then array_remove(array[new.name_key, new.short_key], null) else '{}' end,
      case when new.merged_into is null then new.initials || new.short_initials else '{}' end,
      case when new.merged_into is null then new.pinyin || new.short_pinyin else '{}' end,
      case when new.merged_into is null then array_remove(array[new.phone_digits], null) else '{}' end);
    return null;
  end $$;
create trigger customer_keys_made after insert on customer for each row execute function customer_keys();
create trigger customer_keys_moved after update on customer for each row
  when ((old.name_key, old.initials, old.pinyin, old.short_key, old.short_initials, old.short_pinyin, old.phone_digits,
      old.merged_into)
    is distinct from (new.name_key, new.initials, new.pinyin, new.short_key, new.short_initials, new.short_pinyin,
      new.phone_digits, new.merged_into))
  execute function customer_keys();

create function contact_keys() returns trigger language plpgsql as $$
  begin
    perform write_person_keys(new.company_id, new.id,
      case when new.active then array_remove(array[new.name_key], null) else '{}' end,
      case when new.active then new.initials else '{}' end,
      case when new.active then new.pinyin else '{}' end,
      case when new.active then new.phones else '{}' end);
    return null;
  end $$;
create trigger contact_keys_made after insert on contact for each row execute function contact_keys();
create trigger contact_keys_moved after update on contact for each row
  when ((old.name_key, old.initials, old.pinyin, old.phones, old.active)
    is distinct from (new.name_key, new.initials, new.pinyin, new.phones, new.active))
  execute function contact_keys();

create function machine_keys() returns trigger language plpgsql as $$
  begin
    delete from lookup_key k where k.company_id = new.company_id and k.source = new.id;
    insert into lookup_key (company_id, kind, starts, key, source)
    select distinct new.company_id, 'serial', e.starts, e.key, new.id
    from unnest(array_remove(array[new.serial_key], null)) t, lookup_ends(t, 3, 22) e;
    return null;
  end $$;
create trigger machine_keys_made after insert on machine for each row execute function machine_keys();
create trigger machine_keys_moved after update on machine for each row
  when (old.serial_key is distinct from new.serial_key) execute function machine_keys();

do $$
declare name text;
begin
  foreach name in array array['customer', 'contact', 'machine', 'lookup_key'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy own_company on %I using (company_id = (select current_company()))
      with check (company_id = (select current_company()))', name);
  end loop;
end $$;

grant select, insert, update on customer, contact, machine to gongdan_app;
grant select, insert, delete on lookup_key to gongdan_app;
