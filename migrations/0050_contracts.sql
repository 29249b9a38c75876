-- The catalogue of products, batches, what a machine's warranty follows from, contracts with what they promise for whom,
-- and the figures of a contract on the cases that are opened under it.

-- What an agreement with the customer puts in the place of the company's own figures, for this one case. Read with the
-- head, never filtered by.
alter table record add column agreed jsonb;

-- 产品: what we sell or serve, with the rule of its warranty and its prices.
create table product (
  company_id int not null,
  id uuid not null,
  product_kind text,
  brand text,
  model text,
  product_number text,
  warranty_from text check (warranty_from in ('purchase', 'delivery', 'application', 'none')),
  warranty_months int check (warranty_months >= 0),
  list_price_fen bigint check (list_price_fen >= 0),
  new_price_fen bigint check (new_price_fen >= 0),
  remark text,
  model_key text,
  primary key (company_id, id),
  foreign key (company_id, id) references record (company_id, id)
);
create index product_model on product (company_id, model_key) where model_key is not null;

-- 批次: goods that are known by their batch and go out of date.
create table batch (
  company_id int not null,
  id uuid not null,
  product uuid,
  batch_number text,
  produced_on date,
  expires_on date,
  -- The end of that day in company time.
  expires_at timestamptz,
  quantity int check (quantity >= 0),
  storage text,
  remark text,
  batch_key text,
  primary key (company_id, id),
  foreign key (company_id, id) references record (company_id, id),
  foreign key (company_id, product) references record (company_id, id)
);
create unique index batch_once on batch (company_id, product, batch_key) where batch_key is not null;

-- Kinds of product are those of the definition; a company closes those that it does not have.
alter table machine drop constraint machine_product_kind_check;
alter table machine
  add column product uuid,
  add column batch uuid,
  add column key_number text,
  add column version text,
  add column delivery_date date,
  add column application_date date,
  add column warranty_from text check (warranty_from in ('purchase', 'delivery', 'application', 'none')),
  add column extended_until date,
  add column extension_number text,
  add column paid_fen bigint check (paid_fen >= 0),
  add column key_key text;

-- A machine is found by the number of its KEY as well.
create or replace function machine_keys() returns trigger language plpgsql as $$
  begin
    delete from lookup_key k where k.company_id = new.company_id and k.source = new.id;
    insert into lookup_key (company_id, kind, starts, key, source)
    select distinct new.company_id, 'serial', e.starts, e.key, new.id
    from unnest(array_remove(array[new.serial_key, new.key_key], null)) t, lookup_ends(t, 3, 22) e;
    return null;
  end $$;
drop trigger machine_keys_moved on machine;
create trigger machine_keys_moved after update on machine for each row
  when ((old.serial_key, old.key_key) is distinct from (new.serial_key, new.key_key)) execute function machine_keys();

-- 装机清单: what is built into a machine, what came out and when. Written by actions of the machine only.
create table machine_part (
  company_id int not null references company,
  id uuid not null,
  machine uuid not null,
  name text not null,
  part_number text,
  serial_number text,
  fitted_on date,
  removed_on date,
  -- The case in which it was swapped.
  record uuid,
  primary key (company_id, id),
  foreign key (company_id, machine) references record (company_id, id)
);
create index machine_part_of_machine on machine_part (company_id, machine, removed_on, id);

-- 合同: whose it is stands in the head row. The lines as they were agreed; what they promise stands in contract_clause.
create table contract (
  company_id int not null,
  id uuid not null,
  contract_number text,
  contract_kind text,
  industry text,
  signed_on date,
  starts_on date,
  ends_on date,
  -- The end of that day in company time, and when we begin to talk about the next term.
  ends_at timestamptz,
  renew_by_at timestamptz,
  terminated_on date,
  amount_fen bigint check (amount_fen >= 0),
  price_note text,
  payment_terms text,
  commitments text,
  software_standard text,
  renewal text,
  services jsonb,
  covers text check (covers in ('all', 'listed')),
  covered jsonb,
  engineer uuid,
  backup_engineer uuid,
  project_manager uuid,
  copy_files jsonb,
  masked boolean,
  papers jsonb,
  papers_missing int,
  has_copy boolean,
  stages jsonb,
  stage_by_at timestamptz,
  inspection_state text check (inspection_state in ('none', 'drafted', 'sent', 'confirmed')),
  inspection_months int check (inspection_months > 0),
  -- The next inspection, and when its order is made ahead of it.
  inspection_on date,
  inspection_at timestamptz,
  inspections_opened int,
  inspection_due_at timestamptz,
  remark text,
  number_key text,
  primary key (company_id, id),
  foreign key (company_id, id) references record (company_id, id)
);
create unique index contract_number_once on contract (company_id, number_key) where number_key is not null;
create index contract_ends on contract (company_id, ends_on, id);
create index record_contracts_of_customer on record (company_id, customer, opened_at desc, id desc)
  where process = 'contract' and customer is not null;

-- One promise of a contract in force: a service class with its figures, for a stretch of days. An amendment ends the rows
-- before it and begins new ones, so that what held on a day of the past is still known. Minutes are open minutes of
-- `calendar`; null: not promised.
create table contract_clause (
  company_id int not null references company,
  contract uuid not null,
  id uuid not null,
  line int not null,
  service_class text not null,
  valid_from date not null,
  valid_until date not null,
  parts text not null check (parts in ('free', 'charged')),
  labour text not null check (labour in ('free', 'charged')),
  travel text not null check (travel in ('free', 'charged')),
  onsite boolean not null,
  visits int check (visits >= 0),
  response_minutes int check (response_minutes > 0),
  arrival_minutes int check (arrival_minutes > 0),
  restore_minutes int check (restore_minutes > 0),
  calendar text not null,
  extended_until date,
  scope text,
  region text,
  primary key (company_id, id),
  foreign key (company_id, contract) references record (company_id, id)
);
create index clause_of_contract on contract_clause (company_id, contract, line, valid_from);

-- Which machines a contract names; none of a contract for everything that the customer has.
create table contract_cover (
  company_id int not null references company,
  contract uuid not null,
  machine uuid not null,
  since date not null,
  until date,
  primary key (company_id, contract, machine, since),
  foreign key (company_id, contract) references record (company_id, id),
  foreign key (company_id, machine) references record (company_id, id)
);
create index cover_of_machine on contract_cover (company_id, machine, contract);

-- Visits that a contract has been used for, one row each.
create table contract_visit (
  company_id int not null references company,
  id uuid not null,
  contract uuid not null,
  service_class text not null,
  used_on date not null,
  note text,
  primary key (company_id, id),
  foreign key (company_id, contract) references record (company_id, id)
);
create index visit_of_contract on contract_visit (company_id, contract, service_class, used_on);

-- 硬件处理单 of an electronic seal.
create table seal_case (
  company_id int not null,
  id uuid not null,
  reporter text,
  reporter_phone text,
  reported_on date,
  symptom text,
  signs jsonb,
  other_sign text,
  chip_unusable boolean,
  photos jsonb,
  second_checker uuid,
  verdict text check (verdict in ('man_made', 'natural', 'usable')),
  overruled_because text,
  -- As it was on the day of the report.
  warranty_until date,
  price_kind text check (price_kind in ('free', 'list', 'new')),
  price_fen bigint check (price_fen >= 0),
  agreed_by text,
  paid_fen bigint,
  paid_on date,
  goodwill_because text,
  new_key_number text,
  shipped_by text,
  shipping_number text,
  primary key (company_id, id),
  foreign key (company_id, id) references record (company_id, id)
);

alter table repair_order add column contract uuid;

-- Who is to be rung about a task that somebody outside asked for.
alter table task
  add column contact_name text,
  add column contact_phone text;

-- A report through the code on a machine is counted apart from guesses.
alter table attempt drop constraint attempt_what_check;
alter table attempt add constraint attempt_what_check
  check (what in ('account', 'address', 'link', 'paper', 'report'));

do $$
declare name text;
begin
  foreach name in array array['product', 'batch', 'machine_part', 'contract', 'contract_clause', 'contract_cover',
    'contract_visit', 'seal_case'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy own_company on %I using (company_id = (select current_company()))
      with check (company_id = (select current_company()))', name);
  end loop;
end $$;

grant select, insert, update on product, batch, machine_part, contract, contract_clause, contract_cover, contract_visit,
  seal_case to gongdan_app;
