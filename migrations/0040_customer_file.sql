-- The customer's file: what kind of customer, how important, through whom; several sites; when the file was last looked
-- over; when silence turns into a lost customer.

alter table customer
  -- 最终客户, 集成商 or 代理商; null: never said.
  add column relation text check (relation in ('end_customer', 'integrator', 'agent')),
  -- 普通, 重要, 重点. Null as ordinary.
  add column grade text check (grade in ('ordinary', 'important', 'key')),
  -- 代理商 through whom this customer is served.
  add column agent uuid,
  add column tags text,
  -- 需求: what they want from us, as far as it is known.
  add column wishes text,
  add column confirmed_on date,
  add column confirm_by_at timestamptz,
  -- Without any contact until here, the customer counts as lost.
  add column silent_at timestamptz,
  -- One that was won back is an ordinary one again from here on.
  add column settled_at timestamptz,
  add constraint customer_agent foreign key (company_id, agent) references record (company_id, id);
create index customer_of_agent on customer (company_id, agent) where agent is not null;

alter table contact
  add column email text,
  -- The event in which this person was first named: what an erasure of one person looks for.
  add column born_in uuid,
  add column born_seq int;

-- 地点: one of the places of a customer. Whose it is stands in the head row.
create table site (
  company_id int not null,
  id uuid not null,
  name text,
  address text,
  zone text check (zone in ('city', 'other')),
  coordinates text,
  -- What the text says, in degrees; null when it says nothing that can be read.
  latitude double precision check (latitude between -90 and 90),
  longitude double precision check (longitude between -180 and 180),
  person text,
  phone text,
  entry text,
  remark text,
  primary key (company_id, id),
  foreign key (company_id, id) references record (company_id, id)
);

do $$
declare name text;
begin
  foreach name in array array['site'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy own_company on %I using (company_id = (select current_company()))
      with check (company_id = (select current_company()))', name);
    execute format('grant select, insert, update on %I to gongdan_app', name);
  end loop;
end $$;

/* The personal data of one contact in what was written about them: the event in which they were first named, and every
   later one that names them by their id, at this customer or at one that was merged into it. The event that erases is
   not written yet. */
create function erase_contact(the_contact uuid) returns int
  language plpgsql volatile security definer set search_path = public, pg_temp
  as $$
  #variable_conflict use_column
  declare
    person record;
    blanked int;
    keys constant text[] := array['contact_name', 'contact_phone', 'contact_phone_2', 'contact_phone_3',
      'contact_online_id', 'contact_email', 'contact_note'];
  begin
    select c.customer, c.name, c.born_in, c.born_seq into person from contact c
      where c.company_id = (select current_company()) and c.id = the_contact;
    if not found then return 0; end if;
    with recursive part as (
      select person.customer as id, 1 as depth
      union select m.id, p.depth + 1 from part p join customer m on m.company_id = (select current_company())
        and m.merged_into = p.id where p.depth < 10)
    update event e set
      input = (select jsonb_object_agg(i.key, case when i.key = any (keys) then 'null'::jsonb else i.value end)
        from jsonb_each(e.input) i),
      request_hash = decode(replace(gen_random_uuid()::text, '-', ''), 'hex')
    where e.company_id = (select current_company()) and e.record_id in (select p.id from part p)
      and e.process = 'customer' and e.input ?| keys
      and (e.input ->> 'contact' = the_contact::text
        or (e.record_id = person.born_in and e.seq = person.born_seq)
        or (person.born_in is null and e.input ->> 'contact' is null and e.input ->> 'contact_name' = person.name));
    get diagnostics blanked = row_count;
    return blanked;
  end $$;
revoke all on function erase_contact(uuid) from public;
grant execute on function erase_contact(uuid) to gongdan_app;
