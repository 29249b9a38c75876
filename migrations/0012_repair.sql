-- The repair centre: 维修单 and the records that tell it what happened.

create table repair_order (
  company_id int not null,
  id uuid not null,
  contact_name text,
  contact_phone text,
  arrived_as text,
  symptom text,
  fault_frequency text,
  fault_history text,
  warranty text,
  purchase_date date,
  filled_by text,
  -- 送机验机
  inspected_at timestamptz,
  inspector uuid,
  reproduced text,
  possible_cause text,
  fixable_on_spot text,
  fault_analysis text,
  parts_needed text,
  -- 收机
  appearance text,
  configuration text,
  attachments_kept text,
  attachments jsonb,
  sent_in_on date,
  received_at timestamptz,
  promised_at timestamptz,
  -- 检测与维修
  fault_found text,
  cause_class text,
  model_defect boolean,
  repair_method text,
  manual_section text,
  prevention text,
  price_proposal_fen bigint,
  agreed_fen bigint,
  mismatch text,
  mismatch_open boolean default false,
  work_kind text,
  work_done text,
  repairer uuid,
  finished_at timestamptz,
  wait_reason text,
  peer text,
  escalation int default 0,
  -- 取机
  notified_at timestamptz,
  notify_attempts int default 0,
  pick_up_on date,
  tested_at timestamptz,
  not_tested_reason text,
  payment_way text,
  paid_fen bigint,
  satisfied text,
  handed_over_at timestamptz,
  unhappy boolean default false,
  -- Where the machine stands and where its paper lies: two places, two histories (in the events).
  shelf text,
  folder text,
  primary key (company_id, id),
  foreign key (company_id, id) references record (company_id, id)
);
create index repair_order_shelf on repair_order (company_id, shelf) where shelf is not null;
create index repair_order_folder on repair_order (company_id, folder) where folder is not null;

create table quotation (
  company_id int not null,
  id uuid not null,
  proposal_fen bigint,
  lines jsonb default '[]',
  discount_fen bigint,
  total_fen bigint,
  cause text,
  period text,
  valid_until date,
  final text,
  seal_wanted text,
  way text,
  email text,
  fax text,
  sent_at timestamptz,
  accepted_lines jsonb,
  accepted_fen bigint,
  primary key (company_id, id),
  foreign key (company_id, id) references record (company_id, id)
);

create table call_back (
  company_id int not null,
  id uuid not null,
  planned_at timestamptz,
  attempts int default 0,
  next_at timestamptz,
  runs_normally text,
  weak_points jsonb,
  weak_text text,
  three_minutes text,
  satisfaction text,
  potential_need text,
  feedback text,
  primary key (company_id, id),
  foreign key (company_id, id) references record (company_id, id)
);

create table order_review (
  company_id int not null,
  id uuid not null,
  defects text,
  remark text,
  primary key (company_id, id),
  foreign key (company_id, id) references record (company_id, id)
);

create table incident (
  company_id int not null,
  id uuid not null,
  what text,
  solution text,
  cost_fen bigint,
  primary key (company_id, id),
  foreign key (company_id, id) references record (company_id, id)
);

create table loan (
  company_id int not null,
  id uuid not null,
  what text,
  until date,
  condition text,
  primary key (company_id, id),
  foreign key (company_id, id) references record (company_id, id)
);

create table complaint (
  company_id int not null,
  id uuid not null,
  what text,
  cause text,
  proposal text,
  outcome text,
  primary key (company_id, id),
  foreign key (company_id, id) references record (company_id, id)
);

do $$
declare name text;
begin
  foreach name in array array['repair_order', 'quotation', 'call_back', 'order_review', 'incident', 'loan',
    'complaint'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy own_company on %I using (company_id = (select current_company()))
      with check (company_id = (select current_company()))', name);
    execute format('grant select, insert, update on %I to gongdan_app', name);
  end loop;
end $$;
