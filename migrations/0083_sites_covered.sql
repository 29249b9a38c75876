-- Machines stand at a site of their customer, and a contract may be for everything that stands at sites of its list.
alter table machine add column site uuid;
alter table machine add foreign key (company_id, site) references record (company_id, id);
create index machine_at_site on machine (company_id, site) where site is not null;

-- Where a machine has stood, so that a day of the past is answered as it was. `since` null: as long as anybody knows.
-- Written by actions of the machine only; its first row with the machine itself, so that it cannot refer to it.
create table machine_stay (
  company_id int not null references company,
  id uuid not null,
  machine uuid not null,
  site uuid not null,
  since date,
  until date,
  primary key (company_id, id),
  foreign key (company_id, site) references record (company_id, id)
);
create index stay_of_machine on machine_stay (company_id, machine, site);

alter table contract add column sites jsonb;
alter table contract drop constraint contract_covers_check;
alter table contract add constraint contract_covers_check check (covers in ('all', 'sites', 'listed'));

-- For which sites a contract is. Written by actions of the contract only.
create table contract_site (
  company_id int not null references company,
  contract uuid not null,
  site uuid not null,
  since date not null,
  until date,
  primary key (company_id, contract, site, since),
  foreign key (company_id, contract) references record (company_id, id),
  foreign key (company_id, site) references record (company_id, id)
);
create index cover_of_site on contract_site (company_id, site, contract);

do $$
declare name text;
begin
  foreach name in array array['machine_stay', 'contract_site'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy own_company on %I using (company_id = (select current_company()))
      with check (company_id = (select current_company()))', name);
  end loop;
end $$;

grant select, insert, update on machine_stay, contract_site to gongdan_app;
