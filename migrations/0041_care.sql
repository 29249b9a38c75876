-- Seeing to customers: plans of visits and the visits themselves, what customers say, what they publish, the archive.

create table visit_plan (
  company_id int not null,
  id uuid not null,
  plan_kind text,
  base_on date,
  goal text,
  contact text,
  first_due_at timestamptz,
  second_due_at timestamptz,
  third_due_at timestamptz,
  next_due_at timestamptz,
  satisfaction_before text,
  satisfaction_after text,
  outcome text,
  primary key (company_id, id),
  foreign key (company_id, id) references record (company_id, id)
);

create table care_visit (
  company_id int not null,
  id uuid not null,
  visit_kind text,
  planned_at timestamptz,
  means text,
  met_whom text,
  held_at timestamptz,
  content text,
  product_given text,
  product_heard text,
  product_view text,
  service_view text,
  wishes text,
  questions jsonb,
  suggestion text,
  problem text,
  found_first text,
  complaint text,
  satisfaction text,
  put_off_count int,
  findings text,
  analysis text,
  advice text,
  sent_to text,
  primary key (company_id, id),
  foreign key (company_id, id) references record (company_id, id)
);

create table opinion (
  company_id int not null,
  id uuid not null,
  what text,
  opinion_class text,
  channel text,
  from_department text,
  judged text,
  judged_because text,
  department text,
  answer text,
  adoption text,
  told_how text,
  primary key (company_id, id),
  foreign key (company_id, id) references record (company_id, id)
);

create table publication (
  company_id int not null,
  id uuid not null,
  writer text,
  published_on date,
  where_published text,
  link text,
  summary text,
  read_by uuid,
  read_note text,
  primary key (company_id, id),
  foreign key (company_id, id) references record (company_id, id)
);

-- 档案文件: one paper of the archive, from when it was made to where its original lies.
create table document (
  company_id int not null,
  id uuid not null,
  document_kind text,
  document_number text,
  version text,
  contract uuid,
  contract_number text,
  preceding uuid,
  made_on date,
  masked text,
  medium text,
  license_text text,
  custodian text,
  filed_place text,
  copy_place text,
  keep_until date,
  handed_in_at timestamptz,
  original_holder text,
  transferred_on date,
  borrower text,
  borrowed_until_at timestamptz,
  remark text,
  primary key (company_id, id),
  foreign key (company_id, id) references record (company_id, id),
  foreign key (company_id, contract) references record (company_id, id),
  foreign key (company_id, preceding) references record (company_id, id)
);
-- The tree of the archive goes down to the contract; the chain of documents goes both ways.
create index document_of_contract on document (company_id, contract) where contract is not null;
create index document_after on document (company_id, preceding) where preceding is not null;
create index customer_of_industry on customer (company_id, industry, id) where industry is not null;

do $$
declare name text;
begin
  foreach name in array array['visit_plan', 'care_visit', 'opinion', 'publication', 'document'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy own_company on %I using (company_id = (select current_company()))
      with check (company_id = (select current_company()))', name);
    execute format('grant select, insert, update on %I to gongdan_app', name);
  end loop;
end $$;
